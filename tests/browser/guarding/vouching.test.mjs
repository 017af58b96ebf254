// Who somebody is: tokens in the page, from an address, from a hook of the page; ended, wrong and missing ones.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { setUp } from "../support/setup.mjs";
import { composer, entry, expect, open, publish, shown, submit, widget } from "../support/widget.mjs";

const PAGE = "/howto/printer";
const here = setUp('[sites.moderation]\nbanned_words = ["blockhead"]');

/** A token of the intranet's, with some claims changed. */
function token(change = {}) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: here.servers.intranet, origin: here.servers.intranet, aud: "demo", sub: "mia.hansen", name: "Mia Hansen", iat: now,
    exp: now + 300, jti: `${Math.random()}`, roles: [], groups: [], ...change,
  };
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  const sign = createHmac("sha256", "a secret of the browser tests, 32 bytes or more");
  return `${head}.${sign.update(head).digest("base64url")}`;
}

async function withPerson(work) {
  const who = await here.person("none");
  await open(who, PAGE);
  await work(who.page, who);
  await who.context.close();
}

/** Puts an element with these attributes in the place of the page's own. */
const replace = (page, attributes) =>
  page.evaluate((attributes) => {
    const old = document.querySelector("stoa-comments");
    const next = document.createElement("stoa-comments");
    for (const [name, value] of Object.entries({ page: old.getAttribute("page"), ...attributes })) next.setAttribute(name, value);
    old.replaceWith(next);
  }, attributes);

const author = (page, text) => entry(page, text).locator(":scope > header .author").first();

test("who is not signed in reads, is told how to take part, and cannot write", () =>
  withPerson(async (page) => {
    await entry(page, "The printer in hall 2").waitFor();
    await widget(page).getByText("Sign in to join the conversation.").waitFor();
    assert.equal(await composer(page).count(), 0);
  }));

test("a token that has ended before the page was looked at is renewed from the token's address", () =>
  withPerson(async (page, who) => {
    await who.context.addCookies([{ name: "person", value: "mia.hansen", url: here.servers.intranet }]);
    const hour = Math.floor(Date.now() / 1000) - 3600;
    await replace(page, { token: token({ iat: hour, exp: hour + 300 }), "token-url": "/stoa/token" });
    await composer(page).waitFor();
  }));

for (const [what, change, claim] of [
  ["an ended token", { iat: 1_700_000_000, exp: 1_700_000_300 }, /exp/],
  ["a token for another site", { aud: "elsewhere" }, /aud/],
  ["a token of another issuer", { iss: "http://evil.localhost" }, /iss/],
  ["a token for another origin", { origin: "http://evil.localhost" }, /origin/],
]) {
  test(`${what} is refused: in plain words to people, by the claim's name in the console`, () =>
    withPerson(async (page) => {
      const warning = page.waitForEvent("console", (message) => message.type() == "error" && claim.test(message.text()));
      await replace(page, { token: token(change) });
      await expect.text(widget(page).getByRole("alert"), /could not be signed in/);
      await warning;
    }));
}

test("a page vouches by a function that was there before the loader", async () => {
  const who = await here.person("none");
  await who.context.addInitScript((token) => {
    globalThis.stoa = { token: async () => token };
  }, token());
  await open(who, PAGE);
  await publish(who.page, "Vouched for by a function");
  assert.equal(await author(who.page, "Vouched for by a function").textContent(), "Mia Hansen");
  await who.context.close();
});

test("a page vouches by a function that is set when the widget is there already", () =>
  withPerson(async (page) => {
    await page.evaluate((token) => (globalThis.stoa = { token: async () => token }), token());
    await publish(page, "Vouched for a little late");
    assert.equal(await author(page, "Vouched for a little late").textContent(), "Mia Hansen");
  }));

test("the page hears of what somebody did and of what was refused, and of nothing else", async () => {
  const who = await here.person("mia.hansen");
  const { page } = who;
  await who.context.addInitScript(() => {
    globalThis.heard = [];
    for (const name of ["stoa-posted", "stoa-error"]) document.addEventListener(name, () => globalThis.heard.push(name));
  });
  await open(who, PAGE);
  const heard = () => page.evaluate(() => globalThis.heard.join());
  assert.equal(await heard(), "");
  await publish(page, "The page hears of this");
  await expect.gives(heard, (now) => now === "stoa-posted", "posted");
  await composer(page).fill("You blockhead");
  await submit(page).click();
  await expect.gives(heard, (now) => now === "stoa-posted,stoa-error", "refused");
  await who.context.close();
});

test("a page of an origin that is not on the site's list gets nothing but the link in it", async () => {
  const who = await here.person(undefined);
  const elsewhere = here.servers.intranet.replace("intranet.localhost", "127.0.0.1");
  const asked = who.page.waitForRequest((request) => request.url().endsWith("/session"));
  await who.page.goto(elsewhere + PAGE);
  await asked;
  await who.page.getByRole("link", { name: "Comments on this page" }).waitFor();
  assert.equal(await widget(who.page).locator(".post").count(), 0);
  await who.context.close();
});

test("no cookie is set by a widget, in any of its answers", async () => {
  const who = await here.person("mia.hansen");
  await open(who, PAGE);
  await publish(who.page, "Without a cookie");
  const cookies = await who.context.cookies(here.servers.stoa);
  assert.deepEqual(cookies, []);
  await who.context.close();
});

test("a browser that cannot parse HTML safely gets the same thread, built from patches", async () => {
  const who = await here.person("mia.hansen");
  await who.context.addInitScript(() => {
    delete Element.prototype.setHTML;
    delete ShadowRoot.prototype.setHTML;
  });
  await open(who, PAGE);
  await entry(who.page, "The printer in hall 2").waitFor();
  await publish(who.page, "Written in an older browser");
  assert.deepEqual(who.errors, []);
  await who.context.close();
});

test("a browser with neither keeps the link to the plain page", async () => {
  const who = await here.person("mia.hansen");
  await who.context.addInitScript(() => {
    delete Element.prototype.setHTML;
    delete ShadowRoot.prototype.setHTML;
  });
  const asked = who.page.waitForResponse((answer) => answer.url().endsWith("/session"));
  const givenUp = who.page.waitForResponse((answer) => /\/swap-/.test(answer.url()));
  await who.visit(`${PAGE}?csp=nowasm`);
  await asked;
  await givenUp;
  await who.page.getByRole("link", { name: "Comments on this page" }).click();
  await who.page.waitForURL(`${here.servers.stoa}/t/demo/comments?page=howto/printer`);
  await who.page.getByText("The printer in hall 2").waitFor();
  await who.context.close();
});

test("two pages in one browser share nothing that one of them could read of the other", async () => {
  const who = await here.person("mia.hansen");
  await open(who, PAGE);
  await shown(who.page);
  const left = await who.page.evaluate(() => [document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].join());
  assert.doesNotMatch(left, /bearer|token|eyJ/i);
  assert.equal(await who.page.evaluate(() => typeof globalThis.stoa?.bearer), "undefined");
  await who.context.close();
});
