use super::*;
use crate::report::summary::tests::summary;
use crate::report::summary::{BackchannelEntry, HesitationEntry, QuestionEntry, TrackSpan};

/// A call of ten minutes with one nudge at 1:00, and nothing else.
fn nudged(kind: NudgeKind) -> Summary {
    let mut call = summary();
    call.call.duration_ms = 600_000;
    (call.turns, call.backchannels, call.questions, call.hesitations) = (vec![], vec![], Some(vec![]), vec![]);
    call.nudges = vec![ShownNudge { at_ms: 60_000, kind, text: "", words: crate::i18n::Bilingual { ja: "", en: "" } }];
    call
}

fn turn(track: Track, start_ms: u64, end_ms: u64) -> TrackSpan {
    TrackSpan { track, start_ms, end_ms }
}

fn question(at_ms: u64, kind: QuestionKind, wait_ms: Option<u64>) -> QuestionEntry {
    QuestionEntry {
        track: Track::Me,
        at_ms,
        kind,
        wait_ms,
        broken_by: None,
        regrabbed: false,
        response_ms: None,
        answer_ms: None,
    }
}

/// Whether the one nudge was followed, as the call is with `change`.
fn is(kind: NudgeKind, change: impl Fn(&mut Summary)) -> Option<bool> {
    let mut call = nudged(kind);
    change(&mut call);
    assert_eq!(followed(&call), usize::from(is_followed(&call, &call.nudges[0]) == Some(true)));
    is_followed(&call, &call.nudges[0])
}

#[test]
fn to_keep_listening_is_to_leave_them_the_floor() {
    let theirs = |call: &mut Summary| call.turns = vec![turn(Track::Them, 59_500, 95_000)];
    assert_eq!(is(NudgeKind::Share, theirs), Some(true));
    let soon =
        |call: &mut Summary| call.turns = vec![turn(Track::Them, 59_500, 70_000), turn(Track::Me, 70_500, 80_000)];
    assert_eq!(is(NudgeKind::Share, soon), Some(false));
    let ended = |call: &mut Summary| {
        theirs(call);
        call.call.duration_ms = 80_000;
    };
    assert_eq!(is(NudgeKind::Share, ended), None, "the call ended before it could be told");
}

#[test]
fn a_long_turn_ends_in_a_question_or_a_handover() {
    assert_eq!(is(NudgeKind::Monologue, |call| call.turns = vec![turn(Track::Me, 0, 200_000)]), Some(false));
    assert_eq!(is(NudgeKind::Monologue, |call| call.turns = vec![turn(Track::Them, 79_000, 90_000)]), Some(true));
    let asks = |call: &mut Summary| call.questions = Some(vec![question(75_000, QuestionKind::Open, None)]);
    assert_eq!(is(NudgeKind::Monologue, asks), Some(true));
}

#[test]
fn each_other_kind_has_its_own_sign() {
    let late = |call: &mut Summary| call.turns = vec![turn(Track::Them, 75_000, 90_000)];
    assert_eq!(is(NudgeKind::CutIn, late), Some(false));
    assert_eq!(is(NudgeKind::CutIn, |call| call.turns = vec![turn(Track::Them, 65_000, 90_000)]), Some(true));
    let sign = |start_ms: u64| {
        move |call: &mut Summary| {
            call.backchannels = vec![BackchannelEntry { by: Track::Me, start_ms, end_ms: start_ms + 300, text: None }];
        }
    };
    assert_eq!(
        (is(NudgeKind::Listening, sign(70_000)), is(NudgeKind::Listening, sign(90_000))),
        (Some(true), Some(false))
    );
    let asked = |kind: QuestionKind, wait_ms: Option<u64>| {
        move |call: &mut Summary| {
            call.questions = Some(vec![question(50_000, kind, None), question(300_000, kind, wait_ms)])
        }
    };
    assert_eq!(is(NudgeKind::Regrab, asked(QuestionKind::Open, Some(3_200))), Some(true));
    assert_eq!(is(NudgeKind::Regrab, asked(QuestionKind::Open, Some(900))), Some(false));
    assert_eq!(is(NudgeKind::Regrab, |_| ()), None, "no question came after it");
    assert_eq!(is(NudgeKind::ClosedRun, asked(QuestionKind::Closed, None)), Some(false));
    assert_eq!(is(NudgeKind::ClosedRun, asked(QuestionKind::Open, None)), Some(true));
    let fillers = |count: u64| {
        move |call: &mut Summary| {
            let filler = |place: u64| HesitationEntry {
                track: Track::Me,
                start_ms: 62_000 + place * 1_000,
                end_ms: 62_500 + place * 1_000,
                kind: HesitationKind::FilledPause,
                heard: false,
                text: None,
            };
            call.hesitations = (0..count).map(filler).collect();
        }
    };
    assert_eq!((is(NudgeKind::Fillers, fillers(1)), is(NudgeKind::Fillers, fillers(2))), (Some(true), Some(false)));
    assert_eq!((is(NudgeKind::Audio, |_| ()), is(NudgeKind::Pace, |_| ())), (None, None));
}
