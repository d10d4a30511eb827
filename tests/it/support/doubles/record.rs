//! Headers of calls.

use std::path::PathBuf;

use keicho::nudges::Mode;
use keicho::records::{CallRecord, Origin};

/// A live call in no folder, at ten o'clock of the day with which its name begins, if it begins with one; nobody says with
/// whom.
pub fn live_call(id: &str) -> CallRecord {
    let started_at = id.get(..10).map(|day| format!("{day}T10:00:00+09:00"));
    CallRecord { id: id.to_owned(), started_at, origin: Origin::Live, ..replayed_call() }
}

/// A call of which nothing is known but its sound.
pub fn replayed_call() -> CallRecord {
    CallRecord {
        id: "call".to_owned(),
        started_at: None,
        origin: Origin::Replay,
        mode: Mode::Listening,
        target: 0.3,
        trial: None,
        language: None,
        with: None,
        keep_words: false,
        folder: PathBuf::new(),
    }
}
