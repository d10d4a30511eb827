/**
 * `node settings.mjs ADDRESS FILE CALENDAR PICTURES`: the settings on the start page of a program that runs. What is changed stands
 * in FILE, the user's own, which keeps its comments, and the call that begins next goes by it; CALENDAR has a 1on1 with Mori soon; what may not be, and a file
 * that is wrong or cannot be written, is said on the page and nothing is lost. Exit 1 with a sentence on the first thing
 * that is not as it should be.
 */

import assert from "node:assert/strict";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { inspect, large, open } from "./browser.mjs";

const [address, file, calendar, pictures] = process.argv.slice(2);
const faults = [];
const fault = (sentence) => faults.push(sentence);
const { browser, page } = await open(address, fault, () => {}, { context: { viewport: { width: 960, height: 900 }, locale: "en-GB" } });
const until = (seen, argument) => page.waitForFunction(seen, argument, { timeout: 20_000 });
const written = () => readFile(file, "utf8");
const says = (key, start) => until(([id, start]) => document.getElementById(id).textContent.replaceAll("\u00a0", " ").startsWith(start), [`setting-${key}-told`, start]);

async function enter(key, value) {
  await page.fill(`#setting-${key}`, value);
  await page.press(`#setting-${key}`, "Tab");
}

try {
  const first = await written();
  await until(() => !document.getElementById("before").hidden && window.keicho.desk);
  await page.click("#settings-open");
  await until(() => document.querySelectorAll(".setting").length > 50);
  await page.evaluate(() => document.querySelectorAll("#settings details").forEach((fold) => (fold.open = true)));
  await inspect(page, pictures, "settings_all", fault, [...large, { width: 320, height: 700 }]);
  await page.evaluate(() => document.documentElement.lang === "en" || document.getElementById("language").click());
  await page.setViewportSize({ width: 960, height: 900 });
  for (const sentence of await page.locator(".setting .about").allTextContents()) assert.match(sentence, /\.$/);

  // The thirty rows on nudges stand under headings
  const headings = await page.locator("details:has(#setting-nudges-apart_s) h3:visible").allTextContents();
  assert.deepEqual([headings.length, headings[0], headings[1]], [12, "All nudges", "Talk share"]);
  assert.equal(await page.locator("section:has(> h3:text-is('Fillers')) .setting").count(), 2);
  assert.equal(await page.locator("details:has(#setting-targets-listening) h3:visible").count(), 0, "a short one has none");

  // What the file says is what stands there, and what is entered is what the file says
  assert.equal(await page.inputValue("#setting-targets-listening"), "25");
  await enter("targets-listening", "45");
  await says("targets-listening", "Saved");
  assert.equal(await written(), first.replace("listening = 0.25", "listening = 0.45"), "comments and order stay");

  // What may not be
  await enter("nudges-apart_s", "5");
  await says("nudges-apart_s", "Enter a whole number from 20 to 3600.");
  await enter("nudges-pause_ms", "1500");
  await says("nudges-pause_ms", "Enter less than 1000 ms");
  assert.equal(await written(), first.replace("listening = 0.25", "listening = 0.45"));
  assert.equal(await page.isHidden("#line[data-kind=denied]"), true, "it is said at the field, not twice");

  // A file that cannot be written, and one that somebody has broken meanwhile
  await mkdir(`${file}.part`);
  await enter("keep-days", "31");
  await says("keep-days", "That was not saved");
  await rmdir(`${file}.part`);
  await writeFile(file, `${await written()}\n[keep]\ndays = = 3\n`);
  const broken = await written();
  await enter("keep-days", "32");
  await says("keep-days", "Line ");
  assert.equal(await written(), broken);
  await page.click("#settings-back");
  await page.click("#settings-open");
  await until(() => /^Line \d+ of the settings file has an error/.test(document.getElementById("settings-problem").textContent));
  await inspect(page, pictures, "settings_broken", fault, large);
  await page.evaluate(() => document.documentElement.lang === "en" || document.getElementById("language").click());
  await page.setViewportSize({ width: 960, height: 900 });
  await writeFile(file, broken.replace("= = 3", "= 33"));
  await page.click("#settings-back");
  await page.click("#settings-open");
  await until(() => document.getElementById("setting-keep-days")?.value === "33");
  await page.click("#setting-keep-transcript");
  await says("keep-transcript", "Saved");
  await page.evaluate(() => document.querySelectorAll("#settings details").forEach((fold) => (fold.open = true)));
  await page.click("#setting-nudges-trial");
  await says("nudges-trial", "Saved");
  await enter("calendar-path", calendar);
  await says("calendar-path", "Saved");
  await page.click("#settings-back");

  // The page before the call says it at once, and the call goes by it
  await until(() => document.getElementById("target").textContent.replaceAll("\u00a0", " ").includes("45%"));
  await until(() => window.keicho.desk.trial === "quiet" && document.getElementById("with").value === "Mori");
  assert.equal(await page.isHidden("#trial"), false, "a call without nudges is said to be one");
  assert.match(await page.textContent("#tell"), /for 33 days/);
  assert.match(await page.textContent("#tell"), /what we say is written down/);
  await page.click("#begin");
  await until(() => window.keicho.snapshot.state === "live");
  assert.equal(await page.evaluate(() => window.keicho.snapshot.band.high), 0.45);
  assert.deepEqual(faults, []);
  console.log("the call goes by it");
} catch (error) {
  console.error(error.message, error.stack.match(/settings\.mjs:\d+/g)?.join(" "));
  for (const sentence of faults) console.error(sentence);
  process.exitCode = 1;
}
await browser.close();
