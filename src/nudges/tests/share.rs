use super::*;

#[test]
fn a_share_nudge_waits_until_i_have_handed_over() {
    let mut call = Call::begin(Policy::default());
    call.over().they_talk(5.0);
    assert!(call.seen.is_empty(), "{:?}", call.seen);
    assert_eq!(call.hand_over().seen, ["share at 205"]);
}

#[test]
fn i_have_not_handed_over_while_i_speak_on() {
    let mut call = Call::begin(Policy::default());
    call.over().moment.i_speak = true;
    call.hand_over();
    assert!(call.seen.is_empty(), "they began, and I did not stop");
    call.moment.i_speak = false;
    assert_eq!(call.hand_over().seen, ["share at 200"]);
}

#[test]
fn no_share_nudge_in_the_first_three_minutes() {
    let mut call = Call::begin(Policy::default());
    call.share(0.90, 0.90).go(170.0).hand_over();
    assert!(call.seen.is_empty());
}

#[test]
fn both_windows_must_be_over() {
    let mut call = Call::begin(Policy::default());
    call.share(0.70, 0.29).go(250.0).hand_over();
    call.share(0.39, 0.70).go(250.0).hand_over();
    assert!(call.seen.is_empty());
}

#[test]
fn a_share_that_is_not_known_is_not_over() {
    let mut call = Call::begin(Policy::default());
    call.over();
    (call.moment.recent_share, call.moment.call_share) = (None, None);
    call.go(60.0).share(0.70, 0.70).go(19.0).hand_over();
    assert!(call.seen.is_empty(), "{:?}", call.seen);
    call.go(20.0).hand_over();
    assert_eq!(call.seen.len(), 1);
}

#[test]
fn it_must_have_been_over_for_twenty_seconds() {
    let mut call = Call::begin(Policy::default());
    call.share(0.30, 0.35).go(200.0).share(0.45, 0.45).go(19.0).hand_over();
    assert!(call.seen.is_empty());
    assert_eq!(call.go(2.0).hand_over().seen, ["share at 221"]);
}

#[test]
fn it_comes_again_only_after_the_share_came_down() {
    let mut call = Call::begin(Policy::default());
    call.share(0.60, 0.60).go(200.0).hand_over().go(600.0).hand_over();
    assert_eq!(call.seen, ["share at 200"]);
    call.share(0.34, 0.40).go(1.0).share(0.60, 0.60).go(30.0).hand_over();
    assert_eq!(call.seen.len(), 1, "4 points over the target are not down");
    call.share(0.32, 0.40).go(1.0).share(0.60, 0.60).go(30.0).hand_over();
    assert_eq!(call.seen.len(), 2);
}

#[test]
fn the_reason_comes_with_it() {
    let mut call = Call::begin(Policy::default());
    call.share(0.62, 0.55).go(200.0).hand_over();
    let why = call.nudges.shown().map(|nudge| nudge.why);
    assert_eq!(why, Some(NudgeReason::Share { recent: 0.62, call: 0.55, target: 0.30 }));
}

#[test]
fn in_the_ice_breaker_no_talk_counts() {
    let mut call = Call::begin(Policy::default());
    call.nudges.begin(SampleTime::ZERO, Samples::from_secs(300));
    call.share(0.90, 0.90).go(299.0).hand_over();
    assert_eq!(
        (call.nudges.icebreaker_left(), call.nudges.counted_from()),
        (Samples::from_ms(990), SampleTime::from_ms(300_000))
    );
    call.go(170.0).hand_over();
    assert!(call.seen.is_empty(), "the first three minutes begin after it");
    assert_eq!(call.go(20.0).hand_over().seen, ["share at 489"]);
}

#[test]
fn what_was_over_in_the_ice_breaker_is_forgotten_with_it() {
    let policy = Policy { share_from: Samples::ZERO, demo: true, ..Policy::default() };
    let mut call = Call::begin(policy);
    call.nudges.begin(SampleTime::ZERO, Samples::from_secs(300));
    call.share(0.90, 0.90).go(301.0).hand_over();
    assert!(call.seen.is_empty(), "it was over for one second that counts");
    assert_eq!(call.go(20.0).hand_over().seen, ["share at 321"]);
}
