/** A nudge in words: what it says, and why it appeared. Pure. */

import { lengthOf, percent, windowOf } from "./figures.js";

/** A note to oneself that fits the moment; the program's own words for what this page does not know. */
export function textOf({ kind, text, why }, words) {
  const audio = kind === "audio" ? words[`nudge_audio_${troubleOf(why)}`] : undefined;
  return audio ?? words[`nudge_${kind}`] ?? text[words.language];
}

/**
 * The figures that fired it, where the page knows how to read them.
 * @param {import("./state.js").Nudge} nudge
 * @param {import("./state.js").Share} share
 * @param {typeof import("./words.js").words.en} words
 */
export function whyOf({ kind, why }, share, words) {
  const known = why ? reasons[kind]?.(why, words, share) : undefined;
  return known ?? words[`kind_${kind}`] ?? kind;
}

const reasons = {
  share: ({ recent_share, target }, words, share) => words.why_share(percent(recent_share), windowOf(share, words), percent(target)),
  monologue: ({ length_ms }, words) => words.why_monologue(lengthOf(length_ms, words)),
  cut_in: (_, words) => words.why_cut_in,
  listening: ({ talk_ms }, words) => words.why_listening(lengthOf(talk_ms, words)),
  regrab: ({ wait_ms, count }, words) => words.why_regrab((wait_ms / 1_000).toFixed(1), count),
  closed_run: ({ count }, words) => words.why_closed_run(count),
  pace: ({ pace }, words) => words.why_pace(percent(pace - 1)),
  fillers: ({ count, talk_ms }, words) => words.why_fillers(count, lengthOf(talk_ms, words)),
  audio: (why, words) => words[`trouble_${troubleOf(why)}`] ?? words[troubleOf(why)] ?? (why.trouble === "echo" ? words.echo_leaks : undefined),
};

function troubleOf(why) {
  return why?.track ? `${why.trouble}_${why.track}` : (why?.trouble ?? "");
}
