// What goes wrong between a browser and the host: nobody loses a text, and nothing is done twice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { setUp } from "../support/setup.mjs";
import { composer, entry, expect, helpful, menu, open, part, publish, sending, shown, submit, widget, write } from "../support/widget.mjs";

const PAGE = "/howto/printer";
const KEY = PAGE.slice(1);
const here = setUp();

async function withPerson(work, path = PAGE) {
  const who = await here.person("mia.hansen");
  await open(who, path);
  await work(who.page, who);
  await who.context.close();
}

/** Whether the text is anywhere in the widget: shown, or in a field. */
const kept = (page, text) =>
  widget(page).evaluate((element, text) => {
    const root = element.shadowRoot;
    return root.textContent.includes(text) || [...root.querySelectorAll("textarea")].some((field) => field.value.includes(text));
  }, text);

test("while the host is down the thread stays readable, says so, and comes back to life", () =>
  withPerson(async (page) => {
    const before = await widget(page).locator(".post").count();
    await here.servers.stopHost();
    await widget(page).getByRole("link", { name: "Oldest" }).click();
    await widget(page).getByRole("alert").filter({ hasText: "No connection" }).waitFor();
    await picture(page, "error-state");
    assert.equal(await widget(page).locator(".post").count(), before);
    await here.servers.startHost();
    await widget(page).getByRole("link", { name: "Oldest" }).click();
    await expect.attribute(widget(page).getByRole("link", { name: "Oldest" }), "aria-current", "true");
    const live = page.waitForResponse((answer) => answer.url().endsWith("/live") && answer.ok());
    await live.catch(() => {});
    await (await here.member("dieter.wolff")).create(KEY, "Live again after the restart");
    await widget(page).getByRole("link", { name: /\d.* new/ }).or(entry(page, "Live again")).first().waitFor();
  }));

test("a comment written while the host is down is delivered once when it is back, under the same key", () =>
  withPerson(async (page) => {
    const keys = new Set();
    page.on("request", (request) => request.url().endsWith("/act") && request.method() === "POST" && keys.add(request.headers()["idempotency-key"]));
    await here.servers.stopHost();
    await write(page, "Written into the void");
    const waiting = sending(page, "Written into the void");
    await waiting.getByRole("button", { name: "Try again" }).waitFor();
    await here.servers.startHost();
    await entry(page, "Written into the void").waitFor({ timeout: 30_000 });
    await expect.count(waiting, 0);
    assert.equal(keys.size, 1);
    const dieter = await here.member("dieter.wolff");
    assert.equal((await dieter.view(KEY)).split("Written into the void").length - 1, 1);
  }));

test("a comment whose answer got lost on the way is repeated and stands there once", () =>
  withPerson(async (page, who) => {
    const session = await who.context.newCDPSession(page);
    let lost = 0;
    session.on("Fetch.requestPaused", ({ requestId }) => {
      lost += 1;
      const end = lost > 1 ? ["Fetch.continueRequest", { requestId }] : ["Fetch.failRequest", { requestId, errorReason: "ConnectionReset" }];
      session.send(...end);
    });
    await session.send("Fetch.enable", { patterns: [{ urlPattern: "*/act", requestStage: "Response" }] });
    await write(page, "Said once, sent twice");
    await entry(page, "Said once, sent twice").waitFor({ timeout: 30_000 });
    assert.ok(lost >= 2, "the first answer was lost");
    const dieter = await here.member("dieter.wolff");
    assert.equal((await dieter.view(KEY)).split("Said once, sent twice").length - 1, 1);
    await expect.count(entry(page, "Said once, sent twice"), 1);
  }));

test("a page opened while the host is down shows its link and everything else", async () => {
  await here.servers.stopHost();
  const who = await here.person("mia.hansen");
  await who.visit(PAGE);
  await who.page.getByRole("link", { name: "Comments on this page" }).waitFor();
  await who.page.getByRole("heading", { level: 1 }).waitFor();
  await here.servers.startHost();
  await who.context.close();
});

test("a session that the host has forgotten is renewed without a word", () =>
  withPerson(async (page) => {
    await here.servers.stopHost();
    await here.servers.startHost();
    const post = await publish(page, "Written with a session from before the restart");
    assert.equal(await post.locator(":scope > header .author").textContent(), "Mia Hansen");
    await expect.count(widget(page).getByRole("alert"), 0);
  }));

test("the text of a reply is kept with a message when what it answers was deleted meanwhile", async () => {
  const dieter = await here.member("dieter.wolff");
  await dieter.create(KEY, "Going, going, gone");
  const who = await here.person("mia.hansen");
  const { page } = who;
  // Without the live stream, so that the deletion is first heard of from the answer.
  await page.route("**/live", (route) => route.abort());
  await who.visit(PAGE);
  await shown(page);
  const post = entry(page, "Going, going, gone");
  const id = (await post.getAttribute("id")).slice(2);
  await part(post, "a").filter({ hasText: "Reply" }).click();
  await post.getByRole("textbox", { name: /^Your reply/ }).fill("A reply that took me an hour");
  await dieter.on(KEY, id, "delete");
  await post.getByRole("button", { name: "Post reply" }).click();
  await widget(page).getByRole("alert").filter({ hasText: /not t?here any more/ }).waitFor();
  assert.ok(await kept(page, "A reply that took me an hour"));
  await who.context.close();
});

test("a half-written reply is kept when the live stream says that what it answers is gone", async () => {
  const dieter = await here.member("dieter.wolff");
  await dieter.create(KEY, "Deleted under your hands");
  await withPerson(async (page) => {
    const post = entry(page, "Deleted under your hands");
    const id = (await post.getAttribute("id")).slice(2);
    await part(post, "a").filter({ hasText: "Reply" }).click();
    await post.getByRole("textbox", { name: /^Your reply/ }).pressSequentially("Half of a long answer");
    await dieter.on(KEY, id, "delete");
    await expect.count(post, 0);
    assert.ok(await kept(page, "Half of a long answer"));
  });
});

test("an edit on top of somebody's newer version shows that version and keeps the text", () =>
  withPerson(async (page, who) => {
    await publish(page, "First version of mine");
    const other = await who.context.newPage();
    await other.goto(here.servers.intranet + PAGE);
    await shown(other);
    for (const tab of [page, other]) {
      await (await menu(entry(tab, "First version of mine"))).getByRole("menuitem", { name: "Edit" }).click();
      await widget(tab).locator("form[id^=form-edit] textarea").waitFor();
    }
    await widget(other).locator("form[id^=form-edit] textarea").fill("Second version, from the other tab");
    await widget(page).locator("form[id^=form-edit] textarea").fill("Second version, from this tab");
    await widget(other).getByRole("button", { name: "Save changes" }).click();
    await entry(other, "Second version, from the other tab").waitFor();
    await widget(page).getByRole("button", { name: "Save changes" }).click();
    await expect.gives(() => kept(page, "from this tab"), Boolean, "this tab's text is there");
  }));

/** Two tabs of one person, each with the form open that edits this comment; the live stream of the first is open. */
async function editing(page, who, text) {
  await publish(page, text);
  const other = await who.context.newPage();
  await other.goto(here.servers.intranet + PAGE);
  await shown(other);
  for (const tab of [page, other]) {
    await (await menu(entry(tab, text))).getByRole("menuitem", { name: "Edit" }).click();
    await expect.value(editor(tab), text);
  }
  return other;
}

const editor = (page) => widget(page).locator("form[id^=form-edit] textarea");
const save = (page) => widget(page).getByRole("button", { name: "Save changes" }).click();

/** Saves in the other tab, and waits until the live stream has told this one. */
async function overtake(page, other, text) {
  const token = widget(page).locator("form[id^=form-edit] [name=t]");
  const before = await token.getAttribute("value");
  await editor(other).fill(text);
  await save(other);
  await entry(other, text).waitFor();
  await expect.gives(() => token.getAttribute("value"), (now) => now !== before, "the live stream has told of the change");
}

test("what one tab is typing does not overwrite what another has saved: both texts are seen, and the second press saves", () =>
  withPerson(async (page, who) => {
    const other = await editing(page, who, "Tray 2 holds 500 sheets");
    await editor(page).fill("Tray 2 holds 550 sheets of thin paper");
    await overtake(page, other, "Tray 2 holds 400 sheets");
    await overtaken(page, "Tray 2 holds 400 sheets", "Tray 2 holds 550 sheets of thin paper", "both-versions");
    await save(page);
    await entry(page, "Tray 2 holds 550 sheets of thin paper").waitFor();
    await expect.count(widget(page).locator("form[id^=form-edit]"), 0);
  }));

test("a text that was typed and taken back is not saved over a newer one either", () =>
  withPerson(async (page, who) => {
    const other = await editing(page, who, "Ask for the key at the desk");
    await editor(page).pressSequentially("x");
    await page.keyboard.press("Backspace");
    await overtake(page, other, "The key is in the drawer");
    await overtaken(page, "The key is in the drawer", "Ask for the key at the desk");
  }));

test("a form in which nothing was typed follows what another tab has saved", () =>
  withPerson(async (page, who) => {
    const other = await editing(page, who, "Toner is in the cellar");
    await overtake(page, other, "Toner is on the second floor");
    await expect.value(editor(page), "Toner is on the second floor");
    await editor(page).fill("Toner is on the second floor, left");
    await save(page);
    await entry(page, "Toner is on the second floor, left").waitFor();
  }));

/** Saves, is told of the newer text, which stands beside the form, and still has its own. */
async function overtaken(page, theirs, own, name) {
  const answer = page.waitForResponse((answer) => answer.url().endsWith("/act") && answer.request().method() === "POST");
  await save(page);
  assert.equal((await answer).status(), 412);
  await widget(page).getByText("Somebody changed this in the meantime").waitFor();
  await widget(page).locator(".notice .rich", { hasText: theirs }).waitFor();
  await expect.value(editor(page), own);
  if (name) await picture(page, name);
}

test("a draft that comes back after a reload does not overwrite what was changed meanwhile", () =>
  withPerson(async (page, who) => {
    const post = await publish(page, "Tray 3 is for letters");
    const id = (await post.getAttribute("id")).slice(2);
    await (await menu(post)).getByRole("menuitem", { name: "Edit" }).click();
    await editor(page).fill("Tray 3 is for letters and labels");
    await page.waitForFunction(() => Object.values(localStorage).some((text) => text.includes("letters and labels")));
    await (await here.member("paul.nguyen")).edit(KEY, id, "Tray 3 is for envelopes");
    await open(who, PAGE);
    await (await menu(entry(page, "Tray 3 is for envelopes"))).getByRole("menuitem", { name: "Edit" }).click();
    await expect.value(editor(page), "Tray 3 is for letters and labels");
    await overtaken(page, "Tray 3 is for envelopes", "Tray 3 is for letters and labels", "draft-and-newer-version");
    await save(page);
    await entry(page, "Tray 3 is for letters and labels").waitFor();
  }));

test("clicking twice posts once, and a second tab sees it", () =>
  withPerson(async (page, who) => {
    const other = await who.context.newPage();
    await other.goto(here.servers.intranet + PAGE);
    await shown(other);
    await widget(other).locator(".tools:visible").first().waitFor();
    await composer(page).fill("Clicked in a hurry");
    await submit(page).dblclick();
    await entry(page, "Clicked in a hurry").waitFor();
    await widget(other).getByRole("link", { name: /\d.* new/ }).or(entry(other, "Clicked in a hurry")).first().waitFor();
    await other.reload();
    await shown(other);
    await expect.count(entry(other, "Clicked in a hurry"), 1);
    await expect.count(entry(page, "Clicked in a hurry"), 1);
  }));

test("pressing a vote three times in a row ends as pressed, here and at the host", () =>
  withPerson(async (page, who) => {
    const vote = () => helpful(widget(page).locator(".feed > .post").last());
    assert.equal(await vote().getAttribute("aria-pressed"), "false");
    let answers = 0;
    page.on("response", (answer) => (answers += Number(answer.url().endsWith("/act"))));
    for (let time = 0; time < 3; time++) await vote().click();
    await expect.attribute(vote(), "aria-pressed", "true");
    await expect.gives(() => answers, (now) => now >= 3, "three answers");
    await open(who, PAGE);
    await expect.attribute(vote(), "aria-pressed", "true");
  }));

test("a click and a form sent before the runtime is there are made up for", async () => {
  const who = await here.person("mia.hansen");
  const { page } = who;
  let release;
  const held = new Promise((done) => (release = done));
  await page.route("**/assets/runtime-*", async (route) => {
    await held;
    await route.continue();
  });
  await who.visit(PAGE);
  await shown(page);
  await write(page, "Sent before anything was ready");
  await widget(page).locator(".view").waitFor();
  release();
  await entry(page, "Sent before anything was ready").waitFor();
  await expect.value(composer(page), "");
  await who.context.close();
});
