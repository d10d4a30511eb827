use super::*;
use crate::audio::{BLOCK_SIZE, SILENCE};

mod call;
mod choppy;
mod files;
mod levels;
mod same;
mod silent;

use call::TestCall;

#[test]
fn a_call_with_sound_in_order_has_no_trouble() {
    let call = TestCall::from_script("me 1-20 / them 20-50 / me 48-90 / them 92-120");
    assert!(call.troubles().is_empty());
    let report = call.report();
    assert_eq!((report.holes, report.stood), (0, vec![]));
    assert_eq!(report.sound.me.speech, Samples::from_secs(61));
}

#[test]
fn the_end_of_the_call_ends_all_trouble() {
    let call = TestCall::from_script("them 0-40 / me 40-70").gain(Track::Me, -40.0).zeros(Track::Them, 0.0, 70.0);
    let (mut health, mut events) = (Health::default(), Vec::new());
    call.play(&mut health, &mut events);
    assert_eq!(health.active().collect::<Vec<_>>(), [Trouble::Dead(Track::Them), Trouble::Quiet(Track::Me)]);
    let before = health.report();
    health.finish(&mut events);
    assert_eq!(health.active().next(), None);
    assert_eq!(health.report(), before);
    assert_eq!(before.trouble_time(Trouble::Dead(Track::Them)), Samples::from_secs(70));
}

#[test]
fn a_trouble_stands_for_no_longer_than_its_sound_is_heard() {
    let quiet = |lost: f64| {
        let script = format!("them 0-40 / me 40-70 / me {}-{}", 70.0 + lost, 90.0 + lost);
        let call = TestCall::from_script(&script).gain(Track::Me, -40.0);
        let call = if lost > 0.0 { call.lost(Track::Me, 70.0, 70.0 + lost) } else { call };
        let (mut health, mut events) = (Health::default(), Vec::new());
        call.play(&mut health, &mut events);
        assert_eq!(health.active().collect::<Vec<_>>(), [Trouble::Quiet(Track::Me)]);
        let standing = health.report().trouble_time(Trouble::Quiet(Track::Me));
        health.finish(&mut events);
        assert_eq!(health.report().trouble_time(Trouble::Quiet(Track::Me)), standing);
        standing
    };
    assert_eq!(quiet(600.0), quiet(0.0), "ten minutes of a pause add nothing");
    assert!(quiet(0.0) > Samples::from_secs(20));
}

#[test]
fn swapped_tracks_swap_what_is_alike_for_both() {
    let call = TestCall::from_script("me 0-30 / them 40-70").gain(Track::Me, 20.0).noise(Track::Them, -30.0);
    let there = call.report();
    let back = call.swapped().report();
    assert_eq!((there.sound.me, there.sound.them), (back.sound.them, back.sound.me));
    assert!(there.trouble_time(Trouble::Clipping(Track::Me)) > Samples::ZERO);
    assert!(there.trouble_time(Trouble::Noisy(Track::Them)) > Samples::ZERO);
    for track in Track::BOTH {
        for trouble in [Trouble::Clipping, Trouble::Quiet, Trouble::Noisy] {
            assert_eq!(there.trouble_time(trouble(track)), back.trouble_time(trouble(!track)));
        }
    }
}

#[test]
fn the_call_may_begin_late_on_its_clock() {
    let call = TestCall::from_script("me 0-30 / them 30-60").gain(Track::Me, -40.0);
    let shifted = call.clone().starting_at(SampleTime::from_ms(3_600_000));
    assert_eq!(shifted.report(), call.report());
}
