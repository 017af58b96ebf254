// One tag for everything that a site shows below a page: tabs with counts, of which only the shown one is loaded.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { made } from "../support/made.mjs";
import { plugin } from "../support/servers.mjs";
import { setUp } from "../support/setup.mjs";
import { expect, focused, said } from "../support/widget.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PAGE = "/onboarding/first-week";
const KEY = "onboarding/first-week";
const here = setUp(plugin("questions"));
const alone = setUp();

const block = (page) => page.locator("stoa-page");
const tab = (page, name) => block(page).getByRole("tab", { name });
const panel = (page, name) => block(page).locator(`stoa-plugin[name=${name}]`);

/** Opens the page and waits until its block is complete. */
async function open(who, path = PAGE) {
  const live = who.page.waitForResponse((answer) => answer.url().endsWith("/live") && answer.ok());
  await who.visit(path);
  await block(who.page).locator(".view").first().waitFor();
  await block(who.page).evaluate((element) => element.scrollIntoView({ block: "start", behavior: "instant" }));
  await live;
}

async function withPerson(subject, work, options, path) {
  const who = await here.person(subject, options);
  await open(who, path);
  await work(who.page, who);
  await who.context.close();
}

test("a first visit asks four times, and only the tab that is shown is loaded", async () => {
  const who = await here.person(undefined);
  const asked = [];
  who.page.on("request", (request) => request.url().startsWith(here.servers.stoa) && asked.push(new URL(request.url()).pathname.split("/").at(-1)));
  await open(who);
  await panel(who.page, "questions").getByRole("heading", { name: /questions/ }).waitFor();
  await expect.gives(() => asked.length, (now) => now >= 4, "four requests");
  assert.equal(asked.length, 4, asked.join());
  await expect.count(block(who.page).locator("stoa-plugin"), 1);
  await tab(who.page, /Comments \d+/).click();
  await panel(who.page, "comments").locator(".post").first().waitFor();
  await expect.gives(() => panel(who.page, "questions").isVisible(), (now) => !now, "questions hidden");
  assert.deepEqual(who.errors, []);
  await who.context.close();
});

test("the tabs are tabs: arrows move, Enter chooses, each names its panel", () =>
  withPerson("mia.hansen", async (page) => {
    await expect.attribute(tab(page, /Questions/), "aria-selected", "true");
    await tab(page, /Questions/).focus();
    await page.keyboard.press("ArrowRight");
    assert.match((await focused(page)).name, /Comments/);
    await page.keyboard.press("Enter");
    await panel(page, "comments").locator(".post").first().waitFor();
    await expect.attribute(tab(page, /Comments/), "aria-selected", "true");
    await page.keyboard.press("Home");
    assert.match((await focused(page)).name, /Questions/);
    const names = await block(page).evaluate((element) =>
      [...element.shadowRoot.querySelectorAll("[role=tab]")].map((one) => one.ariaControlsElements?.map((panel) => panel.getAttribute("name")).join()),
    );
    assert.deepEqual(names, ["questions", "comments"]);
    assert.equal(await panel(page, "comments").getAttribute("role"), "tabpanel");
  }));

test("the last choice is remembered, on other pages too", () =>
  withPerson("mia.hansen", async (page, who) => {
    await tab(page, /Comments/).click();
    await panel(page, "comments").locator(".post").first().waitFor();
    await open(who, "/policies/information-security");
    await expect.attribute(tab(page, /Comments/), "aria-selected", "true");
    await panel(page, "comments").locator(".post").first().waitFor();
    await expect.count(panel(page, "questions"), 0);
  }));

test("the tab with something new since the last visit is shown first, once", () =>
  withPerson("mia.hansen", async (page, who) => {
    await expect.attribute(tab(page, /Questions/), "aria-selected", "true");
    await (await here.member("dieter.wolff")).create(KEY, "New since the last visit");
    await open(who);
    await expect.attribute(tab(page, /Comments/), "aria-selected", "true");
    await panel(page, "comments").getByText("New since the last visit").waitFor();
    await open(who);
    await expect.attribute(tab(page, /Questions/), "aria-selected", "true");
  }));

test("the counts of the tabs follow what others write", () =>
  withPerson("mia.hansen", async (page) => {
    const count = async () => Number((await tab(page, /Comments/).textContent()).match(/\d+/)[0]);
    const before = await count();
    await (await here.member("dieter.wolff")).create(KEY, "Counted while somebody looks");
    await expect.gives(count, (now) => now === before + 1, "one more");
    await expect.attribute(tab(page, /Questions/), "aria-selected", "true");
  }));

test("a link to a comment opens its tab, with the comment", () =>
  withPerson("mia.hansen", async (page) => {
    const id = await (await here.member("dieter.wolff")).find(KEY, "New since the last visit");
    await page.evaluate((hash) => (location.hash = hash), `#stoa-comments?focus=${id}`);
    await panel(page, "comments").locator(".is-highlighted").filter({ hasText: "New since the last visit" }).first().waitFor();
    await expect.attribute(tab(page, /Comments/), "aria-selected", "true");
  }));

test("where only one plugin is on there are no tabs", async () => {
  const who = await alone.person(undefined);
  await made(who, alone.servers, { body: '<stoa-page page="howto/printer"></stoa-page>' });
  await panel(who.page, "comments").locator(".post").first().waitFor();
  await panel(who.page, "comments").getByRole("heading", { name: /5.* comments/ }).waitFor();
  assert.equal(await block(who.page).getByRole("tab").count(), 0);
  await who.context.close();
});

test("in swap mode the tabs work as well", async () => {
  const who = await here.person("mia.hansen");
  await who.visit(`${PAGE}?csp=nowasm`);
  await block(who.page).locator(".view").first().waitFor();
  await block(who.page).evaluate((element) => element.scrollIntoView());
  await block(who.page).locator("nav a", { hasText: "Comments" }).click();
  await panel(who.page, "comments").locator(".post").first().waitFor();
  await expect.gives(() => panel(who.page, "questions").isVisible(), (now) => !now, "questions hidden");
  await who.context.close();
});

for (const [name, options, path] of [
  ["light", { colorScheme: "light" }, PAGE],
  ["dark", { colorScheme: "dark" }, PAGE],
  ["narrow", { viewport: { width: 320, height: 700 } }, PAGE],
  ["german", {}, `${PAGE}?lang=de`],
  ["right-to-left", {}, `${PAGE}?dir=rtl`],
]) {
  test(`the block holds: ${name}`, () =>
    withPerson(
      "mia.hansen",
      async (page) => {
        await panel(page, "questions").locator(".view").waitFor();
        await picture(page, `block-${name}`);
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { violations } = await globalThis.axe.run(document.querySelector("stoa-page"));
          return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`));
        });
        assert.deepEqual(found, []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
        assert.equal(wide, false, "nothing sticks out");
        if (name === "narrow") {
          for (const one of await block(page).getByRole("tab").all()) assert.ok((await one.boundingBox()).height >= 44, "44 pixels high");
        }
      },
      options,
      path,
    ));
}
