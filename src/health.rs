//! What is wrong with the sound of a call, while it runs: a pure function of the blocks.
//!
//! Owns the definitions of trouble, when each begins and ends, and ([`confidence`]) which figures it makes doubtful.
//! Leaves lost audio to the source, which alone knows of it, the leak to [`crate::echo`], and all words to the page.

mod alike;
mod choppy;
mod clipping;
pub mod confidence;
mod level;
mod recent;
mod silent;

use crate::audio::{Pcm, PerTrack, STEP, Track};
use crate::time::{SampleTime, Samples, Span};

use alike::Alike;
use choppy::Choppy;
use clipping::Clipping;
use level::Levels;
use silent::Silent;

/// 10 ms of what is to be watched.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
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
}

/// What can be wrong with the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// A track holds digital silence, though the call goes on.
    Dead(Track),
    /// Nothing comes from the far end and nobody speaks: the call may be over.
    CallOver,
}

/// What became certain of the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sound {
    /// The median level of its speech, in dB relative to full scale; `None` before any.
    pub level_dbfs: Option<f32>,
    /// The median level while neither speaks; −96 is digital silence. `None` before any.
    pub noise_dbfs: Option<f32>,
    /// Speech, counted in blocks.
    pub speech: Samples,
    /// Blocks with clipped samples, speech or not; `None` where nobody counted them.
    pub clipped: Option<Samples>,
}

/// The call's sound by now; by default, that nothing was measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Each track's figures.
    pub sound: PerTrack<Sound>,
    /// Holes in the far end's speech.
    pub holes: u32,
    /// How long each trouble has stood, in the order of their first beginnings.
    pub stood: Vec<(Trouble, Samples)>,
}

impl Report {
    /// Holes in a minute of the far end's speech; `None` before it spoke for as long as a rate needs.
    pub fn holes_per_minute(&self) -> Option<f64> {
        let speech = self.sound.them.speech;
        let minutes = speech.ratio_of(Samples::from_secs(60)).filter(|_| speech >= choppy::RATED)?;
        Some(f64::from(self.holes) / minutes)
    }

    /// How long a trouble has stood, all its times together.
    pub fn stood(&self, trouble: Trouble) -> Samples {
        self.stood.iter().filter(|(which, _)| *which == trouble).map(|(_, length)| *length).sum()
    }
}

/// Watches the sound of a call, block by block.
#[derive(Clone, Default)]
pub struct Health {
    now: SampleTime,
    choppy: Choppy,
    clipping: PerTrack<Clipping>,
    levels: PerTrack<Levels>,
    alike: Alike,
    silent: Silent,
    /// In the order of their beginnings.
    standing: Vec<(Trouble, SampleTime)>,
    /// What is over, by trouble.
    over: Vec<(Trouble, Samples)>,
}

impl Health {
    /// Hears the next 10 ms; appends what became certain.
    pub fn hear(&mut self, watched: &Watched<'_>, out: &mut Vec<HealthEvent>) {
        self.now = watched.start + STEP;
        for track in Track::BOTH {
            self.levels[track].hear(watched, track);
            if !watched.lost[track] {
                self.clipping[track].hear(watched.start, watched.pcm[track], watched.speech[track]);
            }
        }
        self.choppy.hear(watched, self.levels.them.recent_dbfs());
        self.alike.hear(watched);
        self.silent.hear(watched);
        self.tell(Trouble::Choppy, self.choppy.since(), out);
        self.tell(Trouble::SameSound, self.alike.since(), out);
        self.tell(Trouble::CallOver, self.silent.over_since(), out);
        for track in Track::BOTH {
            self.tell(Trouble::Clipping(track), self.clipping[track].since(), out);
            self.tell(Trouble::Quiet(track), self.levels[track].quiet_since(), out);
            self.tell(Trouble::Noisy(track), self.levels[track].noisy_since(), out);
            self.tell(Trouble::Dead(track), self.silent.dead_since(track), out);
        }
    }

    /// The call is over: so is all that stands.
    pub fn finish(&mut self, out: &mut Vec<HealthEvent>) {
        while let Some((trouble, _)) = self.standing.first() {
            self.tell(*trouble, None, out);
        }
    }

    /// What is wrong now, in the order of its beginning.
    pub fn standing(&self) -> impl Iterator<Item = Trouble> + '_ {
        self.standing.iter().map(|(trouble, _)| *trouble)
    }

    /// The call's sound by now; the same after [`Health::finish`].
    pub fn report(&self) -> Report {
        let mut stood = self.over.clone();
        self.standing.iter().for_each(|(trouble, at)| add(&mut stood, *trouble, self.now - *at));
        let sound =
            |track: Track| Sound { clipped: Some(self.clipping[track].clipped()), ..self.levels[track].sound() };
        Report { sound: PerTrack::from_fn(sound), holes: self.choppy.holes(), stood }
    }

    /// Brings one trouble up to date: since when it stands, if it does.
    fn tell(&mut self, trouble: Trouble, since: Option<SampleTime>, out: &mut Vec<HealthEvent>) {
        let place = self.standing.iter().position(|(which, _)| *which == trouble);
        match (place, since) {
            (None, Some(at)) => {
                self.standing.push((trouble, at));
                out.push(HealthEvent::Began { trouble, at });
            }
            (Some(place), None) => {
                let (_, at) = self.standing.remove(place);
                add(&mut self.over, trouble, self.now - at);
                out.push(HealthEvent::Ended { trouble, span: Span::new(at, self.now) });
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
