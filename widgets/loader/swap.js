// Swap mode, where the page's CSP forbids wasm or the runtime cannot run: the same endpoints, but the answers are HTML
// and replace the view as a whole, again through setHTML. Everything works; there is no optimistic display, no live
// stream (the view is fetched again once a minute instead), no toolbar, no drafts.

import { framed } from "./parts/framed.js";
import { settle, watch } from "../runtime/js/look.js";
import { choose } from "../runtime/js/page.js";

const POLL_MS = 60_000;
const FIELDS = "textarea,input:not([type=hidden]),select";

const ends = new Map(); // view -> ends its listeners
let shared;
const text = (name) => shared.texts?.[name] || "";

// The bearer is renewed in its last minute, before it is used; a 401 all the same is answered by one renewal and the same
// request again.
const call = async (view, path, options = {}, again) => {
  if (shared.bearer && Date.now() > shared.ends) await shared.renew().catch(() => {});
  const { bearer } = shared;
  const answer = await fetch(`${shared.base}/v1/sites/${shared.site}/plugins/${view.plugin}/${path}`, {
    signal: AbortSignal.timeout(2e4),
    ...options,
    headers: { Accept: "text/html", ...options.headers, ...(bearer && { Authorization: "Bearer " + bearer }) },
  });
  return answer.status == 401 && !again && (await shared.renew()) ? call(view, path, options, 1) : answer;
};

// An event that leaves the shadow root.
const emit = (view, name, detail) =>
  view.host.dispatchEvent(new CustomEvent("stoa-" + name, { bubbles: true, composed: true, detail }));

const say = (view, words) => {
  view.live.textContent = words || "";
};

const notice = (view, place, words, retry) => {
  for (const old of view.box.querySelectorAll(".notice[data-local]")) old.remove();
  const box = document.createElement("div");
  const line = document.createElement("p");
  box.className = "notice tone-danger";
  box.role = "alert";
  box.dataset.local = "";
  line.textContent = words;
  box.append(line);
  if (retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = text("retry");
    button.onclick = () => {
      box.remove();
      retry();
    };
    box.append(button);
  }
  if (place?.isConnected && place.matches("form.form")) place.append(box);
  else view.box.prepend(box);
};

// Makes anew what `setHTML` has made badly: in Chromium 148 a `details` of it shows neither its summary nor its content.
const mend = (box) => {
  const all = [...box.querySelectorAll("details")];
  if (!all.some((one) => one.checkVisibility() && !one.firstElementChild.checkVisibility())) return;
  for (const old of all) {
    const fresh = document.createElement("details");
    for (const { name, value } of old.attributes) fresh.setAttribute(name, value);
    fresh.append(...old.childNodes);
    old.replaceWith(fresh);
  }
};

// What is true only where a script hears keys.
const reveal = (view) => {
  mend(view.box);
  if (view.plugin == "page") choose(view);
  for (const keys of view.box.querySelectorAll(".keys")) keys.hidden = false;
};

const tokenOf = (form) => form?.dataset.seen || form?.elements.t?.value;

// What was typed and where the focus was, by ids, which stay the same from view to view.
const swap = (view, html, sent, seen) => {
  const { activeElement } = view.root;
  const typed = [...view.box.querySelectorAll(FIELDS)].filter(
    (field) => field.id && field.form != sent && field.value != field.defaultValue && field.type != "checkbox" && field.type != "radio",
  );
  const open = [...view.box.querySelectorAll("details.disclosure[open]")].map((details) => details.querySelector("summary").textContent);
  const place = activeElement?.id || activeElement?.closest("[id]")?.id;
  view.box.setHTML(html, { sanitizer: shared.sanitizer });
  reveal(view);
  for (const old of typed) {
    const field = view.root.getElementById(old.id);
    if (!field) continue;
    field.value = old.value;
    // The token of what the person saw when they began to write.
    if (old.form?.elements.s && old.form != seen) field.form.dataset.seen = tokenOf(old.form);
  }
  for (const details of view.box.querySelectorAll("details.disclosure"))
    if (open.includes(details.querySelector("summary").textContent)) details.open = true;
  if (activeElement) view.root.getElementById(place)?.focus({ preventScroll: true });
};

const take = (view, answer) => {
  for (const [name, header] of [["rev", "Rev"], ["p", "Parameters"], ["since", "Since"]])
    view[name] = answer.headers.get("Stoa-" + header) ?? view[name];
  view.tag = answer.headers.get("ETag");
};

const look = async (view, p, renew, quiet) => {
  const query = new URLSearchParams({ page: view.page, p, lang: shared.lang, ...(!renew && view.since && { since: view.since }) });
  try {
    const answer = await call(view, "view?" + query, { headers: quiet && view.tag && { "If-None-Match": view.tag } });
    if (answer.status == 304) return;
    if (!answer.ok) throw await answer.json();
    const html = await answer.text();
    view.p = p;
    take(view, answer);
    swap(view, html);
    return true;
  } catch (problem) {
    if (!quiet) notice(view, null, problem.detail || text("offline"));
  }
};

const fieldsOf = (form, submitter) => {
  const fields = {};
  const token = tokenOf(form);
  for (const [name, value] of new FormData(form, submitter))
    fields[name] = name in fields ? [fields[name], value].flat() : value;
  return token ? { ...fields, t: token } : fields;
};

// Complaints about what is not in the form are told at the form; of radio buttons with one name the group is meant.
const mark = (view, form, problems) => {
  const rest = [];
  let first;
  for (const { name, msg } of problems || []) {
    const named = form.elements?.[name];
    const field = named?.after ? named : named?.[0]?.closest("fieldset");
    if (!field) {
      rest.push(msg);
      continue;
    }
    const line = document.createElement("p");
    const target = field.querySelector("input") || field;
    line.className = "problem";
    line.id = target.id + "-problem";
    line.dataset.local = "";
    line.ariaLive = "polite";
    line.textContent = msg;
    target.setAttribute("aria-invalid", "true");
    target.setAttribute("aria-errormessage", line.id);
    if (target == field) field.after(line);
    else field.append(line);
    first ||= target;
  }
  if (rest.length) notice(view, form, rest.join(" "));
  first?.focus();
  return first || rest.length;
};

const send = async (view, form, submitter, key, body) => {
  if (view.busy) return;
  view.busy = true;
  for (const old of form.querySelectorAll(".problem[data-local]")) old.remove();
  const { page, title, url, p, since, rev } = view;
  key ||= Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 256).toString(16).slice(1)).join("");
  body ||= JSON.stringify({ page, title, url, p, since, base: rev, lang: shared.lang, fields: fieldsOf(form, submitter) });
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
  try {
    const answer = await call(view, "act", { method: "POST", body, headers });
    const data = await answer.json();
    if (answer.ok) {
      Object.assign(view, { rev: data.rev, p: data.p ?? p, since: data.since ?? since });
      if (data.html) swap(view, data.html, form);
      else await look(view, view.p);
      say(view, data.announce);
      if (data.focus) view.root.getElementById(data.focus)?.focus();
      emit(view, "posted", "");
    } else {
      // Whoever is told sees what is there now, and writes on that from now on.
      if (data.view?.html) swap(view, data.view.html, null, form);
      else if (data.view) await look(view, p);
      const now = (form.id && view.root.getElementById(form.id)) || form;
      if (!mark(view, now, data.fields)) notice(view, now, data.detail || data.title);
      emit(view, "error", data.detail || data.title);
    }
  } catch {
    notice(view, form, text("unsaved"), () => send(view, form, submitter, key, body));
  }
  view.busy = false;
};

const follow = async (view, link) => {
  if ("copy" in link.dataset) {
    await navigator.clipboard?.writeText(view.url + link.hash).then(
      () => say(view, text("copied")),
      () => {},
    );
    return;
  }
  const more = link.matches(".more,.more *");
  const before = [...view.box.querySelectorAll(".post")].filter(
    (post) => post.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING,
  ).length;
  const { box } = view;
  const leaves = link.matches("dialog > :last-child");
  const place = [...box.querySelectorAll("a")].indexOf(link);
  const dialogs = box.querySelectorAll("dialog").length;
  if (!(await look(view, link.hash.split("?")[1], "n" in link.dataset))) return;
  if (box.querySelectorAll("dialog").length > dialogs) view.opener = place;
  const target = more
    ? box.querySelectorAll(".post")[before]
    : leaves
      ? box.querySelectorAll("a")[view.opener]
      : box.querySelector("dialog :is(a, button, input), .menu[open] > summary, .post form.form textarea");
  target?.focus();
};

const click = (view, event) => {
  const link = event.target.closest("a[href^='#stoa-']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  follow(view, link);
};

const key = (view, event) => {
  const details = event.key == "Escape" && event.target.closest("details[open]");
  const dialog = event.key == "Escape" && event.target.closest("dialog");
  if (details) {
    details.open = false;
    details.querySelector("summary").focus();
  } else if (dialog) follow(view, dialog.lastElementChild);
  if (event.key == "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest("form.form")?.requestSubmit();
};

// As in the runtime, a press elsewhere closes menus.
const shut = (event) => {
  const [target] = event.composedPath();
  for (const { box } of ends.keys())
    for (const details of box.querySelectorAll("details:is(.menu,.confirm)[open]"))
      if (!details.contains(target)) details.open = false;
};

const attach = (view) => {
  if (ends.has(view)) return;
  const control = new AbortController();
  const { signal } = control;
  ends.set(view, control);
  const submit = (event) => {
    event.preventDefault();
    send(view, event.target, event.submitter);
  };
  const theme = watch(view, shared.views);
  signal.addEventListener("abort", () => theme.abort());
  settle(view);
  view.root.addEventListener("click", (event) => click(view, event), { signal });
  view.root.addEventListener("submit", submit, { signal });
  view.root.addEventListener("keydown", (event) => key(view, event), { signal });
  reveal(view);
};

const detach = (view) => {
  ends.get(view)?.abort();
  ends.delete(view);
};

// Nothing is replaced under somebody's hands.
const poll = () => {
  if (document.hidden) return;
  for (const view of ends.keys())
    if (!view.busy && !view.root.activeElement && !view.root.querySelector("details[open]")) look(view, view.p, false, true);
};

// As in the runtime, a link from a dialog to a place in the same page closes the dialog.
const moved = () => {
  for (const view of ends.keys()) {
    const leave = view.root.querySelector("dialog > a:last-child");
    if (leave && !location.hash.startsWith(`#stoa-${view.plugin}?`)) follow(view, leave);
  }
};

/**
 * Starts swap mode once for the page.
 * @param given the loader's object, described in widgets/README.md
 */
const start = (given) => {
  if (!("setHTML" in Element.prototype)) return framed(given);
  shared = given;
  Object.assign(shared, { attach, detach });
  for (const view of shared.views) attach(view);
  for (const [view, target, submitter] of shared.queue.splice(0))
    if (target.matches("form")) send(view, target, submitter);
    else follow(view, target);
  addEventListener("hashchange", moved);
  document.addEventListener("pointerdown", shut, true);
  setInterval(poll, POLL_MS);
  // For the admin's console: this page's policy allows no WebAssembly.
  const report = JSON.stringify({ code: "wasm", page: location.pathname });
  fetch(`${shared.base}/v1/sites/${shared.site}/reports`, { method: "POST", body: report, keepalive: true }).catch(() => {});
};

export { start as swap };
