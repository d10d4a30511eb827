//! How a call stands at a moment: what the overlay shows.

use crate::agenda::{CheckIn, Item};
use crate::asr::Standing;
use crate::audio::{PerTrack, Track};
use crate::dynamics::shape::Shape;
use crate::dynamics::transfer::Patience;
use crate::dynamics::{Counts, Tally};
use crate::echo::Leak;
use crate::health::Trouble;
use crate::nudges::{Kind, Nudge, Stopped};
use crate::session::Session;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Floor, Onset};

/// How a call stands: what the overlay shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The end of the newest block.
    pub now: SampleTime,
    /// Whether it is heard.
    pub state: State,
    /// Whether I am muted in the call.
    pub muted: bool,
    /// What is not kept: from where on, and when that ends by itself.
    pub off_record: Option<Span>,
    /// How long the call was paused or off the record.
    pub unheard: Samples,
    /// Who is heard right now, be it long enough for a run or not.
    pub speaking: PerTrack<bool>,
    /// The speech run of each track that is going on, up to its newest speech.
    pub open_run: PerTrack<Option<Span>>,
    /// Who holds the floor.
    pub floor: Floor,
    /// How long both have been silent.
    pub silence: Samples,
    /// Whether the silence is a good wait after my own speech.
    pub waiting: bool,
    /// My share of the talk of the call, 0 to 1.
    pub call_share: Option<f64>,
    /// My share of the talk of the last minutes …
    pub recent_share: Option<f64>,
    /// … which are so long.
    pub recent: Samples,
    /// Talk time of each track.
    pub talk: PerTrack<Samples>,
    /// How long my monologue is so far.
    pub monologue: Samples,
    /// My longest turn so far, the one that is going on included.
    pub longest_turn: Samples,
    /// Who began inside the other's floor span, while nobody knows what that is: provisional.
    pub onset: Option<Onset>,
    /// How often what happened.
    pub counts: Counts,
    /// How often what was said how.
    pub tally: Tally,
    /// How long I let them finish.
    pub patience: Option<Patience>,
    /// The shape of the call so far.
    pub shape: Option<Shape>,
    /// The nudge that is shown.
    pub nudge: Option<Nudge>,
    /// How much of the ice-breaker is left.
    pub icebreaker: Samples,
    /// What of the nudges is not wanted.
    pub quiet: Quiet,
    /// Why nudges are stopped, if they are.
    pub stopped: Option<Stopped>,
    /// What the two want to talk about.
    pub agenda: Vec<Item>,
    /// How the other person is, as they said.
    pub check_in: Option<CheckIn>,
    /// Whether it is offered to look at something together.
    pub stuck: bool,
    /// Since when each track is being lost, if it is now.
    pub losing: PerTrack<Option<SampleTime>>,
    /// How much of each track was lost.
    pub lost: PerTrack<Samples>,
    /// The leak from the far end into the microphone.
    pub leak: Leak,
    /// What is wrong with the sound, in the order of its beginning.
    pub troubles: Vec<Trouble>,
    /// The recogniser.
    pub text: TextState,
}

impl Snapshot {
    /// Whether the call is over.
    pub fn ended(&self) -> bool {
        self.state == State::Ended
    }
}

/// Whether a call is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum State {
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

impl State {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Paused => "paused",
            Self::OffRecord => "off_record",
            Self::Ended => "ended",
        }
    }
}

/// What of the nudges is not wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quiet {
    /// No nudge but of the sound until then.
    pub snoozed_until: Option<SampleTime>,
    /// Kinds that are not wanted in this call.
    pub muted_kinds: Vec<Kind>,
}

/// How the recogniser keeps up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextState {
    /// How it stands.
    pub standing: Standing,
    /// How much sound waits for it.
    pub waiting: Samples,
    /// Recognised speech as a part of all that was handed to it, 0 to 1; `None` before any came back.
    pub coverage: Option<f64>,
}

impl Session {
    /// How the call stands.
    pub fn snapshot(&self) -> Snapshot {
        let known = &self.known;
        let (turns, dynamics, nudges) = (known.conversation.now(), &known.dynamics, &known.nudges);
        let policy = nudges.policy();
        // What was not heard may have been anything.
        let known_silent = |since: &SampleTime| !self.ended && !self.hears_nothing() && *since >= self.unheard.end();
        let silent_since = turns.silent_since().filter(known_silent);
        let silence = silent_since.map_or(Samples::ZERO, |since| self.now - since);
        let mine = silent_since.filter(|_| turns.last_speaker() == Some(Track::Me));
        // Any silence of mine may follow a question, until its text says that it does not.
        let good = mine.is_some_and(|since| dynamics.words().follow_a_question(Track::Me, since) != Some(false));
        Snapshot {
            now: self.now,
            state: self.state(),
            muted: self.muted,
            off_record: self.off_record.map(|off| Span::new(off.from, off.until)),
            unheard: known.unheard,
            speaking: PerTrack::from_fn(|track| turns.voiced(track)),
            open_run: PerTrack::from_fn(|track| turns.open_run(track)),
            floor: turns.floor(),
            silence,
            waiting: good && (policy.wait_from..=policy.wait_to).contains(&silence),
            call_share: dynamics.share(turns),
            recent_share: dynamics.share_in(turns, Span::new(self.now.back(policy.share_recent), self.now)),
            recent: policy.share_recent,
            talk: PerTrack::from_fn(|track| dynamics.talk(track, turns)),
            monologue: turns.monologue(Track::Me).map_or(Samples::ZERO, |monologue| monologue.len()),
            longest_turn: dynamics.longest_turn(Track::Me, turns),
            onset: turns.onset(),
            counts: dynamics.counts(),
            tally: dynamics.tally(),
            patience: dynamics.patience(Track::Me),
            shape: dynamics.shape(),
            nudge: nudges.shown().cloned(),
            icebreaker: nudges.icebreaker_left(),
            quiet: Quiet { snoozed_until: nudges.snoozed_until(), muted_kinds: nudges.muted_kinds().collect() },
            stopped: nudges.stopped(),
            agenda: known.agenda.items().cloned().collect(),
            check_in: known.check_in.clone(),
            stuck: known.stuck.is_on(),
            losing: PerTrack::from_fn(|track| known.lost[track].losing_since()),
            lost: PerTrack::from_fn(|track| known.lost[track].total()),
            leak: self.leak(),
            troubles: known.health.standing().collect(),
            text: TextState {
                standing: self.desk.standing(),
                waiting: self.desk.waiting(),
                coverage: dynamics.words().coverage(),
            },
        }
    }

    fn state(&self) -> State {
        match self.off_record {
            _ if self.ended => State::Ended,
            Some(_) => State::OffRecord,
            None if self.paused => State::Paused,
            None => State::Live,
        }
    }
}
