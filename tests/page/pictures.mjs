/** `node pictures.mjs OUTDIR`: the README's two pictures, from the small server: a nudge, and the page before a call. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { before, desk, looks, snapshot } from "./call.mjs";
import { open } from "./browser.mjs";
import { serve } from "./fake.mjs";

const [outdir = "pictures"] = process.argv.slice(2);
await mkdir(outdir, { recursive: true });
const faults = [];
const fault = (sentence) => faults.push(sentence);

async function take(name, context, [changes, around], kind) {
  const server = await serve();
  server.say(desk(around));
  server.say(snapshot(changes));
  const { browser, page } = await open(server.address, fault, () => {}, { context });
  await page.waitForSelector(kind);
  await page.screenshot({ path: join(outdir, `${name}.png`) });
  await browser.close();
  await server.stop();
}

const nudge = [{ ...looks.nudge, demo_timing: false, share: { call: 0.47, recent: 0.42 } }, {}];
await take("overlay", { locale: "en-GB", viewport: { width: 400, height: 120 }, deviceScaleFactor: 2 }, nudge, '#line[data-kind="nudge"]');
await take("before", { locale: "ja-JP", viewport: { width: 760, height: 1000 } }, before.known, "#people button");
for (const sentence of faults) console.error(sentence);
process.exitCode = faults.length ? 1 : 0;
