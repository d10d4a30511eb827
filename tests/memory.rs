//! What a long call keeps in memory: counted by the allocator, call time passing as fast as the processor allows. One test
//! alone, as the count is of the whole program.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stdout, reason = "it prints its figures: `-- --nocapture` shows them")]

use keicho::asr::{Heard, Transcriber, TranscriberStatus, Transcription, Utterance};
use keicho::audio::{BLOCK_DURATION, Block, PerTrack, SILENCE, Track};
use keicho::language::{self, Language};
use keicho::nudges::Mode;
use keicho::records::Origin;
use keicho::server::Feed;
use keicho::session::{Session, SessionSetup, Sink as _};
use keicho::time::{SampleTime, Samples, Span};
use keicho::wire::CallSettings;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// How much may be added in an hour of the call, in bytes, once half an hour is over. This call has 837 utterances an hour,
/// without a pause; over eight hours it adds 1.13 MB an hour.
const MAX_GROWTH: f64 = 1.4e6;

/// How many hours of a call are played; `make soak` plays eight.
const HOURS: &str = "KEICHO_TEST_HOURS";

#[test]
fn a_call_keeps_little_more_than_a_megabyte_an_hour() {
    let hours: u64 = std::env::var(HOURS).map_or(2, |hours| hours.parse().unwrap());
    let settings = CallSettings { origin: Origin::Live, mode: Mode::Listening, target: 0.3, demo_timing: false };
    let mut feed = Feed::new(settings);
    let mut session = Session::new(&SessionSetup::default(), Box::new(EndlessText { next: 0 }));
    let mut now = SampleTime::ZERO;
    let mut kept = Vec::new();
    for half_hour in 1..=2 * hours {
        while now < SampleTime::from_ms(half_hour * 1_800_000) {
            let start = now;
            now += BLOCK_DURATION;
            let pcm = PerTrack { me: SILENCE, them: SILENCE };
            let block = Block { start, pcm, lost: PerTrack::default(), speech: Some(speech_at(start)) };
            session.step(block, &mut feed);
            if start.as_ms().is_multiple_of(1_000) {
                feed.emit_snapshot(&session.snapshot());
            }
        }
        kept.push(ALLOCATOR.current_usage());
        println!("{:.1} h: {:.2} MB", half_hour as f64 / 2.0, *kept.last().unwrap() as f64 / 1e6);
    }
    let (first, last) = (kept[0] as f64, *kept.last().unwrap() as f64);
    let growth = (last - first) / (hours as f64 - 0.5);
    println!("{growth:.0} bytes an hour");
    assert!(growth <= MAX_GROWTH, "{growth:.0} bytes an hour; after each half hour: {kept:?}");
}

/// Each speaks for 4 s, by turns, a breath apart; the other gives a sign of listening.
const LINE_MS: u64 = 4_300;
const SPEECH_MS: u64 = 4_000;
const NOD_MS: (u64, u64) = (2_000, 2_400);

const SAID: [&str; 4] = [
    "so um we should move the release to next week because of the tests",
    "what do you think about it?",
    "えーと、来週の予定はどうですか？",
    "わ、わたしは大丈夫です",
];

fn speaker(line: u64) -> Track {
    if line.is_multiple_of(2) { Track::Me } else { Track::Them }
}

fn speech_at(start: SampleTime) -> PerTrack<bool> {
    let (line, within) = (start.as_ms() / LINE_MS, start.as_ms() % LINE_MS);
    let nods = line.is_multiple_of(3) && (NOD_MS.0..NOD_MS.1).contains(&within);
    PerTrack::from_fn(|track| if speaker(line) == track { within < SPEECH_MS } else { nods })
}

/// Text for every line, a second after it was said.
struct EndlessText {
    next: u64,
}

impl Transcriber for EndlessText {
    fn submit(&mut self, _: Utterance) {}

    fn poll(&mut self, now: SampleTime) -> Option<Heard> {
        let line = self.next;
        let span = Span::from_ms(line * LINE_MS, line * LINE_MS + SPEECH_MS);
        if span.end + Samples::from_secs(1) > now {
            return None;
        }
        self.next += 1;
        let text = SAID[(line % SAID.len() as u64) as usize].to_owned();
        let language = if text.is_ascii() { Language::En } else { Language::Ja };
        let reading = language::analyze(&text, language);
        let said = Transcription { text, language, reading, written: false, doubtful: false };
        Some(Heard { track: speaker(line), runs: vec![span], transcription: Ok(Some(said)) })
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
