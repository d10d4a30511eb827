/**
 * Messages as the server sends them, for the tests: one demo call in which the
 * manager talks too much, is nudged, asks, and waits.
 */

const rest = {
  type: "snapshot",
  epoch: 1,
  seq: 12,
  now_ms: 64_300,
  state: "live",
  source: "demo",
  mode: "listening",
  demo_timing: true,
  speaking: { me: true, them: false },
  floor: "me",
  silence_ms: 0,
  waiting: false,
  share: { call: 0.47, recent: 0.42 },
  band: { low: 0.2, high: 0.3 },
  talk_ms: { me: 27_000, them: 30_400 },
  monologue_ms: 9_200,
  counts: { interruptions: { me: 0, them: 0 }, backchannels: { me: 3, them: 5 }, silences: 1 },
  nudge: null,
  audio: { me: { lost: false, lost_ms: 0 }, them: { lost: false, lost_ms: 0 } },
  echo: { detected: false, level_db: null },
  text: { state: "ready", waiting_ms: 0, coverage: 1 },
  summary: null,
  arrived_ms: 70_000,
};

export const hello = (seq = 12, epoch = 1) => ({ type: "hello", protocol: 1, epoch, seq });

export const snapshot = (changes = {}) => ({ ...rest, ...changes });

export const event = (seq, at_ms, kind, fields = {}) => ({ type: "event", epoch: 1, seq, at_ms, kind, ...fields });

export const text = { ja: "問いかけてみる？", en: "Ask, then wait" };

export const nudge = (at_ms) => ({ kind: "share", tier_ms: null, at_ms, text });

const quiet = { speaking: { me: false, them: false }, floor: "free" };
const theirs = { speaking: { me: false, them: true }, floor: "them" };
const lost = { lost: true, lost_ms: 2_400 };
const kept = { lost: false, lost_ms: 0 };

/** Every look the page has while it is connected, by name. */
export const looks = {
  start: { now_ms: 900, ...quiet, share: { call: null, recent: null } },
  rest: {},
  them: { ...theirs, share: { call: 0.31, recent: 0.26 }, demo_timing: false },
  nudge: { ...theirs, now_ms: 66_000, nudge: nudge(64_500) },
  silence: { ...quiet, silence_ms: 4_200 },
  wait: { ...quiet, silence_ms: 6_100, waiting: true },
  lost_me: { ...quiet, audio: { me: lost, them: kept } },
  lost_them: { audio: { me: kept, them: lost } },
  lost_both: { ...quiet, audio: { me: lost, them: lost } },
  choppy: { ...quiet, audio: { me: kept, them: kept, troubles: [{ trouble: "choppy", track: "them" }] } },
  noisy: { ...quiet, audio: { me: kept, them: kept, troubles: [{ trouble: "noisy", track: "me" }] } },
  same_sound: { audio: { me: kept, them: kept, troubles: [{ trouble: "same_sound", track: null }] } },
  ended: { ...quiet, state: "ended", now_ms: 121_000, summary: "/home/aki/calls/2025-03-04-demo.keicho/summary.html" },
};

/** A whole call of eight seconds: what a server would send, and when. */
export function* wholeCall() {
  let seq = 0;
  const events = [
    event(1, 0, "speech", { track: "me", start_ms: 0 }),
    event(2, 800, "floor", { floor: "me" }),
    event(3, 2_000, "backchannel", { by: "them", start_ms: 1_700, end_ms: 2_000 }),
    event(4, 3_000, "floor", { floor: "them" }),
    event(5, 3_100, "nudge", { nudge: "share", tier_ms: null, text, why: { recent: 0.62, call: 0.62, target: 0.3 } }),
    event(6, 4_600, "turn", { track: "them", start_ms: 3_000, end_ms: 4_600 }),
    event(7, 5_400, "interruption", { by: "me", outcome: "failed", overlap_ms: 310 }),
    event(8, 6_600, "silence", { start_ms: 5_600, end_ms: 6_600 }),
    event(9, 8_000, "call_ended"),
  ];
  for (let now_ms = 0; now_ms <= 8_000; now_ms += 100) {
    while (events.length && events[0].at_ms <= now_ms) {
      seq = events[0].seq;
      yield { at_ms: now_ms, message: events.shift() };
    }
    const share = now_ms < 500 ? null : 0.75 - now_ms / 20_000;
    const at = now_ms < 3_000 ? {} : theirs;
    const shown = seq >= 5 ? nudge(3_100) : null;
    const changes = { ...at, seq, now_ms, share: { call: share, recent: share }, nudge: shown };
    if (now_ms === 8_000) Object.assign(changes, { state: "ended", ...quiet, summary: looks.ended.summary });
    yield { at_ms: now_ms, message: snapshot(changes) };
  }
}
