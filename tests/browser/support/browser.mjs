// A real Chromium, and people in it.

import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const folder = resolve(dirname(fileURLToPath(import.meta.url)), "../../../target/stoa/pictures");
const known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export function launch(more = []) {
  const executablePath = process.env.CHROMIUM || known.find(existsSync);
  const args = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", ...more,
  ];
  return chromium.launch({ executablePath, args });
}

/** A person with a browser of their own. Whatever the console calls an error is kept in `person.errors`. */
export async function person(browser, servers, subject, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  if (subject !== undefined) {
    await context.addCookies([{ name: "person", value: subject, url: servers.intranet }]);
  }
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  return { context, page, errors, visit: (path) => page.goto(servers.intranet + path) };
}

/** A picture to be looked at, in target/stoa/pictures. */
export async function picture(page, name, options = {}) {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), ...options });
}
