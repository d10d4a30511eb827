/** The ways to pages that the program makes: one's own calls so far, a summary. Only touches the document. */

import { seen } from "./dom.js";
import { isVeiled } from "./state.js";

const forms = [...document.querySelectorAll("form.leads")];
const fields = (name) => forms.map((form) => form.elements.namedItem(name));

/** The secret of this launch goes with each of their forms, and so stands in no address. */
export function carry(token) {
  for (const field of fields("token")) field.value = token;
}

/** They are read in the language of this page. */
export function readIn(language) {
  for (const field of fields("lang")) field.value = language;
}

/**
 * One's calls can be looked back on where the program has any and is still there; not before the question of how this
 * one felt, whose figures are among them.
 * @param {import("./state.js").State} state
 */
export function showHistory(state) {
  const { desk, link } = state;
  const there = Boolean(desk?.history) && (link === "live" || link === "resuming") && !isVeiled(state);
  for (const form of forms) if (form.classList.contains("to-history")) seen(form, there);
}
