//! Every setting: its place in the file, what it means, what it may be.

use std::fmt;

use crate::config::Config;
use crate::nudges::{Kind, Mode};
use crate::time::Samples;

/// A setting.
pub(super) struct Key {
    pub(super) section: &'static str,
    /// With its unit at the end, where it has one.
    pub(super) name: &'static str,
    /// What it means, as a sentence.
    pub(super) about: &'static str,
    pub(super) holds: Holds,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.section, self.name)
    }
}

/// What a setting may be, and where it is kept. Places are given to be changed; a copy serves for reading.
#[derive(Clone, Copy)]
pub(super) enum Holds {
    Flag(fn(&mut Config) -> &mut bool),
    Count(Range<u32>, fn(&mut Config) -> &mut u32),
    /// 0 to 1.
    Share(Range<f64>, fn(&mut Config) -> &mut f64),
    Length(Unit, Range<u64>, fn(&mut Config) -> &mut Samples),
    /// Each longer than the one before.
    Lengths(Unit, Range<u64>, fn(&mut Config) -> &mut [Samples; 3]),
}

/// Both ends are allowed.
#[derive(Clone, Copy)]
pub(super) struct Range<T> {
    pub(super) low: T,
    pub(super) high: T,
}

#[derive(Clone, Copy)]
pub(super) enum Unit {
    Milliseconds,
    Seconds,
    Minutes,
}

impl Unit {
    pub(super) fn length(self, count: u64) -> Samples {
        Samples::from_ms(count * self.ms())
    }

    pub(super) fn count(self, length: Samples) -> u64 {
        length.as_ms() / self.ms()
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Milliseconds => "milliseconds",
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
        }
    }

    fn ms(self) -> u64 {
        match self {
            Self::Milliseconds => 1,
            Self::Seconds => 1_000,
            Self::Minutes => 60_000,
        }
    }
}

impl Holds {
    /// What it may be, as the rest of a sentence.
    pub(super) fn allowed(&self) -> String {
        match self {
            Self::Flag(_) => "true or false".to_owned(),
            Self::Count(Range { low, high }, _) => format!("a whole number from {low} to {high}"),
            Self::Share(Range { low, high }, _) => format!("a number from {low} to {high}"),
            Self::Length(unit, Range { low, high }, _) => {
                format!("a whole number of {} from {low} to {high}", unit.name())
            }
            Self::Lengths(unit, Range { low, high }, _) => {
                format!("three rising whole numbers of {} from {low} to {high}", unit.name())
            }
        }
    }

    /// The value, as the file writes it.
    pub(super) fn written(&self, config: &Config) -> String {
        let mut copy = config.clone();
        match self {
            Self::Flag(place) => place(&mut copy).to_string(),
            Self::Count(_, place) => place(&mut copy).to_string(),
            Self::Share(_, place) => share(*place(&mut copy)),
            Self::Length(unit, _, place) => unit.count(*place(&mut copy)).to_string(),
            Self::Lengths(unit, _, place) => {
                let counts = place(&mut copy).map(|length| unit.count(length).to_string());
                format!("[{}]", counts.join(", "))
            }
        }
    }
}

/// To two places where that says it all.
fn share(value: f64) -> String {
    let short = format!("{value:.2}");
    if short.parse() == Ok(value) { short } else { value.to_string() }
}

/// A setting that must stay under another.
pub(super) struct Order {
    pub(super) low: (&'static str, &'static str),
    pub(super) high: (&'static str, &'static str),
    pub(super) holds: fn(&Config) -> bool,
}

/// What must hold between settings.
pub(super) const ORDERS: &[Order] = &[
    Order {
        low: ("nudges", "share_rearms"),
        high: ("nudges", "share_arms"),
        holds: |config| config.policy.share_rearms < config.policy.share_arms,
    },
    Order {
        low: ("nudges", "pause_ms"),
        high: ("nudges", "handed_over_ms"),
        holds: |config| config.policy.pause < config.policy.handed_over,
    },
    Order {
        low: ("nudges", "good_wait_from_ms"),
        high: ("nudges", "good_wait_to_s"),
        holds: |config| config.policy.wait_from < config.policy.wait_to,
    },
];

/// The sections, in the order of the file, and what each is about.
pub(super) const SECTIONS: &[(&str, &str)] = &[
    ("targets", "Your share of the talk that each mode aims at, 0 to 1."),
    ("kinds", "Which nudges there are."),
    ("nudges", "When and how often nudges appear."),
    ("start", "What is chosen before a call unless the start page says otherwise."),
    ("off_record", "How much of a call \"off the record\" leaves out."),
    ("keep", "What is kept of a live call."),
];

const fn to<T>(low: T, high: T) -> Range<T> {
    Range { low, high }
}

/// Shorthands, so that a setting is a line or two below.
macro_rules! keys {
    ($($section:literal { $($name:literal $about:literal $holds:expr;)* })*) => {
        &[$($(Key { section: $section, name: $name, about: $about, holds: $holds },)*)*]
    };
}

use Holds::{Count, Flag, Length, Lengths, Share};
use Unit::{Milliseconds, Minutes, Seconds};

/// Every setting, in the order of the file.
pub(super) const KEYS: &[Key] = keys! {
    "targets" {
        "listening" "The other side's time." Share(to(0.1, 0.9), |c| c.policy.targets.at(Mode::Listening));
        "coaching" "Questions that help the other think." Share(to(0.1, 0.9), |c| c.policy.targets.at(Mode::Coaching));
        "feedback" "Both have something to say." Share(to(0.1, 0.9), |c| c.policy.targets.at(Mode::Feedback));
        "teaching" "You explain." Share(to(0.1, 0.9), |c| c.policy.targets.at(Mode::Teaching));
    }
    "kinds" {
        "share" "You talk more than the mode aims at." Flag(|c| &mut c.policy.kinds[Kind::Share]);
        "monologue" "You have been talking for long." Flag(|c| &mut c.policy.kinds[Kind::Monologue]);
        "cut_in" "You interrupted them, and they gave way." Flag(|c| &mut c.policy.kinds[Kind::CutIn]);
        "listening" "They have been talking for long without a sound of yours."
            Flag(|c| &mut c.policy.kinds[Kind::Listening]);
        "regrab" "You broke silences after your own questions." Flag(|c| &mut c.policy.kinds[Kind::Regrab]);
        "closed_run" "Your questions in a row were closed or chased progress."
            Flag(|c| &mut c.policy.kinds[Kind::ClosedRun]);
        "pace" "You speak faster than you usually do." Flag(|c| &mut c.policy.kinds[Kind::Pace]);
        "fillers" "Filled pauses, one close upon another." Flag(|c| &mut c.policy.kinds[Kind::Fillers]);
        "audio" "The sound of the call is in trouble." Flag(|c| &mut c.policy.kinds[Kind::Audio]);
    }
    "nudges" {
        "apart_s" "At most one nudge in this time; cut_in and audio stand outside it."
            Length(Seconds, to(20, 3_600), |c| &mut c.policy.apart);
        "kind_apart_s" "At most one of a kind in this time." Length(Seconds, to(20, 7_200), |c| &mut c.policy.kind_apart);
        "most" "At most so many nudges …" Count(to(1, 60), |c| &mut c.policy.most);
        "most_in_min" "… in this time." Length(Minutes, to(5, 240), |c| &mut c.policy.most_in);
        "shown_s" "A nudge is shown for so long." Length(Seconds, to(3, 60), |c| &mut c.policy.shown);
        "dismissed_times" "Each dismissal makes the time between two of the kind so many times as long, …"
            Count(to(1, 10), |c| &mut c.policy.dismissed_times);
        "dismissals_mute" "… and so many mute the kind for the call." Count(to(1, 20), |c| &mut c.policy.dismissals_mute);
        "share_from_s" "No nudge about the talk share before." Length(Seconds, to(0, 3_600), |c| &mut c.policy.share_from);
        "share_recent_s" "The talk share of the last minutes is that of so long."
            Length(Seconds, to(60, 1_800), |c| &mut c.policy.share_recent);
        "share_arms" "It is told so far over the target (0.10 is ten points) …"
            Share(to(0.01, 0.5), |c| &mut c.policy.share_arms);
        "share_held_s" "… if it has been over for so long, …" Length(Seconds, to(0, 600), |c| &mut c.policy.share_held);
        "share_rearms" "… and again only once it was under this far over the target."
            Share(to(0.0, 0.5), |c| &mut c.policy.share_rearms);
        "monologue_s" "Lengths of a monologue that are told." Lengths(Seconds, to(10, 3_600), |c| &mut c.policy.tiers);
        "pause_ms" "A pause of this length is a moment for a nudge, …"
            Length(Milliseconds, to(200, 2_000), |c| &mut c.policy.pause);
        "handed_over_ms" "… and one of this length hands over." Length(Milliseconds, to(500, 3_000), |c| {
            &mut c.policy.handed_over
        });
        "cut_in_within_s" "An interruption is told no later after they gave way."
            Length(Seconds, to(2, 30), |c| &mut c.policy.cut_in_within);
        "listening_after_s" "They have talked for so long without a sound of yours."
            Length(Seconds, to(15, 1_800), |c| &mut c.policy.listening_after);
        "regrab_under_ms" "A silence after your own question that you break sooner is a re-grab; …"
            Length(Milliseconds, to(500, 10_000), |c| &mut c.policy.regrab_under);
        "regrabs" "… so many are told." Count(to(1, 20), |c| &mut c.policy.regrabs);
        "closed_run" "So many closed questions in a row are told, …" Count(to(2, 20), |c| &mut c.policy.closed_run);
        "closed_run_within_s" "… while the last one is no older."
            Length(Seconds, to(10, 1_800), |c| &mut c.policy.closed_run_within);
        "pace_over" "So far over your own usual pace (0.20 is a fifth) …" Share(to(0.05, 1.0), |c| &mut c.policy.pace_over);
        "pace_over_s" "… over so much of your own speech." Length(Seconds, to(10, 300), |c| &mut c.policy.pace_over_time);
        "fillers" "So many filled pauses …" Count(to(2, 50), |c| &mut c.policy.fillers);
        "fillers_in_s" "… in so much of your own speech." Length(Seconds, to(5, 300), |c| &mut c.policy.fillers_in);
        "audio_lost_s" "Sound that is lost for so long is a device that is gone."
            Length(Seconds, to(1, 60), |c| &mut c.policy.audio_lost);
        "good_wait_from_ms" "A silence after your own speech glows as a good wait from here …"
            Length(Milliseconds, to(500, 10_000), |c| &mut c.policy.wait_from);
        "good_wait_to_s" "… to here." Length(Seconds, to(2, 60), |c| &mut c.policy.wait_to);
        "baseline_calls" "After so many calls a target of your own is proposed, …"
            Count(to(3, 50), |c| &mut c.policy.baseline_calls);
        "step" "… so far under your usual share at the most (0.08 is eight points)."
            Share(to(0.01, 0.3), |c| &mut c.policy.step);
    }
    "start" {
        "icebreaker_min" "The ice-breaker, in which small talk is welcome; 0 is none."
            Length(Minutes, to(0, 30), |c| &mut c.start.icebreaker);
    }
    "off_record" {
        "last_min" "So much of what was said before." Length(Minutes, to(0, 60), |c| &mut c.off_record.last);
        "next_min" "So much of what follows; it can be ended sooner."
            Length(Minutes, to(1, 60), |c| &mut c.off_record.next);
    }
    "keep" {
        "transcript" "What was said; tell the other person." Flag(|c| &mut c.keep.transcript);
        "days" "After so many days a call is forgotten." Count(to(1, 3_650), |c| &mut c.keep.days);
    }
};
