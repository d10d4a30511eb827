/**
 * The overlay page: hands messages to the reducer and writes its view into the
 * document. It decides nothing about the call.
 */

import { connect } from "./socket.js";
import { reduce, resumeFrom, start } from "./state.js";
import { view } from "./view.js";
import { choose, words } from "./words.js";

const at = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let state = start;
let language = choose(navigator.languages, kept(() => localStorage.getItem("keicho.language")));
let connection = null;

// For a look from the browser's console, and for the page's own test.
Object.defineProperty(window, "keicho", { get: () => state });

function deliver(message) {
  state = reduce(state, { ...message, arrived_ms: performance.now() });
  show();
}

function show() {
  const shown = view(state, words[language]);
  if (document.title !== shown.title) document.title = shown.title;
  mark(at("dot"), "floor", shown.floor);
  write(at("floor"), shown.floorLabel);
  showBar(shown.bar);
  showLine(shown.line);
  write(at("path"), shown.summary);
  at("path").title = shown.summary;
  at("summary").hidden = shown.summary === "";
  at("demo").hidden = !shown.demoTiming;
  showSaid(shown.said);
  write(at("spoken"), shown.spoken);
}

function showSaid(lines) {
  const list = at("said");
  list.hidden = lines.length === 0;
  while (list.children.length > lines.length) list.lastElementChild.remove();
  while (list.children.length < lines.length) list.append(document.createElement("li"));
  lines.forEach(({ track, name, text }, place) => {
    const item = list.children[place];
    if (item.children.length === 0) item.append(document.createElement("span"), document.createElement("span"));
    mark(item, "track", track);
    write(item.children[0], name);
    write(item.children[1], text);
  });
}

function showBar(shown) {
  at("talk").hidden = at("key").hidden = shown === null;
  if (!shown) return;
  const { recent, call, band, stale, text } = shown;
  const bar = at("bar");
  mark(bar, "stale", String(stale));
  at("call").hidden = call === null;
  at("band").hidden = band === null;
  bar.style.setProperty("--recent", recent ?? 0);
  bar.style.setProperty("--call", call ?? 0);
  bar.style.setProperty("--low", band?.low ?? 0);
  bar.style.setProperty("--high", band?.high ?? 0);
  if (recent === null) bar.removeAttribute("aria-valuenow");
  else bar.setAttribute("aria-valuenow", Math.round(recent * 100));
  bar.setAttribute("aria-valuetext", text);
}

function showLine({ kind, text, timer = "", fill = 0 }) {
  const line = at("line");
  mark(line, "kind", kind);
  write(at("text"), text);
  write(at("timer"), timer);
  line.style.setProperty("--fill", calm.matches ? Math.floor(fill * 4) / 4 : fill);
}

/** Writes only what changed, so that nothing is announced or laid out twice. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function mark(element, name, value) {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

function speak(chosen) {
  language = chosen;
  const said = words[language];
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) write(element, said[element.dataset.word]);
  at("bar").setAttribute("aria-label", said.bar);
  at("said").setAttribute("aria-label", said.said);
  at("demo").title = said.demo_timing_means;
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
  return given ?? kept(() => sessionStorage.getItem("keicho.token"));
}

function begin() {
  connection?.close();
  state = { ...start, pointed: state.pointed };
  const token = takeToken();
  if (!token) return deliver({ type: "link", link: "old_address" });
  connection = connect({
    url: `ws://${location.host}/ws`,
    token,
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

const point = (pointed) => () => deliver({ type: "point", pointed });
at("bar").addEventListener("pointerenter", point(true));
at("bar").addEventListener("pointerleave", point(false));
at("bar").addEventListener("focus", point(true));
at("bar").addEventListener("blur", point(false));
at("language").addEventListener("click", () => {
  speak(words[language].other);
  kept(() => localStorage.setItem("keicho.language", language));
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) connection?.retry();
});
// A new address opened in the same tab differs only after the `#`: no reload comes.
addEventListener("hashchange", begin);

speak(language);
begin();
