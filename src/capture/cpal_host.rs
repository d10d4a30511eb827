//! The system's own audio through cpal: ALSA, WASAPI or CoreAudio.
//!
//! On Windows and macOS an output device opened as an input is what it plays (WASAPI loopback, CoreAudio taps); ALSA
//! has no such thing. cpal's API is the same on all three, so this code is too; it has been run on ALSA.

use cpal::traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _};
use cpal::{ErrorKind, FromSample, I24, SampleFormat, SizedSample, SupportedStreamConfig, U24};

use super::backend::{Backend, CaptureTarget, OpenStream, RunningFlag, Stream};
use super::choice::{DeviceChoice, find_by_name};
use super::device::{Device, DeviceKind, SoundServer};
use super::error::CaptureError;
use super::ring::{StreamInfo, ring};
use crate::audio::Track;

/// Whether an output can be opened as an input, to hear what it plays.
const LOOPBACK_SUPPORTED: bool = cfg!(any(windows, target_os = "macos"));

/// WASAPI's loopback sends nothing while nothing is played.
const SILENT_WHEN_IDLE: bool = cfg!(windows);

/// Pieces of 10 ms are asked for: `Default` may mean 2 s.
const PERIODS_PER_SEC: u32 = 100;

/// The id of whatever the system's default is, so that the system's own following of it is kept.
const DEFAULT: &str = "default";

pub(super) struct CpalHost {
    host: cpal::Host,
    /// Why no sound server is used in its place, if one was looked for.
    no_server: Option<String>,
}

impl CpalHost {
    pub(super) fn new() -> Result<Self, CaptureError> {
        #[cfg(target_os = "linux")]
        quiet_alsa();
        // cpal's default host may be another one on Linux; a server has its own backend here.
        #[cfg(target_os = "linux")]
        let host = cpal::host_from_id(cpal::HostId::Alsa).map_err(cannot_list)?;
        #[cfg(not(target_os = "linux"))]
        let host = cpal::default_host();
        Ok(Self { host, no_server: None })
    }

    /// The same if a sound server was looked for and does not answer.
    #[cfg(target_os = "linux")]
    pub(super) fn without_server(why: &CaptureError) -> Result<Self, CaptureError> {
        let cause = match why {
            CaptureError::NoServer { cause } => cause.clone(),
            other => other.to_string(),
        };
        Ok(Self { no_server: Some(cause), ..Self::new()? })
    }

    fn list(&self) -> Result<Vec<(Device, cpal::Device)>, CaptureError> {
        let mut list = Vec::new();
        let default = |device: Option<cpal::Device>| device.and_then(|d| d.id().ok());
        let input = default(self.host.default_input_device());
        let output = default(self.host.default_output_device());
        for device in self.host.devices().map_err(cannot_list)? {
            // A device that went while it was listed has no id any more, and is not there to be chosen.
            let (Ok(id), Ok(described)) = (device.id(), device.description()) else { continue };
            let entry = |kind, default| Device {
                id: id.id().to_owned(),
                name: described.name().to_owned(),
                kind,
                default,
                rate: None,
            };
            if device.supports_input() {
                list.push((entry(DeviceKind::Microphone, input.as_ref() == Some(&id)), device.clone()));
            }
            if LOOPBACK_SUPPORTED && device.supports_output() {
                list.push((entry(DeviceKind::Loopback, output.as_ref() == Some(&id)), device));
            }
        }
        list.sort_by_key(|(device, _)| device.kind);
        Ok(list)
    }

    fn find_device(&self, track: Track, id: &str) -> Result<Option<cpal::Device>, CaptureError> {
        Ok(match (id, track) {
            (DEFAULT, Track::Me) => self.host.default_input_device(),
            (DEFAULT, Track::Them) if LOOPBACK_SUPPORTED => self.host.default_output_device(),
            _ => self.list()?.into_iter().find(|(known, _)| known.id == id).map(|(_, device)| device),
        })
    }
}

impl Backend for CpalHost {
    fn server(&mut self) -> Result<SoundServer, CaptureError> {
        let name = self.host.id().name().to_owned();
        Ok(SoundServer { kind: name.clone(), name })
    }

    fn devices(&mut self) -> Result<Vec<Device>, CaptureError> {
        Ok(self.list()?.into_iter().map(|(device, _)| device).collect())
    }

    fn find_target(
        &mut self,
        track: Track,
        choice: &DeviceChoice,
        _: Option<&CaptureTarget>,
    ) -> Result<CaptureTarget, CaptureError> {
        match (track, choice) {
            (Track::Me, DeviceChoice::App(_)) => Err(CaptureError::AppForMe),
            (Track::Them, DeviceChoice::App(_)) => Err(CaptureError::AppsUnsupported),
            (Track::Them, DeviceChoice::Default) if !LOOPBACK_SUPPORTED => Err(CaptureError::NoLoopback),
            (_, DeviceChoice::Default) => {
                let none = match track {
                    Track::Me => CaptureError::NoMicrophone,
                    Track::Them => CaptureError::NoOutput,
                };
                let device = self.find_device(track, DEFAULT)?.ok_or(none)?;
                let name = device.to_string();
                // cpal taps an output that has no input of its own; a headset's microphone would be taken instead.
                if cfg!(target_os = "macos") && track == Track::Them && device.supports_input() {
                    return Err(CaptureError::OutputHasMicrophone { device: name });
                }
                Ok(CaptureTarget { id: DEFAULT.to_owned(), name, sink_input: None })
            }
            (_, DeviceChoice::Named(name)) => {
                let kind = match track {
                    Track::Them if LOOPBACK_SUPPORTED => DeviceKind::Loopback,
                    _ => DeviceKind::Microphone,
                };
                let list = self.list()?;
                let fitting: Vec<_> = list.iter().map(|(device, _)| device).filter(|d| d.kind == kind).collect();
                let device = find_by_name(&fitting, track, name)?;
                Ok(CaptureTarget { id: device.id.clone(), name: device.name.clone(), sink_input: None })
            }
        }
    }

    fn open(&mut self, track: Track, target: &CaptureTarget) -> Result<OpenStream, CaptureError> {
        let unopenable = |e: cpal::Error| match e.kind() {
            ErrorKind::PermissionDenied => CaptureError::PermissionDenied { device: target.name.clone() },
            ErrorKind::DeviceBusy => {
                CaptureError::CannotOpen { track, device: target.name.clone(), cause: e.to_string() }
            }
            // The default of a system without a sound server leads nowhere if there is no card.
            _ if self.no_server.is_some() && target.id == DEFAULT => {
                CaptureError::NoServerNorDevice { cause: self.no_server.clone().unwrap_or_default() }
            }
            ErrorKind::DeviceNotAvailable => {
                CaptureError::NotThere { track, device: target.name.clone(), cause: e.to_string() }
            }
            _ => CaptureError::CannotOpen { track, device: target.name.clone(), cause: e.to_string() },
        };
        let device =
            self.find_device(track, &target.id)?.ok_or_else(|| unopenable(ErrorKind::DeviceNotAvailable.into()))?;
        // What an output plays comes in the output's own format.
        let config = device.default_input_config().or_else(|e| match track {
            Track::Them if LOOPBACK_SUPPORTED => device.default_output_config(),
            _ => Err(e),
        });
        let opened = start(&device, &config.map_err(unopenable)?, track).map_err(unopenable)?;
        Ok(opened)
    }

    fn can_poll(&self) -> bool {
        // Looking means opening devices on ALSA. A stream of the default follows it, or ends, on the others.
        false
    }
}

struct CpalStream {
    /// Dropped, it stops.
    _stream: cpal::Stream,
    runs: RunningFlag,
}

impl Stream for CpalStream {
    fn is_running(&self) -> bool {
        self.runs.is_set()
    }
}

fn start(device: &cpal::Device, config: &SupportedStreamConfig, track: Track) -> Result<OpenStream, cpal::Error> {
    match config.sample_format() {
        SampleFormat::I8 => start_as::<i8>(device, config, track),
        SampleFormat::I16 => start_as::<i16>(device, config, track),
        SampleFormat::I24 => start_as::<I24>(device, config, track),
        SampleFormat::I32 => start_as::<i32>(device, config, track),
        SampleFormat::U8 => start_as::<u8>(device, config, track),
        SampleFormat::U16 => start_as::<u16>(device, config, track),
        SampleFormat::U24 => start_as::<U24>(device, config, track),
        SampleFormat::U32 => start_as::<u32>(device, config, track),
        SampleFormat::F32 => start_as::<f32>(device, config, track),
        SampleFormat::F64 => start_as::<f64>(device, config, track),
        _ => Err(ErrorKind::UnsupportedConfig.into()),
    }
}

fn start_as<T>(device: &cpal::Device, config: &SupportedStreamConfig, track: Track) -> Result<OpenStream, cpal::Error>
where
    T: SizedSample,
    f32: FromSample<T>,
{
    let info = StreamInfo { rate: config.sample_rate(), silent_when_idle: SILENT_WHEN_IDLE && track == Track::Them };
    let mut config = config.config();
    let channels = usize::from(config.channels);
    let open = |config| {
        let (mut writer, reader) = ring(info);
        let (runs, guard) = RunningFlag::new();
        let fails = runs.clone();
        let stream = device.build_input_stream::<T, _, _>(
            config,
            move |samples, _| {
                // The system's thread owns it: the stream is opened again if that ends.
                let _ = &guard;
                writer.push_frames(samples, channels, f32::from_sample_);
            },
            move |error| {
                // The rest of the kinds are hitches: the stream goes on.
                if !matches!(error.kind(), ErrorKind::DeviceChanged | ErrorKind::Xrun | ErrorKind::RealtimeDenied) {
                    fails.clear();
                }
            },
            None,
        )?;
        stream.play()?;
        Ok(OpenStream { stream: Box::new(CpalStream { _stream: stream, runs }), reader })
    };
    config.buffer_size = cpal::BufferSize::Fixed(info.rate / PERIODS_PER_SEC);
    open(config).or_else(|e: cpal::Error| match e.kind() {
        // Some devices take no size but their own.
        ErrorKind::UnsupportedConfig => open(cpal::StreamConfig { buffer_size: cpal::BufferSize::Default, ..config }),
        _ => Err(e),
    })
}

/// Keeps ALSA's library from writing its own lines to the terminal, under which ours are lost. What it says of an error
/// comes back with the error. It is asked for one thread alone.
#[cfg(target_os = "linux")]
fn quiet_alsa() {
    if let Err(cause) = alsa::Output::local_error_handler() {
        tracing::debug!(%cause, "ALSA's library writes to the terminal");
    }
}

fn cannot_list(error: cpal::Error) -> CaptureError {
    CaptureError::CannotListDevices { cause: error.to_string() }
}
