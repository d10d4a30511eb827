use super::*;

/// One nudge is in no other's way.
fn often() -> Policy {
    let kinds = PerNudgeKind::from_fn(|_| true);
    let spaced = Policy { kind_spacing: Samples::ZERO, spacing: Samples::ZERO, ..Policy::default() };
    // As in the demo the first half minute counts.
    Policy { kinds, shown_for: Samples::ZERO, demo: true, ..spaced }
}

fn regrabs(count: u32) -> SpokenHabits {
    SpokenHabits { regrabs: Some(Regrabs { count, wait: Samples::from_ms(1_700) }), ..SpokenHabits::default() }
}

impl Call {
    /// Hands over, having spoken so.
    fn having(&mut self, spoken: SpokenHabits) -> &mut Self {
        self.moment.habits = spoken;
        self.hand_over();
        self.moment.habits = SpokenHabits::default();
        self
    }
}

#[test]
fn every_second_regrab_is_told_when_i_hand_over_the_next_time() {
    let mut call = Call::begin(often());
    call.go(10.0).having(regrabs(1));
    assert!(call.seen.is_empty());
    call.having(regrabs(2)).go(10.0).having(regrabs(2)).having(regrabs(3)).go(10.0).having(regrabs(4));
    assert_eq!(call.seen, ["regrab at 10", "regrab at 30"]);
    let why = NudgeReason::Regrab(Regrabs { count: 4, wait: Samples::from_ms(1_700) });
    assert_eq!(call.nudges.shown().map(|nudge| nudge.why), Some(why));
}

#[test]
fn none_of_these_is_told_before_i_hand_over() {
    let mut call = Call::begin(often());
    let last = SampleTime::ZERO;
    let fillers = Some(Fillers { count: 9, talk: Samples::from_secs(20) });
    call.moment.habits = SpokenHabits { closed_run: Some((5, last)), pace: Some(1.5), fillers, ..regrabs(5) };
    call.talk(5.0).pause(2.0).they_talk(5.0).they_pause(2.0);
    assert!(call.seen.is_empty(), "{:?}", call.seen);
    call.moment.i_speak = true;
    call.hand_over();
    assert!(call.seen.is_empty(), "I speak on");
    call.moment.i_speak = false;
    assert_eq!(call.hand_over().seen, ["closed_run at 14"]);
}

#[test]
fn three_closed_questions_in_a_row_are_told_and_then_three_more() {
    let mut call = Call::begin(often());
    let run = |count, last_s: u64| SpokenHabits {
        closed_run: Some((count, SampleTime::from_ms(last_s * 1000))),
        ..SpokenHabits::default()
    };
    call.go(10.0).having(run(2, 9)).having(run(3, 9)).having(run(5, 9));
    assert_eq!(call.seen, ["closed_run at 10"]);
    call.having(run(6, 9)).having(run(1, 10)).go(10.0).having(run(3, 19));
    assert_eq!(call.seen, ["closed_run at 10", "closed_run at 10", "closed_run at 20"]);
}

#[test]
fn closed_questions_of_long_ago_are_not_told() {
    let mut call = Call::begin(often());
    let spoken = SpokenHabits { closed_run: Some((3, SampleTime::from_ms(10_000))), ..SpokenHabits::default() };
    call.go(131.0).having(spoken);
    assert!(call.seen.is_empty());
}

#[test]
fn a_fifth_over_my_own_pace() {
    let mut call = Call::begin(often());
    call.having(SpokenHabits { pace: Some(1.19), ..SpokenHabits::default() });
    assert!(call.seen.is_empty());
    call.having(SpokenHabits { pace: Some(1.21), ..SpokenHabits::default() });
    assert_eq!(call.seen, ["pace at 0"]);
}

#[test]
fn fillers_are_told_as_a_cluster_and_only_if_turned_on() {
    let cluster = |count| SpokenHabits {
        fillers: Some(Fillers { count, talk: Samples::from_secs(20) }),
        ..SpokenHabits::default()
    };
    let mut call = Call::begin(often());
    call.having(cluster(3));
    assert!(call.seen.is_empty());
    assert_eq!(call.having(cluster(4)).seen, ["fillers at 0"]);

    let mut call = Call::begin(Policy { kinds: Policy::default().kinds, ..often() });
    call.having(cluster(12));
    assert!(call.seen.is_empty());
}
