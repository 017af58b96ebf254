// Pages that no demo has: made up for a test, on the intranet's origin or on another one.

/** Answers this address in the person's browser with a document; `loader` is the line that loads the widgets. */
export async function made(who, servers, { body, head = "", html = 'lang="en"', path = "/made-up", origin = servers.intranet, headers = {}, loader } = {}) {
  const script = loader ?? `<script type="module" src="${servers.stoa}/embed.js" data-site="demo"></script>`;
  const document = `<!doctype html><html ${html}><head><meta charset="utf-8"><title>Made up</title>${head}${script}</head><body>${body}</body></html>`;
  const { pathname } = new URL(path, origin);
  await who.context.route(
    (url) => url.origin == origin && url.pathname == pathname,
    (route) => route.fulfill({ body: document, contentType: "text/html", headers }),
  );
  // A made-up document comes from no network, which Chromium asks about before it lets it reach one on this machine.
  await who.context.grantPermissions(["local-network-access"], { origin });
  await who.page.goto(origin + path);
}
