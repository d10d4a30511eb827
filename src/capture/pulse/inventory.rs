//! What the server has, and where in it a track's sound is to be taken.

use std::ffi::{CStr, CString};

use pulseaudio::protocol::{Prop, Props, ServerInfo, SinkFlags, SinkInfo, SinkInputInfo, SourceFlags, SourceInfo};

use crate::audio::Track;
use crate::capture::backend::CaptureTarget;
use crate::capture::choice::{DeviceChoice, find_by_name};
use crate::capture::device::{Device, DeviceKind, SoundServer};
use crate::capture::error::CaptureError;

/// Everything the server has, at one moment.
pub(super) struct Inventory {
    pub(super) server: ServerInfo,
    pub(super) sources: Vec<SourceInfo>,
    pub(super) sinks: Vec<SinkInfo>,
    pub(super) sink_inputs: Vec<SinkInputInfo>,
}

impl Inventory {
    pub(super) fn server(&self) -> SoundServer {
        let text_or_empty = |text: &Option<CString>| text.as_deref().map(lossy_string).unwrap_or_default();
        let name = text_or_empty(&self.server.server_name);
        // PipeWire answers as `PulseAudio (on PipeWire 1.2.7)`.
        let kind = if name.contains("PipeWire") { "PipeWire" } else { "PulseAudio" };
        SoundServer { kind: kind.to_owned(), name: format!("{name} {}", text_or_empty(&self.server.server_version)) }
    }

    /// Microphones, then loopbacks, then applications.
    pub(super) fn devices(&self) -> Vec<Device> {
        let default_sink = self.server.default_sink_name.as_deref();
        let mut devices: Vec<_> = self
            .sources
            .iter()
            .map(|source| match &source.monitor_of_sink_name {
                Some(sink) => self.source_device(source, DeviceKind::Loopback, default_sink == Some(sink)),
                None => {
                    let default = self.server.default_source_name.as_ref() == Some(&source.name);
                    self.source_device(source, DeviceKind::Microphone, default)
                }
            })
            .collect();
        for input in self.sink_inputs.iter() {
            if let Some(name) = app_names(&input.props).into_iter().next() {
                let (id, rate) = (format!("app:{name}"), Some(input.sample_spec.sample_rate));
                devices.push(Device { id, name, kind: DeviceKind::App, default: false, rate });
            }
        }
        devices.sort_by_key(|device| device.kind);
        devices.dedup_by(|a, b| a.id == b.id);
        devices
    }

    fn source_device(&self, source: &SourceInfo, kind: DeviceKind, default: bool) -> Device {
        // A monitor is known by the output that it hears.
        let sink = self.sinks.iter().find(|sink| Some(sink.index) == source.monitor_of_sink_index);
        let description = sink.and_then(|s| s.description.as_deref()).or(source.description.as_deref());
        Device {
            id: lossy_string(&source.name),
            name: description.map_or_else(|| lossy_string(&source.name), lossy_string),
            kind,
            default,
            rate: Some(source.sample_spec.sample_rate),
        }
    }

    pub(super) fn find_target(
        &self,
        track: Track,
        choice: &DeviceChoice,
        current: Option<&CaptureTarget>,
    ) -> Result<CaptureTarget, CaptureError> {
        let target = match (track, choice) {
            (Track::Me, DeviceChoice::App(_)) => Err(CaptureError::AppForMe),
            (Track::Them, DeviceChoice::App(name)) => self.find_app(name, current),
            (_, DeviceChoice::Named(name)) => self.find_device(track, name),
            (_, DeviceChoice::Default) => {
                let (kind, none) = match track {
                    Track::Me => (DeviceKind::Microphone, CaptureError::NoMicrophone),
                    Track::Them => (DeviceKind::Loopback, CaptureError::NoOutput),
                };
                // Where there is no microphone the server's default source is a monitor: never that for `me`.
                let device = self.devices().into_iter().find(|d| d.kind == kind && d.default).ok_or(none)?;
                Ok(device_target(device))
            }
        }?;
        match self.is_on_network(&target) {
            true => Err(CaptureError::NetworkDevice { track, device: target.name }),
            false => Ok(target),
        }
    }

    /// Whether a place is another computer's, as module-tunnel makes them, as far as the server says so.
    fn is_on_network(&self, target: &CaptureTarget) -> bool {
        self.sources.iter().filter(|source| lossy_string(&source.name) == target.id).any(|source| {
            let mut sinks = self.sinks.iter().filter(|sink| Some(sink.index) == source.monitor_of_sink_index);
            source.flags.contains(SourceFlags::NETWORK) || sinks.any(|sink| sink.flags.contains(SinkFlags::NETWORK))
        })
    }

    fn find_device(&self, track: Track, name: &str) -> Result<CaptureTarget, CaptureError> {
        let devices = self.devices();
        let kind = match track {
            Track::Me => DeviceKind::Microphone,
            Track::Them => DeviceKind::Loopback,
        };
        // By its exact id anything may be taken; an output's own id means what it plays.
        let monitor = format!("{name}.monitor");
        let exact = |d: &&Device| d.kind != DeviceKind::App && (d.id == name || d.id == monitor);
        if let Some(device) = devices.iter().find(exact) {
            return Ok(device_target(device.clone()));
        }
        let fitting: Vec<_> = devices.iter().filter(|d| d.kind == kind).collect();
        find_by_name(&fitting, track, name).map(|device| device_target(device.clone()))
    }

    /// The application's stream: the held one while it plays, else the oldest that plays (a later one is more likely
    /// a notification's), else the oldest.
    fn find_app(&self, name: &str, current: Option<&CaptureTarget>) -> Result<CaptureTarget, CaptureError> {
        let word = name.to_lowercase();
        let called = |input: &&SinkInputInfo| app_names(&input.props).iter().any(|n| n.to_lowercase().contains(&word));
        let held = current.and_then(|place| place.sink_input);
        let best = self.sink_inputs.iter().filter(called).min_by_key(|i| (i.corked, Some(i.index) != held, i.index));
        let monitor = |input: &SinkInputInfo| {
            let sink = self.sinks.iter().find(|sink| sink.index == input.sink_index)?;
            sink.monitor_source_name.as_deref().map(lossy_string)
        };
        best.and_then(|input| {
            let name = app_names(&input.props).into_iter().next().unwrap_or_else(|| name.to_owned());
            Some(CaptureTarget { id: monitor(input)?, name, sink_input: Some(input.index) })
        })
        .ok_or_else(|| {
            let playing = self.devices().into_iter().filter(|d| d.kind == DeviceKind::App);
            CaptureError::NoApp { name: name.to_owned(), known: playing.map(|d| d.name).collect() }
        })
    }
}

/// What the application of a stream with these properties may be called, the best name first.
pub(super) fn app_names(props: &Props) -> Vec<String> {
    [Prop::ApplicationName, Prop::ApplicationProcessBinary, Prop::MediaName]
        .into_iter()
        .filter_map(|prop| props.get(prop))
        .map(|bytes| String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn device_target(device: Device) -> CaptureTarget {
    CaptureTarget { id: device.id, name: device.name, sink_input: None }
}

fn lossy_string(text: &CStr) -> String {
    text.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
