//! What a long call keeps in memory, and what clients of its page cost: counted by the allocator, call time passing as fast as
//! the processor allows. One test at a time, as the count is of the whole program.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stdout, reason = "it prints its figures: `-- --nocapture` shows them")]

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use futures_util::{SinkExt as _, StreamExt as _};
use keicho::asr::{Heard, NoText, Transcriber, TranscriberStatus, Transcription, Utterance};
use keicho::audio::{BLOCK_DURATION, Block, PerTrack, SILENCE, Track};
use keicho::language::{self, Language};
use keicho::nudges::Mode;
use keicho::records::Origin;
use keicho::server::{Feed, Server, ServerSetup};
use keicho::session::{Event, Session, SessionSetup, Sink as _};
use keicho::time::{SampleTime, Samples, Span};
use keicho::wire::CallSettings;
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

static ALONE: Mutex<()> = Mutex::new(());

/// How much may be added in an hour of the call, in bytes, once half an hour is over. This call has 837 utterances an hour,
/// without a pause; over eight hours it adds 0.75 MB an hour.
const MAX_GROWTH: f64 = 0.85e6;

/// The same without words: over eight hours it adds 0.28 MB an hour.
const MAX_GROWTH_WITHOUT_WORDS: f64 = 0.3e6;

/// So much more may be there for a while, in bytes: lists grow in steps.
const STEP: f64 = 0.1e6;

/// How many hours of a call are played; `make soak` plays eight.
const HOURS: &str = "KEICHO_TEST_HOURS";

#[test]
fn a_call_keeps_no_more_than_a_megabyte_an_hour() {
    let growth = growth_of_a_call(Box::new(EndlessText { next: 0 }));
    assert!(growth <= MAX_GROWTH);
}

#[test]
fn a_call_without_words_keeps_much_less() {
    let growth = growth_of_a_call(Box::new(NoText::default()));
    assert!(growth <= MAX_GROWTH_WITHOUT_WORDS);
}

/// Plays a call for hours; gives by how many bytes an hour it grew, but for a step.
fn growth_of_a_call(transcriber: Box<dyn Transcriber>) -> f64 {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let hours: u64 = std::env::var(HOURS).map_or(2, |hours| hours.parse().unwrap());
    let settings = CallSettings { origin: Origin::Live, mode: Mode::Listening, target: 0.3, demo_timing: false };
    let mut feed = Feed::new(settings);
    let mut session = Session::new(&SessionSetup::default(), transcriber);
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
    println!("after each half hour: {kept:?}");
    let added = *kept.last().unwrap() as f64 - kept[0] as f64;
    let past = hours as f64 - 0.5;
    println!("{:.0} bytes an hour", added / past);
    (added - STEP) / past
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

/// What a hundred clients that take nothing may cost, in bytes.
const MAX_STALLED: usize = 32 << 20;

/// Messages that a client who takes them is sent: ten minutes at ten a second.
const MESSAGES: u64 = 6_000;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A page that is let in, and has been answered.
async fn greeted(overlay: &str) -> Socket {
    let (site, token) = overlay.split_once("/#token=").unwrap();
    let mut request = (site.replace("http", "ws") + "/ws").into_client_request().unwrap();
    request.headers_mut().insert("Origin", site.parse().unwrap());
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    socket.send(Message::text(json!({ "type": "hello", "protocol": 1, "token": token }).to_string())).await.unwrap();
    assert!(matches!(socket.next().await, Some(Ok(Message::Text(_)))));
    socket
}

/// Asks to be let in while there is no room, and gives the answer.
async fn refused(server: &Server) -> String {
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    let site = server.addr();
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: {site}\r\nOrigin: http://{site}\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // What is refused is answered to its end.
    let _ = stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// A hundred clients that take nothing, of which as many are let in as there is room for, hold up nobody and fill nothing: the
/// one that takes what comes is told everything. How soon is printed; an idle computer takes a few milliseconds.
#[test]
#[expect(clippy::disallowed_methods, reason = "a latency is printed, and decides nothing")]
fn a_hundred_stalled_clients_cost_little_and_the_one_that_listens_misses_nothing() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let settings = CallSettings { origin: Origin::Live, mode: Mode::Listening, target: 0.3, demo_timing: false };
    let mut feed = Feed::new(settings);
    let server = Server::start(&ServerSetup::default(), feed.clone()).unwrap();
    let snapshot = Session::new(&SessionSetup::default(), Box::new(EndlessText { next: 0 })).snapshot();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut delays = runtime.block_on(async {
        let overlay = server.overlay_url();
        let mut good = greeted(&overlay).await;
        let (mut stalled, mut half_open) = (Vec::new(), Vec::new());
        for _ in 0..7 {
            stalled.push(greeted(&overlay).await);
        }
        for _ in 0..46 {
            let answer = refused(&server).await;
            assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
            for header in ["content-security-policy", "x-content-type-options", "cross-origin-resource-policy"] {
                assert!(answer.to_ascii_lowercase().contains(header), "{header}: {answer}");
            }
        }
        for _ in 0..47 {
            let mut stream = TcpStream::connect(server.addr()).await.unwrap();
            stream.write_all(b"GET /ws HTTP/1.1\r\nHost: ").await.unwrap();
            half_open.push(stream);
        }
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let (mut delays, mut last) = (Vec::new(), 0);
        for number in 1..=MESSAGES {
            let sent = Instant::now();
            feed.emit(SampleTime::from_ms(100 * number), Event::Paused);
            feed.emit_snapshot(&snapshot);
            while last < number {
                let Some(Ok(message)) = good.next().await else { panic!("it was closed after {last}") };
                let Message::Text(text) = message else { continue };
                let message: Value = serde_json::from_str(&text).unwrap();
                if message["type"] == "event" {
                    assert_eq!(message["seq"], last + 1, "none is left out");
                    last += 1;
                }
            }
            delays.push(sent.elapsed());
        }
        let grown = ALLOCATOR.peak_usage().saturating_sub(before);
        println!("{:.2} MB for {} stalled clients", grown as f64 / 1e6, stalled.len() + half_open.len() + 46);
        assert!(grown <= MAX_STALLED, "{grown} bytes");
        delays
    });
    delays.sort_unstable();
    println!("the one that listens: p50 {:?}, p99 {:?}", delays[delays.len() / 2], delays[delays.len() * 99 / 100]);
    drop(runtime);
    server.stop();
}
