//! Nudges to the manager: when they appear, how often, and in what words. Sparse advice at a breakpoint beats
//! continuous advice (Rhema 2015; Iqbal & Bailey 2008). Every constant stands in [`Policy`]. The comments cite eleven
//! rules by number:
//!
//! 1. The overlay at rest is one quiet bar, without a digit or an alarm.
//! 2. No advice comes in the first half minute, none about the share in the first minutes, and none but `audio` in the
//!    ice-breaker.
//! 3. A nudge about the share needs the last minutes and the call so far to be over the target.
//! 4. Nudges are sparse: see the fields of [`Policy`] from `spacing` on.
//! 5. They appear at a breakpoint: as the other begins and I have just handed over the floor, or in a pause.
//! 6. The silence after my question is protected.
//! 7. Filled pauses count only as a cluster.
//! 8. A nudge's words are short, and fit the moment at which it appears.
//! 9. What is unsure is not nudged about.
//! 10. The mode sets the target, unless the user has one of their own.
//! 11. Nudges are about the manager's own behaviour alone.
//!
//! This room judges from settled figures; the other side gives the moment. It owns the policy and its state. It leaves
//! to the page how a nudge is shown, and to the session what the user commands.
//!
//! Each kind's own file says which moment is right for it. Two things hold for all: while the other speaks nothing
//! appears except in the step in which I have handed over the floor, and `cut_in`; and in a silence that may follow my
//! question nothing appears except `monologue`, in the silence's first second.

mod audio_trouble;
mod budget;
mod cut_in;
mod habits;
mod input;
mod kind;
mod listening;
mod mode;
mod monologue;
mod policy;
mod reason;
mod share;
mod stop_reason;

use strum::VariantArray;

use crate::time::{SampleTime, Samples};

pub use input::{NudgeInput, SpokenHabits};
pub use kind::{NudgeKind, PerNudgeKind};
pub use mode::{Mode, TargetProposal, Targets, propose_target};
pub use policy::Policy;
pub use reason::{ActionableTrouble, CutIn, Fillers, Nudge, NudgeReason, Regrabs};
pub use stop_reason::{StopReason, StopReasons};

use audio_trouble::AudioTroubleRule;
use budget::NudgeBudget;
use cut_in::CutInRule;
use habits::HabitRules;
use listening::ListeningRule;
use monologue::MonologueRule;
use share::ShareRule;

/// No advice appears earlier than this after the call has begun or its ice-breaker is over (ours); the demo has no such
/// time.
const ADVICE_FROM: Samples = Samples::from_secs(30);

/// What became of the nudges in a step.
#[derive(Clone, Debug, PartialEq)]
pub enum NudgeChange {
    /// Show this one, in place of the one that is shown, if there is one.
    Show(Nudge),
    /// Take the shown one back.
    Withdraw(NudgeKind),
    /// It has been shown for long enough.
    Expire,
}

/// The rules at work.
#[derive(Clone)]
pub struct Nudges {
    policy: Policy,
    now: SampleTime,
    /// The end of the ice-breaker, or the call's beginning if there is none.
    counted_from: SampleTime,
    share: ShareRule,
    monologue: MonologueRule,
    cut_in: CutInRule,
    listening: ListeningRule,
    habits: HabitRules,
    audio_trouble: AudioTroubleRule,
    budget: NudgeBudget,
    shown: Option<Nudge>,
    /// What the user does that stops nudges …
    user_stops: StopReasons,
    /// … and what the newest moment says of the sound.
    sound_stops: StopReasons,
}

impl Nudges {
    /// The rules for a call of this mode.
    pub fn new(policy: Policy, mode: Mode) -> Self {
        Self {
            now: SampleTime::ZERO,
            counted_from: SampleTime::ZERO,
            share: ShareRule::new(policy.target(mode)),
            monologue: MonologueRule::default(),
            cut_in: CutInRule::default(),
            listening: ListeningRule::default(),
            habits: HabitRules::default(),
            audio_trouble: AudioTroubleRule::default(),
            budget: NudgeBudget::default(),
            shown: None,
            user_stops: StopReasons::default(),
            sound_stops: StopReasons::default(),
            policy,
        }
    }

    /// The target becomes the user's own, a share of 0 to 1, or the mode's if there is none.
    pub fn set_target(&mut self, mode: Mode, own: Option<f64>) {
        self.share.set_target(own.unwrap_or_else(|| self.policy.target(mode)));
    }

    /// The call begins at `at`, with an ice-breaker of this length: until that is over no nudge appears but `audio`,
    /// and no talk counts.
    pub fn begin(&mut self, at: SampleTime, icebreaker: Samples) {
        self.counted_from = at + icebreaker;
    }

    /// Looks at the next moment, 10 ms after the last one; `None` if nothing changes.
    pub fn step(&mut self, moment: &NudgeInput) -> Option<NudgeChange> {
        self.observe(moment);
        if let Some(kind) = self.withdrawn_kind(moment) {
            self.shown = None;
            return Some(NudgeChange::Withdraw(kind));
        }
        let due = self.due(moment);
        if let Some(why) = due.into_iter().flatten().find(|why| self.may_show(why.kind())) {
            return Some(self.show(why));
        }
        let over = self.shown.as_ref().is_some_and(|nudge| self.is_expired(nudge));
        over.then(|| {
            self.shown = None;
            NudgeChange::Expire
        })
    }

    /// The shown nudge is not wanted: its kind comes less often by [`Policy::dismissal_factor`], and after
    /// [`Policy::dismissals_mute`] of them no more. Gives its kind; `None` if none is shown.
    pub fn dismiss(&mut self, now: SampleTime) -> Option<NudgeKind> {
        self.now = self.now.max(now);
        let kind = self.shown.take().filter(|nudge| !self.is_expired(nudge))?.kind();
        self.budget.dismiss(&self.policy, kind);
        if kind == NudgeKind::Monologue {
            self.monologue.dismiss();
        }
        Some(kind)
    }

    /// No nudge of the kind for the rest of the call; a shown one is gone.
    pub fn mute(&mut self, kind: NudgeKind) {
        self.budget.mute(kind);
        self.shown.take_if(|nudge| nudge.kind() == kind);
    }

    /// The kind is wanted again, as if none had been dismissed.
    pub fn unmute(&mut self, kind: NudgeKind) {
        self.budget.unmute(kind);
    }

    /// There is no advice for this long; a length of zero ends the rest. What is shown is gone, unless it is about the
    /// sound: such a nudge appears all the same.
    pub fn snooze(&mut self, now: SampleTime, length: Samples) {
        let until = (length > Samples::ZERO).then(|| now + length);
        self.budget.snooze(until);
        self.shown.take_if(|nudge| !self.budget.is_wanted(nudge.kind(), now));
    }

    /// The user does something that stops nudges, or no longer: is muted in the call, pauses, goes off the record. What
    /// is shown and is stopped by it is gone.
    pub fn set_stopped(&mut self, why: StopReason, so: bool) {
        self.user_stops.set(why, so);
        self.shown.take_if(|nudge| so && why.stops(nudge.kind()));
    }

    /// Takes over what the user wants from `of`, the state before the last stretch of the call was erased: the rest
    /// that was asked for holds, and what was shown counts as shown.
    pub fn restore_user_choices(&mut self, of: &Self) {
        self.budget = of.budget.clone();
        self.user_stops = of.user_stops;
        if self.share.target() != of.share.target() {
            self.share.set_target(of.share.target());
        }
        self.shown.take_if(|nudge| self.user_stops.stops(nudge.kind()));
    }

    /// The nudge that is shown.
    pub fn shown(&self) -> Option<&Nudge> {
        self.shown.as_ref()
    }

    /// Until when there is no nudge except about the sound; `None` if the user has not asked for a rest.
    pub fn snoozed_until(&self) -> Option<SampleTime> {
        self.budget.snoozed_until().filter(|until| *until > self.now)
    }

    /// The kinds that the user does not want in this call, whether muted by name or by dismissing them.
    pub fn muted_kinds(&self) -> impl Iterator<Item = NudgeKind> + '_ {
        NudgeKind::VARIANTS.iter().copied().filter(|kind| self.budget.is_muted(*kind))
    }

    /// Why nudges are stopped now: the gravest reason. [`StopReason::stops`] says which.
    pub fn stop_reason(&self) -> Option<StopReason> {
        self.user_stops.union(self.sound_stops).gravest()
    }

    /// How much of the ice-breaker is left.
    pub fn icebreaker_left(&self) -> Samples {
        self.counted_from - self.now
    }

    /// The moment from which talk counts: the end of the ice-breaker, or the call's beginning if there is none.
    pub fn counted_from(&self) -> SampleTime {
        self.counted_from
    }

    /// The share that is aimed at, 0 to 1.
    pub fn target(&self) -> f64 {
        self.share.target()
    }

    /// The constants in force.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    fn observe(&mut self, moment: &NudgeInput) {
        self.now = moment.now;
        self.sound_stops = moment.stop_reasons;
        if !self.in_icebreaker() {
            self.share.observe(&self.policy, moment);
        }
        self.monologue.observe(moment);
        self.cut_in.observe(&self.policy, moment);
        self.listening.observe(moment);
        self.habits.observe(moment);
        self.audio_trouble.observe(moment);
    }

    /// All that would be shown now if nothing forbids it, the most urgent first.
    fn due(&self, moment: &NudgeInput) -> [Option<NudgeReason>; 9] {
        let policy = &self.policy;
        let [closed_run, regrab, pace, fillers] = self.habits.due(policy, moment);
        [
            self.cut_in.due(moment),
            self.monologue.due(policy, moment),
            self.share.due(policy, moment, self.counted_from),
            closed_run,
            regrab,
            pace,
            fillers,
            self.listening.due(policy, moment),
            self.audio_trouble.due(policy, moment),
        ]
    }

    /// The shown nudge's kind, if the reason for it no longer holds.
    fn withdrawn_kind(&mut self, moment: &NudgeInput) -> Option<NudgeKind> {
        let over = self.monologue.should_withdraw(&self.policy, moment);
        let so = match &self.shown.as_ref()?.why {
            NudgeReason::Monologue { .. } => !over,
            NudgeReason::CutIn(shown) => !CutInRule::is_withdrawn(shown, moment),
            _ => true,
        };
        (!so).then(|| self.shown.as_ref().map(Nudge::kind))?
    }

    fn may_show(&self, kind: NudgeKind) -> bool {
        let sure = self.policy.kinds[kind] && !self.user_stops.union(self.sound_stops).stops(kind);
        if !sure || (self.in_icebreaker() && kind != NudgeKind::Audio) {
            return false;
        }
        // A voice or two say nothing yet of how somebody listens.
        if kind != NudgeKind::Audio && !self.policy.demo && self.now - self.counted_from < ADVICE_FROM {
            return false;
        }
        let is_next_tier = kind == NudgeKind::Monologue && self.monologue.was_shown();
        if is_next_tier && self.shows(kind) {
            return self.budget.is_wanted(kind, self.now);
        }
        let free = self.shown.as_ref().is_none_or(|nudge| kind == NudgeKind::CutIn || self.is_expired(nudge));
        free && self.budget.allows(&self.policy, kind, is_next_tier, self.now)
    }

    fn show(&mut self, why: NudgeReason) -> NudgeChange {
        // What a person sees once counts once.
        let in_place = self.monologue.was_shown() && self.shows(NudgeKind::Monologue);
        match why {
            NudgeReason::Share { .. } => self.share.mark_shown(),
            NudgeReason::Monologue { tier, .. } => self.monologue.mark_shown(&self.policy, tier),
            NudgeReason::CutIn(_) => self.cut_in.mark_shown(),
            NudgeReason::Listening { .. } => self.listening.mark_shown(),
            NudgeReason::Audio(sound) => self.audio_trouble.mark_shown(sound),
            NudgeReason::Regrab(_)
            | NudgeReason::ClosedRun { .. }
            | NudgeReason::Pace { .. }
            | NudgeReason::Fillers(_) => self.habits.mark_shown(&why),
        }
        let nudge = Nudge { why, at: self.now };
        if nudge.kind() != NudgeKind::Monologue || !in_place {
            self.budget.record(self.now, nudge.kind());
        }
        self.shown = Some(nudge.clone());
        NudgeChange::Show(nudge)
    }

    /// Whether a nudge of the kind is still seen.
    fn shows(&self, kind: NudgeKind) -> bool {
        self.shown.as_ref().is_some_and(|nudge| nudge.kind() == kind && !self.is_expired(nudge))
    }

    fn is_expired(&self, nudge: &Nudge) -> bool {
        self.now - nudge.at >= self.policy.shown_for
    }

    fn in_icebreaker(&self) -> bool {
        self.now < self.counted_from
    }
}

#[cfg(test)]
mod tests;
