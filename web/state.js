/**
 * What the page knows: messages in, state out. A pure function: no DOM, no socket,
 * no clock. Time comes with the messages: `now_ms` and `at_ms` are the call's own,
 * `arrived_ms` is the page's, stamped by whoever delivers a message.
 *
 * The types mirror the wire (protocol 1). What is in brackets is newer: absent
 * from a call that is not live, and from an older program.
 *
 * @typedef {"me" | "them"} Track
 * @typedef {{ ja: string, en: string }} Text
 * @typedef {{ call: number | null, recent: number | null, recent_ms: number }} Share  of me, 0 to 1; of the last minutes, and how long these are
 * @typedef {{ kind: string, tier_ms: number | null, at_ms: number, text: Text, why?: object }} Nudge
 * @typedef {{ id: number, text: string, state: "open" | "done" | "dropped", offered: boolean }} Item
 *
 * @typedef {object} Hello
 * @property {"hello"} type
 * @property {number} protocol
 * @property {number} epoch  of this call's event log; erasing starts a new one
 * @property {number} seq  of the newest event in it
 *
 * @typedef {object} Snapshot
 * @property {"snapshot"} type
 * @property {number} epoch
 * @property {number} seq
 * @property {number} now_ms
 * @property {"before" | "live" | "paused" | "off_record" | "ended"} state
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
 * @property {Record<Track, { dbfs: number | null, heard: boolean }> | null} [levels]  only before the call
 * @property {"waiting" | "none" | "leaks" | null} [echo_check]  only before the call
 * @property {boolean} [muted]  in the call's own program
 * @property {"hand" | "sound_server" | null} [muted_by]  who says so
 * @property {{ from_ms: number, until_ms: number } | null} [off_record]  what is not kept
 * @property {number | null} [off_record_undo_ms]  how long off the record can be taken back before anything is erased
 * @property {number} [icebreaker_ms]  what is left of it
 * @property {number} [longest_turn_ms]  mine
 * @property {{ count: number, median_ms: number | null, last_ms: number | null }} [waits]  after my own questions
 * @property {{ snoozed_until_ms: number | null, muted_kinds: string[] }} [quiet]
 * @property {"lost" | "muted" | "echo" | "far_end" | "off_record" | "paused" | null} [nudges_stopped]  those about figures
 * @property {Item[]} [agenda]
 * @property {Note[]} [notes]
 * @property {{ score: number, words: string } | null} [check_in]
 * @property {boolean} [stuck]
 *
 * @typedef {{ id: number, text: string, written_ms: number, owner: Track | null, state: "open" | "done" | "dropped" | null, carried: boolean }} Note
 *   without an owner it is nothing to do
 * @typedef {{ points: string[], note: string, stated_on?: string }} Card  what somebody stated of themselves
 * @typedef {{ name: string, last_at: string | null, days: number | null, calls: number, open_items: string[], open_actions?: { text: string, owner: Track }[], card: Card | null }} Person
 *
 * @typedef {object} Desk     what lies around the call and changes seldom
 * @property {"desk"} type
 * @property {string | null} with
 * @property {Snapshot["mode"]} mode
 * @property {number} target
 * @property {{ mode: Snapshot["mode"], target: number }[]} modes  what each aims at, by the user's settings
 * @property {number | null} own_target
 * @property {{ target: number, baseline: number, calls: number } | null} proposal
 * @property {number} icebreaker_min
 * @property {{ last: number, next: number }} off_record_min
 * @property {Person[]} people  newest first
 * @property {{ text: Text, because: Text }[]} hints
 * @property {Text} tell
 * @property {number | null} [meeting_min]  how long the meeting is to be
 * @property {"ja" | "en" | null} [lang]  that is spoken; null where it is to be found
 * @property {Record<Track, Devices> | null} [devices]  null where the call has none
 * @property {{ state: "missing" | "fetching" | "ready" | "failed", bytes?: number, percent?: number } | null} [model]  null where words need no download
 * @property {boolean} [demo]  whether it can be opened from here
 * @property {boolean} [settings]  whether the user's can be changed from here
 * @property {string | null} [last_call]  the name of the newest call that is over
 * @property {"nudged" | "quiet" | null} [trial]  what the call is in the trial of nudges; null where there is none
 * @property {boolean} [history]  whether there are calls to look back on
 * @property {After | null} after
 *
 * @typedef {{ chosen: string | null, heard: string | null, available: { id: string, name: string, default: boolean }[], server_silent?: boolean }} Devices
 *   of a track; `chosen` is null for the system's default, `heard` while it is awaited
 *
 * @typedef {object} After
 * @property {boolean} asked  whether an answer is waited for
 * @property {number | null} perceived
 * @property {boolean} skipped
 * @property {number | null} share
 * @property {string | null} summary
 * @property {"nothing_heard" | "me_unheard" | "them_unheard" | "short" | null} [too_little]  why there is nothing to ask
 * @property {number} [length_ms]  of the call
 * @property {"undecided" | "kept" | "deleted" | null} [fate]  of the call's record, if it has one
 *
 * @typedef {{ track: Track, start_ms: number, text: string }} Said  only where the user keeps words
 *
 * @typedef {{ type: "event", epoch: number, seq: number, at_ms: number, kind: string }} Event
 *   with further fields by kind
 * @typedef {{ type: "refused", command: string, setting?: string, why: Text, arrived_ms: number }} Refused
 * @typedef {{ name: string, about: Text, form: string, unit: string | null, range: [number, number] | null, enter: Text, value: unknown, default: unknown }} Setting
 * @typedef {{ type: "settings", sections: { name: string, about: Text, settings: Setting[] }[], problem: Text | null }} Settings
 * @typedef {{ type: "saving", state: "saved" | "retrying" | "waiting" | "given_up" | "cut_off", text: Text | null }} Saving  how the call is saved
 *
 * And some that never cross the wire: how the socket stands, a command that found none, an
 * agenda that is being written, a question before the call is stopped, the pointer on the bar.
 * @typedef {"connecting" | "resuming" | "live" | "lost" | "over" | "old_address" | "old_page"} Link
 * @typedef {{ type: "link", link: Link, attempts?: number }} LinkChange
 * @typedef {{ type: "unsent", command: string, arrived_ms: number }} Unsent
 * @typedef {{ type: "draft", agenda: string[] }} Draft
 * @typedef {{ type: "ask", asking: boolean }} Ask
 * @typedef {{ type: "explain", explain: boolean }} Explain
 * @typedef {{ type: "point", pointed: boolean }} Point
 *
 * @typedef {object} State
 * @property {Link} link
 * @property {number} attempts  to connect since the last hello
 * @property {number} epoch
 * @property {number | null} seq  of the last event that was heard; null before there is a log
 * @property {number} promised  the newest event's seq at the last hello
 * @property {number} missed  events that never came
 * @property {Snapshot | null} snapshot  the newest
 * @property {Snapshot | null} rest  the one whose figures are shown
 * @property {(Nudge & { seq: number }) | null} nudge
 * @property {Desk | null} desk
 * @property {Refused | Unsent | null} denied  the last command that changed nothing
 * @property {string[] | null} draft  the agenda as it was last written here, until a snapshot has it
 * @property {Nudge | null} last  the newest nudge, also when it is no longer shown
 * @property {{ start_ms: number, end_ms: number, at_ms: number } | null} erased  what was last off the record
 * @property {{ nudge_at_ms: number, now_ms: number } | null} explained  of which nudge somebody asked why, and when
 * @property {boolean} asking  whether to stop
 * @property {boolean} pointed
 * @property {Saving | null} saving  what is wrong with how the call is saved; null if nothing is
 * @property {Record<Track, number | null>} lost_since  of the call, for as long as a track is lost
 * @property {{ since_ms: number, room_at_ms: number | null } | null} room  since when a nudge to keep listening is followed, and when that was told
 * @property {number | null} listened_ms  when it was told that the manager hardly talks
 * @property {Settings | null} settings  the user's, once they were asked for
 * @property {{ open: boolean, sent: string | null, saved: string | null, refused: Record<string, Text> }} setting  whether
 *   their page is open, the key of the last change, of the last that was saved, and why others were not
 * @property {Said[]} said  the newest, in the order in which they were begun
 */

/** More would not be read beside a call. */
const SAID_KEPT = 20;

/** Less talk of both has no share. */
const SHARE_FROM_MS = 10_000;

/** A display that fidgets draws the eye, so what is shown at rest changes no more often. */
const RESTS_MS = 1_000;

/** A monitor's first sound takes a second or two, and so does another device. */
const LOST_AFTER_MS = 2_000;

/** A nudge to keep listening is followed if they have had the floor for this long since. */
const ROOM_AFTER_MS = 30_000;

const ROOM_STAYS_MS = 8_000;

/** A share this far under the target's band (0.1 is ten points), after ten minutes and with some signs of listening. */
const LISTENED_UNDER = 0.1;
const LISTENED_FROM_MS = 600_000;
const LISTENED_SIGNS = 5;

const LISTENED_STAYS_MS = 20_000;

const EXPLAINED_STAYS_MS = 20_000;

/** Advice has its moment, and is back before that is over. */
export const DENIAL_STAYS_BESIDE_ADVICE_MS = 4_000;

/** A shorter silence is part of talking. */
export const SILENCE_FROM_MS = 3_000;

/** After these a nudge is no longer shown. */
const TAKES_NUDGE = ["nudge_withdrawn", "nudge_dismissed"];

/** @type {State} */
export const start = {
  link: "connecting",
  attempts: 0,
  epoch: 0,
  seq: null,
  promised: 0,
  missed: 0,
  snapshot: null,
  rest: null,
  nudge: null,
  desk: null,
  denied: null,
  draft: null,
  last: null,
  erased: null,
  explained: null,
  asking: false,
  pointed: false,
  saving: null,
  lost_since: { me: null, them: null },
  room: null,
  listened_ms: null,
  settings: null,
  setting: { open: false, sent: null, saved: null, refused: {} },
  said: [],
};

function without(map, key) {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}

/**
 * @param {State} state
 * @param {Hello | Snapshot | Event | Desk | Saving | Refused | LinkChange | Unsent | Draft | Ask | Explain | Point} message
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
    case "desk":
      return { ...state, desk: message };
    case "saving":
      return { ...state, saving: message.text ? message : null };
    case "settings":
      return { ...state, settings: message, setting: { ...state.setting, sent: null, saved: state.setting.sent } };
    case "settings_page":
      return { ...state, setting: { ...start.setting, open: message.open } };
    case "setting_sent":
      return { ...state, setting: { ...state.setting, sent: message.key, saved: null, refused: without(state.setting.refused, message.key) } };
    case "refused":
      // What is wrong with a setting is said at its field.
      if (message.setting) return { ...state, setting: { ...state.setting, sent: null, refused: { ...state.setting.refused, [message.setting]: message.why } } };
      return { ...state, denied: message, draft: message.command === "prepare" ? null : state.draft };
    case "unsent":
      return { ...state, denied: message, draft: null };
    case "draft":
      return { ...state, draft: message.agenda };
    case "explain":
      return { ...state, explained: message.explain && state.last ? { nudge_at_ms: state.last.at_ms, now_ms: state.snapshot.now_ms } : null };
    case "ask":
      return { ...state, asking: message.asking };
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
  if (hasEnded(state) && !state.desk?.after) return null;
  return state.seq === null ? { last_seq: 0, epoch: 0 } : { last_seq: state.seq, epoch: state.epoch };
}

export function hasEnded(state) {
  return state.snapshot?.state === "ended";
}

/** The nudge of which somebody asked why, for as long as that is read. */
export function explainedNudge({ explained, last, snapshot }) {
  const asked = explained !== null && last?.at_ms === explained.nudge_at_ms;
  return asked && snapshot.now_ms - explained.now_ms < EXPLAINED_STAYS_MS ? last : null;
}

/** Where the call stands; "none" before anything was heard of it. */
export function phaseOf(state) {
  return state.snapshot?.state ?? "none";
}

/**
 * Whether the figures have to wait: how much one believes to have talked is asked first,
 * and an answer after a glance at the figure would be none.
 */
export function isVeiled({ snapshot, desk, link }) {
  if (snapshot?.state !== "ended" || !desk) return false;
  // A program that went without asking will not ask any more.
  if (desk.after === null) return link !== "over";
  const { asked, perceived, skipped } = desk.after;
  return asked && perceived === null && !skipped;
}

/** Whether the call that is over says nothing of how it was, or is deleted: then no figure of it is shown. */
export function hasNoFigure({ snapshot, desk }) {
  return snapshot?.state === "ended" && (Boolean(desk?.after?.too_little) || desk?.after?.fate === "deleted");
}

/** Which sides are lost, for long enough that it is no hiccup and no device that is only just opened. */
export function lostSides({ lost_since, snapshot }) {
  const lost = ["me", "them"].filter((track) => lost_since[track] !== null && snapshot.now_ms - lost_since[track] >= LOST_AFTER_MS);
  return lost.length === 2 ? "both" : (lost[0] ?? null);
}

function lostSince(track, { lost_since }, { audio, now_ms, state }) {
  const { lost, lost_ms = 0 } = audio[track];
  if (!lost) return null;
  // Before the call no time passes, and what is lost is so at a stretch.
  if (state === "before") return now_ms - lost_ms;
  // Whoever comes to a call that has lost more than that already need not wait.
  return lost_since[track] ?? now_ms - Math.min(lost_ms, LOST_AFTER_MS);
}

/** Whether it is told now that a nudge was followed. */
export function roomWasLeft({ room, snapshot }) {
  return room !== null && room.room_at_ms !== null && snapshot.now_ms - room.room_at_ms < ROOM_STAYS_MS;
}

/** Whether it is told now that the manager hardly talks. */
export function isSilentListener({ listened_ms, snapshot }) {
  return listened_ms !== null && snapshot.now_ms - listened_ms < LISTENED_STAYS_MS;
}

/**
 * A nudge to keep listening was followed once the other side has had the floor for half a minute from then on. It is told
 * once a call: more praise would be a game.
 */
function withRoom({ room }, { nudge, floor, now_ms }) {
  if (room?.room_at_ms) return room;
  // My own word ends it, and so does a silence; while the nudge is shown it can begin anew.
  if (floor !== "them" || !(room || nudge?.kind === "share")) return null;
  const since_ms = room?.since_ms ?? now_ms;
  return { since_ms, room_at_ms: now_ms - since_ms >= ROOM_AFTER_MS ? now_ms : null };
}

/**
 * Whoever gives signs of listening and hardly says a word of their own is told so, once a call and when nobody talks: the
 * other side may wonder what they think.
 */
function withListened({ listened_ms }, { now_ms, share, band, floor, counts, state }) {
  if (listened_ms !== null || state !== "live" || floor !== "free" || now_ms < LISTENED_FROM_MS) return listened_ms;
  const little = typeof share.call === "number" && share.call < band.low - LISTENED_UNDER;
  return little && counts?.backchannels.me >= LISTENED_SIGNS ? now_ms : null;
}

/** The hello decides which log we are in, even when its epoch is lower than ours. */
function greeted(state, hello) {
  const here = hello.epoch === state.epoch ? state : turnedTo(state, hello.epoch);
  return { ...here, link: "resuming", attempts: 0, promised: hello.seq, denied: null };
}

function seen(state, message) {
  if (message.epoch < state.epoch) return state;
  const snapshot = withKnownShare(message);
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
  const rested = !here.rest || snapshot.arrived_ms - here.rest.arrived_ms >= RESTS_MS;
  if (snapshot.state !== here.rest?.state || (rested && looksOther(here.rest, snapshot))) next.rest = snapshot;
  if (snapshot.nudge) next.last = snapshot.nudge;
  next.lost_since = { me: lostSince("me", here, snapshot), them: lostSince("them", here, snapshot) };
  next.room = withRoom(here, snapshot);
  next.listened_ms = withListened(here, snapshot);
  // What gave way to a nudge does not come back when that is gone.
  const denied = here.denied && snapshot.arrived_ms - here.denied.arrived_ms < DENIAL_STAYS_BESIDE_ADVICE_MS;
  if (!denied && next.nudge) next.denied = null;
  if (snapshot.state === "ended") next.asking = false;
  if (here.draft && (snapshot.state !== "before" || agrees(here.draft, snapshot))) next.draft = null;
  return next;
}

/** The share of talk of which one side, or hardly anything, was heard says nothing: it would be 100 % after three seconds. */
function withKnownShare(snapshot) {
  const { talk_ms, share } = snapshot;
  const known = talk_ms.me > 0 && talk_ms.them > 0 && talk_ms.me + talk_ms.them >= SHARE_FROM_MS;
  return known ? snapshot : { ...snapshot, share: { ...share, call: null, recent: null } };
}

/** Whether anything that is shown at rest would change: a floor, a whole percent, a second of silence, a minute. */
function looksOther(shown, snapshot) {
  const looks = ({ floor, waiting, silence_ms, now_ms, share, band }) => [
    floor,
    waiting,
    waiting || silence_ms >= SILENCE_FROM_MS ? Math.floor(silence_ms / 1_000) : 0,
    Math.floor(now_ms / 60_000),
    ...[share.recent, share.call, band?.low, band?.high].map((part) => Math.round((part ?? -1) * 100)),
  ];
  const before = looks(shown);
  return looks(snapshot).some((look, i) => look !== before[i]);
}

function agrees(draft, { agenda = [] }) {
  return draft.length === agenda.length && agenda.every(({ text }, i) => text === draft[i]);
}

function heard(state, event) {
  if (event.epoch < state.epoch) return state;
  const here = event.epoch > state.epoch ? turnedTo(state, event.epoch) : state;
  if (here.seq !== null && event.seq <= here.seq) return here;
  const lacking = here.seq === null ? 0 : event.seq - here.seq - 1;
  const next = { ...here, seq: event.seq, missed: here.missed + lacking };
  if (event.kind === "nudge") {
    const { seq, at_ms, nudge: kind, tier_ms = null, text, why } = event;
    next.nudge = { kind, tier_ms, at_ms, text, why, seq };
    next.last = next.nudge;
  }
  if (TAKES_NUDGE.includes(event.kind) && (event.nudge ?? here.nudge?.kind) === here.nudge?.kind) {
    next.nudge = null;
    if (next.snapshot) next.snapshot = { ...next.snapshot, nudge: null };
  }
  if (event.kind === "off_record") {
    const { start_ms, end_ms, at_ms } = event;
    next.erased = { start_ms, end_ms, at_ms };
  }
  if (event.kind === "heard") {
    const said = here.said.filter((line) => !isReplaced(line, event));
    next.said = event.text ? withLine(said, event) : said;
  }
  return next;
}

/** What was decoded in the wrong language comes again in the right one, or without words. */
function isReplaced(line, { track, start_ms, end_ms }) {
  return line.track === track && line.start_ms >= start_ms && line.start_ms < end_ms;
}

/** Words come back when they are recognised, which is not always the order in which they were said. */
function withLine(said, { track, start_ms, text }) {
  const later = said.findIndex((line) => line.start_ms > start_ms);
  const place = later < 0 ? said.length : later;
  return [...said.slice(0, place), { track, start_ms, text }, ...said.slice(place)].slice(-SAID_KEPT);
}

/** In another log nothing of the old one means anything, and what was erased must not stay. */
function turnedTo(state, epoch) {
  return { ...state, epoch, seq: null, promised: 0, nudge: null, last: null, rest: null, said: [] };
}
