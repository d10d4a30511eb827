use super::*;

/// Sound of this length.
fn push(pauses: &mut PauseNoise, ms: u64, sound: impl Fn() -> Sound) {
    (0..ms / 10).for_each(|_| pauses.push(sound()));
}

/// Words of 200 ms with pauses of 400 ms before each: the noise in dBFS of the n-th, and for how long something is heard in it
/// that is 15 dB over that.
fn pauses(count: usize, noise_dbfs: impl Fn(usize) -> f32, echo_ms: u64) -> PauseNoise {
    let mut pauses = PauseNoise::default();
    for pause in 0..count {
        push(&mut pauses, echo_ms, || Sound::Pause(noise_dbfs(pause) + 15.0));
        push(&mut pauses, 400 - echo_ms, || Sound::Pause(noise_dbfs(pause)));
        push(&mut pauses, 200, || Sound::Voice);
    }
    pauses
}

#[test]
fn a_gain_is_steady_once_pauses_were_heard_and_most_are_as_quiet() {
    assert!(!pauses(5, |_| -60.0, 0).are_steady(), "too few");
    assert!(pauses(6, |_| -60.0, 0).are_steady());
    assert!(pauses(20, |_| -60.0, 300).are_steady(), "echoes at the beginning of each");
    assert!(pauses(20, |pause| if pause % 3 == 0 { -50.0 } else { -60.0 }, 0).are_steady(), "a third is louder");
}

#[test]
fn a_gain_that_pumps_is_not_steady() {
    let pumps = |pause: usize| -60.0 - 10.0 * (std::f32::consts::TAU * pause as f32 / 8.0).cos();
    assert!((6..40).all(|count| !pauses(count, pumps, 0).are_steady()));
}

#[test]
fn a_gain_that_was_turned_down_is_steady_again_only_later() {
    let turned = |pause: usize| if pause < 24 { -50.0 } else { -65.0 };
    let steady = |count: usize| pauses(count, turned, 0).are_steady();
    assert!(steady(24) && !steady(25) && !steady(34) && steady(36));
}

#[test]
fn a_gain_that_is_high_for_the_voice_alone_is_not_steady() {
    let is_steady = |beside_dbfs: f32| {
        let mut pauses = PauseNoise::default();
        for _ in 0..8 {
            push(&mut pauses, 300, || Sound::Voice);
            push(&mut pauses, 300, || Sound::Pause(beside_dbfs));
            for _ in 0..3 {
                push(&mut pauses, 800, || Sound::Other);
                push(&mut pauses, 300, || Sound::Pause(-60.0));
            }
            push(&mut pauses, 1_000, || Sound::Other);
        }
        pauses.are_steady()
    };
    assert!(is_steady(-60.0) && !is_steady(-45.0));
}

#[test]
fn a_long_pause_is_several_and_a_short_one_is_none() {
    let mut long = PauseNoise::default();
    push(&mut long, 100, || Sound::Voice);
    push(&mut long, 2_990, || Sound::Pause(-60.0));
    assert!(!long.are_steady());
    let mut short = PauseNoise::default();
    for _ in 0..20 {
        push(&mut short, 190, || Sound::Pause(-60.0));
        push(&mut short, 100, || Sound::Voice);
    }
    assert!(!short.are_steady());
}

#[test]
fn without_a_pause_for_long_nothing_is_known_of_the_gain() {
    let steady_after = |ms: u64| {
        let mut pauses = pauses(20, |_| -60.0, 0);
        push(&mut pauses, ms, || Sound::Other);
        pauses.are_steady()
    };
    assert!(steady_after(9_000) && !steady_after(10_000));
}
