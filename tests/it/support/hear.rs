//! What the library makes of a call in memory.

use std::sync::atomic::AtomicBool;

use keicho::asr::{NoText, Transcriber};
use keicho::frontend::vad::{Detector, SileroModel};
use keicho::language::Language;
use keicho::models::{ModelDir, SILERO};
use keicho::report::summary::Summary;
use keicho::session::{Event, Session, SessionSetup, Unpaced, drive};
use keicho::source::Source;
use keicho::time::SampleTime;
use serde_json::Value;

use super::doubles::record::replayed_call;
use super::sample;

/// The summary of a call without words, as `summary.json` holds it.
pub fn summary(source: &mut dyn Source, setup: &SessionSetup) -> Value {
    summary_with(source, setup, Box::new(NoText::default()))
}

/// Silero's detector, with the network that `make model` brings.
pub fn silero() -> Detector {
    let file = ModelDir::from_env().unwrap().detector(SILERO);
    let file = file.unwrap_or_else(|why| panic!("this test needs Silero's network; run `make model`: {why}"));
    Detector::Silero(SileroModel::load(file).unwrap())
}

/// The summary of a call with this desk for words.
pub fn summary_with(source: &mut dyn Source, setup: &SessionSetup, desk: Box<dyn Transcriber>) -> Value {
    serde_json::to_value(Summary::from_journal(&replayed_call(), &journal(source, setup, desk), Language::En)).unwrap()
}

/// The events of the bundled sample call, without words.
pub fn sample_call() -> Vec<(SampleTime, Event)> {
    journal(&mut sample::source(), &SessionSetup::default(), Box::new(NoText::default()))
}

fn journal(source: &mut dyn Source, setup: &SessionSetup, desk: Box<dyn Transcriber>) -> Vec<(SampleTime, Event)> {
    let mut journal = Vec::new();
    let mut session = Session::new(setup, desk);
    drive(source, &mut session, &mut Unpaced, &AtomicBool::new(false), &mut journal).unwrap();
    journal
}
