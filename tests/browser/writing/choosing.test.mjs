// Choosing people and tags: comboboxes with chips, by keyboard, by mouse and without script.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { setUp } from "../support/setup.mjs";
import { expect, focused, gallery, said, widget } from "../support/widget.mjs";

const here = setUp();

async function inGallery(work, options) {
  const who = await here.person("mia.hansen", options);
  await gallery(who);
  await work(who.page);
  await who.context.close();
}

const line = (page, name) => widget(page).getByRole("combobox", { name });
const chips = (page, name) => widget(page).getByRole("list", { name }).getByRole("listitem");
const save = (page) => widget(page).getByRole("button", { name: "Save" }).click();

for (const colorScheme of ["light", "dark"]) {
  test(`people are found, chosen and taken out by keyboard alone (${colorScheme})`, () =>
    inGallery(
      async (page) => {
        const people = line(page, "People");
        const options = widget(page).getByRole("option");
        await people.focus();
        await page.keyboard.type("pet");
        await options.filter({ hasText: "Petra Jansen" }).waitFor();
        await said(page, /\d+ suggestions/);
        await expect.attribute(people, "aria-expanded", "true");
        const active = async () => {
          const id = await people.getAttribute("aria-activedescendant");
          return widget(page).locator(`#${id}`).textContent();
        };
        for (let steps = 0; !/Petra Jansen/.test(await active()) && steps < 9; steps++) await page.keyboard.press("ArrowDown");
        await options.filter({ hasText: "Petra Jansen" }).locator(".avatar").waitFor();
        await picture(page, `pick-list-${colorScheme}`);
        await page.keyboard.press("Enter");
        await expect.text(chips(page, "People"), /Petra Jansen/);
        await said(page, /Petra Jansen added\. 1 of 3 chosen/);
        await expect.attribute(people, "aria-expanded", "false");
        await page.keyboard.type("die");
        await options.filter({ hasText: "Dieter" }).first().waitFor();
        await page.keyboard.press("End");
        await page.keyboard.press("Home");
        await page.keyboard.press("Enter");
        await expect.count(chips(page, "People"), 2);
        await picture(page, `pick-chips-${colorScheme}`);
        // The list closes first, then the letters go.
        await page.keyboard.type("li");
        await options.first().waitFor();
        await page.keyboard.press("Escape");
        await expect.count(options, 0);
        await expect.value(people, "li");
        await page.keyboard.press("Escape");
        await expect.value(people, "");
        await page.keyboard.press("Backspace");
        await expect.count(chips(page, "People"), 1);
        await said(page, /removed\. 1 of 3 chosen/);
        await page.keyboard.press("ArrowLeft");
        assert.equal((await focused(page)).name, "Remove Petra Jansen");
        await page.keyboard.press("Delete");
        await expect.count(chips(page, "People"), 0);
        assert.equal((await focused(page)).name, "People");
      },
      { colorScheme },
    ));
}

test("what was chosen is sent as people and comes back as people", () =>
  inGallery(async (page) => {
    await line(page, "People").pressSequentially("petra");
    await widget(page).getByRole("option", { name: /Petra Jansen/ }).click();
    await line(page, "Tags").click();
    await page.keyboard.press("ArrowDown");
    await expect.count(widget(page).getByRole("option"), 3);
    await widget(page).getByRole("option", { name: "Trade fairs" }).click();
    await line(page, "Words").pressSequentially("own words,");
    await line(page, "Words").pressSequentially("more");
    await page.keyboard.press("Enter");
    await expect.count(chips(page, "Words"), 2);
    await save(page);
    await widget(page).getByText("Saved: 1 people; fairs; own words, more").waitFor();
    await expect.text(chips(page, "People"), /Petra Jansen/);
  }));

test("a refusal is shown at the choice it is about, and one about nothing in the form at the form", () =>
  inGallery(async (page) => {
    const form = widget(page).locator("form.form");
    await form.getByRole("radio", { name: "That one" }).check();
    await save(page);
    await form.locator("fieldset .problem", { hasText: "Not that one, please." }).waitFor();
    await form.getByRole("radio", { name: "This one" }).check();
    await save(page);
    await expect.text(form.getByRole("alert"), "Somebody has to come along.");
    await expect.count(form.locator("fieldset .problem"), 0);
  }));

test("a field that proposes makes the view follow what is typed, and keeps letters and focus", () =>
  inGallery(async (page) => {
    const title = widget(page).getByRole("textbox", { name: "Title" });
    await title.pressSequentially("Trade fairs & taxis");
    await widget(page).getByText("Similar to: Trade fairs & taxis").waitFor();
    await expect.value(title, "Trade fairs & taxis");
    assert.match((await focused(page)).id, /title$/);
    await title.fill("");
    await widget(page).getByText("Similar to: nothing").waitFor();
  }));

test("at 390 px the fields, the list and the chips fit", () =>
  inGallery(
    async (page) => {
      await line(page, "People").pressSequentially("pet");
      await widget(page).getByRole("option").first().waitFor();
      const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(content <= window, `${content} px in ${window} px`);
      await picture(page, "pick-narrow");
    },
    { viewport: { width: 390, height: 800 } },
  ));

test("without script people are written by name, and somebody unknown is told at once", async () => {
  const who = await here.person("mia.hansen", { javaScriptEnabled: false });
  const { page } = who;
  await who.visit("/howto/printer");
  await page.locator("noscript form button, noscript form input[type=submit]").first().click();
  await page.goto(`${here.servers.stoa}/t/demo/gallery?page=howto/printer`);
  await page.getByRole("textbox", { name: "People" }).fill("Petra Jansen, Nobody Atall");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").filter({ hasText: "Nobody Atall" }).waitFor();
  await page.goto(`${here.servers.stoa}/t/demo/gallery?page=howto/printer`);
  await page.getByRole("textbox", { name: "People" }).fill("Petra Jansen");
  await page.getByRole("textbox", { name: "Tags" }).fill("travel");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved: 1 people; travel;").waitFor();
  await expect.value(page.getByRole("textbox", { name: "People" }), "Petra Jansen");
  await picture(page, "pick-plain", { fullPage: true });
  await who.context.close();
});
