//! What is forgotten leaves no trace.

use std::fs;

use jiff::Timestamp;

use super::*;
use crate::agenda::{Action, CheckIn, ItemState};
use crate::audio::Track;
use crate::people::{Card, StatedCard};
use crate::store::dir_lock::DirLock;
use crate::store::forget::SCHEDULE_VACUUM;
use crate::wire::tests::heard;

/// A long call full of a word, its exports too.
fn call_of(store: &mut Store, home: &DataDir, id: &str, with: &str, word: &str, folder: &Path) {
    let record = CallRecord { keep_words: true, folder: folder.to_owned(), ..record(home, id, Some(with)) };
    let mut journal = store.begin_call(&record).unwrap();
    for at in 0..400 {
        let said = format!("{word} ").repeat(1 + at as usize % 50 * usize::from(at % 7 == 0));
        journal.emit(SampleTime::from_ms(at * 10), Event::Heard(heard(&said)));
        let (at, event) = run(at * 10 + 5);
        journal.emit(at, event);
    }
    let end = CallEnd {
        agenda: vec![(format!("{word}?"), ItemState::Open)],
        actions: vec![(format!("{word}!"), Action { owner: Track::Me, state: ItemState::Open })],
        check_in: CheckIn::new(3, word),
        ..CallEnd::default()
    };
    journal.finish(end).unwrap();
    let folder = CallFolder::create(folder).unwrap();
    store.export_events(id, &folder).unwrap();
    folder.write("summary.md", word.as_bytes()).unwrap();
    store
        .set_card(
            with,
            &StatedCard { card: Card { note: word.to_owned(), ..Card::default() }, stated_on: "2026-11-01".to_owned() },
        )
        .unwrap();
}

#[test]
fn a_person_is_forgotten_and_the_others_stay() {
    let (dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let elsewhere = dir.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("mine.txt"), "stays").unwrap();
    let own = |id: &str| home.path().join("calls").join(id);
    for day in 10..18 {
        let (sato, mori) = (format!("2026-11-{day}T10-00-00"), format!("2026-11-{day}T11-00-00"));
        let folder = if day == 17 { elsewhere.clone() } else { own(&sato) };
        call_of(&mut store, &home, &sato, "Satonaka", "zanshin", &folder);
        call_of(&mut store, &home, &mori, "Morimoto", "komorebi", &own(&mori));
    }
    for word in ["zanshin", "Satonaka", "2026-11-12T10-00-00"] {
        assert!(!traces(dir.path(), word).is_empty(), "{word}");
    }
    let forgotten = store.forget(&Forget::Person("Satonaka".to_owned())).unwrap();
    assert_eq!(forgotten, Forgotten { people: 1, calls: 8, pages: 0, folders_left: vec![elsewhere.clone()] });
    for word in ["zanshin", "Satonaka", "2026-11-12T10-00-00"] {
        assert_eq!(traces(dir.path(), word), [""; 0], "while the file is open");
    }
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 1, "what is not ours stays");
    assert_eq!(store.calls(Some("Morimoto"), 99).unwrap().len(), 8);
    assert_eq!(store.events("2026-11-12T11-00-00").unwrap().len(), 800);

    store.forget(&Forget::Call("2026-11-12T11-00-00".to_owned())).unwrap();
    assert_eq!(traces(dir.path(), "2026-11-12T11-00-00"), [""; 0]);
    assert_eq!(store.calls(Some("Morimoto"), 99).unwrap().len(), 7);
    drop(store);
    assert_eq!(Store::forget_all(&home).unwrap(), Forgotten { people: 1, calls: 7, ..Forgotten::default() });
    for word in ["komorebi", "Morimoto", "SQLite"] {
        assert_eq!(traces(dir.path(), word), [""; 0]);
    }
    assert_eq!(Store::forget_all(&home).unwrap(), Forgotten::default(), "again");
}

#[test]
fn what_could_not_be_swept_is_swept_at_the_next_start() {
    let (dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    call_of(&mut store, &home, "2026-11-03T10-00-00", "Satonaka", "zanshin", &home.path().join("calls/1"));
    // Another Keicho is amid reading: the log cannot be emptied.
    let reader = Store::connect(&home).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM event;").unwrap();
    store.db.busy_timeout(std::time::Duration::ZERO).unwrap();
    let error = store.forget(&Forget::Person("Satonaka".to_owned())).unwrap_err().to_string();
    assert!(error.starts_with("another Keicho is reading ") && error.ends_with("try again"), "{error}");
    assert!(!traces(dir.path(), "zanshin").is_empty());
    drop((store, reader));
    Store::open(&home).unwrap();
    assert_eq!(traces(dir.path(), "zanshin"), [""; 0]);
}

#[test]
fn a_call_that_goes_on_is_not_forgotten() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let id = "2026-11-03T10-00-00";
    let journal = store.begin_call(&record(&home, id, Some("Sato"))).unwrap();
    let sentence = format!("the call {id} is still running. End it first");
    for what in [Forget::Call(id.to_owned()), Forget::Person("Sato".to_owned())] {
        assert_eq!(store.forget(&what).unwrap_err().to_string(), sentence);
    }
    drop(store);
    assert_eq!(Store::forget_all(&home).unwrap_err().to_string(), sentence);
    let mut store = Store::open(&home).unwrap();
    let much_later: Timestamp = "2036-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(store.forget_older(90, much_later).unwrap(), Forgotten::default());
    journal.finish(CallEnd::default()).unwrap();
    assert_eq!(store.forget_older(90, much_later).unwrap(), Forgotten { people: 1, calls: 1, ..Forgotten::default() });
}

#[test]
fn all_is_not_forgotten_from_under_another_keicho() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let of_a_page = store.reopen().unwrap();
    past(&mut store, &home, "2026-11-03T10-00-00", "Satonaka", 0.5);
    let sentence = "another Keicho is open; close it, then run this again";
    assert_eq!(Store::forget_all(&home).unwrap_err().to_string(), sentence);
    drop(store);
    assert_eq!(Store::forget_all(&home).unwrap_err().to_string(), sentence, "a page may still be asked for");
    assert_eq!(of_a_page.calls(None, 9).unwrap().len(), 1, "all is still there");
    drop(of_a_page);
    assert_eq!(Store::forget_all(&home).unwrap(), Forgotten { people: 1, calls: 1, ..Forgotten::default() });
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

/// Nobody asks for that to be forgotten: what takes its place is shorter, and the rest of its bytes would stay.
#[test]
fn what_a_card_said_before_is_overwritten() {
    let (dir, home) = home();
    for note in ["zanshin ".repeat(50), "komorebi".to_owned()] {
        let card = StatedCard { card: Card { note, ..Card::default() }, stated_on: "2026-11-01".to_owned() };
        Store::open(&home).unwrap().set_card("Satonaka", &card).unwrap();
    }
    // The next start empties the log.
    drop(Store::open(&home).unwrap());
    assert!(!traces(dir.path(), "komorebi").is_empty());
    assert_eq!(traces(dir.path(), "zanshin"), [""; 0]);
}

#[test]
fn who_waited_while_all_was_forgotten_holds_the_file_that_is_there() {
    let (_dir, home) = home();
    drop(Store::open(&home).unwrap());
    let alone = DirLock::try_acquire_exclusive(&home).unwrap();
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| DirLock::acquire_shared(&home).unwrap());
        alone.remove().unwrap();
        drop(alone);
        let held = waits.join().unwrap();
        assert!(matches!(DirLock::try_acquire_exclusive(&home), Err(StoreError::DataDirInUse)));
        drop(held);
    });
    assert!(DirLock::try_acquire_exclusive(&home).is_ok());
}

#[test]
fn after_so_many_days() {
    let (dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    for (id, with) in [
        ("2026-08-01T10-00-00", "Oldman"),
        ("2026-08-02T10-00-00", "Satonaka"),
        ("2026-11-02T10-00-00", "Satonaka"),
        ("2026-08-03T10-00-00", "Cardholder"),
    ] {
        past(&mut store, &home, id, with, 0.5);
    }
    let card = StatedCard { stated_on: "2026-10-01".to_owned(), ..StatedCard::default() };
    store.set_card("Cardholder", &card).unwrap();
    let now: Timestamp = "2026-11-03T00:00:00Z".parse().unwrap();
    assert_eq!(store.forget_older(90, now).unwrap(), Forgotten { people: 1, calls: 3, ..Forgotten::default() });
    assert_eq!(store.forget_older(90, now).unwrap(), Forgotten::default(), "again");
    let left: Vec<_> = store
        .people(&"2026-11-03T09:00:00+09:00[Asia/Tokyo]".parse().unwrap())
        .unwrap()
        .into_iter()
        .map(|one| one.name)
        .collect();
    assert_eq!(left, ["Satonaka", "Cardholder"]);
    assert_eq!(traces(dir.path(), "Oldman"), [""; 0]);
    assert_eq!(traces(dir.path(), "2026-08-0"), [""; 0]);
}

/// The page of a call that is over, as far as it shows those before it: a day and a share each.
fn write_page(store: &Store, id: &str) {
    let before = store.calls_before(id, 9).unwrap();
    let shown = before.iter().map(|call| {
        format!("<{} {:?}>", &call.record.id[..10], call.figures.as_ref().and_then(|figures| figures.share).unwrap())
    });
    let folder = CallFolder::create(&store.call(Some(id)).unwrap().record.folder).unwrap();
    folder.write("summary.html", shown.collect::<String>().as_bytes()).unwrap();
}

/// Calls on the first days of August, each with its page, with this person or that.
fn with_pages(store: &mut Store, home: &DataDir) {
    for day in 1..=9 {
        let id = format!("2026-08-0{day}T10-00-00");
        past(store, home, &id, if day == 2 { "Satonaka" } else { "Morimoto" }, 0.6 + f64::from(day) / 1_000.0);
        write_page(store, &id);
    }
}

fn pages(home: &DataDir) -> usize {
    let calls = fs::read_dir(home.path().join("calls")).unwrap();
    calls.filter(|call| call.as_ref().unwrap().path().join("summary.html").exists()).count()
}

#[test]
fn nor_is_there_a_trace_beside_the_figures_of_later_calls() {
    let person = Forget::Person("Satonaka".to_owned());
    for what in [Some(person), Some(Forget::Call("2026-08-02T10-00-00".to_owned())), None] {
        let (dir, home) = home();
        let mut store = Store::open(&home).unwrap();
        with_pages(&mut store, &home);
        for needle in ["<2026-08-02 ", "0.602"] {
            assert!(traces(dir.path(), needle).len() >= 5, "{needle}");
        }
        let forgotten = match &what {
            Some(what) => store.forget(what).unwrap(),
            None => store.forget_older(90, "2026-10-31T12:00:00Z".parse().unwrap()).unwrap(),
        };
        for needle in ["<2026-08-02 ", "0.602"] {
            assert_eq!(traces(dir.path(), needle), [""; 0], "{what:?}");
        }
        assert_eq!(
            (forgotten.pages, pages(&home)),
            (5, if what.is_some() { 3 } else { 2 }),
            "the others stay: {what:?}"
        );
    }
}

#[test]
fn nor_beside_the_intention_of_a_later_call_however_many_there_were_with_others_since() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let day = |day: u32| format!("2026-11-{day:02}T10-00-00");
    for (at, with) in (1..=10).zip(["Sato"].into_iter().chain(["Mori"; 8]).chain(["Sato"])) {
        past(&mut store, &home, &day(at), with, 0.5);
        CallFolder::create(&home.path().join("calls").join(day(at))).unwrap().write("summary.html", b"page").unwrap();
    }
    let has_page = |at| home.path().join("calls").join(day(at)).join("summary.html").exists();
    store.set_intention(&day(1), Some(crate::records::Intention::Finish)).unwrap();
    store.forget(&Forget::Call(day(1))).unwrap();
    assert!(!has_page(10), "it says how often I interrupted when I chose to let them finish");
    assert!(has_page(9), "so far back nobody else's page goes");
}

#[test]
fn a_call_that_ended_late_leaves_the_older_ones_on_the_pages_of_those_after_it() {
    let (dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    past(&mut store, &home, "2026-08-01T10-00-00", "Satonaka", 0.601);
    drop(store.begin_call(&record(&home, "2026-08-02T10-00-00", Some("Morimoto"))).unwrap());
    let at_length = store.begin_call(&record(&home, "2026-08-03T10-00-00", Some("Morimoto"))).unwrap();
    for day in 4..=8 {
        past(&mut store, &home, &format!("2026-08-0{day}T10-00-00"), "Morimoto", 0.7);
        write_page(&store, &format!("2026-08-0{day}T10-00-00"));
    }
    store.finish_cut_off("2026-08-02T10-00-00", &[], &CallEnd::default()).unwrap();
    let figures = Figures { duration_ms: 30 * 86_400_000, ..Figures::default() };
    at_length.finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
    assert!(traces(dir.path(), "0.601").len() >= 5);
    assert_eq!(store.forget(&Forget::Person("Satonaka".to_owned())).unwrap().pages, 5);
    assert_eq!(traces(dir.path(), "0.601"), [""; 0]);
    assert_eq!(traces(dir.path(), "<2026-08-01 "), [""; 0]);
}

#[test]
fn no_copy_is_left_where_rows_were_moved() {
    let (dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    // Names that come in no order, and notes that grow: pages are split again and again, and rows go from one to another.
    let name = |n: usize| format!("{:03}-{}", n * 271 % 600, "zanshin".repeat(20));
    store.db.execute_batch("BEGIN").unwrap();
    for n in 0..600 {
        store.db.execute("INSERT INTO person (name) VALUES (?1)", [name(n)]).unwrap();
    }
    for n in 0..600 {
        let note = name(n).repeat(1 + n % 5);
        store.db.execute("UPDATE person SET note = ?2 WHERE name = ?1", [name(n), note]).unwrap();
    }
    store.db.execute_batch("COMMIT").unwrap();
    // What is overwritten where it is deleted is not always overwritten where it once was: so the file is swept.
    for n in (2..600).step_by(2) {
        store.db.execute("DELETE FROM person WHERE name = ?1", [name(n)]).unwrap();
    }
    crate::store::database::truncate_wal(&store.db).unwrap();
    let gone = || {
        let bytes = fs::read(home.path().join("keicho.db")).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        (2..600).step_by(2).filter(|n| text.contains(&name(*n))).count()
    };
    assert!(gone() > 0, "SQLite leaves none any more: the sweep can go");
    store.forget(&Forget::Person(name(0))).unwrap();
    assert_eq!((gone(), traces(dir.path(), &name(0))), (0, Vec::new()));

    // Where it could not be swept, the next start finds that it is due.
    for n in (1..600).step_by(3) {
        store.db.execute("DELETE FROM person WHERE name = ?1", [name(n)]).unwrap();
    }
    store.db.execute(SCHEDULE_VACUUM, []).unwrap();
    drop(store);
    let swept =
        || Store::open(&home).unwrap().db.query_row("SELECT count(*) FROM chore", [], |row| row.get::<_, i64>(0));
    assert_eq!(swept().unwrap(), 0);
    for n in (1..600).step_by(3) {
        assert_eq!(traces(dir.path(), &name(n)), [""; 0]);
    }
}
