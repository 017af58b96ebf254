// The loader: defines the elements, brings the first HTML into their shadow roots and keeps early gestures
// until the runtime is there. What most pages never need is in parts.js.
// Absent on purpose: innerHTML, style attributes, cookies, a framework.
// Gate: 2,048 bytes (brotli, minified). What each field of `shared` means is written in widgets/README.md.

const page = document;
// `stoa-comments` and so on: the name is the plugin's, but for `plugin`, which has it in an attribute, and `thanks`.
const elements = "plugin comments questions kudos thanks bell page count".split(" ");
const told = ["page", "title", "url", "p", "scope", "for"]; // attributes that the host is told as they are
const base = import.meta.url.split("/embed.js")[0];
const script = page.querySelector("script[data-site]");
// Element.setHTML is the one HTML parser we may use under Trusted Types; without it the runtime builds the view from ops.
const parses = "setHTML" in Element.prototype;

let waiting = []; // elements for the next session request
let renewing;
let started;
let out; // signed out, until the page gives a new hook
let hook = globalThis.stoa; // what the page gave: { token: async () => "..." }



const attribute = (host, name) => host.getAttribute(name) || "";

const setting = (host, name) => attribute(host, name) || page.querySelector(`meta[name=stoa-${name}]`)?.content;

// Work that is loaded when it is needed: functions of parts.js.
const part = (name, ...given) => import(base + (shared[name] || "/parts.js")).then((parts) => parts[name](shared, ...given));

const shared = {
  base,
  setting,
  sheet: new CSSStyleSheet(),
  views: new Set(),
  queue: [],
  session,
  renew: () => (renewing ||= session([], true).finally(() => (renewing = 0))),
};

// localStorage throws in sandboxed frames.
const stored = (css) => {
  try {
    if (css) localStorage["stoa:css"] = JSON.stringify(css);
    return JSON.parse(localStorage["stoa:css"]);
  } catch {}
};

// What the page's address names: third the plugin, fourth the state that is wanted of it.
const place = () => location.hash.split(/#stoa-|\?(.*)/);

// A token that was written into the page is good for one exchange; later ones come from the hook or the URL.
const token = async (host, again) => {
  const source = host.tokenSource || hook.token;
  const url = setting(host, "token-url");
  const given = setting(host, "token");
  if (out) return;
  if (source) return source();
  if (!url || (given && !again)) return given;
  const answer = await fetch(url);
  const text = await answer.text();
  if (!answer.ok) throw answer.status;
  return text[0] == "{" ? JSON.parse(text).token : text;
};

// One request for all elements that appeared together; with none of them it renews the bearer.
async function session(views, again, { host } = [...views, ...shared.views][0]) {
  const css = stored();
  const answer = await fetch(`${base}/v1/sites/${shared.site}/session`, {
    method: "POST",
    body: JSON.stringify(
      {
        token: await token(host, again).catch((error) => part("untold", host, error)),
        lang: shared.lang,
        css: css?.hash,
        ops: !parses,
        out,
        at: place(),
        title: page.title,
        url: page.querySelector("link[rel=canonical]")?.href || location.href.split("#")[0],
        views,
      },
      ["token", "lang", "css", "ops", "out", "at", "views", "plugin", ...told],
    ),
  });
  const data = await answer.json();
  // A page that was left open, or restored, still has the token of then; and somebody may have signed out meanwhile.
  if (out ? data.bearer : answer.status == 401 && !again) return session(views, true, { host });
  stored(data.css);
  shared.sheet.replaceSync((data.css || css)?.text || "");
  // Everything else (bearer, person, runtime, sanitizer, texts...) is kept as the host sent it.
  if (answer.ok) Object.assign(shared, data, { ends: Date.now() + data.expires_in * 1e3 - 6e4, views: shared.views });
  views.forEach((view, at) => view.host.view == view && show(view, answer.ok ? data.views[at] : { problem: data }));
  return answer.ok;
}

// The element's shadow root. Light or dark as the text is that the element has from the page; what is really behind it
// look.js finds out, which comes with the runtime.
function stage(view) {
  const { host } = view;
  const sheet = new CSSStyleSheet();
  const dark = getComputedStyle(host).color.match(/[\d.]+/) > 140;
  let root = host.shadowRoot;
  if (!root) {
    root = host.attachShadow({ mode: "open" });
    for (const type of ["click", "submit", "focusin", "pointerdown"]) root.addEventListener(type, hold);
  }
  view.root = root;
  sheet.replaceSync(`:host{display:block;color-scheme:${dark ? "dark" : "light"}}`);
  root.adoptedStyleSheets = [sheet, shared.sheet];
  return root;
}

function show(view, data) {
  const { host } = view;
  const root = stage(view);
  const box = page.createElement("div");
  if (data.problem) return tell(view, data.problem);
  Object.assign(view, data);
  view.box = box;
  if (parses) box.setHTML(data.html, { sanitizer: shared.sanitizer });
  if (data.inner) {
    // Of a whole page: what is shown first came with it.
    const child = page.createElement("stoa-plugin");
    for (const name in data.given) child.setAttribute(name, data.given[name]);
    child.data = data.inner;
    host.replaceChildren(child);
  }
  // Until the runtime has built the view, and for good where it cannot run, the link inside the element stays in sight.
  root.replaceChildren(box, parses && !data.inner ? "" : page.createElement("slot"));
  shared.views.add(view);
  if (shared.attach) shared.attach(view);
  else if (parses) seen.observe(host);
  else boot();
  root.querySelector(".is-highlighted")?.scrollIntoView();
}

// A sentence in the place of a view, with the link inside the element. What more can be said is in parts.js; that
// cannot be loaded where the host is down.
function tell(view, problem) {
  const line = page.createElement("p");
  line.textContent = problem?.detail || stored()?.down;
  // What is shown already stays, below the sentence.
  stage(view)[problem?.detail ? "replaceChildren" : "prepend"](line, page.createElement("slot"));
  return part("tell", view, line, problem).catch(() => {});
}

// Gestures made before the runtime is there are remembered and made again by it.
function hold(event) {
  const target = event.type == "submit" ? event.target : event.target.closest("a[href^='#stoa-']");
  if (shared.attach || started == "off") return;
  boot();
  if (/n/.test(event.type) || !target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  shared.queue.push([event.currentTarget.host.view, target, event.submitter]);
}


// Instantiating an empty module is the only test that tells the truth about the page's CSP in every browser.
const boot = () =>
  (started ||= (async () => WebAssembly.instantiate(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)))()
    .then(() => part("runtime"))
    .catch(() => part("swap"))
    .catch(() => (started = "off"))); // then links load the widget anew

const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && boot(), {
  rootMargin: "200px",
});

function open(host) {
  const name = host.localName.slice(5);
  shared.site ||= setting(host, "site") || script?.dataset.site;
  shared.lang ||= host.closest("[lang]")?.lang || navigator.language;
  if (name == "count") return part("count", host);
  const view = (host.view = { host, plugin: attribute(host, "name") || name });
  for (const name of told) view[name] = attribute(host, name);
  if (host.data) show(view, host.data);
  else if (waiting.push(view) == 1) queueMicrotask(() => flush(waiting.splice(0)));
}

// While the host cannot be reached the element keeps what it shows (at first: the link inside it).
const flush = (views, delay = 2e3) =>
  session(views).catch(() => {
    const left = views.filter((view) => view.host.view == view);
    if (delay == 8e3) left.forEach(tell);
    setTimeout(flush, delay * (1 + Math.random()), left, delay * 2);
  });

function close(host) {
  const { view } = host;
  host.view = host.data = 0;
  if (shared.views.delete(view)) shared.detach?.(view);
}

const reopen = (host) => {
  close(host);
  open(host);
};

// A permanent link that is followed inside its own page; and every link while nothing else runs.
addEventListener("hashchange", () => {
  const [, , name] = place();
  for (const { host, plugin } of [...shared.views]) if (name && [name, "page"].includes(plugin)) reopen(host);
});

class Plugin extends HTMLElement {
  static observedAttributes = [...told, "name", "site", "lang", "token", "token-url"];
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

const anew = () => {
  for (const { host } of [...shared.views]) reopen(host);
};

const signOut = () => {
  out = shared.bearer || 1;
  shared.bearer = 0;
  for (const { root } of shared.views) root.replaceChildren();
  anew();
};

if (!customElements.get("stoa-plugin")) {
  Object.defineProperty(globalThis, "stoa", {
    get: () => hook,
    set(value) {
      hook = { ...value, signOut };
      out = 0;
      anew();
    },
  });
  globalThis.stoa = hook;
  for (const name of elements) customElements.define("stoa-" + name, class extends Plugin {});
  // What content systems let through.
  if (page.querySelector(`[class*=stoa-],p>a[href^="${base}/t/"]`) || page.body?.textContent.includes(base + "/t/")) part("adopt");
}
