use super::*;
use Language::{En, Ja};

/// What a call is found to be in: the language of each utterance, given as odds and seconds of speech, when it came; and
/// by hindsight, if that is clear.
fn found(prior: LanguagePrior, call: &[(f64, f64)]) -> Vec<(Language, Option<Language>)> {
    let mut tracker = LanguageTracker::new(prior);
    let speech = |seconds: f64| Samples::from_ms((seconds * 1000.0) as u64);
    let at_once: Vec<Language> =
        call.iter().map(|(odds, seconds)| tracker.push(LanguageOdds(*odds), speech(*seconds))).collect();
    at_once.into_iter().zip(tracker.hindsight()).collect()
}

fn heard(call: &[(f64, f64)]) -> Vec<(Language, Option<Language>)> {
    found(LanguagePrior::default(), call)
}

#[test]
fn a_call_is_in_the_language_that_it_sounds_like() {
    assert_eq!(heard(&[(6.0, 3.0), (-7.0, 0.5), (8.0, 4.0)]), [(Ja, Some(Ja)); 3]);
    assert_eq!(heard(&[(-6.0, 3.0), (5.7, 0.7), (-8.0, 4.0)]), [(En, Some(En)); 3]);
}

#[test]
fn words_that_are_hardly_understood_are_revised_by_what_follows() {
    // As the first seconds of Japanese dialogues may sound to a small model.
    let call = [(-2.9, 1.4), (-0.9, 0.6), (-1.1, 0.2), (-2.4, 1.5), (5.0, 3.0), (7.0, 4.0)];
    let languages = heard(&call);
    assert!(languages[..4].iter().any(|(at_once, _)| *at_once == En), "{languages:?}");
    assert!(languages.iter().all(|(_, now)| *now == Some(Ja)), "{languages:?}");
}

#[test]
fn a_greeting_in_another_language_stays_in_it_if_it_is_clear() {
    assert_eq!(heard(&[(-8.0, 4.0), (-7.0, 3.0), (7.0, 4.0), (8.0, 5.0), (8.0, 5.0)])[..2], [(En, Some(En)); 2]);
    let unclear = heard(&[(-3.0, 0.5), (7.0, 4.0), (8.0, 5.0)]);
    assert_eq!(unclear[0], (En, Some(Ja)));
}

#[test]
fn a_call_may_change_its_language_and_change_back() {
    let (ja, en) = ((8.0, 5.0), (-8.0, 5.0));
    let languages = heard(&[ja, ja, ja, en, en, en, ja, ja]);
    let now: Vec<_> = languages.iter().map(|(at_once, now)| (*at_once, now.unwrap_or(*at_once))).collect();
    assert_eq!(now, [Ja, Ja, Ja, En, En, En, Ja, Ja].map(|language| (language, language)));
}

#[test]
fn one_sentence_in_the_other_language_is_decoded_in_it() {
    let languages = heard(&[(8.0, 5.0), (8.0, 5.0), (-9.0, 5.0), (8.0, 5.0), (8.0, 5.0)]);
    assert_eq!(languages[2].0, En);
    assert_ne!(languages[2].1, Some(Ja), "it is not decoded again");
    assert_eq!((languages[1].0, languages[3].0), (Ja, Ja));
}

#[test]
fn the_prior_decides_until_something_is_heard_and_no_longer() {
    let prior = |interface, last_call| LanguagePrior { interface, last_call };
    assert_eq!(LanguageTracker::new(prior(Some(Ja), None)).expected(), Ja);
    assert_eq!(LanguageTracker::new(prior(Some(En), None)).expected(), En);
    assert_eq!(LanguageTracker::new(prior(Some(En), Some(Ja))).expected(), Ja, "the last call says more");
    assert_eq!(LanguageTracker::new(prior(Some(Ja), Some(En))).expected(), En, "the last call says more");
    assert_eq!(found(prior(Some(Ja), Some(Ja)), &[(-2.4, 0.4)]), [(Ja, Some(Ja))]);
    assert_eq!(found(prior(Some(Ja), Some(Ja)), &[(-7.0, 4.0)]), [(En, Some(En))]);
}

#[test]
fn with_japanese_pages_a_few_mumbled_words_are_japanese_and_an_english_call_is_english() {
    let pages = LanguagePrior { interface: Some(Ja), last_call: None };
    // Ten seconds of a Japanese dialogue.
    let mumbled = [(-2.7, 1.44), (-1.5, 0.56), (-1.5, 0.15), (-3.9, 1.49), (-0.7, 0.22)];
    assert!(found(pages, &mumbled).iter().all(|(at_once, now)| (*at_once, now.unwrap_or(Ja)) == (Ja, Ja)));
    // The least English that a meeting in English sounds like.
    let english = [(-2.7, 0.23), (-6.6, 1.56), (-3.7, 0.17), (-3.0, 3.0), (-4.3, 3.85)];
    let languages = found(pages, &english);
    assert!(languages[1..].iter().all(|(at_once, _)| *at_once == En), "{languages:?}");
    assert!(languages.iter().all(|(_, now)| *now == Some(En)), "{languages:?}");
}

#[test]
fn nothing_is_heard_of_a_number_that_is_none_and_odds_have_bounds() {
    assert_eq!(heard(&[(7.0, 4.0), (f64::NAN, 9.0), (f64::NEG_INFINITY, 0.3)]), [(Ja, Some(Ja)); 3]);
}

#[test]
fn hours_of_one_language_do_not_outweigh_a_change() {
    let mut call = vec![(9.0, 10.0); 500];
    call.extend([(-8.0, 5.0); 2]);
    assert_eq!(heard(&call)[500..], [(En, Some(En)); 2]);
}
