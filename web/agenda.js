/** An agenda out of what somebody pasted. Pure. */

/** As many items, and letters in one, as the program takes. */
export const MOST_ITEMS = 20;
export const MOST_LETTERS = 200;

/** What stands before an item in notes, mails and lists of tasks. "3.5", "10:30" and "-5" are figures. */
const BULLET = /^(?:[-*+•‣◦·・○●◎□■☐☑✓✔▪▶→>]+(?![0-9])|\[[ xX]?\]|[(（]?[0-9０-９]{1,2}[.)）．、:：](?![0-9])|[①-⑳])\s*/u;

/**
 * Lines as items, without their bullets, doubles and what is there already.
 * @param {string} text
 * @param {string[]} [there]
 * @returns {string[]}
 */
export function itemsFrom(text, there = []) {
  const items = text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => bare(line.replaceAll(/\p{Cc}+/gu, " "))).filter(Boolean);
  return [...new Set(items)].filter((item) => !there.includes(item));
}

/** The agenda with more items, and whether all of them fit. */
export function withMore(agenda, more) {
  const short = more.filter((item) => [...item].length <= MOST_LETTERS);
  const whole = [...agenda, ...short];
  return { agenda: whole.slice(0, MOST_ITEMS), fits: short.length === more.length && whole.length <= MOST_ITEMS };
}

function bare(line) {
  let rest = line.trim();
  for (let before = ""; before !== rest; ) {
    before = rest;
    rest = rest.replace(BULLET, "");
  }
  return rest;
}
