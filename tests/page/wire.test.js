/** The reducer on what the program really sends: the snapshots that its own tests hold. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { beforeView } from "../../web/before_view.js";
import { callView } from "../../web/call_view.js";
import { reduce } from "../../web/state.js";
import { words } from "../../web/words.js";
import { before, desk as our_desk, hello, snapshot as ours } from "./call.mjs";
import { after, line, plain, shown } from "./seen.mjs";

const folders = ["snapshots", "desk/snapshots"].map((name) => new URL(`../../src/wire/${name}/`, import.meta.url));
const files = folders.flatMap((folder) => readdirSync(folder).map((name) => new URL(name, folder)));
const held = files
  .filter(({ href }) => href.endsWith(".snap"))
  .map((file) => readFileSync(file, "utf8").split(/^---$/m).slice(2).join("---").trim());

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

/** A value as the kinds of what it holds; a list is what its first item is. */
function shape(value) {
  if (Array.isArray(value)) return value.length ? [shape(value[0])] : [];
  if (value === null || typeof value !== "object") return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shape(part)]));
}

/** Whether all that the page was tested with is there, and of the same kind; null goes with anything. */
function lacks(mine, theirs, path = "") {
  if (theirs === undefined) return [`${path} is not there`];
  if (mine === null || theirs === null || Array.isArray(mine)) return [];
  if (typeof mine !== "object") return mine === theirs ? [] : [`${path} is a ${JSON.stringify(theirs)}, no ${mine}`];
  return Object.entries(mine).flatMap(([key, part]) => lacks(part, theirs[key], `${path}.${key}`));
}

test("the wire's snapshots, desks and events are found", () => {
  const found = [snapshots, desks, events].map(({ length }) => length);
  assert.ok(found[0] > 0 && found[1] > 0 && found[2] > 20, String(found));
});

test("a desk of the program has all that the page's tests were made with, and the page shows its modes", () => {
  for (const desk of desks) {
    assert.deepEqual(lacks(shape(our_desk()), shape(desk)), []);
    const { modes } = beforeView(after(hello(), desk, ours(before.first[0])), words.en);
    assert.deepEqual(modes.map(({ id, target }) => [id, plain(target)]), desk.modes.map(({ mode, target }) => [mode, `${Math.round(target * 100)} %`]));
    assert.ok(modes.every(({ name }) => name) && modes.some(({ id, chosen }) => chosen && id === desk.mode));
  }
});

test("a snapshot of the program has all that the page's tests were made with", () => {
  const { arrived_ms, ...mine } = ours();
  for (const snapshot of snapshots) {
    assert.deepEqual(lacks(shape(mine), shape(snapshot)), []);
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
  let state = after(hello(0), { ...ours(), seq: 0, now_ms: 12_400 });
  events.forEach((event, place) => {
    state = reduce(state, { type: "event", epoch: 1, ...event, seq: place + 1 });
    assert.deepEqual([state.seq, state.missed], [place + 1, 0]);
    if (event.kind === "nudge") {
      assert.deepEqual([line(state).kind, line(state).text], ["nudge", event.text.en], JSON.stringify(event));
      assert.match(callView(state, words.en).lastNudge, /The last was “.+”: ./);
      assert.doesNotMatch(callView(state, words.en).lastNudge, /undefined|NaN/);
      assert.ok(words.en[`kind_${event.nudge}`], `no name for ${event.nudge}`);
    }
    if (event.kind === "nudge_withdrawn" || event.kind === "nudge_dismissed") state = { ...state, nudge: null };
    if (event.kind === "heard" && event.text) assert.ok(state.said.some(({ text }) => text === event.text));
  });
});
