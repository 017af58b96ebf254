// DokuWiki, which keeps everything in files, with the plugin copied into its folder and set up in its own administration.

import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { plugin, root } from "../support/servers.mjs";
import { run, setUp } from "./support/system.mjs";
import { assert, composer, conversation, entry, expect, open, pictures, says, signingOut, widget } from "./support/walk.mjs";

const here = setUp("dokuwiki", install);
const page = (id) => `${here.system.origin}/doku.php?id=${id}`;

const configuration = (system) => `<?php
$conf['title'] = 'Nordlicht wiki'; $conf['savedir'] = '${system.file("wiki/data")}'; $conf['useacl'] = 1;
$conf['superuser'] = '@admin'; $conf['authtype'] = 'authplain'; $conf['baseurl'] = '${system.origin}'; $conf['updatecheck'] = 0;
`;

/** People with their groups, as the installer and the user manager write them. */
const people = `foreach ([["ada","Ada Lund","admin,user"],["erin","Erin Holm","user"]] as [$n,$name,$g])
  echo "$n:", password_hash("$n-pw", PASSWORD_BCRYPT), ":$name:$n@example.test:$g\\n";`;

async function install(system) {
  const wiki = system.file("wiki");
  cpSync("/usr/share/dokuwiki", wiki, { recursive: true, dereference: true });
  cpSync("/var/lib/dokuwiki/data", join(wiki, "data"), { recursive: true, dereference: true });
  cpSync("/etc/dokuwiki", join(wiki, "conf"), { recursive: true, dereference: true });
  // What Debian adds for several wikis on one machine.
  for (const name of ["inc/preload.php", ".htaccess", "conf/local.php"]) rmSync(join(wiki, name), { force: true });
  writeFileSync(join(wiki, "conf/users.auth.php"), run("php", ["-r", people]));
  writeFileSync(join(wiki, "conf/acl.auth.php"), "*\t@ALL\t1\n*\t@user\t8\n*\t@admin\t255\n");
  writeFileSync(join(wiki, "conf/local.php"), configuration(system));
  const text = "Book the train first. Flights need a word with your team lead.";
  const write = (id, body) => writeFileSync(join(wiki, `data/pages/${id}.txt`), body);
  write("travel", `====== Travel & expenses ======\n\n${text}\n`);
  write("canteen", `====== Canteen ======\n\n${text}\n`);
  write("questions", `====== Ask ======\n\n${text}\n\n{{stoa>questions?scope=site}}\n`);
  // "Copy the folder to lib/plugins" is how a plugin comes into a DokuWiki that may not reach the internet.
  cpSync(join(root, "widgets/cms/dokuwiki/stoa"), join(wiki, "lib/plugins/stoa"), { recursive: true });
  const env = { ...process.env, PHP_CLI_SERVER_WORKERS: "4" };
  const quiet = ["-d", "display_errors=0", "-d", "error_reporting=22527"];
  await system.serve(system.port, "php", [...quiet, "-S", `127.0.0.1:${system.port}`, "-t", wiki], { env });
}

async function signIn(name) {
  const who = await here.visitor();
  await who.page.goto(`${page("start")}&do=login`);
  await who.page.locator("#focus__this").fill(name);
  await who.page.locator("input[name=p]").fill(`${name}-pw`);
  await who.page.locator("#dw__login button[type=submit]").click();
  await who.page.getByRole("link", { name: "Log Out" }).first().waitFor();
  who.errors.length = 0;
  return who;
}

async function signOut(other) {
  await other.goto(page("start"));
  await other.getByRole("link", { name: "Log Out" }).first().click();
  await other.getByRole("link", { name: "Log In" }).first().waitFor();
}

/** Sets what is given in the configuration manager. */
async function save(who, settings) {
  await who.page.goto(`${page("start")}&do=admin&page=config`);
  const field = (name) => who.page.locator(`[name="config[plugin____stoa____${name}]"]`);
  for (const [name, value] of Object.entries(settings)) {
    if (name === "visitors") await field(name).selectOption(value);
    else await field(name).fill(value);
  }
  await who.page.getByRole("button", { name: "Save", exact: true }).click();
  await who.page.getByText("Settings updated successfully").waitFor();
}

/** What the connection test says after that. */
async function check(who, settings, code, line) {
  await save(who, settings);
  await who.page.goto(`${page("start")}&do=admin&page=stoa`);
  await who.page.getByRole("button", { name: "Test the connection" }).click();
  const found = who.page.locator("#stoa-finding");
  await found.waitFor();
  assert.equal(await found.getAttribute("data-code"), code, await found.innerText());
  assert.match(await found.innerText(), line);
}

let ada;

test("the settings are in the configuration manager, and the test names what is wrong", async () => {
  ada = await signIn("ada");
  const { stoa } = here;
  await check(ada, { server: stoa.url, site: stoa.site, secret: "x".repeat(40), below: "* !canteen" }, "signature", /secret_file/);
  await pictures(here, ada.page, "wrong-secret");
  await check(ada, { server: "http://localhost:9" }, "unreachable", /cannot reach/);
  await check(ada, { server: stoa.url, site: "elsewhere" }, "site", /id = "elsewhere"/);
  await check(ada, { site: stoa.site, secret: stoa.secret }, "ok", /Ada Lund/);
  await stoa.restart({ origins: ["https://other.example"] });
  await check(ada, {}, "origin", new RegExp(`origins = \\["${here.system.origin}"\\]`));
  await stoa.restart({ origins: undefined });
  const lines = await ada.page.locator("#stoa-configuration").innerText();
  for (const name of ["comments", "questions", "kudos"]) assert.ok(lines.includes(plugin(name)), `${name} in ${lines}`);
});

test("two people talk below a page, and not below one that is left out", async () => {
  const erin = await signIn("erin");
  await conversation(here, erin, ada, page("travel"), { first: "Erin Holm", second: "Ada Lund" });
  assert.doesNotMatch(await erin.page.content(), /eyJ/);
  await erin.page.goto(page("canteen"));
  await expect.count(widget(erin.page), 0);
  await erin.page.goto(page("questions"));
  await erin.page.locator("stoa-questions .view").waitFor();
  await erin.context.close();
});

test("a token belongs to the person alone and is not cached", async () => {
  const erin = await signIn("erin");
  await open(erin, page("travel"));
  const address = here.system.origin + (await erin.page.locator("meta[name=stoa-token-url]").getAttribute("content"));
  const answer = await erin.page.request.get(address);
  assert.match(answer.headers()["cache-control"], /no-store/);
  const claims = JSON.parse(Buffer.from((await answer.json()).token.split(".")[1], "base64url"));
  assert.deepEqual([claims.sub, claims.roles, claims.page, claims.page_title], ["erin", [], "travel", "Travel & expenses"]);
  const other = await erin.page.request.get(address, { headers: { "Sec-Fetch-Site": "cross-site" } });
  assert.deepEqual(await other.json(), { token: null });
  await erin.context.close();
});

test("signing out of the wiki ends the widget's session in a page that is still open", async () => {
  const erin = await signIn("erin");
  await signingOut(erin, page("travel"), signOut);
  await erin.context.close();
});

test("people who are not signed in see what is set: what the host lets them read, or a link", async () => {
  const visitor = await here.visitor();
  await visitor.page.goto(page("travel"));
  await says(visitor.page, /sign in/i);
  await expect.count(entry(visitor.page, "Good to have this"), 0);
  await here.stoa.restart({ anonymous: true });
  await visitor.page.reload();
  await entry(visitor.page, "Good to have this").waitFor();
  await expect.count(composer(visitor.page), 0);
  await save(ada, { visitors: "link" });
  await visitor.page.reload();
  await visitor.page.getByRole("link", { name: "Sign in to read and write here" }).waitFor();
  await expect.count(widget(visitor.page), 0);
  await visitor.context.close();
});
