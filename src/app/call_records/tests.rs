//! What pages did to a call before it is added to the notes, and which calls a target is proposed from.

use std::collections::BTreeMap;

use super::*;
use crate::audio::Track;
use crate::doubles::record::live_call;
use crate::health::confidence::{Confidence, FigureGroup};
use crate::records::Figures;
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

#[test]
fn a_target_is_proposed_from_shares_that_are_sure_alone() {
    let proposed_after = |unsure: bool| {
        let dir = tempfile::tempdir().unwrap();
        let home = DataDir::new(dir.path().join("data"));
        let mut records = CallRecords::open(home, 3_650, None, Language::En, &Written).unwrap();
        for day in 1..=5 {
            let call = format!("2026-11-0{day}T10-00-00");
            let record = CallRecord { folder: dir.path().join(&call), ..live_call(&call) };
            let doubts = BTreeMap::from_iter((unsure && day == 5).then_some((FigureGroup::Talk, Confidence::Medium)));
            let (talk_ms, share) = (600_000, Some(0.63));
            let figures = Figures {
                duration_ms: 1_800_000,
                talk_ms,
                their_talk_ms: talk_ms,
                share,
                doubts,
                ..Figures::default()
            };
            records.store.begin_call(&record).unwrap().finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
        }
        let mut page = StartPage::default();
        records.fill_start_page(&mut page, &Policy::default()).unwrap();
        page.proposal.map(|proposal| (proposal.baseline, proposal.calls))
    };
    assert_eq!(proposed_after(false), Some((0.63, 5)));
    assert_eq!(proposed_after(true), None, "four are too few");
}
