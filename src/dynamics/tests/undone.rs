//! What is undone leaves the figures as they were before it.

use proptest::prelude::*;

use super::*;

/// What is done: the kind of it, whose it is, when it begins and how long it is (tenths of a second), which of the things that
/// are there it is done to.
type Step = (u8, bool, u64, u64, usize);

fn any_step() -> impl Strategy<Value = Step> {
    (0_u8..11, any::<bool>(), 0_u64..9_000, 1_u64..80, any::<usize>())
}

fn heard(track: Track, span: Span, which: usize) -> Heard {
    let (text, language) =
        [("so um what do you think?", Language::En), ("えーと、どうですか？", Language::Ja), ("", Language::En)]
            [which % 3];
    let reading = language::analyze(text, language);
    let said =
        Transcription { text: text.to_owned(), language, reading, written: which.is_multiple_of(4), doubtful: false };
    Heard { track, runs: vec![span], transcription: Ok((!text.is_empty()).then_some(said)) }
}

fn take(dynamics: &mut Dynamics, (kind, is_mine, start, length, which): Step) {
    let track = if is_mine { Track::Me } else { Track::Them };
    let span = Span::from_ms(start * 100, (start + length) * 100);
    let nth_event = |dynamics: &Dynamics| dynamics.turn_events.get(which % dynamics.turn_events.len().max(1)).cloned();
    let nth_run = |dynamics: &Dynamics| {
        let runs = &dynamics.runs[track];
        runs.get(which % runs.len().max(1)).map(|run| TurnEvent::Run { track, span: *run })
    };
    match kind {
        0 | 1 => dynamics.push(&TurnEvent::Run { track, span }),
        2 => dynamics.push(&TurnEvent::Backchannel { by: track, span }),
        3 => dynamics.push(&TurnEvent::Turn { track, span }),
        4 => {
            dynamics.push(&TurnEvent::Floor { holder: Floor::Held(track), at: span.start });
            dynamics.push(&TurnEvent::FloorSpan { track, span });
        }
        5 => nth_event(dynamics).iter().for_each(|event| dynamics.withdraw(event)),
        6 => nth_run(dynamics).iter().for_each(|event| dynamics.withdraw(event)),
        7 => {
            let withdrawn: Vec<TurnEvent> = nth_event(dynamics).into_iter().chain(nth_run(dynamics)).collect();
            dynamics.exchange(&withdrawn, &[TurnEvent::Run { track, span }, TurnEvent::Monologue { track, span }]);
        }
        8 => dynamics.push_heard(heard(track, span, which)),
        9 => dynamics.forget_heard(track, &[span]),
        _ => dynamics.push_gaps([span, Span::new(span.end, span.end + span.len())]),
    }
}

#[track_caller]
fn assert_same(one: &Dynamics, other: &Dynamics) {
    assert_eq!(one.turn_events, other.turn_events);
    assert_eq!(one.runs, other.runs);
    assert_eq!(one.utterances.heard(), other.utterances.heard());
    assert_eq!(one.utterances.coverage(), other.utterances.coverage());
    assert_eq!(one.utterances.recognized_speech(), other.utterances.recognized_speech());
    assert_eq!(one.gaps, other.gaps);
    assert_eq!(one.talk_runs, other.talk_runs);
    assert_eq!(one.talk_time, other.talk_time);
    assert_eq!(one.longest_turn, other.longest_turn);
    assert_eq!(one.counts, other.counts);
    assert_eq!(one.speech_figures, other.speech_figures);
    assert_eq!(one.transfers, other.transfers);
    assert_eq!(one.patience, other.patience);
    assert_eq!(one.shape, other.shape);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_figures_stand_as_before(
        before in prop::collection::vec(any_step(), 0..40),
        undone in prop::collection::vec(any_step(), 1..40),
        after in prop::collection::vec(any_step(), 0..10),
    ) {
        let mut wanted = Dynamics::default();
        before.iter().for_each(|step| take(&mut wanted, *step));
        let mut dynamics = wanted.clone();
        let edits: Vec<Edits> = undone.iter().map(|step| dynamics.with_edits(|dynamics| take(dynamics, *step))).collect();
        dynamics.undo(edits.iter().rev());
        // What is derived may depend on when that was done: the pace is of the last change, and a gap that becomes known changes
        // nothing where no run is known beyond it.
        wanted.derive_all();
        assert_same(&dynamics, &wanted);
        for step in after {
            take(&mut dynamics, step);
            take(&mut wanted, step);
        }
        assert_same(&dynamics, &wanted);
    }
}
