//! What a linear canceller leaves of the echo is taken away, and what is left is somebody at the microphone.
//!
//! Owns, in bands, how much of the estimated echo remains in the residual: that part is learnt from the call itself, by the
//! band and by how loud the echo is there, since a loudspeaker that is driven too far leaves more of its loud sounds. A
//! level over all bands cannot tell echo from speech: a real loudspeaker colours what it plays, so the level swings with
//! what is said.

use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::audio::BLOCK_SIZE;
use crate::frontend::echo::filter::{BINS, Wave};

/// Samples of a transform: a block and the one before.
const FRAME: usize = 2 * BLOCK_SIZE;

/// The edges of the bands, in Hz: a little under critical bands.
const EDGES: [f32; 21] = [
    100.0, 200.0, 300.0, 400.0, 510.0, 630.0, 770.0, 920.0, 1_080.0, 1_270.0, 1_480.0, 1_720.0, 2_000.0, 2_320.0,
    2_700.0, 3_150.0, 3_700.0, 4_400.0, 5_300.0, 6_400.0, 7_700.0,
];
const BANDS: usize = EDGES.len() - 1;

/// The bands in which voices are judged: 300 Hz to 4.4 kHz.
const VOICE: std::ops::Range<usize> = 2..17;

/// The distance of two bins, in Hz.
const BIN_HZ: f32 = 16_000.0 / FRAME as f32;

/// What a room keeps of the echo from one block to the next.
const RINGS: f32 = 0.75;

/// What a loudspeaker's distortion spreads of the whole echo into every band.
const SPREAD: f32 = 0.01;

/// How loud the echo is in its band: the number of classes, and the width of each in dB.
const CLASSES: usize = 4;
const CLASS_DB: f32 = 6.0;

/// How fast the loudest echo of a band is followed up and down, in dB a block.
const LOUDEST_RISES_DB: f32 = 0.5;
const LOUDEST_FALLS_DB: f32 = 0.03;

/// The part that remains, in dB, is a little over its median: so it follows, in dB a block, faster at first.
const RISES_DB: f32 = 0.25;
const FALLS_DB: f32 = 0.2;
const AT_FIRST_DB: f32 = 1.0;
const AT_FIRST: u32 = 40;

/// The part before anything is known of it, and its bounds, in dB.
const REMAINS_AT_FIRST_DB: f32 = -10.0;
const REMAINS_DB: std::ops::RangeInclusive<f32> = -40.0..=0.0;

/// How many times the expected remainder is taken away: what remains swings around its median.
const TAKEN: f32 = 14.0;

/// What is left of a band at the least, as a gain of its power.
const LEAST: f32 = 0.003;

/// An echo is heard in a band if its power is this many times the noise's there.
const AUDIBLE: f32 = 4.0;

/// How the noise of a band follows a quieter block and, a little at a time, a louder one.
const NOISE_FALLS: f32 = 0.1;
const NOISE_RISES: f32 = 1.0012;

/// The dB by which one band speaks at the most for somebody at the microphone.
const MOST_DB: f32 = 15.0;

type Bands = [f32; BANDS];

/// What is left of one block, and what it says.
pub(super) struct Suppressed {
    /// The block before the one that was heard, without the echo.
    pub(super) wave: Wave,
    /// By how many dB the residual is over what an echo leaves, on average over the bands of voices.
    pub(super) near_db: f32,
    /// In how many of those bands an echo is heard.
    pub(super) bands: usize,
    /// Whether anything was taken away.
    pub(super) touched: bool,
}

/// Takes away what remains of an echo.
#[derive(Clone)]
pub(super) struct Suppressor {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    /// What the transforms work on; between blocks it means nothing.
    scratch: Vec<Complex32>,
    window: [f32; FRAME],
    before: [Wave; 3],
    /// The second half of the last frame that was put together.
    tail: Wave,
    touched: bool,
    ringing: Bands,
    noise: Option<Bands>,
    loudest_db: Bands,
    remains_db: [Bands; CLASSES],
    heard: [[u32; BANDS]; CLASSES],
    /// To which band and its next each bin belongs, and how much to the next.
    places: Vec<(usize, f32)>,
}

impl Suppressor {
    pub(super) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(FRAME), planner.plan_fft_inverse(FRAME));
        let window = std::array::from_fn(|i| (std::f32::consts::PI * i as f32 / FRAME as f32).sin());
        Self {
            scratch: vec![Complex32::default(); forward.get_scratch_len().max(inverse.get_scratch_len())],
            forward,
            inverse,
            window,
            before: [[0.0; BLOCK_SIZE]; 3],
            tail: [0.0; BLOCK_SIZE],
            touched: false,
            ringing: [0.0; BANDS],
            noise: None,
            loudest_db: [-60.0; BANDS],
            remains_db: [[REMAINS_AT_FIRST_DB; BANDS]; CLASSES],
            heard: [[0; BANDS]; CLASSES],
            places: (0..BINS).map(place).collect(),
        }
    }

    /// The same for an echo of which another filter takes its part: how much it leaves is learned anew.
    pub(super) fn for_another_filter(mut self) -> Self {
        self.heard = [[0; BANDS]; CLASSES];
        self
    }

    /// Hears the next block as the track has it, as the canceller leaves it, and the echo that the canceller took.
    pub(super) fn push(&mut self, raw: &Wave, residual: &Wave, echo: &Wave) -> Suppressed {
        let [raw, residual, echo] = std::array::from_fn(|i| {
            let now = [raw, residual, echo][i];
            let before = std::mem::replace(&mut self.before[i], *now);
            self.spectrum(&before, now)
        });
        let (raw_power, echo_power) = (bands(&raw), bands(&echo));
        let residual_power = bands(&residual);
        // A filter that errs adds what was not there: then the track as it is tells more.
        let errs = residual_power.iter().sum::<f32>() > raw_power.iter().sum::<f32>();
        let left: Bands = std::array::from_fn(|band| residual_power[band].min(raw_power[band]));
        let noise = self.learn_noise(&raw_power);
        for (ringing, echo) in self.ringing.iter_mut().zip(echo_power) {
            *ringing = (*ringing * RINGS).max(echo);
        }
        let all = SPREAD * self.ringing.iter().sum::<f32>();
        let (mut gains, mut near_db, mut heard) = ([1.0; BANDS], 0.0, 0);
        for band in 0..BANDS {
            let echo = self.ringing[band] + all;
            let remains = power(self.learn(band, echo, left[band], noise[band])) * echo;
            gains[band] = (1.0 - TAKEN * remains / left[band].max(1e-12)).clamp(LEAST, 1.0);
            if VOICE.contains(&band) {
                let expected = 0.5 * TAKEN * remains + 2.0 * noise[band];
                near_db += (decibels(left[band]) - decibels(expected)).clamp(0.0, MOST_DB);
                heard += usize::from(self.ringing[band] > AUDIBLE * noise[band]);
            }
        }
        let touches = gains.iter().any(|gain| *gain < 0.9);
        let touched = std::mem::replace(&mut self.touched, touches) || touches;
        let wave = self.put_together(if errs { raw } else { residual }, &gains);
        Suppressed { wave, near_db: near_db / VOICE.len() as f32, bands: heard, touched }
    }

    fn spectrum(&mut self, before: &Wave, now: &Wave) -> [Complex32; BINS] {
        let mut time = [0.0; FRAME];
        time[..BLOCK_SIZE].copy_from_slice(before);
        time[BLOCK_SIZE..].copy_from_slice(now);
        time.iter_mut().zip(&self.window).for_each(|(sample, window)| *sample *= window);
        let mut spectrum = [Complex32::default(); BINS];
        // Refused for other lengths only.
        let _ = self.forward.process_with_scratch(&mut time, &mut spectrum, &mut self.scratch);
        spectrum
    }

    fn learn_noise(&mut self, raw: &Bands) -> Bands {
        let noise = self.noise.get_or_insert(*raw);
        for (noise, raw) in noise.iter_mut().zip(raw) {
            *noise = if raw < noise { *noise + (raw - *noise) * NOISE_FALLS } else { *noise * NOISE_RISES }.max(1e-12);
        }
        *noise
    }

    /// What part of an echo remains in a band, in dB.
    fn learn(&mut self, band: usize, echo: f32, left: f32, noise: f32) -> f32 {
        let echo_db = decibels(echo);
        let audible = echo > AUDIBLE * noise;
        if audible {
            let over = echo_db > self.loudest_db[band];
            self.loudest_db[band] += if over { LOUDEST_RISES_DB } else { -LOUDEST_FALLS_DB };
        }
        let under = ((self.loudest_db[band] - echo_db) / CLASS_DB).round() as i32;
        let class = (under + 1).clamp(0, CLASSES as i32 - 1) as usize;
        let remains = &mut self.remains_db[class][band];
        if !audible {
            return *remains;
        }
        let rises = decibels(left) - echo_db > *remains;
        *remains += match (self.heard[class][band] < AT_FIRST, rises) {
            (true, true) => AT_FIRST_DB,
            (true, false) => -AT_FIRST_DB,
            (false, true) => RISES_DB,
            (false, false) => -FALLS_DB,
        };
        *remains = remains.clamp(*REMAINS_DB.start(), *REMAINS_DB.end());
        let remains = *remains;
        self.heard[class][band] += 1;
        // Classes that were seldom heard are as their neighbours.
        for next in class.saturating_sub(1)..=(class + 1).min(CLASSES - 1) {
            if self.heard[next][band] < AT_FIRST / 2 {
                self.remains_db[next][band] = remains;
            }
        }
        remains
    }

    /// The sound of a frame by its gains, as far as it is whole: the frame's first half.
    fn put_together(&mut self, mut spectrum: [Complex32; BINS], gains: &Bands) -> Wave {
        for (bin, (band, part)) in spectrum.iter_mut().zip(&self.places) {
            let next = gains[(band + 1).min(BANDS - 1)].sqrt();
            *bin *= gains[*band].sqrt() * (1.0 - part) + next * part;
        }
        spectrum[0].im = 0.0;
        spectrum[BINS - 1].im = 0.0;
        let mut time = [0.0; FRAME];
        let _ = self.inverse.process_with_scratch(&mut spectrum, &mut time, &mut self.scratch);
        time.iter_mut().zip(&self.window).for_each(|(sample, window)| *sample *= window / FRAME as f32);
        let wave = std::array::from_fn(|i| self.tail[i] + time[i]);
        self.tail.copy_from_slice(&time[BLOCK_SIZE..]);
        wave
    }
}

/// The band whose middle lies under a bin's frequency, and how far the bin lies on the way to the next one's.
fn place(bin: usize) -> (usize, f32) {
    let hz = bin as f32 * BIN_HZ;
    let middle = |band: usize| (EDGES[band] * EDGES[band + 1]).sqrt();
    let under = (0..BANDS).rev().find(|band| middle(*band) <= hz).unwrap_or(0);
    if under + 1 == BANDS {
        return (under, 0.0);
    }
    (under, ((hz - middle(under)) / (middle(under + 1) - middle(under))).clamp(0.0, 1.0))
}

/// The mean square in each band.
fn bands(spectrum: &[Complex32]) -> Bands {
    let mut bands = [0.0; BANDS];
    let mut band = 0;
    for (bin, value) in spectrum.iter().enumerate() {
        let hz = bin as f32 * BIN_HZ;
        if hz < EDGES[0] {
            continue;
        }
        while band < BANDS && hz >= EDGES[band + 1] {
            band += 1;
        }
        if band == BANDS {
            break;
        }
        bands[band] += value.norm_sqr() * 4.0 / (FRAME * FRAME) as f32;
    }
    bands
}

fn power(db: f32) -> f32 {
    10.0_f32.powf(db / 10.0)
}

fn decibels(power: f32) -> f32 {
    10.0 * power.max(1e-12).log10()
}
