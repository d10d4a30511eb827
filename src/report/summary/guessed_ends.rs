//! A call of which only beginnings are known: every figure that needs an end is taken out, and is null in the file.

use serde_json::{Map, Value};

use crate::audio::{PerTrack, Track};
use crate::dynamics::hesitation::HesitationKind;
use crate::health::confidence::{Confidence, DoubtReason, DoubtfulFigure, FigureGroup};
use crate::report::summary::Summary;

/// Lists that are null in `summary.json`, for an empty one would say that there was nothing.
const UNKNOWN_LISTS: [&str; 6] =
    ["interruptions", "terminal_overlaps", "long_overlaps", "backchannels", "silences", "transfers"];

/// What those and the waits and the pace are of.
const UNKNOWN_FIGURES: &[FigureGroup] = &[
    FigureGroup::Interruptions,
    FigureGroup::Backchannels,
    FigureGroup::Silences,
    FigureGroup::Transfers,
    FigureGroup::Pace,
];

/// Times of the talk that are null.
const UNKNOWN_TIMES: [&str; 2] = ["overlap_ms", "silence_ms"];

impl Summary {
    /// Takes out what needs ends; the talk times that stay are marked as about right.
    pub(super) fn remove_edge_figures(&mut self) {
        self.interruptions.clear();
        self.terminal_overlaps.clear();
        self.long_overlaps.clear();
        self.backchannels.clear();
        self.silences.clear();
        self.transfers.clear();
        self.patience_ms = None;
        self.figures.patience_ms = None;
        self.pace = PerTrack::default();
        self.hesitations.retain(|one| one.kind != HesitationKind::Pause);
        for track in Track::BOTH {
            self.rates[track].pauses_per_min = None;
            self.rates[track].backchannels_per_min = None;
            self.rates[track].regrabs = None;
        }
        for question in self.questions.iter_mut().flatten() {
            (question.wait_ms, question.broken_by, question.regrabbed) = (None, None, false);
            (question.response_ms, question.answer_ms) = (None, None);
        }
        self.nudges.retain(|nudge| !nudge.kind.needs_ends());
        let reason = DoubtReason::GuessedEnds;
        let doubts = |figures: &[FigureGroup], confidence| -> Vec<DoubtfulFigure> {
            figures.iter().map(|figure| DoubtfulFigure { figure: *figure, confidence, reason }).collect()
        };
        self.confidence.extend(doubts(&[FigureGroup::Talk, FigureGroup::Hesitations], Confidence::Medium));
        self.confidence.extend(doubts(UNKNOWN_FIGURES, Confidence::Low));
    }
}

/// Makes null what is not known in the file's form.
pub(super) fn make_null(file: &mut Map<String, Value>) {
    for list in UNKNOWN_LISTS {
        file.insert(list.to_owned(), Value::Null);
    }
    if let Some(Value::Object(talk)) = file.get_mut("talk") {
        for time in UNKNOWN_TIMES {
            talk.insert(time.to_owned(), Value::Null);
        }
    }
    if let Some(Value::Array(questions)) = file.get_mut("questions") {
        for question in questions.iter_mut().filter_map(Value::as_object_mut) {
            question.insert("regrabbed".to_owned(), Value::Null);
        }
    }
}
