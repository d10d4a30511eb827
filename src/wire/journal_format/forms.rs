//! The form of every type that an event holds.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::agenda::{CheckIn, ItemId, ItemState};
use crate::asr::{Heard, Missed, Transcription};
use crate::audio::{PerTrack, Track};
use crate::frontend::echo::Leak;
use crate::frontend::prosody::FilledPause;
use crate::health::{HealthEvent, SoundMeasures, SoundReport, Trouble};
use crate::language::{Filler, Language, Question, QuestionKind, Repetition, TextAnalysis};
use crate::nudges::{self, CutIn, Fillers, Nudge, NudgeKind, NudgeReason, Regrabs};
use crate::session::{Event, LookAnswer, RecoveryPoint};
use crate::source::Notice;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Floor, Outcome, TurnEvent};

use super::units::{
    both_moments, both_spans, check_in, fillers, length, maybe_leak, maybe_length, maybe_moment, moment, path,
    questions, repetitions, said, span, spans, stood,
};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Event", rename_all = "snake_case")]
pub(super) enum EventForm {
    Turn(#[serde(with = "TurnForm")] TurnEvent),
    Withdrawn(#[serde(with = "TurnForm")] TurnEvent),
    Nudge(#[serde(with = "NudgeForm")] Nudge),
    NudgeWithdrawn(#[serde(with = "KindForm")] NudgeKind),
    Heard(#[serde(with = "HeardForm")] Heard),
    FilledPause {
        #[serde(with = "TrackForm")]
        track: Track,
        #[serde(with = "FilledPauseForm")]
        pause: FilledPause,
    },
    Leak(#[serde(with = "LeakForm")] Leak),
    Lost {
        #[serde(with = "TrackForm")]
        track: Track,
        #[serde(with = "span")]
        span: Span,
    },
    Health(#[serde(with = "HealthForm")] HealthEvent),
    Notice(#[serde(with = "NoticeForm")] Notice),
    Paused,
    Resumed,
    Muted,
    Unmuted,
    OffRecord {
        #[serde(with = "span")]
        span: Span,
    },
    NudgeDismissed(#[serde(with = "KindForm")] NudgeKind),
    KindMuted(#[serde(with = "KindForm")] NudgeKind),
    KindUnmuted(#[serde(with = "KindForm")] NudgeKind),
    Snoozed {
        #[serde(with = "moment")]
        until: SampleTime,
    },
    Agenda {
        id: ItemId,
        text: String,
        #[serde(with = "ItemStateForm")]
        state: ItemState,
    },
    CheckIn(#[serde(with = "check_in")] CheckIn),
    Stuck,
    LookTogether(#[serde(with = "LookForm")] LookAnswer),
    Ended {
        #[serde(with = "LeakForm")]
        leak: Leak,
        #[serde(with = "ReportForm")]
        sound: SoundReport,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RecoveryPoint")]
pub(super) struct UntoldForm {
    #[serde(with = "moment")]
    until: SampleTime,
    #[serde(with = "both_spans")]
    runs: PerTrack<Option<Span>>,
    #[serde(with = "both_moments")]
    lost: PerTrack<Option<SampleTime>>,
    #[serde(with = "maybe_moment")]
    off_record: Option<SampleTime>,
    #[serde(with = "maybe_leak")]
    leak: Option<Leak>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Track", rename_all = "snake_case")]
pub(super) enum TrackForm {
    Me,
    Them,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "TurnEvent", rename_all = "snake_case")]
pub(super) enum TurnForm {
    RunStarted {
        #[serde(with = "TrackForm")]
        track: Track,
        #[serde(with = "moment")]
        at: SampleTime,
    },
    Run {
        #[serde(with = "TrackForm")]
        track: Track,
        #[serde(with = "span")]
        span: Span,
    },
    Floor {
        #[serde(with = "FloorForm")]
        holder: Floor,
        #[serde(with = "moment")]
        at: SampleTime,
    },
    FloorSpan {
        #[serde(with = "TrackForm")]
        track: Track,
        #[serde(with = "span")]
        span: Span,
    },
    Backchannel {
        #[serde(with = "TrackForm")]
        by: Track,
        #[serde(with = "span")]
        span: Span,
    },
    Turn {
        #[serde(with = "TrackForm")]
        track: Track,
        #[serde(with = "span")]
        span: Span,
    },
    Interruption {
        #[serde(with = "TrackForm")]
        by: Track,
        #[serde(with = "moment")]
        at: SampleTime,
        #[serde(with = "length")]
        overlap: Samples,
        #[serde(with = "OutcomeForm")]
        outcome: Outcome,
    },
    TerminalOverlap {
        #[serde(with = "TrackForm")]
        by: Track,
        #[serde(with = "moment")]
        at: SampleTime,
        #[serde(with = "length")]
        overlap: Samples,
    },
    LongOverlap {
        #[serde(with = "span")]
        span: Span,
    },
    Silence {
        #[serde(with = "span")]
        span: Span,
        #[serde(with = "TrackForm")]
        after: Track,
        #[serde(with = "TrackForm")]
        broken_by: Track,
    },
    Monologue {
        #[serde(with = "TrackForm")]
        track: Track,
        #[serde(with = "span")]
        span: Span,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Floor", rename_all = "snake_case")]
pub(super) enum FloorForm {
    Free,
    Held(#[serde(with = "TrackForm")] Track),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Outcome", rename_all = "snake_case")]
pub(super) enum OutcomeForm {
    Successful,
    Failed,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Nudge")]
pub(super) struct NudgeForm {
    #[serde(with = "WhyForm")]
    why: NudgeReason,
    #[serde(with = "moment")]
    at: SampleTime,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "NudgeKind", rename_all = "snake_case")]
pub(super) enum KindForm {
    Share,
    Monologue,
    CutIn,
    Listening,
    Regrab,
    ClosedRun,
    Pace,
    Fillers,
    Audio,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "NudgeReason", rename_all = "snake_case")]
pub(super) enum WhyForm {
    Share {
        recent: f64,
        call: f64,
        target: f64,
    },
    Monologue {
        #[serde(with = "length")]
        tier: Samples,
        #[serde(with = "length")]
        length: Samples,
    },
    CutIn(#[serde(with = "CutInForm")] CutIn),
    Listening {
        #[serde(with = "length")]
        talk: Samples,
    },
    Regrab(#[serde(with = "RegrabsForm")] Regrabs),
    ClosedRun {
        count: u32,
    },
    Pace {
        relative: f64,
    },
    Fillers(#[serde(with = "FillersForm")] Fillers),
    Audio(#[serde(with = "NudgeSoundForm")] nudges::ActionableTrouble),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "CutIn")]
pub(super) struct CutInForm {
    #[serde(with = "moment")]
    at: SampleTime,
    #[serde(with = "length")]
    overlap: Samples,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Regrabs")]
pub(super) struct RegrabsForm {
    count: u32,
    #[serde(with = "length")]
    wait: Samples,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Fillers")]
pub(super) struct FillersForm {
    count: u32,
    #[serde(with = "length")]
    talk: Samples,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "nudges::ActionableTrouble", rename_all = "snake_case")]
pub(super) enum NudgeSoundForm {
    Choppy,
    Echo,
    Clipping(#[serde(with = "TrackForm")] Track),
    Lost(#[serde(with = "TrackForm")] Track),
    Dead(#[serde(with = "TrackForm")] Track),
    Same,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ItemState", rename_all = "snake_case")]
pub(super) enum ItemStateForm {
    Open,
    Done,
    Dropped,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "LookAnswer", rename_all = "snake_case")]
pub(super) enum LookForm {
    Shown,
    Later,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Heard")]
pub(super) struct HeardForm {
    #[serde(with = "TrackForm")]
    track: Track,
    #[serde(with = "spans")]
    runs: Vec<Span>,
    #[serde(with = "said")]
    said: Result<Option<Transcription>, Missed>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Missed", rename_all = "snake_case")]
pub(super) enum MissedForm {
    Behind,
    Failed,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Transcription")]
pub(super) struct SaidForm {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(with = "LanguageForm")]
    language: Language,
    #[serde(with = "ReadingForm")]
    reading: TextAnalysis,
    written: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Language", rename_all = "snake_case")]
pub(super) enum LanguageForm {
    En,
    Ja,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "TextAnalysis")]
pub(super) struct ReadingForm {
    words: Option<u32>,
    syllables: Option<u32>,
    morae: Option<u32>,
    #[serde(with = "fillers")]
    fillers: Vec<Filler>,
    #[serde(with = "repetitions")]
    repetitions: Vec<Repetition>,
    #[serde(with = "questions")]
    questions: Vec<Question>,
    backchannel: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Filler")]
pub(super) struct FillerForm {
    start: f64,
    end: f64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
    sure: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Repetition")]
pub(super) struct RepetitionForm {
    start: f64,
    end: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Question")]
pub(super) struct QuestionForm {
    end: f64,
    #[serde(with = "QuestionKindForm")]
    kind: QuestionKind,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "QuestionKind", rename_all = "snake_case")]
pub(super) enum QuestionKindForm {
    Open,
    Closed,
    Progress,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "FilledPause")]
pub(super) struct FilledPauseForm {
    #[serde(with = "span")]
    span: Span,
    f0_hz: f32,
    f0_spread: f32,
    change: f32,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Leak")]
pub(super) struct LeakForm {
    detected: bool,
    level_db: Option<f32>,
    delay_ms: Option<i32>,
    #[serde(with = "length")]
    rejected: Samples,
    rebuilt: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "HealthEvent", rename_all = "snake_case")]
pub(super) enum HealthForm {
    Began {
        #[serde(with = "TroubleForm")]
        trouble: Trouble,
        #[serde(with = "moment")]
        at: SampleTime,
    },
    Ended {
        #[serde(with = "TroubleForm")]
        trouble: Trouble,
        #[serde(with = "span")]
        span: Span,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Trouble", rename_all = "snake_case")]
pub(super) enum TroubleForm {
    Choppy,
    Clipping(#[serde(with = "TrackForm")] Track),
    Quiet(#[serde(with = "TrackForm")] Track),
    Noisy(#[serde(with = "TrackForm")] Track),
    SameSound,
    Dead(#[serde(with = "TrackForm")] Track),
    CallOver,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SoundReport")]
pub(super) struct ReportForm {
    #[serde(with = "SoundsForm")]
    sound: PerTrack<SoundMeasures>,
    holes: u32,
    #[serde(with = "stood")]
    stood: Vec<(Trouble, Samples)>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PerTrack::<SoundMeasures>")]
pub(super) struct SoundsForm {
    #[serde(with = "SoundForm")]
    me: SoundMeasures,
    #[serde(with = "SoundForm")]
    them: SoundMeasures,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SoundMeasures")]
pub(super) struct SoundForm {
    level_dbfs: Option<f32>,
    noise_dbfs: Option<f32>,
    #[serde(with = "length")]
    speech: Samples,
    #[serde(with = "maybe_length")]
    clipped: Option<Samples>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Notice", rename_all = "snake_case")]
pub(super) enum NoticeForm {
    CutShort {
        #[serde(with = "path")]
        path: PathBuf,
        #[serde(with = "moment")]
        at: SampleTime,
    },
    SameChannels {
        #[serde(with = "path")]
        path: PathBuf,
    },
    DeviceGone {
        #[serde(with = "TrackForm")]
        track: Track,
        device: String,
    },
    DeviceBack {
        #[serde(with = "TrackForm")]
        track: Track,
        device: String,
    },
}
