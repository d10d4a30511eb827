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

use pulseaudio::protocol::{Command, ServerInfo, SinkInfoList, SinkInputInfoList, SourceInfoList, SubscriptionMask};

use address::Address;
use connection::{Connection, ConnectionError};
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
    /// What it answered last over this connection.
    inventory: Option<Inventory>,
}

impl PulseServer {
    pub(super) fn connect(socket: Option<&Path>) -> Result<Self, CaptureError> {
        let address = match socket {
            Some(socket) => Address::from_socket(socket),
            None => Address::from_env()?,
        };
        let connection = subscribed(&address).map_err(|e| CaptureError::NoServer { cause: e.to_string() })?;
        Ok(Self { address, connection: Some(connection), inventory: None })
    }

    /// What the server has. It is asked only if it has said that something changed.
    fn inventory(&mut self) -> Result<&Inventory, CaptureError> {
        let silent = |e: ConnectionError| CaptureError::ServerSilent { cause: e.to_string() };
        let (mut server, last) = match self.connection.take() {
            Some(server) => (server, self.inventory.take()),
            None => (subscribed(&self.address).map_err(silent)?, None),
        };
        let changed = server.has_news().map_err(silent)?;
        let inventory = match last.filter(|_| !changed) {
            Some(inventory) => inventory,
            None => query_inventory(&mut server).map_err(silent)?,
        };
        // Kept only after an answer: one that failed may have half an answer left in its socket.
        self.connection = Some(server);
        Ok(self.inventory.insert(inventory))
    }
}

/// A connection that is told what changes of what [`query_inventory`] asks for.
fn subscribed(address: &Address) -> Result<Connection, ConnectionError> {
    let mut server = Connection::open(address)?;
    server.subscribe(
        SubscriptionMask::SERVER | SubscriptionMask::SOURCE | SubscriptionMask::SINK | SubscriptionMask::SINK_INPUT,
    )?;
    Ok(server)
}

fn query_inventory(server: &mut Connection) -> Result<Inventory, ConnectionError> {
    server.forget_news();
    Ok(Inventory {
        server: server.request::<ServerInfo>(&Command::GetServerInfo)?,
        sources: server.request::<SourceInfoList>(&Command::GetSourceInfoList)?,
        sinks: server.request::<SinkInfoList>(&Command::GetSinkInfoList)?,
        sink_inputs: server.request::<SinkInputInfoList>(&Command::GetSinkInputInfoList)?,
    })
}

impl Backend for PulseServer {
    fn server(&mut self) -> Result<SoundServer, CaptureError> {
        Ok(self.inventory()?.server())
    }

    fn ping(&mut self) -> Result<(), CaptureError> {
        self.inventory()?;
        let Some(mut server) = self.connection.take() else { return Ok(()) };
        let answered = server.request::<ServerInfo>(&Command::GetServerInfo);
        answered.map_err(|e| CaptureError::ServerSilent { cause: e.to_string() })?;
        // Kept only after an answer, as above.
        self.connection = Some(server);
        Ok(())
    }

    fn devices(&mut self) -> Result<Vec<Device>, CaptureError> {
        Ok(self.inventory()?.devices())
    }

    fn find_target(
        &mut self,
        track: Track,
        choice: &DeviceChoice,
        current: Option<&CaptureTarget>,
    ) -> Result<CaptureTarget, CaptureError> {
        self.inventory()?.find_target(track, choice, current)
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
