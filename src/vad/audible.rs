//! Does a block stand out of its track's noise, and is it as loud as its track's voice?

use crate::audio::STEP;
use crate::time::Samples;

/// How far over the noise a speaking block is, for steady noise and for each decibel that noise moves by: a steady one
/// hides little of a soft word's end, a restless one passes for speech. At most the last (measured on labelled calls in
/// silence: precision 0.94 without, 0.99 with it).
const MARGIN_DB: f32 = 2.0;
const MARGIN_PER_DB: f32 = 1.5;
const MARGIN_AT_MOST_DB: f32 = 6.0;

/// Noise moves so much before it was heard, and by no more than this: a door is no noise.
const MOVES_DB: f32 = 1.0;
const MOVES_AT_MOST_DB: f32 = 10.0;

/// How fast the estimate follows a quieter block, and a louder one that is no speech: down within some 100 ms, up
/// within a second, so that a fan that starts is soon part of the noise and a breath is not.
const FALLS: f32 = 0.1;
const RISES: f32 = 0.01;

/// A block so far under the track's voice is the end of a word that a network still calls speech. The same as −42 dBFS
/// for a voice at −16.
const RANGE_DB: f32 = 27.0;

/// The voice's level is the upper quartile of blocks this far over the noise, and no further under itself.
const VOICE_OVER_NOISE_DB: f32 = 10.0;
const VOICE_RANGE_DB: f32 = 15.0;

/// How fast it follows a quieter block; a louder one three times as fast, which makes it the quartile. Faster at first.
const FOLLOWS_DB: f32 = 0.03;
const FOLLOWS_AT_FIRST_DB: f32 = 0.1;
const AT_FIRST: u32 = 300;

/// The running levels of a track: its noise, and its voice.
#[derive(Default)]
pub(super) struct Audible {
    noise: Option<Noise>,
    voice: Voice,
    nearest: Option<Nearest>,
}

impl Audible {
    /// For a track on which only the nearest voice counts.
    pub(super) fn nearest() -> Self {
        Self { nearest: Some(Nearest::default()), ..Self::default() }
    }

    /// Whether a block that the detector judged `speech` is loud enough to be it; learns the noise from all others.
    pub(super) fn judge(&mut self, speech: bool, level: f32) -> bool {
        let noise = self.noise.get_or_insert(Noise { dbfs: level, moves_db: MOVES_DB });
        noise.learn(speech, level);
        let stands_out = speech && level > noise.dbfs + noise.margin_db();
        if stands_out {
            self.voice.learn(level, noise.dbfs);
        }
        let under_voice = self.voice.dbfs.map_or(0.0, |voice| voice - level);
        let speech = stands_out && under_voice < RANGE_DB;
        self.nearest.as_mut().map_or(speech, |nearest| nearest.judge(speech, under_voice))
    }
}

struct Noise {
    dbfs: f32,
    /// How far its blocks lie from it on average.
    moves_db: f32,
}

impl Noise {
    fn learn(&mut self, speech: bool, level: f32) {
        if level < self.dbfs {
            self.dbfs += (level - self.dbfs) * FALLS;
        } else if !speech {
            self.dbfs += (level - self.dbfs) * RISES;
        }
        if !speech {
            self.moves_db += ((level - self.dbfs).abs().min(MOVES_AT_MOST_DB) - self.moves_db) * RISES;
        }
    }

    fn margin_db(&self) -> f32 {
        (MARGIN_DB + MARGIN_PER_DB * self.moves_db).min(MARGIN_AT_MOST_DB)
    }
}

#[derive(Default)]
struct Voice {
    dbfs: Option<f32>,
    heard: u32,
}

impl Voice {
    fn learn(&mut self, level: f32, noise: f32) {
        let voice = self.dbfs.get_or_insert(level);
        if level < (noise + VOICE_OVER_NOISE_DB).max(*voice - VOICE_RANGE_DB) {
            return;
        }
        self.heard = self.heard.saturating_add(1);
        let step = if self.heard > AT_FIRST { FOLLOWS_DB } else { FOLLOWS_AT_FIRST_DB };
        *voice += if level > *voice { 3.0 * step } else { -step };
    }
}

/// A block of the nearest voice is loud when it is no further under that voice's level. The softest backchannels of the
/// labelled calls are 6 dB under it, a voice across the room 12 dB and more.
const LOUD_WITHIN_DB: f32 = 9.0;

/// Two loud blocks among so many are a loud place: a single one is a click.
const TOGETHER: Samples = Samples::from_ms(100);

/// Speech so far from a loud place is no longer the nearest voice's.
const TRAILS: Samples = Samples::from_ms(300);

/// A run ends with a pause that is not bridged (metrics.md), and a soft one counts from this length.
const PAUSE: Samples = Samples::from_ms(200);
const SOFT_RUN: Samples = Samples::from_ms(300);

/// Soft runs after which there is somebody else in the room. Before, a soft voice is given the benefit of the doubt:
/// most rooms hold one person.
const COMPANY: u32 = 3;

/// Is somebody else in the room, and which speech is theirs?
#[derive(Default)]
struct Nearest {
    /// How long ago a loud block was, and the last loud place; `None` before any.
    since_loud: Option<Samples>,
    since_place: Option<Samples>,
    run: Run,
    soft_runs: u32,
}

#[derive(Default)]
struct Run {
    speech: Samples,
    pause: Samples,
    loud: bool,
}

impl Nearest {
    fn judge(&mut self, speech: bool, under_voice_db: f32) -> bool {
        self.since_loud = self.since_loud.map(|since| since + STEP);
        self.since_place = self.since_place.map(|since| since + STEP);
        if speech && under_voice_db < LOUD_WITHIN_DB {
            if self.since_loud.is_some_and(|since| since < TOGETHER) {
                self.since_place = Some(Samples::ZERO);
            }
            self.since_loud = Some(Samples::ZERO);
        }
        self.learn(speech);
        let theirs = self.since_place.is_none_or(|since| since >= TRAILS);
        speech && !(theirs && self.soft_runs >= COMPANY)
    }

    fn learn(&mut self, speech: bool) {
        if speech {
            self.run.speech += STEP;
            self.run.pause = Samples::ZERO;
            self.run.loud |= self.since_place == Some(Samples::ZERO);
            return;
        }
        self.run.pause += STEP;
        if self.run.pause >= PAUSE {
            let run = std::mem::take(&mut self.run);
            self.soft_runs += u32::from(!run.loud && run.speech >= SOFT_RUN);
        }
    }
}
