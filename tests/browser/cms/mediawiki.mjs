// MediaWiki on SQLite with its own Content-Security-Policy switched on, and the extension loaded in LocalSettings.php.

import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { plugin, root } from "../support/servers.mjs";
import { run, setUp } from "./support/system.mjs";
import { assert, composer, conversation, entry, expect, open, pictures, says, signingOut, widget } from "./support/walk.mjs";

const here = setUp("mediawiki", install);
const url = (path) => `${here.system.origin}/index.php${path}`;
const PASSWORD = "a-password-of-the-tests";

/** What is written into LocalSettings.php for the extension; the last word on a setting holds. */
const lines = (settings) =>
  Object.entries(settings)
    .map(([name, value]) => `$wgStoa${name} = ${typeof value === "string" ? `'${value}'` : `[ ${value.join(", ")} ]`};\n`)
    .join("");

function configure(settings) {
  writeFileSync(here.system.file("LocalSettings.php"), here.base + lines(settings));
}

async function install(system, stoa) {
  // A copy, since the extension is put into it; without the extensions that come along.
  const [web, from] = [system.file("web"), "/usr/share/mediawiki"];
  mkdirSync(web);
  for (const name of readdirSync(from)) {
    if (name === "extensions") mkdirSync(join(web, name));
    else if (name !== "LocalSettings.php") cpSync(join(from, name), join(web, name), { recursive: true, dereference: true });
  }
  cpSync(join(root, "widgets/cms/mediawiki/Stoa"), join(web, "extensions/Stoa"), { recursive: true });
  for (const folder of ["db", "cache"]) mkdirSync(system.file(folder));
  const server = [`--server=${system.origin}`, "--scriptpath=", `--confpath=${system.folder}`, "--skins=Vector"];
  const data = ["--dbtype=sqlite", `--dbpath=${system.file("db")}`, "--dbname=wiki", `--pass=${PASSWORD}`];
  run("php", [join(web, "maintenance/install.php"), ...data, ...server, "Nordlicht wiki", "Ada"]);
  here.system = system;
  here.base = `${readFileSync(system.file("LocalSettings.php"), "utf8")}
$wgCacheDirectory = '${system.file("cache")}'; $wgEnableEmail = false; $wgCSPHeader = true; $wgEnableUploads = false;
wfLoadExtension( 'Stoa' );
`;
  configure({ Server: stoa.url, Site: stoa.site, Secret: "x".repeat(40), Namespaces: ["NS_MAIN"] });
  const env = { ...process.env, MW_CONFIG_FILE: system.file("LocalSettings.php"), PHP_CLI_SERVER_WORKERS: "4" };
  const php = (script, args, options = {}) => run("php", [join(web, "maintenance", script), ...args], { env, ...options });
  php("createAndPromote.php", ["Erin", PASSWORD]);
  const text = "Book the train first. Flights need a word with your team lead.\n";
  php("edit.php", ["--user", "Ada", "Travel"], { input: text });
  php("edit.php", ["--user", "Ada", "Project:Ask"], { input: `${text}\n<stoa widget="questions" scope="site"/>\n` });
  // Settings change within a second, which a cache of compiled files would not notice.
  await system.serve(system.port, "php", ["-d", "display_errors=0", "-d", "opcache.enable=0", "-S", `127.0.0.1:${system.port}`, "-t", web], { env });
}

async function signIn(name) {
  const who = await here.visitor();
  await who.page.goto(url("?title=Special:UserLogin"));
  await who.page.getByLabel("Username").fill(name);
  await who.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await who.page.getByRole("button", { name: "Log in" }).click();
  await who.page.locator("#pt-userpage, #pt-userpage-2").first().waitFor({ state: "attached" });
  return who;
}

async function signOut(page) {
  await page.goto(url("?title=Special:UserLogout"));
  await page.locator("#mw-content-text button[type=submit]").click();
  await page.locator("#pt-login, #pt-login-2").first().waitFor({ state: "attached" });
}

/** What the connection test on Special:Stoa says. */
async function check(who, settings, code, line) {
  const { stoa } = here;
  configure({ Server: stoa.url, Site: stoa.site, Secret: stoa.secret, Namespaces: ["NS_MAIN"], ...settings });
  await who.page.goto(url("?title=Special:Stoa"));
  await who.page.getByRole("button", { name: "Test the connection" }).click();
  const found = who.page.locator("#stoa-finding");
  await found.waitFor();
  assert.equal(await found.getAttribute("data-code"), code, await found.innerText());
  assert.match(await found.innerText(), line);
}

let ada;

test("the special page names what is wrong and the line to change", async () => {
  ada = await signIn("Ada");
  const { stoa } = here;
  await check(ada, { Secret: "x".repeat(40) }, "signature", /secret_file/);
  await pictures(here, ada.page, "wrong-secret");
  await check(ada, { Server: "http://localhost:9" }, "unreachable", /cannot reach/);
  await check(ada, { Site: "elsewhere" }, "site", /id = "elsewhere"/);
  await stoa.restart({ origins: ["https://other.example"] });
  await check(ada, {}, "origin", new RegExp(`origins = \\["${here.system.origin}"\\]`));
  await stoa.restart({ origins: undefined });
  await check(ada, {}, "ok", /Ada/);
  const told = await ada.page.locator("#stoa-configuration").innerText();
  for (const name of ["comments", "questions", "kudos"]) assert.ok(told.includes(plugin(name)), `${name} in ${told}`);
});

test("two people talk below a page, under the wiki's own Content-Security-Policy", async () => {
  const erin = await signIn("Erin");
  const [answer] = await Promise.all([erin.page.waitForResponse(url("/Travel")), erin.page.goto(url("/Travel"))]);
  assert.match(answer.headers()["content-security-policy"], /script-src/);
  await conversation(here, erin, ada, url("/Travel"), { first: "Erin", second: "Ada" });
  assert.doesNotMatch(await erin.page.content(), /eyJ/);
  await erin.page.goto(url("/Project:Ask"));
  await erin.page.locator("stoa-questions .view").waitFor();
  await expect.count(erin.page.locator("stoa-comments"), 0);
  await erin.context.close();
});

test("a token belongs to the person alone and is not cached", async () => {
  const erin = await signIn("Erin");
  await open(erin, url("/Travel"));
  const address = here.system.origin + (await erin.page.locator("meta[name=stoa-token-url]").getAttribute("content"));
  const answer = await erin.page.request.get(address);
  assert.match(answer.headers()["cache-control"], /no-store/);
  const claims = JSON.parse(Buffer.from((await answer.json()).token.split(".")[1], "base64url"));
  assert.deepEqual([claims.roles, claims.page_title], [[], "Travel"]);
  assert.match(`${claims.sub} ${claims.page}`, /^\d+ page-\d+$/);
  const other = await erin.page.request.get(address, { headers: { "Sec-Fetch-Site": "cross-site" } });
  assert.deepEqual(await other.json(), { token: null });
  await erin.context.close();
});

test("signing out of the wiki ends the widget's session in a page that is still open", async () => {
  const erin = await signIn("Erin");
  await signingOut(erin, url("/Travel"), signOut);
  await erin.context.close();
});

test("people who are not signed in see what is set: what the host lets them read, or a link", async () => {
  const visitor = await here.visitor();
  await visitor.page.goto(url("/Travel"));
  await says(visitor.page, /sign in/i);
  await expect.count(entry(visitor.page, "Good to have this"), 0);
  await here.stoa.restart({ anonymous: true });
  await visitor.page.reload();
  await entry(visitor.page, "Good to have this").waitFor();
  await expect.count(composer(visitor.page), 0);
  await check(ada, { Visitors: "link" }, "ok", /Ada/);
  await visitor.page.reload();
  await visitor.page.getByRole("link", { name: "Sign in to read and write here" }).waitFor();
  await expect.count(widget(visitor.page), 0);
  await visitor.context.close();
});
