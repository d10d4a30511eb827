//! PulseAudio and PipeWire, by their common protocol.
//!
//! The server resamples and mixes down: what comes is 16 kHz mono. Each stream has a connection of its own, read by
//! a thread of its own. The `pulseaudio` crate's ready-made client is not used, only its protocol: the client cannot
//! list what applications play, does not pass on that a stream was moved or ended, and clears a megabyte at each
//! read.

mod address;
mod connection;
mod find;
mod stream;

use std::path::Path;

use pulseaudio::protocol::{Command, ServerInfo, SinkInfoList, SinkInputInfoList, SourceInfoList};

use address::Address;
use connection::Connection;
use find::Scene;
use stream::PulseStream;

use super::backend::{Backend, Opened, Place};
use super::choice::DeviceChoice;
use super::device::{Device, Server};
use super::error::CaptureError;
use crate::audio::Track;

/// A sound server that answered.
pub(super) struct PulseServer {
    address: Address,
    /// For questions; made anew after a server that ended was started again.
    connection: Option<Connection>,
}

impl PulseServer {
    pub(super) fn connect(socket: Option<&Path>) -> Result<Self, CaptureError> {
        let address = match socket {
            Some(socket) => Address::at(socket),
            None => Address::from_env().map_err(|cause| CaptureError::NoServer { cause })?,
        };
        let connection = Connection::open(&address).map_err(|e| CaptureError::NoServer { cause: e.to_string() })?;
        Ok(Self { address, connection: Some(connection) })
    }

    fn scene(&mut self) -> Result<Scene, CaptureError> {
        self.asking(|server| {
            Ok(Scene {
                server: server.ask::<ServerInfo>(&Command::GetServerInfo)?,
                sources: server.ask::<SourceInfoList>(&Command::GetSourceInfoList)?,
                sinks: server.ask::<SinkInfoList>(&Command::GetSinkInfoList)?,
                inputs: server.ask::<SinkInputInfoList>(&Command::GetSinkInputInfoList)?,
            })
        })
    }

    fn asking<T>(
        &mut self,
        questions: impl FnOnce(&mut Connection) -> Result<T, connection::Failed>,
    ) -> Result<T, CaptureError> {
        let silent = |e: connection::Failed| CaptureError::ServerSilent { cause: e.to_string() };
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
    fn server(&mut self) -> Result<Server, CaptureError> {
        Ok(self.scene()?.server())
    }

    fn devices(&mut self) -> Result<Vec<Device>, CaptureError> {
        Ok(self.scene()?.devices())
    }

    fn find(&mut self, track: Track, choice: &DeviceChoice, held: Option<&Place>) -> Result<Place, CaptureError> {
        self.scene()?.find(track, choice, held)
    }

    fn open(&mut self, track: Track, place: &Place) -> Result<Opened, CaptureError> {
        let (stream, tap) = PulseStream::open(&self.address, track, place).map_err(|e| CaptureError::Unopenable {
            track,
            device: place.name.clone(),
            cause: e.to_string(),
        })?;
        Ok(Opened { stream: Box::new(stream), tap })
    }

    fn can_follow(&self) -> bool {
        true
    }
}
