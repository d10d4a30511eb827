import assert from "node:assert/strict";
import { test } from "node:test";
import { callView } from "../../web/call_view.js";
import { view } from "../../web/view.js";
import { reduce } from "../../web/state.js";
import { words } from "../../web/words.js";
import { desk, event, hello, items, looks, nudge, snapshot } from "./call.mjs";
import { after, line, live, lost, nudged, plain, shown } from "./seen.mjs";

const call = (state) => callView(state, words.en);
const seen = (changes) => live(snapshot(changes));

test("off the record says what is not kept and until when, and is spoken once", () => {
  const state = seen(looks.off_record);
  const { kind, text, timer, actions } = line(state);
  assert.deepEqual([kind, text, plain(timer)], ["off_record", "Off the record: 10:12–14:12 is not kept.", "3 min left"]);
  assert.deepEqual(actions, [{ command: "on_record", label: "Back on the record" }]);
  const later = seen({ ...looks.off_record, now_ms: 790_000 });
  assert.equal(shown(state).spoken, shown(later).spoken);
  assert.deepEqual([shown(state).title, shown(state).floor, shown(state).bar.stale], ["Off the record · Keicho", "free", true]);
});

test("a quiet call says that it is one, and has no nudges to pause", () => {
  const trial = (arm) => call(live(desk({ trial: arm }), snapshot())).trial;
  assert.deepEqual([trial("quiet").quiet, trial("nudged").quiet, trial(null).quiet], [true, false, false]);
  assert.match(trial("quiet").text, /^This call has no nudges\./);
  assert.equal(trial(null).text, "");
});

test("that topics come back is said of a call that is remembered alone", () => {
  const remembered = (source, name = "Sato") => call(live(desk({ with: name }), snapshot({ source }))).remembered;
  assert.deepEqual(["live", "demo", "replay"].map((source) => remembered(source)), [true, false, false]);
  assert.equal(remembered("live", null), false, "topics come back with a person");
});

test("off the record can be taken back while nothing is erased, and that is spoken", () => {
  const state = seen(looks.undo);
  const { kind, text, timer, actions } = line(live(desk(), snapshot(looks.undo)));
  assert.deepEqual([kind, plain(text), plain(timer)], ["undo", "Going off the record. The last 2 min go too.", "5 s"]);
  assert.deepEqual(actions, [{ command: "on_record", label: "Undo" }]);
  assert.deepEqual([call(state).on.offRecord, call(state).on.undo], [true, true]);
  assert.equal(shown(seen({ ...looks.undo, off_record_undo_ms: 900 })).spoken, shown(state).spoken);
});

test("once it is over, what was off the record is said for eight seconds, in the new log", () => {
  const over = { ...event(1, 860_000, "off_record", { start_ms: 612_000, end_ms: 852_000 }), epoch: 2 };
  const at = (now_ms) => snapshot({ epoch: 2, seq: 1, now_ms });
  const state = live(snapshot(looks.off_record), over, at(860_000));
  assert.deepEqual([line(state).kind, line(state).text], ["off_record", "10:12–14:12 is erased."]);
  assert.equal(shown(state).spoken, "10:12–14:12 is erased.");
  assert.equal(line(reduce(state, at(868_000))).kind, "none");
});

test("a pause says that nothing is heard, and how to go on", () => {
  const { kind, text, actions } = line(seen(looks.paused));
  assert.deepEqual([kind, text, actions[0].command], ["state", "Paused. Nothing is heard.", "resume"]);
  assert.equal(shown(seen(looks.paused)).title, "Paused · Keicho");
});

test("muted is said at the foot, and a silent microphone is no trouble then", () => {
  const state = seen({ ...looks.muted, audio: { ...snapshot().audio, troubles: [{ trouble: "dead", track: "me" }] } });
  assert.deepEqual([shown(state).status, line(state).kind], ["muted", "none"]);
  assert.equal(line(reduce(state, snapshot({ ...state.snapshot, muted: false }))).kind, "trouble");
});

test("why nudges wait is said in the quiet, whatever the reason", () => {
  for (const why of ["lost", "echo", "far_end"]) {
    const state = seen({ nudges_stopped: why });
    assert.deepEqual([line(state).text, shown(state).status], [words.en[`stopped_${why}`], "nudges paused"]);
  }
  assert.equal(line(seen({ nudges_stopped: "echo", nudge: nudge(64_000), now_ms: 64_500 })).kind, "nudge");
});

test("a rest of the nudges tells how long it lasts, by the call's clock", () => {
  const { status, statusMeans } = shown(seen(looks.snoozed));
  const means = "No nudges until 17:00 of the call. Sound trouble is still shown.";
  assert.deepEqual([plain(status), statusMeans], ["no nudges, 7 min left", means]);
  assert.equal(shown(seen({ ...looks.snoozed, now_ms: 1_020_000, demo_timing: false })).status, "");
});

test("a rest of the nudges hides no trouble with the sound: neither its line nor its nudge", () => {
  const troubles = [{ trouble: "choppy", track: "them" }];
  const choppy = { ...looks.snoozed, audio: { ...snapshot().audio, troubles } };
  assert.deepEqual([line(seen(choppy)).text, plain(shown(seen(choppy)).status)], [words.en.trouble_choppy_them, "no nudges, 7 min left"]);
  assert.equal(line(seen({ ...looks.snoozed, ...looks.lost_me, now_ms: 600_000 })).text, words.en.lost_me);
  assert.equal(line(seen({ ...looks.snoozed, echo: { detected: true }, nudges_stopped: "echo" })).text, words.en.stopped_echo);
  const told = { ...nudge(599_500), kind: "audio", text: { ja: "音を確かめる？", en: "Check the sound?" } };
  assert.equal(line(seen({ ...choppy, nudge: told })).text, "Check the sound");
});

test("an ice-breaker tells its minutes, and audio trouble comes before it", () => {
  const { text, timer } = line(seen(looks.icebreaker));
  assert.deepEqual([text, plain(timer)], ["Small talk", "4 min left"]);
  assert.equal(line(seen({ ...looks.icebreaker, ...looks.lost_me })).kind, "trouble");
});

test("a call that seems over offers to stop, and the page asks once before it does", () => {
  const state = seen(looks.call_over);
  assert.deepEqual(line(state).actions, [{ ask: true, label: "Finish" }]);
  const asking = reduce(state, { type: "ask", asking: true });
  assert.deepEqual(line(asking).actions, [{ command: "stop", label: "Finish" }, { ask: false, label: "Keep going" }]);
  assert.equal(reduce(asking, snapshot(looks.ended)).asking, false);
  // One button says “Finish” at a time: none if the question has gone with the connection.
  const lost = reduce(asking, { type: "link", link: "lost" });
  assert.deepEqual([state, asking, lost].map((state) => call(state).asks), [false, true, false]);
});

test("stuck is an offer that waits for silence to be no good wait", () => {
  const { kind, actions } = line(seen(looks.stuck));
  assert.equal(kind, "offer");
  assert.deepEqual(actions.map(({ fields }) => fields.answer), ["shown", "later"]);
  assert.equal(line(seen({ ...looks.stuck, waiting: true, silence_ms: 5_000 })).kind, "wait");
});

test("an item whose words came up is offered as done, and can be declined", () => {
  const { text, actions } = line(seen(looks.offered));
  assert.equal(plain(text), "“面談の前に話しておきたいこと”: covered?");
  assert.deepEqual(actions.map(({ command, fields }) => [command, fields]), [
    ["agenda_set", { id: 2, state: "done" }],
    ["agenda_decline", { id: 2 }],
  ]);
  const done = looks.offered.agenda.map((item) => ({ ...item, state: "done" }));
  assert.equal(line(seen({ ...looks.offered, agenda: done })).kind, "none");
});

test("offers wait while a nudge is shown", () => {
  assert.equal(line(seen({ ...looks.offered, now_ms: 64_500, nudge: nudge(64_000) })).kind, "nudge");
});

test("a refused command says why for eight seconds, in the language of the page, and aloud", () => {
  const why = { ja: "いまはできません。", en: "Not now." };
  const state = live({ type: "refused", command: "begin", why, arrived_ms: 72_000 });
  assert.deepEqual([line(state), shown(state).spoken], [{ kind: "denied", text: "Not now." }, "Not now."]);
  assert.equal(view(state, words.ja).line.text, "いまはできません。");
  assert.equal(line(reduce(state, snapshot({ arrived_ms: 79_999 }))).kind, "denied");
  assert.equal(line(reduce(state, snapshot({ arrived_ms: 80_000 }))).kind, "none");
});

test("a refusal does not cost a nudge its moment: it is told for half of it, and the nudge is there again", () => {
  const refused = { type: "refused", command: "begin", why: { ja: "いまはできません。", en: "Not now." }, arrived_ms: 72_000 };
  const later = (state, ms) => line(reduce(state, snapshot({ seq: 13, now_ms: 64_500 + ms, arrived_ms: 72_000 + ms, nudge: ms < 8_000 ? nudge(64_500) : null })));
  for (const both of [[refused, nudged(13, 64_500)], [nudged(13, 64_500), refused]]) {
    const state = live(...both);
    assert.equal(line(state).text, "Not now.");
    assert.equal(later(state, 3_999).text, "Not now.");
    assert.deepEqual([later(state, 4_000).text, later(state, 7_999).text], ["Keep listening", "Keep listening"]);
    assert.equal(later(state, 8_000).kind, "none");
  }
});

test("a refusal that gave way to a nudge is gone: neither the nudge's end nor its dismissal brings it back", () => {
  const refused = { type: "refused", command: "begin", why: { ja: "いまはできません。", en: "Not now." }, arrived_ms: 72_000 };
  const at = (state, ms) => reduce(state, snapshot({ seq: 13, now_ms: 64_500 + ms, arrived_ms: 72_000 + ms, nudge: ms < 6_000 ? nudge(62_500) : null }));
  const shown = at(live(nudged(13, 62_500), refused), 5_000);
  assert.equal(line(shown).kind, "nudge");
  assert.equal(line(reduce(shown, event(14, 69_600, "nudge_dismissed", { nudge: "share" }))).kind, "none");
  assert.equal(line(at(shown, 6_500)).kind, "none");
});

test("a command that was not sent is told for as long as nothing comes, and forgotten at the next hello", () => {
  const state = live(lost(), { type: "unsent", command: "pause", arrived_ms: 72_000 });
  assert.equal(line(state).text, words.en.unsent);
  assert.equal(reduce(state, hello()).denied, null);
});

test("what was written down is a list to tick and notes with their moments", () => {
  const { actions, notes } = call(seen(looks.offered));
  assert.deepEqual(
    actions.map(({ id, label, done, dropped }) => [id, label, done, dropped]),
    [
      [1, "them · from last time", false, false],
      [3, "you", true, false],
    ],
  );
  assert.deepEqual(notes, [{ id: 2, text: "来月から育休", time: "1:01" }]);
  const off = looks.offered.notes.map((note) => (note.id === 1 ? { ...note, state: "dropped" } : note));
  assert.equal(call(seen({ ...looks.offered, notes: off })).actions[0].label, "them · dropped · from last time");
});

test("an agenda that was written here is shown until a snapshot has it, or the program refuses it", () => {
  const before = { state: "before", agenda: items.slice(0, 1) };
  const writing = live(snapshot(before), { type: "draft", agenda: ["a", "b"] }, snapshot(before));
  assert.deepEqual(writing.draft, ["a", "b"]);
  const agreed = snapshot({ ...before, agenda: ["a", "b"].map((text, id) => ({ id, text, state: "open", offered: false })) });
  assert.equal(reduce(writing, agreed).draft, null);
  const refused = { type: "refused", command: "prepare", why: { ja: "多い", en: "too many" }, arrived_ms: 1 };
  assert.equal(reduce(writing, refused).draft, null);
});

test("where nobody answers any more there is nothing to steer, and no figure stands for now", () => {
  const gone = [lost(7), { type: "link", link: "old_address" }, { type: "link", link: "over" }];
  for (const state of gone.map((link) => live(link))) assert.deepEqual([call(state).runs, call(state).details], [false, []]);
  assert.ok(call(live(lost(6))).runs && call(live(lost(6))).details.length > 0, "a hiccup takes nothing away");
});

test("a dismissed nudge is gone at its event", () => {
  const state = live(nudged(13, 64_500));
  assert.equal(line(reduce(state, event(14, 65_000, "nudge_dismissed", { nudge: "share" }))).kind, "none");
});

test("the last nudge says which figures fired it, also when it is gone", () => {
  const why = { recent_share: 0.61, call_share: 0.55, target: 0.3 };
  const state = live(nudged(13, 64_500, { why }), event(14, 65_000, "nudge_dismissed", { nudge: "share" }));
  assert.equal(plain(call(state).lastNudge), "The last was “Keep listening”: you did 61% of the talking in the last 5 min (target 30%).");
  assert.equal(call(state).lastKind, "share");
  assert.match(call(live(nudged(13, 64_500, { nudge: "monologue", why: { tier_ms: 60_000, length_ms: 61_200 } }))).lastNudge, /lasted 1\u00a0min\u00a01\u00a0s/);
  const muted = reduce(state, snapshot({ seq: 14, quiet: { snoozed_until_ms: null, muted_kinds: ["share"] } }));
  assert.deepEqual([call(muted).lastNudge, call(muted).mutedKinds], ["", [{ kind: "share", name: "talk share" }]]);
});

test("why a nudge appeared is told on it, in the line, and stays to be read", () => {
  const why = { recent_share: 0.61, call_share: 0.55, target: 0.3 };
  const state = reduce(live(nudged(13, 64_500, { why })), { type: "explain", explain: true });
  const { kind, text, actions } = line(state);
  assert.deepEqual([kind, plain(text)], ["why", "You did 61% of the talking in the last 5 min (target 30%)."]);
  assert.deepEqual(actions, [{ explain: false, label: "Close" }]);
  const at = (now_ms) => reduce(state, snapshot({ seq: 13, now_ms }));
  assert.deepEqual([line(at(80_000)).kind, line(at(90_000)).kind], ["why", "none"]);
  assert.notEqual(line(reduce(state, { type: "explain", explain: false })).kind, "why");
  assert.equal(line(reduce(state, nudged(14, 66_000))).kind, "nudge", "another has come");
});

test("every kind says why in a sentence of its own", () => {
  const reasons = {
    monologue: [{ tier_ms: 60_000, length_ms: 120_000 }, "Your turn had lasted 2 min."],
    cut_in: [{ start_ms: 3_000, overlap_ms: 600 }, "You began while they were talking."],
    listening: [{ talk_ms: 60_000 }, "No sign of listening for 1 min."],
    regrab: [{ count: 2, wait_ms: 1_200 }, "You spoke again 1.2 s after a question: twice so far."],
    closed_run: [{ count: 3 }, "3 yes-or-no or progress questions in a row."],
    pace: [{ pace: 1.2 }, "20% faster than your usual."],
    fillers: [{ count: 4, talk_ms: 20_000 }, "4 fillers in 20 s."],
    audio: [{ trouble: "dead", track: "them" }, words.en.trouble_dead_them],
  };
  for (const [kind, [why, said]] of Object.entries(reasons)) {
    const state = reduce(live(nudged(13, 64_500, { nudge: kind, why })), { type: "explain", explain: true });
    assert.equal(plain(line(state).text), said);
  }
});

test("details: shares, longest turn, both sides' counts, waits and the time", () => {
  const told = call(seen({ now_ms: 754_000 })).details.map(({ name, figure }) => plain(`${name}: ${figure}`));
  assert.deepEqual(told, [
    "Talk share, last 5 min: 42%",
    "Talk share, whole call: 47%",
    "Target: 20–30%",
    "Your longest turn: 0:41",
    "Interruptions: you 1 · them 0",
    "Signs of listening: you 3 · them 5",
    "Wait after your questions: median 2.4 s (3)",
    "Time so far: 12 min",
  ]);
});

test("details: what a transcript without ends cannot tell is a dash", () => {
  const counts = { interruptions: null, backchannels: null, silences: null };
  const waits = { count: 0, median_ms: null, last_ms: null };
  const told = call(seen({ now_ms: 754_000, counts, waits })).details;
  assert.deepEqual(told.map(({ figure }) => figure).slice(4, 7), ["–", "–", "–"]);
});

test("the last minutes are as long as the settings have it, wherever they are named", () => {
  const why = { recent_share: 0.61, call_share: 0.55, target: 0.3 };
  const named = (recent_ms) => {
    const state = live(snapshot({ share: { recent_ms } }), nudged(13, 64_500, { why }));
    const { bar } = shown(state);
    return [bar.key, bar.text, call(state).details[0].name, call(state).lastNudge].map(plain);
  };
  assert.deepEqual(named(600_000), [
    "last 10 min",
    "Last 10 min 42% · call 47% · target 20–30% · above the target (approximate: little talk so far)",
    "Talk share, last 10 min",
    "The last was “Keep listening”: you did 61% of the talking in the last 10 min (target 30%).",
  ]);
  assert.equal(named(90_000)[0], "last 90 s");
  assert.equal(view(live(snapshot({ share: { recent_ms: 90_000 } })), words.ja).bar.key, "直近90秒");
});

test("figures that were not measured are dashes, and unsure ones say so", () => {
  const state = seen({ now_ms: 130_000, waits: { count: 0, median_ms: null, last_ms: null }, longest_turn_ms: 0, echo: { detected: true } });
  const { details } = call(state);
  assert.deepEqual([3, 6].map((row) => details[row].figure), ["–", "–"]);
  assert.equal(plain(details[0].figure), "≈ 42%");
});

test("controls follow the call", () => {
  assert.deepEqual(call(seen(looks.paused)).on, { paused: true, muted: false, offRecord: false, undo: false, snoozed: false });
  assert.deepEqual(call(seen({ ...looks.snoozed, muted: true })).on, { paused: false, muted: true, offRecord: false, undo: false, snoozed: true });
  const runs = (...messages) => call(after(hello(), ...messages)).runs;
  assert.deepEqual([runs(), runs(snapshot({ state: "before" })), runs(snapshot()), runs(snapshot(looks.ended))], [false, false, true, false]);
});

test("a call of an older program, without the newer fields, is shown all the same", () => {
  const { agenda, notes, waits, quiet, muted, off_record, icebreaker_ms, stuck, check_in, nudges_stopped, longest_turn_ms, ...old } = snapshot();
  const state = after(hello(), old);
  assert.deepEqual([line(state).kind, call(state).agenda, call(state).notes, call(state).on.muted], ["none", [], [], false]);
  assert.equal(call(state).details[6].figure, "–");
});

test("the desk is kept as it came last, over a loss and an erasure", () => {
  const state = live(desk({ version: 1 }), desk({ version: 2, with: "Sato" }), lost(), hello(0, 2));
  assert.equal(state.desk.with, "Sato");
});
