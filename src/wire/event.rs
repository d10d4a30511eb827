//! Events as JSON: a kind, and what an event of it holds. Names ending in `_ms` are milliseconds, from the start of the
//! call if they say when.

use serde::Serialize;
use strum::IntoStaticStr;

use crate::agenda::{ItemId, ItemState};
use crate::asr::{Heard, Missed};
use crate::audio::Track;
use crate::dynamics::utterances;
use crate::health::{HealthEvent, Trouble};
use crate::i18n::Bilingual;
use crate::language::{Language, QuestionKind};
use crate::nudges::{ActionableTrouble, CutIn, Fillers, Mode, Nudge, NudgeKind, NudgeReason, Regrabs};
use crate::session::{Event, HeldVowel, LookAnswer};
use crate::source::Notice;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Outcome, TurnEvent};
use crate::wire::rounding::{rounded, tenths};
use crate::wire::{CheckInMessage, LatencyMessage, LeakMessage, NoteMessage, TroubleMessage, floor_name};

/// An event as a line of `events.jsonl`.
#[derive(Serialize)]
pub(super) struct EventRecord<'a> {
    seq: u64,
    at_ms: u64,
    kind: &'static str,
    #[serde(flatten)]
    fields: EventFields<'a>,
}

impl<'a> EventRecord<'a> {
    pub(super) fn new(seq: u64, at: SampleTime, event: &'a Event) -> Self {
        let fields = EventFields::from(event);
        Self { seq, at_ms: at.as_ms(), kind: fields.kind(), fields }
    }
}

/// An event as a message of the web socket.
#[derive(Serialize)]
pub(super) struct EventMessage<'a> {
    #[serde(flatten)]
    pub(super) record: EventRecord<'a>,
    #[serde(rename = "type")]
    pub(super) message: &'static str,
    pub(super) epoch: u64,
}

/// What an event holds besides its kind. A variant's name is the kind. Variants without fields have braces, because
/// they are written as an empty object.
#[derive(Serialize, IntoStaticStr)]
#[serde(untagged)]
#[strum(serialize_all = "snake_case")]
pub(super) enum EventFields<'a> {
    SpeechStarted {
        track: Track,
        start_ms: u64,
    },
    Speech(TrackSpanFields),
    Floor {
        holder: &'static str,
        since_ms: u64,
    },
    FloorSpan(TrackSpanFields),
    Backchannel {
        by: Track,
        #[serde(flatten)]
        span: SpanFields,
    },
    Turn(TrackSpanFields),
    Interruption {
        by: Track,
        start_ms: u64,
        overlap_ms: u64,
        outcome: Outcome,
    },
    TerminalOverlap {
        by: Track,
        start_ms: u64,
        overlap_ms: u64,
    },
    LongOverlap(SpanFields),
    Silence {
        after: Track,
        broken_by: Track,
        #[serde(flatten)]
        span: SpanFields,
    },
    Monologue(TrackSpanFields),
    Withdrawn {
        what: &'static str,
        was: Box<EventFields<'a>>,
    },
    Nudge {
        nudge: NudgeKind,
        tier_ms: Option<u64>,
        text: Bilingual,
        why: ReasonMessage,
    },
    NudgeWithdrawn {
        nudge: NudgeKind,
    },
    Heard {
        track: Track,
        speech_ms: u64,
        #[serde(flatten)]
        span: SpanFields,
        #[serde(flatten)]
        understood: Option<Understood<'a>>,
    },
    NotRecognized {
        track: Track,
        speech_ms: u64,
        #[serde(flatten)]
        span: SpanFields,
        why: Missed,
    },
    OthersSpeech {
        track: Track,
        spans: Vec<SpanFields>,
    },
    FilledPause {
        track: Track,
        f0_hz: f64,
        f0_spread_semitones: f64,
        change_db: f64,
        #[serde(flatten)]
        span: SpanFields,
    },
    Echo(LeakMessage),
    Latency(LatencyMessage),
    Lost(TrackSpanFields),
    TroubleBegan {
        #[serde(flatten)]
        trouble: TroubleMessage,
        start_ms: u64,
    },
    TroubleEnded {
        #[serde(flatten)]
        trouble: TroubleMessage,
        #[serde(flatten)]
        span: SpanFields,
    },
    Notice(NoticeFields<'a>),
    Paused {},
    Resumed {},
    Muted {},
    Unmuted {},
    OffRecord(SpanFields),
    Aim {
        mode: Mode,
        target: f64,
        mode_before: Mode,
        target_before: f64,
    },
    NudgeDismissed {
        nudge: NudgeKind,
    },
    NudgesMuted {
        nudge: NudgeKind,
    },
    NudgesUnmuted {
        nudge: NudgeKind,
    },
    Snoozed {
        until_ms: u64,
    },
    Agenda {
        id: ItemId,
        text: &'a str,
        state: ItemState,
    },
    Note(NoteMessage<'a>),
    CheckIn(CheckInMessage<'a>),
    Stuck {},
    LookTogether {
        answer: LookAnswer,
    },
    CallEnded {
        echo: LeakMessage,
    },
}

impl EventFields<'_> {
    /// The name of the kind.
    pub(super) fn kind(&self) -> &'static str {
        self.into()
    }
}

/// Where a span of the call begins and ends, in milliseconds from the start of the call.
#[derive(Serialize)]
pub(super) struct SpanFields {
    start_ms: u64,
    end_ms: u64,
}

impl From<Span> for SpanFields {
    fn from(span: Span) -> Self {
        Self { start_ms: span.start.as_ms(), end_ms: span.end.as_ms() }
    }
}

/// The same for a span of one track.
#[derive(Serialize)]
pub(super) struct TrackSpanFields {
    track: Track,
    #[serde(flatten)]
    span: SpanFields,
}

impl TrackSpanFields {
    fn new(track: Track, span: Span) -> Self {
        Self { track, span: span.into() }
    }
}

/// What was understood of an utterance.
#[derive(Serialize)]
pub(super) struct Understood<'a> {
    language: Language,
    backchannel: bool,
    words: Option<u32>,
    morae: Option<u32>,
    fillers: Vec<FillerFields>,
    questions: Vec<QuestionFields>,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
}

#[derive(Serialize)]
struct FillerFields {
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(flatten)]
    span: SpanFields,
}

#[derive(Serialize)]
struct QuestionFields {
    at_ms: u64,
    kind: QuestionKind,
    ends: bool,
}

#[derive(Serialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub(super) enum NoticeFields<'a> {
    CutShort { path: String, end_ms: u64 },
    SameChannels { path: String },
    GuessedEnds,
    DeviceGone { track: Track, device: &'a str },
    DeviceBack { track: Track, device: &'a str },
}

/// The figures that fired a nudge.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum ReasonMessage {
    Share { recent_share: f64, call_share: f64, target: f64 },
    Monologue { tier_ms: u64, length_ms: u64 },
    CutIn { start_ms: u64, overlap_ms: u64 },
    Listening { talk_ms: u64 },
    Regrab { count: u32, wait_ms: u64 },
    ClosedRun { count: u32 },
    Pace { pace: f64 },
    Fillers { count: u32, talk_ms: u64 },
    Audio(TroubleMessage),
}

impl<'a> From<&'a Event> for EventFields<'a> {
    fn from(event: &'a Event) -> Self {
        match event {
            Event::Turn(turn) => turn.into(),
            Event::Withdrawn(turn) => {
                let was = Self::from(turn);
                Self::Withdrawn { what: was.kind(), was: Box::new(was) }
            }
            Event::Nudge(nudge) => Self::Nudge {
                nudge: nudge.kind(),
                tier_ms: monologue_tier(nudge).map(Samples::as_ms),
                text: nudge.kind().text(),
                why: nudge.why.into(),
            },
            Event::NudgeWithdrawn(kind) => Self::NudgeWithdrawn { nudge: *kind },
            Event::Heard(heard) => heard.into(),
            Event::OthersSpeech { track, spans } => {
                Self::OthersSpeech { track: *track, spans: spans.iter().map(|span| (*span).into()).collect() }
            }
            Event::FilledPause { track, pause: HeldVowel { span, f0_hz, f0_spread, change } } => Self::FilledPause {
                track: *track,
                f0_hz: tenths(*f0_hz),
                f0_spread_semitones: tenths(*f0_spread),
                change_db: tenths(*change),
                span: (*span).into(),
            },
            Event::Leak(leak) => Self::Echo(leak.into()),
            Event::Lost { track, span } => Self::Lost(TrackSpanFields::new(*track, *span)),
            Event::Health(HealthEvent::Began { trouble, at }) => {
                Self::TroubleBegan { trouble: (*trouble).into(), start_ms: at.as_ms() }
            }
            Event::Health(HealthEvent::Ended { trouble, span }) => {
                Self::TroubleEnded { trouble: (*trouble).into(), span: (*span).into() }
            }
            Event::Notice(notice) => Self::Notice(notice.into()),
            Event::Paused => Self::Paused {},
            Event::Resumed => Self::Resumed {},
            Event::Muted => Self::Muted {},
            Event::Unmuted => Self::Unmuted {},
            Event::OffRecord { span } => Self::OffRecord((*span).into()),
            Event::Aim { from, to } => Self::Aim {
                mode: to.mode,
                target: rounded(to.target),
                mode_before: from.mode,
                target_before: rounded(from.target),
            },
            Event::NudgeDismissed(kind) => Self::NudgeDismissed { nudge: *kind },
            Event::KindMuted(kind) => Self::NudgesMuted { nudge: *kind },
            Event::KindUnmuted(kind) => Self::NudgesUnmuted { nudge: *kind },
            Event::Snoozed { until } => Self::Snoozed { until_ms: until.as_ms() },
            Event::Agenda { id, text, state } => Self::Agenda { id: *id, text, state: *state },
            Event::Note(note) => Self::Note(note.into()),
            Event::CheckIn(given) => Self::CheckIn(given.into()),
            Event::Stuck => Self::Stuck {},
            Event::LookTogether(answer) => Self::LookTogether { answer: *answer },
            Event::Latency(latency) => Self::Latency(latency.into()),
            Event::Ended { leak, .. } => Self::CallEnded { echo: leak.into() },
        }
    }
}

impl From<&TurnEvent> for EventFields<'_> {
    fn from(event: &TurnEvent) -> Self {
        match *event {
            TurnEvent::RunStarted { track, at } => Self::SpeechStarted { track, start_ms: at.as_ms() },
            TurnEvent::Run { track, span } => Self::Speech(TrackSpanFields::new(track, span)),
            TurnEvent::Floor { holder, at } => Self::Floor { holder: floor_name(holder), since_ms: at.as_ms() },
            TurnEvent::FloorSpan { track, span } => Self::FloorSpan(TrackSpanFields::new(track, span)),
            TurnEvent::Backchannel { by, span } => Self::Backchannel { by, span: span.into() },
            TurnEvent::Turn { track, span } => Self::Turn(TrackSpanFields::new(track, span)),
            TurnEvent::Interruption { by, at, overlap, outcome } => {
                Self::Interruption { by, start_ms: at.as_ms(), overlap_ms: overlap.as_ms(), outcome }
            }
            TurnEvent::TerminalOverlap { by, at, overlap } => {
                Self::TerminalOverlap { by, start_ms: at.as_ms(), overlap_ms: overlap.as_ms() }
            }
            TurnEvent::LongOverlap { span } => Self::LongOverlap(span.into()),
            TurnEvent::Silence { span, after, broken_by } => Self::Silence { after, broken_by, span: span.into() },
            TurnEvent::Monologue { track, span } => Self::Monologue(TrackSpanFields::new(track, span)),
        }
    }
}

impl<'a> From<&'a Heard> for EventFields<'a> {
    fn from(heard: &'a Heard) -> Self {
        let (track, speech_ms, span) = (heard.track, heard.speech().as_ms(), heard.span().into());
        let transcription = match &heard.transcription {
            Ok(transcription) => transcription.as_ref(),
            Err(why) => return Self::NotRecognized { track, speech_ms, span, why: *why },
        };
        let understood = transcription.map(|transcription| Understood {
            language: transcription.language,
            backchannel: transcription.reading.backchannel,
            words: transcription.reading.words,
            morae: transcription.reading.morae,
            fillers: utterances::filled_pauses(heard).into_iter().map(FillerFields::from).collect(),
            questions: utterances::questions(heard).into_iter().map(QuestionFields::from).collect(),
            text: &transcription.text,
        });
        Self::Heard { track, speech_ms, span, understood }
    }
}

impl From<utterances::TextFilledPause> for FillerFields {
    fn from(filler: utterances::TextFilledPause) -> Self {
        Self { text: filler.text, span: filler.span.into() }
    }
}

impl From<utterances::AskedQuestion> for QuestionFields {
    fn from(question: utterances::AskedQuestion) -> Self {
        Self { at_ms: question.at.as_ms(), kind: question.kind, ends: question.ends_utterance }
    }
}

impl<'a> From<&'a Notice> for NoticeFields<'a> {
    fn from(notice: &'a Notice) -> Self {
        match notice {
            Notice::CutShort { path, at } => Self::CutShort { path: path.display().to_string(), end_ms: at.as_ms() },
            Notice::SameChannels { path } => Self::SameChannels { path: path.display().to_string() },
            Notice::GuessedEnds => Self::GuessedEnds,
            Notice::DeviceGone { track, device } => Self::DeviceGone { track: *track, device },
            Notice::DeviceBack { track, device } => Self::DeviceBack { track: *track, device },
        }
    }
}

impl From<NudgeReason> for ReasonMessage {
    fn from(why: NudgeReason) -> Self {
        match why {
            NudgeReason::Share { recent, call, target } => {
                Self::Share { recent_share: rounded(recent), call_share: rounded(call), target: rounded(target) }
            }
            NudgeReason::Monologue { tier, length } => {
                Self::Monologue { tier_ms: tier.as_ms(), length_ms: length.as_ms() }
            }
            NudgeReason::CutIn(CutIn { at, overlap }) => {
                Self::CutIn { start_ms: at.as_ms(), overlap_ms: overlap.as_ms() }
            }
            NudgeReason::Listening { talk } => Self::Listening { talk_ms: talk.as_ms() },
            NudgeReason::Regrab(Regrabs { count, wait }) => Self::Regrab { count, wait_ms: wait.as_ms() },
            NudgeReason::ClosedRun { count } => Self::ClosedRun { count },
            NudgeReason::Pace { relative } => Self::Pace { pace: rounded(relative) },
            NudgeReason::Fillers(Fillers { count, talk }) => Self::Fillers { count, talk_ms: talk.as_ms() },
            NudgeReason::Audio(sound) => Self::Audio(sound.into()),
        }
    }
}

/// A trouble is named alike in a nudge and in the events of the sound, if it has an event there.
impl From<ActionableTrouble> for TroubleMessage {
    fn from(sound: ActionableTrouble) -> Self {
        match sound {
            ActionableTrouble::Choppy => Trouble::Choppy.into(),
            ActionableTrouble::Clipping(track) => Trouble::Clipping(track).into(),
            ActionableTrouble::Dead(track) => Trouble::Dead(track).into(),
            ActionableTrouble::Same => Trouble::SameSound.into(),
            ActionableTrouble::Echo => Self { trouble: "echo", track: Some(Track::Me) },
            ActionableTrouble::Lost(track) => Self { trouble: "lost", track: Some(track) },
        }
    }
}

/// The tier that a monologue reached; `None` for nudges of another kind.
pub(super) fn monologue_tier(nudge: &Nudge) -> Option<Samples> {
    match nudge.why {
        NudgeReason::Monologue { tier, .. } => Some(tier),
        _ => None,
    }
}
