use serde_json::{Value, json};

use super::*;
use crate::config::OffRecordLengths;
use crate::people::{Card, Preference};
use crate::prepare::{HintInput, preparation_hints};
use crate::records::Figures;
use crate::time::Samples;

fn shown(of: &StartPage) -> Value {
    serde_json::from_str(&encode_start_page(3, of)).unwrap()
}

fn devices(name: &str) -> TrackDevices {
    let available = vec![
        AvailableDevice { id: "built-in".to_owned(), name: "Built-in".to_owned(), is_default: true },
        AvailableDevice { id: name.to_lowercase(), name: name.to_owned(), is_default: false },
    ];
    TrackDevices { chosen: Some(name.to_lowercase()), heard: Some(name.to_owned()), available, is_server_silent: false }
}

#[test]
fn a_desk_before_a_call() {
    let card = Card { points: vec![Preference::TimeToThink], note: "朝がよい".to_owned() };
    let card = StatedCard { card, stated_on: "2026-11-01".to_owned() };
    let sato = Person {
        name: "Sato".to_owned(),
        last_at: Some("2026-11-03T10:00:00+09:00".to_owned()),
        days: Some(23),
        calls: 7,
        open_items: vec!["評価の基準".to_owned()],
        open_actions: vec![OpenAction { text: "資料を送る".to_owned(), owner: Track::Me }],
        card: Some(card.clone()),
    };
    let known = HintInput {
        target: 0.3,
        card: Some(card),
        intention: None,
        their_target: None,
        last: Some(Figures { share: Some(0.58), ..Figures::default() }),
    };
    let mut targets = Targets::default();
    *targets.get_mut(Mode::Coaching) = 0.2;
    let kato = Person {
        name: "Kato".to_owned(),
        last_at: None,
        days: None,
        calls: 0,
        open_items: vec![],
        open_actions: vec![],
        card: None,
    };
    let desk = StartPage {
        choices: Choices {
            with: Some("Sato".to_owned()),
            mode: Mode::Listening,
            own_target: Some(0.45),
            icebreaker: Samples::from_secs(300),
            agenda: vec!["Goals".to_owned()],
            meeting: Some(Samples::from_secs(1_800)),
            language: Some(Language::Ja),
        },
        target: 0.45,
        targets,
        proposal: Some(TargetProposal { target: 0.55, baseline: 0.63, calls: 5 }),
        people: vec![sato, kato],
        hints: preparation_hints(&known),
        keeping: Keeping { words: false, days: Some(90), notes: false },
        last_call: Some("2026-11-03T10-00-00".to_owned()),
        model: ModelStatus::Missing { bytes: 147_951_465 },
        devices: Some(PerTrack { me: devices("Webcam"), them: devices("Speakers") }),
        ..StartPage::default()
    };
    insta::assert_snapshot!(serde_json::to_string_pretty(&shown(&desk)).unwrap());
}

#[test]
fn the_share_is_shown_once_the_question_is_out_of_the_way() {
    let after = |after: PerceptionQuestion| {
        shown(&StartPage { perception_question: Some(after), ..StartPage::default() })["after"].clone()
    };
    let asked = PerceptionQuestion {
        asked: true,
        summary: "/calls/1/summary.html".to_owned(),
        ..PerceptionQuestion::default()
    };
    assert_eq!(
        after(asked.clone()),
        json!({ "asked": true, "perceived": null, "skipped": false, "share": null, "unsure": false, "summary": "/calls/1/summary.html",
            "too_little": null, "length_ms": 0, "fate": null })
    );
    let answered =
        after(PerceptionQuestion { answer: PerceptionAnswer::Perceived(0.4), share: Some(0.58), ..asked.clone() });
    assert_eq!((&answered["perceived"], &answered["share"]), (&json!(0.4), &json!(0.58)));
    let skipped = after(PerceptionQuestion { answer: PerceptionAnswer::Skipped, share: Some(0.58), ..asked });
    assert_eq!((&skipped["perceived"], &skipped["skipped"]), (&Value::Null, &json!(true)));
    let silent = after(PerceptionQuestion {
        too_little: Some(TooLittle::NothingHeard),
        length: Samples::from_secs(6),
        fate: Some(CallFate::Undecided),
        ..PerceptionQuestion::default()
    });
    assert_eq!(
        (&silent["too_little"], &silent["length_ms"], &silent["fate"]),
        (&json!("nothing_heard"), &json!(6_000), &json!("undecided"))
    );
}

#[test]
fn off_record_goes_back_as_far_as_it_can() {
    let lengths = OffRecordLengths { last: Samples::from_secs(600), next: Samples::from_secs(120) };
    let page = shown(&StartPage { off_record: lengths, ..StartPage::default() });
    assert_eq!(page["off_record_min"], json!({ "last": 5, "next": 2 }));
}

#[test]
fn the_sentence_for_the_other_side_says_what_this_call_does() {
    let noted = |words, days, notes| {
        let page = shown(&StartPage { keeping: Keeping { words, days, notes }, ..StartPage::default() });
        [page["tell"]["ja"].as_str().unwrap().to_owned(), page["tell"]["en"].as_str().unwrap().to_owned()]
    };
    let tell = |words, days| noted(words, days, false);
    for words in [false, true] {
        let [ja, en] = noted(words, Some(90), true);
        assert!(ja.contains("私のノートにも書き足し") && en.contains("my own notes, where they stay"), "{ja} {en}");
    }
    let [ja, en] = tell(false, Some(90));
    assert!(!ja.contains("ノート") && !en.contains("own notes"), "{ja} {en}");
    assert!(ja.contains("言葉も残さず") && ja.contains("90日間") && ja.contains("解析"), "{ja}");
    assert!(en.contains("no words are kept") && en.contains("for 90 days") && en.contains("analyses"), "{en}");
    let [ja, en] = tell(true, Some(7));
    assert!(ja.contains("文字にして残します") && ja.contains("7日間") && !ja.contains("言葉も残さず"), "{ja}");
    assert!(
        en.contains("what we say is written down") && en.contains("for 7 days") && !en.contains("no words"),
        "{en}"
    );
    let [ja, en] = tell(false, None);
    assert!(!ja.contains("日間") && !en.contains("days"), "{ja} {en}");
    for told in [ja, en] {
        assert!(!told.contains("録音") && !told.contains("record"), "sound is heard, whatever becomes of it: {told}");
    }
}
