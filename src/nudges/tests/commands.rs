use super::*;

fn muted(call: &Call) -> Vec<&'static str> {
    call.nudges.muted_kinds().map(NudgeKind::name).collect()
}

#[test]
fn a_dismissed_kind_comes_half_as_often_and_after_the_second_time_no_more() {
    let mut call = Call::begin(Policy::default());
    let monologue = |call: &mut Call| {
        call.talk(61.0).pause(0.6).stop_talking();
    };
    monologue(&mut call);
    assert_eq!(call.nudges.dismiss(call.moment.now), Some(NudgeKind::Monologue));
    assert_eq!(call.nudges.shown(), None);
    call.go(500.0);
    monologue(&mut call);
    assert_eq!(call.seen.len(), 1, "ten minutes have not passed");
    call.go(60.0);
    monologue(&mut call);
    assert_eq!(call.seen.len(), 2);
    assert!(muted(&call).is_empty());
    call.nudges.dismiss(call.moment.now);
    assert_eq!(muted(&call), ["monologue"]);
    call.go(3000.0);
    monologue(&mut call);
    assert_eq!(call.seen.len(), 2);

    call.nudges.unmute(NudgeKind::Monologue);
    call.go(10.0);
    monologue(&mut call);
    assert_eq!(call.seen.len(), 3, "it is wanted again");
    call.go(240.0);
    monologue(&mut call);
    assert_eq!(call.seen.len(), 4, "and as often as at first: {:?}", call.seen);
}

#[test]
fn dismissing_one_kind_leaves_the_others() {
    let mut call = Call::begin(Policy::default());
    call.talk(61.0).pause(0.6).stop_talking();
    call.nudges.dismiss(call.moment.now);
    call.over().hand_over();
    assert_eq!(call.seen, ["monologue 60 at 61", "share at 261"]);
}

#[test]
fn a_dismissed_monologue_does_not_escalate() {
    let mut call = Call::begin(Policy::default());
    call.talk(61.0).pause(0.6);
    call.nudges.dismiss(call.moment.now);
    call.talk(30.0).pause(0.6).talk(60.0).pause(0.6);
    assert_eq!(call.seen, ["monologue 60 at 61"]);
}

#[test]
fn there_is_nothing_to_dismiss_where_none_is_shown() {
    let mut call = Call::begin(Policy::default());
    assert_eq!(call.nudges.dismiss(call.moment.now), None);
    call.over().hand_over();
    assert_eq!(call.nudges.dismiss(call.moment.now + Samples::from_secs(8)), None, "its time is over");
}

#[test]
fn a_muted_kind_is_not_shown_and_a_shown_one_goes() {
    let mut call = Call::begin(Policy::default());
    call.over().hand_over().nudges.mute(NudgeKind::Monologue);
    assert!(call.nudges.shown().is_some(), "another kind stays");
    call.nudges.mute(NudgeKind::Share);
    assert_eq!((call.nudges.shown(), muted(&call)), (None, vec!["share", "monologue"]));
    call.go(100.0).talk(61.0).pause(0.6);
    assert_eq!(call.seen.len(), 1);
}

#[test]
fn snoozed_nothing_appears_until_it_is_over_or_ended() {
    let mut call = Call::begin(Policy::default());
    call.nudges.snooze(call.moment.now, Samples::from_secs(600));
    call.over().hand_over().cut_in().talk(100.0).pause(0.6).talk(60.0).pause(0.6);
    assert!(call.seen.is_empty());
    assert_eq!(call.nudges.snoozed_until(), Some(SampleTime::from_ms(600_000)));
    call.stop_talking().go(300.0).hand_over();
    assert_eq!(call.nudges.snoozed_until(), None);
    assert_eq!(call.seen, ["share at 661"], "what was snoozed away is not made up for");

    call.nudges.snooze(call.moment.now, Samples::from_secs(600));
    assert_eq!(call.nudges.shown(), None);
    call.nudges.snooze(call.moment.now, Samples::ZERO);
    assert_eq!(call.nudges.snoozed_until(), None);
    call.talk(91.0).cut_in();
    assert_eq!(call.seen.len(), 2);
}

#[test]
fn trouble_with_the_sound_is_no_advice_and_is_told_while_advice_is_snoozed() {
    let mut call = Call::begin(Policy::default());
    call.nudges.snooze(call.moment.now, Samples::from_secs(600));
    call.over().hand_over().moment.sound_troubles = vec![ActionableTrouble::Choppy];
    call.go(1.0);
    assert_eq!(call.seen, ["audio at 200"]);
    call.nudges.snooze(call.moment.now, Samples::from_secs(600));
    assert_eq!(call.nudges.shown().map(Nudge::kind), Some(NudgeKind::Audio), "nor does a new rest take it away");
    call.nudges.mute(NudgeKind::Audio);
    call.moment.sound_troubles.clear();
    call.go(600.0).moment.sound_troubles = vec![ActionableTrouble::Choppy];
    call.go(1.0);
    assert_eq!(call.seen.len(), 1, "but a muted kind is one the user does not want");
}

#[test]
fn the_rules_can_be_taken_back_to_an_earlier_state() {
    let mut call = Call::begin(Policy::default());
    call.over();
    let before = call.nudges.clone();
    call.hand_over().nudges = before;
    assert_eq!(call.nudges.shown(), None);
    assert_eq!(call.hand_over().seen.len(), 2);
}
