// A real OpenID provider, and a client that signs somebody in there by code and PKCE, as an intranet does.

import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const people = {
  erin: { name: "Erin Editor", email: "erin@example.test", groups: ["editors"] },
  vera: { name: "Vera Viewer", email: "vera@example.test", groups: [] },
};
const BACK = "http://intranet.localhost/back";
const hash = (text) => createHash("sha256").update(text).digest("base64url");
const secret = (client) => `the secret of ${client} for these tests alone`;

function keys() {
  const make = (kid, alg, ...kind) => ({ ...generateKeyPairSync(...kind).privateKey.export({ format: "jwk" }), kid, alg, use: "sig" });
  return [make("rsa-1", "RS256", "rsa", { modulusLength: 2048 }), make("ec-1", "ES256", "ec", { namedCurve: "P-256" })];
}

function settings(find) {
  const client = (client_id, id_token_signed_response_alg) => ({
    client_id, client_secret: secret(client_id), redirect_uris: [BACK], grant_types: ["authorization_code"],
    response_types: ["code"], id_token_signed_response_alg,
  });
  return {
    clients: [client("intranet", "RS256"), client("wiki", "RS256"), client("modern", "ES256"), { ...client("stoa", "ES256"), token_endpoint_auth_method: "none", client_secret: undefined }],
    jwks: { keys: keys() },
    claims: { openid: ["sub"], profile: ["name"], email: ["email"], groups: ["groups"] },
    scopes: ["openid", "profile", "email", "groups"],
    conformIdTokenClaims: false, // the claims are in the ID token, too
    cookies: { keys: ["of these tests alone"] },
    // Without its guard against addresses of this machine, where the host of these tests is.
    fetch: (url, { dispatcher: _, ...options }) => fetch(url, options),
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
    // An intranet's own client asks nobody for consent.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new (find().Grant)({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope(oidc.params.scope);
      await grant.save();
      return grant;
    },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    ttl: { AccessToken: 300, IdToken: 3600, Session: 3600, Grant: 3600, Interaction: 600 },
  };
}

/** A browser's part of the way through the provider: cookies, and redirects until they lead back. */
async function follow(start, person) {
  const jar = new Map();
  let url = start;
  for (let hops = 0; hops < 10; hops++) {
    const to = url.includes("/login/") ? `${url}?person=${person}` : url;
    const answer = await fetch(to, { redirect: "manual", headers: { cookie: [...jar].map((pair) => pair.join("=")).join("; ") } });
    for (const line of answer.headers.getSetCookie()) jar.set(line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1).split(";")[0]);
    const next = answer.headers.get("location");
    if (!next) throw new Error(`${to} answered ${answer.status}: ${await answer.text()}`);
    url = new URL(next, url).href;
    if (url.startsWith(BACK)) return new URL(url).searchParams;
  }
  throw new Error("the provider never led back");
}

/** Starts a provider, where people choose who they are; `signIn(person, client)` gives what its token endpoint answers, with `id_token`. */
export async function startProvider() {
  const server = createServer((request, response) => serve(request, response));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, settings(() => provider));
  const answer = provider.callback();
  const serve = async (request, response) => {
    const url = new URL(request.url, issuer);
    if (!url.pathname.startsWith("/login/")) return answer(request, response);
    const person = url.searchParams.get("person");
    if (!person) {
      const links = Object.entries(people).map(([id, { name }]) => `<p><a href="?person=${id}">${name}</a></p>`);
      return response.setHeader("content-type", "text/html").end(`<title>Sign in</title>${links.join("")}`);
    }
    const details = { login: { accountId: person } };
    await provider.interactionFinished(request, response, details);
  };
  async function signIn(person, client = "intranet") {
    const verifier = randomBytes(32).toString("base64url");
    const asked = new URLSearchParams({
      client_id: client, response_type: "code", redirect_uri: BACK, scope: "openid profile email groups", state: "s",
      nonce: randomBytes(12).toString("base64url"), code_challenge: hash(verifier), code_challenge_method: "S256",
    });
    const back = await follow(`${issuer}/auth?${asked}`, person);
    const answer = await fetch(`${issuer}/token`, {
      method: "POST",
      headers: { authorization: "Basic " + Buffer.from(`${client}:${encodeURIComponent(secret(client))}`).toString("base64") },
      body: new URLSearchParams({ grant_type: "authorization_code", code: back.get("code"), redirect_uri: BACK, code_verifier: verifier }),
    });
    if (!answer.ok) throw new Error(`no token: ${await answer.text()}`);
    return answer.json();
  }
  /** Tells the provider where the client `stoa` is, which has its port later than the provider. */
  async function serves(host) {
    const client = await provider.Client.find("stoa");
    client.redirectUris = [`${host}/signin/demo/back`];
    client.backchannelLogoutUri = `${host.replace("widgets.localhost", "127.0.0.1")}/oidc/demo/back-channel-logout`;
    client.backchannelLogoutSessionRequired = true;
  }
  return { issuer, signIn, serves, stop: () => new Promise((done) => server.close(done).closeAllConnections?.() ?? done()) };
}
