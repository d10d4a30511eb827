use serde_json::{Value, json};

use crate::agenda::{Action, ItemState, Note};
use crate::audio::Track;
use crate::nudges::Mode;
use crate::report::summary::tests::{info, journal};
use crate::report::summary::{Language, Summary};
use crate::session::{Aim, Event};
use crate::time::SampleTime;

/// The call of ten minutes, with what was written down in it.
fn summary(written: &[(u32, &str, Option<Action>, bool)]) -> Summary {
    let mut journal = journal();
    let ended = journal.pop();
    for (id, text, action, carried) in written {
        let at = SampleTime::from_ms(if *carried { 0 } else { u64::from(*id) * 100_000 });
        let note = Note { id: *id, at, text: (*text).to_owned(), action: *action, carried: *carried };
        journal.push((SampleTime::from_ms(550_000), Event::Note(note)));
    }
    journal.extend(ended);
    Summary::from_journal(&info(), &journal, Language::En)
}

fn action(owner: Track, state: ItemState) -> Option<Action> {
    Some(Action { owner, state })
}

fn whole() -> Summary {
    summary(&[
        (1, "Sign <b>up</b>", action(Track::Them, ItemState::Open), true),
        (2, "On leave from *May*", None, false),
        (3, "資料を送る", action(Track::Me, ItemState::Open), false),
        (3, "資料を送る", action(Track::Me, ItemState::Done), false),
    ])
}

#[test]
fn the_page_says_who_does_what_and_leads_from_a_note_to_its_moment() {
    let page = whole().page(Language::En);
    assert!(page.contains("<h2>One action item is open</h2>"), "{page}");
    assert!(page.contains("Sign &lt;b&gt;up&lt;/b&gt; <span class=\"source\">them · from last time</span>"), "{page}");
    assert!(page.contains("資料を送る <span class=\"source\">you · done</span>"));
    let moment = "<a class=\"at\" href=\"#timeline\" data-at=\"200000\">3:20</a> <span>On leave from *May*</span>";
    assert!(page.contains(&format!("<h2>Notes</h2><ul><li>{moment}</li></ul>")), "{page}");
    let page = whole().page(Language::Ja);
    assert!(page.contains("<h2>やることが1件あります</h2>") && page.contains("相手・前回から"), "{page}");
    let mirror = whole().mirror(Language::En);
    assert!(!mirror.contains("資料を送る") && !mirror.contains("On leave"), "it is the manager's own");
}

#[test]
fn files_and_the_notes_on_a_person_have_it_too() {
    let call = whole();
    for text in [call.markdown(Language::En), call.note(Language::En)] {
        assert!(text.contains("- [ ] Sign \\<b\\>up\\</b\\> (them · from last time)"), "{text}");
        assert!(text.contains("- [x] 資料を送る (you · done)"), "{text}");
        assert!(text.contains("- 3:20 On leave from \\*May\\*"), "{text}");
    }
    let file: Value = serde_json::from_str(&call.json().unwrap()).unwrap();
    assert_eq!(
        file["notes"],
        json!([
            { "at_ms": null, "text": "Sign <b>up</b>", "owner": "them", "state": "open" },
            { "at_ms": 200_000, "text": "On leave from *May*" },
            { "at_ms": 300_000, "text": "資料を送る", "owner": "me", "state": "done" },
        ])
    );
    let bare = summary(&[]);
    assert!(!bare.json().unwrap().contains("\"notes\"") && !bare.page(Language::En).contains("<h2>Notes"));
}

#[test]
fn the_heading_counts_what_is_left() {
    let heading = |states: &[ItemState]| {
        let written: Vec<_> =
            states.iter().zip(1..).map(|(state, id)| (id, "x", action(Track::Me, *state), false)).collect();
        let page = summary(&written).page(Language::En);
        page.split("<h2>").find(|part| part.contains("action item")).unwrap().split("</h2>").next().unwrap().to_owned()
    };
    let (open, done, dropped) = (ItemState::Open, ItemState::Done, ItemState::Dropped);
    assert_eq!(heading(&[open, open, done]), "2 action items are open");
    assert_eq!(heading(&[done]), "The action item is done");
    assert_eq!(heading(&[done, done, dropped]), "Both action items are done");
    assert_eq!(heading(&[dropped]), "All action items were dropped");
}

#[test]
fn the_timeline_says_when_the_purpose_changed() {
    let aim = |mode, target| Aim { mode, target };
    let changed = [
        (200_000, aim(Mode::Listening, 0.3), aim(Mode::Feedback, 0.5)),
        (400_000, aim(Mode::Feedback, 0.5), aim(Mode::Feedback, 0.4)),
    ];
    let mut journal = journal();
    let ended = journal.pop();
    let events = changed.map(|(at, from, to)| (SampleTime::from_ms(at), Event::Aim { from, to }));
    journal.extend(events.into_iter().chain(ended));
    let call = Summary::from_journal(&info(), &journal, Language::En);
    let page = call.page(Language::En);
    let first = "Purpose changed from listening (target 30%) to feedback (target 50%)";
    assert!(page.contains(&format!("data-at=\"200000\">3:20</a> <span>{first}</span>")), "{page}");
    assert!(page.contains("Target changed from 50% to 40%"));
    // The plot steps, and its heading goes by what was in force; 80 of 117 moments are over 30 %, later 50 and 40.
    assert!(page.contains("You were over the target you had then for "), "{page}");
    assert!(page.contains("your target, 20% to 30%, 40% to 50%, later 30% to 40%."), "{page}");
    assert!(page.contains("Figures are compared with the last purpose and target."));
    assert_eq!(page.matches("<path class=\"aim\" d=\"M0 0V68\">").count(), 2, "on the lanes");
    assert!(page.contains("purpose or target changed"), "in the key");
    assert!(call.page(Language::Ja).contains("目的を傾聴（目標30%）からフィードバック（目標50%）に変更"));
    assert!(call.markdown(Language::En).contains(&format!("- 3:20 {first}")));
    let file: Value = serde_json::from_str(&call.json().unwrap()).unwrap();
    let change = json!({ "at_ms": 200_000, "mode": "feedback", "target": 0.5, "mode_before": "listening",
                         "target_before": 0.3 });
    assert_eq!(file["aim_changes"][0], change);
    let mirror = call.mirror(Language::En);
    assert!(!mirror.contains("changed from") && !mirror.contains("class=\"aim\""), "a target is the manager's own");
}
