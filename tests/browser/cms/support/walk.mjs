// What people do in every system: write, answer, sign out. Each test of a system is one of these steps, or its own.

import assert from "node:assert/strict";
import { composer, entry, expect, publish, reply, shown, widget, write } from "../../support/widget.mjs";

/** Opens a page and waits until its widget is complete and lively. */
export async function open(who, url) {
  const live = who.page.waitForResponse((answer) => answer.url().endsWith("/live") && answer.ok());
  await who.page.goto(url);
  await shown(who.page);
  await live;
}

/**
 * One person writes a comment, a second one answers, and the first sees that without loading the page again.
 * Leaves pictures, wide and narrow. Both are signed in; gives the first person's post.
 */
export async function conversation(here, first, second, url, names) {
  for (const who of [first, second]) who.errors.length = 0;
  await open(first, url);
  const post = await publish(first.page, `Good to have this in ${here.system.name}.`);
  await expect.text(post, names.first);
  await open(second, url);
  await reply(second.page, entry(second.page, "Good to have this"), "I had been waiting for it.");
  await entry(second.page, "I had been waiting for it.").waitFor();
  // What others write waits behind a line, so that nobody's text jumps.
  await widget(first.page).getByRole("link", { name: /1.* (new|more)/ }).first().click();
  await entry(first.page, "I had been waiting for it.").waitFor();
  await says(first.page, names.second);
  assert.deepEqual(first.errors, []);
  assert.deepEqual(second.errors, []);
  await pictures(here, first.page, "page");
  return post;
}

/** Waits until the widget, whichever it is, says something. */
export const says = (page, pattern) => widget(page).getByText(pattern).first().waitFor();

/** The page as a whole, on a desk and on a telephone. */
export async function pictures(here, page, what) {
  await here.picture(page, what, { fullPage: true });
  const wide = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await here.picture(page, `${what}-narrow`, { fullPage: true });
  await page.setViewportSize(wide);
  return over;
}

/**
 * Signing out of the system in one tab ends the Stoa session of another one that is still open: what is written there is
 * refused, and stays in the field. `signOut` gets a page of the same person.
 */
export async function signingOut(who, url, signOut) {
  await open(who, url);
  const other = await who.context.newPage();
  await signOut(other);
  await other.close();
  await write(who.page, "Written after signing out.");
  await says(who.page, /sign in/i);
  await expect.count(entry(who.page, "Written after signing out."), 0);
}

export { assert, composer, entry, expect, shown, widget };
