import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const web = new URL("../../web/", import.meta.url);
const files = readdirSync(web).map((name) => ({ name, text: readFileSync(new URL(name, web), "utf8") }));
const named = (name) => files.find((file) => file.name === name).text;

function none(pattern, why) {
  for (const { name, text } of files) assert.doesNotMatch(text, pattern, `${name}: ${why}`);
}

test("the page is small", () => {
  const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  assert.ok(bytes < 200_000, `${bytes} bytes`);
  for (const { name, text } of files) assert.ok(text.split("\n").length < 500, `${name} is long`);
});

test("the page knows no address but its own", () => {
  none(/https?:|["'(=]\s*\/\/\w/, "an address of another place");
  none(/@import/, "a style sheet from elsewhere");
  assert.deepEqual([...named("app.js").matchAll(/wss?:\S*/g)].map(String), ["ws://${location.host}/ws`,"]);
});

test("text never becomes markup or code", () => {
  none(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser/, "markup from text");
  none(/setAttribute\(\s*["'](style|on\w+)/, "a style or a handler from text");
});

test("the page holds no inline script or style, so a strict policy is enough", () => {
  const html = named("index.html");
  assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=/);
  for (const [tag] of html.matchAll(/<script[^>]*>[^<]*/g)) assert.match(tag, /\ssrc="app\.js">$/);
});

test("modules are written as the program packs them into one script", () => {
  for (const { name, text } of files.filter((file) => file.name.endsWith(".js"))) {
    for (const [line] of text.matchAll(/^(import|export)\b.*$/gm)) {
      assert.match(line, /^import \{ .+ \} from "\.\/\w+\.js";$|^export (async )?(function\*? |const )\w+/, `${name}: ${line}`);
    }
  }
});

test("text and marks stand out from their ground, light and dark", () => {
  const [light, dark] = named("base.css").split("prefers-color-scheme: dark");
  for (const part of [light, dark]) {
    const colour = (name) => part.match(new RegExp(`--${name}: (#\\w{6})`))?.[1];
    for (const name of ["ink", "quiet", "me", "them"]) {
      const ratio = contrast(colour(name), colour("paper"));
      assert.ok(ratio >= 4.5, `${name} on ${colour("paper")}: ${ratio.toFixed(2)}`);
    }
    // A mark, not text.
    const target = contrast(light.match(/--target: (#\w{6})/)[1], colour("paper"));
    assert.ok(target >= 3, `target: ${target.toFixed(2)}`);
  }
});

/** WCAG 2.2, "contrast ratio". */
function contrast(one, other) {
  const [dark, light] = [one, other].map(luminance).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
