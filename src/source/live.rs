//! The live call: microphone and far end, from rings to blocks.
//!
//! Owns everything about time between two devices: resampling to 16 kHz, alignment and drift, gaps, devices that
//! vanish and come back. Its mixer holds all of the logic and reads no clock; [`LiveSource`] is the
//! loop around it that empties the rings. Devices and their streams are [`crate::capture`]'s.

mod arrivals;
mod clock;
mod drift;
mod jitter_buffer;
mod mixer;
mod rate_converter;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use super::{Notice, Source, SourceError};
use crate::audio::{Block, DeviceControl, PerTrack, Track};
use crate::capture::{self, Capture, CaptureError, CaptureSetup, DeviceEvent, RingReader};
use crate::time::Samples;

use clock::{Clock, Tick};
use mixer::Mixer;
use rate_converter::RateConverter;

/// Until the next look into the rings, by how many looks in a row gave no block; the last holds for all that follow. A
/// callback may not wake the worker (that would be a system call), so the worker looks by itself: a little before the next
/// piece of 10 ms is due, so that it creeps up to where it comes, soon after it, and if it stays away at half a block.
const POLL_INTERVALS: [Duration; 3] =
    [Duration::from_micros(9_500), Duration::from_millis(2), Duration::from_millis(5)];

/// A track that is absent for longer is told to the user; a shorter stall is only marked in the blocks.
const NOTICE_AFTER: Samples = Samples::from_secs(1);

/// Ends a live call from any thread. Clones end the same call.
#[derive(Clone, Debug, Default)]
pub struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
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
    capture: Option<Capture>,
    inputs: PerTrack<TrackInput>,
    mixer: Mixer,
    clock: Clock,
    stop: StopFlag,
    notices: VecDeque<Notice>,
}

impl LiveSource {
    /// Opens both devices. The call begins once both are heard, a few hundred milliseconds later, or without the one
    /// that stays silent for seconds.
    ///
    /// # Errors
    /// When a device that was asked for is not there or cannot be opened; the message says what to do.
    pub fn open(setup: CaptureSetup, stop: StopFlag) -> Result<Self, SourceError> {
        Self::open_with(setup, stop, DeviceControl::default())
    }

    /// The same, with devices that are shown, and changed while the call goes on, through `control`.
    ///
    /// # Errors
    /// As [`LiveSource::open`].
    pub fn open_with(setup: CaptureSetup, stop: StopFlag, control: DeviceControl) -> Result<Self, SourceError> {
        let mut capture = capture::open(setup, control)?;
        let silent = capture.reader.them.info().silent_when_idle;
        let clock = Clock::start();
        let inputs = PerTrack {
            me: TrackInput::new(&capture.reader.me, std::mem::take(&mut capture.device.me))?,
            them: TrackInput::new(&capture.reader.them, std::mem::take(&mut capture.device.them))?,
        };
        let mixer = Mixer::new(clock.now(), silent).map_err(capture_stopped)?;
        Ok(Self { capture: Some(capture), inputs, mixer, clock, stop, notices: VecDeque::new() })
    }

    /// The name of each track's device, as the system shows it.
    pub fn device(&self, track: Track) -> &str {
        &self.inputs[track].device
    }

    /// How much of a track arrived and could not be kept because the worker was away for seconds. The blocks are
    /// marked `lost`.
    pub fn dropped(&self, track: Track) -> Samples {
        self.inputs[track].dropped
    }

    /// Hands on what the devices' thread and the rings have.
    fn drain_rings(&mut self) -> Result<(), SourceError> {
        let Some(capture) = &mut self.capture else { return Ok(()) };
        let now = || self.clock.now();
        for event in capture.events.try_iter() {
            match event {
                DeviceEvent::Gone { track, .. } => {
                    // What it still sent is in the ring.
                    self.inputs[track].feed_mixer(track, &mut capture.reader[track], &mut self.mixer, now)?;
                    self.mixer.close_device(track, now());
                    self.inputs[track].report_gone(track, &mut self.notices);
                }
                DeviceEvent::Switched { track, device, reader } => {
                    self.inputs[track].feed_mixer(track, &mut capture.reader[track], &mut self.mixer, now)?;
                    self.mixer.close_device(track, now());
                    let dropped = self.inputs[track].dropped;
                    self.notices.push_back(Notice::DeviceBack { track, device: device.clone() });
                    self.inputs[track] = TrackInput { dropped, ..TrackInput::new(&reader, device)? };
                    self.mixer.reopen_device(track, reader.info().silent_when_idle);
                    capture.reader[track] = reader;
                }
                DeviceEvent::Back { track, device, reader: tap } => {
                    let dropped = self.inputs[track].dropped;
                    let reported_gone = self.inputs[track].reported_gone;
                    self.inputs[track] = TrackInput { dropped, reported_gone, ..TrackInput::new(&tap, device)? };
                    self.mixer.reopen_device(track, tap.info().silent_when_idle);
                    capture.reader[track] = tap;
                }
            }
        }
        for track in Track::BOTH {
            self.inputs[track].feed_mixer(track, &mut capture.reader[track], &mut self.mixer, now)?;
        }
        Ok(())
    }

    /// Tells the user of what lasts.
    fn report_absences(&mut self) {
        let now = self.clock.now();
        for track in Track::BOTH {
            let input = &mut self.inputs[track];
            match self.mixer.absent_for(track, now) {
                Some(absent) if absent >= NOTICE_AFTER => input.report_gone(track, &mut self.notices),
                None => input.report_back(track, &mut self.notices),
                Some(_) => {}
            }
        }
    }

    /// Takes what the rings still hold, then closes the devices.
    fn close(&mut self) -> Result<(), SourceError> {
        self.drain_rings()?;
        self.capture = None;
        self.mixer.end();
        Ok(())
    }
}

impl Source for LiveSource {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let mut intervals = POLL_INTERVALS.into_iter();
        let mut interval = POLL_INTERVALS[0];
        loop {
            if self.capture.is_some() {
                if self.stop.is_set() {
                    self.close()?;
                } else {
                    self.drain_rings()?;
                    self.report_absences();
                }
            }
            if let Some(block) = self.mixer.next(self.clock.now()).map_err(capture_stopped)? {
                return Ok(Some(block));
            }
            if self.capture.is_none() {
                return Ok(None);
            }
            interval = intervals.next().unwrap_or(interval);
            thread::park_timeout(interval);
        }
    }

    fn next_notice(&mut self) -> Option<Notice> {
        self.notices.pop_front()
    }
}

/// What stands between a track's ring and the mixer.
struct TrackInput {
    device: String,
    converter: RateConverter,
    raw: Vec<f32>,
    pcm: Vec<f32>,
    dropped: Samples,
    reported_gone: bool,
}

impl TrackInput {
    fn new(reader: &RingReader, device: String) -> Result<Self, SourceError> {
        let rate = RateConverter::from_hz(reader.info().rate).map_err(capture_stopped)?;
        Ok(Self {
            device,
            converter: rate,
            raw: Vec::new(),
            pcm: Vec::new(),
            dropped: Samples::ZERO,
            reported_gone: false,
        })
    }

    /// Empties the ring into the mixer.
    ///
    /// The clock is read after the ring: on a busy computer the worker may stand still between the two, and sound that came
    /// after the moment that is told of it would be early, which nothing ever is.
    fn feed_mixer(
        &mut self,
        track: Track,
        reader: &mut RingReader,
        mixer: &mut Mixer,
        now: impl FnOnce() -> Tick,
    ) -> Result<(), SourceError> {
        self.raw.clear();
        self.pcm.clear();
        let dropped = self.converter.length_of(reader.drain(&mut self.raw));
        let now = now();
        self.converter.convert(&self.raw, &mut self.pcm).map_err(capture_stopped)?;
        mixer.push(track, &self.pcm, now);
        if dropped > Samples::ZERO {
            self.dropped += dropped;
            mixer.push_lost(track, dropped, now);
            tracing::warn!("{} ms of {} did not fit: the computer is too busy", dropped.as_ms(), self.device);
        }
        Ok(())
    }

    fn report_gone(&mut self, track: Track, notices: &mut VecDeque<Notice>) {
        if !self.reported_gone {
            self.reported_gone = true;
            notices.push_back(Notice::DeviceGone { track, device: self.device.clone() });
        }
    }

    fn report_back(&mut self, track: Track, notices: &mut VecDeque<Notice>) {
        if self.reported_gone {
            self.reported_gone = false;
            notices.push_back(Notice::DeviceBack { track, device: self.device.clone() });
        }
    }
}

fn capture_stopped(cause: impl std::fmt::Display) -> SourceError {
    SourceError::Capture(CaptureError::Stopped { cause: cause.to_string() })
}

#[cfg(test)]
mod tests;
