//! The state of a call as a message. Every field is in every snapshot.

use serde::Serialize;

use crate::agenda::{Item, ItemId, ItemState};
use crate::asr::TranscriberStatus;
use crate::audio::{PerTrack, Track};
use crate::dynamics::shape::Shape;
use crate::dynamics::waits::WaitStats;
use crate::i18n::Bilingual;
use crate::nudges::{Mode, Nudge, NudgeKind, StopReason};
use crate::prepare::{EchoCheck, SoundCheckStatus, TrackLevel};
use crate::session::{MuteReason, Snapshot, TranscriberSnapshot};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::Onset;
use crate::wire::event::{ReasonMessage, monologue_tier};
use crate::wire::rounding::{rounded, tenths};
use crate::wire::{
    CallSettings, CheckInMessage, LeakMessage, NoteMessage, TroubleMessage, encode, floor_name, per_minute,
};

/// A snapshot as a message. `seq` is the number of the newest event in the log of `epoch`; `summary` is the path of the
/// summary's page, once there is one.
pub fn encode_snapshot(frame: &CallSettings, epoch: u64, seq: u64, summary: Option<&str>, call: &Snapshot) -> String {
    encode(&SnapshotMessage { seq, summary, ..SnapshotMessage::new(frame, epoch, call) })
}

/// The state before a call, as a snapshot of one in which nothing has happened yet, with the agenda as it is planned
/// and what the sound check hears: what is lost is so now, for so long at a stretch.
pub fn encode_preparation(
    frame: &CallSettings,
    epoch: u64,
    agenda: &[String],
    blank: &Snapshot,
    standing: &SoundCheckStatus,
) -> String {
    let planned = |(text, id)| ItemMessage { id, text, state: ItemState::Open, offered: false };
    let loss =
        standing.level.map(|TrackLevel { lost, .. }| LossMessage { lost: lost > Samples::ZERO, lost_ms: lost.as_ms() });
    encode(&SnapshotMessage {
        state: "before",
        agenda: agenda.iter().map(String::as_str).zip(1..).map(planned).collect(),
        audio: AudioMessage { tracks: loss, troubles: Vec::new() },
        levels: Some(standing.level.map(LevelMessage::from)),
        echo_check: Some(standing.echo),
        ..SnapshotMessage::new(frame, epoch, blank)
    })
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "snapshot")]
struct SnapshotMessage<'a> {
    epoch: u64,
    seq: u64,
    now_ms: u64,
    state: &'static str,
    source: &'static str,
    mode: Mode,
    demo_timing: bool,
    speaking: PerTrack<bool>,
    floor: &'static str,
    silence_ms: u64,
    waiting: bool,
    share: ShareMessage,
    band: BandMessage,
    talk_ms: PerTrack<u64>,
    monologue_ms: u64,
    longest_turn_ms: u64,
    waits: WaitsMessage,
    onset: Option<OnsetMessage>,
    counts: CountsMessage,
    pace: PerTrack<Option<f64>>,
    patience_ms: Option<u64>,
    switches_per_min: Option<f64>,
    shape: Option<Shape>,
    nudge: Option<NudgeMessage>,
    muted: bool,
    /// Who says so; null if nobody does.
    muted_by: Option<MuteReason>,
    off_record: Option<OffRecordMessage>,
    /// How long off the record can be taken back; null if it was not asked for, or is final.
    off_record_undo_ms: Option<u64>,
    icebreaker_ms: u64,
    quiet: QuietMessage<'a>,
    nudges_stopped: Option<StopReason>,
    agenda: Vec<ItemMessage<'a>>,
    notes: Vec<NoteMessage<'a>>,
    check_in: Option<CheckInMessage<'a>>,
    stuck: bool,
    audio: AudioMessage,
    echo: LeakMessage,
    text: TextMessage,
    summary: Option<&'a str>,
    levels: Option<PerTrack<LevelMessage>>,
    echo_check: Option<EchoCheck>,
}

/// How far the band in which a share is good reaches under the target (0.1 is ten points): in a listening call the
/// other side then talks 70 to 80 % of the time.
const BAND: f64 = 0.10;

impl<'a> SnapshotMessage<'a> {
    fn new(frame: &CallSettings, epoch: u64, call: &'a Snapshot) -> Self {
        Self {
            epoch,
            seq: 0,
            now_ms: call.now.as_ms(),
            state: call.phase.name(),
            source: frame.origin.name(),
            mode: frame.mode,
            demo_timing: frame.demo_timing,
            speaking: call.speaking,
            floor: floor_name(call.floor),
            silence_ms: if frame.origin.has_ends() { call.silence.as_ms() } else { 0 },
            waiting: call.good_wait && frame.origin.has_ends(),
            share: ShareMessage {
                call: call.call_share.map(rounded),
                recent: call.recent_share.map(rounded),
                recent_ms: call.recent.as_ms(),
            },
            band: BandMessage { low: rounded(frame.target - BAND), high: rounded(frame.target) },
            talk_ms: call.talk.map(Samples::as_ms),
            monologue_ms: call.monologue.as_ms(),
            longest_turn_ms: call.longest_turn.as_ms(),
            waits: call.tally.waits.me.filter(|_| frame.origin.has_ends()).into(),
            onset: call.onset.filter(|_| frame.origin.has_ends()).map(OnsetMessage::from),
            counts: CountsMessage::new(call, frame.origin.has_ends()),
            pace: call.tally.pace.map(|pace| pace.filter(|_| frame.origin.has_ends()).map(rounded)),
            patience_ms: call.patience.filter(|_| frame.origin.has_ends()).map(|patience| patience.median.as_ms()),
            switches_per_min: per_minute(
                call.counts.switches,
                (call.now - SampleTime::ZERO).saturating_sub(call.not_heard),
            ),
            shape: call.shape,
            nudge: call
                .nudge
                .as_ref()
                .filter(|nudge| frame.origin.has_ends() || !nudge.kind().needs_ends())
                .map(NudgeMessage::from),
            muted: call.muted,
            muted_by: call.muted_by,
            off_record: call.off_record.map(OffRecordMessage::from),
            off_record_undo_ms: call.off_record_undo.map(Samples::as_ms),
            icebreaker_ms: call.icebreaker.as_ms(),
            quiet: QuietMessage {
                snoozed_until_ms: call.nudge_preferences.snoozed_until.map(SampleTime::as_ms),
                muted_kinds: &call.nudge_preferences.muted_kinds,
            },
            nudges_stopped: call.stopped,
            agenda: call.agenda.iter().map(ItemMessage::from).collect(),
            notes: call.notes.iter().map(NoteMessage::from).collect(),
            check_in: call.check_in.as_ref().map(CheckInMessage::from),
            stuck: call.stuck,
            audio: AudioMessage {
                tracks: PerTrack::from_fn(|track| LossMessage {
                    lost: call.losing_since[track].is_some(),
                    lost_ms: call.lost[track].as_ms(),
                }),
                troubles: call.troubles.iter().map(|what| TroubleMessage::from(*what)).collect(),
            },
            echo: (&call.leak).into(),
            text: (&call.transcriber).into(),
            summary: None,
            levels: None,
            echo_check: None,
        }
    }
}

#[derive(Serialize)]
struct ShareMessage {
    call: Option<f64>,
    recent: Option<f64>,
    recent_ms: u64,
}

#[derive(Serialize)]
struct BandMessage {
    low: f64,
    high: f64,
}

#[derive(Serialize)]
struct WaitsMessage {
    count: usize,
    median_ms: Option<u64>,
    last_ms: Option<u64>,
}

impl From<Option<WaitStats>> for WaitsMessage {
    fn from(of: Option<WaitStats>) -> Self {
        Self {
            count: of.map_or(0, |waits| waits.count),
            median_ms: of.map(|waits| waits.median.as_ms()),
            last_ms: of.map(|waits| waits.last.as_ms()),
        }
    }
}

#[derive(Serialize)]
struct OnsetMessage {
    by: Track,
    at_ms: u64,
}

impl From<Onset> for OnsetMessage {
    fn from(onset: Onset) -> Self {
        Self { by: onset.by, at_ms: onset.at.as_ms() }
    }
}

/// How often each thing happened. What needs the ends of speech is null if they are guessed.
#[derive(Serialize)]
struct CountsMessage {
    interruptions: Option<PerTrack<u32>>,
    successful: Option<PerTrack<u32>>,
    terminal_overlaps: Option<PerTrack<u32>>,
    long_overlaps: Option<u32>,
    backchannels: Option<PerTrack<u32>>,
    silences: Option<u32>,
    /// Null until text came.
    filled_pauses: PerTrack<Option<u32>>,
    repetitions: PerTrack<u32>,
    pauses: Option<PerTrack<u32>>,
    questions: PerTrack<u32>,
    progress: PerTrack<u32>,
    regrabs: Option<PerTrack<u32>>,
}

impl CountsMessage {
    fn new(call: &Snapshot, has_ends: bool) -> Self {
        let (counts, tally) = (&call.counts, &call.tally);
        let with_text = call.transcriber.coverage.is_some_and(|part| part > 0.0);
        Self {
            interruptions: has_ends.then(|| counts.interruptions()),
            successful: has_ends.then_some(counts.successful),
            terminal_overlaps: has_ends.then_some(counts.terminal_overlaps),
            long_overlaps: has_ends.then_some(counts.long_overlaps),
            backchannels: has_ends.then_some(counts.backchannels),
            silences: has_ends.then_some(counts.silences),
            filled_pauses: tally.filled_pauses.map(|count| with_text.then_some(count)),
            repetitions: tally.repetitions,
            pauses: has_ends.then_some(tally.pauses),
            questions: tally.questions,
            progress: tally.progress_questions,
            regrabs: has_ends.then_some(tally.regrabs),
        }
    }
}

#[derive(Serialize)]
struct NudgeMessage {
    kind: NudgeKind,
    tier_ms: Option<u64>,
    at_ms: u64,
    text: Bilingual,
    why: ReasonMessage,
}

impl From<&Nudge> for NudgeMessage {
    fn from(nudge: &Nudge) -> Self {
        Self {
            kind: nudge.kind(),
            tier_ms: monologue_tier(nudge).map(Samples::as_ms),
            at_ms: nudge.at.as_ms(),
            text: nudge.kind().text(),
            why: nudge.why.into(),
        }
    }
}

#[derive(Serialize)]
struct OffRecordMessage {
    from_ms: u64,
    until_ms: u64,
}

impl From<Span> for OffRecordMessage {
    fn from(span: Span) -> Self {
        Self { from_ms: span.start.as_ms(), until_ms: span.end.as_ms() }
    }
}

#[derive(Serialize)]
struct QuietMessage<'a> {
    snoozed_until_ms: Option<u64>,
    muted_kinds: &'a [NudgeKind],
}

#[derive(Serialize)]
struct ItemMessage<'a> {
    id: ItemId,
    text: &'a str,
    state: ItemState,
    offered: bool,
}

impl<'a> From<&'a Item> for ItemMessage<'a> {
    fn from(item: &'a Item) -> Self {
        Self { id: item.id, text: &item.text, state: item.state, offered: item.offered }
    }
}

#[derive(Serialize)]
struct AudioMessage {
    #[serde(flatten)]
    tracks: PerTrack<LossMessage>,
    troubles: Vec<TroubleMessage>,
}

#[derive(Serialize)]
struct LossMessage {
    lost: bool,
    lost_ms: u64,
}

/// The recogniser is behind if this much sound waits for it: an idle machine never lets as much wait.
const BEHIND_AFTER: Samples = Samples::from_secs(20);

#[derive(Serialize)]
pub(super) struct TextMessage {
    pub(super) state: &'static str,
    waiting_ms: u64,
    coverage: Option<f64>,
}

impl From<&TranscriberSnapshot> for TextMessage {
    fn from(text: &TranscriberSnapshot) -> Self {
        let state = match text.status {
            TranscriberStatus::Off => "off",
            TranscriberStatus::Loading => "loading",
            TranscriberStatus::Ready if text.backlog > BEHIND_AFTER => "behind",
            TranscriberStatus::Ready => "ready",
            TranscriberStatus::Broken(_) => "broken",
        };
        Self { state, waiting_ms: text.backlog.as_ms(), coverage: text.coverage.map(rounded) }
    }
}

#[derive(Serialize)]
struct LevelMessage {
    dbfs: f64,
    heard: bool,
}

impl From<TrackLevel> for LevelMessage {
    fn from(level: TrackLevel) -> Self {
        Self { dbfs: tenths(level.dbfs), heard: level.heard }
    }
}
