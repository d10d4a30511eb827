//! A call is saved while it goes on, whatever the disk does.

use std::sync::mpsc;

use super::*;
use crate::agenda::ItemState;
use crate::wire::tests::heard;

fn begun(home: &Home) -> (Store, Journal) {
    let mut store = Store::open(home).unwrap();
    let start = CallStart { keep_words: true, ..start(home, "2026-11-03T10-00-00", None) };
    let journal = store.begin(&start).unwrap();
    (store, journal)
}

fn tell(journal: &mut Journal, at_ms: impl IntoIterator<Item = u64>) {
    for (at, event) in at_ms.into_iter().map(run) {
        journal.emit(at, event);
    }
}

fn told(store: &Store) -> Vec<u64> {
    store.events("2026-11-03T10-00-00").unwrap().iter().map(|(at, _)| at.as_ms()).collect()
}

#[test]
fn a_full_disk_is_told_once_and_nothing_is_lost_when_there_is_space_again() {
    let (_dir, home) = home();
    let (store, mut journal) = begun(&home);
    let saving = journal.saving();
    tell(&mut journal, 0..10);
    settle(&journal);
    // SQLite says that the disk is full when a page more is wanted than there may be.
    journal.meddle(|db| {
        let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    });
    tell(&mut journal, 10..2_000);
    settle(&journal);
    let full = saving.now();
    assert_eq!((full.saved, full.held, full.lost), (10, 1_990, 0));
    assert_eq!(full.trouble.as_deref(), Some("database or disk is full"));
    assert_eq!(told(&store), (0..10).collect::<Vec<_>>(), "nothing is half there");
    tell(&mut journal, 2_000..2_100);
    journal.meddle(|db| db.query_row("PRAGMA max_page_count = 1000000", [], |_| Ok(())).unwrap());
    settle(&journal);
    assert_eq!(saving.now(), SavingState { saved: 2_100, ..SavingState::default() });
    journal.finish(CallEnd::default()).unwrap();
    assert_eq!(told(&store), (0..2_100).collect::<Vec<_>>());
    assert_eq!(store.db.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
}

#[test]
fn a_disk_that_stays_full_leaves_a_call_that_was_cut_off() {
    let (_dir, home) = home();
    let (mut store, mut journal) = begun(&home);
    tell(&mut journal, 0..10);
    settle(&journal);
    journal.meddle(|db| db.pragma_update(None, "query_only", true).unwrap());
    // More than is held: the rest is counted.
    for part in 0..5 {
        tell(&mut journal, part * 4_000..(part + 1) * 4_000);
        settle(&journal);
    }
    tell(&mut journal, 20_000..20_007);
    settle(&journal);
    let readonly = journal.saving().now();
    assert_eq!((readonly.saved, readonly.held, readonly.lost), (10, 20_000, 7));
    assert_eq!(readonly.trouble.as_deref(), Some("attempt to write a readonly database"));
    let error = journal.finish(CallEnd::default()).unwrap_err().to_string();
    assert!(error.starts_with("20000 events of this call could not be saved: cannot use "), "{error}");
    assert!(error.ends_with("Check the permissions of the file and its folder"), "{error}");
    assert_eq!(store.unfinished().unwrap().len(), 1);
    store.finish_cut_off("2026-11-03T10-00-00", &run(30_000), &CallEnd::default()).unwrap();
    assert_eq!(told(&store).len(), 11);
}

#[test]
fn a_thread_that_is_held_up_holds_nobody_up() {
    let (_dir, home) = home();
    let (store, mut journal) = begun(&home);
    let (go_on, when_to) = mpsc::channel::<()>();
    let (held, when_held) = mpsc::channel();
    journal.meddle(move |_| {
        held.send(()).unwrap();
        when_to.recv().unwrap();
    });
    when_held.recv().unwrap();
    tell(&mut journal, 0..4_096);
    // The queue is full: what comes now is counted, and an erasing waits for its turn.
    tell(&mut journal, 4_096..4_100);
    journal.erase(SampleTime::from_ms(99));
    tell(&mut journal, [4_100]);
    assert_eq!(journal.saving().now().lost, 5);
    go_on.send(()).unwrap();
    settle(&journal);
    tell(&mut journal, [5_000]);
    settle(&journal);
    assert_eq!(told(&store), (0..100).chain([5_000]).collect::<Vec<_>>());
    journal.finish(CallEnd::default()).unwrap();
}

#[test]
fn an_erasing_that_found_no_place_is_carried_out_at_the_end() {
    let (_dir, home) = home();
    let (store, mut journal) = begun(&home);
    let (go_on, when_to) = mpsc::channel::<()>();
    let (held, when_held) = mpsc::channel();
    journal.meddle(move |_| {
        held.send(()).unwrap();
        when_to.recv().unwrap();
    });
    when_held.recv().unwrap();
    tell(&mut journal, 0..4_096);
    journal.erase(SampleTime::from_ms(9));
    go_on.send(()).unwrap();
    journal.finish(CallEnd::default()).unwrap();
    assert_eq!(told(&store), (0..10).collect::<Vec<_>>());
}

/// Numbers that look like chance, the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

#[test]
fn off_the_record_no_byte_is_left_while_the_call_goes_on() {
    let (_dir, home) = home();
    let (store, mut journal) = begun(&home);
    let mut chance = Chance(4_649);
    let mut at = 0;
    for round in 0..25 {
        let from = at;
        for kind in ["kept", "gone"] {
            for _ in 0..1 + chance.below(60) {
                at += 1;
                // Of all lengths: some fill pages of their own.
                let long = if chance.below(20) == 0 { 9_000 } else { 300 };
                let word = format!("{kind}-{round}-").repeat(1 + chance.below(long / 8) as usize);
                let event = match chance.below(2) {
                    0 => Event::Heard(heard(&word)),
                    _ => Event::Agenda { id: 1, text: word, state: ItemState::Open },
                };
                journal.emit(SampleTime::from_ms(at), event);
                if chance.below(10) == 0 {
                    settle(&journal);
                }
            }
            if kind == "kept" {
                settle(&journal);
                assert!(!traces(home.path(), &format!("kept-{round}-")).is_empty());
            }
        }
        let kept = store.events("2026-11-03T10-00-00").unwrap();
        let is_gone = |event: &Event| format!("{event:?}").contains(&format!("gone-{round}-"));
        settle(&journal);
        let all = store.events("2026-11-03T10-00-00").unwrap();
        let first = all.iter().find(|(_, event)| is_gone(event)).unwrap().0;
        assert!(kept.len() <= all.len() && first.as_ms() > from);
        assert!(!traces(home.path(), &format!("gone-{round}-")).is_empty(), "the search finds what is there");
        journal.erase(SampleTime::from_ms(first.as_ms() - 1));
        settle(&journal);
        assert_eq!(traces(home.path(), &format!("gone-{round}-")), [""; 0]);
        assert!(!traces(home.path(), &format!("kept-{round}-")).is_empty());
    }
    journal.finish(CallEnd::default()).unwrap();
    assert_eq!(traces(home.path(), "gone-"), [""; 0]);
}
