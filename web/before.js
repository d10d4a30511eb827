/** The page before a call. Only touches the document. */

import { itemsFrom, withMore } from "./agenda.js";
import { deviceWish } from "./pickers.js";
import { at, button, fill, list, make, onChange, onClick, onSubmit, pick, seen, set, write } from "./dom.js";

/**
 * @typedef {import("./before_view.js").BeforeView} BeforeView
 * @param {object} page
 * @param {(command: string, fields?: object) => boolean} page.send
 * @param {(agenda: string[]) => void} page.plan  shows and sends an agenda
 * @param {() => BeforeView} page.now
 * @param {() => typeof import("./words.js").words.en} page.words
 * @param {(opens: boolean) => void} page.begin   with the small window or without
 */
export function listenBefore({ send, plan, now, words, begin }) {
  const prepare = (fields) => send("prepare", fields);
  const whom = () => ({ with: at("with").value.trim() || null });
  onSubmit("with-form", () => prepare(whom()));
  onChange("with", () => prepare(whom()));
  onSubmit("card-form", () => {
    const points = [...at("points").querySelectorAll("input:checked")].map(({ value }) => value);
    if (send("card", { points, note: at("card-note").value.trim() })) at("card").open = false;
  });
  onSubmit("target-form", () => prepare({ target: at("own-target").valueAsNumber / 100 }));
  // As the field is left: whoever types and begins means it.
  onChange("own-target", ({ value }) => value && at("target-form").requestSubmit());
  onClick("target-drop", () => prepare({ target: null }));
  onClick("proposal-take", () => prepare({ target: now().proposal.target }));
  onSubmit("plan-form", () => add(at("plan-new"), now(), plan));
  at("plan-new").addEventListener("keydown", (event) => {
    // One line and Enter: one item.
    if (!isEnter(event, false) || event.shiftKey) return;
    event.preventDefault();
    add(at("plan-new"), now(), plan);
  });
  const breakIce = () => prepare({ icebreaker_min: at("icebreaker-on").checked ? at("icebreaker").valueAsNumber || 5 : 0 });
  onChange("icebreaker-on", breakIce);
  onChange("icebreaker", breakIce);
  onChange("meeting", ({ value }) => prepare({ meeting_min: Number(value) || null }));
  onChange("spoken-language", ({ value }) => prepare({ lang: value || null }));
  onClick("demo", () => send("demo"));
  onClick("fetch-model", () => send("fetch_model"));
  onClick("copy", () => copy(words()));
  onClick("begin", () => {
    if (at("plan-new").value.trim()) add(at("plan-new"), now(), plan);
    begin(at("begin-window").checked);
  });
  document.addEventListener("keydown", (event) => {
    if (!isEnter(event, true) || event.repeat || !at("begin").offsetParent) return;
    event.preventDefault();
    // What is being written in a field is sent as the focus leaves it.
    at("begin").focus();
    at("begin").click();
  });
}

/** Where Enter ends a conversion it is no answer. */
const isEnter = ({ key, ctrlKey, metaKey, isComposing }, held) => key === "Enter" && !isComposing && (ctrlKey || metaKey) === held;

function add(field, { agenda }, plan) {
  const more = itemsFrom(field.value, agenda);
  const { agenda: whole, fits } = withMore(agenda, more);
  seen(at("plan-limits"), !fits);
  // What did not fit stays where it can be read and shortened.
  field.value = more.filter((item) => !whole.includes(item)).join("\n");
  plan(whole);
}

async function copy(words) {
  const said = at("tell");
  const copied = await navigator.clipboard.writeText(said.textContent).then(
    () => true,
    () => false,
  );
  if (!copied) getSelection().selectAllChildren(said);
  write(at("copy"), copied ? words.copied : words.copy_by_hand);
}

/**
 * @param {BeforeView} shown
 * @param {typeof import("./words.js").words.en} words
 * @param {(command: string, fields?: object) => boolean} send
 * @param {(agenda: string[]) => void} plan
 */
export function showBefore(shown, words, send, plan) {
  seen(at("demo"), shown.demo);
  seen(at("settings-open"), shown.settings);
  seen(at("last"), shown.lastCall !== "");
  fill(at("last").elements.namedItem("call"), shown.lastCall);
  fill(at("with"), shown.with);
  showPeople(shown, send);
  showHints(shown.hints);
  showCard(shown.card, words);
  showModes(shown.modes, send);
  write(at("target"), shown.target);
  fill(at("own-target"), shown.ownTarget === null ? "" : String(shown.ownTarget));
  seen(at("target-drop"), shown.ownTarget !== null);
  seen(at("proposal"), shown.proposal !== null);
  write(at("proposal-text"), shown.proposal?.text ?? "");
  write(at("proposal-take"), shown.proposal?.take ?? "");
  seen(at("trial"), shown.trial !== "");
  write(at("trial"), shown.trial);
  showPlan(shown, words, plan);
  showOpenActions(shown.openActions);
  at("icebreaker-on").checked = shown.icebreaker > 0;
  seen(at("icebreaker-part"), shown.icebreaker > 0);
  if (shown.icebreaker > 0) fill(at("icebreaker"), String(shown.icebreaker));
  pick(at("meeting"), shown.meeting);
  pick(at("spoken-language"), shown.language);
  showSound(shown, words, send);
  seen(at("model"), shown.model !== null);
  write(at("model-text"), shown.model?.text ?? "");
  seen(at("fetch-model"), shown.model?.fetches ?? false);
  write(at("tell"), shown.tell);
}

function showPeople({ people, names }, send) {
  const person = ({ name }) =>
    make("li", {}, button(() => send("prepare", { with: name }), { class: "choice" }));
  list(at("people"), people, ({ name }) => name, person, (item, { name, told, chosen }) => {
    const choice = item.firstElementChild;
    if (!choice.childElementCount) choice.append(make("bdi"), make("small"));
    write(choice.firstElementChild, name);
    write(choice.lastElementChild, told);
    set(choice, "aria-pressed", String(chosen));
  });
  list(at("names"), names, (name) => name, (name) => make("option", { value: name }), () => {});
}

function showHints(hints) {
  const hint = () => make("li", {}, make("p"), make("small"));
  list(at("hints"), hints, ({ text }) => text, hint, (item, { text, because }) => {
    write(item.firstElementChild, text);
    write(item.lastElementChild, because);
  });
}

/** While the card is open somebody writes in it, and nothing is taken from under the pen. */
function showCard(card, words) {
  const whose = at("card").dataset.whose ?? null;
  seen(at("card"), card !== null);
  if (!card) return;
  write(at("card-head"), words.card_of(card.name));
  write(at("card-stated"), card.stated);
  const build = ({ id }) => make("label", { class: "check" }, make("input", { type: "checkbox", value: id }), make("span"));
  const follows = !at("card").open || whose !== card.name;
  list(at("points"), card.points, ({ id }) => id, build, (item, { name, on }) => {
    write(item.lastElementChild, name);
    if (follows) item.firstElementChild.checked = on;
  });
  if (follows) at("card-note").value = card.note;
  at("card").dataset.whose = card.name;
}

function showModes(modes, send) {
  const mode = ({ id }) => {
    const radio = make("input", { type: "radio", name: "mode", value: id });
    radio.addEventListener("change", () => send("prepare", { mode: id }));
    return make("label", { class: "choice" }, radio, make("span"), make("small"));
  };
  list(at("modes"), modes, ({ id }) => id, mode, (item, { name, target, chosen }) => {
    item.children[0].checked = chosen;
    write(item.children[1], name);
    write(item.children[2], target);
  });
}

function showPlan({ agenda, carried }, words, plan) {
  const [remove, carry] = [
    (text) => plan(agenda.filter((item) => item !== text)),
    (text) => plan(withMore(agenda, [text]).agenda),
  ];
  const item = () => make("li", {}, make("bdi"), button((event) => event.currentTarget.act(), { class: "link" }));
  const show = (does, label) => (child, text) => {
    const [name, does_it] = child.children;
    write(name, text);
    write(does_it, label);
    set(does_it, "aria-label", `${label}: ${text}`);
    does_it.act = () => does(text);
  };
  list(at("plan"), agenda, (text) => text, item, show(remove, words.remove));
  list(at("carried"), carried, (text) => text, item, show(carry, words.carry));
  seen(at("carried-part"), carried.length > 0);
}

function showOpenActions(actions) {
  const item = () => make("li", {}, make("bdi"), make("small"));
  list(at("open-actions"), actions, ({ text, owner }) => `${owner} ${text}`, item, (child, { text, owner }) => {
    write(child.firstElementChild, text);
    write(child.lastElementChild, owner);
  });
  seen(at("open-actions-part"), actions.length > 0);
}

function showSound({ meters, echo, leaks }, words, send) {
  const meter = ({ track }) => {
    const level = make("div", { class: "level", role: "meter", "aria-labelledby": `meter-${track}`, "aria-valuemin": "0", "aria-valuemax": "100" });
    const devices = make("select", { id: `source-${track}` });
    devices.addEventListener("change", () => send("choose_device", deviceWish(track, devices.value)));
    return make("div", {}, make("dt", { id: `meter-${track}` }), make("dd", {}, devices, level, make("span")));
  };
  list(at("meters"), meters, ({ track }) => track, meter, (item, { track, level, heard, text, devices }) => {
    write(item.firstElementChild, words[track]);
    const [picker, bar, told] = item.lastElementChild.children;
    seen(picker, devices !== null);
    set(picker, "aria-label", words[`device_${track}`]);
    if (devices) pick(picker, devices);
    bar.style.setProperty("--level", level.toFixed(2));
    set(bar, "aria-valuenow", String(Math.round(level * 100)));
    write(told, heard ? `✓ ${text}` : text);
  });
  write(at("echo"), echo);
  at("echo").dataset.leaks = String(leaks);
}
