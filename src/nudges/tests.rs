use super::*;
use crate::audio::STEP;

/// A call that is steered by hand, ten milliseconds at a time.
struct Call {
    nudges: Nudges,
    moment: Moment,
    seen: Vec<String>,
}

impl Call {
    fn begin(policy: Policy) -> Self {
        Self { nudges: Nudges::new(policy, Mode::Listening), moment: Moment::default(), seen: Vec::new() }
    }

    /// Goes on for so long, the moment as it is.
    fn go(&mut self, secs: f64) -> &mut Self {
        let until = self.moment.now + Samples::from_ms((secs * 1000.0) as u64);
        while self.moment.now < until {
            self.step();
        }
        self
    }

    fn step(&mut self) {
        let moment = &mut self.moment;
        moment.now += STEP;
        if let Some(pause) = &mut moment.my_pause {
            *pause += STEP;
        } else if let Some(monologue) = &mut moment.monologue {
            monologue.end = moment.now;
        }
        let second = moment.now.as_ms() / 1000;
        match self.nudges.step(moment) {
            Some(Change::Show(Nudge { why: Why::Monologue { tier, .. }, .. })) => {
                self.seen.push(format!("monologue {} at {second}", tier.as_ms() / 1000));
            }
            Some(Change::Show(Nudge { why: Why::Share { .. }, .. })) => self.seen.push(format!("share at {second}")),
            Some(Change::Withdraw(kind)) => self.seen.push(format!("{} withdrawn at {second}", kind.name())),
            Some(Change::Expire) | None => {}
        }
    }

    fn share(&mut self, recent: f64, call: f64) -> &mut Self {
        (self.moment.recent_share, self.moment.call_share) = (Some(recent), Some(call));
        self
    }

    /// They take the floor from me.
    fn hand_over(&mut self) -> &mut Self {
        self.moment.handed_over = true;
        self.step();
        self.moment.handed_over = false;
        self
    }

    /// I begin a monologue, or go on with it after a pause.
    fn talk(&mut self, secs: f64) -> &mut Self {
        self.moment.my_pause = None;
        let now = self.moment.now;
        self.moment.monologue.get_or_insert(Span::new(now, now));
        self.go(secs)
    }

    fn pause(&mut self, secs: f64) -> &mut Self {
        self.moment.my_pause = Some(Samples::ZERO);
        self.go(secs);
        self.moment.my_pause = None;
        self
    }

    fn stop_talking(&mut self) -> &mut Self {
        self.moment.monologue = None;
        self
    }
}

#[test]
fn a_share_nudge_waits_until_i_have_handed_over() {
    let mut call = Call::begin(Policy::default());
    call.share(0.70, 0.70).go(200.0);
    assert!(call.seen.is_empty(), "{:?}", call.seen);
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
    call.share(0.32, 0.40).go(1.0).share(0.60, 0.60).go(30.0).hand_over();
    assert_eq!(call.seen.len(), 2);
}

#[test]
fn a_monologue_is_told_in_my_own_pause_and_escalates_in_place() {
    let mut call = Call::begin(Policy::default());
    call.talk(61.0).pause(0.3).talk(5.0);
    assert!(call.seen.is_empty(), "a short pause is no moment");
    call.pause(0.6).talk(30.0).pause(0.6).talk(60.0).pause(0.6);
    assert_eq!(call.seen, ["monologue 60 at 66", "monologue 90 at 97", "monologue 150 at 157"]);
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
fn at_most_one_in_ninety_seconds() {
    let mut call = Call::begin(Policy::default());
    call.share(0.70, 0.70).go(120.0).talk(70.0).pause(0.6).stop_talking().hand_over();
    assert_eq!(call.seen, ["monologue 60 at 190"]);
    call.go(91.0).hand_over();
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
fn six_in_half_an_hour() {
    let mut call = Call::begin(Policy { apart: Samples::ZERO, kind_apart: Samples::ZERO, ..Policy::default() });
    for _ in 0..10 {
        call.talk(61.0).pause(0.6).stop_talking().go(1.0);
    }
    assert_eq!(call.seen.len(), 6);
    call.go(1800.0).talk(61.0).pause(0.6);
    assert_eq!(call.seen.len(), 7);
}

#[test]
fn nothing_while_audio_is_lost() {
    let mut call = Call::begin(Policy::default());
    call.moment.unsure = true;
    call.share(0.90, 0.90).go(300.0).hand_over().talk(100.0).pause(0.6);
    assert!(call.seen.is_empty());
}

#[test]
fn a_nudge_is_shown_for_eight_seconds() {
    let mut call = Call::begin(Policy::default());
    call.share(0.70, 0.70).go(200.0).hand_over().go(7.9);
    assert_eq!(call.nudges.shown().map(Nudge::kind), Some(Kind::Share));
    call.go(0.2);
    assert_eq!(call.nudges.shown(), None);
}

#[test]
fn the_reason_comes_with_it() {
    let mut call = Call::begin(Policy::default());
    call.share(0.62, 0.55).go(200.0).hand_over();
    let why = call.nudges.shown().map(|nudge| nudge.why);
    assert_eq!(why, Some(Why::Share { recent: 0.62, call: 0.55, target: 0.30 }));
}

#[test]
fn words_are_short_and_inviting() {
    for kind in [Kind::Share, Kind::Monologue] {
        let Words { ja, en } = kind.words();
        assert!(ja.chars().count() <= 12 && en.split_whitespace().count() <= 4, "{ja} {en}");
        assert!(!ja.contains(['!', '！']) && !en.contains('!'));
    }
}

#[test]
fn the_demo_says_that_it_is_one() {
    assert!(Policy::demo().demo && !Policy::default().demo);
}

#[test]
fn the_pause_after_my_question_is_left_alone() {
    let mut call = Call::begin(Policy::default());
    call.talk(61.0).moment.asked = true;
    call.pause(0.9);
    assert!(call.seen.is_empty(), "a question is known: {:?}", call.seen);

    let mut call = Call::begin(Policy::default());
    call.talk(61.0).moment.my_pause = Some(Samples::ZERO);
    call.go(0.6);
    assert_eq!(call.seen, ["monologue 60 at 61"]);
    call.moment.asked = true;
    call.go(0.1);
    assert_eq!(call.seen, ["monologue 60 at 61", "monologue withdrawn at 61"], "the text came while it was shown");
}
