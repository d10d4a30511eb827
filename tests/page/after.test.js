import assert from "node:assert/strict";
import { test } from "node:test";
import { afterView } from "../../web/after_view.js";
import { callView } from "../../web/call_view.js";
import { reduce, resumeFrom } from "../../web/state.js";
import { words } from "../../web/words.js";
import { after as ends, desk, looks, snapshot } from "./call.mjs";
import { live, lost, plain, shown } from "./seen.mjs";

const ended = (of, ...more) => live(desk(), snapshot({ ...looks.ended, seq: 13 }), ...(of ? [desk({ after: of })] : []), ...more);
const page = (state) => afterView(state, words.en);
const over = { type: "link", link: "over" };
const point = { type: "point", pointed: true };

test("no figure is shown before the question is answered or skipped: no bar, title, line or details", () => {
  for (const state of [ended(null), ended(ends.asked), ended(ends.asked, point), ended(ends.asked, over)]) {
    const { bar, title, line, said, spoken } = shown(state);
    assert.deepEqual([bar, said], [null, []]);
    assert.deepEqual(callView(state, words.en).details, []);
    assert.doesNotMatch(JSON.stringify([title, line, spoken, page(state)]), /\d\s*%/);
  }
});

test("the question waits for the desk, and goes with the program", () => {
  assert.equal(page(ended(null)).asks, false);
  assert.equal(page(ended(ends.asked)).asks, true);
  assert.equal(page(ended(ends.asked, over)).asks, false);
  assert.equal(page(live()), null);
});

test("a share that is approximate says so beside what was believed, in both languages", () => {
  const state = ended({ ...ends.asked, perceived: 0.35, share: 0.51, unsure: true });
  assert.equal(plain(page(state).told), "You thought 35%; it was about 51%.");
  assert.equal(plain(afterView(state, words.ja).told), "感じた割合は35%、実際は約51%でした。");
  assert.equal(plain(page(ended({ ...ends.asked, perceived: null, skipped: true, share: 0.51, unsure: true })).told), "You did about 51% of the talking.");
});

test("then what was believed stands beside what was, and the bar is back", () => {
  const state = ended(ends.answered);
  assert.equal(plain(page(state).told), "You thought 40%; it was 58%.");
  assert.ok(shown(state).bar);
  assert.equal(plain(page(ended(ends.skipped)).told), "You did 58% of the talking.");
});

test("where too little was kept for a figure, the answer is followed by that", () => {
  assert.equal(page(ended({ ...ends.answered, share: null })).told, words.en.share_unknown);
});

test("zero is an answer", () => {
  assert.equal(plain(page(ended({ ...ends.asked, perceived: 0, share: 0.58 })).told), "You thought 0%; it was 58%.");
});

test("the summary opens only while the program is there to show it", () => {
  const state = ended(ends.answered);
  assert.deepEqual([page(state).opens, page(state).leaves, page(state).deletes], [true, true, true]);
  const gone = reduce(state, over);
  assert.deepEqual([page(gone).opens, page(gone).leaves, page(gone).deletes], [false, false, false]);
  assert.equal(page(ended(ends.asked)).opens, false);
});

test("a program that ends without asking hides nothing", () => {
  const unasked = ended({ ...ends.asked, asked: false, share: 0.58 });
  assert.deepEqual([page(unasked).asks, plain(page(unasked).told)], [false, "You did 58% of the talking."]);
  assert.ok(shown(unasked).bar);
  const plainly = live(snapshot(looks.ended));
  assert.deepEqual([page(plainly).asks, page(plainly).leaves], [false, false]);
  assert.ok(shown(plainly).bar);
  assert.ok(shown(ended(null, over)).bar);
});

test("a call that says too little is not asked about, shows no figure, and is kept or deleted", () => {
  for (const too_little of ["nothing_heard", "me_unheard", "them_unheard", "short"]) {
    const state = ended({ ...ends.silent, too_little }, point);
    const { asks, undecided, deletes, told } = page(state);
    assert.deepEqual([asks, undecided, deletes], [false, true, false], too_little);
    assert.deepEqual([shown(state).bar, callView(state, words.en).details], [null, []]);
    assert.doesNotMatch(JSON.stringify([told, shown(state).line, shown(state).title]), /%/);
  }
  assert.equal(plain(page(ended(ends.short)).told), "This call took 47 s: too short for a share.");
  const kept = page(ended({ ...ends.silent, fate: "kept" }));
  assert.deepEqual([kept.undecided, kept.deletes, kept.opens], [false, true, true]);
});

test("what is deleted is said to be, and opens no more", () => {
  const { told, opens, deletes, bye } = page(ended(ends.deleted));
  assert.deepEqual([told, opens, deletes, bye], [words.en.deleted, false, false, ""]);
});

test("while something is still to be asked or shown the page comes back after a loss", () => {
  assert.deepEqual(resumeFrom(ended(ends.asked, lost())), { last_seq: 12, epoch: 1 });
  assert.equal(resumeFrom(live(snapshot(looks.ended))), null);
});
