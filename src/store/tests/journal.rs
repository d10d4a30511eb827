//! A call is saved while it goes on, whatever the disk does.

use std::fmt::Write as _;
use std::sync::{Mutex, Once, PoisonError, mpsc};

use tracing::field::{Field, Visit};
use tracing::{Level, Metadata, Subscriber, span};

use super::*;
use crate::agenda::ItemState;
use crate::asr::NoText;
use crate::audio::PerTrack;
use crate::session::{self, RecoveryPoint, Session, SessionSetup, Snapshot};
use crate::wire::tests::heard;

fn begun(home: &DataDir) -> (Store, Journal) {
    let mut store = Store::open(home).unwrap();
    let record = CallRecord { keep_words: true, ..record(home, "2026-11-03T10-00-00", None) };
    let journal = store.begin_call(&record).unwrap();
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

/// What the store has warned of, in all tests together: a warning names its file.
static WARNED: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Warnings;

impl Subscriber for Warnings {
    fn enabled(&self, of: &Metadata<'_>) -> bool {
        *of.level() == Level::WARN && of.target().starts_with("keicho::store")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        WARNED.lock().unwrap_or_else(PoisonError::into_inner).push(line.0);
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, _: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, "{value:?} ").unwrap();
    }
}

/// What was warned of this file.
fn warnings(home: &DataDir) -> Vec<String> {
    let all = WARNED.lock().unwrap_or_else(PoisonError::into_inner);
    let of = all.iter().filter(|line| line.contains(&home.path().display().to_string()));
    of.map(|line| line.split(" /").next().unwrap_or_default().to_owned()).collect()
}

fn listen_for_warnings() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Warnings).unwrap());
}

#[test]
fn a_thread_that_fails_goes_on_and_saves_what_it_held() {
    let (_dir, home) = home();
    let (store, mut journal) = begun(&home);
    tell(&mut journal, 0..10);
    journal.run_on_connection(|_| panic!("a writer that fails on purpose"));
    tell(&mut journal, 10..20);
    settle(&journal);
    let saving = journal.saving().state();
    assert_eq!((saving.trouble, saving.lost), (None, 0));
    journal.finish(CallEnd::default()).unwrap();
    assert_eq!(told(&store), (0..20).collect::<Vec<_>>());
}

#[test]
fn the_event_at_which_the_writer_fails_is_kept_until_it_is_written() {
    let (_dir, home) = home();
    let (store, mut journal) = begun(&home);
    let mut fails = true;
    journal.before_each(move |at| {
        if at == SampleTime::from_ms(5) && std::mem::take(&mut fails) {
            panic!("a writer that fails on purpose");
        }
    });
    tell(&mut journal, 0..10);
    settle(&journal);
    assert_eq!(journal.saving().state().lost, 0);
    journal.finish(CallEnd::default()).unwrap();
    assert_eq!(told(&store), (0..10).collect::<Vec<_>>());
}

#[test]
fn an_event_at_which_the_writer_always_fails_costs_no_other() {
    let (_dir, home) = home();
    let (store, mut journal) = begun(&home);
    let mut fails = true;
    journal.before_each(move |at| {
        let fails_once = at == SampleTime::from_ms(15) && std::mem::take(&mut fails);
        assert!(at != SampleTime::from_ms(5) && !fails_once, "a writer that fails on purpose");
    });
    tell(&mut journal, 0..20);
    settle(&journal);
    settle(&journal);
    assert_eq!(journal.saving().state().lost, 1, "the other is kept");
    journal.finish(CallEnd::default()).unwrap();
    assert_eq!(told(&store), (0..5).chain(6..20).collect::<Vec<_>>());
}

#[test]
fn a_full_disk_is_told_once_and_nothing_is_lost_when_there_is_space_again() {
    listen_for_warnings();
    let (_dir, home) = home();
    let (store, mut journal) = begun(&home);
    let saving = journal.saving();
    tell(&mut journal, 0..10);
    settle(&journal);
    // SQLite says that the disk is full when a page more is wanted than there may be.
    journal.run_on_connection(|db| {
        let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    });
    for part in [10..1_000, 1_000..1_500, 1_500..2_000] {
        tell(&mut journal, part);
        settle(&journal);
    }
    let full = saving.state();
    assert_eq!((full.saved, full.pending, full.lost), (10, 1_990, 0));
    assert_eq!(full.trouble.as_deref(), Some("database or disk is full"));
    assert_eq!(told(&store), (0..10).collect::<Vec<_>>(), "nothing is half there");
    tell(&mut journal, 2_000..2_100);
    journal.run_on_connection(|db| db.query_row("PRAGMA max_page_count = 1000000", [], |_| Ok(())).unwrap());
    settle(&journal);
    assert_eq!(saving.state(), SavingState { saved: 2_100, ..SavingState::default() });
    let once = ["the call is not saved for now; it goes on", "the call is saved again"];
    assert_eq!(warnings(&home), once, "each once, however often it was tried");
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
    journal.run_on_connection(|db| db.pragma_update(None, "query_only", true).unwrap());
    // More than is held: the rest is counted.
    for part in 0..5 {
        tell(&mut journal, part * 4_000..(part + 1) * 4_000);
        settle(&journal);
    }
    tell(&mut journal, 20_000..20_007);
    settle(&journal);
    let readonly = journal.saving().state();
    assert_eq!((readonly.saved, readonly.pending, readonly.lost), (10, 20_000, 7));
    assert_eq!(readonly.trouble.as_deref(), Some("attempt to write a readonly database"));
    let error = journal.finish(CallEnd::default()).unwrap_err().to_string();
    assert!(error.starts_with("20000 events of this call could not be saved: cannot use "), "{error}");
    assert!(error.ends_with("Check the permissions of the file and its folder"), "{error}");
    assert_eq!(store.cut_off_calls().unwrap().len(), 1);
    store.finish_cut_off("2026-11-03T10-00-00", &[run(30_000)], &CallEnd::default()).unwrap();
    assert_eq!(told(&store).len(), 11);
}

#[test]
fn the_end_of_a_call_is_tried_again_and_nothing_is_lost() {
    let (_dir, home) = home();
    let (store, mut journal) = begun(&home);
    tell(&mut journal, 0..10);
    settle(&journal);
    journal.run_on_connection(|db| db.pragma_update(None, "query_only", true).unwrap());
    tell(&mut journal, 10..30);
    let end = CallEnd { agenda: vec![("Goals".to_owned(), ItemState::Open)], ..CallEnd::default() };
    for _ in 0..2 {
        let error = journal.try_finish(&end).unwrap_err();
        assert!(matches!(error, StoreError::Unsaved { held: 20, .. }), "{error}");
    }
    journal.run_on_connection(|db| db.pragma_update(None, "query_only", false).unwrap());
    journal.try_finish(&end).unwrap();
    journal.try_finish(&end).unwrap();
    drop(journal);
    assert_eq!(told(&store), (0..30).collect::<Vec<_>>());
    assert_eq!(store.call(None).unwrap().state, CallState::Ended { cut_off: false });
}

#[test]
fn a_thread_that_is_held_up_holds_nobody_up() {
    let (_dir, home) = home();
    let (store, mut journal) = begun(&home);
    let (go_on, when_to) = mpsc::channel::<()>();
    let (held, when_held) = mpsc::channel();
    journal.run_on_connection(move |_| {
        held.send(()).unwrap();
        when_to.recv().unwrap();
    });
    when_held.recv().unwrap();
    tell(&mut journal, 0..4_096);
    // The queue is full: what comes now is counted, and an erasing waits for its turn.
    tell(&mut journal, 4_096..4_100);
    journal.erase(SampleTime::from_ms(99));
    tell(&mut journal, [4_100]);
    assert_eq!(journal.saving().state().lost, 5);
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
    journal.run_on_connection(move |_| {
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

/// How a call stands at five seconds, of which I have talked four.
fn amid_my_run() -> Snapshot {
    let blank = Session::new(&SessionSetup::default(), Box::new(NoText::default())).snapshot();
    let open_run = PerTrack { me: Some(Span::from_ms(1_000, 5_000)), them: None };
    Snapshot { now: SampleTime::from_ms(5_000), open_run, ..blank }
}

#[test]
fn what_goes_on_is_saved_beside_what_was_told() {
    let (_dir, home) = home();
    let (mut store, mut journal) = begun(&home);
    let id = "2026-11-03T10-00-00";
    journal.emit_snapshot(&amid_my_run());
    settle(&journal);
    assert_eq!(store.recovery_point(id).unwrap(), RecoveryPoint::from_snapshot(&amid_my_run()));
    assert_eq!(store.call(None).unwrap().heard_until, SampleTime::from_ms(5_000));
    let later = Snapshot { now: SampleTime::from_ms(5_500), open_run: PerTrack::default(), ..amid_my_run() };
    journal.emit_snapshot(&later);
    drop(journal);
    let untold = store.recovery_point(id).unwrap();
    assert_eq!(untold, RecoveryPoint::from_snapshot(&later));
    store.finish_cut_off(id, &session::recover_ending(&[], &untold), &CallEnd::default()).unwrap();
    let over = RecoveryPoint { until: later.now, ..RecoveryPoint::default() };
    assert_eq!(store.recovery_point(id).unwrap(), over, "nothing goes on in a call that is over");
}

#[test]
fn of_what_goes_on_nothing_is_left_off_the_record_either() {
    let (_dir, home) = home();
    let (store, mut journal) = begun(&home);
    journal.emit_snapshot(&amid_my_run());
    settle(&journal);
    journal.erase(SampleTime::from_ms(2_000));
    settle(&journal);
    let untold = store.recovery_point("2026-11-03T10-00-00").unwrap();
    assert_eq!((untold.runs, untold.off_record), (PerTrack::default(), Some(SampleTime::from_ms(2_000))));
}

#[test]
fn off_the_record_no_byte_is_left_while_the_call_goes_on() {
    let (_dir, home) = home();
    let (store, mut journal) = begun(&home);
    let mut random = Random::new(4_649);
    let mut at = 0;
    for round in 0..25 {
        let from = at;
        for kind in ["kept", "gone"] {
            for _ in 0..1 + random.below(60) {
                at += 1;
                // Of all lengths: some fill pages of their own.
                let long = if random.below(20) == 0 { 9_000 } else { 300 };
                let word = format!("{kind}-{round}-").repeat(1 + random.below(long / 8) as usize);
                let event = match random.below(2) {
                    0 => Event::Heard(heard(&word)),
                    _ => Event::Agenda { id: 1, text: word, state: ItemState::Open },
                };
                journal.emit(SampleTime::from_ms(at), event);
                if random.below(10) == 0 {
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
