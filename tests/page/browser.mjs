/** A Chromium that watches the page for us: its faults, its looks, its fit. */

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The overlay's sizes, beside a call. */
export const small = [
  { width: 240, height: 90 },
  { width: 360, height: 120 },
];

/** A page's sizes: it may be longer than its window. */
export const large = [
  { width: 960, height: 600 },
  { width: 420, height: 800 },
];

/** How a letter is pressed that is to count. */
export const held = { delay: 750 };

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Opens the page. `fault` is called with a sentence for every error on the
 * page's console, every uncaught error and every request that leaves 127.0.0.1;
 * refused connections only count while `page.served` holds. `first` runs in the page
 * before its own scripts. `more` goes to the browser's launch.
 */
export async function open(address, fault, first = () => {}, more = {}) {
  const executablePath = process.env.KEICHO_CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, ...more, args: [...args, ...(more.args ?? [])] });
  const context = await browser.newContext({ locale: "ja-JP", viewport: small[0], reducedMotion: "reduce", ...more.context });
  context.on("page", (page) => watch(page, fault));
  const page = await context.newPage();
  await page.addInitScript(first);
  await page.goto(address);
  return { browser, context, page };
}

function watch(page, fault) {
  page.served = true;
  const local = (url) => new URL(url).hostname === "127.0.0.1" || /^(data|about|blob):/.test(url);
  const asked = (url) => local(url) || fault(`the page asked for ${url}`);
  page.on("request", (request) => asked(request.url()));
  page.on("websocket", (socket) => asked(socket.url()));
  page.on("pageerror", (error) => fault(`the page threw ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const refused = /^(WebSocket connection to |Failed to load resource: net::ERR_CONNECTION_REFUSED)/;
    if (!page.served && refused.test(message.text())) return;
    fault(`the page's console says: ${message.text()}`);
  });
  page.on("crash", () => fault("the page crashed"));
}

/**
 * Takes one picture for each language, scheme and size, for as long as the page is
 * still in the state that is wanted: `still` is a line kind, or any if absent.
 * Faults where something does not fit. Without an `outdir` it looks, and takes none.
 */
export async function shoot(page, outdir, look, fault, { still, sizes = [...small, ...large] } = {}) {
  if (outdir) await mkdir(outdir, { recursive: true });
  for (const language of ["ja", "en"]) {
    await page.evaluate(speak, language);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      for (const size of sizes) {
        await page.setViewportSize(size);
        const { kind, over } = await page.evaluate(fit, small.includes(size));
        if (still && kind !== still) return;
        const name = `${look}-${language}-${colorScheme}-${size.width}x${size.height}`;
        if (over) fault(`${name}: ${over}`);
        const parted = language === "ja" && colorScheme === "light" ? await page.evaluate(partedWords) : [];
        if (parted.length) fault(`${name}: a line ends inside ${parted.join(", ")}`);
        if (outdir) await page.screenshot({ path: join(outdir, `${name}.png`), fullPage: large.includes(size) });
      }
    }
  }
}

/** All that can be told of a page that stays as it is: whether it fits at each size, and the rules of accessibility. */
export async function inspect(page, outdir, look, fault, sizes = [...small, ...large]) {
  await page.setViewportSize(sizes.includes(large[0]) ? large[0] : sizes[0]);
  await rules(page, look, fault);
  await shoot(page, outdir, look, fault, { sizes });
}

/** In the page: the switch, without moving the pointer or the focus to it. */
function speak(language) {
  if (document.documentElement.lang !== language) document.getElementById("language").click();
}

/** In the page: what reaches over its room, or is cut off in it. A page may be longer than its window, not wider. */
function fit(whole) {
  const root = document.scrollingElement;
  const over = [];
  scrollTo(0, 0);
  // The page after a call is read in a window of any size.
  whole &&= document.getElementById("after").hidden;
  if (root.scrollWidth > innerWidth) over.push(`${root.scrollWidth} px wide`);
  if (whole && root.scrollHeight > innerHeight) over.push(`${root.scrollHeight} px high`);
  const named = (element) => `${element.localName}#${element.id || element.parentElement.id} "${element.textContent.slice(0, 20)}"`;
  for (const element of document.body.querySelectorAll("*")) {
    const { right, bottom, left, width, height } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    // What only a screen reader reads, and what is not shown, has no room; an offer may be longer than its lines.
    if (width <= 1 || height <= 1 || style.visibility === "hidden" || element.closest(".unseen, svg")) continue;
    if (element.closest('.line[data-kind="offer"]')) continue;
    if (right > innerWidth + 0.5 || left < -0.5) over.push(`${named(element)} is cut off`);
    if (whole && bottom > innerHeight + 0.5) over.push(`${named(element)} is under the edge`);
    const clips = style.overflow !== "visible" && !["textarea", "input"].includes(element.localName);
    if (clips && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) {
      over.push(`${named(element)} does not fit`);
    }
  }
  return { kind: document.getElementById("line").dataset.kind, over: [...new Set(over)].join(", ") };
}

/** In the page: the Japanese words in which a line ends. What somebody typed may be one word that is longer than a line. */
export function partedWords() {
  const found = new Set();
  const words = new Intl.Segmenter("ja", { granularity: "word" });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node; (node = walker.nextNode()); ) {
    if (node.parentElement.closest("bdi, option, script, style, svg, .unseen") || !node.parentElement.getClientRects().length) continue;
    for (const { segment, index } of words.segment(node.data)) {
      if (!/^[\p{Script=Han}\p{Script=Katakana}ー]{2,}$/u.test(segment)) continue;
      range.setStart(node, index);
      range.setEnd(node, index + segment.length);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) found.add(segment);
    }
  }
  return [...found];
}

/** Faults for every rule of accessibility that the page breaks as it stands, in both schemes. */
export async function rules(page, look, fault) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(`${axe};0`);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }));
    for (const { id, help, nodes } of violations) {
      fault(`${look}, ${colorScheme}: ${id}, ${help}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`);
    }
  }
}

/** Faults for what Tab comes to and nobody sees: without a ring, outside the window, or under what stays in sight. */
export async function tabbed(page, look, fault, sizes) {
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.evaluate(() => (window.tabbed = new Set()));
    for (let wrong = ""; wrong !== null; ) {
      await page.keyboard.press("Tab");
      wrong = await page.evaluate(unseen);
      if (wrong) fault(`${look}, ${size.width} px: by Tab: ${wrong}`);
    }
  }
}

/** In the page: what is wrong with the place of the focus; null once all was come to. */
function unseen() {
  const focused = document.activeElement;
  if (window.tabbed.has(focused)) return null;
  window.tabbed.add(focused);
  if (focused === document.body) return "";
  const { left, top, bottom, width, height } = focused.getBoundingClientRect();
  const { outlineStyle } = getComputedStyle(focused.closest("label.choice") ?? focused);
  const over = document.elementFromPoint(left + width / 2, top + height / 2);
  const isFree = over && (focused.contains(over) || over.contains(focused) || focused.closest("label")?.contains(over));
  const name = focused.id || focused.textContent.trim();
  if (outlineStyle === "none") return `${name} has no ring`;
  if (top < -1 || bottom > innerHeight + 1) return `${name} is outside the window`;
  return isFree ? "" : `${name} is under ${over?.closest("[id], section")?.className}`;
}
