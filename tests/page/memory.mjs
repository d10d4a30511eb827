/**
 * `node memory.mjs`: an hour of messages, 36,000 snapshots and the events of a lively call, in a minute. Exit 1 where
 * the page keeps more of them at the end than it did after half of it.
 */

import { desk, event, items, looks, nudge, snapshot, text } from "./call.mjs";
import { open } from "./browser.mjs";
import { serve } from "./fake.mjs";

/**
 * What a collector may leave lying about, and what the browser compiles late: up to 110 kB was seen. The text of the rarest
 * message alone, 1,800 in half an hour, would be 280 kB.
 */
const SLACK_BYTES = 200_000;
const SNAPSHOTS = 36_000;
/** As many as fit between two looks at whether the page keeps up. */
const BATCH = 600;

const faults = [];
const server = await serve();
server.say(desk());
server.say(snapshot({ seq: 0, now_ms: 0 }));
const { browser, page, context } = await open(server.address, (sentence) => faults.push(sentence));
await page.setViewportSize({ width: 960, height: 600 });
await page.waitForFunction(() => window.keicho.link === "live");
const devtools = await context.newCDPSession(page);
await devtools.send("Performance.enable");

let seq = 0;
const words = "それでは、次の話に移ってもよいでしょうか。".repeat(3);
const kinds = Object.values(looks).filter(({ state }) => state !== "ended");

function minute(from) {
  for (let i = from; i < from + BATCH; i += 1) {
    const now_ms = i * 100;
    if (i % 5 === 0) server.say(event((seq += 1), now_ms, "speech", { track: "me", start_ms: now_ms - 900, end_ms: now_ms }));
    if (i % 10 === 0) {
      const heard = { track: "them", start_ms: now_ms - 2_000, end_ms: now_ms, text: `${i} ${words}` };
      server.say(event((seq += 1), now_ms, "heard", heard));
    }
    if (i % 900 === 0) server.say(event((seq += 1), now_ms, "nudge", { nudge: "share", tier_ms: null, text }));
    const look = kinds[Math.floor(i / 50) % kinds.length];
    const share = { call: (i % 97) / 97, recent: (i % 89) / 89 };
    const agenda = items.map((item) => ({ ...item, text: `${item.text} ${Math.floor(i / 300)}`, id: item.id + Math.floor(i / 300) }));
    server.say(snapshot({ agenda, ...look, seq, now_ms, share, ...(i % 900 < 80 && { nudge: nudge(now_ms - 1) }) }));
  }
}

async function weigh() {
  await devtools.send("HeapProfiler.collectGarbage");
  await devtools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devtools.send("Performance.getMetrics");
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  return { heap: of("JSHeapUsedSize"), nodes: of("Nodes"), listeners: of("JSEventListeners") };
}

const weights = [];
for (let from = 0; from < SNAPSHOTS; from += BATCH) {
  minute(from);
  await page.waitForFunction((now_ms) => window.keicho.snapshot.now_ms === now_ms, (from + BATCH - 1) * 100, { timeout: 60_000 });
  if ((from + BATCH) % (SNAPSHOTS / 4) === 0) weights.push(await weigh());
}
for (const [quarter, { heap, nodes, listeners }] of weights.entries()) {
  console.log(`${(quarter + 1) * 15} min: ${(heap / 1e6).toFixed(2)} MB, ${nodes} nodes, ${listeners} listeners`);
}
const missed = await page.evaluate(() => window.keicho.missed);
if (missed) faults.push(`the page missed ${missed} events`);
// By half of it all has been seen once and compiled.
const [first, last] = [weights[1], weights.at(-1)];
if (last.heap - first.heap > SLACK_BYTES) faults.push(`the heap grew from ${first.heap} to ${last.heap} bytes`);
if (last.nodes - first.nodes > 50) faults.push(`the document grew from ${first.nodes} to ${last.nodes} nodes`);
if (last.listeners - first.listeners > 20) faults.push(`from ${first.listeners} to ${last.listeners} listeners`);
await browser.close();
await server.stop();
for (const sentence of faults) console.error(sentence);
process.exitCode = faults.length ? 1 : 0;
