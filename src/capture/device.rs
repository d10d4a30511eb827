//! What there is to listen to.

use std::fmt;

/// A device, or an application's own stream, that can be captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// What the system calls it; stays the same from one start to the next.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it lets one hear.
    pub kind: DeviceKind,
    /// Whether it is what the track takes if none is named.
    pub default: bool,
    /// Samples per second; `None` if the system does not say without opening it.
    pub rate: Option<u32>,
}

/// What a device lets one hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceKind {
    /// The room: for `me`.
    Microphone,
    /// Everything that the computer plays: for `them`.
    Loopback,
    /// What one application plays: for `them`, as `app:NAME`.
    App,
}

impl fmt::Display for DeviceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Microphone => "microphone",
            Self::Loopback => "loopback",
            Self::App => "application",
        })
    }
}

/// The system's sound server, or what stands in for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundServer {
    /// By what the devices are reached: `PulseAudio`, `ALSA`, `WASAPI`, `CoreAudio`.
    pub kind: String,
    /// What it says of itself, a version included if there is one.
    pub name: String,
}
