// Texts and names as they really come: endless words, other writing directions, scripts, tricks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { setUp } from "../support/setup.mjs";
import { composer, entry, expect, menu, open, publish, reply, submit, widget } from "../support/widget.mjs";

const PAGE = "news/malmo-lab";
const here = setUp("[sites.plugins.comments.settings]\nlength_max = 20000");

const wide = (page) => page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);

async function fits(page) {
  const [content, window] = await wide(page);
  assert.ok(content <= window, `the page is ${content} px wide in a window of ${window} px`);
}

for (const width of [1280, 360]) {
  test(`words of 10,000 characters, in text, code, links and quotations, stay inside at ${width} px`, async () => {
    const dieter = await here.member("dieter.wolff");
    const word = "x".repeat(10_000);
    for (const text of [word, `\`${word}\``, `> ${word}`, `https://nordlicht.example/${"y".repeat(1_900)}`, `    ${word}`]) {
      await dieter.create(PAGE, `${text}\n\nat ${width}`);
    }
    const who = await here.person("mia.hansen", { viewport: { width, height: 800 } });
    await open(who, `/${PAGE}`);
    await entry(who.page, `at ${width}`).nth(4).waitFor();
    await fits(who.page);
    await who.context.close();
  });

  test(`names that are long or run from right to left stay inside and apart at ${width} px`, async () => {
    for (const subject of ["maximiliane.hohenstein", "amal.khatib"]) {
      const author = await here.person(subject, { viewport: { width, height: 800 } });
      await open(author, `/${PAGE}`);
      const post = await publish(author.page, `Greetings at ${width} from ${subject}`);
      await reply(author.page, post, `An answer at ${width} to myself, ${subject}`);
      await entry(author.page, `An answer at ${width} to myself, ${subject}`).waitFor();
      await fits(author.page);
      assert.equal(await post.locator(":scope > header .author").first().getAttribute("dir"), "auto");
      await picture(author.page, `name-${subject}-${width}`);
      await author.context.close();
    }
  });
}

const ATTACKS = [
  "<script>globalThis.owned = 1</script>",
  "<img src=x onerror=\"globalThis.owned = 1\">",
  "[click](javascript:globalThis.owned=1)",
  "![x](javascript:globalThis.owned=1)",
  "<a href=\"javascript:globalThis.owned=1\">link</a>",
  "\"><svg onload=globalThis.owned=1>",
  "@[<b onmouseover=globalThis.owned=1>](nobody)",
];

test("script in every field is shown as text, and never runs", async () => {
  const who = await here.person("mia.hansen");
  const { page } = who;
  await open(who, `/${PAGE}`);
  await composer(page).fill(`Attacks follow\n\n${ATTACKS.join("\n\n")}`);
  await widget(page).getByRole("button", { name: "Preview" }).first().click();
  await widget(page).locator(".preview").first().getByText("Attacks follow").waitFor();
  await submit(page).click();
  const post = entry(page, "Attacks follow");
  await post.waitFor();
  await expect.text(post, /<script>globalThis\.owned/);
  await expect.text(post, /onerror=/);
  await (await menu(post)).getByRole("menuitem", { name: "Edit" }).click();
  await expect.gives(
    () => widget(page).locator("form[id^=form-edit] textarea").inputValue(),
    (source) => ATTACKS.every((attack) => source.includes(attack)),
    "the source as it was written",
  );
  await widget(page).locator("form[id^=form-edit]").getByRole("link", { name: "Cancel" }).click();
  await reply(page, post, `In answer: ${ATTACKS.join(" ")}`);
  await entry(page, "In answer: <script>globalThis.owned = 1</script> <img").waitFor();
  const found = await widget(page).evaluate((element) => {
    const all = [...element.shadowRoot.querySelectorAll("*")];
    return {
      scripts: all.filter((one) => /^(script|img|iframe|object|b)$/.test(one.localName) && one.closest(".rich")).length,
      handlers: all.filter((one) => one.getAttributeNames().some((name) => name.startsWith("on"))).length,
      addresses: all.filter((one) => /^\s*javascript:/i.test(one.getAttribute("href") || one.getAttribute("action") || "")).length,
    };
  });
  assert.deepEqual(found, { scripts: 0, handlers: 0, addresses: 0 });
  assert.equal(await page.evaluate(() => globalThis.owned), undefined);
  await who.context.close();
});

test("parameters in a shared address cannot bring anything but a view", async () => {
  const who = await here.person("mia.hansen");
  const p = "sort=%22%3E%3Cscript%3EglobalThis.owned=1%3C/script%3E&focus=../../x&limit=-1&reply=%00&open=....";
  await who.visit(`/${PAGE}#stoa-comments?${p}`);
  await widget(who.page).locator(".view, [role=alert]").first().waitFor();
  assert.equal(await who.page.evaluate(() => globalThis.owned), undefined);
  await who.page.goto(`${here.servers.stoa}/t/demo/comments?page=${PAGE}&${p}`);
  assert.equal(await who.page.evaluate(() => globalThis.owned), undefined);
  await who.context.close();
});

test("a comment of invisible characters is nothing, and is told so", async () => {
  const who = await here.person("mia.hansen");
  await open(who, `/${PAGE}`);
  await composer(who.page).fill("\u200b\u2060\u200b \ufeff");
  await submit(who.page).click();
  await widget(who.page).getByText("Please write something first.").first().waitFor();
  await who.context.close();
});

test("characters that turn the writing direction end with the text they stand in", async () => {
  const who = await here.person("mia.hansen");
  const { page } = who;
  await open(who, `/${PAGE}`);
  await composer(page).fill("Turned around \u202e\u2066 here\n\nwith \u202e no end");
  await submit(page).click();
  const post = entry(page, "Turned around");
  await post.waitFor();
  // The button after the text reads from left to right, where its box begins is left of where it ends.
  const name = post.getByRole("link", { name: "Reply", exact: true }).first();
  await name.waitFor();
  const shown = await post.locator(":scope > .rich").innerText();
  const opened = (shown.match(/[\u202a-\u202e\u2066-\u2068]/g) || []).length;
  const closed = (shown.match(/[\u202c\u2069]/g) || []).length;
  assert.ok(opened === 0 || closed >= opened, JSON.stringify(shown));
  await who.context.close();
});

test("Markdown that never ends or nests without limit is shown as far as it goes", async () => {
  const who = await here.person("mia.hansen");
  const { page } = who;
  await open(who, `/${PAGE}`);
  for (const [number, text] of ["**bold _and [a link](", `${">".repeat(300)} deep`, "```\nnever closed", `${"[".repeat(2000)}x`, "| a |\n| --- |\n".repeat(50)].entries()) {
    await composer(page).fill(`Broken ${number}\n\n${text}`);
    await submit(page).click();
    await entry(page, `Broken ${number}`).waitFor();
  }
  await fits(page);
  await who.context.close();
});
