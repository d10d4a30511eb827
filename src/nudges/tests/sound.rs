use super::*;

#[test]
fn trouble_is_told_once_while_it_stands_and_not_while_they_speak() {
    let mut call = Call::begin(Policy { kind_spacing: Samples::ZERO, ..Policy::default() });
    call.moment.sound_troubles = vec![ActionableTrouble::Choppy];
    call.they_talk(10.0);
    assert!(call.seen.is_empty());
    call.go(60.0);
    assert_eq!(call.seen, ["audio at 10"]);
    call.moment.sound_troubles.clear();
    call.go(60.0).moment.sound_troubles = vec![ActionableTrouble::Choppy];
    assert_eq!(call.go(1.0).seen.len(), 2, "it came again");
}

#[test]
fn a_call_without_advice_still_tells_trouble() {
    let mut call = Call::begin(Policy::default().without_advice());
    call.share(0.90, 0.90).go(300.0).hand_over().talk(200.0).hand_over();
    assert!(call.seen.is_empty(), "{:?}", call.seen);
    call.moment.sound_troubles = vec![ActionableTrouble::Clipping(Track::Me)];
    call.go(60.0);
    assert_eq!(call.seen.len(), 1);
    let mut off = Policy::default();
    off.kinds[NudgeKind::Audio] = false;
    assert!(!off.without_advice().kinds[NudgeKind::Audio], "what was turned off stays off");
}

#[test]
fn a_hiccup_is_no_device_that_is_gone() {
    let mut call = Call::begin(Policy::default());
    for _ in 0..5 {
        call.moment.sound_troubles = vec![ActionableTrouble::Lost(Track::Me)];
        call.go(2.9).moment.sound_troubles.clear();
        call.go(1.0);
    }
    assert!(call.seen.is_empty());
    call.moment.sound_troubles = vec![ActionableTrouble::Lost(Track::Me)];
    call.go(4.0);
    assert_eq!(call.seen.len(), 1);
    assert_eq!(
        call.nudges.shown().map(|nudge| nudge.why),
        Some(NudgeReason::Audio(ActionableTrouble::Lost(Track::Me)))
    );
}

#[test]
fn a_silence_that_may_follow_my_question_is_left_alone() {
    let mut call = Call::begin(Policy::default());
    call.moment.sound_troubles = vec![ActionableTrouble::Dead(Track::Them)];
    call.moment.my_pause = Some(Samples::ZERO);
    call.go(9.0);
    assert!(call.seen.is_empty());
    assert_eq!(call.talk(1.0).seen, ["audio at 9"]);
}

#[test]
fn where_my_own_sound_is_lost_nobody_knows_of_a_silence() {
    let mut call = Call::begin(Policy::default());
    call.moment.sound_troubles = vec![ActionableTrouble::Lost(Track::Me)];
    call.moment.stop_reasons.set(StopReason::Lost, true);
    call.moment.my_pause = Some(Samples::ZERO);
    assert_eq!(call.go(9.0).seen, ["audio at 3"]);
}

#[test]
fn it_is_told_in_the_ice_breaker_too() {
    let mut call = Call::begin(Policy::default());
    call.nudges.begin(SampleTime::ZERO, Samples::from_secs(300));
    call.moment.sound_troubles = vec![ActionableTrouble::Echo];
    call.go(60.0).talk(5.0).cut_in().talk(70.0).pause(0.6).they_talk(70.0).they_pause(0.6);
    assert_eq!(call.seen, ["audio at 0"], "and nothing else");
}
