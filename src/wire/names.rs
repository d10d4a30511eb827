//! What things are called on the wire and in files.

use crate::audio::Track;
use crate::dynamics::shape::Shape;
use crate::health::Trouble;
use crate::language::QuestionKind;
use crate::turns::Outcome;

/// A trouble's name on the wire and in files, and whose it is.
pub fn trouble_name(what: Trouble) -> (&'static str, Option<Track>) {
    let whose = match what {
        Trouble::Choppy => Some(Track::Them),
        Trouble::Clipping(track) | Trouble::Quiet(track) | Trouble::Noisy(track) | Trouble::Dead(track) => Some(track),
        Trouble::SameSound | Trouble::CallOver => None,
    };
    (what.into(), whose)
}

/// A track's name on the wire and in files.
pub fn track_name(track: Track) -> &'static str {
    track.into()
}

/// A question's kind on the wire and in files.
pub fn question_kind_name(kind: QuestionKind) -> &'static str {
    kind.into()
}

/// An outcome's name on the wire and in files.
pub fn outcome_name(outcome: Outcome) -> &'static str {
    outcome.into()
}

/// A shape's name on the wire and in files.
pub fn shape_name(shape: Shape) -> &'static str {
    shape.into()
}
