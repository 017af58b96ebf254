// GET /stoa/token for pages behind a proxy that signs people in. Node 18 and later, nothing else.
// `node stoa_token.mjs` answers on 127.0.0.1; an Express site calls `answer` in a route of its own.

import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const { STOA_SITE, STOA_ISSUER, STOA_SECRET_FILE, STOA_MODERATORS, PORT = "4180" } = process.env;
if (!STOA_SITE || !STOA_ISSUER || !STOA_SECRET_FILE) throw new Error("set STOA_SITE, STOA_ISSUER and STOA_SECRET_FILE");
const secret = readFileSync(STOA_SECRET_FILE, "latin1").trimEnd();

const part = (text) => Buffer.from(text).toString("base64url");

function sign(claims) {
  const head = `${part('{"alg":"HS256","typ":"JWT"}')}.${part(JSON.stringify(claims))}`;
  return `${head}.${createHmac("sha256", Buffer.from(secret, "latin1")).update(head).digest("base64url")}`;
}

function token(user, name, groups) {
  const now = Math.floor(Date.now() / 1000);
  return sign({
    iss: STOA_ISSUER,
    aud: STOA_SITE,
    sub: user,
    iat: now,
    exp: now + 120,
    jti: randomBytes(16).toString("hex"),
    name: name || user,
    roles: STOA_MODERATORS && groups.includes(STOA_MODERATORS) ? ["moderator"] : [],
    groups,
  });
}

function answer(request, response) {
  // Node reads headers as Latin-1.
  const header = (name) => Buffer.from(request.headers[`x-remote-${name}`] ?? "", "latin1").toString().trim();
  const allowed = request.method === "GET" && ["same-origin", "none"].includes(request.headers["sec-fetch-site"] ?? "none");
  const user = allowed && header("user");
  const groups = header("groups").split(",").map((one) => one.trim()).filter(Boolean);
  response.writeHead(allowed ? 200 : 403, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify({ token: user ? token(user, header("name"), groups) : null }));
}

createServer(answer).listen(Number(PORT), "127.0.0.1");
