//! How a call stands at a moment: what the overlay shows.

use strum::IntoStaticStr;

use crate::agenda::{CheckIn, Item, Note};
use crate::asr::TranscriberStatus;
use crate::audio::{PerTrack, Track};
use crate::dynamics::shape::Shape;
use crate::dynamics::transfer::Patience;
use crate::dynamics::{Counts, SpeechFigures};
use crate::frontend::echo::Leak;
use crate::health::Trouble;
use crate::nudges::{Nudge, NudgeKind, StopReason};
use crate::session::{MuteReason, Session};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Floor, Onset};

/// How a call stands: what the overlay shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The end of the newest block.
    pub now: SampleTime,
    /// Whether it is heard.
    pub phase: SessionPhase,
    /// Whether I am muted in the call …
    pub muted: bool,
    /// … and who says so.
    pub muted_by: Option<MuteReason>,
    /// What is not kept: from where on, and when that ends by itself.
    pub off_record: Option<Span>,
    /// How long going off the record can still be taken back, if it was asked for and nothing is erased yet.
    pub off_record_undo: Option<Samples>,
    /// How long the call was paused or off the record.
    pub not_heard: Samples,
    /// Who is heard right now, be it long enough for a run or not.
    pub speaking: PerTrack<bool>,
    /// The speech run of each track that is going on, up to its newest speech.
    pub open_run: PerTrack<Option<Span>>,
    /// Who holds the floor.
    pub floor: Floor,
    /// How long both have been silent.
    pub silence: Samples,
    /// Whether the silence is a good wait after my own speech.
    pub good_wait: bool,
    /// My share of the talk of the call, 0 to 1.
    pub call_share: Option<f64>,
    /// My share of the talk of the last minutes …
    pub recent_share: Option<f64>,
    /// … and how long those last minutes are.
    pub recent: Samples,
    /// Talk time of each track.
    pub talk: PerTrack<Samples>,
    /// How long my monologue is so far.
    pub monologue: Samples,
    /// My longest turn so far, the one that is going on included.
    pub longest_turn: Samples,
    /// Who began inside the other's floor span, while nobody knows what that is: provisional.
    pub onset: Option<Onset>,
    /// How often each thing happened.
    pub counts: Counts,
    /// How each track spoke, and how often.
    pub tally: SpeechFigures,
    /// How long I let them finish.
    pub patience: Option<Patience>,
    /// The shape of the call so far.
    pub shape: Option<Shape>,
    /// The nudge that is shown.
    pub nudge: Option<Nudge>,
    /// How much of the ice-breaker is left.
    pub icebreaker: Samples,
    /// What of the nudges is not wanted.
    pub nudge_preferences: NudgePreferences,
    /// Why nudges are stopped, if they are.
    pub stopped: Option<StopReason>,
    /// What the two want to talk about.
    pub agenda: Vec<Item>,
    /// What was written down, and what is to be done.
    pub notes: Vec<Note>,
    /// How the other person is, as they said.
    pub check_in: Option<CheckIn>,
    /// Whether it is offered to look at something together.
    pub stuck: bool,
    /// Since when each track is being lost, if it is now.
    pub losing_since: PerTrack<Option<SampleTime>>,
    /// How much of each track was lost.
    pub lost: PerTrack<Samples>,
    /// The leak from the far end into the microphone.
    pub leak: Leak,
    /// What is wrong with the sound, in the order of its beginning.
    pub troubles: Vec<Trouble>,
    /// The recogniser.
    pub transcriber: TranscriberSnapshot,
}

impl Snapshot {
    /// Whether the call is over.
    pub fn ended(&self) -> bool {
        self.phase == SessionPhase::Ended
    }
}

/// Whether a call is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SessionPhase {
    /// It is.
    #[default]
    Live,
    /// Nothing is heard until it is resumed.
    Paused,
    /// Nothing is kept.
    OffRecord,
    /// It is over.
    Ended,
}

impl SessionPhase {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What of the nudges is not wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NudgePreferences {
    /// No nudge but of the sound until then.
    pub snoozed_until: Option<SampleTime>,
    /// Kinds that are not wanted in this call.
    pub muted_kinds: Vec<NudgeKind>,
}

/// How the recogniser keeps up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TranscriberSnapshot {
    /// How it stands.
    pub status: TranscriberStatus,
    /// How much sound waits for it.
    pub backlog: Samples,
    /// Recognised speech as a part of all that was handed to it, 0 to 1; `None` before any came back.
    pub coverage: Option<f64>,
}

impl Session {
    /// How the call stands.
    pub fn snapshot(&self) -> Snapshot {
        let state = &self.state;
        let (turns, dynamics, nudges) = (state.conversation.current(), self.dynamics.current(), &state.nudges);
        let policy = nudges.policy();
        // What was not heard may have been anything.
        let is_heard_since = |since: SampleTime| {
            since >= self.mask.end() && Track::BOTH.iter().all(|track| state.lost[*track].is_heard_since(since))
        };
        let known_silent = |since: &SampleTime| !self.ended && !self.is_masked() && is_heard_since(*since);
        let silent_since = turns.silent_since().filter(known_silent);
        let silence = silent_since.map_or(Samples::ZERO, |since| self.now - since);
        let mine = silent_since.filter(|_| turns.last_speaker() == Some(Track::Me));
        // Any silence of mine may follow a question, until its text says that it does not.
        let good = mine.is_some_and(|since| dynamics.utterances().follows_question(Track::Me, since) != Some(false));
        // Of a microphone that gives noise only it is not known whether I talked, of one sound on both tracks not who did.
        let unknown = |trouble| matches!(trouble, Trouble::NoVoice | Trouble::SameSound);
        let has_voice = !state.health.active().any(unknown);
        Snapshot {
            now: self.now,
            phase: self.phase(),
            muted: self.mute.is_muted(),
            muted_by: self.mute.reason(),
            off_record: self.off_record.map(|off| Span::new(off.from, off.until)),
            off_record_undo: self.pending_off_record.map(|pending| pending.final_at - self.now),
            not_heard: state.not_heard,
            speaking: PerTrack::from_fn(|track| turns.voiced(track)),
            open_run: PerTrack::from_fn(|track| turns.open_run(track)),
            floor: turns.floor(),
            silence,
            good_wait: good && (policy.good_wait_from..=policy.good_wait_to).contains(&silence),
            call_share: dynamics.share(turns).filter(|_| has_voice && self.knows_who_talked()),
            recent_share: dynamics
                .share_in(turns, Span::new(self.now.saturating_sub(policy.share_recent), self.now))
                .filter(|_| has_voice),
            recent: policy.share_recent,
            talk: PerTrack::from_fn(|track| dynamics.talk_time(track, turns)),
            monologue: turns.monologue(Track::Me).map_or(Samples::ZERO, |monologue| monologue.len()),
            longest_turn: dynamics.longest_turn(Track::Me, turns),
            onset: turns.onset(),
            counts: dynamics.counts(),
            tally: dynamics.speech_figures(),
            patience: dynamics.patience(Track::Me),
            shape: dynamics.shape(),
            nudge: nudges.shown().cloned(),
            icebreaker: nudges.icebreaker_left(),
            nudge_preferences: NudgePreferences {
                snoozed_until: nudges.snoozed_until(),
                muted_kinds: nudges.muted_kinds().collect(),
            },
            stopped: nudges.stop_reason(),
            agenda: state.agenda.items().cloned().collect(),
            notes: state.notes.iter().cloned().collect(),
            check_in: state.check_in.clone(),
            stuck: state.stuck.is_offered(),
            losing_since: PerTrack::from_fn(|track| state.lost[track].losing_since()),
            lost: PerTrack::from_fn(|track| state.lost[track].total()),
            leak: self.leak(),
            troubles: state.health.active().collect(),
            transcriber: TranscriberSnapshot {
                status: self.transcriber.status(),
                backlog: self.transcriber.backlog(),
                coverage: dynamics.utterances().coverage(),
            },
        }
    }

    /// Whether it is known of the whole call who talked; it is not of one most of which was one sound on both tracks.
    pub(super) fn knows_who_talked(&self) -> bool {
        let heard = (self.now - SampleTime::ZERO).saturating_sub(self.state.not_heard);
        !self.state.health.hides_who_talked(heard)
    }

    fn phase(&self) -> SessionPhase {
        match self.off_record {
            _ if self.ended => SessionPhase::Ended,
            Some(_) => SessionPhase::OffRecord,
            None if self.paused => SessionPhase::Paused,
            None => SessionPhase::Live,
        }
    }
}
