/**
 * `node shots.mjs [OUTDIR [LOOKS]]`: the looks of the page that no call of the other walks comes to, or not for as long as
 * they are looked at, in both languages and schemes and at every size, with the rules of accessibility on each, and pictures
 * of them where there is an OUTDIR. Exit 1 where something does not fit or a rule is broken. Any of `looks` can be asked
 * for by its name.
 */

import { after, before, desk, hostile, items, looks, people, settings, snapshot } from "./call.mjs";
import { held, inspect, large, open, tabbed } from "./browser.mjs";
import { serve } from "./fake.mjs";

const [outdir, only] = process.argv.slice(2);
const faults = [];
const fault = (sentence) => faults.push(sentence);
/** Real calls come to the others: see states.mjs and prepare.mjs. */
const unreached = ["far_end", "lost_before"];
const wanted = (look) => (only ? only.split(",").includes(look) : !(look in looks) || unreached.includes(look));

/** As long a sentence as any with which the program refuses. */
const why = {
  ja: "オフレコ中は残せません。先にオフレコを終えてください。",
  en: "Off the record nothing is kept. Go back on record first.",
};
const server = await serve(({ command }, _, answer) => answer({ type: "refused", command, why }));
let now = snapshot();
const pulse = setInterval(() => server.say(now), 100);
server.say(now);
const { browser, page } = await open(server.address, fault);
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

/** What is pressed like a word stands where the words of its column do: at their left, or at their right. */
async function inColumn() {
  await page.setViewportSize(large[0]);
  const off = await page.evaluate(() => {
    const { left, right } = document.querySelector("#more").getBoundingClientRect();
    const links = [...document.querySelectorAll("#page button.link")].filter((link) => link.getClientRects().length);
    const words = links.map((link) => {
      const range = document.createRange();
      range.selectNodeContents(link);
      return [link.textContent, range.getBoundingClientRect()];
    });
    return words.filter(([, box]) => Math.min(Math.abs(box.left - left), Math.abs(box.right - right)) > 1).map(([name]) => name);
  });
  if (off.length) fault(`open: out of the column: ${off.join(", ")}`);
  const rows = await page.evaluate(() => new Set([...document.querySelectorAll("#controls > button")].map((button) => button.offsetTop)).size);
  if (rows > 1) fault(`open: the controls have ${rows} rows on a desk`);
}

const live = () => page.waitForFunction(() => window.keicho.link === "live");

/** Pages through which somebody goes by keyboard: on a desk, and the narrowest. */
const onTheWay = [
  { width: 1280, height: 900 },
  { width: 320, height: 640 },
];

const take = (name, sizes) => inspect(page, outdir, name, fault, sizes);

await live();
for (const [name, changes] of Object.entries(looks).filter(([name]) => name !== "ended" && wanted(name))) {
  await look(changes);
  await take(name);
}
if (wanted("figures")) {
  await page.focus("#bar");
  await look({ echo: { detected: true, level_db: -15 }, share: { recent_ms: 1_795_000 } });
  await take("figures");
  await page.locator("#bar").blur();
}
if (wanted("open")) {
  await look(looks.offered);
  await page.evaluate(() => document.getElementById("open").click());
  await page.evaluate(() => document.querySelectorAll("#call details").forEach((fold) => (fold.open = true)));
  await take("open", [{ width: 360, height: 340 }]);
  await take("open", large);
  await inColumn();
  await tabbed(page, "open", fault, onTheWay);
  await page.evaluate(() => document.querySelectorAll("#call details").forEach((fold) => (fold.open = false)));
  await page.evaluate(() => document.getElementById("open").click());
}
if (wanted("keys")) {
  await look({});
  await page.keyboard.press("?", held);
  await take("keys", large);
  await page.keyboard.press("Escape");
}
if (wanted("stop")) {
  await look({});
  await page.evaluate(() => document.getElementById("stop").click());
  await take("stop");
  await page.keyboard.press("Escape");
}
if (wanted("denied")) {
  await look({});
  await page.keyboard.press("p", held);
  await page.waitForSelector('#line[data-kind="denied"]', { state: "attached" });
  await take("denied");
  await page.waitForSelector('#line:not([data-kind="denied"])', { state: "attached" });
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
  await tabbed(page, `before_${name}`, fault, onTheWay);
}
if (wanted("before_card")) {
  await look(...before.known);
  await page.click("#card-head");
  await take("before_card", large);
}
if (wanted("settings")) {
  await look(...before.known);
  server.say(settings);
  await page.evaluate(() => document.getElementById("settings-open").click());
  await page.waitForSelector("#settings:not([hidden])");
  await page.evaluate(() => document.querySelectorAll("#settings details").forEach((fold) => (fold.open = true)));
  await take("settings", [...large, { width: 320, height: 700 }]);
  await page.evaluate(() => document.getElementById("settings-back").click());
}
for (const [name, of] of Object.entries(after).filter(([name]) => wanted(`after_${name}`))) {
  await look(looks.ended, { after: of });
  await take(`after_${name}`, large);
  await tabbed(page, `after_${name}`, fault, onTheWay);
}
if (wanted("over")) {
  await look(looks.ended, { after: after.answered });
  page.served = false;
  await server.stop(1000);
  await page.waitForFunction(() => window.keicho.link === "over");
  await take("over");
  await server.start();
}

clearInterval(pulse);
await browser.close();
await server.stop();
for (const sentence of faults) console.error(sentence);
process.exitCode = faults.length ? 1 : 0;
