// What editors paste, in the forms that content systems make of it, and the keys of pages that have none of their own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { made } from "../support/made.mjs";
import { plugin } from "../support/servers.mjs";
import { setUp } from "../support/setup.mjs";
import { expect, widget } from "../support/widget.mjs";

const here = setUp(plugin("questions"));

/** The views that a page asks for, by plugin, key and parameters, as the host has understood them. */
async function asked(options) {
  const who = await here.person(undefined);
  const answered = who.page.waitForResponse((answer) => answer.url().endsWith("/session"));
  await made(who, here.servers, options);
  const { views } = await (await answered).json();
  return { who, views: views.map((view) => [view.plugin, view.page, view.p]) };
}

const address = (rest = "comments?page=howto/vpn") => `${here.servers.stoa}/t/demo/${rest}`;

const forms = [
  ["a div by its class", () => '<div class="stoa-comments" data-page="howto/vpn"></div>'],
  ["a div with a class of its system", () => '<div class="block stoa-comments" id="howto/vpn"></div>'],
  ["a link alone in its paragraph", () => `<p><a href="${address()}">Comments</a></p>`],
  ["a bare address made a link", () => `<p><a href="${address()}">${address()}</a></p>`],
  ["a bare address in a paragraph", () => `<p>${address()}</p>`],
  ["a bare address in an embed block", () => `<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n${address()}\n</div></figure>`],
  ["a link in an embed block", () => `<figure><div class="wp-block-embed__wrapper"><a href="${address()}">${address()}</a></div></figure>`],
];

for (const [name, html] of forms) {
  test(`${name} becomes the widget`, async () => {
    const { who, views } = await asked({ body: html() });
    assert.deepEqual(views, [["comments", "howto/vpn", ""]]);
    await widget(who.page).locator(".post").first().waitFor();
    await who.context.close();
  });
}

test("parameters of a pasted address go along", async () => {
  const { who, views } = await asked({ body: `<p>${address("questions?page=a&sort=votes")}</p>` });
  assert.deepEqual(views, [["questions", "a", "sort=votes"]]);
  await who.context.close();
});

test("what is no place for a widget stays as it is", async () => {
  const who = await here.person(undefined);
  const kept = [
    `<p>See <a href="${address()}">the comments</a> there.</p>`,
    `<p>Read ${address()} first.</p>`,
    `<ul><li><a href="${address()}">Comments</a></li></ul>`,
    `<div contenteditable="true"><p>${address()}</p></div>`,
    `<p>https://elsewhere.example/t/demo/comments?page=a</p>`,
    `<p>${here.servers.stoa}/t/demo</p>`,
  ].join("");
  await made(who, here.servers, { body: `${kept}<stoa-comments page="howto/vpn"></stoa-comments>` });
  await widget(who.page).locator(".post").first().waitFor();
  await expect.count(who.page.locator("stoa-comments, stoa-plugin"), 1);
  assert.equal(await who.page.locator("[contenteditable] p").textContent(), address());
  await who.context.close();
});

test("what oEmbed answers is a form that becomes the widget, found from the plain page", async () => {
  const local = (url) => url.replace("widgets.localhost", "127.0.0.1");
  const plain = await (await fetch(local(address()))).text();
  const [, link] = /<link rel="alternate" type="application\/json\+oembed" href="([^"]+)"/.exec(plain);
  const answer = await (await fetch(local(link.replaceAll("&amp;", "&")))).json();
  assert.deepEqual([answer.version, answer.type], ["1.0", "rich"]);
  const { who, views } = await asked({ body: answer.html });
  assert.deepEqual(views, [["comments", "howto/vpn", ""]]);
  await who.context.close();
});

const CANONICAL = (url) => `<link rel="canonical" href="${url}">`;
const keys = [
  ["a plain path", { path: "/policies/travel" }, "/policies/travel"],
  ["a path and a fragment", { path: "/policies/travel#costs" }, "/policies/travel"],
  ["DokuWiki, without a canonical link", { path: "/doku.php?id=hr:travel" }, "/doku.php?id=hr:travel"],
  ["MediaWiki, without a canonical link", { path: "/index.php?title=Travel" }, "/index.php?title=Travel"],
  ["WordPress, by number", { path: "/?p=23", head: () => CANONICAL(`${here.servers.intranet}/?p=23`) }, "/?p=23"],
  ["a mail's link", { path: "/news?utm_source=mail&fbclid=1" }, "/news"],
  ["a canonical link", { path: "/a?b=1", head: () => CANONICAL(`${here.servers.intranet}/c`) }, "/c"],
  ["a canonical link with a query", { path: "/a", head: () => CANONICAL(`${here.servers.intranet}/doku.php?id=c`) }, "/doku.php?id=c"],
];

for (const [name, { path, head }, key] of keys) {
  test(`the key of ${name} is its own`, async () => {
    const { who, views } = await asked({ path, head: head?.(), body: "<stoa-comments></stoa-comments>" });
    assert.deepEqual(views, [["comments", key, ""]]);
    await who.context.close();
  });
}
