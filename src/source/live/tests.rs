//! The way from the rings to the mixer.

use super::clock::Tick;
use super::mixer::Mixer;
use super::*;
use crate::capture::{RingWriter, StreamInfo, ring};
use crate::time::SAMPLE_RATE;

const PER_MS: i64 = SAMPLE_RATE as i64 / 1_000;

/// One track's ring and what reads it.
struct Way {
    writer: RingWriter,
    reader: RingReader,
    input: TrackInput,
}

impl Way {
    fn new() -> Self {
        let (writer, reader) = ring(StreamInfo { rate: SAMPLE_RATE, silent_when_idle: false });
        let input = TrackInput::new(&reader, "device".to_owned()).unwrap();
        Self { writer, reader, input }
    }

    /// So much sound arrives.
    fn arrives(&mut self, ms: i64) {
        self.writer.push_s16le(&vec![0; (2 * ms * PER_MS) as usize]);
    }
}

#[test]
fn a_worker_that_stands_still_beside_the_clock_takes_nothing_for_early_and_nothing_for_lost() {
    let mut ways = PerTrack { me: Way::new(), them: Way::new() };
    let mut mixer = Mixer::new(Tick(0), false).unwrap();
    let mut blocks = Vec::new();
    let mut now = Tick(0);
    for look in 0..600 {
        now.0 += 10 * PER_MS;
        let stands_still_ms = if look == 300 { 280 } else { 0 };
        for track in Track::BOTH {
            ways[track].arrives(10);
        }
        for track in Track::BOTH {
            let Way { writer, reader, input } = &mut ways[track];
            let read = now;
            input
                .feed_mixer(track, reader, &mut mixer, || {
                    // The clock has been read, and now the worker has to wait for a processor.
                    writer.push_s16le(&vec![0; (2 * stands_still_ms * PER_MS) as usize]);
                    read
                })
                .unwrap();
        }
        now.0 += stands_still_ms * PER_MS;
        while let Some(block) = mixer.next(now).unwrap() {
            blocks.push(block);
        }
    }
    let lost = |track: Track| blocks.iter().filter(|block| block.lost[track]).count();
    assert_eq!((lost(Track::Me), lost(Track::Them)), (0, 0));
    let missing_ms = now.0 / PER_MS - 10 * blocks.len() as i64;
    assert!(missing_ms <= 340, "{missing_ms} ms behind the clock");
}
