//! What a call leaves behind, through the built program: the sample call's golden files, the exports, the shared mirror.
//!
//! A change of a golden file is a change of what people read: look at it in a browser before it is taken over with
//! `INSTA_UPDATE=always cargo test --test it summary::`.

use std::path::Path;

use crate::support::run::WorkingDir;
use crate::support::sample;
use serde_json::{Value, json};

const TRANSCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/transcripts/zoom.vtt");

fn golden(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../sample_call");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// A value whose fractions are rounded to tenths: another processor may round the last digit otherwise.
fn coarse(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => json!((number.as_f64().unwrap() * 10.0).round() / 10.0),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), coarse(value))).collect(),
        Value::Array(values) => values.iter().map(coarse).collect(),
        other => other.clone(),
    }
}

fn text(dir: &WorkingDir, name: &str) -> String {
    String::from_utf8(dir.read(name)).unwrap()
}

/// A page without its style and its script, which are files of their own; broken into lines, so that a change is seen.
fn body(page: &str) -> String {
    let from = page.find("<body").unwrap();
    page[from..page.find("<script>").unwrap()].replace("><", ">\n<").replace(">\n</", "></")
}

#[test]
fn the_sample_calls_files_are_the_golden_ones() {
    let dir = WorkingDir::new();
    let ran = dir.keicho(&["replay", sample::CALL, "--mirror"]).done();
    assert_eq!(ran.stdout, "summary: call.keicho/summary.html\nmirror: call.keicho/mirror.html\n");
    let json = serde_json::to_string_pretty(&coarse(&dir.json("call.keicho/summary.json"))).unwrap();
    golden("summary_json", &json);
    golden("summary_md", &text(&dir, "call.keicho/summary.md"));
    golden("summary_html", &body(&text(&dir, "call.keicho/summary.html")));
    golden("mirror_html", &body(&text(&dir, "call.keicho/mirror.html")));
    golden("turns_csv", &text(&dir, "call.keicho/turns.csv"));
}

#[test]
fn turns_and_words_can_be_read_again() {
    let dir = WorkingDir::new();
    dir.keicho(&["replay", TRANSCRIPT, "--speaker-me", "Aoki", "--transcript", "--out", "call"]).done();
    let first = dir.json("call/summary.json");
    for (name, out) in [("turns.csv", "turns"), ("transcript.vtt", "words")] {
        dir.keicho(&["replay", &format!("call/{name}"), "--speaker-me", "me", "--transcript", "--out", out]).done();
        let again = dir.json(&format!("{out}/summary.json"));
        let share = |summary: &Value| summary["talk"]["me"]["share"].as_f64().unwrap();
        assert!((share(&first) - share(&again)).abs() < 0.1, "{name}: {} {}", share(&first), share(&again));
        assert_eq!(again["turns"].as_array().unwrap().len(), first["turns"].as_array().unwrap().len(), "{name}");
    }
    let said = |summary: Value| -> Vec<String> {
        summary["utterances"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(said(dir.json("words/summary.json")).concat(), said(first).concat());
}

#[test]
fn words_that_are_no_longer_kept_are_gone() {
    let dir = WorkingDir::new();
    let there = |name: &str| dir.path().join("call").join(name).exists();
    let words = ["replay", TRANSCRIPT, "--speaker-me", "Aoki", "--out", "call", "--transcript"];
    dir.keicho(&words).done();
    assert!(there("transcript.vtt"));
    dir.keicho(&words[..6]).done();
    assert!(there("turns.csv") && !there("transcript.vtt") && !there("mirror.html"));
}

#[cfg(unix)]
#[test]
fn the_mirror_is_for_its_owner_to_give() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = WorkingDir::new();
    dir.keicho_masked("000", &["replay", TRANSCRIPT, "--speaker-me", "Aoki", "--mirror", "--out", "call"]).done();
    let mode =
        |name: &str| std::fs::metadata(Path::new(dir.path()).join("call").join(name)).unwrap().permissions().mode();
    assert_eq!(mode("mirror.html") & 0o777, 0o600);
    assert_eq!(mode("turns.csv") & 0o777, 0o600);
}
