use super::*;
use crate::language::Language;

/// An utterance of so many seconds, all of whose samples are this.
fn utterance(track: Track, at_s: u64, seconds: u64, sample: i16) -> Utterance {
    let span = Span::from_ms(1_000 * at_s, 1_000 * (at_s + seconds));
    Utterance { track, span, runs: vec![span], pcm: vec![sample; 16_000 * seconds as usize] }
}

fn found() -> RecentSound {
    RecentSound::new(CallLanguage::Found(Default::default()))
}

/// The length of the opening in seconds, 0 if it is not heard, as utterances of a second come in.
fn openings(recent: &mut RecentSound, seconds: std::ops::Range<u64>) -> Vec<usize> {
    let heard = |at| {
        let newest = utterance(Track::BOTH[at as usize % 2], at, 1, 1_000);
        let opening = recent.take_opening(&newest);
        recent.push(newest);
        opening.len() / 16_000
    };
    seconds.map(heard).collect()
}

#[test]
fn the_opening_is_heard_after_three_seconds_and_whenever_it_has_doubled() {
    let expected = [0, 0, 3, 0, 0, 6, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(openings(&mut found(), 0..30), expected);
}

#[test]
fn no_opening_is_heard_where_the_language_is_named() {
    let mut recent = RecentSound::new(CallLanguage::Named(Language::Ja));
    assert_eq!(openings(&mut recent, 0..6), [0; 6]);
}

#[test]
fn both_sides_of_an_opening_have_one_level() {
    let mut recent = found();
    recent.push(utterance(Track::Me, 0, 2, 20));
    let opening = recent.take_opening(&utterance(Track::Them, 2, 2, 8_000));
    assert!(opening.len() == 64_000 && opening.iter().all(|sample| *sample == 1_638), "{}", opening[0]);
}

#[test]
fn what_is_off_the_record_is_in_no_opening() {
    let mut recent = found();
    openings(&mut recent, 0..2);
    recent.discard(Span::from_ms(0, 1_000));
    assert_eq!(openings(&mut recent, 2..4), [0, 3]);
}
