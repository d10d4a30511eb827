use super::*;

#[test]
fn it_is_told_at_once() {
    let mut call = Call::begin(Policy::default());
    call.go(60.0).talk(5.0).cut_in();
    assert_eq!(call.seen, ["cut_in at 65"]);
    let why = call.nudges.shown().map(|nudge| nudge.why);
    let at = SampleTime::from_ms(63_400);
    assert_eq!(why, Some(NudgeReason::CutIn(CutIn { at, overlap: Samples::from_ms(600) })));
}

#[test]
fn each_is_told_once() {
    let mut call = Call::begin(Policy { kind_spacing: Samples::ZERO, ..Policy::default() });
    call.go(60.0).talk(5.0).cut_in().go(95.0);
    assert_eq!(call.seen, ["cut_in at 65"]);
    call.cut_in();
    assert_eq!(call.seen.len(), 2);
}

#[test]
fn it_is_one_in_ninety_seconds_like_the_others() {
    let mut call = Call::begin(Policy::default());
    call.over().hand_over().go(20.0).cut_in().go(60.0).cut_in();
    assert_eq!(call.seen, ["share at 200"]);
    assert_eq!(call.go(20.0).cut_in().seen, ["share at 200", "cut_in at 300"]);

    let mut call = Call::begin(Policy::default());
    call.over().cut_in().go(20.0).hand_over();
    assert_eq!(call.seen, ["cut_in at 200"]);
}

#[test]
fn none_comes_before_it_can_be_known_to_be_fair() {
    let mut call = Call::begin(Policy::default());
    call.talk(14.0).cut_in().go(14.0).cut_in();
    assert!(call.seen.is_empty(), "{:?}", call.seen);
    assert_eq!(call.go(2.0).cut_in().seen, ["cut_in at 30"]);
    let mut call = Call::begin(Policy::default());
    call.nudges.begin(SampleTime::ZERO, Samples::from_secs(300));
    call.go(310.0).cut_in();
    assert!(call.seen.is_empty(), "nor right after the small talk: {:?}", call.seen);
}

#[test]
fn nothing_takes_the_place_of_one_that_is_shown() {
    let mut call = Call::begin(Policy { spacing: Samples::ZERO, ..Policy::default() });
    call.over().cut_in().go(3.0).hand_over();
    assert_eq!(call.seen, ["cut_in at 200"]);

    let mut call = Call::begin(Policy { spacing: Samples::ZERO, ..Policy::default() });
    call.over().hand_over().go(3.0).cut_in();
    assert_eq!(call.seen, ["share at 200", "cut_in at 203"], "but for a cut-in, which is at once or not at all");
}

#[test]
fn a_silence_that_may_follow_my_question_is_left_alone() {
    let mut call = Call::begin(Policy::default());
    call.go(60.0).talk(5.0).moment.my_pause = Some(Samples::ZERO);
    call.cut_in().go(1.0);
    assert!(call.seen.is_empty(), "{:?}", call.seen);
    call.talk(0.5);
    assert_eq!(call.seen, ["cut_in at 66"], "I went on");

    let mut call = Call::begin(Policy::default());
    call.go(60.0).talk(5.0).moment.my_pause = Some(Samples::ZERO);
    call.cut_in().go(3.0).talk(5.0);
    assert!(call.seen.is_empty(), "that is too long ago");

    let mut call = Call::begin(Policy::default());
    call.go(60.0).talk(5.0).moment.my_pause = Some(Samples::ZERO);
    call.moment.asked_question = Some(false);
    call.cut_in();
    assert_eq!(call.seen, ["cut_in at 65"], "the text says that it was no question");
}

#[test]
fn one_that_only_a_late_text_makes_one_is_not_told() {
    let mut call = Call::begin(Policy::default());
    call.go(40.0).talk(20.0);
    call.moment.cut_in = Some(CutIn { at: SampleTime::from_ms(52_000), overlap: Samples::from_ms(600) });
    call.go(5.0);
    assert!(call.seen.is_empty());
}

#[test]
fn what_a_text_takes_back_is_taken_back() {
    let mut call = Call::begin(Policy::default());
    call.go(60.0).talk(5.0).cut_in().go(2.0).moment.cut_in = None;
    assert_eq!(call.go(1.0).seen, ["cut_in at 65", "cut_in withdrawn at 67"]);
}
