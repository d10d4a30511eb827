//! The computer's microphone, and what the computer plays.
//!
//! This is the only module that knows cpal and the `pulseaudio` crate. It finds devices, keeps a stream open on the
//! chosen one of each track (a device that vanishes is awaited, a stream that the system moved elsewhere is closed)
//! and puts their sound into rings, at each device's own rate and on its own clock.
//!
//! It leaves to [`crate::source::live`] everything that concerns time: resampling, alignment, drift, gaps. Used by
//! that module and by `keicho devices`, `keicho doctor` and `keicho agent` alone. It also tells which other applications record
//! and play and whether they and the microphone are muted, as that changes.
//!
//! | system | through | what the computer plays |
//! |---|---|---|
//! | Linux with PulseAudio or PipeWire | the `pulseaudio` crate's protocol | the monitor of the default output, or one application's stream |
//! | Linux without | cpal on ALSA | a capture device that holds it, by name |
//! | Windows | cpal on WASAPI | the default output, opened as an input |
//! | macOS 14.6 and later | cpal on CoreAudio | the default output, tapped |

mod backend;
mod choice;
mod cpal_host;
mod device;
mod error;
mod level;
mod mute;
mod probe;
#[cfg(target_os = "linux")]
mod pulse;
mod ring;
mod sound_state;
mod supervisor;
mod watch;

pub use backend::BackendChoice;
pub use choice::{CaptureSetup, DeviceChoice};
pub use device::{Device, DeviceKind, SoundServer};
pub use error::CaptureError;
pub use level::SoundLevel;
pub use probe::{ProbeReport, TrackProbe, list_devices, probe};
pub use ring::{RingReader, RingWriter, StreamInfo, ring};
pub use sound_state::{AppStream, Microphone, SoundState, StreamUse};
pub use supervisor::{Capture, DeviceEvent, open};
pub use watch::{OnSoundChanged, SoundWatch, watch_sound};
