// How much there is on other pages, for lists of pages: one request for all counts that appeared together.

/** Pages of one request. */
const PAGES_MAX = 100;

let waiting = [];

const ask = async (shared, elements) => {
  const { base, lang } = shared;
  const list = elements.map((element) => ({
    page: element.getAttribute("page") || "",
    plugin: element.getAttribute("plugin") || "comments",
  }));
  const [host] = elements;
  const vouched = host.tokenSource || globalThis.stoa?.token || shared.setting(host, "token-url") || shared.setting(host, "token");
  if (!shared.bearer && vouched) await shared.session([], false, { host });
  const { bearer, site } = shared;
  const answer = await fetch(`${base}/v1/sites/${site}/counts`, {
    method: "POST",
    body: JSON.stringify({ bearer: bearer || null, lang, counts: list }),
  });
  if (!answer.ok) throw new Error(answer.status);
  const { counts } = await answer.json();
  // Where there is nothing yet, nothing is said.
  elements.forEach((element, at) => (element.textContent = counts[at].count ? counts[at].text : ""));
};

const flush = (shared) => {
  const elements = waiting;
  waiting = [];
  for (let at = 0; at < elements.length; at += PAGES_MAX)
    // A list is complete without its counts.
    ask(shared, elements.slice(at, at + PAGES_MAX)).catch((error) => console.warn("stoa: no counts:", error));
};

export const count = (shared, element) => {
  if (waiting.push(element) == 1) setTimeout(flush, 0, shared);
};
