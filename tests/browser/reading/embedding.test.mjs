// What an author writes into a page, and what the loader asks the host for: names of elements, plugins and parameters.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setUp } from "../support/setup.mjs";
import { expect, open } from "../support/widget.mjs";

const here = setUp();

const cases = [
  ["<stoa-comments page=a></stoa-comments>", { plugin: "comments", page: "a", p: "" }],
  ["<stoa-questions page=a></stoa-questions>", { plugin: "questions", page: "a", p: "" }],
  ['<stoa-questions page=a scope="site"></stoa-questions>', { plugin: "questions", page: "a", p: "scope=site" }],
  ['<stoa-questions page=a p="sort=votes&scope=page" scope="site"></stoa-questions>', { plugin: "questions", page: "a", p: "sort=votes&scope=site" }],
  ["<stoa-kudos page=a></stoa-kudos>", { plugin: "kudos", page: "a", p: "" }],
  ['<stoa-thanks page=a for="Jürgen"></stoa-thanks>', { plugin: "kudos", page: "a", p: "for=J%C3%BCrgen&view=button" }],
  ["<stoa-bell page=a></stoa-bell>", { plugin: "bell", page: "a", p: "" }],
  ['<stoa-plugin page=a name="tips" for="x"></stoa-plugin>', { plugin: "tips", page: "a", p: "for=x" }],
];

test("each element asks for its plugin, with its parameters, all in one request", async () => {
  const who = await here.person("mia.hansen");
  await open(who, "/howto/printer");
  const asked = who.page.waitForRequest((request) => request.url().endsWith("/session"));
  await who.page.evaluate((html) => document.body.insertAdjacentHTML("beforeend", html), cases.map(([html]) => html).join(""));
  const { views } = (await asked).postDataJSON();
  assert.deepEqual(views.map(({ plugin, page, p }) => ({ plugin, page, p })), cases.map(([, view]) => view));
  await who.context.close();
});

test("an attribute that is a parameter wins over the address, and a change of it is a new view", async () => {
  const who = await here.person("mia.hansen");
  const asked = [];
  who.page.on("request", (request) => {
    if (request.url().endsWith("/session")) asked.push(...request.postDataJSON().views.filter(({ plugin }) => plugin !== "bell").map(({ p }) => p));
  });
  await open(who, "/howto/printer#stoa-comments?sort=oldest&scope=page");
  await who.page.evaluate(() => document.querySelector("stoa-comments").setAttribute("scope", "site"));
  await expect.gives(() => asked, (now) => now.length === 2, "asked twice");
  assert.deepEqual(asked, ["sort=oldest&scope=page", "sort=oldest&scope=site"]);
  await who.context.close();
});

test("a plain div becomes the element that its class names", async () => {
  const who = await here.person("mia.hansen");
  await who.page.addInitScript(() => {
    const divs = '<div class="stoa-comments" data-thread="howto/vpn"></div><div class="stoa-questions" id="q" data-scope="site"></div>';
    // Before the scripts at the page's end run.
    document.onreadystatechange = () => document.readyState === "interactive" && document.body.insertAdjacentHTML("beforeend", divs);
  });
  const asked = who.page.waitForRequest((request) => request.url().endsWith("/session"));
  await who.visit("/howto/printer");
  const views = (await asked).postDataJSON().views.filter(({ plugin }) => plugin !== "bell").slice(1);
  assert.deepEqual(views.map(({ plugin, page, p }) => [plugin, page, p]), [["comments", "howto/vpn", ""], ["questions", "q", "scope=site"]]);
  await expect.count(who.page.locator("stoa-comments div.stoa-comments, stoa-questions div.stoa-questions"), 2);
  await who.context.close();
});
