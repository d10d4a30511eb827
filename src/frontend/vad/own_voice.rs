//! Which of what a network calls speech is the track's own voice.
//!
//! A network that hears soft and far voices finds more than the floor is about: it calls the end of a word speech for
//! some 100 ms too long, it takes a knock for a syllable, and it hears everybody in the room. Levels and periodicity
//! tell these apart.

mod gain;
mod hindsight;
mod onset;
mod others;
mod periodicity;
mod tail;

use std::collections::VecDeque;
use std::ops::Range;

use crate::audio::{BLOCK_SIZE, Pcm, level_dbfs};
use crate::frontend::vad::Crosstalk;
use crate::frontend::voice_band::VoiceBands;
use crate::time::Samples;

use onset::OnsetGate;
use others::OtherVoices;
use periodicity::Periodicity;
use tail::{TailGate, TrackNoise};

/// Of a track's blocks, those in which its own voice is heard.
pub(super) struct OwnVoiceGate {
    band: VoiceBands<1>,
    tail: TailGate,
    others: Option<OtherVoices>,
    /// The noise of the blocks whose level tells one voice from another.
    noise: Option<TrackNoise>,
    onset: OnsetGate,
    periodicity: Periodicity,
    /// The sound from somewhat before the next block to be decided, up to the newest one.
    sound: VecDeque<i16>,
    /// How many blocks were decided or are held back.
    judged: u64,
    /// What was taken for the own voice before others were known to be there, and was theirs, unless it was asked for: the
    /// numbers of the blocks.
    past_others: Vec<Range<u64>>,
    /// Of each block to be decided, the level that tells one voice from another, and what it holds of the other track.
    beside: VecDeque<(Option<f32>, Crosstalk)>,
}

/// The sound before a block that is looked at with it: what lies around the block makes up the rest of the window.
const CONTEXT: usize = (periodicity::WINDOW - BLOCK_SIZE) / 2;

impl OwnVoiceGate {
    /// For a track on which every voice counts.
    pub(super) fn new() -> Self {
        Self {
            band: VoiceBands::default(),
            tail: TailGate::default(),
            others: None,
            noise: None,
            onset: OnsetGate::default(),
            periodicity: Periodicity::new(),
            sound: std::iter::repeat_n(0, CONTEXT).collect(),
            judged: 0,
            past_others: Vec::new(),
            beside: VecDeque::new(),
        }
    }

    /// For a track on which only the nearest voice counts.
    pub(super) fn for_nearest_voice() -> Self {
        Self { others: Some(OtherVoices::default()), ..Self::new() }
    }

    /// Takes in the next block's sound, ahead of what the network says of it, and the level in it that tells one voice from
    /// another, if there is one.
    pub(super) fn push_sound(&mut self, pcm: &Pcm, voice_dbfs: Option<f32>, crosstalk: Crosstalk) {
        self.sound.extend(pcm);
        self.beside.push_back((voice_dbfs, crosstalk));
    }

    /// What the network says of the oldest block that it was not asked about yet; appends what is decided now.
    pub(super) fn decide(&mut self, speech: bool, decisions: &mut VecDeque<bool>) {
        let mut window = [0; periodicity::WINDOW];
        let sound = self.sound.make_contiguous();
        let known = sound.len().min(periodicity::WINDOW);
        window[..known].copy_from_slice(&sound[..known]);
        let mut pcm = [0; BLOCK_SIZE];
        pcm.copy_from_slice(&window[CONTEXT..CONTEXT + BLOCK_SIZE]);
        let dbfs = level_dbfs(&pcm);
        let [band_dbfs] = self.band.levels_dbfs([&pcm.map(|sample| f32::from(sample) / 32_768.0)]);
        let mut speech = self.tail.decide(speech, dbfs, band_dbfs);
        let (voice_dbfs, crosstalk) = self.beside.pop_front().unwrap_or_default();
        if let Some(others) = &mut self.others {
            speech = match voice_dbfs {
                Some(dbfs) => {
                    let noise = self.noise.get_or_insert(TrackNoise::at(dbfs));
                    noise.update(speech, dbfs);
                    others.decide(speech, dbfs, noise.dbfs)
                }
                None => others.decide_beside_copy(speech, dbfs),
            };
            let past_others = others.take_past_others();
            self.withdraw(past_others);
        }
        let speech = speech && crosstalk != Crosstalk::Only;
        self.onset.push(speech, crosstalk != Crosstalk::InDoubt, || self.periodicity.of(&window), decisions);
        self.judged += 1;
        self.sound.drain(..BLOCK_SIZE.min(self.sound.len()));
    }

    /// These blocks were somebody else's: those that are held back are no speech, the others are told.
    fn withdraw(&mut self, others: Vec<Range<u64>>) {
        let decided = self.judged - self.onset.held() as u64;
        let place = |block: u64| usize::try_from(block.saturating_sub(decided)).unwrap_or(usize::MAX);
        for blocks in others {
            self.onset.silence(place(blocks.start)..place(blocks.end));
            let told = blocks.start..blocks.end.min(decided);
            self.past_others.extend((!told.is_empty()).then_some(told));
        }
    }

    /// Whether somebody else is known to speak near the track's own voice.
    pub(super) fn in_company(&self) -> bool {
        self.others.as_ref().is_some_and(OtherVoices::in_company)
    }

    /// What was decided to be the own voice's before others were known to be there, and was theirs, unless it was asked for
    /// before: the numbers of the blocks, from the track's first one on.
    pub(super) fn take_past_others(&mut self) -> Vec<Range<u64>> {
        std::mem::take(&mut self.past_others)
    }

    /// Blocks that the network has judged and that are not decided yet.
    pub(super) fn held(&self) -> usize {
        self.onset.held()
    }

    /// How long a block is held back at the most once the network has judged it.
    pub(super) fn latency(&self) -> Samples {
        onset::MAX_HELD
    }
}

#[cfg(test)]
mod tests;
