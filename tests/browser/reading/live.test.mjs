// What others do appears without loading anything again, and never in anybody's way.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setUp } from "../support/setup.mjs";
import { composer, entry, expect, focused, helpful, open, part, publish, widget } from "../support/widget.mjs";

const PAGE = "howto/printer";
const here = setUp();

test("two people in two browsers see each other's comments behind a count of new ones", async () => {
  const anna = await here.person("anna.bergmann");
  const tobias = await here.person("tobias.krueger");
  await open(anna, `/${PAGE}`);
  await open(tobias, `/${PAGE}`);
  await publish(anna.page, "Anna was here first");
  const news = widget(tobias.page).getByRole("link", { name: /1.* new/ });
  await news.waitFor();
  assert.equal(await entry(tobias.page, "Anna was here first").count(), 0, "nothing is pushed under a reader's eyes");
  await news.click();
  await entry(tobias.page, "Anna was here first").waitFor();
  await publish(tobias.page, "And Tobias after her");
  await widget(anna.page).getByRole("link", { name: /1.* new/ }).click();
  await entry(anna.page, "And Tobias after her").waitFor();
  await expect.count(widget(anna.page).getByRole("link", { name: /\d.* new/ }), 0);
  assert.deepEqual([...anna.errors, ...tobias.errors], []);
  await anna.context.close();
  await tobias.context.close();
});

test("a vote changes the number in place for everybody who looks", async () => {
  const mia = await here.person("mia.hansen");
  await open(mia, `/${PAGE}`);
  const post = entry(mia.page, "The printer in hall 2 prints everything twice");
  const count = Number(await helpful(post).locator(".count").textContent());
  await post.evaluate((element) => (element.marked = "the same element"));
  const id = (await post.getAttribute("id")).slice(2);
  const dieter = await here.member("dieter.wolff");
  await dieter.on(PAGE, id, "vote");
  await expect.text(helpful(post).locator(".count"), new RegExp(`^${count + 1}$`));
  assert.equal(await post.evaluate((element) => element.marked), "the same element");
  await mia.context.close();
});

test("no letter and no focus is lost while thirty patches arrive", async () => {
  const mia = await here.person("mia.hansen");
  await open(mia, `/${PAGE}`);
  const dieter = await here.member("dieter.wolff");
  const target = entry(mia.page, "Colour scans of receipts");
  const id = (await target.getAttribute("id")).slice(2);
  // Counts what really arrives in this browser: every patch changes the same number.
  await helpful(target).locator(".count").evaluate((element) => {
    globalThis.patches = 0;
    new MutationObserver(() => globalThis.patches++).observe(element, { characterData: true, childList: true, subtree: true });
  });
  const text = "The quick brown fox jumps over the lazy dog while colleagues vote. ".repeat(4).trim();
  const field = composer(mia.page);
  await field.focus();
  const arrive = async () => {
    for (let number = 1; number <= 30; number++) {
      await dieter.on(PAGE, id, "vote");
      await expect.gives(() => mia.page.evaluate(() => globalThis.patches), (seen) => seen >= number, `patch ${number}`);
    }
  };
  let arriving = true;
  const patches = arrive().finally(() => (arriving = false));
  let typed = "";
  while (arriving || typed.length < text.length) {
    const letter = text[typed.length % text.length];
    await mia.page.keyboard.type(letter);
    typed += letter;
  }
  await patches;
  assert.equal(await field.inputValue(), typed);
  assert.equal((await focused(mia.page)).tag, "textarea");
  assert.equal(await field.evaluate((element) => element.selectionStart), typed.length, "the caret stays at the end");
  await mia.context.close();
});

test("an open menu and a half-written reply outlive what others do", async () => {
  const mia = await here.person("mia.hansen");
  await open(mia, `/${PAGE}`);
  const post = entry(mia.page, "The plotter is out of A0 paper");
  await part(post, "a").filter({ hasText: "Reply" }).click();
  const field = post.getByRole("textbox", { name: /^Your reply/ });
  await field.pressSequentially("Is there a date");
  const dieter = await here.member("dieter.wolff");
  await dieter.create(PAGE, "A comment that comes in between");
  await widget(mia.page).getByRole("link", { name: /\d.* new/ }).waitFor();
  await field.pressSequentially(" by now?");
  await expect.value(field, "Is there a date by now?");
  await mia.context.close();
});

test("a deletion reaches readers as a tombstone", async () => {
  const dieter = await here.member("dieter.wolff");
  await dieter.create(PAGE, "Soon to be taken back");
  const mia = await here.person("mia.hansen");
  await open(mia, `/${PAGE}`);
  const post = entry(mia.page, "Soon to be taken back");
  const id = (await post.getAttribute("id")).slice(2);
  await (await here.member("mia.hansen")).reply(PAGE, id, "An answer that keeps the place");
  await dieter.on(PAGE, id, "delete");
  await expect.count(post, 0);
  await widget(mia.page).locator(`#e-${id}.state-deleted`).waitFor();
  await mia.context.close();
});
