/** The page of the user's settings. Only touches the document. */

import { at, button, fill, list, make, mark, onClick, seen, set, write } from "./dom.js";
import { valueOf } from "./settings_view.js";

/** A section of many that few need is folded until somebody opens it. */
const FOLDED = ["nudges", "agent"];

/**
 * @typedef {import("./settings_view.js").SettingView} SettingView
 * @param {object} page
 * @param {(open: boolean) => void} page.turn  opens the page or closes it
 */
export function listenToSettings({ turn }) {
  onClick("settings-open", () => turn(true));
  onClick("settings-back", () => turn(false));
}

/**
 * @param {import("./settings_view.js").SettingsView} shown
 * @param {typeof import("./words.js").words.en} words
 * @param {(key: string, value: unknown) => void} change  null for a value that is none
 */
export function showSettings({ problem, sections }, words, change) {
  seen(at("settings-problem"), problem !== "");
  write(at("settings-problem"), problem);
  seen(at("settings-when"), problem === "");
  const build = ({ name }) => {
    const section = make("details", { class: "fold" }, make("summary", {}, make("h2")), make("div", { class: "groups" }));
    section.open = !FOLDED.includes(name);
    return section;
  };
  const group = () => make("section", {}, make("h3"), make("div", { class: "settings" }));
  list(at("settings-list"), sections, ({ name }) => name, build, (section, { title, groups }) => {
    write(section.firstElementChild.firstElementChild, title);
    list(section.lastElementChild, groups, ({ settings }) => settings[0].key, group, (part, { title, settings }) => {
      const [heading, rows] = part.children;
      seen(heading, title !== "");
      write(heading, title);
      list(rows, settings, ({ key }) => key, (setting) => rowOf(setting, change), (row, setting) => show(row, setting, words));
    });
  });
}

/** A row: what it means, its fields, what may stand in them, and what became of the last change. */
function rowOf(setting, change) {
  const { key, form } = setting;
  const id = `setting-${key.replace(".", "-")}`;
  const many = form === "wholes";
  const fields = (many ? [0, 1, 2] : [0]).map((place) => fieldOf(setting, place ? `${id}-${place}` : id, id));
  const about = many ? make("p", { id: `${id}-about`, class: "about" }) : make("label", { for: id, class: "about" });
  const row = make(
    "div",
    { class: "setting", ...(many && { role: "group", "aria-labelledby": `${id}-about` }) },
    about,
    make("p", { class: "value" }, ...fields, make("span", { class: "unit", "aria-hidden": "true" })),
    make("p", { class: "quiet hint", id: `${id}-hint` }, make("span"), " ", button(() => change(key, row.back), { class: "link" })),
    make("p", { class: "told", id: `${id}-told`, role: "status" }),
  );
  mark(row, "form", form);
  const values = () => fields.map((field) => (form === "flag" ? field.checked : field.value));
  for (const field of fields) field.addEventListener("change", () => change(key, valueOf(form, values())));
  return row;
}

function fieldOf({ form, min, max, step }, id, first) {
  const described = { id, "aria-describedby": `${first}-hint ${first}-told` };
  if (form === "flag") return make("input", { ...described, type: "checkbox" });
  if (form === "words") return make("textarea", { ...described, rows: "5", maxlength: "2000", spellcheck: "false" });
  if (form === "path") return make("input", { ...described, maxlength: "1000", autocomplete: "off", spellcheck: "false" });
  const named = form === "wholes" ? { "aria-labelledby": `${first}-about` } : {};
  return make("input", { ...described, ...named, type: "number", class: "number", inputmode: "decimal", min, max, step });
}

function show(row, setting, words) {
  const { values, about, unit, hint, told, refused, waits, back } = setting;
  const stays = refused || waits;
  const [label, value, hinted, said] = row.children;
  write(label, about);
  const fields = [...value.children].slice(0, values.length);
  fields.forEach((field, place) => {
    // What is being saved stays, and so does what was refused, where it can be mended.
    if (!stays && setting.form === "flag") field.checked = values[place];
    else if (!stays) fill(field, values[place]);
    set(field, "aria-invalid", String(refused));
  });
  write(value.lastElementChild, unit);
  write(hinted.firstElementChild, hint);
  const reset = hinted.lastElementChild;
  seen(reset, back !== null);
  write(reset, words.setting_reset);
  set(reset, "aria-label", `${words.setting_reset}: ${about}`);
  row.back = back;
  write(said, told);
  mark(said, "refused", String(refused));
}
