// What every file of tests needs: an intranet, a host and a browser of its own, for as long as its tests run.

import { after, before } from "node:test";
import { launch, person } from "./browser.mjs";
import { member } from "./member.mjs";
import { start } from "./servers.mjs";

/** Starts them before the first test of a file; `rules` are lines for the host's configuration, `args` more for Chromium. */
export function setUp(rules, args) {
  const here = {
    /** Somebody with a browser of their own. */
    person: (subject, options) => person(here.browser, here.servers, subject, options),
    /** Somebody without a browser. */
    member: (subject) => member(here.servers, subject),
  };
  before(async () => {
    // Each is kept as soon as it is there, so that the one is ended when the other fails.
    await Promise.all([
      start(rules).then((servers) => (here.servers = servers)),
      launch(args).then((browser) => (here.browser = browser)),
    ]);
  });
  after(async () => {
    await here.browser?.close();
    here.servers?.stop();
  });
  return here;
}
