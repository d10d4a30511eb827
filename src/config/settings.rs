//! Every setting: its place in the file, what it means, and which values are allowed.

use std::fmt;
use std::path::PathBuf;

use crate::config::Config;
use crate::nudges::{Mode, NudgeKind};
use crate::time::Samples;

/// A setting.
pub(super) struct Setting {
    pub(super) section: &'static str,
    /// Its name in the file, with its unit at the end if it has one.
    pub(super) name: &'static str,
    /// What it means, as a sentence.
    pub(super) about: &'static str,
    pub(super) kind: SettingKind,
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.section, self.name)
    }
}

/// The values that a setting may have, and its place in [`Config`]. The place is given to be changed; a copy serves for
/// reading.
#[derive(Clone, Copy)]
pub(super) enum SettingKind {
    Flag(fn(&mut Config) -> &mut bool),
    Count(AllowedRange<u32>, fn(&mut Config) -> &mut u32),
    /// A share of 0 to 1.
    Share(AllowedRange<f64>, fn(&mut Config) -> &mut f64),
    Length(SettingUnit, AllowedRange<u64>, fn(&mut Config) -> &mut Samples),
    /// Three lengths, each longer than the one before.
    Lengths(SettingUnit, AllowedRange<u64>, fn(&mut Config) -> &mut [Samples; 3]),
    /// A path, from the root or from `~/`, the user's own folder.
    Path(fn(&mut Config) -> &mut Option<PathBuf>),
    /// Words, none of them empty.
    Words(fn(&mut Config) -> &mut Vec<String>),
}

/// A range of values, both ends included.
#[derive(Clone, Copy)]
pub(super) struct AllowedRange<T> {
    pub(super) low: T,
    pub(super) high: T,
}

#[derive(Clone, Copy)]
pub(super) enum SettingUnit {
    Milliseconds,
    Seconds,
    Minutes,
}

impl SettingUnit {
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

impl SettingKind {
    /// The allowed values, as the rest of a sentence.
    pub(super) fn allowed_values(&self) -> String {
        match self {
            Self::Flag(_) => "true or false".to_owned(),
            Self::Count(AllowedRange { low, high }, _) => format!("a whole number from {low} to {high}"),
            Self::Share(AllowedRange { low, high }, _) => format!("a number from {low} to {high}"),
            Self::Length(unit, AllowedRange { low, high }, _) => {
                format!("a whole number of {} from {low} to {high}", unit.name())
            }
            Self::Lengths(unit, AllowedRange { low, high }, _) => {
                format!("three rising whole numbers of {} from {low} to {high}", unit.name())
            }
            Self::Words(_) => "a list of words, such as [\"one\", \"another\"]".to_owned(),
            Self::Path(_) => "a path that begins with / or ~/, or \"\" for none".to_owned(),
        }
    }

    /// The value, as the file writes it.
    pub(super) fn format_value(&self, config: &Config) -> String {
        let mut copy = config.clone();
        match self {
            Self::Flag(place) => place(&mut copy).to_string(),
            Self::Count(_, place) => place(&mut copy).to_string(),
            Self::Share(_, place) => format_share(*place(&mut copy)),
            Self::Length(unit, _, place) => unit.count(*place(&mut copy)).to_string(),
            Self::Lengths(unit, _, place) => {
                let counts = place(&mut copy).map(|length| unit.count(length).to_string());
                format!("[{}]", counts.join(", "))
            }
            Self::Words(place) => {
                let words = place(&mut copy).iter().map(|word| format!("{word:?}"));
                format!("[{}]", words.collect::<Vec<_>>().join(", "))
            }
            Self::Path(place) => {
                let path = place(&mut copy).take().unwrap_or_default();
                format!("{:?}", path.to_string_lossy())
            }
        }
    }
}

/// A share with two decimal places, or with more if it needs them.
fn format_share(value: f64) -> String {
    let short = format!("{value:.2}");
    if short.parse() == Ok(value) { short } else { value.to_string() }
}

/// A setting that must stay under another one.
pub(super) struct Constraint {
    pub(super) low: (&'static str, &'static str),
    pub(super) high: (&'static str, &'static str),
    pub(super) is_met: fn(&Config) -> bool,
}

/// What must hold between settings.
pub(super) const CONSTRAINTS: &[Constraint] = &[
    Constraint {
        low: ("nudges", "share_rearms"),
        high: ("nudges", "share_arms"),
        is_met: |config| config.policy.share_rearms < config.policy.share_arms,
    },
    Constraint {
        low: ("nudges", "pause_ms"),
        high: ("nudges", "handed_over_ms"),
        is_met: |config| config.policy.pause < config.policy.handover_pause,
    },
    Constraint {
        low: ("nudges", "good_wait_from_ms"),
        high: ("nudges", "good_wait_to_s"),
        is_met: |config| config.policy.good_wait_from < config.policy.good_wait_to,
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
    ("notes", "Your own notes on people, as Obsidian and other programs for Markdown read them."),
    ("calendar", "Your own calendar, in which the next 1on1 is found before a call; it is read where it lies."),
    ("agent", "What `keicho agent` takes for a call."),
];

const fn range<T>(low: T, high: T) -> AllowedRange<T> {
    AllowedRange { low, high }
}

/// A table of settings, in shorthand: each takes a line or two.
macro_rules! keys {
    ($($section:literal { $($name:literal $about:literal $kind:expr;)* })*) => {
        &[$($(Setting { section: $section, name: $name, about: $about, kind: $kind },)*)*]
    };
}

use SettingKind::{Count, Flag, Length, Lengths, Path, Share, Words};
use SettingUnit::{Milliseconds, Minutes, Seconds};

/// Every setting, in the order of the file.
pub(super) const SETTINGS: &[Setting] = keys! {
    "targets" {
        "listening" "The other side's time." Share(range(0.1, 0.9), |c| c.policy.targets.get_mut(Mode::Listening));
        "coaching" "Questions that help the other think." Share(range(0.1, 0.9), |c| c.policy.targets.get_mut(Mode::Coaching));
        "feedback" "Both have something to say." Share(range(0.1, 0.9), |c| c.policy.targets.get_mut(Mode::Feedback));
        "teaching" "You explain." Share(range(0.1, 0.9), |c| c.policy.targets.get_mut(Mode::Teaching));
    }
    "kinds" {
        "share" "You talk more than the mode aims at." Flag(|c| &mut c.policy.kinds[NudgeKind::Share]);
        "monologue" "You have been talking for long." Flag(|c| &mut c.policy.kinds[NudgeKind::Monologue]);
        "cut_in" "You interrupted them, and they gave way." Flag(|c| &mut c.policy.kinds[NudgeKind::CutIn]);
        "listening" "They have been talking for long without a sound of yours."
            Flag(|c| &mut c.policy.kinds[NudgeKind::Listening]);
        "regrab" "You broke silences after your own questions." Flag(|c| &mut c.policy.kinds[NudgeKind::Regrab]);
        "closed_run" "Your questions in a row were closed or chased progress."
            Flag(|c| &mut c.policy.kinds[NudgeKind::ClosedRun]);
        "pace" "You speak faster than you usually do." Flag(|c| &mut c.policy.kinds[NudgeKind::Pace]);
        "fillers" "Filled pauses, one close upon another." Flag(|c| &mut c.policy.kinds[NudgeKind::Fillers]);
        "audio" "The sound of the call is in trouble." Flag(|c| &mut c.policy.kinds[NudgeKind::Audio]);
    }
    "nudges" {
        "apart_s" "At most one nudge in this time; cut_in and audio stand outside it."
            Length(Seconds, range(20, 3_600), |c| &mut c.policy.spacing);
        "kind_apart_s" "At most one of a kind in this time." Length(Seconds, range(20, 7_200), |c| &mut c.policy.kind_spacing);
        "most" "At most so many nudges …" Count(range(1, 60), |c| &mut c.policy.max_nudges);
        "most_in_min" "… in this time." Length(Minutes, range(5, 240), |c| &mut c.policy.max_nudges_window);
        "shown_s" "A nudge is shown for so long." Length(Seconds, range(3, 60), |c| &mut c.policy.shown_for);
        "dismissed_times" "Each dismissal makes the time between two of the kind so many times as long, …"
            Count(range(1, 10), |c| &mut c.policy.dismissal_factor);
        "dismissals_mute" "… and so many mute the kind for the call." Count(range(1, 20), |c| &mut c.policy.dismissals_mute);
        "share_from_s" "No nudge about the talk share before." Length(Seconds, range(0, 3_600), |c| &mut c.policy.share_from);
        "share_recent_s" "The talk share of the last minutes is that of so long."
            Length(Seconds, range(60, 1_800), |c| &mut c.policy.share_recent);
        "share_arms" "It is told so far over the target (0.10 is ten points) …"
            Share(range(0.01, 0.5), |c| &mut c.policy.share_arms);
        "share_held_s" "… if it has been over for so long, …" Length(Seconds, range(0, 600), |c| &mut c.policy.share_held);
        "share_rearms" "… and again only once it was under this far over the target."
            Share(range(0.0, 0.5), |c| &mut c.policy.share_rearms);
        "monologue_s" "Lengths of a monologue that are told." Lengths(Seconds, range(10, 3_600), |c| &mut c.policy.monologue_tiers);
        "pause_ms" "A pause of this length is a moment for a nudge, …"
            Length(Milliseconds, range(200, 2_000), |c| &mut c.policy.pause);
        "handed_over_ms" "… and one of this length hands over." Length(Milliseconds, range(500, 3_000), |c| {
            &mut c.policy.handover_pause
        });
        "cut_in_within_s" "An interruption is told no later after they gave way."
            Length(Seconds, range(2, 30), |c| &mut c.policy.cut_in_within);
        "listening_after_s" "They have talked for so long without a sound of yours."
            Length(Seconds, range(15, 1_800), |c| &mut c.policy.listening_after);
        "regrab_under_ms" "A silence after your own question that you break sooner is a re-grab; …"
            Length(Milliseconds, range(500, 10_000), |c| &mut c.policy.regrab_under);
        "regrabs" "… so many are told." Count(range(1, 20), |c| &mut c.policy.regrabs);
        "closed_run" "So many closed questions in a row are told, …" Count(range(2, 20), |c| &mut c.policy.closed_run);
        "closed_run_within_s" "… while the last one is no older."
            Length(Seconds, range(10, 1_800), |c| &mut c.policy.closed_run_within);
        "pace_over" "So far over your own usual pace (0.20 is a fifth) …" Share(range(0.05, 1.0), |c| &mut c.policy.pace_over);
        "pace_over_s" "… over so much of your own speech." Length(Seconds, range(10, 300), |c| &mut c.policy.pace_over_time);
        "fillers" "So many filled pauses …" Count(range(2, 50), |c| &mut c.policy.fillers);
        "fillers_in_s" "… in so much of your own speech." Length(Seconds, range(5, 300), |c| &mut c.policy.fillers_in);
        "audio_lost_s" "Sound that is lost for so long is a device that is gone."
            Length(Seconds, range(1, 60), |c| &mut c.policy.audio_lost);
        "good_wait_from_ms" "A silence after your own speech glows as a good wait from here …"
            Length(Milliseconds, range(500, 10_000), |c| &mut c.policy.good_wait_from);
        "good_wait_to_s" "… to here." Length(Seconds, range(2, 60), |c| &mut c.policy.good_wait_to);
        "baseline_calls" "After so many calls a target of your own is proposed, …"
            Count(range(3, 50), |c| &mut c.policy.baseline_calls);
        "step" "… so far under your usual share at the most (0.08 is eight points)."
            Share(range(0.01, 0.3), |c| &mut c.policy.target_step);
    }
    "start" {
        "icebreaker_min" "The ice-breaker, in which small talk is welcome; 0 is none."
            Length(Minutes, range(0, 30), |c| &mut c.start_defaults.icebreaker);
    }
    "off_record" {
        "last_min" "So much of what was said before." Length(Minutes, range(0, 60), |c| &mut c.off_record.last);
        "next_min" "So much of what follows; it can be ended sooner."
            Length(Minutes, range(1, 60), |c| &mut c.off_record.next);
    }
    "keep" {
        "transcript" "What was said; tell the other person." Flag(|c| &mut c.retention.transcript);
        "days" "After so many days a call is forgotten." Count(range(1, 3_650), |c| &mut c.retention.days);
    }
    "notes" {
        "folder" "Each live call adds its figures, agenda and check-in to NAME.md in this folder; nothing there is forgotten."
            Path(|c| &mut c.notes_folder);
    }
    "calendar" {
        "path" "A calendar (.ics), or a folder of them: with whom the next 1on1 within the hour is, and for how long."
            Path(|c| &mut c.calendar);
    }
    "agent" {
        "applications" "An application is one for calls if its name holds one of these." Words(|c| &mut c.agent.applications);
        "asks_after_s" "It records a microphone and plays for so long before you are asked."
            Length(Seconds, range(0, 600), |c| &mut c.agent.asks_after);
        "ends_after_s" "A call that was begun so ends once the application has recorded no more for so long."
            Length(Seconds, range(1, 3_600), |c| &mut c.agent.ends_after);
    }
};
