//! Holes in the far end's speech: their connection.
//!
//! What tells a hole from a pause is how it begins. A voice dies away, and what a codec or a noise gate then cuts off
//! is quiet; a hole begins amid a voice and is digitally silent at once.

use crate::audio::BLOCK_DURATION;
use crate::health::HealthInput;
use crate::health::recent::LastMinute;
use crate::time::{SampleTime, Samples};

/// A shorter hole is a click or a stop consonant, a longer one a pause or a freeze (metrics.md).
const SHORTEST: Samples = Samples::from_ms(20);
const LONGEST: Samples = Samples::from_ms(400);

/// What a resampler's ringing at both edges hides of a hole at the most, heard from speech's level to speech's level.
const HIDDEN: Samples = Samples::from_ms(4);

/// Digital silence, with what rounding leaves of it.
const SILENT: u16 = 1;

/// At least this much of a hole is digitally silent without a break. A resampler takes up to 8 ms of a hole at either edge.
const CORE: Samples = Samples::from_ms(3);

/// Digital silence follows the voice within this time: a pitch period of a deep voice, or a resampler's ringing.
const EDGE: Samples = Samples::from_ms(12);

/// The peaks before a hole, relative to the median level of speech: a voice's peaks amid a word are above this, what is
/// left at a word's end, where gates close, is below.
const LOUD_DB: f32 = -6.0;

/// It is at least this loud, so that its end is a fall by 40 dB, whatever the level of the speech: in a quiet recording a
/// word reaches digital silence by dying away.
const LEAST_LOUD: u16 = 100;

/// What ends a hole: a tenth of that, over all ringing and dither.
const AUDIBLE: u16 = 10;

/// Speech shortly before and after a hole.
const NEAR: Samples = Samples::from_ms(100);

/// Trouble begins with this many holes in a minute of speech, of the last 60 s; fewer are hardly noticed …
const BEGIN_RATE: u64 = 4;

/// … and at least this many, however short the speech.
const MIN_HOLES: u64 = 3;

/// It ends below this many in a minute of speech.
const END_RATE: u64 = 1;

/// Speech before a rate is worth telling.
pub(super) const MIN_SPEECH_FOR_RATE: Samples = Samples::from_secs(15);

const MINUTE: Samples = Samples::from_secs(60);

/// Watches the far end.
#[derive(Clone, Default)]
pub(super) struct ChoppyDetector {
    /// Samples of digital silence in a row.
    silent: u64,
    last_loud: Option<SampleTime>,
    last_speech: Option<SampleTime>,
    /// Where the hole began that goes on.
    hole: Option<SampleTime>,
    /// Holes that are over, and when the newest was: speech is to follow.
    unconfirmed: Option<(u32, SampleTime)>,
    holes: u32,
    recent_holes: LastMinute,
    recent_speech: LastMinute,
    since: Option<SampleTime>,
}

impl ChoppyDetector {
    /// Takes the far end's part of the next block; `level` is the recent level of its speech in dBFS.
    pub(super) fn push(&mut self, watched: &HealthInput<'_>, level: Option<f32>) {
        let now = watched.start + BLOCK_DURATION;
        let speech = watched.speech.them && !watched.lost.them;
        if watched.lost.them {
            (self.silent, self.hole, self.unconfirmed) = (0, None, None);
            (self.last_loud, self.last_speech) = (None, None);
        } else {
            if speech {
                self.last_speech = Some(now);
            }
            if let Some(level) = level {
                self.find_holes(watched, level);
            }
            self.confirm_holes(now, speech);
        }
        self.recent_holes.add(now, 0);
        self.recent_speech.add_length(now, if speech { BLOCK_DURATION } else { Samples::ZERO });
        self.update(now);
    }

    /// Since when the far end has been choppy, if it is.
    pub(super) fn since(&self) -> Option<SampleTime> {
        self.since
    }

    /// Holes of the whole call.
    pub(super) fn holes(&self) -> u32 {
        self.holes
    }

    fn find_holes(&mut self, watched: &HealthInput<'_>, level: f32) {
        let loud = ((32_768.0 * 10.0_f32.powf((level + LOUD_DB) / 20.0)) as u16).max(LEAST_LOUD);
        let audible = loud / AUDIBLE;
        for (i, sample) in watched.pcm.them.iter().enumerate() {
            let (at, peak) = (watched.start + Samples::new(i as u64), sample.unsigned_abs());
            self.silent = if peak <= SILENT { self.silent + 1 } else { 0 };
            if self.silent == CORE.count() && self.hole.is_none() {
                self.hole =
                    self.last_loud.filter(|loud| at.saturating_sub(CORE) - *loud <= EDGE && self.spoke_before(*loud));
            }
            if peak >= audible
                && let Some(from) = self.hole.take()
                && (SHORTEST.saturating_sub(HIDDEN)..LONGEST).contains(&(at - from))
            {
                let earlier = self.unconfirmed.map_or(0, |(holes, _)| holes);
                self.unconfirmed = Some((earlier + 1, at));
            }
            if peak >= loud {
                self.last_loud = Some(at);
            }
        }
    }

    fn spoke_before(&self, at: SampleTime) -> bool {
        self.last_speech.is_some_and(|end| at - end <= NEAR)
    }

    /// Counts holes once speech has followed, and forgets those that none did.
    fn confirm_holes(&mut self, now: SampleTime, speech: bool) {
        if self.hole.is_some_and(|from| now - from >= LONGEST) {
            self.hole = None;
        }
        let Some((holes, end)) = self.unconfirmed else { return };
        if speech && end < now {
            self.holes += holes;
            self.recent_holes.add(now, u64::from(holes));
            self.unconfirmed = None;
        } else if now - end > NEAR {
            self.unconfirmed = None;
        }
    }

    fn update(&mut self, now: SampleTime) {
        let holes = self.recent_holes.count();
        let at_rate = |rate: u64| holes * MINUTE.count() >= rate * self.recent_speech.length().count();
        if holes >= MIN_HOLES && at_rate(BEGIN_RATE) {
            self.since.get_or_insert(now);
        } else if holes == 0 || !at_rate(END_RATE) {
            self.since = None;
        }
    }
}
