//! What the library makes of a call in memory.

use std::sync::atomic::AtomicBool;

use keicho::asr::NoText;
use keicho::language::Language;
use keicho::nudges::Mode;
use keicho::session::{Event, Fast, Session, Setup, drive};
use keicho::source::Source;
use keicho::summary::{CallInfo, Summary};
use keicho::time::SampleTime;
use serde_json::Value;

/// The summary of a call without words, as `summary.json` holds it.
pub fn summary(source: &mut dyn Source, setup: &Setup) -> Value {
    let mut journal: Vec<(SampleTime, Event)> = Vec::new();
    let mut session = Session::new(setup, Box::new(NoText::default()));
    drive(source, &mut session, &mut Fast, &AtomicBool::new(false), &mut journal).unwrap();
    let info = CallInfo {
        id: "assembled".to_owned(),
        started_at: None,
        live: false,
        sound: true,
        mode: Mode::default(),
        target: 0.3,
        language: None,
        with: None,
    };
    serde_json::to_value(Summary::of(&info, &journal, Language::En)).unwrap()
}
