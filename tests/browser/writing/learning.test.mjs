// Colleagues who know are suggested with the reason; whoever is asked hears of it at once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { plugin } from "../support/servers.mjs";
import { setUp } from "../support/setup.mjs";

const here = setUp(plugin("questions"));

const widget = (page) => page.locator("stoa-questions");
const link = (page, name) => widget(page).getByRole("link", { name });
const button = (page, name) => widget(page).getByRole("button", { name });

async function open(subject, path, options) {
  const who = await here.person(subject, options);
  await who.visit(path);
  await widget(who.page).locator(".view").first().waitFor();
  await widget(who.page).scrollIntoViewIfNeeded();
  return who;
}

for (const [look, options] of [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["phone", { viewport: { width: 360, height: 740 } }],
]) {
  test(`who may know is suggested with the reason (${look})`, async () => {
    const sofia = await open("sofia.blom", "/policies/travel", options);
    await link(sofia.page, /Which app shows the delay/).first().click();
    await widget(sofia.page).getByText("Who may know").waitFor();
    await widget(sofia.page).getByText(/answers on .*travel.* were accepted/).first().waitFor();
    await widget(sofia.page).getByText("Who may know").scrollIntoViewIfNeeded();
    await picture(sofia.page, `experts-${look}`);
    const { x, width } = await widget(sofia.page).locator(".card").first().boundingBox();
    assert.ok(x >= 0 && x + width <= sofia.page.viewportSize().width, `${width} px wide at ${x}`);
    assert.deepEqual(sofia.errors, []);
    await sofia.context.close();
  });
}

test("an expert who is asked hears of it at once, and the notice leads to the question", async () => {
  const petra = await here.person("petra.jansen");
  await petra.visit("/canteen/menu");
  await petra.page.locator("stoa-bell .badge, stoa-bell .link").first().waitFor();
  const sofia = await open("sofia.blom", "/policies/travel");
  await link(sofia.page, /Which app shows the delay/).first().click();
  await button(sofia.page, /Ask .*Petra Jansen/).click();
  await widget(sofia.page).getByText(/Petra Jansen.* was asked/).waitFor();
  const bell = petra.page.locator("stoa-bell");
  await bell.locator(".badge").first().waitFor();
  await bell.getByRole("link", { name: /^Notices/ }).first().click();
  await bell.getByRole("link", { name: /Sofia Blom.* named you in .*Which app shows/ }).first().click();
  await widget(petra.page).getByRole("heading", { name: /Which app shows the delay/ }).waitFor();
  await sofia.context.close();
  await petra.context.close();
});
