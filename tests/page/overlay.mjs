/**
 * The overlay in a real Chromium, through a call: `node overlay.mjs ADDRESS OUTDIR`.
 *
 * The program that serves the call starts this one, reads its lines and acts on two:
 *
 *     ready              the page shows the running call
 *     bar moved          the share that is shown has changed twice
 *     nudge shown: TEXT  a nudge is in the line
 *     please stop        stop serving now; the page has to notice
 *     please start       serve again, on the same port
 *     recovered          the page is back and has missed no event
 *     ended              the page says that the call has ended, and all of it was heard
 *
 * then exit 0. On any fault exit 1 with a sentence on stderr. Pictures of each state go
 * to OUTDIR. KEICHO_PAGE_PATIENCE_MS is the longest that any one line is waited for.
 */

import { open, shoot } from "./browser.mjs";

const [address, outdir] = process.argv.slice(2);
if (!address || !outdir) fail("usage: node overlay.mjs ADDRESS OUTDIR");
const timeout = Number(process.env.KEICHO_PAGE_PATIENCE_MS ?? 180_000);

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

const { browser, page } = await open(address, fail, watch);

/** In the page, before anything else runs there: keeps what comes and goes too fast to be asked for. */
function watch() {
  const kept = { shares: [], nudges: [] };
  window.watched = kept;
  document.addEventListener("DOMContentLoaded", () => {
    const note = (list, value) => value && list.at(-1) !== value && list.push(value);
    const look = () => {
      const bar = document.getElementById("bar");
      if (bar.dataset.known === "true") note(kept.shares, bar.getAttribute("aria-valuenow"));
      if (document.getElementById("line").dataset.kind === "nudge") note(kept.nudges, document.getElementById("text").textContent);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}

async function until(what, seen, argument) {
  await page.waitForFunction(seen, argument, { timeout }).catch(async (error) => {
    const state = await page.evaluate(() => JSON.stringify(window.keicho)).catch(() => "nothing, it is gone");
    fail(`while waiting for ${what}: ${error.message.split("\n")[0]} The page knew ${state}`);
  });
}

const lineIs = (kind) => document.getElementById("line").dataset.kind === kind;
const isLive = () => window.keicho.link === "live";
const heard = () => page.evaluate(() => ({ ...window.keicho, snapshot: undefined, seen: window.keicho.snapshot.seq }));

await until("the running call", isLive);
if ((await page.evaluate(() => location.hash)) !== "") fail("the token is still in the address bar");
say("ready");
await shoot(page, outdir, "rest", fail);

await until("the bar to move twice", () => window.watched.shares.length > 2);
say("bar moved");

await until("a nudge", () => window.watched.nudges.length > 0);
say(`nudge shown: ${await page.evaluate(() => window.watched.nudges[0])}`);
await shoot(page, outdir, "nudge", fail, { still: "nudge" });

const before = await heard();
page.served = false;
say("please stop");
await until(
  "the page to notice that the server has gone",
  () => window.keicho.link === "lost" || window.keicho.snapshot.state === "ended",
);
if (await page.evaluate(lineIs, "ended")) fail("the call ended before the server was stopped: it has to last longer");
await shoot(page, outdir, "reconnecting", fail, { still: "state" });
say("please start");
await until("the page to come back", isLive);
page.served = true;
const back = await heard();
if (back.missed > 0) fail(`the page missed ${back.missed} events over the restart`);
if (back.epoch !== before.epoch) fail(`the restart changed the epoch from ${before.epoch} to ${back.epoch}`);
if (back.seq < back.promised) fail(`the page heard up to event ${back.seq} of the ${back.promised} that the hello told of`);
say("recovered");

await until("the end of the call", lineIs, "ended");
page.served = false;
await until("the last event", () => window.keicho.seq >= window.keicho.snapshot.seq);
const last = await heard();
if (last.missed > 0) fail(`the page missed ${last.missed} events of the call`);
await shoot(page, outdir, "ended", fail, { still: "ended" });
say("ended");
await browser.close();
