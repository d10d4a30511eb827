//! Notes that are changed after the call: kept, given to the next call, and forgotten with it.

use super::*;
use crate::agenda::{Action, ItemState, KeptNote, NoteEdit, Written};

const MONDAY: &str = "2026-11-02T10-00-00";
const FRIDAY: &str = "2026-11-06T10-00-00";

fn theirs(state: ItemState) -> Option<Action> {
    Some(Action { owner: Track::Them, state })
}

/// Two calls with Sato, both with this on their list.
fn held(home: &DataDir, text: &str) -> Store {
    let mut store = Store::open(home).unwrap();
    for day in [MONDAY, FRIDAY] {
        let journal = store.begin_call(&record(home, day, Some("Sato"))).unwrap();
        let actions = vec![(text.to_owned(), Action { owner: Track::Them, state: ItemState::Open })];
        journal.finish(CallEnd { actions, ..CallEnd::default() }).unwrap();
    }
    store
}

/// Carries out a change of the notes of a call.
fn edit(store: &mut Store, id: &str, notes: &mut Vec<KeptNote>, edit: NoteEdit) {
    let (before, after) = edit.apply(notes).unwrap();
    store.set_edited_notes(id, notes, (before.as_ref(), after.as_ref())).unwrap();
}

fn open(store: &Store) -> Vec<(String, Track)> {
    store.open_actions("Sato").unwrap().into_iter().map(|open| (open.text, open.owner)).collect()
}

fn listed(text: &str) -> Vec<KeptNote> {
    vec![KeptNote {
        id: 1,
        text: text.to_owned(),
        action: theirs(ItemState::Open),
        written: Written::Earlier,
        at_ms: 0,
    }]
}

#[test]
fn what_is_changed_after_a_call_is_what_the_next_one_gets() {
    let (_dir, home) = home();
    let mut store = held(&home, "Sign up");
    assert_eq!(store.edited_notes(FRIDAY).unwrap(), None, "nothing was changed");
    let mut notes = listed("Sign up");
    let change = |text: &str, action| NoteEdit::Change { id: 1, text: text.to_owned(), action };
    edit(&mut store, FRIDAY, &mut notes, change("Sign up by May", theirs(ItemState::Open)));
    assert_eq!(open(&store), [("Sign up by May".to_owned(), Track::Them)], "not twice");
    edit(&mut store, FRIDAY, &mut notes, change("Sign up by May", theirs(ItemState::Done)));
    assert_eq!(open(&store), []);
    edit(&mut store, FRIDAY, &mut notes, change("Sign up by May", theirs(ItemState::Open)));
    let mine = Some(Action { owner: Track::Me, state: ItemState::Open });
    edit(&mut store, FRIDAY, &mut notes, NoteEdit::Add { text: "Send the sheet".to_owned(), action: mine });
    edit(&mut store, FRIDAY, &mut notes, NoteEdit::Add { text: "On leave in May".to_owned(), action: None });
    let both = [("Sign up by May".to_owned(), Track::Them), ("Send the sheet".to_owned(), Track::Me)];
    assert_eq!(open(&store), both);
    assert_eq!(store.edited_notes(FRIDAY).unwrap().unwrap(), notes);
    // What was to be done becomes a note.
    edit(&mut store, FRIDAY, &mut notes, change("Signed up", None));
    edit(&mut store, FRIDAY, &mut notes, NoteEdit::Remove { id: 2 });
    assert_eq!(open(&store), []);
    assert_eq!(store.edited_notes(MONDAY).unwrap(), None);
    for id in [1, 3] {
        edit(&mut store, FRIDAY, &mut notes, NoteEdit::Remove { id });
    }
    assert_eq!(store.edited_notes(FRIDAY).unwrap(), Some(Vec::new()), "none is left, which its events do not say");
}

#[test]
fn what_is_done_in_a_later_call_stays_done_where_only_the_words_of_an_earlier_one_are_changed() {
    let (_dir, home) = home();
    let mut store = held(&home, "Sgin up");
    let done = vec![("Sgin up".to_owned(), Action { owner: Track::Them, state: ItemState::Done })];
    let journal = store.begin_call(&record(&home, "2026-11-09T10-00-00", Some("Sato"))).unwrap();
    journal.finish(CallEnd { actions: done, ..CallEnd::default() }).unwrap();
    assert_eq!(open(&store), []);
    let mut notes = listed("Sgin up");
    let change = |action| NoteEdit::Change { id: 1, text: "Sign up".to_owned(), action };
    edit(&mut store, MONDAY, &mut notes, change(theirs(ItemState::Open)));
    assert_eq!(open(&store), [], "it is done");
    edit(&mut store, MONDAY, &mut notes, change(theirs(ItemState::Done)));
    edit(&mut store, MONDAY, &mut notes, change(theirs(ItemState::Open)));
    assert_eq!(open(&store), [("Sign up".to_owned(), Track::Them)], "who says that it is open is believed");
}

#[test]
fn notes_that_were_added_are_forgotten_with_their_call() {
    let (dir, home) = home();
    let mut store = held(&home, "Sign up");
    let mut notes = listed("Sign up");
    for action in [None, theirs(ItemState::Open)] {
        edit(&mut store, FRIDAY, &mut notes, NoteEdit::Add { text: "zanshin".to_owned(), action });
    }
    store.forget(&Forget::Call(FRIDAY.to_owned())).unwrap();
    assert_eq!(traces(dir.path(), "zanshin"), [""; 0]);
    assert_eq!(open(&store), [("Sign up".to_owned(), Track::Them)], "the other call has it still");
}
