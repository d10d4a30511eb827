//! What tests of the store share.

#![allow(clippy::print_stdout, reason = "these are tests; what they measured is worth reading")]

mod action_items;
mod calls;
mod edited_notes;
mod file;
mod forget;
mod journal;
#[cfg(unix)]
mod killed;
mod people;
mod thousand;

use std::path::Path;
use std::sync::mpsc;

use tempfile::TempDir;

use super::*;
use crate::audio::Track;
use crate::doubles::random::Random;
use crate::doubles::record::live_call;
use crate::doubles::traces::traces;
use crate::nudges::Mode;
use crate::records::{CallRecord, Figures};
use crate::session::{Event, Sink};
use crate::time::{SampleTime, Span};
use crate::turns::TurnEvent;

/// A data folder of one's own.
fn home() -> (TempDir, DataDir) {
    let dir = tempfile::tempdir().unwrap();
    let home = DataDir::new(dir.path().join("data"));
    (dir, home)
}

/// A call of the day that its name begins with.
fn record(home: &DataDir, id: &str, with: Option<&str>) -> CallRecord {
    CallRecord { with: with.map(str::to_owned), folder: home.path().join("calls").join(id), ..live_call(id) }
}

/// A run of mine that ended then: an event that is unlike all others.
fn run(at_ms: u64) -> (SampleTime, Event) {
    let at = SampleTime::from_ms(at_ms);
    (at, Event::Turn(TurnEvent::Run { track: Track::Me, span: Span::new(SampleTime::ZERO, at) }))
}

/// A call that ended with this share.
fn past(store: &mut Store, home: &DataDir, id: &str, with: &str, share: f64) {
    let mut journal = store.begin_call(&record(home, id, Some(with))).unwrap();
    let (at, event) = run(1_000);
    journal.emit(at, event);
    let figures = Figures { share: Some(share), ..Figures::default() };
    journal.finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
}

/// Returns once everything told so far was brought to the disk, or could not be.
fn settle(journal: &Journal) {
    let (done, when_done) = mpsc::channel();
    // A commit follows the first, and the second follows that.
    journal.run_on_connection(|_| {});
    journal.run_on_connection(move |_| done.send(()).unwrap());
    when_done.recv().unwrap();
}
