use super::*;
use crate::agenda::ItemState;
use crate::audio::Track;

fn note(id: NoteId, text: &str) -> KeptNote {
    KeptNote { id, text: text.to_owned(), action: None, written: Written::InCall, at_ms: 5_000 }
}

fn add(text: &str) -> NoteEdit {
    NoteEdit::Add { text: text.to_owned(), action: None }
}

#[test]
fn a_note_keeps_its_number_and_its_moment_whatever_is_changed_around_it() {
    let mut notes = vec![note(1, "One"), note(2, "Two")];
    assert_eq!(NoteEdit::Remove { id: 1 }.apply(&mut notes), Ok((Some(note(1, "One")), None)));
    let action = Some(Action { owner: Track::Them, state: ItemState::Open });
    let change = NoteEdit::Change { id: 2, text: " Two sheets ".to_owned(), action };
    let changed = KeptNote { text: "Two sheets".to_owned(), action, ..note(2, "") };
    assert_eq!(change.apply(&mut notes), Ok((Some(note(2, "Two")), Some(changed.clone()))));
    add("Three").apply(&mut notes).unwrap();
    let added = KeptNote { written: Written::After, at_ms: 0, ..note(3, "Three") };
    assert_eq!(notes, [changed, added]);
    assert_eq!(NoteEdit::Remove { id: 1 }.apply(&mut notes), Err(AgendaError::NoSuchNote), "it is gone");
}

#[test]
fn what_is_no_note_changes_nothing() {
    let mut notes = vec![note(1, "One")];
    for text in ["", "  ", "a\u{7}b", &"a".repeat(MAX_ITEM_CHARS + 1)] {
        assert_eq!(add(text).apply(&mut notes), Err(AgendaError::NoteText), "{text:?}");
        let change = NoteEdit::Change { id: 1, text: text.to_owned(), action: None };
        assert_eq!(change.apply(&mut notes), Err(AgendaError::NoteText), "{text:?}");
    }
    for _ in 1..MAX_NOTES {
        add("More").apply(&mut notes).unwrap();
    }
    assert_eq!(add("Too many").apply(&mut notes), Err(AgendaError::NotesFull));
    assert_eq!((notes.len(), notes[0].clone()), (MAX_NOTES, note(1, "One")));
}
