/** Which language the page speaks, and its words: the same keys in both. The texts of nudges come with the nudge. */

import { en } from "./words_en.js";
import { ja } from "./words_ja.js";

export const words = { ja, en };

/** The kept choice, else the first of the browser's languages that we speak, else English. */
export function choose(languages, kept) {
  if (Object.hasOwn(words, kept)) return kept;
  const tags = languages.map((tag) => tag.toLowerCase().split("-")[0]);
  return tags.find((tag) => Object.hasOwn(words, tag)) ?? "en";
}
