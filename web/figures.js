/** Figures as they are written, everywhere on the page. Pure. */

/** A half goes to the even one: both shares add up. */
export function percent(part) {
  const all = part * 100;
  return `${all % 1 === 0.5 ? 2 * Math.round(all / 2) : Math.round(all)}%`;
}

/** A length as sentences have it. */
export function lengthOf(ms, words) {
  const seconds = Math.round(ms / 1_000);
  const [whole, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (whole === 0) return words.seconds(rest);
  return rest === 0 ? words.minutes(whole) : words.minutes_and_seconds(whole, rest);
}

export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function minutesUp(ms) {
  return Math.max(0, Math.ceil(ms / 60_000));
}

/** The last minutes that the bar is of, as they are called; seconds where they are no whole minutes. */
export function windowOf({ recent_ms }, words) {
  const whole = recent_ms % 60_000 === 0;
  return whole ? words.minutes(recent_ms / 60_000) : words.seconds(Math.round(recent_ms / 1_000));
}

/** What was not measured is a dash, and what an echo made unsure says so. */
export function shareOf(part, echo, words) {
  return typeof part === "number" ? aboutOf(percent(part), echo, words) : "–";
}

const aboutOf = (figure, echo, words) => (echo?.detected ? words.about(figure) : figure);

export function bandOf({ low, high }) {
  return `${Math.round(low * 100)}\u2060–\u2060${percent(high)}`;
}

/** The bar's figures in one line. */
export function inOneLine({ rest, snapshot }, words) {
  const { band, echo, text } = snapshot;
  const figure = (part) => shareOf(part, echo, words);
  const shares = words.figures({
    last: windowOf(snapshot.share, words),
    recent: figure(rest?.share.recent),
    call: figure(rest?.share.call),
    target: bandOf(band),
  });
  const missed = missedText(text);
  return missed === null ? shares : `${shares}${words.recognised(missed)}`;
}

/** That all words were recognised needs no telling. */
function missedText(text) {
  const missed = typeof text?.coverage === "number" && text.coverage < 0.995;
  return missed ? `${Math.floor(text.coverage * 100)}%` : null;
}

/**
 * The details, as of the last change that was shown, so that they do not run.
 * @param {import("./state.js").State} state
 * @param {typeof import("./words.js").words.en} words
 * @returns {{ name: string, figure: string }[]}
 */
export function details({ rest, snapshot }, words) {
  const of = rest ?? snapshot;
  const { echo, counts, waits, text } = of;
  // A transcript whose ends are guessed has no such counts.
  const both = (count) => (count ? aboutOf(words.both(count.me, count.them), echo, words) : "–");
  const rows = [
    [words.detail_recent(windowOf(snapshot.share, words)), shareOf(of.share.recent, echo, words)],
    [words.detail_call, shareOf(of.share.call, echo, words)],
    [words.detail_target, bandOf(of.band)],
    [words.detail_turn, of.longest_turn_ms ? clock(of.longest_turn_ms + 500) : "–"],
    [words.detail_interruptions, both(counts.interruptions)],
    [words.detail_backchannels, both(counts.backchannels)],
    [words.detail_waits, waitsOf(waits, words)],
    [words.detail_elapsed, words.minutes(Math.floor(of.now_ms / 60_000))],
  ];
  const missed = missedText(text);
  if (missed !== null) rows.push([words.detail_text, missed]);
  return rows.map(([name, figure]) => ({ name, figure }));
}

function waitsOf(waits, words) {
  if (!waits?.count || waits.median_ms === null) return "–";
  return words.waits(seconds(waits.median_ms), waits.count);
}

function seconds(ms) {
  return (ms / 1_000).toFixed(1);
}
