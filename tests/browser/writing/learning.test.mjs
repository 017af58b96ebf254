// Colleagues who know are asked and hear of it at once; a comment becomes a question; a change is suggested and taken.

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

test("a comment becomes a question, and a change that somebody suggests is taken", async () => {
  const tom = await open("tom.lindqvist", "/policies/travel");
  await link(tom.page, /Are tips paid back/).first().click();
  const answer = widget(tom.page).locator(".post", { hasText: "Up to ten percent" }).first();
  await answer.getByRole("link", { name: "Comment" }).click();
  await widget(tom.page).getByRole("textbox", { name: "Your comment" }).fill("Does that hold in Sweden as well?");
  await button(tom.page, "Post comment").click();
  const said = widget(tom.page).locator(".post .post", { hasText: "Does that hold in Sweden" }).first();
  await said.locator("a.menu, summary").first().click();
  await widget(tom.page).getByRole("menuitem", { name: "Make this a question" }).click();
  await widget(tom.page).getByRole("heading", { name: "Does that hold in Sweden as well?" }).waitFor();
  await widget(tom.page).getByText("This was a comment").waitFor();
  await picture(tom.page, "promoted");
  await link(tom.page, "This was a comment").click();
  await link(tom.page, "This is a question now").waitFor();
  await answer.locator("a.menu, summary").first().click();
  await widget(tom.page).getByRole("menuitem", { name: "Suggest a change" }).click();
  const text = widget(tom.page).getByRole("textbox", { name: "The text as it should be" });
  await text.fill("Up to fifteen percent, when they are on the receipt.");
  await button(tom.page, "Send the suggestion").click();
  await widget(tom.page).getByText(/Tom Lindqvist.* suggests a change/).waitFor();

  const petra = await open("petra.jansen", "/policies/travel");
  await link(petra.page, /Are tips paid back/).first().click();
  await widget(petra.page).getByText(/Tom Lindqvist.* suggests a change/).waitFor();
  await widget(petra.page).locator("del, s").first().waitFor();
  await picture(petra.page, "suggested");
  await button(petra.page, "Take it over").click();
  await widget(petra.page).locator(".post .rich", { hasText: "Up to fifteen percent" }).first().waitFor();
  assert.deepEqual([...tom.errors, ...petra.errors], []);
  await tom.context.close();
  await petra.context.close();
});
