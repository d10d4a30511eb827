use super::*;

#[test]
fn holes_in_their_speech_are_told_and_counted() {
    let call = TestCall::from_script("them 0-60").holes(10.0, 60.0, 10, 0.06);
    assert_eq!(call.troubles(), ["Choppy 30.2-60.0"], "a hole every 7.5 s, the third of them");
    let report = call.report();
    assert_eq!(report.holes, 6);
    assert_eq!(report.holes_per_minute(), Some(6.0));
}

#[test]
fn a_hole_is_20_to_400_ms_long() {
    let holes = |length: f64| TestCall::from_script("them 0-40").holes(5.0, 38.0, 8, length).report().holes;
    assert_eq!([0.005, 0.010, 0.020, 0.040, 0.200, 0.390, 0.420, 0.600].map(holes), [0, 0, 6, 6, 6, 6, 0, 0]);
}

#[test]
fn words_that_die_into_digital_silence_are_pauses() {
    // A codec sends nothing between words, and a gate closes on what is left of them.
    let gated = |db: f32, threshold: f32| {
        let mut loud = 0.0_f32;
        TestCall::from_script("them 0-60").gain(Track::Them, db).over(Track::Them, 0.0, 60.0, move |sample| {
            loud = (loud * 0.998).max(sample.abs());
            if loud > threshold { sample } else { 0.0 }
        })
    };
    for (db, threshold) in [(0.0, 20.0), (0.0, 60.0), (0.0, 100.0), (12.0, 240.0), (-34.0, 25.0)] {
        let call = gated(db, threshold);
        let silent = call.sound.them.chunks(160).filter(|block| block.iter().all(|sample| *sample == 0.0)).count();
        assert!(silent > 500, "the gate closes");
        assert_eq!(call.report().holes, 0);
    }
}

#[test]
fn digital_silence_after_the_last_word_is_no_hole() {
    let mut call = TestCall::from_script("them 0-40 / me 40-80");
    for i in 0..8 {
        let from = f64::from(i) * 5.0 + 0.3;
        call = call.zeros(Track::Them, from, from + 3.0);
    }
    assert_eq!(call.report().holes, 0, "they stop in mid-word, and nothing follows for long");
}

#[test]
fn a_sound_that_is_no_speech_does_not_close_a_hole() {
    let call = TestCall::from_script("them 0-10.1 / them 20-21").zeros(Track::Them, 10.1, 10.3);
    let rings = call.over(Track::Them, 10.3, 10.4, |sample| sample * 60.0);
    assert_eq!(rings.report().holes, 0);
    assert_eq!(TestCall::from_script("them 0-21").zeros(Track::Them, 10.1, 10.3).report().holes, 1);
}

#[test]
fn two_holes_are_an_accident() {
    assert!(TestCall::from_script("them 0-20").holes(5.0, 12.0, 5, 0.06).troubles().is_empty());
}

#[test]
fn rare_holes_are_no_trouble() {
    let call = TestCall::from_script("them 0-180").holes(5.0, 180.0, 28, 0.06);
    assert_eq!((call.report().holes, call.troubles().len()), (8, 0), "one in 21 s");
}

#[test]
fn a_good_minute_ends_it() {
    let call = TestCall::from_script("them 0-120").holes(5.0, 20.0, 4, 0.06);
    assert_eq!(call.troubles(), ["Choppy 12.2-78.0"], "the last hole is at 18.1 s");
}

#[test]
fn lost_audio_is_no_hole() {
    let mut call = TestCall::from_script("them 0-40");
    for i in 1..10 {
        let from = f64::from(i) * 3.75 + 0.1;
        call = call.lost(Track::Them, from, from + 0.05);
    }
    assert_eq!(call.report().holes, 0);
}

#[test]
fn my_own_holes_are_not_their_connection() {
    assert_eq!(TestCall::from_script("them 0-60").holes(10.0, 60.0, 4, 0.06).swapped().report().holes, 0);
}

#[test]
fn how_loud_they_are_changes_nothing() {
    for db in [-18.0, -10.0, 8.0] {
        let call = TestCall::from_script("them 0-60").gain(Track::Them, db).holes(10.0, 60.0, 10, 0.06);
        assert_eq!(call.report().holes, 6, "{db} dB");
    }
}

#[test]
fn quiet_words_that_fade_below_one_unit_are_no_holes() {
    let call = TestCall::from_script("them 0-60").gain(Track::Them, -34.0);
    assert_eq!(call.report().holes, 0);
}
