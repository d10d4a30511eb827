use super::*;

#[test]
fn a_nod_is_wanted_in_their_pause_after_a_minute_without_a_sound_of_mine() {
    let mut call = Call::begin(Policy::default());
    call.they_talk(59.0).they_pause(0.8).they_talk(0.5).they_pause(0.8);
    assert!(call.seen.is_empty(), "{:?}", call.seen);
    call.they_talk(1.0);
    assert!(call.seen.is_empty(), "not amid their speech");
    call.they_pause(0.3).they_talk(1.0).they_pause(0.8);
    assert_eq!(call.seen, ["listening at 63"]);
    let talk = Samples::from_ms(61_500);
    assert_eq!(call.nudges.shown().map(|nudge| nudge.why), Some(NudgeReason::Listening { talk }));
}

#[test]
fn a_sound_of_mine_begins_the_minute_anew() {
    let mut call = Call::begin(Policy::default());
    call.they_talk(59.0).moment.their_talk = Samples::ZERO;
    call.they_talk(59.0).they_pause(0.8);
    assert!(call.seen.is_empty());
}

#[test]
fn it_is_told_once_until_i_was_heard() {
    let mut call = Call::begin(Policy { kind_spacing: Samples::ZERO, spacing: Samples::ZERO, ..Policy::default() });
    call.they_talk(61.0).they_pause(0.8).they_talk(120.0).they_pause(0.8);
    assert_eq!(call.seen.len(), 1);
    call.talk(1.0).they_talk(61.0).they_pause(0.8);
    assert_eq!(call.seen.len(), 2);
}

#[test]
fn a_pause_that_goes_on_may_be_my_turn() {
    let mut call = Call::begin(Policy::default());
    call.they_talk(59.5).moment.their_pause = Some(Samples::from_secs(1));
    call.moment.their_talk = Samples::from_secs(61);
    call.go(3.0);
    assert!(call.seen.is_empty());
}
