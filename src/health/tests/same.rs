use super::*;
use crate::doubles::random::Random;

/// A conversation in which the far end's track is made from the microphone's.
fn copy(delay: isize, gain: f32) -> TestCall {
    let mut call = TestCall::from_script("me 1-20 / them 20-21");
    let mine = call.sound.me.clone();
    let at = |i: usize| i.checked_add_signed(-delay).and_then(|at| mine.get(at)).copied();
    call.sound.them = (0..mine.len()).map(|i| at(i).unwrap_or(0.0) * gain).collect();
    call
}

#[test]
fn a_copy_of_the_microphone_is_the_same_sound() {
    for (delay, gain) in [(0, 1.0), (37, 1.0), (-37, 1.0), (3_100, 0.3), (-3_100, 2.0), (1_604, -1.0)] {
        let troubles = copy(delay, gain).troubles();
        assert_eq!(troubles, ["SameSound 10.4-21.0"], "{delay} samples later, {gain} times as loud");
    }
}

#[test]
fn it_takes_ten_seconds_of_speech() {
    let mut call = TestCall::from_script("me 1-8 / them 80-81");
    call.sound.them.clone_from(&call.sound.me);
    assert!(call.troubles().is_empty(), "the hum of a common supply is alike on all tracks");
}

#[test]
fn two_voices_are_two_sounds() {
    let call = TestCall::from_script("me 0-30 / them 0-30");
    assert!(call.troubles().is_empty());
}

/// The far end reaches a silent listener's microphone by `room`: delays in samples, and gains.
fn leak(room: &[(usize, f32)], noise: f32) -> TestCall {
    let mut call = TestCall::from_script("them 0-60 / me 60-61");
    for i in 0..call.sound.me.len() {
        let heard = room.iter().filter_map(|(delay, gain)| Some(call.sound.them[i.checked_sub(*delay)?] * gain));
        call.sound.me[i] += heard.sum::<f32>();
    }
    call.noise(Track::Me, noise).leaking()
}

#[test]
fn a_leak_that_a_silent_listener_hears_is_not_the_same_sound() {
    let mut random = Random::new(5);
    let mut room = |direct: f32| {
        let tail = |i: usize| 0.3 * (-(i as f32) / 600.0).exp();
        let echoes: Vec<_> = (0..60).map(|i| (720 + i * 37, random.noise() as f32 * tail(i * 37) * direct)).collect();
        [vec![(700, direct)], echoes].concat()
    };
    let rooms = [room(0.3), room(1.0)];
    assert!(leak(&rooms[0], -60.0).troubles().is_empty());
    assert!(leak(&rooms[1], -60.0).troubles().is_empty());
    assert!(leak(&[(720, 0.3)], -60.0).troubles().is_empty(), "no room at all, but a microphone's noise");
}

#[test]
fn it_ends_where_the_right_device_is_back() {
    let mut call = TestCall::from_script("me 0-20 / them 20-60");
    call.sound.them[..320_000].copy_from_slice(&call.sound.me[..320_000]);
    assert_eq!(call.troubles(), ["SameSound 10.4-25.4"]);
}

#[test]
fn a_lost_stretch_interrupts_the_comparison_and_no_more() {
    let call = copy(37, 1.0).lost(Track::Me, 5.0, 5.3);
    let troubles = call.troubles();
    assert!(troubles.len() == 1 && troubles[0].starts_with("SameSound 11."), "{troubles:?}");
}
