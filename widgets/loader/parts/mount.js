// One script and no element: `<script class="stoa-mount" data-mount=".article" ...>` puts the widget where the selector
// finds the first place, as the last thing inside of it.
export const mount = () => {
  const script = document.querySelector("script.stoa-mount[data-mount]");
  if (!script) return;
  const { mount: selector, plugin = "page", ...settings } = script.dataset;
  let place;
  try {
    place = document.querySelector(selector);
  } catch {}
  if (!place) return console.error(`stoa: nothing on this page matches data-mount="${selector}"; the widget is at the end of the page.`), put(document.body);
  if (!place.querySelector("stoa-" + plugin)) put(place);

  function put(place) {
    const host = document.createElement(customElements.get("stoa-" + plugin) ? "stoa-" + plugin : "stoa-plugin");
    host.setAttribute("name", plugin);
    for (const name in settings) if (name != "site") host.setAttribute(name.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase()), settings[name]);
    place.append(host);
  }
};
