use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::agenda::ItemState;
use crate::doubles::damage::{cases, damaged};
use crate::language::Language;
use crate::nudges::Mode;
use crate::session::LookAnswer;

fn read(message: Value) -> Result<ClientMessage, InvalidMessage> {
    ClientMessage::parse(&message.to_string())
}

/// What a command is understood as; its name on the wire otherwise.
fn asked(command: Value) -> Result<ClientCommand, String> {
    let mut message = command;
    message["type"] = "command".into();
    match read(message) {
        Ok(ClientMessage::Command(asked)) => Ok(asked.command),
        Ok(other) => panic!("{other:?}"),
        Err(unfit) => Err(unfit.name),
    }
}

fn of_session(command: Value) -> Command {
    match asked(command) {
        Ok(ClientCommand::Session(command)) => command,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_clients_hello_needs_no_past() {
    let hello = read(json!({ "type": "hello", "protocol": 1, "token": "t" })).unwrap();
    let first = ClientHello { protocol: 1, token: "t".to_owned(), last_seq: 0, epoch: 0, asks: false };
    assert_eq!(hello, ClientMessage::Hello(first.clone()));
    let asks = read(json!({ "type": "hello", "protocol": 1, "token": "t", "asks": true })).unwrap();
    assert_eq!(asks, ClientMessage::Hello(ClientHello { asks: true, ..first }));
    assert!(read(json!({ "type": "bye", "protocol": 1, "token": "t" })).is_err());
}

#[test]
fn the_commands_without_fields() {
    for (name, what) in [
        ("pause", Command::Pause),
        ("resume", Command::Resume),
        ("mute", Command::Mute),
        ("unmute", Command::Unmute),
        ("on_record", Command::OnRecord),
        ("dismiss", Command::Dismiss),
    ] {
        assert_eq!(of_session(json!({ "command": name })), what);
    }
    for (name, what) in [
        ("begin", ClientCommand::BeforeCall(StartRequest::Begin)),
        ("off_record", ClientCommand::OffRecord(None)),
        ("stop", ClientCommand::Stop),
        ("keep_call", ClientCommand::KeepCall),
        ("delete_call", ClientCommand::DeleteCall),
        ("done", ClientCommand::Done),
    ] {
        assert_eq!(asked(json!({ "command": name })), Ok(what));
    }
}

#[test]
fn off_record_may_be_taken_back_for_some_seconds() {
    let undo = |secs: u32| asked(json!({ "command": "off_record", "undo_s": secs }));
    assert_eq!(undo(5), Ok(ClientCommand::OffRecord(Some(Samples::from_secs(5)))));
    assert!(undo(11).is_err() && undo(300).is_err());
}

#[test]
fn the_commands_of_a_call() {
    let minutes = |minutes: u64| Samples::from_secs(minutes * 60);
    assert_eq!(of_session(json!({ "command": "snooze", "minutes": 10 })), Command::Snooze(minutes(10)));
    assert_eq!(of_session(json!({ "command": "snooze", "minutes": 0 })), Command::Snooze(minutes(0)));
    assert_eq!(of_session(json!({ "command": "mute_kind", "kind": "share" })), Command::MuteKind(NudgeKind::Share));
    assert_eq!(of_session(json!({ "command": "unmute_kind", "kind": "share" })), Command::UnmuteKind(NudgeKind::Share));
    assert_eq!(
        of_session(json!({ "command": "agenda_add", "text": " 目標の見直し " })),
        Command::AddItem("目標の見直し".to_owned())
    );
    assert_eq!(
        of_session(json!({ "command": "agenda_set", "id": 3, "state": "done" })),
        Command::SetItem { id: 3, state: ItemState::Done }
    );
    assert_eq!(
        of_session(json!({ "command": "note_add", "text": " 来月から育休 ", "owner": null })),
        Command::AddNote { text: "来月から育休".to_owned(), owner: None }
    );
    assert_eq!(
        of_session(json!({ "command": "note_add", "text": "Sign up", "owner": "them" })),
        Command::AddNote { text: "Sign up".to_owned(), owner: Some(Track::Them) }
    );
    assert_eq!(
        of_session(json!({ "command": "action_set", "id": 2, "state": "dropped" })),
        Command::SetAction { id: 2, state: ItemState::Dropped }
    );
    assert_eq!(of_session(json!({ "command": "agenda_decline", "id": 3 })), Command::DeclineItem(3));
    assert_eq!(
        of_session(json!({ "command": "check_in", "score": 4, "words": "よく眠れた" })),
        Command::CheckIn(CheckIn::new(4, "よく眠れた").unwrap())
    );
    assert_eq!(
        of_session(json!({ "command": "look_together", "answer": "later" })),
        Command::LookTogether(LookAnswer::Later)
    );
}

#[test]
fn what_is_chosen_before_a_call() {
    let change = |command: Value| match asked(command) {
        Ok(ClientCommand::BeforeCall(StartRequest::Prepare(change))) => change,
        other => panic!("{other:?}"),
    };
    assert_eq!(change(json!({ "command": "prepare" })), ChoicesUpdate::default());
    assert_eq!(
        change(
            json!({ "command": "prepare", "with": " Sato ", "mode": "feedback", "target": 0.45, "icebreaker_min": 5,
                       "agenda": ["Goals", " Holidays "], "meeting_min": 30, "lang": "ja" })
        ),
        ChoicesUpdate {
            with: Some(Some("Sato".to_owned())),
            mode: Some(Mode::Feedback),
            target: Some(Some(0.45)),
            icebreaker: Some(Samples::from_secs(300)),
            agenda: Some(vec!["Goals".to_owned(), "Holidays".to_owned()]),
            meeting: Some(Some(Samples::from_secs(1_800))),
            language: Some(Some(Language::Ja)),
        }
    );
    // Null is other than not given.
    assert_eq!(
        change(json!({ "command": "prepare", "with": null, "target": null, "meeting_min": null, "lang": null })),
        ChoicesUpdate {
            with: Some(None),
            target: Some(None),
            meeting: Some(None),
            language: Some(None),
            ..ChoicesUpdate::default()
        }
    );
    assert_eq!(
        asked(json!({ "command": "choose_device", "track": "them", "device": "speakers" })),
        Ok(ClientCommand::ChooseDevice(Track::Them, DeviceWish(Some("speakers".to_owned()))))
    );
    assert_eq!(
        asked(json!({ "command": "choose_device", "track": "me", "device": null })),
        Ok(ClientCommand::ChooseDevice(Track::Me, DeviceWish(None)))
    );
    let card = asked(json!({ "command": "card", "points": ["quick_pace"], "note": " 朝がよい " }));
    let expected = Card { points: vec![Preference::QuickPace], note: "朝がよい".to_owned() };
    assert_eq!(card, Ok(ClientCommand::BeforeCall(StartRequest::Card(expected))));
}

#[test]
fn the_answer_after_a_call() {
    assert_eq!(asked(json!({ "command": "perceived", "share": 0.4 })), Ok(ClientCommand::Perceived(Some(0.4))));
    assert_eq!(asked(json!({ "command": "perceived", "share": 1 })), Ok(ClientCommand::Perceived(Some(1.0))));
    assert_eq!(asked(json!({ "command": "perceived", "share": null })), Ok(ClientCommand::Perceived(None)));
}

#[test]
fn what_does_not_fit_is_told_by_its_name() {
    let long = "あ".repeat(201);
    for command in [
        json!({ "command": "pause", "for": 3 }),
        json!({ "command": "begin", "at": "once" }),
        json!({ "command": "prepare", "wiht": "Sato" }),
        json!({ "command": "prepare", "mode": "shouting" }),
        json!({ "command": "prepare", "target": 0.95 }),
        json!({ "command": "prepare", "icebreaker_min": 31 }),
        json!({ "command": "prepare", "with": "a\u{0007}" }),
        json!({ "command": "prepare", "agenda": vec!["x"; 21] }),
        json!({ "command": "prepare", "agenda": [long] }),
        json!({ "command": "card", "points": ["loud"], "note": "" }),
        json!({ "command": "card", "points": [] }),
        json!({ "command": "card", "points": [], "note": "n".repeat(1_001) }),
        json!({ "command": "snooze", "minutes": 61 }),
        json!({ "command": "snooze", "minutes": -1 }),
        json!({ "command": "snooze" }),
        json!({ "command": "mute_kind", "kind": "mood" }),
        json!({ "command": "agenda_add", "text": long }),
        json!({ "command": "note_add", "text": long, "owner": null }),
        json!({ "command": "note_add", "text": "x\ny", "owner": null }),
        json!({ "command": "note_add", "text": "x" }),
        json!({ "command": "note_add", "text": "x", "owner": "us" }),
        json!({ "command": "action_set", "id": 1, "state": "lost" }),
        json!({ "command": "agenda_set", "id": 1, "state": "lost" }),
        json!({ "command": "agenda_set", "id": "1", "state": "done" }),
        json!({ "command": "check_in", "score": 6, "words": "" }),
        json!({ "command": "check_in", "score": 3, "words": long }),
        json!({ "command": "check_in", "score": 3, "words": "a\u{0007}b" }),
        json!({ "command": "check_in", "score": 3, "words": "a\nb" }),
        json!({ "command": "look_together", "answer": "maybe" }),
        json!({ "command": "perceived" }),
        json!({ "command": "perceived", "share": 1.2 }),
        json!({ "command": "perceived", "share": "40 %" }),
    ] {
        let name = command["command"].as_str().unwrap().to_owned();
        assert_eq!(asked(command.clone()), Err(name), "{command}");
    }
    assert_eq!(asked(json!({ "command": "shout" })), Err("shout".to_owned()));
    assert_eq!(asked(json!({ "command": "x".repeat(4_000) })), Err(String::new()), "no name that long is told back");
    assert_eq!(asked(json!({})), Err(String::new()));
    for text in ["", "[]", "pause", "{", "{\"type\":3}"] {
        assert_eq!(ClientMessage::parse(text).unwrap_err().why, UNKNOWN, "{text}");
    }
}

#[test]
fn every_name_is_a_form_and_every_form_has_a_name() {
    for name in COMMAND_NAMES {
        let form: Result<RawCommand, _> = serde_json::from_value(json!({ "command": name, "unheard_of": 1 }));
        let error = form.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("unknown field `unheard_of`"), "{name}: {error}");
    }
    let error = serde_json::from_value::<RawCommand>(json!({ "command": "?" })).err().unwrap().to_string();
    assert_eq!(error.matches('`').count() / 2, COMMAND_NAMES.len() + 1, "{error}");
}

#[test]
fn a_setting_is_named_and_has_a_value_of_any_form() {
    assert_eq!(asked(json!({ "command": "settings" })), Ok(ClientCommand::Settings));
    for (value, expected) in [
        (json!(true), SettingValue::Flag(true)),
        (json!(90), SettingValue::Whole(90)),
        (json!(0.3), SettingValue::Share(0.3)),
        (json!(-5), SettingValue::Share(-5.0)),
        (json!([60, 90, 150]), SettingValue::Wholes(vec![60, 90, 150])),
        (json!("~/notes"), SettingValue::Text("~/notes".to_owned())),
        (json!(["zoom"]), SettingValue::Words(vec!["zoom".to_owned()])),
    ] {
        let (section, name) = ("nudges".to_owned(), "most".to_owned());
        let set = asked(json!({ "command": "set", "section": "nudges", "key": "most", "value": value }));
        assert_eq!(set, Ok(ClientCommand::SetSetting { section, name, value: expected }));
    }
    let set = |value: Value| asked(json!({ "command": "set", "section": "nudges", "key": "most", "value": value }));
    for value in [Value::Null, json!({ "a": 1 }), json!([1, "a"])] {
        assert_eq!(set(value), Err("set".to_owned()));
    }
    let refused = encode_setting_refusal("set", set(json!(1)).unwrap().setting().as_deref(), UNKNOWN);
    assert!(refused.contains("\"setting\":\"nudges.most\""), "{refused}");
}

#[test]
fn a_refusal_says_why_in_both_languages() {
    let said: Value = serde_json::from_str(&encode_refusal("pause", UNKNOWN)).unwrap();
    assert_eq!(said, json!({ "type": "refused", "command": "pause", "why": { "ja": UNKNOWN.ja, "en": UNKNOWN.en } }));
}

/// Messages that a page sends, to be damaged.
fn whole_messages() -> Vec<Vec<u8>> {
    let messages = [
        json!({ "type": "hello", "protocol": 1, "token": "00ff", "last_seq": 7, "epoch": 2, "asks": true }),
        json!({ "type": "command", "command": "prepare", "with": "Sato", "mode": "feedback", "target": 0.4,
                "icebreaker_min": 5, "agenda": ["目標", "Holidays"] }),
        json!({ "type": "command", "command": "card", "points": [], "note": "短く" }),
        json!({ "type": "command", "command": "off_record", "undo_s": 5 }),
        json!({ "type": "command", "command": "snooze", "minutes": 10 }),
        json!({ "type": "command", "command": "agenda_add", "text": "次回の予定" }),
        json!({ "type": "command", "command": "agenda_set", "id": 3, "state": "done" }),
        json!({ "type": "command", "command": "note_add", "text": "資料を送る", "owner": "me" }),
        json!({ "type": "command", "command": "action_set", "id": 3, "state": "done" }),
        json!({ "type": "command", "command": "check_in", "score": 4, "words": "元気" }),
        json!({ "type": "command", "command": "perceived", "share": 0.4 }),
    ];
    messages.iter().map(|message| message.to_string().into_bytes()).collect()
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn a_damaged_message_is_refused_or_lies_within_its_limits(bytes in damaged(whole_messages())) {
        // What is no UTF-8 never gets here: the socket closes for it.
        match ClientMessage::parse(&String::from_utf8_lossy(&bytes)) {
            Err(unfit) => prop_assert!(unfit.name.chars().count() <= MAX_COMMAND_NAME_CHARS),
            Ok(ClientMessage::Hello(_)) => {}
            Ok(ClientMessage::Command(asked)) => match asked.command {
                ClientCommand::Session(Command::AddItem(text) | Command::AddNote { text, .. }) => {
                    prop_assert!(text.chars().count() <= MAX_ITEM_CHARS && !text.contains(char::is_control));
                }
                ClientCommand::Session(Command::Snooze(length)) => prop_assert!(length <= Samples::from_secs(3_600)),
                ClientCommand::OffRecord(undo) => prop_assert!(undo.is_none_or(|undo| undo <= MAX_UNDO)),
                ClientCommand::Perceived(share) => {
                    prop_assert!(share.is_none_or(|share| (0.0..=1.0).contains(&share)));
                }
                ClientCommand::BeforeCall(StartRequest::Prepare(choices)) => prop_assert!(choices.is_valid()),
                _ => {}
            },
        }
    }
}
