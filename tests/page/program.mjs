/**
 * `node program.mjs KEICHO [OPTIONS]`: the page and the program itself, through the sample call: what is done on the page is done in
 * the call, the question comes at its end, then the summary, then the program is gone. Exit 1 with a sentence on the first
 * thing that is not as it should be.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { held, open } from "./browser.mjs";

const [keicho, ...options] = process.argv.slice(2);
const home = await mkdtemp(join(tmpdir(), "keicho-page-"));
const env = { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, XDG_RUNTIME_DIR: home };
const args = ["demo", "--no-open", "--port", "0", "--no-text", ...options, "--out", join(home, "call")];
const program = spawn(keicho, args, { env, stdio: ["ignore", "pipe", "inherit"] });
const ended = once(program, "exit");
const lines = createInterface({ input: program.stdout });
const address = await new Promise((found) => lines.on("line", (line) => line.startsWith("overlay: ") && found(line.slice(9))));

const faults = [];
const { browser, context, page } = await open(address, (sentence) => faults.push(sentence), () => {}, {
  context: { viewport: { width: 960, height: 900 }, locale: "en-GB" },
});
const until = (seen, argument) => page.waitForFunction(seen, argument, { timeout: 60_000 });
const text = async (id) => (await page.textContent(`#${id}`)).replaceAll("\u00a0", " ");

try {
  await until(() => window.keicho?.link === "live" && window.keicho.snapshot.now_ms > 3_000);
  await page.keyboard.press("m", held);
  await until(() => window.keicho.snapshot.muted && document.getElementById("status").textContent === "muted");
  await page.keyboard.press("m", held);
  await until(() => !window.keicho.snapshot.muted);

  await page.fill("#agenda-new", "来期の目標");
  await page.press("#agenda-new", "Enter");
  await until(() => document.querySelector("#agenda li")?.textContent.includes("来期の目標"));
  await page.click("#agenda input");
  await until(() => document.querySelector("#agenda input").checked);
  await page.click("#check-in summary");
  await page.click("#check-in-form [value='4']");
  await page.fill("#check-in-words", "まあまあ");
  await page.click("#check-in-form > button");
  await until(() => document.getElementById("check-in-given").textContent.includes("まあまあ"));
  await page.locator("body").click({ position: { x: 2, y: 2 } });

  await page.keyboard.press("p", held);
  await until(() => window.keicho.snapshot.state === "paused" && document.getElementById("line").dataset.kind === "state");
  await page.keyboard.press("p", held);
  await until(() => window.keicho.snapshot.state === "live");

  // It can be taken back, and then nothing is erased.
  await page.keyboard.press("o", held);
  await until(() => document.getElementById("line").dataset.kind === "undo");
  await page.keyboard.press("o", held);
  await until(() => window.keicho.snapshot.off_record_undo_ms === null);
  await page.waitForTimeout(6_000);
  assert.deepEqual(await page.evaluate(() => [window.keicho.snapshot.state, window.keicho.epoch]), ["live", 1]);
  await page.keyboard.press("o", held);
  await until(() => document.getElementById("line").dataset.kind === "off_record");
  assert.match(await text("spoken"), /^Off the record/);
  await page.keyboard.press("o", held);
  await until(() => window.keicho.snapshot.state === "live" && window.keicho.epoch > 1);
  // What was said until now is erased: the figures begin anew, and both have to be heard for a share that can be guessed.
  await until(() => Math.min(window.keicho.snapshot.talk_ms.me, window.keicho.snapshot.talk_ms.them) > 2_000);

  await page.click("#stop");
  await page.click("#actions button >> nth=0");
  await until(() => !document.getElementById("ask").hidden);
  assert.doesNotMatch(await page.evaluate(() => document.body.innerText), /\d\s*%/);
  await page.focus("#guess");
  for (let i = 0; i < 10; i += 1) await page.keyboard.press("ArrowLeft");
  await page.click("#answer");
  await until(() => !document.getElementById("believed").hidden);
  console.log(await text("believed"));
  assert.match(await text("believed"), /^You thought 40%; it was \d+%\.$/);

  const [opened] = await Promise.all([context.waitForEvent("page"), page.click("#summary button")]);
  await opened.waitForLoadState();
  console.log(`the summary: ${await opened.title()}`);
  assert.ok((await opened.evaluate(() => document.body.innerText)).length > 200);
  assert.ok(opened.url().endsWith("/summary"), opened.url());
  await opened.close();

  page.served = false;
  await page.click("#done");
  const [code] = await ended;
  assert.equal(code, 0);
  await until(() => window.keicho.link === "over");
  assert.match(await text("bye"), /You can close this page/);
  assert.deepEqual(faults, []);
} catch (error) {
  console.error(error.message, error.stack.match(/program\.mjs:\d+/g)?.join(" "));
  console.error(await page.evaluate(() => JSON.stringify(window.keicho)).catch(() => ""));
  for (const sentence of faults) console.error(sentence);
  process.exitCode = 1;
}
await browser.close();
program.kill();
await rm(home, { recursive: true, force: true });
