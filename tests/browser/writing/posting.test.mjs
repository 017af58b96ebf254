// What somebody writes: shown at once, kept when something goes wrong, changed and taken back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { setUp } from "../support/setup.mjs";
import {
  composer, entry, expect, focused, helpful, menu, open, part, publish, reply, sending, submit, widget, write,
} from "../support/widget.mjs";

const PAGE = "/canteen/menu";
const ACT = "**/plugins/comments/act";
const here = setUp();

async function withPerson(subject, path, work) {
  const who = await here.person(subject);
  await open(who, path);
  await work(who.page, who);
  assert.deepEqual(who.errors, []);
  await who.context.close();
}

test("a comment is there at once as being sent, then for real, and the field is empty again", () =>
  withPerson("mia.hansen", PAGE, async (page) => {
    let release;
    const held = new Promise((done) => (release = done));
    await page.route(ACT, async (route) => {
      await held;
      await route.continue();
    });
    await write(page, "The soup was **very** good today");
    await sending(page, "The soup was").waitFor();
    await expect.text(sending(page, "The soup was"), /Mia Hansen/);
    await expect.value(composer(page), "");
    release();
    const post = entry(page, "The soup was very good today");
    await post.waitFor();
    assert.equal(await part(post, ".rich").locator("strong").textContent(), "very");
    await expect.count(sending(page, "The soup was"), 0);
    await expect.count(entry(page, "The soup was very good today"), 1);
  }));

test("a reply stands below what it answers, and its form is gone", () =>
  withPerson("mia.hansen", PAGE, async (page) => {
    const post = await publish(page, "Is there oat milk?");
    await reply(page, post, "There is, behind the till");
    await entry(page, "There is, behind the till").waitFor();
    await expect.count(post.locator(".replies").filter({ hasText: "behind the till" }), 1);
    await expect.count(post.locator("form.form"), 0);
  }));

test("a comment can be edited, and says so", () =>
  withPerson("mia.hansen", PAGE, async (page) => {
    const post = await publish(page, "Tuesday is pasta dya");
    await (await menu(post)).getByRole("menuitem", { name: "Edit" }).click();
    const field = widget(page).locator("form[id^=form-edit] textarea");
    await expect.value(field, "Tuesday is pasta dya");
    await field.fill("Tuesday is pasta day");
    await widget(page).getByRole("button", { name: "Save changes" }).click();
    const edited = entry(page, "Tuesday is pasta day");
    await edited.locator(":scope > header .edited").waitFor();
    await expect.count(widget(page).locator("form[id^=form-edit]"), 0);
  }));

test("a deletion is confirmed first, and an answered comment leaves a tombstone", () =>
  withPerson("mia.hansen", PAGE, async (page) => {
    const post = await publish(page, "I take this back in a moment");
    await reply(page, post, "An answer to something that goes");
    await entry(page, "An answer to something that goes").waitFor();
    const id = await post.getAttribute("id");
    const pop = await menu(post);
    await pop.getByRole("menuitem", { name: "Delete" }).click();
    await pop.getByText(/Delete your comment/).waitFor();
    assert.equal(await post.count(), 1, "nothing is deleted before it is confirmed");
    await pop.getByRole("button", { name: "Delete" }).click();
    const stone = widget(page).locator(`#${id}.state-deleted`);
    await stone.waitFor();
    await expect.text(stone, /deleted by its author/);
    await expect.count(entry(page, "An answer to something that goes"), 1);
  }));

test("a vote shows before the host has answered, and stays after a reload", () =>
  withPerson("mia.hansen", PAGE, async (page, who) => {
    let release;
    const held = new Promise((done) => (release = done));
    await page.route(ACT, async (route) => {
      await held;
      await route.continue();
    });
    const button = helpful(widget(page).locator(".feed > .post").last());
    const before = Number(await button.locator(".count").textContent());
    const pressed = (await button.getAttribute("aria-pressed")) === "true";
    await button.click();
    await expect.attribute(button, "aria-pressed", String(!pressed));
    const after = String(before + (pressed ? -1 : 1));
    await expect.text(button.locator(".count"), after);
    const answered = page.waitForResponse(ACT);
    release();
    assert.equal((await answered).status(), 200);
    await page.unroute(ACT);
    await open(who, PAGE);
    await expect.attribute(button, "aria-pressed", String(!pressed));
    await expect.text(button.locator(".count"), after);
  }));

test("a colleague is mentioned by keyboard alone", () =>
  withPerson("mia.hansen", PAGE, async (page) => {
    await composer(page).focus();
    await page.keyboard.type("Ask @pet");
    const list = widget(page).getByRole("listbox");
    await list.waitFor();
    await expect.attribute(composer(page), "aria-controls", await list.getAttribute("id"));
    await list.getByRole("option", { name: /Petra Jansen/ }).waitFor();
    const chosen = () => list.locator("[aria-selected=true]").textContent();
    for (let steps = 0; !/Petra Jansen/.test(await chosen()) && steps < 8; steps++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.count(list, 0);
    await page.keyboard.type("about receipts");
    await expect.value(composer(page), "Ask @Petra Jansen about receipts");
    await page.keyboard.press("Control+Enter");
    const post = entry(page, "about receipts");
    await post.waitFor();
    await expect.text(post.locator(".mention"), /Petra Jansen/);
    await (await menu(post)).getByRole("menuitem", { name: "Edit" }).click();
    const field = widget(page).locator("form[id^=form-edit] textarea");
    await expect.value(field, "Ask @Petra Jansen about receipts");
    await field.fill("Do ask @Petra Jansen about all receipts");
    await widget(page).getByRole("button", { name: "Save changes" }).click();
    const changed = entry(page, "about all receipts");
    await changed.waitFor();
    await expect.text(changed.locator(".mention"), /^@Petra Jansen$/);
  }));

test("somebody is looked for by first and last name, and after a blank Enter makes a new line", () =>
  withPerson("mia.hansen", PAGE, async (page) => {
    await composer(page).focus();
    await page.keyboard.type("Ask @Petra Ja");
    const options = widget(page).getByRole("option");
    await options.filter({ hasText: "Petra Jansen" }).waitFor();
    await page.keyboard.press("Enter");
    await expect.value(composer(page), "Ask @Petra Jansen ");
    await page.keyboard.press("Enter");
    await expect.value(composer(page), "Ask @Petra Jansen \n");
  }));

test("Escape closes the list of people and leaves the text alone", () =>
  withPerson("mia.hansen", PAGE, async (page) => {
    await composer(page).focus();
    await page.keyboard.type("Mail to @li");
    await widget(page).getByRole("listbox").waitFor();
    await page.keyboard.press("Escape");
    await expect.count(widget(page).getByRole("listbox"), 0);
    await expect.value(composer(page), "Mail to @li");
    assert.equal((await focused(page)).tag, "textarea");
  }));

test("the toolbar writes Markdown around the selection, by mouse and by keys", () =>
  withPerson("mia.hansen", PAGE, async (page) => {
    const bar = widget(page).getByRole("toolbar", { name: "Formatting" }).first();
    await composer(page).fill("very tasty");
    await composer(page).selectText();
    await bar.getByRole("button", { name: "Bold" }).click();
    await expect.value(composer(page), "**very tasty**");
    await page.keyboard.press("Control+z");
    await expect.value(composer(page), "very tasty");
    await composer(page).selectText();
    await page.keyboard.press("Control+i");
    assert.match(await composer(page).inputValue(), /^[*_]very tasty[*_]$/);
    await bar.getByRole("button", { name: "Bold" }).focus();
    await page.keyboard.press("ArrowRight");
    assert.equal((await focused(page)).name, "Italic", "arrows move within the toolbar");
  }));

test("the preview shows what the host will make of the text", () =>
  withPerson("mia.hansen", PAGE, async (page) => {
    await composer(page).fill("## Menu\n\n- **soup**\n- <script>alert(1)</script>\n\n`code` and https://nordlicht.example");
    await widget(page).getByRole("button", { name: "Preview" }).first().click();
    const preview = widget(page).locator(".preview").first();
    await preview.locator("strong", { hasText: "soup" }).waitFor();
    assert.equal(await preview.locator("script").count(), 0);
    await expect.text(preview, /alert\(1\)/);
    await picture(page, "composer-with-preview");
    await widget(page).getByRole("button", { name: "Preview" }).first().click();
    await preview.waitFor({ state: "hidden" });
  }));

test("a draft survives a reload and goes when it was sent", () =>
  withPerson("mia.hansen", PAGE, async (page, who) => {
    await composer(page).pressSequentially("Half a thought");
    await page.waitForFunction(() => Object.values(localStorage).some((text) => text.includes("Half a thought")));
    await open(who, PAGE);
    await expect.value(composer(page), "Half a thought");
    await submit(page).click();
    await entry(page, "Half a thought").waitFor();
    await open(who, PAGE);
    await expect.value(composer(page), "");
  }));

test("a mention in a draft still means somebody after a reload", () =>
  withPerson("mia.hansen", PAGE, async (page, who) => {
    await composer(page).focus();
    await page.keyboard.type("Kept for @petra");
    await widget(page).getByRole("option", { name: /Petra Jansen/ }).click();
    await page.waitForFunction(() => Object.values(localStorage).some((text) => text.includes("Kept for @Petra Jansen")));
    await open(who, PAGE);
    await expect.value(composer(page), "Kept for @Petra Jansen ");
    await widget(page).getByRole("button", { name: "Preview" }).first().click();
    await expect.text(widget(page).locator(".preview .mention").first(), "@Petra Jansen");
    await submit(page).click();
    await expect.text(entry(page, "Kept for").locator(".mention"), "@Petra Jansen");
  }));

test("drafts of one person are not shown to the next one in the same browser", () =>
  withPerson("mia.hansen", PAGE, async (page, who) => {
    await composer(page).pressSequentially("For my eyes only");
    await page.waitForFunction(() => Object.values(localStorage).some((text) => text.includes("my eyes only")));
    await who.context.addCookies([{ name: "person", value: "dieter.wolff", url: here.servers.intranet }]);
    await open(who, PAGE);
    await expect.value(composer(page), "");
  }));

test("a text that is too long cannot be typed, and the room left is told before", () =>
  withPerson("mia.hansen", PAGE, async (page) => {
    const field = composer(page);
    const most = Number(await field.getAttribute("maxlength"));
    await field.fill("x".repeat(most - 10));
    await page.keyboard.press("End");
    await field.press("y");
    const counter = widget(page).locator(".composer .counter").first();
    await counter.waitFor();
    await expect.text(counter, /9/);
  }));
