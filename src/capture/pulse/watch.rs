//! The server's own news of what changes: nothing is asked for until it says that something has.

use std::io;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use pulseaudio::protocol::{
    Command, Prop, Props, SinkInputInfoList, SourceInfo, SourceInfoList, SourceOutputInfoList, SubscriptionMask,
};

use super::address::Address;
use super::connection::{Connection, ConnectionError};
use super::inventory::app_names;
use crate::capture::error::CaptureError;
use crate::capture::sound_state::{AppStream, Microphone, SoundState, StreamUse};
use crate::capture::watch::OnSoundChanged;

/// A server that has ended is looked for after this long, and then at double the time, up to the last. Only then does
/// anything tick.
const FIRST_RETRY: Duration = Duration::from_millis(200);
const LAST_RETRY: Duration = Duration::from_secs(5);

/// Follows a server on a thread of its own.
pub(in crate::capture) struct PulseWatch {
    link: Arc<Link>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread and its owner share.
#[derive(Default)]
struct Link {
    /// Contended at the end alone, for as long as two words take.
    state: Mutex<LinkState>,
    ended: Condvar,
}

#[derive(Default)]
struct LinkState {
    is_ended: bool,
    /// The connection that is read, so that the read can be ended.
    socket: Option<UnixStream>,
}

impl PulseWatch {
    pub(in crate::capture) fn start(socket: Option<&Path>, on_change: OnSoundChanged) -> Result<Self, CaptureError> {
        let address = match socket {
            Some(socket) => Address::from_socket(socket),
            None => Address::from_env()?,
        };
        Self::follow(address, on_change)
    }

    /// Follows the server at this address.
    pub(super) fn follow(address: Address, mut on_change: OnSoundChanged) -> Result<Self, CaptureError> {
        let link = Arc::new(Link::default());
        let follower = Arc::clone(&link);
        let thread = thread::Builder::new()
            .name("sound".to_owned())
            .spawn(move || follow(&address, &follower, &mut on_change))
            .map_err(|cause| CaptureError::Stopped { cause: cause.to_string() })?;
        Ok(Self { link, thread: Some(thread) })
    }
}

impl Drop for PulseWatch {
    fn drop(&mut self) {
        let mut state = self.link.lock();
        state.is_ended = true;
        if let Some(socket) = &state.socket {
            // It fails if the server has hung up, and then the read has ended by itself.
            let _ = socket.shutdown(Shutdown::Both);
        }
        drop(state);
        self.link.ended.notify_all();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that follows the sound server panicked");
        }
    }
}

impl Link {
    fn lock(&self) -> MutexGuard<'_, LinkState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for that long, or for the end; whether that has come.
    fn wait(&self, time: Duration) -> bool {
        let waited = self.ended.wait_timeout_while(self.lock(), time, |state| !state.is_ended);
        waited.unwrap_or_else(PoisonError::into_inner).0.is_ended
    }
}

/// Follows one server after another until the end.
fn follow(address: &Address, link: &Link, on_change: &mut OnSoundChanged) {
    let mut retry = FIRST_RETRY;
    let mut is_told_gone = false;
    loop {
        let mut on_state = |state| {
            (retry, is_told_gone) = (FIRST_RETRY, false);
            on_change(Some(state));
        };
        // What fails badly is what a server that ends is: another connection follows.
        let followed = catch_unwind(AssertUnwindSafe(|| follow_connection(address, link, &mut on_state)));
        let ended = followed.unwrap_or_else(|_| Err(ConnectionError::from(io::Error::other("following it failed"))));
        if link.lock().is_ended {
            return;
        }
        if !is_told_gone {
            if let Err(cause) = ended {
                tracing::warn!("the sound server is awaited: {cause}");
            }
            is_told_gone = true;
            on_change(None);
        }
        if link.wait(retry) {
            return;
        }
        retry = (2 * retry).min(LAST_RETRY);
    }
}

fn follow_connection(
    address: &Address,
    link: &Link,
    on_state: &mut dyn FnMut(SoundState),
) -> Result<(), ConnectionError> {
    let mut server = Connection::open(address)?;
    link.lock().socket = Some(server.clone_socket()?);
    let changes = SubscriptionMask::SOURCE | SubscriptionMask::SINK_INPUT | SubscriptionMask::SOURCE_OUTPUT;
    server.subscribe(changes)?;
    let mut last = None;
    loop {
        server.forget_news();
        let state = query(&mut server)?;
        if last.as_ref() != Some(&state) {
            on_state(state.clone());
            last = Some(state);
        }
        if link.lock().is_ended {
            return Ok(());
        }
        server.wait_for_news()?;
    }
}

fn query(server: &mut Connection) -> Result<SoundState, ConnectionError> {
    let sources: SourceInfoList = server.request(&Command::GetSourceInfoList)?;
    let outputs: SourceOutputInfoList = server.request(&Command::GetSourceOutputInfoList)?;
    let inputs: SinkInputInfoList = server.request(&Command::GetSinkInputInfoList)?;
    let is_microphone = |source: &&SourceInfo| source.monitor_of_sink_index.is_none();
    let microphones: Vec<&SourceInfo> = sources.iter().filter(is_microphone).collect();
    let recording = outputs
        .iter()
        .filter(|output| microphones.iter().any(|source| source.index == output.source_index))
        .map(|output| AppStream {
            stream_use: StreamUse::Record,
            index: output.index,
            microphone: Some(output.source_index),
            process: process_id(&output.props),
            names: app_names(&output.props),
            is_corked: output.corked,
            is_muted: output.muted,
        });
    let playing = inputs.iter().map(|input| AppStream {
        stream_use: StreamUse::Play,
        index: input.index,
        microphone: None,
        process: process_id(&input.props),
        names: app_names(&input.props),
        is_corked: input.corked,
        is_muted: input.muted,
    });
    let streams = recording.chain(playing).filter(|stream| !stream.names.is_empty()).collect();
    let microphones =
        microphones.iter().map(|source| Microphone { index: source.index, is_muted: source.muted }).collect();
    Ok(SoundState { microphones, streams })
}

/// The process of the application, as that says itself.
fn process_id(props: &Props) -> Option<u32> {
    let text = String::from_utf8_lossy(props.get(Prop::ApplicationProcessId)?);
    text.trim_end_matches('\0').parse().ok()
}
