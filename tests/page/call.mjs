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
  share: { call: 0.47, recent: 0.42, recent_ms: 300_000 },
  band: { low: 0.2, high: 0.3 },
  talk_ms: { me: 27_000, them: 30_400 },
  monologue_ms: 9_200,
  counts: { interruptions: { me: 1, them: 0 }, backchannels: { me: 3, them: 5 }, silences: 1 },
  nudge: null,
  audio: { me: { lost: false, lost_ms: 0 }, them: { lost: false, lost_ms: 0 }, troubles: [] },
  echo: { detected: false, level_db: null },
  text: { state: "ready", waiting_ms: 0, coverage: 1 },
  summary: null,
  levels: null,
  echo_check: null,
  muted: false,
  off_record: null,
  off_record_undo_ms: null,
  icebreaker_ms: 0,
  longest_turn_ms: 41_000,
  waits: { count: 3, median_ms: 2_400, last_ms: 4_100 },
  quiet: { snoozed_until_ms: null, muted_kinds: [] },
  nudges_stopped: null,
  agenda: [],
  notes: [],
  check_in: null,
  stuck: false,
  arrived_ms: 70_000,
};

const desk_at_rest = {
  type: "desk",
  settings: true,
  version: 1,
  with: null,
  mode: "listening",
  target: 0.3,
  modes: [
    { mode: "listening", target: 0.3 },
    { mode: "coaching", target: 0.3 },
    { mode: "feedback", target: 0.5 },
    { mode: "teaching", target: 0.6 },
  ],
  own_target: null,
  proposal: null,
  icebreaker_min: 0,
  meeting_min: null,
  lang: null,
  devices: null,
  model: null,
  off_record_min: { last: 2, next: 2 },
  people: [],
  hints: [],
  history: true,
  last_call: null,
  demo: true,
  tell: {
    ja: "この1on1では、私が話しすぎないようにKeichoという道具を使います。二人の声をこのパソコンの中だけで解析し、音声も言葉も残さず、どこにも送りません。",
    en: "I’m using Keicho in this 1on1 so that I talk less and listen more. It analyses both our voices on my computer only; no sound and no words are kept, and nothing is sent.",
  },
  keep: { words: false, days: 90 },
  after: null,
};

export const desk = (changes = {}) => ({ ...desk_at_rest, ...changes });

export const hello = (seq = 12, epoch = 1) => ({ type: "hello", protocol: 1, epoch, seq });

export const snapshot = (changes = {}) => ({ ...rest, ...changes, share: { ...rest.share, ...changes.share } });

export const event = (seq, at_ms, kind, fields = {}) => ({ type: "event", epoch: 1, seq, at_ms, kind, ...fields });

export const text = { ja: "問いかけてみる？", en: "Ask, then wait" };

export const nudge = (at_ms) => ({ kind: "share", tier_ms: null, at_ms, text });

const quiet = { speaking: { me: false, them: false }, floor: "free" };
const theirs = { speaking: { me: false, them: true }, floor: "them" };
const lost = { lost: true, lost_ms: 2_400 };
const kept = { lost: false, lost_ms: 0 };

const troubled = (...troubles) => ({ audio: { me: kept, them: kept, troubles } });
const text_of = (state) => ({ text: { state, waiting_ms: 24_000, coverage: 0.871 } });
export const items = [
  { id: 1, text: "前回の続き：チームの引き継ぎ", state: "done", offered: false },
  { id: 2, text: "面談の前に話しておきたいこと", state: "open", offered: false },
  { id: 3, text: "休暇の予定", state: "dropped", offered: false },
];
/** What was written down: what is left of the last call, a note, and what I do. */
export const notes = [
  { id: 1, text: "研修の申し込み", written_ms: 0, owner: "them", state: "open", carried: true },
  { id: 2, text: "来月から育休", written_ms: 61_000, owner: null, state: null, carried: false },
  { id: 3, text: "評価の資料を送る", written_ms: 64_000, owner: "me", state: "done", carried: false },
];
const offered = items.map((item) => (item.id === 2 ? { ...item, offered: true } : item));

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
  choppy: { ...quiet, ...troubled({ trouble: "choppy", track: "them" }) },
  noisy: { ...quiet, ...troubled({ trouble: "noisy", track: "me" }) },
  same_sound: troubled({ trouble: "same_sound", track: null }),
  call_over: { ...quiet, ...troubled({ trouble: "call_over", track: null }) },
  behind: text_of("behind"),
  paused: { ...quiet, state: "paused", nudges_stopped: "paused" },
  off_record: {
    ...quiet,
    state: "off_record",
    now_ms: 731_000,
    off_record: { from_ms: 612_000, until_ms: 852_000 },
    nudges_stopped: "off_record",
  },
  undo: { ...theirs, off_record_undo_ms: 4_200 },
  muted: { ...theirs, muted: true, nudges_stopped: "muted" },
  snoozed: { ...theirs, now_ms: 600_000, quiet: { snoozed_until_ms: 1_020_000, muted_kinds: ["pace"] } },
  icebreaker: { icebreaker_ms: 200_000, demo_timing: false },
  echo: { echo: { detected: true, level_db: -15 }, nudges_stopped: "echo" },
  far_end: { nudges_stopped: "far_end", demo_timing: false },
  lost_before: { nudges_stopped: "lost", demo_timing: false },
  stuck: { ...quiet, stuck: true, agenda: items },
  offered: { ...theirs, agenda: offered, notes, check_in: { score: 4, words: "昨日よく眠れたので、わりと元気です" } },
  ended: { ...quiet, state: "ended", now_ms: 121_000, summary: "/home/aki/calls/2025-03-04-demo.keicho/summary.html" },
};

/** People as a history of calls has them. */
export const people = [
  {
    name: "佐藤",
    last_at: "2026-11-03",
    days: 23,
    calls: 7,
    open_items: ["引き継ぎの資料を見直す", "研修の申し込み"],
    open_actions: [{ text: "評価の資料を送る", owner: "me" }],
    card: {
      points: ["conclusion_first", "time_to_think", "written_after"],
      note: "水曜の午後は避けたい、とのこと。",
      stated_on: "2026-11-01",
    },
  },
  { name: "Maria Lindqvist", last_at: "2026-11-25", days: 1, calls: 3, open_items: [], card: null },
  { name: "田中", last_at: "2026-11-26", days: 0, calls: 1, open_items: [], card: null },
  { name: "Núria", last_at: null, days: null, calls: 0, open_items: [], card: null },
];

export const hints = [
  {
    text: { ja: "問いのあとは、5秒待ってみます。", en: "After a question, wait five seconds." },
    because: {
      ja: "前回は、問いのあとの間を2回自分から破りました。",
      en: "Last time you broke the silence after your own question twice.",
    },
  },
  {
    text: { ja: "はじめの5分は、相手から話してもらいます。", en: "Let them have the first five minutes." },
    because: {
      ja: "前回は、はじめの5分の7割を自分が話しました。",
      en: "Last time you had 70 % of the first five minutes.",
    },
  },
];

const level = (dbfs, heard) => ({ dbfs, heard });
const unbegun = {
  state: "before",
  ...quiet,
  now_ms: 4_000,
  demo_timing: false,
  source: "live",
  share: { call: null, recent: null },
};

const device = (name, id = name, usual = false) => ({ id, name, default: usual });

/** What a laptop with a headset has. */
export const devices = {
  me: { chosen: null, heard: "Built-in Audio Analogue Stereo", available: [device("Built-in Audio Analogue Stereo", "mic", true), device("Jabra Evolve 65", "jabra")], server_silent: false },
  them: { chosen: "speakers", heard: "Built-in Audio Analogue Stereo", available: [device("Built-in Audio Analogue Stereo", "speakers"), device("Jabra Evolve 65", "jabra.monitor", true), device("Zoom", "app:Zoom")], server_silent: false },
};

const usual = (name, about, form, value, more = {}) => ({ name, heading: null, about, form, unit: null, range: null, enter: { ja: "入れてください。", en: "Enter one." }, value, default: value, ...more });

/** A setting of every form, with the longest words of the program. */
export const settings = {
  type: "settings",
  problem: null,
  sections: [
    {
      name: "targets",
      about: { ja: "目標", en: "Targets" },
      settings: [
        usual("listening", { ja: "目的が傾聴のとき、自分が話すのはここまでです。", en: "When the purpose is listening, at most this much of the talking is yours." }, "share", 0.35, { range: [0.1, 0.9], default: 0.3, enter: { ja: "10〜90%で入れてください。", en: "Enter a value from 10% to 90%." } }),
      ],
    },
    {
      name: "kinds",
      about: { ja: "出すひとこと", en: "Nudges that appear" },
      settings: [usual("fillers", { ja: "短い間にフィラーが続いたときに出します。", en: "You say many fillers in a short time." }, "flag", false)],
    },
    {
      name: "nudges",
      about: { ja: "ひとことの時期と回数", en: "When and how often nudges appear" },
      settings: [
        usual("apart_s", { ja: "この時間に出すひとことは一つまでです。音の不調は待ちません。", en: "At most one nudge appears in this time; trouble with the sound does not wait." }, "whole", 90, { heading: { ja: "すべてのひとこと", en: "All nudges" }, unit: "seconds", range: [20, 3600], enter: { ja: "20〜3600の整数を入れてください。", en: "Enter a whole number from 20 to 3600." } }),
        usual("monologue_s", { ja: "長い話は、この三つの長さで知らせます。", en: "You are told of a long turn at these three lengths." }, "wholes", [60, 90, 150], { heading: { ja: "長い話", en: "Long turns" }, unit: "seconds", range: [10, 3600] }),
      ],
    },
    {
      name: "notes",
      about: { ja: "自分のメモ", en: "Your own notes" },
      settings: [usual("folder", { ja: "通話ごとに、数字・話題・メモ・チェックインを、このフォルダーの相手ごとのファイルに書き足します。ここからは何も消えません。", en: "Each call adds its figures, agenda, notes and check-in to a file for that person in this folder, where nothing is deleted." }, "path", "")],
    },
    {
      name: "agent",
      about: { ja: "通話に気づく", en: "Noticing a call" },
      settings: [usual("applications", { ja: "名前にこの言葉のどれかがあるアプリを、通話のアプリとみなします。", en: "An application is one for calls if its name holds one of these words." }, "words", ["zoom", "teams", "microsoft edge"])],
    },
  ],
};

/** Before the call: the snapshot's changes, and the desk's. */
export const before = {
  first: [{ ...unbegun, levels: { me: level(-58, false), them: level(null, false) }, echo_check: "waiting" }, {}],
  known: [
    {
      ...unbegun,
      levels: { me: level(-24, true), them: level(-31, true) },
      echo_check: "none",
      agenda: items.slice(0, 2).map((item) => ({ ...item, state: "open" })),
    },
    {
      with: "佐藤",
      people,
      hints,
      own_target: 0.5,
      proposal: { target: 0.55, baseline: 0.63, calls: 5 },
      icebreaker_min: 5,
      meeting_min: 30,
      lang: "ja",
      devices,
      model: { state: "missing", bytes: 147_951_465 },
    },
  ],
  leaks: [
    { ...unbegun, levels: { me: level(-20, true), them: level(-22, true) }, echo_check: "leaks" },
    { with: "Maria Lindqvist", people, mode: "feedback", target: 0.5 },
  ],
};

const over = {
  asked: true,
  perceived: null,
  skipped: false,
  share: null,
  summary: looks.ended.summary,
  too_little: null,
  length_ms: 121_000,
  fate: "kept",
};

/** After it: what the desk has of it. */
export const after = {
  asked: over,
  answered: { ...over, perceived: 0.4, share: 0.58 },
  skipped: { ...over, skipped: true, share: 0.58 },
  silent: { ...over, asked: false, too_little: "nothing_heard", length_ms: 6_000, fate: "undecided" },
  short: { ...over, asked: false, too_little: "short", length_ms: 47_000, fate: "undecided" },
  deleted: { ...over, skipped: true, share: 0.58, fate: "deleted" },
};

/** Somebody's name or words that try to be more than that. */
export const hostile = [
  "<script>document.title='x'</script><img src=x onerror=alert(1)>",
  "abc\u202etxt.exe\u2066\u2069\u200f!",
  "👩‍👩‍👧‍👦🏳️‍🌈🇯🇵 e\u0301",
  "ながい".repeat(66) + "名前",
  "x".repeat(200),
];

/** A whole call of eight seconds: what a server would send, and when. */
export function* wholeCall() {
  let seq = 0;
  const events = [
    event(1, 0, "speech", { track: "me", start_ms: 0 }),
    event(2, 800, "floor", { holder: "me", since_ms: 0 }),
    event(3, 2_000, "backchannel", { by: "them", start_ms: 1_700, end_ms: 2_000 }),
    event(4, 3_000, "floor", { holder: "them", since_ms: 3_000 }),
    event(5, 3_100, "nudge", { nudge: "share", tier_ms: null, text, why: { recent_share: 0.62, call_share: 0.62, target: 0.3 } }),
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
