//! What `keicho devices` and `keicho doctor` show: what there is, and what is heard on it right now.

use std::thread;
use std::time::Duration;

use super::backend::{Backend, Opened, Through};
use super::choice::{DeviceChoice, Setup};
use super::device::{Device, Server};
use super::error::CaptureError;
use super::level::Level;
use crate::audio::{PerTrack, Track};
use crate::time::Samples;

/// What a track is listened to for: one second, as the device counts it.
const LISTENED: Samples = Samples::from_secs(1);

/// The rings are emptied this often.
const PAUSE: Duration = Duration::from_millis(20);

/// This often at most, about three seconds: a monitor's first sound may take two.
const ROUNDS: u32 = 150;

/// What there is to capture.
///
/// # Errors
/// When no audio service answers.
pub fn devices(through: &Through) -> Result<Vec<Device>, CaptureError> {
    through.reach()?.devices()
}

/// Whether each thing that a call needs is in place.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// What answers for the devices.
    pub server: Result<Server, CaptureError>,
    /// What each track hears; the error where it cannot be opened.
    pub heard: PerTrack<Result<Heard, CaptureError>>,
}

/// What a track heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The device's name.
    pub device: String,
    /// How loud it was; `None` where the device sent nothing at all.
    pub level: Option<Level>,
    /// Whether sending nothing is how this device says silence.
    pub silent_when_idle: bool,
}

/// Looks at the server and listens to both tracks for about a second.
pub fn probe(setup: &Setup) -> Probe {
    let mut backend = match setup.through.reach() {
        Ok(backend) => backend,
        Err(why) => return Probe { server: Err(why.clone()), heard: PerTrack::from_fn(|_| Err(why.clone())) },
    };
    let server = backend.server();
    let mut ears = PerTrack::from_fn(|track| Ear::open(backend.as_mut(), track, &setup.device[track]));
    for _ in 0..ROUNDS {
        let [me, them] = [&mut ears.me, &mut ears.them].map(|ear| ear.as_mut().map_or(true, Ear::listen));
        if me && them {
            break;
        }
        thread::park_timeout(PAUSE);
    }
    Probe { server, heard: ears.map(|ear| ear.map(Ear::heard)) }
}

struct Ear {
    device: String,
    opened: Opened,
    samples: Vec<f32>,
}

impl Ear {
    fn open(backend: &mut dyn Backend, track: Track, choice: &DeviceChoice) -> Result<Self, CaptureError> {
        let place = backend.find(track, choice, None)?;
        let opened = backend.open(track, &place)?;
        Ok(Self { device: place.name, opened, samples: Vec::new() })
    }

    /// Takes what has arrived; says whether it is enough.
    fn listen(&mut self) -> bool {
        self.opened.tap.drain(&mut self.samples);
        let rate = u64::from(self.opened.tap.nature().rate);
        self.samples.len() as u64 >= LISTENED.as_ms() * rate / 1000
    }

    fn heard(self) -> Heard {
        let silent_when_idle = self.opened.tap.nature().silent_when_idle;
        Heard { device: self.device, level: Level::of(&self.samples), silent_when_idle }
    }
}
