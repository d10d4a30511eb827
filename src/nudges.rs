//! Whispers to the manager: when, how often, in what words. Sparse advice at a breakpoint beats continuous advice (Rhema
//! 2015; Iqbal & Bailey 2008); every constant stands in [`Policy`].
//!
//! Judges only the manager's own behaviour, from settled figures; the other side gives the moment. Owns the policy and
//! its state. Leaves to the page how long a nudge is seen.

mod monologue;
mod share;

use std::collections::VecDeque;

use crate::time::{SampleTime, Samples, Span};

use monologue::MonologueRule;
use share::ShareRule;

/// What the call is for. It sets how much of the talk should be the manager's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The other side's time.
    #[default]
    Listening,
    /// Questions that help the other think.
    Coaching,
    /// Both have something to say.
    Feedback,
    /// The manager explains.
    Teaching,
}

impl Mode {
    /// All modes, the default first.
    pub const ALL: [Self; 4] = [Self::Listening, Self::Coaching, Self::Feedback, Self::Teaching];

    /// The manager's share of the talk that the mode aims at, 0 to 1.
    pub fn target(self) -> f64 {
        match self {
            Self::Listening | Self::Coaching => 0.30,
            Self::Feedback => 0.50,
            Self::Teaching => 0.60,
        }
    }

    /// The name on the command line, the wire and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Listening => "listening",
            Self::Coaching => "coaching",
            Self::Feedback => "feedback",
            Self::Teaching => "teaching",
        }
    }
}

/// The constants of the rules. [`Policy::default`] is for calls, [`Policy::demo`] for the two minutes of the demo.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// No talk-share nudge before.
    pub share_from: Samples,
    /// A talk-share nudge arms this far over the target (a share, 0 to 1) …
    pub share_arms: f64,
    /// … held for so long, …
    pub share_held: Samples,
    /// … and again only after the share fell under this far over the target.
    pub share_rearms: f64,
    /// Lengths of a monologue that are told.
    pub tiers: [Samples; 3],
    /// A monologue is told in an own pause of this length …
    pub pause: Samples,
    /// … and taken back when the pause reaches this one: the turn is over anyway.
    pub handed_over: Samples,
    /// At most one nudge in this time.
    pub apart: Samples,
    /// At most one of a kind in this time.
    pub kind_apart: Samples,
    /// At most so many …
    pub most: usize,
    /// … in this time.
    pub most_in: Samples,
    /// How long a nudge is shown.
    pub shown: Samples,
    /// Whether these are the demo's shortened times.
    pub demo: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            share_from: Samples::from_secs(180),
            share_arms: 0.10,
            share_held: Samples::from_secs(20),
            share_rearms: 0.03,
            tiers: [Samples::from_secs(60), Samples::from_secs(90), Samples::from_secs(150)],
            pause: Samples::from_ms(400),
            handed_over: Samples::from_ms(1_000),
            apart: Samples::from_secs(90),
            kind_apart: Samples::from_secs(300),
            most: 6,
            most_in: Samples::from_secs(30 * 60),
            shown: Samples::from_secs(8),
            demo: false,
        }
    }
}

impl Policy {
    /// Times that fit a call of two minutes.
    pub fn demo() -> Self {
        Self {
            share_from: Samples::from_secs(20),
            share_held: Samples::from_secs(5),
            tiers: [Samples::from_secs(15), Samples::from_secs(25), Samples::from_secs(40)],
            apart: Samples::from_secs(20),
            kind_apart: Samples::from_secs(40),
            demo: true,
            ..Self::default()
        }
    }
}

/// What a nudge is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// I talk more than the mode aims at.
    Share,
    /// I have been talking for long.
    Monologue,
}

impl Kind {
    /// The name on the wire and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Monologue => "monologue",
        }
    }

    /// What the page says: at most 12 characters in Japanese, four words in English.
    pub fn words(self) -> Words {
        match self {
            Self::Share => Words { ja: "問いかけてみる？", en: "Ask, then wait" },
            Self::Monologue => Words { ja: "相手に渡す？", en: "Over to them" },
        }
    }
}

/// One thing said in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Japanese.
    pub ja: &'static str,
    /// English.
    pub en: &'static str,
}

/// A nudge with the figures that fired it.
#[derive(Clone, Debug, PartialEq)]
pub struct Nudge {
    /// What it is about, and why it fired.
    pub why: Why,
    /// When it appeared.
    pub at: SampleTime,
}

impl Nudge {
    /// What it is about.
    pub fn kind(&self) -> Kind {
        match self.why {
            Why::Share { .. } => Kind::Share,
            Why::Monologue { .. } => Kind::Monologue,
        }
    }
}

/// The figures that fired a nudge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Why {
    /// Both windows were over the target for long enough.
    Share {
        /// My share of the last minutes, 0 to 1.
        recent: f64,
        /// My share of the call so far.
        call: f64,
        /// The mode's target.
        target: f64,
    },
    /// My monologue reached a tier.
    Monologue {
        /// The tier.
        tier: Samples,
        /// How long the monologue was when the nudge appeared.
        length: Samples,
    },
}

/// What the rules look at, every 10 ms.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moment {
    /// Now.
    pub now: SampleTime,
    /// My share of the last minutes, 0 to 1.
    pub recent_share: Option<f64>,
    /// My share of the call so far.
    pub call_share: Option<f64>,
    /// My monologue that is going on.
    pub monologue: Option<Span>,
    /// How long both have been silent since I spoke last; `None` while anybody speaks.
    pub my_pause: Option<Samples>,
    /// Whether the text says that my last words before the pause were a question.
    pub asked: bool,
    /// Whether the other side's floor span has just become certain, and I held the floor before it.
    pub handed_over: bool,
    /// Whether sound of a track is being lost, so that no figure is sure.
    pub unsure: bool,
}

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
    share: ShareRule,
    monologue: MonologueRule,
    /// What was shown, oldest first; an escalation of a shown one counts once.
    history: VecDeque<(SampleTime, Kind)>,
    shown: Option<Nudge>,
}

impl Nudges {
    /// The rules for a call of this mode.
    pub fn new(policy: Policy, mode: Mode) -> Self {
        Self {
            share: ShareRule::new(mode.target()),
            monologue: MonologueRule::default(),
            history: VecDeque::new(),
            shown: None,
            policy,
        }
    }

    /// Looks at the next moment.
    pub fn step(&mut self, moment: &Moment) -> Option<Change> {
        self.share.learn(&self.policy, moment);
        self.monologue.learn(moment);
        if moment.unsure {
            return self.expire(moment.now);
        }
        if let Some(kind) = self.monologue.withdraw(&self.policy, moment) {
            self.shown = None;
            return Some(Change::Withdraw(kind));
        }
        let escalates = self.monologue.told();
        if let Some(why @ Why::Monologue { tier, .. }) = self.monologue.due(&self.policy, moment)
            && (escalates || self.sparse(Kind::Monologue, moment.now))
        {
            self.monologue.show(&self.policy, tier);
            return Some(self.show(why, moment.now, !escalates));
        }
        if let Some(why) = self.share.due(&self.policy, moment)
            && self.sparse(Kind::Share, moment.now)
        {
            self.share.show();
            return Some(self.show(why, moment.now, true));
        }
        self.expire(moment.now)
    }

    /// The nudge that is shown.
    pub fn shown(&self) -> Option<&Nudge> {
        self.shown.as_ref()
    }

    /// The constants in force.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    fn show(&mut self, why: Why, at: SampleTime, counts: bool) -> Change {
        let nudge = Nudge { why, at };
        if counts {
            self.history.push_back((at, nudge.kind()));
        }
        self.shown = Some(nudge.clone());
        Change::Show(nudge)
    }

    /// Rule 4: whether another nudge may appear now.
    fn sparse(&mut self, kind: Kind, now: SampleTime) -> bool {
        let policy = &self.policy;
        while self.history.front().is_some_and(|(at, _)| now - *at >= policy.most_in) {
            self.history.pop_front();
        }
        self.history.len() < policy.most
            && self.history.iter().all(|(at, shown)| {
                now - *at >= if *shown == kind { policy.kind_apart.max(policy.apart) } else { policy.apart }
            })
    }

    fn expire(&mut self, now: SampleTime) -> Option<Change> {
        let over = self.shown.as_ref().is_some_and(|nudge| now - nudge.at >= self.policy.shown);
        over.then(|| {
            self.shown = None;
            Change::Expire
        })
    }
}

#[cfg(test)]
mod tests;
