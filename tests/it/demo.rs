//! The demo's two calls, one a language: each is what its seed lays out from the pool, holds what a demo is to show, and
//! the program's figures of it are its labels'.
//!
//! `KEICHO_CALLS=DIR cargo test --test it demo::` writes both there; `make sample` makes `tests/sample_call/demo_*` of them.

use std::path::{Path, PathBuf};

use keicho::audio::Track;
use keicho::language::Language;
use keicho::nudges::Policy;
use keicho::session::SessionSetup;
use keicho::source::Source as _;
use keicho::source::file::FileSource;
use serde_json::Value;

use crate::support::assemble::pool::Pool;
use crate::support::assemble::{Call, Scene};
use crate::support::hear;
use crate::support::score::Score;

/// The calls' languages and seeds: chosen for what the tests below ask of them.
const DEMOS: [(Language, u64); 2] = [(Language::Ja, 5_015), (Language::En, 5_016)];

fn assembled(language: Language, seed: u64) -> Call {
    let mut scene = Scene::new(seed, language);
    scene.seconds = 105;
    scene.monologue = true;
    scene.far_hiss_dbfs = None;
    scene.assemble(Pool::get())
}

fn file(language: Language, ending: &str) -> PathBuf {
    let name = format!("demo_{}.{ending}", language.code());
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sample_call").join(name)
}

fn recording(language: Language) -> FileSource {
    FileSource::open(&file(language, "flac"), None).unwrap()
}

fn labels(language: Language) -> Value {
    serde_json::from_slice(&std::fs::read(file(language, "json")).unwrap()).unwrap()
}

fn demo_setup() -> SessionSetup {
    SessionSetup { policy: Policy::demo(), ..SessionSetup::default() }
}

/// Whether some question is followed by a silence, and then by the other's answer.
fn waits_for_an_answer(labels: &Value) -> bool {
    let turns =
        labels["utterances"].as_array().unwrap().iter().filter(|line| line["kind"] == "turn").collect::<Vec<_>>();
    let silences = labels["silences"].as_array().unwrap();
    turns.windows(2).any(|pair| {
        let text = pair[0]["text"].as_str().unwrap();
        (text.ends_with('?') || text.ends_with("か。"))
            && pair[0]["track"] != pair[1]["track"]
            && silences.iter().any(|silence| silence["start_ms"] == pair[0]["end_ms"])
    })
}

/// Whether both people do it.
fn both(labels: &Value, name: &str) -> bool {
    let all = labels[name].as_array().unwrap();
    ["me", "them"].iter().all(|side| all.iter().any(|event| event["by"] == *side))
}

/// Whether one person goes on for half a minute, the other only nodding.
fn has_a_monologue(labels: &Value) -> bool {
    let turns =
        labels["utterances"].as_array().unwrap().iter().filter(|line| line["kind"] == "turn").collect::<Vec<_>>();
    let ms = |line: &Value, edge: &str| line[edge].as_u64().unwrap();
    let runs = turns.chunk_by(|a, b| a["track"] == b["track"]);
    runs.map(|run| ms(run[run.len() - 1], "end_ms") - ms(run[0], "start_ms")).any(|length| length >= 30_000)
}

#[test]
fn a_demo_is_the_call_of_its_seed() {
    for (language, seed) in DEMOS {
        let call = assembled(language, seed);
        if let Some(folder) = std::env::var_os("KEICHO_CALLS") {
            call.write(Path::new(&folder), &format!("demo_{}", language.code()));
            continue;
        }
        assert_eq!(labels(language), call.labels, "{language:?}");
        let (mut source, mut expected) = (recording(language), call.source());
        let mut blocks = 0;
        while let Some(wanted) = expected.next().unwrap() {
            let heard = source.next().unwrap().unwrap_or_else(|| panic!("{language:?}: ends at block {blocks}"));
            for track in Track::BOTH {
                // Another processor may round the last bit otherwise.
                let near = heard.pcm[track].iter().zip(&wanted.pcm[track]).all(|(a, b)| a.abs_diff(*b) <= 1);
                assert!(near, "{language:?}: block {blocks} of {track:?} is another");
            }
            blocks += 1;
        }
    }
}

#[test]
fn a_demo_shows_what_a_call_can_hold() {
    for (language, _) in DEMOS {
        let labels = labels(language);
        assert!(both(&labels, "interruptions") && both(&labels, "backchannels"), "{language:?}");
        assert!(waits_for_an_answer(&labels) && has_a_monologue(&labels), "{language:?}");
    }
}

#[test]
fn a_demos_summary_is_right_and_it_nudges() {
    for (language, _) in DEMOS {
        let summary = hear::summary(&mut recording(language), &demo_setup());
        let score = Score::of(&summary, &labels(language));
        assert!(score.share_error.abs() <= 1.0, "{language:?}: {score:#?}");
        assert_eq!(score.faults, Vec::<String>::new(), "{language:?}");
        assert!(score.speech_me.f1() >= 0.95 && score.speech_them.f1() >= 0.95, "{language:?}: {score:#?}");
        assert!(!summary["nudges"].as_array().unwrap().is_empty(), "{language:?}");
    }
}
