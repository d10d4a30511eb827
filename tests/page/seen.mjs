/** What the page would know and show after these messages, for the tests. */

import { reduce, start } from "../../web/state.js";
import { view } from "../../web/view.js";
import { words } from "../../web/words.js";
import { event, hello, snapshot, text } from "./call.mjs";

/** When snapshots arrive that say nothing of it: slowly, so that each is shown. */
const UNSAID = snapshot().arrived_ms;

export function after(...messages) {
  const stamped = (message, place) => (message.arrived_ms === UNSAID ? { ...message, arrived_ms: UNSAID + place * 1_000 } : message);
  return messages.map(stamped).reduce(reduce, start);
}

export const live = (...messages) => after(hello(), snapshot(), ...messages);
export const lost = (attempts = 1) => ({ type: "link", link: "lost", attempts });
export const shown = (state) => view(state, words.en);
export const line = (state) => shown(state).line;
export const plain = (text) => text.replaceAll("\u00a0", " ").replaceAll(/[\u2060\u2068\u2069]/g, "");
export const nudged = (seq, at_ms, fields) => event(seq, at_ms, "nudge", { nudge: "share", tier_ms: null, text, ...fields });
