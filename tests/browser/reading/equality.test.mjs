// The golden rule: after any number of patches the widget's DOM is what the host would send as fresh HTML.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setUp } from "../support/setup.mjs";
import { entry, expect, helpful, menu, open, part, reply, widget, write } from "../support/widget.mjs";

const here = setUp();

/** Both trees as lines of text: what the widget shows, and what this HTML is to the browser's own parser. */
const compare = (page, html) =>
  page.evaluate((html) => {
    // What the runtime adds to elements of the view: toolbars are shown, forms are marked, menus may be open.
    const own = { tools: ["hidden"], preview: ["hidden"], counter: ["hidden"], keys: ["hidden"], menu: ["role"], pop: ["role"], confirm: ["role"] };
    const anywhere = new Set([
      "data-up", "data-old", "data-seen", "aria-busy", "open", "style", "aria-invalid", "aria-posinset", "aria-setsize", "aria-haspopup",
    ]);
    const skips = (element, name) =>
      anywhere.has(name) ||
      Object.keys(own).some((kind) => element.classList.contains(kind) && own[kind].includes(name)) ||
      (name === "title" && element.matches("time[data-r]")) ||
      (name === "tabindex" && element.parentElement?.classList.contains("tools")) ||
      (["role", "tabindex"].includes(name) && element.closest(".menu"));
    const lines = [];
    const walk = (node, depth) => {
      const pad = " ".repeat(depth);
      if (node.nodeType === Node.TEXT_NODE) {
        if (!node.parentElement.matches("time[data-r]")) lines.push(pad + JSON.stringify(node.data));
        return;
      }
      if (node.nodeType !== Node.ELEMENT_NODE || node.matches("[data-local]")) return;
      const attributes = node.getAttributeNames().filter((name) => !skips(node, name)).sort();
      const words = attributes.map((name) => `${name}=${JSON.stringify(node.getAttribute(name))}`);
      lines.push(`${pad}<${[node.namespaceURI.split("/").at(-1), node.nodeName, ...words].join(" ")}>`);
      if (!node.matches(".preview")) for (const child of node.childNodes) walk(child, depth + 1);
    };
    const read = (root) => {
      lines.length = 0;
      walk(root, 0);
      return [...lines];
    };
    const shown = read(document.querySelector("stoa-comments").shadowRoot.querySelector(".view"));
    const fresh = read(new DOMParser().parseFromString(html, "text/html").body.firstElementChild);
    const at = shown.findIndex((line, number) => line !== fresh[number]);
    const differs = at >= 0 || shown.length !== fresh.length;
    const near = (tree) => tree.slice(Math.max(0, at - 3), at + 3);
    return { lines: shown.length, differs, shown: differs ? near(shown) : [], fresh: differs ? near(fresh) : [] };
  }, html);

/** Compares with what the host sends this person for the same parameters. */
async function same(page, me, key, when) {
  const { p, since } = await widget(page).evaluate(({ view }) => ({ p: view.p, since: view.since }));
  const html = await me.view(key, p, since ? { since } : {});
  const found = await compare(page, html);
  assert.ok(found.lines > 50);
  assert.deepEqual({ shown: found.shown, when }, { shown: found.fresh, when });
  assert.equal(found.differs, false, when);
}

test("after posting, voting, sorting, opening, editing and live changes the DOM equals fresh HTML", async () => {
  const key = "policies/remote-work";
  const who = await here.person("mia.hansen");
  const me = await here.member("mia.hansen");
  const dieter = await here.member("dieter.wolff");
  const { page } = who;
  const settled = () => expect.count(widget(page).locator("[aria-busy=true], .is-sending"), 0);
  const link = async (name) => {
    await widget(page).getByRole("link", { name }).first().click();
    await settled();
  };
  const acted = async (work) => {
    const answered = page.waitForResponse((answer) => answer.url().endsWith("/act"));
    await work();
    await answered;
    await settled();
  };
  await open(who, `/${key}`);
  await same(page, me, key, "at first");
  await acted(() => write(page, "A comment with *all* kinds of\n\n- list\n- `code`\n\n> and a quotation"));
  await same(page, me, key, "after a comment");
  await acted(() => helpful(widget(page).locator(".feed > .post").nth(2)).click());
  await same(page, me, key, "after a vote");
  const own = entry(page, "A comment with all kinds of");
  await reply(page, own, "And an answer to it");
  await entry(page, "And an answer to it").waitFor();
  await settled();
  await same(page, me, key, "after a reply");
  await link("Oldest");
  await expect.attribute(widget(page).getByRole("link", { name: "Oldest" }), "aria-current", "true");
  await same(page, me, key, "after sorting");
  await link("Newest");
  await expect.attribute(widget(page).getByRole("link", { name: "Newest" }), "aria-current", "true");
  const answered = widget(page).locator(".feed > .post").nth(3);
  await part(answered, "a").filter({ hasText: "Reply" }).click();
  await answered.locator("form.form").first().waitFor();
  await same(page, me, key, "with a form open");
  await dieter.create(key, "Something new meanwhile");
  const news = widget(page).getByRole("link", { name: /\d.* new/ });
  await news.waitFor();
  await same(page, me, key, "with news waiting");
  await news.click();
  await entry(page, "Something new meanwhile").waitFor();
  await same(page, me, key, "after the news");
  const id = (await entry(page, "Something new meanwhile").getAttribute("id")).slice(2);
  await dieter.on(key, id, "delete");
  await expect.count(entry(page, "Something new meanwhile"), 0);
  await same(page, me, key, "after a deletion");
  assert.deepEqual(who.errors, []);
  await who.context.close();
});

test("after a long walk through a long thread the DOM equals fresh HTML", async () => {
  const key = "policies/travel";
  const who = await here.person("mia.hansen");
  const me = await here.member("mia.hansen");
  const { page } = who;
  const asked = async (name) => {
    const answered = page.waitForResponse((answer) => answer.url().includes("/view?"));
    await widget(page).getByRole("link", { name }).first().click();
    await answered;
    await expect.count(widget(page).locator("[aria-busy=true]"), 0);
    await expect.count(page.locator("stoa-comments [aria-busy=true]"), 0);
  };
  await open(who, `/${key}`);
  for (const name of [/Show .* more repl/, /^Show .* more$/, "Most helpful", /Show .* more repl/, "Oldest", "Show fewer replies", "Newest", "Reply", "Cancel"]) {
    if ((await widget(page).getByRole("link", { name }).count()) === 0) continue;
    await asked(name);
    await same(page, me, key, `after ${name}`);
  }
  await who.context.close();
});

test("after every step of a moderator the DOM equals fresh HTML", async () => {
  const key = "products/halo";
  const who = await here.person("paul.nguyen");
  const me = await here.member("paul.nguyen");
  const { page } = who;
  await open(who, `/${key}`);
  const first = widget(page).locator(".feed > .post").nth(1);
  const id = await first.getAttribute("id");
  const post = widget(page).locator(`#${id}`);
  await (await menu(post)).getByRole("menuitem", { name: "Pin to the top" }).click();
  await post.locator(":scope > header .pinned").waitFor();
  await same(page, me, key, "after pinning");
  await (await menu(post)).getByRole("menuitem", { name: "Unpin" }).click();
  await expect.count(post.locator(":scope > header .pinned"), 0);
  await same(page, me, key, "after unpinning");
  await who.context.close();
});
