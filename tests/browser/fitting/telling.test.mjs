// Never an empty place: whatever goes wrong, the reader gets a sentence and a link, the administrator one line.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { made } from "../support/made.mjs";
import { setUp } from "../support/setup.mjs";
import { composer, expect, open, publish, widget } from "../support/widget.mjs";

const here = setUp();
const THREAD = '<p>Text of the page.</p><stoa-comments page="howto/printer"></stoa-comments>';
const DOWN = { en: "This part of the page cannot be reached", de: "Dieser Teil der Seite ist gerade nicht erreichbar" };

/** Waits for the lines that the administrator finds in the console, those of the widgets alone. */
function lines(who) {
  const found = [];
  who.page.on("console", (message) => /^stoa: /.test(message.text()) && found.push(message.text()));
  return found;
}

/** Somebody whose clock the test sets forward. */
async function impatient(options) {
  const who = await here.person(undefined, options);
  await who.page.clock.install();
  return Object.assign(who, { waits: true });
}

/** Waits while the tries of half a minute pass. */
const later = (who, locator) =>
  expect.gives(
    async () => {
      await who.page.clock.runFor(5_000);
      return locator.count();
    },
    (now) => now > 0,
    `expected ${locator}`,
  );

/** One line that says all of this. */
async function told(who, found, ...parts) {
  await expect.gives(
    async () => {
      if (who.waits) await who.page.clock.runFor(10);
      return found.length;
    },
    (now) => now > 0,
    "a line in the console",
  );
  for (const part of parts) assert.ok(found[0].includes(part), `${part} in ${found[0]}`);
  assert.equal(found.length, 1, found.join("\n"));
}

for (const lang of ["en", "de"]) {
  test(`where the host does not answer the reader is told so, with a link (${lang})`, async () => {
    const who = await impatient();
    const found = lines(who);
    await who.context.route("**/v1/**", (route) => route.abort());
    await who.context.route("**/healthz", (route) => route.abort());
    await made(who, here.servers, { html: `lang="${lang}"`, body: THREAD });
    await later(who, widget(who.page).getByRole("note").filter({ hasText: DOWN[lang] }));
    const link = widget(who.page).getByRole("link");
    assert.equal(await link.getAttribute("href"), `${here.servers.stoa}/t/demo/comments?page=howto%2Fprinter`);
    await told(who, found, here.servers.stoa, '"demo"', here.servers.intranet, "no answer");
    await picture(who.page, `down-${lang}`);
    // And when it is back, so is the thread.
    await who.context.unroute("**/v1/**");
    await later(who, widget(who.page).locator(".post"));
    assert.equal(await widget(who.page).getByRole("note").count(), 0);
    await who.context.close();
  });
}

test("a host that went down after an earlier visit is told of without anything new from it", async () => {
  const who = await impatient();
  await made(who, here.servers, { html: 'lang="de"', body: THREAD });
  await widget(who.page).locator(".post").first().waitFor();
  await who.context.route(/\/v1\/|healthz|parts\.js/, (route) => route.abort());
  await who.page.reload();
  await later(who, widget(who.page).getByText(DOWN.de));
  await who.context.close();
});

test("the link inside the element stays, and is not doubled", async () => {
  const who = await impatient();
  await who.context.route("**/v1/**", (route) => route.abort());
  await made(who, here.servers, { body: '<stoa-comments page="howto/printer"><a href="/elsewhere">Comments</a></stoa-comments>' });
  await later(who, widget(who.page).getByRole("note").filter({ hasText: DOWN.en }));
  await expect.count(who.page.getByRole("link"), 1);
  await who.page.getByRole("link", { name: "Comments" }).waitFor();
  await who.context.close();
});

test("a page of an origin that is not on the list says that it is not set up, at once", async () => {
  const who = await here.person(undefined, { locale: "de-DE" });
  const found = lines(who);
  const origin = "http://elsewhere.localhost:8080";
  await made(who, here.servers, { origin, html: 'lang="de"', body: THREAD });
  await expect.text(widget(who.page).getByRole("alert"), "Dieser Teil der Seite ist nicht richtig eingerichtet");
  await told(who, found, here.servers.stoa, '"demo"', origin, "`origins`");
  await picture(who.page, "origin-de");
  await who.context.close();
});

test("a site that is not there is told to the administrator by its name", async () => {
  const who = await here.person(undefined);
  const found = lines(who);
  await made(who, here.servers, { body: THREAD, loader: `<script type="module" src="${here.servers.stoa}/embed.js" data-site="nowhere"></script>` });
  await expect.text(widget(who.page).getByRole("alert"), "not set up correctly");
  await told(who, found, '"nowhere"', "data-site");
  await who.context.close();
});

test("a policy without connect-src is told of by its name", async () => {
  const who = await impatient();
  const found = lines(who);
  const policy = `default-src 'none'; script-src ${here.servers.stoa} 'wasm-unsafe-eval'`;
  await made(who, here.servers, { body: THREAD, headers: { "Content-Security-Policy": policy } });
  await later(who, widget(who.page).getByRole("note").filter({ hasText: DOWN.en }));
  await told(who, found, "connect-src", here.servers.stoa, here.servers.intranet);
  await who.context.close();
});

test("a token address that fails is named, with its answer, and the reader reads on", async () => {
  const who = await here.person(undefined);
  const found = lines(who);
  await made(who, here.servers, { body: '<stoa-comments page="howto/printer" token-url="/no/such/token"></stoa-comments>' });
  await widget(who.page).locator(".post").first().waitFor();
  await told(who, found, "/no/such/token", "404", '"demo"', here.servers.intranet);
  await who.context.close();
});

test("an empty token is nobody's", async () => {
  const who = await here.person(undefined);
  const found = lines(who);
  await who.context.route("**/stoa/empty", (route) => route.fulfill({ body: '{"token": ""}' }));
  await made(who, here.servers, { body: '<stoa-comments page="howto/printer" token-url="/stoa/empty"></stoa-comments>' });
  await widget(who.page).getByText("Sign in to join the conversation.").waitFor();
  assert.deepEqual(found, []);
  await who.context.close();
});

for (const [lang, words, enter] of [["en", "You could not be signed in here", "Sign in"], ["de", "Die Anmeldung hat hier nicht geklappt", "Anmelden"]]) {
  test(`a refusal is in the reader's language, with the way to sign in (${lang})`, async () => {
    const who = await here.person(undefined);
    const found = lines(who);
    await made(who, here.servers, { html: `lang="${lang}"`, body: '<stoa-comments page="howto/printer" token="x.y.z" sign-in-url="/login?next=/here"></stoa-comments>' });
    const notice = widget(who.page).getByRole("alert");
    await expect.text(notice, words);
    assert.doesNotMatch(await notice.textContent(), /RFC|JWT|token/i);
    assert.equal(await notice.getByRole("link", { name: enter }).getAttribute("href"), "/login?next=/here");
    await told(who, found, "JWT");
    await picture(who.page, `refused-${lang}`);
    await who.context.close();
  });
}

test("a way to sign in that is a script is no link", async () => {
  const who = await here.person(undefined);
  await made(who, here.servers, { body: '<stoa-comments page="howto/printer" token="x.y.z" sign-in-url="javascript:alert(1)"></stoa-comments>' });
  await widget(who.page).getByRole("alert").waitFor();
  await expect.gives(() => who.errors.length, (now) => now > 0, "told in the console");
  assert.equal(await widget(who.page).getByRole("link").count(), 0);
  await who.context.close();
});

test("the bearer is renewed before it ends, so that nothing is refused", async () => {
  const who = await here.person("mia.hansen");
  const { page } = who;
  const refused = [];
  page.on("response", (answer) => answer.status() == 401 && refused.push(answer.url()));
  await open(who, "/howto/printer");
  const renewed = page.waitForResponse((answer) => answer.url().endsWith("/session") && answer.ok());
  // Nine minutes and a second later, for the browser.
  await page.evaluate(() => {
    const { now } = Date;
    Date.now = () => now() + 541_000;
  });
  await publish(page, "Written with a renewed bearer");
  await renewed;
  assert.deepEqual(refused, []);
  await who.context.close();
});

test("signing out shows so at once, ends the bearer and hears nothing more", async () => {
  const who = await here.person("mia.hansen");
  const { page } = who;
  const bearers = [];
  page.on("request", (request) => {
    const { authorization } = request.headers();
    if (authorization) bearers.push(authorization);
  });
  await open(who, "/howto/printer");
  await publish(page, "Written before signing out");
  const answered = page.waitForResponse((answer) => answer.url().endsWith("/session"));
  const left = await page.evaluate(() => {
    globalThis.stoa.signOut();
    return document.querySelector("stoa-comments").shadowRoot.querySelectorAll("form").length;
  });
  assert.equal(left, 0, "at once");
  await answered;
  await widget(page).getByText("Sign in to join the conversation.").waitFor();
  assert.equal(await composer(page).count(), 0);
  const view = `${here.servers.stoa}/v1/sites/demo/plugins/comments/view?page=howto/printer`.replace("widgets.localhost", "127.0.0.1");
  const after = await fetch(view, { headers: { Authorization: bearers[0], Origin: here.servers.intranet } });
  assert.equal(after.status, 401, "the bearer is nobody's any more");
  await who.context.close();
});
