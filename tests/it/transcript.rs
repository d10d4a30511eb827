//! `keicho replay` of transcripts, through the built program.

use serde_json::{Value, json};

use crate::support::doubles::wav::{Depth, wav};
use crate::support::run::WorkingDir;

/// One talk of a minute in every format.
const TALK: [&str; 5] = ["zoom.vtt", "teams.vtt", "talk.rttm", "talk.csv", "talk.json"];

fn talk(name: &str) -> String {
    format!("{}/tests/transcripts/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The summary of the talk, replayed with these words besides.
fn summary(name: &str, more: &[&str]) -> Value {
    let dir = WorkingDir::new();
    let ran = dir.keicho(&[&["replay", &talk(name), "--speaker-me", "aoki", "--out", "call"], more].concat());
    assert!(!ran.no_model, "no model is missed");
    ran.done();
    dir.json("call/summary.json")
}

/// The figures that need no text.
fn floor(summary: &Value) -> Value {
    let mut floor = json!({});
    for field in ["talk", "speech", "turns", "monologues", "interruptions", "backchannels", "silences", "nudges"] {
        floor[field] = summary[field].clone();
    }
    for silence in floor["silences"].as_array_mut().unwrap() {
        silence["after_question"].take();
    }
    floor
}

#[test]
fn one_talk_in_five_formats_has_one_floor() {
    let zoom = floor(&summary("zoom.vtt", &[]));
    assert_eq!(
        zoom["interruptions"],
        json!([{ "by": "me", "at_ms": 22_500, "overlap_ms": 1_500, "outcome": "successful" }])
    );
    assert_eq!(zoom["backchannels"], json!([{ "by": "me", "start_ms": 10_300, "end_ms": 10_900 }]));
    let silences = [(30_000, 34_200, "me", "them"), (55_000, 58_900, "them", "me")].map(|(start, end, after, by)| {
        json!({ "start_ms": start, "end_ms": end, "after": after, "after_question": null, "broken_by": by })
    });
    assert_eq!(zoom["silences"], json!(silences));
    // 5.2 + 7.5 + 5.4 + 7.1 s, and 8.4 + 7.9 + 12.8 + 1.5 + 1.2 s.
    assert_eq!((&zoom["talk"]["me"]["speech_ms"], &zoom["talk"]["me"]["share"]), (&json!(25_200), &json!(0.4421)));
    assert_eq!(zoom["talk"]["them"]["speech_ms"], 31_800);
    for name in TALK {
        assert_eq!(floor(&summary(name, &[])), zoom, "{name}");
    }
}

#[test]
fn what_needs_sound_is_null() {
    let summary = summary("zoom.vtt", &[]);
    assert_eq!(summary["echo"], Value::Null);
    assert_eq!(
        summary["coverage"],
        json!({
            "me": { "captured_ms": null, "lost_ms": null }, "them": { "captured_ms": null, "lost_ms": null },
            "speech_ms": 57_600, "transcribed_ms": null,
        })
    );
    assert_eq!((&summary["call"]["source"], &summary["call"]["duration_ms"]), (&json!("replay"), &json!(68_000)));
}

/// A transcript without ends gives shares, and no figure that an end is needed for.
#[test]
fn what_needs_ends_is_null_where_they_are_guessed() {
    for (name, me) in [("otter.txt", "aoki"), ("notta.txt", "話者 1"), ("zoom_captions.txt", "Aoki Ken")] {
        let dir = WorkingDir::new();
        let ran = dir.keicho(&["replay", &talk(name), "--speaker-me", me, "--out", "call"]);
        let told = "keicho: the transcript does not state when lines end, so the ends are guessed";
        assert!(ran.status == Some(0) && ran.stderr.starts_with(told) && ran.stderr.lines().count() == 1, "{ran:?}");
        let summary = dir.json("call/summary.json");
        for list in ["interruptions", "terminal_overlaps", "long_overlaps", "backchannels", "silences", "transfers"] {
            assert_eq!(summary[list], Value::Null, "{name}: {list}");
        }
        assert!(summary["talk"]["me"]["share"].is_number(), "{name}");
        let events = String::from_utf8(dir.read("call/events.jsonl")).unwrap();
        let first: Value = serde_json::from_str(events.lines().next().unwrap()).unwrap();
        assert_eq!((&first["kind"], &first["notice"]), (&json!("notice"), &json!("guessed_ends")), "{name}");
        assert_eq!((&summary["talk"]["silence_ms"], &summary["talk"]["overlap_ms"]), (&Value::Null, &Value::Null));
        assert_eq!((&summary["patience_ms"], &summary["pace"]["me"]), (&Value::Null, &Value::Null));
        assert_eq!(summary["rates"]["them"]["backchannels_per_min"], Value::Null);
        for question in summary["questions"].as_array().unwrap() {
            assert_eq!((&question["wait_ms"], &question["regrabbed"]), (&Value::Null, &Value::Null), "{name}");
        }
        assert_eq!(
            summary["confidence"][0],
            json!({ "figure": "talk", "confidence": "medium", "reason": "guessed_ends", "track": null })
        );
        let page = String::from_utf8(dir.read("call/summary.html")).unwrap();
        let said = page.contains("the ends are guessed") || page.contains("推し量りました");
        assert!(
            said && !page.contains("Nobody interrupted") && !page.contains("There was no silence"),
            "{name}: {page}"
        );
        assert!(!page.contains("割り込みはありませんでした") && !page.contains("3 秒以上の沈黙はありません"), "{name}");
        let notes = String::from_utf8(dir.read("call/summary.md")).unwrap();
        assert!(!notes.contains("interrupted") && notes.contains('–'), "{notes}");
    }
}

#[test]
fn webex_names_who_speaks_in_its_identifiers() {
    let summary = summary("webex.vtt", &[]);
    assert_eq!((&summary["talk"]["me"]["speech_ms"], &summary["talk"]["me"]["share"]), (&json!(5_000), &json!(0.4167)));
}

#[test]
fn its_words_are_read_and_kept_where_that_is_asked_for() {
    for name in ["zoom.vtt", "teams.vtt", "talk.csv", "talk.json"] {
        let kept = summary(name, &["--transcript"]);
        assert_eq!(kept["call"]["language"], "ja", "{name}");
        let asked: Vec<_> = kept["questions"].as_array().unwrap().iter().map(|one| one["kind"].clone()).collect();
        assert_eq!(asked, ["open", "open", "closed"], "{name}");
        assert_eq!(kept["questions"][1]["wait_ms"], 4_200);
        assert_eq!(kept["silences"][0]["after_question"], true);
        let fillers: Vec<_> = kept["hesitations"].as_array().unwrap().iter().map(|one| one["text"].clone()).collect();
        assert_eq!(fillers, ["えーと", "うーん"], "{name}");
        let lines = kept["utterances"].to_string();
        assert!(
            lines.contains("Q&A の <資料> は 10:30 に送ります。") && lines.contains("お願いします"),
            "{name}: {lines}"
        );
        assert_eq!(kept["backchannels"][0]["text"], "はい。");

        let dropped = summary(name, &[]);
        assert_eq!(dropped["questions"], kept["questions"]);
        assert!(!dropped.to_string().contains("えーと") && dropped.get("utterances").is_none());
    }
}

#[test]
fn without_words_there_are_no_figures_of_them() {
    for (name, more) in [("talk.rttm", &[][..]), ("zoom.vtt", &["--no-text"])] {
        let summary = summary(name, more);
        assert!(summary.get("questions").is_none(), "{name}");
        let hesitations = summary["hesitations"].as_array().unwrap();
        assert!(hesitations.iter().all(|one| one["kind"] == "pause"), "{name}: {hesitations:?}");
        assert_eq!(summary["rates"]["me"]["filled_pauses_per_min"], Value::Null);
        assert_eq!((&summary["pace"]["me"], &summary["call"]["language"]), (&Value::Null, &Value::Null));
    }
}

#[test]
fn the_language_that_is_said_is_taken() {
    let summary = summary("zoom.vtt", &["--lang", "en"]);
    assert_eq!(summary["call"]["language"], "en");
    assert_eq!(summary["pace"]["them"].get("mora_per_s"), None);
}

#[test]
fn the_page_says_where_its_figures_come_from() {
    let dir = WorkingDir::new();
    dir.keicho(&["replay", &talk("zoom.vtt"), "--speaker-me", "Aoki Ken"]).done();
    let page = String::from_utf8(dir.read("zoom.keicho/summary.html")).unwrap();
    assert!(page.contains("Transcript “zoom”") && page.contains("These figures come from a transcript"), "{page}");
}

#[test]
fn replaying_twice_gives_the_same_bytes_and_the_pace_changes_nothing() {
    let dir = WorkingDir::new();
    dir.put("call.csv", b"start,end,speaker,text\n0.1,0.8,A,How are you?\n1,1.9,B,Fine.\n");
    for (out, pace) in [("one", "fast"), ("two", "fast"), ("real", "real")] {
        let words = ["replay", "call.csv", "--speaker-me", "A", "--out", out, "--pace", pace, "--transcript"];
        dir.keicho(&words).done();
    }
    assert_eq!(dir.json("one/summary.json")["utterances"][0]["text"], "How are you?");
    for file in ["events.jsonl", "summary.html", "summary.json", "summary.md"] {
        let one = dir.read(&format!("one/{file}"));
        assert!(one == dir.read(&format!("two/{file}")) && one == dir.read(&format!("real/{file}")), "{file}");
    }
}

#[test]
fn of_many_speakers_all_others_are_them() {
    let dir = WorkingDir::new();
    let rows = "start,end,speaker\n0,2,Aoki\n2,4,Baba\n3,5,Chiba\n5,6,Aoki\n6,7,Doi\n";
    dir.put("four.csv", rows.as_bytes());
    dir.keicho(&["replay", "four.csv", "--speaker-me", "Aoki"]).done();
    let speech = dir.json("four.keicho/summary.json")["speech"].clone();
    assert_eq!(speech, json!({ "me": [[0, 2_000], [5_000, 6_000]], "them": [[2_000, 5_000], [6_000, 7_000]] }));
}

#[test]
fn an_hour_is_read_to_its_last_question() {
    let rows: String = (0..1_200)
        .map(|at| {
            format!("{},{},{},そうですね、それでは次の件に進みましょうか。\n", at * 3, at * 3 + 2, ["A", "B"][at % 2])
        })
        .collect();
    let dir = WorkingDir::new();
    dir.put("hour.csv", format!("start,end,speaker,text\n{rows}").as_bytes());
    dir.keicho(&["replay", "hour.csv", "--speaker-me", "A"]).done();
    assert_eq!(dir.json("hour.keicho/summary.json")["questions"].as_array().unwrap().len(), 1_200);
}

mod refusals {
    use super::*;

    /// What a run is refused with: one line on stderr, status 1, and nothing left behind.
    #[track_caller]
    fn refusal(dir: &WorkingDir, words: &[&str]) -> String {
        let before = std::fs::read_dir(dir.path()).unwrap().count();
        let ran = dir.keicho(&[&["replay"], words].concat());
        assert_eq!((ran.status, &ran.stdout[..], ran.no_model), (Some(1), "", false), "{ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), before, "something was left behind");
        ran.stderr.trim_end().strip_prefix("keicho: ").expect("it says who speaks").to_owned()
    }

    #[test]
    fn nobody_says_who_they_are() {
        let said = refusal(&WorkingDir::new(), &[&talk("zoom.vtt")]);
        assert_eq!(
            said,
            "say who you are with --speaker-me NAME; the transcript names Aoki Ken (45% of the talk), 田中 美咲 (55%)"
        );
    }

    #[test]
    fn a_name_that_nobody_has() {
        let said = refusal(&WorkingDir::new(), &[&talk("teams.vtt"), "--speaker-me", "Bob"]);
        assert_eq!(
            said,
            "there is no “Bob”; say who you are with --speaker-me NAME; the transcript names Aoki Ken (45% of the \
             talk), 田中 美咲 (55%)"
        );
    }

    #[test]
    fn a_name_beside_a_recording() {
        let dir = WorkingDir::new();
        dir.put("call.wav", &wav(16_000, Depth::I16, &[vec![0.1; 1_600], vec![0.1; 1_600]]));
        assert_eq!(
            refusal(&dir, &["call.wav", "--speaker-me", "Aoki"]),
            "--speaker-me is for transcripts. In a recording you are the left channel, or the first of two files"
        );
    }

    #[test]
    fn a_transcript_beside_anything_else() {
        let dir = WorkingDir::new();
        dir.put("me.wav", &wav(16_000, Depth::I16, &[vec![0.1; 1_600]]));
        dir.put("call.vtt", &std::fs::read(talk("zoom.vtt")).unwrap());
        for files in [["me.wav", "call.vtt"], ["call.vtt", "me.wav"], ["call.vtt", "call.vtt"], ["call.vtt", "gone"]] {
            assert_eq!(
                refusal(&dir, &files),
                "call.vtt is a transcript, which holds both sides. Give it alone: keicho replay call.vtt"
            );
        }
    }

    #[test]
    fn stamps_that_are_minutes_apart() {
        let said = refusal(&WorkingDir::new(), &[&talk("meet.txt"), "--speaker-me", "Aoki"]);
        assert!(said.contains("meet.txt: it states a time only every few minutes"), "{said}");
    }

    #[test]
    fn a_broken_line() {
        let dir = WorkingDir::new();
        dir.put("call.vtt", b"WEBVTT\n\n00:01.000 --> 00:0x.000\nA: hello\n");
        assert_eq!(
            refusal(&dir, &["call.vtt", "--speaker-me", "A"]),
            "call.vtt, line 3: “00:01.000 --> 00:0x.000” are no times of a cue; expected is 00:00:01.000 --> \
             00:00:02.500"
        );
    }
}

/// What a file is, is in it.
mod endings {
    use super::*;

    #[test]
    fn a_transcript_of_another_name_is_one() {
        let dir = WorkingDir::new();
        dir.put("call.wav", &std::fs::read(talk("teams.vtt")).unwrap());
        dir.put("call", &std::fs::read(talk("talk.json")).unwrap());
        dir.put("talk.vtt", &std::fs::read(talk("talk.csv")).unwrap());
        for name in ["call.wav", "call", "talk.vtt"] {
            dir.keicho(&["replay", name, "--speaker-me", "aoki", "--out", "out"]).done();
            assert_eq!(dir.json("out/summary.json")["talk"]["me"]["speech_ms"], 25_200, "{name}");
        }
    }

    #[test]
    fn a_recording_of_another_name_is_one() {
        let dir = WorkingDir::new();
        dir.put("call.vtt", &wav(16_000, Depth::I16, &[vec![0.1; 1_600], vec![0.0; 1_600]]));
        dir.keicho(&["replay", "call.vtt", "--no-text"]).done();
        assert_eq!(dir.json("call.keicho/summary.json")["coverage"]["me"]["captured_ms"], 100);
    }

    #[test]
    fn what_is_neither_is_refused_by_its_name() {
        let dir = WorkingDir::new();
        dir.put("notes.vtt", "打ち合わせのメモ".as_bytes());
        dir.put("noise.csv", &[0x80, 0x00, 0xfd, 0x01]);
        dir.put("empty.json", b"");
        dir.put("notes.wav", b"Minutes of a meeting\n");
        for (name, reason) in [
            ("notes.vtt", "notes.vtt holds no speech. Export the transcript again, with its times"),
            ("noise.csv", "noise.csv is not text in UTF-8, UTF-16 or Shift_JIS. Save the transcript as UTF-8"),
            ("empty.json", "empty.json is empty. Export the transcript again"),
            ("notes.wav", "notes.wav is not a recording that keicho can read"),
        ] {
            let ran = dir.keicho(&["replay", name, "--speaker-me", "A"]);
            assert_eq!(ran.status, Some(1), "{ran:?}");
            assert!(ran.stderr.starts_with(&format!("keicho: {reason}")), "{ran:?}");
        }
    }
}
