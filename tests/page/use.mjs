/**
 * `node use.mjs`: somebody uses the page from before a call to after it, in a real Chromium, with keys, clicks and
 * writing; the small server notes what it was told. Exit 1 with a sentence on the first thing that is not as it should be.
 */

import assert from "node:assert/strict";
import { after, before, desk, hostile, items, looks, nudge, people, settings, snapshot } from "./call.mjs";
import { held, open, rules } from "./browser.mjs";
import { serve, token } from "./fake.mjs";

const faults = [];
const fault = (sentence) => faults.push(sentence);
const large = { width: 960, height: 900 };

let now = snapshot(before.known[0]);
let around = desk({ ...before.known[1], own_target: null });

/** The user's file of settings, and what changes one there. */
let held_settings = structuredClone(settings);
function change({ section, key, value }, say, answer) {
  const setting = held_settings.sections.find(({ name }) => name === section).settings.find(({ name }) => name === key);
  const [low, high] = setting.range ?? [];
  if (setting.range && [value].flat().some((one) => one < low || one > high)) {
    return answer({ type: "refused", command: "set", setting: `${section}.${key}`, why: setting.enter });
  }
  setting.value = value;
  say(held_settings);
}

/** As the program does: what was asked for is in the next snapshot or desk. */
const server = await serve((command, { say }, answer) => {
  const { command: name, type, ...fields } = command;
  if (name === "settings") return say(held_settings);
  if (name === "set") return change(fields, say, answer);
  if (name === "prepare" && fields.mode === "teaching") {
    return answer({ type: "refused", command: name, why: { ja: "いまはできません。", en: "Not now." } });
  }
  const changes = {
    pause: { state: "paused" },
    resume: { state: "live" },
    mute: { muted: true },
    unmute: { muted: false },
    off_record: { off_record_undo_ms: 5_000 },
    on_record: { state: "live", off_record: null, off_record_undo_ms: null },
    begin: { ...snapshot(), source: "live", demo_timing: false, state: "live", agenda: items },
    dismiss: { nudge: null },
    stop: looks.ended,
  }[name];
  if (name === "prepare" && fields.agenda) {
    now = { ...now, agenda: fields.agenda.map((text, id) => ({ id, text, state: "open", offered: false })) };
  }
  if (changes) now = { ...now, ...changes, seq: now.seq + 1 };
  if (name === "prepare") around = { ...around, with: fields.with ?? around.with, mode: fields.mode ?? around.mode, icebreaker_min: fields.icebreaker_min ?? around.icebreaker_min };
  for (const key of ["meeting_min", "lang"]) if (name === "prepare" && key in fields) around = { ...around, [key]: fields[key] };
  if (name === "choose_device") around = { ...around, devices: { ...around.devices, [fields.track]: { ...around.devices[fields.track], chosen: fields.device } } };
  if (name === "fetch_model") around = { ...around, model: { state: "fetching", percent: 7 } };
  if (name === "prepare" && "target" in fields) around = { ...around, own_target: fields.target };
  if (name === "stop") around = { ...around, after: after.asked };
  if (name === "perceived") around = { ...around, after: { ...after.asked, perceived: fields.share, share: 0.58 } };
  if (name === "delete_call") around = { ...around, after: { ...around.after, fate: "deleted" } };
  if (name === "check_in") now = { ...now, check_in: fields };
  if (name === "note_add") {
    const note = { id: now.notes.length + 1, text: fields.text, written_ms: 65_000, owner: fields.owner, state: fields.owner && "open", carried: false };
    now = { ...now, notes: [...now.notes, note] };
  }
  if (name === "action_set") now = { ...now, notes: now.notes.map((note) => (note.id === fields.id ? { ...note, state: fields.state } : note)) };
  if (name === "agenda_set") now = { ...now, agenda: now.agenda.map((item) => (item.id === fields.id ? { ...item, state: fields.state } : item)) };
  say(around);
  say(now);
});
server.say(around);
server.say(now);
const pulse = setInterval(() => server.say((now = { ...now, now_ms: now.now_ms + 100 })), 100);
const { browser, context, page } = await open(server.address, fault, counting, { context: { viewport: large, locale: "en-GB" } });
await context.grantPermissions(["clipboard-read", "clipboard-write"]);

/** The last command, once it has come: without its type. */
let told = 0;
async function commanded(expected) {
  const until = Date.now() + 5_000;
  while (server.commands.length <= told && Date.now() < until) await page.waitForTimeout(10);
  const { type, ...command } = server.commands[told] ?? {};
  assert.deepEqual(command, expected);
  assert.equal(type, "command");
  told += 1;
}
/** Nothing was sent since. */
const silent = async () => assert.equal(await page.evaluate(() => window.commandsSent), told);
/** The page has seen what the last command did. */
const settled = () => page.waitForFunction((seq) => window.keicho.snapshot.seq >= seq, now.seq, { timeout: 5_000 });
const text = (id) => page.textContent(`#${id}`);
/** The room between two that stand under each other, in pixels. */
const under = (upper, lower) =>
  page.evaluate(([upper, lower]) => {
    const [above, below] = [upper, lower].map((one) => document.querySelector(one).getBoundingClientRect());
    return below.top - above.bottom;
  }, [upper, lower]);
const until = (seen, argument) => page.waitForFunction(seen, argument, { timeout: 5_000 });
const show = (changes) => server.say((now = { ...now, ...changes, seq: now.seq + 1 }));

try {
  await until(() => window.keicho.link === "live");
  assert.equal(server.hellos[0].asks, true);
  assert.equal(new URL(page.url()).hash, "");
  await page.reload();
  await until(() => window.keicho?.link === "live");

  // Before: with whom, for what
  await page.click("#people button >> nth=1");
  await commanded({ command: "prepare", with: "Maria Lindqvist" });
  await page.fill("#with", hostile[0]);
  await page.press("#with", "Enter");
  await commanded({ command: "prepare", with: hostile[0] });
  assert.equal(await page.title(), "Ready · Keicho");
  await page.click("#people button >> nth=0");
  // The field was written in and left: it said what it held already.
  await until(() => document.querySelector('#people [aria-pressed="true"]')?.textContent.startsWith("佐藤"));
  while (server.commands.at(-1).with !== people[0].name) await page.waitForTimeout(10);
  told = server.commands.length;
  await page.click("label:has([value=feedback])");
  await commanded({ command: "prepare", mode: "feedback" });
  await page.click("label:has([value=teaching])");
  await commanded({ command: "prepare", mode: "teaching" });
  await until(() => document.getElementById("line").dataset.kind === "denied");
  assert.equal(await text("text"), "Not now.");
  assert.equal(await text("spoken"), "Not now.");
  await until(() => document.querySelector("#modes [value=feedback]").checked);
  await page.click("#proposal-take");
  await commanded({ command: "prepare", target: 0.55 });
  await page.fill("#own-target", "40");
  await page.press("#own-target", "Enter");
  await commanded({ command: "prepare", target: 0.4 });
  await page.click("#target-drop");
  await commanded({ command: "prepare", target: null });

  // The agenda
  const there = items.slice(0, 2).map(({ text }) => text);
  await page.click("#carried button >> nth=0");
  const carried = [...there, people[0].open_items[0]];
  await commanded({ command: "prepare", agenda: carried });
  await page.fill("#plan-new", "- one\n2. two\n・three");
  await page.click("#plan-form button");
  await commanded({ command: "prepare", agenda: [...carried, "one", "two", "three"] });
  assert.equal(await page.inputValue("#plan-new"), "");
  await page.click("#plan button >> nth=0");
  await commanded({ command: "prepare", agenda: [...carried, "one", "two", "three"].slice(1) });
  await page.fill("#plan-new", "x".repeat(201));
  await page.press("#plan-new", "Enter");
  await until(() => !document.getElementById("plan-limits").hidden);
  assert.equal((await page.inputValue("#plan-new")).length, 201);
  await commanded({ command: "prepare", agenda: [...carried, "one", "two", "three"].slice(1) });
  await page.fill("#plan-new", "");
  await page.click("#icebreaker-on");
  await commanded({ command: "prepare", icebreaker_min: 0 });
  await page.click("#icebreaker-on");
  await commanded({ command: "prepare", icebreaker_min: 5 });
  // A key that is held gives some 30 changes a second, each of which would be a message.
  await page.focus("#icebreaker");
  for (let press = 0; press < 60; press += 1) await page.keyboard.down(press < 40 ? "ArrowUp" : "ArrowDown");
  await page.keyboard.up("ArrowDown");
  assert.equal(await page.inputValue("#icebreaker"), "10");
  while (server.commands.at(-1).icebreaker_min !== 10) await page.waitForTimeout(10);
  assert.equal(server.hellos.length, 2, "the page was closed, and came back");
  told = server.commands.length;

  // The settings: each with its range and its default, saved one by one; what may not be is said where it stands
  await page.click("#settings-open");
  await commanded({ command: "settings" });
  await until(() => !document.getElementById("settings").hidden && document.getElementById("before").hidden);
  assert.equal(await page.evaluate(() => document.activeElement.id), "settings-head");
  const row = (key) => page.locator(`.setting:has(#setting-${key})`);
  assert.equal((await row("targets-listening").locator(".hint span").innerText()), "10% to 90% · default: 30%");
  assert.equal(await page.inputValue("#setting-targets-listening"), "35");
  await page.fill("#setting-targets-listening", "40");
  await page.press("#setting-targets-listening", "Enter");
  await commanded({ command: "set", section: "targets", key: "listening", value: 0.4 });
  await until(() => document.getElementById("setting-targets-listening-told").textContent.startsWith("Saved"));
  await page.fill("#setting-targets-listening", "95");
  await page.press("#setting-targets-listening", "Tab");
  await commanded({ command: "set", section: "targets", key: "listening", value: 0.95 });
  await until(() => document.getElementById("setting-targets-listening-told").textContent === "Enter a value from 10% to 90%.");
  assert.equal(await page.inputValue("#setting-targets-listening"), "95", "what was refused is gone");
  assert.equal(await page.getAttribute("#setting-targets-listening", "aria-invalid"), "true");
  await page.fill("#setting-targets-listening", "");
  await page.press("#setting-targets-listening", "Tab");
  assert.equal(await row("targets-listening").locator(".told").innerText(), "Enter a value from 10% to 90%.");
  await row("targets-listening").locator("button").click();
  await commanded({ command: "set", section: "targets", key: "listening", value: 0.3 });
  await until(() => document.getElementById("setting-targets-listening").value === "30");
  await page.click("#setting-kinds-fillers");
  await commanded({ command: "set", section: "kinds", key: "fillers", value: true });
  await page.locator("#settings summary", { hasText: "When and how often" }).click();
  await page.fill("#setting-nudges-monologue_s-1", "100");
  await page.press("#setting-nudges-monologue_s-1", "Enter");
  await commanded({ command: "set", section: "nudges", key: "monologue_s", value: [60, 100, 150] });
  await page.focus("#setting-nudges-apart_s");
  for (let press = 0; press < 40; press += 1) await page.keyboard.down("ArrowUp");
  await page.keyboard.up("ArrowUp");
  while (held_settings.sections[2].settings[0].value !== 130) await page.waitForTimeout(10);
  assert.equal(server.hellos.length, 2, "a held key had the page closed");
  told = server.commands.length;
  await page.fill("#setting-notes-folder", "~/notes");
  await page.press("#setting-notes-folder", "Enter");
  await commanded({ command: "set", section: "notes", key: "folder", value: "~/notes" });
  await page.locator("#settings summary", { hasText: "Noticing" }).click();
  await page.fill("#setting-agent-applications", "zoom\n\n  meet \n");
  await page.press("#setting-agent-applications", "Tab");
  await commanded({ command: "set", section: "agent", key: "applications", value: ["zoom", "meet"] });
  await until(() => document.getElementById("setting-agent-applications-told").textContent.includes("notices calls"));
  held_settings = { ...settings, sections: [], problem: { ja: "設定ファイルに誤りがあります。", en: "Line 3 of the settings file has an error." } };
  await page.click("#settings-back");
  await until(() => document.getElementById("settings").hidden && !document.getElementById("before").hidden);
  assert.equal(await page.evaluate(() => document.activeElement.id), "settings-open");
  await page.click("#settings-open");
  await commanded({ command: "settings" });
  await until(() => document.getElementById("settings-problem").textContent.startsWith("Line 3"));
  await rules(page, "settings", fault);
  await page.click("#settings-back");

  // Devices by name, the language, the length, the words
  await page.selectOption("#source-them", { label: "Jabra Evolve 65" });
  await commanded({ command: "choose_device", track: "them", device: "jabra.monitor" });
  await page.selectOption("#source-me", "jabra");
  await commanded({ command: "choose_device", track: "me", device: "jabra" });
  await page.selectOption("#source-me", "");
  await commanded({ command: "choose_device", track: "me", device: null });
  await page.selectOption("#spoken-language", "");
  await commanded({ command: "prepare", lang: null });
  await page.selectOption("#meeting", "45");
  await commanded({ command: "prepare", meeting_min: 45 });
  await page.click("#demo");
  await commanded({ command: "demo" });
  await page.click("#fetch-model");
  await commanded({ command: "fetch_model" });
  await until(() => document.getElementById("model-text").textContent === "Downloading: 7%");
  assert.ok(await page.isHidden("#fetch-model"));

  // What it is stands at the top, and the way to begin is in sight wherever one is on the page
  for (const viewport of [{ width: 1280, height: 900 }, { width: 360, height: 640 }, large]) {
    await page.setViewportSize(viewport);
    for (const end of [0, 100_000]) {
      await page.evaluate((top) => scrollTo(0, top), end);
      const { top, bottom } = await page.$eval("#begin", (button) => button.getBoundingClientRect());
      assert.ok(top >= 0 && bottom <= viewport.height, `begin is at ${top} to ${bottom} of ${viewport.height}`);
    }
  }
  assert.match(await page.textContent(".what"), /^\s*Keicho\s+Keicho shows how much you listen in a 1on1\. Nothing leaves this computer\./);

  // The card, and the sentence to tell
  await page.click("#card-head");
  await page.click("#points label >> nth=2");
  await page.fill("#card-note", hostile[1]);
  await page.click("#card-form > button");
  await commanded({ command: "card", points: ["conclusion_first", "written_after"], note: hostile[1] });
  await page.click("#copy");
  await until(() => document.getElementById("copy").textContent === "Copied");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), around.tell.en);
  await page.keyboard.press("d", held);
  await silent();
  await tabbed("before");
  await page.click("#begin");
  await commanded({ command: "begin" });

  // In the call: keys
  await until(() => !document.getElementById("controls").hidden && document.getElementById("before").hidden);
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  // What was refused before is told for its eight seconds.
  await page.waitForFunction(() => document.getElementById("line").dataset.kind === "none", null, { timeout: 10_000 });
  show({ nudge: nudge(now.now_ms) });
  await until(() => document.getElementById("line").dataset.kind === "nudge");
  assert.equal(await text("spoken"), "Keep listening");
  await page.click("#actions button >> nth=1");
  await until(() => document.getElementById("line").dataset.kind === "why");
  await silent();
  assert.equal(await page.evaluate(() => document.activeElement.parentElement.id), "actions");
  await page.keyboard.press("Enter");
  await until(() => document.getElementById("line").dataset.kind === "nudge");
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  await page.keyboard.press("d", held);
  await commanded({ command: "dismiss" });
  await until(() => document.getElementById("line").dataset.kind !== "nudge");
  await page.keyboard.press("d", held);
  await silent();
  // A line for the chat that is typed into the overlay, and letters that are tapped, change nothing.
  await page.keyboard.type("ok, see you tomorrow, d'accord? mmm pp", { delay: 60 });
  for (const key of ["o", "p", "m", "d"]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(700);
  }
  await silent();
  assert.equal(await page.evaluate(() => document.getElementById("keys").open), false);
  for (const [key, one, other] of [["p", "pause", "resume"], ["m", "mute", "unmute"], ["o", "off_record", "on_record"]]) {
    await page.keyboard.press(key, held);
    await commanded({ command: one, ...(key === "o" && { undo_s: 5 }) });
    await settled();
    if (key === "o") {
      await until(() => document.getElementById("line").dataset.kind === "undo");
      assert.match(await text("spoken"), /^Going off the record\. The last 2\smin go too\.$/);
      assert.equal(await text("hide"), "Undo o");
    }
    await page.keyboard.press(key, held);
    await commanded({ command: other });
    await settled();
  }
  assert.equal(await text("spoken"), "");

  // One key takes words and figures from a shared screen, and brings them back; a look without any text is there too
  assert.doesNotMatch(await page.title(), /\d/);
  await page.keyboard.press("h", held);
  await until(() => document.getElementById("call").dataset.hushed === "true");
  assert.equal((await page.evaluate(readable)).trim(), "Show", "something of the page can be read while it is hidden");
  assert.ok(await page.isHidden("#bar"));
  assert.equal(await page.title(), "Keicho");
  await rules(page, "hushed", fault);
  await page.keyboard.press("Enter");
  await until(() => document.getElementById("call").dataset.hushed === "false");
  assert.ok(await page.isVisible("#bar"));
  await page.click("#show-keys");
  await page.click("#discreet");
  await page.keyboard.press("Escape");
  assert.ok((await page.isVisible("#bar")) && (await page.isHidden("#floor")) && (await page.isHidden("#line")));
  assert.equal(await page.evaluate(readable), "", "something of the page can be read in the discreet look");
  await rules(page, "discreet", fault);
  await page.click("#open");
  await page.click("#show-keys");
  await page.click("#discreet");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  await silent();

  // While it is hidden nothing is read aloud either
  await page.keyboard.press("h", held);
  await until(() => document.getElementById("call").dataset.hushed === "true");
  show({ nudge: nudge(now.now_ms) });
  await until(() => document.getElementById("line").dataset.kind === "nudge");
  assert.equal(await text("spoken"), "");
  await page.keyboard.press("Enter");
  await until(() => document.getElementById("spoken").textContent === "Keep listening");
  show({ nudge: null });

  // Without the bar nothing tells the share, and at the end there is a guess
  await page.click("#show-keys");
  await page.click("#without-bar");
  await page.keyboard.press("Escape");
  assert.ok((await page.isHidden("#bar")) && (await page.isHidden("#details")) && (await page.isVisible("#status")));
  assert.doesNotMatch(await page.evaluate(() => document.getElementById("call").innerText), /\d\s*%/);
  await rules(page, "without_bar", fault);
  await page.click("#show-keys");
  await page.click("#without-bar");
  await page.keyboard.press("Escape");
  assert.ok(await page.isVisible("#bar"));

  // What the call is for, its target and its length can change, and what is left of it is told
  await page.click("#aim > summary");
  await page.selectOption("#call-mode", "coaching");
  await commanded({ command: "prepare", mode: "coaching" });
  await page.fill("#call-target", "40");
  await page.press("#call-target", "Enter");
  await commanded({ command: "prepare", target: 0.4 });
  await page.fill("#call-target", "");
  await page.press("#call-target", "Enter");
  await commanded({ command: "prepare", target: null });
  await page.selectOption("#call-meeting", "30");
  await commanded({ command: "prepare", meeting_min: 30 });
  await until(() => /min.left$/.test(document.getElementById("status").textContent));
  await page.click("#aim > summary");
  await page.locator("body").click({ position: { x: 2, y: 2 } });

  // Writing is no key, and keys can be turned off
  await page.fill("#agenda-new", "");
  await page.type("#agenda-new", "dpmo?");
  await silent();
  await page.press("#agenda-new", "Enter");
  await commanded({ command: "agenda_add", text: "dpmo?" });
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  await page.setViewportSize({ width: 240, height: 90 });
  await page.keyboard.press("?", held);
  await until(() => document.getElementById("keys").open);
  assert.equal(await page.evaluate(() => document.getElementById("keys").scrollTop), 0, "the list does not begin at its head");
  await page.setViewportSize(large);
  await page.click("#letters");
  await page.keyboard.press("Escape");
  await until(() => !document.getElementById("keys").open);
  await page.keyboard.press("p", held);
  await silent();
  await page.click("#show-keys");
  await page.click("#letters");
  await page.keyboard.press("Escape");

  // Agenda, check-in, nudges
  await page.click("#agenda input >> nth=1");
  await commanded({ command: "agenda_set", id: 2, state: "done" });
  await until(() => document.querySelectorAll("#agenda input")[1].checked);
  await page.click("#check-in summary");
  await page.click("#check-in-form [value='4']");
  await page.fill("#check-in-words", "よく眠れた");
  await page.click("#check-in-form > button");
  await commanded({ command: "check_in", score: 4, words: "よく眠れた" });
  await until(() => document.getElementById("check-in-given").textContent.includes("よく眠れた"));
  await page.click("#advice summary");
  await page.click("#mute-kind");
  await commanded({ command: "mute_kind", kind: "share" });
  await page.click("#snooze");
  await commanded({ command: "snooze", minutes: 10 });
  show({ stuck: true });
  await page.click("#actions button >> nth=0");
  await commanded({ command: "look_together", answer: "shown" });
  show({ stuck: false });
  await settled();
  await tabbed("call");

  // Notes and action items
  // More than a few commands in a second are no person's.
  const aSecondOn = () => until((from) => window.keicho.snapshot.now_ms > from + 1_000, now.now_ms);
  await aSecondOn();
  await page.selectOption("#note-owner", "them");
  await page.type("#note-new", "Sign up");
  await page.press("#note-new", "Enter");
  await commanded({ command: "note_add", text: "Sign up", owner: "them" });
  await until(() => document.querySelector("#todo").textContent.replace(/[\u2068\u2069]/g, "").includes("Sign up (them)"));
  await page.selectOption("#note-owner", "");
  await page.type("#note-new", "On leave");
  await page.click("#note-add button");
  await commanded({ command: "note_add", text: "On leave", owner: null });
  await until(() => document.querySelector("#notes").textContent.includes("On leave"));
  await page.click("#todo input >> nth=0");
  await commanded({ command: "action_set", id: 1, state: "done" });
  await until(() => document.querySelector("#todo input").checked);
  await aSecondOn();
  await zoomed();

  // A command without a connection is refused in sight
  page.served = false;
  await server.stop();
  await until(() => window.keicho.link === "lost");
  await page.keyboard.press("p", held);
  await until(() => document.getElementById("line").dataset.kind === "denied");
  assert.match(await text("spoken"), /Not sent/);
  await server.start();
  await until(() => window.keicho.link === "live");
  page.served = true;
  await silent();

  // Stop asks once
  await page.click("#stop");
  await silent();
  assert.equal(await text("text"), "Finish here? Your video call goes on.");
  assert.equal(await page.getByRole("button", { name: "Finish" }).count(), 1, "two buttons say the same");
  await page.click("#actions button:last-child");
  assert.equal(await page.evaluate(() => document.activeElement.id), "stop");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await until(() => document.getElementById("line").dataset.kind !== "offer");
  assert.equal(await page.evaluate(() => document.activeElement.id), "stop");
  await page.keyboard.press("Enter");
  await until(() => document.activeElement.parentElement.id === "actions");
  await page.keyboard.press("Enter");
  await commanded({ command: "stop" });

  // After: nothing is shown before the answer
  await until(() => !document.getElementById("ask").hidden);
  const visible = await page.evaluate(() => document.body.innerText);
  assert.doesNotMatch(visible, /\d\s*%/);
  assert.equal(await page.title(), "Ended · Keicho");
  assert.ok(await page.isHidden("#bar"));
  assert.ok(await page.isHidden("#details"));
  assert.ok(await page.isDisabled("#answer"));
  await page.focus("#guess");
  for (let i = 0; i < 10; i += 1) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await commanded({ command: "perceived", share: 0.4 });
  await until(() => !document.getElementById("believed").hidden);
  assert.equal((await text("believed")).replaceAll("\u00a0", " "), "You thought 40%; it was 58%.");
  assert.equal(await page.evaluate(() => document.activeElement.id), "believed");
  assert.ok(await page.isVisible("#bar"));
  assert.ok((await under("#text", "#details")) < 20, "nothing more will appear, and room is kept for it");

  // The summary comes by a form, with the token nowhere in an address
  server.summarise("<!doctype html><title>Summary</title><p>All of it.");
  const [opened] = await Promise.all([context.waitForEvent("page"), page.click("#summary button")]);
  await opened.waitForLoadState();
  assert.equal(await opened.title(), "Summary");
  assert.ok(!opened.url().includes(token), opened.url());
  await opened.close();

  // Deleting is asked once, and said
  await page.click("#delete-call");
  assert.match(await text("delete-head"), /cannot be undone/);
  await rules(page, "delete", fault);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Cancel", "a key pressed in passing deletes");
  await page.keyboard.press("Enter");
  await silent();
  await page.click("#delete-call");
  await page.click("#delete-yes");
  await commanded({ command: "delete_call" });
  await until(() => document.getElementById("believed").textContent === "This call’s record is deleted.");
  assert.ok(await page.isHidden("#summary"));

  // Whoever leaves has done
  await page.goto("about:blank");
  await commanded({ command: "done" });
  assert.deepEqual(faults, []);
} catch (error) {
  console.error(error.message, error.stack.match(/use\.mjs:\d+/g).join(" "), await page.title().catch(() => ""));
  for (const sentence of faults) console.error(sentence);
  process.exitCode = 1;
}
clearInterval(pulse);
await browser.close();
await server.stop();

/** All words of the page that somebody can read who looks at it. */
function readable() {
  const own = (one) => [...one.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data.trim()).join("");
  const seen = [...document.querySelectorAll("#page, #page *")].filter((one) => one.checkVisibility() && !one.closest(".unseen, dialog, option"));
  return seen.map(own).filter(Boolean).join(" ");
}

/** In the page, before its own scripts. */
function counting() {
  window.commandsSent = 0;
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (JSON.parse(data).type === "command") window.commandsSent += 1;
    send.call(this, data);
  };
}

/** Everything that can be pressed or written in is reached by Tab, and seen to be. */
async function tabbed(part) {
  const wanted = await page.evaluate(() => {
    const all = [...document.querySelectorAll("button, input, textarea, summary, [tabindex='0']")];
    const seen = all.filter((element) => element.checkVisibility() && !element.disabled && element.type !== "radio");
    return seen.map((element) => (element.dataset.walk = String(Math.random())));
  });
  assert.ok(wanted.length > 5, `${part}: ${wanted.length} to reach`);
  const reached = new Set();
  await page.evaluate(() => document.activeElement.blur());
  for (let i = 0; i < wanted.length * 2 + 10; i += 1) {
    await page.keyboard.press("Tab");
    const [name, drawn] = await page.evaluate(() => {
      const element = document.activeElement;
      const drawn = [element, element.parentElement].some((one) => getComputedStyle(one).outlineStyle !== "none");
      return [element.dataset.walk, drawn || element === document.body];
    });
    assert.ok(drawn, `${part}: the focus is not seen`);
    if (name) reached.add(name);
  }
  const missed = wanted.filter((name) => !reached.has(name));
  const which = await page.evaluate((missed) => missed.map((name) => document.querySelector(`[data-walk="${name}"]`)?.outerHTML.slice(0, 80)), missed);
  assert.deepEqual(which, [], `${part}: not reached by Tab`);
  await rules(page, part, fault);
}

/** At 200% a window is half as large, and all is still there. */
async function zoomed() {
  await page.setViewportSize({ width: 480, height: 300 });
  assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth));
  await page.click("#open");
  await page.click("#pause");
  await commanded({ command: "pause" });
  await until(() => document.getElementById("line").dataset.kind === "state");
  await page.click("#pause");
  await commanded({ command: "resume" });
  await page.keyboard.press("Escape");
  assert.ok(await page.isHidden("#controls"));
  await page.setViewportSize(large);
}
