//! What is wrong with the sound of a call, while it runs: a pure function of the blocks.
//!
//! Owns the definitions of trouble, when each begins and ends, and ([`confidence`]) which figures it makes doubtful.
//! Leaves lost audio to the source, which alone knows of it, the leak to [`crate::frontend::echo`], and all words to
//! the page.

mod choppy;
mod clipping;
pub mod confidence;
mod digital_silence;
mod level;
mod no_voice;
mod recent;
mod same_sound;

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::audio::{BLOCK_DURATION, Pcm, PerTrack, Track};
use crate::time::{SampleTime, Samples, Span};

use choppy::ChoppyDetector;
use clipping::ClippingDetector;
use digital_silence::DigitalSilenceDetector;
use level::LevelMonitor;
use no_voice::NoVoiceDetector;
use same_sound::SameSoundDetector;

/// 10 ms of what is to be watched.
#[derive(Clone, Copy, Debug)]
pub struct HealthInput<'a> {
    /// When its first sample was; each block follows the one before.
    pub start: SampleTime,
    /// The sound of each track, the microphone's as it was before echo cancelling.
    pub pcm: PerTrack<&'a Pcm>,
    /// Whether each track speaks; a leak is no speech of the microphone.
    pub speech: PerTrack<bool>,
    /// Whether a track's sound is filling for audio that was lost.
    pub lost: PerTrack<bool>,
    /// Whether the far end is known to be in the microphone.
    pub leaking: bool,
    /// Whether my own voice is known to be on the far end's track.
    pub returning: bool,
    /// Whether somebody else is known to speak near me.
    pub in_company: bool,
}

/// What can be wrong with the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Trouble {
    /// The far end's speech has holes: their connection.
    Choppy,
    /// A track is louder than it can be written down.
    Clipping(Track),
    /// A track's speech is too quiet to be judged.
    Quiet(Track),
    /// A track's speech hardly stands out of its noise.
    Noisy(Track),
    /// Both tracks hold the same sound: one of the devices is not the right one.
    SameSound,
    /// My own voice comes back on the far end's line: they sit at open speakers.
    VoiceReturns,
    /// My microphone holds noise only while the far end talks: nobody hears me.
    NoVoice,
    /// Somebody else is heard near me.
    OtherVoices,
    /// A track holds digital silence, though the call goes on.
    Dead(Track),
    /// Nothing comes from the far end and nobody speaks: the call may be over.
    CallOver,
}

impl Trouble {
    /// The tracks that have to be heard to know that it stands.
    pub(crate) fn tracks(self) -> &'static [Track] {
        match self {
            Self::Clipping(Track::Me) | Self::Quiet(Track::Me) | Self::Noisy(Track::Me) | Self::Dead(Track::Me) => {
                &[Track::Me]
            }
            Self::Clipping(Track::Them) | Self::Quiet(Track::Them) | Self::Noisy(Track::Them) => &[Track::Them],
            Self::OtherVoices => &[Track::Me],
            Self::Dead(Track::Them) | Self::Choppy | Self::VoiceReturns | Self::CallOver => &[Track::Them],
            Self::SameSound | Self::NoVoice => &Track::BOTH,
        }
    }
}

/// What became certain of the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthEvent {
    /// Something is wrong.
    Began {
        /// What.
        trouble: Trouble,
        /// Since when: a silence from its own beginning, all else from the moment it was sure.
        at: SampleTime,
    },
    /// It is over, or the call is.
    Ended {
        /// What.
        trouble: Trouble,
        /// From when to when.
        span: Span,
    },
}

/// The sound of one track, in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SoundMeasures {
    /// The median level of its speech, in dB relative to full scale; `None` before any.
    pub level_dbfs: Option<f32>,
    /// The median level while neither speaks; −96 is digital silence. `None` before any.
    pub noise_dbfs: Option<f32>,
    /// Speech, counted in blocks.
    pub speech: Samples,
    /// Blocks with clipped samples, speech or not; `None` if nobody counted them.
    pub clipped: Option<Samples>,
}

/// The call's sound by now; by default, that nothing was measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SoundReport {
    /// Each track's figures.
    pub sound: PerTrack<SoundMeasures>,
    /// Holes in the far end's speech.
    pub holes: u32,
    /// How long each trouble has stood while its sound was heard, in the order of their first beginnings.
    pub stood: Vec<(Trouble, Samples)>,
}

impl SoundReport {
    /// Holes in a minute of the far end's speech; `None` before it spoke for as long as a rate needs.
    pub fn holes_per_minute(&self) -> Option<f64> {
        let speech = self.sound.them.speech;
        let minutes = speech.fraction_of(Samples::from_secs(60)).filter(|_| speech >= choppy::MIN_SPEECH_FOR_RATE)?;
        Some(f64::from(self.holes) / minutes)
    }

    /// How long a trouble has stood, all its times together.
    pub fn trouble_time(&self, trouble: Trouble) -> Samples {
        self.stood.iter().filter(|(which, _)| *which == trouble).map(|(_, length)| *length).sum()
    }

    /// Whether it is not known who talked in a call of which so much was to be heard: see [`Health::hides_who_talked`].
    pub fn hides_who_talked(&self, heard: Samples) -> bool {
        hide_who_talked(heard, |trouble| self.trouble_time(trouble))
    }
}

/// For such a part of a call (ours).
const MOSTLY: f64 = 0.5;

fn hide_who_talked(heard: Samples, stood: impl Fn(Trouble) -> Samples) -> bool {
    let mostly = |trouble| stood(trouble).fraction_of(heard).is_some_and(|part| part >= MOSTLY);
    mostly(Trouble::NoVoice) || mostly(Trouble::SameSound)
}

/// A trouble that goes on.
#[derive(Clone, Copy, Debug)]
struct StandingTrouble {
    trouble: Trouble,
    since: SampleTime,
    /// How long it stood, without the time in which nothing was heard of what it is about: whether it stood then is not known.
    stood: Samples,
}

/// Watches the sound of a call, block by block.
#[derive(Clone, Default)]
pub struct Health {
    now: SampleTime,
    choppy: ChoppyDetector,
    clipping: PerTrack<ClippingDetector>,
    levels: PerTrack<LevelMonitor>,
    same_sound: SameSoundDetector,
    digital_silence: DigitalSilenceDetector,
    no_voice: NoVoiceDetector,
    returns_since: Option<SampleTime>,
    company_since: Option<SampleTime>,
    /// In the order of their beginnings.
    active: Vec<StandingTrouble>,
    /// What is over, by trouble.
    ended: Vec<(Trouble, Samples)>,
}

impl Health {
    /// Takes the next 10 ms; appends to `out` what became certain.
    pub fn push(&mut self, watched: &HealthInput<'_>, out: &mut Vec<HealthEvent>) {
        self.now = watched.start + BLOCK_DURATION;
        for track in Track::BOTH {
            self.levels[track].push(watched, track);
            if !watched.lost[track] {
                self.clipping[track].push(watched.start, watched.pcm[track], watched.speech[track]);
            }
        }
        self.choppy.push(watched, self.levels.them.recent_dbfs());
        self.same_sound.push(watched);
        self.digital_silence.push(watched);
        self.no_voice.push(watched);
        self.returns_since = self.returns_since.or(Some(self.now)).filter(|_| watched.returning);
        self.company_since = self.company_since.or(Some(self.now)).filter(|_| watched.in_company);
        for one in self.active.iter_mut().filter(|one| !one.trouble.tracks().iter().any(|track| watched.lost[*track])) {
            one.stood += BLOCK_DURATION;
        }
        self.update(Trouble::Choppy, self.choppy.since(), out);
        self.update(Trouble::SameSound, self.same_sound.since(), out);
        self.update(Trouble::VoiceReturns, self.returns_since, out);
        self.update(Trouble::NoVoice, self.no_voice.since(), out);
        self.update(Trouble::OtherVoices, self.company_since, out);
        self.update(Trouble::CallOver, self.digital_silence.over_since(), out);
        for track in Track::BOTH {
            self.update(Trouble::Clipping(track), self.clipping[track].since(), out);
            self.update(Trouble::Quiet(track), self.levels[track].quiet_since(), out);
            self.update(Trouble::Noisy(track), self.levels[track].noisy_since(), out);
            self.update(Trouble::Dead(track), self.digital_silence.dead_since(track), out);
        }
    }

    /// The call is over: so is all that stands.
    pub fn finish(&mut self, out: &mut Vec<HealthEvent>) {
        while let Some(one) = self.active.first() {
            self.update(one.trouble, None, out);
        }
    }

    /// Forgets the sound that is still being compared: what comes next does not follow it.
    pub fn forget_sound(&mut self) {
        self.same_sound.forget_sound();
    }

    /// Whether it is not known yet that the tracks hold different sounds.
    pub fn may_be_same_sound(&self) -> bool {
        self.same_sound.may_be()
    }

    /// What is wrong now, in the order of its beginning.
    pub fn active(&self) -> impl Iterator<Item = Trouble> + '_ {
        self.active.iter().map(|one| one.trouble)
    }

    /// Whether a microphone without a voice, or both tracks with one sound, were half and more of the call by now, of which so
    /// much was to be heard: it is not known who talked.
    pub fn hides_who_talked(&self, heard: Samples) -> bool {
        hide_who_talked(heard, |trouble| {
            let ended = self.ended.iter().filter(|(which, _)| *which == trouble).map(|(_, stood)| *stood);
            let active = self.active.iter().filter(|one| one.trouble == trouble).map(|one| one.stood);
            ended.chain(active).sum()
        })
    }

    /// The call's sound by now; the same after [`Health::finish`].
    pub fn report(&self) -> SoundReport {
        let mut stood = self.ended.clone();
        self.active.iter().for_each(|one| add(&mut stood, one.trouble, one.stood));
        let sound = |track: Track| SoundMeasures {
            clipped: Some(self.clipping[track].clipped()),
            ..self.levels[track].measures()
        };
        SoundReport { sound: PerTrack::from_fn(sound), holes: self.choppy.holes(), stood }
    }

    /// Brings one trouble up to date: since when it stands, if it does.
    fn update(&mut self, trouble: Trouble, since: Option<SampleTime>, out: &mut Vec<HealthEvent>) {
        let place = self.active.iter().position(|one| one.trouble == trouble);
        match (place, since) {
            (None, Some(at)) => {
                self.active.push(StandingTrouble { trouble, since: at, stood: self.now - at });
                out.push(HealthEvent::Began { trouble, at });
            }
            (Some(place), None) => {
                let one = self.active.remove(place);
                add(&mut self.ended, trouble, one.stood);
                out.push(HealthEvent::Ended { trouble, span: Span::new(one.since, self.now) });
            }
            (None, None) | (Some(_), Some(_)) => {}
        }
    }
}

fn add(stood: &mut Vec<(Trouble, Samples)>, trouble: Trouble, length: Samples) {
    match stood.iter_mut().find(|(which, _)| *which == trouble) {
        Some((_, sum)) => *sum += length,
        None => stood.push((trouble, length)),
    }
}

#[cfg(test)]
mod tests;
