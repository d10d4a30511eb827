use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::source::live::mixer::simulation::{SimulatedDevice, Simulation, offset};
use crate::time::SAMPLE_RATE;

/// Two devices that send 10 ms at a time.
fn world() -> Simulation {
    Simulation::new(SimulatedDevice::new(10), SimulatedDevice::new(10))
}

fn lost(blocks: &[Block], track: Track) -> usize {
    blocks.iter().filter(|block| block.lost[track]).count()
}

fn follow_each_other(blocks: &[Block]) {
    for (i, block) in blocks.iter().enumerate() {
        assert_eq!(block.start.count(), (i * BLOCK_SIZE) as u64);
    }
}

/// The offsets between the tracks, in samples, wherever both are heard.
fn offsets(blocks: &[Block]) -> Range<i64> {
    let all: Vec<_> = blocks.iter().filter(|b| !b.lost.me && !b.lost.them).filter_map(offset).collect();
    all.iter().copied().min().unwrap()..all.iter().copied().max().unwrap() + 1
}

#[test]
fn the_call_begins_once_both_are_heard_and_loses_nothing() {
    let mut world = world();
    world.them.starts_after(1900);
    world.run(10_000);
    follow_each_other(&world.blocks);
    assert_eq!((lost(&world.blocks, Track::Me), lost(&world.blocks, Track::Them)), (0, 0));
    // All but the 1.9 s before the far end was heard, 0.3 s of listening, and what is on its way.
    assert!((770..=780).contains(&world.blocks.len()), "{}", world.blocks.len());
    let offsets = offsets(&world.blocks);
    assert!(offsets.start >= -16 && offsets.end <= 16, "{offsets:?}");
}

#[test]
fn the_microphone_passes_to_the_bit() {
    let mut world = world();
    world.run(5_000);
    let first = world.blocks[0].pcm.me[0];
    let heard: Vec<i16> = world.blocks.iter().flat_map(|b| b.pcm.me).collect();
    let sent: Vec<i16> = (0..u64::from(SAMPLE_RATE) * 5).map(|i| world.me.sample(i as i64)).collect();
    let start = sent.iter().position(|&s| s == first).unwrap();
    assert!(sent[start..].starts_with(&heard));
}

#[test]
fn a_block_is_out_a_piece_after_it_was_heard() {
    let mut world = world();
    world.run(5_000);
    // The clock has counted 5 s; the call began 0.3 s late. What is missing at its end is on its way.
    let missing = 5_000 - 310 - world.blocks.len() * 10;
    assert!(missing <= 20, "{missing} ms");
}

#[test]
fn drift_of_an_hour_is_stretched_away() {
    for ppm in [-200.0, 200.0] {
        let mut world = world();
        world.me.ppm = ppm / 2.0;
        world.them.ppm = -ppm / 2.0;
        let mut widest = 0;
        for _ in 0..360 {
            world.run(10_000);
            let blocks = std::mem::take(&mut world.blocks);
            assert_eq!((lost(&blocks, Track::Me), lost(&blocks, Track::Them)), (0, 0));
            let offsets = offsets(&blocks);
            widest = widest.max(offsets.end).max(-offsets.start);
        }
        assert!(widest <= Samples::from_ms(10).count() as i64, "{ppm} ppm: {widest} samples");
    }
}

#[test]
fn a_far_end_that_stops_is_lost_and_comes_back_in_its_place() {
    let mut world = world();
    world.run(3_000);
    world.them.on = false;
    world.run(5_000);
    world.them.on = true;
    world.run(4_000);
    follow_each_other(&world.blocks);
    assert_eq!(lost(&world.blocks, Track::Me), 0);
    // 5 s of nothing and 0.3 s of settling.
    let lost = lost(&world.blocks, Track::Them);
    assert!((528..=534).contains(&lost), "{lost}");
    let after = offsets(&world.blocks[900..]);
    assert!(after.start >= -32 && after.end <= 32, "{after:?}");
}

#[test]
fn while_it_is_lost_the_other_goes_on_without_delay() {
    let mut world = world();
    world.run(3_000);
    world.them.on = false;
    world.run(2_000);
    assert!(world.blocks.len() >= (5_000 - 310 - 20) / 10);
    let absent = world.mixer.absent_for(Track::Them, world.now).unwrap();
    assert!((1_980..=2_020).contains(&absent.as_ms()), "{}", absent.as_ms());
}

#[test]
fn without_the_microphone_the_clock_goes_on_and_it_finds_its_place_again() {
    let mut world = world();
    world.run(3_000);
    world.me.on = false;
    world.run(5_000);
    world.me.on = true;
    world.run(4_000);
    follow_each_other(&world.blocks);
    assert_eq!(lost(&world.blocks, Track::Them), 0);
    let lost = lost(&world.blocks, Track::Me);
    assert!((528..=534).contains(&lost), "{lost}");
    let all = offsets(&world.blocks);
    assert!(all.start >= -32 && all.end <= 32, "{all:?}");
    // No time was lost: 12 s less the opening.
    assert!((1_166..=1_170).contains(&world.blocks.len()), "{}", world.blocks.len());
}

#[test]
fn a_computer_that_slept_is_an_hour_older_and_lost_it() {
    let mut world = world();
    world.run(3_000);
    world.sleep(3_600_000);
    world.run(3_000);
    assert!(world.mixer.me.room().max(world.mixer.them.room()) < BLOCK_SIZE * 500, "an hour of nothing takes no room");
    follow_each_other(&world.blocks);
    assert!(world.blocks.len() >= 360_000 + 560, "{}", world.blocks.len());
    let (me, them) = (lost(&world.blocks, Track::Me), lost(&world.blocks, Track::Them));
    assert!((360_000..360_050).contains(&me) && (360_000..360_050).contains(&them), "{me} {them}");
    let after = offsets(&world.blocks[360_400..]);
    assert!(after.start >= -32 && after.end <= 32, "{after:?}");
}

#[test]
fn a_loopback_that_sends_nothing_while_nothing_plays_is_silent_not_lost() {
    let mut world = Simulation::idle_when_silent(SimulatedDevice::new(10), SimulatedDevice::new(10));
    world.them.on = false;
    world.run(3_000);
    world.them.on = true;
    world.run(3_000);
    world.them.on = false;
    world.run(3_000);
    world.them.on = true;
    world.run(3_000);
    follow_each_other(&world.blocks);
    assert_eq!((lost(&world.blocks, Track::Me), lost(&world.blocks, Track::Them)), (0, 0));
    assert_eq!(world.mixer.absent_for(Track::Them, world.now), None);
    assert!(world.blocks[..250].iter().all(|b| b.pcm.them == SILENCE));
    assert!(world.blocks[650..850].iter().all(|b| b.pcm.them == SILENCE));
    let playing: Vec<_> = [&world.blocks[300..550], &world.blocks[900..]].concat();
    let offsets = offsets(&playing);
    assert!(offsets.start >= -160 && offsets.end <= 160, "{offsets:?}");
}

#[test]
fn a_device_that_is_gone_is_lost_at_once() {
    let mut world = Simulation::idle_when_silent(SimulatedDevice::new(10), SimulatedDevice::new(10));
    world.run(1_000);
    world.them.on = false;
    world.mixer.close_device(Track::Them, world.now);
    world.run(1_000);
    let missed = lost(&world.blocks, Track::Them);
    assert!((98..=101).contains(&missed), "{missed}");
    world.mixer.reopen_device(Track::Them, true);
    world.run(1_000);
    assert_eq!(lost(&world.blocks, Track::Them), missed);
}

#[test]
fn devices_that_change_fifty_times_cost_their_absence_and_nothing_more() {
    let mut world = world();
    world.run(3_000);
    for change in 0..50 {
        let track = if change % 2 == 0 { Track::Me } else { Track::Them };
        let (before, other) = (lost(&world.blocks, track), lost(&world.blocks, !track));
        // Another profile, or another device: pieces of another length, after half a second of nothing.
        world.device(track).on = false;
        world.mixer.close_device(track, world.now);
        world.run(500);
        world.mixer.reopen_device(track, false);
        world.device(track).on = true;
        world.device(track).set_piece(if change % 4 < 2 { 20 } else { 10 });
        world.run(2_000);
        let missing = lost(&world.blocks, track) - before;
        assert!((50..=90).contains(&missing), "{change}: {missing} blocks of {track:?}");
        assert_eq!(lost(&world.blocks, !track), other, "{change}: the other loses nothing");
    }
    follow_each_other(&world.blocks);
    let missing = (world.now.0 / 160) as usize - world.blocks.len();
    assert!(missing <= 40, "{missing} blocks behind the clock");
    let after = offsets(&world.blocks[world.blocks.len() - 100..]);
    assert!(after.start >= -360 && after.end <= 360, "a piece is all that the arrivals leave open: {after:?}");
}

#[test]
fn a_loopback_that_is_silent_for_ten_minutes_is_silent_and_back_at_once() {
    let mut world = Simulation::idle_when_silent(SimulatedDevice::new(10), SimulatedDevice::new(10));
    world.run(3_000);
    world.them.on = false;
    world.run(600_000);
    world.them.on = true;
    world.run(3_000);
    follow_each_other(&world.blocks);
    assert_eq!((lost(&world.blocks, Track::Me), lost(&world.blocks, Track::Them)), (0, 0));
    let after = offsets(&world.blocks[world.blocks.len() - 200..]);
    assert!(after.start >= -160 && after.end <= 160, "{after:?}");
}

#[test]
fn what_did_not_fit_is_lost_and_moves_nothing() {
    let mut world = world();
    world.run(3_000);
    world.overflow_rings(5_000, [4_500, 4_750]);
    world.run(3_000);
    follow_each_other(&world.blocks);
    let (me, them) = (lost(&world.blocks, Track::Me), lost(&world.blocks, Track::Them));
    assert!((50..=52).contains(&me) && (25..=27).contains(&them), "{me} {them}");
    let all = offsets(&world.blocks);
    assert!(all.start >= -32 && all.end <= 32, "{all:?}");
}

#[test]
fn what_was_captured_while_the_process_stood_still_comes_late_and_in_order() {
    for ms in [500, 1_000, 2_000, 4_000] {
        for read_after in [0, 5, 300] {
            let mut world = world();
            world.run(3_000);
            world.stall(ms, read_after);
            world.run(3_000);
            follow_each_other(&world.blocks);
            let (me, them) = (lost(&world.blocks, Track::Me), lost(&world.blocks, Track::Them));
            assert_eq!((me, them), (0, 0), "{ms} ms, read {read_after} ms later");
            let offsets = offsets(&world.blocks);
            assert!(offsets.start >= -32 && offsets.end <= 32, "{offsets:?}");
            let missing = 6_000 + ms + read_after - 310 - world.blocks.len() as i64 * 10;
            assert!((0..=20).contains(&missing), "{missing} ms");
        }
    }
}

#[test]
fn what_comes_in_two_parts_after_the_process_stood_still_is_not_taken_for_lost() {
    // Whatever the moment at which arrivals were compared last.
    for since in (0..1_000).step_by(5) {
        for held_back in [60, 150, 280] {
            let mut world = world();
            world.run(3_000 + since);
            world.stall_then_catch_up_in_two(1_000, held_back, 10);
            world.run(3_000);
            follow_each_other(&world.blocks);
            let (me, them) = (lost(&world.blocks, Track::Me), lost(&world.blocks, Track::Them));
            assert_eq!((me, them), (0, 0), "{since} ms, and {held_back} ms came later");
            let offsets = offsets(&world.blocks);
            assert!(offsets.start >= -32 && offsets.end <= 32, "{offsets:?}");
        }
    }
}

#[test]
fn what_comes_late_while_the_worker_looks_is_not_taken_for_lost() {
    for held in [&Track::BOTH[..], &[Track::Me], &[Track::Them]] {
        for ms in [100, 290, 310, 500, 750] {
            let mut world = world();
            world.run(3_000);
            for _ in 0..3 {
                world.hold_back(held, ms);
                world.run(100);
            }
            world.run(3_000);
            follow_each_other(&world.blocks);
            let (me, them) = (lost(&world.blocks, Track::Me), lost(&world.blocks, Track::Them));
            assert_eq!((me, them), (0, 0), "{ms} ms of {held:?}");
            let offsets = offsets(&world.blocks);
            assert!(offsets.start >= -32 && offsets.end <= 32, "{ms} ms of {held:?}: {offsets:?}");
            let missing = 6_300 + 3 * ms - 310 - world.blocks.len() as i64 * 10;
            assert!((0..=20).contains(&missing), "{missing} ms");
        }
    }
}

#[test]
fn a_second_of_nothing_but_late_sound_is_not_taken_for_a_hole() {
    // Whatever the moment at which arrivals were compared last.
    for since in (0..1_000).step_by(50) {
        let mut world = world();
        world.run(3_000 + since);
        // All that comes for 1.2 s has waited for 90 ms; what comes then is in time again.
        for track in Track::BOTH {
            world.device(track).delay(90);
        }
        world.run(1_200);
        for track in Track::BOTH {
            world.device(track).delay(0);
        }
        world.run(4_000);
        follow_each_other(&world.blocks);
        let (me, them) = (lost(&world.blocks, Track::Me), lost(&world.blocks, Track::Them));
        assert_eq!((me, them), (0, 0), "{since} ms");
        let offsets = offsets(&world.blocks);
        assert!(offsets.start >= -32 && offsets.end <= 32, "{since} ms: {offsets:?}");
    }
}

#[test]
fn what_a_track_did_not_send_for_a_while_is_lost_in_its_place() {
    for (track, ms) in Track::BOTH.into_iter().flat_map(|track| [350, 500, 750].map(|ms| (track, ms))) {
        let mut world = world();
        world.run(3_000);
        let before = world.blocks.len();
        world.device(track).on = false;
        world.run(ms);
        world.device(track).on = true;
        world.run(3_000);
        follow_each_other(&world.blocks);
        assert_eq!(lost(&world.blocks, !track), 0, "{ms} ms");
        let lost: Vec<_> = (0..world.blocks.len()).filter(|&i| world.blocks[i].lost[track]).collect();
        let expected = (ms / 10) as usize;
        assert!((expected - 3..=expected + 3).contains(&lost.len()), "{ms} ms of {track:?}: {} blocks", lost.len());
        assert!((before..before + 5).contains(&lost[0]), "{ms} ms of {track:?}: from {} after {before}", lost[0]);
        let offsets = offsets(&world.blocks);
        assert!(offsets.start >= -320 && offsets.end <= 320, "{ms} ms of {track:?}: {offsets:?}");
    }
}

#[test]
fn what_nobody_captured_while_the_process_stood_still_is_lost_in_its_place() {
    for ms in [500, 2_000, 4_000] {
        let mut world = world();
        world.run(3_000);
        let before = world.blocks.len();
        world.sleep(ms);
        world.run(3_000);
        follow_each_other(&world.blocks);
        for track in Track::BOTH {
            let lost: Vec<_> = (0..world.blocks.len()).filter(|&i| world.blocks[i].lost[track]).collect();
            let expected = (ms / 10) as usize;
            assert!((expected - 3..=expected + 3).contains(&lost.len()), "{ms}: {track:?} {} blocks", lost.len());
            assert!((before..before + 5).contains(&lost[0]), "{ms}: {track:?} from {} after {before}", lost[0]);
            assert_eq!(lost[lost.len() - 1] - lost[0] + 1, lost.len(), "in one piece");
        }
        let offsets = offsets(&world.blocks);
        assert!(offsets.start >= -320 && offsets.end <= 320, "{offsets:?}");
    }
}

#[test]
fn samples_that_vanish_unsaid_are_missed_by_the_clock() {
    for track in Track::BOTH {
        let mut world = world();
        world.run(3_000);
        match track {
            Track::Me => world.me.swallow(200),
            Track::Them => world.them.swallow(200),
        }
        world.run(6_000);
        let lost = lost(&world.blocks, track);
        assert!((19..=22).contains(&lost), "{track:?}: {lost}");
        let after = offsets(&world.blocks[700..]);
        assert!(after.start >= -32 && after.end <= 32, "{track:?}: {after:?}");
    }
}

#[test]
fn a_far_end_that_is_never_heard_does_not_keep_the_call_from_beginning() {
    let mut world = world();
    world.them.on = false;
    world.run(10_000);
    assert!((690..=700).contains(&world.blocks.len()), "{}", world.blocks.len());
    assert_eq!(lost(&world.blocks, Track::Them), world.blocks.len());
    assert_eq!(lost(&world.blocks, Track::Me), 0);
    world.them.on = true;
    world.run(3_000);
    assert!(!world.blocks.last().unwrap().lost.them);
}

#[test]
fn at_the_end_all_that_the_microphone_heard_is_given_out() {
    let mut world = world();
    world.run(2_000);
    world.them.on = false;
    world.run(200);
    let waiting = world.blocks.len();
    world.mixer.end();
    while let Some(block) = world.mixer.next(world.now).unwrap() {
        world.blocks.push(block);
    }
    assert!(world.blocks.len() - waiting >= 18, "{}", world.blocks.len() - waiting);
    follow_each_other(&world.blocks);
}

#[test]
fn at_the_end_what_is_on_its_way_from_the_far_end_is_not_lost() {
    for ms in 2_000..2_050 {
        // Pieces as PipeWire sends them, and as a busy computer has them come.
        let mut world = Simulation::new(SimulatedDevice::new(10), SimulatedDevice::new(32));
        world.run(ms);
        let given = world.blocks.len();
        world.mixer.end();
        while let Some(block) = world.mixer.next(world.now).unwrap() {
            world.blocks.push(block);
        }
        assert_eq!((lost(&world.blocks, Track::Me), lost(&world.blocks, Track::Them)), (0, 0), "{ms}");
        assert!(world.blocks.len() - given <= 4, "no more was held");
        follow_each_other(&world.blocks);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Pieces of any length, a worker that is late by any time below its patience: nothing is lost, nothing is
    /// moved, whatever the devices' clocks.
    #[test]
    fn delay_on_the_way_changes_nothing(
        pieces in (1..40_i64, 1..40_i64),
        ppm in (-200.0..200.0, -200.0..200.0),
        pauses in prop::collection::vec((0..200_i64, 1..20_usize), 1..40),
    ) {
        let mut world = Simulation::new(SimulatedDevice::new(pieces.0), SimulatedDevice::new(pieces.1));
        (world.me.ppm, world.them.ppm) = ppm;
        world.run(3_000);
        for (pause, looks) in pauses {
            world.pause(pause);
            world.run(looks as i64 * 5);
        }
        world.run(3_000);
        follow_each_other(&world.blocks);
        prop_assert_eq!((lost(&world.blocks, Track::Me), lost(&world.blocks, Track::Them)), (0, 0));
        let offsets = offsets(&world.blocks);
        // A piece's length is all that the arrivals leave open.
        let open = 16 * pieces.0.max(pieces.1) + 80;
        prop_assert!(offsets.start >= -open && offsets.end <= open, "{:?} of {}", offsets, open);
    }

    /// Whatever the devices do, blocks follow each other and keep up with the clock.
    #[test]
    fn blocks_keep_up_whatever_comes_and_goes(
        turns in prop::collection::vec((any::<bool>(), any::<bool>(), 10..2_500_i64), 1..20),
    ) {
        let mut world = world();
        let short = 40 * turns.len() as i64;
        world.run(1_000);
        for (me, them, ms) in turns {
            (world.me.on, world.them.on) = (me, them);
            world.run(ms);
        }
        (world.me.on, world.them.on) = (true, true);
        world.run(3_000);
        follow_each_other(&world.blocks);
        let elapsed = world.now.since(Tick(0)).as_ms() as i64;
        // A stop too short to be told from delay may leave its length behind.
        let behind = elapsed - 310 - world.blocks.len() as i64 * 10;
        prop_assert!((-100 - short..=100 + short).contains(&behind), "{} ms behind", behind);
        let last = world.blocks.last().unwrap();
        prop_assert!(!last.lost.me && !last.lost.them);
    }
}
