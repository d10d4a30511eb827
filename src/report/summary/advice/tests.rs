use super::*;
use crate::health::confidence::{DoubtReason, DoubtfulFigure};
use crate::report::summary::tests::summary;
use crate::report::summary::{InterruptionEntry, QuestionEntry};
use crate::turns::Outcome;

/// A call after which there is nothing to say: 40 % of the talk, no turn over two minutes.
fn even() -> Summary {
    let mut call = summary();
    call.talk.me.share = Some(0.39);
    (call.turns, call.monologues, call.interruptions) = (Vec::new(), Vec::new(), Vec::new());
    call.talk.them.speech_ms = 150_000;
    call
}

fn kind(call: &Summary) -> Option<AdviceKind> {
    Advice::for_summary(call).map(|advice| advice.kind)
}

fn asked(kind: QuestionKind, regrabbed: bool) -> QuestionEntry {
    QuestionEntry {
        track: Track::Me,
        at_ms: 0,
        kind,
        wait_ms: Some(500),
        broken_by: Some(Track::Me),
        regrabbed,
        response_ms: None,
        answer_ms: None,
    }
}

#[test]
fn where_nothing_stands_out_nothing_is_advised() {
    assert_eq!(kind(&even()), None);
}

#[test]
fn questions_taken_back_come_first() {
    let mut call = even();
    call.talk.me.share = Some(0.9);
    call.questions = Some(vec![asked(QuestionKind::Open, true), asked(QuestionKind::Open, false)]);
    assert_eq!(kind(&call), Some(AdviceKind::Ask), "once is no habit");
    call.questions =
        Some(vec![asked(QuestionKind::Open, true), asked(QuestionKind::Open, true), asked(QuestionKind::Open, false)]);
    let advice = Advice::for_summary(&call).unwrap();
    assert_eq!(advice.kind, AdviceKind::Wait);
    assert_eq!(advice.because(Language::En), "After 2 of your 3 questions you spoke again within 3\u{a0}s.");
    assert!(advice.because(Language::Ja).contains("質問3回のうち2回"));
    call.questions = Some(vec![asked(QuestionKind::Open, true), asked(QuestionKind::Open, true)]);
    let advice = Advice::for_summary(&call).unwrap();
    assert_eq!(advice.because(Language::En), "After both of your questions you spoke again within 3\u{a0}s.");
    assert!(advice.because(Language::Ja).contains("質問2回とも"));
    assert!(advice.source.en.contains("Rowe 1986"));
}

#[test]
fn turns_taken_twice_while_they_spoke_are_told_and_theirs_are_not() {
    let mut call = even();
    let taken = |by| InterruptionEntry { by, at_ms: 0, overlap_ms: 500, outcome: Outcome::Successful };
    call.interruptions = vec![taken(Track::Them), taken(Track::Them), taken(Track::Them), taken(Track::Me)];
    assert_eq!(kind(&call), None);
    call.interruptions.push(taken(Track::Me));
    assert_eq!(kind(&call), Some(AdviceKind::Finish));
}

#[test]
fn a_long_turn_is_told_with_its_place_and_theirs_is_not() {
    let mut call = even();
    let turn =
        |track, length: u64| crate::report::summary::TrackSpan { track, start_ms: 60_000, end_ms: 60_000 + length };
    call.monologues = vec![turn(Track::Them, 600_000), turn(Track::Me, 149_000)];
    assert_eq!(kind(&call), None);
    call.monologues.push(turn(Track::Me, 161_000));
    let advice = Advice::for_summary(&call).unwrap();
    assert_eq!(
        (advice.kind, advice.because(Language::En)),
        (AdviceKind::HandOver, "You spoke for 2\u{a0}min\u{a0}41\u{a0}s without a break, from 1:00.")
    );
}

#[test]
fn a_share_is_told_from_ten_points_over_the_target() {
    let mut call = even();
    for (share, told) in [
        (0.25, Some(AdviceKind::Keep)),
        (0.32, Some(AdviceKind::Keep)),
        (0.34, None),
        (0.39, None),
        (0.41, Some(AdviceKind::Ask)),
    ] {
        call.talk.me.share = Some(share);
        assert_eq!(kind(&call), told, "{share}");
    }
    call.call.target = 0.6;
    assert_eq!(kind(&call), Some(AdviceKind::Keep), "the target is the call's own");
    (call.talk.me.speech_ms, call.talk.them.speech_ms) = (10_000, 20_000);
    assert_eq!(kind(&call), None, "half a minute has no share");
}

#[test]
fn closed_questions_and_few_signs_of_listening_are_told() {
    let mut call = even();
    call.questions = Some(
        [[QuestionKind::Closed; 3], [QuestionKind::Progress, QuestionKind::Open, QuestionKind::Open]]
            .concat()
            .iter()
            .map(|one| asked(*one, false))
            .collect(),
    );
    assert_eq!(kind(&call), Some(AdviceKind::Open));
    call.questions = None;
    assert_eq!(kind(&call), None);
    call.talk.them.speech_ms = 200_000;
    assert_eq!(call.rates.me.backchannels_per_min, Some(0.0));
    assert_eq!(kind(&call), Some(AdviceKind::Listening));
    call.rates.me.backchannels_per_min = None;
    assert_eq!(kind(&call), None, "what is not known is not none");
}

#[test]
fn what_may_be_wrong_altogether_is_no_ground_for_advice() {
    let mut call = even();
    call.talk.me.share = Some(0.8);
    let doubt =
        |confidence| DoubtfulFigure { figure: FigureGroup::Talk, confidence, reason: DoubtReason::Dead(Track::Them) };
    call.confidence = vec![doubt(Confidence::Medium)];
    assert_eq!(kind(&call), Some(AdviceKind::Ask));
    call.confidence = vec![doubt(Confidence::Low)];
    assert_eq!(kind(&call), None);
}

#[test]
fn a_share_that_is_approximate_is_said_to_be() {
    let mut call = even();
    call.talk.me.share = Some(0.6);
    call.confidence.clear();
    let because = |call: &Summary| Advice::for_summary(call).unwrap().because(Language::En).to_owned();
    assert!(because(&call).starts_with("You did 60% of"), "{}", because(&call));
    let reason = DoubtReason::Dead(Track::Them);
    call.confidence.push(DoubtfulFigure { figure: FigureGroup::Talk, confidence: Confidence::Medium, reason });
    assert!(because(&call).starts_with("You did about 60% of"), "{}", because(&call));
}
