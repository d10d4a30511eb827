//! The call that is measured: what `keicho live` runs, with a look at the clock at each seam.

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use keicho::asr::NoText;
use keicho::audio::{Block, PerTrack, Track};
use keicho::capture::{BackendChoice, CaptureSetup as Devices, DeviceChoice};
use keicho::nudges::Mode;
use keicho::records::Origin;
use keicho::server::{Feed, Server, ServerSetup};
use keicho::session::{Event, Session, SessionSetup, Sink, Snapshot, Unpaced, drive};
use keicho::source::live::{LiveSource, StopFlag};
use keicho::source::{Source, SourceError};
use keicho::time::{SampleTime, Samples};
use keicho::turns::Floor;
use keicho::wire::CallSettings;

use crate::bursts::{EVERY, Onsets, record};
use crate::microphone::Microphone;
use crate::page::Page;
use crate::support::play::Player;
use crate::support::server::{DEADLINE, Kind, MIC_PIPE, SoundServer};

/// What was noted on the way.
pub struct Measured {
    /// When each burst's first sample was in the microphone.
    pub spoken: Vec<Instant>,
    /// Where in the call each burst begins.
    pub onsets: Vec<SampleTime>,
    /// When each block came out of the source.
    pub blocks: Vec<Instant>,
    /// Blocks that were lost.
    pub lost: usize,
    /// When each snapshot was made.
    pub shown: Vec<Seen>,
    /// When the page had each.
    pub page: Vec<Seen>,
}

/// A snapshot, and when.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub at: Instant,
    /// The call's time.
    pub now: SampleTime,
    /// Whether it shows me speaking.
    pub speaking: bool,
    /// Whether it shows me holding the floor.
    pub floor: bool,
}

/// Plays the bursts into a call.
pub fn run(bursts: usize) -> Measured {
    let sound = SoundServer::start(Kind::PulseAudio);
    let recording = record(sound.dir(), bursts);
    let feed = Feed::new(CallSettings { origin: Origin::Live, mode: Mode::Listening, target: 0.3, demo_timing: false });
    let server = Server::start(&ServerSetup { port: 0, web_dir: None }, feed.clone()).unwrap();
    let page = Page::open(&server);
    let microphone = Microphone::listen(&sound);
    let default = PerTrack { me: DeviceChoice::Default, them: DeviceChoice::Default };
    let devices =
        Devices { device: default, backend: BackendChoice::Pulse(Some(sound.socket())), ..Devices::default() };
    let audio = std::thread::Builder::new().name("audio".to_owned()).spawn(move || {
        let mut source = Noting::new(LiveSource::open(devices, StopFlag::new()).unwrap(), bursts);
        let mut shown = Shown { feed, seen: Vec::new() };
        let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
        drive(&mut source, &mut session, &mut Unpaced, &AtomicBool::new(false), &mut shown).unwrap();
        (source, shown.seen)
    });
    let player = Player::start(&sound, "bursts", MIC_PIPE, &recording);
    let (source, shown) = audio.unwrap().join().unwrap();
    drop(player);
    server.stop();
    let Noting { onsets, blocks, lost, .. } = source;
    Measured { spoken: microphone.moments(), onsets, blocks, lost, shown, page: page.seen() }
}

/// The live source, and when it gave what.
struct Noting {
    source: LiveSource,
    bursts: usize,
    ear: Onsets,
    onsets: Vec<SampleTime>,
    blocks: Vec<Instant>,
    lost: usize,
}

impl Noting {
    fn new(source: LiveSource, bursts: usize) -> Self {
        Self { source, bursts, ear: Onsets::default(), onsets: Vec::new(), blocks: Vec::new(), lost: 0 }
    }

    /// When the call is over: after the last burst, or long after it should have been.
    fn end(&self) -> SampleTime {
        let every = Samples::new(EVERY as u64);
        match self.onsets.last() {
            Some(last) if self.onsets.len() == self.bursts => *last + every,
            _ => (0..self.bursts).fold(SampleTime::from_ms(DEADLINE.as_secs() * 1000), |end, _| end + every),
        }
    }
}

impl Source for Noting {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let Some(block) = self.source.next()? else { return Ok(None) };
        self.blocks.push(now());
        self.onsets.extend(self.ear.hear(&block.pcm[Track::Me]).map(|place| SampleTime::new(place as u64)));
        self.lost += usize::from(block.lost[Track::Me]);
        Ok((block.start < self.end()).then_some(block))
    }
}

/// The feed, and when it was told what.
struct Shown {
    feed: Feed,
    seen: Vec<Seen>,
}

impl Sink for Shown {
    fn emit(&mut self, at: SampleTime, event: Event) {
        self.feed.emit(at, event);
    }

    fn erase(&mut self, from: SampleTime) {
        self.feed.erase(from);
    }

    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        let floor = snapshot.floor == Floor::Held(Track::Me);
        self.seen.push(Seen { at: now(), now: snapshot.now, speaking: snapshot.speaking.me, floor });
        self.feed.emit_snapshot(snapshot);
    }
}

/// The clock of every latency here.
#[expect(clippy::disallowed_methods, reason = "latencies are what this measures")]
pub fn now() -> Instant {
    Instant::now()
}
