use super::*;
use crate::agenda::ItemState;
use crate::asr::NoText;
use crate::nudges::Mode;
use crate::records::Origin;
use crate::session::{Session, SessionSetup};

fn feed() -> Feed {
    Feed::new(CallSettings { origin: Origin::Live, mode: Mode::Listening, target: 0.3, demo_timing: false })
}

fn say(feed: &mut Feed, at_ms: u64, text: &str) {
    let event = Event::Agenda { id: 1, text: text.to_owned(), state: ItemState::Open };
    feed.emit(SampleTime::from_ms(at_ms), event);
}

/// What a client is told, in short: the epoch, the number and the text of each event.
fn told(news: &FeedUpdate) -> Vec<(u64, u64, String)> {
    let events = news.events.iter().map(|message| {
        let fields: serde_json::Value = serde_json::from_str(message).unwrap();
        let number = |name: &str| fields[name].as_u64().unwrap();
        (number("epoch"), number("seq"), fields["text"].as_str().unwrap().to_owned())
    });
    events.collect()
}

#[test]
fn erasing_begins_an_epoch_that_holds_what_is_left() {
    let mut feed = feed();
    (1..=4).for_each(|i| say(&mut feed, i * 10, &format!("{i}")));
    feed.emit_snapshot(&Session::new(&SessionSetup::default(), Box::new(NoText::default())).snapshot());
    let (mut behind, mut ahead) = (feed.cursor(1, 1), feed.cursor(1, 4));
    feed.erase(SampleTime::from_ms(20));
    let news = feed.next_update(&mut behind);
    assert_eq!(told(&news), [(2, 2, "2".to_owned())], "what it had not got of what is left");
    assert!(news.snapshot.is_none(), "the old one shows what is erased");
    assert_eq!(told(&feed.next_update(&mut ahead)), []);
    say(&mut feed, 50, "after");
    for place in [&mut behind, &mut ahead] {
        assert_eq!(told(&feed.next_update(place)), [(2, 3, "after".to_owned())]);
    }
    assert_eq!(feed.newest_seq(), 3);
    assert_eq!(feed.events().iter().map(|(at, _)| at.as_ms()).collect::<Vec<_>>(), [10, 20, 50]);
    let mut back = feed.cursor(1, 4);
    assert_eq!(back.epoch, 2);
    assert_eq!(told(&feed.next_update(&mut back)), [], "a client that knows the old epoch starts from the snapshot");
}

#[test]
fn a_client_that_is_behind_twice_is_told_what_is_left_of_both() {
    let mut feed = feed();
    say(&mut feed, 10, "first");
    let mut place = feed.cursor(1, 1);
    feed.erase(SampleTime::from_ms(10));
    say(&mut feed, 20, "second");
    say(&mut feed, 30, "third");
    feed.erase(SampleTime::from_ms(20));
    assert_eq!(told(&feed.next_update(&mut place)), [(3, 2, "second".to_owned())]);
}
