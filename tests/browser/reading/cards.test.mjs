// The card of a person: opened from the name by pointer and keyboard, closed by Escape, and what is shared on it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { plugin } from "../support/servers.mjs";
import { setUp } from "../support/setup.mjs";
import { expect, open, widget } from "../support/widget.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PAGE = "/policies/travel";
const here = setUp(plugin("questions"));

const card = (page) => widget(page).getByRole("dialog");
const name = (page, who) => widget(page).getByRole("link", { name: who, exact: true }).first();

async function violations(page, selector) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  return page.evaluate(async (selector) => {
    const { violations } = await globalThis.axe.run(document.querySelector(selector), { resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}`));
  }, selector);
}

for (const colorScheme of ["light", "dark"]) {
  test(`a name opens a card, by keyboard too, and axe finds nothing in it (${colorScheme})`, async () => {
    const anna = await here.person("anna.bergmann", { colorScheme });
    await open(anna, PAGE);
    const who = await widget(anna.page).locator("a.who").first().textContent();
    await name(anna.page, who).click();
    await card(anna.page).waitFor();
    assert.deepEqual(await violations(anna.page, "stoa-comments, stoa-page, stoa-plugin"), []);
    await picture(anna.page, `card-${colorScheme}`);
    await anna.page.keyboard.press("Escape");
    await expect.count(card(anna.page), 0);
    await name(anna.page, who).focus();
    await anna.page.keyboard.press("Enter");
    await card(anna.page).waitFor();
    assert.deepEqual(anna.errors, []);
    await anna.context.close();
  });
}

test("the card fits a phone and speaks German", async () => {
  const anna = await here.person("anna.bergmann", { viewport: { width: 360, height: 740 }, locale: "de-DE" });
  await open(anna, "/policies/reisekosten");
  await widget(anna.page).locator("a.who").first().click();
  await card(anna.page).waitFor();
  await picture(anna.page, "card-phone-german");
  const { x, width } = await card(anna.page).boundingBox();
  assert.ok(x >= 0 && x + width <= 360, `${width} px wide at ${x}`);
  await anna.context.close();
});
