// Measures a first visit over the wire, beside what the intranet's page itself loads. Prints one line of JSON:
//   requests, bytes           what the widget adds until its live stream is open (encoded bodies and headers, preflights included)
//   preflights                how many of the requests are preflights
//   page_requests, page_bytes the intranet's own
//   shown_ms, live_ms         from the start of the navigation to the first thread and to the open stream
//   list                      each request of the widget: method, path, status, bytes
//
//     node measuring/visit.mjs [path on the intranet]

import { launch, person } from "../support/browser.mjs";
import { start } from "../support/servers.mjs";
import { widget } from "../support/widget.mjs";

/** Keeps every request of the page and of its preflights, with the bytes that came over the wire. */
async function record(context, page) {
  const session = await context.newCDPSession(page);
  const requests = new Map();
  const of = (id) => requests.get(id) ?? {};
  session.on("Network.requestWillBeSent", ({ requestId, request, type }) =>
    requests.set(requestId, { url: request.url, method: request.method, type, bytes: 0, status: 0 }),
  );
  session.on("Network.responseReceived", ({ requestId, response }) =>
    Object.assign(of(requestId), { status: response.status, bytes: response.encodedDataLength, encoding: response.headers["content-encoding"] }),
  );
  session.on("Network.dataReceived", ({ requestId, encodedDataLength }) => {
    const request = of(requestId);
    request.streamed = (request.streamed ?? 0) + encodedDataLength;
  });
  // The whole length, headers included, is known when a request is finished; the live stream never is.
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) =>
    Object.assign(of(requestId), { bytes: encodedDataLength, finished: true }),
  );
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: false });
  return requests;
}

async function visit(browser, servers, path) {
  const who = await person(browser, servers, "mia.hansen");
  const requests = await record(who.context, who.page);
  const live = who.page.waitForResponse((answer) => answer.url().endsWith("/live") && answer.ok());
  const started = performance.now();
  await who.visit(path);
  await widget(who.page).locator(".view").waitFor();
  const shown_ms = Math.round(performance.now() - started);
  await widget(who.page).evaluate((element) => element.scrollIntoView());
  await live;
  while (![...requests.values()].some(({ url, status }) => url.endsWith("/live") && status)) await who.page.evaluate(() => 0);
  const live_ms = Math.round(performance.now() - started);
  const all = [...requests.values()].map((request) => ({
    ...request,
    bytes: request.finished ? request.bytes : request.bytes + (request.streamed ?? 0),
  }));
  const sum = (list) => list.reduce((bytes, request) => bytes + request.bytes, 0);
  const widgets = all.filter(({ url }) => url.startsWith(servers.stoa));
  const own = all.filter(({ url }) => url.startsWith(servers.intranet));
  await who.context.close();
  return {
    requests: widgets.length,
    bytes: sum(widgets),
    preflights: widgets.filter(({ type }) => type === "Preflight").length,
    page_requests: own.length,
    page_bytes: sum(own),
    shown_ms,
    live_ms,
    list: widgets.map(({ method, url, status, bytes, encoding }) => ({ method, path: new URL(url).pathname, status, bytes, encoding })),
  };
}

const [servers, browser] = await Promise.all([start(), launch()]);
try {
  console.log(JSON.stringify(await visit(browser, servers, process.argv[2] || "/howto/printer")));
} finally {
  await browser.close();
  servers.stop();
}
