/**
 * What the page shows of what it knows: state in, view out. Pure, and the only
 * place that decides which of the things to say is said.
 */

import { hasEnded } from "./state.js";

const NUDGE_STAYS_MS = 8_000;

/** As many lines of what was said as are seen. */
const SAID_SHOWN = 6;

/** With these nothing that is shown can be relied on: they are told before all else, the first first. */
const GRAVE = ["same_sound", "dead", "call_over"];

/** These make figures rougher: they are told when there is nothing else to say. */
const MILD = ["choppy", "clipping", "quiet", "noisy"];

/** A shorter silence is part of talking. */
const SILENCE_FROM_MS = 3_000;

/** The good wait starts here and is full there. */
const WAIT_FROM_MS = 1_500;
const WAIT_FULL_MS = 10_000;

/** With the socket's back-off these take some 13 s: no mere hiccup. */
const ATTEMPTS_UNTIL_GONE = 7;

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Track} Track
 *
 * @typedef {object} View
 * @property {string} title
 * @property {Track | "free"} floor
 * @property {string} floorLabel
 * @property {Bar | null} bar     null where nothing can be said of the call
 * @property {Line} line
 * @property {string} summary     where the summary is, or nothing
 * @property {boolean} demoTiming
 * @property {{ track: Track, name: string, text: string }[]} said  oldest first; empty unless words are kept
 * @property {string} spoken      for the live region: the nudge and nothing else
 *
 * @typedef {object} Bar
 * @property {number | null} recent
 * @property {number | null} call
 * @property {{ low: number, high: number } | null} band
 * @property {boolean} stale      the last known, while the connection is away
 * @property {string} text
 *
 * @typedef {object} Line
 * @property {"none" | "silence" | "wait" | "figures" | "nudge" | "ended" | "state" | "trouble"} kind
 * @property {string} text
 * @property {string} [timer]
 * @property {number} [fill]      of the good wait's underline, 0 to 1
 */

/**
 * @param {State} state
 * @param {typeof import("./words.js").words.en} words
 * @returns {View}
 */
export function view(state, words) {
  const snapshot = state.snapshot;
  const current = state.link === "live" && !hasEnded(state);
  const floor = current ? snapshot.floor : "free";
  const line = lineOf(state, words);
  return {
    title: titleOf(state, floor, words),
    floor,
    floorLabel: floor === "free" ? "" : words[floor],
    bar: isCutOff(state) ? null : barOf(state, words),
    line,
    summary: (hasEnded(state) && snapshot.summary) || "",
    demoTiming: snapshot?.demo_timing ?? false,
    said: isCutOff(state) ? [] : state.said.slice(-SAID_SHOWN).map(({ track, text }) => ({ track, name: words[track], text })),
    spoken: line.kind === "nudge" ? line.text : "",
  };
}

function barOf(state, words) {
  return {
    recent: state.share?.recent ?? null,
    call: state.share?.call ?? null,
    band: state.snapshot?.band ?? null,
    stale: state.link !== "live" && !hasEnded(state),
    text: state.snapshot ? figures(state, words) : "",
  };
}

/**
 * One line, so the first that has something to say: trouble, then advice, then rest.
 * @returns {Line}
 */
function lineOf(state, words) {
  const { snapshot, link, pointed } = state;
  if (isRefused(state)) return { kind: "trouble", text: words[link] };
  if (hasEnded(state)) {
    return pointed ? { kind: "figures", text: figures(state, words) } : { kind: "ended", text: words.ended };
  }
  if (link !== "live") {
    if (isCutOff(state)) return { kind: "trouble", text: words.gone };
    return { kind: "state", text: snapshot ? words.reconnecting : words.connecting };
  }
  const lost = lostAudio(snapshot);
  if (lost) return { kind: "trouble", text: words[`lost_${lost}`] };
  const grave = troubleOf(snapshot, GRAVE);
  if (grave) return { kind: "trouble", text: words[grave] };
  const nudge = currentNudge(state);
  if (nudge) return { kind: "nudge", text: nudge.text[words.language] };
  if (pointed) return { kind: "figures", text: figures(state, words) };
  const timer = snapshot.silence_ms >= SILENCE_FROM_MS ? clock(snapshot.silence_ms) : "";
  if (snapshot.waiting) return { kind: "wait", text: words.wait, timer, fill: waited(snapshot.silence_ms) };
  if (timer) return { kind: "silence", text: words.silence, timer };
  const mild = troubleOf(snapshot, MILD);
  if (mild) return { kind: "trouble", text: words[mild] };
  const trouble = words[`text_${snapshot.text?.state}`];
  return trouble ? { kind: "state", text: trouble } : { kind: "none", text: "" };
}

function titleOf(state, floor, words) {
  const { link, snapshot } = state;
  if (isRefused(state)) return `${words[`title_${link}`]} · Keicho`;
  if (hasEnded(state)) return `${words.title_ended} · Keicho`;
  if (isCutOff(state)) return `${words.title_gone} · Keicho`;
  if (link !== "live") return `${snapshot ? words.title_lost : words.title_connecting} · Keicho`;
  if (lostAudio(snapshot)) return `${words.title_no_sound} · Keicho`;
  const mark = { me: "●", them: "○", free: "" }[floor];
  const share = typeof state.share?.recent === "number" ? percent(state.share.recent) : "";
  const told = [mark, share].filter(Boolean).join(" ");
  return told ? `${told} · Keicho` : "Keicho";
}

function isRefused({ link }) {
  return link === "old_address" || link === "old_page";
}

/** No hiccup any more: the user has to do something. */
function isCutOff(state) {
  if (isRefused(state)) return true;
  return state.link === "lost" && state.attempts >= ATTEMPTS_UNTIL_GONE && !hasEnded(state);
}

function currentNudge({ nudge, snapshot }) {
  return nudge && snapshot.now_ms - nudge.at_ms < NUDGE_STAYS_MS ? nudge : null;
}

function lostAudio({ audio: { me, them } }) {
  if (me.lost && them.lost) return "both";
  if (me.lost) return "me";
  return them.lost ? "them" : null;
}

/** The name of what to say of the first of these troubles that the sound has, if it has one. */
function troubleOf({ audio: { troubles = [] } }, kinds) {
  const found = kinds.flatMap((kind) => troubles.filter(({ trouble }) => trouble === kind)).at(0);
  if (!found) return null;
  return `trouble_${found.trouble}${found.track ? `_${found.track}` : ""}`;
}

function waited(silence_ms) {
  const part = (silence_ms - WAIT_FROM_MS) / (WAIT_FULL_MS - WAIT_FROM_MS);
  return Math.min(1, Math.max(0, part));
}

/** Figures are shown only on asking; an echo makes them unsure, and they say so. */
function figures({ share, snapshot }, words) {
  const { band, echo, text } = snapshot;
  const figure = (part) => {
    if (typeof part !== "number") return "–";
    return echo.detected ? words.about(percent(part)) : percent(part);
  };
  const target = `${Math.round(band.low * 100)}\u2060–\u2060${percent(band.high)}`;
  const shares = words.figures({ recent: figure(share?.recent), call: figure(share?.call), target });
  // Words that were not recognised are told; that all were needs no telling.
  const missed = typeof text?.coverage === "number" && text.coverage < 0.995;
  return missed ? `${shares}${words.recognised(`${Math.floor(text.coverage * 100)}\u00a0%`)}` : shares;
}

function percent(part) {
  return `${Math.round(part * 100)}\u00a0%`;
}

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
