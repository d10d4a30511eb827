/**
 * The page: hands messages to the reducer, its views to the document, and what somebody
 * does to the server. It decides nothing about the call.
 */

import { listenAfter, showAfter } from "./after.js";
import { afterView } from "./after_view.js";
import { listenBefore, showBefore } from "./before.js";
import { beforeView } from "./before_view.js";
import { giveBack, listenToCall, showCall } from "./call.js";
import { callView } from "./call_view.js";
import { deviceWish } from "./pickers.js";
import { at, mark, onChange, onClick, seen, set, write } from "./dom.js";
import { carry, readIn, showHistory } from "./history.js";
import { heldKeys, meaningOf } from "./keys.js";
import { showOverlay } from "./overlay.js";
import { listenToSettings, showSettings } from "./settings.js";
import { settingsView } from "./settings_view.js";
import { connect } from "./socket.js";
import { hasEnded, isVeiled, reduce, resumeFrom, start } from "./state.js";
import { view } from "./view.js";
import { isPopup, ownWindow } from "./window.js";
import { choose, words } from "./words.js";

/** All that the words are written into, wherever it moves. */
const worded = [...document.querySelectorAll("[data-word]")];
const labelled = [...document.querySelectorAll("[data-label]")];

let state = start;
let language = choose(navigator.languages, recall("language"));
let letters = recall("letters") !== "off";
let hushed = false;
let connection = null;
const hold = heldKeys({ holding: (held) => mark(at("call"), "holding", String(held)), held: keyHeld });
const keys = { keydown: keyed, keyup: hold.release, blur: hold.release };
const small = ownWindow({ keys, changed: show });

// For a look from the browser's console, and for the page's own tests.
Object.defineProperty(window, "keicho", { get: () => state });

function deliver(message) {
  // A key of the desktop, by `keicho ctl hush`.
  if (message.type === "hush") return callView(state, words[language]).runs ? hush(!hushed) : undefined;
  if (message.type === "refused") giveBack(message.command);
  state = reduce(state, { ...message, arrived_ms: performance.now() });
  show();
}

function send(name, fields) {
  if (connection) return connection.send(name, fields);
  deliver({ type: "unsent", command: name });
  return false;
}

function act({ command, fields, ask, explain, unfold: fold, devices, chosen }) {
  if (devices) return send("choose_device", deviceWish(devices, chosen));
  if (fold) {
    unfold(true);
    at(fold).open = true;
    return at(fold).firstElementChild.focus();
  }
  if (explain !== undefined) {
    deliver({ type: "explain", explain });
    // The button that was pressed is gone; what closes the answer has the focus now.
    return at("actions").firstElementChild?.focus();
  }
  deliver({ type: "ask", asking: ask ?? false });
  if (command) send(command, fields);
  // The button that was pressed is gone; what it asked back, or what asked, has the focus now.
  if (ask) at("actions").firstElementChild?.focus();
  else if (ask === false) at("stop").focus();
}

/** An agenda is shown as it was written, and is the program's as soon as it agrees. */
function plan(agenda) {
  deliver({ type: "draft", agenda });
  send("prepare", { agenda });
}

/** The settings are read anew each time that their page is opened: the user may have edited them. */
function turnSettings(open) {
  deliver({ type: "settings_page", open });
  if (!open) at("settings-open").focus();
  else if (!send("settings")) deliver({ type: "settings_page", open: false });
}

function changeSetting(key, value) {
  const [section, name] = key.split(".");
  if (value === null) {
    const { enter } = state.settings.sections.find((of) => of.name === section).settings.find((of) => of.name === name);
    return deliver({ type: "refused", command: "set", setting: key, why: enter });
  }
  deliver({ type: "setting_sent", key });
  send("set", { section, key: name, value });
}

function show() {
  const said = words[language];
  const shown = view(state, said);
  const before = isPopup ? null : beforeView(state, said);
  const after = isPopup ? null : afterView(state, said);
  const away = small.isAway();
  mark(at("page"), "page", shown.page);
  mark(at("page"), "ended", String(hasEnded(state)));
  mark(at("call"), "ended", String(hasEnded(state)));
  seen(at("away"), away);
  seen(at("place"), !away);
  // What is cut off has nothing to show in a window of its own.
  seen(at("window"), !isPopup && !away && shown.page === "call" && shown.bar !== null && !hasEnded(state));
  // What is hidden is not read aloud either.
  showOverlay(hushed ? { ...shown, title: "Keicho", spoken: "" } : shown, act);
  // What hides a call that runs would keep from its page what follows it.
  if (hushed && hasEnded(state)) mark(at("call"), "hushed", String((hushed = false)));
  showCall(callView(state, said), said, send);
  const settings = isPopup ? null : settingsView(state, said);
  const opens = settings !== null && at("settings").hidden;
  seen(at("settings"), settings !== null);
  if (settings) showSettings(settings, said, changeSetting);
  seen(at("before"), before !== null && settings === null);
  if (before) showBefore(before, said, send, plan);
  // What was pressed is gone from sight; the page that came begins at its head.
  if (opens) at("settings-head").focus();
  seen(at("after"), after !== null);
  if (after) showAfter(after);
  showHistory(state);
}

function speak(chosen) {
  language = chosen;
  const said = words[language];
  document.documentElement.lang = at("call").ownerDocument.documentElement.lang = language;
  for (const element of worded) write(element, said[element.dataset.word]);
  for (const element of labelled) set(element, "aria-label", said[element.dataset.label]);
  set(at("bar"), "aria-label", said.bar);
  for (const key of document.querySelectorAll("#controls kbd")) key.title = said.hold_key(key.textContent);
  readIn(language);
  at("window").title = said.own_window;
  at("open").title = said.more;
  const button = at("language");
  button.lang = said.other;
  button.title = said.switch_language;
  write(button, said.other_name);
  show();
}

/** The token leaves the address bar at once, where a shared screen would show it. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    kept(() => sessionStorage.setItem("keicho.token", given));
    history.replaceState(null, "", location.pathname);
  }
  // A pop-up is handed its opener's storage, and so the token.
  return given ?? kept(() => sessionStorage.getItem("keicho.token"));
}

function begin() {
  connection?.close();
  connection = null;
  state = { ...start, pointed: state.pointed };
  const token = takeToken();
  if (!token) return deliver({ type: "link", link: "old_address" });
  carry(token);
  connection = connect({
    url: `ws://${location.host}/ws`,
    token,
    asks: !isPopup,
    resume: () => resumeFrom(state),
    deliver,
  });
  show();
}

/** Storage may be forbidden; the page then works all the same until it is reloaded. */
function kept(use) {
  try {
    return use();
  } catch {
    return null;
  }
}

function keep(name, value) {
  kept(() => localStorage.setItem(`keicho.${name}`, value));
}

function recall(name) {
  return kept(() => localStorage.getItem(`keicho.${name}`));
}

async function openSmall() {
  if (await small.open()) return;
  const why = { ja: words.ja.no_window, en: words.en.no_window };
  deliver({ type: "refused", command: "own_window", why });
}

/** One key takes all words and figures from a screen that is shared, and brings them back. */
function hush(quiet) {
  hushed = quiet;
  mark(at("call"), "hushed", String(hushed));
  show();
  at(hushed ? "unhush" : "hush").focus();
}

function useDiscreet(used) {
  at("discreet").checked = used;
  mark(at("call"), "look", used ? "discreet" : "plain");
}

function useBar(used) {
  at("without-bar").checked = !used;
  mark(at("call"), "bar", used ? "on" : "off");
}

function unfold(open) {
  mark(at("call"), "open", String(open));
  set(at("open"), "aria-expanded", String(open));
}

function keyed(event) {
  const meaning = meaningOf(event, letters);
  if (meaning === "escape") return escape();
  // The repetition of a key that is held is none of another.
  if (event.repeat) return;
  hold.release();
  if (!meaning || !callView(state, words[language]).runs || at("keys").open) return;
  event.preventDefault();
  hold.press(meaning);
}

function keyHeld(meaning) {
  if (!callView(state, words[language]).runs || at("keys").open) return;
  if (meaning === "hush") hush(!hushed);
  else if (meaning === "help") at("keys").showModal();
  else if (meaning === "dismiss") at("line").dataset.kind === "nudge" && send("dismiss");
  else at(meaning).click();
}

/** What is open closes, the innermost first; the list of keys closes by itself. */
function escape() {
  if (at("keys").open) return;
  if (state.asking) {
    deliver({ type: "ask", asking: false });
    at("stop").focus();
  } else if (at("call").dataset.open === "true") {
    unfold(false);
    at("open").focus();
  }
}

function useLetters(used) {
  letters = used;
  at("letters").checked = used;
  mark(at("call"), "letters", used ? "on" : "off");
}

const point = (pointed) => () => deliver({ type: "point", pointed });
at("bar").addEventListener("pointerenter", point(true));
at("bar").addEventListener("pointerleave", point(false));
at("bar").addEventListener("focus", point(true));
at("bar").addEventListener("blur", point(false));
onClick("language", () => {
  speak(words[language].other);
  keep("language", language);
});
onClick("open", () => unfold(at("call").dataset.open !== "true"));
onClick("window", openSmall);
onClick("home", () => small.close());
onClick("hush", () => hush(true));
onClick("unhush", () => hush(false));
onChange("discreet", ({ checked }) => {
  useDiscreet(checked);
  keep("look", checked ? "discreet" : "plain");
});
onChange("without-bar", ({ checked }) => {
  useBar(!checked);
  keep("bar", checked ? "off" : "on");
});
onClick("show-keys", () => at("keys").showModal());
onChange("letters", ({ checked }) => {
  useLetters(checked);
  keep("letters", letters ? "on" : "off");
});
onChange("begin-window", ({ checked }) => keep("window", checked ? "on" : "off"));
listenToCall(send, () => callView(state, words[language]), () => act({ ask: true }));
listenBefore({
  send,
  plan,
  now: () => beforeView(state, words[language]),
  words: () => words[language],
  begin: (opens) => {
    if (send("begin") && opens) openSmall();
  },
});
listenToSettings({ turn: turnSettings });
listenAfter(send);
for (const [name, listener] of Object.entries(keys)) addEventListener(name, listener);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) connection?.retry();
});
// A new address opened in the same tab differs only after the `#`: no reload comes.
addEventListener("hashchange", begin);
// Whoever leaves after the answer has had what there was; before it the closing socket says enough.
addEventListener("pagehide", () => {
  if (!isPopup && hasEnded(state) && state.desk && !isVeiled(state) && state.link === "live") send("done");
});

mark(at("page"), "form", isPopup ? "popup" : "page");
at("begin-window").checked = recall("window") === "on";
useLetters(letters);
useDiscreet(recall("look") === "discreet");
useBar(recall("bar") !== "off");
speak(language);
begin();
