// The plugins of the author's guide, granted what their manifests ask for: every verb of theirs, by a person with a browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { expect } from "../support/expect.mjs";
import { plugin } from "../support/servers.mjs";
import { setUp } from "../support/setup.mjs";

const here = setUp(`${plugin("tips")}\n${plugin("poll")}`);

/** Somebody who has the plugin before them on the intranet's start page, live. */
async function at(subject, name) {
  const who = await here.person(subject);
  const live = who.page.waitForResponse((answer) => answer.url().endsWith("/live") && answer.ok());
  await who.visit("/howto/printer");
  await who.page.evaluate((name) => {
    const element = document.createElement("stoa-plugin");
    element.setAttribute("name", name);
    element.setAttribute("page", "home");
    document.querySelector("stoa-comments").replaceWith(element);
    element.scrollIntoView({ block: "start", behavior: "instant" });
  }, name);
  const place = who.page.locator(`stoa-plugin[name=${name}]`);
  await place.locator(".view").waitFor();
  await live;
  return { ...who, place, post: (text) => place.locator(".post").filter({ hasText: text }) };
}

/** A text as it is shown: what was put into it stands in its own writing direction. */
const words = (text) => new RegExp(`^${["", ...text, ""].join("[\\u2066-\\u2069]*")}$`);

const leave = async (...people) => {
  for (const who of people) {
    assert.deepEqual(who.errors, []);
    await who.context.close();
  }
};

test("a tip is shared, another person sees it at once, says that it helped, and takes that back", async () => {
  const [author, reader] = await Promise.all([at("mia.hansen", "tips"), at("dieter.wolff", "tips")]);
  await author.place.getByRole("textbox", { name: "Your tip" }).fill("Book trains **early**.");
  await author.place.getByRole("button", { name: "Share" }).click();
  await author.post("Book trains early.").waitFor();
  await expect.value(author.place.getByRole("textbox", { name: "Your tip" }), "");
  await author.place.getByRole("heading", { name: words("1 tip") }).waitFor();
  assert.equal(await author.place.getByRole("button", { name: "This helped me" }).count(), 0, "not for one's own");

  const helped = reader.post("Book trains early.").getByRole("button", { name: "This helped me" });
  await fresh(reader);
  for (const [on, shown] of [["true", "This helped me1"], ["false", "This helped me0"]]) {
    const answered = reader.page.waitForResponse((answer) => answer.url().endsWith("/act"));
    await helped.click();
    assert.equal((await answered).status(), 200);
    await expect.attribute(helped, "aria-pressed", on);
    await expect.text(helped, shown);
  }
  await picture(reader.page, "example-tips");
  await leave(author, reader);
});

test("a tip of spaces is refused with the plugin's own words, and can then be mended", async () => {
  const author = await at("mia.hansen", "tips");
  const field = author.place.getByRole("textbox", { name: "Your tip" });
  await field.fill("   ");
  await author.place.getByRole("button", { name: "Share" }).click();
  await author.place.getByText("Please write something first.").first().waitFor();
  await field.fill("Ask Chris");
  await field.press("Control+Enter");
  await author.post("Ask Chris").waitFor();
  await expect.count(author.place.getByText("Please write something first."), 0);
  await author.context.close();
});

test("a poll is asked with one more answer, answered by two people once each, and closed by who asked", async () => {
  const [author, reader] = await Promise.all([at("mia.hansen", "poll"), at("dieter.wolff", "poll")]);
  await author.place.getByText("Nobody has asked anything here yet.").waitFor();
  await author.place.getByRole("textbox", { name: "Your question" }).fill("Where do we eat on Friday?");
  await author.place.getByRole("link", { name: "One more answer" }).click();
  for (const [place, option] of ["Canteen", "Market", "Harbour"].entries())
    await author.place.getByRole("textbox", { name: words(`Answer ${place + 1}`) }).fill(option);
  await author.place.getByRole("button", { name: "Start the poll" }).click();
  const own = author.post("Where do we eat on Friday?");
  await own.waitFor();
  for (const place of [1, 2]) await expect.value(author.place.getByRole("textbox", { name: words(`Answer ${place}`) }), "");
  await own.getByRole("button", { name: "Market" }).click();
  await own.getByText(words("You chose “Market”.")).waitFor();
  await own.getByText(words("Market: 1 vote")).waitFor();
  assert.equal(await own.getByRole("button", { name: "Canteen" }).count(), 0, "an answer is given once");

  await fresh(reader);
  const theirs = reader.post("Where do we eat on Friday?");
  await theirs.getByRole("button", { name: "Harbour" }).click();
  await theirs.getByText(words("You chose “Harbour”.")).waitFor();
  assert.equal(await theirs.getByRole("button", { name: "Close the poll" }).count(), 0, "not theirs to close");
  await own.getByText(words("Harbour: 1 vote")).waitFor();

  await own.getByRole("link", { name: "Who chose what" }).click();
  await own.getByRole("listitem").filter({ hasText: /Dieter Wolff.*Harbour/ }).waitFor();
  await picture(author.page, "example-poll");
  await own.getByRole("button", { name: "Close the poll" }).click();
  await own.getByText("This poll is closed.").waitFor();
  await theirs.getByText("This poll is closed.").waitFor();
  await leave(author, reader);
});

test("who is not signed in reads both and is offered nothing", async () => {
  for (const name of ["tips", "poll"]) {
    const visitor = await at("none", name);
    await visitor.place.locator(".post").first().waitFor();
    assert.equal(await visitor.place.getByRole("button").count(), 0);
    await visitor.context.close();
  }
});

/** Shows what has come meanwhile, where the widget asks first. */
async function fresh(who) {
  const link = who.place.getByRole("link", { name: /\d.* new/ });
  await who.place.locator(".post").or(link).first().waitFor();
  if (await link.count()) await link.click();
}
