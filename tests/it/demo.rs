//! The demo's two calls, one a language: each is what its script says, holds what a demo is to show, and the program's
//! figures of it are its labels'.
//!
//! `make demo-calls` makes both again from their scripts (`tests/sample_call`).

use std::path::{Path, PathBuf};

use keicho::audio::Track;
use keicho::language::Language;
use keicho::nudges::Policy;
use keicho::session::SessionSetup;
use keicho::source::Source as _;
use keicho::source::file::FileSource;
use serde::Deserialize;
use serde_json::Value;

use crate::support::hear;
use crate::support::run::WorkingDir;
use crate::support::score::Score;

const LANGUAGES: [Language; 2] = [Language::Ja, Language::En];

/// A call as it was written.
#[derive(Deserialize)]
struct Script {
    line: Vec<Line>,
}

/// A line of it: what somebody says, and what its last question is, if it ends with one.
#[derive(Deserialize)]
struct Line {
    speaker: String,
    text: String,
    asks: Option<String>,
}

fn file(language: Language, ending: &str) -> PathBuf {
    let name = format!("demo_{}.{ending}", language.code());
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sample_call").join(name)
}

fn recording(language: Language) -> FileSource {
    FileSource::open(&file(language, "flac"), None).unwrap()
}

fn script(language: Language) -> Script {
    toml::from_str(&std::fs::read_to_string(file(language, "toml")).unwrap()).unwrap()
}

fn labels(language: Language) -> Value {
    serde_json::from_slice(&std::fs::read(file(language, "json")).unwrap()).unwrap()
}

fn demo_setup() -> SessionSetup {
    SessionSetup { policy: Policy::demo(), ..SessionSetup::default() }
}

fn entries<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of[name].as_array().unwrap_or_else(|| panic!("no {name}"))
}

fn ms(of: &Value, edge: &str) -> u64 {
    of[edge].as_u64().unwrap()
}

#[test]
fn a_demo_is_the_call_of_its_script() {
    for language in LANGUAGES {
        let (script, labels) = (script(language), labels(language));
        let mut said: Vec<_> = entries(&labels, "utterances").iter().map(|one| (&one["track"], &one["text"])).collect();
        for line in &script.line {
            let place = said.iter().position(|(track, text)| **track == line.speaker && **text == line.text);
            said.remove(place.unwrap_or_else(|| panic!("make demo-calls: {} is not in the call", line.text)));
        }
        assert!(said.is_empty(), "make demo-calls: {said:?} is not in the script");

        // Where the labels know of speech there is some, and nowhere else.
        let mut source = recording(language);
        let mut loud = Track::BOTH.map(|_| Vec::new());
        while let Some(block) = source.next().unwrap() {
            for (track, loud) in Track::BOTH.into_iter().zip(&mut loud) {
                let power = block.pcm[track].iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
                loud.push(power / block.pcm[track].len() as f64 > (0.0032_f64 * 32_768.0).powi(2));
            }
        }
        for (name, loud) in ["me", "them"].into_iter().zip(&loud) {
            let speech = &labels["speech"][name];
            let spans: Vec<(usize, usize)> = serde_json::from_value(speech.clone()).unwrap();
            let inside = |step: usize| spans.iter().any(|(start, end)| (*start..*end).contains(&(10 * step)));
            let strays = loud.iter().enumerate().filter(|(step, loud)| **loud && !inside(*step)).count();
            let heard = (0..loud.len()).filter(|step| inside(*step) && loud[*step]).count();
            let labelled = (0..loud.len()).filter(|step| inside(*step)).count();
            assert!(strays <= 30, "{language:?}, {name}: {strays} steps are no speech in the labels");
            assert!(10 * heard >= 7 * labelled, "{language:?}, {name}: {heard} of {labelled} steps are heard");
        }
    }
}

/// The manager asks for progress, talks too long, cuts in, asks and waits, and listens to what comes.
#[test]
fn a_demo_tells_of_a_manager_who_comes_to_listen() {
    for language in LANGUAGES {
        let labels = labels(language);
        assert!((120_000..=180_000).contains(&ms(&labels, "duration_ms")), "{language:?}");
        let kinds: Vec<_> = entries(&labels, "questions").iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds[..2], ["progress"; 2], "{language:?}");
        assert_eq!(kinds.last(), Some(&"open"), "{language:?}");
        let monologue = &labels["monologue"];
        assert!(monologue["track"] == "me" && ms(monologue, "end_ms") - ms(monologue, "start_ms") >= 25_000);
        let cut_in: Vec<_> =
            entries(&labels, "interruptions").iter().filter(|one| one["outcome"] == "successful").collect();
        assert!(matches!(cut_in[..], [one] if one["by"] == "me"), "{language:?}: {cut_in:?}");
        let [silence] = entries(&labels, "silences") else { panic!("{language:?}: a wait, and no other silence") };
        assert!(
            entries(&labels, "questions")
                .iter()
                .any(|one| one["end_ms"] == silence["start_ms"] && one["kind"] == "open"),
            "{language:?}: the silence follows no open question"
        );
        // Most of the talk is the manager's before the wait, and the other's after it.
        let talk = |track: &str, after: bool| {
            let spans: Vec<(u64, u64)> = serde_json::from_value(labels["speech"][track].clone()).unwrap();
            let spans = spans.iter().filter(|(start, _)| (*start > ms(silence, "start_ms")) == after);
            spans.map(|(start, end)| end - start).sum::<u64>()
        };
        assert!(10 * talk("me", false) > 15 * talk("them", false), "{language:?}");
        assert!(10 * talk("them", true) > 12 * talk("me", true), "{language:?}");
        let signs = |by: &str| {
            entries(&labels, "backchannels")
                .iter()
                .filter(|one| one["by"] == by && (ms(one, "start_ms") > ms(silence, "start_ms")) == (by == "me"))
                .count()
        };
        assert!(signs("me") >= 3 && signs("them") >= 3, "{language:?}");
    }
}

#[test]
fn a_demos_words_are_counted_as_they_were_written() {
    for language in LANGUAGES {
        let (dir, labels, script) = (WorkingDir::new(), labels(language), script(language));
        let seconds = |one: &Value, edge: &str| ms(one, edge) as f64 / 1_000.0;
        let rows = entries(&labels, "utterances").iter().filter(|one| one["cut"] == false).map(|one| {
            let (start, end) = (seconds(one, "start_ms"), seconds(one, "end_ms"));
            format!("{start},{end},{},\"{}\"\n", one["track"].as_str().unwrap(), one["text"].as_str().unwrap())
        });
        let rows = rows.collect::<String>();
        let call = dir.put("call.csv", format!("start,end,speaker,text\n{rows}").as_bytes());
        let call = call.to_str().unwrap();
        dir.keicho(&["replay", call, "--speaker-me", "me", "--lang", language.code(), "--out", "call"]).done();
        let summary = dir.json("call/summary.json");
        let mine = entries(&summary, "questions").iter().filter(|one| one["track"] == "me");
        let found: Vec<_> = mine.map(|one| one["kind"].as_str().unwrap()).collect();
        let wanted: Vec<_> = script.line.iter().filter_map(|line| line.asks.as_deref()).collect();
        assert_eq!(found, wanted, "{language:?}");
        let fillers = |track: &str| {
            entries(&summary, "hesitations")
                .iter()
                .filter(|one| one["track"] == track && one["kind"] == "filled_pause")
                .count() as u64
        };
        let labelled = |track: &str| {
            let lines =
                entries(&labels, "utterances").iter().filter(|one| one["track"] == track && one["cut"] == false);
            lines.map(|one| one["fillers"].as_u64().unwrap()).sum::<u64>()
        };
        assert_eq!(["me", "them"].map(fillers), ["me", "them"].map(labelled), "{language:?}");
    }
}

#[test]
fn a_demos_summary_is_right_and_it_nudges() {
    for language in LANGUAGES {
        let summary = hear::summary(&mut recording(language), &demo_setup());
        let score = Score::of(&summary, &labels(language));
        assert!(score.share_error.abs() <= 1.0, "{language:?}: {score:#?}");
        assert_eq!(score.faults, Vec::<String>::new(), "{language:?}");
        assert!(score.speech_me.f1() >= 0.95 && score.speech_them.f1() >= 0.95, "{language:?}: {score:#?}");
        let nudges: Vec<_> = entries(&summary, "nudges").iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert!(nudges.contains(&"monologue") && nudges.contains(&"cut_in"), "{language:?}: {nudges:?}");
    }
}
