/**
 * `node states.mjs OUTDIR`: looks at calls that stand still. Who runs the calls says `STATE ADDRESS`, a line each; the
 * answer is `seen STATE` once it was looked at: whether the page says what it has to say there, fits at every size and breaks
 * no rule of accessibility. Exit 1 with sentences on stderr where it does not. Pictures go to OUTDIR.
 */

import { createInterface } from "node:readline";
import { words } from "../../web/words.js";
import { inspect, open } from "./browser.mjs";

const [outdir = "shots"] = process.argv.slice(2);
const faults = [];
const fault = (sentence) => faults.push(sentence);

/** What stands in the line: its kind, and the word where the page has one for it. */
const said = {
  connecting: ["state", "connecting"],
  start: ["state", "bar_waits"],
  them: ["state", "bar_waits"],
  rest: ["none"],
  wait: ["wait", "wait"],
  silence: ["silence", "silence"],
  nudge_cut_in: ["nudge"],
  nudge_monologue: ["nudge"],
  icebreaker: ["state", "icebreaker"],
  choppy_them: ["trouble", "trouble_choppy_them"],
  clipping_me: ["trouble", "trouble_clipping_me"],
  quiet_me: ["trouble", "trouble_quiet_me"],
  noisy_me: ["trouble", "trouble_noisy_me"],
  dead_me: ["trouble", "trouble_dead_me"],
  same_sound: ["trouble", "trouble_same_sound"],
  call_over: ["trouble", "trouble_call_over"],
  echo: ["state", "stopped_echo"],
  lost_me: ["trouble", "lost_me"],
  lost_them: ["trouble", "lost_them"],
  lost_both: ["trouble", "lost_both"],
  broken: ["state", "text_none"],
  behind: ["state", "text_behind"],
  topic_begun: ["none"],
  offered: ["offer", null, /Promotion/],
  offer_gone: ["none"],
  stuck: ["offer", "stuck"],
};

const { browser, page } = await open("about:blank", fault);

for await (const line of createInterface({ input: process.stdin })) {
  const [state, address] = line.split(" ");
  const [kind, word, pattern] = said[state] ?? [];
  await page.goto(address);
  await page
    .waitForFunction(
      ([kind, texts]) => {
        const [line, text] = [document.getElementById("line"), document.getElementById("text")];
        return line.dataset.kind === kind && (texts.length === 0 || texts.includes(text.textContent));
      },
      [kind, word ? [words.ja[word], words.en[word]] : []],
      { timeout: 20_000 },
    )
    .catch(async () => fault(`${state}: the line is ${await page.evaluate(() => `${document.getElementById("line").dataset.kind} "${document.getElementById("text").textContent}"`)}`));
  if (pattern && !pattern.test(await page.textContent("#text"))) fault(`${state}: the line says ${await page.textContent("#text")}`);
  await inspect(page, outdir, state, fault);
  console.log(`seen ${state}`);
}
await browser.close();
for (const sentence of faults) console.error(sentence);
process.exit(faults.length ? 1 : 0);
