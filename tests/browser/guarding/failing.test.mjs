// A plugin that fails leaves a quiet place in the page, and everything else goes on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { expect } from "../support/expect.mjs";
import { plugin } from "../support/servers.mjs";
import { setUp } from "../support/setup.mjs";
import { open, publish } from "../support/widget.mjs";

const here = setUp(plugin("hostile"));
const PAGE = "/policies/travel";
const WORDS = "This part of the page is not available just now.";

/** Puts the hostile plugin below the comments. */
const add = (page, what) =>
  page.evaluate((what) => {
    const element = document.createElement("stoa-plugin");
    element.setAttribute("name", "hostile");
    element.setAttribute("page", "home");
    element.setAttribute("p", "case=" + what);
    document.querySelector("stoa-comments").after(element);
  }, what);

test("a plugin that crashes leaves a quiet placeholder, and the comments beside it live on", async () => {
  const who = await here.person("mia.hansen");
  await open(who, PAGE);
  await add(who.page, "panic");
  const place = who.page.locator("stoa-plugin[name=hostile]");
  await place.getByRole("note").filter({ hasText: WORDS }).waitFor();
  assert.equal(await place.getByRole("alert").count(), 0, "nobody is alarmed");
  assert.equal(await place.locator(".tone-danger").count(), 0, "nor does it look like an alarm");
  await expect.count(place.getByRole("note"), 1);
  await publish(who.page, "Written beside a plugin that crashed");
  await who.context.close();
});

test("a plugin that answers stands where the other one failed", async () => {
  const who = await here.person("mia.hansen");
  await open(who, PAGE);
  await add(who.page, "well");
  const place = who.page.locator("stoa-plugin[name=hostile]");
  await place.locator(".view").waitFor();
  assert.equal(await place.getByRole("note").count(), 0);
  await who.context.close();
});
