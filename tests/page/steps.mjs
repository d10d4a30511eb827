/**
 * `node steps.mjs ADDRESS mouse|keys|nowhere`: from the start page to a running call, by somebody who types a name and presses
 * "begin", or its keys, from within a field or with the focus nowhere. Says `N steps`: nothing else was needed. Exit 1 with a sentence on stderr where
 * something is.
 */

import assert from "node:assert/strict";
import { open } from "./browser.mjs";

const [address, by] = process.argv.slice(2);
const faults = [];
const { browser, page } = await open(address, (sentence) => faults.push(sentence), () => {}, { context: { viewport: { width: 1280, height: 900 }, locale: "en-GB" } });
const until = (seen) => page.waitForFunction(seen, null, { timeout: 20_000 });
let steps = 0;
const step = (done) => {
  steps += 1;
  return done;
};

try {
  await until(() => !document.getElementById("before").hidden);
  // Nothing has to be looked for: both are in sight as the page opens.
  for (const id of ["with", "begin"]) {
    const { top, bottom } = await page.$eval(`#${id}`, (element) => element.getBoundingClientRect());
    assert.ok(top >= 0 && bottom <= 900, `${id} is not in sight`);
  }
  await page.focus("#with");
  await step(page.keyboard.type("Sato"));
  // A target that is typed and not set is meant all the same; most people need none.
  await page.focus("#own-target");
  await page.keyboard.type("40");
  if (by === "nowhere") await page.evaluate(() => document.activeElement.blur());
  await step(by === "mouse" ? page.click("#begin") : page.keyboard.press("Control+Enter"));
  await until(() => window.keicho.snapshot.state === "live" && document.getElementById("before").hidden);
  assert.equal(await page.evaluate(() => window.keicho.desk.with), "Sato");
  assert.equal(await page.evaluate(() => window.keicho.snapshot.band.high), 0.4);
  assert.deepEqual(faults, []);
  console.log(`${steps} steps`);
} catch (error) {
  console.error(error.message, error.stack.match(/steps\.mjs:\d+/g)?.join(" "));
  for (const sentence of faults) console.error(sentence);
  process.exitCode = 1;
}
await browser.close();
