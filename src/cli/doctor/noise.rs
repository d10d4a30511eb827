//! How noisy the room is: whether another detector than the default one would do better in it.

use std::collections::VecDeque;

use crate::audio::{Pcm, level_dbfs};
use crate::capture::CaptureSetup;
use crate::frontend::vad::{Detector, SileroModel, SpeechGate};
use crate::source::live::{LiveSource, StopFlag};
use crate::source::{Source as _, SourceError};

/// How many blocks are listened to: three seconds. Somebody may speak in them, but hardly without a pause.
const MEASURED_BLOCKS: usize = 300;

/// One block in this many is as quiet as the noise or quieter, even if somebody speaks.
const QUIETEST: usize = 10;

/// Noise from here on is a fan, a street, music: the quietest rooms with built-in microphones stay 10 dB below (ours).
const NOISY_DBFS: f32 = -50.0;

/// If the default detector takes more than this part of the time for speech while Silero's does not, there are bursts
/// of noise. At the edges of words the two differ too: up to 0.14 of three seconds of a microphone in labelled calls
/// (ours).
const MISHEARD: f64 = 0.25;

/// What the microphone picked up of the room.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RoomNoise {
    /// The level of the noise, in dB relative to full scale.
    noise_dbfs: f32,
    /// The part of the time, 0 to 1, in which the default detector alone found speech; `None` if there is no other one.
    misheard: Option<f64>,
}

impl RoomNoise {
    /// Listens to the room through the microphone of these devices, for some seconds; `None` if no sound came.
    ///
    /// # Errors
    /// When the devices cannot be opened.
    pub(super) fn measure(devices: CaptureSetup, network: Option<SileroModel>) -> Result<Option<Self>, SourceError> {
        let mut source = LiveSource::open(devices, StopFlag::new())?;
        let mut heard = Vec::new();
        for _ in 0..MEASURED_BLOCKS {
            let Some(block) = source.next()? else { break };
            if !block.lost.me {
                heard.push(block.pcm.me);
            }
        }
        Ok(Self::from_blocks(&heard, network))
    }

    /// The noise in these blocks; `None` if there are none.
    fn from_blocks(heard: &[Pcm], network: Option<SileroModel>) -> Option<Self> {
        let mut levels: Vec<f32> = heard.iter().map(level_dbfs).collect();
        levels.sort_by(f32::total_cmp);
        let noise_dbfs = *levels.get(levels.len() / QUIETEST)?;
        let misheard = network.map(|network| {
            disagreement(detect_speech(heard, &Detector::default()), detect_speech(heard, &Detector::Silero(network)))
        });
        Some(Self { noise_dbfs, misheard })
    }

    /// How noisy it is, in a few words.
    pub(super) fn found(&self) -> String {
        format!("noise at {:.0} dBFS", self.noise_dbfs)
    }

    /// What to do about it; `None` if the room is quiet enough.
    pub(super) fn advice(&self, silero_is_here: bool) -> Option<String> {
        let why = if self.noise_dbfs > NOISY_DBFS {
            self.found()
        } else {
            let misheard = self.misheard.filter(|&part| part > MISHEARD)?;
            format!("noise passed for speech {:.0} % of the time", 100.0 * misheard)
        };
        let first = if silero_is_here { "" } else { "fetch its network with `keicho models fetch silero`, and " };
        Some(format!("the room is noisy ({why}). Find a quieter one, or {first}give --vad silero to the call"))
    }
}

/// Which blocks a detector takes for speech. On the last few it has not decided yet.
fn detect_speech(heard: &[Pcm], detector: &Detector) -> VecDeque<bool> {
    let (mut gate, mut judged) = (SpeechGate::new(detector.build()), VecDeque::new());
    heard.iter().for_each(|pcm| gate.push(pcm, false, &mut judged));
    judged
}

/// The part of the blocks, 0 to 1, that one detector calls speech and the other does not.
fn disagreement(one: VecDeque<bool>, other: VecDeque<bool>) -> f64 {
    let both: Vec<_> = one.into_iter().zip(other).collect();
    both.iter().filter(|pair| **pair == (true, false)).count() as f64 / both.len().max(1) as f64
}

#[cfg(test)]
mod tests;
