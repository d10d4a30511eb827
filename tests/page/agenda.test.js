import assert from "node:assert/strict";
import { test } from "node:test";
import { itemsFrom, MOST_ITEMS, withMore } from "../../web/agenda.js";

test("pasted lines are items, without their bullets", () => {
  const pasted = "- 評価の話\r\n* next steps\n・休暇\n1. one\n２） ふたつ\n③ みっつ\n[ ] todo\n- [x] done\n\n  • deep\n☐ box\u2028→ arrow";
  assert.deepEqual(itemsFrom(pasted), ["評価の話", "next steps", "休暇", "one", "ふたつ", "みっつ", "todo", "done", "deep", "box", "arrow"]);
});

test("what only looks like a bullet stays", () => {
  assert.deepEqual(itemsFrom("3.5 days of leave\n2026 goals\n-5 % budget\n10:30 に集合"), ["3.5 days of leave", "2026 goals", "-5 % budget", "10:30 に集合"]);
});

test("a tab, as tables have it, is a space", () => {
  assert.deepEqual(itemsFrom("1\tBudget\t2 min\n\tlate"), ["1 Budget 2 min", "late"]);
});

test("what is twice, there already or empty comes once or not at all", () => {
  assert.deepEqual(itemsFrom("a\na\nb\n-\n", ["b"]), ["a"]);
});

test("twenty items of two hundred letters fit, and what does not is told", () => {
  const twenty = Array.from({ length: MOST_ITEMS }, (_, i) => `item ${i}`);
  assert.deepEqual(withMore([], twenty), { agenda: twenty, fits: true });
  assert.deepEqual(withMore(twenty, ["more"]), { agenda: twenty, fits: false });
  assert.deepEqual(withMore(["a"], ["x".repeat(201)]), { agenda: ["a"], fits: false });
  assert.equal(withMore([], ["😀".repeat(200)]).fits, true);
});
