// One script of keys for each pattern (WAI-ARIA Authoring Practices), as somebody without a mouse goes through it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { setUp } from "../support/setup.mjs";
import { entry, expect, focused, gallery, open, part, publish, said, widget } from "../support/widget.mjs";

const here = setUp("[sites.plugins.comments.settings]\nreactions = true");

async function inGallery(work) {
  const who = await here.person("mia.hansen");
  await gallery(who);
  await work(who.page, (...keys) => keys.reduce((before, key) => before.then(() => who.page.keyboard.press(key)), Promise.resolve()));
  assert.deepEqual(who.errors, []);
  await who.context.close();
}

const on = (page, name) => expect.gives(() => focused(page), (now) => name.test(now?.name), `the focus is on ${name}`);

test("tabs: arrows move, Home and End lead to the ends, Enter chooses", () =>
  inGallery(async (page, press) => {
    const tab = (name) => widget(page).getByRole("tab", { name });
    await tab("Panel one").focus();
    await press("ArrowRight");
    await on(page, /Panel two/);
    await expect.attribute(tab("Panel one"), "aria-selected", "true");
    await press("Enter");
    await expect.attribute(tab("Panel two"), "aria-selected", "true");
    await expect.text(widget(page).getByRole("tabpanel"), "This is panel two.");
    await on(page, /Panel two/);
    await press("End");
    await on(page, /Panel three/);
    await press("ArrowRight");
    await on(page, /Panel one/);
    await press("ArrowLeft", "Home", " ");
    await expect.attribute(tab("Panel one"), "aria-selected", "true");
    const stops = await widget(page).locator("[role=tab][tabindex='0']").count();
    assert.equal(stops, 1, "one tab stop for all tabs");
    await picture(page, "gallery-tabs", { fullPage: true });
  }));

test("menu button: arrows, ends, letters, Escape, and a question in the menu's place", () =>
  inGallery(async (page, press) => {
    const button = widget(page).locator("details.menu > summary");
    await expect.attribute(button, "aria-haspopup", "menu");
    await button.focus();
    await press("ArrowDown");
    await on(page, /Apple/);
    await press("ArrowDown");
    await on(page, /Banana/);
    await press("b");
    await on(page, /Blackberry/);
    await press("b");
    await on(page, /Banana/);
    await press("End");
    await on(page, /Cherry/);
    await press("ArrowDown");
    await on(page, /Apple/);
    await press("ArrowUp");
    await on(page, /Cherry/);
    await press("Enter");
    await widget(page).getByText("Really a cherry?").waitFor();
    await picture(page, "gallery-confirm");
    await expect.gives(() => focused(page), (now) => now.tag === "button" && now.name === "Cherry", "the focus is on the answer");
    await press("Escape");
    await widget(page).getByText("Really a cherry?").waitFor({ state: "hidden" });
    await on(page, /Cherry/);
    await picture(page, "gallery-menu");
    await press("Escape");
    await widget(page).getByRole("menuitem").first().waitFor({ state: "hidden" });
    await on(page, /Things to do/);
    await press("ArrowUp");
    await on(page, /Cherry/);
    await press("Home", "ArrowDown", "Enter");
    await widget(page).getByText("Name: banana").waitFor();
  }));

test("modal dialog: the focus goes in, stays in, and returns to what opened it", () =>
  inGallery(async (page, press) => {
    const link = widget(page).getByRole("link", { name: "Open the dialog" });
    const dialog = widget(page).getByRole("dialog", { name: "A question" });
    await link.focus();
    await press("Enter");
    await dialog.waitFor();
    assert.ok(await dialog.evaluate((element) => element.matches(":modal")));
    await on(page, /Yes/);
    await picture(page, "gallery-dialog");
    await press("Tab");
    await on(page, /Close/);
    await press("Escape");
    await dialog.waitFor({ state: "detached" });
    await on(page, /Open the dialog/);
    await press("Enter");
    await dialog.getByRole("button", { name: "Yes" }).click();
    await widget(page).getByText("Name: answered").waitFor();
  }));

test("reactions: one button opens a toolbar, arrows move in it, a press counts at once", () =>
  inGallery(async (page, press) => {
    const add = widget(page).getByRole("button", { name: "React" });
    const reaction = (name) => widget(page).locator(".reaction:not([data-local])", { hasText: name });
    await expect.count(widget(page).locator(".reaction:not([data-local]):visible"), 0);
    await add.focus();
    await press("Enter");
    await on(page, /Thumbs up/);
    await expect.attribute(add, "aria-expanded", "true");
    await press("ArrowRight");
    await on(page, /Heart/);
    await press("End");
    await on(page, /Eyes/);
    await press("Escape");
    await on(page, /React/);
    await press("Enter", "ArrowRight");
    await picture(page, "gallery-reactions");
    let release;
    const held = new Promise((done) => (release = done));
    await page.route("**/plugins/gallery/act", async (route) => {
      await held;
      await route.continue();
    });
    await press("Enter");
    await expect.attribute(reaction("Thumbs up").or(reaction("Heart")).and(widget(page).locator(":visible")).first(), "aria-pressed", "true");
    release();
    await widget(page).locator(".reaction.is-on .count", { hasText: "2" }).waitFor();
    const answered = page.waitForResponse((answer) => answer.url().endsWith("/act"));
    await widget(page).locator(".reaction.is-on").click();
    assert.equal((await answered).status(), 200);
    await expect.count(widget(page).locator(".reaction:not([data-local]):visible"), 0);
  }));

test("feed: from comment to comment, out of the list, and each says where it stands", async () => {
  const who = await here.person("mia.hansen");
  const { page } = who;
  await open(who, "/howto/printer");
  const posts = widget(page).locator(".feed .post");
  const many = await posts.count();
  await expect.attribute(posts.first(), "aria-posinset", "1");
  await expect.attribute(posts.last(), "aria-posinset", String(many));
  const total = Number(await posts.first().getAttribute("aria-setsize"));
  assert.ok(total >= many, `${total} in all, ${many} shown`);
  const post = entry(page, "The printer in hall 2");
  await part(post, "a").filter({ hasText: "Reply" }).focus();
  const at = (place) => expect.gives(() => focused(page).then((now) => now.id), (id) => id === place, "the focus is on the post");
  const ids = await posts.evaluateAll((all) => all.map((one) => one.id));
  const own = ids.indexOf(await post.getAttribute("id"));
  await page.keyboard.press("PageDown");
  await at(ids[own + 1]);
  await page.keyboard.press("PageUp");
  await at(ids[own]);
  await page.keyboard.press("Control+Home");
  const before = await focused(page);
  assert.notEqual(before.tag, "article");
  assert.ok(await widget(page).evaluate(({ shadowRoot }) => {
    const feed = shadowRoot.querySelector(".feed");
    return feed.compareDocumentPosition(shadowRoot.activeElement) & Node.DOCUMENT_POSITION_PRECEDING;
  }));
  // A post is a tab stop of its own.
  await posts.first().focus();
  await page.keyboard.press("Tab");
  assert.ok(await posts.first().evaluate((first) => first.contains(first.getRootNode().activeElement)));
  await who.context.close();
});

test("reactions to a comment: chosen, changed and taken back by keyboard alone, and seen by others", async () => {
  const [mia, dieter] = [await here.person("mia.hansen"), await here.person("dieter.wolff")];
  await open(mia, "/howto/printer");
  await publish(mia.page, "The tray is full again");
  await open(dieter, "/howto/printer");
  const { page } = dieter;
  const own = entry(mia.page, "The tray is full again");
  const group = part(entry(page, "The tray is full again"), ".reactions");
  const add = group.getByRole("button", { name: "React" });
  const choose = async (steps, name) => {
    await add.focus();
    await page.keyboard.press("Enter");
    for (let step = 0; step < steps; step++) await page.keyboard.press("ArrowRight");
    await on(page, name);
    await picture(page, `reactions-${steps}`);
    await page.keyboard.press("Enter");
  };
  await choose(1, /Great news/);
  await own.getByText("🎉 1").waitFor();
  await choose(2, /Good idea/);
  await own.getByText("💡 1").waitFor();
  await expect.count(own.getByText("🎉 1"), 0);
  const mine = group.locator(".reaction.is-on:not([data-local])");
  await expect.count(mine, 1);
  await mine.focus();
  await page.keyboard.press("Space");
  await expect.count(own.getByText("💡 1"), 0);
  await expect.count(mine, 0);
  assert.deepEqual([mia, dieter].flatMap((who) => who.errors), []);
  await Promise.all([mia, dieter].map((who) => who.context.close()));
});

for (const [place, name, options] of [
  [0, "light", {}],
  [1, "dark", { colorScheme: "dark" }],
  [3, "narrow", { viewport: { width: 360, height: 740 } }],
])
  test(`reactions to a comment fit (${name})`, async () => {
    const who = await here.person("dieter.wolff", options);
    await open(who, "/howto/printer");
    const group = widget(who.page).locator(".reactions").first();
    await group.scrollIntoViewIfNeeded();
    await group.getByRole("button", { name: "React" }).click();
    const picker = group.locator(".picker");
    await picker.waitFor();
    await picture(who.page, `reactions-${name}`);
    await picker.getByRole("button").nth(place).click();
    await group.locator(".reaction.is-on").first().waitFor();
    await picture(who.page, `reactions-${name}-chosen`);
    const wider = await who.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wider <= 0, `the page scrolls sideways by ${wider} px`);
    await who.context.close();
  });
