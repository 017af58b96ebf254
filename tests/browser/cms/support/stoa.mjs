// A Stoa host with a configuration made for one content system.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answers, built, freePort, plugin, programs } from "../../support/servers.mjs";

export const SITE = "intranet";
const PLUGINS = ["comments", "questions", "kudos"];

function configuration(stoa, options) {
  return `listen = "127.0.0.1:${stoa.port}"
public_url = "${stoa.url}"
database = "sqlite:stoa.db"
data_dir = "data"
assets_dir = "${join(built, "assets")}"
plugins_dir = "plugins"
rate_factor = 100
[[sites]]
id = "${SITE}"
name = "Our intranet"
origins = ${JSON.stringify(options.origins ?? [options.origin])}
anonymous_read = ${options.anonymous ?? false}
[[sites.issuers]]
issuer = "${options.issuer ?? options.origin}"
algorithm = "${options.algorithm ?? "HS256"}"
${options.publicKey ? "key_file" : "secret_file"} = "issuer.key"
${PLUGINS.map(plugin).join("\n")}
${options.more ?? ""}
`;
}

/**
 * Starts a host below `folder`. `options`: `origin` of the system's pages (or a list `origins`), `issuer` where it is
 * another, `anonymous` for `anonymous_read`, `secret` (made up otherwise), `algorithm` with `publicKey` (PEM), `more`
 * lines for the site. The host is `localhost`, the systems are `127.0.0.1`: two names, as in life.
 * `restart(changes)` starts it anew with other options; `stop()` ends it.
 */
export async function startStoa(folder, options) {
  const port = await freePort();
  const stoa = { port, url: `http://localhost:${port}`, site: SITE, secret: options.secret ?? randomBytes(32).toString("hex") };
  mkdirSync(join(folder, "plugins"), { recursive: true });
  for (const name of PLUGINS) symlinkSync(join(built, "plugins", `${name}.wasm`), join(folder, "plugins", `${name}.wasm`));
  let host;
  const end = async () => {
    if (!host || host.exitCode !== null) return;
    const gone = new Promise((done) => host.once("exit", done));
    host.kill("SIGKILL");
    await gone;
  };
  stoa.stop = end;
  stoa.restart = async (changes = {}) => {
    await end();
    Object.assign(options, changes);
    // A line end, as an editor or `openssl rand` leaves one: the host takes it off, and a package has to as well.
    writeFileSync(join(folder, "issuer.key"), options.publicKey ?? `${stoa.secret}\n`);
    writeFileSync(join(folder, "stoa.toml"), configuration(stoa, options));
    const log = process.env.STOA_LOG ? "inherit" : "ignore";
    host = spawn(join(programs, "stoa"), ["serve", "--config", join(folder, "stoa.toml")], { stdio: ["ignore", log, log] });
    await answers(`http://127.0.0.1:${port}/readyz`);
  };
  await stoa.restart();
  return stoa;
}
