// The DOM calls that Rust makes. What does not exist is left alone.
import { accompanied, drawPick, people, rescue } from "./draw.js";
import { modals, returned, roles } from "./roles.js";
import { at, put } from "./table.js";

const doc = document;
const ways = ["firstChild", "nextSibling", "previousSibling", "lastChild"];
let held;

// What belongs to the view; the runtime's own elements do not.
const own = (node, way) => {
  while (node && node.nodeType == 1 && "local" in node.dataset) node = node[way];
  return put(node);
};

const every = (below, selector) => [...(at(below)?.querySelectorAll(selector) || [])];

const get = (element, name) => element?.getAttribute?.(name);

const attribute = (element, name, value) =>
  value == null ? element?.removeAttribute(name) : element?.setAttribute(name, value);

/** Objects and their properties. */
export const things = {
  prop(of, name) {
    const value = at(of)?.[name];
    return value == null ? value : "" + value;
  },
  put(of, name, value) {
    const object = at(of);
    if (object) object[name] = value ?? null;
  },
  sub: (of, name) => put(at(of)?.[name]),
  bytes: (of) => at(of)?.ops,
  number: (of, name) => at(of)?.[name] ?? 0,
  holds: (of, name) => !!at(of)?.[name],
  same: (of, name, other, otherName) => at(of)?.[name] == at(other)?.[otherName],
  adopt(of, names, from) {
    for (const name of names.split(",")) at(of)[name] = at(from)[name] ?? at(of)[name];
  },
  call: (of, name) => at(of)?.[name](),
};

/** Elements. */
export const elements = {
  make: (tag, svg) => put(svg ? doc.createElementNS("http://www.w3.org/2000/svg", tag) : doc.createElement(tag)),
  words: (text) => put(doc.createTextNode(text)),
  go: (from, way) => own(at(from)?.[ways[way]], ways[way > 1 ? 2 : 1]),
  insert: (parent, node, next) => at(parent)?.insertBefore(at(node), at(next) || null),
  shift(parent, node, next) {
    const move = at(parent).moveBefore ? "moveBefore" : "insertBefore";
    at(parent)[move](at(node), at(next) || null);
  },
  get: (of, name) => get(at(of), name),
  set: (of, name, value) => attribute(at(of), name, value),
  find: (below, selector) => put(at(below)?.querySelector(selector)),
  all: (below, selector) => every(below, selector).map(put),
  up: (from, selector) => put(at(from)?.closest?.(selector)),
  fits: (of, selector) => !!at(of)?.matches?.(selector),
  every(below, selector, name, value) {
    for (const element of every(below, selector)) name ? attribute(element, name, value) : element.remove();
  },
  shut(view, inside) {
    for (const details of at(view).box.querySelectorAll("details:is(.menu,.confirm)[open]"))
      if (!details.contains(at(inside) || null)) {
        if (details.contains(at(view).root.activeElement)) details.querySelector("summary").focus();
        details.open = false;
      }
    for (const picker of at(view).box.querySelectorAll(".picker:not([hidden])"))
      if (!picker.parentNode.contains(at(inside) || null)) picker.hidden = true;
  },
  class: (of, name, on) => at(of)?.classList.toggle(name, on),
  before: (of, other) => (at(of).compareDocumentPosition(at(other)) & 4) > 0,
  id: (view, id) => put(at(view).root.getElementById(id)),
  add(of, change) {
    const node = at(of)?.firstChild;
    if (/^-?\d+$/.test(node?.data)) node.data = +node.data + change;
    if (at(of)?.className == "count") at(of).hidden = node.data == 0;
    const reaction = at(of)?.closest(".reaction");
    if (reaction) reaction.hidden = node.data == 0 && !reaction.matches(".is-on");
  },
};

/** Fields, what is in them, and the focus. */
export const fields = {
  step(inside, what, from, way, wraps) {
    const all = every(inside, what).filter((one) => one.checkVisibility());
    const { length } = all;
    const to = way == 0 ? 0 : way == 2 ? length - 1 : all.indexOf(at(from)) + way;
    const next = all[wraps ? (to + length) % length : to];
    if (!next) return;
    // One tab stop for those that have one.
    const stop = all.find((one) => one.tabIndex == 0);
    if (stop && next.tabIndex < 0) {
      stop.tabIndex = -1;
      next.tabIndex = 0;
    }
    next.focus();
  },
  seek(inside, what, from, letter) {
    const all = every(inside, what).filter((one) => one.checkVisibility());
    const start = all.indexOf(at(from)) + 1;
    const next = [...all.slice(start), ...all].find((one) => one.textContent.trim().toLowerCase().startsWith(letter.toLowerCase()));
    next?.focus();
    return !!next;
  },
  leave(inside, what, from, forward) {
    const feed = at(from);
    const all = every(inside, what).filter((one) => one.checkVisibility() && !feed.contains(one) && one.tabIndex >= 0);
    const after = all.findIndex((one) => feed.compareDocumentPosition(one) & 4);
    // Beyond the widget the page goes on: there the browser's own Tab leads.
    (forward ? all[after] : all[(after < 0 ? all.length : after) - 1])?.focus();
  },
  focused: (view) => put(at(view).root.activeElement),
  rtl: (of) => getComputedStyle(at(of)).direction == "rtl",
  roles(view) {
    roles(view);
    for (const field of every(put(at(view).box), ".pick > input[data-o]")) drawPick(field);
  },
  hold(view) {
    const { box, root } = at(view);
    const path = [];
    for (let place = root.activeElement; place; place = place.parentElement) if (place.id) path.push(place.id);
    const typed = [...box.querySelectorAll("textarea")].filter((field) => field.value != field.defaultValue);
    held = { path, focus: root.activeElement, sending: box.querySelectorAll(".is-sending") };
    held.typed = typed.map((field) => [field.id, field.value, field.closest(".post")?.id, people(field), get(field.form, "data-seen")]);
    held.dialogs = modals(box);
  },
  release(view, rescues) {
    const { root, box } = (view = at(view));
    const find = (id) => id && root.getElementById(id);
    for (const [id, value, post, names, seen] of held.typed) {
      const field = find(id);
      // Only where the view was built anew.
      if (!field) rescues && rescue(find(post), view, value);
      else if (field.value == field.defaultValue) {
        field.value = value;
        attribute(field.form, "data-seen", seen);
      }
      if (field) accompanied(field, names);
    }
    returned(held.dialogs);
    // A text on its way must not go with what it answers.
    for (const post of held.sending) if (!post.isConnected) box.prepend(post);
    if (held.focus && !root.activeElement) held.path.map(find).find((place) => place)?.focus();
  },
  write(field, text, from, to, start, end) {
    field = at(field);
    field.focus();
    field.setSelectionRange(from, to);
    // The one way to change a field that the browser's undo knows of.
    if (!doc.execCommand("insertText", false, text)) field.setRangeText(text, from, to);
    field.setSelectionRange(start, end);
  },
  pack(form, button) {
    const fields = {};
    const seen = get(at(form), "data-seen");
    for (const [name, value] of new FormData(at(form), at(button)))
      fields[name] = name in fields ? [fields[name], value].flat() : value;
    return JSON.stringify({ ...fields, ...(seen && { t: seen }) });
  },
};
