// Wagtail as it is installed from PyPI, with `widgets/cms/wagtail` as its guide says. `WAGTAIL="8.0.1 5.2"` names other
// versions of Wagtail and Django.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { freePort, root } from "../support/servers.mjs";
import { run, setUp } from "./support/system.mjs";
import { assert, conversation, entry, expect, open, says, signingOut, widget } from "./support/walk.mjs";
import { publish } from "../support/widget.mjs";

const [WAGTAIL, DJANGO] = (process.env.WAGTAIL || "8.0.1 5.2").split(" ");
const here = setUp("wagtail", install);
const url = (path) => here.system.origin + path;

/** Edits a file; each text has to be there. */
function edit(file, changes) {
  let text = readFileSync(file, "utf8");
  for (const [old, fresh] of changes) {
    assert.ok(text.includes(old), `${file} has no ${JSON.stringify(old)}`);
    text = text.replace(old, () => fresh);
  }
  writeFileSync(file, text);
}

/** What the guide asks for, in the project that `wagtail start` makes. */
function connect(site, stoa) {
  writeFileSync(join(site, "stoa.secret"), `${stoa.secret}\n`);
  edit(join(site, "bench/settings/base.py"), [[`    "home",`, `    "stoa_wagtail",\n    "home",`]]);
  // The environment is there to try wrong settings.
  edit(join(site, "bench/settings/dev.py"), [
    [
      "DEBUG = True",
      `DEBUG = True
import os
STOA = {
    "URL": os.environ.get("STOA_URL", "${stoa.url}"),
    "SITE": os.environ.get("STOA_SITE", "intranet"),
    "ISSUER": os.environ.get("STOA_ISSUER", "${url("")}"),
    "SECRET_FILE": os.path.join(BASE_DIR, os.environ.get("STOA_SECRET", "stoa.secret")),
}
# Nothing from elsewhere.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
if os.environ.get("STRICT"):
    INSTALLED_APPS += ["csp"]
    MIDDLEWARE += ["csp.middleware.CSPMiddleware"]
    CONTENT_SECURITY_POLICY = {"EXCLUDE_URL_PREFIXES": ["/admin"], "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", "${stoa.url}", "'wasm-unsafe-eval'"],
        "connect-src": ["'self'", "${stoa.url}"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "require-trusted-types-for": ["'script'"],
    }}
`,
    ],
  ]);
  edit(join(site, "bench/urls.py"), [[`path("admin/"`, `path("stoa/", include("stoa_wagtail.urls")),\n    path("admin/"`]]);
  edit(join(site, "bench/templates/base.html"), [
    ["{% load static", "{% load stoa static"],
    ["    </head>", "        {% stoa_head %}\n        <link rel=\"icon\" href=\"data:,\">\n    </head>"],
  ]);
  writeFileSync(
    join(site, "home/templates/home/home_page.html"),
    `{% extends "base.html" %}
{% load stoa wagtailcore_tags %}
{% block content %}<h1>{{ page.title }}</h1>
{% for block in page.body %}{% include_block block %}{% endfor %}
{% if not page.body %}{% stoa_comments %}{% endif %}{% endblock %}
`,
  );
  writeFileSync(
    join(site, "home/models.py"),
    `from stoa_wagtail.blocks import StoaBlock
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page


class HomePage(Page):
    body = StreamField([("stoa", StoaBlock())], blank=True)
    content_panels = Page.content_panels + [FieldPanel("body")]
`,
  );
}

const PEOPLE = `
from django.contrib.auth import get_user_model; from django.contrib.auth.models import Group
from home.models import HomePage
U = get_user_model()
U.objects.create_superuser("admin", "admin@example.test", "admin-pw", first_name="Ada", last_name="Admin")
e = U.objects.create_user("erin", "erin@example.test", "erin-pw", first_name="Erin", last_name="Editor")
e.groups.set(Group.objects.filter(name__in=["Editors", "Moderators"]))
U.objects.create_user("rita", "rita@example.test", "rita-pw", first_name="Rita", last_name="Reader")
from wagtail.models import Site; s = Site.objects.get(); s.port = PORT; s.hostname = "127.0.0.1"; s.save()
home = s.root_page
for title in ["Travel policy", "Canteen", "Strict"]: home.add_child(instance=HomePage(title=title)).save_revision().publish()
`;

/** Python with Wagtail and our package, a project, and people in it. */
async function install(system, stoa) {
  const python = system.file("venv/bin/python");
  const pip = (...args) => run(python, ["-m", "pip", "install", "-q", ...args]);
  run("python3", ["-m", "venv", system.file("venv")]);
  pip(`wagtail==${WAGTAIL}`, `django~=${DJANGO}.0`, "django-csp>=4,<5");
  // From a copy, since building leaves files behind.
  cpSync(join(root, "widgets/cms/wagtail"), system.file("package"), { recursive: true });
  pip(system.file("package"));
  const site = system.file("site");
  mkdirSync(site);
  run(system.file("venv/bin/wagtail"), ["start", "bench", site]);
  connect(site, stoa);
  const env = { ...process.env, DJANGO_SETTINGS_MODULE: "bench.settings.dev", PYTHONDONTWRITEBYTECODE: "1" };
  here.manage = (args, more = {}) => run(python, ["manage.py", ...args], { cwd: site, env: { ...env, ...more } });
  here.manage(["makemigrations", "-v0", "home"]);
  here.manage(["migrate", "-v0"]);
  here.manage(["shell", "-c", PEOPLE.replace("PORT", system.port)]);
  here.serve = (port, more) =>
    system.serve(port, python, ["manage.py", "runserver", "--noreload", `127.0.0.1:${port}`], { cwd: site, env: { ...env, ...more } });
  await here.serve(system.port);
}

/** Somebody who signs in as Wagtail's people do. */
async function signedIn(name, options, origin = url("")) {
  const who = await here.visitor(options);
  await who.page.goto(`${origin}/admin/login/`);
  await who.page.locator("input[name=username]").fill(name);
  await who.page.locator("input[name=password]").fill(`${name}-pw`);
  await who.page.locator("form").getByRole("button").last().click();
  await who.page.waitForURL(/\/admin\/(?!login)/);
  who.errors.length = 0;
  return who;
}

/** What `stoa_check` says, and whether it was content. */
function check(more) {
  try {
    return { ok: true, said: here.manage(["stoa_check"], more) };
  } catch (error) {
    return { ok: false, said: error.message };
  }
}

test("the checks of Django and of the connection are content", () => {
  assert.match(here.manage(["check"]), /no issues/);
  const { ok, said } = check();
  assert.ok(ok, said);
  assert.equal(said.match(/^ok: /gm).length, 5, said);
});

test("each thing that is wrong is named with the line to change", () => {
  const wrong = (more, hint) => {
    const { ok, said } = check(more);
    assert.ok(!ok && hint.test(said), said);
  };
  wrong({ STOA_URL: "http://localhost:9" }, /hint: change STOA\['URL'\] = 'http:\/\/localhost:9'/);
  wrong({ STOA_SITE: "intra" }, /no site `intra`\nhint: change STOA\['SITE'\]/);
  wrong({ STOA_ISSUER: "http://127.0.0.1:1" }, /does not take pages of http:\/\/127.0.0.1:1\nhint: .*origins = \["http:\/\/127.0.0.1:1"\]/);
  wrong({ STOA_ISSUER: url("/wiki") }, /refused: .*`iss`.*\nhint: .*issuer = "http:\/\/127.0.0.1:\d+\/wiki"/);
  wrong({ STOA_SECRET: "manage.py" }, /signature.*\nhint: name the same secret/);
  wrong({ STOA_SECRET: "none" }, /SECRET_FILE.*cannot be read/);
});

test("one writes, another answers, and the first sees it at once", async () => {
  const [rita, erin] = [await signedIn("rita"), await signedIn("erin")];
  await conversation(here, rita, erin, url("/travel-policy/"), { first: /Rita Reader/, second: /Erin Editor/ });
  // Erin moderates by her group at Wagtail.
  const post = entry(erin.page, "Good to have this");
  await post.locator("a.menu, details.menu > summary").first().click();
  await post.getByRole("menuitem", { name: "Pin" }).waitFor();
});

test("the thread stays when the page gets another address", async () => {
  const erin = await signedIn("erin");
  await open(erin, url("/canteen/"));
  await publish(erin.page, "Tuesday is pasta day");
  here.manage(["shell", "-c", 'from home.models import HomePage; p = HomePage.objects.get(slug="canteen"); p.slug = "food"; p.title = "Food"; p.save_revision().publish()']);
  await open(erin, url("/food/"));
  await entry(erin.page, "Tuesday is pasta day").waitFor();
});

test("signing out at Wagtail ends what is open", async () => {
  const erin = await signedIn("erin");
  await signingOut(erin, url("/travel-policy/"), async (page) => {
    await page.goto(url("/admin/"));
    const token = (await erin.context.cookies()).find((cookie) => cookie.name === "csrftoken").value;
    const leave = (token) => fetch("/admin/logout/", { method: "POST", headers: { "X-CSRFToken": token } }).then((answer) => answer.ok);
    assert.ok(await page.evaluate(leave, token));
  });
  await here.picture(erin.page, "signed-out");
  assert.equal((await erin.page.request.get(url("/stoa/token/"))).headers()["cache-control"], "no-store, private");
});

test("without script a link leads, signed in, to the plain page", async () => {
  const erin = await signedIn("erin");
  const state = await erin.context.storageState();
  const plain = await here.visitor({ javaScriptEnabled: false, storageState: state });
  await plain.page.goto(url("/travel-policy/"));
  await plain.page.getByRole("link", { name: "Comments on this page" }).click();
  await plain.page.getByRole("button", { name: "Read and write without script" }).click();
  await plain.page.waitForURL(`${here.stoa.url}/t/intranet/comments?page=wagtail-*`);
  assert.match(await plain.page.locator("header.page").textContent(), /Erin Editor/);
  await plain.page.getByRole("textbox", { name: "Your comment" }).fill("Written without script");
  await plain.page.getByRole("button", { name: "Post comment" }).click();
  await plain.page.locator(".post", { hasText: "Written without script" }).first().waitFor();
});

test("an editor puts the questions into a page by a block", async () => {
  const admin = await signedIn("admin");
  const { page } = admin;
  const id = here.manage(["shell", "-c", 'from home.models import HomePage; print(HomePage.objects.get(slug="food").pk)']).trim().split("\n").at(-1);
  await page.goto(url(`/admin/pages/${id}/edit/`));
  await page.getByRole("button", { name: "Insert a block" }).first().click();
  const choice = page.locator("select[name$='-widget']");
  await choice.selectOption("questions");
  await here.picture(page, "editor");
  await page.locator("[data-controller~='w-dropdown'] .w-dropdown__toggle, .footer .w-dropdown__toggle").last().click();
  await page.getByRole("button", { name: "Publish" }).first().click();
  await page.getByText(/published/).first().waitFor();
  await page.goto(url("/food/"));
  const questions = page.locator("stoa-questions");
  await questions.locator(".view").waitFor();
  assert.equal(await questions.getAttribute("page"), `wagtail-${id}`);
});

test("a strict policy with Trusted Types has all that is needed, and nobody reads while signed out", async () => {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  await here.stoa.restart({ origins: [url(""), origin] });
  await here.serve(port, { STRICT: "1" });
  const erin = await signedIn("erin", { colorScheme: "dark" }, origin);
  const page = erin.page.waitForResponse((answer) => answer.url().endsWith("/strict/"));
  await open(erin, `${origin}/strict/`);
  assert.match((await page).headers()["content-security-policy"], /default-src 'none'.*require-trusted-types-for/);
  await publish(erin.page, "Written under a strict policy");
  // Wagtail's own user bar breaks under Trusted Types; what names the host or the widget is ours.
  assert.deepEqual(erin.errors.filter((error) => /stoa|localhost/.test(error)), []);
  const nobody = await here.visitor();
  await nobody.page.goto(`${origin}/strict/`);
  await says(nobody.page, /sign in/i);
  await expect.count(widget(nobody.page).getByText("Written under a strict policy"), 0);
});
