// What the reader and the administrator are told where a view cannot be shown. The reader gets a sentence, in words of
// the host where it has answered, and a link; everything technical goes to the console, once.

// The host has no say where it cannot be reached; these are its languages.
const WORDS = {
  en: { down: "This part of the page cannot be reached at the moment.", open: "Open it on a page of its own", enter: "Sign in" },
  de: { down: "Dieser Teil der Seite ist gerade nicht erreichbar.", open: "Auf einer eigenen Seite öffnen", enter: "Anmelden" },
};
// Enough to look like a part of the page where no style sheet has come.
const STYLE =
  "p{margin:0;padding:.75em 1em;border:1px solid color-mix(in srgb,currentColor 30%,transparent);border-radius:.5em}a{color:inherit}";

const said = new Set();
const say = (...parts) => {
  const line = parts.filter(Boolean).join(" ");
  if (!said.has(line)) console.error("stoa: " + line);
  said.add(line);
};

const where = ({ base, site }) => `${base}, site "${site}", asked by a page of ${location.origin}:`;

const reported = new Set();
// For the admin's console: what it was and the path of the page, nothing of the person.
const report = ({ base, site }, code) => {
  if (reported.has(code)) return;
  reported.add(code);
  const body = JSON.stringify({ code, page: location.pathname });
  fetch(`${base}/v1/sites/${site}/reports`, { method: "POST", body, keepalive: true }).catch(() => {});
};

const link = (line, href, text) => {
  const a = document.createElement("a");
  Object.assign(a, { href, textContent: text });
  // A page's author may write anything into an attribute.
  if (/^https?:$/.test(a.protocol)) line.append(" ", a);
};

// Why there was no answer: the page's policy tells itself, and a request that wants to read nothing tells whether the
// host is there at all.
const diagnose = async (shared) => {
  const { base } = shared;
  let policy;
  const hear = (event) => (policy ||= event.effectiveDirective);
  document.addEventListener("securitypolicyviolation", hear);
  const is_there = await fetch(base + "/healthz", { mode: "no-cors" }).then(() => 1, () => 0);
  await new Promise((done) => setTimeout(done));
  document.removeEventListener("securitypolicyviolation", hear);
  if (policy) say(where(shared), `the page's Content-Security-Policy forbids it; add ${base} to its \`${policy}\`.`);
  else if (is_there)
    say(where(shared), "the host is there, but its answer could not be read; see that no proxy takes out its CORS headers.");
  else say(where(shared), "no answer; see that the host runs, that its certificate holds and that this network reaches it. It is tried again.");
};

// What the host has refused.
const refused = (shared, view, line, { status, code, reason, detail, hint }, words) => {
  const wants = status == 401;
  const quiet = status > 499 || code == "sign_in_needed";
  const enter = wants && shared.setting(view.host, "sign-in-url");
  line.role = quiet ? "note" : "alert";
  line.className = status > 499 ? "empty" : quiet ? "notice" : "notice tone-danger";
  if (enter) link(line, enter, words.enter);
  say(where(shared), reason || detail, hint && `(${hint})`);
};

/** Says in the element why there is no view; `problem` is the host's, or none where there was no answer. */
export const tell = async (shared, view, line, problem) => {
  const { base, site, lang } = shared;
  const { host, plugin, page, root } = view;
  const words = WORDS[lang?.slice(0, 2)] || WORDS.en;
  if (!shared.sheet.cssRules.length) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }
  if (problem?.detail) return refused(shared, view, line, problem, words);
  line.role = "note";
  line.className = "notice";
  line.textContent = words.down;
  // A bell or a button has no page of its own, and no place for a sentence.
  if (/bell|thanks/.test(host.localName)) line.remove();
  else if (!host.querySelector("a")) link(line, `${base}/t/${site}/${plugin}?` + new URLSearchParams({ page }), words.open);
  await diagnose(shared);
};

/** A token that could not be had: the reader counts as not signed in. */
export const untold = (shared, host, error) => {
  const url = shared.setting(host, "token-url");
  const what = typeof error == "number" ? `answered ${error}` : `gave no token (${error})`;
  const cure = url ? `see that it answers with a JWT, and that \`connect-src\` of the page's policy has ${location.origin}` : "see to the page's own function";
  say(where(shared), `${url ? `token-url ${url}` : "the token function"} ${what}, so the reader counts as not signed in; ${cure}.`);
  report(shared, "token-url");
};
