/**
 * What the page knows: messages in, state out. A pure function: no DOM, no socket,
 * no clock. Time comes with the messages: `now_ms` and `at_ms` are the call's own,
 * `arrived_ms` is the page's, stamped by whoever delivers a message.
 *
 * The types mirror the wire (protocol 1).
 *
 * @typedef {"me" | "them"} Track
 * @typedef {{ ja: string, en: string }} Text
 * @typedef {{ call: number | null, recent: number | null }} Share  of me, 0 to 1
 * @typedef {{ kind: string, tier_ms: number | null, at_ms: number, text: Text }} Nudge
 *
 * @typedef {object} Hello
 * @property {"hello"} type
 * @property {number} protocol
 * @property {number} epoch   of this call's event log; erasing starts a new one
 * @property {number} seq     of the newest event in it
 *
 * @typedef {object} Snapshot
 * @property {"snapshot"} type
 * @property {number} epoch
 * @property {number} seq
 * @property {number} now_ms
 * @property {"live" | "ended"} state
 * @property {"live" | "replay" | "demo"} source
 * @property {"listening" | "coaching" | "feedback" | "teaching"} mode
 * @property {boolean} demo_timing
 * @property {Record<Track, boolean>} speaking
 * @property {Track | "free"} floor
 * @property {number} silence_ms
 * @property {boolean} waiting
 * @property {Share} share
 * @property {{ low: number, high: number }} band
 * @property {Record<Track, number>} talk_ms
 * @property {number} monologue_ms
 * @property {object} counts
 * @property {Nudge | null} nudge
 * @property {Record<Track, { lost: boolean, lost_ms: number }> & { troubles: { trouble: string, track: Track | null }[] }} audio
 * @property {{ detected: boolean, level_db: number | null }} echo
 * @property {{ state: "off" | "loading" | "ready" | "behind" | "broken", waiting_ms: number, coverage: number | null }} text
 * @property {string | null} summary  its path, once the call has ended
 *
 * @typedef {{ track: Track, start_ms: number, text: string }} Said  only where the user keeps words
 *
 * @typedef {{ type: "event", epoch: number, seq: number, at_ms: number, kind: string }} Event
 *   with further fields by kind
 *
 * And two that never cross the wire: what the socket has to say, and whether the
 * pointer or the focus rests on the bar.
 * @typedef {"connecting" | "resuming" | "live" | "lost" | "old_address" | "old_page"} Link
 * @typedef {{ type: "link", link: Link, attempts?: number }} LinkChange
 * @typedef {{ type: "point", pointed: boolean }} Point
 *
 * @typedef {object} State
 * @property {Link} link
 * @property {number} attempts      to connect since the last hello
 * @property {number} epoch
 * @property {number | null} seq    of the last event that was heard; null before there is a log
 * @property {number} promised      the newest event's seq at the last hello
 * @property {number} missed        events that never came
 * @property {Snapshot | null} snapshot
 * @property {(Nudge & { seq: number }) | null} nudge
 * @property {(Share & { arrived_ms: number }) | null} share  as it is shown
 * @property {boolean} pointed
 * @property {Said[]} said          the newest, in the order in which they were begun
 */

/** More would not be read beside a call. */
const SAID_KEPT = 20;

/** A bar that fidgets draws the eye, so the share that is shown changes no more often. */
const SHARE_RESTS_MS = 1_000;

/** @type {State} */
export const start = {
  link: "connecting",
  attempts: 0,
  epoch: 0,
  seq: null,
  promised: 0,
  missed: 0,
  snapshot: null,
  nudge: null,
  share: null,
  pointed: false,
  said: [],
};

/**
 * @param {State} state
 * @param {Hello | Snapshot | Event | LinkChange | Point} message
 * @returns {State}
 */
export function reduce(state, message) {
  switch (message.type) {
    case "hello":
      return greeted(state, message);
    case "snapshot":
      return seen(state, message);
    case "event":
      return heard(state, message);
    case "link":
      return { ...state, link: message.link, attempts: message.attempts ?? 0 };
    case "point":
      return { ...state, pointed: message.pointed };
    default:
      return state;
  }
}

/** What to tell the server on connecting; null when there is nothing to come back for. */
export function resumeFrom(state) {
  if (hasEnded(state)) return null;
  return state.seq === null ? { last_seq: 0, epoch: 0 } : { last_seq: state.seq, epoch: state.epoch };
}

export function hasEnded(state) {
  return state.snapshot?.state === "ended";
}

/** The hello decides which log we are in, even when its epoch is lower than ours. */
function greeted(state, hello) {
  const here = hello.epoch === state.epoch ? state : turnedTo(state, hello.epoch);
  return { ...here, link: "resuming", attempts: 0, promised: hello.seq };
}

function seen(state, snapshot) {
  if (snapshot.epoch < state.epoch) return state;
  const here = snapshot.epoch > state.epoch ? turnedTo(state, snapshot.epoch) : state;
  // A newcomer is sent nothing from before the hello, and the snapshot may be older than that.
  const seq = here.seq ?? Math.max(snapshot.seq, here.promised);
  // The snapshot closes the list of what was missed: what is not here now never comes.
  const lacking = state.link === "resuming" ? Math.max(0, here.promised - seq) : 0;
  const next = { ...here, link: "live", snapshot, seq: seq + lacking, missed: here.missed + lacking };
  // A snapshot taken before the nudge's event cannot know of it.
  if (!here.nudge || here.nudge.seq <= snapshot.seq) {
    next.nudge = snapshot.nudge && { ...snapshot.nudge, seq: snapshot.seq };
  }
  const rested = !here.share || snapshot.arrived_ms - here.share.arrived_ms >= SHARE_RESTS_MS;
  if (rested || snapshot.state !== state.snapshot?.state) {
    next.share = { ...snapshot.share, arrived_ms: snapshot.arrived_ms };
  }
  return next;
}

function heard(state, event) {
  if (event.epoch < state.epoch) return state;
  const here = event.epoch > state.epoch ? turnedTo(state, event.epoch) : state;
  if (here.seq !== null && event.seq <= here.seq) return here;
  const lacking = here.seq === null ? 0 : event.seq - here.seq - 1;
  const next = { ...here, seq: event.seq, missed: here.missed + lacking };
  if (event.kind === "nudge") {
    const { seq, at_ms, nudge: kind, tier_ms = null, text } = event;
    next.nudge = { kind, tier_ms, at_ms, text, seq };
  }
  if (event.kind === "nudge_withdrawn" && (event.nudge ?? here.nudge?.kind) === here.nudge?.kind) {
    next.nudge = null;
    if (next.snapshot) next.snapshot = { ...next.snapshot, nudge: null };
  }
  if (event.kind === "heard" && event.text) next.said = withLine(here.said, event);
  return next;
}

/** Words come back when they are recognised, which is not always the order in which they were said. */
function withLine(said, { track, start_ms, text }) {
  const later = said.findIndex((line) => line.start_ms > start_ms);
  const place = later < 0 ? said.length : later;
  return [...said.slice(0, place), { track, start_ms, text }, ...said.slice(place)].slice(-SAID_KEPT);
}

/** In another log nothing of the old one means anything, and what was erased must not stay. */
function turnedTo(state, epoch) {
  return { ...state, epoch, seq: null, promised: 0, nudge: null, share: null, said: [] };
}
