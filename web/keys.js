/** What a key means, and when: it is held, for what somebody types in passing must change nothing. */

const LETTERS = { d: "dismiss", m: "mute", p: "pause", o: "hide", h: "hush", "?": "help" };

/** Fields in which letters are letters. */
const WRITTEN = /^(?:text|search|number|email|url|tel|password|date|time)$/;

/** Nobody who types a line holds a letter for as long. */
export const HOLD_MS = 600;

const clock = {
  after: (ms, then) => setTimeout(then, ms),
  cancel: (timer) => clearTimeout(timer),
};

/**
 * @param {KeyboardEvent} event
 * @param {boolean} letters  whether single letters do anything
 * @returns {"dismiss" | "mute" | "pause" | "hide" | "hush" | "help" | "escape" | null}
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

/**
 * Watches one letter at a time: it counts once it was held alone for `HOLD_MS`.
 * @param {object} on
 * @param {(held: boolean) => void} on.holding  a letter that means something is down, or no longer
 * @param {(meaning: string) => void} on.held
 * @param {typeof clock} [time]
 */
export function heldKeys({ holding, held }, time = clock) {
  let timer = null;
  function release() {
    if (timer === null) return;
    time.cancel(timer);
    timer = null;
    holding(false);
  }
  function press(meaning) {
    release();
    holding(true);
    timer = time.after(HOLD_MS, () => {
      timer = null;
      holding(false);
      held(meaning);
    });
  }
  return { press, release };
}

function isWritten(target) {
  const name = target?.tagName?.toLowerCase();
  if (name === "input") return WRITTEN.test(target.type);
  return name === "textarea" || name === "select" || Boolean(target?.isContentEditable);
}
