// Pages whose visitors are signed in at a real OpenID provider hand its ID token on.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startProvider } from "../support/provider.mjs";
import { setUp } from "../support/setup.mjs";
import { composer, entry, expect, open, publish, widget } from "../support/widget.mjs";

const PAGE = "/howto/printer";
const provider = await startProvider();
const here = setUp(`[[sites.issuers]]
issuer = "${provider.issuer}"
kind = "oidc"
client_id = "intranet"
[sites.issuers.roles]
editors = "moderator"`);
after(() => provider.stop());

/** Somebody whose pages vouch with this. */
async function withToken(token, work) {
  const who = await here.person("none");
  await who.context.addInitScript((token) => (globalThis.stoa = { token: async () => token }), token);
  await work(who);
  await who.context.close();
}

/** What the host answers to a token: the status, and the person's name or the problem's code. */
async function ask(token) {
  const answer = await fetch(`${here.servers.stoa.replace("widgets.localhost", "127.0.0.1")}/v1/sites/demo/session`, {
    method: "POST",
    headers: { origin: here.servers.intranet },
    body: JSON.stringify({ token }),
  });
  const told = await answer.json();
  return [answer.status, told.person?.name ?? told.code];
}

test("an ID token signs somebody in with name and role", async () => {
  const { id_token } = await provider.signIn("erin");
  await withToken(id_token, async (who) => {
    await open(who, PAGE);
    const { page } = who;
    await publish(page, "Signed in at the provider");
    const post = entry(page, "Signed in at the provider");
    assert.equal(await post.locator(":scope > header .author").first().textContent(), "Erin Editor");
  });
  const { id_token: other } = await provider.signIn("vera");
  await withToken(other, async (who) => {
    await open(who, PAGE);
    await composer(who.page).waitFor();
    await entry(who.page, "Signed in at the provider").waitFor();
  });
});

test("only the ID token for this client does, and only as it was signed", async () => {
  const { id_token, access_token } = await provider.signIn("erin");
  assert.deepEqual(await ask(id_token), [200, "Erin Editor"]);
  assert.deepEqual(await ask(access_token), [401, "token_malformed"]);
  const other = await provider.signIn("erin", "wiki");
  assert.deepEqual(await ask(other.id_token), [401, "token_audience"]);
  const modern = await provider.signIn("erin", "modern");
  assert.deepEqual(await ask(modern.id_token), [401, "token_audience"], "its ES256 is taken, its client is not");
  const [head, claims, signature] = id_token.split(".");
  const changed = JSON.parse(Buffer.from(claims, "base64url"));
  changed.groups = ["editors", "admins"];
  const forged = [head, Buffer.from(JSON.stringify(changed)).toString("base64url"), signature].join(".");
  assert.deepEqual(await ask(forged), [401, "token_signature"]);
  const unsigned = [Buffer.from('{"alg":"none"}').toString("base64url"), claims, ""].join(".");
  assert.deepEqual(await ask(unsigned), [401, "token_algorithm"]);
});

test("a page with a token for another client says so in plain words", async () => {
  const { id_token } = await provider.signIn("erin", "wiki");
  await withToken(id_token, async ({ page }) => {
    await page.goto(here.servers.intranet + PAGE);
    await expect.text(widget(page).getByRole("alert"), /could not be signed in/);
  });
});
