/**
 * Looks at pages of a history as files: `node history.mjs FOLDER PICTURES`, where FOLDER holds the pages and `policy.txt`.
 * Faults are sentences on stderr; the exit status says whether there was one.
 */

import { documents } from "./document.mjs";

const [folder, pictures] = process.argv.slice(2);
const { fault, look, print, each, served, close } = await documents(folder, pictures);

/** No more elements than these are laid out before anything is opened. */
const mostLaid = 600;

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

/** In the page: labels that a mark lies under, and plots that have no scale. */
function marked() {
  const found = [];
  for (const plot of [...document.querySelectorAll("svg.trend")].filter((plot) => plot.clientWidth)) {
    if (plot.querySelectorAll("text.tick[x='-8']").length < 2) found.push(`"${plot.getAttribute("aria-label")}" has no scale`);
    const dots = [...plot.querySelectorAll(".marks > .dots")].flatMap((path) => {
      const [frame, box] = [plot.querySelector(".marks").viewBox.baseVal, plot.querySelector(".marks").getBoundingClientRect()];
      return [...path.getAttribute("d").matchAll(/M([\d.]+) ([\d.]+)h0/g)].map(([, x, y]) => [plot.getBoundingClientRect().left + (Number(x) / frame.width) * plot.getBoundingClientRect().width, box.top + Number(y)]);
    });
    for (const text of plot.querySelectorAll("text.now, text.goal")) {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      if (dots.some(([x, y]) => x > left - 3 && x < right + 3 && y > top && y < bottom)) found.push(`"${text.textContent}" lies on a mark`);
    }
  }
  return found;
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
  await look(page, `${name}-chosen`);
  await print(page, `${name}-chosen`);
  await page.locator(".people a").first().focus();
  await page.keyboard.press("Enter");
  expect((await page.evaluate(standing)).scopes.join() === "all", "there is no way back to all");
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

await each(async (page, name) => {
  await look(page, name, !name.startsWith("many"));
  for (const one of await page.evaluate(marked)) fault(`${name}: ${one}`);
  await print(page, name);
  if (name.startsWith("few")) await choose(page, name);
  if (name.startsWith("many")) {
    await little(page, name);
    await page.locator("#all details summary").last().click();
    const rows = await page.locator("#all tbody tr:visible").count();
    if (rows !== 1000) fault(`${name}: ${rows} calls are seen when all are asked for`);
  }
});
if ((await (await served("few")).evaluate(standing)).scopes.join() !== "all") fault("served under its policy it has no look");
await close();
