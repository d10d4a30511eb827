/** What is around the overlay in a call: controls, agenda, check-in, figures. Only touches the document. */

import { deviceWish } from "./pickers.js";
import { at, button, fill, list, make, mark, onChange, onClick, onSubmit, pick, seen, set, write } from "./dom.js";

const SNOOZE_MINUTES = 10;

/** How long off the record can be taken back. */
const UNDO_SECONDS = 5;

/**
 * Listens to the controls.
 * @param {(command: string, fields?: object) => boolean} send
 * @param {() => import("./call_view.js").CallView} now
 */
export function listenToCall(send, now, ask) {
  onClick("pause", () => send(now().on.paused ? "resume" : "pause"));
  onClick("mute", () => send(now().on.muted ? "unmute" : "mute"));
  onClick("hide", () => {
    if (now().on.offRecord) send("on_record");
    else send("off_record", { undo_s: UNDO_SECONDS });
  });
  onClick("stop", ask);
  for (const track of ["me", "them"]) {
    onChange(`device-${track}`, ({ value }) => send("choose_device", deviceWish(track, value)));
  }
  onClick("snooze", () => send("snooze", { minutes: now().on.snoozed ? 0 : SNOOZE_MINUTES }));
  onClick("mute-kind", () => send("mute_kind", { kind: now().lastKind }));
  onChange("call-mode", ({ value }) => send("prepare", { mode: value }));
  onChange("call-meeting", ({ value }) => send("prepare", { meeting_min: Number(value) || null }));
  onSubmit("call-target-form", () => {
    const target = at("call-target").valueAsNumber;
    send("prepare", { target: Number.isNaN(target) ? null : target / 100 });
  });
  const adds = (what, more = () => ({})) => {
    const field = at(`${what}-new`);
    onSubmit(`${what}-add`, () => {
      const text = field.value.trim();
      if (!text || !send(`${what}_add`, { text, ...more() })) return;
      field.dataset.sent = text;
      field.value = "";
    });
  };
  adds("agenda");
  adds("note", () => ({ owner: at("note-owner").value || null }));
  onSubmit("check-in-form", (form) => {
    const score = Number(new FormData(form).get("score"));
    if (send("check_in", { score, words: at("check-in-words").value.trim() })) at("check-in").open = false;
  });
}

/** What was typed and is refused can be read and sent again. */
export function giveBack(command) {
  const field = document.getElementById(command.replace("_add", "-new"));
  if (field?.dataset.sent && !field.value) field.value = field.dataset.sent;
}

/**
 * @param {import("./call_view.js").CallView} shown
 * @param {typeof import("./words.js").words.en} words
 */
export function showCall(shown, words, send) {
  const { on, runs, devices } = shown;
  for (const id of ["controls", "advice", "agenda-part", "notes-part", "check-in"]) seen(at(id), runs);
  seen(at("details"), shown.details.length > 0);
  seen(at("sound"), runs && devices !== null);
  for (const track of devices ? ["me", "them"] : []) pick(at(`device-${track}`), devices[track]);
  write(at("pause").firstElementChild, on.paused ? words.resume : words.pause);
  write(at("hide").firstElementChild, on.undo ? words.undo : on.offRecord ? words.on_record : words.hide);
  set(at("mute"), "aria-pressed", String(on.muted));
  seen(at("pause"), !on.offRecord);
  seen(at("stop"), !shown.asks);
  seen(at("aim"), runs && shown.aim !== null);
  if (shown.aim) {
    pick(at("call-mode"), shown.aim.mode);
    fill(at("call-target"), shown.aim.ownTarget);
    pick(at("call-meeting"), shown.aim.meeting);
  }
  showFigures(shown.details);
  const put = { drop: words.drop, takeUp: words.take_up, labelled: words.labelled };
  showTicks("agenda", shown.agenda.map((item) => ({ ...item, label: item.dropped ? words.dropped : "" })), put, (fields) => send("agenda_set", fields));
  seen(at("agenda-means"), shown.remembered);
  showTicks("todo", shown.actions, { ...put, drop: words.action_drop }, (fields) => send("action_set", fields));
  showNotes(shown.notes);
  seen(at("notes-means"), shown.remembered);
  showCheckIn(shown.checkIn, words);
  seen(at("last-nudge"), shown.lastNudge !== "");
  write(at("last-nudge"), shown.lastNudge);
  seen(at("mute-kind"), shown.lastKind !== null);
  seen(at("call-trial"), shown.trial.text !== "");
  write(at("call-trial"), shown.trial.text);
  seen(at("snooze"), !shown.trial.quiet);
  write(at("snooze"), on.snoozed ? words.snooze_end : words.snooze);
  const again = ({ kind }) => make("li", {}, make("span"), button(() => send("unmute_kind", { kind }), { class: "link" }));
  list(at("muted-kinds"), shown.mutedKinds, ({ kind }) => kind, again, (item, { name }) => {
    write(item.firstElementChild, name);
    write(item.lastElementChild, words.unmute_kind);
  });
}

function showFigures(rows) {
  const pair = () => make("div", {}, make("dt"), make("dd"));
  rows = rows.map((row, place) => ({ ...row, place }));
  list(at("figures"), rows, ({ place }) => place, pair, (item, { name, figure }) => {
    write(item.firstElementChild, name);
    write(item.lastElementChild, figure);
  });
}

/** A list to be ticked: topics, or what is to be done. */
function showTicks(id, items, labels, change) {
  const build = ({ id }) => {
    const tick = make("input", { type: "checkbox" });
    tick.addEventListener("change", () => {
      // Until the program agrees nothing is ticked: it may refuse.
      const state = tick.checked ? "done" : "open";
      tick.checked = !tick.checked;
      change({ id, state });
    });
    const drop = button(() => change({ id, state: drop.dataset.state }), { class: "link" });
    return make("li", {}, make("label", { class: "check" }, tick, make("span")), drop);
  };
  list(at(id), items, ({ id }) => id, build, (item, { text, label, done, dropped }) => {
    const [tick, name] = item.firstElementChild.children;
    tick.checked = done;
    tick.disabled = dropped;
    write(name, label ? labels.labelled(text, label) : text);
    mark(item, "state", dropped ? "dropped" : done ? "done" : "open");
    const drop = item.lastElementChild;
    drop.dataset.state = dropped ? "open" : "dropped";
    write(drop, dropped ? labels.takeUp : labels.drop);
    set(drop, "aria-label", `${drop.textContent}: ${text}`);
    seen(drop, !done);
  });
}

function showNotes(notes) {
  const build = () => make("li", {}, make("small"), make("bdi"));
  list(at("notes"), notes, ({ id }) => id, build, (item, { time, text }) => {
    write(item.firstElementChild, time);
    write(item.lastElementChild, text);
  });
}

function showCheckIn(given, words) {
  write(at("check-in-given"), given ? words.check_in_given(given.score, given.words) : "");
  if (given && !at("check-in").open) {
    fill(at("check-in-words"), given.words);
    at("check-in-form").elements.score.value = String(given.score);
  }
}
