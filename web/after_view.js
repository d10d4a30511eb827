/** The page after a call: first what one believes, then how it was, then the summary. Pure. */

import { percent } from "./figures.js";
import { hasEnded, isVeiled } from "./state.js";

/**
 * @typedef {object} AfterView
 * @property {boolean} asks      how much one believes to have talked is still to be said
 * @property {string} told       what was believed, beside what was measured; or nothing
 * @property {string} summary    where it is, or nothing
 * @property {boolean} opens     whether the program is still there to show it
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
  const { desk, link, snapshot } = state;
  const asks = isVeiled(state);
  const over = link !== "live" && link !== "resuming";
  return {
    asks: asks && desk.after !== null && !over,
    told: asks ? "" : toldOf(desk?.after, words),
    summary: asks && !over ? "" : (desk?.after?.summary ?? snapshot.summary ?? ""),
    opens: !asks && !over && Boolean(desk?.after?.summary),
    leaves: !asks && !over && desk !== null,
    bye: over ? words.bye_over : asks ? "" : words.bye,
  };
}

/** Neutral: two figures side by side, and no word on which of them is better. */
function toldOf(after, words) {
  if (!after) return "";
  if (after.share === null) return words.share_unknown;
  if (after.perceived === null) return words.share_was(percent(after.share));
  return words.believed(percent(after.perceived), percent(after.share));
}
