//! What is wrong with a microphone or a line, over the whole call.

use std::f32::consts::TAU;

use keicho::audio::PerTrack;

use super::super::doubles::random::Random;
use super::room::{amplify, convolve, response};
use super::sounds::{add, add_at, ratio};

const RATE: usize = 16_000;

/// One thing that is wrong.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The other person sits at open speakers: the manager's voice comes back on their line.
    Returns {
        /// Its level against the manager's.
        db: f64,
        /// How much later than on the manager's track.
        delay_ms: usize,
    },
    /// A constant offset of the microphone, as a part of full scale.
    Offset(f32),
    /// The microphone is this much too soft, its own noise with it.
    Softer(f64),
    /// An automatic gain that sinks by so many dB and rises again, every 8 s.
    Pumps(f64),
    /// The microphone is muted, and holds the noise of its converter alone.
    Muted,
    /// Both tracks hold what both say.
    Mixed,
}

impl Fault {
    /// Does it to a call.
    pub fn befall(self, sound: &mut PerTrack<Vec<f32>>, mut random: Random) {
        match self {
            Self::Returns { db, delay_ms } => {
                // Through the other's room: its colour, and a tail of 0.3 s.
                let mut heard = convolve(&sound.me, &response(300, random));
                let late = delay_ms * RATE / 1000;
                heard.truncate(sound.me.len() - late);
                add_at(&mut sound.them[late..], &heard, ratio(db));
            }
            Self::Offset(offset) => sound.me.iter_mut().for_each(|sample| *sample += offset),
            Self::Softer(db) => amplify(&mut sound.me, -db),
            Self::Pumps(db) => {
                for (i, sample) in sound.me.iter_mut().enumerate() {
                    let sunk = 0.5 - 0.5 * (TAU * (i % (8 * RATE)) as f32 / (8 * RATE) as f32).cos();
                    *sample *= ratio(-db * f64::from(sunk)) as f32;
                }
            }
            Self::Muted => sound.me.iter_mut().for_each(|sample| *sample = 1e-4 * random.normal()),
            Self::Mixed => {
                add(&mut sound.me, &sound.them);
                sound.them.clone_from(&sound.me);
            }
        }
    }
}
