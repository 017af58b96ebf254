// A host and a demo intranet as processes of their own, on two origins, with the demo's content.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const target = process.env.CARGO_TARGET_DIR || join(root, "target");
export const programs = process.env.STOA_PROGRAMS || join(target, "debug");
export const built = process.env.STOA_BUILT || join(root, "target/stoa");

/** A port that nothing uses. */
export const freePort = () =>
  new Promise((done, fail) => {
    const server = createServer().on("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** Waits until a server answers with a good status. */
export async function answers(url) {
  const until = Date.now() + 30_000;
  while (Date.now() < until) {
    const ok = await fetch(url).then((answer) => answer.ok, () => false);
    if (ok) return;
    await new Promise((wait) => setTimeout(wait, 50));
  }
  throw new Error(`${url} did not answer within 30 s`);
}

const ours = {
  comments: "plugins/comments",
  questions: "plugins/questions",
  kudos: "plugins/kudos",
};
const folders = {
  ...ours,
  gallery: "tests/plugins/gallery",
  hostile: "tests/plugins/hostile",
  poll: "sdk/examples/poll",
  tips: "sdk/examples/tips",
};

/** The lines that enable a plugin with all that it asks for. */
export function plugin(name) {
  const manifest = readFileSync(join(root, folders[name], "plugin.toml"), "utf8");
  const asked = [...manifest.matchAll(/^\[capabilities\.([a-z-]+)\]/gm)].map(([, capability]) => `"${capability}"`);
  return `[sites.plugins.${name}]\ngrants = [${asked.join(", ")}]`;
}

function configuration(port, intranet, plugins, more) {
  return `listen = "127.0.0.1:${port}"
public_url = "http://widgets.localhost:${port}"
database = "sqlite:stoa.db"
data_dir = "data"
assets_dir = "${join(built, "assets")}"
plugins_dir = "${plugins}"
rate_factor = 100
[[sites]]
id = "demo"
name = "Nordlicht"
origins = ["http://intranet.localhost:${intranet}"]
time_zone = "Europe/Berlin"
anonymous_read = true
[[sites.issuers]]
issuer = "http://intranet.localhost:${intranet}"
algorithm = "HS256"
secret_file = "demo.secret"
${plugin("comments")}
${plugin("kudos")}
${plugin("gallery")}
${more}
`;
}

// Hosts of one key believe what another one compiled, and may share the folder; compiling takes most of a start.
function shareCompiled(data) {
  const shared = join(built, "tests/compiled");
  mkdirSync(shared, { recursive: true });
  mkdirSync(data);
  writeFileSync(join(data, "host.key"), "the key of every host of a test.");
  symlinkSync(shared, join(data, "compiled"));
}

/** Starts both servers, with lines for the site's configuration; the plugins that it names are there. `stop()` ends them; `stopHost()` and `startHost()` take the host alone down and up; `adminLink()` makes a link to the console. */
export async function start(more = "") {
  const folder = mkdtempSync(join(tmpdir(), "stoa-browser-"));
  const [port, intranetPort] = [await freePort(), await freePort()];
  const intranet = `http://intranet.localhost:${intranetPort}`;
  const stoa = `http://widgets.localhost:${port}`;
  const file = (name) => join(folder, name);
  writeFileSync(file("demo.secret"), "a secret of the browser tests, 32 bytes or more");
  const config = configuration(port, intranetPort, file("plugins"), more);
  mkdirSync(file("plugins"));
  shareCompiled(file("data"));
  for (const [, name] of config.matchAll(/^\[sites\.plugins\.([a-z-]+)\]/gm))
    symlinkSync(join(built, name in ours ? "plugins" : "samples", name + ".wasm"), join(file("plugins"), name + ".wasm"));
  writeFileSync(file("stoa.toml"), config);
  const program = (name) => join(programs, name);
  // Pages embed questions only where the plugin is there.
  const without = config.includes("[sites.plugins.questions]") ? [] : ["--without-questions"];
  const seed = execFileSync(program("stoa-demo"), ["seed", "--origin", intranet, ...without], { maxBuffer: 1 << 26 });
  writeFileSync(file("seed.json"), seed);
  execFileSync(program("stoa"), ["import", file("seed.json"), "--config", file("stoa.toml")]);
  const log = process.env.STOA_LOG ? "inherit" : "ignore";
  const run = (name, args) => spawn(program(name), args, { stdio: ["ignore", log, log], env: { ...process.env, RUST_LOG: "warn" } });
  let host;
  const startHost = async () => {
    host = run("stoa", ["serve", "--config", file("stoa.toml")]);
    await answers(`http://127.0.0.1:${port}/healthz`);
  };
  const stopHost = (signal = "SIGKILL") =>
    new Promise((done) => {
      host.once("exit", done);
      host.kill(signal);
    });
  await startHost();
  const site = run("stoa-demo", [
    "--listen", `127.0.0.1:${intranetPort}`, "--origin", intranet, "--stoa", stoa, "--site", "demo",
    "--secret-file", file("demo.secret"), ...without,
  ]);
  await answers(`http://127.0.0.1:${intranetPort}/`);
  const stop = () => {
    host.kill("SIGKILL");
    site.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  const adminLink = () => JSON.parse(execFileSync(program("stoa"), ["admin-link", "--json", "--config", file("stoa.toml")])).link;
  return { intranet, stoa, adminLink, startHost, stopHost, stop };
}
