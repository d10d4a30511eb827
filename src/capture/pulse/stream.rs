//! A stream: a connection whose server sends sound, and the thread that puts it into a ring.

use std::ffi::CString;
use std::io::{self, Read as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{self, JoinHandle};

use pulseaudio::protocol::stream::{BufferAttr, StreamFlags};
use pulseaudio::protocol::{
    self, ChannelMap, Command, CreateRecordStreamReply, DESCRIPTOR_SIZE, Prop, Props, RecordStreamParams, SampleFormat,
    SampleSpec,
};

use super::address::Address;
use super::connection::{Connection, Failed};
use crate::audio::{BLOCK, Track};
use crate::capture::backend::{Place, Stream};
use crate::capture::ring::{Nature, RingEnd, Tap, ring};
use crate::time::SAMPLE_RATE;

/// Bytes taken from the socket at once; a fragment of 10 ms has 320. Even, so no sample is cut.
const PIECE: usize = 4096;

/// A monitor sends zeros while nothing is played: no data is a loss.
const NATURE: Nature = Nature { rate: SAMPLE_RATE, silent_when_idle: false };

pub(super) struct PulseStream {
    socket: UnixStream,
    runs: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl PulseStream {
    pub(super) fn open(address: &Address, track: Track, place: &Place) -> Result<(Self, Tap), Failed> {
        let mut server = Connection::open(address)?;
        let created: CreateRecordStreamReply = server.ask(&Command::CreateRecordStream(wish(place)?))?;
        let (socket, version) = server.into_parts()?;
        let (end, tap) = ring(NATURE);
        let runs = Arc::new(AtomicBool::new(true));
        let line = Line { socket: socket.try_clone()?, channel: created.channel, version, end };
        let running = runs.clone();
        let name = match track {
            Track::Me => "capture me",
            Track::Them => "capture them",
        };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            let ended = line.listen();
            running.store(false, Relaxed);
            tracing::debug!("a stream ended: {ended}");
        })?;
        Ok((Self { socket, runs, thread: Some(thread) }, tap))
    }
}

impl Stream for PulseStream {
    fn runs(&self) -> bool {
        self.runs.load(Relaxed)
    }
}

impl Drop for PulseStream {
    fn drop(&mut self) {
        // Ends the thread's read. It fails only where the server has hung up already, and then the read has ended.
        let _ = self.socket.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("a capture thread panicked");
        }
    }
}

/// 16 kHz, mono, in pieces of 10 ms, from this place and no other.
fn wish(place: &Place) -> Result<RecordStreamParams, Failed> {
    let source = CString::new(place.id.as_str()).map_err(io::Error::from)?;
    let mut props = Props::new();
    props.set(Prop::MediaName, c"Keicho");
    // Else PipeWire adds 3 dB when it makes two channels one, and what was loud is clipped.
    props.set_bytes(c"channelmix.normalize", b"true\0");
    Ok(RecordStreamParams {
        sample_spec: SampleSpec { format: SampleFormat::S16Le, channels: 1, sample_rate: SAMPLE_RATE },
        channel_map: ChannelMap::mono(),
        source_name: Some(source),
        direct_on_input_index: place.input,
        buffer_attr: BufferAttr {
            // Anything shorter loses sound when a player's buffers are large.
            max_length: u32::MAX,
            fragment_size: 2 * BLOCK as u32,
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
struct Line {
    socket: UnixStream,
    channel: u32,
    version: u16,
    end: RingEnd,
}

impl Line {
    /// Reads until the stream ends, and says why it did.
    fn listen(mut self) -> String {
        let mut header = [0; DESCRIPTOR_SIZE];
        let mut piece = [0; PIECE];
        loop {
            let message = self.socket.read_exact(&mut header).map_err(Failed::from).and_then(|()| {
                let message = protocol::read_descriptor(&mut header.as_slice())?;
                Ok((message.channel, message.length as usize))
            });
            let done = match message {
                Ok((channel, length)) if channel == self.channel => self.hear(length, &mut piece),
                Ok((_, length)) => self.heed(length),
                Err(why) => Err(why),
            };
            match done {
                Ok(None) => {}
                Ok(Some(end)) => return end.to_owned(),
                Err(why) => return why.to_string(),
            }
        }
    }

    fn hear(&mut self, mut length: usize, piece: &mut [u8; PIECE]) -> Result<Option<&'static str>, Failed> {
        while length > 0 {
            let piece = &mut piece[..length.min(PIECE)];
            self.socket.read_exact(piece)?;
            self.end.push_s16le(piece);
            length -= piece.len();
        }
        Ok(None)
    }

    /// What the server says about the stream.
    fn heed(&mut self, length: usize) -> Result<Option<&'static str>, Failed> {
        let mut said = Vec::new();
        (&mut self.socket).take(length as u64).read_to_end(&mut said)?;
        Ok(match Command::read_tag_prefixed(&mut said.as_slice(), self.version) {
            Ok((_, Command::RecordStreamKilled(_))) => Some("the server ended it"),
            Ok((_, Command::RecordStreamMoved(_))) => Some("the server moved it to another device"),
            // News of buffers and levels, and what a later protocol may add: nothing that this thread acts on.
            _ => None,
        })
    }
}
