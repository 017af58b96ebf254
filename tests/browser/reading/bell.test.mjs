// Somebody is told of a reply in all of their pages, goes there by the bell and has then read it everywhere.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { setUp } from "../support/setup.mjs";
import { entry, expect, focused, open, publish, widget } from "../support/widget.mjs";

const PAGE = "howto/printer";
const here = setUp();

const bell = (page) => page.locator("stoa-bell");
const button = (page) => bell(page).getByRole("link", { name: /^Notices/ }).first();
const rings = (page, name) => bell(page).getByRole("link", { name, exact: false }).first().waitFor();

test("a reply rings live in two tabs, and reading it in one clears the other", async () => {
  const mia = await here.person("mia.hansen");
  await open(mia, `/${PAGE}`);
  await publish(mia.page, "Which tray takes the labels?");
  const id = (await entry(mia.page, "Which tray takes the labels?").getAttribute("id")).slice(2);
  const other = await mia.context.newPage();
  await other.goto(`${here.servers.intranet}/canteen/menu`);
  await button(other).waitFor();
  assert.equal(await bell(other).locator(".badge").count(), 0, "nothing is new at first");
  await (await here.member("dieter.wolff")).reply(PAGE, id, "The lowest one.");
  await rings(mia.page, /1.* new/);
  await rings(other, /1.* new/);
  await button(other).click();
  const row = bell(other).getByRole("link", { name: /Dieter Wolff.* replied to you in/ });
  await row.waitFor();
  assert.match(await bell(other).locator("li").first().textContent(), /because it answers you/);
  await row.click();
  await other.waitForURL(/howto\/printer/);
  await entry(other, "The lowest one.").waitFor();
  await expect.count(bell(other).locator(".badge"), 0);
  await expect.count(bell(mia.page).locator(".badge"), 0);
  assert.deepEqual(mia.errors, []);
  await mia.context.close();
});

test("the panel opens and closes by keyboard and gives the focus back", async () => {
  const tobias = await here.person("tobias.krueger");
  await open(tobias, `/${PAGE}`);
  await publish(tobias.page, "Who changes the toner?");
  const id = (await entry(tobias.page, "Who changes the toner?").getAttribute("id")).slice(2);
  const dieter = await here.member("dieter.wolff");
  await dieter.reply(PAGE, id, "Facility does.");
  await rings(tobias.page, /1.* new/);
  await button(tobias.page).focus();
  await tobias.page.keyboard.press("Enter");
  const panel = bell(tobias.page).getByRole("dialog", { name: "Notices" });
  await panel.waitFor();
  await tobias.page.keyboard.press("Escape");
  await expect.count(panel, 0);
  assert.match((await focused(tobias.page)).name, /Notices/);
  await tobias.page.keyboard.press("Enter");
  await panel.getByRole("button", { name: "Mark all as read" }).click();
  await expect.count(bell(tobias.page).locator(".badge"), 0);
  await panel.locator("summary").first().click();
  await panel.getByRole("menuitem", { name: "No more about this thread" }).click();
  await panel.getByRole("link", { name: "What I am told about" }).click();
  await bell(tobias.page).getByRole("button", { name: "Tell me again" }).waitFor();
  await tobias.page.keyboard.press("Escape");
  await dieter.reply(PAGE, id, "And on Fridays Jonas.");
  await widget(tobias.page).getByText("And on Fridays Jonas.").or(widget(tobias.page).getByRole("link", { name: /new/ })).first().waitFor();
  assert.equal(await bell(tobias.page).locator(".badge").count(), 0, "a muted thread rings no more");
  await tobias.context.close();
});

test("a notice of the page that is open leads to its entry and closes the panel", async () => {
  const anna = await here.person("anna.bergmann");
  await open(anna, `/${PAGE}`);
  await publish(anna.page, "Is the plotter free on Monday?");
  const id = (await entry(anna.page, "Is the plotter free on Monday?").getAttribute("id")).slice(2);
  await (await here.member("dieter.wolff")).reply(PAGE, id, "It is.");
  await rings(anna.page, /1.* new/);
  await button(anna.page).click();
  await bell(anna.page).getByRole("link", { name: /replied to you/ }).click();
  await entry(anna.page, "It is.").waitFor();
  await expect.count(bell(anna.page).locator("dialog"), 0);
  await expect.count(bell(anna.page).locator(".badge"), 0);
  await anna.context.close();
});

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds in the bell, in words. */
async function violations(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const found = await globalThis.axe.run(document.querySelector("stoa-bell"), { resultTypes: ["violations"] });
    return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}`));
  });
}

for (const [look, lang, dir, colorScheme] of [
  ["light", "en", "ltr", "light"],
  ["dark", "en", "ltr", "dark"],
  ["german", "de", "ltr", "light"],
  ["right-to-left", "en", "rtl", "light"],
]) {
  test(`axe finds nothing in the bell, its list and its settings (${look})`, async () => {
    const mia = await here.person("mia.hansen", { colorScheme });
    // The page's own direction decides; the demo takes the language from the address.
    await mia.page.addInitScript((dir) => {
      addEventListener("DOMContentLoaded", () => (document.documentElement.dir = dir), { capture: true });
    }, dir);
    const { focus } = await (await here.member("mia.hansen")).create(PAGE, `Is there paper for ${look}?`);
    const id = focus.replace(/^e-/, "");
    await (await here.member("dieter.wolff")).reply(PAGE, id, `In the cupboard, ${look}.`);
    await mia.visit(`/${PAGE}?lang=${lang}`);
    await bell(mia.page).locator(".badge").first().waitFor();
    assert.deepEqual(await violations(mia.page), [], "closed");
    await bell(mia.page).getByRole("link").first().click();
    await bell(mia.page).locator("dialog li").first().waitFor();
    assert.deepEqual(await violations(mia.page), [], "list");
    await picture(mia.page, `bell-${look}`);
    await bell(mia.page).locator("dialog a[href*='open=settings']").click();
    await bell(mia.page).locator("dialog [aria-pressed]").first().waitFor();
    assert.deepEqual(await violations(mia.page), [], "settings");
    await picture(mia.page, `bell-settings-${look}`);
    await mia.context.close();
  });
}
