//! What pages did to a call before it is added to the notes.

use super::*;
use crate::audio::Track;
use crate::doubles::record::live_call;
use crate::session::{Event, Sink as _};
use crate::store::CallEnd;
use crate::time::{SampleTime, Span};
use crate::turns::TurnEvent;

const CALL: &str = "2026-11-02T10-00-00";

/// Nothing is said but that notes were written.
struct Written;

impl Notifier for Written {
    fn notify(&self, notice: UserNotice) {
        assert!(matches!(notice, UserNotice::NotesWritten { .. }), "{notice:?}");
    }
}

/// The notes after a call with Sato to which a page did this between its end and then: the names of the files.
fn notes_after(on_page: impl FnOnce(&mut Store)) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let (home, folder) = (DataDir::new(dir.path().join("data")), dir.path().join("notes"));
    std::fs::create_dir(&folder).unwrap();
    let mut records =
        CallRecords::open(home.clone(), 365, Some(NotesFolder::new(&folder)), Language::En, &Written).unwrap();
    let record = CallRecord { with: Some("Sato".to_owned()), folder: home.call_folder(CALL), ..live_call(CALL) };
    let mut journal = records.store.begin_call(&record).unwrap();
    let span = Span::from_ms(0, 60_000);
    journal.emit(SampleTime::from_ms(60_200), Event::Turn(TurnEvent::Run { track: Track::Me, span }));
    journal.finish(CallEnd::default()).unwrap();
    let ended = summarize(&records.store, &records.store.call(Some(CALL)).unwrap(), Language::En).unwrap();
    on_page(&mut records.another_connection().unwrap());
    records.append_note(&ended, Language::En, &Written);
    let files = std::fs::read_dir(&folder).unwrap();
    files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_call_is_added_to_the_notes_as_the_pages_left_it() {
    assert_eq!(notes_after(|_| {}), ["Sato.md"]);
    assert_eq!(notes_after(|store| drop(store.forget(&Forget::Call(CALL.to_owned())).unwrap())), [""; 0]);
    assert_eq!(notes_after(|store| drop(store.forget(&Forget::Person("Sato".to_owned())).unwrap())), [""; 0]);
    assert_eq!(notes_after(|store| store.assign_call(CALL, Some("Mori")).unwrap()), ["Mori.md"]);
    assert_eq!(notes_after(|store| store.rename_person("Sato", "Satoh").unwrap()), ["Satoh.md"]);
    assert_eq!(notes_after(|store| store.assign_call(CALL, None).unwrap()), [""; 0]);
}
