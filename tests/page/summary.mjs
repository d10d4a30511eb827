/**
 * Looks at summary pages as files and from a server: `node summary.mjs FOLDER PICTURES`, where FOLDER holds the pages and
 * `policy.txt`. Faults are sentences on stderr; the exit status says whether there was one.
 */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { collisions, overflow } from "./document.mjs";

const [folder, pictures] = process.argv.slice(2);
const widths = [420, 960];
/** A page on paper has at most so many sheets of A4. */
const sheets = 2;
let faults = 0;

function fault(sentence) {
  faults += 1;
  console.error(sentence);
}

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
await mkdir(pictures, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.KEICHO_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});

/** Opens a page; whatever it complains of or asks for is a fault. */
async function open(address, name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 960, height: 800 }, hasTouch: true, ...options });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && fault(`${name}: the console says ${message.text()}`));
  page.on("pageerror", (error) => fault(`${name}: the page threw ${error.message}`));
  page.on("request", (request) => request.url() === address || fault(`${name}: the page asked for ${request.url()}`));
  await page.goto(address);
  return page;
}

async function looks(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      const look = `${name}-${colorScheme}-${width}`;
      for (const over of await page.evaluate(overflow)) fault(`${look}: ${over}`);
      for (const both of await page.evaluate(collisions)) fault(`${look}: ${both}`);
      await page.screenshot({ path: join(pictures, `${look}.png`), fullPage: true });
      await page.evaluate(`${axe};0`);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      for (const one of violations) {
        fault(`${look}: axe says ${one.id}: ${one.help}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
      }
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 960, height: 800 });
}

/** In the page: how the two plots of time stand. */
function standing() {
  const plots = [...document.querySelectorAll("svg.timed")];
  return {
    shown: plots.map((plot) => plot.querySelector("svg.time").getAttribute("viewBox").split(" ").map(Number)),
    words: plots[0].getAttribute("aria-valuetext"),
    role: plots[0].getAttribute("role"),
    readout: document.querySelector(".readout").textContent,
    controls: getComputedStyle(document.querySelector(".controls")).display,
    ticks: [...plots[0].querySelectorAll(".ticks text")].map((tick) => tick.textContent),
  };
}

async function use(page, name) {
  const expect = (holds, what) => holds || fault(`${name}: ${what}`);
  const plot = page.locator("svg.timed").first();
  const whole = await page.evaluate(standing);
  const duration = whole.shown[0][2];
  expect(whole.role === "slider", "the timeline cannot be moved along by keyboard");
  await plot.focus();
  for (const key of ["ArrowRight", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  const moved = await page.evaluate(standing);
  expect(moved.words !== whole.words && moved.words === moved.readout, "an arrow key reads no other moment");
  for (const key of ["+", "+", "+"]) await page.keyboard.press(key);
  const near = await page.evaluate(standing);
  expect(near.shown.every(([, , length]) => length < duration), "plus does not zoom both plots");
  expect(near.ticks.join() !== whole.ticks.join(), "the axis has the same labels after zooming");
  for (const both of await page.evaluate(collisions)) fault(`${name}, zoomed: ${both}`);
  await plot.screenshot({ path: join(pictures, `${name}-zoomed.png`) });
  await page.keyboard.press("End");
  const end = await page.evaluate(standing);
  expect(end.shown[0][0] + end.shown[0][2] >= duration - 1, "the end is not in sight when the cursor is there");
  await page.keyboard.press("Escape");
  const back = await page.evaluate(standing);
  expect(back.shown.every(([from, , length]) => from === 0 && length === duration), "Escape does not show the whole call");
  const box = await plot.boundingBox();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 30);
  const hovered = await page.evaluate(standing);
  expect(hovered.readout !== end.readout && hovered.readout.length > 4, "hovering reads nothing");
  await page.touchscreen.tap(box.x + box.width * 0.25, box.y + 30);
  const tapped = await page.evaluate(standing);
  expect(tapped.readout !== hovered.readout, "a tap reads nothing");
  await page.locator("[data-do=in]").click();
  expect((await page.evaluate(standing)).shown[0][2] === duration / 2, "the button does not zoom");
  await page.locator("[data-do=all]").click();
  expect((await page.evaluate(standing)).shown[0][2] === duration, "the button does not show all");
}

async function print(page, name) {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  await writeFile(join(pictures, `${name}.pdf`), pdf);
  const count = pdf.toString("latin1").match(/\/Type\s*\/Page(?!s)/g)?.length ?? 0;
  if (count < 1 || count > sheets) fault(`${name}: prints on ${count} sheets`);
}

const policy = (await readFile(join(folder, "policy.txt"), "utf8")).trim();
const server = createServer(async (request, response) => {
  response.setHeader("Content-Security-Policy", policy);
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(await readFile(join(folder, decodeURIComponent(request.url.slice(1)))));
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

const pages = (await readdir(folder)).filter((file) => file.endsWith(".html")).sort();
if (!pages.length) fault(`there is no page in ${folder}`);
for (const file of pages) {
  const name = file.replace(/\.html$/, "");
  const address = pathToFileURL(join(folder, file)).href;
  const page = await open(address, name);
  await looks(page, name);
  await use(page, name);
  await print(page, name);
  await page.context().close();

  const bare = await open(address, `${name} without script`, { javaScriptEnabled: false });
  await bare.screenshot({ path: join(pictures, `${name}-bare.png`) });
  await bare.context().close();
}
const served = await open(`http://127.0.0.1:${server.address().port}/${pages[0]}`, "served");
await use(served, "served");
await browser.close();
server.close();
console.log(`${pages.length} pages seen`);
process.exit(faults ? 1 : 0);
