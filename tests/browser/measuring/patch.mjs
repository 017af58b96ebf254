// Measures what the runtime needs to draw the host's answer to a vote and to a new post, in Chromium. Prints one line of
// JSON: for each of the two the first, fifth and ninth decile in milliseconds, and how many were measured.
//
// Measured is the script's own work: from the answer's body being there to the microtask after the last change of the
// DOM. Styles, layout and painting come later and are the same for every runtime. The processor is slowed down, since the
// page's clock has steps of 0.1 ms.
//
//     node measuring/patch.mjs [votes] [posts]

import { launch, person } from "../support/browser.mjs";
import { start } from "../support/servers.mjs";
import { entry, helpful, open, widget, write } from "../support/widget.mjs";

const SLOWER = 6;
const [votes = 60, posts = 30] = process.argv.slice(2).map(Number);

/** In the page: notes how long it takes from an act's answer to the end of the changes that it makes. */
function observe() {
  const { fetch } = globalThis;
  globalThis.taken = [];
  let since;
  globalThis.fetch = async (url, ...rest) => {
    const answer = await fetch(url, ...rest);
    if (!String(url.url ?? url).endsWith("/act")) return answer;
    const body = await answer.arrayBuffer();
    const copy = new Response(body, answer);
    for (const way of ["json", "text", "arrayBuffer"]) {
      const read = copy[way].bind(copy);
      copy[way] = () =>
        read().then((value) => {
          since = performance.now();
          return value;
        });
    }
    return copy;
  };
  globalThis.watch = (root) =>
    new MutationObserver(() => {
      if (since) globalThis.taken.push(performance.now() - since);
      since = 0;
    }).observe(root, { childList: true, subtree: true, attributes: true, characterData: true });
}

const share = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

async function measure(page, times, work) {
  await page.evaluate(() => void (globalThis.taken = []));
  for (let time = 0; time < times; time++) {
    await work(time);
    await page.waitForFunction((many) => globalThis.taken.length >= many, time + 1, { polling: 5 });
  }
  const taken = (await page.evaluate(() => globalThis.taken)).sort((a, b) => a - b);
  return { quick_ms: share(taken, 0.1), median_ms: share(taken, 0.5), slow_ms: share(taken, 0.9), count: taken.length };
}

const [servers, browser] = await Promise.all([start(), launch()]);
try {
  const who = await person(browser, servers, "mia.hansen");
  const { page } = who;
  await page.addInitScript(observe);
  await open(who, "/howto/printer");
  await widget(page).evaluate((element) => globalThis.watch(element.shadowRoot));
  const session = await who.context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  const button = helpful(widget(page).locator(".feed > .post").last());
  const vote = await measure(page, votes, () => button.click());
  const post = await measure(page, posts, async (time) => {
    await write(page, `Measured ${time}.`);
    await entry(page, `Measured ${time}.`).waitFor();
  });
  console.log(JSON.stringify({ slower: SLOWER, vote, post }));
} finally {
  await browser.close();
  servers.stop();
}
