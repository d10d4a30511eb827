/** The page after a call. Only touches the document. */

import { percent } from "./figures.js";
import { at, onClick, onSubmit, seen, set, write } from "./dom.js";

/** @param {(command: string, fields?: object) => boolean} send */
export function listenAfter(send) {
  const guess = at("guess");
  guess.addEventListener("input", () => {
    at("answer").disabled = false;
    showGuess();
  });
  onSubmit("ask", () => {
    // Where the slider was left untouched, its place is nobody's answer.
    if (!at("answer").disabled) send("perceived", { share: guess.valueAsNumber / 100 });
  });
  onClick("skip", () => send("perceived", { share: null }));
  onClick("keep", () => send("keep_call"));
  onClick("delete", () => send("delete_call"));
  onClick("delete-call", () => at("delete-asked").showModal());
  onClick("delete-yes", () => send("delete_call"));
  onClick("done", () => send("done"));
}

function showGuess() {
  const said = at("answer").disabled ? "–" : percent(at("guess").valueAsNumber / 100);
  write(at("guessed"), said);
  set(at("guess"), "aria-valuetext", said);
}

/** @param {import("./after_view.js").AfterView} shown */
export function showAfter({ asks, told, undecided, deletes, opens, bye, leaves }) {
  const answering = at("ask").contains(document.activeElement);
  seen(at("ask"), asks);
  showGuess();
  const first = at("believed").hidden && told !== "";
  seen(at("believed"), told !== "");
  write(at("believed"), told);
  // The question is gone, and the focus with it: the answer stands in its place.
  if (first && answering) at("believed").focus();
  seen(at("summary"), opens);
  seen(at("undecided"), undecided);
  seen(at("delete-call"), deletes);
  seen(at("done"), leaves);
  write(at("bye"), bye);
}
