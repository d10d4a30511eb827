//! Whispers to the manager: when, how often, in what words. Sparse advice at a breakpoint beats continuous advice (Rhema
//! 2015; Iqbal & Bailey 2008); every constant stands in [`Policy`].
//!
//! Judges only the manager's own behaviour, from settled figures; the other side gives the moment. Owns the policy and
//! its state. Leaves to the page how long a nudge is seen, and to the session what the user commands.
//!
//! Each rule's own file says which moment is right for it. What holds of all: while the other speaks nothing appears but
//! in the step in which I have handed over, and `cut_in`; in a silence that may follow my question nothing does but
//! `monologue`, in its first second.

mod cut_in;
mod kind;
mod listening;
mod mode;
mod moment;
mod monologue;
mod policy;
mod share;
mod sound;
mod sparse;
mod spoken;
mod stop;
mod why;

use crate::time::{SampleTime, Samples};

pub use kind::{Kind, PerKind, Words};
pub use mode::{Mode, Proposal, Targets, propose};
pub use moment::{Moment, Spoken};
pub use policy::Policy;
pub use stop::{Stopped, Stops};
pub use why::{CutIn, Fillers, Nudge, Regrabs, Sound, Why};

use cut_in::CutInRule;
use listening::ListeningRule;
use monologue::MonologueRule;
use share::ShareRule;
use sound::SoundRule;
use sparse::Sparse;
use spoken::SpokenRules;

/// What became of the nudges in a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Show it; in place of the one that is shown, if any.
    Show(Nudge),
    /// Take the shown one back.
    Withdraw(Kind),
    /// It has been shown for long enough.
    Expire,
}

/// The rules at work.
#[derive(Clone)]
pub struct Nudges {
    policy: Policy,
    now: SampleTime,
    /// The end of the ice-breaker; the call's begin where there is none.
    counted_from: SampleTime,
    share: ShareRule,
    monologue: MonologueRule,
    cut_in: CutInRule,
    listening: ListeningRule,
    spoken: SpokenRules,
    sound: SoundRule,
    sparse: Sparse,
    shown: Option<Nudge>,
    /// What the user does that stops nudges …
    held: Stops,
    /// … and what the newest moment tells of the sound.
    unsure: Stops,
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
            spoken: SpokenRules::default(),
            sound: SoundRule::default(),
            sparse: Sparse::default(),
            shown: None,
            held: Stops::default(),
            unsure: Stops::default(),
            policy,
        }
    }

    /// The target becomes the mode's, or the user's own.
    pub fn aim(&mut self, mode: Mode, own: Option<f64>) {
        self.share.aim(own.unwrap_or_else(|| self.policy.target(mode)));
    }

    /// The call begins at `at`, with an ice-breaker of this length: until that is over no nudge appears but `audio`, and
    /// no talk counts.
    pub fn begin(&mut self, at: SampleTime, icebreaker: Samples) {
        self.counted_from = at + icebreaker;
    }

    /// Looks at the next moment.
    pub fn step(&mut self, moment: &Moment) -> Option<Change> {
        self.learn(moment);
        if let Some(kind) = self.taken_back(moment) {
            self.shown = None;
            return Some(Change::Withdraw(kind));
        }
        let due = self.due(moment);
        if let Some(why) = due.into_iter().flatten().find(|why| self.may_show(why.kind())) {
            return Some(self.show(why));
        }
        let over = self.shown.as_ref().is_some_and(|nudge| self.is_over(nudge));
        over.then(|| {
            self.shown = None;
            Change::Expire
        })
    }

    /// The shown nudge is not wanted: its kind comes half as often, and after the second time no more. Gives its kind;
    /// `None` where none is shown.
    pub fn dismiss(&mut self, now: SampleTime) -> Option<Kind> {
        self.now = self.now.max(now);
        let kind = self.shown.take().filter(|nudge| !self.is_over(nudge))?.kind();
        self.sparse.dismiss(&self.policy, kind);
        if kind == Kind::Monologue {
            self.monologue.dismissed();
        }
        Some(kind)
    }

    /// No nudge of the kind for the rest of the call; a shown one is gone.
    pub fn mute(&mut self, kind: Kind) {
        self.sparse.mute(kind);
        self.shown.take_if(|nudge| nudge.kind() == kind);
    }

    /// The kind is wanted again, as if none had been dismissed.
    pub fn unmute(&mut self, kind: Kind) {
        self.sparse.unmute(kind);
    }

    /// No advice for so long; no time at all ends it. What is shown is gone, unless it is of the sound: that is told all
    /// the same.
    pub fn snooze(&mut self, now: SampleTime, length: Samples) {
        let until = (length > Samples::ZERO).then(|| now + length);
        self.sparse.snooze(until);
        self.shown.take_if(|nudge| !self.sparse.wants(nudge.kind(), now));
    }

    /// The user does something that stops nudges, or no longer: is muted in the call, pauses, goes off the record. What
    /// is shown and is stopped by it is gone.
    pub fn hold(&mut self, why: Stopped, so: bool) {
        self.held.set(why, so);
        self.shown.take_if(|nudge| so && why.stops(nudge.kind()));
    }

    /// What was heard since is erased, what the user wants is not: the quiet that was asked for holds, and what was shown
    /// counts as shown.
    pub fn keep_wishes(&mut self, of: &Self) {
        self.sparse = of.sparse.clone();
        self.held = of.held;
        self.shown.take_if(|nudge| self.held.stop(nudge.kind()));
    }

    /// The nudge that is shown.
    pub fn shown(&self) -> Option<&Nudge> {
        self.shown.as_ref()
    }

    /// Until when there is no nudge but of the sound, if the user wants none.
    pub fn snoozed_until(&self) -> Option<SampleTime> {
        self.sparse.snoozed_until().filter(|until| *until > self.now)
    }

    /// The kinds that the user does not want in this call, be it said or shown by dismissing.
    pub fn muted_kinds(&self) -> impl Iterator<Item = Kind> + '_ {
        Kind::ALL.into_iter().filter(|kind| self.sparse.is_muted(*kind))
    }

    /// Why nudges are stopped now: the gravest reason. [`Stopped::stops`] says which.
    pub fn stopped(&self) -> Option<Stopped> {
        self.held.and(self.unsure).gravest()
    }

    /// How much of the ice-breaker is left.
    pub fn icebreaker_left(&self) -> Samples {
        self.counted_from - self.now
    }

    /// The moment from which talk counts: the end of the ice-breaker, or the call's begin.
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

    fn learn(&mut self, moment: &Moment) {
        self.now = moment.now;
        self.unsure = moment.stops;
        if !self.breaks_the_ice() {
            self.share.learn(&self.policy, moment);
        }
        self.monologue.learn(moment);
        self.cut_in.learn(&self.policy, moment);
        self.listening.learn(moment);
        self.spoken.learn(moment);
        self.sound.learn(moment);
    }

    /// All that would be said now if it may be, the first first.
    fn due(&self, moment: &Moment) -> [Option<Why>; 9] {
        let policy = &self.policy;
        let [closed_run, regrab, pace, fillers] = self.spoken.due(policy, moment);
        [
            self.cut_in.due(moment),
            self.monologue.due(policy, moment),
            self.share.due(policy, moment, self.counted_from),
            closed_run,
            regrab,
            pace,
            fillers,
            self.listening.due(policy, moment),
            self.sound.due(policy, moment),
        ]
    }

    /// The shown nudge's kind, if what it was shown for is not so.
    fn taken_back(&mut self, moment: &Moment) -> Option<Kind> {
        let over = self.monologue.is_over(&self.policy, moment);
        let so = match &self.shown.as_ref()?.why {
            Why::Monologue { .. } => !over,
            Why::CutIn(shown) => !CutInRule::is_none(shown, moment),
            _ => true,
        };
        (!so).then(|| self.shown.as_ref().map(Nudge::kind))?
    }

    fn may_show(&self, kind: Kind) -> bool {
        let sure = self.policy.kinds[kind] && !self.held.and(self.unsure).stop(kind);
        if !sure || (self.breaks_the_ice() && kind != Kind::Audio) {
            return false;
        }
        if kind == Kind::Monologue && self.monologue.told() {
            return self.sparse.wants(kind, self.now);
        }
        let free = self.shown.as_ref().is_none_or(|nudge| kind == Kind::CutIn || self.is_over(nudge));
        free && self.sparse.allows(&self.policy, kind, self.now)
    }

    fn show(&mut self, why: Why) -> Change {
        let escalates = self.monologue.told();
        match why {
            Why::Share { .. } => self.share.show(),
            Why::Monologue { tier, .. } => self.monologue.show(&self.policy, tier),
            Why::CutIn(_) => self.cut_in.show(),
            Why::Listening { .. } => self.listening.show(),
            Why::Audio(sound) => self.sound.show(sound),
            Why::Regrab(_) | Why::ClosedRun { .. } | Why::Pace { .. } | Why::Fillers(_) => self.spoken.show(&why),
        }
        let nudge = Nudge { why, at: self.now };
        if nudge.kind() != Kind::Monologue || !escalates {
            self.sparse.remember(self.now, nudge.kind());
        }
        self.shown = Some(nudge.clone());
        Change::Show(nudge)
    }

    fn is_over(&self, nudge: &Nudge) -> bool {
        self.now - nudge.at >= self.policy.shown
    }

    fn breaks_the_ice(&self) -> bool {
        self.now < self.counted_from
    }
}

#[cfg(test)]
mod tests;
