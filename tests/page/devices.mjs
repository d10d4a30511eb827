/**
 * `node devices.mjs ADDRESS OUTDIR`: the sound of a live call is mended where it is named. The other side plays to an output
 * that is not the default. Who runs the program plays what this side asks for, a line each:
 *
 *     please talk    both sides are to be heard from now on, the other one on the headset
 *     done           the call has ended
 *
 * then exit 0. On any fault exit 1 with a sentence on stderr.
 */

import assert from "node:assert/strict";
import { inspect, large, open, small } from "./browser.mjs";

const [address, outdir] = process.argv.slice(2);
const faults = [];
const fault = (sentence) => faults.push(sentence);
const say = (line) => process.stdout.write(`${line}\n`);
const size = { width: 960, height: 900 };
const { browser, page } = await open(address, fault, () => {}, { context: { viewport: size, locale: "en-GB" } });
const until = (seen, argument) => page.waitForFunction(seen, argument, { timeout: 40_000 });
const shown = (selector) => page.$eval(selector, (select) => [...select.options].map(({ text }) => text));

try {
  // Before the call: devices by name, the level of each, the language that is spoken
  await until(() => document.querySelectorAll("#source-them option").length >= 3);
  assert.deepEqual((await shown("#source-them")).filter((name) => /Headset|Speakers/.test(name)).sort(), [
    "Computer’s default (Speakers)",
    "Headset",
    "Speakers",
  ]);
  assert.ok((await shown("#source-me")).some((name) => name.includes("Webcam")), String(await shown("#source-me")));
  say("please talk");
  await until(() => /Your voice was heard/.test(document.getElementById("meters").textContent));
  assert.match(await page.textContent("#meters"), /Not heard yet/);
  await page.selectOption("#source-them", { label: "Headset" });
  await until(() => /Their voice was heard/.test(document.getElementById("meters").textContent));
  await until(() => window.keicho.desk.devices.them.heard === "Headset");
  await page.selectOption("#spoken-language", "ja");
  await until(() => window.keicho.desk.lang === "ja");
  await inspect(page, outdir, "devices_before", fault, large);
  await page.evaluate(() => document.documentElement.lang === "en" || document.getElementById("language").click());

  // In the call: back on the silent default, the trouble names it and offers the others
  await page.selectOption("#source-them", "");
  await until(() => window.keicho.desk.devices.them.chosen === null);
  await page.setViewportSize(small[1]);
  await page.evaluate(() => document.getElementById("begin").click());
  await until(() => window.keicho.snapshot.state === "live");
  // A monitor's first sound takes a moment, so that at first nothing comes at all.
  await until(() => document.getElementById("text").textContent === "No sound from them. Check the sound output.");
  assert.equal(await page.$eval("#actions select", (select) => select.selectedOptions[0].text), "Computer’s default (Speakers)");
  await inspect(page, outdir, "devices_trouble", fault, small);
  await page.evaluate(() => document.documentElement.lang === "en" || document.getElementById("language").click());
  const before = await page.evaluate(() => window.keicho.snapshot);
  await page.selectOption("#actions select", { label: "Headset" });
  await until(() => !document.querySelector("#actions select"));
  await until(() => window.keicho.snapshot.talk_ms.them > 1_000);
  const now = await page.evaluate(() => window.keicho.snapshot);
  assert.equal(now.epoch, before.epoch);
  assert.ok(now.now_ms > before.now_ms, "the call goes on and does not begin anew");

  // Among the controls the same, whatever the trouble
  await page.setViewportSize(size);
  await page.click("#sound > summary");
  assert.equal(await page.$eval("#device-them", (select) => select.selectedOptions[0].text), "Headset");
  await page.click("#stop");
  await page.click("#actions button >> nth=0");
  await until(() => window.keicho.snapshot.state === "ended");
  assert.deepEqual(faults, []);
  say("done");
} catch (error) {
  console.error(error.message, error.stack.match(/devices\.mjs:\d+/g)?.join(" "));
  console.error(await page.evaluate(() => JSON.stringify(window.keicho)).catch(() => ""));
  for (const sentence of faults) console.error(sentence);
  process.exitCode = 1;
}
await browser.close();
