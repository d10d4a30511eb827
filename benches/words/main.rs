//! tuning
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot be set up fails")]
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use keicho::asr::Inline;
use keicho::asr::whisper::{Model, Settings};
use keicho::audio::PerTrack;
use keicho::language::Language;
use keicho::models::Shelf;
use keicho::session::{Event, Fast, Session, Setup, drive};
use keicho::source::file::FileSource;
use serde_json::json;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let weights = Shelf::own().unwrap().locate(&args[0]).unwrap().check().unwrap();
    let model = Arc::new(Model::load(&weights).unwrap());
    drop(weights);
    let threads = args[1].parse().unwrap();
    for call in &args[2..] {
        let ja = call.contains("ja_");
        let language = Some(if ja { Language::Ja } else { Language::En }).filter(|_| std::env::var("AUTO").is_err());
        let settings = Settings { language, threads };
        let desk = Inline::open(PerTrack::from_fn(|_| {
            let model = Arc::clone(&model);
            Box::new(move || Ok(Box::new(model.recognizer(settings)?) as Box<dyn keicho::asr::Recognizer>))
                as keicho::asr::Open
        }))
        .unwrap();
        let mut source = FileSource::open(Path::new(call), None).unwrap();
        let seconds = source.length().unwrap().as_ms() as f64 / 1000.0;
        let mut session = Session::new(&Setup::default(), Box::new(desk));
        let mut events = Vec::new();
        let began = Instant::now();
        drive(&mut source, &mut session, &mut Fast, &AtomicBool::new(false), &mut events).unwrap();
        let took = began.elapsed().as_secs_f64();
        let mut utterances = Vec::new();
        for (_, e) in &events {
            if let Event::Heard(h) = e
                && let Some(said) = h.understood()
            {
                let span = h.span();
                if std::env::var("SHOW").is_ok() {
                    println!(
                        "{:?} {:6} {:5} {:?} {}",
                        h.track,
                        span.start.as_ms(),
                        span.len().as_ms(),
                        said.language,
                        said.text
                    );
                }
                if said.text.is_empty() {
                    continue;
                }
                utterances.push(json!({"track": if h.track == keicho::audio::Track::Me {"me"} else {"them"}, "start_ms": span.start.as_ms(), "end_ms": span.end.as_ms(), "text": said.text}));
            }
        }
        let name = Path::new(call).file_stem().unwrap().to_string_lossy().into_owned();
        std::fs::write(format!("/tmp/w/words/{name}.json"), serde_json::to_string(&utterances).unwrap()).unwrap();
        println!("{name}: {took:.1} s, {:.2} x", seconds / took);
    }
}
