//! The seam between what is to be heard and the system that can hear it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::choice::DeviceChoice;
use super::cpal_host::CpalHost;
use super::device::{Device, SoundServer};
use super::error::CaptureError;
use super::ring::RingReader;
use super::watch::{OnSoundChanged, SoundWatch};
use crate::audio::Track;

/// By what the devices are reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BackendChoice {
    /// A PulseAudio or PipeWire server where one answers (Linux), else cpal's host for this system.
    #[default]
    Auto,
    /// That kind of server alone, at this socket or where the environment says.
    Pulse(Option<PathBuf>),
    /// cpal's host alone: ALSA, WASAPI or CoreAudio.
    Cpal,
}

impl BackendChoice {
    /// What the environment variable `KEICHO_AUDIO` says: `pulse`, `cpal`, or nothing.
    ///
    /// # Errors
    /// When it says anything else.
    pub fn from_env() -> Result<Self, CaptureError> {
        match std::env::var("KEICHO_AUDIO") {
            Err(_) => Ok(Self::Auto),
            Ok(word) => Self::parse(&word),
        }
    }

    fn parse(word: &str) -> Result<Self, CaptureError> {
        match word {
            "" => Ok(Self::Auto),
            "pulse" if cfg!(target_os = "linux") => Ok(Self::Pulse(None)),
            "cpal" => Ok(Self::Cpal),
            _ => Err(CaptureError::UnknownBackend { word: word.to_owned() }),
        }
    }

    /// Reaches the devices. What comes back stays on the thread that asked: some systems' streams may not leave it.
    pub(super) fn connect(&self) -> Result<Box<dyn Backend>, CaptureError> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Cpal => {
                super::pulse::refuse_network_server()?;
                Ok(Box::new(CpalHost::new()?))
            }
            #[cfg(not(target_os = "linux"))]
            Self::Cpal => Ok(Box::new(CpalHost::new()?)),
            #[cfg(target_os = "linux")]
            Self::Pulse(socket) => Ok(Box::new(super::pulse::PulseServer::connect(socket.as_deref())?)),
            #[cfg(target_os = "linux")]
            Self::Auto => match super::pulse::PulseServer::connect(None) {
                Ok(server) => Ok(Box::new(server)),
                Err(refused @ CaptureError::NetworkServer { .. }) => Err(refused),
                Err(why) => {
                    super::pulse::refuse_network_server()?;
                    tracing::info!("capturing through ALSA: {why}");
                    Ok(Box::new(CpalHost::without_server(&why)?))
                }
            },
            #[cfg(not(target_os = "linux"))]
            Self::Pulse(_) => Err(CaptureError::UnknownBackend { word: "pulse".to_owned() }),
            #[cfg(not(target_os = "linux"))]
            Self::Auto => Ok(Box::new(CpalHost::new()?)),
        }
    }
}

/// One way to the system's audio devices.
pub(super) trait Backend {
    /// What answers.
    fn server(&mut self) -> Result<SoundServer, CaptureError>;

    /// Asks something now, so that one that stands still is noticed. `Ok` where there is nobody to ask.
    fn ping(&mut self) -> Result<(), CaptureError> {
        Ok(())
    }

    /// What there is to hear.
    fn devices(&mut self) -> Result<Vec<Device>, CaptureError>;

    /// Where the track's sound is to be taken now. `current` is where it is taken so far: it is kept if it still serves.
    fn find_target(
        &mut self,
        track: Track,
        choice: &DeviceChoice,
        current: Option<&CaptureTarget>,
    ) -> Result<CaptureTarget, CaptureError>;

    /// Opens a stream there and starts it.
    fn open(&mut self, track: Track, target: &CaptureTarget) -> Result<OpenStream, CaptureError>;

    /// Whether [`Backend::find_target`] is cheap enough to be asked while the stream runs, so that a default which the user
    /// changes is followed. Where it is not, the system's own streams follow, or end.
    fn can_poll(&self) -> bool;

    /// Follows what the server has, if it is one that tells.
    fn watch(&self, _on_change: OnSoundChanged) -> Result<Option<SoundWatch>, CaptureError> {
        Ok(None)
    }
}

/// Where a track's sound is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CaptureTarget {
    /// The device.
    pub(super) id: String,
    /// What people call it; for an application, its name.
    pub(super) name: String,
    /// The one application's stream to take from what the device plays.
    pub(super) sink_input: Option<u32>,
}

/// A stream that runs, and the end at which it can be heard.
pub(super) struct OpenStream {
    pub(super) stream: Box<dyn Stream>,
    pub(super) reader: RingReader,
}

/// Whether a stream runs, told by whatever feeds it: once that is dropped, however that came about, it does not.
#[derive(Clone, Debug)]
pub(super) struct RunningFlag(Arc<AtomicBool>);

/// Dropped with what feeds a stream.
#[derive(Debug)]
pub(super) struct RunningGuard(Arc<AtomicBool>);

impl RunningFlag {
    /// A stream that runs until the guard is dropped.
    pub(super) fn new() -> (Self, RunningGuard) {
        let runs = Arc::new(AtomicBool::new(true));
        (Self(Arc::clone(&runs)), RunningGuard(runs))
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The stream has failed, though what feeds it is still there.
    pub(super) fn clear(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Drop for RunningGuard {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// A running stream. Dropped, it stops.
pub(super) trait Stream {
    /// Whether it still runs where it was opened.
    fn is_running(&self) -> bool;
}
