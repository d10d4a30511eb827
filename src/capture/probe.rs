//! What `keicho devices` and `keicho doctor` show: what there is, and what is heard on it right now.

use std::thread;
use std::time::Duration;

use super::backend::{Backend, BackendChoice, OpenStream};
use super::choice::{CaptureSetup, DeviceChoice};
use super::device::{Device, SoundServer};
use super::error::CaptureError;
use super::level::SoundLevel;
use crate::audio::{PerTrack, Track};
use crate::time::Samples;

/// What a track is listened to for: one second, as the device counts it.
const LISTENED: Samples = Samples::from_secs(1);

/// The rings are emptied this often.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// This often at most, about three seconds: a monitor's first sound may take two.
const MAX_POLLS: u32 = 150;

/// What there is to capture.
///
/// # Errors
/// When no audio service answers.
pub fn list_devices(through: &BackendChoice) -> Result<Vec<Device>, CaptureError> {
    through.connect()?.devices()
}

/// Whether each thing that a call needs is in place.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbeReport {
    /// What answers for the devices.
    pub server: Result<SoundServer, CaptureError>,
    /// What each track hears; the error if it cannot be opened.
    pub tracks: PerTrack<Result<TrackProbe, CaptureError>>,
}

/// What a track heard.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackProbe {
    /// The device's name.
    pub device: String,
    /// How loud it was; `None` if the device sent nothing at all.
    pub level: Option<SoundLevel>,
    /// Whether sending nothing is how this device says silence.
    pub silent_when_idle: bool,
}

/// Looks at the server and listens to both tracks for about a second.
pub fn probe(setup: &CaptureSetup) -> ProbeReport {
    let mut backend = match setup.backend.connect() {
        Ok(backend) => backend,
        Err(why) => return ProbeReport { server: Err(why.clone()), tracks: PerTrack::from_fn(|_| Err(why.clone())) },
    };
    let server = backend.server();
    let mut probes = PerTrack::from_fn(|track| LevelProbe::open(backend.as_mut(), track, &setup.device[track]));
    for _ in 0..MAX_POLLS {
        let [me, them] = [&mut probes.me, &mut probes.them].map(|probe| probe.as_mut().map_or(true, LevelProbe::poll));
        if me && them {
            break;
        }
        thread::park_timeout(POLL_INTERVAL);
    }
    ProbeReport { server, tracks: probes.map(|probe| probe.map(LevelProbe::finish)) }
}

struct LevelProbe {
    device: String,
    opened: OpenStream,
    samples: Vec<f32>,
}

impl LevelProbe {
    fn open(backend: &mut dyn Backend, track: Track, choice: &DeviceChoice) -> Result<Self, CaptureError> {
        let place = backend.find_target(track, choice, None)?;
        let opened = backend.open(track, &place)?;
        Ok(Self { device: place.name, opened, samples: Vec::new() })
    }

    /// Takes what has arrived; says whether it is enough.
    fn poll(&mut self) -> bool {
        self.opened.reader.drain(&mut self.samples);
        let rate = u64::from(self.opened.reader.info().rate);
        self.samples.len() as u64 >= LISTENED.as_ms() * rate / 1000
    }

    fn finish(self) -> TrackProbe {
        let silent_when_idle = self.opened.reader.info().silent_when_idle;
        TrackProbe { device: self.device, level: SoundLevel::measure(&self.samples), silent_when_idle }
    }
}
