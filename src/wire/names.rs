//! What things are called on the wire and in files.

use crate::audio::Track;
use crate::dynamics::shape::Shape;
use crate::health::Trouble;
use crate::language::QuestionKind;
use crate::turns::Outcome;

/// A trouble's name on the wire and in files, and whose it is.
pub fn trouble_name(what: Trouble) -> (&'static str, Option<Track>) {
    match what {
        Trouble::Choppy => ("choppy", Some(Track::Them)),
        Trouble::Clipping(track) => ("clipping", Some(track)),
        Trouble::Quiet(track) => ("quiet", Some(track)),
        Trouble::Noisy(track) => ("noisy", Some(track)),
        Trouble::SameSound => ("same_sound", None),
        Trouble::Dead(track) => ("dead", Some(track)),
        Trouble::CallOver => ("call_over", None),
    }
}

/// A track's name on the wire and in files.
pub fn track_name(track: Track) -> &'static str {
    match track {
        Track::Me => "me",
        Track::Them => "them",
    }
}

/// A question's kind on the wire and in files.
pub fn question_kind_name(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Open => "open",
        QuestionKind::Closed => "closed",
        QuestionKind::Progress => "progress",
    }
}

/// An outcome's name on the wire and in files.
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Successful => "successful",
        Outcome::Failed => "failed",
    }
}

/// A shape's name on the wire and in files.
pub fn shape_name(shape: Shape) -> &'static str {
    match shape {
        Shape::Dominating => "dominating",
        Shape::Alternating => "alternating",
        Shape::BackAndForth => "back_and_forth",
        Shape::Mixed => "mixed",
    }
}
