/**
 * `node gone.mjs KEICHO CALL OUTDIR`: the program is killed while its page is open. The page says that it tries to come
 * back, then that nobody answers; and once the program is started again on the same port, that the address is old. Pictures
 * of each go to OUTDIR. Exit 1 with a sentence on the first thing that is not as it should be.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { inspect, open } from "./browser.mjs";

const [keicho, call, outdir] = process.argv.slice(2);
const home = await mkdtemp(join(tmpdir(), "keicho-gone-"));
const faults = [];
const fault = (sentence) => faults.push(sentence);

async function start(port) {
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, XDG_RUNTIME_DIR: home };
  const args = ["replay", call, "--serve", "--pace", "real", "--no-open", "--no-text", "--port", port, "--out", join(home, "call")];
  const program = spawn(keicho, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: program.stdout });
  const address = await new Promise((found) => lines.on("line", (line) => line.startsWith("overlay: ") && found(line.slice(9))));
  return { program, address };
}

let { program, address } = await start("0");
const { browser, page } = await open(address, fault);
const until = (seen, argument) => page.waitForFunction(seen, argument, { timeout: 30_000 });
const line = () => page.textContent("#text");

try {
  await until(() => window.keicho?.link === "live" && window.keicho.snapshot.now_ms > 1_000);
  page.served = false;
  const killed = once(program, "exit");
  program.kill("SIGKILL");
  await killed;
  await until(() => document.getElementById("line").dataset.kind === "state");
  assert.match(await line(), /つなぎ直しています/);
  // Whoever looks at the page again makes it try at once; nobody does here, so that it stays as it is.
  await inspect(page, outdir, "reconnecting", fault);

  // Seven times in vain, the pauses between them spared.
  await until(() => {
    document.dispatchEvent(new Event("visibilitychange"));
    return window.keicho.attempts >= 7;
  });
  await until(() => document.getElementById("line").dataset.kind === "trouble");
  assert.match(await line(), /Keicho.*(応答しません|isn’t answering)/);
  assert.ok(await page.isHidden("#controls"), "controls of a program that is gone");
  await inspect(page, outdir, "gone", fault);

  ({ program } = await start(new URL(address).port));
  await until(() => {
    document.dispatchEvent(new Event("visibilitychange"));
    return window.keicho.link === "old_address";
  });
  assert.match(await line(), /前に起動した|an earlier start/);
  await inspect(page, outdir, "old_address", fault);

  // The same for who opens it anew: the token is no longer in the address bar, but in the tab.
  page.served = true;
  await page.reload();
  await until(() => window.keicho?.link === "old_address");
  assert.deepEqual(faults, []);
} catch (error) {
  console.error(error.message, error.stack.match(/gone\.mjs:\d+/g)?.join(" "));
  console.error(await page.evaluate(() => JSON.stringify(window.keicho)).catch(() => ""));
  for (const sentence of faults) console.error(sentence);
  process.exitCode = 1;
}
await browser.close();
const ended = once(program, "exit");
program.kill("SIGKILL");
await ended;
await rm(home, { recursive: true, force: true });
