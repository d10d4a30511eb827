/** `node rehearsal.mjs OUTDIR`: runs overlay.mjs against the small server, in the part that Keicho's own test plays. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { wholeCall } from "./call.mjs";
import { serve } from "./fake.mjs";

const [outdir = "shots"] = process.argv.slice(2);
const server = await serve();
const call = wholeCall();
for (let said; said !== "snapshot"; ) {
  const { message } = call.next().value;
  server.say(message);
  said = message.type;
}

const check = spawn(process.execPath, [fileURLToPath(new URL("overlay.mjs", import.meta.url)), server.address, outdir], {
  stdio: ["ignore", "pipe", "inherit"],
});
const exit = once(check, "exit");

/** Within the nudge the call waits for the page to be done with it. */
const held_ms = 6_000;
let now_ms = 0;
let stopped = false;
let pulse = null;

function step() {
  if (now_ms === held_ms && !stopped) return;
  const { value, done } = call.next();
  if (done) return clearInterval(pulse);
  now_ms = value.at_ms;
  server.say(value.message);
}

for await (const line of createInterface({ input: check.stdout })) {
  console.log(line);
  if (line === "ready") pulse = setInterval(step, 100);
  if (line === "please stop") {
    stopped = true;
    await server.stop();
  }
  if (line === "please start") await server.start();
}
clearInterval(pulse);
await server.stop();
[process.exitCode = 1] = await exit;
