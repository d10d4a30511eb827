/** Puts the overlay's view into the document. It decides nothing about the call. */

import { at, button, list, make, mark, pick, seen, set, write } from "./dom.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @param {import("./view.js").View} shown
 * @param {(action: import("./view.js").Action) => void} act
 */
export function showOverlay(shown, act) {
  if (document.title !== shown.title) document.title = shown.title;
  mark(at("dot"), "floor", shown.floor);
  write(at("floor"), shown.floorLabel);
  showBar(shown.bar);
  showLine(shown.line, act);
  write(at("status"), shown.status);
  at("status").title = shown.statusMeans;
  showSaid(shown.said);
  write(at("spoken"), shown.spoken);
}

function showBar(shown) {
  seen(at("talk"), shown !== null);
  seen(at("key"), Boolean(shown?.key));
  if (!shown) return;
  const { recent, call, band, stale, text, key, reading } = shown;
  const bar = at("bar");
  mark(bar, "stale", String(stale));
  seen(at("whole"), call !== null);
  seen(at("key-whole"), call !== null);
  seen(at("band"), band !== null);
  bar.style.setProperty("--recent", recent ?? 0);
  bar.style.setProperty("--call", call ?? 0);
  bar.style.setProperty("--low", band?.low ?? 0);
  bar.style.setProperty("--high", band?.high ?? 0);
  // A meter has to have a number; that there is none yet is in the text.
  set(bar, "aria-valuenow", String(Math.round((recent ?? 0) * 100)));
  mark(bar, "known", String(recent !== null));
  set(bar, "aria-valuetext", text);
  write(at("key-recent"), key);
  write(at("reading"), reading);
  bar.title = reading;
}

function showLine({ kind, text, timer = "", fill = 0, actions = [] }, act) {
  const line = at("line");
  mark(line, "kind", kind);
  mark(at("call"), "kind", kind);
  write(at("text"), text);
  // What is too long for the smallest window is whole here.
  at("text").title = kind === "offer" ? text : "";
  write(at("timer"), timer);
  line.style.setProperty("--fill", calm.matches ? Math.floor(fill * 4) / 4 : fill);
  const key = ({ command, ask, explain, fields, unfold, devices }) => JSON.stringify([command, ask, explain, fields, unfold, devices]);
  list(at("actions"), actions, key, (action) => (action.devices ? choice(action, act) : button(() => act(action))), (item, { label, picker }) => {
    if (!picker) return write(item, label);
    set(item, "aria-label", label);
    pick(item, picker);
  });
  mark(at("call"), "acts", String(actions.length > 0));
}

/** The devices of a side, of which one is chosen. */
function choice(action, act) {
  const select = make("select");
  select.addEventListener("change", () => act({ ...action, chosen: select.value }));
  return select;
}

function showSaid(lines) {
  const said = at("said");
  seen(said, lines.length > 0);
  while (said.children.length > lines.length) said.lastElementChild.remove();
  while (said.children.length < lines.length) {
    const item = document.createElement("li");
    item.append(document.createElement("span"), document.createElement("span"));
    said.append(item);
  }
  lines.forEach(({ track, name, text }, place) => {
    const item = said.children[place];
    mark(item, "track", track);
    write(item.children[0], name);
    write(item.children[1], text);
  });
}
