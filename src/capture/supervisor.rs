//! The thread that owns the streams: it opens them, and keeps looking whether they still run where they should.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::backend::{Backend, CaptureTarget, OpenStream, Stream};
use super::choice::{CaptureSetup, DeviceChoice};
use super::device::{Device, DeviceKind};
use super::error::CaptureError;
use super::mute::MuteWatch;
use super::ring::RingReader;
use crate::audio::{AvailableDevice, DeviceControl, DeviceWish, PerTrack, Track, TrackDevices};

/// Between two looks at the devices. A device that comes back is noticed this much later. A look costs a sound server that
/// tells what changes nothing while nothing does.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// The devices are listed anew at each of so many looks: a second.
const LIST_EVERY: u32 = 4;

/// What has changed about a track's device.
pub enum DeviceEvent {
    /// Its stream ended, or is no longer where it should be.
    Gone {
        /// The track it fed.
        track: Track,
        /// The device's name.
        device: String,
    },
    /// The user has chosen another device, and that one is heard now: nothing is wrong with the one before.
    Switched {
        /// The track it feeds.
        track: Track,
        /// The new device's name.
        device: String,
        /// Where it can be heard.
        reader: RingReader,
    },
    /// A stream runs again.
    Back {
        /// The track it feeds.
        track: Track,
        /// The device's name.
        device: String,
        /// Where it can be heard.
        reader: RingReader,
    },
}

/// Both tracks being captured, until dropped.
pub struct Capture {
    /// The name of each track's device.
    pub device: PerTrack<String>,
    /// Where each track can be heard.
    pub reader: PerTrack<RingReader>,
    /// What changes from now on.
    pub events: Receiver<DeviceEvent>,
    /// Ends the capture when dropped.
    pub guard: CaptureGuard,
}

/// Keeps the streams open; they are closed when this is dropped.
pub struct CaptureGuard {
    stop_sender: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for CaptureGuard {
    fn drop(&mut self) {
        drop(self.stop_sender.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that held the audio devices panicked");
        }
    }
}

/// Opens a stream for each track and keeps both running. `control` shows the devices and takes wishes for others.
///
/// # Errors
/// When a device that was asked for is not there or cannot be opened now. Later it is awaited instead.
pub fn open(setup: CaptureSetup, control: DeviceControl) -> Result<Capture, CaptureError> {
    let (started, start) = channel();
    let (event_sender, events) = channel();
    let (stop_sender, stop_receiver) = channel();
    let thread = thread::Builder::new()
        .name("devices".to_owned())
        .spawn(move || {
            let connect: Connect = Box::new(move || setup.backend.connect());
            let opened = Supervisor::open(connect, setup.device);
            let mut watch = match opened {
                Ok((watch, streams)) => {
                    if started.send(Ok(streams)).is_err() {
                        return;
                    }
                    watch
                }
                Err(why) => {
                    // Nobody listens only if the caller is gone, and then nobody is left to tell.
                    let _ = started.send(Err(why));
                    return;
                }
            };
            let publish = |watch: &mut Supervisor| {
                // Listing costs something, on some systems much.
                if control.is_watched()
                    && let Some(devices) = watch.attempt(Supervisor::devices)
                {
                    control.publish(devices);
                }
            };
            publish(&mut watch);
            let mute = MuteWatch::new(setup.call_applications, watch.choice.them.clone(), control.clone());
            let sound = mute.clone();
            let _sound_watch = match watch.backend.watch(Box::new(move |state| sound.observe(state))) {
                Ok(followed) => followed,
                Err(why) => {
                    tracing::warn!("whether the microphone is muted will not be known: {why}");
                    None
                }
            };
            while stop_receiver.recv_timeout(POLL_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                for event in watch.look(control.take_wishes()) {
                    if event_sender.send(event).is_err() {
                        return;
                    }
                }
                publish(&mut watch);
                mute.set_them(&watch.choice.them);
            }
        })
        .map_err(|cause| CaptureError::Stopped { cause: cause.to_string() })?;
    let guard = CaptureGuard { stop_sender: Some(stop_sender), thread: Some(thread) };
    let started =
        start.recv().map_err(|_| CaptureError::Stopped { cause: "the devices' thread ended".to_owned() })??;
    let PerTrack { me, them } = started;
    Ok(Capture {
        device: PerTrack { me: me.0, them: them.0 },
        reader: PerTrack { me: me.1, them: them.1 },
        events,
        guard,
    })
}

/// A track's stream, or the lack of one.
enum StreamState {
    Open { target: CaptureTarget, stream: Box<dyn Stream> },
    Awaited { name: String, why: Option<CaptureError> },
}

/// A device whose stream is no longer what it should be.
struct EndedDevice {
    name: String,
    /// Whether the device works and another one is to be heard now, because the user has chosen another default.
    replaced: bool,
}

/// Reaches the devices.
type Connect = Box<dyn Fn() -> Result<Box<dyn Backend>, CaptureError>>;

/// What the thread knows. [`Supervisor::look`] is one round of it.
struct Supervisor {
    connect: Connect,
    backend: Box<dyn Backend>,
    /// Whether the way to the devices failed badly, and is to be taken anew.
    has_failed: bool,
    /// What that cost, until it is told.
    pending_events: Vec<DeviceEvent>,
    choice: PerTrack<DeviceChoice>,
    streams: PerTrack<StreamState>,
    /// What there was to choose from when it was last listed.
    listed: Vec<Device>,
    /// How many looks ago that was; `None` before the first time.
    looks_since_listed: Option<u32>,
    /// Whether the sound server did not answer in the last look.
    is_server_silent: bool,
}

impl Supervisor {
    fn open(
        connect: Connect,
        choice: PerTrack<DeviceChoice>,
    ) -> Result<(Self, PerTrack<(String, RingReader)>), CaptureError> {
        let mut backend = connect()?;
        let mut start = |track: Track| -> Result<(StreamState, (String, RingReader)), CaptureError> {
            let place = backend.find_target(track, &choice[track], None)?;
            let OpenStream { stream, reader: tap } = backend.open(track, &place)?;
            let name = place.name.clone();
            Ok((StreamState::Open { target: place, stream }, (name, tap)))
        };
        let (me, my_tap) = start(Track::Me)?;
        let (them, their_tap) = start(Track::Them)?;
        let streams = PerTrack { me, them };
        let watch = Self {
            connect,
            backend,
            has_failed: false,
            pending_events: Vec::new(),
            choice,
            streams,
            listed: Vec::new(),
            looks_since_listed: None,
            is_server_silent: false,
        };
        Ok((watch, PerTrack { me: my_tap, them: their_tap }))
    }

    /// One round: does what is wished for, and gives what has changed since the last one.
    fn look(&mut self, wishes: PerTrack<Option<DeviceWish>>) -> Vec<DeviceEvent> {
        let seen = self.attempt(|watch| {
            if watch.has_failed {
                watch.backend = (watch.connect)()?;
                watch.has_failed = false;
            }
            let mut events = watch.grant(wishes);
            events.extend(watch.poll());
            Ok(events)
        });
        let mut events = std::mem::take(&mut self.pending_events);
        match seen {
            Some(Ok(seen)) => events.extend(seen),
            Some(Err::<_, CaptureError>(why)) => {
                tracing::debug!("the devices cannot be reached yet: {why}");
                self.is_server_silent = why.is_of_server();
            }
            None => {}
        }
        events
    }

    /// Does something with the devices; `None` if that fails badly. Then both are lost until there is another way to them.
    fn attempt<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        // What a panic leaves half done is thrown away below.
        if let Ok(done) = catch_unwind(AssertUnwindSafe(|| work(self))) {
            return Some(done);
        }
        tracing::error!("the way to the audio devices failed and is taken anew");
        self.has_failed = true;
        for track in Track::BOTH {
            let device = match &self.streams[track] {
                StreamState::Open { target, .. } => target.name.clone(),
                StreamState::Awaited { name, .. } => name.clone(),
            };
            self.streams[track] = StreamState::Awaited { name: device.clone(), why: None };
            self.pending_events.push(DeviceEvent::Gone { track, device });
        }
        None
    }

    /// Hears what is asked for; what cannot be opened leaves all as it is.
    fn grant(&mut self, wishes: PerTrack<Option<DeviceWish>>) -> Vec<DeviceEvent> {
        let PerTrack { me, them } = wishes;
        let wishes = [(Track::Me, me), (Track::Them, them)];
        wishes.into_iter().filter_map(|(track, wish)| self.switch(track, wish?)).collect()
    }

    fn switch(&mut self, track: Track, DeviceWish(id): DeviceWish) -> Option<DeviceEvent> {
        let choice = match id {
            None => DeviceChoice::Default,
            Some(id) => match id.strip_prefix("app:") {
                Some(name) => DeviceChoice::App(name.to_owned()),
                None => DeviceChoice::Named(id),
            },
        };
        self.looks_since_listed = None;
        let target = match self.backend.find_target(track, &choice, None) {
            Ok(target) => target,
            Err(why) => {
                tracing::warn!("the device that was chosen is not there: {why}");
                return None;
            }
        };
        if matches!(&self.streams[track], StreamState::Open { target: heard, .. } if *heard == target) {
            self.choice[track] = choice;
            return None;
        }
        match self.backend.open(track, &target) {
            Ok(OpenStream { stream, reader }) => {
                let device = target.name.clone();
                let before = std::mem::replace(&mut self.streams[track], StreamState::Open { target, stream });
                self.choice[track] = choice;
                Some(match before {
                    StreamState::Open { .. } => DeviceEvent::Switched { track, device, reader },
                    StreamState::Awaited { .. } => DeviceEvent::Back { track, device, reader },
                })
            }
            Err(why) => {
                tracing::warn!("the device that was chosen cannot be opened: {why}");
                None
            }
        }
    }

    /// What there is to choose from for each track, and what is heard.
    fn devices(&mut self) -> PerTrack<TrackDevices> {
        let due = match self.looks_since_listed {
            None => true,
            // Listing opens devices on some systems.
            Some(looks) => self.backend.can_poll() && looks >= LIST_EVERY,
        };
        // Each question to a server that does not answer is waited for in vain.
        if due && !self.is_server_silent {
            match self.backend.ping().and_then(|()| self.backend.devices()) {
                Ok(devices) => self.listed = devices,
                // It has what it had.
                Err(why) => self.is_server_silent = why.is_of_server(),
            }
        }
        self.looks_since_listed = Some(if due { 1 } else { self.looks_since_listed.unwrap_or_default() + 1 });
        PerTrack::from_fn(|track| {
            let heard = match &self.streams[track] {
                StreamState::Open { target, .. } => Some(target),
                StreamState::Awaited { .. } => None,
            };
            let chosen = match &self.choice[track] {
                DeviceChoice::Default => None,
                DeviceChoice::App(name) => Some(format!("app:{}", heard.map_or(name, |target| &target.name))),
                DeviceChoice::Named(name) => Some(heard.map_or(name, |target| &target.id).clone()),
            };
            let has_loopback = self.listed.iter().any(|device| device.kind == DeviceKind::Loopback);
            let serves = |device: &&Device| match track {
                Track::Me => device.kind == DeviceKind::Microphone,
                Track::Them if has_loopback => device.kind != DeviceKind::Microphone,
                // Without loopbacks a capture device may hold what the computer plays.
                Track::Them => true,
            };
            let available = self.listed.iter().filter(serves).map(|device| AvailableDevice {
                id: device.id.clone(),
                name: device.name.clone(),
                is_default: device.default,
            });
            TrackDevices {
                chosen,
                heard: heard.map(|target| target.name.clone()),
                available: available.collect(),
                is_server_silent: self.is_server_silent,
            }
        })
    }

    fn poll(&mut self) -> Vec<DeviceEvent> {
        let mut events = Vec::new();
        self.is_server_silent = false;
        for track in Track::BOTH {
            let ended = self.ended_device(track);
            if let Some(EndedDevice { name, .. }) = &ended {
                self.streams[track] = StreamState::Awaited { name: name.clone(), why: None };
            }
            let reopened = self.try_reopen(track);
            events.extend(match (ended, reopened) {
                (Some(EndedDevice { replaced: true, .. }), Some((device, reader))) => {
                    vec![DeviceEvent::Switched { track, device, reader }]
                }
                (ended, reopened) => {
                    let gone = ended.map(|EndedDevice { name, .. }| DeviceEvent::Gone { track, device: name });
                    let back = reopened.map(|(device, reader)| DeviceEvent::Back { track, device, reader });
                    gone.into_iter().chain(back).collect()
                }
            });
        }
        events
    }

    /// The track's device, if its stream is no longer what it should be.
    fn ended_device(&mut self, track: Track) -> Option<EndedDevice> {
        let StreamState::Open { target: place, stream } = &self.streams[track] else { return None };
        let ended = |replaced| Some(EndedDevice { name: place.name.clone(), replaced });
        if !stream.is_running() {
            return ended(false);
        }
        if !self.backend.can_poll() || self.is_server_silent {
            return None;
        }
        match self.backend.find_target(track, &self.choice[track], Some(place)) {
            Ok(found) if found == *place => None,
            Ok(_) => ended(true),
            // A server that does not answer says nothing about a stream that runs.
            Err(why) if why.is_of_server() => {
                self.is_server_silent = true;
                None
            }
            Err(_) => ended(false),
        }
    }

    /// Opens an awaited stream if that is possible now: the device's name, and where it is read.
    fn try_reopen(&mut self, track: Track) -> Option<(String, RingReader)> {
        if self.is_server_silent {
            return None;
        }
        let StreamState::Awaited { name, why } = &mut self.streams[track] else { return None };
        let found = self.backend.find_target(track, &self.choice[track], None);
        match found.and_then(|place| self.backend.open(track, &place).map(|opened| (place, opened))) {
            Ok((place, OpenStream { stream, reader: tap })) => {
                let device = place.name.clone();
                self.streams[track] = StreamState::Open { target: place, stream };
                Some((device, tap))
            }
            Err(reason) => {
                self.is_server_silent = reason.is_of_server();
                // Said once, not at every look.
                if why.as_ref() != Some(&reason) {
                    tracing::warn!("still waiting for \"{name}\": {reason}");
                    *why = Some(reason);
                }
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
