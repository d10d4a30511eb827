//! The way from a callback to the worker: a ring, and a count of what did not fit.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use ringbuf::traits::{Consumer as _, Producer as _, Split as _};
use ringbuf::{HeapCons, HeapProd, HeapRb};

/// Seconds that a ring holds. The worker empties it every few milliseconds; what it must survive is a worker that
/// waits for the processor behind a busy recogniser.
const CAPACITY_SECS: usize = 4;

/// A sample of 1.0 is this one of 16 bit, less one: so the ring holds them, as a call does, in half the room.
const FULL_SCALE: f32 = 32_768.0;

/// What the worker has to know of a stream to make sense of its samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamInfo {
    /// Samples per second, as the device names its rate.
    pub rate: u32,
    /// Whether the stream sends nothing while nothing is played (WASAPI). Then no sound is silence, not a loss.
    pub silent_when_idle: bool,
}

/// Makes a ring for one stream: the end that writes, and the end that reads.
pub fn ring(info: StreamInfo) -> (RingWriter, RingReader) {
    let (samples, held) = HeapRb::new((info.rate as usize * CAPACITY_SECS).max(1)).split();
    let dropped = Arc::new(AtomicU64::new(0));
    (
        RingWriter { ring: samples, dropped: dropped.clone() },
        RingReader { ring: held, dropped, reported_dropped: 0, info },
    )
}

/// The writing end, owned by a stream's callback.
///
/// Real-time: each method copies what fits and counts what does not. No allocation (`tests/realtime.rs`), and nothing
/// here that could lock, log, call the system or panic: a single-producer ring, one relaxed counter, and arithmetic.
pub struct RingWriter {
    ring: HeapProd<i16>,
    dropped: Arc<AtomicU64>,
}

impl RingWriter {
    /// Takes mono samples of 16 bit, little endian, as they came from a socket. An odd last byte is left out.
    pub fn push_s16le(&mut self, bytes: &[u8]) {
        let (samples, _) = bytes.as_chunks::<2>();
        let fitted = self.ring.push_iter(samples.iter().map(|&s| i16::from_le_bytes(s)));
        self.count_dropped(samples.len(), fitted);
    }

    /// Takes interleaved frames and mixes their channels down to one. `read` turns a sample into −1 to 1.
    pub fn push_frames<T: Copy>(&mut self, samples: &[T], channels: usize, read: impl Fn(T) -> f32) {
        let channels = channels.max(1);
        let share = 1.0 / channels as f32;
        let frames = samples.chunks_exact(channels);
        let arrived = frames.len();
        let mixed = frames.map(|frame| frame.iter().map(|&s| read(s)).sum::<f32>() * share);
        let fitted = self.ring.push_iter(mixed.map(|sample| (sample * FULL_SCALE).round() as i16));
        self.count_dropped(arrived, fitted);
    }

    fn count_dropped(&self, arrived: usize, fitted: usize) {
        self.dropped.fetch_add((arrived - fitted) as u64, Relaxed);
    }
}

/// The reading end, owned by the worker.
pub struct RingReader {
    ring: HeapCons<i16>,
    dropped: Arc<AtomicU64>,
    reported_dropped: u64,
    info: StreamInfo,
}

impl RingReader {
    /// What the stream is like.
    pub fn info(&self) -> StreamInfo {
        self.info
    }

    /// Appends everything that has arrived to `into`, from −1 to 1, and says how many samples after it did not fit into the ring.
    pub fn drain(&mut self, into: &mut Vec<f32>) -> u64 {
        into.extend(self.ring.pop_iter().map(|sample| f32::from(sample) / FULL_SCALE));
        let dropped = self.dropped.load(Relaxed);
        let since = dropped - self.reported_dropped;
        self.reported_dropped = dropped;
        since
    }
}
