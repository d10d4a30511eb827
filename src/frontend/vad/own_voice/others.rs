//! Who speaks into a microphone: its owner, or somebody further away?

use std::ops::Range;

use crate::audio::BLOCK_DURATION;
use crate::time::Samples;

use super::gain::{PauseNoise, Sound};
use super::hindsight::{PastBlocks, VoiceLevels};

/// A block is loud if it is no further under the own voice's peaks. The softest backchannels of labelled calls are 6 dB
/// under the voice. A voice across the room is 12 dB and more under it; as it is smeared by the room, its peaks are 9.
const SOFT_DB: f32 = 8.0;

/// Once the others' level is known, loud begins half-way between both, but no nearer to the own voice than this.
const MIN_SOFT_DB: f32 = 6.0;

/// Two loud blocks within this time are a voice: a single one is a click.
pub(super) const PAIR_WITHIN: Samples = Samples::from_ms(100);

/// Speech this long after such a pair is no longer the own voice's.
const PAIR_HOLDS: Samples = Samples::from_ms(300);

/// A stretch of soft speech counts from this length, through a gain that is known to be steady from a shorter one, and again
/// each time it has gone on for the last.
const SOFT_STRETCH: Samples = Samples::from_ms(300);
const STEADY_SOFT_STRETCH: Samples = Samples::from_ms(240);
const SOFT_AGAIN: Samples = Samples::from_ms(700);

/// Soft speech within this time of the own voice is no evidence of somebody else: a voice trails off, and goes on more softly
/// after a breath.
pub(super) const OWN_GOES_ON: Samples = Samples::from_secs(1);

/// After this many soft stretches there is somebody else in the room. Before, a soft voice is given the benefit of the
/// doubt: most rooms hold one person.
const STRETCHES_OF_OTHERS: u32 = 3;

/// Unless the gain is known to be steady, whether a soft stretch was somebody else's is judged by the noise behind it: after a
/// pause of this length, or this long after the stretch if no pause comes.
const JUDGED_IN_PAUSE: Samples = Samples::from_ms(200);
const JUDGED_WITHOUT_PAUSE: Samples = Samples::from_secs(2);

/// Who was not heard for this long is gone, and one who was not known yet was nobody.
const GONE_AFTER: Samples = Samples::from_secs(120);
const NOBODY_AFTER: Samples = Samples::from_secs(60);

/// … and by the noise before it: soft speech tells of nobody unless the noise was heard so shortly before it began, and not
/// before the own voice last spoke; through a gain that is known to be steady, what does not go on from the own voice tells
/// all the same. What goes on from loud to soft without a pause is one voice through a gain that sinks.
const NOISE_BEFORE: Samples = Samples::from_ms(500);

/// The noise itself is heard in a block no further over it.
const AT_NOISE_DB: f32 = 6.0;

/// Noise that has fallen by more than this says that the gain has.
const GAIN_FELL_DB: f32 = 3.0;

/// It was heard often enough to be known after this much of it.
const OWN_VOICE_KNOWN: Samples = Samples::from_secs(3);

/// The own voice's level is an upper one of the peaks of stretches of this length, so that somebody else, who is softer, does
/// not draw it down: it follows a louder one by a part of the way, and of at most this much, and a softer one slowly.
const PEAK_OVER: Samples = Samples::from_ms(300);
const PEAK_RISES: f32 = 0.5;
const MAX_PEAK_RISE_DB: f32 = 2.0;
const PEAK_FALLS_DB: f32 = 0.25;

/// How far the others' level follows the peak of a stretch.
const PEAK_FOLLOWS: f32 = 0.25;

/// A voice this far over the own one is the own one if it lasts: until then only somebody else was heard. A shout is
/// shorter, or its level is forgotten.
const NEARER_DB: f32 = 6.0;
const NEARER_LASTS: Samples = Samples::from_ms(300);
const NEARER_WITHIN: Samples = Samples::from_secs(2);
const PEAK_OVER_MEAN_DB: f32 = 2.0;

/// How fast a level at which nobody speaks any more is forgotten while somebody speaks softer, in dB a block: slowly once
/// it is known well.
const FORGETS_DB: f32 = 0.003;
const FORGETS_AT_FIRST_DB: f32 = 0.03;

/// A gain that falls takes the noise down with the voice. By what the noise has fallen beyond this, a softer voice is
/// still loud, up to the own voice's level and no further: noise may fall by itself, as a fan stops.
const NOISE_STEADY_DB: f32 = 2.0;
const MAX_GAIN_FALL_DB: f32 = 30.0;
const NOISE_FOLLOWS_UP: f32 = 0.05;
const NOISE_FOLLOWS_DOWN: f32 = 0.002;

/// The noise is known after pauses of this length in all: a call may begin amid a word.
const NOISE_KNOWN: Samples = Samples::from_ms(500);

/// Who speaks into a microphone: its owner, or somebody further away?
#[derive(Default)]
pub(super) struct OtherVoices {
    own: Option<OwnVoice>,
    /// The levels of the last two blocks in dBFS, the older first.
    before: [f32; 2],
    since_loud: Option<Samples>,
    since_pair: Option<Samples>,
    nearer: Stretch,
    since_nearer: Samples,
    soft: Stretch,
    /// Whether the soft stretch may be somebody else's, as the noise was heard before it, or the gain is steady.
    soft_tells: bool,
    /// The least noise since the soft stretch began, or the first of those that are unjudged.
    soft_noise_dbfs: f32,
    /// How long ago the noise itself was heard, if it was since the own voice last spoke.
    since_noise: Option<Samples>,
    unjudged: Option<UnjudgedStretches>,
    /// Whether the gain is steady: then what is soft was soft before it.
    pauses: PauseNoise,
    pause: Samples,
    /// The length of all pauses, up to [`NOISE_KNOWN`].
    paused: Samples,
    /// Soft stretches that were somebody else's, and how long ago the last one was.
    soft_stretches: u32,
    since_others: Samples,
    /// The others' level, once it is known.
    others_dbfs: Option<f32>,
    /// What was taken for the own voice.
    past: PastBlocks,
    /// Of it, what was somebody else's and has not been asked for.
    past_others: Vec<Range<u64>>,
}

/// Soft stretches of which it is not known yet whether they were somebody else's or the gain had fallen.
struct UnjudgedStretches {
    count: u32,
    peak_dbfs: f32,
    since: Samples,
}

struct OwnVoice {
    /// The level of its peaks.
    dbfs: f32,
    /// The noise beside it, once it was heard.
    noise_dbfs: Option<f32>,
    heard: Samples,
    stretch: Stretch,
}

/// A stretch of speech, and its loudest 30 ms.
#[derive(Default)]
struct Stretch {
    length: Samples,
    peak_dbfs: Option<f32>,
    sum_db: f32,
}

impl Stretch {
    fn push(&mut self, dbfs: f32) {
        self.length += BLOCK_DURATION;
        self.sum_db += dbfs;
        self.peak_dbfs = Some(self.peak_dbfs.map_or(dbfs, |peak| peak.max(dbfs)));
    }

    fn mean_db(&self) -> f32 {
        self.sum_db * BLOCK_DURATION.count() as f32 / self.length.count().max(1) as f32
    }
}

impl OtherVoices {
    /// Whether a block of speech at this level, over noise at that one, is the own voice's.
    pub(super) fn decide(&mut self, speech: bool, dbfs: f32, noise_dbfs: f32) -> bool {
        let was_in_company = self.in_company();
        let own_dbfs = self.decide_own(speech, dbfs, noise_dbfs);
        self.past.push(own_dbfs);
        if !was_in_company
            && self.in_company()
            && let Some(levels) = self.levels()
        {
            self.past_others.extend(self.past.judge_again(levels));
        }
        own_dbfs.is_some()
    }

    /// What was taken for the own voice before others were known to be there, and was theirs, unless it was asked for before:
    /// the numbers of the blocks, from the track's first one on.
    pub(super) fn take_past_others(&mut self) -> Vec<Range<u64>> {
        std::mem::take(&mut self.past_others)
    }

    /// The level by which a block is the own voice's, if it is.
    fn decide_own(&mut self, speech: bool, dbfs: f32, noise_dbfs: f32) -> Option<f32> {
        self.advance();
        self.since_nearer += BLOCK_DURATION;
        let [first, second] = self.before;
        self.before = [second, dbfs];
        self.pause = if speech { Samples::ZERO } else { self.pause + BLOCK_DURATION };
        if self.soft.length == Samples::ZERO && self.unjudged.is_none() {
            self.soft_noise_dbfs = noise_dbfs;
        }
        self.soft_noise_dbfs = self.soft_noise_dbfs.min(noise_dbfs);
        if dbfs <= noise_dbfs + AT_NOISE_DB {
            self.since_noise = Some(Samples::ZERO);
        }
        self.judge_stretches();
        if !speech {
            self.pauses.push(Sound::Pause(dbfs));
            self.soft = Stretch::default();
            self.paused = (self.paused + BLOCK_DURATION).min(NOISE_KNOWN);
            return None;
        }
        let own_dbfs = self.own.get_or_insert_with(|| OwnVoice::at(dbfs)).dbfs;
        let fallen = self.gain_fall_db(noise_dbfs);
        let before_the_fall = |dbfs: f32| (dbfs - fallen).min(dbfs.max(own_dbfs));
        let peak = before_the_fall((first + second + dbfs) / 3.0);
        self.look_for_nearer(peak);
        let steady_dbfs = before_the_fall(dbfs);
        if self.is_own(steady_dbfs) {
            self.soft = Stretch::default();
            let as_ever = dbfs >= own_dbfs - SOFT_DB;
            self.pauses.push(if as_ever { Sound::Voice } else { Sound::Other });
            if let Some(own) = &mut self.own {
                own.push(peak, (self.paused >= NOISE_KNOWN).then_some(noise_dbfs));
            }
            return Some(steady_dbfs);
        }
        self.pauses.push(Sound::Other);
        self.push_soft(peak);
        (!self.in_company()).then_some(steady_dbfs)
    }

    /// Whether a block of speech out of which a copy of the far end was taken, and which has this level since, is the own
    /// voice's. Nothing is learned from it: some of a voice goes with the copy, and some of the copy stays.
    pub(super) fn decide_beside_copy(&mut self, speech: bool, dbfs: f32) -> bool {
        self.advance();
        self.pauses.push(Sound::Other);
        let own = speech && (!self.in_company() || self.is_own(dbfs));
        self.past.push(own.then_some(dbfs));
        own
    }

    /// What separates the own voice from others, once both are known.
    fn levels(&self) -> Option<VoiceLevels> {
        let (own, others_dbfs) = (self.own.as_ref()?, self.others_dbfs?);
        Some(VoiceLevels { loud_dbfs: own.dbfs - self.soft_db(own), others_dbfs })
    }

    /// How far under the own voice's peaks a block is loud.
    fn soft_db(&self, own: &OwnVoice) -> f32 {
        let half_way = |others: f32| ((own.dbfs - others) / 2.0).clamp(MIN_SOFT_DB, SOFT_DB);
        self.others_dbfs.filter(|_| self.in_company()).map_or(SOFT_DB, half_way)
    }

    fn advance(&mut self) {
        for since in [&mut self.since_loud, &mut self.since_pair, &mut self.since_noise].into_iter().flatten() {
            *since += BLOCK_DURATION;
        }
    }

    /// By how much the gain has fallen, as the noise tells: 0 or less.
    fn gain_fall_db(&self, noise_dbfs: f32) -> f32 {
        let fall_db = self.noise_fall_db(noise_dbfs).unwrap_or(0.0);
        (fall_db + NOISE_STEADY_DB).clamp(-MAX_GAIN_FALL_DB, 0.0)
    }

    /// How far this noise is from the usual one beside the own voice, once that was heard; `None` too through a gain that is
    /// known to be steady: where loudspeakers leak, the noise seems to fall whenever it is heard well.
    fn noise_fall_db(&self, noise_dbfs: f32) -> Option<f32> {
        let usual = self.own.as_ref()?.noise_dbfs?;
        (!self.pauses.are_steady()).then_some(noise_dbfs - usual)
    }

    /// Whether others are known to speak here, and the own voice is.
    pub(super) fn in_company(&self) -> bool {
        let known = self.own.as_ref().is_some_and(|own| own.heard >= OWN_VOICE_KNOWN);
        known && self.soft_stretches >= STRETCHES_OF_OTHERS
    }

    fn look_for_nearer(&mut self, peak: f32) {
        let company = self.in_company();
        let Some(own) = self.own.as_ref().filter(|own| peak > own.dbfs + NEARER_DB) else { return };
        if self.since_nearer > NEARER_WITHIN {
            self.nearer = Stretch::default();
        }
        self.since_nearer = Samples::ZERO;
        self.nearer.push(peak);
        if self.nearer.length >= NEARER_LASTS {
            let noise_dbfs = own.noise_dbfs;
            let nearer = OwnVoice { noise_dbfs, ..OwnVoice::at(self.nearer.mean_db() + PEAK_OVER_MEAN_DB) };
            self.own = Some(nearer);
            self.nearer = Stretch::default();
            self.past.mark_nearer();
            if !company {
                (self.soft_stretches, self.others_dbfs) = (0, None);
            }
        }
    }

    /// Whether speech of this level is the own voice's, or follows on it.
    fn is_own(&mut self, dbfs: f32) -> bool {
        let Some(own) = &self.own else { return true };
        if dbfs >= own.dbfs - self.soft_db(own) {
            if self.since_loud.is_some_and(|since| since < PAIR_WITHIN) {
                (self.since_pair, self.since_noise) = (Some(Samples::ZERO), None);
            }
            self.since_loud = Some(Samples::ZERO);
        }
        self.since_pair.is_some_and(|since| since < PAIR_HOLDS)
    }

    fn push_soft(&mut self, peak: f32) {
        let company = self.in_company();
        if let Some(own) = &mut self.own {
            let well_known = company || own.heard >= OWN_VOICE_KNOWN;
            own.dbfs -= if well_known { FORGETS_DB } else { FORGETS_AT_FIRST_DB };
        }
        let steady = self.pauses.are_steady();
        if self.soft.length == Samples::ZERO {
            let alone = self.since_pair.is_none_or(|since| since >= OWN_GOES_ON);
            self.soft_tells = (steady && alone) || self.since_noise.is_some_and(|since| since <= NOISE_BEFORE);
        }
        self.soft.push(peak);
        let counts_from = if steady { STEADY_SOFT_STRETCH } else { SOFT_STRETCH };
        let over = self.soft.length.saturating_sub(counts_from);
        let alone = self.soft_tells && self.since_pair.is_none_or(|since| since >= OWN_GOES_ON);
        if alone && self.soft.length >= counts_from && over.count().is_multiple_of(SOFT_AGAIN.count()) {
            let peak_dbfs = self.soft.peak_dbfs.take().unwrap_or(peak);
            // With a single loud block in it, it is rather the own voice, which is soft for once.
            if self.own.as_ref().is_none_or(|own| peak_dbfs <= own.dbfs - SOFT_DB) {
                let before = self.unjudged.take();
                let (count, since) = before.as_ref().map_or((0, Samples::ZERO), |before| (before.count, before.since));
                let peak_dbfs = before.map_or(peak_dbfs, |before| before.peak_dbfs.max(peak_dbfs));
                self.unjudged = Some(UnjudgedStretches { count: count + 1, peak_dbfs, since });
            }
        }
    }

    /// Soft stretches are somebody else's unless the noise has fallen with the voice.
    fn judge_stretches(&mut self) {
        self.since_others += BLOCK_DURATION;
        let forgotten_after = if self.soft_stretches < STRETCHES_OF_OTHERS { NOBODY_AFTER } else { GONE_AFTER };
        if self.since_others >= forgotten_after {
            (self.soft_stretches, self.others_dbfs) = (0, None);
        }
        let Some(unjudged) = &mut self.unjudged else { return };
        unjudged.since += BLOCK_DURATION;
        if self.pause < JUDGED_IN_PAUSE && unjudged.since < JUDGED_WITHOUT_PAUSE {
            return;
        }
        let Some(UnjudgedStretches { count, peak_dbfs, .. }) = self.unjudged.take() else { return };
        if self.noise_fall_db(self.soft_noise_dbfs).is_some_and(|fall_db| fall_db < -GAIN_FELL_DB) {
            return;
        }
        self.soft_stretches = self.soft_stretches.saturating_add(count);
        self.since_others = Samples::ZERO;
        let others = self.others_dbfs.get_or_insert(peak_dbfs);
        *others += (peak_dbfs - *others) * PEAK_FOLLOWS;
    }
}

impl OwnVoice {
    /// A voice that was only heard at this level.
    fn at(dbfs: f32) -> Self {
        Self { dbfs, noise_dbfs: None, heard: Samples::ZERO, stretch: Stretch::default() }
    }

    fn push(&mut self, peak: f32, noise_dbfs: Option<f32>) {
        if let Some(noise_dbfs) = noise_dbfs {
            let usual = self.noise_dbfs.get_or_insert(noise_dbfs);
            *usual += (noise_dbfs - *usual) * if noise_dbfs > *usual { NOISE_FOLLOWS_UP } else { NOISE_FOLLOWS_DOWN };
        }
        self.heard += BLOCK_DURATION;
        self.stretch.push(peak);
        if self.stretch.length >= PEAK_OVER {
            let peak = std::mem::take(&mut self.stretch).peak_dbfs.unwrap_or(self.dbfs);
            self.dbfs += match peak > self.dbfs {
                true => (peak - self.dbfs).min(MAX_PEAK_RISE_DB) * PEAK_RISES,
                false => -PEAK_FALLS_DB,
            };
        }
    }
}
