use super::*;

#[test]
fn a_microphone_that_gives_nothing_is_dead_after_ten_seconds() {
    let call = TestCall::from_script("them 2-30").zeros(Track::Me, 0.0, 30.0);
    assert_eq!(call.troubles(), ["Dead(Me) 2.0-30.0"], "missed since there is a call");
    assert!(TestCall::from_script("them 2-11").zeros(Track::Me, 0.0, 11.0).troubles().is_empty());
}

#[test]
fn a_microphone_that_was_muted_is_told_and_comes_back() {
    let call = TestCall::from_script("me 0-10 / them 10-60").zeros(Track::Me, 20.0, 40.0);
    assert_eq!(call.troubles(), ["Dead(Me) 20.0-40.0"]);
}

#[test]
fn a_listener_behind_a_noise_gate_is_not_dead() {
    let call = TestCall::from_script("me 0-2 / me 4-10 / them 10-60 / me 60-62");
    let gated = call.zeros(Track::Me, 2.0, 4.0).zeros(Track::Me, 10.0, 60.0);
    assert!(gated.troubles().is_empty());
}

#[test]
fn before_the_call_nothing_is_missed() {
    let call = TestCall::from_script("me 60-65 / them 66-70").zeros(Track::Them, 0.0, 66.0).zeros(Track::Me, 0.0, 60.0);
    assert!(call.troubles().is_empty());
}

#[test]
fn a_far_end_that_never_gave_a_sound_is_missed_by_who_speaks() {
    let call = TestCall::from_script("me 5-40").zeros(Track::Them, 0.0, 40.0);
    assert_eq!(call.troubles(), ["Dead(Them) 5.0-40.0"]);
    let hello = TestCall::from_script("me 5-6 / them 30-31").zeros(Track::Them, 0.0, 30.0);
    assert!(hello.troubles().is_empty(), "one hello into an empty room");
}

#[test]
fn a_listener_who_muted_himself_is_missed_after_a_minute() {
    let call = |end: u32| TestCall::from_script(&format!("them 0-10 / me 10-{end}")).zeros(Track::Them, 10.0, 200.0);
    assert!(call(69).troubles().is_empty());
    assert_eq!(call(90).troubles(), ["Dead(Them) 10.0-90.0"]);
}

#[test]
fn digital_silence_in_their_pauses_is_how_a_far_end_is() {
    let call = TestCall::from_script("them 0-10 / me 10-50 / them 50-60").zeros(Track::Them, 10.0, 50.0);
    assert!(call.troubles().is_empty());
}

#[test]
fn lost_audio_is_not_dead() {
    let call = TestCall::from_script("me 0-40 / them 40-80");
    assert!(call.lost(Track::Them, 0.0, 40.0).lost(Track::Me, 40.0, 80.0).troubles().is_empty());
}

#[test]
fn what_was_silent_before_a_loss_begins_anew_after_it() {
    let call = TestCall::from_script("them 0-40").zeros(Track::Me, 0.0, 40.0).lost(Track::Me, 8.0, 9.0);
    assert_eq!(call.troubles(), ["Dead(Me) 9.0-40.0"]);
}

#[test]
fn a_minute_without_them_and_without_a_word_may_be_the_end() {
    let call = TestCall::from_script("them 0-20 / me 20-25 / me 200-201").zeros(Track::Them, 22.0, 200.0);
    assert_eq!(call.troubles(), ["CallOver 22.0-200.0"]);
}

#[test]
fn a_silence_in_which_the_line_is_heard_is_not_the_end() {
    assert!(TestCall::from_script("them 0-20 / me 20-25 / them 200-201").troubles().is_empty());
}

#[test]
fn nobody_hung_up_on_who_still_talks() {
    let call = TestCall::from_script("them 0-20 / me 20-120").zeros(Track::Them, 20.0, 120.0);
    assert_eq!(call.troubles(), ["Dead(Them) 20.0-120.0"]);
}

#[test]
fn a_call_that_never_was_is_not_over() {
    let call = TestCall::from_script("me 0-1 / me 119-120").zeros(Track::Them, 0.0, 120.0);
    assert!(call.troubles().is_empty());
}

#[test]
fn a_call_that_is_over_has_no_dead_far_end() {
    let call = TestCall::from_script("them 0-10 / me 10-80 / me 170-200").zeros(Track::Them, 10.0, 200.0);
    assert_eq!(call.troubles(), ["Dead(Them) 10.0-139.0", "CallOver 10.0-200.0"], "what follows is to somebody else");
}
