use std::path::Path;

use super::*;
use crate::nudges::Mode;
use crate::session::Sink as _;
use crate::store::{CallEnd, CallStart, Figures, Forget, Home};
use crate::turns::TurnEvent;

const ASKER: Asker<'_> = Asker { token: "0123abcd", language: Some(Language::En) };

fn events() -> Vec<(SampleTime, Event)> {
    let span = crate::time::Span::from_ms(0, 60_000);
    let me = crate::audio::Track::Me;
    vec![
        (SampleTime::from_ms(60_200), Event::Turn(TurnEvent::Run { track: me, span })),
        (SampleTime::from_ms(61_000), Event::Turn(TurnEvent::Turn { track: me, span })),
        (
            SampleTime::from_ms(90_000),
            Event::Ended { leak: crate::echo::Leak::default(), sound: crate::health::Report::default() },
        ),
    ]
}

fn start(home: &Path, id: &str, with: &str) -> CallStart {
    CallStart {
        id: id.to_owned(),
        started_at: format!("{}T10:00:00+09:00", &id[..10]),
        with: Some(with.to_owned()),
        mode: Mode::Listening,
        target: 0.3,
        language: None,
        keep_words: false,
        folder: home.join("calls").join(id),
    }
}

/// Seven calls that are over, and one that goes on for as long as the journal lives.
fn kept(dir: &Path) -> (Library, crate::store::Journal) {
    let home = Home::at(dir.join("data"));
    let mut store = Store::open(&home).unwrap();
    for day in 1..=7 {
        let mut journal = store.begin(&start(home.path(), &format!("2026-04-0{day}"), "Sato")).unwrap();
        events().into_iter().for_each(|(at, event)| journal.emit(at, event));
        let figures = Figures { share: Some(f64::from(day) / 10.0), ..Figures::default() };
        journal.finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
    }
    let going = store.begin(&start(home.path(), "2026-04-08", "Aoki")).unwrap();
    let library = Library::default();
    library.remember(store.another().unwrap());
    (library, going)
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_past_call_is_made_again_beside_the_five_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let (library, _going) = kept(dir.path());
    let made = library.make(&Wanted::Summary { call: text("2026-04-07") }, ASKER).unwrap();
    assert!(made.html.contains("Beside your own last 5 calls") && made.html.contains("1on1 with Sato"));
    assert!(made.html.contains("formaction=\"/mirror\" name=\"call\" value=\"2026-04-07\""));
    assert!(made.html.contains("formaction=\"/history\"") && made.html.contains("value=\"0123abcd\""));
    assert!(made.policy.contains("form-action 'self'") && made.html.contains("form-action &#39;self&#39;"));
    assert_eq!(made.file, None);
    let made = library.make(&Wanted::Summary { call: text("2026-04-02") }, ASKER).unwrap();
    assert!(made.html.contains("Beside your own last call<"), "only the one before it");
    let ja = Asker { language: Some(Language::Ja), ..ASKER };
    let made = library.make(&Wanted::Summary { call: text("2026-04-07") }, ja).unwrap();
    assert!(
        made.html.contains("自分の直近 5 回と比べて") && made.html.contains("2026年4月7日（火）10:00〜10:01 (UTC+9)")
    );
}

#[test]
fn the_history_leads_to_calls_that_are_over_and_to_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let (library, _going) = kept(dir.path());
    let all = library.make(&Wanted::History { with: None }, ASKER).unwrap();
    assert_eq!(all.html.matches("form=\"open\" name=\"call\" value=\"2026-04-0").count(), 14, "of all, and of Sato");
    assert!(
        all.html.contains("goes on now")
            && !all.html.contains("value=\"2026-04-08\"")
            && !all.html.contains("href=\"calls")
    );
    assert_eq!(all.html.matches("value=\"0123abcd\"").count(), 1, "one form for all of them");
    let sato = library.make(&Wanted::History { with: text("Sato") }, ASKER).unwrap();
    assert!(sato.html.contains("1on1s with Sato") && !sato.html.contains("Aoki"));
    assert!(sato.html.contains("formaction=\"/history\""), "a way back to all");
}

#[test]
fn a_mirror_is_written_into_the_call_s_folder_and_given_to_be_saved() {
    let dir = tempfile::tempdir().unwrap();
    let (library, _going) = kept(dir.path());
    let made = library.make(&Wanted::Mirror { call: text("2026-04-07") }, ASKER).unwrap();
    assert_eq!(made.file.as_deref(), Some("mirror-2026-04-07.html"));
    let file = dir.path().join("data/calls/2026-04-07/mirror.html");
    assert_eq!(std::fs::read_to_string(file).unwrap(), made.html);
    assert!(made.html.contains("A mirror of our 1on1"));
    assert!(
        !made.html.contains("0123abcd") && !made.html.contains("<form"),
        "it is handed over: nothing of ours is in it"
    );
}

#[test]
fn what_is_not_there_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let (library, going) = kept(dir.path());
    let why = |library: &Library, wanted| match library.make(&wanted, ASKER) {
        Err(Unmade::NotThere(why)) => why.en,
        other => panic!("{other:?}"),
    };
    assert_eq!(why(&library, Wanted::Summary { call: None }), GOES_ON.en);
    assert_eq!(why(&library, Wanted::Summary { call: text("2026-04-08") }), GOES_ON.en);
    assert_eq!(why(&library, Wanted::Mirror { call: text("2026-04-08") }), GOES_ON.en);
    assert_eq!(why(&library, Wanted::Summary { call: text("../2026-04-07") }), NO_CALL.en);
    assert_eq!(why(&library, Wanted::History { with: text("Mori") }), NOBODY.en);
    drop(going);
    assert_eq!(why(&library, Wanted::Summary { call: text("2026-04-08") }), CUT_OFF.en);
    let replay = Library::default();
    assert_eq!(why(&replay, Wanted::History { with: None }), NO_HISTORY.en);
    assert_eq!(why(&replay, Wanted::Summary { call: text("2026-04-07") }), NO_CALL.en);
}

#[test]
fn what_is_looked_at_makes_no_folder_and_what_was_forgotten_is_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    let (library, going) = kept(dir.path());
    let calls = dir.path().join("data/calls");
    library.make(&Wanted::Summary { call: text("2026-04-07") }, ASKER).unwrap();
    assert!(!calls.exists());
    going.finish(CallEnd::default()).unwrap();
    let mut store = Store::open(&Home::at(dir.path().join("data"))).unwrap();
    let start = store.call(Some("2026-04-08")).unwrap().start;
    let info = CallInfo {
        id: start.id.clone(),
        started_at: Some(start.started_at),
        live: true,
        sound: true,
        mode: Mode::Listening,
        target: 0.3,
        language: None,
        with: start.with,
    };
    let folder = CallFolder::at(&dir.path().join("elsewhere")).unwrap();
    library.end(Ended { info, events: Arc::new(events()), perception: None, asked: false, folder });
    let page = |library: &Library| library.make(&Wanted::Summary { call: None }, ASKER).unwrap().html;
    assert!(page(&library).contains("Aoki") && page(&library).contains("Beside your own last 5 calls"));
    store.forget(&Forget::Person("Sato".to_owned())).unwrap();
    assert!(!page(&library).contains("Beside your own"), "nor what was forgotten of those before it");
    store.forget(&Forget::Call(start.id)).unwrap();
    for wanted in [Wanted::Summary { call: None }, Wanted::Mirror { call: None }] {
        assert!(matches!(library.make(&wanted, ASKER), Err(Unmade::NotThere(NO_CALL))), "{wanted:?}");
    }
    assert!(!dir.path().join("elsewhere/mirror.html").exists());
}

#[test]
fn this_call_is_there_once_it_is_over_and_follows_the_answer() {
    let dir = tempfile::tempdir().unwrap();
    let replay = Library::default();
    let info = CallInfo {
        id: "call".to_owned(),
        started_at: None,
        live: false,
        sound: true,
        mode: Mode::Listening,
        target: 0.3,
        language: None,
        with: None,
    };
    let folder = CallFolder::at(&dir.path().join("call")).unwrap();
    replay.end(Ended { info, events: Arc::new(events()), perception: None, asked: true, folder });
    for wanted in
        [Wanted::Summary { call: None }, Wanted::History { with: None }, Wanted::Mirror { call: text("call") }]
    {
        assert!(matches!(replay.make(&wanted, ASKER), Err(Unmade::NotThere(ANSWER_FIRST))), "{wanted:?}");
    }
    replay.perceived(None);
    let page = |library: &Library| library.make(&Wanted::Summary { call: None }, ASKER).unwrap().html;
    assert!(!page(&replay).contains("it felt like"));
    assert!(!page(&replay).contains("/history"), "a replay is no part of it");
    replay.perceived(Some(0.4));
    assert!(page(&replay).contains("it felt like 40 %"));
    let mirror = replay.make(&Wanted::Mirror { call: text("call") }, ASKER).unwrap();
    assert_eq!(mirror.file.as_deref(), Some("mirror.html"));
    assert!(dir.path().join("call/mirror.html").exists());
}
