// Requests to the host, the live stream, timers and the clipboard: what needs promises.
import { people } from "./draw.js";
import { answer, ends, engine, run, shared } from "./turns.js";

const requests = {}; // idempotency key -> the request, so that a repetition is the same byte by byte
let source;

/** Makes bytes of the edit script in an answer. */
export const decode = (value) => {
  if (value?.ops) value.ops = Uint8Array.from(atob(value.ops), (char) => char.charCodeAt());
  return value;
};

const address = (path) => `${shared.base}/v1/sites/${shared.site}/${path}`;

// The bearer lasts ten minutes and is renewed in the last of them, before it is used. A 401 all the same (it was ended,
// the host was restarted) is answered by one renewal and the same request again.
const fresh = async () => {
  if (shared.bearer && Date.now() > shared.ends) await shared.renew().catch(() => {});
};

const call = async (path, options, again) => {
  await fresh();
  const { bearer } = shared;
  const answer = await fetch(address(path), {
    signal: AbortSignal.timeout(2e4),
    ...options,
    headers: { ...options.headers, ...(bearer && { Authorization: "Bearer " + bearer }) },
  });
  return answer.status == 401 && !again && (await shared.renew()) ? call(path, options, 1) : answer;
};

const read = async (answer) => {
  const head = (name) => answer.headers.get("Stoa-" + name);
  if (answer.headers.get("Content-Type")?.includes("json")) {
    const value = decode(await answer.json());
    decode(value.view);
    return value;
  }
  const base = head("Base");
  const ops = new Uint8Array(await answer.arrayBuffer());
  return { rev: head("Rev"), base: base == "none" ? null : base, p: head("Parameters"), since: head("Since"), ops };
};

const send = async (ticket, path, options) => {
  let status = 0;
  let value = {};
  try {
    const answer = await call(path, options);
    value = await read(answer);
    status = answer.status;
  } catch {}
  answer(ticket, status, value);
};

const json = (body, key) => ({
  method: "POST",
  body,
  headers: { "Content-Type": "application/json", ...(key && { "Idempotency-Key": key }) },
});

// Gives the status that the stream ended with; 204 stands for a renewed bearer.
const listen = async (ticket, views, signal) => {
  await fresh();
  const { bearer, lang } = shared;
  const body = { bearer, lang, views: views };
  const answer = await fetch(address("live"), {
    method: "POST",
    signal,
    body: JSON.stringify(body, ["bearer", "lang", "views", "id", "plugin", "page", "p", "since", "rev"]),
  });
  if (answer.status == 401 && (await shared.renew())) return 204;
  if (answer.status == 200) {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part; !(part = await reader.read()).done; ) run(() => engine.chunk(ticket, part.value));
  }
  return answer.status;
};

/** What Rust asks for; each answer comes with the ticket of the question. */
export const net = {
  later: (ticket, ms) => setTimeout(answer, ms, ticket, 0, {}),
  look(ticket, view, p, renew) {
    const { plugin, page, rev, since } = view;
    const query = { page, p, lang: shared.lang, ...(rev && { base: rev }), ...(!renew && since && { since }) };
    send(ticket, `plugins/${plugin}/view?` + new URLSearchParams(query), {
      headers: { Accept: "application/vnd.stoa.ops" },
    });
  },
  act(ticket, view, fields, key) {
    const { plugin, page, title, url, p, since, rev } = view;
    const { lang } = shared;
    requests[key] ||= JSON.stringify({ page, title, url, p, since, base: rev, lang, fields: JSON.parse(fields) });
    send(ticket, `plugins/${plugin}/act`, json(requests[key], key));
  },
  suggested(view, of) {
    const parameters = new URLSearchParams(view.p);
    const { value, dataset } = of;
    // 256 bytes in any writing; the host counts them.
    parameters.set(dataset.suggest, [...value.trim()].slice(0, 64).join(""));
    if (!value.trim()) parameters.delete(dataset.suggest);
    return String(parameters);
  },
  pack(form, button) {
    const fields = {};
    const seen = form.getAttribute("data-seen");
    for (const [name, value] of new FormData(form, button))
      fields[name] = name in fields ? [fields[name], value].flat() : value;
    return JSON.stringify({ ...fields, ...(seen && { t: seen }) });
  },
  preview: (ticket, field) =>
    send(ticket, "preview", json(JSON.stringify({ markdown: field.value, mentions: people(field) }))),
  ask: (ticket, view, q) => send(ticket, "people?" + new URLSearchParams({ q, page: view.page }), {}),
  copy(ticket, view, link) {
    const { url } = view;
    const detail = url + link.hash;
    // Refused without permission and on pages without TLS.
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(detail))
      .then(() => answer(ticket, 200, { detail }), () => answer(ticket, 0, { detail }));
  },
  live(ticket, views) {
    source?.abort();
    if (!views.length) return;
    source = new AbortController();
    const signal = AbortSignal.any([source.signal, ends.signal]);
    listen(ticket, views, signal)
      .catch(() => 0)
      .then((status) => signal.aborted || answer(ticket, status, {}));
  },
  parse(text) {
    try {
      return decode(JSON.parse(text));
    } catch {}
  },
};
