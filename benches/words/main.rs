//! How well and how fast words are recognised, beside whisper.cpp's own loop with the same model in the same run.
//!
//! `cargo bench --bench words -- DIR [MODEL]`: the folder holds `calls/NAME.flac` with `NAME.json` (labelled calls), and
//! `speech/LANGUAGE/refs.tsv` (clips of one speaker with their texts).

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot be set up fails")]
#![allow(clippy::disallowed_methods, reason = "a bench meters time")]

mod busy;
mod loops;
mod score;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use keicho::asr::whisper::{WhisperModel, WhisperSettings};
use keicho::asr::{
    CallLanguage, Heard, InlineTranscriber, Recognizer as _, RecognizerFactory, Transcriber, TranscriberStatus,
    Utterance,
};
use keicho::audio::{PerTrack, Track};
use keicho::language::Language;
use keicho::models::ModelDir;
use keicho::records::{CallRecord, Origin};
use keicho::report::summary::Summary;
use keicho::session::{Event, Session, SessionSetup, Unpaced, drive};
use keicho::source::Source as _;
use keicho::source::file::FileSource;
use keicho::time::{SampleTime, Samples, Span};
use serde_json::Value;

use busy::Busy;
use score::{Line, Text};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let Some(folder) = words.first().map(PathBuf::from) else {
        println!("say where the labelled recordings are: cargo bench --bench words -- DIR [MODEL]");
        return;
    };
    let model = words.get(1).map_or("base", String::as_str);
    let weights = ModelDir::from_env().unwrap().locate(model).unwrap().check().unwrap();
    let looped = loops::Loop::load(&weights);
    let model = Arc::new(WhisperModel::load(&weights).unwrap());
    drop(weights);

    let calls: Vec<Call> = flacs(&folder.join("calls")).map(|path| Call::open(&path)).collect();
    for threads in [1, 2] {
        println!("a whole call, as `keicho replay --threads {threads}` hears it");
        for call in &calls {
            let (seconds, lines) = replayed(call, &model, threads);
            row(call, "replay", seconds, &Text::of(&lines, &call.labels));
        }
    }
    println!("whisper.cpp's own loop over the whole tracks, two threads");
    for call in &calls {
        let (seconds, lines) = looped.tracks(&call.tracks, call.language);
        row(call, "loop", seconds, &Text::of(&lines, &call.labels));
    }
    println!("clips of one speaker: error rate here, by the loop");
    for language in [Language::Ja, Language::En] {
        clips(&folder.join("speech").join(language.code()), language, &model, &looped);
    }
    println!("one recogniser, as a live call has: times real time");
    for call in calls.iter().filter(|call| call.name.ends_with("clean")) {
        let mut utterances = utterances(call);
        utterances.truncate(FIRST);
        let seconds = utterances.last().map_or(0.0, |last| last.span.end.as_ms() as f64 / 1000.0);
        let speed = |threads| seconds / recognised(&utterances, &model, call.language, threads);
        println!("  {:12} idle: 1 thread {:.1}, 2 threads {:.1}", call.name, speed(1), speed(2));
        let busy = Busy::two();
        println!("  {:12} beside two busy processes: 1 thread {:.1}, 2 threads {:.1}", call.name, speed(1), speed(2));
        drop(busy);
    }
    println!("memory: {}", busy::peak_memory());
}

/// So many utterances of a call tell its speed: beside busy processes all of them take long.
const FIRST: usize = 15;

/// A labelled call.
struct Call {
    name: String,
    path: PathBuf,
    language: Language,
    labels: Value,
    tracks: PerTrack<Vec<f32>>,
}

impl Call {
    fn open(path: &Path) -> Self {
        let labels: Value = serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
        let mut tracks = PerTrack::<Vec<f32>>::default();
        let mut source = FileSource::open(path, None).unwrap();
        while let Some(block) = source.next().unwrap() {
            for track in Track::BOTH {
                tracks[track].extend(block.pcm[track].iter().map(|sample| f32::from(*sample) / 32_768.0));
            }
        }
        Self {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            path: path.to_owned(),
            language: labels["language"].as_str().unwrap().parse().unwrap(),
            labels,
            tracks,
        }
    }

    fn seconds(&self) -> f64 {
        self.tracks.me.len() as f64 / 16_000.0
    }

    fn hear(&self, desk: Box<dyn Transcriber>) -> Vec<(SampleTime, Event)> {
        let mut events = Vec::new();
        let mut session = Session::new(&SessionSetup { keep_words: true, ..SessionSetup::default() }, desk);
        let mut source = FileSource::open(&self.path, None).unwrap();
        drive(&mut source, &mut session, &mut Unpaced, &AtomicBool::new(false), &mut events).unwrap();
        events
    }
}

fn flacs(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|ending| ending == "flac"));
    found.sort();
    found.into_iter()
}

fn row(call: &Call, how: &str, seconds: f64, text: &Text) {
    let name = if call.language == Language::Ja { "CER" } else { "WER" };
    println!(
        "  {:12} {how:6} {name} {:.3}, phantom {:.1} characters/min, {:.1} × real time",
        call.name,
        text.error_rate(),
        text.phantom as f64 / (call.seconds() / 60.0),
        call.seconds() / seconds,
    );
}

/// The call through the whole chain: how long it took, and the lines of its summary.
fn replayed(call: &Call, model: &Arc<WhisperModel>, threads: u8) -> (f64, Vec<Line>) {
    let settings = WhisperSettings { threads };
    let model = Arc::clone(model);
    let open: RecognizerFactory = Box::new(move || Ok(Box::new(model.recognizer(settings)?)));
    let began = Instant::now();
    let events = call.hear(Box::new(InlineTranscriber::new(open, CallLanguage::Named(call.language)).unwrap()));
    let seconds = began.elapsed().as_secs_f64();
    let info = CallRecord {
        id: call.name.clone(),
        started_at: None,
        origin: Origin::Replay,
        mode: Default::default(),
        target: 0.3,
        trial: None,
        language: Some(call.language),
        with: None,
        keep_words: false,
        folder: PathBuf::new(),
    };
    let summary = Summary::from_journal(&info, &events, call.language);
    let lines = summary.utterances.into_iter().flatten();
    let line = |line: keicho::report::summary::UtteranceEntry| Line {
        track: keicho::wire::track_name(line.track).to_owned(),
        start_ms: line.start_ms,
        end_ms: line.end_ms,
        text: line.text,
    };
    (seconds, lines.map(line).collect())
}

fn clips(folder: &Path, language: Language, model: &WhisperModel, looped: &loops::Loop) {
    let mut recognizer = model.recognizer(WhisperSettings { threads: 1 }).unwrap();
    let (mut here, mut there) = (Text::default(), Text::default());
    for line in std::fs::read_to_string(folder.join("refs.tsv")).unwrap().lines() {
        let (file, wanted) = line.split_once('\t').unwrap();
        let mut source = FileSource::open(&folder.join(file), Some(&folder.join(file))).unwrap();
        let mut pcm = Vec::new();
        while let Some(block) = source.next().unwrap() {
            pcm.extend(block.pcm.me);
        }
        let span = Span::new(SampleTime::ZERO, SampleTime::new(pcm.len() as u64));
        let floats: Vec<f32> = pcm.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
        let utterance = Utterance { track: Track::Me, span, runs: vec![span], pcm };
        let japanese = language == Language::Ja;
        here.add(&recognizer.transcribe(&utterance, language).unwrap().words, wanted, japanese);
        there.add(&looped.words(&floats, language), wanted, japanese);
    }
    println!("  {:12} {:.3}, {:.3}", language.code(), here.error_rate(), there.error_rate());
}

/// A desk that keeps what it is handed.
#[derive(Clone, Default)]
struct Keeper(Rc<RefCell<Vec<Utterance>>>);

impl Transcriber for Keeper {
    fn submit(&mut self, utterance: Utterance) {
        self.0.borrow_mut().push(utterance);
    }

    fn poll(&mut self, _: SampleTime) -> Option<Heard> {
        None
    }

    fn close(&mut self) -> Vec<Heard> {
        Vec::new()
    }

    fn status(&self) -> TranscriberStatus {
        TranscriberStatus::Ready
    }

    fn backlog(&self) -> Samples {
        Samples::ZERO
    }
}

fn utterances(call: &Call) -> Vec<Utterance> {
    let keeper = Keeper::default();
    call.hear(Box::new(keeper.clone()));
    keeper.0.take()
}

/// How many seconds it took to recognise them one after the other.
fn recognised(utterances: &[Utterance], model: &WhisperModel, language: Language, threads: u8) -> f64 {
    let mut recognizer = model.recognizer(WhisperSettings { threads }).unwrap();
    let began = Instant::now();
    for utterance in utterances {
        recognizer.transcribe(utterance, language).unwrap();
    }
    began.elapsed().as_secs_f64()
}
