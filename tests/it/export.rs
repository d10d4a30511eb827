//! `keicho export` as somebody runs it: each format of all calls, or of those with one person.

use std::path::Path;

use keicho::language::Language;
use keicho::store::DataDir;

use crate::support::past;
use crate::support::run::{Ran, WorkingDir};

/// Four calls with two people, and one with nobody who was named, 11 calls back.
fn kept() -> WorkingDir {
    let dir = WorkingDir::new();
    let home = DataDir::new(dir.path().join("data/keicho"));
    past::fill(&home, 4, "2026-11-24".parse().unwrap(), &["=Sato", "Kim"], Language::En);
    dir.put("config.toml", b"[keep]\ndays = 3650\n");
    dir
}

fn export(dir: &WorkingDir, words: &[&str]) -> Ran {
    let env: [(&str, &Path); 2] =
        [("XDG_DATA_HOME", &dir.path().join("data")), ("KEICHO_CONFIG", &dir.path().join("config.toml"))];
    dir.keicho_with(&[&["export"], words].concat(), &env)
}

#[test]
fn a_table_has_a_row_a_call_and_no_formula() {
    let dir = kept();
    let table = export(&dir, &["--format", "csv"]).done().stdout;
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let columns: Vec<_> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(columns[..4], ["id", "started_at", "with", "mode"]);
    let with: Vec<_> = rows.records().map(|row| row.unwrap()[2].to_owned()).collect();
    assert_eq!(with, ["'=Sato", "Kim", "'=Sato", "Kim"]);
    let one = export(&dir, &["--with", "Kim", "--format", "csv"]).done().stdout;
    assert_eq!(csv::Reader::from_reader(one.as_bytes()).records().count(), 2);
}

#[test]
fn what_was_not_measured_is_empty_in_the_table_and_no_zero() {
    let dir = kept();
    let table = export(&dir, &["--format", "csv"]).done().stdout;
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let columns: Vec<_> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    let at = |name: &str| columns.iter().position(|column| column == name).unwrap();
    // Of these calls no sound is kept.
    for row in rows.records().map(Result::unwrap) {
        for name in ["share", "monologues", "interruptions", "interruptions_failed", "open_questions", "wait_ms"] {
            assert_eq!(&row[at(name)], "", "{name}");
        }
        assert_eq!((&row[at("nudges")], &row[at("unsure_figures")]), ("0", ""));
    }
}

#[test]
fn json_holds_each_call_as_its_summary() {
    let dir = kept();
    let json: serde_json::Value =
        serde_json::from_str(&export(&dir, &["--with", "Kim", "--format", "json"]).done().stdout).unwrap();
    assert_eq!((&json["schema"], &json["with"]), (&"keicho.export/1".into(), &"Kim".into()));
    let calls = json["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 2);
    assert!(calls.iter().all(|call| call["schema"] == "keicho.summary/1" && call["call"]["with"] == "Kim"));
}

#[test]
fn markdown_has_a_heading_a_person() {
    let dir = kept();
    let text = export(&dir, &["--format", "md"]).done().stdout;
    let people: Vec<_> = text.lines().filter(|line| line.starts_with("# ")).collect();
    assert_eq!(people, ["# \\=Sato", "# Kim"], "{text}");
}

#[test]
fn who_was_never_talked_to_is_one_sentence() {
    let dir = kept();
    for format in ["csv", "json", "md"] {
        let ran = export(&dir, &["--with", "Kato", "--format", format]);
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(1), ""), "{format}");
        assert!(ran.stderr.starts_with("keicho: ") && ran.stderr.lines().count() == 1, "{}", ran.stderr);
    }
}
