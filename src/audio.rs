//! The one block type: 10 ms of both tracks at one moment of the call; and what devices these can be taken from.

mod devices;
mod vectorized;

use std::ops::{Index, IndexMut, Not};

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::time::{SampleTime, Samples, Span};

pub use devices::{AvailableDevice, DeviceControl, DeviceWish, OnDevicesChanged, OnMuteChanged, TrackDevices};
pub(crate) use vectorized::vectorized;

/// Samples of one track in a block.
pub const BLOCK_SIZE: usize = 160;

/// The length of a block: 10 ms.
pub const BLOCK_DURATION: Samples = Samples::new(BLOCK_SIZE as u64);

/// 10 ms of one track: 16 kHz, mono, 16 bit.
pub type Pcm = [i16; BLOCK_SIZE];

/// A block's worth of digital silence.
pub const SILENCE: Pcm = [0; BLOCK_SIZE];

/// Whose sound it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Track {
    /// The microphone: the manager.
    Me,
    /// What the computer plays: the far end of the call.
    Them,
}

impl Track {
    /// Both tracks, `Me` first.
    pub const BOTH: [Self; 2] = [Self::Me, Self::Them];
}

impl Not for Track {
    type Output = Self;
    /// The other track.
    fn not(self) -> Self {
        match self {
            Self::Me => Self::Them,
            Self::Them => Self::Me,
        }
    }
}

/// One value for each track.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PerTrack<T> {
    /// The microphone's.
    pub me: T,
    /// The far end's.
    pub them: T,
}

impl<T> PerTrack<T> {
    /// Makes the value of each track by a call.
    pub fn from_fn(mut make: impl FnMut(Track) -> T) -> Self {
        Self { me: make(Track::Me), them: make(Track::Them) }
    }

    /// Turns the value of each track into another.
    pub fn map<U>(self, mut turn: impl FnMut(T) -> U) -> PerTrack<U> {
        PerTrack { me: turn(self.me), them: turn(self.them) }
    }
}

impl<T> Index<Track> for PerTrack<T> {
    type Output = T;
    fn index(&self, track: Track) -> &T {
        match track {
            Track::Me => &self.me,
            Track::Them => &self.them,
        }
    }
}

impl<T> IndexMut<Track> for PerTrack<T> {
    fn index_mut(&mut self, track: Track) -> &mut T {
        match track {
            Track::Me => &mut self.me,
            Track::Them => &mut self.them,
        }
    }
}

/// For `#[serde(with)]`: the pair of both tracks' values, the microphone's first, if the field names no track.
pub(crate) mod as_pair {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::PerTrack;

    pub(crate) fn serialize<T: Serialize, S: Serializer>(of: &PerTrack<T>, to: S) -> Result<S::Ok, S::Error> {
        (&of.me, &of.them).serialize(to)
    }

    pub(crate) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<PerTrack<T>, D::Error> {
        <(T, T)>::deserialize(from).map(|(me, them)| PerTrack { me, them })
    }
}

/// 10 ms of both tracks. Blocks follow each other without a gap: what could not be captured is filled with silence
/// and marked `lost`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// When its first sample was; a multiple of [`BLOCK_DURATION`].
    pub start: SampleTime,
    /// The sound of each track.
    pub pcm: PerTrack<Pcm>,
    /// Whether a track's sound is filling for audio that was lost: "no data", never silence.
    pub lost: PerTrack<bool>,
    /// Who speaks, if the source knows it and has no sound, as a transcript. `None` for all that have sound.
    pub speech: Option<PerTrack<bool>>,
}

impl Block {
    /// The stretch of the call that the block holds.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.start + BLOCK_DURATION)
    }
}

/// The mean level of a block in dB relative to full scale; −96 for digital silence.
pub fn level_dbfs(pcm: &Pcm) -> f32 {
    let sum: i64 = pcm.iter().map(|sample| i64::from(i32::from(*sample).pow(2))).sum();
    let power = sum as f32 / BLOCK_SIZE as f32;
    (10.0 * (power / 32_768.0_f32.powi(2)).log10()).max(-96.0)
}

#[cfg(test)]
mod tests;
