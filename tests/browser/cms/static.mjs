// The recipe of `widgets/cms/static`: its token endpoints, each run as its own language runs it and held against the same
// cases by a real host; and sites that MkDocs, Hugo and Jekyll make, behind nginx, which signs people in.

import { chmodSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { freePort, root } from "../support/servers.mjs";
import { run, setUp } from "./support/system.mjs";
import { assert, conversation, open, pictures, says, shown, widget } from "./support/walk.mjs";

const folder = join(root, "widgets/cms/static");
const token = (name) => join(folder, "token", name);
const here = setUp("static", install);
const url = (path) => here.system.origin + path;

// How each endpoint is started. PHP has its person from the web server; where `php -S` is that, a file stands in for its sign-in.
const LANGUAGES = {
  Python: () => ["python3", token("stoa_token.py")],
  Node: () => ["node", token("stoa_token.mjs")],
  Go: () => {
    const program = here.system.file("stoa_token");
    run("go", ["build", "-o", program, token("stoa_token.go")]);
    return [program];
  },
  Java: () => ["java", token("StoaToken.java")],
  PHP: (port) => {
    const names = ["USER", "NAME", "GROUPS"];
    const server = names.map((name) => `$_SERVER['REMOTE_${name}'] = $_SERVER['HTTP_X_REMOTE_${name}'] ?? '';`).join(" ");
    writeFileSync(here.system.file("server.php"), `<?php ${server} require '${token("stoa_token.php")}';`);
    return ["php", "-S", `127.0.0.1:${port}`, here.system.file("server.php")];
  },
};

/** Starts an endpoint with a secret of its own; `ask` sends it what a proxy would. */
async function endpoint(language, secret) {
  const port = await freePort();
  const [program, ...args] = LANGUAGES[language](port);
  const file = here.system.file(`${language}-${port}.secret`);
  writeFileSync(file, `${secret}\n`);
  const env = {
    ...process.env,
    PORT: String(port),
    STOA_SITE: here.stoa.site,
    STOA_ISSUER: here.system.origin,
    STOA_SECRET_FILE: file,
    STOA_MODERATORS: "Redaktion",
    PYTHONDONTWRITEBYTECODE: "1",
  };
  await here.system.serve(port, program, args, { env });
  return { port, ask: (headers, method = "GET") => fetch(`http://127.0.0.1:${port}/stoa/token`, { method, headers }) };
}

/** What a site's pages are made from: the same for each generator, as its own layout wants it. */
const GENERATORS = {
  mkdocs(from, to, stoa) {
    writeFileSync(join(from, "mkdocs.yml"), `site_name: Handbook
site_url: ${url("/mkdocs/")}
theme: { name: mkdocs, custom_dir: overrides, highlightjs: false }
extra: { stoa: { url: "${stoa.url}", site: ${stoa.site} } }
`);
    mkdirSync(join(from, "docs"));
    writeFileSync(join(from, "docs/index.md"), "# Handbook\n\nWelcome.\n");
    writeFileSync(join(from, "docs/travel.md"), "# Travel & expenses\n\nBook the train first.\n");
    run(here.system.file("venv/bin/mkdocs"), ["build", "-q", "-d", to], { cwd: from });
  },
  hugo(from, to, stoa) {
    writeFileSync(join(from, "config.toml"), `baseURL = "${url("/hugo/")}"
title = "Handbook"
disableKinds = ["taxonomy", "term", "RSS", "sitemap"]
[params.stoa]
url = "${stoa.url}"
site = "${stoa.site}"
`);
    mkdirSync(join(from, "layouts/_default"), { recursive: true });
    const page = `<!doctype html><html lang="en"><head><title>{{ .Title }}</title>{{ partial "stoa-head.html" . }}</head><body><h1>{{ .Title }}</h1>{{ .Content }}{{ partial "stoa.html" . }}</body></html>`;
    for (const name of ["single", "list"]) writeFileSync(join(from, `layouts/_default/${name}.html`), page);
    mkdirSync(join(from, "content"));
    writeFileSync(join(from, "content/travel.md"), "---\ntitle: Travel & expenses\n---\nBook the train first.\n");
    run("hugo", ["--quiet", "-d", to], { cwd: from });
  },
  jekyll(from, to, stoa) {
    writeFileSync(join(from, "_config.yml"), `title: Handbook\nbaseurl: /jekyll\npermalink: pretty\nstoa: { url: "${stoa.url}", site: ${stoa.site} }\n`);
    mkdirSync(join(from, "_layouts"));
    const page = `<!doctype html><html lang="en"><head><title>{{ page.title }}</title>{% include stoa-head.html %}</head><body><h1>{{ page.title }}</h1>{{ content }}{% include stoa.html %}</body></html>`;
    writeFileSync(join(from, "_layouts/default.html"), page);
    writeFileSync(join(from, "travel.md"), "---\ntitle: Travel & expenses\nlayout: default\n---\nBook the train first.\n");
    run("jekyll", ["build", "-q", "-d", to], { cwd: from, env: { ...process.env, LANG: "C.UTF-8" } });
  },
};
const PAGES = { mkdocs: "handbook/travel/", hugo: "/hugo/travel/", jekyll: "/travel/" };

/** The sites, an endpoint for them, and nginx with two people. */
async function install(system, stoa) {
  run("python3", ["-m", "venv", system.file("venv")]);
  run(system.file("venv/bin/pip"), ["install", "-q", "mkdocs==1.6.1"]);
  mkdirSync(system.file("web"));
  for (const [name, make] of Object.entries(GENERATORS)) {
    cpSync(join(folder, "generators", name), system.file(name), { recursive: true });
    make(system.file(name), system.file(`web/${name}`), stoa);
  }
  const { port } = await endpoint("Python", stoa.secret);
  cpSync(join(folder, "nginx.conf"), system.file("stoa.conf"));
  run("sed", ["-i", `s/127.0.0.1:4180/127.0.0.1:${port}/`, system.file("stoa.conf")]);
  for (const name of ["anna", "ben"]) writeFileSync(system.file("people"), `${name}:{PLAIN}${name}-pw\n`, { flag: "a" });
  // Its workers are other users, where root starts it.
  chmodSync(system.folder, 0o755);
  writeFileSync(system.file("nginx.conf"), `error_log ${system.file("nginx-error.log")}; pid ${system.file("nginx.pid")}; daemon off;
events {}
http {
  include /etc/nginx/mime.types; access_log off;
  server {
    listen 127.0.0.1:${system.port}; root ${system.file("web")};
    auth_basic "Intranet"; auth_basic_user_file ${system.file("people")};
    include ${system.file("stoa.conf")};
  }
}
`);
  await system.serve(system.port, "nginx", ["-p", system.folder, "-c", system.file("nginx.conf")]);
}

/** Somebody whom nginx knows. */
async function signedIn(name) {
  const who = await here.visitor({ httpCredentials: { username: name, password: `${name}-pw` } });
  // There is no picture for the tab on these sites.
  await who.context.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  return who;
}

/** What the host says to a token that comes from a page of the site. */
async function host(made) {
  const answer = await fetch(`http://127.0.0.1:${here.stoa.port}/v1/sites/${here.stoa.site}/session`, {
    method: "POST",
    headers: { Origin: here.system.origin },
    body: JSON.stringify({ token: made, views: [] }),
  });
  return { status: answer.status, ...(await answer.json()) };
}

const said = (made) => JSON.parse(Buffer.from(made.split(".")[1], "base64url"));
// Proxies send bytes; fetch takes them as Latin-1.
const bytes = (text) => Buffer.from(text).toString("latin1");

// The same for every language: what comes in, and what the token has to say.
const CASES = [
  {
    headers: { "X-Remote-User": "jane", "X-Remote-Name": bytes('Jörg "Jo" Åkesson 你'), "X-Remote-Groups": bytes("Büro, Redaktion ,,x") },
    claims: { sub: "jane", name: 'Jörg "Jo" Åkesson 你', roles: ["moderator"], groups: ["Büro", "Redaktion", "x"] },
  },
  { headers: { "X-Remote-User": " ann\\o'hara " }, claims: { sub: "ann\\o'hara", name: "ann\\o'hara", roles: [], groups: [] } },
];

for (const language of Object.keys(LANGUAGES))
  test(`${language}: the host believes its tokens, and none with another secret`, async () => {
    const { ask } = await endpoint(language, here.stoa.secret);
    for (const { headers, claims } of CASES) {
      const answer = await ask(headers);
      assert.equal(answer.headers.get("cache-control"), "no-store");
      const { token: made } = await answer.json();
      const { iat, exp, jti, ...rest } = said(made);
      assert.deepEqual(rest, { iss: here.system.origin, aud: here.stoa.site, ...claims });
      assert.equal(exp - iat, 120);
      assert.ok(jti.length >= 16);
      const session = await host(made);
      assert.equal(session.status, 200, session.reason);
      assert.equal(session.person.name, claims.name);
    }
    const jane = { "X-Remote-User": "jane" };
    const ids = [ask(jane), ask(jane)].map(async (answer) => said((await (await answer).json()).token).jti);
    assert.equal(new Set(await Promise.all(ids)).size, 2);
    const wrong = await endpoint(language, "another secret, as long as is wanted");
    assert.equal((await host((await (await wrong.ask(jane)).json()).token)).code, "token_signature");
  });

for (const language of Object.keys(LANGUAGES))
  test(`${language}: nobody gets no token, and neither does a page of another origin`, async () => {
    const { ask } = await endpoint(language, here.stoa.secret);
    assert.deepEqual(await (await ask({})).json(), { token: null });
    for (const [site, method] of [["cross-site", "GET"], ["same-site", "GET"], ["same-origin", "POST"]]) {
      const answer = await ask({ "X-Remote-User": "jane", "Sec-Fetch-Site": site }, method);
      assert.equal(answer.status, 403);
      assert.ok(!(await answer.text()).includes("eyJ"));
    }
  });

test("one writes and another answers below a page of MkDocs", async () => {
  const [anna, ben] = [await signedIn("anna"), await signedIn("ben")];
  await conversation(here, anna, ben, url("/mkdocs/travel/"), { first: /anna/, second: /ben/ });
});

for (const [name, key] of Object.entries(PAGES))
  test(`${name}: the page has its key, its title and somebody who is signed in`, async () => {
    const anna = await signedIn("anna");
    await open(anna, url(`/${name}/travel/`));
    assert.equal(await widget(anna.page).getAttribute("page"), key);
    assert.equal(await widget(anna.page).getAttribute("title"), "Travel & expenses");
    await widget(anna.page).getByRole("textbox", { name: "Your comment" }).waitFor();
    await here.picture(anna.page, name);
    assert.deepEqual(anna.errors, []);
  });

test("what a visitor says of themselves in headers does not come through nginx", async () => {
  const headers = { "X-Remote-User": "ben", "X-Remote-Name": "Ben", "X-Remote-Groups": "Redaktion" };
  assert.equal((await fetch(url("/stoa/token"), { headers })).status, 401);
  const Authorization = `Basic ${Buffer.from("anna:anna-pw").toString("base64")}`;
  const { token: made } = await (await fetch(url("/stoa/token"), { headers: { ...headers, Authorization } })).json();
  const { sub, name, roles, groups } = said(made);
  assert.deepEqual({ sub, name, roles, groups }, { sub: "anna", name: "anna", roles: [], groups: [] });
});

test("a page from a plain file shows its comments to people who are not signed in", async () => {
  const port = await freePort();
  await here.stoa.restart({ anonymous: true, origins: [here.system.origin, `http://127.0.0.1:${port}`] });
  mkdirSync(here.system.file("plain"));
  writeFileSync(
    here.system.file("plain/index.html"),
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Handbook</title>
<script type="module" src="${here.stoa.url}/embed.js" data-site="${here.stoa.site}" async></script>
<h1>Handbook</h1><stoa-comments page="handbook" title="Handbook"></stoa-comments>`,
  );
  await here.system.serve(port, "python3", ["-m", "http.server", "-d", here.system.file("plain"), "--bind", "127.0.0.1", String(port)]);
  const visitor = await here.visitor();
  await visitor.page.goto(`http://127.0.0.1:${port}/index.html`);
  await shown(visitor.page);
  await says(visitor.page, /sign in/i);
  assert.ok((await pictures(here, visitor.page, "plain")) <= 0, "nothing is wider than the telephone");
  assert.deepEqual(visitor.errors.filter((error) => !error.includes("favicon")), []);
});
