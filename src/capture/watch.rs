//! Follows what the sound server has, as it changes.

use super::backend::BackendChoice;
use super::sound_state::SoundState;

/// Called with what the server has now, at once and whenever it changes; with `None` while no server answers. It is called
/// on a thread of its own and may wait.
pub type OnSoundChanged = Box<dyn FnMut(Option<SoundState>) + Send>;

/// Follows the server until it is dropped.
pub struct SoundWatch {
    #[cfg(target_os = "linux")]
    _watch: super::pulse::PulseWatch,
}

#[cfg(target_os = "linux")]
impl SoundWatch {
    pub(super) fn of(watch: super::pulse::PulseWatch) -> Self {
        Self { _watch: watch }
    }
}

/// Follows what applications record and play, where a PulseAudio or PipeWire server is:
/// by its own news of changes. A server that ends is waited for.
///
/// # Errors
/// When the choice is no such server, or the settings name one on a network.
#[cfg(target_os = "linux")]
pub fn watch_sound(
    backend: &BackendChoice,
    on_change: OnSoundChanged,
) -> Result<SoundWatch, super::error::CaptureError> {
    let socket = match backend {
        BackendChoice::Auto => None,
        BackendChoice::Pulse(socket) => socket.as_deref(),
        BackendChoice::Cpal => {
            return Err(super::error::CaptureError::NoServer { cause: "KEICHO_AUDIO is cpal".to_owned() });
        }
    };
    Ok(SoundWatch::of(super::pulse::PulseWatch::start(socket, on_change)?))
}

/// There is no such server here.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn watch_sound(_: &BackendChoice, _: OnSoundChanged) -> Result<SoundWatch, super::error::CaptureError> {
    Err(super::error::CaptureError::NoServer { cause: "it is not known on this system".to_owned() })
}
