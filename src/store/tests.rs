//! What tests of the store share, and what a call leaves in it.

mod calls;

use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::audio::Track;
use crate::nudges::Mode;
use crate::session::{Event, Sink};
use crate::time::{SampleTime, Span};
use crate::turns::TurnEvent;

/// A data folder of one's own.
pub(super) fn home() -> (TempDir, Home) {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::at(dir.path().join("data"));
    (dir, home)
}

pub(super) fn start(home: &Home, id: &str, with: Option<&str>) -> CallStart {
    CallStart {
        id: id.to_owned(),
        started_at: format!("{}T10:00:00+09:00", &id[..10]),
        with: with.map(str::to_owned),
        mode: Mode::Listening,
        target: 0.3,
        language: None,
        keep_words: false,
        folder: home.path().join("calls").join(id),
    }
}

/// A run of mine that ended then: one event that is unlike all others.
pub(super) fn run(at_ms: u64) -> (SampleTime, Event) {
    let at = SampleTime::from_ms(at_ms);
    (at, Event::Turn(TurnEvent::Run { track: Track::Me, span: Span::new(SampleTime::ZERO, at) }))
}

/// A call that ended, with a share.
pub(super) fn past(store: &mut Store, home: &Home, id: &str, with: &str, share: f64) {
    let mut journal = store.begin(&start(home, id, Some(with))).unwrap();
    let (at, event) = run(1_000);
    journal.emit(at, event);
    let figures = Figures { share: Some(share), ..Figures::default() };
    journal.finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
}

/// Which files hold a word, in any of the ways in which text is written.
pub(super) fn traces(root: &Path, word: &str) -> Vec<String> {
    let needles = [word.as_bytes().to_vec(), word.encode_utf16().flat_map(u16::to_le_bytes).collect()];
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().contains(word) {
                found.push(path.display().to_string());
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                let holds = |needle: &Vec<u8>| bytes.windows(needle.len()).any(|window| window == needle);
                found.extend(needles.iter().any(holds).then(|| path.display().to_string()));
            }
        }
    }
    found
}
