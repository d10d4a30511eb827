//! `keicho replay`: a recorded call through the built program.

use std::path::Path;

use keicho::audio::{Block, PerTrack, Track};
use keicho::source::Source as _;
use serde_json::{Value, json};

use crate::support::doubles::wav::{Depth, beeps, wav};
use crate::support::run::WorkingDir;
use crate::support::sample;
use crate::support::score::Score;

/// The files of a call.
const FILES: [&str; 5] = ["events.jsonl", "summary.html", "summary.json", "summary.md", "turns.csv"];

/// A stretch of the sample call, a list of samples a track.
fn stretch(blocks: std::ops::Range<usize>) -> PerTrack<Vec<f64>> {
    let mut source = sample::source();
    let all: Vec<Block> = std::iter::from_fn(|| source.next().unwrap()).take(blocks.end).collect();
    let of = |track: Track| all[blocks.clone()].iter().flat_map(move |block| block.pcm[track]);
    PerTrack::from_fn(|track| of(track).map(|sample| f64::from(sample) / 32_768.0).collect())
}

/// A stretch of the sample call as a two-channel WAV.
fn clip(blocks: std::ops::Range<usize>) -> Vec<u8> {
    let PerTrack { me, them } = stretch(blocks);
    wav(16_000, Depth::I16, &[me, them])
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

/// The whole event list of the sample call.
///
/// A change of it is a change of what the program hears: look at each line before it is taken over with
/// `INSTA_UPDATE=always cargo test --test it sample_calls_events`. Times are whole blocks, so another processor's
/// rounding shows only where a step of 10 ms hangs on it; other figures are rounded here.
#[test]
fn the_sample_calls_events_are_the_golden_ones() {
    let dir = WorkingDir::new();
    dir.keicho(&["replay", sample::CALL]).done();
    let lines: Vec<String> =
        dir.events("call.keicho/events.jsonl").iter().map(|event| coarse(event).to_string()).collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../sample_call");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("events", lines.join("\n")));
}

/// A value whose fractions are rounded to tenths.
fn coarse(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => json!((number.as_f64().unwrap() * 10.0).round() / 10.0),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), coarse(value))).collect(),
        Value::Array(values) => values.iter().map(coarse).collect(),
        other => other.clone(),
    }
}

#[test]
fn the_sample_calls_summary_comes_near_its_labels() {
    let dir = WorkingDir::new();
    dir.keicho(&["replay", sample::CALL]).done();
    let score = Score::of(&dir.json("call.keicho/summary.json"), &sample::labels());
    assert!(score.share_error.abs() <= 1.0, "{score:#?}");
    assert!(score.speech_me.f1() >= 0.95 && score.speech_them.f1() >= 0.95, "{score:#?}");
    assert!(score.interruptions.f1() >= 0.8, "{score:#?}");
    assert_eq!(score.outcomes_right, score.interruptions.hits, "{score:#?}");
    assert!(score.backchannels.f1() >= 0.85, "{score:#?}");
    assert!(score.silences.f1() >= 0.95, "{score:#?}");
}

#[test]
fn a_replay_leaves_its_files_beside_where_it_is_run() {
    let dir = WorkingDir::new();
    dir.put("weekly 1on1.wav", &clip(0..500));
    let ran = dir.keicho(&["replay", "weekly 1on1.wav"]).done();
    assert_eq!(ran.stdout, "summary: weekly 1on1.keicho/summary.html\n");
    let mut names: Vec<_> = std::fs::read_dir(dir.path().join("weekly 1on1.keicho"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, FILES);
    let summary = dir.json("weekly 1on1.keicho/summary.json");
    assert_eq!(summary["schema"], "keicho.summary/1");
    assert_eq!(
        summary["call"],
        json!({
            "id": "weekly 1on1", "started_at": null, "duration_ms": 5_000, "source": "replay", "mode": "listening",
            "target": 0.3, "language": null, "with": null,
        })
    );
}

#[test]
fn what_is_said_of_a_call_is_in_its_summary() {
    let dir = WorkingDir::new();
    dir.put("call.wav", &clip(0..100));
    let words =
        ["replay", "call.wav", "--out", "deep/er", "--mode", "coaching", "--with", "佐藤", "--lang", "ja", "--no-text"];
    dir.keicho(&words).done();
    let call = dir.json("deep/er/summary.json")["call"].clone();
    assert_eq!((&call["mode"], &call["with"], &call["language"]), (&json!("coaching"), &json!("佐藤"), &json!("ja")));
}

#[test]
fn a_path_in_japanese_is_a_path() {
    let dir = WorkingDir::new();
    std::fs::create_dir(dir.path().join("録音 2026年")).unwrap();
    dir.put("録音 2026年/面談 その1.wav", &clip(0..100));
    let ran = dir.keicho(&["replay", "録音 2026年/面談 その1.wav"]).done();
    assert_eq!(ran.stdout, "summary: 面談 その1.keicho/summary.html\n");
}

#[test]
fn every_format_is_replayed_without_a_word_of_complaint() {
    let dir = WorkingDir::new();
    for name in ["beeps.flac", "beeps.mp3", "bare.mp3", "beeps.ogg", "beeps.m4a", "alac.m4a"] {
        dir.keicho(&["replay", &format!("{}/tests/audio/{name}", env!("CARGO_MANIFEST_DIR")), "--out", name]).done();
        let coverage = dir.json(&format!("{name}/summary.json"))["coverage"]["them"].clone();
        assert!(coverage["captured_ms"].as_u64() >= Some(2_000) && coverage["lost_ms"] == 0, "{name}: {coverage}");
    }
}

#[test]
fn replaying_twice_gives_the_same_bytes() {
    let dir = WorkingDir::new();
    dir.put("call.wav", &clip(0..3_000));
    for out in ["one", "two"] {
        dir.keicho(&["replay", "call.wav", "--out", out]).done();
    }
    // Over what is there already, too.
    dir.keicho(&["replay", "call.wav", "--out", "two"]).done();
    assert!(kinds(&dir.events("one/events.jsonl")).len() > 10);
    for file in FILES {
        assert_eq!(dir.read(&format!("one/{file}")), dir.read(&format!("two/{file}")), "{file}");
    }
}

#[test]
fn the_pace_changes_nothing() {
    let dir = WorkingDir::new();
    dir.put("call.wav", &clip(0..250));
    dir.keicho(&["replay", "call.wav", "--out", "fast", "--pace", "fast"]).done();
    dir.keicho(&["replay", "call.wav", "--out", "real", "--pace", "real"]).done();
    assert!(kinds(&dir.events("real/events.jsonl")).contains(&"speech"));
    for file in FILES {
        assert_eq!(dir.read(&format!("fast/{file}")), dir.read(&format!("real/{file}")), "{file}");
    }
}

#[test]
fn two_files_are_the_same_call_as_their_two_channels() {
    let dir = WorkingDir::new();
    let PerTrack { me, them } = stretch(0..3_000);
    dir.put("call.wav", &wav(16_000, Depth::I16, &[me.clone(), them.clone()]));
    dir.put("me.wav", &wav(16_000, Depth::I24, &[me]));
    dir.put("them.wav", &wav(16_000, Depth::F32, &[them]));
    dir.keicho(&["replay", "call.wav"]).done();
    dir.keicho(&["replay", "me.wav", "them.wav"]).done();
    dir.keicho(&["replay", "them.wav", "me.wav"]).done();
    assert_eq!(dir.read("call.keicho/events.jsonl"), dir.read("me.keicho/events.jsonl"));
    // The other way round every run changes hands. Its edge may move by a step or two: one side goes through the echo
    // canceller.
    let starts = |name: &str, track: &str| -> Vec<u64> {
        let speech = dir.json(name)["speech"][track].clone();
        speech.as_array().unwrap().iter().map(|run| run[0].as_u64().unwrap()).collect()
    };
    for (track, other) in [("me", "them"), ("them", "me")] {
        let (right, turned) = (starts("me.keicho/summary.json", track), starts("them.keicho/summary.json", other));
        assert!(right.len() > 5 && right.len() == turned.len(), "{right:?} {turned:?}");
        assert!(right.iter().zip(&turned).all(|(a, b)| a.abs_diff(*b) <= 50), "{right:?} {turned:?}");
    }
}

#[test]
fn the_shorter_of_two_files_is_no_data_after_its_end() {
    let dir = WorkingDir::new();
    let tone = |ms| wav(16_000, Depth::I16, &[beeps(16_000, 440.0, &[100], ms)]);
    dir.put("me.wav", &tone(3_000));
    dir.put("them.wav", &tone(1_000));
    dir.keicho(&["replay", "me.wav", "them.wav"]).done();
    let coverage = dir.json("me.keicho/summary.json")["coverage"].clone();
    assert_eq!(coverage["me"], json!({ "captured_ms": 3_000, "lost_ms": 0 }));
    assert_eq!(coverage["them"], json!({ "captured_ms": 1_000, "lost_ms": 2_000 }));
    let events = dir.events("me.keicho/events.jsonl");
    let lost = events.iter().find(|event| event["kind"] == "lost").unwrap();
    assert_eq!((&lost["track"], &lost["start_ms"], &lost["end_ms"]), (&json!("them"), &json!(1_000), &json!(3_000)));
}

#[test]
fn a_file_cut_short_is_analysed_with_a_warning() {
    let dir = WorkingDir::new();
    let whole = clip(0..500);
    dir.put("cut.wav", &whole[..44 + 3 * 64_000]);
    let ran = dir.keicho(&["replay", "cut.wav"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert_eq!(ran.stderr, "keicho: warning: cut.wav is cut short and ends at 0:03.0; what is there was analysed\n");
    assert_eq!(dir.json("cut.keicho/summary.json")["call"]["duration_ms"], 3_000);
    let events = dir.events("cut.keicho/events.jsonl");
    let notice = events.iter().find(|event| event["kind"] == "notice").unwrap();
    assert_eq!((&notice["notice"], &notice["end_ms"]), (&json!("cut_short"), &json!(3_000)));
}

#[test]
fn a_mono_mix_saved_as_stereo_is_analysed_with_a_warning() {
    let dir = WorkingDir::new();
    let me = stretch(0..300).me;
    dir.put("mix.wav", &wav(16_000, Depth::I16, &[me.clone(), me]));
    let ran = dir.keicho(&["replay", "mix.wav"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert_eq!(
        ran.stderr,
        "keicho: warning: both channels of mix.wav hold the same sound, so whose it is cannot be told and the figures \
         mean nothing; record each side in a channel or a file of its own\n"
    );
    let events = dir.events("mix.keicho/events.jsonl");
    assert!(events.iter().any(|event| event["notice"] == "same_channels"), "{events:?}");
}

#[test]
fn a_call_of_a_few_milliseconds_is_a_call() {
    let dir = WorkingDir::new();
    for (ms, duration) in [(1, 10), (9, 10), (20, 20), (350, 350)] {
        dir.put("short.wav", &wav(16_000, Depth::I16, &[vec![0.1; 16 * ms], vec![0.0; 16 * ms]]));
        dir.keicho(&["replay", "short.wav"]).done();
        let summary = dir.json("short.keicho/summary.json");
        assert_eq!(summary["call"]["duration_ms"], duration);
        assert_eq!(summary["talk"]["me"]["share"], Value::Null, "no share of no talk");
        assert_eq!(kinds(&dir.events("short.keicho/events.jsonl")), ["call_ended"]);
    }
}

mod refusals {
    use super::*;

    /// What a run is refused with: one line on stderr, status 1, and nothing left behind.
    #[track_caller]
    fn refusal(dir: &WorkingDir, words: &[&str]) -> String {
        let before = std::fs::read_dir(dir.path()).unwrap().count();
        let ran = dir.keicho(&[&["replay"], words].concat());
        assert_eq!((ran.status, &ran.stdout[..]), (Some(1), ""), "{ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), before, "something was left behind");
        ran.stderr.trim_end().strip_prefix("keicho: ").expect("it says who speaks").to_owned()
    }

    #[test]
    fn a_missing_file() {
        let said = refusal(&WorkingDir::new(), &["nowhere.wav"]);
        assert!(said.starts_with("cannot read nowhere.wav: "), "{said}");
        assert!(said.ends_with(". Check the path and its permissions"), "{said}");
    }

    #[test]
    fn a_missing_second_file() {
        let dir = WorkingDir::new();
        dir.put("me.wav", &wav(16_000, Depth::I16, &[vec![0.1; 1_600]]));
        let said = refusal(&dir, &["me.wav", "nowhere.wav"]);
        assert!(said.starts_with("cannot read nowhere.wav: "), "{said}");
    }

    /// Permissions do not bind a superuser; a path through a file is refused by the system for anybody.
    #[cfg(unix)]
    #[test]
    fn a_path_that_the_system_refuses() {
        let dir = WorkingDir::new();
        dir.put("file", b"");
        let said = refusal(&dir, &["file/call.wav"]);
        assert!(said.starts_with("cannot read file/call.wav: Not a directory"), "{said}");
    }

    #[test]
    fn a_folder() {
        let dir = WorkingDir::new();
        std::fs::create_dir(dir.path().join("calls")).unwrap();
        let said = refusal(&dir, &["calls"]);
        assert_eq!(said, "calls is a folder. Give a recording: WAV, FLAC, MP3, Ogg, WebM, MKV, M4A, MP4 or MOV");
    }

    #[test]
    fn an_empty_file_and_a_header_alone() {
        let dir = WorkingDir::new();
        dir.put("empty.wav", b"");
        dir.put("header.wav", &wav(16_000, Depth::I16, &[vec![], vec![]]));
        for name in ["empty.wav", "header.wav"] {
            let said = refusal(&dir, &[name]);
            assert_eq!(said, format!("{name} holds no sound. Check that the recording was finished and copied whole"));
        }
    }

    #[test]
    fn a_mono_file_alone() {
        let dir = WorkingDir::new();
        dir.put("mix.wav", &wav(16_000, Depth::I16, &[vec![0.1; 16_000]]));
        assert_eq!(
            refusal(&dir, &["mix.wav"]),
            "mix.wav is mono, and two people mixed into one channel cannot be told apart. Give a two-channel recording \
             (left is you, right is the other side) or two files: keicho replay ME THEM"
        );
    }

    #[test]
    fn noise_of_any_name() {
        let dir = WorkingDir::new();
        // Multiples of an odd number: every byte, in no order that a decoder knows.
        let noise: Vec<u8> = (1..200_000_u64).map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect();
        for name in ["noise.wav", "noise.mp3", "noise.flac", "noise.m4a", "noise"] {
            dir.put(name, &noise);
            assert_eq!(
                refusal(&dir, &[name]),
                format!(
                    "{name} is not a recording that keicho can read (it does not begin like one). Give WAV, FLAC, MP3, \
                     Ogg or WebM (Opus, Vorbis), M4A, MP4 or MOV (AAC)"
                )
            );
        }
    }

    #[test]
    fn a_place_where_nothing_can_be_written() {
        let dir = WorkingDir::new();
        dir.put("call.wav", &clip(0..10));
        dir.put("taken", b"");
        let said = refusal(&dir, &["call.wav", "--out", "taken"]);
        assert!(
            said.starts_with("cannot make the folder taken: ") && said.ends_with(". Choose another with --out"),
            "{said}"
        );
    }

    #[test]
    fn words_that_are_none_end_with_status_2() {
        let dir = WorkingDir::new();
        dir.put("call.wav", &clip(0..10));
        for words in [
            &["replay"][..],
            &["replay", "call.wav", "them.wav", "more.wav"],
            &["replay", "call.wav", "--pace", "slow"],
            &["replay", "call.wav", "--mode", "talking"],
            &["replay", "call.wav", "--loud"],
            &["replai", "call.wav"],
            &[],
        ] {
            let ran = dir.keicho(words);
            assert_eq!((ran.status, &ran.stdout[..]), (Some(2), ""), "{words:?}: {ran:?}");
            assert!(ran.stderr.contains("Usage") || ran.stderr.contains("--help"), "{words:?}: {ran:?}");
        }
        assert!(!dir.path().join("call.keicho").exists());
    }
}

#[cfg(unix)]
#[test]
fn what_is_written_only_its_owner_can_read() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = WorkingDir::new();
    dir.put("call.wav", &clip(0..100));
    for mask in ["000", "022", "077"] {
        let out = format!("mask-{mask}");
        dir.keicho_masked(mask, &["replay", "call.wav", "--out", &out]).done();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = dir.path().join(&out);
        assert_eq!(mode(&folder), 0o700, "umask {mask}");
        for file in FILES {
            assert_eq!(mode(&folder.join(file)), 0o600, "{file} under umask {mask}");
        }
    }
}

#[test]
fn an_event_is_explained_by_the_figures_that_decided_it() {
    let dir = WorkingDir::new();
    let told = dir.keicho(&["replay", sample::CALL, "--explain", "interruption@1:38"]).done().stdout;
    assert!(
        told.contains("\"outcome\":\"failed\"") && told.contains("the interrupter outlasted the other by"),
        "{told}"
    );
    let events = dir.events("call.keicho/events.jsonl");
    let silence = events.iter().find(|event| event["kind"] == "silence").unwrap();
    let told = dir.keicho(&["replay", sample::CALL, "--explain", &silence["seq"].to_string()]).done().stdout;
    assert!(told.contains("nobody spoke for") && told.contains("(≥ 3.00 s: a silence)"), "{told}");
}

#[test]
fn an_event_that_is_not_there_is_an_error_after_the_summary_is_written() {
    let dir = WorkingDir::new();
    let ran = dir.keicho(&["replay", sample::CALL, "--explain", "earthquake"]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.starts_with("keicho: the call has no such event; its events are 1 to "), "{}", ran.stderr);
    assert_eq!(dir.json("call.keicho/summary.json")["schema"], "keicho.summary/1");
    assert_eq!(dir.keicho(&["replay", sample::CALL, "--explain", "silence@noon"]).status, Some(2));
}
