// The entry of runtime.js: what the browser does better than wasm (fetch, streams, timers, storage, Intl), and the
// wires between the loader and
// the Rust exports. Everything that decides something is in Rust.
import init, * as wasm from "stoa_widgets.js";
import bytes from "stoa_widgets_bg.wasm";

const heard = ["click", "submit", "input", "keydown"];

/**
 * Starts the runtime, once for the page.
 * @param shared the loader's object, described in widgets/README.md
 */
export default async function start(shared) {
  await init({ module_or_path: bytes });
  const doc = document;
  const waiting = [];
  const numbers = new Map(); // view -> [the number Rust knows it by, ends its listeners]
  let busy;
  let source;

  // Our own DOM calls make events (focus, input): they wait until Rust has finished. Should Rust ever trap, the
  // page must not notice: the rest of the visit runs in swap mode.
  const run = (name, ...args) => {
    waiting.push([name, args]);
    if (busy) return;
    busy = true;
    try {
      for (let next; (next = waiting.shift()); ) wasm[next[0]](...next[1]);
      busy = false;
    } catch (error) {
      console.warn("stoa:", error);
      source?.abort();
      for (const [, ends] of numbers.values()) ends.abort();
      shared.attach = 0;
      import(shared.base + shared.swap).then((module) => module.default(shared), () => {});
    }
  };

  const decode = (answer) => {
    if (answer?.ops) answer.ops = Uint8Array.from(atob(answer.ops), (char) => char.charCodeAt());
    return answer;
  };

  // The bearer lasts ten minutes: a 401 is answered by one renewal and the same request again.
  const call = async (path, options, again) => {
    const { bearer } = shared;
    const answer = await fetch(`${shared.base}/v1/sites/${shared.site}/${path}`, {
      ...options,
      headers: { ...options.headers, ...(bearer && { Authorization: "Bearer " + bearer }) },
    });
    return answer.status == 401 && !again && (await shared.renew()) ? call(path, options, 1) : answer;
  };

  const send = async (ticket, path, options) => {
    let status = 0;
    let value = {};
    try {
      const answer = await call(path, { signal: AbortSignal.timeout(2e4), ...options });
      const head = (name) => answer.headers.get("Stoa-" + name);
      if (answer.headers.get("Content-Type")?.includes("json")) {
        value = decode(await answer.json());
        decode(value.view);
      } else {
        const base = head("Base");
        value = {
          rev: head("Rev"),
          base: base == "none" ? null : base,
          p: head("Parameters"),
          since: head("Since"),
          ops: new Uint8Array(await answer.arrayBuffer()),
        };
      }
      status = answer.status;
    } catch {}
    run("answer", ticket, status, value);
  };

  const json = (body, key) => ({
    method: "POST",
    body,
    headers: { "Content-Type": "application/json", ...(key && { "Idempotency-Key": key }) },
  });

  const bridge = {
    shared,
    text: (name) => shared.texts?.[name] || "",
    name: () => shared.person?.name || "",
    who: () => shared.person?.id || "",
    // The name of whatever the browser keeps for this view and person.
    slot: (view, name) => `stoa:draft:${shared.site}:${view.page}:${name}:${bridge.who()}`,
    later: (ticket, ms) => setTimeout(run, ms, "answer", ticket, 0, {}),
    look: (ticket, view, p, renew) =>
      send(
        ticket,
        `plugins/${view.plugin}/view?` +
          new URLSearchParams({
            page: view.page,
            p,
            lang: shared.lang,
            base: view.rev || "",
            ...(!renew && view.since && { since: view.since }),
          }),
        { headers: { Accept: "application/vnd.stoa.ops" } },
      ),
    // Written once for each act, so that a repetition under the same key is the same request byte by byte.
    pack: ({ page, title, url, p, since, rev }, fields) =>
      JSON.stringify({ page, title, url, p, since, base: rev, lang: shared.lang, fields }),
    act: (ticket, view, body, key) => send(ticket, `plugins/${view.plugin}/act`, json(body, key)),
    preview: (ticket, markdown) => send(ticket, "preview", json(JSON.stringify({ markdown }))),
    people: (ticket, view, q) => send(ticket, "people?" + new URLSearchParams({ q, page: view.page }), {}),
    key: () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 256).toString(16).slice(1)).join(""),
    fields(form, submitter) {
      const fields = {};
      for (const [name, value] of new FormData(form, submitter))
        fields[name] = name in fields ? [fields[name], value].flat() : value;
      return fields;
    },
    load(key) {
      try {
        return localStorage[key];
      } catch {}
    },
    save(key, value) {
      try {
        if (value) localStorage[key] = value;
        else delete localStorage[key];
      } catch {}
    },
    // Drafts that were given up; `oldest` is the first instant (ms) still kept.
    sweep(oldest) {
      try {
        for (const key of Object.keys(localStorage))
          if (key.startsWith("stoa:draft:") && !(parseInt(localStorage[key]) > oldest)) delete localStorage[key];
      } catch {}
    },
    relative: (count, unit) => new Intl.RelativeTimeFormat(shared.lang, { numeric: "auto" }).format(count, unit),
    emit: (view, name, detail) => shared.emit(view, name, detail),
    async copy(ticket, text) {
      let status = 200;
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        status = 0; // no permission, or a page without TLS
      }
      run("answer", ticket, status, { detail: text });
    },
    async live(ticket, views) {
      source?.abort();
      const mine = (source = new AbortController());
      let status = 0;
      try {
        const { bearer, lang } = shared;
        const answer = await fetch(`${shared.base}/v1/sites/${shared.site}/live`, {
          method: "POST",
          signal: mine.signal,
          body: JSON.stringify({ bearer, lang, views }, ["bearer", "lang", "views", "id", "plugin", "page", "p", "since", "rev"]),
        });
        status = answer.status;
        if (status == 401) status = (await shared.renew()) ? 204 : 401;
        const reader = status == 200 && answer.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let part; reader && !(part = await reader.read()).done; ) run("chunk", ticket, part.value);
      } catch {}
      if (!mine.signal.aborted) run("answer", ticket, status, {});
    },
    quiet: () => source?.abort(),
    parse: (text) => decode(JSON.parse(text)),
  };

  const join = (view) => {
    if (numbers.has(view)) return;
    const ends = new AbortController();
    const id = numbers.size ? Math.max(...[...numbers.values()].map(([number]) => number)) + 1 : 1;
    numbers.set(view, [id, ends]);
    for (const type of heard) view.root.addEventListener(type, (seen) => run("event", id, seen), { signal: ends.signal });
    decode(view);
    run("attach", id, view);
    view.root.querySelector("slot")?.remove();
  };

  wasm.start(bridge);
  shared.attach = join;
  shared.detach = (view) => {
    const [id, ends] = numbers.get(view) || [];
    ends?.abort();
    numbers.delete(view);
    if (id) run("detach", id);
  };
  for (const view of shared.views) join(view);
  for (const [view, target, submitter] of shared.queue.splice(0)) {
    const known = numbers.get(view);
    if (known) run("replay", known[0], target, submitter);
  }
  doc.addEventListener("pointerdown", (seen) => run("outside", seen.composedPath()), true);
  doc.addEventListener("visibilitychange", () => run("visible", !doc.hidden));
}
