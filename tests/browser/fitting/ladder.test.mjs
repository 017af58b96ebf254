// Six policies of a page, and in each everything that people do: read, write, react, ask, thank. Then each step down where a
// policy lets less run: another way of drawing, a frame, the link.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { expect } from "../support/expect.mjs";
import { plugin } from "../support/servers.mjs";
import { setUp } from "../support/setup.mjs";

// A page that a test makes up comes from no network, and Chromium lets such a page ask no server of this machine.
const here = setUp(plugin("questions"), ["--disable-features=LocalNetworkAccessChecks"]);

const WIDGETS = ["comments", "questions", "kudos"];
const BASIC = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'";

/** Name, policy by the host's origin, whether the widgets stand in frames, and whether no wasm runs: the probe for it is reported. */
const POLICIES = [
  ["none", () => ""],
  ["strict, with wasm", (w) => `${BASIC}; script-src ${w} 'wasm-unsafe-eval'; connect-src 'self' ${w}`],
  ["strict, without wasm", (w) => `${BASIC}; script-src ${w}; connect-src 'self' ${w}`, { swaps: true }],
  ["nonce and strict-dynamic", (w) => `${BASIC}; script-src 'nonce-n0nce' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src 'self' ${w}`],
  [
    "Trusted Types",
    (w) => `${BASIC}; script-src ${w} 'wasm-unsafe-eval'; connect-src 'self' ${w}; require-trusted-types-for 'script'; trusted-types 'none'`,
  ],
  ["sandboxed frame", (w) => `${BASIC}; script-src 'none'; frame-src ${w}; form-action ${w}`, { framed: true }],
];

const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups";

/** A page of the intranet with this body, under this policy. */
async function show(who, key, policy, body, own) {
  const { intranet, stoa } = here.servers;
  const script = `<script type="module" nonce="n0nce" src="${stoa}/embed.js" data-site="demo"></script>`;
  const html = `<!doctype html><html lang="en"><title>Page ${key}</title><meta name="stoa-token-url" content="/stoa/token">${own ?? script}<body>${body}</body>`;
  await who.context.route(`${intranet}/try/**`, (route) =>
    route.fulfill({
      contentType: "text/html; charset=utf-8",
      headers: policy ? { "content-security-policy": policy } : {},
      body: html.replaceAll("KEY", key),
    }),
  );
  await who.page.goto(`${intranet}/try/${encodeURIComponent(key)}`);
}

/** Somebody whose browser remembers what the policies of its pages did not allow. */
async function watched(subject) {
  const who = { ...(await here.person(subject)), subject };
  await who.context.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      globalThis.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  return who;
}

// Node knows no names below localhost.
const local = (origin) => origin.replace(/\w+\.localhost/, "127.0.0.1");

/** A token for somebody, as the intranet's server makes it. */
async function token(who) {
  const answer = await fetch(`${local(here.servers.intranet)}/stoa/token`, { headers: { Cookie: `person=${who.subject}` } });
  return (await answer.json()).token;
}

/** Where each widget is: in the page, or in a frame of its own that a form has signed in. */
async function places(who, key, policy, framed) {
  const { stoa } = here.servers;
  if (!framed) {
    await show(who, key, policy, WIDGETS.map((name) => `<stoa-${name} page="KEY"></stoa-${name}>`).join(""));
    return (name) => who.page.locator("stoa-" + name);
  }
  const block = async (name) =>
    `<form method="post" target="${name}" action="${stoa}/embed/demo/${name}?page=KEY&lang=en"><input type="hidden" name="token" value="${await token(who)}"><button>Show ${name}</button></form>
     <iframe name="${name}" title="${name}" sandbox="${SANDBOX}" width="900" height="900"></iframe>`;
  await show(who, key, policy, (await Promise.all(WIDGETS.map(block))).join(""), "");
  for (const name of WIDGETS) await who.page.getByRole("button", { name: "Show " + name }).click();
  return (name) => who.page.frameLocator(`iframe[name=${name}]`).locator("stoa-plugin");
}

/** Brings it into sight, which is what loads the runtime, and waits until gestures are taken. */
async function ready(place) {
  await place.locator(".view").waitFor();
  await place.evaluate((element) => element.scrollIntoView({ block: "start", behavior: "instant" }));
}

async function doesEverything(place, name, swaps) {
  const comments = place("comments");
  await ready(comments);
  await comments.getByRole("textbox", { name: "Your comment" }).fill(`Written: ${name}`);
  await comments.getByRole("button", { name: "Post comment" }).click();
  const post = comments.locator(".post:not([data-local])").filter({ hasText: `Written: ${name}` });
  await post.waitFor();
  const first = comments.locator(".post:not([data-local])").filter({ hasText: "Here before" });
  const helpful = first.getByRole("button", { name: "Helpful" }).first();
  await helpful.click();
  await expect.attribute(helpful, "aria-pressed", "true");

  const questions = place("questions");
  await ready(questions);
  const title = `Does this work with ${name}?`;
  await questions.getByRole("textbox").first().fill(title);
  await questions.getByRole("button", { name: "Ask…", exact: true }).click();
  await questions.getByRole("textbox", { name: /^Details/ }).fill("So it seems.");
  await questions.getByRole("button", { name: "Ask this question", exact: true }).click();
  await questions.getByRole("heading", { name: title }).waitFor();

  const kudos = place("kudos");
  await ready(kudos);
  const thanks = `Thank you for every single policy: ${name}`;
  const whom = { name: "Whom would you like to thank?" };
  if (swaps) await kudos.getByRole("textbox", whom).fill("Petra Jansen");
  else {
    await kudos.getByRole("combobox", whom).pressSequentially("Petra");
    await kudos.getByRole("option", { name: /Petra Jansen/ }).first().click();
  }
  await kudos.getByRole("button", { name: "Next" }).click();
  await kudos.getByRole("textbox", { name: "What for" }).fill(thanks);
  await kudos.getByRole("checkbox", { name: "Keeps promises" }).check();
  await kudos.getByRole("button", { name: "Say thanks" }).click();
  await kudos.locator(".post").filter({ hasText: thanks }).waitFor();
}

for (const [name, policy, { framed, swaps } = {}] of POLICIES) {
  test(`people read, write, react, ask and thank: ${name}`, async () => {
    const key = `policy-${name.replaceAll(/\W+/g, "-")}`;
    await (await here.member("dieter.wolff")).create(key, `Here before ${name}`);
    const who = await watched("mia.hansen");
    const place = await places(who, key, policy(here.servers.stoa), framed);
    await doesEverything(place, name, swaps);
    await picture(who.page, `policy-${key}`, { fullPage: true });
    const violations = (await who.page.evaluate(() => globalThis.violations)).filter((one) => !(swaps && /wasm-eval/.test(one)));
    assert.deepEqual(violations, []);
    await who.context.close();
  });
}

test("where nothing of ours draws in the page, a frame stands there, as high as what it shows, for who is signed in", async () => {
  const key = "frame-below";
  await (await here.member("dieter.wolff")).create(key, "Here before the frame");
  const who = await watched("mia.hansen");
  const heard = [];
  who.page.on("console", (message) => heard.push(message.text()));
  // A browser without a parser that Trusted Types allow, as Firefox is for now.
  await who.context.addInitScript(() => {
    if (location.pathname.startsWith("/try/")) delete Element.prototype.setHTML;
  });
  const { stoa } = here.servers;
  await show(who, key, `${BASIC}; script-src ${stoa}; connect-src 'self' ${stoa}; frame-src ${stoa}`, `<stoa-comments page="KEY"></stoa-comments>`);
  const frame = who.page.frameLocator("stoa-comments iframe");
  const inside = frame.locator("stoa-plugin");
  await inside.locator(".post").filter({ hasText: "Here before" }).waitFor();
  await inside.getByRole("textbox", { name: "Your comment" }).fill("Written from a frame");
  await inside.getByRole("button", { name: "Post comment" }).click();
  await inside.locator(".post:not([data-local])").filter({ hasText: "Written from a frame" }).waitFor();
  const wanted = async () => Math.ceil(await frame.locator("html").evaluate((html) => html.getBoundingClientRect().height));
  const height = () => who.page.locator("stoa-comments iframe").evaluate((one) => one.clientHeight);
  await expect.gives(async () => (await height()) - (await wanted()), (apart) => Math.abs(apart) <= 1, "the frame is as high as its page");
  assert.ok((await height()) > 200);
  assert.ok(heard.some((line) => /in a frame only/.test(line)), heard.join("\n"));
  await picture(who.page, "frame-below", { fullPage: true });
  await who.page.setViewportSize({ width: 360, height: 700 });
  await expect.gives(async () => (await height()) - (await wanted()), (apart) => Math.abs(apart) <= 1, "also when it is narrow");
  await picture(who.page, "frame-below-narrow", { fullPage: true });
  await who.context.close();
});

test("where the frame is not let in either, the link stays and the console says what is missing", async () => {
  const who = await watched("mia.hansen");
  const heard = [];
  who.page.on("console", (message) => heard.push(message.text()));
  await who.context.addInitScript(() => delete Element.prototype.setHTML);
  const { stoa } = here.servers;
  await show(who, "no-frame", `${BASIC}; script-src ${stoa}; connect-src 'self' ${stoa}`, `<stoa-comments page="KEY"><a href="${stoa}/t/demo/comments?page=KEY">Comments</a></stoa-comments>`);
  await expect.gives(async () => heard.join("\n"), (all) => /add it to the page's `frame-src`/.test(all), "the console names the directive");
  await who.page.getByRole("link", { name: "Comments" }).waitFor();
  await who.context.close();
});

test("a frame believes no page that is not on the site's list", async () => {
  const who = await watched("mia.hansen");
  const { stoa } = here.servers;
  const answer = await fetch(`${local(stoa)}/embed/demo/comments?page=x`);
  assert.ok(answer.headers.get("content-security-policy").endsWith(`frame-ancestors ${here.servers.intranet}`));
  assert.equal(answer.headers.get("set-cookie"), null);
  const body = new URLSearchParams({ token: await token(who) });
  const foreign = await fetch(`${local(stoa)}/embed/demo/comments?page=x`, { method: "POST", body, headers: { Origin: "https://evil.example" } });
  assert.equal(foreign.status, 403);
  // Opened by itself, it is told something by another window.
  await who.page.goto(`${stoa}/embed/demo/comments?page=x`);
  await who.page.evaluate(() => postMessage({ stoa: 1, token: "stolen" }, "*"));
  await who.page.locator("stoa-plugin .view").waitFor();
  assert.equal(await who.page.locator("stoa-plugin").getByRole("button", { name: "Post comment" }).count(), 0);
  await who.context.close();
});

test("one script puts the widget where a selector says, and says where it finds nothing", async () => {
  const key = "mounted";
  await (await here.member("dieter.wolff")).create(key, "Here before the script");
  const who = await watched("mia.hansen");
  const heard = [];
  who.page.on("console", (message) => heard.push(message.text()));
  const script = (selector) =>
    `<script type="module" class="stoa-mount" src="${here.servers.stoa}/embed.js" data-site="demo" data-mount="${selector}" data-plugin="comments" data-page="KEY"></script>`;
  await show(who, key, "", `<article class="text">One</article><article class="text">Two</article>`, script(".text"));
  await who.page.locator("article:first-of-type > stoa-comments .post").filter({ hasText: "Here before" }).waitFor();
  assert.equal(await who.page.locator("stoa-comments").count(), 1);
  await who.context.unroute("**/*");
  const other = await watched("mia.hansen");
  other.page.on("console", (message) => heard.push(message.text()));
  await show(other, key, "", "<p>No article</p>", script(".text"));
  await other.page.locator("body > stoa-comments .post").filter({ hasText: "Here before" }).waitFor();
  assert.ok(heard.some((line) => /nothing on this page matches data-mount="\.text"/.test(line)), heard.join("\n"));
  await other.context.close();
  await who.context.close();
});
