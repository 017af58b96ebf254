// What content systems let through becomes an element: a div, a link alone in its paragraph, an address alone in its
// paragraph or in WordPress's embed block.

import { mount } from "./mount.js";

const BLOCKS = "p,.wp-block-embed__wrapper";

const put = (old, element, settings) => {
  const host = document.createElement("stoa-" + element);
  for (const [name, value] of Object.entries(settings)) if (value) host.setAttribute(name, value);
  old.replaceWith(host);
  host.append(old);
  return host;
};

// An editor saves what it shows.
const isEdited = (old) => old.isContentEditable || old.closest("stoa-plugin,textarea");

// A div is named by its class.
const divs = () => {
  for (const old of document.querySelectorAll("div[class*=stoa-]")) {
    const name = [...old.classList].find((one) => one != "stoa-count" && customElements.get(one));
    if (!name || isEdited(old) || old.parentNode.localName == name) continue;
    const { dataset } = old;
    put(old, name.slice(5), { ...dataset, page: dataset.page || dataset.thread || old.id });
  }
};

// /t/SITE/PLUGIN?page=KEY, and the view's parameters.
const settings = (base, address) => {
  if (!address.startsWith(base + "/t/") || !URL.canParse(address)) return;
  const { pathname, searchParams } = new URL(address);
  const [, site, name, more] = pathname.slice(1).split("/");
  const page = searchParams.get("page");
  if (!name || more != null) return;
  searchParams.delete("page");
  return { name, site, page, p: String(searchParams) };
};

const addresses = (base) => {
  for (const block of document.querySelectorAll(BLOCKS)) {
    const text = block.textContent.trim();
    const link = block.querySelector("a[href]");
    if (isEdited(block) || !text || (link && link.textContent.trim() != text)) continue;
    const found = settings(base, link ? link.href : text);
    if (!found) continue;
    if (link) {
      put(link, "plugin", found);
      continue;
    }
    // For those who look where the widget cannot run.
    const fallback = document.createElement("a");
    fallback.href = fallback.textContent = text;
    block.replaceChildren(fallback);
    put(fallback, "plugin", found);
  }
};

export const adopt = ({ base }) => {
  divs();
  addresses(base);
  mount();
};
