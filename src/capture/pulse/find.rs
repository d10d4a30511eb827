//! What the server has, and where in it a track's sound is to be taken.

use std::ffi::{CStr, CString};

use pulseaudio::protocol::{Prop, ServerInfo, SinkInfo, SinkInputInfo, SourceInfo};

use crate::audio::Track;
use crate::capture::backend::Place;
use crate::capture::choice::{DeviceChoice, named};
use crate::capture::device::{Device, DeviceKind, Server};
use crate::capture::error::CaptureError;

/// Everything the server has, at one moment.
pub(super) struct Scene {
    pub(super) server: ServerInfo,
    pub(super) sources: Vec<SourceInfo>,
    pub(super) sinks: Vec<SinkInfo>,
    pub(super) inputs: Vec<SinkInputInfo>,
}

impl Scene {
    pub(super) fn server(&self) -> Server {
        let of = |text: &Option<CString>| text.as_deref().map(words).unwrap_or_default();
        let name = of(&self.server.server_name);
        // PipeWire answers as `PulseAudio (on PipeWire 1.2.7)`.
        let kind = if name.contains("PipeWire") { "PipeWire" } else { "PulseAudio" };
        Server { kind: kind.to_owned(), name: format!("{name} {}", of(&self.server.server_version)) }
    }

    /// Microphones, then loopbacks, then applications.
    pub(super) fn devices(&self) -> Vec<Device> {
        let default_sink = self.server.default_sink_name.as_deref();
        let mut devices: Vec<_> = self
            .sources
            .iter()
            .map(|source| match &source.monitor_of_sink_name {
                Some(sink) => self.device(source, DeviceKind::Loopback, default_sink == Some(sink)),
                None => {
                    let default = self.server.default_source_name.as_ref() == Some(&source.name);
                    self.device(source, DeviceKind::Microphone, default)
                }
            })
            .collect();
        for input in self.inputs.iter() {
            if let Some(name) = names(input).into_iter().next() {
                let (id, rate) = (format!("app:{name}"), Some(input.sample_spec.sample_rate));
                devices.push(Device { id, name, kind: DeviceKind::App, default: false, rate });
            }
        }
        devices.sort_by_key(|device| device.kind);
        devices.dedup_by(|a, b| a.id == b.id);
        devices
    }

    fn device(&self, source: &SourceInfo, kind: DeviceKind, default: bool) -> Device {
        // A monitor is known by the output that it hears.
        let sink = self.sinks.iter().find(|sink| Some(sink.index) == source.monitor_of_sink_index);
        let description = sink.and_then(|s| s.description.as_deref()).or(source.description.as_deref());
        Device {
            id: words(&source.name),
            name: description.map_or_else(|| words(&source.name), words),
            kind,
            default,
            rate: Some(source.sample_spec.sample_rate),
        }
    }

    pub(super) fn find(
        &self,
        track: Track,
        choice: &DeviceChoice,
        held: Option<&Place>,
    ) -> Result<Place, CaptureError> {
        match (track, choice) {
            (Track::Me, DeviceChoice::App(_)) => Err(CaptureError::AppForMe),
            (Track::Them, DeviceChoice::App(name)) => self.app(name, held),
            (_, DeviceChoice::Named(name)) => self.device_called(track, name),
            (_, DeviceChoice::Default) => {
                let (kind, none) = match track {
                    Track::Me => (DeviceKind::Microphone, CaptureError::NoMicrophone),
                    Track::Them => (DeviceKind::Loopback, CaptureError::NoOutput),
                };
                // Where there is no microphone the server's default source is a monitor: never that for `me`.
                let device = self.devices().into_iter().find(|d| d.kind == kind && d.default).ok_or(none)?;
                Ok(place(device))
            }
        }
    }

    fn device_called(&self, track: Track, name: &str) -> Result<Place, CaptureError> {
        let devices = self.devices();
        let kind = match track {
            Track::Me => DeviceKind::Microphone,
            Track::Them => DeviceKind::Loopback,
        };
        // By its exact id anything may be taken; an output's own id means what it plays.
        let monitor = format!("{name}.monitor");
        let exact = |d: &&Device| d.kind != DeviceKind::App && (d.id == name || d.id == monitor);
        if let Some(device) = devices.iter().find(exact) {
            return Ok(place(device.clone()));
        }
        let fitting: Vec<_> = devices.iter().filter(|d| d.kind == kind).collect();
        named(&fitting, track, name).map(|device| place(device.clone()))
    }

    /// The application's stream: the held one while it plays, else the oldest that plays (a later one is more likely
    /// a notification's), else the oldest.
    fn app(&self, name: &str, held: Option<&Place>) -> Result<Place, CaptureError> {
        let word = name.to_lowercase();
        let called = |input: &&SinkInputInfo| names(input).iter().any(|n| n.to_lowercase().contains(&word));
        let held = held.and_then(|place| place.input);
        let best = self.inputs.iter().filter(called).min_by_key(|i| (i.corked, Some(i.index) != held, i.index));
        let monitor = |input: &SinkInputInfo| {
            let sink = self.sinks.iter().find(|sink| sink.index == input.sink_index)?;
            sink.monitor_source_name.as_deref().map(words)
        };
        best.and_then(|input| {
            let name = names(input).into_iter().next().unwrap_or_else(|| name.to_owned());
            Some(Place { id: monitor(input)?, name, input: Some(input.index) })
        })
        .ok_or_else(|| {
            let playing = self.devices().into_iter().filter(|d| d.kind == DeviceKind::App);
            CaptureError::NoApp { name: name.to_owned(), known: playing.map(|d| d.name).collect() }
        })
    }
}

/// What an application's stream may be called, the best name first.
fn names(input: &SinkInputInfo) -> Vec<String> {
    [Prop::ApplicationName, Prop::ApplicationProcessBinary, Prop::MediaName]
        .into_iter()
        .filter_map(|prop| input.props.get(prop))
        .map(|bytes| String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn place(device: Device) -> Place {
    Place { id: device.id, name: device.name, input: None }
}

fn words(text: &CStr) -> String {
    text.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
