//! What is to be done after a call comes back in the next one, and goes with the last call that has it.

use super::*;
use crate::agenda::{Action, ItemState, OpenAction};
use crate::audio::Track;

const DAYS: [&str; 3] = ["2026-11-01T10-00-00", "2026-11-02T10-00-00", "2026-11-03T10-00-00"];

fn hold(store: &mut Store, home: &DataDir, id: &str, with: Option<&str>, list: &[(&str, Track, ItemState)]) {
    let actions =
        list.iter().map(|(text, owner, state)| ((*text).to_owned(), Action { owner: *owner, state: *state })).collect();
    let journal = store.begin_call(&record(home, id, with)).unwrap();
    journal.finish(CallEnd { actions, ..CallEnd::default() }).unwrap();
}

fn open(store: &Store, name: &str) -> Vec<String> {
    store.open_actions(name).unwrap().into_iter().map(|action| action.text).collect()
}

const ME: Track = Track::Me;
const THEM: Track = Track::Them;
const OPEN: ItemState = ItemState::Open;

#[test]
fn what_is_not_done_comes_back_until_it_is() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    hold(&mut store, &home, DAYS[0], Some("Sato"), &[("Send the sheet", ME, OPEN), ("Sign up", THEM, OPEN)]);
    let first = store.open_actions("Sato").unwrap();
    assert_eq!(first[1], OpenAction { text: "Sign up".to_owned(), owner: THEM });
    assert!(open(&store, "Mori").is_empty());
    let people = store.people(&"2026-11-26T09:00:00+09:00[Asia/Tokyo]".parse().unwrap()).unwrap();
    assert_eq!(people[0].open_actions, first);
    let second = [("Send the sheet", ME, ItemState::Done), ("Sign up", THEM, OPEN), ("Sign up", ME, OPEN)];
    hold(&mut store, &home, DAYS[1], Some("Sato"), &second);
    assert_eq!(open(&store, "Sato"), ["Sign up", "Sign up"], "theirs is another one than mine");
    let third = [("Sign up", THEM, ItemState::Dropped), ("Sign up", ME, ItemState::Done)];
    hold(&mut store, &home, DAYS[2], Some("Sato"), &third);
    assert!(open(&store, "Sato").is_empty());
}

#[test]
fn it_goes_with_the_last_call_that_has_it_whichever_is_forgotten_first() {
    for forgotten in [[0, 1], [1, 0]] {
        let (dir, home) = home();
        let mut store = Store::open(&home).unwrap();
        for day in &DAYS[..2] {
            hold(&mut store, &home, day, Some("Sato"), &[("zanshin", THEM, OPEN)]);
        }
        store.forget(&Forget::Call(DAYS[forgotten[0]].to_owned())).unwrap();
        assert_eq!(open(&store, "Sato"), ["zanshin"], "the other call has it still");
        store.forget(&Forget::Call(DAYS[forgotten[1]].to_owned())).unwrap();
        assert!(open(&store, "Sato").is_empty());
        assert_eq!(traces(dir.path(), "zanshin"), [""; 0]);
    }
}

#[test]
fn it_goes_along_when_the_call_was_with_somebody_else() {
    let (_dir, home) = home();
    let mut store = Store::open(&home).unwrap();
    hold(&mut store, &home, DAYS[0], Some("Sato"), &[("Old", ME, OPEN)]);
    hold(&mut store, &home, DAYS[1], Some("Sato"), &[("Old", ME, OPEN), ("New", ME, OPEN)]);
    store.assign_call(DAYS[1], Some("Mori")).unwrap();
    assert_eq!((open(&store, "Sato"), open(&store, "Mori")), (vec!["Old".to_owned()], vec!["New".to_owned()]));
    store.assign_call(DAYS[1], None).unwrap();
    assert!(open(&store, "Mori").is_empty());
    store.assign_call(DAYS[1], Some("Sato")).unwrap();
    assert_eq!(open(&store, "Sato"), ["Old", "New"]);
}
