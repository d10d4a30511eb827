//! A stream: a connection whose server sends sound, and the thread that puts it into a ring.

use std::ffi::CString;
use std::io::{self, Read as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::thread::{self, JoinHandle};

use pulseaudio::protocol::stream::{BufferAttr, StreamFlags};
use pulseaudio::protocol::{
    self, ChannelMap, Command, CreateRecordStreamReply, DESCRIPTOR_SIZE, Prop, Props, RecordStreamParams, SampleFormat,
    SampleSpec,
};

use super::address::Address;
use super::connection::{Connection, ConnectionError};
use crate::audio::{BLOCK_SIZE, Track};
use crate::capture::backend::{CaptureTarget, RunningFlag, Stream};
use crate::capture::ring::{RingReader, RingWriter, StreamInfo, ring};
use crate::time::SAMPLE_RATE;

/// Bytes taken from the socket at once; a fragment of 10 ms has 320. Even, so no sample is cut.
const PIECE: usize = 4096;

/// A monitor sends zeros while nothing is played: no data is a loss.
const STREAM_INFO: StreamInfo = StreamInfo { rate: SAMPLE_RATE, silent_when_idle: false };

pub(super) struct PulseStream {
    socket: UnixStream,
    runs: RunningFlag,
    thread: Option<JoinHandle<()>>,
}

impl PulseStream {
    pub(super) fn open(
        address: &Address,
        track: Track,
        target: &CaptureTarget,
    ) -> Result<(Self, RingReader), ConnectionError> {
        let mut server = Connection::open(address)?;
        let created: CreateRecordStreamReply = server.request(&Command::CreateRecordStream(record_params(target)?))?;
        let (socket, version) = server.into_parts()?;
        let (writer, reader) = ring(STREAM_INFO);
        let (runs, guard) = RunningFlag::new();
        let socket_reader = SocketReader { socket: socket.try_clone()?, channel: created.channel, version, writer };
        let name = match track {
            Track::Me => "capture me",
            Track::Them => "capture them",
        };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            // Dropped as it fails, too: the stream is opened again then.
            let _guard = guard;
            let ended = socket_reader.run();
            tracing::debug!("a stream ended: {ended}");
        })?;
        Ok((Self { socket, runs, thread: Some(thread) }, reader))
    }
}

impl Stream for PulseStream {
    fn is_running(&self) -> bool {
        self.runs.is_set()
    }
}

impl Drop for PulseStream {
    fn drop(&mut self) {
        // Ends the thread's read. It fails only if the server has hung up already, and then the read has ended.
        let _ = self.socket.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("a capture thread panicked");
        }
    }
}

/// 16 kHz, mono, in pieces of 10 ms, from this place and no other.
fn record_params(target: &CaptureTarget) -> Result<RecordStreamParams, ConnectionError> {
    let source = CString::new(target.id.as_str()).map_err(io::Error::from)?;
    let mut props = Props::new();
    props.set(Prop::MediaName, c"Keicho");
    // Else PipeWire adds 3 dB when it makes two channels one, and what was loud is clipped.
    props.set_bytes(c"channelmix.normalize", b"true\0");
    Ok(RecordStreamParams {
        sample_spec: SampleSpec { format: SampleFormat::S16Le, channels: 1, sample_rate: SAMPLE_RATE },
        channel_map: ChannelMap::mono(),
        source_name: Some(source),
        direct_on_input_index: target.sink_input,
        buffer_attr: BufferAttr {
            // Anything shorter loses sound when a player's buffers are large.
            max_length: u32::MAX,
            fragment_size: 2 * BLOCK_SIZE as u32,
            ..BufferAttr::default()
        },
        flags: StreamFlags {
            adjust_latency: true,
            // Else an unplugged device's stream goes on, silently, with the sound of another.
            no_move: true,
            // A muted recorder in the server's memory is not the user's wish for this call.
            start_muted: Some(false),
            ..StreamFlags::default()
        },
        props,
        ..RecordStreamParams::default()
    })
}

/// What the thread owns.
struct SocketReader {
    socket: UnixStream,
    channel: u32,
    version: u16,
    writer: RingWriter,
}

impl SocketReader {
    /// Reads until the stream ends, and says why it did.
    fn run(mut self) -> String {
        let mut header = [0; DESCRIPTOR_SIZE];
        let mut piece = [0; PIECE];
        loop {
            let message = self.socket.read_exact(&mut header).map_err(ConnectionError::from).and_then(|()| {
                let message = protocol::read_descriptor(&mut header.as_slice())?;
                Ok((message.channel, message.length as usize))
            });
            let done = match message {
                Ok((channel, length)) if channel == self.channel => self.read_audio(length, &mut piece),
                Ok((_, length)) => self.read_control(length),
                Err(why) => Err(why),
            };
            match done {
                Ok(None) => {}
                Ok(Some(end)) => return end.to_owned(),
                Err(why) => return why.to_string(),
            }
        }
    }

    fn read_audio(
        &mut self,
        mut length: usize,
        piece: &mut [u8; PIECE],
    ) -> Result<Option<&'static str>, ConnectionError> {
        while length > 0 {
            let piece = &mut piece[..length.min(PIECE)];
            self.socket.read_exact(piece)?;
            self.writer.push_s16le(piece);
            length -= piece.len();
        }
        Ok(None)
    }

    /// What the server says about the stream.
    fn read_control(&mut self, length: usize) -> Result<Option<&'static str>, ConnectionError> {
        let mut payload = Vec::new();
        (&mut self.socket).take(length as u64).read_to_end(&mut payload)?;
        Ok(match Command::read_tag_prefixed(&mut payload.as_slice(), self.version) {
            Ok((_, Command::RecordStreamKilled(_))) => Some("the server ended it"),
            Ok((_, Command::RecordStreamMoved(_))) => Some("the server moved it to another device"),
            // News of buffers and levels, and what a later protocol may add: nothing that this thread acts on.
            _ => None,
        })
    }
}
