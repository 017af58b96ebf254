// The entry of runtime.js: puts the functions together that Rust calls, and brings it what happens on the page.
// Everything that decides something is in Rust; these modules do what it says.
import * as wasm from "stoa_widgets.js";
import bytes from "stoa_widgets_bg.wasm";
import { elements, fields, things } from "./dom.js";
import { draw, text } from "./draw.js";
import { drafts, forget } from "./keep.js";
import { mend } from "./roles.js";
import { decode, net } from "./net.js";
import { at, keep, put } from "./table.js";
import { ends, engine, run, share, shared } from "./turns.js";

const listeners = new Map(); // view -> ends its listeners

const rest = {
  keep,
  text,
  who: (what) => shared.person?.[what] || "",
  key: () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 256).toString(16).slice(1)).join(""),
  random: Math.random,
  emit: (view, name, detail) =>
    at(view).host.dispatchEvent(new CustomEvent("stoa-" + name, { bubbles: true, composed: true, detail })),
};

const hear = (view) => (event) => {
  const { type, target, submitter, ctrlKey, metaKey, shiftKey, altKey, button } = event;
  const held = (ctrlKey || metaKey ? 1 : 0) + (shiftKey || altKey || button ? 2 : 0);
  if (event.isComposing) return;
  // Also one that a key has set off while Rust is busy with the key.
  if (type == "submit") event.preventDefault();
  if (run(() => engine.event(put(view), put(event), put(target), put(submitter), held))) event.preventDefault();
};

const attach = (view) => {
  if (listeners.has(view)) return;
  const end = new AbortController();
  listeners.set(view, end);
  const signal = AbortSignal.any([end.signal, ends.signal]);
  for (const type of ["click", "submit", "input", "keydown"]) view.root.addEventListener(type, hear(view), { signal });
  // These do not rise.
  for (const type of ["toggle", "cancel"]) view.root.addEventListener(type, hear(view), { signal, capture: true });
  decode(view);
  mend(view.box);
  run(() => engine.attach(put(view)));
  view.root.querySelector("slot")?.remove();
};

const detach = (view) => {
  listeners.get(view)?.abort();
  listeners.delete(view);
  run(() => engine.detach(put(view)));
};

const replay = ([view, target, submitter]) => {
  if (submitter || target.matches("form")) run(() => engine.event(put(view), put({ type: "submit" }), put(target), put(submitter), 0));
  else target.click();
};

// A link from a dialog to a place in the same page: the dialog is in the way there.
const moved = () => {
  for (const { plugin, root } of shared.views)
    if (!location.hash.startsWith(`#stoa-${plugin}?`)) root.querySelector("dialog > a:last-child")?.click();
};

/**
 * Starts the runtime, once for the page.
 * @param given the loader's object, described in widgets/README.md
 */
export default async function start(given) {
  const module = await WebAssembly.compile(bytes);
  // The glue looks for these under a name of the page; functions of one runtime, nobody else's.
  globalThis.__stoa = { ...things, ...elements, ...fields, ...draw, ...drafts, ...net, ...rest };
  share(given, wasm.initSync({ module }));
  engine.start();
  forget();
  Object.assign(shared, { attach, detach });
  shared.views.forEach(attach);
  shared.queue.splice(0).forEach(replay);
  const { signal } = ends;
  const touched = (event) => run(() => engine.outside(put(event.composedPath()[0])));
  addEventListener("hashchange", moved, { signal });
  document.addEventListener("pointerdown", touched, { capture: true, signal });
  document.addEventListener("visibilitychange", () => run(() => engine.visible(!document.hidden)), { signal });
}
