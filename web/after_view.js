/** The page after a call: first what one believes, then how it was, then the summary. Pure. */

import { lengthOf, percent } from "./figures.js";
import { hasEnded, isVeiled } from "./state.js";

/**
 * @typedef {object} AfterView
 * @property {boolean} asks      how much one believes to have talked is still to be said
 * @property {string} told       what was believed, beside what was measured; or why there is no share; or nothing
 * @property {boolean} undecided whether the call, which says too little, is to be kept is still to be said
 * @property {boolean} deletes   whether the call's record can be deleted
 * @property {boolean} opens     whether the program is still there to show the summary
 * @property {boolean} leaves    the program waits to be told that all is done
 * @property {string} bye
 */

/**
 * @param {import("./state.js").State} state
 * @param {typeof import("./words.js").words.en} words
 * @returns {AfterView | null}  null unless the call has ended
 */
export function afterView(state, words) {
  if (!hasEnded(state)) return null;
  const { desk, link } = state;
  const after = desk?.after;
  const asks = isVeiled(state);
  const over = link !== "live" && link !== "resuming";
  const here = !asks && !over;
  const { fate = null } = after ?? {};
  return {
    asks: asks && after !== null && !over,
    told: asks ? "" : toldOf(after, words),
    undecided: here && fate === "undecided",
    deletes: here && fate === "kept",
    opens: here && Boolean(after?.summary) && fate !== "deleted",
    leaves: here && desk !== null,
    bye: byeOf({ over, asks, fate }, words),
  };
}

/** Neutral: two figures side by side, and no word on which of them is better. */
function toldOf(after, words) {
  if (!after) return "";
  if (after.fate === "deleted") return words.deleted;
  if (after.too_little === "short") return words.too_short(lengthOf(after.length_ms, words));
  if (after.too_little) return words[`too_little_${after.too_little}`];
  if (after.share === null) return words.share_unknown;
  const share = after.unsure ? words.about_share(percent(after.share)) : percent(after.share);
  if (after.perceived === null) return words.share_was(share);
  return words.believed(percent(after.perceived), share);
}

function byeOf({ over, asks, fate }, words) {
  if (over) return words.bye_over;
  return asks || fate === "deleted" || fate === "undecided" ? "" : words.bye;
}
