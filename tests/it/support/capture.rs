//! A call from a real sound server, and all that was heard of it.

use keicho::audio::{Block, DeviceControl, PerTrack, Track};
use keicho::capture::{BackendChoice, CaptureSetup, DeviceChoice};
use keicho::source::live::{LiveSource, StopFlag};
use keicho::source::{Notice, Source as _};

use super::server::{DEADLINE, SoundServer};
use super::tone::strength;

/// No call in these tests is as long; one that is has not heard what it waits for.
const LONGEST: usize = DEADLINE.as_secs() as usize * 100;

/// The default microphone, and what is to be heard of the far end.
pub fn setup(server: &SoundServer, them: &str) -> CaptureSetup {
    CaptureSetup {
        device: PerTrack { me: DeviceChoice::Default, them: them.parse().unwrap() },
        backend: BackendChoice::Pulse(Some(server.socket())),
        ..CaptureSetup::default()
    }
}

/// A call, and all that was heard of it.
pub struct Call {
    pub source: LiveSource,
    pub stop: StopFlag,
    pub blocks: Vec<Block>,
    pub notices: Vec<Notice>,
}

impl Call {
    /// A call with these devices.
    pub fn open(setup: CaptureSetup) -> Self {
        Self::open_with(setup, DeviceControl::default())
    }

    /// The same, with devices that are changed while it goes on.
    pub fn open_with(setup: CaptureSetup, control: DeviceControl) -> Self {
        let stop = StopFlag::new();
        let source = LiveSource::open_with(setup, stop.clone(), control).unwrap();
        Self { source, stop, blocks: Vec::new(), notices: Vec::new() }
    }

    /// Listens for so many blocks.
    pub fn hear(&mut self, blocks: usize) {
        for _ in 0..blocks {
            self.blocks.push(self.source.next().unwrap().unwrap());
            self.notices.extend(std::iter::from_fn(|| self.source.next_notice()));
        }
    }

    /// Listens until it is so.
    pub fn hear_until(&mut self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        while !is_so(self) {
            let heard = Track::BOTH.map(|track| [300.0, 440.0, 1_000.0].map(|hz| self.strength(track, hz)));
            assert!(
                self.blocks.len() < LONGEST,
                "{what}: not heard in {:?}, but {heard:?}; lost {} and {}; noticed {:?}",
                self.blocks.last().map(Block::span),
                self.lost(Track::Me),
                self.lost(Track::Them),
                self.notices
            );
            self.hear(10);
        }
    }

    /// How much of a tone is in the last half second of a track.
    pub fn strength(&self, track: Track, hz: f64) -> f64 {
        self.strength_at(track, hz, self.blocks.len())
    }

    /// How much of it is in the half second before a block.
    pub fn strength_at(&self, track: Track, hz: f64, end: usize) -> f64 {
        let blocks = &self.blocks[end.saturating_sub(50)..end];
        strength(&blocks.iter().flat_map(|block| block.pcm[track]).collect::<Vec<i16>>(), hz)
    }

    /// Whether a track holds this tone and not the other.
    pub fn has_only(&self, track: Track, hz: f64, other: f64) -> bool {
        self.strength(track, hz) > 0.1 && self.strength(track, other) < 0.01
    }

    /// Whether nothing is missing from the last blocks of either track.
    pub fn whole(&self, blocks: usize) -> bool {
        self.blocks.len() >= blocks
            && self.blocks[self.blocks.len() - blocks..]
                .iter()
                .all(|block| Track::BOTH.iter().all(|&track| !block.lost[track]))
    }

    /// How many blocks of a track are lost.
    pub fn lost(&self, track: Track) -> usize {
        self.blocks.iter().filter(|block| block.lost[track]).count()
    }
}
