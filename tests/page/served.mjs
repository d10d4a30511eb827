/**
 * `node served.mjs OVERLAY PICTURES`: from a live call's own page to the history, to a summary, to a mirror that is saved,
 * and back; the token stands in no address. Exit 1 with a sentence on the first thing that is not as it should be.
 */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { open, rules } from "./browser.mjs";
import { collisions, overflow } from "./document.mjs";

const [address, pictures] = process.argv.slice(2);
const token = address.split("token=")[1];
const faults = [];
const fault = (sentence) => faults.push(sentence);
const { browser, context, page } = await open(address, fault, () => {}, {
  context: { viewport: { width: 960, height: 900 }, locale: "en-GB" },
});
const until = (seen, argument) => page.waitForFunction(seen, argument, { timeout: 60_000 });

/** A document that has just opened: whole, by the rules, and without the token where others could read it. */
async function looked(opened, name) {
  await opened.waitForLoadState();
  assert.ok(!opened.url().includes(token), opened.url());
  for (const width of [420, 960]) {
    await opened.setViewportSize({ width, height: 800 });
    for (const over of await opened.evaluate(overflow)) fault(`${name}: ${over}`);
    for (const both of await opened.evaluate(collisions)) fault(`${name}: ${both}`);
    await opened.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
  }
  await rules(opened, name, fault);
  return opened;
}

/** A click that leads on in the same page: the page asks first whether the program is there. */
function lead(opened, button) {
  return Promise.all([opened.waitForEvent("load"), button.click()]);
}

/** What a click opens beside the page. */
async function beside(click, name) {
  const [opened] = await Promise.all([context.waitForEvent("page"), click()]);
  return looked(opened, name);
}

try {
  await until(() => window.keicho?.link === "live" && window.keicho.snapshot.state === "live");
  await page.click("#stop");
  await page.click("#actions button >> nth=0");
  // Seconds in which nobody spoke are no call, unless they are kept.
  await until(() => !document.getElementById("undecided").hidden);
  await page.click("#keep");
  await until(() => document.getElementById("undecided").hidden);
  await page.screenshot({ path: join(pictures, "after.png"), fullPage: true });

  const history = await beside(() => page.click("#after .to-history button"), "history");
  assert.equal(new URL(history.url()).pathname, "/history");
  const calls = () => history.locator("#all tbody tr").count();
  assert.equal(await calls(), 8, "seven calls, and this one");
  assert.match(await history.locator(".people").innerText(), /Everybody\s*Aoki today\s*(Sato|Kim)/);
  await history.locator(".people a", { hasText: "Kim" }).click();
  assert.equal(await history.locator("#all").isVisible(), false);
  assert.equal(await history.locator(".scope:visible h2").innerText(), "Kim");
  await history.locator(".people a").first().click();

  const summary = await beside(() => history.locator("#all tbody button").first().click(), "summary");
  assert.equal(new URL(summary.url()).pathname, "/summary");
  assert.match(await summary.title(), /1on1 with Aoki/);
  assert.equal(await summary.locator(".multiples section").count(), 4, "no look back on my own calls");
  const [download] = await Promise.all([summary.waitForEvent("download"), summary.click(".offered button >> nth=0")]);
  assert.match(download.suggestedFilename(), /^mirror-\d{4}-\d\d-\d\d\.html$/);
  const mirror = await readFile(await download.path(), "utf8");
  assert.match(mirror, /Our 1on1/);
  assert.ok(!mirror.includes(token) && !mirror.includes("<form"), "the mirror holds what is ours alone");

  await lead(summary, summary.locator(".offered button").nth(1));
  await looked(summary, "back");
  assert.equal(await summary.locator("#all tbody tr").count(), 8);
  // Another person for a call, another name for a person, and both gone: each asked for in the page
  const asked = await beside(() => summary.locator("#all tbody button").first().click(), "record");
  await asked.fill(".record input[name=to]", "Noor");
  await lead(asked, asked.locator(".record button", { hasText: "Save" }));
  await looked(asked, "assigned");
  assert.match(await asked.title(), /1on1 with Noor/);
  // One intention for the next call, chosen by keyboard alone
  assert.ok(!await asked.isVisible(".intend input:checked"), "the intentions are not folded");
  assert.equal(await asked.innerText(".intend summary"), "Choose an intention for the next call");
  await asked.focus(".intend summary");
  await asked.keyboard.press("Enter");
  await asked.focus(".intend input:checked");
  await asked.keyboard.press("ArrowDown");
  assert.equal(await asked.inputValue(".intend input:checked"), "wait");
  await lead(asked, asked.locator(".intend button"));
  await looked(asked, "intended");
  assert.equal(await asked.innerText(".intend summary"), "Intention for the next call: “Wait 3\u00a0s after a question”");
  assert.equal(await asked.inputValue(".intend input:checked"), "wait", "what was chosen is not kept");
  await lead(asked, asked.locator(".record button", { hasText: "Delete" }));
  await looked(asked, "delete-asked");
  assert.match(await asked.locator("main").innerText(), /This cannot be undone/);
  await lead(asked, asked.locator("button", { hasText: "Cancel" }));
  await asked.waitForLoadState();
  assert.match(await asked.title(), /1on1 with Noor/, "asking deletes nothing");
  await lead(asked, asked.locator(".offered button").nth(1));
  await asked.waitForLoadState();
  await asked.locator(".people a", { hasText: "Kim" }).click();
  await asked.fill(".scope:visible .record input[name=to]", "Kimiko");
  await lead(asked, asked.locator(".scope:visible .record button", { hasText: "Save" }));
  await looked(asked, "renamed");
  assert.equal(await asked.locator(".scope h2").innerText(), "Kimiko");
  await lead(asked, asked.locator(".record button", { hasText: "Delete" }));
  await asked.waitForLoadState();
  assert.match(await asked.locator("h1").innerText(), /^Delete Kimiko and \d calls\?$/);
  await lead(asked, asked.locator("button", { hasText: "Delete" }));
  await looked(asked, "deleted");
  await lead(asked, asked.locator("button"));
  assert.doesNotMatch(await asked.locator(".people").innerText(), /Kim/);
  await asked.close();

  // A file of its own leads nowhere; this one asks for Japanese where the overlay is Japanese.
  await page.click("#language");
  const japanese = await beside(() => page.click("#summary button"), "summary-ja");
  assert.equal(await japanese.getAttribute("html", "lang"), "ja");

  page.served = japanese.served = false;
  await page.click("#done");
  await until(() => window.keicho.link === "over");
  await japanese.click(".offered button >> nth=1");
  await japanese.waitForSelector(".gone");
  assert.match(await japanese.locator(".gone").innerText(), /もう一度起動して/, "a button leads to nobody and does not say so");
  assert.ok(await japanese.locator("svg.timed").first().isVisible(), "the summary does not stay");
  assert.equal(await page.locator("#after .to-history").isVisible(), false, "nobody is there any more");
  assert.deepEqual(faults, []);
  console.log("all ways were gone");
} catch (error) {
  console.error(error.message, error.stack.match(/served\.mjs:\d+/g)?.join(" "));
  for (const sentence of faults) console.error(sentence);
  process.exitCode = 1;
}
await browser.close();
