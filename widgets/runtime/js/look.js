// Light or dark, from what is really behind a widget; and what a shown view needs before anything else. swap.js uses it, too.

/** The red, green, blue and alpha of these colours painted one behind the other, in any notation that CSS has. */
const mix = (colors) => {
  const brush = new OffscreenCanvas(1, 1).getContext("2d");
  brush.globalCompositeOperation = "destination-over";
  for (const color of colors) {
    brush.fillStyle = color;
    brush.fillRect(0, 0, 1, 1);
  }
  return brush.getImageData(0, 0, 1, 1).data;
};

/** Relative luminance (WCAG 2.2), 0 to 1; none where nothing opaque is there. */
const luminance = (colors) => {
  const [red, green, blue, alpha] = [...mix(colors)].map((value) => value / 255);
  if (alpha < 0.9) return null;
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
};

const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

const parent = (element) => element.parentElement || element.getRootNode().host;

/** The backgrounds behind an element; none where a picture is. */
const layers = (host) => {
  const found = [];
  for (let at = host; at; at = parent(at)) {
    const { backgroundColor, backgroundImage } = getComputedStyle(at);
    if (backgroundImage != "none") return luminance(found) == null ? [] : found;
    found.push(backgroundColor);
  }
  return found;
};

// Below this nobody reads the page's own colour here: the page has coloured elements inside, not the text as such.
const READABLE = 3;
// White and black are as far from it as each other.
const MIDDLE = 0.179;

/** Sets light or dark, and a colour for the text where the page's could not be read. */
export const shade = ({ host, root }) => {
  const [sheet] = root.adoptedStyleSheets;
  const rule = sheet.cssRules[0].style;
  const before = rule.colorScheme;
  // Measured without what was found before.
  rule.removeProperty("--own");
  const behind = luminance(layers(host));
  const text = luminance([getComputedStyle(host).color]);
  const dark = behind == null ? text > MIDDLE : behind < MIDDLE;
  const own = behind != null && contrast(behind, text) < READABLE;
  if (before != (dark ? "dark" : "light")) rule.colorScheme = dark ? "dark" : "light";
  if (own) rule.setProperty("--own", dark ? "#e7eaf0" : "#1d2430");
};

let waiting;
const again = (views) => {
  waiting ||= requestAnimationFrame(() => {
    waiting = 0;
    views.forEach(shade);
  });
};

/**
 * Looks at once and whenever the theme may have changed: by an attribute of something around the widget, at the end of a
 * transition of colours, by a setting of the system. Gives what ends it.
 */
export const watch = (view, views) => {
  const end = new AbortController();
  const { signal } = end;
  const soon = () => again(views);
  const seen = new MutationObserver(soon);
  for (let at = view.host; at; at = parent(at)) seen.observe(at, { attributeFilter: ["class", "style", "data-theme", "data-bs-theme", "data-color-mode"] });
  signal.onabort = () => seen.disconnect();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon, { signal });
  document.addEventListener("transitionend", (event) => /color/.test(event.propertyName) && event.target.contains(view.host) && soon(), { signal });
  shade(view);
  return end;
};

/** The live region of a view, and no tooltip over all of it from a `title` on its element. */
export const settle = (view) => {
  if (view.live?.isConnected) return;
  const live = document.createElement("p");
  live.className = "sr";
  live.role = "status";
  view.box.title = "";
  view.root.append(live);
  view.live = live;
};
