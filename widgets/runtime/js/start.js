// The entry of runtime.js: puts the functions together that Rust calls, and brings it what happens on the page.
// Everything that decides something is in Rust; these modules do what it says.
import * as wasm from "stoa_widgets.js";
import bytes from "stoa_widgets_bg.wasm";
import { accompanied, draw, people, rescue, text } from "./draw.js";
import { drafts, forget } from "./keep.js";
import { settle, watch } from "./look.js";
import { mend, modals, returned, roles } from "./roles.js";
import { decode, net } from "./net.js";
import { ends, engine, run, share, shared } from "./turns.js";

const listeners = new Map(); // view -> ends its listeners

const rest = {
  accompanied,
  modals,
  people,
  rescue,
  returned,
  roles,
  text,
  who: (what) => shared.person?.[what] || "",
  key: () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 256).toString(16).slice(1)).join(""),
  emit: (view, name, detail) =>
    view.host.dispatchEvent(new CustomEvent("stoa-" + name, { bubbles: true, composed: true, detail })),
};

const hear = (view) => (event) => {
  const { type, target, submitter } = event;
  if (event.isComposing) return;
  // Also one that a key has set off while Rust is busy with the key.
  if (type == "submit") event.preventDefault();
  run(() => engine.event(view, event, target, submitter));
};

const attach = (view) => {
  if (listeners.has(view)) return;
  const end = new AbortController();
  listeners.set(view, end);
  const signal = AbortSignal.any([end.signal, ends.signal]);
  for (const type of ["click", "submit", "input", "keydown"]) view.root.addEventListener(type, hear(view), { signal });
  // These do not rise.
  for (const type of ["toggle", "cancel"]) view.root.addEventListener(type, hear(view), { signal, capture: true });
  const theme = watch(view, shared.views);
  signal.addEventListener("abort", () => theme.abort());
  decode(view);
  settle(view);
  mend(view.box);
  run(() => engine.attach(view));
  // That of a whole page's block is where its views are shown.
  if (view.plugin != "page") view.root.querySelector("slot")?.remove();
};

const detach = (view) => {
  listeners.get(view)?.abort();
  listeners.delete(view);
  run(() => engine.detach(view));
};

const replay = ([, target, submitter]) => (target.matches("form") ? target.requestSubmit(submitter) : target.click());

// A link from a dialog to a place in the same page: the dialog is in the way there.
const moved = () => {
  for (const { plugin, root } of shared.views)
    if (!location.hash.startsWith(`#stoa-${plugin}?`)) root.querySelector("dialog > a:last-child")?.click();
};

/**
 * Starts the runtime, once for the page.
 * @param given the loader's object, described in widgets/README.md
 */
export async function runtime(given) {
  const module = await WebAssembly.compile(bytes);
  // The glue looks for these under a name of the page; functions of one runtime, nobody else's.
  globalThis.__stoa = { ...draw, ...drafts, ...net, ...rest };
  wasm.initSync({ module });
  share(given, wasm);
  engine.start();
  forget();
  Object.assign(shared, { attach, detach });
  shared.views.forEach(attach);
  shared.queue.splice(0).forEach(replay);
  const { signal } = ends;
  const touched = (event) => run(() => engine.outside(event.composedPath()[0]));
  addEventListener("hashchange", moved, { signal });
  document.addEventListener("pointerdown", touched, { capture: true, signal });
  document.addEventListener("visibilitychange", () => run(() => engine.visible(!document.hidden)), { signal });
}
