//! What stood out in a call: at most three of its own figures, each with the moment that it is about, if it is about one.
//!
//! The sentence above the page says the share and the longest turn, and the one thing to try has its own reason: neither is
//! said again. What is out of the ordinary comes first, then what is merely so.

use crate::audio::Track;
use crate::health::confidence::{Confidence, FigureGroup};
use crate::language::QuestionKind;
use crate::report::summary::advice::{Advice, AdviceKind};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{derived, sentences};
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
pub(super) struct Highlight {
    /// What it is about; no two of a list are about the same.
    about: Topic,
    /// Whether it is out of the ordinary.
    unusual: bool,
    /// The moment that it is about, in milliseconds of the call.
    pub(super) at_ms: Option<u64>,
    /// What it says.
    pub(super) words: String,
    /// The figures that it rests on.
    pub(super) figure: FigureGroup,
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
    let is_known = |one: &Highlight| {
        derived::lowest_confidence(view.summary, one.figure) != Some(Confidence::Low) && Some(one.about) != advised
    };
    let mut found: Vec<Highlight> = all.into_iter().flatten().filter(is_known).collect();
    // Stable: what is as usual stays in its order.
    found.sort_by_key(|one| !one.unusual);
    found.truncate(MOST);
    found
}

fn interruptions(view: &SummaryView<'_>) -> Option<Highlight> {
    let all = || view.summary.interruptions.iter();
    let taken = all().find(|one| one.by == Track::Me && one.outcome == Outcome::Successful);
    view.summary.call.source.has_ends().then(|| Highlight {
        about: Topic::Interruptions,
        unusual: taken.is_some(),
        at_ms: taken.or(all().next()).map(|one| one.at_ms),
        words: sentences::interruptions(view),
        figure: FigureGroup::Interruptions,
    })
}

fn waits(view: &SummaryView<'_>) -> Option<Highlight> {
    let waits = derived::questions_with_wait(view.summary, Track::Me).filter(|waits| !waits.is_empty())?;
    let longest = waits.iter().max_by_key(|one| one.wait_ms)?;
    let good = waits.iter().filter(|one| one.wait_ms.is_some_and(|wait| wait >= GOOD_WAIT_MS)).count();
    Some(Highlight {
        about: Topic::Waits,
        unusual: 2 * good > waits.len() || waits.iter().any(|one| one.regrabbed),
        at_ms: Some(longest.at_ms),
        words: sentences::waits(view),
        figure: FigureGroup::Transfers,
    })
}

fn questions(view: &SummaryView<'_>) -> Option<Highlight> {
    let mine = || view.summary.questions.iter().flatten().filter(|one| one.track == Track::Me);
    let (asked, open) = (mine().count(), mine().filter(|one| one.kind == QuestionKind::Open).count());
    (asked >= QUESTIONS).then(|| Highlight {
        about: Topic::Questions,
        unusual: 2 * open < asked,
        at_ms: mine().find(|one| one.kind == QuestionKind::Open).map(|one| one.at_ms),
        words: sentences::open_questions(open, asked, view.language),
        figure: FigureGroup::Questions,
    })
}

fn listening(view: &SummaryView<'_>) -> Option<Highlight> {
    let rate = view.summary.rates.me.backchannels_per_min?;
    view.summary.call.source.has_ends().then(|| Highlight {
        about: Topic::Listening,
        unusual: rate < FEW_SIGNS_PER_MIN,
        at_ms: view.summary.backchannels.iter().find(|one| one.by == Track::Me).map(|one| one.start_ms),
        words: sentences::backchannels(view, Track::Me),
        figure: FigureGroup::Backchannels,
    })
}

fn silences(view: &SummaryView<'_>) -> Option<Highlight> {
    let longest = view.summary.silences.iter().max_by_key(|one| one.end_ms - one.start_ms)?;
    Some(Highlight {
        about: Topic::Silences,
        unusual: false,
        at_ms: Some(longest.start_ms),
        words: sentences::silences(view),
        figure: FigureGroup::Silences,
    })
}
