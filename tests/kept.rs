//! What a live call leaves in the journal, and what `keicho summary` and `keicho forget` make of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this is a test")]

use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use keicho::asr::NoText;
use keicho::nudges::Mode;
use keicho::session::{Event, Fast, Session, Setup, Tee, drive};
use keicho::source::file::FileSource;
use keicho::store::{CallEnd, CallFolder, CallStart, CallState, Home, Journal, Store};
use keicho::summary::{CallInfo, Language, Summary};
use keicho::time::SampleTime;
use serde_json::Value;
use tempfile::TempDir;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sample_call/call.flac");

const ID: &str = "2026-11-03T10-00-00";

/// A data folder, and the program that keeps its calls there.
struct Kept(TempDir);

/// How a run ended, and what it said.
struct Ran(Option<i32>, String, String);

impl Kept {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn home(&self) -> Home {
        Home::at(self.0.path().join("data"))
    }

    fn folder(&self) -> std::path::PathBuf {
        self.0.path().join("data/calls").join(ID)
    }

    fn begin(&self) -> Journal {
        let start = CallStart {
            id: ID.to_owned(),
            started_at: "2026-11-03T10:00:00+09:00".to_owned(),
            with: Some("Satonaka".to_owned()),
            mode: Mode::Listening,
            target: 0.3,
            language: None,
            keep_words: false,
            folder: self.folder(),
        };
        Store::open(&self.home()).unwrap().begin(&start).unwrap()
    }

    fn keicho(&self, words: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keicho"));
        let output = command
            .args(words)
            .env("KEICHO_DATA", self.0.path().join("data"))
            .env("LC_ALL", "C")
            .env_remove("RUST_LOG")
            .output();
        let output = output.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran(output.status.code(), text(output.stdout), text(output.stderr))
    }
}

/// Plays the sample call into a journal, and gives what was told besides.
fn play(journal: &mut Journal) -> Vec<(SampleTime, Event)> {
    let mut told = Vec::new();
    let mut source = FileSource::open(Path::new(SAMPLE), None).unwrap();
    let mut session = Session::new(&Setup::default(), Box::new(NoText::default()));
    let sink = &mut Tee(journal, &mut told);
    drive(&mut source, &mut session, &mut Fast, &AtomicBool::new(false), sink).unwrap();
    told
}

fn summary_of(told: &[(SampleTime, Event)]) -> String {
    let info = CallInfo {
        id: ID.to_owned(),
        started_at: Some("2026-11-03T10:00:00+09:00".to_owned()),
        live: true,
        sound: true,
        mode: Mode::Listening,
        target: 0.3,
        language: None,
        with: Some("Satonaka".to_owned()),
    };
    Summary::of(&info, told, Language::En).json().unwrap()
}

/// Which files under a folder hold a word.
fn traces(root: &Path, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains(word) {
            found.push(path.display().to_string());
        }
        if path.is_dir() {
            found.extend(traces(&path, word));
        } else if std::fs::read(&path).unwrap().windows(word.len()).any(|window| window == word.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn a_whole_call_comes_back_as_it_was_told() {
    let kept = Kept::new();
    let mut journal = kept.begin();
    let told = play(&mut journal);
    let Ran(status, _, complaint) = kept.keicho(&["summary"]);
    assert_eq!(
        (status, complaint),
        (Some(1), format!("keicho: the call {ID} goes on; its summary is there once it ends\n"))
    );
    let saving = journal.saving();
    journal.finish(CallEnd::default()).unwrap();
    assert_eq!((saving.now().saved, saving.now().lost), (told.len() as u64, 0));
    let store = Store::open(&kept.home()).unwrap();
    assert_eq!(store.events(ID).unwrap(), told);

    // The lines are those that a replay writes while it goes on.
    let exported = store.export_events(ID, &CallFolder::at(&kept.folder()).unwrap()).unwrap();
    let line = |(seq, (at, event)): (u64, &(SampleTime, Event))| keicho::wire::line(seq, *at, event) + "\n";
    let lines: String = (1..).zip(&told).map(line).collect();
    assert_eq!(std::fs::read_to_string(exported).unwrap(), lines);

    let Ran(status, json, _) = kept.keicho(&["summary", ID, "--format", "json"]);
    assert_eq!((status, json), (Some(0), summary_of(&told)));
    let Ran(_, markdown, _) = kept.keicho(&["summary"]);
    assert!(markdown.starts_with("# "), "{markdown}");
    let Ran(_, page, _) = kept.keicho(&["summary", "--format", "html"]);
    assert!(page.starts_with("<!doctype html>") && page.contains("Satonaka"), "{page}");
}

#[test]
fn a_call_that_was_cut_off_is_summed_up_from_what_was_heard() {
    let kept = Kept::new();
    let mut journal = kept.begin();
    let mut told = play(&mut journal);
    // As if the process had been killed after a minute.
    let cut = SampleTime::from_ms(60_000);
    keicho::session::Sink::erase(&mut journal, cut);
    drop(journal);
    told.retain(|(at, _)| *at <= cut);

    let Ran(status, json, note) = kept.keicho(&["summary", "--format", "json"]);
    assert_eq!(status, Some(0), "{note}");
    assert!(note.starts_with(&format!("keicho: {ID} was cut off at ")), "{note}");
    let summary: Value = serde_json::from_str(&json).unwrap();
    let before: Value = serde_json::from_str(&summary_of(&told)).unwrap();
    for figure in ["turns", "interruptions", "backchannels", "silences", "speech"] {
        assert_eq!(summary[figure], before[figure], "{figure}");
    }
    assert!(summary["call"]["duration_ms"].as_u64().unwrap() >= 59_000, "{json}");
    let store = Store::open(&kept.home()).unwrap();
    let call = store.call(None).unwrap();
    assert_eq!(call.state, CallState::Ended { cut_off: true });
    assert_eq!(call.figures.unwrap().share, summary["talk"]["me"]["share"].as_f64());
    assert_eq!(store.events(ID).unwrap().len(), told.len() + 1);
    for name in ["events.jsonl", "summary.json", "summary.md", "summary.html"] {
        assert!(kept.folder().join(name).exists(), "{name}");
    }
    let Ran(_, again, note) = kept.keicho(&["summary", "--format", "json"]);
    assert_eq!((again, note), (json, String::new()), "it is over now");
}

#[test]
fn forget_leaves_no_trace() {
    let kept = Kept::new();
    let mut journal = kept.begin();
    play(&mut journal);
    drop(journal);
    kept.keicho(&["summary"]);
    assert!(traces(kept.0.path(), "Satonaka").len() >= 4, "{:?}", traces(kept.0.path(), "Satonaka"));

    let Ran(status, _, complaint) = kept.keicho(&["forget", "Nakasato"]);
    let nobody = "keicho: nobody is called Nakasato here. `keicho history` lists who is\n";
    assert_eq!((status, complaint.as_str()), (Some(1), nobody));
    let Ran(status, said, _) = kept.keicho(&["forget", "Satonaka"]);
    assert_eq!((status, said.as_str()), (Some(0), "forgotten: 1 person, 1 call\n"));
    assert_eq!(traces(kept.0.path(), "Satonaka"), [""; 0]);
    assert_eq!(traces(kept.0.path(), ID), [""; 0]);

    for wrong in [&["forget"][..], &["forget", "Sato", "--all"], &["forget", "--call", "1", "--all"]] {
        assert_eq!(kept.keicho(wrong).0, Some(2), "{wrong:?}");
    }
    let Ran(status, said, _) = kept.keicho(&["forget", "--all"]);
    assert_eq!((status, said.as_str()), (Some(0), "forgotten: 0 calls\n"));
    assert_eq!(std::fs::read_dir(kept.0.path().join("data")).unwrap().count(), 0);
}
