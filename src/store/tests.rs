//! What tests of the store share.

#![allow(clippy::print_stdout, reason = "these are tests; what they measured is worth reading")]

mod calls;
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
use crate::nudges::Mode;
use crate::records::{CallRecord, Origin};
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
fn start(home: &DataDir, id: &str, with: Option<&str>) -> CallRecord {
    CallRecord {
        id: id.to_owned(),
        started_at: Some(format!("{}T10:00:00+09:00", &id[..10])),
        origin: Origin::Live,
        with: with.map(str::to_owned),
        mode: Mode::Listening,
        target: 0.3,
        language: None,
        keep_words: false,
        folder: home.path().join("calls").join(id),
    }
}

/// A run of mine that ended then: an event that is unlike all others.
fn run(at_ms: u64) -> (SampleTime, Event) {
    let at = SampleTime::from_ms(at_ms);
    (at, Event::Turn(TurnEvent::Run { track: Track::Me, span: Span::new(SampleTime::ZERO, at) }))
}

/// A call that ended with this share.
fn past(store: &mut Store, home: &DataDir, id: &str, with: &str, share: f64) {
    let mut journal = store.begin_call(&start(home, id, Some(with))).unwrap();
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

/// Numbers that look like chance, the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Which files and folders hold a word.
fn traces(root: &Path, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let named = path.to_string_lossy().contains(word);
            let holds = if path.is_dir() {
                folders.push(path.clone());
                false
            } else {
                let bytes = std::fs::read(&path).unwrap();
                bytes.windows(word.len()).any(|window| window == word.as_bytes())
            };
            found.extend((named || holds).then(|| path.display().to_string()));
        }
    }
    found
}
