// Pages with a strict Content-Security-Policy and Trusted Types, and pages that forbid WebAssembly.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setUp } from "../support/setup.mjs";
import { composer, entry, expect, helpful, menu, open, part, publish, reply, shown, submit, widget, write } from "../support/widget.mjs";

const here = setUp();

/** A person whose browser remembers everything that the page's policy did not allow. */
async function watched(subject) {
  const who = await here.person(subject);
  await who.context.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      globalThis.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  return who;
}

test("under a strict policy with Trusted Types everything works and nothing is violated", async () => {
  const who = await watched("mia.hansen");
  const { page } = who;
  await open(who, "/howto/printer?csp=strict");
  const post = await publish(page, "Written under a strict policy");
  await reply(page, entry(page, "Written under a strict policy"), "And answered");
  await entry(page, "And answered").waitFor();
  await widget(page).getByRole("button", { name: "Preview" }).first().waitFor();
  await composer(page).pressSequentially("Ask @pet");
  await widget(page).getByRole("listbox").waitFor();
  await page.keyboard.press("Escape");
  const vote = helpful(widget(page).locator(".feed > .post").last());
  const pressed = await vote.getAttribute("aria-pressed");
  await vote.click();
  await expect.gives(() => vote.getAttribute("aria-pressed"), (now) => now !== pressed, "voted");
  await widget(page).getByRole("link", { name: "Oldest" }).click();
  await expect.attribute(widget(page).getByRole("link", { name: "Oldest" }), "aria-current", "true");
  await (await menu(post)).getByRole("menuitem", { name: "Edit" }).waitFor();
  await (await here.member("dieter.wolff")).create("howto/printer", "Live under a strict policy");
  const live = entry(page, "Live under a strict policy");
  await widget(page).getByRole("link", { name: /\d.* new/ }).or(live).first().waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
  assert.deepEqual(who.errors, []);
  await who.context.close();
});

test("the widget brings its styles without inline style, also under a strict policy", async () => {
  const who = await watched("mia.hansen");
  await open(who, "/howto/printer?csp=strict");
  const found = await widget(who.page).evaluate((element) => {
    const root = element.shadowRoot;
    return {
      sheets: root.adoptedStyleSheets.length,
      rules: [...root.adoptedStyleSheets].reduce((sum, sheet) => sum + sheet.cssRules.length, 0),
      inline: root.querySelectorAll("[style],style,link,script").length,
    };
  });
  assert.ok(found.sheets >= 1 && found.rules > 10, JSON.stringify(found));
  assert.equal(found.inline, 0);
  await who.context.close();
});

test("where WebAssembly is forbidden people read, write, answer, vote and sort in swap mode", async () => {
  const who = await watched("mia.hansen");
  const { page } = who;
  const swap = page.waitForResponse((answer) => /\/swap-.*\.js$/.test(answer.url()));
  await who.visit("/howto/printer?csp=nowasm");
  await shown(page);
  await swap;
  await entry(page, "The printer in hall 2").waitFor();
  await write(page, "Written **without** WebAssembly");
  const own = entry(page, "Written without WebAssembly");
  await own.waitFor();
  await expect.value(composer(page), "");
  await reply(page, own, "Answered without it");
  await entry(page, "Answered without it").waitFor();
  const vote = helpful(entry(page, "The printer in hall 2"));
  const count = Number(await vote.locator(".count").textContent());
  await vote.click();
  await expect.text(vote.locator(".count"), new RegExp(`^${count + 1}$`));
  await expect.attribute(vote, "aria-pressed", "true");
  await widget(page).getByRole("link", { name: "Oldest" }).click();
  await expect.attribute(widget(page).getByRole("link", { name: "Oldest" }), "aria-current", "true");
  // What was written with a mention elsewhere is edited by name here, too.
  const me = await here.member("mia.hansen");
  const petra = await me.person("Petra Jansen");
  await me.create("howto/printer", "Seen by @Petra Jansen", { "@body": petra });
  await page.reload();
  await shown(page);
  const mine = entry(page, "Seen by");
  await part(mine, "a.menu").click();
  await mine.getByRole("link", { name: "Edit" }).click();
  const field = widget(page).locator("form[id^=form-edit] textarea");
  await expect.value(field, "Seen by @Petra Jansen");
  await field.fill("Seen twice by @Petra Jansen");
  await widget(page).getByRole("button", { name: "Save changes" }).click();
  await expect.text(entry(page, "Seen twice").locator(".mention"), "@Petra Jansen");
  // The probe for WebAssembly is itself what such a policy reports, once; nothing else may be.
  const others = (await page.evaluate(() => globalThis.violations)).filter((violation) => !/wasm-eval/.test(violation));
  assert.deepEqual(others, []);
  await who.context.close();
});

test("in swap mode a text that could not be sent stays, and is sent once by Try again", async () => {
  const who = await watched("mia.hansen");
  const { page } = who;
  const swap = page.waitForResponse((answer) => /\/swap-.*\.js$/.test(answer.url()));
  await who.visit("/howto/vpn?csp=nowasm");
  await shown(page);
  await swap;
  await entry(page, "").first().waitFor();
  await page.route("**/act", (route) => route.abort());
  await composer(page).fill("Sent on the second try");
  await submit(page).click();
  const again = widget(page).getByRole("button", { name: "Try again" });
  await again.waitFor();
  await expect.value(composer(page), "Sent on the second try");
  await page.unroute("**/act");
  await again.click();
  await entry(page, "Sent on the second try").waitFor();
  await expect.count(entry(page, "Sent on the second try"), 1);
  await expect.value(composer(page), "");
  await part(entry(page, "Sent on the second try"), ".rich").waitFor();
  await who.context.close();
});
