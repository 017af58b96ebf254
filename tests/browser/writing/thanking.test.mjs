// Thanks: given to two people, joined by somebody else, taken back; and all of it without script.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { expect } from "../support/expect.mjs";
import { setUp } from "../support/setup.mjs";

const here = setUp("[sites.plugins.kudos.settings]\npoints = true");

/** Somebody who has the feed of the intranet's start page before them, live. */
async function at(subject, options) {
  const who = await here.person(subject, options);
  const live = who.page.waitForResponse((answer) => answer.url().endsWith("/live") && answer.ok());
  await who.visit("/");
  const place = who.page.locator("stoa-kudos");
  await place.scrollIntoViewIfNeeded();
  await place.locator(".view").waitFor();
  await place.evaluate((element) => element.scrollIntoView({ block: "start", behavior: "instant" }));
  await live;
  return { ...who, place, post: (text) => place.locator(".post").filter({ hasText: text }) };
}

/** Opens the form with one person in it. */
async function begin(who, name) {
  const whom = who.place.getByRole("combobox", { name: "Whom would you like to thank?" });
  await whom.pressSequentially(name.slice(0, 5));
  await who.place.getByRole("option", { name: new RegExp(name) }).first().click();
  await who.place.getByRole("button", { name: "Next" }).click();
  await who.place.getByRole("button", { name: "Say thanks" }).waitFor();
}

test("points go with thanks, and what is not possible is said before and after it is tried", async () => {
  const giver = await at("oskar.lund");
  const text = "The radio module has not dropped a single packet since.";
  await begin(giver, "Elin Sjöberg");
  const points = giver.place.getByRole("spinbutton", { name: "Points for each" });
  await giver.place.getByText(/100\W+of\W+100\W+left this month/).waitFor();
  await giver.place.getByRole("textbox", { name: "What for" }).fill(text);
  await giver.place.getByRole("checkbox", { name: "Keeps promises" }).check();
  await points.fill("60");
  await giver.place.getByRole("button", { name: "Say thanks" }).click();
  await giver.place.getByText(/at most half of what you have left: \W*50/).first().waitFor();
  await points.fill("10");
  await giver.place.getByRole("button", { name: "Say thanks" }).click();
  await giver.post(text).getByText(/^\W*10\W+points/).waitFor();
  await begin(giver, "Elin Sjöberg");
  await giver.place.getByText(/Elin Sjöberg\W+has had points from you in the past 24 hours/).waitFor();
  await picture(giver.page, "kudos-points");
  await giver.place.getByRole("link", { name: "Given" }).click();
  await giver.place.getByText(/This month you have given \W*10\W+points\W+90\W+of\W+100\W+are left/).waitFor();
});

test("thanks are given to two people, others join in and react, and the giver takes them back", async () => {
  const [giver, reader] = await Promise.all([at("mia.hansen"), at("dieter.wolff")]);
  const text = "You two carried forty laptops upstairs.";
  await begin(giver, "Petra Jansen");
  const form = giver.place.locator("form").filter({ hasText: "What for" });
  const people = giver.place.getByRole("combobox", { name: "Who" });
  await people.pressSequentially("Elin");
  await giver.place.getByRole("option", { name: /Elin Sjöberg/ }).first().click();
  await form.getByRole("textbox", { name: "What for" }).fill("Thanks!");
  await form.getByRole("checkbox", { name: "Helps others" }).check();
  await form.getByRole("button", { name: "Say thanks" }).click();
  await form.getByText(/at least \W*20\W* characters/).first().waitFor();
  await picture(giver.page, "kudos-refused");
  await form.getByRole("textbox", { name: "What for" }).fill(text);
  await form.getByRole("button", { name: "Say thanks" }).click();
  const own = giver.post(text);
  await own.getByText(/thanks .*Petra Jansen.* and .*Elin Sjöberg/).waitFor();
  await expect.count(own.getByRole("button", { name: "Add mine" }), 0);

  await reader.place.getByText(/^Show \W*1\W* new one$/).click();
  const theirs = reader.post(text);
  const add = theirs.getByRole("button", { name: "Add mine" });
  for (const [on, shown] of [["true", "Add mine1"], ["false", "Add mine0"], ["true", "Add mine1"]]) {
    const answered = reader.page.waitForResponse((answer) => answer.url().endsWith("/act"));
    await add.click();
    assert.equal((await answered).status(), 200);
    await expect.attribute(add, "aria-pressed", on);
    await expect.text(add, shown);
  }
  await theirs.locator(".reaction.add").click();
  await theirs.locator(".picker").getByRole("button", { name: "Applause" }).click();
  await theirs.getByRole("button", { name: /^Applause/, pressed: true }).waitFor();
  await own.getByText("👏 1").waitFor();
  await picture(reader.page, "kudos-joined");

  await own.locator(".confirm > summary").click();
  await own.getByText("Nothing of them stays.").waitFor();
  await picture(giver.page, "kudos-retract");
  await own.getByRole("button", { name: /^Retract/ }).click();
  await expect.count(giver.post(text), 0);
  await expect.count(reader.post(text), 0);
  for (const who of [giver, reader]) {
    assert.deepEqual(who.errors.filter((error) => !/422/.test(error)), []);
    await who.context.close();
  }
});

test("without script thanks are given by names that are typed, and taken back", async () => {
  const { page, context } = await here.person("dieter.wolff", { javaScriptEnabled: false });
  await page.goto(`${here.servers.intranet}/howto/printer`);
  await page.locator("noscript form button").first().click();
  await page.waitForURL(/\/t\/demo\/comments/);
  await page.goto(`${here.servers.stoa}/t/demo/kudos?page=home&scope=site`);
  await page.getByRole("textbox", { name: "Whom would you like to thank?" }).fill("Petra Jansen, Elin Sjöberg");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("textbox", { name: "What for" }).fill("Short");
  await page.getByRole("checkbox", { name: "Thinks ahead" }).check();
  await page.getByRole("button", { name: "Say thanks" }).click();
  await page.getByText(/at least \W*20\W* characters/).first().waitFor();
  const again = page.locator("[role=alert] + form");
  assert.equal(await again.locator("[name=body]").inputValue(), "Short", "what was written is kept");
  assert.equal(await again.locator("[name=values]").inputValue(), "Thinks ahead");
  await again.locator("[name=body]").fill("Long enough, and without any script.");
  await again.getByRole("button").click();
  const own = page.locator(".post").filter({ hasText: "Long enough, and without any script." });
  await own.getByText(/thanks .*Petra Jansen.* and .*Elin Sjöberg/).waitFor();
  await picture(page, "kudos-plain");
  await own.locator(".confirm > summary").click();
  await own.getByRole("button", { name: /^Retract/ }).click();
  await page.waitForLoadState();
  await expect.count(own, 0);
  await context.close();
});
