// For everybody: checked by axe-core, used by keyboard alone, on narrow screens, with own colours, without movement.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { setUp } from "../support/setup.mjs";
import {
  composer, entry, expect, focused, gallery, helpful, menu, open, part, publish, shown, widget,
} from "../support/widget.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const EMPTY = "/howto/meeting-room";
const here = setUp("[sites.moderation]\nlinks_max = 1");

/** What axe-core finds in the widget, in words. */
async function violations(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const within = document.querySelector("stoa-comments, stoa-plugin");
    const { violations } = await globalThis.axe.run(within, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.slice(0, 3).map((node) => `${id}: ${help}: ${node.target.join(" ")}: ${node.failureSummary.split("\n").slice(1).join(" ")}`),
    );
  });
  return found;
}

async function withPerson(subject, path, options, work) {
  const who = await here.person(subject, options);
  await open(who, path);
  await work(who.page, who);
  await who.context.close();
}

for (const colorScheme of ["light", "dark"]) {
  const look = (subject, path, work) => withPerson(subject, path, { colorScheme }, work);

  test(`axe finds nothing in a thread, in its menu and its composers (${colorScheme})`, () =>
    look("mia.hansen", "/howto/printer", async (page) => {
      assert.deepEqual(await violations(page), []);
      await picture(page, `wide-${colorScheme}`, { fullPage: true });
      const post = entry(page, "The printer in hall 2");
      await menu(post);
      assert.deepEqual(await violations(page), [], "menu");
      await picture(page, `menu-open-${colorScheme}`);
      await page.keyboard.press("Escape");
      await part(post, "a").filter({ hasText: "Reply" }).click();
      await post.getByRole("textbox", { name: /^Your reply/ }).fill("Half a reply");
      assert.deepEqual(await violations(page), [], "reply");
      await composer(page).pressSequentially("Ask @pet");
      await widget(page).getByRole("listbox").waitFor();
      await picture(page, `mention-list-${colorScheme}`);
      assert.deepEqual(await violations(page), [], "list of people");
    }));

  test(`axe finds nothing in a comment that waits and in one that failed (${colorScheme})`, () =>
    look("paul.nguyen", "/howto/printer", async (page) => {
      await (await here.member("mia.hansen")).create("howto/printer", `Held ${colorScheme}: https://a.example https://b.example`);
      await page.reload();
      await shown(page);
      await entry(page, `Held ${colorScheme}`).getByRole("button", { name: "Publish" }).waitFor();
      assert.deepEqual(await violations(page), []);
      await page.route("**/act", (route) => route.abort());
      await helpful(entry(page, "The printer in hall 2")).click();
      await widget(page).getByRole("alert").waitFor();
      assert.deepEqual(await violations(page), []);
      await picture(page, `vote-failed-${colorScheme}`);
    }));

  test(`axe finds nothing in tabs, menus, dialogs, comboboxes and reactions (${colorScheme})`, async () => {
    const who = await here.person("mia.hansen", { colorScheme });
    const { page } = who;
    await gallery(who);
    assert.deepEqual(await violations(page), []);
    await widget(page).locator("details.menu > summary").click();
    await widget(page).getByRole("menuitem").first().waitFor();
    assert.deepEqual(await violations(page), [], "menu");
    await widget(page).getByRole("menuitem", { name: "Cherry" }).click();
    await widget(page).getByText("Really a cherry?").waitFor();
    await widget(page).locator("details.menu > .pop[role=group]").waitFor();
    assert.deepEqual(await violations(page), [], "question in a menu");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await widget(page).getByRole("button", { name: "React" }).click();
    assert.deepEqual(await violations(page), [], "reactions");
    await page.keyboard.press("Escape");
    await widget(page).getByRole("combobox", { name: "People" }).pressSequentially("petra");
    await widget(page).getByRole("option").first().waitFor();
    assert.deepEqual(await violations(page), [], "list of people");
    await page.keyboard.press("Enter");
    await widget(page).getByRole("button", { name: "Remove Petra Jansen" }).waitFor();
    await widget(page).getByRole("radio", { name: "That one" }).check();
    await widget(page).getByRole("button", { name: "Save" }).click();
    await widget(page).locator("fieldset .problem").waitFor();
    assert.deepEqual(await violations(page), [], "chips and a refusal");
    await picture(page, `gallery-${colorScheme}`, { fullPage: true });
    await widget(page).getByRole("link", { name: "Open the dialog" }).click();
    await widget(page).getByRole("dialog").waitFor();
    assert.deepEqual(await violations(page), [], "dialog");
    await picture(page, `gallery-dialog-${colorScheme}`);
    await who.context.close();
  });

  test(`axe finds nothing where nobody has written yet, and for those who are not signed in (${colorScheme})`, async () => {
    await look("mia.hansen", EMPTY, async (page) => {
      await widget(page).getByText(/Nobody has written/).waitFor();
      assert.deepEqual(await violations(page), []);
      await picture(page, `empty-${colorScheme}`);
    });
    await look("none", "/howto/vpn", async (page) => {
      await widget(page).getByText("Sign in to join the conversation.").waitFor();
      assert.deepEqual(await violations(page), []);
    });
  });

  test(`axe finds nothing on the plain page (${colorScheme})`, async () => {
    const who = await here.person(undefined, { colorScheme });
    await who.page.goto(`${here.servers.stoa}/t/demo/comments?page=howto/printer`);
    await who.page.evaluate(axe).catch(() => {});
    const found = await who.page.evaluate(async () => (await globalThis.axe.run()).violations.map(({ id, help }) => `${id}: ${help}`));
    assert.deepEqual(found, []);
    await who.context.close();
  });
}

test("a comment is written, its menu opened and closed by keyboard alone, and the focus returns", () =>
  withPerson("mia.hansen", "/howto/vpn", {}, async (page) => {
    await page.keyboard.press("Home");
    const reach = async (wanted, key = "Tab") => {
      for (let step = 0; step < 120; step++) {
        const now = await focused(page);
        if (wanted(now)) return now;
        await page.keyboard.press(key);
      }
      assert.fail("not reached by keyboard");
    };
    await reach((now) => now.tag === "textarea");
    await page.keyboard.type("Written without a mouse");
    await reach((now) => now.tag === "button" && now.name === "Post comment");
    await page.keyboard.press("Enter");
    const own = entry(page, "Written without a mouse");
    await own.waitFor();
    const id = await own.getAttribute("id");
    await expect.gives(() => focused(page), (now) => now.id === id, "the focus is on the new comment");
    await reach((now) => now.tag === "a" && now.name === "More actions");
    await page.keyboard.press("Enter");
    await own.getByRole("menuitem", { name: "Edit" }).waitFor();
    await expect.gives(() => focused(page), (now) => now.name === "Edit", "the focus is on the first item");
    await page.keyboard.press("ArrowDown");
    assert.match((await focused(page)).name, /Delete/);
    await page.keyboard.press("Escape");
    await own.getByRole("menuitem", { name: "Edit" }).waitFor({ state: "hidden" });
    assert.deepEqual(await focused(page), { tag: "summary", id: "", name: "More actions" });
  }));

test("every place that can be reached by keyboard shows that it is", () =>
  withPerson("mia.hansen", EMPTY, {}, async (page) => {
    await composer(page).focus();
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press("Tab");
      const seen = await page.evaluate(() => {
        const on = document.querySelector("stoa-comments").shadowRoot.activeElement;
        const style = on && getComputedStyle(on);
        return on && { tag: on.localName, outline: style.outlineStyle, width: Number.parseFloat(style.outlineWidth) };
      });
      if (seen) assert.ok(seen.outline !== "none" && seen.width >= 2, JSON.stringify(seen));
    }
  }));

for (const [name, options] of [
  ["forced-colours", { forcedColors: "active" }],
  ["reduced-motion", { reducedMotion: "reduce" }],
]) {
  test(`with ${name} the thread can be read and written in`, () =>
    withPerson("mia.hansen", "/howto/vpn", options, async (page) => {
      await publish(page, `Written with ${name}`);
      await picture(page, name);
      const moves = await widget(page).evaluate((element) => {
        const all = [...element.shadowRoot.querySelectorAll("*")];
        const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
        const long = (time) => time.split(",").some((part) => Number.parseFloat(part) > 0.05);
        return still ? all.filter((one) => long(getComputedStyle(one).transitionDuration) || long(getComputedStyle(one).animationDuration)).length : 0;
      });
      assert.equal(moves, 0);
    }));
}

for (const width of [320, 360]) {
  test(`at ${width} px nothing has to be scrolled sideways, with everything open`, () =>
    withPerson("mia.hansen", "/policies/travel", { viewport: { width, height: 740 } }, async (page) => {
      const inside = async (what) => {
        const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(content <= window, `${what}: ${content} px in ${window} px`);
      };
      await inside("thread");
      await picture(page, `narrow-${width}`);
      const post = widget(page).locator(".replies.depth-2 .post").first();
      await menu(post);
      await inside("menu");
      await picture(page, `narrow-menu-${width}`);
      await page.keyboard.press("Escape");
      await part(post, "a").filter({ hasText: "Reply" }).click();
      await post.getByRole("textbox", { name: /^Your reply/ }).waitFor();
      await inside("reply");
      await picture(page, `narrow-reply-${width}`);
    }));
}

test("on a page that runs from right to left the widget does so too", () =>
  withPerson("amal.khatib", "/howto/printer?dir=rtl", {}, async (page) => {
    const place = await widget(page).evaluate((element) => {
      const box = (selector) => element.shadowRoot.querySelector(selector).getBoundingClientRect();
      return { avatar: box(".post .avatar").left, name: box(".post .author").left };
    });
    await picture(page, "rtl");
    assert.ok(place.avatar > place.name, `the picture stands before the name: ${JSON.stringify(place)}`);
    const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(content <= window);
  }));

test("a German page gets a German widget", () =>
  withPerson("mia.hansen", "/policies/reisekosten", {}, async (page) => {
    await widget(page).getByRole("button", { name: "Kommentar" }).first().waitFor();
    await picture(page, "german");
    const english = /\b(Reply|Newest|Follow|Helpful|Post comment|More actions)\b/;
    assert.doesNotMatch(await widget(page).evaluate((element) => element.shadowRoot.textContent), english);
  }));

test("the page's own content does not move when the widget comes", async () => {
  const who = await here.person("mia.hansen");
  await who.context.addInitScript(() => {
    globalThis.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.shifts.push(value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  await who.visit("/howto/printer");
  const top = () => who.page.evaluate(() => document.querySelector("#content").getBoundingClientRect().top + scrollY);
  const before = await top();
  await widget(who.page).locator(".view").waitFor();
  assert.equal(await top(), before);
  await shown(who.page);
  await widget(who.page).locator(".tools:visible").first().waitFor();
  const shift = await who.page.evaluate(() => globalThis.shifts.reduce((sum, value) => sum + value, 0));
  assert.ok(shift <= 0.1, `cumulative layout shift is ${shift}`);
  await who.context.close();
});

test("what happens is told to those who listen", () =>
  withPerson("mia.hansen", "/howto/vpn", {}, async (page) => {
    const status = widget(page).locator("p.sr[role=status]");
    await publish(page, "Said and heard");
    await expect.text(status, /Your comment was sent/);
  }));
