// What an author writes into a page, and what the loader asks the host for: names of elements, plugins and parameters.

import assert from "node:assert/strict";
import { test } from "node:test";
import { plugin } from "../support/servers.mjs";
import { setUp } from "../support/setup.mjs";
import { expect, open } from "../support/widget.mjs";

const here = setUp([plugin("questions"), plugin("tips")].join("\n"));

// Element, plugin as it is asked for, then plugin and parameters as they are shown.
const cases = [
  ["<stoa-comments page=a></stoa-comments>", "comments", "comments", ""],
  ["<stoa-questions page=a></stoa-questions>", "questions", "questions", ""],
  ['<stoa-questions page=a scope="site"></stoa-questions>', "questions", "questions", "scope=site"],
  ['<stoa-questions page=a p="sort=votes&scope=page" scope="site"></stoa-questions>', "questions", "questions", "sort=votes&scope=site"],
  ["<stoa-kudos page=a></stoa-kudos>", "kudos", "kudos", ""],
  ['<stoa-thanks page=a for="Jürgen"></stoa-thanks>', "thanks", "kudos", "for=J%C3%BCrgen&view=button"],
  ["<stoa-bell page=a></stoa-bell>", "bell", "bell", ""],
  ['<stoa-plugin page=a name="tips" for="x"></stoa-plugin>', "tips", "tips", "for=x"],
];

test("each element asks for its plugin, with its parameters, all in one request", async () => {
  const who = await here.person("mia.hansen");
  await open(who, "/howto/printer");
  const answered = who.page.waitForResponse((answer) => answer.url().endsWith("/session"));
  await who.page.evaluate((html) => document.body.insertAdjacentHTML("beforeend", html), cases.map(([html]) => html).join(""));
  const answer = await answered;
  const asked = answer.request().postDataJSON().views;
  assert.deepEqual(asked.map(({ plugin, page }) => [plugin, page]), cases.map(([, plugin]) => [plugin, "a"]));
  const { views } = await answer.json();
  assert.deepEqual(views.map(({ plugin, page, p }) => [plugin, page, p]), cases.map(([, , plugin, p]) => [plugin, "a", p]));
  await who.context.close();
});

test("an attribute that is a parameter wins over the address, and a change of it is a new view", async () => {
  const who = await here.person("mia.hansen");
  const asked = [];
  who.page.on("response", async (answer) => {
    if (!answer.url().endsWith("/session")) return;
    const { views } = await answer.json();
    asked.push(...views.filter(({ plugin }) => plugin === "comments").map(({ p }) => p));
  });
  await open(who, "/howto/printer#stoa-comments?sort=oldest&scope=page");
  await expect.gives(() => asked, (now) => now.length === 1, "asked once");
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
  const asked = who.page.waitForRequest((request) => request.url().endsWith("/session") && /howto.vpn/.test(request.postData()));
  await who.visit("/howto/printer");
  const views = (await asked).postDataJSON().views;
  assert.deepEqual(views.map(({ plugin, page, scope }) => [plugin, page, scope]), [["comments", "howto/vpn", ""], ["questions", "q", "site"]]);
  await expect.count(who.page.locator("stoa-comments div.stoa-comments, stoa-questions div.stoa-questions"), 2);
  await who.context.close();
});
