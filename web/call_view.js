/** What the page shows around the overlay while a call runs. Pure. */

import { trialOf } from "./before_view.js";
import { devicePicker, meetingPicker, modePicker } from "./pickers.js";
import { clock, details } from "./figures.js";
import { textOf, whyOf } from "./nudge.js";
import { hasEnded, isVeiled, hasNoFigure } from "./state.js";
import { isCutOff } from "./view.js";

/**
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} CallView
 * @property {boolean} runs       there is a call to be steered
 * @property {{ paused: boolean, muted: boolean, offRecord: boolean, undo: boolean, snoozed: boolean }} on
 * @property {{ name: string, figure: string }[]} details  empty while they have to wait, and once nobody answers
 * @property {{ id: number, text: string, done: boolean, dropped: boolean }[]} agenda
 * @property {{ id: number, text: string, label: string, done: boolean, dropped: boolean }[]} actions  what either is to do
 * @property {{ id: number, time: string, text: string }[]} notes
 * @property {boolean} asks        it is asked whether to stop, with a button that says so
 * @property {boolean} remembered  what is left open comes back: not after a demo or a recording, nor where nobody is named
 * @property {{ score: number, words: string } | null} checkIn
 * @property {Record<import("./state.js").Track, import("./pickers.js").Picker> | null} devices  null where there is nothing to choose
 * @property {{ mode: import("./pickers.js").Picker, ownTarget: string, meeting: import("./pickers.js").Picker } | null} aim  of a live call
 * @property {{ text: string, quiet: boolean }} trial  whether the call has nudges, if calls with and without them take turns
 * @property {string} lastNudge   what it said and why, or nothing
 * @property {string | null} lastKind
 * @property {{ kind: string, name: string }[]} mutedKinds
 */

/**
 * @param {State} state
 * @param {typeof import("./words.js").words.en} words
 * @returns {CallView}
 */
export function callView(state, words) {
  const { snapshot, last } = state;
  const muted = snapshot?.quiet?.muted_kinds ?? [];
  const known = last && !muted.includes(last.kind) ? last : null;
  return {
    runs: snapshot !== null && snapshot.state !== "before" && !hasEnded(state) && !isCutOff(state),
    asks: state.asking && state.link === "live",
    on: {
      paused: snapshot?.state === "paused",
      muted: snapshot?.muted ?? false,
      offRecord: snapshot?.state === "off_record" || typeof snapshot?.off_record_undo_ms === "number",
      undo: typeof snapshot?.off_record_undo_ms === "number",
      snoozed: snapshot?.quiet?.snoozed_until_ms > snapshot?.now_ms,
    },
    details: snapshot === null || isVeiled(state) || hasNoFigure(state) || isCutOff(state) ? [] : details(state, words),
    agenda: (snapshot?.agenda ?? []).map(({ id, text, state }) => ({ id, text, done: state === "done", dropped: state === "dropped" })),
    actions: actionsOf(snapshot?.notes ?? [], words),
    notes: (snapshot?.notes ?? []).filter(({ owner }) => owner === null).map(({ id, text, written_ms }) => ({ id, text, time: clock(written_ms) })),
    remembered: snapshot?.source === "live" && Boolean(state.desk?.with),
    checkIn: snapshot?.check_in ?? null,
    devices: snapshot !== null && state.desk?.devices ? { me: devicePicker("me", state.desk, words), them: devicePicker("them", state.desk, words) } : null,
    aim: snapshot?.source === "live" && state.desk ? aimOf(state.desk, words) : null,
    trial: { text: trialOf(state.desk, words), quiet: state.desk?.trial === "quiet" },
    lastNudge: known ? words.last_nudge(textOf(known, words), whyOf(known, snapshot.share, words)) : "",
    lastKind: known?.kind ?? null,
    mutedKinds: muted.map((kind) => ({ kind, name: words[`kind_${kind}`] ?? kind })),
  };
}

/** Who does it stands with it, and where it is from. */
function actionsOf(notes, words) {
  return notes
    .filter(({ owner }) => owner !== null)
    .map(({ id, text, owner, state, carried }) => {
      const [done, dropped] = [state === "done", state === "dropped"];
      const label = [words[`owner_${owner}`], dropped ? words.action_dropped : "", carried ? words.from_last_time : ""];
      return { id, text, done, dropped, label: label.filter(Boolean).join(words.language === "ja" ? "・" : " · ") };
    });
}

function aimOf(desk, words) {
  const ownTarget = desk.own_target === null ? "" : String(Math.round(desk.own_target * 100));
  return { mode: modePicker(desk, words), ownTarget, meeting: meetingPicker(desk, words) };
}
