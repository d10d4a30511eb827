//! `keicho replay` with words: what text gives, what is left of it, and what happens where it cannot be had.

use std::path::Path;

use serde_json::Value;

use crate::support::doubles::random::Random;
use crate::support::doubles::wav::{Depth, wav};
use crate::support::run::{Ran, WorkingDir};
use crate::support::sample;

const CLIPS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/words");

/// The clips of a language as a call, replayed with these words besides.
fn replayed(dir: &WorkingDir, lang: &str, more: &[&str]) -> Ran {
    let (me, them) = (format!("{CLIPS}/{lang}_me.flac"), format!("{CLIPS}/{lang}_them.flac"));
    dir.keicho_with_models(&[&["replay", &me, &them, "--out", "call"], more].concat())
}

fn text(utterances: &Value, track: &str) -> String {
    let of_track = utterances.as_array().unwrap().iter().filter(|one| one["track"] == track);
    of_track.map(|one| one["text"].as_str().unwrap().to_lowercase()).collect::<Vec<_>>().join(" ")
}

#[test]
fn words_are_found_in_each_language_by_itself() {
    for (lang, mine, theirs, pace) in
        [("ja", "プロジェクト", "金曜日", "mora_per_s"), ("en", "document", "customer", "words_per_min")]
    {
        let dir = WorkingDir::new();
        replayed(&dir, lang, &["--transcript"]);
        let summary = dir.json("call/summary.json");
        assert_eq!(summary["call"]["language"], lang);
        assert!(text(&summary["utterances"], "me").contains(mine), "{}", summary["utterances"]);
        assert!(text(&summary["utterances"], "them").contains(theirs), "{}", summary["utterances"]);
        let coverage = &summary["coverage"];
        assert_eq!(coverage["transcribed_ms"], coverage["speech_ms"], "all speech was recognised");
        let asked = summary["questions"].as_array().unwrap();
        let mine = asked.iter().find(|question| question["track"] == "me");
        // Of the English one the smallest models hear "and you" for "can you".
        assert!(lang == "en" || mine.is_some_and(|question| question["kind"] == "closed"), "{asked:?}");
        assert!(summary["pace"]["them"][pace].as_f64().is_some_and(|rate| rate > 4.0), "{}", summary["pace"]);
        assert!(String::from_utf8(dir.read("call/summary.html")).unwrap().contains(theirs));
    }
}

/// Sound as a recording has it, by its clips' names; one after the other with a second between.
fn spoken(clips: &[&str]) -> Vec<f64> {
    let sound = |name: &&str| {
        let pcm = sample::mono(&sample::clip(name)).concat();
        pcm.into_iter().map(|sample| f64::from(sample) / 32_768.0).chain([0.0; 16_000]).collect::<Vec<_>>()
    };
    clips.iter().flat_map(sound).collect()
}

#[test]
fn a_greeting_in_english_before_a_japanese_call_stays_english() {
    let dir = WorkingDir::new();
    let mut me = spoken(&["en_me", "ja_me"]);
    let mut them = vec![0.0; me.len()];
    them.extend(spoken(&["ja_them"]));
    me.resize(them.len(), 0.0);
    dir.put("call.wav", &wav(16_000, Depth::I16, &[me, them]));
    dir.keicho_with_models(&["replay", "call.wav", "--out", "call", "--transcript"]);
    let summary = dir.json("call/summary.json");
    assert_eq!(summary["call"]["language"], "ja");
    let (mine, theirs) = (text(&summary["utterances"], "me"), text(&summary["utterances"], "them"));
    assert!(mine.contains("document") && mine.contains("プロジェクト"), "{mine}");
    assert!(theirs.contains("金曜日"), "{theirs}");
}

/// A fan is no speech, and a recogniser that hears it all the same says nothing.
#[test]
fn nobody_is_quoted_where_nobody_spoke() {
    let dir = WorkingDir::new();
    let mut random = Random::new(1);
    let mut noise = |level: f64| -> Vec<f64> { (0..20 * 16_000).map(|_| level * random.noise()).collect() };
    dir.put("noise.wav", &wav(16_000, Depth::I16, &[noise(0.1), noise(0.01)]));
    let ran = dir.keicho_with_models(&["replay", "noise.wav", "--out", "call", "--transcript"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert_eq!(dir.json("call/summary.json").get("utterances"), None);
}

/// Times and words of a whole call, twice the same.
#[test]
fn a_replay_with_words_gives_the_same_bytes_again() {
    let dir = WorkingDir::new();
    let files = || ["events.jsonl", "summary.json", "summary.md"].map(|name| dir.read(&format!("call/{name}")));
    replayed(&dir, "ja", &["--lang", "ja", "--transcript"]);
    let first = files();
    replayed(&dir, "ja", &["--lang", "ja", "--transcript"]);
    assert!(first == files());
}

#[test]
fn at_the_pace_of_life_the_same_is_settled_and_the_same_is_heard() {
    let events = |pace: &str| {
        let dir = WorkingDir::new();
        replayed(&dir, "en", &["--lang", "en", "--transcript", "--pace", pace]);
        let events = dir.events("call/events.jsonl");
        let (mut heard, settled): (Vec<Value>, Vec<Value>) = events.into_iter().partition(|one| one["kind"] == "heard");
        heard.sort_by_key(|one| (one["start_ms"].as_u64(), one["track"].to_string()));
        // When text arrives is the machine's affair; so are the numbers of what comes after it.
        let timeless = |mut one: Value| {
            one["seq"].take();
            one
        };
        let of_words = |mut one: Value| {
            one["at_ms"].take();
            timeless(one)
        };
        (heard.into_iter().map(of_words).collect::<Vec<_>>(), settled.into_iter().map(timeless).collect::<Vec<_>>())
    };
    let (fast, real) = (events("fast"), events("real"));
    assert!(!fast.0.is_empty());
    assert_eq!(fast, real);
}

#[test]
fn words_that_are_not_asked_for_leave_no_trace() {
    let dir = WorkingDir::new();
    let ran = replayed(&dir, "ja", &["--lang", "ja"]);
    let summary = dir.json("call/summary.json");
    assert_eq!(summary["questions"].as_array().map(Vec::len), Some(1), "they were heard");
    let mut all = ran.stdout + &ran.stderr;
    for entry in std::fs::read_dir(dir.path().join("call")).unwrap() {
        all += &String::from_utf8(std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
    }
    for needle in ["プロジェクト", "火曜日", "資料", "金曜日", "会議", "お客様", "説明", "utterances", "\"text\":\"は"]
    {
        assert!(!all.contains(needle), "{needle} was left behind");
    }
}

#[test]
fn without_a_model_everything_else_works_and_one_line_says_so() {
    let dir = WorkingDir::new();
    let (me, them) = (format!("{CLIPS}/ja_me.flac"), format!("{CLIPS}/ja_them.flac"));
    let ran = dir.keicho(&["replay", &me, &them, "--out", "call"]);
    assert_eq!((ran.status, ran.no_model), (Some(0), true), "{ran:?}");
    let summary = dir.json("call/summary.json");
    assert!(summary["talk"]["me"]["share"].is_number());
    assert_eq!((&summary["coverage"]["transcribed_ms"], &summary["pace"]["me"]), (&Value::Null, &Value::Null));
    assert!(summary.get("questions").is_none());
    assert_eq!(summary["rates"]["me"]["repetitions_per_min"], Value::Null);
    let hesitations = summary["hesitations"].as_array().unwrap();
    assert!(hesitations.iter().all(|one| one["heard"] == true), "only what the sound has: {hesitations:?}");
    assert!(!dir.keicho(&["replay", &me, &them, "--out", "call", "--no-text"]).no_model, "no words, no complaint");
}

#[test]
fn a_model_that_was_asked_for_has_to_be_there() {
    let dir = WorkingDir::new();
    let (me, them) = (format!("{CLIPS}/ja_me.flac"), format!("{CLIPS}/ja_them.flac"));
    let refused = |more: &[&str], status: i32, reason: &str| {
        let ran = dir.keicho(&[&["replay", &me, &them, "--out", "call"], more].concat());
        assert_eq!(ran.status, Some(status), "{ran:?}");
        let said = ran.stderr + if ran.no_model { "without words" } else { "" };
        assert!(said.contains(reason), "{said}");
        assert!(!Path::new(&dir.path().join("call")).exists());
    };
    refused(&["--model", "base"], 1, "keicho models fetch base");
    refused(&["--transcript"], 1, "keicho models fetch base");
    refused(&["--model", "huge"], 1, "base");
    refused(&["--model", "silero"], 1, "recognises no words");
    refused(&["--model", "./nowhere.bin"], 1, "nowhere.bin");
    refused(&["--no-text", "--transcript"], 2, "--transcript");
}

#[test]
fn a_damaged_model_is_told_and_the_call_goes_on_unless_it_was_asked_for() {
    let dir = WorkingDir::new();
    let damaged = dir.put("ggml-base.bin", &[0x6c, 0x6d, 0x67, 0x67, 1, 2, 3]);
    let (me, them) = (format!("{CLIPS}/en_me.flac"), format!("{CLIPS}/en_them.flac"));
    let replayed = |more: &[&str]| {
        let words = [&["replay", &me, &them, "--out", "call"], more].concat();
        dir.keicho_with(&words, &[("KEICHO_MODELS", dir.path())])
    };
    for more in [&["--model", damaged.to_str().unwrap()][..], &["--model", "base"], &["--transcript"]] {
        let ran = replayed(more);
        assert_eq!(ran.status, Some(1), "{ran:?}");
        assert!(ran.stderr.contains("ggml-base.bin") && ran.stderr.lines().count() == 1, "{ran:?}");
        assert!(!dir.path().join("call").exists());
    }
    for pace in ["fast", "real"] {
        let ran = replayed(&["--pace", pace]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert!(ran.stderr.starts_with("keicho: warning: this call goes without words: "), "{ran:?}");
        assert!(ran.stderr.contains("ggml-base.bin") && ran.stderr.lines().count() == 1, "{ran:?}");
        assert!(dir.json("call/summary.json")["talk"]["me"]["share"].is_number());
    }
}
