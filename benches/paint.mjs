/**
 * `node benches/paint.mjs KEICHO`: how long somebody looks at nothing who opens the overlay in a browser that runs already:
 * five times for the first time, each in a context of its own, which has nothing of the page; then until the call is
 * shown, and at a reload; and how soon a hundred of the call's messages are on the screen, each by the frame after it. Once
 * `make test` has left a history of a thousand calls, how long it takes until that is seen.
 *
 * Needs `npm ci` in tests/page, and Chromium.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { open } from "../tests/page/browser.mjs";

const many = new URL("../target/history-page/many-en.html", import.meta.url);
const home = await mkdtemp(join(tmpdir(), "keicho-paint-"));
const env = { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, XDG_RUNTIME_DIR: home };
const args = ["demo", "--no-open", "--port", "0", "--no-text", "--out", join(home, "call")];
const program = spawn(process.argv[2], args, { env, stdio: ["ignore", "pipe", "inherit"] });
const lines = createInterface({ input: program.stdout });
const address = await new Promise((found) => lines.on("line", (line) => line.startsWith("overlay: ") && found(line.slice(9))));
const { browser } = await open("about:blank", console.error);

const [first, call, again, history] = [[], [], [], []];
for (let i = 0; i < 5; i += 1) {
  const page = await opened();
  await page.addInitScript(() => {
    document.addEventListener("DOMContentLoaded", () => {
      const seen = new MutationObserver(() => {
        if (document.getElementById("bar").dataset.known === undefined) return;
        seen.disconnect();
        window.shown = performance.now();
      });
      seen.observe(document.body, { subtree: true, attributes: true });
    });
  });
  await page.goto(address);
  first.push(await painted(page));
  call.push(await page.waitForFunction(() => window.shown).then((shown) => shown.jsonValue()));
  await page.reload();
  again.push(await painted(page));
  await page.context().close();
  if (!existsSync(fileURLToPath(many))) continue;
  const past = await opened();
  await past.goto(many.href);
  history.push(await painted(past));
  await past.context().close();
}
tell("the overlay's first paint", first);
tell("the call is shown", call);
tell("a reload's first paint", again);
tellTail("a message to its frame", await messagesToFrames(100));
if (history.length) tell("a history of a thousand calls", history);
await browser.close();
// It writes its summary before it ends.
const ended = once(program, "exit");
program.kill();
await ended;
await rm(home, { recursive: true, force: true });

async function opened() {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 960, height: 900 } });
  return context.newPage();
}

/** How long each of so many messages took from its coming to the end of the frame that shows it. */
async function messagesToFrames(count) {
  const page = await opened();
  await page.addInitScript(() => {
    window.toFrame = [];
    window.WebSocket = class extends WebSocket {
      constructor(...of) {
        super(...of);
        this.addEventListener("message", () => {
          const came = performance.now();
          requestAnimationFrame(() => {
            // A message to itself comes once the frame is drawn.
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => window.toFrame.push(performance.now() - came);
            port2.postMessage(null);
          });
        });
      }
    };
  });
  await page.goto(address);
  const times = await page.waitForFunction((count) => window.toFrame.length >= count && window.toFrame, count, { timeout: 60_000 });
  return times.jsonValue();
}

async function painted(page) {
  const entry = await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  return entry.jsonValue();
}

function tell(what, times) {
  const sorted = times.map(Math.round).sort((a, b) => a - b);
  console.log(`${what}: ${sorted[Math.floor(sorted.length / 2)]} ms in the median (${sorted.join(", ")})`);
}

function tellTail(what, times) {
  const sorted = times.map(Math.round).sort((a, b) => a - b);
  const at = (share) => sorted[Math.floor(sorted.length * share)];
  console.log(`${what}: ${at(0.5)} ms in the median, ${at(0.95)} ms (95%), of ${sorted.length}`);
}
