/**
 * `node shots.mjs [OUTDIR [LOOKS]]`: every look the page has, in both languages and schemes and at every size, with the
 * rules of accessibility on each, and pictures of them where there is an OUTDIR. Exit 1 where something does not fit or a
 * rule is broken.
 */

import { after, before, desk, hostile, items, looks, people, snapshot } from "./call.mjs";
import { large, open, rules, shoot, small } from "./browser.mjs";
import { serve } from "./fake.mjs";

const [outdir, only] = process.argv.slice(2);
const faults = [];
const fault = (sentence) => faults.push(sentence);
const wanted = (look) => !only || only.split(",").includes(look);

const server = await serve();
let now = snapshot();
const pulse = setInterval(() => server.say(now), 100);
server.say(now);
const { browser, page } = await open(server.address, fault);
const kind = (kind) => page.waitForSelector(`#line[data-kind="${kind}"]`, { state: "attached" });

/** Until the page shows this look, its figures included. */
async function look(changes, around) {
  if (around !== undefined) server.say(desk(around));
  now = snapshot({ ...changes, seq: now.seq + 1 });
  await page.waitForFunction(
    ({ seq, share, floor, silence_ms }) => {
      const { snapshot, rest } = window.keicho;
      const same = rest.share.recent === share.recent && rest.floor === floor && rest.silence_ms === silence_ms;
      return snapshot.seq === seq && same;
    },
    now,
  );
}

const live = () => page.waitForFunction(() => window.keicho.link === "live");

async function take(name, sizes) {
  await page.setViewportSize(large[0]);
  await rules(page, name, fault);
  await shoot(page, outdir, name, fault, { sizes });
}

await live();
for (const [name, changes] of Object.entries(looks).filter(([name]) => name !== "ended" && wanted(name))) {
  await look(changes);
  await take(name);
}
if (wanted("figures")) {
  await page.focus("#bar");
  await look({ echo: { detected: true, level_db: -15 } });
  await take("figures");
  await page.locator("#bar").blur();
}
if (wanted("open")) {
  await look(looks.offered);
  await page.evaluate(() => document.getElementById("open").click());
  await page.evaluate(() => document.querySelectorAll("#call details").forEach((fold) => (fold.open = true)));
  await page.setViewportSize(small[1]);
  await rules(page, "open", fault);
  await take("open", [{ width: 360, height: 340 }, ...large]);
  await page.evaluate(() => document.querySelectorAll("#call details").forEach((fold) => (fold.open = false)));
  await page.evaluate(() => document.getElementById("open").click());
}
if (wanted("keys")) {
  await look({});
  await page.keyboard.press("?");
  await take("keys", large);
  await page.keyboard.press("Escape");
}
if (wanted("stop")) {
  await look({});
  await page.evaluate(() => document.getElementById("stop").click());
  await take("stop");
  await page.keyboard.press("Escape");
}
if (wanted("hostile")) {
  for (const [place, text] of hostile.entries()) {
    await look({ agenda: [{ id: 9, text, state: "open", offered: true }], check_in: { score: 3, words: text } });
    await take(`hostile_${place}`);
  }
  await look({ ...before.known[0], agenda: hostile.map((text, id) => ({ ...items[0], id, text })) }, {
    ...before.known[1],
    with: hostile[0],
    people: hostile.map((name) => ({ ...people[0], name })),
  });
  await take("hostile_before", large);
}
for (const [name, [changes, around]] of Object.entries(before).filter(([name]) => wanted(`before_${name}`))) {
  await look(changes, around);
  await take(`before_${name}`, large);
}
if (wanted("before_card")) {
  await look(...before.known);
  await page.click("#card-head");
  await take("before_card", large);
}
if (wanted("away")) {
  await look({}, {});
  page.served = false;
  await server.stop();
  await kind("state");
  await shoot(page, outdir, "reconnecting", fault, { still: "state" });
  await kind("trouble");
  await shoot(page, outdir, "gone", fault, { still: "trouble" });
  await server.start();
  await live();
  page.served = true;
}
for (const [name, of] of Object.entries(after).filter(([name]) => wanted(`after_${name}`))) {
  await look(looks.ended, { after: of });
  await take(`after_${name}`, large);
}
if (wanted("over")) {
  await look(looks.ended, { after: after.answered });
  page.served = false;
  await server.stop(1000);
  await page.waitForFunction(() => window.keicho.link === "over");
  await take("over");
  await server.start();
}
if (wanted("old")) {
  const late = await open(server.address.replace(/=.*/, "=00"), fault);
  await late.page.waitForSelector('#line[data-kind="trouble"]');
  await shoot(late.page, outdir, "old_address", fault);
  await late.browser.close();
}

clearInterval(pulse);
await browser.close();
await server.stop();
for (const sentence of faults) console.error(sentence);
process.exitCode = faults.length ? 1 : 0;
