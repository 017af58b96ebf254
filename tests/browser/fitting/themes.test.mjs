// Themes of pages: light or dark as what is really behind the widget, its text as the page's, from the first moment on.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { made } from "../support/made.mjs";
import { setUp } from "../support/setup.mjs";
import { expect, shown, widget } from "../support/widget.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const here = setUp();
const THREAD = '<main><h1>Page</h1><p>Text of the page.</p><stoa-comments page="howto/printer"></stoa-comments></main>';

/** What axe-core finds in the widget about contrast. */
async function contrasts(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const run = await globalThis.axe.run(document.querySelector("stoa-comments"), { runOnly: ["color-contrast"] });
    const words = ({ nodes }) => nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`);
    return { wrong: run.violations.flatMap(words), checked: run.passes.flatMap(({ nodes }) => nodes).length };
  });
}

const scheme = (page) => widget(page).evaluate((element) => getComputedStyle(element).colorScheme);

const themes = [
  ["white on #222828, without color-scheme", "body{background:#222828;color:#fff}", "dark", "rgb(255, 255, 255)"],
  ["dark, by color-scheme", ":root{color-scheme:dark;background:Canvas}", "dark", "rgb(255, 255, 255)"],
  ["light", "body{background:#fff;color:#333}", "light", "rgb(51, 51, 51)"],
  ["no colours at all", "", "light", "rgb(0, 0, 0)"],
  ["a dark card in a light page", "main{background:#1b2a41;color:#f0f0f0}", "dark", "rgb(240, 240, 240)"],
  ["dark, where only the page's paragraphs are light", "body{background:#222828}p,h1{color:#fff}", "dark", "rgb(231, 234, 240)"],
  ["light text in a notation of its own", "body{background:oklch(0.25 0.02 200);color:oklch(0.97 0.01 200)}", "dark", null],
];

for (const [name, css, expected, color] of themes) {
  test(`the widget can be read in a page that is ${name}`, async () => {
    const who = await here.person(undefined);
    await made(who, here.servers, { head: `<style>${css}</style>`, body: THREAD });
    await shown(who.page);
    await expect.gives(() => scheme(who.page), (now) => now === expected, `scheme ${expected}`);
    await expect.gives(
      () => widget(who.page).locator(".rich").first().evaluate((text) => getComputedStyle(text).color),
      (now) => !color || now === color,
      `text in ${color}`,
    );
    const { wrong, checked } = await contrasts(who.page);
    assert.deepEqual(wrong, []);
    assert.ok(checked > 10, `${checked} texts checked`);
    await picture(who.page, `theme-${name.replace(/\W+/g, "-")}`);
    await who.context.close();
  });
}

test("the first thing that is shown has the right colours already", async () => {
  const who = await here.person(undefined);
  // Nothing but the loader: what it shows is what people see first.
  await who.page.route(/runtime-|swap-/, (route) => route.abort());
  await made(who, here.servers, { head: "<style>body{background:#222828;color:#fff}</style>", body: THREAD });
  await widget(who.page).locator(".view").waitFor();
  assert.equal(await scheme(who.page), "dark");
  assert.deepEqual((await contrasts(who.page)).wrong, []);
  await who.context.close();
});

test("a page that changes its theme takes the widget along", async () => {
  const who = await here.person(undefined);
  await made(who, here.servers, {
    head: "<style>body{background:#fff;color:#222;transition:background-color 50ms}body.night{background:#111;color:#eee}</style>",
    body: THREAD,
  });
  await shown(who.page);
  await expect.gives(() => scheme(who.page), (now) => now === "light", "light");
  const loaded = () => widget(who.page).locator("p.sr[role=status]").count();
  await expect.gives(loaded, (now) => now === 1, "the runtime is there");
  await who.page.evaluate(() => document.body.classList.add("night"));
  await expect.gives(() => scheme(who.page), (now) => now === "dark", "dark");
  assert.deepEqual((await contrasts(who.page)).wrong, []);
  await who.page.evaluate(() => document.body.classList.remove("night"));
  await expect.gives(() => scheme(who.page), (now) => now === "light", "light again");
  await who.context.close();
});
