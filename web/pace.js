/**
 * How fast the commands of this page go out. The server closes a page that sends more messages in a second than a person
 * would, and a key that is held gives 30: what sets something waits for its turn, and only the last of it is sent; what
 * does something is refused in words beyond what a hand does.
 */

/** A setting rests so long after the one before. */
const REST_MS = 150;

/** So many commands that do something in a second: with the settings before each they stay under the server's 20. */
const DEEDS = 6;
const SECOND_MS = 1_000;

/** The commands that say how something is to be: of two the later one holds, and its fields over the earlier ones. */
const settings = { prepare: () => "prepare", choose_device: ({ track }) => `choose_device ${track}`, set: ({ section, key }) => `set ${section}.${key}` };

const TOO_MANY = {
  ja: "操作が多すぎます。少し待ってから、もう一度どうぞ。",
  en: "Too many commands at once. Wait a moment and try again.",
};

/**
 * @param {object} way
 * @param {(name: string, fields: object) => void} way.transmit
 * @param {(message: object) => void} way.deliver  a `refused` message for what was too much
 * @param {{ after: (ms: number, then: () => void) => unknown }} way.time
 * @returns {{ send: (name: string, fields: object) => boolean, forget: () => string[] }}
 */
export function paced({ transmit, deliver, time }) {
  /** What waits, by what it sets, in the order in which it came. */
  const waiting = new Map();
  let resting = false;
  let deeds = 0;

  function send(name, fields) {
    const sets = settings[name]?.(fields);
    if (sets) return set(sets, name, fields);
    if (deeds === DEEDS) {
      deliver({ type: "refused", command: name, why: TOO_MANY });
      return false;
    }
    deeds += 1;
    time.after(SECOND_MS, () => (deeds -= 1));
    // What was set before is so when this is done.
    while (waiting.size) next();
    transmit(name, fields);
    return true;
  }

  function set(sets, name, fields) {
    waiting.set(sets, { name, fields: { ...waiting.get(sets)?.fields, ...fields } });
    if (!resting) turn();
    return true;
  }

  function turn() {
    resting = waiting.size > 0;
    if (!resting) return;
    next();
    time.after(REST_MS, turn);
  }

  function next() {
    const [[sets, { name, fields }]] = waiting;
    waiting.delete(sets);
    transmit(name, fields);
  }

  /** Drops what waits, and says which commands these were. */
  function forget() {
    const names = [...waiting.values()].map(({ name }) => name);
    waiting.clear();
    return names;
  }

  return { send, forget };
}
