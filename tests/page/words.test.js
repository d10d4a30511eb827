import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, words } from "../../web/words.js";

test("both languages say the same things, and none is empty", () => {
  assert.deepEqual(Object.keys(words.ja), Object.keys(words.en));
  for (const said of Object.values(words)) {
    for (const [key, text] of Object.entries(said)) {
      assert.equal(typeof text, typeof words.en[key], key);
      if (typeof text === "string") assert.ok(text.trim(), key);
    }
  }
});

test("nothing blames, grades or shouts, and Japanese is Japanese", () => {
  for (const said of Object.values(words)) {
    for (const text of Object.values(said)) assert.doesNotMatch(String(text), /!|！|fail|score|grade|失敗|点数|評価/i);
  }
  for (const key of ["gone", "old_address", "old_page", "lost_me", "lost_them", "lost_both", "ended"]) {
    assert.match(words.ja[key], /(です|ます|ました|ません|ください)。$/, key);
  }
});

test("a trouble and what to do about it fit two lines of the smallest overlay", () => {
  for (const [language, most] of [["ja", 28], ["en", 57]]) {
    const troubles = Object.entries(words[language]).filter(([key]) => key.startsWith("trouble_"));
    assert.equal(troubles.length, 11);
    for (const [key, text] of troubles) assert.ok([...text].length <= most, `${language} ${key}: ${text}`);
  }
});

test("what appears in the line of advice is as short as a nudge", () => {
  assert.ok([...words.ja.wait].length <= 12);
  assert.ok(words.en.wait.split(" ").length <= 4);
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
