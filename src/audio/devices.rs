//! Which devices the two tracks of a live call can be taken from, which are heard, and the wish for another.
//!
//! The devices themselves are the capture's. This is what it shares with whoever shows and chooses them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::audio::{PerTrack, Track};

/// A device that a track can be taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvailableDevice {
    /// What the system calls it; of an application, `app:` and its name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether it is the system's default.
    pub is_default: bool,
}

/// The devices of one track.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrackDevices {
    /// The id of the one that is chosen; `None` for the system's default, whatever that is.
    pub chosen: Option<String>,
    /// The name of the one that is heard; `None` if it is gone and awaited.
    pub heard: Option<String>,
    /// All that there are to choose from.
    pub available: Vec<AvailableDevice>,
    /// Whether the sound server has ended or stands still, so that neither track can be had: no device is to blame.
    pub is_server_silent: bool,
}

/// Called with the devices of both tracks whenever they change. It may not wait.
pub type OnDevicesChanged = Box<dyn Fn(PerTrack<TrackDevices>) + Send>;

/// Called when [`DeviceControl::is_muted`] has changed. It may not wait.
pub type OnMuteChanged = Box<dyn Fn() + Send>;

/// Shows the devices of a live call, and asks for another. Clones are of the same call.
#[derive(Clone, Default)]
pub struct DeviceControl {
    /// Contended by the thread that holds the devices (some times a second) and by whoever chooses (a person); held
    /// while two names are copied, or the callback runs.
    shared: Arc<Mutex<DeviceState>>,
}

#[derive(Default)]
struct DeviceState {
    /// What is asked for and not yet looked at.
    wishes: PerTrack<Option<DeviceWish>>,
    /// What was last known.
    devices: Option<PerTrack<TrackDevices>>,
    on_change: Option<OnDevicesChanged>,
    /// Whether the microphone counts as muted, for whoever is in the call.
    is_muted: bool,
    on_mute: Option<OnMuteChanged>,
}

/// A device that is asked for: its id, or `None` for the system's default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceWish(pub Option<String>);

impl DeviceControl {
    /// Asks for another device of a track. It is heard within a second, if it can be opened; otherwise the one before
    /// stays.
    pub fn choose(&self, track: Track, wish: DeviceWish) {
        self.lock().wishes[track] = Some(wish);
    }

    /// From now on `on_change` is called whenever the devices change, and at once if they are known.
    pub fn subscribe(&self, on_change: OnDevicesChanged) {
        let mut state = self.lock();
        if let Some(devices) = &state.devices {
            on_change(devices.clone());
        }
        state.on_change = Some(on_change);
    }

    /// Whether somebody is shown the devices.
    pub fn is_watched(&self) -> bool {
        self.lock().on_change.is_some()
    }

    /// What is asked for since this was last called.
    pub fn take_wishes(&self) -> PerTrack<Option<DeviceWish>> {
        std::mem::take(&mut self.lock().wishes)
    }

    /// Shows the devices, if they are not as they were.
    pub fn publish(&self, devices: PerTrack<TrackDevices>) {
        let mut state = self.lock();
        if state.devices.as_ref() != Some(&devices) {
            if let Some(on_change) = &state.on_change {
                on_change(devices.clone());
            }
            state.devices = Some(devices);
        }
    }

    /// Whether the system says that what the microphone hears does not reach the other side.
    pub fn is_muted(&self) -> bool {
        self.lock().is_muted
    }

    /// From now on `on_mute` is called whenever that changes.
    pub fn subscribe_mute(&self, on_mute: OnMuteChanged) {
        self.lock().on_mute = Some(on_mute);
    }

    /// Says whether it is so.
    pub fn publish_mute(&self, is_muted: bool) {
        let mut state = self.lock();
        if std::mem::replace(&mut state.is_muted, is_muted) != is_muted
            && let Some(on_mute) = &state.on_mute
        {
            on_mute();
        }
    }

    fn lock(&self) -> MutexGuard<'_, DeviceState> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
