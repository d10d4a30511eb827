/**
 * `node window.mjs OUTDIR`: the overlay in a window of its own, opened by a real click in a Chromium with a screen
 * (Xvfb): it shows the call, follows it, obeys its keys, and comes home when it is closed. Then the same by a pop-up, as
 * in a browser without Picture-in-Picture. Exit 1 with a sentence on the first thing that is not as it should be.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, desk, items, looks, nudge, snapshot } from "./call.mjs";
import { open } from "./browser.mjs";
import { serve } from "./fake.mjs";

const [outdir = "shots"] = process.argv.slice(2);
await mkdir(outdir, { recursive: true });
const faults = [];
const fault = (sentence) => faults.push(sentence);

const screen = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
screen.on("error", () => {
  console.error("Xvfb is missing: install xvfb, or run make test");
  process.exit(1);
});
const [number] = await once(createInterface({ input: screen.stdout }), "line");
const display = { headless: false, env: { ...process.env, DISPLAY: `:${number}` }, context: { viewport: null, locale: "en-GB" } };

let now = snapshot({ agenda: items });
const server = await serve();
server.say(desk());
server.say(now);
const pulse = setInterval(() => server.say((now = { ...now, now_ms: now.now_ms + 100 })), 100);
const show = (changes) => server.say((now = { ...now, ...changes, seq: now.seq + 1 }));
const told = (command) => server.commands.some((one) => one.command === command);

try {
  await onTop();
  await popup();
  assert.deepEqual(faults, []);
} catch (error) {
  console.error(error.message, error.stack.match(/window\.mjs:\d+/g).join(" "));
  for (const sentence of faults) console.error(sentence);
  process.exitCode = 1;
}
clearInterval(pulse);
await server.stop();
screen.kill();

async function onTop() {
  const { browser, page } = await open(server.address, fault, () => {}, display);
  const until = (seen, argument) => page.waitForFunction(seen, argument, { timeout: 10_000 });
  await until(() => window.keicho?.link === "live");
  assert.ok(await page.evaluate(() => "documentPictureInPicture" in window), "this Chromium has no Picture-in-Picture for documents");

  const appeared = page.context().waitForEvent("page", { timeout: 10_000 }).catch(() => null);
  await page.click("#window");
  await until(() => documentPictureInPicture.window?.document.getElementById("bar"));
  const [width, height] = await page.evaluate(() => [documentPictureInPicture.window.innerWidth, documentPictureInPicture.window.innerHeight]);
  console.log(`picture-in-picture of ${width} by ${height}`);
  assert.ok(await page.isVisible("#away"));
  // What is written and ticked stays where there is room for it; what leads the call is with the overlay
  assert.ok((await page.isVisible("#agenda li >> nth=0")) && (await page.isVisible("#agenda-new")) && (await page.isVisible("#check-in")));
  await page.fill("#agenda-new", "Holidays");
  await page.press("#agenda-new", "Enter");
  await until_told("agenda_add");
  assert.ok(await page.evaluate(() => documentPictureInPicture.window.document.getElementById("stop") !== null));
  const paper = (look) => page.evaluate((look) => (look ? documentPictureInPicture.window : window).getComputedStyle((look ? documentPictureInPicture.window : window).document.documentElement).backgroundColor, look);
  assert.equal(await paper(true), await paper(false), "the window has the page's colours");
  assert.ok(await page.evaluate(() => documentPictureInPicture.window.getComputedStyle(documentPictureInPicture.window.document.getElementById("dot")).borderRadius === "50%"), "the window has no style");

  // It follows the call
  show({ floor: "them", share: { ...now.share, call: 0.3, recent: 0.25 } });
  await until(() => documentPictureInPicture.window.document.getElementById("dot").dataset.floor === "them");
  await until(() => documentPictureInPicture.window.document.getElementById("bar").getAttribute("aria-valuenow") === "25");
  show({ nudge: nudge(now.now_ms) });
  await until(() => documentPictureInPicture.window.document.getElementById("text").textContent === "Keep listening");
  assert.equal(await page.evaluate(() => documentPictureInPicture.window.document.getElementById("spoken").textContent), "Keep listening");
  const pip = await appeared;
  if (pip) await pip.screenshot({ path: join(outdir, "own_window.png") }).catch((error) => fault(error.message));

  // Its keys and its buttons
  await page.evaluate(() => documentPictureInPicture.window.document.body.dispatchEvent(new documentPictureInPicture.window.KeyboardEvent("keydown", { key: "d", bubbles: true })));
  await page.evaluate(() => documentPictureInPicture.window.document.getElementById("mute").click());
  for (const command of ["dismiss", "mute"]) await until_told(command);

  // It comes home, closed from the page or by itself
  await page.click("#home");
  await until(() => document.getElementById("bar") && !documentPictureInPicture.window);
  assert.ok(await page.isVisible("#bar"));
  assert.ok(await page.isHidden("#away"));
  assert.ok(await page.evaluate(() => document.getElementById("more").contains(document.getElementById("agenda"))));
  await page.click("#window");
  await until(() => documentPictureInPicture.window?.document.getElementById("bar"));
  await page.evaluate(() => documentPictureInPicture.window.close());
  await until(() => document.getElementById("bar"));
  show({ floor: "me" });
  await until(() => document.getElementById("dot").dataset.floor === "me");
  assert.ok(await page.isVisible("#bar"));
  await browser.close();
}

async function popup() {
  const without = () => delete window.documentPictureInPicture;
  const { browser, page } = await open(server.address, fault, without, display);
  const until = (seen, argument) => page.waitForFunction(seen, argument, { timeout: 10_000 });
  await until(() => window.keicho?.link === "live");
  const [small] = await Promise.all([page.waitForEvent("popup"), page.click("#window")]);
  await small.waitForFunction(() => window.keicho?.link === "live", null, { timeout: 10_000 });
  assert.equal(new URL(small.url()).search + new URL(small.url()).hash, "");
  assert.deepEqual(server.hellos.slice(-2).map(({ asks }) => asks), [true, undefined]);
  assert.ok(await page.isVisible("#away"));
  show({ nudge: nudge(now.now_ms) });
  await small.waitForFunction(() => document.getElementById("text").textContent === "Keep listening", null, { timeout: 10_000 });
  await small.screenshot({ path: join(outdir, "popup.png") });
  assert.ok(await small.isHidden("#window"));

  // The end is asked about on the page alone
  show(looks.ended);
  server.say(desk({ after: after.asked }));
  await small.waitForFunction(() => document.getElementById("line").dataset.kind === "ended", null, { timeout: 10_000 });
  assert.ok(await small.isHidden("#ask"));
  assert.ok(await small.isHidden("#bar"));
  await small.close();
  await until(() => document.getElementById("away").hidden);
  assert.ok(await page.isVisible("#ask"));
  await browser.close();
}

async function until_told(command) {
  const until = Date.now() + 5_000;
  while (!told(command) && Date.now() < until) await new Promise((done) => setTimeout(done, 10));
  assert.ok(told(command), `${command} never came`);
}
