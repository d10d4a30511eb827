//! The live call: microphone and far end, from rings to blocks.
//!
//! Owns everything about time between two devices: resampling to 16 kHz, alignment and drift, gaps, devices that
//! vanish and come back. [`Mixer`](mixer::Mixer) holds all of the logic and reads no clock; [`LiveSource`] is the
//! loop around it that empties the rings. Devices and their streams are [`crate::capture`]'s.

mod arrivals;
mod clock;
mod drift;
mod mixer;
mod rate;
mod strand;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use super::{Notice, Source, SourceError};
use crate::audio::{Block, PerTrack, Track};
use crate::capture::{self, CaptureError, Captured, News, Setup, Tap};
use crate::time::Samples;

use clock::Clock;
use mixer::Mixer;
use rate::Rate;

/// Between two looks into the rings: half a block. A callback may not wake the worker (that would be a system call),
/// so the worker looks by itself.
const PAUSE: Duration = Duration::from_millis(5);

/// A track that is absent for longer is told to the user; a shorter stall is only marked in the blocks.
const TOLD_AFTER: Samples = Samples::from_secs(1);

/// Ends a live call from any thread. Clones end the same call.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// A call that goes on.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the call: [`LiveSource::next`] gives what was captured until now, then `None`.
    pub fn stop(&self) {
        self.0.store(true, Relaxed);
    }

    /// Whether the call is to end.
    pub fn is_set(&self) -> bool {
        self.0.load(Relaxed)
    }
}

/// Microphone and far end of a call that goes on now.
pub struct LiveSource {
    /// `None` once the call has been stopped.
    captured: Option<Captured>,
    ear: PerTrack<Ear>,
    mixer: Mixer,
    clock: Clock,
    stop: Stop,
    notices: VecDeque<Notice>,
}

impl LiveSource {
    /// Opens both devices. The call begins once both are heard, a few hundred milliseconds later, or without the one
    /// that stays silent for seconds.
    ///
    /// # Errors
    /// When a device that was asked for is not there or cannot be opened; the message says what to do.
    pub fn open(setup: Setup, stop: Stop) -> Result<Self, SourceError> {
        let mut captured = capture::open(setup)?;
        let silent = captured.tap.them.nature().silent_when_idle;
        let clock = Clock::start();
        let ear = PerTrack {
            me: Ear::new(&captured.tap.me, std::mem::take(&mut captured.device.me))?,
            them: Ear::new(&captured.tap.them, std::mem::take(&mut captured.device.them))?,
        };
        let mixer = Mixer::new(clock.now(), silent).map_err(stopped)?;
        Ok(Self { captured: Some(captured), ear, mixer, clock, stop, notices: VecDeque::new() })
    }

    /// The name of each track's device, as the system shows it.
    pub fn device(&self, track: Track) -> &str {
        &self.ear[track].device
    }

    /// How much of a track arrived and could not be kept because the worker was away for seconds. The blocks are
    /// marked `lost`.
    pub fn dropped(&self, track: Track) -> Samples {
        self.ear[track].dropped
    }

    /// Hands on what the devices' thread and the rings have.
    fn gather(&mut self) -> Result<(), SourceError> {
        let Some(captured) = &mut self.captured else { return Ok(()) };
        let now = self.clock.now();
        for news in captured.news.try_iter() {
            match news {
                News::Gone { track, .. } => {
                    // What it still sent is in the ring.
                    self.ear[track].hear(track, &mut captured.tap[track], &mut self.mixer, now)?;
                    self.mixer.gone(track, now);
                    self.ear[track].tell_gone(track, &mut self.notices);
                }
                News::Back { track, device, tap } => {
                    let dropped = self.ear[track].dropped;
                    let told_gone = self.ear[track].told_gone;
                    self.ear[track] = Ear { dropped, told_gone, ..Ear::new(&tap, device)? };
                    self.mixer.back(track, tap.nature().silent_when_idle);
                    captured.tap[track] = tap;
                }
            }
        }
        for track in Track::BOTH {
            self.ear[track].hear(track, &mut captured.tap[track], &mut self.mixer, now)?;
        }
        Ok(())
    }

    /// Tells the user of what lasts.
    fn watch(&mut self) {
        let now = self.clock.now();
        for track in Track::BOTH {
            let ear = &mut self.ear[track];
            match self.mixer.absent_for(track, now) {
                Some(absent) if absent >= TOLD_AFTER => ear.tell_gone(track, &mut self.notices),
                None => ear.tell_back(track, &mut self.notices),
                Some(_) => {}
            }
        }
    }

    /// Takes what the rings still hold, then closes the devices.
    fn end(&mut self) -> Result<(), SourceError> {
        self.gather()?;
        self.captured = None;
        self.mixer.end();
        Ok(())
    }
}

impl Source for LiveSource {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        loop {
            if self.captured.is_some() {
                if self.stop.is_set() {
                    self.end()?;
                } else {
                    self.gather()?;
                    self.watch();
                }
            }
            if let Some(block) = self.mixer.next(self.clock.now()).map_err(stopped)? {
                return Ok(Some(block));
            }
            if self.captured.is_none() {
                return Ok(None);
            }
            thread::park_timeout(PAUSE);
        }
    }

    fn notice(&mut self) -> Option<Notice> {
        self.notices.pop_front()
    }
}

/// What stands between a track's ring and the mixer.
struct Ear {
    device: String,
    rate: Rate,
    raw: Vec<f32>,
    pcm: Vec<f32>,
    dropped: Samples,
    told_gone: bool,
}

impl Ear {
    fn new(tap: &Tap, device: String) -> Result<Self, SourceError> {
        let rate = Rate::from_hz(tap.nature().rate).map_err(stopped)?;
        Ok(Self { device, rate, raw: Vec::new(), pcm: Vec::new(), dropped: Samples::ZERO, told_gone: false })
    }

    /// Empties the ring into the mixer.
    fn hear(&mut self, track: Track, tap: &mut Tap, mixer: &mut Mixer, now: clock::Tick) -> Result<(), SourceError> {
        self.raw.clear();
        self.pcm.clear();
        let dropped = self.rate.length_of(tap.drain(&mut self.raw));
        self.rate.convert(&self.raw, &mut self.pcm).map_err(stopped)?;
        mixer.feed(track, &self.pcm, now);
        if dropped > Samples::ZERO {
            self.dropped += dropped;
            mixer.gap(track, dropped, now);
            tracing::warn!("{} ms of {} did not fit: the computer is too busy", dropped.as_ms(), self.device);
        }
        Ok(())
    }

    fn tell_gone(&mut self, track: Track, notices: &mut VecDeque<Notice>) {
        if !self.told_gone {
            self.told_gone = true;
            notices.push_back(Notice::DeviceGone { track, device: self.device.clone() });
        }
    }

    fn tell_back(&mut self, track: Track, notices: &mut VecDeque<Notice>) {
        if self.told_gone {
            self.told_gone = false;
            notices.push_back(Notice::DeviceBack { track, device: self.device.clone() });
        }
    }
}

fn stopped(cause: impl std::fmt::Display) -> SourceError {
    SourceError::Capture(CaptureError::Stopped { cause: cause.to_string() })
}
