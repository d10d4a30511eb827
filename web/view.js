/**
 * What the overlay shows of what the page knows: state in, view out. Pure, and the only
 * place that decides which of the things to say is said. The pages around it are in
 * `before_view.js`, `call_view.js` and `after_view.js`.
 */

import { devicePicker } from "./pickers.js";
import { clock, inOneLine, minutesUp, windowOf } from "./figures.js";
import { textOf as nudgeText, whyOf } from "./nudge.js";
import { DENIAL_STAYS_BESIDE_ADVICE_MS, explainedNudge, hasEnded, isSilentListener, isVeiled, phaseOf, hasNoFigure, lostSides, roomWasLeft, SILENCE_FROM_MS } from "./state.js";

const DENIAL_STAYS_MS = 8_000;

const ERASED_STAYS_MS = 8_000;

/** As many lines of what was said as are seen. */
const SAID_SHOWN = 6;

/** With these nothing that is shown can be relied on: they are told before all else, the first first. */
const GRAVE = ["same_sound", "dead", "no_voice", "call_over"];

/** These make figures rougher: they are told when there is nothing else to say. */
const MILD = ["voice_returns", "other_voices", "choppy", "clipping", "quiet", "noisy"];

/** A share of less talk than this still swings by tens of points with each turn. */
const EARLY_TALK_MS = 60_000;

/** The good wait starts here and is full there. */
const WAIT_FROM_MS = 1_500;
const WAIT_FULL_MS = 10_000;

/** That a call goes without words is told for its first minute. */
const WORDLESS_TOLD_MS = 60_000;

/** That the bar has nothing to show yet is told no longer than this. */
const WAITS_TOLD_MS = 30_000;

/** With the socket's back-off these take some 13 s: no mere hiccup. */
const ATTEMPTS_UNTIL_GONE = 7;

/** What the live region speaks: advice, trouble, and that something is or is not kept. */
const SPOKEN = ["nudge", "why", "trouble", "off_record", "undo", "denied"];

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Track} Track
 *
 * @typedef {object} View
 * @property {"before" | "call"} page
 * @property {string} title
 * @property {Track | "free"} floor
 * @property {string} floorLabel
 * @property {Bar | null} bar     null where nothing can be said of the call, or not yet
 * @property {Line} line
 * @property {string} status      what holds for long, in a word or two
 * @property {string} statusMeans the same as a sentence
 * @property {{ track: Track, name: string, text: string }[]} said  oldest first; empty unless words are kept
 * @property {string} spoken      for the live region
 *
 * @typedef {object} Bar
 * @property {number | null} recent
 * @property {number | null} call
 * @property {{ low: number, high: number } | null} band
 * @property {boolean} stale      the last known, while nothing comes or nothing is heard
 * @property {string} text
 * @property {string} key         what the filled part of it is
 * @property {string} reading     what it says: over the target or under it, and how sure that is
 *
 * @typedef {object} Line
 * @property {"none" | "silence" | "wait" | "figures" | "nudge" | "why" | "ended" | "state" | "off_record" | "undo" | "offer" | "denied" | "trouble"} kind
 * @property {string} text
 * @property {string} [timer]
 * @property {number} [fill]      of the good wait's underline, 0 to 1
 * @property {Action[]} [actions] what to do about it
 *
 * @typedef {{ command: string, fields?: object, label: string } | { ask: boolean, label: string } | { explain: boolean, label: string } | { unfold: string, label: string } | { devices: Track, picker: import("./pickers.js").Picker, label: string }} Action  `ask`, `explain` and `unfold`: of the page itself; `devices`: a choice
 */

/**
 * @param {State} state
 * @param {typeof import("./words.js").words.en} words
 * @returns {View}
 */
export function view(state, words) {
  const phase = phaseOf(state);
  const floor = state.link === "live" && phase === "live" ? (state.rest?.floor ?? "free") : "free";
  const line = lineOf(state, words);
  const [status, statusMeans] = statusOf(state, words);
  const bare = isCutOff(state) || phase === "before" || isVeiled(state) || hasNoFigure(state);
  return {
    page: phase === "before" ? "before" : "call",
    title: titleOf(state, floor, words),
    floor,
    floorLabel: floor === "free" ? "" : words[floor],
    bar: bare ? null : barOf(state, words),
    line,
    status,
    statusMeans,
    said: bare ? [] : state.said.slice(-SAID_SHOWN).map(({ track, text }) => ({ track, name: words[track], text })),
    spoken: SPOKEN.includes(line.kind) ? line.text : "",
  };
}

function barOf(state, words) {
  const { rest, snapshot, link } = state;
  const heard = link === "live" && snapshot.state === "live";
  const reading = rest ? readingOf(rest, words, hasEnded(state)) : "";
  return {
    recent: rest?.share.recent ?? null,
    // As long as the last minutes are the whole call, there is one share.
    call: rest && rest.now_ms > rest.share.recent_ms ? rest.share.call : null,
    band: snapshot?.band ?? null,
    stale: snapshot !== null && !heard && !hasEnded(state),
    text: snapshot ? [inOneLine(state, words), reading].filter(Boolean).join(words.language === "ja" ? "・" : " · ") : "",
    key: snapshot ? words.key_recent(windowOf(snapshot.share, words)) : "",
    reading,
  };
}

/** What the bar says in words; of a call that has ended there comes no more. */
function readingOf({ share: { recent }, band, echo, talk_ms }, words, ended) {
  if (typeof recent !== "number") return "";
  const where = recent > band.high ? words.reading_over : recent < band.low ? words.reading_under : words.reading_within;
  const little = talk_ms.me + talk_ms.them < EARLY_TALK_MS;
  const unsure = echo?.detected ? words.reading_leak : little ? (ended ? words.reading_brief : words.reading_early) : "";
  return unsure ? words.reading_unsure(where, unsure) : where;
}

/**
 * One line, so the first that has something to say: trouble, then advice, then rest.
 * @returns {Line}
 */
function lineOf(state, words) {
  const standing = awayLine(state, words) ?? standingLine(state, words) ?? savingLine(state, words);
  return standing ?? heardLine(state, words) ?? quietLine(state, words);
}

/** What there is to say of the way to the program, and of a command that it did not take. */
function awayLine(state, words) {
  const { snapshot, link, pointed } = state;
  if (isRefused(state)) return { kind: "trouble", text: words[link] };
  const denial = denialOf(state, words);
  if (denial) return { kind: "denied", text: denial };
  if (hasEnded(state)) {
    const saving = savingLine(state, words);
    if (saving) return saving;
    const asked = pointed && !isVeiled(state) && !hasNoFigure(state);
    return asked ? { kind: "figures", text: inOneLine(state, words) } : { kind: "ended", text: words.ended };
  }
  if (link === "over") return { kind: "trouble", text: words.over };
  if (link === "live") return state.asking ? stopLine(words) : null;
  if (isCutOff(state)) return { kind: "trouble", text: isSaved(state) ? words.gone : words.gone_replay };
  return { kind: "state", text: snapshot ? words.reconnecting : words.connecting };
}

/** Whether what was heard so far is safe though nobody answers: a live call is written down as it goes. */
function isSaved({ snapshot, saving }) {
  return snapshot?.source === "live" && saving === null;
}

/** What the program says of a call that it cannot save. */
function savingLine({ saving }, words) {
  return saving && { kind: "trouble", text: saving.text[words.language] };
}

/** What was pressed once in error would end the call, so it is asked for once more. */
function stopLine(words) {
  const actions = [
    { command: "stop", label: words.stop_yes },
    { ask: false, label: words.stop_no },
  ];
  return { kind: "offer", text: words.stop_ask, actions };
}

/** A call that stands still hears nothing: there is nothing else to say. */
function standingLine({ snapshot, desk }, words) {
  const { state, off_record: hole, off_record_undo_ms: undo, now_ms } = snapshot;
  if (typeof undo === "number") {
    const text = words.off_record_soon(desk?.off_record_min.last ?? 0);
    const left = words.seconds(Math.ceil(undo / 1_000));
    return { kind: "undo", text, timer: left, actions: [{ command: "on_record", label: words.undo }] };
  }
  if (state === "off_record") {
    const left = hole ? words.minutes_left(minutesUp(hole.until_ms - now_ms)) : "";
    const text = hole ? words.off_record(clock(hole.from_ms), clock(hole.until_ms)) : words.off_record_now;
    return { kind: "off_record", text, timer: left, actions: [{ command: "on_record", label: words.on_record }] };
  }
  if (state !== "paused") return null;
  return { kind: "state", text: words.paused, actions: [{ command: "resume", label: words.resume }] };
}

/** Trouble that spoils everything, then advice. */
function heardLine(state, words) {
  const { snapshot, pointed } = state;
  const lost = lostSides(state);
  // No other device would be better.
  if (lost && state.desk?.devices?.me.server_silent) return { kind: "trouble", text: words.lost_server };
  if (lost) return { kind: "trouble", text: words[`lost_${lost}`], actions: devicesOf(lost, state, words) };
  const grave = troubleOf(snapshot, GRAVE);
  if (grave) {
    const stop = { ask: true, label: words.stop };
    const sides = { same_sound: "both", dead_me: "me", dead_them: "them", no_voice_me: "me" };
    const actions = grave === "call_over" ? [stop] : devicesOf(sides[grave], state, words);
    return { kind: "trouble", text: words[`trouble_${grave}`], actions };
  }
  const { erased } = state;
  if (erased && snapshot.now_ms - erased.at_ms < ERASED_STAYS_MS) {
    return { kind: "off_record", text: words.erased(clock(erased.start_ms), clock(erased.end_ms)) };
  }
  const asked = explainedNudge(state);
  if (asked) {
    const text = asSentence(whyOf(asked, snapshot.share, words));
    return { kind: "why", text, actions: [{ explain: false, label: words.close }] };
  }
  const { nudge } = state;
  if (nudge) {
    const why = { explain: true, label: words.why };
    return { kind: "nudge", text: nudgeText(nudge, words), actions: [{ command: "dismiss", label: words.dismiss }, why] };
  }
  return pointed && snapshot.state === "live" ? { kind: "figures", text: inOneLine(state, words) } : null;
}

/** What to do about a side that is not heard: its devices by name, or the way to those of both. Before the call they are in sight. */
function devicesOf(side, { desk, snapshot }, words) {
  if (!desk?.devices || snapshot.state === "before" || side === undefined) return [];
  if (side === "both") return [{ unfold: "sound", label: words.choose_devices }];
  return [{ devices: side, picker: devicePicker(side, desk, words), label: words[`device_${side}`] }];
}

/** What elsewhere stands amid a sentence stands by itself here. */
function asSentence(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What may be said when nothing else is. */
function quietLine(state, words) {
  const { snapshot, rest } = state;
  const shown = rest ?? snapshot;
  const timer = shown.silence_ms >= SILENCE_FROM_MS ? clock(shown.silence_ms) : "";
  if (snapshot.state === "live" && shown.waiting) {
    return { kind: "wait", text: words.wait, timer, fill: waited(shown.silence_ms) };
  }
  const offer = offerOf(snapshot, words);
  if (offer) return offer;
  if (roomWasLeft(state)) return { kind: "state", text: words.room_left };
  if (snapshot.state === "live" && timer) return { kind: "silence", text: words.silence, timer };
  const mild = troubleOf(snapshot, MILD);
  if (mild) return { kind: "trouble", text: words[`trouble_${mild}`] };
  if (snapshot.icebreaker_ms > 0) {
    return { kind: "state", text: words.icebreaker, timer: words.minutes_left(minutesUp(snapshot.icebreaker_ms)) };
  }
  // That one is muted one knows, and the foot says it.
  const stopped = snapshot.muted ? "" : words[`stopped_${snapshot.nudges_stopped}`];
  // Before the call the page says what is missing, and what to do about it.
  const wordless = snapshot.state === "before" && state.desk?.model ? undefined : words[`text_${textOf(snapshot)}`];
  const told = stopped ?? wordless;
  if (told === undefined && isSilentListener(state)) return { kind: "state", text: words.share_yours };
  const waits = snapshot.state === "live" && shown.share.call === null && snapshot.now_ms < WAITS_TOLD_MS;
  const text = told ?? (waits ? words.bar_waits : "");
  return text ? { kind: "state", text } : { kind: "none", text: "" };
}

/** How the recogniser stands, where that is worth a word; that there was none from the first is told at the beginning. */
function textOf({ text, now_ms }) {
  if (text?.state !== "broken" || text.coverage !== null) return text?.state;
  return now_ms < WORDLESS_TOLD_MS ? "none" : "off";
}

/** A thing to take or leave, quietly. */
function offerOf({ state, stuck, agenda = [] }, words) {
  if (state !== "live") return null;
  if (stuck) {
    const answer = (answer, label) => ({ command: "look_together", fields: { answer }, label });
    return { kind: "offer", text: words.stuck, actions: [answer("shown", words.stuck_shown), answer("later", words.stuck_later)] };
  }
  const item = agenda.find(({ offered, state }) => offered && state === "open");
  if (!item) return null;
  const done = { command: "agenda_set", fields: { id: item.id, state: "done" }, label: words.offer_done };
  const not = { command: "agenda_decline", fields: { id: item.id }, label: words.offer_not };
  return { kind: "offer", text: words.offered(item.text), actions: [done, not] };
}

/** Said in a word at the foot for as long as it holds. */
function statusOf({ link, snapshot, desk }, words) {
  if (!snapshot || link !== "live" || snapshot.state === "before" || snapshot.state === "ended") {
    return snapshot?.demo_timing ? [words.demo_timing, words.demo_timing_means] : ["", ""];
  }
  const { muted, quiet, nudges_stopped: stopped, now_ms, demo_timing } = snapshot;
  if (muted) return [words.status_muted, words.stopped_muted];
  if (quiet?.snoozed_until_ms > now_ms) {
    const left = words.minutes_left(minutesUp(quiet.snoozed_until_ms - now_ms));
    return [words.status_snoozed(left), words.snoozed(clock(quiet.snoozed_until_ms))];
  }
  const why = words[`stopped_${stopped}`];
  if (why) return [words.status_stopped, why];
  return demo_timing ? [words.demo_timing, words.demo_timing_means] : timeLeft(snapshot, desk, words);
}

/** How long the meeting still is to be, where that was said. */
function timeLeft({ now_ms }, desk, words) {
  if (!desk?.meeting_min) return ["", ""];
  const left = desk.meeting_min - now_ms / 60_000;
  const told = left > 0 ? words.meeting_left(Math.ceil(left)) : words.meeting_over(Math.floor(-left));
  return [left > 0 || left <= -1 ? told : words.meeting_left(0), words.meeting_left_means(words.minutes(desk.meeting_min))];
}

function titleOf(state, floor, words) {
  const { link, snapshot } = state;
  const told = (text) => `${text} · Keicho`;
  if (isRefused(state)) return told(words[`title_${link}`]);
  if (hasEnded(state)) return told(words.title_ended);
  if (link === "over") return told(words.title_ended);
  if (isCutOff(state)) return told(words.title_gone);
  if (link !== "live") return told(snapshot ? words.title_lost : words.title_connecting);
  if (snapshot.state !== "live") return told(words[`title_${snapshot.state}`]);
  if (lostSides(state)) return told(words.title_no_sound);
  // No figure: it would stand in the tab strip of a shared screen.
  const mark = { me: "● ", them: "○ ", free: "" }[floor];
  return `${mark}Keicho`;
}

function isRefused({ link }) {
  return link === "old_address" || link === "old_page";
}

/** No hiccup any more: the user has to do something. */
export function isCutOff(state) {
  if (isRefused(state)) return true;
  if (hasEnded(state)) return false;
  return state.link === "over" || (state.link === "lost" && state.attempts >= ATTEMPTS_UNTIL_GONE);
}

/** Without news of the call no time passes, and the denial stays to be read. */
function denialOf(state, words) {
  const { denied, snapshot } = state;
  const stays = snapshot && state.nudge ? DENIAL_STAYS_BESIDE_ADVICE_MS : DENIAL_STAYS_MS;
  if (!denied || (snapshot && snapshot.arrived_ms - denied.arrived_ms >= stays)) return null;
  return denied.type === "unsent" ? words.unsent : denied.why[words.language];
}

/**
 * The first of these troubles that the sound has, and whose it is, if it has one. Silence of
 * one's own microphone is no trouble while one is muted.
 */
function troubleOf({ audio: { troubles = [] }, muted }, kinds) {
  const real = troubles.filter(({ trouble, track }) => !(muted && track === "me" && ["dead", "quiet"].includes(trouble)));
  const found = kinds.flatMap((kind) => real.filter(({ trouble }) => trouble === kind)).at(0);
  if (!found) return null;
  return found.track ? `${found.trouble}_${found.track}` : found.trouble;
}

function waited(silence_ms) {
  const part = (silence_ms - WAIT_FROM_MS) / (WAIT_FULL_MS - WAIT_FROM_MS);
  return Math.min(1, Math.max(0, part));
}
