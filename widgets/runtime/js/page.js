// The block of a whole page: tabs in its shadow root, and for each that was chosen an element inside it, of which one is
// shown. swap.js uses it, too.

const KEPT = 20; // pages of which the browser remembers when they were seen
const KEY = "stoa:css"; // the loader sends the `hash` in it to the host, with what is remembered

// FNV-1a of 32 bits, as the host makes it: a page's key need not be kept.
const hash = (text) => {
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum.toString(16);
};

// The tab that was chosen last, on any page, and when this page was seen.
const remember = ({ page, since }, tab) => {
  try {
    const kept = JSON.parse(localStorage[KEY]);
    const [known, memory] = kept.hash.split("?");
    const all = new URLSearchParams(memory);
    const own = hash(page) + ":";
    const seen = (all.get("seen") || "").split(",").filter((one) => one && !one.startsWith(own));
    if (tab) all.set("tab", tab);
    all.set("seen", [...seen, own + since].slice(-KEPT));
    kept.hash = known + "?" + all;
    localStorage[KEY] = JSON.stringify(kept);
  } catch {} // there is no storage in sandboxed frames
};

const nameOf = (tab) => new URLSearchParams(tab.hash.split("?")[1]).get("tab");

/** Shows what belongs to the chosen tab; it is loaded when it is chosen for the first time. */
export const choose = (view) => {
  const { host, box, page, title, url } = view;
  const nav = box.querySelector(".tabs > nav");
  const shown = [...host.children].filter((child) => child.localName == "stoa-plugin");
  if (!nav) return remember(view);
  const tab = nav.querySelector("[aria-current]") || nav.firstElementChild;
  const name = nameOf(tab);
  let chosen = shown.find((child) => child.getAttribute("name") == name);
  if (!chosen) {
    chosen = document.createElement("stoa-plugin");
    for (const [key, value] of Object.entries({ name, page, title, url, role: "tabpanel" })) chosen.setAttribute(key, value);
    shown.push(chosen);
    host.append(chosen);
  }
  for (const child of shown) child.hidden = child != chosen;
  // The panel of the tabs is outside of their tree: elements can name each other there, ids cannot.
  for (const each of nav.children) {
    const panel = shown.find((child) => child.getAttribute("name") == nameOf(each));
    each.ariaControlsElements = panel ? [panel] : null;
    if (panel) panel.ariaLabel = each.textContent;
  }
  box.querySelector(".tab")?.removeAttribute("role");
  remember(view, view.chosen && view.chosen != name ? name : null);
  view.chosen = name;
};
