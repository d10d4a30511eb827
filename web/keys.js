/** What a key means. Pure. */

const LETTERS = { d: "dismiss", m: "mute", p: "pause", o: "hide", "?": "help" };

/** Fields in which letters are letters. */
const WRITTEN = /^(?:text|search|number|email|url|tel|password|date|time)$/;

/**
 * @param {KeyboardEvent} event
 * @param {boolean} letters  whether single letters do anything
 * @returns {"dismiss" | "mute" | "pause" | "hide" | "help" | "escape" | null}
 */
export function meaningOf(event, letters) {
  const { key, ctrlKey, metaKey, altKey, isComposing, repeat, target } = event;
  if (ctrlKey || metaKey || altKey || isComposing || repeat) return null;
  if (key === "Escape") return "escape";
  if (!letters || isWritten(target)) return null;
  // A full-width or a shifted letter is the same key.
  const letter = key.normalize("NFKC").toLowerCase();
  return Object.hasOwn(LETTERS, letter) ? LETTERS[letter] : null;
}

function isWritten(target) {
  const name = target?.tagName?.toLowerCase();
  if (name === "input") return WRITTEN.test(target.type);
  return name === "textarea" || name === "select" || Boolean(target?.isContentEditable);
}
