//! A call's way through the store.

use std::collections::BTreeMap;

use super::*;
use crate::agenda::{CheckIn, ItemState};
use crate::health::confidence::{Confidence, FigureGroup};
use crate::records::TrialArm;
use crate::wire::tests::heard;

#[test]
fn a_call_is_begun_told_and_ended() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let record = record(&home, "2026-11-03T10-00-00", Some("Sato"));
    let mut journal = store.begin_call(&record).unwrap();
    assert_eq!(store.call(None).unwrap().state, CallState::Running);
    let told: Vec<_> = (1..=100).map(|at| run(at * 10)).collect();
    told.iter().for_each(|(at, event)| journal.emit(*at, event.clone()));
    let saving = journal.saving();
    let doubts = BTreeMap::from([(FigureGroup::Talk, Confidence::Medium), (FigureGroup::Questions, Confidence::Low)]);
    let end = CallEnd {
        figures: Figures { duration_ms: 1_000, share: Some(0.4), wait_ms: Some(700), doubts, ..Figures::default() },
        agenda: vec![("Holidays".to_owned(), ItemState::Open), ("Review".to_owned(), ItemState::Done)],
        check_in: CheckIn::new(4, "疲れ気味"),
        ..CallEnd::default()
    };
    journal.finish(end.clone()).unwrap();
    assert_eq!(saving.state(), SavingState { saved: 100, ..SavingState::default() });
    assert_eq!(store.events(&record.id).unwrap(), told);
    let call = store.call(Some(&record.id)).unwrap();
    assert_eq!((call.record, call.state), (record, CallState::Ended { cut_off: false }));
    assert_eq!((call.figures, call.perceived), (Some(end.figures), Perceived::NotAsked));
    assert_eq!(store.open_items("Sato").unwrap()[0].text, "Holidays");
    assert_eq!(store.check_ins("Sato").unwrap()[0].check_in, end.check_in.unwrap());
    assert!(store.cut_off_calls().unwrap().is_empty());
}

#[test]
fn calls_of_a_trial_take_turns_and_others_between_them_do_not_count() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let mut of_length = |seconds: u64, day: u32, trial| {
        let id = format!("2026-11-{day:02}T10-00-00");
        let started_at = Some(format!("2026-11-{day:02}T10:00:00+09:00"));
        let record = CallRecord { trial, started_at, ..record(&home, &id, None) };
        let talk_ms = seconds * 300;
        let share = Some(0.5);
        let figures =
            Figures { duration_ms: seconds * 1_000, talk_ms, their_talk_ms: talk_ms, share, ..Figures::default() };
        store.begin_call(&record).unwrap().finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
        assert_eq!(store.call(Some(&id)).unwrap().record.trial, trial);
        TrialArm::after(store.last_trial_arm().unwrap())
    };
    let mut held = |day, trial| of_length(1_800, day, trial);
    assert_eq!(held(1, None), TrialArm::Quiet, "a trial begins with a quiet call");
    assert_eq!(held(2, Some(TrialArm::Quiet)), TrialArm::Nudged);
    assert_eq!(held(3, None), TrialArm::Nudged);
    assert_eq!(held(4, Some(TrialArm::Nudged)), TrialArm::Quiet);
    assert_eq!(of_length(30, 5, Some(TrialArm::Quiet)), TrialArm::Quiet, "a test of the sound takes no turn");
}

#[test]
fn a_call_without_its_words() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    for keep_words in [true, false] {
        let id = format!("2026-11-03T10-00-0{}", u8::from(keep_words));
        let mut journal = store.begin_call(&CallRecord { keep_words, ..record(&home, &id, None) }).unwrap();
        let said = heard("んだんだんだ");
        journal.emit(SampleTime::from_ms(20), Event::Heard(said.clone()));
        journal.finish(CallEnd::default()).unwrap();
        let bare = vec![(SampleTime::from_ms(20), Event::Heard(said.clone().without_words()))];
        let whole = vec![(SampleTime::from_ms(20), Event::Heard(said))];
        assert_eq!(store.events(&id).unwrap(), if keep_words { whole } else { bare });
        assert_eq!(traces(home.path(), "んだんだんだ").is_empty(), !keep_words);
        store.forget(&Forget::Call(id)).unwrap();
    }
}

#[test]
fn the_exported_events_are_a_replays() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let (live, replay) = (home.path().join("calls/live"), home.path().join("calls/replay"));
    let mut file = CallFolder::create(&replay).unwrap().create_events_file().unwrap();
    let id = "2026-11-03T10-00-00";
    let mut journal = store.begin_call(&CallRecord { keep_words: true, ..record(&home, id, None) }).unwrap();
    for event in crate::wire::tests::every_kind() {
        journal.emit(SampleTime::from_ms(1_230), event.clone());
        file.emit(SampleTime::from_ms(1_230), event);
    }
    journal.finish(CallEnd::default()).unwrap();
    let exported = store.export_events(id, &CallFolder::create(&live).unwrap()).unwrap();
    let replayed = file.finish().unwrap();
    assert_eq!(std::fs::read_to_string(exported).unwrap(), std::fs::read_to_string(replayed).unwrap());
}

#[test]
fn a_call_whose_journal_went_is_cut_off_and_can_be_finished() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let id = "2026-11-03T10-00-00";
    let mut journal = store.begin_call(&record(&home, id, Some("Sato"))).unwrap();
    let (at, event) = run(5_000);
    journal.emit(at, event.clone());
    assert!(store.cut_off_calls().unwrap().is_empty(), "it goes on");
    let last = run(6_000);
    let refused = store.finish_cut_off(id, std::slice::from_ref(&last), &CallEnd::default()).unwrap_err().to_string();
    assert_eq!(refused, format!("the call {id} is still running. End it first"));
    drop(journal);
    let unfinished = store.cut_off_calls().unwrap();
    assert_eq!((unfinished.len(), unfinished[0].state), (1, CallState::CutOff));
    let figures = Figures { duration_ms: 6_000, ..Figures::default() };
    assert!(store.finish_cut_off(id, std::slice::from_ref(&last), &CallEnd { figures, ..CallEnd::default() }).unwrap());
    assert_eq!(store.call(Some(id)).unwrap().state, CallState::Ended { cut_off: true });
    assert_eq!(store.events(id).unwrap(), [(at, event), last]);
    assert!(store.cut_off_calls().unwrap().is_empty());
}

#[test]
fn two_starts_at_once_end_a_call_once() {
    let (_dir, home) = home();
    let (mut one, mut other) = (Store::open(&home).unwrap(), Store::open(&home).unwrap());
    let id = "2026-11-03T10-00-00";
    drop(one.begin_call(&record(&home, id, Some("Sato"))).unwrap());
    // Both have found it cut off, and made its end, before either wrote it down.
    assert_eq!((one.cut_off_calls().unwrap().len(), other.cut_off_calls().unwrap().len()), (1, 1));
    let end = |duration_ms| CallEnd {
        figures: Figures { duration_ms, ..Figures::default() },
        agenda: vec![("Holidays".to_owned(), ItemState::Open)],
        ..CallEnd::default()
    };
    assert!(one.finish_cut_off(id, &[run(6_000)], &end(6_000)).unwrap());
    assert!(!other.finish_cut_off(id, &[run(6_000)], &end(9_000)).unwrap(), "it was ended before");
    assert_eq!(other.events(id).unwrap(), [run(6_000)]);
    let call = other.call(Some(id)).unwrap();
    assert_eq!((call.state, call.figures.unwrap().duration_ms), (CallState::Ended { cut_off: true }, 6_000));
    assert_eq!(other.open_items("Sato").unwrap().len(), 1);
    assert_eq!(std::fs::read_dir(home.path().join("running")).unwrap().count(), 0);
}

#[test]
fn what_is_not_there_is_one_sentence() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    assert_eq!(store.call(None).unwrap_err().to_string(), "no calls yet. Start one with `keicho live`");
    let nobody = store.forget(&Forget::Person("Sato".to_owned())).unwrap_err().to_string();
    assert_eq!(nobody, "there is no Sato here. `keicho history` lists who is");
    let id = "2026-11-03T10-00-00";
    drop(store.begin_call(&record(&home, id, None)).unwrap());
    let twice = store.begin_call(&record(&home, id, None)).unwrap_err().to_string();
    assert_eq!(twice, "a call 2026-11-03T10-00-00 is there already. Begin again");
}

#[test]
fn what_i_took_my_share_to_be() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let id = "2026-11-03T10-00-00";
    past(&mut store, &home, id, "Sato", 0.6);
    for (said, kept) in [(None, Perceived::Skipped), (Some(0.4), Perceived::Share(0.4))] {
        store.set_perceived(id, said).unwrap();
        assert_eq!(store.call(None).unwrap().perceived, kept);
    }
}
