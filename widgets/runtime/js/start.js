// The entry of runtime.js: the table of objects that Rust knows by number, the DOM calls it makes with them, and what
// needs promises (fetch, the live stream, timers, storage, Intl). Everything that decides something is in Rust.
import * as wasm from "stoa_widgets.js";
import bytes from "stoa_widgets_bg.wasm";

const ways = ["firstChild", "nextSibling", "previousSibling", "lastChild"];
const week = 7 * 864e5;

/**
 * Starts the runtime, once for the page.
 * @param shared the loader's object, described in widgets/README.md
 */
export default async function start(shared) {
  const module = await WebAssembly.compile(bytes);
  const doc = document;
  const listeners = new Map(); // view -> ends its listeners
  const requests = {}; // idempotency key -> the request, so that a repetition is the same byte by byte
  let source;
  let held;

  // Numbers are good for one call into Rust, but for those that it keeps, which last as long as the object.
  const objects = new Map();
  const numbers = new Map();
  const kept = new Map();
  let last = 0;
  const put = (object) => {
    if (!object) return 0;
    let number = numbers.get(object);
    if (!number) {
      numbers.set(object, (number = ++last));
      objects.set(number, object);
    }
    return number;
  };
  const at = (number) => objects.get(number);
  const clear = () => {
    objects.clear();
    numbers.clear();
    for (const [number, ref] of kept) {
      const object = ref.deref();
      if (object) {
        objects.set(number, object);
        numbers.set(object, number);
      } else kept.delete(number);
    }
  };

  // Our own DOM calls make events (focus, input): they wait until Rust has finished. Should Rust ever trap, the
  // page must not notice: the rest of the visit runs in swap mode.
  const waiting = [];
  let busy;
  const run = (work) => {
    waiting.push(work);
    if (busy) return;
    busy = true;
    let result;
    try {
      for (let next; (next = waiting.shift()); clear()) {
        const own = next();
        if (next == work) result = own;
      }
      busy = false;
    } catch (error) {
      console.warn("stoa:", error);
      source?.abort();
      for (const ends of listeners.values()) ends.abort();
      shared.attach = 0;
      import(shared.base + shared.swap).then((module) => module.default(shared)).catch(() => {});
    }
    return result;
  };
  const answer = (ticket, status, value) => run(() => wasm.answer(ticket, status, put(value)));

  const decode = (value) => {
    if (value?.ops) value.ops = Uint8Array.from(atob(value.ops), (char) => char.charCodeAt());
    return value;
  };

  // The bearer lasts ten minutes: a 401 is answered by one renewal and the same request again.
  const call = async (path, options, again) => {
    const { bearer } = shared;
    const answer = await fetch(`${shared.base}/v1/sites/${shared.site}/${path}`, {
      signal: AbortSignal.timeout(2e4),
      ...options,
      headers: { ...options.headers, ...(bearer && { Authorization: "Bearer " + bearer }) },
    });
    return answer.status == 401 && !again && (await shared.renew()) ? call(path, options, 1) : answer;
  };

  const send = async (ticket, path, options) => {
    let status = 0;
    let value = {};
    try {
      const answer = await call(path, options);
      const head = (name) => answer.headers.get("Stoa-" + name);
      if (answer.headers.get("Content-Type")?.includes("json")) {
        value = decode(await answer.json());
        decode(value.view);
      } else {
        const base = head("Base");
        const ops = new Uint8Array(await answer.arrayBuffer());
        value = { rev: head("Rev"), base: base == "none" ? null : base, p: head("Parameters"), since: head("Since"), ops };
      }
      status = answer.status;
    } catch {}
    answer(ticket, status, value);
  };

  const json = (body, key) => ({
    method: "POST",
    body,
    headers: { "Content-Type": "application/json", ...(key && { "Idempotency-Key": key }) },
  });

  // Storage throws in sandboxed frames.
  const stored = (work) => {
    try {
      return work(localStorage);
    } catch {}
  };
  const slot = (view, name) => ["stoa:draft", shared.site, at(view).page, name, shared.person?.id].join(":");

  // What belongs to the view; the runtime's own elements do not.
  const own = (node, way) => {
    while (node && node.nodeType == 1 && "local" in node.dataset) node = node[way];
    return put(node);
  };

  const text = (name) => shared.texts?.[name] || "";
  // An element of the runtime's own.
  const local = (tag, name = "", words = "") => {
    const element = doc.createElement(tag);
    element.dataset.local = "";
    element.className = name;
    element.textContent = words;
    return element;
  };
  const retry = (place, key) => {
    place = at(place);
    if (!key || place.querySelector("button")) return;
    const button = local("button", "button", text("retry"));
    button.type = "button";
    button.dataset.act = key;
    place.append(button);
  };

  // The glue looks for these under a name of the page; functions of one runtime, nobody else's.
  globalThis.__stoa = {
    prop(of, name) {
      const value = at(of)?.[name];
      return value == null ? value : "" + value;
    },
    put(of, name, value) {
      const object = at(of);
      if (object) object[name] = value ?? null;
    },
    sub: (of, name) => put(at(of)?.[name]),
    bytes: (of) => at(of)?.ops,
    number: (of, name) => at(of)?.[name] ?? 0,
    add(of, change) {
      const node = at(of)?.firstChild;
      if (/^-?\d+$/.test(node?.data)) node.data = +node.data + change;
    },
    step(inside, what, from, forward) {
      const things = [...(at(inside)?.querySelectorAll(what) || [])];
      const next = things[things.indexOf(at(from)) + (forward ? 1 : -1)];
      if (!next) return;
      if (what == "button") {
        at(from).tabIndex = -1;
        next.tabIndex = 0;
      }
      next.focus();
    },
    left(of, count) {
      if (at(of)) at(of).textContent = text("left").replace("%n", count);
    },
    holds: (of, name) => !!at(of)?.[name],
    same: (of, name, other, otherName) => at(of)?.[name] == at(other)?.[otherName],
    adopt(of, names, from) {
      for (const name of names.split(",")) at(of)[name] = at(from)[name] ?? at(of)[name];
    },
    call: (of, name) => at(of)?.[name](),
    keep: (of) => at(of) && kept.set(of, new WeakRef(at(of))),
    make: (tag, svg) => put(svg ? doc.createElementNS("http://www.w3.org/2000/svg", tag) : doc.createElement(tag)),
    words: (text) => put(doc.createTextNode(text)),
    local: (tag, name, words) => put(local(tag, name, words)),
    retry,
    notice(place, view, words, key) {
      place = at(place);
      const notice = local("div", "notice tone-danger");
      notice.role = "alert";
      notice.append(local("p", "", words));
      retry(put(notice), key);
      if (!place?.isConnected) at(view).box.prepend(notice);
      else if (place.matches("form")) place.append(notice);
      else place.after(notice);
    },
    post(form, words) {
      const post = local("article", "post is-sending");
      const head = local("header");
      head.append(local("b", "author", shared.person?.name), local("span", "when", text("sending")));
      post.append(head, local("p", "plain", words));
      at(form).after(post);
      return put(post);
    },
    problems(form, answer) {
      let first;
      for (const { name, msg } of at(answer).fields || []) {
        const field = at(form).elements[name];
        if (!field?.after) continue;
        const problem = local("p", "problem", msg);
        problem.id = field.id + "-problem";
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-errormessage", problem.id);
        field.after(problem);
        first ||= field;
      }
      first?.focus();
      return !!first;
    },
    choose(field, answer) {
      field = at(field);
      const people = at(answer)?.people || [];
      const list = local("ul", "people");
      list.id = "stoa-people";
      list.role = "listbox";
      list.ariaLabel = text("people");
      people.forEach(({ id, name, title }, number) => {
        const option = local("li", "", name);
        option.id = list.id + number;
        option.role = "option";
        option.dataset.key = `@[${name}](${id}) `;
        if (title) option.append(local("small", "", title));
        list.append(option);
      });
      field.parentNode.querySelector(".people")?.remove();
      for (const [name, value] of [["controls", list.id], ["haspopup", "listbox"], ["autocomplete", "list"]])
        if (people.length) field.setAttribute("aria-" + name, value);
        else field.removeAttribute("aria-" + name);
      if (people.length) field.after(list);
      else field.removeAttribute("aria-activedescendant");
      return people.length > 0;
    },
    go: (from, way) => own(at(from)?.[ways[way]], ways[way == 1 || way == 0 ? 1 : 2]),
    insert: (parent, node, next) => at(parent)?.insertBefore(at(node), at(next) || null),
    shift(parent, node, next) {
      const move = at(parent).moveBefore ? "moveBefore" : "insertBefore";
      at(parent)[move](at(node), at(next) || null);
    },
    get: (of, name) => at(of)?.getAttribute?.(name),
    set: (of, name, value) => (value == null ? at(of)?.removeAttribute(name) : at(of)?.setAttribute(name, value)),
    find: (below, selector) => put(at(below)?.querySelector(selector)),
    all: (below, selector) => Array.from(at(below)?.querySelectorAll(selector) || [], put),
    up: (from, selector) => put(at(from)?.closest?.(selector)),
    fits: (of, selector) => !!at(of)?.matches?.(selector),
    every(below, selector, name, value) {
      for (const element of at(below)?.querySelectorAll(selector) || [])
        if (!name) element.remove();
        else if (value == null) element.removeAttribute(name);
        else element.setAttribute(name, value);
    },
    hold(view) {
      const { box, root } = at(view);
      held = { typed: [], path: [] };
      for (const field of box.querySelectorAll("textarea"))
        if (field.value != field.defaultValue) held.typed.push(field.id, field.value);
      for (let place = root.activeElement; place; place = place.parentElement) if (place.id) held.path.push(place.id);
      held.focus = root.activeElement;
    },
    release(view, focus) {
      const { root } = at(view);
      // Only where the view was built anew.
      for (let index = 0; index < held.typed.length; index += 2) {
        const field = root.getElementById(held.typed[index]);
        if (field?.value == field?.defaultValue && field) field.value = held.typed[index + 1];
      }
      if (focus && held.focus && !root.activeElement)
        held.path.map((id) => root.getElementById(id)).find((place) => place)?.focus();
    },
    class: (of, name, on) => at(of)?.classList.toggle(name, on),
    before: (of, other) => (at(of).compareDocumentPosition(at(other)) & 4) > 0,
    id: (view, id) => put(at(view).root.getElementById(id)),
    write(field, text, from, to, start, end) {
      field = at(field);
      field.focus();
      field.setSelectionRange(from, to);
      // The one way to change a field that the browser's undo knows of.
      if (!doc.execCommand("insertText", false, text)) field.setRangeText(text, from, to);
      field.setSelectionRange(start, end);
    },
    text,
    who: (what) => shared.person?.[what] || "",
    later: (ticket, ms) => setTimeout(answer, ms, ticket, 0),
    look(ticket, view, p, renew) {
      const { plugin, page, rev, since } = at(view);
      const query = { page, p, lang: shared.lang, ...(rev && { base: rev }), ...(!renew && since && { since }) };
      send(ticket, `plugins/${plugin}/view?` + new URLSearchParams(query), {
        headers: { Accept: "application/vnd.stoa.ops" },
      });
    },
    pack(form, button) {
      const fields = {};
      for (const [name, value] of new FormData(at(form), at(button)))
        fields[name] = name in fields ? [fields[name], value].flat() : value;
      return JSON.stringify(fields);
    },
    act(ticket, view, fields, key) {
      const { plugin, page, title, url, p, since, rev } = at(view);
      const { lang } = shared;
      requests[key] ||= JSON.stringify({ page, title, url, p, since, base: rev, lang, fields: JSON.parse(fields) });
      send(ticket, `plugins/${plugin}/act`, json(requests[key], key));
    },
    preview: (ticket, markdown) => send(ticket, "preview", json(JSON.stringify({ markdown }))),
    people: (ticket, view, q) => send(ticket, "people?" + new URLSearchParams({ q, page: at(view).page }), {}),
    copy(ticket, view, link) {
      const { url, plugin } = at(view);
      const { searchParams } = new URL(at(link).href);
      searchParams.delete("page");
      const detail = `${url}#stoa-${plugin}?${searchParams}`;
      // Refused without permission and on pages without TLS.
      Promise.resolve()
        .then(() => navigator.clipboard.writeText(detail))
        .then(() => answer(ticket, 200, { detail }), () => answer(ticket, 0, { detail }));
    },
    async live(ticket, views) {
      source?.abort();
      if (!views.length) return;
      const { signal } = (source = new AbortController());
      const { bearer, lang } = shared;
      const body = {
        bearer,
        lang,
        views: Array.from(views, (id) => ({ ...at(id), id: "" + id })),
      };
      let status = 0;
      try {
        const answer = await fetch(`${shared.base}/v1/sites/${shared.site}/live`, {
          method: "POST",
          signal,
          body: JSON.stringify(body, ["bearer", "lang", "views", "id", "plugin", "page", "p", "since", "rev"]),
        });
        status = answer.status;
        if (status == 401 && (await shared.renew())) status = 204;
        if (status == 200) {
          const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
          for (let part; !(part = await reader.read()).done; ) run(() => wasm.chunk(ticket, part.value));
        }
      } catch {}
      if (!signal.aborted) answer(ticket, status);
    },
    parse(text) {
      try {
        return put(decode(JSON.parse(text)));
      } catch {
        return 0;
      }
    },
    key: () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 256).toString(16).slice(1)).join(""),
    load: (view, name) => stored((kept) => kept[slot(view, name)])?.replace(/^\d+\n/, ""),
    save: (view, name, text) =>
      stored((kept) => (text ? (kept[slot(view, name)] = Date.now() + "\n" + text) : delete kept[slot(view, name)])),
    relative: (count, unit) => new Intl.RelativeTimeFormat(shared.lang, { numeric: "auto" }).format(count, unit),
    age: (time) => (Date.now() - Date.parse(at(time).dateTime)) / 1000,
    random: Math.random,
    emit: (view, name, detail) => shared.emit(at(view), name, detail),
  };
  wasm.initSync({ module });
  wasm.start();

  // Drafts that were given up.
  stored((kept) => {
    for (const key of Object.keys(kept))
      if (key.startsWith("stoa:draft:") && !(parseInt(kept[key]) > Date.now() - week)) delete kept[key];
  });

  shared.attach = (view) => {
    if (listeners.has(view)) return;
    const ends = new AbortController();
    listeners.set(view, ends);
    const hear = (event) => {
      const { type, target, submitter, key, ctrlKey, metaKey, shiftKey, altKey, button } = event;
      const held = (ctrlKey || metaKey ? 1 : 0) + (shiftKey || altKey || button ? 2 : 0);
      if (event.isComposing) return;
      // Also one that a key has set off while Rust is busy with the key.
      if (type == "submit") event.preventDefault();
      if (run(() => wasm.event(put(view), type, put(target), put(submitter), key || "", held))) event.preventDefault();
    };
    for (const type of ["click", "submit", "input", "keydown"])
      view.root.addEventListener(type, hear, { signal: ends.signal });
    decode(view);
    run(() => wasm.attach(put(view)));
    view.root.querySelector("slot")?.remove();
  };
  shared.detach = (view) => {
    listeners.get(view)?.abort();
    listeners.delete(view);
    run(() => wasm.detach(put(view)));
  };
  for (const view of shared.views) shared.attach(view);
  for (const [view, target, submitter] of shared.queue.splice(0)) {
    if (submitter || target.matches("form")) run(() => wasm.event(put(view), "submit", put(target), put(submitter), "", 0));
    else target.click();
  }
  doc.addEventListener("pointerdown", (event) => run(() => wasm.outside(put(event.composedPath()[0]))), true);
  doc.addEventListener("visibilitychange", () => run(() => wasm.visible(!doc.hidden)));
}
