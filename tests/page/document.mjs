/** Pages that are documents, files of their own: a summary, a mirror, a history; and what is looked for in one. */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { partedWords } from "./browser.mjs";

const widths = [320, 960];

/** A document on paper has at most so many sheets of A4. */
const sheets = 2;

/**
 * The documents of a folder, which holds `policy.txt` too. Faults are sentences on stderr; with the last thing that is
 * done, `close`, the exit status says whether there was one. Pictures of all looks go into `pictures`.
 */
export async function documents(folder, pictures, options = {}) {
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const policy = (await readFile(join(folder, "policy.txt"), "utf8")).trim();
  const names = (await readdir(folder)).filter((file) => file.endsWith(".html")).sort();
  await mkdir(pictures, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.KEICHO_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  const server = createServer(async (request, response) => {
    response.setHeader("Content-Security-Policy", policy);
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(await readFile(join(folder, decodeURIComponent(request.url.slice(1)))));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  let faults = 0;

  function fault(sentence) {
    faults += 1;
    console.error(sentence);
  }

  /** Opens a page; whatever it complains of or asks for is a fault. */
  async function open(address, name, more = {}) {
    const context = await browser.newContext({ viewport: { width: 960, height: 800 }, ...options, ...more });
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && fault(`${name}: the console says ${message.text()}`));
    page.on("pageerror", (error) => fault(`${name}: the page threw ${error.message}`));
    page.on("request", (request) => request.url() === address || fault(`${name}: the page asked for ${request.url()}`));
    await page.goto(address);
    return page;
  }

  /** Light and dark, narrow and wide; the rules of accessibility, unless that would take too long. */
  async function look(page, name, rules = true) {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        // On a busy computer the window is of another size a moment before its page is.
        await page.waitForFunction((width) => innerWidth === width, width);
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        const seen = `${name}-${colorScheme}-${width}`;
        for (const over of await page.evaluate(overflow)) fault(`${seen}: ${over}`);
        for (const both of await page.evaluate(collisions)) fault(`${seen}: ${both}`);
        for (const word of await page.evaluate(partedWords)) fault(`${seen}: a line ends inside ${word}`);
        await page.screenshot({ path: join(pictures, `${seen}.png`), fullPage: true });
        if (!rules) continue;
        await page.evaluate(`${axe};0`);
        const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        for (const { id, help, nodes } of violations) {
          fault(`${seen}: axe says ${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
        }
      }
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 960, height: 800 });
  }

  async function print(page, name) {
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    await writeFile(join(pictures, `${name}.pdf`), pdf);
    const count = pdf.toString("latin1").match(/\/Type\s*\/Page(?!s)/g)?.length ?? 0;
    if (count < 1 || count > sheets) fault(`${name}: prints on ${count} sheets`);
  }

  /** All of them, one after the other: each is opened from the disk, and `see` is given the page, its name and its address. */
  async function each(see) {
    if (!names.length) fault(`there is no page in ${folder}`);
    for (const file of names) {
      const [name, address] = [file.replace(/\.html$/, ""), pathToFileURL(join(folder, file)).href];
      const page = await open(address, name);
      await see(page, name, address);
      await page.context().close();
    }
  }

  /** The first one whose name begins so, from a server and under its policy. */
  function served(begins = "") {
    return open(`http://127.0.0.1:${server.address().port}/${names.find((file) => file.startsWith(begins))}`, "served");
  }

  async function close() {
    await browser.close();
    server.close();
    console.log(`${names.length} pages seen`);
    process.exit(faults ? 1 : 0);
  }

  return { fault, open, look, print, each, served, close };
}

/** In the page: what reaches over the window, or out of its plot. */
export function overflow() {
  const over = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) over.push(`${root.scrollWidth} px wide in ${innerWidth}`);
  for (const text of document.querySelectorAll("svg text, h1, h2, p, td, th, li")) {
    const { left, right, width } = text.getBoundingClientRect();
    if (width && !text.closest(".unseen") && (left < 0 || right > innerWidth)) over.push(`"${text.textContent}" is cut off`);
  }
  return over;
}

/** In the page: words of one plot that lie on one another. */
export function collisions() {
  const found = [];
  for (const plot of document.querySelectorAll("svg.fluid, svg.trend")) {
    const boxes = [...plot.querySelectorAll("text:not(.question)")]
      .map((text) => [text.textContent, text.getBoundingClientRect()])
      .filter(([, box]) => box.width);
    boxes.forEach(([words, a], place) => {
      for (const [others, b] of boxes.slice(place + 1)) {
        const over = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const under = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (over > 1 && under > 4) found.push(`"${words}" lies on "${others}"`);
      }
    });
  }
  return found;
}
