/** A Chromium that watches the overlay for us: its faults, its looks, its fit. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const sizes = [
  { width: 240, height: 90 },
  { width: 360, height: 120 },
  { width: 960, height: 600 },
];

/**
 * Opens the overlay. `fault` is called with a sentence for every error on the
 * page's console, every uncaught error and every request that leaves 127.0.0.1;
 * refused connections only count while `page.served` holds. `first` runs in the page
 * before its own scripts.
 */
export async function open(address, fault, first = () => {}) {
  const browser = await chromium.launch({
    executablePath: process.env.KEICHO_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const context = await browser.newContext({ locale: "ja-JP", viewport: sizes[0], reducedMotion: "reduce" });
  const page = await context.newPage();
  page.served = true;
  const local = (url) => new URL(url).hostname === "127.0.0.1" || url.startsWith("data:");
  const asked = (url) => local(url) || fault(`the page asked for ${url}`);
  page.on("request", (request) => asked(request.url()));
  page.on("websocket", (socket) => asked(socket.url()));
  page.on("pageerror", (error) => fault(`the page threw ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    if (!page.served && message.text().startsWith("WebSocket connection to ")) return;
    fault(`the page's console says: ${message.text()}`);
  });
  page.on("crash", () => fault("the page crashed"));
  await page.addInitScript(first);
  await page.goto(address);
  return { browser, page };
}

/**
 * Takes one picture for each language, scheme and size, for as long as the page is
 * still in the state that is wanted: `still` is a line kind, or any if absent.
 * Faults where something does not fit.
 */
export async function shoot(page, outdir, look, fault, still) {
  await mkdir(outdir, { recursive: true });
  for (const language of ["ja", "en"]) {
    await page.evaluate(speak, language);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      for (const size of sizes) {
        await page.setViewportSize(size);
        const { kind, over } = await page.evaluate(fit);
        if (still && kind !== still) return;
        const name = `${look}-${language}-${colorScheme}-${size.width}x${size.height}`;
        if (over) fault(`${name}: ${over}`);
        await page.screenshot({ path: join(outdir, `${name}.png`) });
      }
    }
  }
}

/** In the page: the switch, without moving the pointer or the focus to it. */
function speak(language) {
  if (document.documentElement.lang !== language) document.getElementById("language").click();
}

/** In the page: what reaches over its room. */
function fit() {
  const root = document.scrollingElement;
  const over = [];
  if (root.scrollWidth > innerWidth) over.push(`${root.scrollWidth} px wide`);
  if (root.scrollHeight > innerHeight) over.push(`${root.scrollHeight} px high`);
  for (const element of document.querySelectorAll("#floor, #line, #demo, #language")) {
    const { right, bottom, left } = element.getBoundingClientRect();
    if (right > innerWidth || bottom > innerHeight || left < 0) over.push(`#${element.id} is cut off`);
  }
  return { kind: document.getElementById("line").dataset.kind, over: over.join(", ") };
}
