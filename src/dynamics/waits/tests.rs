use super::*;
use crate::language::QuestionKind;
use crate::time::SampleTime;

use Track::{Me, Them};

fn run(start: u64, end: u64) -> Span {
    Span::from_ms(start, end)
}

/// What followed my question that ended at 5.0 s.
fn after(mine: &[(u64, u64)], theirs: &[(u64, u64)]) -> QuestionFollowUp {
    without(&[], mine, theirs)
}

/// The same where nothing was heard for a while.
fn without(nothing: &[(u64, u64)], mine: &[(u64, u64)], theirs: &[(u64, u64)]) -> QuestionFollowUp {
    let spans = |of: &[(u64, u64)]| of.iter().map(|(start, end)| run(*start, *end)).collect::<Vec<_>>();
    let runs = PerTrack { me: [vec![run(1_000, 5_000)], spans(mine)].concat(), them: spans(theirs) };
    let turns: Vec<_> = runs.them.iter().map(|span| TurnEvent::Turn { track: Them, span: *span }).collect();
    let asked =
        AskedQuestion { track: Me, at: SampleTime::from_ms(5_000), kind: QuestionKind::Open, ends_utterance: true };
    QuestionFollowUp::measure(asked, &runs, &turns, &spans(nothing))
}

#[test]
fn they_think_and_answer() {
    let wait = after(&[], &[(9_000, 15_000)]);
    assert_eq!((wait.wait, wait.broken_by), (Some(Samples::from_secs(4)), Some(Them)));
    assert_eq!((wait.response, wait.answer), (Some(Samples::from_secs(4)), Some(Samples::from_secs(6))));
    assert!(!wait.regrabbed());
}

#[test]
fn i_take_the_question_back() {
    let wait = after(&[(7_000, 8_000)], &[(9_000, 15_000)]);
    assert_eq!((wait.wait, wait.broken_by), (Some(Samples::from_secs(2)), Some(Me)));
    assert_eq!((wait.response, wait.answer), (Some(Samples::from_secs(4)), None));
    assert!(wait.regrabbed());
}

#[test]
fn three_seconds_are_time_enough() {
    assert!(!after(&[(8_000, 9_000)], &[]).regrabbed());
    assert!(after(&[(7_990, 9_000)], &[]).regrabbed());
}

#[test]
fn an_answer_may_begin_before_the_question_has_quite_ended() {
    let wait = after(&[], &[(4_700, 8_000)]);
    assert_eq!((wait.wait, wait.answer), (Some(Samples::ZERO), Some(Samples::from_secs(3))));
}

#[test]
fn nobody_speaks_any_more() {
    let wait = after(&[], &[(1_000, 2_000)]);
    assert_eq!((wait.wait, wait.broken_by, wait.response), (None, None, None));
    assert!(!wait.regrabbed());
}

#[test]
fn a_pause_amid_the_wait_is_no_wait() {
    for nothing in [(5_000, 6_000), (6_000, 7_000), (4_000, 9_000), (8_990, 9_000)] {
        let wait = without(&[nothing], &[], &[(9_000, 15_000)]);
        assert_eq!((wait.wait, wait.broken_by, wait.response, wait.answer), (None, None, None, None), "{nothing:?}");
        let wait = without(&[nothing], &[(9_000, 10_000)], &[]);
        assert!(wait.wait.is_none() && !wait.regrabbed(), "{nothing:?}");
    }
    for nothing in [(1_000, 5_000), (15_010, 20_000)] {
        let wait = without(&[nothing], &[], &[(9_000, 15_000)]);
        assert_eq!((wait.wait, wait.answer), (Some(Samples::from_secs(4)), Some(Samples::from_secs(6))), "{nothing:?}");
    }
}

#[test]
fn an_answer_that_a_pause_cuts_short_has_no_length() {
    for nothing in [(15_000, 20_000), (10_000, 12_000)] {
        let wait = without(&[nothing], &[], &[(9_000, 15_000)]);
        assert_eq!((wait.wait, wait.answer), (Some(Samples::from_secs(4)), None), "{nothing:?}");
    }
}

#[test]
fn who_answers_after_a_pause_may_have_answered_in_it() {
    let wait = without(&[(8_000, 8_500)], &[(7_000, 8_000)], &[(9_000, 15_000)]);
    assert_eq!((wait.wait, wait.broken_by), (Some(Samples::from_secs(2)), Some(Me)));
    assert_eq!((wait.response, wait.answer), (None, None));
}

#[test]
fn waits_that_were_not_measured_do_not_count() {
    let measured = after(&[], &[(9_000, 15_000)]);
    let paused = without(&[(6_000, 8_000)], &[], &[(9_000, 15_000)]);
    let mut lists = crate::dynamics::settled::SpeechLists::default();
    for question in [measured, paused] {
        crate::dynamics::settled::push_question(&question, &mut Default::default(), &mut lists);
    }
    assert_eq!(lists.waits.me, [Samples::from_secs(4)]);
    assert_eq!(WaitStats::from_waits(&Sorted::default(), None, &[]), None);
    assert_eq!(WaitStats::from_waits(&Sorted::default(), None, &lists.waits.me).unwrap().count, 1);
}
