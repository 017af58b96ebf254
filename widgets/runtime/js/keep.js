// What this browser keeps, on the page's own origin: texts that were typed and not sent.
import { accompanied, people } from "./draw.js";
import { shared } from "./turns.js";

const WEEK_MS = 7 * 864e5;

// Storage throws in sandboxed frames.
const stored = (work) => {
  try {
    return work(localStorage);
  } catch {}
};

const slot = (view, name) => ["stoa:draft", shared.site, view.page, name, shared.person?.id].join(":");

export const drafts = {
  // Before the text stands the token of what was seen when it was begun: what somebody else has changed since is told.
  // After it come those whom the names in it stand for, each behind a zero.
  load(view, name, field) {
    const [, seen, kept] = stored((all) => all[slot(view, name)])?.match(/^\d+ ?(\S*)\n([^]*)/) || [];
    const [text, ...names] = (kept || "").split("\0");
    accompanied(field, names);
    if (seen && text) field.form.dataset.seen = seen;
    return text || null;
  },
  save: (view, name, text, field) =>
    stored((kept) => {
      if (text) kept[slot(view, name)] = Date.now() + " " + (field.form.dataset.seen || "") + "\n" + [text, ...people(field)].join("\0");
      else delete kept[slot(view, name)];
    }),
};

/** Takes away drafts that were given up. */
export const forget = () =>
  stored((kept) => {
    for (const key of Object.keys(kept))
      if (key.startsWith("stoa:draft:") && !(parseInt(kept[key]) > Date.now() - WEEK_MS)) delete kept[key];
  });
