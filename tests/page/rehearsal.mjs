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
let held = false;
server.say(call.next().value.message);

const check = spawn(process.execPath, [fileURLToPath(new URL("overlay.mjs", import.meta.url)), server.address, outdir], {
  stdio: ["ignore", "pipe", "inherit"],
});
const exit = once(check, "exit");
const pulse = setInterval(() => {
  // The nudge is held in front of the page until it has been looked at.
  const { value, done } = held ? { value: null } : call.next();
  if (done) clearInterval(pulse);
  if (value) server.say(value.message);
}, 40);

for await (const line of createInterface({ input: check.stdout })) {
  console.log(line);
  if (line.startsWith("nudge")) held = true;
  if (line === "please stop") {
    held = false;
    await server.stop();
  }
  if (line === "please start") await server.start();
}
clearInterval(pulse);
await server.stop();
[process.exitCode = 1] = await exit;
