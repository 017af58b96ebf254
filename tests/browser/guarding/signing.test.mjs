// Signing in from the host's own pages at a real OpenID provider, by code and PKCE, and out again at either side.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startProvider } from "../support/provider.mjs";
import { setUp } from "../support/setup.mjs";
import { entry, expect, open, widget } from "../support/widget.mjs";

const PAGE = "/howto/printer";
const provider = await startProvider();
const here = setUp(`[sites.sign_in]
url = "https://intranet.example/login"
[[sites.issuers]]
issuer = "${provider.issuer}"
kind = "oidc"
client_id = "stoa"
sign_in = true
[sites.issuers.roles]
editors = "moderator"`);
after(() => provider.stop());

const plain = () => `${here.servers.stoa}/t/demo/comments?page=${encodeURIComponent(PAGE)}`;

/** Somebody with a browser of their own at the plain page. */
async function visit(work) {
  await provider.serves(here.servers.stoa);
  const who = await here.person("none");
  await who.page.goto(plain());
  await work(who.page, who);
  await who.context.close();
}

async function signIn(page, name) {
  await page.getByRole("link", { name: "Sign in", exact: true }).first().click();
  await page.getByRole("link", { name }).click();
  await page.locator("header.page b").filter({ hasText: name }).waitFor();
}

async function write(page, text) {
  await page.getByRole("textbox", { name: "Your comment" }).fill(text);
  await page.getByRole("button", { name: "Post comment" }).click();
  await page.getByText(text).first().waitFor();
}

test("somebody signs in at the provider, writes, and signs out here", () =>
  visit(async (page) => {
    await signIn(page, "Erin Editor");
    assert.equal(page.url(), plain(), "back where they were");
    await write(page, "Written on the plain page");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Sign in", exact: true }).first().waitFor();
    assert.equal(await page.locator("header.page b").count(), 0);
    await page.getByText("Written on the plain page").first().waitFor();
  }));

test("who signs out at the provider is signed out here, and their open stream ends", () =>
  visit(async (page, { context }) => {
    await signIn(page, "Vera Viewer");
    // A stream of the same session, as a page that stands open has one.
    const bearer = (await context.cookies()).find(({ name }) => name === "__Host-stoa").value;
    const stoa = here.servers.stoa.replace("widgets.localhost", "127.0.0.1");
    const views = [{ id: 1, plugin: "comments", page: PAGE, rev: "" }];
    const body = JSON.stringify({ bearer, views });
    const stream = await fetch(`${stoa}/v1/sites/demo/live`, { method: "POST", body, signal: AbortSignal.timeout(20_000) });
    assert.equal(stream.status, 200);
    await page.goto(`${provider.issuer}/session/end`);
    await page.getByRole("button", { name: /yes, sign me out/i }).click();
    assert.match(await stream.text(), /event: bye\n/, "it has ended");
    await page.goto(plain());
    await page.getByRole("link", { name: "Sign in", exact: true }).first().waitFor();
    assert.equal(await page.locator("header.page b").count(), 0);
  }));

test("an answer that was used, or comes to another browser, says so and leads to the beginning", () =>
  visit(async (page, { context }) => {
    const answers = [];
    page.on("request", (request) => request.url().includes("/signin/demo/back?") && answers.push(request.url()));
    await signIn(page, "Erin Editor");
    assert.equal(answers.length, 1);
    await page.goto(answers[0]);
    await expect.text(page.getByRole("alert"), /begun in another window, was used already/);
    await context.clearCookies();
    await page.goto(answers[0]);
    await expect.text(page.getByRole("alert"), /begun in another window/);
    await page.getByRole("link", { name: "Sign in again" }).click();
    await page.getByRole("link", { name: "Erin Editor" }).click();
    await page.locator("header.page b").filter({ hasText: "Erin Editor" }).waitFor();
  }));

test("a widget leads people who read without being signed in to where the site says", async () => {
  const who = await here.person("none");
  await open(who, PAGE);
  await entry(who.page, "The printer in hall 2").waitFor();
  await widget(who.page).getByText("Sign in to join the conversation.").waitFor();
  const link = widget(who.page).getByRole("link", { name: /^Sign in/ }).first();
  assert.equal(await link.getAttribute("href"), "https://intranet.example/login");
  await who.context.close();
});
