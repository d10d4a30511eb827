//! Who there is, and what is known before the next call.

use super::*;
use crate::agenda::{CheckIn, ItemState};
use crate::people::{Card, Preference, StatedCard};
use crate::records::Intention;

#[test]
fn who_was_talked_to_last_comes_first() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    past(&mut store, &home, "2026-11-01T10-00-00", "Sato", 0.6);
    past(&mut store, &home, "2026-11-02T10-00-00", "Mori", 0.5);
    past(&mut store, &home, "2026-11-03T10-00-00", "Sato", 0.4);
    let points = vec![Preference::TimeToThink, Preference::CameraOff];
    let card = Card { points, note: "朝は避けて".to_owned() };
    let card = StatedCard { card, stated_on: "2026-10-31".to_owned() };
    store.set_card("Ueda", &card).unwrap();
    let people = store.people(&"2026-11-26T09:00:00+09:00[Asia/Tokyo]".parse().unwrap()).unwrap();
    let said: Vec<_> = people.iter().map(|one| (one.name.as_str(), one.calls, one.days)).collect();
    assert_eq!(said, [("Sato", 2, Some(23)), ("Mori", 1, Some(24)), ("Ueda", 0, None)]);
    assert_eq!(people[0].last_at.as_deref(), Some("2026-11-03T10:00:00+09:00"));
    assert_eq!((&people[0].card, people[2].card.as_ref()), (&None, Some(&card)));
}

#[test]
fn an_open_item_goes_on_to_the_next_call_and_is_done_there() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let hold = |store: &mut Store, id: &str, agenda: &[(&str, ItemState)]| {
        let agenda = agenda.iter().map(|(text, state)| ((*text).to_owned(), *state)).collect();
        let journal = store.begin_call(&record(&home, id, Some("Sato"))).unwrap();
        journal.finish(CallEnd { agenda, ..CallEnd::default() }).unwrap();
        store.open_items("Sato").unwrap().into_iter().map(|item| (item.text, item.call)).collect::<Vec<_>>()
    };
    let (first, second) = ("2026-11-01T10-00-00", "2026-11-02T10-00-00");
    let open = hold(&mut store, first, &[("Review", ItemState::Open), ("Holidays", ItemState::Open)]);
    assert_eq!(open, [("Review".to_owned(), first.to_owned()), ("Holidays".to_owned(), first.to_owned())]);
    let open = hold(&mut store, second, &[("Review", ItemState::Done), ("Holidays", ItemState::Open)]);
    assert_eq!(open, [("Holidays".to_owned(), second.to_owned())]);
    let open = hold(&mut store, "2026-11-03T10-00-00", &[("Holidays", ItemState::Dropped)]);
    assert!(open.is_empty());
}

/// Two calls with Sato, both with the same topic, which is open after the first.
fn carried(store: &mut Store, home: &DataDir, second: ItemState) -> [String; 2] {
    let calls = [1, 2].map(|day| format!("2026-11-0{day}T10-00-00"));
    for (id, state) in calls.iter().zip([ItemState::Open, second]) {
        let journal = store.begin_call(&record(home, id, Some("Sato"))).unwrap();
        journal.finish(CallEnd { agenda: vec![("zanshin".to_owned(), state)], ..CallEnd::default() }).unwrap();
    }
    calls
}

fn open_topics(store: &Store, name: &str) -> Vec<(String, String)> {
    store.open_items(name).unwrap().into_iter().map(|item| (item.text, item.call)).collect()
}

#[test]
fn a_topic_is_open_again_if_the_call_to_which_it_was_carried_is_forgotten_or_was_with_somebody_else() {
    for second in [ItemState::Open, ItemState::Done] {
        let (dir, home) = home();
        let mut store = Store::open(&home).unwrap();
        let [first, other] = carried(&mut store, &home, second);
        store.forget(&Forget::Call(other)).unwrap();
        assert_eq!(open_topics(&store, "Sato"), [("zanshin".to_owned(), first.clone())], "the other call has it still");
        store.forget(&Forget::Call(first)).unwrap();
        assert_eq!(open_topics(&store, "Sato"), []);
        assert_eq!(traces(dir.path(), "zanshin"), [""; 0]);
    }
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let [first, other] = carried(&mut store, &home, ItemState::Open);
    store.assign_call(&other, Some("Mori")).unwrap();
    assert_eq!(open_topics(&store, "Sato"), [("zanshin".to_owned(), first.clone())]);
    assert_eq!(open_topics(&store, "Mori"), []);
    store.forget(&Forget::Call(first)).unwrap();
    assert_eq!(open_topics(&store, "Sato"), []);
}

#[test]
fn a_topic_that_is_done_stays_so_whatever_calls_are_given_to_somebody_else_and_back() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let [first, second] = carried(&mut store, &home, ItemState::Done);
    store.assign_call(&second, Some("Sato")).unwrap();
    assert_eq!(open_topics(&store, "Sato"), [], "it was with Sato before");
    store.assign_call(&first, Some("Mori")).unwrap();
    assert_eq!(open_topics(&store, "Mori"), [("zanshin".to_owned(), first.clone())]);
    store.assign_call(&first, Some("Sato")).unwrap();
    assert_eq!((open_topics(&store, "Sato"), open_topics(&store, "Mori")), (Vec::new(), Vec::new()));

    // The topic comes up once more, in another call.
    let third = "2026-11-03T10-00-00".to_owned();
    let journal = store.begin_call(&record(&home, &third, Some("Sato"))).unwrap();
    let agenda = vec![("zanshin".to_owned(), ItemState::Open)];
    journal.finish(CallEnd { agenda, ..CallEnd::default() }).unwrap();
    assert_eq!(open_topics(&store, "Sato"), [("zanshin".to_owned(), third.clone())]);
    store.assign_call(&third, Some("Mori")).unwrap();
    assert_eq!(open_topics(&store, "Mori"), [("zanshin".to_owned(), third)], "it was not carried over");
    assert_eq!(open_topics(&store, "Sato"), []);
}

#[test]
fn a_topic_of_an_older_call_that_is_forgotten_stays_as_the_newer_one_has_it() {
    for (second, open) in [(ItemState::Open, 1), (ItemState::Dropped, 0)] {
        let (_dir, home) = home();
        let mut store = Store::open(&home).unwrap();
        let [first, _] = carried(&mut store, &home, second);
        store.forget(&Forget::Call(first)).unwrap();
        assert_eq!(open_topics(&store, "Sato").len(), open);
    }
}

#[test]
fn an_intention_is_for_the_next_calls_with_the_same_person_until_there_is_another() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    let [first, other, second, third] = [1, 2, 3, 4].map(|day| format!("2026-11-0{day}T10-00-00"));
    for (id, with) in [(&first, "Sato"), (&other, "Mori"), (&second, "Sato"), (&third, "Sato")] {
        past(&mut store, &home, id, with, 0.5);
    }
    store.set_intention(&first, Some(Intention::Wait)).unwrap();
    let meant = |store: &Store, id: &str| {
        store.intention_for(id).unwrap().map(|(what, chosen_after)| (what, chosen_after.record.id))
    };
    let chosen = Some((Intention::Wait, first.clone()));
    assert_eq!((meant(&store, &second), meant(&store, &third)), (chosen.clone(), chosen));
    assert_eq!((meant(&store, &first), meant(&store, &other)), (None, None));
    let after = |id: &str| store.intention_after(id).unwrap();
    assert_eq!((after(&first), after(&second), after(&other)), (Some(Intention::Wait), Some(Intention::Wait), None));
    assert_eq!(store.next_intention("Sato").unwrap(), Some(Intention::Wait));
    assert_eq!(store.next_intention("Mori").unwrap(), None);
    store.set_intention(&second, Some(Intention::Open)).unwrap();
    assert_eq!(meant(&store, &third), Some((Intention::Open, second.clone())));
    assert_eq!(store.intention_after(&second).unwrap(), Some(Intention::Open));
    store.set_intention(&second, None).unwrap();
    assert_eq!(store.next_intention("Sato").unwrap(), None, "nothing is meant any longer");
    store.forget(&Forget::Call(second)).unwrap();
    assert_eq!(store.next_intention("Sato").unwrap(), Some(Intention::Wait));
    store.forget(&Forget::Call(first)).unwrap();
    assert_eq!(store.next_intention("Sato").unwrap(), None, "it goes with its call");
}

#[test]
fn check_ins_are_listed_as_given() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    for (id, score, words) in [("2026-11-01T10-00-00", 4, "元気"), ("2026-11-02T10-00-00", 2, "")] {
        let journal = store.begin_call(&record(&home, id, Some("Sato"))).unwrap();
        journal.finish(CallEnd { check_in: CheckIn::new(score, words), ..CallEnd::default() }).unwrap();
    }
    let given = store.check_ins("Sato").unwrap();
    let said: Vec<_> =
        given.iter().map(|one| (one.call.as_str(), one.check_in.score(), one.check_in.words())).collect();
    assert_eq!(said, [("2026-11-02T10-00-00", 2, ""), ("2026-11-01T10-00-00", 4, "元気")]);
    assert!(store.check_ins("Mori").unwrap().is_empty());
}

#[test]
fn the_last_calls_of_one_and_of_all() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    for (day, with) in [(1, "Sato"), (2, "Mori"), (3, "Sato"), (4, "Sato")] {
        past(&mut store, &home, &format!("2026-11-0{day}T10-00-00"), with, 0.5);
    }
    let days = |calls: Vec<PastCall>| calls.iter().map(|call| call.record.id[9..10].to_owned()).collect::<String>();
    assert_eq!(days(store.calls(None, 3).unwrap()), "432");
    assert_eq!(days(store.calls(Some("Sato"), 2).unwrap()), "43");
    assert_eq!(days(store.calls(Some("Nobody"), 2).unwrap()), "");
}
