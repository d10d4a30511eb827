import assert from "node:assert/strict";
import { test } from "node:test";
import { reduce, resumeFrom, start } from "../../web/state.js";
import { view } from "../../web/view.js";
import { words } from "../../web/words.js";
import { before, desk, devices, event, hello, looks, nudge, snapshot, wholeCall } from "./call.mjs";
import { after, line, live, lost, nudged, plain, shown } from "./seen.mjs";

test("before anything is heard the page says that it connects", () => {
  assert.equal(line(start).text, "Connecting…");
  assert.equal(shown(start).title, "Connecting · Keicho");
  assert.deepEqual(resumeFrom(start), { last_seq: 0, epoch: 0 });
});

test("at rest: who has the floor, the share, the band, and an empty line", () => {
  const { title, floor, floorLabel, bar, line } = shown(live());
  assert.deepEqual([plain(title), floor, floorLabel], ["● Keicho", "me", "You"]);
  assert.deepEqual([bar.recent, bar.band, bar.stale], [0.42, { low: 0.2, high: 0.3 }, false]);
  assert.equal(line.kind, "none");
});

test("the hairline of the whole call appears once that is more than the last minutes", () => {
  const call = (now_ms) => shown(live(snapshot({ now_ms, arrived_ms: 90_000 }))).bar.call;
  assert.deepEqual([call(299_000), call(301_000)], [null, 0.47]);
});

test("the bar says whether that is over the target or under it, and how sure it is", () => {
  const talk_ms = { me: 60_000, them: 60_000 };
  const reading = (recent, changes) => shown(live(snapshot({ talk_ms, arrived_ms: 90_000, share: { recent }, ...changes }))).bar.reading;
  assert.deepEqual([reading(0.31), reading(0.3), reading(0.2), reading(0.19)], ["above the target", "at the target", "at the target", "below the target"]);
  assert.equal(reading(0.4, { talk_ms: { me: 20_000, them: 20_000 } }), "above the target (approximate: little talk so far)");
  const brief = { talk_ms: { me: 20_000, them: 20_000 }, share: { recent: 0.4 }, state: "ended" };
  assert.equal(shown(live(snapshot(brief))).bar.reading, "above the target (approximate: little talk)");
  assert.equal(reading(0.4, { echo: { detected: true, level_db: -20 } }), "above the target (approximate: their voice leaks in)");
  assert.equal(reading(null, {}), "");
});

test("what is left of the meeting is told at the foot, where its length was given", () => {
  const status = (now_ms, changes = {}) => plain(shown(live(desk({ meeting_min: 30 }), snapshot({ now_ms, demo_timing: false, ...changes }))).status);
  assert.deepEqual([status(70_000), status(1_741_000), status(1_800_001), status(1_990_000)], ["29 min left", "1 min left", "0 min left", "3 min over"]);
  assert.equal(status(70_000, { muted: true }), "muted", "what holds now goes first");
  assert.equal(shown(live(desk(), snapshot({ demo_timing: false }))).status, "");
});

test("a nudge to keep listening that is followed is told once, and no other", () => {
  const at = (now_ms, changes) => snapshot({ now_ms, arrived_ms: now_ms, floor: "them", speaking: { me: false, them: true }, ...changes });
  const shares = (at_ms) => ({ nudge: { ...nudge(at_ms), kind: "share" } });
  const told = (...messages) => line(live(...messages)).text;
  const begun = [at(80_000, shares(80_000)), at(90_000)];
  assert.equal(told(...begun, at(109_900)), "");
  assert.equal(told(...begun, at(110_000)), "You left room");
  assert.equal(told(...begun, at(110_000), at(118_100)), "", "not for long");
  assert.equal(told(...begun, at(100_000, { floor: "me" }), at(110_000)), "", "my own word ends it");
  const spoken = [at(80_000, shares(80_000)), at(82_000, { floor: "me", ...shares(80_000) }), at(86_000, shares(80_000)), at(90_000)];
  assert.equal(told(...spoken, at(110_000)), "", "also while the nudge is shown");
  assert.equal(told(...spoken, at(116_000)), "You left room", "they have had the floor for half a minute");
  assert.equal(told(...begun, at(110_000), at(200_000, shares(200_000)), at(210_000), at(231_000)), "", "once a call");
});

test("who only gives signs of listening is told gently, once, and when nobody talks", () => {
  const counts = { ...snapshot().counts, backchannels: { me: 9, them: 0 } };
  const at = (now_ms, changes) => snapshot({ now_ms, arrived_ms: now_ms, floor: "free", share: { call: 0.08, recent: 0.08 }, counts, ...changes });
  const told = (...messages) => line(live(...messages)).text;
  assert.equal(told(at(700_000)), "They may like to hear you too.");
  assert.equal(told(at(500_000)), "", "not in the first ten minutes");
  assert.equal(told(at(700_000, { floor: "them" })), "", "not while they speak");
  assert.equal(told(at(700_000, { share: { call: 0.12, recent: 0.12 } })), "");
  assert.equal(told(at(700_000, { counts: snapshot().counts })), "", "who gives no sign of listening either");
  assert.equal(told(at(700_000), at(721_000)), "", "once");
});

test("the tab's title carries the floor by shape", () => {
  const title = (changes) => plain(shown(live(snapshot(changes))).title);
  assert.equal(title({ floor: "them" }), "○ Keicho");
  assert.equal(title({ floor: "free" }), "Keicho");
  assert.equal(shown(after(hello(), snapshot(looks.start))).title, "Keicho");
});

test("a whole call, message by message, misses nothing and ends", () => {
  let state = after(hello(0));
  for (const { message } of wholeCall()) state = reduce(state, { ...message, arrived_ms: message.now_ms });
  assert.deepEqual([state.seq, state.missed], [9, 0]);
  assert.equal(line(state).kind, "ended");
  assert.equal(shown(state).title, "Ended · Keicho");
});

test("what is shown at rest changes at most once a second: share, floor and all", () => {
  const at = (arrived_ms, recent, floor) => snapshot({ arrived_ms, floor, share: { call: 0.47, recent } });
  const first = after(hello(), snapshot({ arrived_ms: 80_000 }));
  const come = [at(80_400, 0.5, "them"), at(80_999, 0.6, "them"), at(81_000, 0.7, "free"), at(81_100, 0.7, "them")];
  const states = come.map((_, i) => come.slice(0, i + 1).reduce(reduce, first));
  assert.deepEqual(states.map((state) => shown(state).bar.recent), [0.42, 0.42, 0.7, 0.7]);
  assert.deepEqual(states.map((state) => shown(state).floor), ["me", "me", "free", "free"]);
});

test("after a rest a change is shown at once, and what looks the same is no change", () => {
  const first = after(hello(), snapshot({ arrived_ms: 80_000 }));
  const same = reduce(first, snapshot({ arrived_ms: 82_000, share: { call: 0.4712, recent: 0.4189 } }));
  assert.equal(same.rest, first.rest);
  const floor = reduce(same, snapshot({ arrived_ms: 82_100, floor: "them" }));
  assert.equal(shown(floor).floor, "them");
});

test("over an hour of snapshots the display at rest changes no more than once a second", () => {
  let state = after(hello());
  let [changed_ms, changes, before] = [-Infinity, 0, ""];
  for (let i = 0; i < 36_000; i += 1) {
    const floor = ["me", "them", "free"][(i * 7919) % 3];
    const share = { call: 0.4, recent: ((i * 31) % 100) / 100 };
    state = reduce(state, snapshot({ seq: i, now_ms: i * 100, arrived_ms: i * 100, floor, share }));
    const { line, bar, title, floor: dot } = shown(state);
    const now = JSON.stringify([line, bar, title, dot]);
    if (now === before) continue;
    assert.ok(i * 100 - changed_ms >= 1_000, `changed at ${changed_ms} ms and at ${i * 100} ms`);
    [changed_ms, before, changes] = [i * 100, now, changes + 1];
  }
  assert.ok(changes > 1_000, `${changes} changes`);
});

test("the end shows the last share at once", () => {
  const state = live(snapshot({ ...looks.ended, arrived_ms: 70_100, share: { call: 0.4, recent: 0.1 } }));
  assert.equal(shown(state).bar.recent, 0.1);
});

test("a nudge is shown from its event on and is gone with the snapshots that no longer have it", () => {
  const state = live(nudged(13, 64_500));
  const dismiss = { command: "dismiss", label: "Dismiss" };
  assert.deepEqual(line(state), { kind: "nudge", text: "Keep listening", actions: [dismiss, { explain: true, label: "Why" }] });
  assert.equal(view(state, words.ja).line.text, "このまま聞く");
  assert.equal(shown(state).spoken, "Keep listening");
  // For how long is the user's setting, from three seconds to sixty.
  const later = (now_ms, nudge) => reduce(state, snapshot({ seq: 13, now_ms, nudge }));
  assert.equal(line(later(124_400, nudge(64_500))).kind, "nudge");
  assert.equal(line(later(67_500, null)).kind, "none");
  assert.equal(shown(later(67_500, null)).spoken, "");
});

test("a snapshot older than the nudge's event does not take the nudge away; a newer one does", () => {
  const state = live(nudged(13, 64_500));
  assert.equal(line(reduce(state, snapshot({ seq: 12, now_ms: 64_600 }))).kind, "nudge");
  assert.equal(line(reduce(state, snapshot({ seq: 13, now_ms: 64_600 }))).kind, "none");
});

test("a nudge is withdrawn, and a withdrawal of another kind leaves it", () => {
  const state = live(nudged(13, 64_500, { nudge: "monologue", tier_ms: 60_000 }));
  assert.equal(line(reduce(state, event(14, 64_900, "nudge_withdrawn", { nudge: "share" }))).kind, "nudge");
  assert.equal(line(reduce(state, event(14, 64_900, "nudge_withdrawn", { nudge: "monologue" }))).kind, "none");
});

test("a monologue's next tier takes the place of the one before and stays its own eight seconds", () => {
  const kind = { nudge: "monologue" };
  const next = { ja: "続きを聞く", en: "Over to them" };
  const state = live(nudged(13, 60_000, { ...kind, tier_ms: 60_000 }), nudged(14, 66_000, { ...kind, tier_ms: 90_000, text: next }));
  const later = reduce(state, snapshot({ seq: 14, now_ms: 70_000, nudge: { ...kind, kind: "monologue", tier_ms: 90_000, at_ms: 66_000, text: next } }));
  assert.deepEqual([line(later).kind, line(later).text], ["nudge", "Ask what they think"]);
});

test("a silence is timed from three seconds on", () => {
  assert.equal(line(live(snapshot({ floor: "free", silence_ms: 2_999 }))).kind, "none");
  assert.deepEqual(line(live(snapshot(looks.silence))), { kind: "silence", text: "Silence", timer: "0:04" });
  assert.equal(line(live(snapshot({ silence_ms: 83_000 }))).timer, "1:23");
});

test("a good wait fills from 1.5 s to 10 s, and is timed like any silence", () => {
  const wait = (silence_ms) => line(live(snapshot({ floor: "free", waiting: true, silence_ms })));
  assert.deepEqual(wait(1_500), { kind: "wait", text: "Good wait", timer: "", fill: 0 });
  assert.deepEqual(wait(5_750), { kind: "wait", text: "Good wait", timer: "0:05", fill: 0.5 });
  assert.equal(wait(12_000).fill, 1);
});

test("a call that is not saved says so until it is, also once it has ended", () => {
  const saving = (state, text) => ({ type: "saving", state, text });
  const troubled = saving("retrying", { ja: "保存できません", en: "not saved now" });
  assert.deepEqual(line(live(nudged(13, 64_000), troubled)), { kind: "trouble", text: "not saved now" });
  assert.equal(line(live(troubled, saving("saved", null))).kind, "none");
  const waiting = saving("waiting", { ja: "まだ", en: "not saved yet" });
  const ended = snapshot({ state: "ended", now_ms: 70_000 });
  assert.equal(line(live(troubled, ended, waiting)).text, "not saved yet");
  assert.equal(line(live(troubled, ended, waiting, saving("saved", null))).kind, "ended");
});

test("lost audio says what to do, before any nudge", () => {
  for (const track of ["me", "them", "both"]) {
    const state = live(snapshot({ ...looks[`lost_${track}`], nudge: nudge(64_000) }));
    assert.deepEqual(line(state), { kind: "trouble", text: words.en[`lost_${track}`], actions: [] });
    assert.equal(shown(state).title, "No sound · Keicho");
  }
});

test("a loss of a moment is not told: a device that is only just opened has one", () => {
  const at = (now_ms, lost, lost_ms = 0) => snapshot({ now_ms, arrived_ms: now_ms, audio: { me: { lost: false, lost_ms: 0 }, them: { lost, lost_ms }, troubles: [] } });
  const told = (...messages) => line(live(...messages)).text === words.en.lost_them;
  assert.deepEqual([told(at(80_000, true, 40)), told(at(80_000, true, 40), at(81_900, true, 1_940)), told(at(80_000, true, 40), at(82_000, true, 2_040))], [false, false, true]);
  assert.equal(told(at(80_000, true), at(81_000, false), at(81_500, true), at(83_000, true)), false, "each counts by itself");
  assert.ok(told(at(80_000, true, 60_000)), "who comes later");
});

const troubled = (...troubles) => ({ audio: { me: kept, them: kept, troubles } });
const kept = { lost: false, lost_ms: 0 };

test("sound that means nothing is told before any nudge, the worst first", () => {
  const both = troubled({ trouble: "dead", track: "them" }, { trouble: "same_sound", track: null });
  const same = line(live(snapshot({ ...looks.nudge, ...both })));
  assert.deepEqual([same.kind, same.text], ["trouble", words.en.trouble_same_sound]);
  const dead = troubled({ trouble: "dead", track: "me" });
  assert.equal(line(live(snapshot({ ...looks.nudge, ...dead }))).text, words.en.trouble_dead_me);
});

test("a side that is not heard can be taken from another device where that is told", () => {
  const actions = (changes) => line(live(desk({ devices }), snapshot(changes))).actions;
  const [them] = actions(looks.lost_them);
  assert.deepEqual([them.devices, them.label, them.picker.value], ["them", "Sound output", "speakers"]);
  assert.deepEqual(them.picker.options.map(({ text }) => text), [
    "Computer’s default (Jabra Evolve 65)",
    "Built-in Audio Analogue Stereo",
    "Jabra Evolve 65",
    "Only Zoom",
  ]);
  assert.equal(actions(troubled({ trouble: "dead", track: "me" }))[0].devices, "me");
  assert.equal(actions(troubled({ trouble: "no_voice", track: "me" }))[0].devices, "me");
  for (const both of [looks.lost_both, troubled({ trouble: "same_sound", track: null })]) {
    assert.deepEqual(actions(both), [{ unfold: "sound", label: "Choose devices" }]);
  }
  assert.deepEqual(actions({ ...before.first[0], ...looks.lost_them, state: "before" }), [], "they are in sight already");
});

test("a device that was chosen and is unplugged stays the choice", () => {
  const gone = { ...devices, me: { ...devices.me, chosen: "usb", heard: null } };
  const [{ picker }] = line(live(desk({ devices: gone }), snapshot(looks.lost_me))).actions;
  assert.deepEqual([picker.value, picker.options.at(-1).text], ["usb", "usb (not connected)"]);
});

test("no device is blamed when what reaches all of them has stopped, and that is told as over when it is", () => {
  const silent = (server_silent) => desk({ devices: { me: { ...devices.me, heard: null, server_silent }, them: { ...devices.them, heard: null, server_silent } } });
  for (const look of [looks.lost_both, looks.lost_me, { ...before.first[0], ...looks.lost_both, state: "before" }]) {
    const told = line(live(silent(true), snapshot(look)));
    assert.deepEqual([told.kind, told.text, told.actions], ["trouble", words.en.lost_server, undefined]);
  }
  assert.equal(line(live(silent(true), silent(false), snapshot(looks.lost_both))).text, words.en.lost_both, "it is back, the devices are not");
  assert.equal(line(live(silent(true), snapshot(looks.rest))).kind, "none", "all is heard still");
});

test("sound that makes figures rougher is told in the quiet", () => {
  const choppy = troubled({ trouble: "choppy", track: "them" });
  assert.equal(line(live(snapshot(choppy))).text, words.en.trouble_choppy_them);
  assert.equal(line(live(snapshot({ ...looks.nudge, ...choppy }))).kind, "nudge");
  assert.equal(line(live(snapshot({ ...looks.wait, ...choppy }))).kind, "wait");
});

test("every trouble that can come has its sentence", () => {
  const tracks = ["choppy_them", "same_sound", "voice_returns", "no_voice_me", "other_voices_me", "call_over"];
  for (const kind of ["clipping", "quiet", "noisy", "dead"]) tracks.push(`${kind}_me`, `${kind}_them`);
  for (const name of tracks) assert.ok(words.en[`trouble_${name}`] && words.ja[`trouble_${name}`], name);
});

test("figures are told only while the bar is pointed at, and are unsure under an echo", () => {
  const point = { type: "point", pointed: true };
  assert.equal(line(live(point)).kind, "figures");
  assert.equal(plain(line(live(point)).text), "Last 5 min 42% · call 47% · target 20–30%");
  const unsure = live(snapshot({ echo: { detected: true, level_db: -15 } }), point);
  assert.match(plain(line(unsure).text), /Last 5 min ≈ 42%/);
  assert.equal(line(live(point, { type: "point", pointed: false })).kind, "none");
});

test("a share that was not measured is no zero", () => {
  const { bar } = shown(after(hello(), snapshot(looks.start)));
  assert.deepEqual([bar.recent, bar.call], [null, null]);
  assert.equal(plain(bar.text), "Last 5 min – · call – · target 20–30%");
});

test("a lost connection shows as such, keeps the bar as stale, and asks to resume", () => {
  const state = live(event(13, 64_500, "speech"), lost());
  assert.equal(line(state).text, "Connection lost. Trying again…");
  assert.deepEqual([shown(state).bar.stale, shown(state).bar.recent, shown(state).floor], [true, 0.42, "free"]);
  assert.equal(shown(state).title, "Reconnecting · Keicho");
  assert.deepEqual(resumeFrom(state), { last_seq: 13, epoch: 1 });
});

test("while one side alone was heard, or hardly anything said, there is no share", () => {
  const share = (me, them) => shown(live(snapshot({ talk_ms: { me, them } }))).bar.recent;
  assert.deepEqual([share(3_000, 0), share(0, 90_000), share(2_000, 1_000)], [null, null, null]);
  assert.ok(share(6_000, 4_000) > 0);
  const early = live(snapshot({ now_ms: 3_000, talk_ms: { me: 3_000, them: 0 } }));
  assert.equal(line(early).text, "Your share appears once you both talk.");
});

test("when nobody answers for long the page asks to start anew", () => {
  const state = live(lost(7));
  assert.deepEqual(line(state), { kind: "trouble", text: words.en.gone_replay });
  assert.equal(line(live(snapshot({ source: "live" }), lost(7))).text, words.en.gone, "a live call is kept");
  assert.deepEqual([shown(state).bar, shown(state).title], [null, "No answer · Keicho"]);
});

test("a resume brings what was missed; nothing is shown as live before its snapshot", () => {
  const missed = [event(13, 65_000, "floor"), nudged(14, 66_000), event(15, 75_000, "silence")];
  const between = live(lost(), hello(15), ...missed);
  assert.equal(line(between).kind, "state");
  const back = reduce(between, snapshot({ seq: 15, now_ms: 80_000 }));
  assert.deepEqual([back.link, back.seq, back.missed], ["live", 15, 0]);
  assert.equal(line(back).kind, "none");
});

test("events that never come are counted, in a resume and in the stream", () => {
  assert.equal(live(lost(), hello(15), event(13, 65_000, "floor"), snapshot({ seq: 15 })).missed, 2);
  assert.equal(live(event(13, 65_000, "floor"), event(16, 66_000, "floor")).missed, 2);
});

test("a newcomer has missed nothing, even if the first snapshot is older than the hello", () => {
  const state = after(hello(13), snapshot({ seq: 12 }), event(14, 64_500, "floor"));
  assert.deepEqual([state.seq, state.missed], [14, 0]);
});

test("events that come twice, or unknown kinds and types, change nothing but the count", () => {
  const state = live(nudged(13, 64_500));
  assert.equal(reduce(state, nudged(13, 64_500)), state);
  assert.equal(reduce(state, { type: "weather", sky: "blue" }), state);
  const unknown = reduce(state, event(14, 64_700, "eclipse", { totality: true }));
  assert.deepEqual({ ...unknown, seq: 13 }, state);
});

test("a new epoch forgets the old log; stragglers of the old one are dropped", () => {
  const nudging = live(nudged(13, 64_500));
  const erased = reduce(nudging, snapshot({ epoch: 2, seq: 1, now_ms: 65_000 }));
  assert.deepEqual([erased.epoch, erased.seq, erased.nudge, erased.missed], [2, 1, null, 0]);
  assert.equal(reduce(erased, nudged(14, 65_100)), erased);
  assert.equal(reduce(erased, snapshot({ now_ms: 65_200 })), erased);
  assert.deepEqual(resumeFrom(erased), { last_seq: 1, epoch: 2 });
});

test("an event of a new epoch may come before its snapshot", () => {
  const state = live({ ...event(1, 65_000, "speech"), epoch: 2 }, snapshot({ epoch: 2, seq: 1 }), { ...event(2, 65_200, "floor"), epoch: 2 });
  assert.deepEqual([state.epoch, state.seq, state.missed], [2, 2, 0]);
});

test("a hello of another epoch while we were away starts from its snapshot", () => {
  const state = live(lost(), hello(3, 2), snapshot({ epoch: 2, seq: 3 }));
  assert.deepEqual([state.epoch, state.seq, state.missed], [2, 3, 0]);
});

test("an ended call stays ended when the server goes, and nothing is resumed", () => {
  const state = live(snapshot(looks.ended), lost());
  assert.deepEqual(line(state), { kind: "ended", text: "The call has ended." });
  assert.equal(shown(state).bar.stale, false);
  assert.equal(resumeFrom(state), null);
});

test("an old address and an old page say what to open", () => {
  const state = (link) => after({ type: "link", link });
  assert.match(line(state("old_address")).text, /from an earlier start/);
  assert.match(line(state("old_page")).text, /Reload/);
  assert.equal(shown(state("old_address")).title, "Earlier start · Keicho");
});

test("the demo's timing is shown for as long as it holds", () => {
  assert.equal(shown(live()).status, "demo timing");
  assert.equal(shown(live(lost())).status, "demo timing");
  assert.equal(shown(live(snapshot({ demo_timing: false }))).status, "");
});

test("the reducer changes no state that it was given", () => {
  const freeze = (value) => (Object.values(value ?? {}).forEach((part) => typeof part === "object" && freeze(part)), Object.freeze(value));
  const messages = [hello(), snapshot(), nudged(13, 64_500), event(14, 65_000, "nudge_withdrawn"), lost(), hello(14), snapshot({ seq: 14 })];
  messages.map(freeze).reduce((state, message) => freeze(reduce(state, message)), freeze({ ...start }));
});

const heard = (seq, start_ms, track, text) => event(seq, start_ms + 2_000, "heard", { track, start_ms, end_ms: start_ms + 900, text });

test("what is decoded again, in another language, replaces what stood there", () => {
  const said = (...events) => live(...events).said.map(({ track, text }) => `${track} ${text}`);
  const before = [heard(13, 5_000, "me", "at"), heard(14, 5_300, "them", "b"), heard(15, 7_000, "me", "c")];
  assert.deepEqual(said(...before, heard(16, 5_000, "me", "あ")), ["me あ", "them b", "me c"]);
  assert.deepEqual(said(...before, heard(16, 5_000, "me", undefined)), ["them b", "me c"]);
});

test("what was said is shown in the order in which it was begun, the newest six", () => {
  const said = [[13, 5_000, "me", "b"], [14, 4_000, "them", "a"], [15, 9_000, "me", "c"]];
  const state = live(...said.map((one) => heard(...one)));
  assert.deepEqual(shown(state).said.map(({ name, text }) => `${name} ${text}`), ["Them a", "You b", "You c"]);
  const many = Array.from({ length: 30 }, (_, i) => heard(13 + i, 1_000 * i, "me", String(i)));
  assert.deepEqual(shown(live(...many)).said.map(({ text }) => text), ["24", "25", "26", "27", "28", "29"]);
  assert.equal(live(...many).said.length, 20);
});

test("without words nothing is listed, and what was erased is gone", () => {
  assert.deepEqual(shown(live(heard(13, 5_000, "me", undefined))).said, []);
  const erased = reduce(live(heard(13, 5_000, "me", "a")), hello(0, 2));
  assert.deepEqual(erased.said, []);
});

test("a recogniser behind or broken is told in the quiet, and what it missed with the figures", () => {
  const with_text = (text, changes = {}) => line(live(snapshot({ text: { waiting_ms: 0, coverage: 1, ...text }, ...changes })));
  assert.equal(with_text({ state: "ready" }).kind, "none");
  assert.equal(with_text({ state: "loading" }).kind, "none");
  assert.deepEqual(with_text({ state: "behind" }), { kind: "state", text: "Words are running late. Your share is not affected." });
  assert.equal(with_text({ state: "broken" }).text, "Words have stopped. Your share is not affected.");
  const never = { state: "broken", coverage: null };
  assert.equal(with_text(never, { now_ms: 59_000 }).text, "Running without words. Shares and silences still count.");
  assert.equal(with_text(never).kind, "none", "that is not told all call long");
  assert.equal(with_text({ state: "behind" }, looks.nudge).kind, "nudge");
  const bar = (coverage) => plain(shown(live(snapshot({ text: { state: "ready", waiting_ms: 0, coverage } }))).bar.text);
  assert.match(bar(0.879), / · words 87% · /);
  assert.doesNotMatch(bar(1), /words/);
  assert.doesNotMatch(bar(null), /words/);
});
