use super::*;

#[test]
fn at_most_one_in_ninety_seconds() {
    let mut call = Call::begin(Policy::default());
    call.share(0.70, 0.70).go(120.0).talk(70.0).pause(0.6).stop_talking().hand_over();
    assert_eq!(call.seen, ["monologue 60 at 190"]);
    call.go(88.0).hand_over();
    assert_eq!(call.seen.len(), 1);
    call.go(3.0).hand_over();
    assert_eq!(call.seen.len(), 2);
}

#[test]
fn one_of_a_kind_in_five_minutes() {
    let mut call = Call::begin(Policy::default());
    call.talk(61.0).pause(0.6).stop_talking().go(100.0).talk(61.0).pause(0.6).stop_talking();
    assert_eq!(call.seen.len(), 1, "{:?}", call.seen);
    call.go(100.0).talk(61.0).pause(0.6).stop_talking();
    assert_eq!(call.seen.len(), 2);
}

#[test]
fn a_cut_in_waits_for_its_own_kind() {
    let mut call = Call::begin(Policy::default());
    call.go(60.0).talk(5.0).cut_in().go(290.0).cut_in();
    assert_eq!(call.seen, ["cut_in at 65"]);
    assert_eq!(call.go(10.0).cut_in().seen.len(), 2);
}

#[test]
fn six_in_half_an_hour() {
    let mut call = Call::begin(Policy { spacing: Samples::ZERO, kind_spacing: Samples::ZERO, ..Policy::default() });
    for _ in 0..10 {
        call.talk(61.0).pause(0.6).stop_talking().go(8.0);
    }
    assert_eq!(call.seen.len(), 6);
    assert_eq!(call.cut_in().seen.len(), 6, "a cut-in is one of them");
    call.go(1800.0).talk(61.0).pause(0.6);
    assert_eq!(call.seen.len(), 7);
}

#[test]
fn a_tier_of_a_monologue_that_is_shown_again_is_one_more() {
    let mut call = Call::begin(Policy { max_nudges: 2, kind_spacing: Samples::ZERO, ..Policy::default() });
    call.share(0.70, 0.70).talk(61.0).pause(0.6).talk(30.0).pause(0.6).talk(60.0).pause(0.6).stop_talking();
    assert_eq!(call.seen, ["monologue 60 at 61", "monologue 150 at 152"], "ninety seconds lie between them");
    call.go(100.0).hand_over().go(100.0).talk(61.0).pause(0.6);
    assert_eq!(call.seen.len(), 2, "and there is no room for more");
}
