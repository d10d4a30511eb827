//! Which figures of a call are doubtful, and why: a table over what is known of its sound and its text.
//!
//! A figure without a doubt is sure. Leaves to the page how a doubt is said.

use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use crate::audio::{PerTrack, Track};
use crate::frontend::echo::Leak;
use crate::health::{SoundReport, Trouble};
use crate::time::Samples;

/// What figures rest on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConfidenceInput {
    /// How long the call was, or is so far.
    pub duration: Samples,
    /// How much of each track was lost.
    pub lost: PerTrack<Samples>,
    /// The leak from the far end into the microphone.
    pub leak: Leak,
    /// The sound; the default if there is none, as in a transcript.
    pub sound: SoundReport,
    /// Recognised speech as a part of all speech, 0 to 1; `None` without a recogniser, whose figures are then absent.
    pub text_coverage: Option<f64>,
    /// The same of each side alone; `None` if it said too little for that to say anything.
    pub text_coverage_by: PerTrack<Option<f64>>,
}

/// A group of figures that share their doubts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FigureGroup {
    /// Talk times and shares, turns, monologues and the conversation's shape.
    Talk,
    /// Interruptions, terminal and long overlaps.
    Interruptions,
    /// Backchannels.
    Backchannels,
    /// Silences.
    Silences,
    /// Offsets at floor transfers: patience, waiting and answering.
    Transfers,
    /// Filled pauses, repetitions and hesitation pauses.
    Hesitations,
    /// How fast people speak.
    Pace,
    /// Questions and their kinds.
    Questions,
}

/// How far a doubtful figure may be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Confidence {
    /// It may be wrong altogether.
    Low,
    /// It is about right.
    Medium,
}

/// What makes a figure doubtful.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DoubtReason {
    /// The part of a track that was lost, 0 to 1.
    LostAudio {
        /// Which.
        track: Track,
        /// Lost ÷ elapsed.
        share: f64,
    },
    /// The far end is heard in the microphone.
    Leak {
        /// Relative to the far end itself.
        level_db: Option<f32>,
    },
    /// The far end's speech has holes.
    Choppy {
        /// In a minute of its speech, over the whole call.
        holes_per_minute: Option<f64>,
    },
    /// A track was too loud to be written down.
    Clipping(Track),
    /// A track's speech was too quiet.
    Quiet(Track),
    /// A track's speech hardly stood out of its noise.
    Noisy(Track),
    /// Both tracks held the same sound.
    SameSound,
    /// My own voice came back on the far end's line.
    VoiceReturns,
    /// My microphone held noise only while the far end talked.
    NoVoice,
    /// Somebody else was heard near me.
    OtherVoices,
    /// A track was digitally silent though the call went on.
    Dead(Track),
    /// The part of the speech that has text, 0 to 1.
    TextMissing {
        /// Whose speech; `None` is both sides'.
        track: Option<Track>,
        /// Recognised ÷ handed to the recogniser.
        coverage: f64,
    },
    /// A transcript states no ends: they are guessed.
    GuessedEnds,
}

impl DoubtReason {
    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::LostAudio { .. } => "lost_audio",
            Self::Leak { .. } => "leak",
            Self::Choppy { .. } => "choppy",
            Self::Clipping(_) => "clipping",
            Self::Quiet(_) => "quiet",
            Self::Noisy(_) => "noisy",
            Self::SameSound => "same_sound",
            Self::VoiceReturns => "voice_returns",
            Self::NoVoice => "no_voice",
            Self::OtherVoices => "other_voices",
            Self::Dead(_) => "dead",
            Self::TextMissing { .. } => "text_missing",
            Self::GuessedEnds => "guessed_ends",
        }
    }

    /// The track that it comes from, if it is one's.
    pub fn track(self) -> Option<Track> {
        match self {
            Self::LostAudio { track, .. }
            | Self::Clipping(track)
            | Self::Quiet(track)
            | Self::Noisy(track)
            | Self::Dead(track) => Some(track),
            Self::Choppy { .. } => Some(Track::Them),
            Self::NoVoice | Self::OtherVoices => Some(Track::Me),
            Self::TextMissing { track, .. } => track,
            Self::Leak { .. } | Self::SameSound | Self::VoiceReturns | Self::GuessedEnds => None,
        }
    }
}

/// A figure that is not sure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DoubtfulFigure {
    /// Which figure.
    pub figure: FigureGroup,
    /// How far it may be relied on.
    pub confidence: Confidence,
    /// Why.
    pub reason: DoubtReason,
}

/// A track that gave nothing for such a part of the call shifts a talk share by about a point at half the talk …
const SOME_SHARE: f64 = 0.02;

/// … and for such a part by five and more: an average call's distance from its target is of that size.
const LARGE_SHARE: f64 = 0.10;

/// From here on a leak is so loud that double talk is heard in 92 % of its time and less (capture.md).
pub const LOUD_LEAK_DB: f32 = -12.0;

/// From here on hardly a sentence of theirs is whole: a hole every 5 s.
const BADLY_CHOPPY: f64 = 12.0;

/// Text of less speech than this leaves a question in ten unheard …
const ENOUGH_TEXT: f64 = 0.9;

/// … and of less than this, nearly every other.
const HALF_TEXT: f64 = 0.6;

/// Figures of who speaks when.
const FLOOR: &[FigureGroup] = &[
    FigureGroup::Talk,
    FigureGroup::Interruptions,
    FigureGroup::Backchannels,
    FigureGroup::Silences,
    FigureGroup::Transfers,
];

/// Figures that hang on short stretches and exact edges.
const EDGES: &[FigureGroup] = &[FigureGroup::Interruptions, FigureGroup::Backchannels, FigureGroup::Transfers];

/// Figures of what is said and how.
const SPEECH: &[FigureGroup] = &[FigureGroup::Hesitations, FigureGroup::Pace, FigureGroup::Questions];

/// Figures of what followed a question: they need both the question's text and who spoke when.
pub const WAITS: &[FigureGroup] = &[FigureGroup::Questions, FigureGroup::Transfers];

/// All that is doubtful: for each reason in the order of [`DoubtReason`] its figures in the order of [`FigureGroup`]. A figure
/// may be doubtful for several reasons.
pub fn doubtful_figures(grounds: &ConfidenceInput) -> Vec<DoubtfulFigure> {
    let mut doubts = Vec::new();
    let mut doubt = |reason, confidence: Option<Confidence>, figures: &[FigureGroup]| {
        if let Some(confidence) = confidence {
            doubts.extend(figures.iter().map(|figure| DoubtfulFigure { figure: *figure, confidence, reason }));
        }
    };
    let part = |length: Samples| length.fraction_of(grounds.duration).unwrap_or(0.0);
    let stood = |trouble| part(grounds.sound.trouble_time(trouble));

    for track in Track::BOTH {
        let share = part(grounds.lost[track]);
        let reason = DoubtReason::LostAudio { track, share };
        doubt(reason, above(share, SOME_SHARE, LARGE_SHARE), FLOOR);
        // Rates of what was heard stay right; counts are too low by as much as was lost.
        doubt(reason, above(share, SOME_SHARE, LARGE_SHARE), &[FigureGroup::Hesitations, FigureGroup::Questions]);
    }
    if grounds.leak.detected {
        let reason = DoubtReason::Leak { level_db: grounds.leak.level_db };
        let loud = grounds.leak.level_db.is_some_and(|level| level > LOUD_LEAK_DB);
        // What suffers is my own speech while they speak.
        let mine = [FigureGroup::Interruptions, FigureGroup::Backchannels, FigureGroup::Hesitations];
        doubt(reason, Some(if loud { Confidence::Low } else { Confidence::Medium }), &mine);
        doubt(reason, loud.then_some(Confidence::Medium), &[FigureGroup::Talk, FigureGroup::Transfers]);
    }
    if stood(Trouble::Choppy) >= SOME_SHARE {
        let holes_per_minute = grounds.sound.holes_per_minute();
        let reason = DoubtReason::Choppy { holes_per_minute };
        let badly = holes_per_minute.is_some_and(|rate| rate >= BADLY_CHOPPY);
        doubt(reason, Some(if badly { Confidence::Low } else { Confidence::Medium }), EDGES);
        doubt(reason, Some(Confidence::Medium), &[FigureGroup::Silences]);
        doubt(reason, Some(Confidence::Medium), SPEECH);
    }
    for track in Track::BOTH {
        // Tops that are cut off change the spectrum, not who speaks.
        let clipping = at_least(stood(Trouble::Clipping(track)), LARGE_SHARE);
        doubt(DoubtReason::Clipping(track), clipping, SPEECH);
        let quiet = at_least(stood(Trouble::Quiet(track)), LARGE_SHARE);
        doubt(DoubtReason::Quiet(track), quiet, FLOOR);
        doubt(DoubtReason::Quiet(track), quiet, SPEECH);
        let noisy = at_least(stood(Trouble::Noisy(track)), LARGE_SHARE);
        doubt(DoubtReason::Noisy(track), noisy, FLOOR);
        doubt(DoubtReason::Noisy(track), noisy, SPEECH);
    }
    let same = above(stood(Trouble::SameSound), SOME_SHARE, LARGE_SHARE);
    doubt(DoubtReason::SameSound, same, FLOOR);
    doubt(DoubtReason::SameSound, same, SPEECH);
    // What is taken off is on their line: what they say while I do, and for how long.
    let returns = at_least(stood(Trouble::VoiceReturns), SOME_SHARE);
    let theirs = [FigureGroup::Talk, FigureGroup::Interruptions, FigureGroup::Backchannels, FigureGroup::Transfers];
    doubt(DoubtReason::VoiceReturns, returns, &theirs);
    let no_voice = above(stood(Trouble::NoVoice), SOME_SHARE, LARGE_SHARE);
    doubt(DoubtReason::NoVoice, no_voice, FLOOR);
    doubt(DoubtReason::NoVoice, no_voice, &[FigureGroup::Hesitations, FigureGroup::Questions]);
    doubt(DoubtReason::OtherVoices, at_least(stood(Trouble::OtherVoices), SOME_SHARE), FLOOR);
    for track in Track::BOTH {
        let dead = above(stood(Trouble::Dead(track)), SOME_SHARE, LARGE_SHARE);
        doubt(DoubtReason::Dead(track), dead, FLOOR);
        doubt(DoubtReason::Dead(track), dead, &[FigureGroup::Hesitations, FigureGroup::Questions]);
    }
    // Questions and fillers are one side's: what is missing of it alone is as grave as if it were missing of both. What is concluded from
    // them is concluded of me: what is missing of the other side alone makes nothing wrong altogether.
    let missing = |(track, coverage): (Option<Track>, Option<f64>)| match coverage? {
        some if some < HALF_TEXT && track != Some(Track::Them) => Some((Confidence::Low, some, track)),
        most if most < ENOUGH_TEXT => Some((Confidence::Medium, most, track)),
        _ => None,
    };
    let sides = Track::BOTH.into_iter().map(|track| (Some(track), grounds.text_coverage_by[track]));
    let gravest = [(None, grounds.text_coverage)].into_iter().chain(sides).filter_map(missing);
    if let Some((confidence, coverage, track)) = gravest.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))) {
        doubt(DoubtReason::TextMissing { track, coverage }, Some(confidence), SPEECH);
    }
    doubts
}

/// How sure a figure is at the most, with the reason that says so: the first of the gravest. `None`: it is sure.
pub fn lowest_confidence(doubts: &[DoubtfulFigure], figure: FigureGroup) -> Option<DoubtfulFigure> {
    doubts.iter().filter(|doubt| doubt.figure == figure).min_by_key(|doubt| doubt.confidence).copied()
}

fn above(share: f64, medium: f64, low: f64) -> Option<Confidence> {
    if share >= low { Some(Confidence::Low) } else { at_least(share, medium) }
}

fn at_least(share: f64, medium: f64) -> Option<Confidence> {
    (share >= medium).then_some(Confidence::Medium)
}

#[cfg(test)]
mod tests;
