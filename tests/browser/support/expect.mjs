// Assertions that wait: a condition is asked again until it holds or its time is over.

import assert from "node:assert/strict";

const LONGEST_MS = 10_000;

/** Asks `question` until `accepted` likes the answer, and gives it; then tells the last answer. */
async function settled(question, accepted, what) {
  const until = Date.now() + LONGEST_MS;
  let answer;
  for (;;) {
    answer = await question();
    if (accepted(answer)) return answer;
    if (Date.now() > until) assert.fail(`${what}; at last it was ${JSON.stringify(answer)}`);
    await new Promise((next) => setTimeout(next, 40));
  }
}

export const expect = {
  count: (locator, number) => settled(() => locator.count(), (now) => now === number, `expected ${number} of ${locator}`),
  text: (locator, pattern) =>
    settled(() => locator.textContent(), (now) => (pattern.test ? pattern.test(now) : now.includes(pattern)), `expected ${pattern} in ${locator}`),
  value: (locator, value) => settled(() => locator.inputValue(), (now) => now === value, `expected the value ${JSON.stringify(value)}`),
  attribute: (locator, name, value) =>
    settled(() => locator.getAttribute(name), (now) => now === value, `expected ${name}=${value} on ${locator}`),
  gives: (question, accepted, what) => settled(question, accepted, what),
};
