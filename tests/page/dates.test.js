import assert from "node:assert/strict";
import { test } from "node:test";
import { day } from "../../web/dates.js";
import { words } from "../../web/words.js";

test("a day is said as its language does, wherever the browser is", () => {
  assert.equal(day("2026-11-03", "ja"), "2026年11月3日（火）");
  assert.equal(day("2026-11-03", "en"), "Tue 3 Nov 2026");
  assert.equal(day("2026-03-29", "en"), "Sun 29 Mar 2026");
  assert.equal(day("2024-02-29", "ja"), "2024年2月29日（木）");
});

test("what is no day stays as it is", () => {
  for (const other of ["", "yesterday", "2026-13-45"]) assert.equal(day(other, "en"), other);
});

test("a card says when it was stated", () => {
  assert.match(words.en.card_stated("Sato", "2026-11-01"), /Sun 1 Nov 2026$/);
  assert.match(words.ja.card_stated("佐藤", "2026-11-01"), /2026年11月1日（日）/);
});
