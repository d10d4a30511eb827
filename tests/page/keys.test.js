import assert from "node:assert/strict";
import { test } from "node:test";
import { HOLD_MS, heldKeys, meaningOf } from "../../web/keys.js";

const press = (key, more = {}, letters = true) => meaningOf({ key, target: { tagName: "BODY" }, ...more }, letters);
const within = (tagName, type) => ({ target: { tagName, type } });

test("single letters mean what the list of keys says", () => {
  assert.deepEqual(["d", "m", "p", "o", "?", "x"].map((key) => press(key)), ["dismiss", "mute", "pause", "hide", "help", null]);
  assert.deepEqual(["D", "ｍ", "？"].map((key) => press(key)), ["dismiss", "mute", "help"]);
});

test("letters are letters where one writes", () => {
  for (const field of [within("INPUT", "text"), within("INPUT", "number"), within("TEXTAREA"), within("SELECT"), { target: { tagName: "DIV", isContentEditable: true } }]) {
    assert.equal(press("d", field), null);
  }
  for (const field of [within("INPUT", "checkbox"), within("INPUT", "range"), within("BUTTON")]) assert.equal(press("d", field), "dismiss");
});

test("they can be turned off, Escape cannot", () => {
  assert.equal(press("d", {}, false), null);
  assert.equal(press("?", {}, false), null);
  assert.equal(press("Escape", {}, false), "escape");
  assert.equal(press("Escape", within("INPUT", "text")), "escape");
});

test("a shortcut of the browser, a held key and a conversion are not ours", () => {
  for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }, { isComposing: true }]) {
    assert.equal(press("p", more), null);
  }
});

/** Keys with a clock that is moved by hand. */
function held() {
  const [log, timers] = [[], new Map()];
  const time = {
    after: (ms, then) => (timers.set(then, ms), then),
    cancel: (timer) => timers.delete(timer),
  };
  const keys = heldKeys({ holding: (down) => log.push(down), held: (meaning) => log.push(meaning) }, time);
  const pass = () => [...timers].forEach(([then, ms]) => timers.delete(then) && assert.equal(ms, HOLD_MS) === undefined && then());
  return { keys, log, pass };
}

test("a letter counts once it was held, and not if it is let go before", () => {
  const { keys, log, pass } = held();
  keys.press("pause");
  keys.release();
  pass();
  assert.deepEqual(log, [true, false]);
  keys.press("pause");
  pass();
  keys.release();
  assert.deepEqual(log.slice(2), [true, false, "pause"]);
});

test("of letters that follow each other none counts but the last, if it is held", () => {
  const { keys, log, pass } = held();
  for (const meaning of ["hide", "mute", "pause"]) keys.press(meaning);
  keys.release();
  pass();
  assert.deepEqual(log.filter((entry) => typeof entry === "string"), []);
});
