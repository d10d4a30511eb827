//! The callback's contract: no allocation. (No lock, log or system call either, by what the type is made of: a
//! single-producer ring and one atomic counter.)

#![cfg(feature = "capture")]

use assert_no_alloc::{AllocDisabler, assert_no_alloc};
use keicho::capture::{StreamInfo, ring};

#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

const NATURE: StreamInfo = StreamInfo { rate: 48_000, silent_when_idle: false };

#[test]
fn a_full_ring_and_an_empty_one_are_written_without_allocating() {
    let (mut end, mut tap) = ring(NATURE);
    let bytes = vec![0x11_u8; 960];
    let frames = vec![0.25_f32; 960];
    assert_no_alloc(|| {
        // Ten times what the ring holds.
        for _ in 0..2_000 {
            end.push_s16le(&bytes);
            end.push_frames(&frames, 2, |sample| sample);
        }
    });
    let mut heard = Vec::new();
    let dropped = tap.drain(&mut heard);
    assert_eq!(heard.len() as u64 + dropped, 2_000 * 960);
    assert_eq!(&heard[480..482], &[0.25, 0.25]);
    assert!(dropped > 0);
}

#[test]
fn odd_ends_are_left_out_and_nothing_panics() {
    let (mut end, mut tap) = ring(NATURE);
    assert_no_alloc(|| {
        end.push_s16le(&[0, 0x40, 7]);
        end.push_frames(&[0.5_f32, 0.25, 0.75], 2, |sample| sample);
        end.push_frames(&[0.5_f32], 0, |sample| sample);
        end.push_frames::<f32>(&[], 2, |sample| sample);
    });
    let mut heard = Vec::new();
    assert_eq!(tap.drain(&mut heard), 0);
    assert_eq!(heard, [0.5, 0.375, 0.5]);
}

#[test]
fn samples_pass_from_one_thread_to_another_in_order() {
    let (mut end, mut tap) = ring(NATURE);
    // They rise from 0 to nearly 1, by a step of 16 bit every 31.
    let sent: Vec<f32> = (0..1_000_000).map(|i| (i / 31) as f32 / 32_768.0).collect();
    let (mut heard, mut dropped) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for piece in sent.chunks(441) {
                assert_no_alloc(|| end.push_frames(piece, 1, |sample| sample));
            }
        });
        while !writer.is_finished() {
            dropped += tap.drain(&mut heard);
        }
    });
    dropped += tap.drain(&mut heard);
    assert_eq!(heard.len() as u64 + dropped, sent.len() as u64);
    assert!(heard.is_sorted());
    assert!(heard.chunk_by(|a, b| a == b).all(|alike| alike.len() <= 31), "none comes twice");
}
