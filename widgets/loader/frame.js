// Inside of a frame: tells the page around it how high this is, and asks it who is signed in there. Only pages of the
// site's own origins are told or believed anything.
const { origins, asks } = document.querySelector("script[data-origins]").dataset;
const known = origins.split(" ");
// Browsers that do not say which page is around get the message for each that may be.
const around = location.ancestorOrigins?.[0] || (document.referrer && new URL(document.referrer).origin);
const hearers = known.includes(around) ? [around] : known;
const tell = (message) => {
  if (parent != window) for (const origin of hearers) parent.postMessage({ stoa: 1, ...message }, origin);
};

let waiting = [];
addEventListener("message", ({ source, origin, data }) => {
  if (source != parent || !known.includes(origin) || data?.stoa != 1 || typeof data.token != "string") return;
  for (const done of waiting.splice(0)) done(data.token);
});

// A page that has not said who is there has no script of ours: then nobody is.
const token = () =>
  new Promise((done) => {
    waiting.push(done);
    tell({ ask: true });
    setTimeout(done, 3_000, "");
  });

if (asks) globalThis.stoa = { token };

let told = 0;
new ResizeObserver(() => {
  const height = document.documentElement.getBoundingClientRect().height;
  if (height != told) tell({ height: (told = height) });
}).observe(document.documentElement);
