// Pages without a server of their own: plain files, read by people who are not signed in.

import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { setUp } from "./support/system.mjs";
import { assert, pictures, says, shown } from "./support/walk.mjs";

const here = setUp("static", install, { anonymous: true });

async function install(system, stoa) {
  writeFileSync(
    system.file("index.html"),
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Handbook</title>
<script type="module" src="${stoa.url}/embed.js" data-site="${stoa.site}" async></script>
<h1>Handbook</h1><stoa-comments page="handbook" title="Handbook"></stoa-comments>`,
  );
  await system.serve(system.port, "python3", ["-m", "http.server", "--bind", "127.0.0.1", String(system.port)]);
}

test("a page from a plain file shows its comments to people who are not signed in", async () => {
  const visitor = await here.visitor();
  await visitor.page.goto(`${here.system.origin}/index.html`);
  await shown(visitor.page);
  await says(visitor.page, /sign in/i);
  assert.ok((await pictures(here, visitor.page, "page")) <= 0, "nothing is wider than the telephone");
  assert.deepEqual(visitor.errors.filter((error) => !error.includes("favicon")), []);
});
