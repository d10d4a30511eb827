/**
 * `node discard.mjs ADDRESS keep|delete`: a live call of seconds in which nobody says a word, and what the page makes of
 * it: no question how much one talked, no figure, and whether it is to be kept. Exit 1 with a sentence on the first thing that
 * is not as it should be.
 */

import assert from "node:assert/strict";
import { inspect, large, open } from "./browser.mjs";

const [address, wanted] = process.argv.slice(2);
const faults = [];
const fault = (sentence) => faults.push(sentence);
const { browser, page } = await open(address, fault, () => {}, { context: { viewport: { width: 960, height: 900 }, locale: "en-GB" } });
const until = (seen) => page.waitForFunction(seen, null, { timeout: 20_000 });

try {
  await until(() => window.keicho?.link === "live" && window.keicho.snapshot.now_ms > 3_000);
  await page.click("#stop");
  await page.click("#actions button >> nth=0");
  await until(() => !document.getElementById("undecided").hidden);
  assert.ok(await page.isHidden("#ask"), "nobody talked, and nobody is asked how much");
  assert.ok((await page.isHidden("#bar")) && (await page.isHidden("#details")));
  assert.match(await page.textContent("#believed"), /^No voices were heard/);
  assert.doesNotMatch(await page.evaluate(() => document.body.innerText), /%/);
  await inspect(page, null, wanted, fault, large);
  await page.click(wanted === "keep" ? "#keep" : "#delete");
  await until(() => document.getElementById("undecided").hidden);
  if (wanted === "keep") assert.ok(await page.isVisible("#summary"));
  else assert.match(await page.textContent("#believed"), /deleted|削除/);
  page.served = false;
  await page.click("#done");
  await until(() => window.keicho.link === "over");
  assert.deepEqual(faults, []);
} catch (error) {
  console.error(error.message, error.stack.match(/discard\.mjs:\d+/g)?.join(" "));
  for (const sentence of faults) console.error(sentence);
  process.exitCode = 1;
}
await browser.close();
