//! A call's way through the store.

use super::*;
use crate::agenda::{CheckIn, ItemState};

#[test]
fn a_call_is_begun_told_and_ended() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let start = start(&home, "2026-11-03T10-00-00", Some("Sato"));
    let mut journal = store.begin(&start).unwrap();
    assert_eq!(store.call(None).unwrap().state, CallState::GoesOn);
    let told: Vec<_> = (1..=100).map(|at| run(at * 10)).collect();
    told.iter().for_each(|(at, event)| journal.emit(*at, event.clone()));
    let saving = journal.saving();
    let end = CallEnd {
        figures: Figures { duration_ms: 1_000, share: Some(0.4), wait_ms: Some(700), ..Figures::default() },
        agenda: vec![("Holidays".to_owned(), ItemState::Open), ("Review".to_owned(), ItemState::Done)],
        check_in: CheckIn::new(4, "疲れ気味"),
    };
    journal.finish(end.clone()).unwrap();
    assert_eq!(saving.now(), SavingState { saved: 100, ..SavingState::default() });
    assert_eq!(store.events(&start.id).unwrap(), told);
    let call = store.call(Some(&start.id)).unwrap();
    assert_eq!((call.start, call.state), (start, CallState::Ended { cut_off: false }));
    assert_eq!((call.figures, call.perceived), (Some(end.figures), Perceived::NotAsked));
    assert_eq!(store.open_items("Sato").unwrap()[0].text, "Holidays");
    assert_eq!(store.check_ins("Sato").unwrap()[0].check_in, end.check_in.unwrap());
    assert!(store.unfinished().unwrap().is_empty());
}
