//! `keicho replay --serve` as somebody uses it from its page: the call takes commands, and what is asked afterwards is
//! waited for, but only by a page that asks.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::live::{Live, Page};
use crate::support::sample;

fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("keicho-serve").tempdir().unwrap()
}

/// Goes on until both were heard for more than a word: before that there is nothing to ask about.
fn both_heard(page: &mut Page) {
    let heard = |snapshot: &Value, track| snapshot["talk_ms"][track].as_u64().unwrap() > 1_500;
    page.until(|snapshot| snapshot["state"] == "live" && heard(snapshot, "me") && heard(snapshot, "them"));
}

#[test]
fn a_call_of_which_one_side_was_heard_is_not_asked_about() {
    let dir = folder();
    let mut replay = Live::replay(dir.path(), Path::new(sample::CALL), &[]);
    let mut page = Page::asking(&replay.line("overlay: "));
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 1_000);
    page.ask("stop", json!({}));
    let after = asked(&mut page);
    assert_eq!((&after["asked"], &after["share"], &after["fate"]), (&json!(false), &Value::Null, &Value::Null));
    assert!(after["too_little"].is_string(), "{after}");
    replay.ended();
}

fn asked(page: &mut Page) -> Value {
    page.told("desk", |desk| desk["after"] != Value::Null)["after"].clone()
}

#[test]
fn a_replay_takes_commands_and_keeps_the_answer_in_its_summary() {
    let dir = folder();
    let mut replay = Live::replay(dir.path(), Path::new(sample::CALL), &["--with", "Sato"]);
    let mut page = Page::asking(&replay.line("overlay: "));
    let desk = page.told("desk", |_| true);
    assert_eq!((&desk["with"], &desk["people"]), (&json!("Sato"), &json!([])));
    page.ask("pause", json!({}));
    page.until(|snapshot| snapshot["state"] == "paused");
    page.ask("resume", json!({}));
    both_heard(&mut page);
    page.ask("prepare", json!({ "with": "Kato" }));
    assert_eq!(page.told("refused", |_| true)["command"], "prepare");
    page.ask("perceived", json!({ "share": 0.4 }));
    assert_eq!(page.told("refused", |_| true)["command"], "perceived", "the call is not over");
    page.ask("stop", json!({}));
    let after = asked(&mut page);
    assert_eq!((&after["asked"], &after["share"]), (&json!(true), &Value::Null));
    page.ask("pause", json!({}));
    assert_eq!(page.told("refused", |_| true)["why"]["en"], "The call has ended.");
    page.ask("perceived", json!({ "share": null }));
    assert_eq!(asked(&mut page)["skipped"], true);
    // Second thoughts count.
    page.ask("perceived", json!({ "share": 0.9 }));
    assert_eq!(asked(&mut page)["perceived"], 0.9);
    page.ask("done", json!({}));
    let summary = replay.ended();
    assert_eq!(replay.summary()["perception"]["share"], 0.9);
    let html = std::fs::read_to_string(summary).unwrap();
    assert!(html.contains("90%"), "the page says so too");
    assert!(!dir.path().join(".local").exists(), "a replay is no part of the history");
}

#[test]
fn a_page_that_only_looks_is_not_waited_for() {
    let dir = folder();
    let mut replay = Live::replay(dir.path(), Path::new(sample::CALL), &[]);
    let mut page = Page::open(&replay.line("overlay: "));
    both_heard(&mut page);
    page.ask("stop", json!({}));
    let after = asked(&mut page);
    assert_eq!(after["asked"], false);
    replay.ended();
    assert_eq!(after["share"], replay.summary()["talk"]["me"]["share"], "nothing is to be guessed");
}

#[test]
fn ctrl_c_leaves_the_question_at_once_and_all_is_saved() {
    let dir = folder();
    let mut replay = Live::replay(dir.path(), Path::new(sample::CALL), &[]);
    let mut page = Page::asking(&replay.line("overlay: "));
    both_heard(&mut page);
    replay.interrupt();
    assert_eq!(asked(&mut page)["asked"], true);
    assert_eq!(replay.summary()["perception"], Value::Null);
    replay.interrupt();
    replay.ended();
    for name in ["summary.json", "summary.md", "summary.html", "events.jsonl"] {
        assert!(replay.out.join(name).exists(), "{name}");
    }
}
