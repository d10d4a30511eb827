import assert from "node:assert/strict";
import { test } from "node:test";
import { meaningOf } from "../../web/keys.js";

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
