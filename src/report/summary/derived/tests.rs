use super::*;
use crate::health::confidence::{DoubtReason, DoubtfulFigure};
use crate::nudges::Mode;
use crate::report::summary::tests::{aimed, summary, with_words};
use crate::report::summary::{BackchannelEntry, ExcludedSpan};

#[test]
fn a_monologue_is_one_turn_whatever_it_holds() {
    let mut call = summary();
    let turn = |track, start_ms, end_ms| TrackSpan { track, start_ms, end_ms };
    call.turns = vec![
        turn(Track::Me, 0, 40_000),
        turn(Track::Them, 40_000, 40_800),
        turn(Track::Me, 41_000, 90_000),
        turn(Track::Me, 200_000, 205_000),
        turn(Track::Me, 300_000, 320_000),
        turn(Track::Me, 400_000, 410_000),
    ];
    call.monologues = vec![turn(Track::Me, 0, 90_000)];
    let lengths: Vec<u64> = longest_turns(&call, Track::Me).iter().map(|turn| turn.end_ms - turn.start_ms).collect();
    assert_eq!(lengths, [90_000, 20_000, 10_000], "three, the longest first, none of them twice");
    assert_eq!(longest_turns(&call, Track::Them), [turn(Track::Them, 40_000, 40_800)]);
}

/// I talk from 0:10 to 5:10, they from 5:16 to 7:46, of ten minutes; the window is 2:30.
#[test]
fn the_share_over_time_is_what_was_said_in_the_window() {
    let call = summary();
    let at = |ms: u64| *share_at_steps(&call).iter().find(|moment| moment.at_ms == ms).unwrap();
    assert_eq!(share_window_ms(&call), 150_000);
    assert_eq!(at(10_000), ShareAtTime { at_ms: 10_000, recent: None, whole: None }, "nobody has spoken yet");
    assert_eq!(at(300_000), ShareAtTime { at_ms: 300_000, recent: Some(1.0), whole: Some(1.0) });
    // In the window from 3:50 to 6:20 I talk for 80 s, they for 64 s.
    assert_eq!(at(380_000).recent, Some(80.0 / 144.0));
    assert_eq!(at(600_000), ShareAtTime { at_ms: 600_000, recent: Some(0.0), whole: Some(300.0 / 450.0) });
    // Known from 0:15 on, but for 6:30, at which sound is lost, and over 30 % until 6:55: 80 of 117 moments.
    assert_eq!(fraction_over_target(&call), Some(80.0 / 117.0));
}

#[test]
fn a_share_is_over_the_target_that_was_in_force() {
    let mut call = summary();
    call.call.target = 0.9;
    call.aim_changes = vec![
        aimed(100_000, (Mode::Listening, 0.3), (Mode::Coaching, 0.3)),
        aimed(300_000, (Mode::Coaching, 0.3), (Mode::Teaching, 0.9)),
        aimed(600_000, (Mode::Teaching, 0.9), (Mode::Feedback, 0.5)),
    ];
    let span = |start_ms, end_ms, target| TargetSpan { start_ms, end_ms, target };
    assert_eq!(targets_over_time(&call), [span(0, 300_000, 0.3), span(300_000, 600_000, 0.9)]);
    // Over 30 % from 0:15 to 5:00, and over 90 % until 5:30: 58 and 6 of 117 moments.
    assert_eq!(fraction_over_target(&call), Some(64.0 / 117.0));
    call.aim_changes.clear();
    assert_eq!(targets_over_time(&call), [span(0, 600_000, 0.9)]);
}

#[test]
fn in_what_was_not_heard_there_is_no_share_and_it_ends_and_begins_at_its_edges() {
    let mut call = summary();
    call.lost.clear();
    let stretch = |start_ms, end_ms| ExcludedSpan { start_ms, end_ms };
    call.off_record = vec![stretch(202_000, 203_000)];
    call.paused = vec![stretch(400_000, 430_000), stretch(420_000, 450_000)];
    call.lost.push(TrackSpan { track: Track::Them, start_ms: 440_000, end_ms: 460_000 });
    assert_eq!(gaps(&call), [(202_000, 203_000), (400_000, 460_000)]);
    assert_eq!(without_gaps(&call, 100_000, 500_000), [(100_000, 202_000), (203_000, 400_000), (460_000, 500_000)]);
    assert_eq!(without_gaps(&call, 410_000, 450_000), []);
    let moments = share_over_time(&call);
    let known = |from: u64, to: u64| -> Vec<(u64, bool)> {
        let within = moments.iter().filter(|moment| (from..=to).contains(&moment.at_ms));
        within.map(|moment| (moment.at_ms, moment.recent.is_some() && moment.whole.is_some())).collect()
    };
    // Shorter than a step: the line is broken all the same.
    assert_eq!(known(201_000, 204_000), [(202_000, true), (202_000, false), (203_000, true)]);
    assert_eq!(known(399_000, 461_000), [(400_000, true), (400_000, false), (460_000, true), (460_000, true)]);
    assert_eq!(share_at_steps(&call).iter().filter(|moment| moment.whole.is_none()).count(), 2 + 12);
}

#[test]
fn a_window_in_which_hardly_anybody_spoke_has_no_share() {
    let mut call = summary();
    call.speech.me = vec![(10_000, 310_000), (590_000, 594_000)];
    call.speech.them = Vec::new();
    let last = *share_over_time(&call).last().unwrap();
    assert_eq!((last.recent, last.whole), (None, Some(1.0)));
}

#[test]
fn waits_are_known_with_words_alone() {
    assert_eq!(questions_with_wait(&summary(), Track::Me), None);
    let waits = questions_with_wait(&with_words(), Track::Me).unwrap();
    assert_eq!(waits.iter().map(|one| (one.wait_ms, one.answer_ms)).collect::<Vec<_>>(), [(Some(6_000), None)]);
}

#[test]
fn signs_of_listening_are_counted_against_the_others_talk() {
    let mut call = summary();
    // They nod once at 1:40, in a minute that I talk through; in the last four minutes I say nothing.
    let theirs: Vec<_> =
        backchannels_over_time(&call, Track::Them).iter().map(|one| (one.count, one.per_min)).collect();
    assert_eq!(theirs.len(), 10);
    assert_eq!(theirs[1], (1, Some(1.0)));
    assert_eq!(theirs[2], (0, Some(0.0)), "none given is none, not unknown");
    assert_eq!(theirs[9], (0, None), "nobody to listen to is unknown, not none");
    call.backchannels.push(BackchannelEntry { by: Track::Me, start_ms: 330_000, end_ms: 330_400, text: None });
    // From 5:16 to 6:00 they talk for 44 s.
    assert_eq!(backchannels_over_time(&call, Track::Me)[5].per_min, Some(60.0 / 44.0));
}

#[test]
fn the_gravest_doubt_counts() {
    let mut call = summary();
    assert_eq!(
        (lowest_confidence(&call, &[FigureGroup::Interruptions]), lowest_confidence(&call, &[FigureGroup::Talk])),
        (Some(Confidence::Medium), None)
    );
    call.confidence.push(DoubtfulFigure {
        figure: FigureGroup::Interruptions,
        confidence: Confidence::Low,
        reason: DoubtReason::Dead(Track::Them),
    });
    assert_eq!(lowest_confidence(&call, &[FigureGroup::Interruptions]), Some(Confidence::Low));
}
