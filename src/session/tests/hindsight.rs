use proptest::prelude::*;

use super::script::{Script, ScriptResult};
use super::*;
use crate::turns::TurnEvent;

/// Two who talk in turn for three minutes, with words.
fn talk() -> Script {
    (0..18).fold(Script::silent_call(180), |script, i| {
        let at = f64::from(i) * 10.0;
        script.says(Track::Me, (at, at + 2.5), "最近どうですか？").says(Track::Them, (at + 1.0, at + 1.6), "うん").says(
            Track::Them,
            (at + 3.5, at + 6.0),
            "ええと、目標の話をしたいです",
        )
    })
}

/// Somebody else in my room, who says this much every ten seconds in the first minute.
const OTHERS: [(f64, f64); 6] = [(6.5, 8.5), (16.5, 18.5), (23.0, 25.0), (36.2, 36.6), (44.0, 44.5), (53.2, 59.5)];

fn spans(runs: &[(f64, f64)]) -> Vec<Span> {
    runs.iter().map(|(from, to)| Span::from_ms((from * 1000.0) as u64, (to * 1000.0) as u64)).collect()
}

fn with_others(runs: &[(f64, f64)]) -> Script {
    runs.iter().fold(talk(), |script, run| script.says(Track::Me, *run, "まあ、ちょっと待っててよ、すぐ行くから"))
}

/// What stands of the floor in the end, in the order of its moments.
fn standing(told: &ScriptResult) -> Vec<String> {
    let mut standing: Vec<&TurnEvent> = Vec::new();
    for (_, event) in &told.journal {
        match event {
            Event::Turn(turn) => standing.push(turn),
            Event::Withdrawn(turn) => {
                let place = standing.iter().position(|one| *one == turn);
                standing.remove(place.expect("only what was told is withdrawn"));
            }
            _ => {}
        }
    }
    standing.sort_by_key(|turn| (turn.start(), format!("{turn:?}")));
    standing.into_iter().map(|turn| format!("{turn:?}")).collect()
}

/// The figures that are shown in the end.
fn figures(told: &ScriptResult) -> String {
    let end = told.end();
    let coverage = end.transcriber.coverage;
    format!("{:?}", (end.talk, end.counts, end.tally, end.patience, end.shape, end.longest_turn, coverage))
}

#[track_caller]
fn are_the_same(told: &ScriptResult, other: &ScriptResult) {
    assert_eq!(standing(told), standing(other));
    assert_eq!(figures(told), figures(other));
}

#[test]
fn what_is_taken_back_is_as_if_it_had_never_been_heard() {
    let told = with_others(&OTHERS).takes_back(62.0, spans(&OTHERS)).run();
    are_the_same(&told, &talk().run());
    let with_all = with_others(&OTHERS).run();
    assert!(figures(&with_all) != figures(&told), "it had counted");
    let taken = told.journal.iter().map(|(at, event)| (at.as_ms(), taken_back(event)));
    assert_eq!(taken.filter(|(_, spans)| !spans.is_empty()).collect::<Vec<_>>(), [(62_000, spans(&OTHERS))]);
}

#[test]
fn a_run_of_which_a_part_is_taken_back_is_shorter() {
    let told = talk().me(&[(26.5, 29.0)]).takes_back(40.0, spans(&[(26.5, 28.0)])).run();
    are_the_same(&told, &talk().me(&[(28.0, 29.0)]).run());
}

#[test]
fn what_goes_on_is_taken_back_too() {
    let told = talk().me(&[(36.5, 39.5)]).takes_back(38.0, spans(&[(36.5, 38.0)])).run();
    are_the_same(&told, &talk().me(&[(38.0, 39.5)]).run());
}

#[test]
fn text_that_comes_later_of_what_was_taken_back_counts_for_nothing() {
    let others = [(56.0, 59.0)];
    let told = with_others(&others).takes_back(59.5, spans(&others)).run();
    are_the_same(&told, &talk().run());
    let words = |told: &ScriptResult| told.journal.iter().filter(|(_, event)| matches!(event, Event::Heard(_))).count();
    assert_eq!(words(&told), words(&talk().run()));
}

#[test]
fn what_lies_further_back_than_is_remembered_stays() {
    let setup = SessionSetup { off_record_last: Samples::from_secs(20), ..SessionSetup::default() };
    let told = with_others(&OTHERS).with(setup.clone()).takes_back(62.0, spans(&OTHERS)).run();
    // What may go off the record can be taken back for some seconds more.
    let recent = spans(&OTHERS[3..]);
    are_the_same(&told, &with_others(&OTHERS[..3]).with(setup).run());
    let taken = told.journal.iter().find_map(|(_, event)| match event {
        Event::OthersSpeech { spans, .. } => Some(spans.clone()),
        _ => None,
    });
    assert_eq!(taken, Some(recent));
}

#[test]
fn what_was_taken_back_stays_so_when_what_came_after_goes_off_the_record() {
    let off_record = |last| Command::OffRecord { last: Samples::from_secs(last), next: Samples::ZERO };
    // From before it was told, with some of what was taken back in it; and from after.
    for last in [40, 5] {
        let told = with_others(&OTHERS).takes_back(62.0, spans(&OTHERS)).at(70.0, off_record(last)).run();
        let erased = told.journal.iter().find_map(|(_, event)| match event {
            Event::OffRecord { span } => Some(*span),
            _ => None,
        });
        let erased = erased.unwrap();
        are_the_same(&told, &talk().lost(erased).run());
    }
}

#[test]
fn what_is_taken_back_in_parts_is_as_if_none_of_it_had_been_heard() {
    // The second time a little later, what lies before the first; and so much later that it is not remembered any more.
    let told = with_others(&OTHERS).takes_back(47.0, spans(&OTHERS[2..4])).takes_back(62.0, spans(&OTHERS[4..])).run();
    are_the_same(&told, &with_others(&OTHERS[..2]).run());
    let told = with_others(&OTHERS).takes_back(47.0, spans(&OTHERS[2..5])).takes_back(62.0, spans(&OTHERS[..2])).run();
    are_the_same(&told, &with_others(&OTHERS[5..]).run());
    let late = [(166.5, 168.5)];
    let told = with_others(&[&OTHERS[..], &late].concat())
        .takes_back(62.0, spans(&OTHERS))
        .takes_back(175.0, spans(&late))
        .run();
    are_the_same(&told, &talk().run());
}

#[test]
fn off_the_record_between_two_of_them_changes_neither() {
    for last in [60, 50, 25, 5] {
        let told = with_others(&OTHERS)
            .takes_back(47.0, spans(&OTHERS[..4]))
            .takes_back(62.0, spans(&OTHERS[4..]))
            .at(75.0, Command::OffRecord { last: Samples::from_secs(last), next: Samples::ZERO })
            .run();
        let erased = told.journal.iter().find_map(|(_, event)| match event {
            Event::OffRecord { span } => Some(*span),
            _ => None,
        });
        are_the_same(&told, &talk().lost(erased.unwrap()).run());
    }
}

#[test]
fn what_went_off_the_record_is_not_told_when_somebody_becomes_known_later() {
    let off_record = Command::OffRecord { last: Samples::from_secs(30), next: Samples::ZERO };
    let told = with_others(&OTHERS).at(61.0, off_record).takes_back(70.0, spans(&OTHERS)).run();
    let erased = told.journal.iter().find_map(|(_, event)| match event {
        Event::OffRecord { span } => Some(*span),
        _ => None,
    });
    are_the_same(&told, &talk().lost(erased.unwrap()).run());
    let taken: Vec<Span> = told.journal.iter().flat_map(|(_, event)| taken_back(event)).collect();
    assert_eq!(taken, spans(&OTHERS[..3]));
}

#[test]
fn what_nobody_said_is_not_told_to_be_somebodys() {
    let told = with_others(&OTHERS[..1]).takes_back(62.0, spans(&[(6.0, 9.0), (26.5, 29.0)])).run();
    let taken: Vec<Span> = told.journal.iter().flat_map(|(_, event)| taken_back(event)).collect();
    assert_eq!(taken, spans(&OTHERS[..1]));
    let told = talk().takes_back(62.0, spans(&[(6.5, 9.0)])).run();
    assert!(told.journal.iter().all(|(_, event)| taken_back(event).is_empty()));
}

#[test]
fn an_utterance_stays_with_its_text_if_most_of_it_is_mine() {
    // They speak first, and I go on: one utterance, which asks. What is answered is no sign of listening.
    let asked = |script: Script| script.says(Track::Me, (26.6, 29.0), "来週でいいですか？").them(&[(29.4, 29.8)]);
    let told = asked(talk()).me(&[(26.0, 26.4)]).takes_back(40.0, spans(&[(26.0, 26.4)])).run();
    are_the_same(&told, &asked(talk()).run());
}

fn taken_back(event: &Event) -> Vec<Span> {
    match event {
        Event::OthersSpeech { track: Track::Me, spans } => spans.clone(),
        _ => Vec::new(),
    }
}

#[test]
fn nothing_else_of_the_call_is_changed() {
    let told = with_others(&OTHERS)
        .at(20.0, Command::AddItem("来期の目標".to_owned()))
        .at(30.0, Command::Mute)
        .at(32.0, Command::Unmute)
        .takes_back(62.0, spans(&OTHERS))
        .run();
    let asked = |event: &Event| matches!(event, Event::Agenda { .. } | Event::Muted | Event::Unmuted);
    let kept: Vec<_> = told.asked_for().into_iter().filter(|(_, event)| asked(event)).map(|(at, _)| at).collect();
    assert_eq!(kept, [20_000, 30_000, 32_000]);
    assert_eq!(told.end().agenda.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn whatever_is_taken_back_is_as_if_it_had_never_been_heard(
        pieces in prop::collection::vec((1_u32..580, 1_u32..40), 1..12),
        told_at in 61_u32..100,
    ) {
        let mut others: Vec<(f64, f64)> = Vec::new();
        for (from, tenths) in pieces {
            let run = (f64::from(from) / 10.0, f64::from(from + tenths) / 10.0);
            // Neither over each other nor over what I say: that would be one run.
            let apart = others.iter().all(|other| run.1 < other.0 || other.1 < run.0);
            let mine = (0..7).map(|i| f64::from(i) * 10.0).any(|at| run.0 < at + 2.5 && at < run.1);
            if apart && !mine {
                others.push(run);
            }
        }
        others.sort_by(f64_pair);
        let told = with_others(&others).takes_back(f64::from(told_at), spans(&others)).run();
        are_the_same(&told, &talk().run());
    }
}

fn f64_pair(a: &(f64, f64), b: &(f64, f64)) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0)
}
