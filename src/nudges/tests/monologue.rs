use super::*;

#[test]
fn a_monologue_is_told_in_my_own_pause_and_again_after_ninety_seconds() {
    let mut call = Call::begin(Policy::default());
    call.talk(61.0).pause(0.3).talk(5.0);
    assert!(call.seen.is_empty(), "a short pause is no moment");
    call.pause(0.6).talk(30.0).pause(0.6).talk(60.0).pause(0.6);
    assert_eq!(call.seen, ["monologue 60 at 66", "monologue 150 at 157"]);
}

#[test]
fn a_tier_that_takes_the_place_of_one_that_is_seen_is_part_of_it() {
    let tiers = [60, 64, 150].map(Samples::from_secs);
    let mut call = Call::begin(Policy { monologue_tiers: tiers, max_nudges: 2, ..Policy::default() });
    call.talk(61.0).pause(0.6).talk(3.0).pause(0.6);
    assert_eq!(call.seen, ["monologue 60 at 61", "monologue 64 at 65"]);
    call.talk(90.0).pause(0.6);
    assert_eq!(call.seen.len(), 3, "the two were one");
}

#[test]
fn a_pause_that_ends_the_turn_takes_it_back() {
    let mut call = Call::begin(Policy::default());
    call.talk(61.0).pause(2.0);
    assert_eq!(call.seen, ["monologue 60 at 61", "monologue withdrawn at 62"]);
}

#[test]
fn a_tier_is_told_once() {
    let mut call = Call::begin(Policy::default());
    call.talk(61.0).pause(0.6).talk(5.0).pause(0.6).talk(5.0).pause(0.6);
    assert_eq!(call.seen.len(), 1);
}

#[test]
fn the_pause_after_my_question_is_left_alone() {
    let mut call = Call::begin(Policy::default());
    call.talk(61.0).moment.asked_question = Some(true);
    call.pause(0.9);
    assert!(call.seen.is_empty(), "a question is known: {:?}", call.seen);

    let mut call = Call::begin(Policy::default());
    call.talk(61.0).moment.my_pause = Some(Samples::ZERO);
    call.go(0.6);
    assert_eq!(call.seen, ["monologue 60 at 61"]);
    call.moment.asked_question = Some(true);
    call.go(0.1);
    assert_eq!(call.seen, ["monologue 60 at 61", "monologue withdrawn at 61"], "the text came while it was shown");
}

#[test]
fn a_word_that_has_just_begun_ends_the_moment() {
    let mut call = Call::begin(Policy::default());
    call.talk(61.0).moment.they_speak = true;
    call.pause(0.9);
    assert!(call.seen.is_empty(), "{:?}", call.seen);
}
