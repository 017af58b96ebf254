// What has to wait, who decides about it, and what each of them sees.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { setUp } from "../support/setup.mjs";
import { composer, entry, expect, helpful, menu, open, shown, submit, widget, write } from "../support/widget.mjs";

const PAGE = "products/halo";
const here = setUp('[sites.moderation]\nlinks_max = 1\nbanned_words = ["blockhead"]');

async function together(work) {
  const author = await here.person("mia.hansen");
  const moderator = await here.person("paul.nguyen");
  const reader = await here.person("dieter.wolff");
  await Promise.all([author, moderator, reader].map((who) => open(who, `/${PAGE}`)));
  await work(author.page, moderator.page, reader.page);
  assert.deepEqual([author, moderator, reader].flatMap((who) => who.errors), []);
  await Promise.all([author, moderator, reader].map((who) => who.context.close()));
}

const fresh = async (page) => {
  const link = widget(page).getByRole("link", { name: /\d.* new/ });
  await link.waitFor();
  await link.click();
};

const again = async (page) => {
  await page.reload();
  await shown(page);
};

test("a moderator who has the page open is told of a comment that waits", () =>
  together(async (author, moderator, reader) => {
    await write(author, "Raffle: https://five.example and https://six.example");
    await fresh(moderator);
    await entry(moderator, "Raffle").getByRole("button", { name: "Publish" }).waitFor();
    assert.equal(await widget(reader).getByRole("link", { name: /\d.* new/ }).count(), 0);
  }));

test("a held comment is waiting for its author, to be decided by a moderator, and unseen by others until then", () =>
  together(async (author, moderator, reader) => {
    await write(author, "The lottery of the works council: https://one.example and https://two.example");
    const own = entry(author, "The lottery of the works council");
    await own.waitFor();
    await expect.text(own, /Waiting for a moderator/);
    assert.match(await own.getAttribute("class"), /state-held/);
    await again(moderator);
    const theirs = entry(moderator, "The lottery of the works council");
    const note = theirs.getByRole("note").filter({ hasText: "Waiting for your decision" });
    await note.waitFor();
    await picture(moderator, "held-for-moderator");
    assert.equal(await entry(reader, "The lottery of the works council").count(), 0);
    await note.getByRole("button", { name: "Publish" }).click();
    await expect.count(note, 0);
    await expect.gives(() => own.getAttribute("class"), (now) => !/state-held/.test(now), "published for its author");
    await fresh(reader);
    await entry(reader, "The lottery of the works council").waitFor();
  }));

test("a moderator says why a comment is not published, and only its author reads it", () =>
  together(async (author, moderator, reader) => {
    await write(author, "Another lottery: https://three.example and https://four.example");
    await entry(author, "Another lottery").waitFor();
    await again(moderator);
    const theirs = entry(moderator, "Another lottery");
    await theirs.locator("summary", { hasText: "Do not publish" }).click();
    await theirs.getByRole("textbox", { name: /Reason/ }).fill("Please use the notice board");
    await theirs.getByRole("button", { name: "Do not publish", exact: true }).click();
    const own = entry(author, "Another lottery");
    await expect.text(own, /Please use the notice board/);
    await expect.count(entry(reader, "Another lottery"), 0);
    await expect.count(reader.getByText("Please use the notice board"), 0);
  }));

test("a word that is not allowed is refused with the reason, and the text stays in the field", async () => {
  const author = await here.person("mia.hansen");
  await open(author, `/${PAGE}`);
  await write(author.page, "You blockhead, the lamp was off");
  await widget(author.page).getByText("This contains a word that is not allowed here.").first().waitFor();
  await expect.value(composer(author.page), "You blockhead, the lamp was off");
  await composer(author.page).fill("You dreamer, the lamp was off");
  await submit(author.page).click();
  await entry(author.page, "You dreamer").waitFor();
  await expect.count(widget(author.page).getByText("This contains a word that is not allowed here."), 0);
  await author.context.close();
});

test("a comment is reported with a reason, and a moderator sees how often", async () => {
  const reader = await here.person("dieter.wolff");
  await open(reader, `/${PAGE}`);
  const post = widget(reader.page).locator(".feed > .post").last();
  const id = await post.getAttribute("id");
  await (await menu(post)).getByRole("menuitem", { name: "Report" }).click();
  await post.getByRole("radio", { name: /wrong or out of date/ }).check();
  await post.getByRole("button", { name: "Send report" }).click();
  await expect.count(post.getByRole("radio"), 0);
  const moderator = await here.person("paul.nguyen");
  await open(moderator, `/${PAGE}`);
  await expect.text(widget(moderator.page).locator(`#${id}`), /1.* report about this/);
  await widget(moderator.page).locator(`#${id}`).scrollIntoViewIfNeeded();
  await picture(moderator.page, "reported-for-moderator");
  await reader.context.close();
  await moderator.context.close();
});

test("a closed discussion can be read and voted on, not written in, and opens again", async () => {
  const moderator = await here.person("paul.nguyen");
  const reader = await here.person("dieter.wolff");
  await open(moderator, `/${PAGE}`);
  await open(reader, `/${PAGE}`);
  await widget(moderator.page).locator("summary[aria-label='Moderate this page']").click();
  await widget(moderator.page).getByRole("menuitem", { name: "Close the discussion" }).click();
  await widget(moderator.page).getByRole("button", { name: "Close the discussion" }).click();
  await widget(moderator.page).getByText(/This discussion is closed/).waitFor();
  await expect.count(composer(moderator.page), 0);
  await widget(reader.page).getByText(/This discussion is closed/).waitFor();
  await expect.count(composer(reader.page), 0);
  const vote = helpful(widget(reader.page).locator(".feed > .post").last());
  const pressed = await vote.getAttribute("aria-pressed");
  const answered = reader.page.waitForResponse((answer) => answer.url().endsWith("/act"));
  await vote.click();
  assert.equal((await answered).status(), 200);
  assert.notEqual(await vote.getAttribute("aria-pressed"), pressed);
  await widget(moderator.page).locator("summary[aria-label='Moderate this page']").click();
  await widget(moderator.page).getByRole("menuitem", { name: "Open the discussion again" }).click();
  await composer(reader.page).waitFor();
  await moderator.context.close();
  await reader.context.close();
});

for (const [what, answered] of [["a comment", false], ["an answered comment", true]]) {
  test(`a moderator removes ${what} and brings it back`, async () => {
    const text = `This is removed and comes back: ${what}`;
    const dieter = await here.member("dieter.wolff");
    await dieter.create(PAGE, text);
    if (answered) await dieter.reply(PAGE, await dieter.find(PAGE, text), `An answer below ${what}`);
    const moderator = await here.person("paul.nguyen");
    await open(moderator, `/${PAGE}`);
    const post = entry(moderator.page, text);
    const same = widget(moderator.page).locator(`#${await post.getAttribute("id")}`);
    const pop = await menu(post);
    await pop.getByRole("menuitem", { name: "Remove" }).click();
    await post.getByRole("textbox", { name: /Reason/ }).fill("It names a customer");
    await post.getByRole("button", { name: "Remove" }).click();
    await expect.text(same, /The reason: .?It names a customer/);
    assert.equal((await same.textContent()).match(/removed by a moderator/gi).length, 1, "it is said once");
    await picture(moderator.page, answered ? "removed-with-replies" : "removed");
    assert.doesNotMatch(await dieter.view(PAGE), new RegExp(`<p>${text}`));
    await same.getByRole("button", { name: "Bring back" }).click();
    await expect.text(same, new RegExp(text));
    await moderator.context.close();
  });
}
