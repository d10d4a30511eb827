//! The tail that a network's memory adds to a word, and noise that it takes for speech.

/// A block this far under the loudest of the last seconds is the end of a word that the network still calls speech
/// (F1 of speech on labelled calls: 0.995 with it, 0.98 without).
const TAIL_DB: f32 = 30.0;

/// How much less the loudest counts with each block: 5 dB a second, so that a softer voice is soon measured by itself.
const PEAK_FALL_DB: f32 = 0.05;

/// Nothing softer than voices on very quiet lines is ever the loudest.
const MIN_PEAK_DBFS: f32 = -55.0;

/// Noise hides the ends of words as well: how far over it a block is to be, for steady noise and for each decibel that
/// the noise moves by, and at the most.
const MARGIN_DB: f32 = 2.0;
const MARGIN_PER_DB: f32 = 1.5;
const MAX_MARGIN_DB: f32 = 6.0;

/// A block this near to the loudest is speech whatever the noise: the network hears through it (F1 of speech in a fan's
/// noise at 5 dB: 0.92 with it, 0.86 without).
const LOUD_DB: f32 = 15.0;

/// How far noise moves before it was heard, and at the most: a door is no noise.
const FIRST_DEVIATION_DB: f32 = 1.0;
const MAX_DEVIATION_DB: f32 = 10.0;

/// The part of the way by which the noise follows a quieter block, and a louder one that is no speech: down within some
/// 100 ms, up within a second.
const NOISE_FALL: f32 = 0.1;
const NOISE_RISE: f32 = 0.01;

pub(super) struct TailGate {
    /// The noise of all the sound, and of what lies in the voices' band.
    noise: Option<[TrackNoise; 2]>,
    /// The level of the loudest speech, less with time.
    peak_dbfs: f32,
}

#[derive(Clone, Copy)]
pub(super) struct TrackNoise {
    pub(super) dbfs: f32,
    /// How far its blocks lie from it on average.
    deviation_db: f32,
}

impl Default for TailGate {
    fn default() -> Self {
        Self { noise: None, peak_dbfs: MIN_PEAK_DBFS }
    }
}

impl TailGate {
    /// Whether a block of this level, and of that one in the voices' band, that the network judged `speech` is no tail and
    /// no noise.
    pub(super) fn decide(&mut self, speech: bool, dbfs: f32, band_dbfs: f32) -> bool {
        let levels = [dbfs, band_dbfs];
        let noises = self.noise.get_or_insert(levels.map(TrackNoise::at));
        noises.iter_mut().zip(levels).for_each(|(noise, level)| noise.update(speech, level));
        self.peak_dbfs = (self.peak_dbfs - PEAK_FALL_DB).max(MIN_PEAK_DBFS);
        if !speech {
            return false;
        }
        self.peak_dbfs = self.peak_dbfs.max(dbfs);
        let stands_out = noises.iter().zip(levels).any(|(noise, level)| level > noise.dbfs + noise.margin_db());
        dbfs >= self.peak_dbfs - TAIL_DB && (stands_out || dbfs > self.peak_dbfs - LOUD_DB)
    }
}

impl TrackNoise {
    /// The noise of a track of which a block of this level was heard.
    pub(super) fn at(dbfs: f32) -> Self {
        Self { dbfs, deviation_db: FIRST_DEVIATION_DB }
    }

    fn margin_db(&self) -> f32 {
        (MARGIN_DB + MARGIN_PER_DB * self.deviation_db).min(MAX_MARGIN_DB)
    }

    pub(super) fn update(&mut self, speech: bool, dbfs: f32) {
        if dbfs < self.dbfs {
            self.dbfs += (dbfs - self.dbfs) * NOISE_FALL;
        } else if !speech {
            self.dbfs += (dbfs - self.dbfs) * NOISE_RISE;
        }
        if !speech {
            self.deviation_db += ((dbfs - self.dbfs).abs().min(MAX_DEVIATION_DB) - self.deviation_db) * NOISE_RISE;
        }
    }
}
