// Calls into Rust, one at a time.

/** The loader's object, described in widgets/README.md. */
export let shared;
/** What Rust exports. */
export let engine;
export const share = (given, exports) => {
  shared = given;
  engine = exports;
};

/** What ends everything that has been set up: listeners and the live stream, when Rust has trapped. */
export const ends = new AbortController();

const waiting = [];
let busy;

/**
 * Does `work`, which calls into Rust, and gives its result.
 *
 * Our own DOM calls make events (focus, input): they wait until Rust has finished, and have no result. Should Rust ever
 * trap, the page must not notice: the rest of the visit runs in swap mode.
 */
export const run = (work) => {
  waiting.push(work);
  if (busy) return;
  busy = true;
  let result;
  try {
    for (let next; (next = waiting.shift()); ) {
      const own = next();
      if (next == work) result = own;
    }
    busy = false;
  } catch (error) {
    console.warn("stoa:", error);
    ends.abort();
    shared.attach = 0;
    import(shared.base + shared.swap).then((module) => module.swap(shared)).catch(() => {});
  }
  return result;
};

/** The answer to a request or a timer. */
export const answer = (ticket, status, value) => run(() => engine.answer(ticket, status, value));
