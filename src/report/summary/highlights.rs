//! What stood out in a call: at most three of its own figures, each with the moment that it is about, if it is about one.
//!
//! The sentence above the page says the share and the longest turn, and the one thing to try has its own reason: neither is
//! said again. What is out of the ordinary comes first, then what is merely so.

use std::cmp::Reverse;

use crate::audio::Track;
use crate::health::confidence::{Confidence, FigureGroup, WAITS};
use crate::language::QuestionKind;
use crate::report::html::text::clock;
use crate::report::summary::advice::{Advice, AdviceKind};
use crate::report::summary::confidence_notes::OF_TRANSCRIPTS;
use crate::report::summary::view::SummaryView;
use crate::report::summary::{InterruptionEntry, derived, sentences};
use crate::turns::Outcome;

/// More would be a list to work through.
const MOST: usize = 3;

/// From a median wait of this many milliseconds answers grow longer (Rowe 1986).
const GOOD_WAIT_MS: u64 = 3_000;

/// Fewer signs of listening than this per minute of the other's talk are few, as for the advice.
const FEW_SIGNS_PER_MIN: f64 = 1.0;

/// Fewer questions say nothing of how somebody asks, as for the advice.
const QUESTIONS: usize = 5;

/// One figure of the call that stood out.
#[derive(Debug)]
pub(super) struct Highlight {
    /// The moment that it is about, in milliseconds of the call; no two of a list show the same.
    pub(super) at_ms: Option<u64>,
    /// What it says.
    pub(super) words: String,
    /// The groups of the figures that it rests on.
    pub(super) groups: &'static [FigureGroup],
}

/// A figure that may stand out.
struct Candidate {
    /// What it is about; no two of a list are about the same.
    about: Topic,
    /// Whether it is out of the ordinary.
    unusual: bool,
    /// The moments that it is about, in milliseconds of the call, the one that shows it best first.
    moments: Vec<u64>,
    words: String,
    groups: &'static [FigureGroup],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    Interruptions,
    Waits,
    Questions,
    Listening,
    Silences,
}

/// What stood out, the most unusual first; nothing if the call says too little, and nothing that may be wrong altogether.
pub(super) fn highlights(view: &SummaryView<'_>) -> Vec<Highlight> {
    if sentences::too_little(view).is_some() {
        return Vec::new();
    }
    let advised = Advice::for_summary(view.summary).and_then(|advice| match advice.kind {
        AdviceKind::Wait => Some(Topic::Waits),
        AdviceKind::Finish => Some(Topic::Interruptions),
        AdviceKind::Open => Some(Topic::Questions),
        AdviceKind::Listening => Some(Topic::Listening),
        AdviceKind::HandOver | AdviceKind::Ask | AdviceKind::Keep => None,
    });
    let all = [interruptions(view), waits(view), questions(view), listening(view), silences(view)];
    // That a transcript has few signs of listening, or nobody who interrupts, is mostly what it leaves out.
    let from_transcript = view.summary.echo.is_none();
    let is_left_out = |one: &Candidate| one.about == Topic::Listening || one.moments.is_empty();
    let is_known = |one: &Candidate| {
        !(from_transcript && one.groups.iter().any(|group| OF_TRANSCRIPTS.contains(group)) && is_left_out(one))
            && derived::lowest_confidence(view.summary, one.groups) != Some(Confidence::Low)
            && Some(one.about) != advised
    };
    let mut found: Vec<Candidate> = all.into_iter().flatten().filter(is_known).collect();
    // Stable: what is as usual stays in its order.
    found.sort_by_key(|one| !one.unusual);
    found.truncate(MOST);
    at_moments_of_their_own(found)
}

/// Each at the first of its moments that no one before it shows: two lines with one time read as one thing said twice.
fn at_moments_of_their_own(found: Vec<Candidate>) -> Vec<Highlight> {
    let mut shown: Vec<String> = Vec::new();
    let mut placed = |Candidate { moments, words, groups, .. }: Candidate| {
        let at_ms = moments.into_iter().find(|at_ms| !shown.contains(&clock(*at_ms)));
        shown.extend(at_ms.map(clock));
        Highlight { at_ms, words, groups }
    };
    found.into_iter().map(&mut placed).collect()
}

fn interruptions(view: &SummaryView<'_>) -> Option<Candidate> {
    let is_taken = |one: &InterruptionEntry| one.by == Track::Me && one.outcome == Outcome::Successful;
    let mut all: Vec<_> = view.summary.interruptions.iter().collect();
    all.sort_by_key(|one| !is_taken(one));
    view.summary.call.source.has_ends().then(|| Candidate {
        about: Topic::Interruptions,
        unusual: all.first().is_some_and(|one| is_taken(one)),
        moments: all.iter().map(|one| one.at_ms).collect(),
        words: sentences::interruptions(view),
        groups: &[FigureGroup::Interruptions],
    })
}

fn waits(view: &SummaryView<'_>) -> Option<Candidate> {
    let mut waits = derived::questions_with_wait(view.summary, Track::Me).filter(|waits| !waits.is_empty())?;
    waits.sort_by_key(|one| Reverse(one.wait_ms));
    let good = waits.iter().filter(|one| one.wait_ms.is_some_and(|wait| wait >= GOOD_WAIT_MS)).count();
    Some(Candidate {
        about: Topic::Waits,
        unusual: 2 * good > waits.len() || waits.iter().any(|one| one.regrabbed),
        moments: waits.iter().map(|one| one.at_ms).collect(),
        words: sentences::waits(view),
        groups: WAITS,
    })
}

fn questions(view: &SummaryView<'_>) -> Option<Candidate> {
    let mine = || view.summary.questions.iter().flatten().filter(|one| one.track == Track::Me);
    let (asked, open) = (mine().count(), mine().filter(|one| one.kind == QuestionKind::Open).count());
    (asked >= QUESTIONS).then(|| Candidate {
        about: Topic::Questions,
        unusual: 2 * open < asked,
        moments: mine().filter(|one| one.kind == QuestionKind::Open).map(|one| one.at_ms).collect(),
        words: sentences::open_questions(open, asked, view.language),
        groups: &[FigureGroup::Questions],
    })
}

fn listening(view: &SummaryView<'_>) -> Option<Candidate> {
    let rate = view.summary.rates.me.backchannels_per_min?;
    view.summary.call.source.has_ends().then(|| Candidate {
        about: Topic::Listening,
        unusual: rate < FEW_SIGNS_PER_MIN,
        moments: view.summary.backchannels.iter().filter(|one| one.by == Track::Me).map(|one| one.start_ms).collect(),
        words: sentences::backchannels(view, Track::Me),
        groups: &[FigureGroup::Backchannels],
    })
}

fn silences(view: &SummaryView<'_>) -> Option<Candidate> {
    let mut silences: Vec<_> = view.summary.silences.iter().collect();
    silences.sort_by_key(|one| Reverse(one.end_ms - one.start_ms));
    (!silences.is_empty()).then(|| Candidate {
        about: Topic::Silences,
        unusual: false,
        moments: silences.iter().map(|one| one.start_ms).collect(),
        words: sentences::silences(view),
        groups: &[FigureGroup::Silences],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::report::summary::Summary;
    use crate::report::summary::tests::summary;

    #[test]
    fn what_a_transcript_leaves_out_does_not_stand_out() {
        let stands_out = |call: &Summary| {
            let found = highlights(&SummaryView::for_manager(call, Language::En));
            [FigureGroup::Interruptions, FigureGroup::Backchannels]
                .map(|of| found.iter().any(|one| one.groups.contains(&of)))
        };
        let mut call = summary();
        assert_eq!(stands_out(&call), [true, true]);
        call.echo = None;
        assert_eq!(stands_out(&call), [true, false], "somebody who interrupts is in it");
        call.interruptions.clear();
        assert_eq!(stands_out(&call), [false, false]);
    }

    /// A call like the sample, in which the longest silence began in the second of my one interruption.
    #[test]
    fn no_two_lines_stand_at_the_same_time() {
        let mut call = summary();
        let interrupted_at_ms = highlights(&SummaryView::for_manager(&call, Language::En))[0].at_ms.unwrap();
        let silence = *call.silences.iter().max_by_key(|one| one.end_ms - one.start_ms).unwrap();
        let longest = crate::report::summary::SilenceEntry {
            start_ms: interrupted_at_ms,
            end_ms: interrupted_at_ms + silence.end_ms - silence.start_ms + 1_000,
            ..silence
        };
        call.silences.insert(0, longest);

        let found = highlights(&SummaryView::for_manager(&call, Language::En));
        let silences = found.iter().find(|one| one.words.contains("silences")).expect("the silences stood out");
        assert_eq!(silences.at_ms, Some(silence.start_ms), "the next longest is shown: {found:?}");
    }
}
