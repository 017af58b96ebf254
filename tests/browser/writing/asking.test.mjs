// Questions: asked by one, answered by another, accepted; with the runtime, in swap mode, in the hub and without script.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { plugin } from "../support/servers.mjs";
import { setUp } from "../support/setup.mjs";

const here = setUp(plugin("questions"));

const widget = (page) => page.locator("stoa-questions");
const link = (page, name) => widget(page).getByRole("link", { name });
const button = (page, name) => widget(page).getByRole("button", { name, exact: true });
const heading = (page, name) => widget(page).getByRole("heading", { name });

/** Opens the questions of a page in a browser of somebody's own, with the runtime or without one. */
async function open(subject, path, options) {
  const who = await here.person(subject, options);
  await who.visit(path);
  await widget(who.page).locator(".view").first().waitFor();
  await widget(who.page).scrollIntoViewIfNeeded();
  return who;
}

async function ask(page, title, details, hasRuntime) {
  if (hasRuntime) await widget(page).locator("form[data-up]").first().waitFor();
  await widget(page).getByRole("textbox").first().fill(title);
  // At once: what is known already would have come a moment later, and must not take the place of the form.
  await button(page, "Ask…").click();
  await widget(page).getByRole("textbox", { name: /^Details/ }).fill(details);
  await button(page, "Ask this question").click();
  await heading(page, title).waitFor();
}

async function answer(page, title, text) {
  await link(page, title).click();
  await link(page, "Write an answer…").click();
  await widget(page).getByRole("textbox", { name: "Your answer" }).fill(text);
  await button(page, "Post answer").click();
  await widget(page).locator(".post .rich", { hasText: text }).waitFor();
}

for (const [mode, path] of [["with the runtime", "/howto/vpn"], ["in swap mode", "/howto/vpn?csp=nowasm"]]) {
  test(`a question is asked, answered by somebody else and accepted, ${mode}`, async () => {
    const title = `Which profile works ${mode}?`;
    const mia = await open("mia.hansen", path);
    await ask(mia.page, title, `I have tried **two** of them ${mode}.`, !path.includes("nowasm"));
    await widget(mia.page).getByText("Open", { exact: true }).waitFor();

    const tobias = await open("tobias.krueger", path);
    await answer(tobias.page, title, `TCP, ${mode} at least.`);
    assert.equal(await link(tobias.page, "Write an answer…").count(), 0, "one answer from each person");
    await button(tobias.page, "I have this too").click();
    await widget(tobias.page).locator("button[aria-pressed=true]", { hasText: "I have this too" }).waitFor();

    await mia.page.reload();
    await link(mia.page, title).click();
    await button(mia.page, "Accept").click();
    await widget(mia.page).getByText("Accepted answer").waitFor();
    await widget(mia.page).getByText("Solved", { exact: true }).waitFor();
    await picture(mia.page, `question-${mode.replaceAll(" ", "-")}`);

    // Tobias hears of it elsewhere, and the notice leads to his answer.
    await tobias.visit("/canteen/menu");
    const bell = tobias.page.locator("stoa-bell");
    await bell.getByRole("link", { name: /^Notices/ }).first().click();
    await bell.getByRole("link", { name: /Mia Hansen.* accepted your answer to/ }).first().click();
    await heading(tobias.page, title).waitFor();
    await widget(tobias.page).getByText(`TCP, ${mode} at least.`).waitFor();

    await mia.page.reload();
    const item = widget(mia.page).locator("li.item", { hasText: title });
    await item.getByText("Solved", { exact: true }).waitFor();
    await item.getByText(/Tobias Krüger.* solved it/).waitFor();
    await link(mia.page, title).click();
    await button(mia.page, "No longer accept").click();
    await button(mia.page, "Accept").waitFor();
    await widget(mia.page).getByText("Answered", { exact: true }).waitFor();
    assert.deepEqual([...mia.errors, ...tobias.errors], []);
    await mia.context.close();
    await tobias.context.close();
  });
}

test("the hub lists the questions of all pages and takes answers for them", async () => {
  const who = await open("yusuf.demir", "/questions");
  await widget(who.page).locator("li.item", { hasText: "The label printer in hall 2" }).getByText("Print, scan, copy").waitFor();
  await answer(who.page, /The label printer in hall 2/, "The driver of last week was wrong. Please restart it.");
  await who.visit("/howto/printer");
  await link(who.page, /The label printer in hall 2/).click();
  await widget(who.page).getByText("The driver of last week was wrong.").waitFor();
  assert.deepEqual(who.errors, []);
  await who.context.close();
});

test("known questions are shown while somebody types, and one of them may answer it", async () => {
  const who = await open("mia.hansen", "/policies/travel");
  const field = widget(who.page).getByRole("textbox").first();
  await widget(who.page).locator("form[data-up]").first().waitFor();
  await field.pressSequentially("Do I need the paper receipts");
  const card = widget(who.page).locator(".card", { hasText: "Is it one of these?" });
  const known = card.locator("li.item", { hasText: "or is a photo enough" });
  await known.waitFor();
  assert.equal(await field.inputValue(), "Do I need the paper receipts", "what was typed stays");
  await picture(who.page, "question-similar");
  await known.getByRole("button", { name: "This answers it" }).click();
  await heading(who.page, /or is a photo enough/).waitFor();
  await widget(who.page).locator("button[aria-pressed=true]", { hasText: "Follow" }).waitFor();
  assert.deepEqual(who.errors, []);
  await who.context.close();
});

test("a title that is too short is refused at its field, and stays", async () => {
  const who = await open("mia.hansen", "/howto/meeting-room");
  const field = widget(who.page).getByRole("textbox").first();
  await field.fill("Why?");
  await button(who.page, "Ask…").click();
  await widget(who.page).getByText(/Please use at least .*6.* characters/).waitFor();
  assert.equal(await field.inputValue(), "Why?");
  await who.context.close();
});

test("without script the list leads to a question and its answers", async () => {
  const who = await here.person(undefined, { javaScriptEnabled: false });
  await who.page.goto(`${here.servers.stoa}/t/demo/questions?page=policies/travel`);
  await who.page.getByRole("link", { name: /paper receipts, or/ }).click();
  await who.page.getByRole("heading", { name: /paper receipts, or/ }).waitFor();
  await who.page.getByText("legible photo of the whole receipt").waitFor();
  assert.equal(await who.page.getByRole("textbox").count(), 0);
  await who.page.getByText("Sign in to ask and answer.").waitFor();
  await picture(who.page, "question-plain", { fullPage: true });
  await who.context.close();
});
