/** The page of the user's settings: what each is, which values it may have, and what became of the last change. Pure. */

import { percent } from "./figures.js";

/**
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} SettingView
 * @property {string} key      the section and the name
 * @property {string} about
 * @property {"flag" | "whole" | "share" | "wholes" | "path" | "words"} form
 * @property {(string | boolean)[]} values  as its fields show them
 * @property {number | null} min
 * @property {number | null} max
 * @property {string} step
 * @property {string} unit
 * @property {string} hint     the range and the default
 * @property {string} told     that it is saved, or why not
 * @property {boolean} refused
 * @property {boolean} waits   for the answer to its last change
 * @property {unknown} back    its default, where it has another value
 *
 * @typedef {object} SettingsView
 * @property {string} problem  with the whole file
 * @property {{ name: string, title: string, groups: { title: string, settings: SettingView[] }[] }[]} sections  a group that has no
 *   heading has no title
 */

/**
 * @param {State} state
 * @param {typeof import("./words.js").words.en} words
 * @returns {SettingsView | null}  null as long as it is closed
 */
export function settingsView({ snapshot, settings, setting }, words) {
  if (!setting.open || snapshot?.state !== "before" || !settings) return null;
  const say = (text) => text?.[words.language] ?? "";
  const view = (section) => (of) => {
    const key = `${section}.${of.name}`;
    const refused = setting.refused[key];
    return {
      key,
      about: say(of.about),
      form: of.form,
      values: shown(of, of.value),
      ...limits(of),
      unit: unitOf(of, words),
      hint: hintOf(of, words),
      told: refused ? say(refused) : setting.saved === key ? savedIn(section, words) : "",
      refused: Boolean(refused),
      waits: setting.sent === key,
      back: same(of.value, of.default) ? null : of.default,
    };
  };
  return {
    problem: say(settings.problem),
    sections: settings.sections.map((section) => ({
      name: section.name,
      title: say(section.about),
      groups: groupsOf(section.settings, say, view(section.name)),
    })),
  };
}

/** Settings with the heading that they stand under. */
function groupsOf(settings, say, view) {
  const groups = [];
  for (const setting of settings) {
    if (setting.heading || !groups.length) groups.push({ title: say(setting.heading), settings: [] });
    groups.at(-1).settings.push(view(setting));
  }
  return groups;
}

/**
 * What is sent for what stands in the fields of a setting; null where a number is missing.
 * @param {SettingView["form"]} form
 * @param {(string | boolean)[]} values
 */
export function valueOf(form, values) {
  if (form === "flag") return values[0];
  if (form === "path") return values[0].trim();
  if (form === "words") return values[0].split("\n").map((word) => word.trim()).filter(Boolean);
  const numbers = values.map((value) => (value === "" ? Number.NaN : Number(value)));
  if (numbers.some(Number.isNaN)) return null;
  if (form === "share") return Math.round(numbers[0] * 100) / 10_000;
  return form === "wholes" ? numbers : numbers[0];
}

function shown({ form }, value) {
  if (form === "flag" || form === "path") return [value];
  if (form === "words") return [value.join("\n")];
  if (form === "share") return [String(hundredfold(value))];
  return form === "wholes" ? value.map(String) : [String(value)];
}

/** A share in percent, to a tenth. */
function hundredfold(share) {
  return Math.round(share * 1_000) / 10;
}

function limits({ form, range }) {
  if (!range) return { min: null, max: null, step: "" };
  const [min, max] = form === "share" ? range.map(hundredfold) : range;
  return { min, max, step: "1" };
}

function unitOf({ form, unit }, words) {
  if (form === "share") return "%";
  return unit ? words[`unit_${unit}`] : "";
}

function hintOf(of, words) {
  const usual = words.setting_default(figureOf(of, of.default, words));
  if (of.form === "words") return words.setting_lines;
  if (!of.range) return usual;
  const [low, high] = of.form === "share" ? of.range.map(hundredfold) : of.range;
  return words.setting_hint(words.setting_range(low, high, unitOf(of, words)), usual);
}

function figureOf(of, value, words) {
  if (of.form === "flag") return value ? words.setting_on : words.setting_off;
  if (of.form === "share") return percent(value);
  if (of.form === "path") return value || words.setting_none;
  return words.setting_in([value].flat().join(words.setting_comma), unitOf(of, words));
}

function savedIn(section, words) {
  return section === "agent" ? words.setting_saved_agent : words.setting_saved;
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
