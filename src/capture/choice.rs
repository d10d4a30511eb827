//! What the user asked to hear, and which device that is.

use std::convert::Infallible;
use std::str::FromStr;

use super::backend::BackendChoice;
use super::device::Device;
use super::error::CaptureError;
use crate::audio::{PerTrack, Track};

/// Which device a track is to come from: the words after `--me` and `--them`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DeviceChoice {
    /// The system's default, followed if the user changes it.
    #[default]
    Default,
    /// The device with that id or name, or the only one whose name holds the word.
    Named(String),
    /// The application whose name holds the word, whatever device it plays to.
    App(String),
}

impl FromStr for DeviceChoice {
    type Err = Infallible;

    /// `default`, `app:NAME`, or a device.
    fn from_str(word: &str) -> Result<Self, Infallible> {
        Ok(match word.split_once(':') {
            Some(("app", name)) => Self::App(name.trim().to_owned()),
            _ if word.is_empty() || word == "default" => Self::Default,
            _ => Self::Named(word.to_owned()),
        })
    }
}

/// What to capture, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaptureSetup {
    /// The device of each track.
    pub device: PerTrack<DeviceChoice>,
    /// By what the devices are reached.
    pub backend: BackendChoice,
    /// Words, one of which the name of a call application holds: if such a one is muted, so am I. It is asked for when the
    /// other side is no one application.
    pub call_applications: Vec<String>,
}

/// The one device of a list that goes by `name`: its id, else its whole name, else the only name that holds it.
/// Letters' case is ignored in names.
pub(super) fn find_by_name<'a>(devices: &[&'a Device], track: Track, name: &str) -> Result<&'a Device, CaptureError> {
    let word = name.to_lowercase();
    let whole = |d: &&&Device| d.id == name || d.name.to_lowercase() == word;
    if let Some(device) = devices.iter().find(whole) {
        return Ok(device);
    }
    let holding: Vec<_> = devices.iter().filter(|d| d.name.to_lowercase().contains(&word)).collect();
    // ALSA has many devices of one name; their ids tell them apart.
    let label = |d: &&'a Device| match devices.iter().filter(|other| other.name == d.name).count() {
        1 => d.name.clone(),
        _ => format!("{} ({})", d.name, d.id),
    };
    let names = |list: &mut dyn Iterator<Item = &&'a Device>| list.map(label).collect();
    match holding[..] {
        [device] => Ok(device),
        [] => Err(CaptureError::UnknownDevice { track, name: name.to_owned(), known: names(&mut devices.iter()) }),
        _ => Err(CaptureError::Ambiguous { track, name: name.to_owned(), known: names(&mut holding.into_iter()) }),
    }
}

#[cfg(test)]
mod tests;
