// WordPress on MariaDB, with the plugin uploaded, switched on and set up in its own administration.

import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { freePort, plugin, root } from "../support/servers.mjs";
import { run, setUp } from "./support/system.mjs";
import { assert, composer, conversation, entry, expect, open, pictures, says, shown, signingOut, widget } from "./support/walk.mjs";

const here = setUp("wordpress", install);
const url = (path) => here.system.origin + path;

/** What people type into `wp-config.php`. */
const configuration = (system, port) => `<?php
define('DB_NAME', 'wp'); define('DB_USER', 'wp'); define('DB_PASSWORD', 'wp-pw');
define('DB_HOST', '127.0.0.1:${port}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $k) define($k, hash('sha256', $k));
$table_prefix = 'wp_';
define('WP_HTTP_BLOCK_EXTERNAL', true); define('AUTOMATIC_UPDATER_DISABLED', true); define('DISABLE_WP_CRON', true);
define('WP_DEBUG', true); define('WP_DEBUG_DISPLAY', false); define('WP_DEBUG_LOG', '${system.file("debug.log")}');
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
`;

/** What the installer's two pages do, and three people with two pages and a post. */
const setup = (system) => `<?php
$_SERVER['HTTP_HOST'] = '127.0.0.1:${system.port}'; $_SERVER['REQUEST_URI'] = '/';
define('WP_INSTALLING', true); define('WP_SITEURL', '${system.origin}');
require '${system.file("wp")}/wp-load.php'; require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Nordlicht intranet', 'admin', 'admin@example.test', false, '', 'admin-pw');
wp_update_user(['ID' => 1, 'display_name' => 'Ada Lund']);
foreach (['erin' => ['editor', 'Erin Holm'], 'artur' => ['author', 'Artur Wik']] as $n => [$role, $name])
  wp_insert_user(['user_login' => $n, 'user_pass' => "$n-pw", 'user_email' => "$n@example.test", 'display_name' => $name, 'role' => $role]);
update_option('show_avatars', 0); update_option('permalink_structure', '/%postname%/'); global $wp_rewrite; $wp_rewrite->init(); flush_rewrite_rules();
$text = '<!-- wp:paragraph --><p>Book the train first. Flights need a word with your team lead, hotels a limit of 120 euros.</p><!-- /wp:paragraph -->';
foreach ([['page', 'travel', 'Travel &amp; expenses', $text], ['page', 'canteen', 'Canteen', $text], ['post', 'news', 'News of the week', $text],
  ['page', 'shortcode', 'By shortcode', $text . '<!-- wp:shortcode -->[stoa widget="questions"]<!-- /wp:shortcode -->'],
  ['page', 'block', 'By block', $text . '<!-- wp:stoa/widget {"widget":"kudos"} /-->']] as [$type, $slug, $title, $body])
  wp_insert_post(['post_type' => $type, 'post_name' => $slug, 'post_title' => $title, 'post_content' => $body, 'post_status' => 'publish', 'post_author' => 1]);
`;

async function database(system) {
  const [port, folder] = [await freePort(), system.file("db")];
  // The server refuses root; Debian's package has made this account.
  const isRoot = process.getuid() === 0;
  const as = isRoot ? ["--user=mysql"] : [];
  mkdirSync(folder);
  chmodSync(system.folder, 0o711);
  if (isRoot) run("chown", ["mysql:", folder]);
  run("mariadb-install-db", ["--no-defaults", ...as, `--datadir=${folder}`, "--skip-test-db", "--auth-root-authentication-method=normal"]);
  const socket = join(folder, "s");
  const options = [`--datadir=${folder}`, "--bind-address=127.0.0.1", `--port=${port}`, `--socket=${socket}`, `--pid-file=${join(folder, "pid")}`];
  await system.serve(port, "mariadbd", ["--no-defaults", ...as, ...options]);
  const sql = "create database wp character set utf8mb4; create user wp@'127.0.0.1' identified by 'wp-pw'; grant all on wp.* to wp@'127.0.0.1'";
  run("mariadb", ["--no-defaults", "-uroot", `--socket=${socket}`, "-e", sql]);
  return port;
}

async function install(system) {
  const port = await database(system);
  const web = system.file("wp");
  cpSync("/usr/share/wordpress", web, { recursive: true, dereference: true, filter: (path) => !path.endsWith(".htaccess") });
  for (const folder of ["plugins", "uploads", "upgrade"]) mkdirSync(join(web, "wp-content", folder), { recursive: true });
  writeFileSync(join(web, "wp-config.php"), configuration(system, port));
  writeFileSync(system.file("setup.php"), setup(system));
  run("php", [system.file("setup.php")]);
  rmSync(system.file("setup.php"));
  run("python3", ["-m", "zipfile", "-c", system.file("stoa.zip"), "stoa"], { cwd: join(root, "widgets/cms/wordpress") });
  const env = { ...process.env, PHP_CLI_SERVER_WORKERS: "4" };
  await system.serve(system.port, "php", ["-d", "display_errors=0", "-S", `127.0.0.1:${system.port}`, "-t", web], { env });
}

async function signIn(name, options) {
  const who = await here.visitor(options);
  await who.page.goto(url("/wp-login.php"));
  await who.page.getByLabel("Username").fill(name);
  await who.page.getByLabel("Password", { exact: true }).fill(`${name}-pw`);
  await Promise.all([who.page.waitForURL(/wp-admin/), who.page.getByRole("button", { name: "Log In" }).click()]);
  who.errors.length = 0;
  return who;
}

async function signOut(page) {
  await page.goto(url("/wp-login.php?action=logout"));
  await Promise.all([page.waitForURL(/loggedout/), page.getByRole("link", { name: "log out" }).click()]);
}

/** Fills in settings, does `more` in the form, saves, and gives what the connection test finds. */
async function save(page, settings, more = () => {}) {
  await page.goto(url("/wp-admin/options-general.php?page=stoa"));
  await more(page);
  for (const [name, value] of Object.entries(settings)) await page.getByLabel(name, { exact: true }).fill(value);
  await page.getByRole("button", { name: "Save Changes" }).click();
  const found = page.locator("#stoa-findings [data-code]").first();
  await found.waitFor();
  return { code: await found.getAttribute("data-code"), text: await found.innerText() };
}

let admin;

test("an administrator uploads the plugin and switches it on", async () => {
  admin = await signIn("admin");
  const { page } = admin;
  await page.goto(url("/wp-admin/plugin-install.php?tab=upload"));
  await page.locator("#pluginzip").setInputFiles(here.system.file("stoa.zip"));
  await page.getByRole("button", { name: "Install Now" }).click();
  await page.getByRole("link", { name: "Activate Plugin" }).click();
  await page.getByText("Stoa is not connected to a host yet.").waitFor();
  await page.getByRole("link", { name: "Connect it" }).click();
  await page.getByRole("heading", { name: "Connection" }).waitFor();
});

test("the connection test names what is wrong and the line to change", async () => {
  const { page } = admin;
  const { stoa } = here;
  const right = { "Address of the server": stoa.url, "Site id": stoa.site, Secret: stoa.secret };
  const check = async (wrong, code, line) => {
    const found = await save(page, { ...right, ...wrong });
    assert.equal(found.code, code, found.text);
    assert.match(found.text, line);
  };
  await check({ Secret: "x".repeat(40) }, "signature", /secret_file/);
  await pictures(here, page, "settings-wrong-secret");
  await check({ "Address of the server": "http://localhost:9" }, "unreachable", /cannot reach/);
  await check({ "Address of the server": here.system.origin }, "not_stoa", /not a Stoa host/);
  await check({ "Site id": "elsewhere" }, "site", /id = "elsewhere"/);
  await check({ Issuer: "https://other.example" }, "issuer", /issuer = "https:\/\/other.example"/);
  await check({ Issuer: here.system.origin, Secret: stoa.secret }, "ok", /Ada Lund/);
  await stoa.restart({ origins: ["https://other.example"] });
  await check({}, "origin", new RegExp(`origins = \\["${here.system.origin}"\\]`));
  await stoa.restart({ origins: undefined });
  await check({ Secret: "" }, "ok", /Ada Lund/);
});

test("the lines for stoa.toml are those of a host that works, and the secret is not shown again", async () => {
  const { page } = admin;
  await page.goto(url("/wp-admin/options-general.php?page=stoa"));
  const lines = await page.locator("#stoa-configuration").innerText();
  for (const name of ["comments", "questions", "kudos"]) assert.ok(lines.includes(plugin(name)), `${name} in ${lines}`);
  assert.ok(lines.includes(`origins = ["${here.system.origin}"]`), lines);
  assert.ok(!(await page.content()).includes(here.stoa.secret), "the secret stays in the database");
});

test("widgets are put below all pages, and two people talk there", async () => {
  const { page } = admin;
  await save(page, {}, (settings) => settings.getByRole("row", { name: "Page" }).getByLabel("Comments").check());
  await pictures(here, page, "settings");
  const erin = await signIn("erin");
  const people = { first: "Erin Holm", second: "Ada Lund" };
  await conversation(here, erin, admin, url("/travel/"), people);
  await open(erin, url("/canteen/"));
  await expect.count(entry(erin.page, "Good to have this"), 0);
  await erin.page.goto(url("/news/"));
  await expect.count(erin.page.locator("stoa-comments"), 0);
  await erin.context.close();
});

test("shortcode and block draw other widgets, and the bell stands in the toolbar", async () => {
  const erin = await signIn("erin");
  await erin.page.goto(url("/shortcode/"));
  await erin.page.locator("stoa-questions .view").waitFor();
  await erin.page.goto(url("/block/"));
  await erin.page.locator("stoa-kudos .view").waitFor();
  await erin.page.locator("#wpadminbar stoa-bell").getByRole("link", { name: /Notices/ }).first().click();
  await erin.page.locator("stoa-bell").getByRole("dialog").waitFor();
  await here.picture(erin.page, "bell");
  assert.deepEqual(erin.errors, []);
  await erin.context.close();
});

test("an author puts a widget into a post by the editor", async () => {
  const artur = await signIn("artur");
  const { page } = artur;
  await page.goto(url("/wp-admin/post-new.php"));
  await page.getByRole("button", { name: "Close dialog" }).click();
  await page.getByRole("textbox", { name: "Add title" }).fill("From the workshop");
  await page.keyboard.press("Enter");
  await page.keyboard.type("/questions");
  await page.getByRole("option", { name: /Questions \(Stoa\)/ }).click();
  await page.getByText("Shown to readers of the page; here it is only a place.").waitFor();
  await here.picture(page, "editor");
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByRole("region", { name: "Editor publish" }).getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByText("is now live").waitFor();
  await page.goto(url("/from-the-workshop/"));
  await page.locator("stoa-questions .view").waitFor();
  await artur.context.close();
});

test("a token is never in a page, belongs to the person alone, and is not cached", async () => {
  const erin = await signIn("erin");
  await open(erin, url("/travel/"));
  assert.doesNotMatch(await erin.page.content(), /eyJ/);
  const address = await erin.page.locator("meta[name=stoa-token-url]").getAttribute("content");
  const answer = await erin.page.request.get(url(address));
  assert.match(answer.headers()["cache-control"], /no-store/);
  const claims = JSON.parse(Buffer.from((await answer.json()).token.split(".")[1], "base64url"));
  assert.deepEqual(claims.roles, ["moderator"]);
  assert.equal(claims.page_title, "Travel & expenses");
  assert.match(claims.sub, /^\d+$/);
  const other = await erin.page.request.get(url(address), { headers: { "Sec-Fetch-Site": "cross-site" } });
  assert.deepEqual(await other.json(), { token: null });
  const nobody = await here.visitor();
  assert.deepEqual(await (await nobody.page.request.get(url(address))).json(), { token: null });
  await nobody.context.close();
  await erin.context.close();
});

test("without script the link in the widget leads, signed in, to the host's own page", async () => {
  const erin = await signIn("erin");
  const plain = await erin.context.browser().newContext({ javaScriptEnabled: false, storageState: await erin.context.storageState() });
  const page = await plain.newPage();
  await page.goto(url("/travel/"));
  await page.getByRole("link", { name: "Comments", exact: true }).click();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.waitForURL(new RegExp(`^${here.stoa.url}/t/`));
  await page.getByText("Good to have this in wordpress.").waitFor();
  await plain.close();
  await erin.context.close();
});

test("signing out of WordPress ends the widget's session in a page that is still open", async () => {
  const artur = await signIn("artur");
  await signingOut(artur, url("/travel/"), signOut);
  await here.picture(artur.page, "signed-out");
  await artur.context.close();
});

test("people who are not signed in see what is set: what the host lets them read, a link, or nothing", async () => {
  const visitor = await here.visitor();
  const { page } = visitor;
  await page.goto(url("/travel/"));
  await says(page, /sign in/i);
  await expect.count(entry(page, "Good to have this"), 0);
  await here.picture(page, "anonymous");
  await here.stoa.restart({ anonymous: true });
  await page.reload();
  await entry(page, "Good to have this").waitFor();
  await expect.count(composer(page), 0);
  await save(admin.page, {}, (settings) => settings.getByLabel("see a link to sign in").check());
  await page.reload();
  await page.getByRole("link", { name: "Sign in to read and write here" }).waitFor();
  await expect.count(widget(page), 0);
  await visitor.context.close();
});
