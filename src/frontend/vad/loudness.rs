//! Does a block stand out of its track's noise, and is it as loud as its track's voice?

use crate::audio::BLOCK_DURATION;
use crate::time::Samples;

/// How far over the noise a speaking block is, for steady noise and for each decibel that noise moves by: a steady one
/// hides little of a soft word's end, a restless one passes for speech. At most the last (measured on labelled calls in
/// silence: precision 0.94 without, 0.99 with it).
const MARGIN_DB: f32 = 2.0;
const MARGIN_PER_DB: f32 = 1.5;
const MAX_MARGIN_DB: f32 = 6.0;

/// What noise is taken to move by before it was heard, and what it moves by at the most: a door is no noise.
const INITIAL_DEVIATION_DB: f32 = 1.0;
const MAX_DEVIATION_DB: f32 = 10.0;

/// How fast the estimate follows a quieter block, and a louder one that is no speech: down within some 100 ms, up
/// within a second, so that a fan that starts is soon part of the noise and a breath is not.
const NOISE_FALL_RATE: f32 = 0.1;
const NOISE_RISE_RATE: f32 = 0.01;

/// A block further than this under the track's voice is the end of a word that a network still calls speech. The same as −42 dBFS
/// for a voice at −16.
const RANGE_DB: f32 = 27.0;

/// The voice's level is the upper quartile of blocks this far over the noise, and no further under itself.
const VOICE_OVER_NOISE_DB: f32 = 10.0;
const VOICE_RANGE_DB: f32 = 15.0;

/// How fast it follows a quieter block; a louder one three times as fast, which makes it the quartile. Faster at first.
const VOICE_STEP_DB: f32 = 0.03;
const FIRST_VOICE_STEP_DB: f32 = 0.1;
const FIRST_BLOCKS: u32 = 300;

/// The running levels of a track: its noise, and its voice.
#[derive(Default)]
pub(super) struct LoudnessGate {
    noise: Option<NoiseFloor>,
    voice: VoiceLevel,
    nearest: Option<NearestVoice>,
}

impl LoudnessGate {
    /// For a track on which only the nearest voice counts.
    pub(super) fn for_nearest_voice() -> Self {
        Self { nearest: Some(NearestVoice::default()), ..Self::default() }
    }

    /// Whether a block that the detector judged `speech` is loud enough to be it; learns the noise from all others.
    pub(super) fn decide(&mut self, speech: bool, level: f32) -> bool {
        let noise = self.noise.get_or_insert(NoiseFloor { dbfs: level, deviation_db: INITIAL_DEVIATION_DB });
        noise.update(speech, level);
        let stands_out = speech && level > noise.dbfs + noise.margin_db();
        if stands_out {
            self.voice.update(level, noise.dbfs);
        }
        let under_voice = self.voice.dbfs.map_or(0.0, |voice| voice - level);
        let speech = stands_out && under_voice < RANGE_DB;
        self.nearest.as_mut().map_or(speech, |nearest| nearest.decide(speech, under_voice))
    }
}

struct NoiseFloor {
    dbfs: f32,
    /// How far its blocks lie from it on average.
    deviation_db: f32,
}

impl NoiseFloor {
    fn update(&mut self, speech: bool, level: f32) {
        if level < self.dbfs {
            self.dbfs += (level - self.dbfs) * NOISE_FALL_RATE;
        } else if !speech {
            self.dbfs += (level - self.dbfs) * NOISE_RISE_RATE;
        }
        if !speech {
            self.deviation_db +=
                ((level - self.dbfs).abs().min(MAX_DEVIATION_DB) - self.deviation_db) * NOISE_RISE_RATE;
        }
    }

    fn margin_db(&self) -> f32 {
        (MARGIN_DB + MARGIN_PER_DB * self.deviation_db).min(MAX_MARGIN_DB)
    }
}

#[derive(Default)]
struct VoiceLevel {
    dbfs: Option<f32>,
    heard: u32,
}

impl VoiceLevel {
    fn update(&mut self, level: f32, noise: f32) {
        let voice = self.dbfs.get_or_insert(level);
        if level < (noise + VOICE_OVER_NOISE_DB).max(*voice - VOICE_RANGE_DB) {
            return;
        }
        self.heard = self.heard.saturating_add(1);
        let step = if self.heard > FIRST_BLOCKS { VOICE_STEP_DB } else { FIRST_VOICE_STEP_DB };
        *voice += if level > *voice { 3.0 * step } else { -step };
    }
}

/// A block of the nearest voice is loud when it is no further under that voice's level. The softest backchannels of the
/// labelled calls are 6 dB under it, a voice across the room 12 dB and more.
const LOUD_WITHIN_DB: f32 = 9.0;

/// Two loud blocks within this time are a loud place: a single one is a click.
const LOUD_PAIR_WITHIN: Samples = Samples::from_ms(100);

/// Speech this long after a loud place is no longer the nearest voice's.
const LOUD_PAIR_HOLDS: Samples = Samples::from_ms(300);

/// A run ends with a pause that is not bridged (metrics.md), and a soft one counts from this length.
const PAUSE: Samples = Samples::from_ms(200);
const SOFT_RUN: Samples = Samples::from_ms(300);

/// Soft runs after which there is somebody else in the room. Before, a soft voice is given the benefit of the doubt:
/// most rooms hold one person.
const SOFT_RUNS_OF_OTHERS: u32 = 3;

/// Is somebody else in the room, and which speech is theirs?
#[derive(Default)]
struct NearestVoice {
    /// How long ago a loud block was, and the last loud place; `None` before any.
    since_loud: Option<Samples>,
    since_loud_pair: Option<Samples>,
    run: LoudnessRun,
    soft_runs: u32,
}

#[derive(Default)]
struct LoudnessRun {
    speech: Samples,
    pause: Samples,
    loud: bool,
}

impl NearestVoice {
    fn decide(&mut self, speech: bool, under_voice_db: f32) -> bool {
        self.since_loud = self.since_loud.map(|since| since + BLOCK_DURATION);
        self.since_loud_pair = self.since_loud_pair.map(|since| since + BLOCK_DURATION);
        if speech && under_voice_db < LOUD_WITHIN_DB {
            if self.since_loud.is_some_and(|since| since < LOUD_PAIR_WITHIN) {
                self.since_loud_pair = Some(Samples::ZERO);
            }
            self.since_loud = Some(Samples::ZERO);
        }
        self.update_run(speech);
        let theirs = self.since_loud_pair.is_none_or(|since| since >= LOUD_PAIR_HOLDS);
        speech && !(theirs && self.soft_runs >= SOFT_RUNS_OF_OTHERS)
    }

    fn update_run(&mut self, speech: bool) {
        if speech {
            self.run.speech += BLOCK_DURATION;
            self.run.pause = Samples::ZERO;
            self.run.loud |= self.since_loud_pair == Some(Samples::ZERO);
            return;
        }
        self.run.pause += BLOCK_DURATION;
        if self.run.pause >= PAUSE {
            let run = std::mem::take(&mut self.run);
            self.soft_runs += u32::from(!run.loud && run.speech >= SOFT_RUN);
        }
    }
}
