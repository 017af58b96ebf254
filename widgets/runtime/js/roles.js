// What makes keyboard patterns of the view's plain HTML (WAI-ARIA Authoring Practices): menus, tabs, modal dialogs, a
// numbered feed, a picker of reactions. Only with a script that hears the keys, so the host does not write it. All of it
// can be done again at any time; what is right already is left alone.
import { drawPick, local, text } from "./draw.js";
import { choose } from "./page.js";

const openers = new WeakMap(); // dialog -> what had the focus when it came

const set = (element, values) => {
  for (const [name, value] of Object.entries(values))
    if (value == null) element.removeAttribute(name);
    else if (element.getAttribute(name) != value) element.setAttribute(name, value);
};

// A button with a question is a `details`, which can be no item of a menu: an item of ours stands before it.
const standIn = (confirm) => {
  const { className, textContent } = confirm.firstElementChild;
  let item = confirm.previousElementSibling;
  if (!item?.matches("[data-confirm]")) {
    item = local("button", className);
    item.type = "button";
    item.dataset.confirm = "";
    confirm.before(item);
  }
  if (item.textContent != textContent) item.textContent = textContent;
};

// An open question takes the menu's place: then it is no menu any more.
const menu = (details) => {
  const pop = details.lastElementChild;
  const asks = pop.querySelector(":scope > .confirm[open]");
  set(details.firstElementChild, { "aria-haspopup": "menu" });
  set(pop, { role: asks ? "group" : "menu" });
  for (const child of [...pop.children]) {
    const proxy = child.matches("[data-confirm]");
    if (proxy && !child.nextElementSibling?.matches(".confirm")) child.remove();
    else if (child.matches(".confirm")) standIn(child);
  }
  for (const item of pop.querySelectorAll(":scope > :not(hr,details)")) {
    const toggle = item.matches(".toggle");
    set(item, { role: asks ? null : toggle ? "menuitemcheckbox" : "menuitem", tabindex: -1 });
    if (item.matches("[data-confirm]")) set(item, { "aria-haspopup": "dialog" });
    if (toggle) set(item, { "aria-checked": item.matches(".is-on"), "aria-pressed": null });
  }
};

const tabs = (nav) => {
  set(nav, { role: "tablist" });
  const chosen = nav.querySelector("[aria-current]") || nav.firstElementChild;
  for (const tab of nav.children) set(tab, { role: "tab", "aria-selected": tab == chosen, tabindex: tab == chosen ? 0 : -1 });
  const panel = nav.parentNode.querySelector(":scope > .tab");
  if (panel) set(panel, { role: "tabpanel" });
};

const modal = (dialog, root) => {
  if (!dialog.isConnected || dialog.matches(":modal")) return;
  openers.set(dialog, root.activeElement);
  dialog.close();
  dialog.showModal();
};

const feed = (feed) => {
  const posts = feed.querySelectorAll(".post:not([data-local])");
  const total = Math.max(feed.dataset.total || 0, posts.length);
  posts.forEach((post, place) => set(post, { "aria-posinset": place + 1, "aria-setsize": feed.dataset.total ? total : -1 }));
};

// Reactions that nobody has chosen stand in the picker alone.
const reactions = (group) => {
  const all = [...group.querySelectorAll(".reaction:not([data-local])")];
  for (const one of all) one.hidden = one.querySelector(".count").hidden && !one.matches(".is-on");
  if (group.querySelector("[data-local]") || !all.some((one) => one.name)) return;
  const add = local("button", "reaction add", "☺+");
  const picker = local("div", "pop picker");
  add.type = "button";
  set(add, { "aria-label": text("react"), "aria-expanded": false, "aria-haspopup": true });
  set(picker, { role: "toolbar", "aria-label": text("react"), hidden: "" });
  picker.append(
    ...all.map((one, place) => {
      const copy = local("button", "", one.firstElementChild.textContent);
      copy.type = "button";
      set(copy, { "aria-label": one.title, title: one.title, tabindex: place ? -1 : 0, "data-pick": place });
      return copy;
    }),
  );
  group.append(add, picker);
};

/**
 * Makes anew what `setHTML` has made badly: in Chromium 148 a `details` of it shows neither its summary nor its content.
 * swap.js does the same.
 */
export const mend = (box) => {
  const all = [...box.querySelectorAll("details")];
  if (!all.some((one) => one.checkVisibility() && !one.firstElementChild.checkVisibility())) return;
  for (const old of all) {
    const fresh = document.createElement("details");
    for (const { name, value } of old.attributes) fresh.setAttribute(name, value);
    fresh.append(...old.childNodes);
    old.replaceWith(fresh);
  }
};

/** Gives the elements of a view their roles. */
export const roles = (view) => {
  const { box, root } = view;
  const each = (selector, work) => box.querySelectorAll(selector).forEach((element) => work(element, root));
  each("details.menu", menu);
  each("a.menu", (link) => set(link, { role: "button", "aria-haspopup": "menu" }));
  each(".tabs > nav", tabs);
  each("dialog[open]", modal);
  each(".feed", feed);
  each(".reactions", reactions);
  each(".pick > input[data-o]", drawPick);
  if (view.plugin == "page") choose(view);
};

/** The modal dialogs of a view, to be asked again after a change. */
export const modals = ({ box }) => [...box.querySelectorAll("dialog:modal")];

/** Gives the focus back where a dialog has gone. */
export const returned = (dialogs) => {
  for (const dialog of dialogs) if (!dialog.isConnected) openers.get(dialog)?.focus();
};
