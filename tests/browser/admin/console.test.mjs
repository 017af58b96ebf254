// The admin's console: signed in by a link, every page checked by axe-core, used with and without script.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { plugin } from "../support/servers.mjs";
import { setUp } from "../support/setup.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const here = setUp(plugin("questions"));

/** What axe-core finds on the whole page, in words. */
async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
  });
}

/** Whether the page can be read without moving it sideways. */
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

/** An admin with a browser of their own, signed in by a link. */
async function admin(options) {
  const who = await here.person(undefined, options);
  await who.page.goto(here.servers.adminLink());
  await who.page.locator("button.main").click();
  await who.page.waitForURL(/\/admin$/);
  return who;
}

const PAGES = {
  overview: "/admin",
  plugins: "/admin/plugins",
  audit: "/admin/audit",
  "new-site": "/admin/new-site",
  site: "/admin/sites/demo",
  keys: "/admin/sites/demo/keys",
  "site-plugins": "/admin/sites/demo/plugins",
  plugin: "/admin/sites/demo/plugins/comments",
  words: "/admin/sites/demo/words",
  embed: "/admin/sites/demo/embed?accent=%23a01060",
  doctor: "/admin/sites/demo/doctor",
  token: "/admin/sites/demo/token",
  missing: "/admin/sites/nothing",
};

for (const colorScheme of ["light", "dark"]) {
  for (const [size, width] of [["wide", 1280], ["phone", 360]]) {
    test(`axe finds nothing on any page (${colorScheme}, ${size})`, async () => {
      const locale = size === "wide" ? "en-GB" : "de-DE";
      const who = await admin({ colorScheme, locale, viewport: { width, height: 800 } });
      for (const [name, path] of Object.entries(PAGES)) {
        await who.page.goto(here.servers.stoa + path);
        assert.deepEqual(await violations(who.page), [], name);
        assert.ok(await fits(who.page), `${name} fits into ${width} px`);
        await picture(who.page, `console-${name}-${size}-${colorScheme}`, { fullPage: true });
      }
      await who.context.clearCookies();
      await who.page.goto(`${here.servers.stoa}/admin`);
      assert.deepEqual(await violations(who.page), [], "sign-in");
      await picture(who.page, `console-sign-in-${size}-${colorScheme}`);
      const odd = who.errors.filter((error) => !/status of 40[14]/.test(error));
      assert.deepEqual(odd, [], "no page breaks its own policy");
      await who.context.close();
    });
  }
}

test("without script a site is made, gets a key, and its words are tried", async () => {
  const who = await admin({ javaScriptEnabled: false });
  const { page } = who;
  await page.getByRole("link", { name: "New site" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Wiki without script");
  await page.getByLabel("Origins").fill("https://wiki.example/path");
  await page.getByRole("button", { name: "Make the site" }).click();
  assert.match(await page.locator("#origins-error").innerText(), /no origin/);
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Wiki without script");
  await picture(page, "console-error", { fullPage: true });
  await page.getByLabel("Origins").fill("https://wiki.example");
  await page.getByRole("button", { name: "Make the site" }).click();
  await page.getByRole("button", { name: "Make a secret" }).click();
  assert.match(await page.locator("code").first().innerText(), /^[0-9a-f]{64}$/);
  await picture(page, "console-key", { fullPage: true });
  await page.getByRole("link", { name: "Words and rules" }).click();
  await page.getByLabel("Words that are refused").fill("blubb");
  await page.getByLabel("Try a text").fill("So ein Blubb!");
  await page.getByRole("button", { name: "Try it" }).click();
  assert.match(await page.locator(".notice.bad").innerText(), /refused/);
  await page.getByRole("button", { name: "Save" }).click();
  assert.match(await page.locator(".notice.good").innerText(), /Saved/);
  await who.context.close();
});

test("on the test page a comment can be posted, with the look that was chosen", async () => {
  const who = await admin();
  const { page } = who;
  await page.goto(`${here.servers.stoa}/admin/sites/demo/embed?element=comments&accent=%23a01060`);
  await page.getByRole("link", { name: /test page/i }).click();
  await page.getByRole("textbox", { name: /comment/i }).fill("Written on the test page");
  await page.getByRole("button", { name: /Send|Post/ }).first().click();
  await page.getByText("Written on the test page").waitFor();
  await picture(page, "console-try", { fullPage: true });
  await who.context.close();
});

test("the doctor examines a page of the intranet and says what to change", async () => {
  const who = await admin();
  const { page } = who;
  await page.goto(`${here.servers.stoa}/admin/sites/demo/doctor`);
  await page.getByLabel("Address of the page").fill(`${here.servers.intranet}/howto/printer`);
  await page.getByRole("button", { name: "Examine the page" }).click();
  await page.locator(".notice.good, .findings .card").first().waitFor();
  await picture(page, "console-doctor-found", { fullPage: true });
  assert.deepEqual(await violations(page), []);
  await who.context.close();
});

test("what is saved in the console is there at once in an open page", async () => {
  const who = await admin();
  const reader = await here.person("mia.hansen");
  await reader.visit("/howto/printer");
  await reader.page.locator("stoa-comments").getByText("The printer in hall 2").first().waitFor();
  const { page } = who;
  await page.goto(`${here.servers.stoa}/admin/sites/demo`);
  await page.getByRole("button", { name: "Manage it here" }).click();
  await page.getByLabel("Origins").fill("https://elsewhere.example");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".notice.good").waitFor();
  await reader.page.reload();
  await reader.page.getByText("This part of the page is not set up correctly.").first().waitFor();
  await page.goto(`${here.servers.stoa}/admin/sites/demo/doctor`);
  await page.getByText("Origin not allowed").waitFor();
  await picture(page, "console-reports", { fullPage: true });
  await page.goto(`${here.servers.stoa}/admin/sites/demo`);
  await page.getByRole("button", { name: "Give it back to stoa.toml" }).click();
  await reader.page.reload();
  await reader.page.locator("stoa-comments").getByText("The printer in hall 2").first().waitFor();
  await page.goto(`${here.servers.stoa}/admin/audit`);
  await page.locator("summary").first().click();
  await picture(page, "console-audit-open", { fullPage: true });
  await who.context.close();
  await reader.context.close();
});
