//! A live call while other programs keep every core busy, while it does not run at all for seconds, and while the recogniser is
//! far too slow: no sound is lost, and what is shown beside busy cores is a little late at most.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use keicho::asr::{
    AsrError, CallLanguage, RawTranscription, Recognizer, RecognizerFactory, ThreadedTranscriber, Utterance,
};
use keicho::audio::{DeviceControl, PerTrack, Track};
use keicho::language::Language;
use keicho::nudges::Mode;
use keicho::records::{CallRecord, Origin};
use keicho::report::summary::Summary;
use keicho::server::{Feed, Server, ServerSetup};
use keicho::session::{Session, SessionSetup, Unpaced, drive};
use keicho::source::Source as _;
use keicho::source::live::{LiveSource, StopFlag};
use keicho::time::SampleTime;
use keicho::wire::CallSettings;
use serde_json::Value;
use tokio::time::Instant;

use crate::support::capture::{Call, setup};
use crate::support::doubles::record::replayed_call;
use crate::support::live::{Live, Page};
use crate::support::play::{Player, sides};
use crate::support::sample;
use crate::support::server::{CALL_OUT, Kind, MIC_PIPE, SoundServer, on_each_server};
use crate::support::tone::wav;

on_each_server!(
    a_live_call_beside_busy_cores_loses_nothing,
    a_process_that_stands_still_for_seconds_loses_nothing,
    a_recogniser_that_is_far_too_slow_costs_its_words_alone,
);

/// How much of the sample call is played.
const PLAYED_MS: u64 = 15_000;

/// Whose turn it is to keep the cores busy: beside two such tests PipeWire itself comes late, and makes less sound than was played.
static TURN: Mutex<()> = Mutex::new(());

fn wait_for_turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Threads that keep all cores busy, until this is dropped.
struct Busy {
    ends: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Busy {
    fn start() -> Self {
        let ends = Arc::new(AtomicBool::new(false));
        let spin = |_| {
            let ends = Arc::clone(&ends);
            std::thread::spawn(move || {
                while !ends.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            })
        };
        let cores = std::thread::available_parallelism().unwrap().get();
        let threads = (0..cores).map(spin).collect();
        Self { ends, threads }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        self.threads.drain(..).for_each(|thread| thread.join().unwrap());
    }
}

fn a_live_call_beside_busy_cores_loses_nothing(server: SoundServer) {
    let _turn = wait_for_turn();
    let sides = sides(server.dir(), SampleTime::from_ms(PLAYED_MS));
    let mut live = Live::start(&server, &[], None);
    let mut page = Page::open(&live.line("overlay: "));
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 500);
    let (them, me) =
        (Player::start(&server, "call", CALL_OUT, &sides.them), Player::start(&server, "voice", MIC_PIPE, &sides.me));
    let busy = Busy::start();
    let mut lateness = Lateness::default();
    let last = lateness.follow(&mut page, PLAYED_MS + 1_000);
    drop(busy);
    them.finish();
    me.finish();
    live.end(&mut page);
    lateness.stayed_small(&last);
    holds_all(&live.summary(), PLAYED_MS);
}

/// As on a computer that was frozen for a moment: the server has kept what was said meanwhile.
fn a_process_that_stands_still_for_seconds_loses_nothing(server: SoundServer) {
    let sides = sides(server.dir(), SampleTime::from_ms(PLAYED_MS));
    let mut live = Live::start(&server, &[], None);
    let mut page = Page::open(&live.line("overlay: "));
    let now_ms = |snapshot: &Value| snapshot["now_ms"].as_u64().unwrap();
    page.until(|snapshot| now_ms(snapshot) > 500);
    let (them, me) =
        (Player::start(&server, "call", CALL_OUT, &sides.them), Player::start(&server, "voice", MIC_PIPE, &sides.me));
    // Whoever listens beside it knows how much time goes by.
    let mut beside = Call::open(setup(&server, CALL_OUT));
    for blocks in [50, 200, 350] {
        live.signal("-STOP");
        beside.hear(blocks);
        live.signal("-CONT");
        beside.hear(100);
    }
    page.until(|snapshot| now_ms(snapshot) > PLAYED_MS + 1_000);
    them.finish();
    me.finish();
    live.end(&mut page);
    holds_all(&live.summary(), PLAYED_MS);
}

/// How late what is shown comes, beside busy cores.
#[derive(Default)]
struct Lateness {
    /// When each snapshot came, less the moment of the call that it shows, in ms: the least of it is the way there without a
    /// load.
    delays: Vec<i64>,
}

impl Lateness {
    /// Follows the page until the call has come to a moment; gives what it shows then.
    fn follow(&mut self, page: &mut Page, until_ms: u64) -> Value {
        let begin = Instant::now();
        loop {
            let snapshot = page.until(|_| true);
            let now_ms = snapshot["now_ms"].as_u64().unwrap();
            self.delays.push(i64::try_from(begin.elapsed().as_millis()).unwrap() - i64::try_from(now_ms).unwrap());
            if now_ms > until_ms {
                return snapshot;
            }
        }
    }

    /// Half of them were shown at once. How late the latest come depends on what runs beside the test: it is printed.
    #[track_caller]
    fn stayed_small(mut self, last: &Value) {
        self.delays.sort_unstable();
        let late = |part: f64| self.delays[((self.delays.len() - 1) as f64 * part) as usize] - self.delays[0];
        println!("late by {} ms (median), {} ms (99%), {} snapshots", late(0.5), late(0.99), self.delays.len());
        assert!(self.delays.len() > 50 && late(0.5) <= 200, "late by {} ms at {}", late(0.5), last["now_ms"]);
    }
}

/// Nothing of what was played was lost.
#[track_caller]
fn holds_all(summary: &Value, played_ms: u64) {
    holds_all_but(summary, played_ms, 0);
}

/// No more than so much of what was played was lost, and that is told.
#[track_caller]
fn holds_all_but(summary: &Value, played_ms: u64, server_lost_ms: u64) {
    for track in ["me", "them"] {
        let known = |what: &str| summary["coverage"][track][what].as_u64().unwrap();
        assert!(known("lost_ms") <= server_lost_ms, "{}", summary["coverage"]);
        assert!(known("captured_ms") + known("lost_ms") >= played_ms, "{}", summary["coverage"]);
    }
}

/// What PipeWire itself leaves out beside so much work: 60 to 170 ms were seen. Whoever waited for the recogniser would lose
/// seconds at a time.
fn left_out_by(server: Kind) -> u64 {
    match server {
        Kind::PulseAudio => 0,
        Kind::PipeWire => 200,
    }
}

/// How long both talk at once: longer than what may wait for the recogniser.
const TALKED_MS: u64 = 50_000;

/// What may wait besides what is in hand, in ms.
const MAX_WAITING_MS: u64 = 30_000;

/// A recogniser that takes as long for an utterance as a model too large for the computer: of each second it decodes 0.3 s.
#[derive(Clone)]
struct TooSlow {
    /// Once nobody talks any more it takes no time.
    talk_is_over: Arc<AtomicBool>,
    /// The longest utterance that it had in hand, in ms.
    longest_ms: Arc<AtomicU64>,
}

impl Recognizer for TooSlow {
    fn transcribe(&mut self, utterance: &Utterance, language: Language) -> Result<RawTranscription, AsrError> {
        let length_ms = utterance.span.len().as_ms();
        self.longest_ms.fetch_max(length_ms, Ordering::Relaxed);
        let until = Instant::now() + Duration::from_millis(length_ms).div_f64(0.3);
        while Instant::now() < until && !self.talk_is_over.load(Ordering::Relaxed) {
            std::hint::spin_loop();
        }
        // As many as somebody says in that time, and no two alike: one that says little, or one thing over and over, is not
        // believed.
        let second = |n: u64| format!("at {} ms so it was", utterance.span.start.as_ms() + 1_000 * n);
        let words = (0..=length_ms / 1_000).map(second).collect::<Vec<_>>().join(" ");
        Ok(RawTranscription { words, language, mean_log_prob: None, odds: None })
    }
}

/// The two sides of the sample call with pauses of half a second at the most, so that no utterance is longer than what waits.
fn talk_with_short_pauses(server: &SoundServer) -> PerTrack<PathBuf> {
    let (mut source, labels) = (sample::source(), sample::labels());
    let blocks: Vec<_> = std::iter::from_fn(|| source.next().unwrap()).collect();
    PerTrack::from_fn(|track| {
        let name = if track == Track::Me { "me" } else { "them" };
        let runs = labels["speech"][name].as_array().unwrap().iter();
        let runs = runs.flat_map(|run| {
            let at = |end: usize| run[end].as_u64().unwrap() as usize / 10;
            &blocks[at(0)..(at(1) + 50).min(blocks.len())]
        });
        let pcm: Vec<i16> = runs.take(TALKED_MS as usize / 10).flat_map(|block| block.pcm[track]).collect();
        wav(server.dir(), name, 16_000, &pcm)
    })
}

fn a_recogniser_that_is_far_too_slow_costs_its_words_alone(server: SoundServer) {
    let _turn = wait_for_turn();
    let kind = server.kind();
    let talk = talk_with_short_pauses(&server);
    let settings = CallSettings { origin: Origin::Live, mode: Mode::Listening, target: 0.3, demo_timing: false };
    let feed = Feed::new(settings);
    let pages = Server::start(&ServerSetup::default(), feed.clone()).unwrap();
    let recognizer = TooSlow { talk_is_over: Arc::default(), longest_ms: Arc::default() };
    let (stop, mut sink) = (StopFlag::new(), feed.clone());
    let (source_stop, devices, own) = (stop.clone(), setup(&server, CALL_OUT), recognizer.clone());
    let call = std::thread::spawn(move || {
        let open: RecognizerFactory = Box::new(move || Ok(Box::new(own.clone())));
        let transcriber = ThreadedTranscriber::start(open, CallLanguage::Named(Language::En)).unwrap();
        let mut source = LiveSource::open_with(devices, source_stop, DeviceControl::default()).unwrap();
        let mut session = Session::new(&SessionSetup::default(), Box::new(transcriber));
        drive(&mut source, &mut session, &mut Unpaced, &AtomicBool::new(false), &mut sink).unwrap();
    });
    let mut page = Page::open(&pages.overlay_url());
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 500);
    let them = Player::start(&server, "call", CALL_OUT, &talk.them);
    let me = Player::start(&server, "voice", MIC_PIPE, &talk.me);
    let busy = Busy::start();
    let mut lateness = Lateness::default();
    let last = lateness.follow(&mut page, TALKED_MS + 1_000);
    drop(busy);
    them.finish();
    me.finish();
    recognizer.talk_is_over.store(true, Ordering::Relaxed);
    stop.stop();
    call.join().unwrap();
    page.until(|snapshot| snapshot["state"] == "ended");
    pages.stop();

    let snapshots = || page.messages().iter().filter(|message| message["type"] == "snapshot");
    let waited_ms = snapshots().map(|snapshot| snapshot["text"]["waiting_ms"].as_u64().unwrap()).max().unwrap();
    let longest_ms = recognizer.longest_ms.load(Ordering::Relaxed);
    println!("{waited_ms} ms waited at the most, and the longest utterance was {longest_ms} ms");
    assert!(waited_ms <= MAX_WAITING_MS + longest_ms, "{waited_ms} ms waited, of which {longest_ms} may be in hand");
    lateness.stayed_small(&last);
    // What it costs is told while it goes on, and afterwards.
    assert!(snapshots().any(|snapshot| snapshot["text"]["state"] == "behind"), "{}", last["text"]);
    assert!(last["text"]["coverage"].as_f64().unwrap() < 1.0, "{}", last["text"]);
    let record = CallRecord { origin: Origin::Live, ..replayed_call() };
    let summary = Summary::from_journal(&record, &feed.events(), Language::En);
    assert!(summary.page(Language::En).contains("Words were recognised for"));
    let summary = serde_json::to_value(summary).unwrap();
    holds_all_but(&summary, TALKED_MS, left_out_by(kind));
    let coverage = &summary["coverage"];
    let (transcribed_ms, speech_ms) = (coverage["transcribed_ms"].as_u64(), coverage["speech_ms"].as_u64());
    println!("{coverage}");
    assert!((1..speech_ms.unwrap()).contains(&transcribed_ms.unwrap()), "{coverage}");
}
