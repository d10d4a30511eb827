use std::path::Path;

use super::*;
use crate::agenda::{Action, ItemState};
use crate::audio::Track;
use crate::doubles::record::{live_call, replayed_call};
use crate::records::Figures;
use crate::session::Sink as _;
use crate::store::{CallEnd, DataDir, Forget};
use crate::turns::TurnEvent;

const ASKER: PageContext<'_> = PageContext { token: "0123abcd", language: Some(Language::En) };

fn events() -> Vec<(SampleTime, Event)> {
    let span = crate::time::Span::from_ms(0, 60_000);
    let (me, them) = (crate::audio::Track::Me, crate::audio::Track::Them);
    let theirs = crate::time::Span::from_ms(62_000, 80_000);
    vec![
        (SampleTime::from_ms(60_200), Event::Turn(TurnEvent::Run { track: me, span })),
        (SampleTime::from_ms(61_000), Event::Turn(TurnEvent::Turn { track: me, span })),
        (SampleTime::from_ms(80_200), Event::Turn(TurnEvent::Run { track: them, span: theirs })),
        (
            SampleTime::from_ms(90_000),
            Event::Ended { leak: crate::frontend::echo::Leak::default(), sound: crate::health::SoundReport::default() },
        ),
    ]
}

fn record(home: &Path, id: &str, with: &str) -> CallRecord {
    CallRecord { with: Some(with.to_owned()), folder: home.join("calls").join(id), ..live_call(id) }
}

/// Seven calls that are over, and one that goes on for as long as the journal lives.
fn past_calls(dir: &Path) -> (PageProvider, crate::store::Journal) {
    let home = DataDir::new(dir.join("data"));
    let mut store = Store::open(&home).unwrap();
    for day in 1..=7 {
        let mut journal = store.begin_call(&record(home.path(), &format!("2026-04-0{day}"), "Sato")).unwrap();
        events().into_iter().for_each(|(at, event)| journal.emit(at, event));
        let figures = Figures { share: Some(f64::from(day) / 10.0), ..Figures::default() };
        journal.finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
    }
    let going = store.begin_call(&record(home.path(), "2026-04-08", "Aoki")).unwrap();
    let library = provider();
    library.set_store(store.reopen().unwrap());
    (library, going)
}

/// Pages in English that are made without a complaint.
fn provider() -> PageProvider {
    struct Unexpected;
    impl Notifier for Unexpected {
        fn notify(&self, notice: UserNotice) {
            panic!("{notice:?}");
        }
    }
    PageProvider::new(Language::En, Arc::new(Unexpected))
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_past_call_is_made_again_beside_the_five_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let (library, _going) = past_calls(dir.path());
    let made = library.render(&PageRequest::Summary { call: text("2026-04-07") }, ASKER).unwrap();
    assert!(made.html.contains("Compared with your last 5 calls") && made.html.contains("1on1 with Sato"));
    assert!(made.html.contains("formaction=\"/mirror\" name=\"call\" value=\"2026-04-07\""));
    assert!(made.html.contains("formaction=\"/history\"") && made.html.contains("value=\"0123abcd\""));
    assert!(made.policy.contains("form-action 'self'") && made.html.contains("form-action 'self'"));
    assert_eq!(made.download_name, None);
    let made = library.render(&PageRequest::Summary { call: text("2026-04-02") }, ASKER).unwrap();
    assert!(made.html.contains("Compared with your last call<"), "only the one before it");
    let ja = PageContext { language: Some(Language::Ja), ..ASKER };
    let made = library.render(&PageRequest::Summary { call: text("2026-04-07") }, ja).unwrap();
    assert!(
        made.html.contains("自分の直近5回と比べて") && made.html.contains("2026年4月7日（火）10:00〜10:01 (UTC+9)")
    );
}

#[test]
fn one_intention_is_chosen_after_a_call_and_measured_at_the_end_of_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let (library, _going) = past_calls(dir.path());
    let summary = |call: &str| library.render(&PageRequest::Summary { call: text(call) }, ASKER).unwrap().html;
    assert!(summary("2026-04-03").contains("value=\"none\" checked"), "nothing is chosen by itself");
    let intend = |what: &str| PageRequest::Intend { call: "2026-04-03".to_owned(), what: text(what) };
    let made = library.render(&intend("hand_over"), ASKER).unwrap().html;
    assert!(made.contains("value=\"hand_over\" checked"), "{made}");
    let measured = "Your intention, “Hand over before it gets long”: your longest turn took 1\u{a0}min this time.";
    assert!(summary("2026-04-04").contains(measured) && summary("2026-04-07").contains(measured));
    assert!(summary("2026-04-04").contains("value=\"hand_over\" checked"), "until another is chosen it stands");
    assert!(!summary("2026-04-03").contains("Your intention") && !summary("2026-04-02").contains("Your intention"));
    library.render(&intend("none"), ASKER).unwrap();
    assert!(!summary("2026-04-04").contains("Your intention"));
}

#[test]
fn the_history_leads_to_calls_that_are_over_and_to_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let (library, _going) = past_calls(dir.path());
    let all = library.render(&PageRequest::History { with: None }, ASKER).unwrap();
    assert_eq!(all.html.matches("form=\"open\" name=\"call\" value=\"2026-04-0").count(), 14, "of all, and of Sato");
    assert!(
        all.html.contains("in progress")
            && !all.html.contains("value=\"2026-04-08\"")
            && !all.html.contains("href=\"calls")
    );
    assert_eq!(all.html.matches("value=\"0123abcd\"").count(), 5, "one form for all calls, and two for each person");
    let sato = library.render(&PageRequest::History { with: text("Sato") }, ASKER).unwrap();
    assert!(sato.html.contains("1on1s with Sato") && !sato.html.contains("Aoki"));
    assert!(sato.html.contains("formaction=\"/history\""), "a way back to all");
}

#[test]
fn a_mirror_is_written_into_the_call_s_folder_and_given_to_be_saved() {
    let dir = tempfile::tempdir().unwrap();
    let (library, _going) = past_calls(dir.path());
    let made = library.render(&PageRequest::Mirror { call: text("2026-04-07") }, ASKER).unwrap();
    assert_eq!(made.download_name.as_deref(), Some("mirror-2026-04-07.html"));
    let file = dir.path().join("data/calls/2026-04-07/mirror.html");
    assert_eq!(std::fs::read_to_string(file).unwrap(), made.html);
    assert!(made.html.contains("Our 1on1"));
    assert!(
        !made.html.contains("0123abcd") && !made.html.contains("<form"),
        "it is handed over: nothing of ours is in it"
    );
}

#[test]
fn what_is_not_there_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let (library, going) = past_calls(dir.path());
    let why = |library: &PageProvider, wanted| match library.render(&wanted, ASKER) {
        Err(PageError::NotFound(why)) => why.en,
        other => panic!("{other:?}"),
    };
    assert_eq!(why(&library, PageRequest::Summary { call: None }), GOES_ON.en);
    assert_eq!(why(&library, PageRequest::Summary { call: text("2026-04-08") }), GOES_ON.en);
    assert_eq!(why(&library, PageRequest::Mirror { call: text("2026-04-08") }), GOES_ON.en);
    assert_eq!(why(&library, PageRequest::Summary { call: text("../2026-04-07") }), NO_CALL.en);
    assert_eq!(why(&library, PageRequest::History { with: text("Mori") }), NOBODY.en);
    drop(going);
    assert_eq!(why(&library, PageRequest::Summary { call: text("2026-04-08") }), CUT_OFF.en);
    let replay = provider();
    assert_eq!(why(&replay, PageRequest::History { with: None }), NO_HISTORY.en);
    assert_eq!(why(&replay, PageRequest::Summary { call: text("2026-04-07") }), NO_CALL.en);
}

#[test]
fn what_is_looked_at_makes_no_folder_and_what_was_forgotten_is_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    let (library, going) = past_calls(dir.path());
    let calls = dir.path().join("data/calls");
    library.render(&PageRequest::Summary { call: text("2026-04-07") }, ASKER).unwrap();
    assert!(!calls.exists());
    going.finish(CallEnd::default()).unwrap();
    let mut store = Store::open(&DataDir::new(dir.path().join("data"))).unwrap();
    let kept = store.call(Some("2026-04-08")).unwrap().record;
    let record = CallRecord { folder: dir.path().join("elsewhere"), ..kept.clone() };
    library.set_ended(EndedCall { record, events: Arc::new(events()), perception: None, awaiting_answer: false });
    let page = |library: &PageProvider| library.render(&PageRequest::Summary { call: None }, ASKER).unwrap().html;
    assert!(page(&library).contains("Aoki") && page(&library).contains("Compared with your last 5 calls"));
    store.forget(&Forget::Person("Sato".to_owned())).unwrap();
    assert!(!page(&library).contains("Beside your own"), "nor what was forgotten of those before it");
    store.forget(&Forget::Call(kept.id)).unwrap();
    for wanted in [PageRequest::Summary { call: None }, PageRequest::Mirror { call: None }] {
        assert!(matches!(library.render(&wanted, ASKER), Err(PageError::NotFound(NO_CALL))), "{wanted:?}");
    }
    assert!(!dir.path().join("elsewhere/mirror.html").exists());
}

#[test]
fn this_call_is_there_once_it_is_over_and_follows_the_answer() {
    let dir = tempfile::tempdir().unwrap();
    let replay = provider();
    let record = CallRecord { folder: dir.path().join("call"), ..replayed_call() };
    replay.set_ended(EndedCall { record, events: Arc::new(events()), perception: None, awaiting_answer: true });
    for wanted in [
        PageRequest::Summary { call: None },
        PageRequest::History { with: None },
        PageRequest::Mirror { call: text("call") },
    ] {
        assert!(matches!(replay.render(&wanted, ASKER), Err(PageError::NotFound(ANSWER_FIRST))), "{wanted:?}");
    }
    replay.set_perceived(None);
    let page = |library: &PageProvider| library.render(&PageRequest::Summary { call: None }, ASKER).unwrap().html;
    assert!(!page(&replay).contains("it felt like"));
    assert!(!page(&replay).contains("/history"), "a replay is no part of it");
    replay.set_perceived(Some(0.4));
    assert!(page(&replay).contains("you thought 40%"));
    let mirror = replay.render(&PageRequest::Mirror { call: text("call") }, ASKER).unwrap();
    assert_eq!(mirror.download_name.as_deref(), Some("mirror.html"));
    assert!(dir.path().join("call/mirror.html").exists());
}

#[test]
fn a_record_is_deleted_once_that_was_asked_and_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let (library, going) = past_calls(dir.path());
    let delete = |record: RecordName, confirmed| library.render(&PageRequest::Delete { record, confirmed }, ASKER);
    let call = || RecordName::Call("2026-04-07".to_owned());
    let asked = delete(call(), false).unwrap().html;
    assert!(asked.contains("Delete the call of") && asked.contains("cannot be undone"), "{asked}");
    assert!(
        library.render(&PageRequest::Summary { call: text("2026-04-07") }, ASKER).is_ok(),
        "asking deletes nothing"
    );
    assert!(delete(call(), true).unwrap().html.contains("Deleted"));
    assert!(matches!(delete(call(), false), Err(PageError::NotFound(NO_CALL))));
    let sato = || RecordName::Person("Sato".to_owned());
    let asked = delete(sato(), false).unwrap().html;
    assert!(asked.contains("Delete Sato and 6 calls?") && asked.contains("the card go"), "{asked}");
    delete(sato(), true).unwrap();
    assert!(matches!(delete(sato(), true), Err(PageError::NotFound(NOBODY))));
    let running = delete(RecordName::Person("Aoki".to_owned()), true);
    assert!(matches!(running, Err(PageError::NotFound(STILL_RUNNING))), "{running:?}");
    drop(going);
}

#[test]
fn a_person_gets_another_name_and_a_call_another_person() {
    let dir = tempfile::tempdir().unwrap();
    let (library, going) = past_calls(dir.path());
    let rename =
        |name: &str, to: &str| library.render(&PageRequest::Rename { name: name.to_owned(), to: to.to_owned() }, ASKER);
    assert!(rename("Sato", " Satoh ").unwrap().html.contains("1on1s with Satoh"));
    assert!(matches!(rename("Satoh", "Aoki"), Err(PageError::NotFound(NAME_TAKEN))));
    assert!(matches!(rename("Satoh", "  "), Err(PageError::NotFound(BAD_NAME))));
    assert!(matches!(rename("Sato", "Kim"), Err(PageError::NotFound(NOBODY))));
    assert!(matches!(rename("Aoki", "Kato"), Err(PageError::NotFound(STILL_RUNNING))), "the call would end as Aoki's");
    let ended = EndedCall {
        record: record(dir.path(), "2026-04-07", "Satoh"),
        events: Arc::new(events()),
        perception: None,
        awaiting_answer: false,
    };
    library.set_ended(ended);
    rename("Satoh", "Ueda").unwrap();
    let page = library.render(&PageRequest::Summary { call: text("2026-04-07") }, ASKER).unwrap().html;
    assert!(page.contains("1on1 with Ueda") && !page.contains("Satoh"));
    let assign = |call: &str, with: Option<&str>| {
        let with = with.map(str::to_owned);
        library.render(&PageRequest::Assign { call: call.to_owned(), with }, ASKER)
    };
    assert!(assign("2026-04-03", Some("Kim")).unwrap().html.contains("1on1 with Kim"));
    let kim = library.render(&PageRequest::History { with: text("Kim") }, ASKER).unwrap().html;
    assert!(kim.contains("action=\"/rename\"") && kim.contains("action=\"/delete\""), "{kim}");
    // A shared summary that was saved has the name, too, for as long as it is so.
    library.render(&PageRequest::Mirror { call: text("2026-04-03") }, ASKER).unwrap();
    let mirror = || std::fs::read_to_string(dir.path().join("data/calls/2026-04-03/mirror.html")).unwrap();
    assert!(mirror().contains("Kim"));
    rename("Kim", "Kimura").unwrap();
    assert!(mirror().contains("Kimura"));
    assert!(!assign("2026-04-03", None).unwrap().html.contains("1on1 with Kim") && !mirror().contains("Kim"));
    assert!(matches!(assign("2026-04-08", Some("Kim")), Err(PageError::NotFound(STILL_RUNNING))));
    drop(going);
}

#[test]
fn an_answer_that_came_back_stands_beside_the_figure_and_is_asked_for_the_next_time() {
    let dir = tempfile::tempdir().unwrap();
    let (library, going) = past_calls(dir.path());
    let id = || "2026-04-07".to_owned();
    let answer = |words: &str| library.render(&PageRequest::Answer { call: id(), text: words.to_owned() }, ASKER);
    let mirror = || library.render(&PageRequest::Mirror { call: Some(id()) }, ASKER).unwrap().html;
    assert!(mirror().contains("section class=\"reply\" hidden data-call=\"2026-04-07\""), "{}", mirror());

    let page = answer("> [Keicho 2026-04-07 guess=45 next=30]").unwrap().html;
    assert!(page.contains("Sato thought you did 45%; it was 77%. Sato would like up to 30% from you."), "{page}");
    let summary = || library.render(&PageRequest::Summary { call: Some(id()) }, ASKER).unwrap().html;
    assert_eq!(summary(), page, "it stays");
    assert!(!mirror().contains("thought you did"), "what is shared holds nobody's answer");
    let mut store = Store::open(&DataDir::new(dir.path().join("data"))).unwrap();
    assert_eq!((store.their_target("Sato").unwrap(), store.their_target("Aoki").unwrap()), (Some(0.3), None));

    let refused = |words: &str| answer(words).unwrap_err();
    assert_eq!(refused("45%"), PageError::NotFound(NO_ANSWER));
    assert_eq!(refused("[Keicho 2026-04-03 guess=45]"), PageError::NotFound(ANSWER_OF_ANOTHER));
    let page = answer("[Keicho 2026-04-07 guess=60]").unwrap().html;
    assert!(page.contains("Sato thought you did 60%") && !page.contains("would like up to"), "the later one counts");
    store.forget(&Forget::Call(id())).unwrap();
    assert_eq!(refused("[Keicho 2026-04-07 guess=60]"), PageError::NotFound(NO_CALL));
    drop(going);
}

#[test]
fn notes_are_added_changed_ticked_and_removed_on_the_summary() {
    let dir = tempfile::tempdir().unwrap();
    let (library, going) = past_calls(dir.path());
    let folder = dir.path().join("data/calls/2026-04-07");
    std::fs::create_dir_all(&folder).unwrap();
    let edit = |call: &str, edit: Option<NoteEdit>| {
        library.render(&PageRequest::EditNote { call: call.to_owned(), edit }, ASKER)
    };
    let done = |edit_it| edit("2026-04-07", Some(edit_it)).unwrap().html;
    let action = |owner, state| Some(Action { owner, state });
    let add = |text: &str, action| NoteEdit::Add { text: text.to_owned(), action };
    let change = |id, text: &str, action| NoteEdit::Change { id, text: text.to_owned(), action };

    let page = done(add("Send <the> sheet", action(Track::Me, ItemState::Open)));
    assert!(page.contains("One action item is open") && page.contains("Send &lt;the&gt; sheet"), "{page}");
    assert!(page.contains("you · added after the call") && page.contains("aria-label=\"Mark as done: Send"), "{page}");
    done(add("On leave in May", None));
    let page = done(change(1, "Send the sheet", action(Track::Them, ItemState::Done)));
    assert!(page.contains("The action item is done") && page.contains("aria-label=\"Mark as open: Send"), "{page}");
    let summary = || library.render(&PageRequest::Summary { call: text("2026-04-07") }, ASKER).unwrap().html;
    assert_eq!(summary(), page, "it stays");

    // The files of the call say the same; what is shared holds none of it.
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&read("summary.json")).unwrap();
    let sheet = serde_json::json!({ "at_ms": null, "text": "Send the sheet", "owner": "them", "state": "done",
                                    "after_call": true });
    let leave = serde_json::json!({ "at_ms": null, "text": "On leave in May", "after_call": true });
    assert_eq!(json["notes"], serde_json::json!([sheet, leave]));
    let markdown = read("summary.md");
    assert!(markdown.contains("- [x] Send the sheet (them · done · added after the call)"), "{markdown}");
    assert!(markdown.contains("- On leave in May (added after the call)"), "{markdown}");
    assert!(!read("summary.html").contains("action=\"/note"), "a file changes nothing");
    let mirror = library.render(&PageRequest::Mirror { call: text("2026-04-07") }, ASKER).unwrap().html;
    assert!(!mirror.contains("On leave") && !mirror.contains("the sheet"));

    // The history has what is open.
    done(change(1, "Send the sheet", action(Track::Them, ItemState::Open)));
    let history = || library.render(&PageRequest::History { with: text("Sato") }, ASKER).unwrap().html;
    assert!(history().contains("Send the sheet"), "{}", history());
    let page = done(NoteEdit::Remove { id: 1 });
    assert!(
        !page.contains("Send the sheet") && page.contains("On leave in May") && !history().contains("Send the sheet")
    );
    drop(going);
}

#[test]
fn a_change_of_a_note_that_cannot_be_is_refused_in_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let (library, going) = past_calls(dir.path());
    let refused =
        |call: &str, edit| library.render(&PageRequest::EditNote { call: call.to_owned(), edit }, ASKER).unwrap_err();
    let words = |why: AgendaError| PageError::NotFound(CommandError::Agenda(why).words());
    let add = |text: &str| Some(NoteEdit::Add { text: text.to_owned(), action: None });
    assert_eq!(refused("2026-04-07", add(" ")), words(AgendaError::NoteText));
    assert_eq!(refused("2026-04-07", Some(NoteEdit::Remove { id: 7 })), words(AgendaError::NoSuchNote));
    assert_eq!(refused("2026-04-07", None), words(AgendaError::NoSuchNote));
    assert_eq!(refused("2026-04-08", add("Too early")), PageError::NotFound(STILL_RUNNING));
    assert_eq!(refused("1999-01-01", add("Nowhere")), PageError::NotFound(NO_CALL));
    drop(going);
}
