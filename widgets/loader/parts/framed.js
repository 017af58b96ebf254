// The next step of the ladder: where a page's policy lets neither the runtime nor the other way of drawing run, the host's
// own page stands in a frame, where its own policy holds. The page's policy needs `frame-src` with the host then.

// A frame that has said nothing by then was not let in, or its host is not there.
const PATIENCE_MS = 8_000;

const frames = new Map(); // the window of a frame -> its view

// What a frame may ask: how high it is, and who is signed in here. Nobody else is answered.
const hear = async (shared, event) => {
  const view = frames.get(event.source);
  if (!view || event.origin != new URL(shared.base).origin || event.data?.stoa != 1) return;
  const { frame } = view;
  frame.heard = true;
  if (event.data.height > 0) frame.height = Math.min(Math.ceil(event.data.height), 20_000);
  if (!event.data.ask) return;
  if (shared.bearer && Date.now() > shared.ends) await shared.renew().catch(() => {});
  event.source.postMessage({ stoa: 1, token: shared.bearer || "" }, event.origin);
};

const put = (shared, view) => {
  if (view.frame) return;
  const { base, site, lang } = shared;
  const frame = (view.frame = document.createElement("iframe"));
  const query = new URLSearchParams({ page: view.page, lang });
  if (view.p) query.set("p", view.p);
  frame.src = `${base}/embed/${site}/${view.plugin}?${query}`;
  frame.title = view.plugin;
  frame.width = "100%";
  frame.height = 150;
  frame.setAttribute("frameborder", 0);
  view.root.replaceChildren(frame);
  frames.set(frame.contentWindow, view);
  console.warn(`stoa: this page's Content-Security-Policy lets ${base} draw here in a frame only; \`script-src 'wasm-unsafe-eval'\` would spare it.`);
  setTimeout(leave, PATIENCE_MS, shared, view);
};

const leave = ({ base }, { frame, root }) => {
  if (frame.heard || !frame.isConnected) return;
  console.error(`stoa: no frame of ${base} can be shown here; add it to the page's \`frame-src\`. The link inside the element stays.`);
  root.replaceChildren(document.createElement("slot"));
};

export const framed = (shared) => {
  addEventListener("message", (event) => hear(shared, event));
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
    if (effectiveDirective == "frame-src") for (const view of frames.values()) leave(shared, view);
  });
  shared.attach = (view) => put(shared, view);
  shared.detach = ({ frame }) => frame && frames.delete(frame.contentWindow);
  for (const view of shared.views) put(shared, view);
};
