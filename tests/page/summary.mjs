/**
 * Looks at summary pages as files and from a server: `node summary.mjs FOLDER PICTURES`, where FOLDER holds the pages and
 * `policy.txt`. Faults are sentences on stderr; the exit status says whether there was one.
 */

import { join } from "node:path";
import { collisions, documents } from "./document.mjs";

const [folder, pictures] = process.argv.slice(2);
const { fault, open, look, print, each, served, close } = await documents(folder, pictures, { hasTouch: true });

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

/** In the page: the words of the plots of time that lie over a line of theirs. */
function wordsOnLines() {
  const found = [];
  for (const plot of document.querySelectorAll("svg.timed")) {
    const lines = [...plot.querySelectorAll("path.recent, path.whole")].flatMap((line) => {
      const matrix = line.getScreenCTM();
      const length = line.getTotalLength();
      const part = (i) => line.getPointAtLength((length * i) / 2000).matrixTransform(matrix);
      return Array.from({ length: 2001 }, (_, i) => part(i));
    });
    for (const words of plot.querySelectorAll("text")) {
      const { left, right, top, bottom } = words.getBoundingClientRect();
      if (lines.some(({ x, y }) => x > left && x < right && y > top && y < bottom)) found.push(words.textContent);
    }
  }
  return found;
}

/** The shared summary asks before it shows, and makes a line of the answer; nothing but the question is seen before. */
async function answer(page, name) {
  const expect = (holds, what) => holds || fault(`${name}: ${what}`);
  const seen = () => page.evaluate(() => document.querySelector("main").innerText);
  expect(!/\d%/.test(await seen()), "a figure is seen before the guess");
  expect(await page.isDisabled("[data-do=show]"), "an answer that nobody gave can be sent");
  await page.focus("#guess");
  for (let press = 0; press < 5; press += 1) await page.keyboard.press("ArrowLeft");
  await page.click("[data-do=show]");
  expect(/45%[^%]*\d\d%/.test(await page.innerText(".thought")), "the guess does not stand beside the figure");
  const call = await page.getAttribute(".reply", "data-call");
  const line = () => page.inputValue("#their-answer");
  const guess = /(話された割合は45%くらい|did about 45% of the talking)/;
  expect((await line()).endsWith(` [Keicho ${call} guess=45]`), "the line holds no guess");
  expect(/^(About our 1on1.*: I think|.*1on1について：)/.test(await line()) && guess.test(await line()), "nobody can read the line");
  await page.fill("#their-target", "5");
  expect((await line()).endsWith(` [Keicho ${call} guess=45]`), "a target that is none stands in the line");
  await page.fill("#their-target", "30");
  expect((await line()).endsWith(` [Keicho ${call} guess=45 next=30]`), "the line holds no target");
  expect(/(次は30%まで|Next time I’d like it to be up to 30%)/.test(await line()) && guess.test(await line()), "the line does not say the target");
  await page.click("[data-do=copy]");
  await page.waitForFunction(() => /コピーし|Copied|Copy it/.test(document.querySelector("[data-do=copy]").textContent));
}

/** On paper nothing looks like a way to somewhere, what is folded is said to be there, and what stands beside begins level. */
async function onPaper(page, name) {
  await page.emulateMedia({ media: "print" });
  const wrong = await page.evaluate(() => {
    const seen = (element) => element.getClientRects().length > 0;
    const links = [...document.querySelectorAll("main a")].filter(seen);
    const folds = [...document.querySelectorAll("details.more > summary")].filter((fold) => fold.closest("section, div:not(.grid)"));
    const tops = [...document.querySelectorAll(".rest .grid > section")].slice(0, 2).map((one) => Math.round(one.firstElementChild.getBoundingClientRect().top));
    return [
      links.some((link) => getComputedStyle(link).textDecorationLine !== "none") && "a link is underlined",
      folds.some((fold) => !seen(fold) && seen(fold.closest("section") ?? fold)) && "a list does not say that there is more",
      new Set(tops).size > 1 && `two headings in one row begin at ${tops}`,
    ].filter(Boolean);
  });
  for (const sentence of wrong) fault(`${name} on paper: ${sentence}`);
  await page.emulateMedia({ media: null });
}

/** On a phone no word of a table is parted: neither of a row's name nor of a figure. */
async function wholeWords(page, name) {
  const parted = await page.evaluate(() => {
    const words = /中央値|替わった|分かりません|相づち|話し手|\d\/\u2060?(?:分|min)/g;
    const found = [];
    for (const cell of document.querySelectorAll(".figures th, .figures td")) {
      const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      for (let node; (node = walker.nextNode()); ) {
        for (const { 0: word, index } of node.data.matchAll(words)) {
          const range = document.createRange();
          range.setStart(node, index);
          range.setEnd(node, index + word.length);
          if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) found.push(word);
        }
      }
    }
    return found;
  });
  if (parted.length) fault(`${name}: a line ends inside ${parted.join(", ")}`);
}

/** On a phone the sentence that matters first has no line of a word or two in its middle. */
async function readOnPhone(page, name) {
  for (const width of [320, 360, 400, 480]) {
    await page.setViewportSize({ width, height: 800 });
    const lines = await page.locator(".headline").evaluate((headline) => {
      const height = parseFloat(getComputedStyle(headline).lineHeight);
      return Math.round(headline.getBoundingClientRect().height / height);
    });
    const most = (width === 320 ? 4 : 3) + (await page.locator(".headline .unsure").count() ? 1 : 0);
    if (lines > most) fault(`${name}: the headline has ${lines} lines at ${width} px`);
  }
  await page.setViewportSize({ width: 960, height: 800 });
}

async function use(page, name) {
  const expect = (holds, what) => holds || fault(`${name}: ${what}`);
  const plot = page.locator("svg.timed").first();
  const whole = await page.evaluate(standing);
  for (const words of await page.evaluate(wordsOnLines)) fault(`${name}: “${words}” lies over its line`);
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  // The shared summary has the form of the answer, too.
  const most = (await page.locator("section.reply:visible").count()) ? 2250 : 2000;
  expect(tall <= most, `${tall} px before anything is opened`);
  const link = page.locator("a[data-at]:visible").first();
  if (await link.count()) {
    const at = Number(await link.getAttribute("data-at"));
    await link.click();
    const there = await page.evaluate(() => document.querySelector("svg.timed").getAttribute("aria-valuenow"));
    expect(Number(there) === Math.round(at / 1000), "a moment of a list does not lead into the timeline");
    expect(!page.url().includes("#"), "a moment of a list leaves the page where it was");
  }
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
  const read = await page.locator(".readout").boundingBox();
  const aside = Math.abs(read.x + read.width / 2 - (box.x + box.width * 0.5));
  expect(aside < 20 && box.y - read.y - read.height < 20, `what is read stands ${Math.round(aside)} px beside the pointer`);
  await page.touchscreen.tap(box.x + box.width * 0.25, box.y + 30);
  const tapped = await page.evaluate(standing);
  expect(tapped.readout !== hovered.readout, "a tap reads nothing");
  await page.locator("[data-do=in]").click();
  expect((await page.evaluate(standing)).shown[0][2] === duration / 2, "the button does not zoom");
  await page.locator("[data-do=all]").click();
  expect((await page.evaluate(standing)).shown[0][2] === duration, "the button does not show all");
}

/** What is folded is there for whoever opens it, and on paper. */
async function unfold(page, name) {
  const rest = page.locator("details.rest");
  const is = (open) => rest.evaluate((element, open) => element.open === open, open);
  if (await is(true)) fault(`${name}: nothing is folded`);
  for (const [event, open] of [["beforeprint", true], ["afterprint", false]]) {
    await page.evaluate((event) => dispatchEvent(new Event(event)), event);
    if (!(await is(open))) fault(`${name}: ${event} leaves it ${open ? "folded" : "open"}`);
  }
  await page.locator("details.rest > summary").click();
}

await each(async (page, name, address) => {
  await look(page, name);
  if (await page.locator("section.guess:visible").count()) {
    await answer(page, name);
    await look(page, `${name}-answered`);
  } else if (name.startsWith("mirror")) fault(`${name} asks nothing`);
  await readOnPhone(page, name);
  await use(page, name);
  await unfold(page, name);
  for (const width of [320, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await wholeWords(page, `${name} at ${width} px`);
  }
  await page.setViewportSize({ width: 960, height: 800 });
  await look(page, `${name}-open`);
  await page.locator("details.rest > summary").click();
  await print(page, name);
  await onPaper(page, name);

  const bare = await open(address, `${name} without script`, { javaScriptEnabled: false });
  await bare.screenshot({ path: join(pictures, `${name}-bare.png`) });
  await bare.context().close();
});
const shown = await served();
if (await shown.locator("section.guess:visible").count()) await shown.click("[data-do=skip]");
await use(shown, "served");
await close();
