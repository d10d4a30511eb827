/** `node shots.mjs OUTDIR`: a picture of every look the page has, in both languages and schemes. */

import { looks, snapshot } from "./call.mjs";
import { open, shoot } from "./browser.mjs";
import { serve } from "./fake.mjs";

const [outdir = "shots", only] = process.argv.slice(2);
const faults = [];
const fault = (sentence) => faults.push(sentence);
const wanted = (look) => !only || only.split(",").includes(look);

const server = await serve();
let now = snapshot();
const pulse = setInterval(() => server.say(now), 100);
server.say(now);
const { browser, page } = await open(server.address, fault);
const kind = (kind) => page.waitForSelector(`#line[data-kind="${kind}"]`, { state: "attached" });
/** Until the page shows this look, its share included. */
const look = async (changes) => {
  now = snapshot({ ...changes, seq: now.seq + 1 });
  await page.waitForFunction(
    ({ seq, share }) => window.keicho.snapshot.seq === seq && window.keicho.share.recent === share.recent,
    now,
  );
};
const live = () => page.waitForFunction(() => window.keicho.link === "live");

await live();
for (const [name, changes] of Object.entries(looks).filter(([name]) => name !== "ended" && wanted(name))) {
  await look(changes);
  await shoot(page, outdir, name, fault);
}
if (wanted("figures")) {
  await page.focus("#bar");
  await look({ echo: { detected: true, level_db: -15 } });
  await shoot(page, outdir, "figures", fault);
  await page.locator("#bar").blur();
}
if (wanted("away")) {
  page.served = false;
  await server.stop();
  await kind("state");
  await shoot(page, outdir, "reconnecting", fault, "state");
  await kind("trouble");
  await shoot(page, outdir, "gone", fault, "trouble");
  await server.start();
  await live();
  page.served = true;
}
if (wanted("ended")) {
  await look(looks.ended);
  await shoot(page, outdir, "ended", fault);
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
