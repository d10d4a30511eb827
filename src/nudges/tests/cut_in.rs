use super::*;

#[test]
fn it_is_told_at_once() {
    let mut call = Call::begin(Policy::default());
    call.talk(5.0).cut_in();
    assert_eq!(call.seen, ["cut_in at 5"]);
    let why = call.nudges.shown().map(|nudge| nudge.why);
    let at = SampleTime::from_ms(3_400);
    assert_eq!(why, Some(NudgeReason::CutIn(CutIn { at, overlap: Samples::from_ms(600) })));
}

#[test]
fn each_is_told_once() {
    let mut call = Call::begin(Policy { kind_spacing: Samples::ZERO, ..Policy::default() });
    call.talk(5.0).cut_in().go(60.0);
    assert_eq!(call.seen, ["cut_in at 5"]);
    call.cut_in();
    assert_eq!(call.seen.len(), 2);
}

#[test]
fn it_stands_outside_the_ninety_seconds() {
    let mut call = Call::begin(Policy::default());
    call.over().hand_over().go(20.0).cut_in();
    assert_eq!(call.seen, ["share at 200", "cut_in at 220"]);

    let mut call = Call::begin(Policy::default());
    call.over().cut_in().go(20.0).hand_over();
    assert_eq!(call.seen, ["cut_in at 200", "share at 220"]);
}

#[test]
fn nothing_takes_the_place_of_one_that_is_shown_but_a_cut_in() {
    let mut call = Call::begin(Policy::default());
    call.over().cut_in().go(3.0).hand_over();
    assert_eq!(call.seen, ["cut_in at 200"]);

    let mut call = Call::begin(Policy::default());
    call.over().hand_over().go(3.0).cut_in();
    assert_eq!(call.seen, ["share at 200", "cut_in at 203"]);
}

#[test]
fn a_silence_that_may_follow_my_question_is_left_alone() {
    let mut call = Call::begin(Policy::default());
    call.talk(5.0).moment.my_pause = Some(Samples::ZERO);
    call.cut_in().go(1.0);
    assert!(call.seen.is_empty(), "{:?}", call.seen);
    call.talk(0.5);
    assert_eq!(call.seen, ["cut_in at 6"], "I went on");

    let mut call = Call::begin(Policy::default());
    call.talk(5.0).moment.my_pause = Some(Samples::ZERO);
    call.cut_in().go(3.0).talk(5.0);
    assert!(call.seen.is_empty(), "that is too long ago");

    let mut call = Call::begin(Policy::default());
    call.talk(5.0).moment.my_pause = Some(Samples::ZERO);
    call.moment.asked_question = Some(false);
    call.cut_in();
    assert_eq!(call.seen, ["cut_in at 5"], "the text says that it was no question");
}

#[test]
fn one_that_only_a_late_text_makes_one_is_not_told() {
    let mut call = Call::begin(Policy::default());
    call.talk(20.0);
    call.moment.cut_in = Some(CutIn { at: SampleTime::from_ms(12_000), overlap: Samples::from_ms(600) });
    call.go(5.0);
    assert!(call.seen.is_empty());
}

#[test]
fn what_a_text_takes_back_is_taken_back() {
    let mut call = Call::begin(Policy::default());
    call.talk(5.0).cut_in().go(2.0).moment.cut_in = None;
    assert_eq!(call.go(1.0).seen, ["cut_in at 5", "cut_in withdrawn at 7"]);
}
