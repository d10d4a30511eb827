//! Fillers are counted from the text: without words nobody knows how many there were.

use serde_json::Value;

use crate::support::run::WorkingDir;
use crate::support::sample;

const SAID: &str = "start,end,speaker,text\n0.0,6.0,me,\"えーと、来週の火曜日までに終わらせます。\"\n\
                    6.5,12.0,them,\"はい、お願いします。それで大丈夫です。\"\n";

fn rates(summary: &Value) -> [&Value; 2] {
    ["me", "them"].map(|track| &summary["rates"][track]["filled_pauses_per_min"])
}

/// How many filled pauses a summary holds.
fn listed(summary: &Value) -> usize {
    let all = summary["hesitations"].as_array().unwrap();
    all.iter().filter(|one| one["kind"] == "filled_pause").count()
}

#[test]
fn sound_alone_tells_no_fillers() {
    let dir = WorkingDir::new();
    let said =
        dir.keicho(&["replay", sample::CALL, "--no-text", "--out", "call", "--explain", "filled_pause"]).done().stdout;
    assert!(said.contains("filled pauses are counted from the text; no words came"), "{said}");
    let summary = dir.json("call/summary.json");
    assert_eq!((rates(&summary), listed(&summary)), ([&Value::Null; 2], 0));
    assert!(summary["rates"]["me"]["pauses_per_min"].is_number(), "pauses are heard");
    assert!(dir.events("call/events.jsonl").iter().all(|event| event["kind"] != "filled_pause"));
    let page = String::from_utf8(dir.read("call/summary.html")).unwrap();
    assert!(page.contains("not known without words") || page.contains("言葉がないため分かりません"));
}

#[test]
fn text_tells_them_and_tells_of_none() {
    let dir = WorkingDir::new();
    let call = dir.put("call.csv", SAID.as_bytes());
    let words = ["replay", call.to_str().unwrap(), "--speaker-me", "me", "--out", "call", "--explain", "hesitation"];
    let said = dir.keicho(&words).done().stdout;
    assert!(said.ends_with("filled pauses are counted from the text\n"), "{said}");
    let summary = dir.json("call/summary.json");
    assert_eq!(listed(&summary), 1);
    let [mine, theirs] = rates(&summary);
    assert!(mine.as_f64().is_some_and(|rate| rate > 0.0), "{mine}");
    assert_eq!(theirs.as_f64(), Some(0.0), "words came, and none was a filler");
}
