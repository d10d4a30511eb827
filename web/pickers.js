/** What there is to choose from a list: devices, the language that is spoken, what a meeting is for and how long it is to be. Pure. */

import { percent } from "./figures.js";

/**
 * @typedef {{ value: string, text: string }} Option
 * @typedef {{ options: Option[], value: string }} Picker
 */

/** The system's default, whatever that is. */
const DEFAULT = "";

/** As long as meetings are made, in minutes. */
const MEETINGS = [15, 30, 45, 60, 90];

/**
 * The devices of a track, the system's default first; null where there is nothing to choose.
 * @param {"me" | "them"} track
 * @param {import("./state.js").Desk | null} desk
 * @param {typeof import("./words.js").words.en} words
 * @returns {Picker | null}
 */
export function devicePicker(track, desk, words) {
  const devices = desk?.devices?.[track];
  if (!devices) return null;
  const { chosen, heard, available } = devices;
  const usual = available.find((device) => device.default)?.name ?? (chosen === null ? heard : null);
  const options = available.map(({ id, name }) => ({ value: id, text: id.startsWith("app:") ? words.device_app(name) : name }));
  // What was chosen and is unplugged is awaited.
  if (chosen !== null && !available.some(({ id }) => id === chosen)) options.push({ value: chosen, text: words.device_gone(heard ?? chosen) });
  return { options: [{ value: DEFAULT, text: words.device_default(usual) }, ...options], value: chosen ?? DEFAULT };
}

/** What a choice of a device asks of the program. */
export function deviceWish(track, value) {
  return { track, device: value === DEFAULT ? null : value };
}

/** @returns {Picker} */
export function languagePicker({ lang }, words) {
  const languages = [["", words.spoken_found], ["ja", words.spoken_ja], ["en", words.spoken_en]];
  return { options: languages.map(([value, text]) => ({ value, text })), value: lang ?? "" };
}

/** @returns {Picker} */
export function modePicker({ mode, modes }, words) {
  const options = modes.map(({ mode, target }) => ({ value: mode, text: `${words[`mode_${mode}`]} ${percent(target)}` }));
  return { options, value: mode };
}

/** @returns {Picker} */
export function meetingPicker({ meeting_min: chosen }, words) {
  const lengths = chosen && !MEETINGS.includes(chosen) ? [...MEETINGS, chosen].sort((a, b) => a - b) : MEETINGS;
  const options = lengths.map((count) => ({ value: String(count), text: words.minutes(count) }));
  return { options: [{ value: "", text: words.meeting_open }, ...options], value: chosen ? String(chosen) : "" };
}
