//! What a block of 10 ms costs, stage by stage, and how fast a recorded call replays.
//!
//! All of it on the sample call. A stage is fed the call's blocks over and over, at times that go on: one that keeps
//! more and more would show as slower, not as faster.

#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up fails")]

use std::collections::VecDeque;
use std::hint::black_box;
use std::io::Cursor;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use keicho::asr::{FromTranscript, NoText};
use keicho::audio::{BLOCK_DURATION, Block, PerTrack, Track, level_dbfs};
use keicho::frontend::echo::EchoStage;
use keicho::frontend::vad::{Detector, SileroModel, SpeechGate};
use keicho::language::Language;
use keicho::models::{ModelDir, SILERO};
use keicho::nudges::Mode;
use keicho::records::{CallRecord, Origin};
use keicho::report::summary::Summary;
use keicho::session::{Event, Session, SessionSetup, Sink, Unpaced, drive};
use keicho::source::Source as _;
use keicho::source::file::FileSource;
use keicho::source::transcript::{TrackCue, TranscriptSource};
use keicho::time::{SampleTime, Span};
use keicho::turns::{SpeechActivity, Turns};

const SAMPLE: &[u8] = include_bytes!("../tests/sample_call/call.flac");

fn sample() -> FileSource {
    FileSource::two_channels(Path::new("call.flac"), Box::new(Cursor::new(SAMPLE))).unwrap()
}

fn blocks() -> Vec<Block> {
    let mut source = sample();
    std::iter::from_fn(|| source.next().unwrap()).collect()
}

/// The call's blocks over and over; each starts where the one before ended.
struct Endless<T> {
    items: Vec<T>,
    place: usize,
    now: SampleTime,
}

impl<T: Clone> Endless<T> {
    fn new(items: Vec<T>) -> Self {
        Self { items, place: 0, now: SampleTime::ZERO }
    }

    fn next(&mut self) -> (SampleTime, T) {
        let next = (self.now, self.items[self.place].clone());
        self.now += BLOCK_DURATION;
        self.place = (self.place + 1) % self.items.len();
        next
    }
}

/// Nobody listens.
struct Nobody;

impl Sink for Nobody {
    fn emit(&mut self, _: SampleTime, event: Event) {
        black_box(event);
    }

    fn erase(&mut self, _: SampleTime) {}
}

fn stages(c: &mut Criterion) {
    let mut group = c.benchmark_group("block");
    let blocks = blocks();

    let mut endless = Endless::new(blocks.clone());
    let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
    group.bench_function("session", |b| {
        b.iter(|| {
            let (start, block) = endless.next();
            session.step(Block { start, ..block }, &mut Nobody);
            black_box(session.snapshot())
        });
    });

    let mut endless = Endless::new(blocks.clone());
    let mut echo = EchoStage::new();
    group.bench_function("echo", |b| {
        b.iter(|| {
            let (start, block) = endless.next();
            echo.push(Block { start, ..block })
        });
    });

    for (name, detector) in [
        ("earshot", Detector::Earshot),
        ("firered", Detector::FireRed),
        ("webrtc", Detector::Webrtc),
        ("silero", silero()),
    ] {
        let mut endless = Endless::new(blocks.iter().map(|block| block.pcm.me).collect());
        let mut vad = detector.build();
        group.bench_function(name, |b| b.iter(|| vad.push(&endless.next().1)));
    }

    let mut endless = Endless::new(speech(&blocks));
    let mut turns = Turns::default();
    group.bench_function("turns", |b| {
        let mut settled = Vec::new();
        b.iter(|| {
            let (start, speech) = endless.next();
            settled.clear();
            turns.step(&SpeechActivity { start, speech, lost: PerTrack::default() }, &mut settled);
            settled.len()
        });
    });
    group.finish();
}

/// The detector whose network is a file, which `make model` brings.
fn silero() -> Detector {
    Detector::Silero(SileroModel::load(ModelDir::from_env().unwrap().detector(SILERO).unwrap()).unwrap())
}

/// Who speaks in each block, as the default detector hears it.
fn speech(blocks: &[Block]) -> Vec<PerTrack<bool>> {
    let judged = PerTrack::from_fn(|track: Track| {
        let (mut ear, mut judged) = (SpeechGate::new(Detector::default().build()), VecDeque::new());
        blocks.iter().for_each(|block| ear.push(&block.pcm[track], Some(level_dbfs(&block.pcm[track])), &mut judged));
        judged
    });
    judged.me.into_iter().zip(judged.them).map(|(me, them)| PerTrack { me, them }).collect()
}

/// Decoding, and the whole chain under its driver. Elements are milliseconds of the call: 1 Melem/s is 1000 × real time.
fn replay(c: &mut Criterion) {
    let mut group = c.benchmark_group("replay");
    group.throughput(Throughput::Elements(sample().length().unwrap().as_ms()));
    group.sample_size(10);
    group.bench_function("sample_call", |b| {
        b.iter(|| {
            let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
            drive(&mut sample(), &mut session, &mut Unpaced, &AtomicBool::new(false), &mut Nobody)
        });
    });
    group.finish();
}

/// A transcript with a sentence every three seconds, to its summary: if an hour is slower by the element than a quarter of
/// one, something grows with the square.
fn transcript(c: &mut Criterion) {
    let info = CallRecord {
        id: "hour".to_owned(),
        started_at: None,
        origin: Origin::Transcript,
        mode: Mode::default(),
        target: 0.3,
        trial: None,
        language: None,
        with: None,
        keep_words: false,
        folder: std::path::PathBuf::new(),
    };
    let mut group = c.benchmark_group("transcript");
    group.sample_size(10);
    for minutes in [15, 60] {
        let cue = |at: u64| TrackCue {
            track: if at.is_multiple_of(2) { Track::Me } else { Track::Them },
            span: Span::from_ms(at * 3_000, at * 3_000 + 2_000),
            text: "そうですね、それでは次の件に進みましょうか。".to_owned(),
        };
        let cues: Vec<TrackCue> = (0..20 * minutes).map(cue).collect();
        group.throughput(Throughput::Elements(60_000 * minutes));
        group.bench_function(format!("{minutes}min"), |b| {
            b.iter(|| {
                let mut events: Vec<(SampleTime, Event)> = Vec::new();
                let mut session = Session::new(&SessionSetup::default(), Box::new(FromTranscript::new(&cues, None)));
                let mut source = TranscriptSource::new(&cues);
                drive(&mut source, &mut session, &mut Unpaced, &AtomicBool::new(false), &mut events).unwrap();
                Summary::from_journal(&info, &events, Language::Ja)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, stages, replay, transcript);
criterion_main!(benches);
