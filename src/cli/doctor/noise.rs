//! How noisy the room is.

use crate::audio::{Pcm, level_dbfs};
use crate::capture::CaptureSetup;
use crate::source::live::{LiveSource, StopFlag};
use crate::source::{Source as _, SourceError};

/// How many blocks are listened to: three seconds. Somebody may speak in them, but hardly without a pause.
const MEASURED_BLOCKS: usize = 300;

/// One block in so many is as quiet as the noise or quieter, even if somebody speaks.
const QUIETEST: usize = 10;

/// Noise from here on is a fan, a street, music: the quietest rooms with built-in microphones stay 10 dB below (ours).
const NOISY_DBFS: f32 = -50.0;

/// What the microphone heard of the room.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RoomNoise {
    /// The level of the noise.
    noise_dbfs: f32,
}

impl RoomNoise {
    /// Hears the room through the microphone of these devices, for some seconds; `None` if nothing came.
    ///
    /// # Errors
    /// When the devices cannot be opened.
    pub(super) fn measure(devices: CaptureSetup) -> Result<Option<Self>, SourceError> {
        let mut source = LiveSource::open(devices, StopFlag::new())?;
        let mut heard = Vec::new();
        for _ in 0..MEASURED_BLOCKS {
            let Some(block) = source.next()? else { break };
            if !block.lost.me {
                heard.push(block.pcm.me);
            }
        }
        Ok(Self::from_blocks(&heard))
    }

    /// What these blocks say; `None` without any.
    fn from_blocks(heard: &[Pcm]) -> Option<Self> {
        let mut levels: Vec<f32> = heard.iter().map(level_dbfs).collect();
        levels.sort_by(f32::total_cmp);
        let noise_dbfs = *levels.get(levels.len() / QUIETEST)?;
        Some(Self { noise_dbfs })
    }

    /// How it is, in a few words.
    pub(super) fn found(&self) -> String {
        format!("noise at {:.0} dBFS", self.noise_dbfs)
    }

    /// What to do if it is noisy.
    pub(super) fn advice(&self) -> Option<String> {
        let noisy = self.noise_dbfs > NOISY_DBFS;
        noisy.then(|| {
            format!("the room is noisy ({}). Find a quieter one, or a microphone nearer to your mouth", self.found())
        })
    }
}

#[cfg(test)]
mod tests;
