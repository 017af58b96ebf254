// The loader: defines the elements, brings the first HTML into their shadow roots and keeps early gestures
// until the runtime is there. Absent on purpose: innerHTML, style attributes, cookies, a framework.
// Gate: 2,048 bytes (brotli, minified). What each field of `shared` means is written in widgets/README.md.

const page = document;
// `stoa-comments` and so on: the name is the plugin's, but for `plugin`, which has it in an attribute, and `thanks`.
const elements = ["plugin", "comments", "questions", "kudos", "thanks", "bell"];
const parameters = ["scope", "for"]; // attributes that reach the plugin under their names
const base = import.meta.url.replace(/\/embed\.js.*/, "");
const script = page.querySelector("script[data-site]");
// Element.setHTML is the one HTML parser we may use under Trusted Types; without it the runtime builds the view from ops.
const parses = "setHTML" in Element.prototype;

let waiting = []; // elements for the next session request
let renewing;
let started;
let hook = globalThis.stoa; // what the page gave: { token: async () => "..." }

const shared = {
  base,
  views: new Set(),
  queue: [],
  renew: () => (renewing ||= session([], true).finally(() => (renewing = 0))),
};

const attribute = (host, name) => host.getAttribute(name) || "";

const setting = (host, name) => attribute(host, name) || page.querySelector(`meta[name=stoa-${name}]`)?.content;

// localStorage throws in sandboxed frames.
const stored = (css) => {
  try {
    if (css) localStorage["stoa:css"] = JSON.stringify(css);
    return JSON.parse(localStorage["stoa:css"]);
  } catch {}
};

// The state that the page's address wants from a plugin.
const wanted = (plugin) => {
  const [anchor, p] = location.hash.split("?");
  return anchor == "#stoa-" + plugin ? p : null;
};

// A token that was written into the page is good for one exchange; later ones come from the hook or the URL.
async function token(host, again) {
  const source = host.tokenSource || hook?.token;
  const url = setting(host, "token-url");
  const given = setting(host, "token");
  if (source) return source();
  if (!url || (given && !again)) return given || null;
  const answer = await fetch(url);
  const text = await answer.text();
  return answer.ok ? (text[0] == "{" ? JSON.parse(text).token : text) : null;
}

// One request for all elements that appeared together; with none of them it renews the bearer.
async function session(views, again) {
  const css = stored();
  const host = (views[0] || [...shared.views][0]).host;
  const answer = await fetch(`${base}/v1/sites/${shared.site}/session`, {
    method: "POST",
    body: JSON.stringify(
      { token: await token(host, again).catch(() => {}), lang: shared.lang, css: css?.hash, ops: !parses, views },
      ["token", "lang", "css", "ops", "views", "plugin", "page", "title", "url", "p"],
    ),
  });
  // A page that was left open, or restored, still has the token of then.
  if (answer.status == 401 && !again) return session(views, true);
  const data = await answer.json();
  if (!answer.ok) data.views = views.map(() => ({ problem: data }));
  stored(data.css);
  if (!shared.sheet) {
    shared.sheet = new CSSStyleSheet();
    shared.sheet.replaceSync((data.css || css)?.text || "");
  }
  // Everything else (bearer, person, runtime, sanitizer, texts...) is kept as the host sent it.
  if (answer.ok) Object.assign(shared, { ...data, views: shared.views });
  views.forEach((view, at) => view.host.view == view && show(view, data.views[at]));
  return answer.ok;
}

function show(view, data) {
  const { host } = view;
  let root = host.shadowRoot;
  if (!root) {
    root = host.attachShadow({ mode: "open" });
    for (const type of ["click", "submit", "focusin", "pointerdown"]) root.addEventListener(type, hold);
  }
  root.adoptedStyleSheets = [shared.sheet];
  const box = page.createElement("div");
  const live = page.createElement("p");
  view.root = root;
  if (data.problem) {
    // What fails by itself leaves a quiet place; only what somebody can mend is cried out.
    const quiet = data.problem.status > 499;
    live.role = quiet ? "note" : "alert";
    live.className = quiet ? "empty" : "notice tone-danger";
    live.textContent = data.problem.detail || data.problem.title;
    console.warn(data.problem.reason, data.problem.hint);
    return root.replaceChildren(live, page.createElement("slot"));
  }
  Object.assign(view, data);
  view.box = box;
  view.live = live;
  box.title = ""; // a `title` attribute on the element must not become a tooltip over the whole widget
  live.className = "sr";
  live.role = "status";
  if (parses) box.setHTML(data.html, { sanitizer: shared.sanitizer });
  // Until the runtime has built the view, and for good where it cannot run, the link inside the element stays in sight.
  root.replaceChildren(box, live, parses ? "" : page.createElement("slot"));
  shared.views.add(view);
  if (shared.attach) shared.attach(view);
  else if (parses) seen.observe(host);
  else boot();
  if (wanted(view.plugin)) root.querySelector(".is-highlighted")?.scrollIntoView();
}

// Gestures made before the runtime is there are remembered and made again by it.
function hold(event) {
  const target = event.type == "submit" ? event.target : event.target.closest("a[href^='#stoa-']");
  if (shared.attach || started == "off") return;
  boot();
  if (!/submit|click/.test(event.type) || !target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  shared.queue.push([event.currentTarget.host.view, target, event.submitter]);
}

const load = (name) => import(base + shared[name]).then((module) => module.default(shared));

// Instantiating an empty module is the only test that tells the truth about the page's CSP in every browser.
const boot = () =>
  (started ||= (async () => WebAssembly.instantiate(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)))()
    .then(() => load("runtime"))
    .catch(() => load("swap"))
    .catch(() => (started = "off"))); // then links load the widget anew

const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && boot(), {
  rootMargin: "200px",
});

function open(host) {
  const known = page.querySelector("link[rel=canonical]")?.href || location.href;
  const [, name] = host.localName.split("-");
  const plugin = { plugin: attribute(host, "name"), thanks: "kudos" }[name] || name;
  const p = new URLSearchParams(wanted(plugin) || attribute(host, "p"));
  for (const name of parameters) if (attribute(host, name)) p.set(name, attribute(host, name));
  if (name == "thanks") p.set("view", "button");
  const url = attribute(host, "url") || known.split("#")[0];
  shared.site ||= attribute(host, "site") || script?.dataset.site || setting(host, "site");
  shared.lang ||= host.closest("[lang]")?.lang || navigator.language;
  host.view = {
    host,
    plugin,
    page: attribute(host, "page") || new URL(url, page.baseURI).pathname,
    title: attribute(host, "title") || page.title,
    url,
    p: "" + p,
  };
  if (waiting.push(host.view) == 1) queueMicrotask(() => flush(waiting.splice(0)));
}

// While the host cannot be reached the element keeps what it shows (at first: the link inside it).
const flush = (views, delay = 2e3) =>
  session(views).catch(() => setTimeout(flush, delay * (1 + Math.random()), views.filter((view) => view.host.view == view), delay * 2));

function close(host) {
  const { view } = host;
  host.view = 0;
  if (shared.views.delete(view)) shared.detach?.(view);
}

const reopen = (host) => {
  close(host);
  open(host);
};

// A permanent link that is followed inside its own page; and every link while nothing else runs.
addEventListener("hashchange", () => {
  for (const { host, plugin } of [...shared.views]) if (wanted(plugin) != null) reopen(host);
});

class Plugin extends HTMLElement {
  static observedAttributes = [...parameters, "name", "page", "site", "url", "lang", "token", "token-url", "p"];
  connectedCallback() {
    if (!this.view) open(this);
  }
  disconnectedCallback() {
    // Moving an element disconnects and connects it at once; that is not the end of it.
    queueMicrotask(() => this.isConnected || close(this));
  }
  attributeChangedCallback() {
    if (this.view) reopen(this);
  }
}

// What content systems let through: a plain div, or a link alone in its paragraph.
function adopt(old, element, settings) {
  const host = page.createElement("stoa-" + element);
  for (const name in settings) if (settings[name]) host.setAttribute(name, settings[name]);
  old.replaceWith(host);
  host.append(old);
}

if (!customElements.get("stoa-plugin")) {
  Object.defineProperty(globalThis, "stoa", {
    get: () => hook,
    set(value) {
      hook = value;
      for (const { host } of [...shared.views]) host.attributeChangedCallback();
    },
  });
  for (const name of elements) {
    customElements.define("stoa-" + name, class extends Plugin {});
    for (const old of page.querySelectorAll("div.stoa-" + name))
      adopt(old, name, { ...old.dataset, page: old.dataset.page || old.dataset.thread || old.id });
  }
  for (const old of page.querySelectorAll(`p>a[href^="${base}/t/"]`))
    if (old.parentNode.textContent.trim() == old.textContent.trim()) {
      const { pathname, searchParams } = new URL(old.href);
      const [name, site] = pathname.split("/").reverse();
      const key = searchParams.get("page");
      searchParams.delete("page");
      adopt(old, "plugin", { name, site, page: key, p: "" + searchParams });
    }
}
