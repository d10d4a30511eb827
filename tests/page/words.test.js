import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { POINTS } from "../../web/before_view.js";
import { choose, words } from "../../web/words.js";

const web = new URL("../../web/", import.meta.url);
const files = readdirSync(web).filter((name) => /\.(js|html)$/.test(name) && !/^words/.test(name));
const source = files.map((name) => readFileSync(new URL(name, web), "utf8")).join("\n");

/** Words that are asked for by a name that is put together, and what it is put together from. */
const FAMILIES = {
  device: ["me", "them"],
  lost: ["me", "them", "both"],
  trouble: ["same_sound", "voice_returns", "no_voice_me", "other_voices_me", "call_over", "choppy_them", ...["clipping", "quiet", "noisy", "dead"].flatMap((kind) => [`${kind}_me`, `${kind}_them`])],
  text: ["behind", "broken", "none"],
  stopped: ["lost", "muted", "echo", "far_end"],
  title: ["before", "paused", "off_record", "old_address", "old_page"],
  kind: ["share", "monologue", "cut_in", "listening", "regrab", "closed_run", "pace", "fillers", "audio"],
  trial: ["nudged", "quiet"],
  mode: ["listening", "coaching", "feedback", "teaching"],
  point: POINTS,
  owner: ["me", "them"],
  echo: ["waiting", "none", "leaks"],
  nudge: ["share", "monologue", "cut_in", "listening", "regrab", "closed_run", "pace", "fillers", "audio"],
  nudge_audio: ["choppy_them", "echo_me", "clipping_me", "clipping_them", "lost_me", "lost_them", "dead_me", "dead_them", "same_sound"],
  too_little: ["nothing_heard", "me_unheard", "them_unheard"],
  unit: ["milliseconds", "seconds", "minutes"],
  meter: ["heard_me", "heard_them", "silent_me", "silent_them"],
};

/** Asked for by a whole name that a variable holds: a link's state, and a track. */
const BY_VARIABLE = ["old_address", "old_page", "me", "them"];

const direct = [/data-(?:word|label)="(\w+)"/g, /(?<=\b(?:words|said|en|ja)\.)(\w+)/g].flatMap((pattern) => {
  return [...source.matchAll(pattern)].map(([, key]) => key);
});
const made = Object.entries(FAMILIES).flatMap(([family, ends]) => ends.map((end) => `${family}_${end}`));

test("no word is said twice, for the first would be gone", () => {
  for (const language of ["en", "ja"]) {
    const keys = [...readFileSync(new URL(`words_${language}.js`, web), "utf8").matchAll(/^  (\w+):/gm)].map(([, key]) => key);
    assert.deepEqual(keys.filter((key, place) => keys.indexOf(key) < place), [], language);
    assert.equal(keys.length, Object.keys(words[language]).length, language);
  }
});

test("both languages say the same things, and none is empty", () => {
  assert.deepEqual(Object.keys(words.ja), Object.keys(words.en));
  for (const said of Object.values(words)) {
    for (const [key, text] of Object.entries(said)) {
      assert.equal(typeof text, typeof words.en[key], key);
      if (typeof text === "string") assert.ok(text.trim(), key);
      else assert.equal(text.length, words.en[key].length, key);
    }
  }
});

test("every word that the page asks for is there, and every word that is there is asked for", () => {
  const families = [...source.matchAll(/words\[`(\w+?)_\$\{/g)].map(([, family]) => family);
  assert.deepEqual([...new Set(families)].sort(), Object.keys(FAMILIES).sort(), "families of words");
  const there = Object.keys(words.en);
  const used = new Set([...direct, ...made, ...BY_VARIABLE, "language"]);
  assert.deepEqual(there.filter((key) => !used.has(key)), [], "unused");
  const html = [...source.matchAll(/data-(?:word|label)="(\w+)"/g)].map(([, key]) => key);
  const code = [...source.matchAll(/\bwords\.(\w+)/g)].map(([, key]) => key).filter((key) => !["en", "ja", "js"].includes(key));
  assert.deepEqual([...html, ...code, ...made].filter((key) => !there.includes(key)), [], "missing");
});

test("nothing blames, grades or shouts, and Japanese is Japanese", () => {
  for (const said of Object.values(words)) {
    for (const text of Object.values(said)) assert.doesNotMatch(String(text), /[!！](?!=)|fail|score|grade|失敗|点数|評価/i);
  }
  for (const key of ["gone", "over", "old_address", "old_page", "unsent", "paused", "lost_me", "lost_them", "lost_both", "lost_server", "ended", "echo_leaks"]) {
    assert.match(words.ja[key], /(です|ます|ました|ません|ください)。$/, key);
  }
});

test("a trouble and what to do about it fit two lines of the smallest overlay, and so do states", () => {
  for (const [language, most] of [["ja", 28], ["en", 57]]) {
    const long = Object.entries(words[language]).filter(([key]) => /^((trouble|lost|stopped|text)_|unsent$|no_window$)/.test(key));
    assert.ok(long.length >= 20);
    for (const [key, text] of long) assert.ok([...text].length <= most, `${language} ${key}: ${text}`);
  }
});

test("so does every sentence with which the program refuses", () => {
  const rooms = ["wire/client.rs", "server/requests.rs", "app/call/controller.rs", "session/command.rs"];
  const sources = rooms.map((room) => readFileSync(new URL(`../../src/${room}`, import.meta.url), "utf8"));
  const refusals = sources.flatMap((source) => [...source.matchAll(/Bilingual\s*\{\s*ja:\s*"([^"]*)",\s*en:\s*"([^"]*)"/g)]);
  assert.ok(refusals.length >= 15, `${refusals.length} refusals`);
  for (const [, ja, en] of refusals) {
    assert.ok([...ja].length <= 28, ja);
    assert.ok([...en].length <= 57, en);
  }
});

test("what appears in the line of advice is as short as a nudge", () => {
  const nudges = Object.keys(words.en).filter((key) => key.startsWith("nudge_"));
  assert.ok(nudges.length >= 18);
  for (const key of nudges) {
    assert.ok([...words.ja[key]].length <= 12 && !/[?？!！]$/.test(words.ja[key]), words.ja[key]);
    assert.ok(words.en[key].split(" ").length <= 4, words.en[key]);
  }
  assert.ok([...words.ja.wait].length <= 12);
  assert.ok(words.en.wait.split(" ").length <= 4);
});

test("a nudge has the words that the summary says were shown", () => {
  const source = readFileSync(new URL("../../src/nudges/reason.rs", import.meta.url), "utf8");
  const shown = [...source.matchAll(/Bilingual \{ ja: "([^"]*)", en: "([^"]*)" \}/g)].map(([, ja, en]) => `${ja} · ${en}`);
  const nudges = Object.keys(words.en).filter((key) => key.startsWith("nudge_") && key !== "nudge_audio");
  const here = nudges.map((key) => `${words.ja[key]} · ${words.en[key]}`);
  assert.deepEqual([...new Set(here)].sort(), [...new Set(shown)].sort());
});

test("a name in a Japanese sentence has one form of address", () => {
  for (const [name, said] of [["佐藤", "佐藤さん"], ["佐藤さん", "佐藤さん"], ["田中様", "田中様"], ["山田先生", "山田先生"]]) {
    assert.ok(words.ja.card_of(name).replaceAll(/[\u2068\u2069]/g, "").startsWith(`${said}の希望`), name);
  }
});

test("the browser's languages choose, the switch has the last word", () => {
  assert.equal(choose(["ja-JP", "en"], null), "ja");
  assert.equal(choose(["en-GB", "ja"], null), "en");
  assert.equal(choose(["fr", "JA"], null), "ja");
  assert.equal(choose(["fr"], null), "en");
  assert.equal(choose([], null), "en");
  assert.equal(choose(["ja"], "en"), "en");
  assert.equal(choose(["ja"], "constructor"), "ja");
});
