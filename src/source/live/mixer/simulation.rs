//! Devices that a test lets run, stop and drift; time passes as fast as the processor allows.

use super::Mixer;
use crate::audio::{Block, Track};
use crate::source::live::clock::Tick;
use crate::time::{SAMPLE_RATE, Samples};

/// The worker looks this often.
const POLL_SAMPLES: i64 = 80;

const PER_MS: i64 = SAMPLE_RATE as i64 / 1000;

/// The sound of both devices is a ramp that tells the true time: it falls back to zero after this many samples.
const RAMP: i64 = 2 * SAMPLE_RATE as i64;

/// A device whose sound tells when it was heard.
pub(super) struct SimulatedDevice {
    /// How much faster its clock is than the computer's, in millionths.
    pub(super) ppm: f64,
    pub(super) on: bool,
    piece: i64,
    /// How long what it sends is on its way, in samples.
    delay: i64,
    sent: i64,
}

impl SimulatedDevice {
    /// A device that sends `piece_ms` milliseconds at a time.
    pub(super) fn new(piece_ms: i64) -> Self {
        Self { ppm: 0.0, on: true, piece: piece_ms * PER_MS, delay: 0, sent: 0 }
    }

    pub(super) fn starts_after(&mut self, ms: i64) {
        self.sent = ms * PER_MS;
    }

    /// From now on it sends so many milliseconds at a time.
    pub(super) fn set_piece(&mut self, piece_ms: i64) {
        self.piece = piece_ms * PER_MS;
    }

    /// From now on what it sends is on its way for so long.
    pub(super) fn delay(&mut self, ms: i64) {
        self.delay = ms * PER_MS;
    }

    /// So much of its sound is lost on the way.
    pub(super) fn swallow(&mut self, ms: i64) {
        self.sent += ms * PER_MS;
    }

    /// Its `index`th sample.
    pub(super) fn sample(&self, index: i64) -> i16 {
        let time = index as f64 / (1.0 + self.ppm * 1e-6);
        (time.rem_euclid(RAMP as f64) * 32_000.0 / RAMP as f64) as i16
    }

    /// What it has sent by `now` and not before.
    fn send(&mut self, now: i64) -> Vec<f32> {
        let produced = ((now - self.delay) as f64 * (1.0 + self.ppm * 1e-6)) as i64 / self.piece * self.piece;
        let from = self.sent.min(produced);
        if !self.on {
            self.sent = produced;
            return Vec::new();
        }
        self.sent = self.sent.max(produced);
        (from..produced).map(|i| f32::from(self.sample(i)) / 32_768.0).collect()
    }
}

/// Both devices, the mixer between them, and what came out.
pub(super) struct Simulation {
    pub(super) me: SimulatedDevice,
    pub(super) them: SimulatedDevice,
    pub(super) mixer: Mixer,
    pub(super) now: Tick,
    pub(super) blocks: Vec<Block>,
}

impl Simulation {
    pub(super) fn new(me: SimulatedDevice, them: SimulatedDevice) -> Self {
        Self { me, them, mixer: Mixer::new(Tick(0), false).unwrap(), now: Tick(0), blocks: Vec::new() }
    }

    pub(super) fn idle_when_silent(me: SimulatedDevice, them: SimulatedDevice) -> Self {
        Self { mixer: Mixer::new(Tick(0), true).unwrap(), ..Self::new(me, them) }
    }

    /// A track's device.
    pub(super) fn device(&mut self, track: Track) -> &mut SimulatedDevice {
        match track {
            Track::Me => &mut self.me,
            Track::Them => &mut self.them,
        }
    }

    /// Lets time pass, the worker looking as it should.
    pub(super) fn run(&mut self, ms: i64) {
        for _ in 0..ms * PER_MS / POLL_SAMPLES {
            self.now.0 += POLL_SAMPLES;
            self.poll();
        }
    }

    /// Lets time pass, the worker looking as it should, while the threads that read these tracks, or the server, stand still:
    /// what they have comes at the next look.
    pub(super) fn hold_back(&mut self, held: &[Track], ms: i64) {
        for _ in 0..ms * PER_MS / POLL_SAMPLES {
            self.now.0 += POLL_SAMPLES;
            for track in Track::BOTH {
                let until = if held.contains(&track) { 0 } else { self.now.0 };
                let sent = self.device(track).send(until);
                self.mixer.push(track, &sent, self.now);
            }
            self.take();
        }
    }

    /// Lets time pass without the worker; then it looks.
    pub(super) fn pause(&mut self, ms: i64) {
        self.now.0 += ms * PER_MS;
        self.poll();
    }

    /// Lets time pass without the worker and the threads that read what was captured: at the first look nothing of it has
    /// come yet, and all of it has after another `read_after_ms`.
    pub(super) fn stall(&mut self, ms: i64, read_after_ms: i64) {
        self.now.0 += ms * PER_MS;
        self.take();
        for _ in 0..read_after_ms * PER_MS / POLL_SAMPLES {
            self.now.0 += POLL_SAMPLES;
            self.take();
        }
        self.poll();
    }

    /// Lets time pass without the worker and the threads that read what was captured: at the first look all of it has come
    /// but its last `held_back_ms`, which come within another `read_after_ms`.
    pub(super) fn stall_then_catch_up_in_two(&mut self, ms: i64, held_back_ms: i64, read_after_ms: i64) {
        self.now.0 += ms * PER_MS;
        for track in Track::BOTH {
            let first = self.now.0 - held_back_ms * PER_MS;
            let sent = self.device(track).send(first);
            self.mixer.push(track, &sent, self.now);
        }
        self.take();
        for _ in 0..read_after_ms * PER_MS / POLL_SAMPLES {
            self.now.0 += POLL_SAMPLES;
            self.take();
        }
        self.poll();
    }

    /// Lets time pass without the worker, for longer than the rings hold: of each track they hold only this many
    /// milliseconds.
    pub(super) fn overflow_rings(&mut self, ms: i64, held: [i64; 2]) {
        self.now.0 += ms * PER_MS;
        let sent = [self.me.send(self.now.0), self.them.send(self.now.0)];
        for ((track, sent), held) in Track::BOTH.into_iter().zip(sent).zip(held) {
            let held = (held * PER_MS) as usize;
            self.mixer.push(track, &sent[..held], self.now);
            self.mixer.push_lost(track, Samples::new((sent.len() - held) as u64), self.now);
        }
        self.take();
    }

    /// Lets time pass without worker and devices.
    pub(super) fn sleep(&mut self, ms: i64) {
        self.now.0 += ms * PER_MS;
        self.me.send(self.now.0);
        self.them.send(self.now.0);
    }

    fn poll(&mut self) {
        let (mine, theirs) = (self.me.send(self.now.0), self.them.send(self.now.0));
        self.mixer.push(Track::Me, &mine, self.now);
        self.mixer.push(Track::Them, &theirs, self.now);
        self.take();
    }

    fn take(&mut self) {
        while let Some(block) = self.mixer.next(self.now).unwrap() {
            self.blocks.push(block);
        }
    }
}

/// By how many samples the far end's sound in the middle of a block is younger than the microphone's; `None` where a
/// ramp ends nearby.
pub(super) fn offset(block: &Block) -> Option<i64> {
    let time = |track: Track| i64::from(block.pcm[track][80]) * RAMP / 32_000;
    let (me, them) = (time(Track::Me), time(Track::Them));
    let clear = |t: i64| (1_600..RAMP - 1_600).contains(&t);
    (clear(me) && clear(them)).then(|| them - me)
}
