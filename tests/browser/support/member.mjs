// A person at the host's border, without a browser: quick company for those who have one.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

/** Signs in as the intranet would, and gives what that person can do. */
export async function member(servers, subject) {
  const vouched = await fetch(`${servers.intranet.replace("intranet.localhost", "127.0.0.1")}/stoa/token`, {
    headers: { Cookie: `person=${subject}` },
  });
  const { token } = await vouched.json();
  const local = servers.stoa.replace("widgets.localhost", "127.0.0.1");
  const Origin = servers.intranet;
  const json = async (answer) => {
    const text = await answer.text();
    assert.ok(answer.ok, `${answer.url}: ${answer.status} ${text}`);
    return answer.headers.get("content-type").includes("json") ? JSON.parse(text) : text;
  };
  const session = await json(
    await fetch(`${local}/v1/sites/demo/session`, {
      method: "POST",
      headers: { Origin, "Content-Type": "text/plain" },
      body: JSON.stringify({ token, lang: "en", css: null, ops: false, views: [] }),
    }),
  );
  const headers = { Origin, Accept: "text/html", Authorization: `Bearer ${session.bearer}` };
  const plugin = `${local}/v1/sites/demo/plugins/comments`;
  const view = async (page, p = "", more = {}) =>
    json(await fetch(`${plugin}/view?${new URLSearchParams({ page, p, lang: "en", ...more })}`, { headers }));
  const act = async (page, fields, p = "") =>
    json(
      await fetch(`${plugin}/act`, {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/json", "Idempotency-Key": randomUUID() },
        body: JSON.stringify({ page, title: "", url: "", p, since: null, base: null, lang: "en", fields }),
      }),
    );
  // The token that a form carries.
  const tokenOf = (html, id) => {
    const found = new RegExp(`id="${id}".*?name="t" value="([^"]+)"`, "s").exec(html);
    assert.ok(found, `no form ${id}`);
    return found[1];
  };
  const create = async (page, body, more = {}) => {
    const t = tokenOf(await view(page), "form-create-");
    return act(page, { t, s: "", do: "create", body, ...more });
  };
  /** Somebody to mention: what the hidden field beside a text says. */
  const person = async (name) => {
    const answer = await json(await fetch(`${local}/v1/sites/demo/people?${new URLSearchParams({ q: name })}`, { headers }));
    return `${answer.people[0].id} ${name}`;
  };
  /** What is written into a form that stands with a post. */
  const written = (verb) => async (page, id, body) => {
    const t = tokenOf(await view(page, `${verb}=${id}`), `form-${verb}-${id}`);
    return act(page, { t, s: id, do: verb, body }, `${verb}=${id}`);
  };
  /** Presses a button of a post, or of its menu. */
  const on = async (page, id, verb) => {
    const p = `menu=${id}`;
    const found = new RegExp(`name="do" value="(${verb} \\S+ ${id}[^"]*)"`).exec(await view(page, p));
    assert.ok(found, `no button ${verb} on ${id}`);
    return act(page, { do: found[1] }, p);
  };
  /** The id of the post with this text. */
  const find = async (page, text, p) => {
    const before = (await view(page, p)).split(text)[0];
    return [...before.matchAll(/<article class="post[^"]*" id="e-([^"]+)"/g)].at(-1)?.[1];
  };
  return { view, act, create, person, reply: written("reply"), edit: written("edit"), on, find };
}
