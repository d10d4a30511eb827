use super::script::{Script, ScriptResult};
use super::*;
use crate::agenda::{Agenda, AgendaError, CheckIn, ItemState};

fn agenda(items: &[&str]) -> SessionSetup {
    SessionSetup { agenda: Agenda::new(items.iter().copied()).unwrap(), ..SessionSetup::default() }
}

fn offered(told: &ScriptResult, second: f64) -> Vec<bool> {
    told.at(second).agenda.iter().map(|item| item.offered).collect()
}

#[test]
fn words_of_either_side_offer_a_tick_though_none_are_kept() {
    let script = Script::silent_call(200).with(agenda(&["来期の目標", "Promotion"]));
    let told = script
        .says(Track::Me, (2.0, 5.0), "来期の目標はどうですか")
        .says(Track::Them, (20.0, 23.0), "I'd like to hear about promotions")
        .at(30.0, Command::SetItem { id: 1, state: ItemState::Done })
        .says(Track::Me, (90.0, 93.0), "そういえば")
        .at(100.0, Command::DeclineItem(2))
        .says(Track::Them, (110.0, 113.0), "the promotion again")
        .says(Track::Me, (180.0, 183.0), "そういえば")
        .run();
    assert_eq!(offered(&told, 7.0), [false, false], "it has only begun");
    assert_eq!(offered(&told, 25.0), [true, false], "talk went on to the other");
    assert_eq!(offered(&told, 32.0), [false, false]);
    assert_eq!(offered(&told, 93.5), [false, false], "its text is on its way");
    assert_eq!(offered(&told, 95.0), [false, true]);
    assert_eq!(offered(&told, 101.0), [false, false]);
    assert_eq!(offered(&told, 190.0), [false, false]);
    let item = |id, text: &str, state| Event::Agenda { id, text: text.to_owned(), state };
    let open = ItemState::Open;
    assert_eq!(
        told.asked_for(),
        [
            (0, item(1, "来期の目標", open)),
            (0, item(2, "Promotion", open)),
            (30_000, item(1, "来期の目標", ItemState::Done)),
            (110_120, Event::Stuck),
        ]
    );
    let words = |heard: &Heard| heard.understood().is_some_and(|said| !said.text.is_empty());
    assert!(!told.journal.iter().any(|(_, event)| matches!(event, Event::Heard(heard) if words(heard))));
}

#[test]
fn items_are_added_in_the_call() {
    let told = Script::silent_call(90)
        .at(1.0, Command::AddItem("育成計画".to_owned()))
        .says(Track::Them, (2.0, 4.0), "育成の計画ですが、育成計画は来月です")
        .says(Track::Me, (70.0, 72.0), "そういえば")
        .at(8.0, Command::SetItem { id: 2, state: ItemState::Done })
        .run();
    assert_eq!(offered(&told, 75.0), [true]);
    assert_eq!(offered(&told, 89.0), [true], "for half a minute");
    assert_eq!(told.refused, [CommandError::Agenda(AgendaError::NoSuchItem)]);
}

#[test]
fn a_check_in_is_kept_as_it_was_given() {
    let given = |score, words| CheckIn::new(score, words).unwrap();
    let told = Script::silent_call(10)
        .at(1.0, Command::CheckIn(given(2, "眠い")))
        .at(2.0, Command::CheckIn(given(3, "まあまあ")))
        .run();
    assert_eq!(told.end().check_in, Some(given(3, "まあまあ")));
    assert_eq!(told.asked_for().len(), 2);
}

/// A word of mine, then 4 s of silence, again and again.
fn silences(seconds: u64) -> Script {
    let words: Vec<(f64, f64)> = (0..seconds / 5).map(|i| (i as f64 * 5.0, i as f64 * 5.0 + 1.0)).collect();
    Script::silent_call(seconds).me(&words)
}

#[test]
fn silence_upon_silence_offers_to_look_at_something_while_there_is_something() {
    let told = silences(30).with(agenda(&["来期の目標"])).at(20.0, Command::LookTogether(LookAnswer::Shown)).run();
    assert_eq!(told.asked_for()[1..], [(15_120, Event::Stuck), (20_000, Event::LookTogether(LookAnswer::Shown))]);
    assert!(!told.at(14.9).stuck && told.at(16.0).stuck && !told.at(20.1).stuck);
    assert!(!silences(30).run().shown.iter().any(|snapshot| snapshot.stuck), "nothing is open");
    let done = silences(30).with(agenda(&["来期の目標"]));
    let told = done.at(18.0, Command::SetItem { id: 1, state: ItemState::Done }).run();
    assert!(told.at(17.0).stuck && !told.at(18.5).stuck, "nothing is left");
}
