/** The reducer on what the program really sends: the snapshots that its own tests hold. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { beforeView } from "../../web/before_view.js";
import { callView } from "../../web/call_view.js";
import { reduce } from "../../web/state.js";
import { words } from "../../web/words.js";
import { before, desk, hello, looks, snapshot as ours, wholeCall } from "./call.mjs";
import { after, line, plain, shown } from "./seen.mjs";

const wire = new URL("../../src/wire/", import.meta.url);
const held = readdirSync(wire, { recursive: true })
  .filter((name) => name.endsWith(".snap"))
  .map((name) => readFileSync(new URL(name, wire), "utf8").split(/^---$/m).slice(2).join("---").trim());

/** Whole documents, and documents a line. */
const messages = held.flatMap((text) => {
  try {
    return [JSON.parse(text)];
  } catch {
    return text.split("\n").flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
  }
});
const snapshots = messages.filter(({ type }) => type === "snapshot");
const desks = messages.filter(({ type }) => type === "desk");
const events = messages.filter(({ kind }) => kind !== undefined);

/**
 * What of `mine`, with which the page was tested, the program's message does not have, or has as another kind. Every item
 * of a list has what each of mine has; null goes with anything.
 */
function lacks(mine, theirs, path = "") {
  if (theirs === undefined) return [`${path} is not there`];
  if (mine === null || theirs === null) return [];
  const [kind, other] = [mine, theirs].map((value) => (Array.isArray(value) ? "list" : typeof value));
  if (kind !== other) return [`${path} is a ${other}, no ${kind}`];
  if (kind === "list") return mine.flatMap((item) => theirs.flatMap((one) => lacks(item, one, `${path}[]`)));
  if (kind !== "object") return [];
  return Object.entries(mine).flatMap(([key, part]) => lacks(part, theirs[key], `${path}.${key}`));
}

/** Where a message has a list with something in it. */
function filled(value, path = "") {
  if (value === null || typeof value !== "object") return [];
  if (!Array.isArray(value)) return Object.entries(value).flatMap(([key, part]) => filled(part, `${path}.${key}`));
  return value.length ? [path, ...value.flatMap((item) => filled(item, `${path}[]`))] : [];
}

/** An empty list shows nothing of what it holds: each that mine fills is filled in a message of the program. */
function unfilled(mine, all) {
  const theirs = new Set(all.flatMap((message) => filled(message)));
  return filled(mine).filter((path) => !theirs.has(path));
}

test("the wire's snapshots, desks and events are found", () => {
  const found = [snapshots, desks, events].map(({ length }) => length);
  assert.ok(found[0] > 0 && found[1] > 0 && found[2] > 20, String(found));
});

test("a desk of the program has all that the page's tests were made with, and the page shows its modes", () => {
  const mine = desk(before.known[1]);
  assert.deepEqual(unfilled(mine, desks), []);
  for (const theirs of desks) {
    assert.deepEqual(lacks(mine, theirs), []);
    const { modes } = beforeView(after(hello(), theirs, ours(before.first[0])), words.en);
    assert.deepEqual(modes.map(({ id, target }) => [id, plain(target)]), theirs.modes.map(({ mode, target }) => [mode, `${Math.round(target * 100)}%`]));
    assert.ok(modes.every(({ name }) => name) && modes.some(({ id, chosen }) => chosen && id === theirs.mode));
  }
});

test("a snapshot of the program has all that the page's tests were made with", () => {
  for (const [name, look] of Object.entries(looks)) {
    const { arrived_ms, ...mine } = ours(look);
    assert.deepEqual(unfilled(mine, snapshots), [], name);
    for (const theirs of snapshots) assert.deepEqual(lacks(mine, theirs), [], name);
  }
});

test("an event of the page's tests is one of the program's", () => {
  for (const { message } of wholeCall()) {
    if (message.type !== "event") continue;
    const { type, epoch, ...mine } = message;
    const theirs = events.filter(({ kind, nudge }) => kind === mine.kind && nudge === mine.nudge);
    assert.ok(theirs.length, mine.kind);
    for (const event of theirs) assert.deepEqual(lacks(mine, event), [], mine.kind);
  }
});

test("a snapshot of the program is shown, in both languages", () => {
  for (const snapshot of snapshots) {
    const state = after(hello(snapshot.seq, snapshot.epoch), { ...snapshot, arrived_ms: 80_000 });
    assert.equal(state.link, "live");
    assert.ok(line(state).text !== undefined && shown(state).title.endsWith("Keicho"));
    for (const said of Object.values(words)) {
      const { details } = callView(state, said);
      assert.ok(snapshot.state === "ended" || details.every(({ name, figure }) => name && !/undefined|NaN|null/.test(figure)), JSON.stringify(details));
    }
  }
});

test("every trouble in a snapshot has its sentence", () => {
  for (const { audio } of snapshots) {
    for (const { trouble, track } of audio.troubles) {
      const key = `trouble_${trouble}${track ? `_${track}` : ""}`;
      assert.ok(words.en[key] && words.ja[key], key);
    }
  }
});

test("every event is taken in its turn, and a nudge is shown", () => {
  const call = after(hello(0), { ...ours(), seq: 0, now_ms: 12_400 });
  let state = call;
  events.forEach((event, place) => {
    state = reduce(state, { type: "event", epoch: 1, ...event, seq: place + 1 });
    assert.deepEqual([state.seq, state.missed], [place + 1, 0]);
    if (event.kind === "nudge") {
      // By itself: what came before it, such as a stretch off the record, may have a line that goes first.
      const nudged = reduce(call, { type: "event", epoch: 1, ...event, seq: 1 });
      const own = event.nudge === "audio" ? /^nudge_audio/ : new RegExp(`^nudge_${event.nudge}$`);
      const texts = Object.keys(words.en).filter((key) => own.test(key)).map((key) => words.en[key]);
      assert.ok(line(nudged).kind === "nudge" && texts.includes(line(nudged).text), JSON.stringify(event));
      assert.match(callView(nudged, words.en).lastNudge, /The last was “.+”: ./);
      assert.doesNotMatch(callView(nudged, words.en).lastNudge, /undefined|NaN/);
      assert.ok(words.en[`kind_${event.nudge}`], `no name for ${event.nudge}`);
    }
    if (event.kind === "nudge_withdrawn" || event.kind === "nudge_dismissed") state = { ...state, nudge: null };
    if (event.kind === "heard" && event.text) assert.ok(state.said.some(({ text }) => text === event.text));
  });
});
