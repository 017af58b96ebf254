// Counts in lists of pages: one request for all of them, in the reader's language, nothing where there is nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { made } from "../support/made.mjs";
import { plugin } from "../support/servers.mjs";
import { setUp } from "../support/setup.mjs";
import { expect } from "../support/widget.mjs";

const here = setUp(plugin("questions"));
const count = (page, plugin = "comments") => `<li><stoa-count page="${page}" plugin="${plugin}"></stoa-count></li>`;

test("all counts of a list come in one request", async () => {
  const who = await here.person(undefined);
  const requests = [];
  who.page.on("request", (request) => request.url().endsWith("/counts") && requests.push(request.postDataJSON().counts.length));
  await made(who, here.servers, { body: `<ul>${count("howto/printer")}${count("howto/vpn", "questions")}${count("no/such/page")}${count("howto/vpn", "nothing")}</ul>` });
  await expect.text(who.page.locator("stoa-count").nth(0), /^\W*5\W* comments$/);
  await expect.text(who.page.locator("stoa-count").nth(1), /^\W*\d+\W* questions?, \W*\d+\W* open$/);
  assert.equal(await who.page.locator("stoa-count").nth(2).textContent(), "");
  assert.equal(await who.page.locator("stoa-count").nth(3).textContent(), "");
  assert.deepEqual(requests, [4]);
  await who.context.close();
});

test("counts are in the language of the page", async () => {
  const who = await here.person(undefined);
  await made(who, here.servers, { html: 'lang="de"', body: `<ul>${count("howto/printer")}</ul>` });
  await expect.text(who.page.locator("stoa-count"), /^\W*5\W* Kommentare$/);
  await who.context.close();
});

test("more pages than a request takes are asked for in several", async () => {
  const who = await here.person(undefined);
  const requests = [];
  who.page.on("request", (request) => request.url().endsWith("/counts") && requests.push(request.postDataJSON().counts.length));
  await made(who, here.servers, { body: `<ul>${count("a").repeat(104)}${count("howto/printer")}</ul>` });
  await expect.text(who.page.locator("stoa-count").last(), "comments");
  assert.deepEqual(requests.sort(), [100, 5]);
  await who.context.close();
});

test("the demo's lists of pages say how much staff have written there", async () => {
  const who = await here.person("mia.hansen");
  await who.visit("/howto");
  const card = who.page.locator(".card", { hasText: "printer" }).first();
  await expect.text(card.locator("stoa-count").last(), "comments");
  assert.deepEqual(who.errors, []);
  await who.context.close();
});
