/** The page before a call: with whom, for what, and whether both sides are heard. Pure. */

import { devicePicker, languagePicker, meetingPicker } from "./pickers.js";
import { percent } from "./figures.js";
import { lostSides } from "./state.js";

/** What somebody may state of how they like to talk; the words of each are the page's. */
export const POINTS = [
  "conclusion_first",
  "details_first",
  "time_to_think",
  "quick_pace",
  "camera_on",
  "camera_off",
  "written_before",
  "written_after",
  "direct_feedback",
  "gentle_feedback",
  "small_talk_first",
  "straight_to_topic",
];

/** Nobody is picked from a longer list than this by looking; others are found by typing. */
const PEOPLE_SHOWN = 6;

/** A meter's left end. */
const FLOOR_DBFS = -60;

/**
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} BeforeView
 * @property {string} with
 * @property {boolean} demo         whether it can be opened
 * @property {boolean} settings     whether they can be changed
 * @property {string} lastCall     the name of the newest call that is over, or nothing
 * @property {string[]} names       of all people, to complete what is typed
 * @property {{ name: string, told: string, chosen: boolean }[]} people
 * @property {CardView | null} card
 * @property {{ text: string, because: string }[]} hints
 * @property {{ id: string, name: string, target: string, chosen: boolean }[]} modes
 * @property {number | null} ownTarget  in percent
 * @property {string} target        a sentence
 * @property {import("./pickers.js").Picker} meeting   how long it is to be
 * @property {import("./pickers.js").Picker} language  that is spoken
 * @property {{ text: string, take: string, target: number } | null} proposal
 * @property {string} trial       whether this call has nudges, if calls with and without them take turns; or nothing
 * @property {{ text: string, fetches: boolean } | null} model  what is missing for words to be recognised
 * @property {string[]} agenda
 * @property {string[]} carried     open items of the last time that are not in the agenda
 * @property {{ text: string, owner: string }[]} openActions  what either is still to do
 * @property {number} icebreaker
 * @property {{ track: "me" | "them", level: number, heard: boolean, text: string }[]} meters
 * @property {string} echo
 * @property {boolean} leaks
 * @property {string} tell
 *
 * @typedef {object} CardView
 * @property {string} name
 * @property {{ id: string, name: string, on: boolean }[]} points
 * @property {string} note
 * @property {string} stated  by whom and when, or that there is none yet
 * @property {boolean} empty
 */

/**
 * @param {State} state
 * @param {typeof import("./words.js").words.en} words
 * @returns {BeforeView | null}  null until the desk is known
 */
export function beforeView(state, words) {
  const { snapshot, desk, draft } = state;
  if (!desk || snapshot?.state !== "before") return null;
  const person = desk.people.find(({ name }) => name === desk.with);
  const agenda = draft ?? (snapshot.agenda ?? []).map(({ text }) => text);
  const say = (text) => text[words.language];
  const lost = lostSides(state);
  return {
    with: desk.with ?? "",
    names: desk.people.map(({ name }) => name),
    people: desk.people.slice(0, PEOPLE_SHOWN).map(({ name, days }) => ({
      name,
      told: days === null ? words.first_time : words.last_time(days),
      chosen: name === desk.with,
    })),
    card: desk.with === null ? null : cardOf(desk.with, person?.card ?? null, words),
    hints: desk.hints.slice(0, 3).map(({ text, because }) => ({ text: say(text), because: say(because) })),
    modes: desk.modes.map(({ mode, target }) => ({
      id: mode,
      name: words[`mode_${mode}`],
      target: percent(target),
      chosen: mode === desk.mode,
    })),
    ownTarget: desk.own_target === null ? null : Math.round(desk.own_target * 100),
    target: (desk.own_target === null ? words.target_of_mode : words.target_own)(percent(desk.own_target ?? desk.target)),
    proposal: proposalOf(desk, words),
    trial: trialOf(desk, words),
    demo: Boolean(desk.demo),
    settings: Boolean(desk.settings),
    lastCall: desk.last_call ?? "",
    meeting: meetingPicker(desk, words),
    language: languagePicker(desk, words),
    model: modelOf(desk, words),
    agenda,
    carried: (person?.open_items ?? []).filter((item) => !agenda.includes(item)),
    openActions: (person?.open_actions ?? []).map(({ text, owner }) => ({ text, owner: words[`owner_${owner}`] })),
    icebreaker: desk.icebreaker_min,
    meters: ["me", "them"].map((track) => ({
      ...meterOf(track, snapshot.levels?.[track], words),
      ...([track, "both"].includes(lost) && { heard: false, text: words[`lost_${desk.devices?.me.server_silent ? "server" : track}`] }),
      devices: devicePicker(track, desk, words),
    })),
    echo: snapshot.echo_check ? words[`echo_${snapshot.echo_check}`] : "",
    leaks: snapshot.echo_check === "leaks",
    tell: say(desk.tell),
  };
}

/** Whether the call has nudges, if calls with and without them take turns. */
export function trialOf(desk, words) {
  return desk?.trial ? words[`trial_${desk.trial}`] : "";
}

function cardOf(name, card, words) {
  const on = card?.points ?? [];
  return {
    name,
    points: POINTS.map((id) => ({ id, name: words[`point_${id}`], on: on.includes(id) })),
    note: card?.note ?? "",
    stated: card?.stated_on ? words.card_stated(name, card.stated_on) : words.card_none(name),
    empty: card === null,
  };
}

/** A step that is taken already is no proposal. */
function proposalOf({ proposal, own_target: own }, words) {
  if (!proposal || proposal.target === own) return null;
  const { target, baseline, calls } = proposal;
  return { text: words.proposal(percent(baseline), calls, percent(target)), take: words.proposal_take(percent(target)), target };
}

/** That it was fetched is told, that it is there from the first is not. */
function modelOf({ model }, words) {
  if (!model) return null;
  const { state, bytes, percent: come } = model;
  const text = {
    missing: () => words.model_missing(words.megabytes(Math.ceil(bytes / 1_000_000))),
    fetching: () => words.model_fetching(percent(come / 100)),
    ready: () => words.model_ready,
    failed: () => words.model_stopped,
  }[state];
  return text ? { text: text(), fetches: state === "missing" || state === "failed" } : null;
}

function meterOf(track, level, words) {
  const dbfs = typeof level?.dbfs === "number" ? level.dbfs : FLOOR_DBFS;
  const heard = level?.heard ?? false;
  const part = Math.min(1, Math.max(0, 1 - dbfs / FLOOR_DBFS));
  return { track, level: part, heard, text: words[`meter_${heard ? "heard" : "silent"}_${track}`] };
}
