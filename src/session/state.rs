//! What a call has come to, and how it stood some time ago: what is off the record is taken back to there.

use std::collections::VecDeque;

use crate::agenda::{Agenda, CheckIn, Notes, StuckDetector};
use crate::asr::Heard;
use crate::audio::PerTrack;
use crate::health::Health;
use crate::nudges::Nudges;
use crate::session::loss::LossTracker;
use crate::session::rewindable::DynamicsMark;
use crate::session::{Aim, MAX_UNDO};
use crate::time::{SampleTime, Samples};
use crate::turns::Conversation;

/// What a call has come to by what was heard and asked for: all that is erased with it, but for the figures, which are in
/// [`RewindableDynamics`](super::rewindable::RewindableDynamics). None of it grows with the call.
#[derive(Clone)]
pub(super) struct SessionState {
    /// Up to where the sound was judged.
    pub(super) decided_until: SampleTime,
    pub(super) conversation: Conversation,
    pub(super) nudges: Nudges,
    pub(super) health: Health,
    pub(super) lost: PerTrack<LossTracker>,
    pub(super) leaking: bool,
    /// How much of the call the microphone held little but the far end.
    pub(super) rejected: Samples,
    pub(super) agenda: Agenda,
    pub(super) notes: Notes,
    pub(super) check_in: Option<CheckIn>,
    pub(super) stuck: StuckDetector,
    /// Whether the events say that the call is paused, …
    pub(super) emitted_paused: bool,
    /// … and that I am muted.
    pub(super) emitted_muted: bool,
    /// What the events say that the call is for.
    pub(super) emitted_aim: Aim,
    /// How long the call was paused or off the record.
    pub(super) not_heard: Samples,
}

impl SessionState {
    /// A call that has not begun.
    pub(super) fn new(agenda: Agenda, notes: Notes, aim: Aim, nudges: Nudges) -> Self {
        Self {
            decided_until: SampleTime::ZERO,
            conversation: Conversation::default(),
            nudges,
            health: Health::default(),
            lost: PerTrack::default(),
            leaking: false,
            rejected: Samples::ZERO,
            agenda,
            notes,
            check_in: None,
            stuck: StuckDetector::default(),
            emitted_paused: false,
            emitted_muted: false,
            emitted_aim: aim,
            not_heard: Samples::ZERO,
        }
    }
}

/// How a call stood.
pub(super) struct Checkpoint {
    /// Before the block that began then.
    pub(super) at: SampleTime,
    pub(super) state: SessionState,
    /// How the figures stood.
    pub(super) dynamics: DynamicsMark,
    /// The text that came since, and when: after what it is about was judged.
    pub(super) late: Vec<(SampleTime, Heard)>,
}

/// How far apart checkpoints lie: up to this much more than was asked for may be erased.
const EVERY: Samples = Samples::from_secs(5);

/// How a call stood when that was kept: before the block that began at `at`.
#[derive(Clone)]
pub(super) struct SavedState {
    pub(super) at: SampleTime,
    pub(super) state: SessionState,
    /// How the figures stood.
    pub(super) dynamics: DynamicsMark,
}

/// How the call stood, for as long ago as may be erased.
pub(super) struct Checkpoints {
    reach: Samples,
    /// Each before the block that began then.
    states: VecDeque<SavedState>,
    /// The text that came since the oldest, and when: some of it is about what stays.
    late: VecDeque<(SampleTime, Heard)>,
}

impl Checkpoints {
    /// For a call of which `reach` may be erased at once, and what is heard while that can be taken back.
    pub(super) fn new(reach: Samples) -> Self {
        Self { reach, states: VecDeque::new(), late: VecDeque::new() }
    }

    /// How much may be erased at once.
    pub(super) fn reach(&self) -> Samples {
        self.reach
    }

    /// Keeps how the call stands, if it is time to. Gives the oldest moment that it can be taken back to.
    pub(super) fn save_if_due(
        &mut self,
        now: SampleTime,
        known: &SessionState,
        dynamics: DynamicsMark,
    ) -> DynamicsMark {
        if self.states.back().is_none_or(|newest| now - newest.at >= EVERY) {
            let mut state = known.clone();
            // Whoever goes back to it goes on with other sound; and of all that is kept it would be the most.
            state.health.forget_sound();
            self.states.push_back(SavedState { at: now, state, dynamics });
            // The oldest that is needed is the newest that lies before the reach.
            while self.states.get(1).is_some_and(|next| next.at <= now.saturating_sub(self.reach + MAX_UNDO)) {
                self.states.pop_front();
            }
            let oldest = self.states.front().map_or(now, |oldest| oldest.at);
            while self.late.front().is_some_and(|(at, _)| *at <= oldest) {
                self.late.pop_front();
            }
        }
        self.states.front().map_or(dynamics, |oldest| oldest.dynamics)
    }

    /// All of them, the newest first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &SavedState> {
        self.states.iter().rev()
    }

    /// Up to where the sound had been judged at the oldest moment that is known.
    pub(super) fn oldest_judged(&self) -> SampleTime {
        self.states.front().map_or(SampleTime::ZERO, |oldest| oldest.state.decided_until)
    }

    /// Text came, after what it is about was judged.
    pub(super) fn push_late(&mut self, now: SampleTime, late: Heard) {
        self.late.push_back((now, late));
    }

    /// Goes back to the newest checkpoint at `at` or before, and forgets all that came after; `None` if the call has
    /// not begun.
    pub(super) fn roll_back_to(&mut self, at: SampleTime) -> Option<Checkpoint> {
        self.states.retain(|kept| kept.at <= at);
        let SavedState { at, state, dynamics } = self.states.back().cloned()?;
        let first = self.late.partition_point(|(came, _)| *came <= at);
        Some(Checkpoint { at, state, dynamics, late: self.late.drain(first..).collect() })
    }
}
