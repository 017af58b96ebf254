// What every system needs: a folder of its own, programs that run in it, a Stoa host and a browser beside it.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { connect } from "node:net";
import { launch } from "../../support/browser.mjs";
import { expect } from "../../support/expect.mjs";
import { freePort, root } from "../../support/servers.mjs";
import { startStoa } from "./stoa.mjs";

const pictures = join(root, "target/stoa/pictures/cms");

/** Runs a program to its end and gives what it printed; its complaints are in the error. */
export function run(program, args, options = {}) {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["pipe", "pipe", "pipe"], maxBuffer: 1 << 26, ...options });
  } catch (error) {
    throw new Error(`${program} ${args[0]} failed: ${error.stderr || ""}${error.stdout || ""}${error.message}`);
  }
}

const listens = (port) =>
  new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => done(socket.destroy() && true));
    socket.once("error", () => done(false));
  });

/** The folder, port and programs of one system. What `serve` starts is ended by `stop`. */
function place(name, port) {
  const folder = mkdtempSync(join(tmpdir(), `stoa-${name}-`));
  const running = [];
  const file = (path) => join(folder, path);
  const serve = async (at, program, args, options = {}) => {
    const log = file(`${program.split("/").at(-1)}.log`);
    const out = openSync(log, "a");
    // A group of its own: PHP's server has workers, which have to end with it.
    const child = spawn(program, args, { cwd: folder, stdio: ["ignore", out, out], detached: true, ...options });
    running.push(child);
    const ready = async () => child.exitCode !== null || listens(at);
    await expect.gives(ready, Boolean, `${program} does not listen on port ${at}`);
    if (child.exitCode !== null) throw new Error(`${program} ended:\n${readFileSync(log, "utf8")}`);
  };
  const stop = async () => {
    for (const child of running.splice(0).reverse()) {
      if (child.exitCode !== null) continue;
      const gone = new Promise((done) => child.once("exit", done));
      process.kill(-child.pid, "SIGTERM");
      await gone;
    }
  };
  return { name, folder, file, port, origin: `http://127.0.0.1:${port}`, serve, stop };
}

/**
 * Sets up, before the tests of a file: Stoa (`options` as for `startStoa`), the system by `install(system, stoa)`, a
 * browser. Gives `{ system, stoa, browser, visitor(options), picture(page, name) }`, filled in when the tests run.
 */
export function setUp(name, install, options = {}) {
  const here = {
    /** Somebody with a browser of their own, who is not signed in. Errors of the console are kept. */
    async visitor(more = {}) {
      const context = await here.browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...more });
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      const errors = [];
      page.on("console", (message) => message.type() === "error" && errors.push(`${message.text()} ${message.location().url}`));
      page.on("pageerror", (error) => errors.push(String(error)));
      return { context, page, errors };
    },
    /** A picture to be looked at, in target/stoa/pictures/cms. */
    async picture(page, what, more = {}) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${what}.png`), ...more });
    },
  };
  before(async () => {
    here.system = place(name, await freePort());
    here.stoa = await startStoa(here.system.file("stoa"), { origin: here.system.origin, ...options });
    await install(here.system, here.stoa);
    here.browser = await launch();
  });
  after(async () => {
    await here.browser?.close();
    await here.system?.stop();
    await here.stoa?.stop();
    if (here.system && !process.env.STOA_KEEP) rmSync(here.system.folder, { recursive: true, force: true });
  });
  return here;
}
