/**
 * Looks at pages of a history as files: `node history.mjs FOLDER PICTURES`, where FOLDER holds the pages and `policy.txt`.
 * Faults are sentences on stderr; the exit status says whether there was one.
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
/** The page of a few calls goes on so many sheets of A4. */
const sheets = 2;
/** No more elements than these are laid out before anything is opened. */
const mostLaid = 600;
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
async function open(address, name) {
  const context = await browser.newContext({ viewport: { width: 960, height: 800 } });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && fault(`${name}: the console says ${message.text()}`));
  page.on("pageerror", (error) => fault(`${name}: the page threw ${error.message}`));
  page.on("request", (request) => request.url() === address || fault(`${name}: the page asked for ${request.url()}`));
  await page.goto(address);
  return page;
}

async function looks(page, name, rules = true) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      const look = `${name}-${colorScheme}-${width}`;
      for (const over of await page.evaluate(overflow)) fault(`${look}: ${over}`);
      for (const both of await page.evaluate(collisions)) fault(`${look}: ${both}`);
      await page.screenshot({ path: join(pictures, `${look}.png`), fullPage: true });
      if (!rules) continue;
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

/** In the page: whose calls are seen, and what leads on. */
function standing() {
  const seen = (element) => element.getBoundingClientRect().height > 0;
  const scopes = [...document.querySelectorAll(".scope")].filter(seen);
  return {
    scopes: scopes.map(({ id }) => id),
    people: [...document.querySelectorAll(".people a")].map((link) => link.textContent),
    plots: scopes.flatMap((scope) => [...scope.querySelectorAll("svg.trend")]).map((plot) => ({
      says: plot.getAttribute("aria-label"),
      rows: document.getElementById(plot.getAttribute("aria-details"))?.querySelectorAll("tbody tr").length,
      dots: [...plot.querySelectorAll(".marks > .dots")].map((path) => path.getAttribute("d").split("M").length - 1).reduce((a, b) => a + b, 0),
    })),
    links: [...document.querySelectorAll(".calls a")].map((link) => link.getAttribute("href")),
    lines: [...document.querySelectorAll(".given svg, .given path")].length,
  };
}

/** A person is chosen and alone, by pointer and by keyboard; then all again. */
async function choose(page, name) {
  const expect = (holds, what) => holds || fault(`${name}: ${what}`);
  const all = await page.evaluate(standing);
  expect(all.scopes.join() === "all", `${all.scopes} are seen at first`);
  expect(all.plots.length === 4 && all.plots.every(({ says }) => says.length > 10), "a plot says nothing");
  expect(all.plots.every(({ rows }) => rows === 23), `a plot has no table of its own: ${JSON.stringify(all.plots)}`);
  expect(all.plots[0].dots === 20, `${all.plots[0].dots} calls have a mark: three were not measured`);
  expect(all.links.every((link) => /^calls\/[\dT-]+\/summary\.html$/.test(link)), `calls lead to ${all.links[0]}`);
  await page.locator(".people a").nth(2).click();
  const one = await page.evaluate(standing);
  expect(one.scopes.join() === "person-2", `${one.scopes} are seen, not the one who was chosen`);
  expect(one.plots.every(({ rows }) => rows > 2 && rows < 23), "the person has the table of all");
  expect(one.lines === 0, "something is drawn through what a person said");
  await looks(page, `${name}-chosen`);
  await print(page, `${name}-chosen`, sheets);
  await page.locator(".people a").first().focus();
  await page.keyboard.press("Enter");
  expect((await page.evaluate(standing)).scopes.join() === "all", "there is no way back to all");
}

async function print(page, name, most) {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  await writeFile(join(pictures, `${name}.pdf`), pdf);
  const count = pdf.toString("latin1").match(/\/Type\s*\/Page(?!s)/g)?.length ?? 0;
  if (count < 1 || count > most) fault(`${name}: prints on ${count} sheets`);
}

/** What the browser lays out before anything is opened: of a thousand calls hardly more than of a few. */
async function little(page, name) {
  const [all, laid] = await page.evaluate(() => {
    const elements = [...document.querySelectorAll("body *")];
    return [elements.length, elements.filter((element) => element.checkVisibility()).length];
  });
  console.log(`${name}: ${laid} of ${all} elements are laid out at first`);
  if (laid > mostLaid) fault(`${name}: ${laid} elements are laid out at first`);
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
  await looks(page, name, !name.startsWith("many"));
  await print(page, name, sheets);
  if (name.startsWith("few")) await choose(page, name);
  if (name.startsWith("many")) {
    await little(page, name);
    await page.locator("#all details summary").last().click();
    const rows = await page.locator("#all tbody tr:visible").count();
    if (rows !== 1000) fault(`${name}: ${rows} calls are seen when all are asked for`);
  }
  await page.context().close();
}
const served = await open(`http://127.0.0.1:${server.address().port}/${pages.find((file) => file.startsWith("few"))}`, "served");
if ((await served.evaluate(standing)).scopes.join() !== "all") fault("served under its policy it has no look");
await browser.close();
server.close();
console.log(`${pages.length} pages seen`);
process.exit(faults ? 1 : 0);
