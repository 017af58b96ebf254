// Without any script: the page that the noscript form leads to.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { setUp } from "../support/setup.mjs";

const here = setUp();

/** Goes from the intranet's page to the comments by the form in `<noscript>`. */
async function arrive(subject, path) {
  const who = await here.person(subject, { javaScriptEnabled: false });
  await who.visit(path);
  await who.page.locator("noscript form button, noscript form input[type=submit]").first().click();
  await who.page.waitForURL(new RegExp(`^${here.servers.stoa}/t/demo/comments`));
  return who;
}

const post = (page, text) => page.locator(".post").filter({ has: page.locator(":scope > .rich", { hasText: text }) });

test("the form in noscript leads to the thread, signed in", async () => {
  const { page, context } = await arrive("mia.hansen", "/howto/printer");
  assert.match(await page.locator("header.page").textContent(), /Mia Hansen/);
  assert.ok(!page.url().includes("token"), "no token in the address");
  await post(page, "The printer in hall 2 prints everything twice").waitFor();
  await picture(page, "plain-page", { fullPage: true });
  await context.close();
});

test("a comment, a reply and a vote without script, and a reload repeats none of them", async () => {
  const { page, context } = await arrive("mia.hansen", "/howto/printer");
  await page.getByRole("textbox", { name: "Your comment" }).fill("Written *without* script");
  await page.getByRole("button", { name: "Post comment" }).click();
  const own = post(page, "Written without script");
  await own.waitFor();
  assert.equal(await own.locator("em").textContent(), "without");
  await page.reload();
  assert.equal(await own.count(), 1);

  await own.getByRole("link", { name: "Reply" }).first().click();
  await page.getByRole("textbox", { name: /^Your reply/ }).fill("A reply without script");
  await page.getByRole("button", { name: "Post reply" }).click();
  await own.locator(".replies").getByText("A reply without script").waitFor();

  const vote = () => post(page, "The printer in hall 2").getByRole("button", { name: "Helpful" }).first();
  const before = Number(await vote().locator(".count").textContent());
  await vote().click();
  await page.waitForLoadState();
  assert.equal(await vote().getAttribute("aria-pressed"), "true");
  assert.equal(Number(await vote().locator(".count").textContent()), before + 1);
  await context.close();
});

test("editing and deleting without script", async () => {
  const { page, context } = await arrive("dieter.wolff", "/howto/printer");
  await page.getByRole("textbox", { name: "Your comment" }).fill("To be changed");
  await page.getByRole("button", { name: "Post comment" }).click();
  await post(page, "To be changed").locator("a.menu").first().click();
  await post(page, "To be changed").getByRole("link", { name: "Edit" }).first().click();
  const field = page.locator("form[id^=form-edit] textarea");
  assert.equal(await field.inputValue(), "To be changed");
  await field.fill("Changed, and soon to be deleted");
  await page.getByRole("button", { name: "Save changes" }).click();
  const changed = post(page, "Changed, and soon to be deleted");
  await changed.waitFor();
  await changed.locator("a.menu").first().click();
  await changed.locator("summary", { hasText: "Delete" }).first().click();
  await changed.getByRole("button", { name: "Delete" }).first().click();
  await page.waitForLoadState();
  assert.equal(await changed.count(), 0);
  await context.close();
});

test("sorting and more are links that work without script", async () => {
  const { page, context } = await arrive("mia.hansen", "/policies/travel");
  const roots = page.locator(".feed > .post");
  const before = await roots.count();
  await page.getByRole("link", { name: /^Show .* more$/ }).click();
  assert.ok((await roots.count()) > before);
  await page.getByRole("link", { name: "Oldest" }).click();
  assert.equal(await page.getByRole("link", { name: "Oldest" }).getAttribute("aria-current"), "true");
  await context.close();
});

test("what the host refuses comes back with the reason and the text", async () => {
  const { page, context } = await arrive("mia.hansen", "/howto/printer");
  for (let time = 0; time < 2; time++) {
    await page.getByRole("textbox", { name: "Your comment" }).first().fill("Twice the very same words");
    await page.getByRole("button", { name: "Post comment" }).click();
    await page.waitForLoadState();
  }
  await page.getByRole("alert").waitFor();
  await page.locator("textarea").filter({ hasText: "Twice the very same words" }).first().waitFor();
  await context.close();
});

test("somebody who is not signed in reads, and is told how to take part", async () => {
  const who = await here.person(undefined, { javaScriptEnabled: false });
  await who.page.goto(`${here.servers.stoa}/t/demo/comments?page=howto/printer`);
  await post(who.page, "The printer in hall 2").waitFor();
  assert.equal(await who.page.getByRole("textbox").count(), 0);
  await who.page.getByText("Sign in to join the conversation.").waitFor();
  await who.context.close();
});
