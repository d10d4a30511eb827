/**
 * `node prepare.mjs ADDRESS OUTDIR`: a live call from its start page to its summary. Who runs the program says on stdin
 * what somebody plays; this side says what it needs, a line each:
 *
 *     please talk    both sides are to be heard from now on
 *     begun          the call is live
 *     done           the page has been left, and the program may end
 *
 * then exit 0. On any fault exit 1 with a sentence on stderr. Pictures go to OUTDIR.
 */

import assert from "node:assert/strict";
import { held, inspect, large, open, rules, small } from "./browser.mjs";

const [address, outdir = "shots"] = process.argv.slice(2);
const faults = [];
const fault = (sentence) => faults.push(sentence);
const say = (line) => process.stdout.write(`${line}\n`);

const size = { width: 960, height: 900 };
const { browser, context, page } = await open(address, fault, watch, { context: { viewport: size, locale: "en-GB" } });
const until = (seen, argument) => page.waitForFunction(seen, argument, { timeout: 20_000 });
const text = async (id) => (await page.textContent(`#${id}`)).replaceAll("\u00a0", " ").replaceAll(/[\u2060\u2068\u2069]/g, "");
const elsewhere = () => page.locator("body").click({ position: { x: 2, y: 2 } });

/** In the page, before its own scripts: keeps the heights of both meters. */
function watch() {
  window.levels = { me: new Set(), them: new Set() };
  const look = () => {
    for (const track of ["me", "them"]) {
      const meter = document.querySelector(`[aria-labelledby="meter-${track}"]`);
      if (meter) window.levels[track].add(meter.getAttribute("aria-valuenow"));
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
}

/** In the summary: what is not heard, and the strokes of the share that go through it; times in milliseconds. */
function sharePlot() {
  const plot = document.querySelector("rect.gap").parentElement;
  const number = (element, name) => Number(element.getAttribute(name));
  const holes = [...plot.querySelectorAll("rect.gap")].map((hole) => [number(hole, "x"), number(hole, "x") + number(hole, "width")]);
  const strokes = [...plot.querySelectorAll("path")].flatMap((path) =>
    path.getAttribute("d").split("M").filter(Boolean).flatMap((piece) => {
      const moments = piece.split("L").map((point) => Number(point.trim().split(" ")[0]));
      return moments.slice(1).map((at, place) => [moments[place], at]);
    }),
  );
  return { holes, crossed: strokes.filter(([from, to]) => holes.some(([start, end]) => from < end && to > start)) };
}

async function looked(name, sizes) {
  await inspect(page, outdir, name, fault, sizes);
  await page.evaluate(() => document.documentElement.lang === "en" || document.getElementById("language").click());
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: "light" });
}

/** On the summary, beside what was written in the call, an action item is added, ticked, rewritten and removed, by keyboard
 * alone; the page stays at it. */
async function writtenAfter(opened) {
  const written = opened.locator("#written");
  const added = written.locator("li", { hasText: "added after the call" });
  const sent = (press) => Promise.all([opened.waitForEvent("load"), press]);
  await opened.fill("#written .add input[name=text]", "予定を送る");
  await opened.selectOption("#written .add select", "them");
  await sent(opened.press("#written .add input[name=text]", "Enter"));
  assert.match(await written.innerText(), /One action item is open[^]*予定を送る them · added after the call/);
  assert.equal(new URL(opened.url()).hash, "#written", "the page begins anew");
  await rules(opened, "summary with notes", (sentence) => faults.push(sentence));
  await sent(added.locator(".sign button").press("Enter"));
  assert.match(await written.innerText(), /Both action items are done/);
  await added.locator(".edit summary").press("Enter");
  await added.locator(".edit input[name=text]").fill("予定を二人で見る");
  await added.locator("select[name=kind]").selectOption("note");
  await sent(added.locator(".edit input[name=text]").press("Enter"));
  assert.match(await written.innerText(), /The action item is done[^]*Notes[^]*予定を二人で見る added after the call/);
  await added.locator(".edit summary").press("Enter");
  await sent(added.locator("button[name=remove]").press("Enter"));
  assert.doesNotMatch(await written.innerText(), /予定/);
}

try {
  // Nothing was played yet
  await until(() => !document.getElementById("before").hidden);
  assert.equal(await page.title(), "Ready · Keicho");
  assert.match(await text("echo"), /^Leak check: let them speak/);
  say("please talk");
  await until(() => ["me", "them"].every((track) => window.levels[track].size > 5));
  await until(() => document.getElementById("meters").textContent.match(/was heard/g)?.length === 2);

  // What the settings say is what the page says
  const modes = await page.locator("#modes label").allTextContents();
  assert.deepEqual(modes.map((mode) => mode.replaceAll("\u00a0", " ")), ["Listening25%", "Coaching20%", "Feedback45%", "Teaching60%"]);
  assert.equal(await text("target"), "Target: up to 25% of the talking");

  // With whom, what they stated, for what, about what
  await page.fill("#with", "佐藤");
  await page.press("#with", "Enter");
  await until(() => !document.getElementById("card").hidden);
  await page.click("#card-head");
  await page.click("#points [value=time_to_think]");
  await page.fill("#card-note", "水曜の午後は避けたい");
  await page.click("#card-form > button");
  await until(() => document.querySelector('#people [aria-pressed="true"]')?.textContent.includes("佐藤"));
  await until(() => document.getElementById("hints").textContent.includes("leave time"));
  await page.click("label:has([value=feedback])");
  await until(() => document.getElementById("target").textContent.includes("45"));
  await page.fill("#plan-new", "- 来期の目標\n- Holidays");
  await page.click("#plan-form > button");
  await until(() => document.querySelectorAll("#plan li").length === 2);
  await page.click("#icebreaker-on");
  await page.fill("#icebreaker", "4");
  await page.press("#icebreaker", "Enter");
  await until(() => window.keicho.desk.icebreaker_min === 4);
  await until(() => document.getElementById("echo").textContent.startsWith("Their voice does not leak"));
  await looked("live_before", large);

  await page.click("#begin");
  await until(() => window.keicho.snapshot.state === "live" && document.getElementById("before").hidden);
  say("begun");
  await until(() => document.getElementById("bar").dataset.known === "true");
  assert.equal(await text("key-recent"), "last 2 min");
  assert.match(await page.getAttribute("#bar", "aria-valuetext"), /^Last\s2\smin\s\d+%/);
  await until(() => document.getElementById("text").textContent === "Small talk" && document.getElementById("timer").textContent.startsWith("4"));
  await looked("live_call");

  await elsewhere();
  await page.keyboard.press("p", held);
  await until(() => document.getElementById("line").dataset.kind === "state" && window.keicho.snapshot.state === "paused");
  await looked("live_paused");
  await elsewhere();
  await page.keyboard.press("p", held);
  await until(() => window.keicho.snapshot.state === "live");
  await page.keyboard.press("m", held);
  await until(() => document.getElementById("status").textContent === "muted");
  await looked("live_muted", small);
  await elsewhere();
  await page.keyboard.press("m", held);
  await until(() => !window.keicho.snapshot.muted);
  await page.click("#advice summary");
  await page.click("#snooze");
  await until(() => document.getElementById("status").textContent.startsWith("no nudges"));
  await looked("live_snoozed", small);
  await page.click("#snooze");
  await until(() => !document.getElementById("status").textContent);
  await elsewhere();
  await page.keyboard.press("o", held);
  await until(() => document.getElementById("line").dataset.kind === "undo");
  await page.click("#hide");
  await until(() => window.keicho.snapshot.off_record_undo_ms === null && window.keicho.epoch === 1);
  await page.click("#hide");
  await until(() => document.getElementById("line").dataset.kind === "off_record");
  await looked("live_off_record");
  await elsewhere();
  await page.keyboard.press("o", held);
  await until(() => window.keicho.snapshot.state === "live" && window.keicho.epoch > 1);
  await until(() => /is erased/.test(document.getElementById("spoken").textContent));
  // All that was said is erased, and the figures begin anew.
  // A side of which hardly a word was heard would not be asked about.
  await page.waitForFunction(() => Math.min(...Object.values(window.keicho.snapshot.talk_ms)) > 1_500, null, { timeout: 60_000 });

  await page.click("#agenda input >> nth=0");
  await until(() => document.querySelector("#agenda input").checked);
  await page.selectOption("#note-owner", "me");
  await page.fill("#note-new", "評価の資料を送る");
  await page.click("#note-add button");
  await page.selectOption("#note-owner", "");
  await page.fill("#note-new", "来月から育休");
  await page.press("#note-new", "Enter");
  await until(() => document.querySelector("#notes")?.textContent.includes("来月から育休"));
  await page.click("#todo input");
  await until(() => document.querySelector("#todo input").checked);
  await page.click("#check-in summary");
  await page.click("#check-in-form [value='4']");
  await page.fill("#check-in-words", "よく眠れた");
  await page.click("#check-in-form > button");
  await until(() => document.getElementById("check-in-given").textContent.includes("よく眠れた"));

  // What is not heard in the middle is a gap afterwards
  await elsewhere();
  await page.keyboard.press("p", held);
  await until(() => window.keicho.snapshot.state === "paused");
  const paused = await page.evaluate(() => window.keicho.snapshot.now_ms);
  await until((from) => window.keicho.snapshot.now_ms > from + 3_000, paused);
  await page.keyboard.press("p", held);
  await until(() => window.keicho.snapshot.state === "live");

  // A shorter call would be a test of the sound.
  await page.waitForFunction(() => window.keicho.snapshot.now_ms > 61_000, null, { timeout: 70_000 });
  await page.click("#stop");
  await page.click("#actions button >> nth=0");
  await until(() => !document.getElementById("ask").hidden);
  assert.doesNotMatch(await page.evaluate(() => document.body.innerText), /\d\s*%/);
  await looked("live_asked", large);
  await page.focus("#guess");
  for (let i = 0; i < 10; i += 1) await page.keyboard.press("ArrowLeft");
  await page.click("#answer");
  await until(() => !document.getElementById("believed").hidden);
  assert.match(await text("believed"), /^You thought 40%; it was \d+%\.$/);
  await looked("live_answered", large);

  const [opened] = await Promise.all([context.waitForEvent("page"), page.click("#summary button")]);
  await opened.waitForLoadState();
  const summary = await opened.evaluate(() => document.body.innerText);
  for (const part of ["佐藤", "来期の目標", "よく眠れた"]) assert.ok(summary.includes(part), `no ${part} in the summary`);
  const { holes, crossed } = await opened.evaluate(sharePlot);
  assert.ok(holes.some(([from, to]) => from <= paused + 500 && to >= paused + 2_500), `no gap from ${paused}: ${holes.join(" | ")}`);
  assert.deepEqual(crossed, [], "the share is drawn through what was not heard");

  // What the other person sent back of the shared summary stands beside the figure
  const call = await opened.inputValue(".record input[name=call] >> nth=0");
  await opened.fill(".record input[name=text]", `どうぞ > [Keicho ${call} guess=45 next=30]`);
  await Promise.all([opened.waitForEvent("load"), opened.press(".record input[name=text]", "Enter")]);
  const answered = (await opened.locator("main").innerText()).replaceAll("\u00a0", " ");
  assert.match(answered, /佐藤 thought you did 45%; it was (about )?\d+%\. 佐藤 would like up to 30% from you\./);
  await writtenAfter(opened);
  await opened.close();

  page.served = false;
  await page.click("#done");
  await until(() => window.keicho.link === "over");
  assert.match(await text("bye"), /You can close this page/);
  await looked("live_over", large);
  assert.deepEqual(faults, []);
  say("done");
} catch (error) {
  console.error(error.message, error.stack.match(/prepare\.mjs:\d+/g)?.join(" "));
  console.error(await page.evaluate(() => JSON.stringify(window.keicho)).catch(() => ""));
  for (const sentence of faults) console.error(sentence);
  process.exitCode = 1;
}
await browser.close();
