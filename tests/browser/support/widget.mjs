// The widget as people find it: by names and roles, not by where things happen to stand.

import { expect } from "./expect.mjs";

export const widget = (page) => page.locator("stoa-comments, stoa-plugin").first();
export const composer = (page) => widget(page).getByRole("textbox", { name: "Your comment" });
export const submit = (page) => widget(page).getByRole("button", { name: "Post comment" });

/** Opens a page and waits until its widget is complete: runtime loaded, live stream open. */
export async function open(who, path) {
  const live = who.page.waitForResponse((answer) => answer.url().endsWith("/live") && answer.ok());
  await who.visit(path);
  await shown(who.page);
  await live;
}

/** Waits for the view and brings it into sight, which is what loads the runtime. */
export async function shown(page) {
  await widget(page).locator(".view").waitFor();
  await widget(page).evaluate((element) => element.scrollIntoView({ block: "start", behavior: "instant" }));
}

/** The post whose own text this is, not those above it in the thread. Posts still on their way are `sending`. */
export const entry = (page, text) =>
  widget(page)
    .locator(".post:not([data-local])")
    .filter({ has: page.locator(":scope > .rich", { hasText: text }) });

export const sending = (page, text) => widget(page).locator(".post.is-sending", { hasText: text });

/** What belongs to the post alone, without its replies. */
export const part = (post, selector) => post.locator(`:scope > ${selector}, :scope > .row > ${selector}`);

export const helpful = (post) => post.getByRole("button", { name: "Helpful" }).first();

export async function write(page, text) {
  await composer(page).fill(text);
  await submit(page).click();
}

/** Writes, and waits until the host has it. */
export async function publish(page, text) {
  await write(page, text);
  await entry(page, text).waitFor();
  return entry(page, text);
}

/** Opens a post's menu and gives what is in it. */
export async function menu(post) {
  // Most menus are sent when they are asked for; one that was stays in the view.
  const closed = part(post, "a.menu");
  await ((await closed.count()) ? closed : part(post, "details.menu").locator("> summary")).click();
  const pop = part(post, "details.menu").locator("> .pop");
  await pop.waitFor();
  return pop;
}

export async function reply(page, post, text) {
  await part(post, "a").filter({ hasText: "Reply" }).click();
  const field = post.getByRole("textbox", { name: /^Your reply/ });
  await field.fill(text);
  await post.getByRole("button", { name: "Post reply" }).click();
}

/** Waits until the function gives a true value in the page. */
export const until = (page, work, argument) => page.waitForFunction(work, argument);

export const focused = (page) =>
  page.evaluate(() => {
    let { activeElement } = document;
    while (activeElement?.shadowRoot?.activeElement) ({ activeElement } = activeElement.shadowRoot);
    const name = activeElement?.getAttribute("aria-label") || activeElement?.id || activeElement?.textContent;
    return { tag: activeElement?.localName, id: activeElement?.id, name };
  });

/** Every text of the view in order, for comparing what two people see. */
export const texts = (page) => widget(page).locator(".post:not([data-local]) > .rich").allInnerTexts();

/** Puts the gallery of `tests/plugins/gallery` in the place of the comments, and waits for its runtime. */
export async function gallery(who) {
  await who.visit("/howto/printer");
  await shown(who.page);
  await who.page.evaluate(() => {
    const old = document.querySelector("stoa-comments");
    const fresh = document.createElement("stoa-plugin");
    for (const { name, value } of old.attributes) fresh.setAttribute(name, value);
    fresh.setAttribute("name", "gallery");
    old.replaceWith(fresh);
  });
  await widget(who.page).getByRole("tab").first().waitFor();
}

/** What the widget says to those who listen. */
export const said = (page, pattern) => expect.text(widget(page).locator("p.sr[role=status]"), pattern);

export { expect };
