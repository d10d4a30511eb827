import assert from "node:assert/strict";
import { test } from "node:test";
import { beforeView, POINTS } from "../../web/before_view.js";
import { words } from "../../web/words.js";
import { before, desk, hello, hostile, people, snapshot } from "./call.mjs";
import { after, line, plain, shown } from "./seen.mjs";

const state = ([changes, around], ...more) => after(hello(), desk(around), snapshot(changes), ...more);
const page = (look, ...more) => beforeView(state(look, ...more), words.en);
const known = page(before.known);

test("before the call the overlay shows no figures, and says trouble all the same", () => {
  const { page, bar, title, status, said } = shown(state(before.first));
  assert.deepEqual([page, bar, title, status, said], ["before", null, "Ready · Keicho", "", []]);
});

test("a side from which nothing comes is told of before the call, beside its meter and above the page", () => {
  const seen = (me_ms, them_ms, devices) => {
    const loss = (lost_ms) => ({ lost: lost_ms > 0, lost_ms });
    const levels = { me: { dbfs: -96, heard: true }, them: { dbfs: -40, heard: true } };
    const look = [{ ...before.first[0], levels, audio: { me: loss(me_ms), them: loss(them_ms), troubles: [] } }, { devices }];
    const { meters } = page(look);
    return [line(state(look)).text, ...meters.map(({ text, heard }) => `${heard ? "✓ " : ""}${text}`)];
  };
  const { lost_me, lost_them, lost_both, lost_server, meter_heard_me, meter_heard_them } = words.en;
  const heard = [`✓ ${meter_heard_me}`, `✓ ${meter_heard_them}`];
  assert.deepEqual(seen(1_900, 0), ["", ...heard], "a hiccup is none");
  assert.deepEqual(seen(2_000, 0), [lost_me, lost_me, heard[1]]);
  assert.deepEqual(seen(0, 2_000), [lost_them, heard[0], lost_them]);
  assert.deepEqual(seen(9_000, 2_000), [lost_both, lost_me, lost_them]);
  const silent = { chosen: null, heard: null, available: [], server_silent: true };
  assert.deepEqual(seen(9_000, 9_000, { me: silent, them: silent }), [lost_server, lost_server, lost_server]);
});

test("what was lost before the call and still is, is told as it begins; what is heard again is not", () => {
  const lost = (lost_ms) => ({ me: { lost: lost_ms > 0, lost_ms }, them: { lost: false, lost_ms: 0 }, troubles: [] });
  const first = snapshot({ ...before.first[0], now_ms: 0, audio: lost(5_000) });
  const begun = (lost_ms) => snapshot({ now_ms: 100, audio: lost(lost_ms) });
  assert.equal(line(after(hello(), desk(), first, begun(100))).text, words.en.lost_me);
  assert.notEqual(line(after(hello(), desk(), first, begun(0))).text, words.en.lost_me);
});

test("there is no page before the desk is known, or once the call runs", () => {
  assert.equal(beforeView(after(hello(), snapshot(before.first[0])), words.en), null);
  assert.equal(beforeView(after(hello(), desk(), snapshot()), words.en), null);
});

test("people are listed with when the last 1on1 was, the chosen one marked", () => {
  assert.deepEqual(known.people.map(({ name, told, chosen }) => [name, told, chosen]), [
    ["佐藤", "last 1on1: 23 days ago", true],
    ["Maria Lindqvist", "last 1on1: yesterday", false],
    ["田中", "last 1on1: today", false],
    ["Núria", "first 1on1", false],
  ]);
  const many = Array.from({ length: 30 }, (_, i) => ({ ...people[1], name: `P${i}` }));
  const crowd = page([before.first[0], { people: many }]);
  assert.deepEqual([crowd.people.length, crowd.names.length], [6, 30]);
});

test("a card says who stated it and when, or that there is none yet", () => {
  assert.equal(plain(known.card.stated), "As 佐藤 said on Sun 1 Nov 2026");
  assert.deepEqual(known.card.points.filter(({ on }) => on).map(({ id }) => id), ["conclusion_first", "time_to_think", "written_after"]);
  assert.deepEqual(known.card.points.map(({ id }) => id), POINTS);
  assert.match(plain(page(before.leaks).card.stated), /^Nothing yet\. Ask Maria Lindqvist/);
  assert.equal(page(before.first).card, null);
});

test("each mode has its target, and my own is a sentence of its own", () => {
  assert.deepEqual(known.modes.map(({ id, target }) => `${id} ${plain(target)}`), ["listening 30%", "coaching 30%", "feedback 50%", "teaching 60%"]);
  assert.deepEqual([known.ownTarget, plain(known.target)], [50, "Target: up to 50%, your own"]);
  assert.equal(plain(page(before.first).target), "Target: up to 30% of the talking");
});

test("the targets are those of the user's settings, not the page's own", () => {
  const modes = [{ mode: "coaching", target: 0.22 }, { mode: "teaching", target: 0.7 }];
  const set = page([before.first[0], { modes, mode: "teaching", target: 0.7 }]);
  assert.deepEqual(set.modes.map(({ id, name, target, chosen }) => [id, name, plain(target), chosen]), [
    ["coaching", "Coaching", "22%", false],
    ["teaching", "Teaching", "70%", true],
  ]);
  assert.equal(plain(set.target), "Target: up to 70% of the talking");
});

test("a step from one's own baseline is proposed until it is taken", () => {
  assert.equal(plain(known.proposal.text), "Your last 5 were at 63% (median). Try 55% next?");
  assert.equal(page([before.known[0], { ...before.known[1], own_target: 0.55 }]).proposal, null);
});

test("open items of the last time are offered until the agenda has them", () => {
  assert.deepEqual(known.carried, ["引き継ぎの資料を見直す", "研修の申し込み"]);
  const drafted = page(before.known, { type: "draft", agenda: ["研修の申し込み"] });
  assert.deepEqual([drafted.agenda, drafted.carried], [["研修の申し込み"], ["引き継ぎの資料を見直す"]]);
});

test("what is still to be done with the person who is chosen is said, and by whom", () => {
  assert.deepEqual(known.openActions, [{ text: "評価の資料を送る", owner: "you" }]);
  const [snapshot, desk] = before.known;
  assert.deepEqual(page([snapshot, { ...desk, with: "Núria" }]).openActions, []);
});

test("meters go from -60 dBFS to 0, and say what was heard", () => {
  const { meters } = page([{ ...before.first[0], levels: { me: { dbfs: -30, heard: true }, them: { dbfs: null, heard: false } } }, {}]);
  assert.deepEqual(meters.map(({ level, text }) => [level, text]), [[0.5, "Your voice was heard."], [0, "Not heard yet."]]);
  const level = (dbfs) => page([{ ...before.first[0], levels: { me: { dbfs, heard: false }, them: null } }, {}]).meters[0].level;
  assert.deepEqual([level(-90), level(3)], [0, 1]);
});

test("the echo check says what to do at each stage", () => {
  const echo = (echo_check) => page([{ ...before.first[0], echo_check }, {}]).echo;
  assert.match(echo("waiting"), /let them speak, or play something/);
  assert.match(echo("none"), /does not leak/);
  assert.match(echo("leaks"), /headset/);
  assert.equal(echo(null), "");
});

test("hints come with their reason, three at most, and the sentence to tell in the page's language", () => {
  assert.deepEqual(known.hints[0], { text: "After a question, wait five seconds.", because: "Last time you broke the silence after your own question twice." });
  const hint = before.known[1].hints[0];
  assert.equal(page([before.known[0], { hints: [hint, hint, hint, hint] }]).hints.length, 3);
  assert.match(beforeView(state(before.first), words.ja).tell, /Keicho/);
});

test("a call of the trial of nudges says which kind it is, and another call says nothing of it", () => {
  const trial = (arm, language = "en") => beforeView(state([before.first[0], arm === undefined ? {} : { trial: arm }]), words[language]).trial;
  assert.match(trial("quiet"), /^This call has no nudges\./);
  assert.match(trial("nudged"), /^This call has nudges\./);
  assert.match(trial("quiet", "ja"), /ひとことのない回/);
  assert.deepEqual([trial(null), trial(undefined)], ["", ""], "an older program says nothing of it");
});

test("that words are missing is said once, where something can be done about it", () => {
  const silent = { ...before.first[0], text: { state: "broken", waiting_ms: 0, coverage: null }, now_ms: 0 };
  assert.match(line(state([silent, {}])).text, /^Running without words/);
  assert.equal(line(state([silent, { model: { state: "missing", bytes: 1 } }])).kind, "none");
});

test("what is missing for words says what to do, and how far it is", () => {
  const told = (model) => page([before.first[0], { model }]).model;
  assert.equal(told(null), null);
  const missing = told({ state: "missing", bytes: 147_951_465 });
  assert.equal(plain(missing.text), "Words are not recognised yet. Counting questions and fillers takes a download of 148 MB.");
  assert.ok(missing.fetches);
  assert.deepEqual(told({ state: "fetching", percent: 43 }), { text: "Downloading: 43%", fetches: false });
  assert.deepEqual(told({ state: "ready" }), { text: "Words are set up.", fetches: false });
  assert.ok(told({ state: "failed" }).fetches);
});

test("the language that is spoken and the length of the meeting are chosen from a few", () => {
  const { language, meeting } = known;
  assert.deepEqual([language.value, language.options.map(({ text }) => text)], ["ja", ["Detected automatically", "Japanese", "English"]]);
  assert.deepEqual([meeting.value, meeting.options.length], ["30", 6]);
  const odd = page([before.first[0], { meeting_min: 50 }]).meeting;
  assert.deepEqual([odd.value, odd.options.map(({ value }) => value)], ["50", ["", "15", "30", "45", "50", "60", "90"]]);
});

test("a name of any kind stays text and is whole", () => {
  for (const name of hostile) {
    const { people: shown, card } = page([before.first[0], { with: name, people: [{ ...people[0], name }] }]);
    assert.equal(shown[0].name, name);
    // What turns the direction of writing cannot get out of the sentence it is put in.
    const told = words.en.card_of(name);
    assert.equal(told.match(/[\u2066-\u2068]/g).length, told.match(/\u2069/g).length);
    assert.ok(told.startsWith("\u2068") && told.endsWith("\u2069’s card: how they like to talk"));
    assert.equal(card.name, name);
  }
});
