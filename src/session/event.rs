//! What happens in a call, and the sinks that take it.

use serde::{Deserialize, Serialize};

use crate::agenda::{CheckIn, ItemId, ItemState, Note};
use crate::asr::Heard;
use crate::audio::Track;
use crate::frontend::echo::Leak;
use crate::health::{HealthEvent, SoundReport};
use crate::nudges::{Mode, Nudge, NudgeKind};
use crate::session::{Latency, LookAnswer, Snapshot};
use crate::source::Notice;
use crate::time::{SampleTime, Span};
use crate::turns::{Decision, TurnEvent};

/// Something that happened, emitted once it is certain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Something became certain of the floor.
    Turn(TurnEvent),
    /// Text came, or somebody else came to be known, and an event that was emitted before is not so. What is so instead
    /// follows as [`Event::Turn`].
    Withdrawn(TurnEvent),
    /// A nudge appeared.
    Nudge(Nudge),
    /// The nudge was taken back.
    NudgeWithdrawn(NudgeKind),
    /// What became of an utterance at the recogniser; without words unless they are kept. It replaces what came before of
    /// its track that it overlaps, because an utterance may be decoded again in another language; lines of a transcript
    /// replace nothing.
    Heard(Heard),
    /// What was taken for a track's speech was somebody else's, who was not known to be there yet: what was recognised in it
    /// counts for nothing, and the events of the floor that come of it follow as [`Event::Withdrawn`].
    OthersSpeech {
        /// The track that it is of.
        track: Track,
        /// From when to when, in order.
        spans: Vec<Span>,
    },
    /// A vowel was held: a filled pause by its sound. Calls of earlier versions hold it; today the text alone tells.
    FilledPause {
        /// The track that it is of.
        track: Track,
        /// When, and the figures that decided.
        pause: HeldVowel,
    },
    /// The far end began or ceased to be heard in the microphone.
    Leak(Leak),
    /// A track's sound was lost for a while.
    Lost {
        /// The track that it is of.
        track: Track,
        /// From when to when.
        span: Span,
    },
    /// Something is wrong with the sound, or no longer is.
    Health(HealthEvent),
    /// The source has something to say of itself.
    Notice(Notice),
    /// From here on nothing is heard …
    Paused,
    /// … and is again.
    Resumed,
    /// I am muted in the call: from here on the microphone counts as silent …
    Muted,
    /// … and no longer.
    Unmuted,
    /// A stretch of which nothing was kept is over.
    OffRecord {
        /// From when to when.
        span: Span,
    },
    /// From here on the call is for something else, or aims at another share.
    Aim {
        /// What it was for until now.
        from: Aim,
        /// What it is for.
        to: Aim,
    },
    /// The nudge that was shown was not wanted.
    NudgeDismissed(NudgeKind),
    /// Nudges of a kind are not wanted in this call …
    KindMuted(NudgeKind),
    /// … and are again.
    KindUnmuted(NudgeKind),
    /// No nudge is wanted for a while.
    Snoozed {
        /// Until then; now if a snooze was ended.
        until: SampleTime,
    },
    /// Something to talk about was added, or stands otherwise.
    Agenda {
        /// Its number.
        id: ItemId,
        /// The manager's own words.
        text: String,
        /// How it stands.
        state: ItemState,
    },
    /// A line was written down, or an action item stands otherwise.
    Note(Note),
    /// How the other person is, as they said; the newest holds.
    CheckIn(CheckIn),
    /// Long silences one after another: it is offered to look at something together.
    Stuck,
    /// The answer to that.
    LookTogether(LookAnswer),
    /// How late the call was shown, by the computer's clock: a live call has it, just before its end.
    Latency(Latency),
    /// The call is over.
    Ended {
        /// What was known of the leak in the end.
        leak: Leak,
        /// How its sound was.
        sound: SoundReport,
    },
}

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aim {
    /// Its purpose.
    pub mode: Mode,
    /// The share of the talk that it aims at, 0 to 1: the purpose's, or the user's own.
    pub target: f64,
}

/// A vowel that an earlier version heard being held, and the figures that decided: those of its steadiest 0.4 s.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldVowel {
    /// From where to where the vowel is held.
    pub span: Span,
    /// The median pitch in Hz.
    pub f0_hz: f32,
    /// How far the pitch moves: the interquartile range in semitones.
    pub f0_spread: f32,
    /// How far the timbre moves: the RMS distance of the spectral envelopes from their mean, in dB.
    pub change: f32,
}

/// Takes the events of a call.
pub trait Sink {
    /// Something happened, and became certain at `at`.
    fn emit(&mut self, at: SampleTime, event: Event);

    /// What was emitted after `from` is taken back: it is off the record, and nothing of it may be kept. What is still
    /// so follows, emitted again.
    fn erase(&mut self, from: SampleTime);

    /// What the rule had in hand that decided an event of the floor: after the event, and again if a text changes the
    /// evidence but not the event.
    fn emit_evidence(&mut self, _at: SampleTime, _: &Decision) {}

    /// How the call stands: at most ten times a second of the call, and at once when a state changes.
    fn emit_snapshot(&mut self, _: &Snapshot) {}
}

/// Passes everything on to two sinks, the first first.
pub struct Tee<'a>(pub &'a mut dyn Sink, pub &'a mut dyn Sink);

impl Sink for Tee<'_> {
    fn emit(&mut self, at: SampleTime, event: Event) {
        self.0.emit(at, event.clone());
        self.1.emit(at, event);
    }

    fn erase(&mut self, from: SampleTime) {
        self.0.erase(from);
        self.1.erase(from);
    }

    fn emit_evidence(&mut self, at: SampleTime, decision: &Decision) {
        self.0.emit_evidence(at, decision);
        self.1.emit_evidence(at, decision);
    }

    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        self.0.emit_snapshot(snapshot);
        self.1.emit_snapshot(snapshot);
    }
}

impl Sink for Vec<(SampleTime, Event)> {
    fn emit(&mut self, at: SampleTime, event: Event) {
        self.push((at, event));
    }

    fn erase(&mut self, from: SampleTime) {
        self.retain(|(at, _)| *at <= from);
    }
}
