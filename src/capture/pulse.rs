//! PulseAudio and PipeWire, by their common protocol.
//!
//! The server resamples and mixes down: what comes is 16 kHz mono. Each stream has a connection of its own, read by
//! a thread of its own. The `pulseaudio` crate's ready-made client is not used, only its protocol: the client cannot
//! list what applications play, does not pass on that a stream was moved or ended, and clears a megabyte at each
//! read.

mod address;
mod connection;
mod inventory;
mod server_setting;
mod stream;
mod watch;

use std::path::Path;

use pulseaudio::protocol::{Command, ServerInfo, SinkInfoList, SinkInputInfoList, SourceInfoList};

use address::Address;
use connection::Connection;
use inventory::Inventory;
use server_setting::ServerSetting;
use stream::PulseStream;

pub(super) use watch::PulseWatch;

use super::backend::{Backend, CaptureTarget, OpenStream};
use super::choice::DeviceChoice;
use super::device::{Device, SoundServer};
use super::error::CaptureError;
use super::watch::{OnSoundChanged, SoundWatch};
use crate::audio::Track;

/// Refuses settings that name a sound server on a network. ALSA has to ask this before anything of it is opened: its
/// devices may lead to the server's own library, which goes wherever the settings say.
pub(super) fn refuse_network_server() -> Result<(), CaptureError> {
    ServerSetting::find(&|name| std::env::var(name)).map_or(Ok(()), |setting| setting.refuse_network())
}

/// A sound server that answered.
pub(super) struct PulseServer {
    address: Address,
    /// For questions; made anew after a server that ended was started again.
    connection: Option<Connection>,
}

impl PulseServer {
    pub(super) fn connect(socket: Option<&Path>) -> Result<Self, CaptureError> {
        let address = match socket {
            Some(socket) => Address::from_socket(socket),
            None => Address::from_env()?,
        };
        let connection = Connection::open(&address).map_err(|e| CaptureError::NoServer { cause: e.to_string() })?;
        Ok(Self { address, connection: Some(connection) })
    }

    fn query_inventory(&mut self) -> Result<Inventory, CaptureError> {
        self.query(|server| {
            Ok(Inventory {
                server: server.request::<ServerInfo>(&Command::GetServerInfo)?,
                sources: server.request::<SourceInfoList>(&Command::GetSourceInfoList)?,
                sinks: server.request::<SinkInfoList>(&Command::GetSinkInfoList)?,
                sink_inputs: server.request::<SinkInputInfoList>(&Command::GetSinkInputInfoList)?,
            })
        })
    }

    fn query<T>(
        &mut self,
        questions: impl FnOnce(&mut Connection) -> Result<T, connection::ConnectionError>,
    ) -> Result<T, CaptureError> {
        let silent = |e: connection::ConnectionError| CaptureError::ServerSilent { cause: e.to_string() };
        let mut server = match self.connection.take() {
            Some(server) => server,
            None => Connection::open(&self.address).map_err(silent)?,
        };
        let answer = questions(&mut server).map_err(silent)?;
        // Kept only after an answer: one that failed may have half an answer left in its socket.
        self.connection = Some(server);
        Ok(answer)
    }
}

impl Backend for PulseServer {
    fn server(&mut self) -> Result<SoundServer, CaptureError> {
        Ok(self.query_inventory()?.server())
    }

    fn devices(&mut self) -> Result<Vec<Device>, CaptureError> {
        Ok(self.query_inventory()?.devices())
    }

    fn find_target(
        &mut self,
        track: Track,
        choice: &DeviceChoice,
        current: Option<&CaptureTarget>,
    ) -> Result<CaptureTarget, CaptureError> {
        self.query_inventory()?.find_target(track, choice, current)
    }

    fn open(&mut self, track: Track, target: &CaptureTarget) -> Result<OpenStream, CaptureError> {
        let (stream, tap) = PulseStream::open(&self.address, track, target).map_err(|e| CaptureError::CannotOpen {
            track,
            device: target.name.clone(),
            cause: e.to_string(),
        })?;
        Ok(OpenStream { stream: Box::new(stream), reader: tap })
    }

    fn can_poll(&self) -> bool {
        true
    }

    fn watch(&self, on_change: OnSoundChanged) -> Result<Option<SoundWatch>, CaptureError> {
        Ok(Some(SoundWatch::of(PulseWatch::follow(self.address.clone(), on_change)?)))
    }
}
