//! Four years of a call every day.

use super::*;

/// An hour's call has some thousands of events; a few will do, as reading the history looks at none.
const EVENTS: u64 = 80;

#[test]
fn a_thousand_calls_are_read_without_their_events_and_a_person_of_them_is_forgotten() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    // One that was really held, and a thousand like it.
    let mut journal = store.begin_call(&record(&home, "2026-11-03T10-00-00", Some("Sato"))).unwrap();
    (0..EVENTS).map(|at| run(at * 997)).for_each(|(at, event)| journal.emit(at, event));
    let figures = Figures { share: Some(0.5), patience_ms: Some(640), ..Figures::default() };
    let agenda = vec![("Review".to_owned(), crate::agenda::ItemState::Open)];
    journal.finish(CallEnd { figures, agenda, ..CallEnd::default() }).unwrap();
    let like_it = format!(
        "WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 1001)
         INSERT INTO person (name) SELECT 'Person ' || n FROM n WHERE n <= 20;
         WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 1001)
         INSERT INTO call SELECT n, 'call ' || n, 1 + n % 20, started_at, started + n * 86400, mode, target, language,
             keeps_words, folder || n, heard_until, ended, untold, trial, notes_edited FROM call, n;
         INSERT INTO event (call, at, body) SELECT call.id, event.at, event.body FROM call JOIN event ON event.call = 1
             WHERE call.id > 1 ORDER BY call.id, event.id;
         INSERT INTO figures SELECT call.id, {columns} FROM call JOIN figures ON figures.call = 1 WHERE call.id > 1;
         INSERT INTO item (call, person, text, state) SELECT id, person, 'Item ' || id, 'open' FROM call WHERE id > 900;
         INSERT INTO words SELECT event.id, 'zanshin' FROM event JOIN call ON call.id = event.call
             JOIN person ON person.id = call.person WHERE person.name = 'Person 7';
         INSERT INTO check_in SELECT call.id, 3, 'zanshin' FROM call JOIN person ON person.id = call.person
             WHERE person.name = 'Person 7';",
        columns = "duration_ms, talk_ms, their_talk_ms, share, longest_turn_ms, monologues, patience_ms, interruptions,
             interruptions_failed, backchannels_per_min, silences, filled_pauses_per_min, open_questions,
             closed_questions, progress_questions, regrabs, wait_ms, switches_per_min, nudges, unsure, doubts"
    );
    store.db.execute_batch(&like_it).unwrap();

    // What `keicho history` reads: it would not find the events if it looked for them, so it takes no longer for hours.
    let moved = |from: &str, to: &str| store.db.execute_batch(&format!("ALTER TABLE {from} RENAME TO {to}")).unwrap();
    moved("event", "unseen");
    moved("words", "unheard");
    let people = store.people(&"2026-11-26T09:00:00+09:00[Asia/Tokyo]".parse().unwrap()).unwrap();
    assert_eq!((people.len(), people.iter().map(|one| one.calls).sum::<u32>()), (20, 1_001));
    let calls = store.calls(None, 2_000).unwrap();
    assert_eq!(calls.len(), 1_001);
    assert!(calls.iter().all(|call| call.figures.as_ref().is_some_and(|figures| figures.patience_ms == Some(640))));
    assert_eq!(store.calls(Some("Person 7"), 2_000).unwrap().len(), 50);
    moved("unseen", "event");
    moved("unheard", "words");
    assert_eq!(store.events("call 500").unwrap().len() as u64, EVENTS);

    for word in ["Person 7", "zanshin", "call 506"] {
        assert!(!traces(home.path(), word).is_empty(), "the search finds what is there: {word}");
    }
    assert_eq!(store.forget(&Forget::Person("Person 7".to_owned())).unwrap().calls, 50);
    for word in ["Person 7", "zanshin", "call 506"] {
        assert_eq!(traces(home.path(), word), [""; 0]);
    }
    assert_eq!(store.calls(None, 2_000).unwrap().len(), 951);
}
