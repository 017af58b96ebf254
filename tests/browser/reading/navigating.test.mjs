// Ways through a thread and between pages: links, back, reload, script-driven sites and the shapes that CMSs let through.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setUp } from "../support/setup.mjs";
import { composer, entry, expect, helpful, menu, open, publish, shown, texts, widget } from "../support/widget.mjs";

const LONG = "/policies/travel";
const here = setUp();

async function withPerson(path, work, options) {
  const who = await here.person("mia.hansen", options);
  await open(who, path);
  await work(who.page, who);
  assert.deepEqual(who.errors, []);
  await who.context.close();
}

const roots = (page) => widget(page).locator(".feed > .post");

test("comments can be sorted, and the order that is shown is marked", () =>
  withPerson(LONG, async (page) => {
    const order = () => roots(page).locator(":scope:not(.is-pinned) > header time").evaluateAll((all) => all.map((time) => time.dateTime));
    const newest = await order();
    assert.ok(newest.length > 3);
    assert.deepEqual(newest, newest.toSorted().reverse());
    const oldest = widget(page).getByRole("link", { name: "Oldest" });
    await oldest.click();
    await expect.attribute(oldest, "aria-current", "true");
    await expect.attribute(widget(page).getByRole("link", { name: "Newest" }), "aria-current", null);
    const times = await order();
    assert.deepEqual(times, times.toSorted());
    assert.ok(times[0] < newest.at(-1));
  }));

test("a link is followed although the view changes while its answer is on the way", () =>
  withPerson(LONG, async (page) => {
    let letGo;
    const held = new Promise((go) => (letGo = go));
    await page.route(/\/view\?.*oldest/, async (route) => {
      await held;
      await route.continue();
    }, { times: 1 });
    const asked = page.waitForRequest(/\/view\?.*oldest/);
    const oldest = widget(page).getByRole("link", { name: "Oldest" });
    await oldest.click();
    await asked;
    const voted = page.waitForResponse(/\/act$/);
    await helpful(roots(page).last()).click();
    await voted;
    letGo();
    await expect.attribute(oldest, "aria-current", "true");
  }));

test("more comments are shown on demand, and the focus goes to the first of them", () =>
  withPerson(LONG, async (page) => {
    const before = await roots(page).count();
    await widget(page).getByRole("link", { name: /^Show .* more$/ }).click();
    await expect.gives(() => roots(page).count(), (now) => now > before, "more threads");
    const on = await page.evaluate(() => document.querySelector("stoa-comments").shadowRoot.activeElement?.id);
    assert.equal(on, await roots(page).nth(before).getAttribute("id"));
  }));

test("hidden replies of one thread are shown and hidden again", () =>
  withPerson(LONG, async (page) => {
    const more = widget(page).getByRole("link", { name: /Show .* more repl/ }).first();
    await more.waitFor();
    const posts = widget(page).locator(".post");
    const before = await posts.count();
    await more.click();
    await expect.gives(() => posts.count(), (now) => now > before, "more replies");
    await widget(page).getByRole("link", { name: "Show fewer replies" }).click();
    await expect.gives(() => posts.count(), (now) => now === before, "as many as before");
  }));

test("a permanent link opens its thread on the page, marked and in sight", () =>
  withPerson(LONG, async (page, who) => {
    const post = roots(page).nth(4);
    const id = await post.getAttribute("id");
    await who.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: here.servers.intranet });
    await (await menu(post)).getByText("Copy link").click();
    await widget(page).getByText("Link copied").first().waitFor();
    const address = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(address.startsWith(`${here.servers.intranet}${LONG}#stoa-comments?`), address);
    await page.goto("about:blank");
    await page.goto(address);
    const marked = widget(page).locator(".is-highlighted");
    await marked.waitFor();
    assert.equal(await marked.getAttribute("id"), id);
    await expect.gives(
      () => marked.evaluate((element) => element.getBoundingClientRect().top >= 0 && element.getBoundingClientRect().top < innerHeight),
      Boolean,
      "the comment is in sight",
    );
    await widget(page).getByRole("link", { name: "Show all comments" }).click();
    await expect.gives(() => roots(page).count(), (now) => now > 3, "all threads");
  }));

test("a permanent link that is followed on its own page opens there, without a reload", () =>
  withPerson(LONG, async (page) => {
    const id = await roots(page).nth(2).getAttribute("id");
    await page.evaluate((id) => {
      globalThis.stayed = true;
      location.hash = `#stoa-comments?focus=${id.slice(2)}`;
    }, id);
    await widget(page).locator(`#${id}.is-highlighted`).waitFor();
    assert.ok(await page.evaluate(() => globalThis.stayed));
    await expect.count(roots(page), 1);
  }));

test("the time of a comment leads to it alone", () =>
  withPerson(LONG, async (page) => {
    const post = roots(page).nth(3);
    const id = await post.getAttribute("id");
    await post.locator(":scope > header a.when").click();
    await widget(page).locator(`#${id}.is-highlighted`).waitFor();
    await expect.count(roots(page), 1);
  }));

test("back and reload bring the same thread again", () =>
  withPerson("/howto/vpn", async (page) => {
    await publish(page, "Written before going elsewhere");
    await page.getByRole("link", { name: "Home" }).first().click();
    await page.waitForURL(`${here.servers.intranet}/`);
    await page.goBack();
    await shown(page);
    await entry(page, "Written before going elsewhere").waitFor();
    await page.reload();
    await shown(page);
    await entry(page, "Written before going elsewhere").waitFor();
    await publish(page, "And it still works");
  }));

test("following is switched on and off, and kept", () =>
  withPerson("/news/year-ahead", async (page, who) => {
    const follow = widget(page).getByRole("button", { name: "Follow" });
    await expect.attribute(follow, "aria-pressed", "false");
    const answered = page.waitForResponse((answer) => answer.url().endsWith("/act"));
    await follow.click();
    await expect.attribute(follow, "aria-pressed", "true");
    assert.equal((await answered).status(), 200);
    await open(who, "/news/year-ahead");
    await expect.attribute(follow, "aria-pressed", "true");
    await follow.click();
    await expect.attribute(follow, "aria-pressed", "false");
  }));

for (const spa of ["1", "attributes"]) {
  test(`a site that changes pages by script (spa=${spa}) gets each page's own thread`, () =>
    withPerson(`/howto/vpn?spa=${spa}`, async (page) => {
      const vpn = (await texts(page))[0];
      await page.locator("#aside a[href*='/howto/printer']").click();
      await entry(page, "The printer in hall 2").waitFor();
      await expect.count(widget(page).getByText(vpn.slice(0, 30)), 0);
      await publish(page, `Written on the printer's page, ${spa}`);
      await page.goBack();
      await expect.gives(async () => (await texts(page))[0], (now) => now === vpn, "the first page's thread");
      await expect.count(entry(page, `Written on the printer's page, ${spa}`), 0);
      await expect.count(page.locator("stoa-comments"), 1);
    }));

  test(`changing pages again and again by script (spa=${spa}) leaves nothing behind`, () =>
    withPerson(`/howto/vpn?spa=${spa}`, async (page, who) => {
      const session = await who.context.newCDPSession(page);
      const nodes = async () => {
        await session.send("HeapProfiler.collectGarbage");
        const { nodes } = await session.send("Memory.getDOMCounters");
        return nodes;
      };
      const round = async () => {
        await page.locator("#aside a[href*='/howto/printer']").click();
        await entry(page, "The printer in hall 2").waitFor();
        await page.locator("#aside a[href*='/howto/vpn']").click();
        await expect.count(entry(page, "The printer in hall 2"), 0);
        await widget(page).locator(".post").first().waitFor();
      };
      for (let warm = 0; warm < 2; warm++) await round();
      const before = await nodes();
      for (let time = 0; time < 7; time++) await round();
      const after = await expect.gives(nodes, (now) => now < before * 1.5, `nodes stay near ${before}`);
      assert.ok(after < before * 1.5);
    }));
}

for (const embed of ["placeholder", "link"]) {
  test(`a page that embeds by ${embed} gets a whole widget, signed in`, () =>
    withPerson(`/howto/vpn?embed=${embed}`, async (page) => {
      await composer(page).waitFor();
      await publish(page, `Written through the ${embed}`);
      const name = await entry(page, `Written through the ${embed}`).locator(":scope > header .author").textContent();
      assert.equal(name, "Mia Hansen");
    }));
}

test("the loader's script twice on a page is one widget and no error", () =>
  withPerson("/howto/vpn", async (page) => {
    const posts = await widget(page).locator(".post").count();
    await page.evaluate((stoa) => new Promise((done, fail) => {
      const script = document.createElement("script");
      Object.assign(script, { type: "module", src: `${stoa}/embed.js?again`, onload: done, onerror: fail });
      script.dataset.site = "demo";
      document.head.append(script);
    }), here.servers.stoa);
    await expect.count(page.locator("stoa-comments"), 1);
    await expect.count(widget(page).locator(".post"), posts);
    await publish(page, "Once and only once");
    await expect.count(entry(page, "Once and only once"), 1);
  }));

test("an element that is inserted later becomes a widget beside the first", () =>
  withPerson("/howto/vpn", async (page) => {
    await page.evaluate(() => {
      const late = document.createElement("stoa-plugin");
      const first = document.querySelector("stoa-comments");
      for (const name of ["token", "token-url"]) late.setAttribute(name, first.getAttribute(name));
      late.setAttribute("name", "comments");
      late.setAttribute("page", "howto/printer");
      first.after(late);
    });
    const late = page.locator("stoa-plugin");
    await late.locator(".post", { hasText: "The printer in hall 2" }).first().waitFor();
    await late.getByRole("textbox", { name: "Your comment" }).fill("Written in the second widget");
    await late.getByRole("button", { name: "Post comment" }).click();
    await late.locator(".post:not(.is-sending)", { hasText: "Written in the second widget" }).waitFor();
    await expect.count(widget(page).getByText("Written in the second widget"), 0);
  }));

test("moving a widget within the page keeps what is typed", () =>
  withPerson("/howto/vpn", async (page) => {
    await composer(page).fill("Typed before the move");
    await page.evaluate(() => {
      const element = document.querySelector("stoa-comments");
      document.body.append(element);
    });
    await expect.value(composer(page), "Typed before the move");
    await publish(page, "Posted after the move");
  }));
