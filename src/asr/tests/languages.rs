use std::sync::Mutex;

use super::*;
use Language::{En, Ja};
use early::wait_until;

/// What a [`Bilingual`] was asked to decode: when it was said, in seconds, and in which language.
type Decoded = Arc<Mutex<Vec<(u64, Language)>>>;

/// A recogniser that has words in either language. Samples are odds for Japanese, in tenths.
struct Bilingual {
    decoded: Decoded,
    /// How a call's opening sounds.
    opening: Option<LanguageOdds>,
}

impl Recognizer for Bilingual {
    fn transcribe(&mut self, utterance: &Utterance, language: Language) -> Result<RawTranscription, AsrError> {
        let second = utterance.span.start.as_ms() / 1000;
        self.decoded.lock().unwrap().push((second, language));
        let words = language.pick(format!("{second}秒です。"), format!("At {second}."));
        Ok(RawTranscription {
            words,
            language,
            mean_log_prob: None,
            odds: Some(LanguageOdds(f64::from(utterance.pcm[0]) / 10.0)),
        })
    }

    fn language_odds(&mut self, _: &[i16]) -> Result<Option<LanguageOdds>, AsrError> {
        Ok(self.opening)
    }
}

/// An utterance that sounds like this much Japanese.
fn sounding(track: Track, at_s: u64, seconds: u64, odds: f64) -> Utterance {
    let mut utterance = spoken(track, at_s, seconds);
    utterance.pcm.fill((odds * 10.0) as i16);
    utterance
}

/// A call of which nothing is known before.
const FOUND: CallLanguage = CallLanguage::Found(LanguagePrior { interface: None, last_call: None });

/// Words, or why there are none, by the second in which they were said; in the order in which they come.
type Given = Vec<(u64, String)>;

/// What each transcriber gives of a call, and what was decoded for it.
fn call(language: CallLanguage, utterances: &[Utterance]) -> [(Given, Vec<(u64, Language)>); 2] {
    call_with_opening(None, language, utterances)
}

/// The same of a call whose opening sounds like this.
fn call_with_opening(
    opening: Option<LanguageOdds>,
    language: CallLanguage,
    utterances: &[Utterance],
) -> [(Given, Vec<(u64, Language)>); 2] {
    let open = |decoded: &Decoded| -> RecognizerFactory {
        let decoded = Arc::clone(decoded);
        Box::new(move || Ok(Box::new(Bilingual { decoded: Arc::clone(&decoded), opening })))
    };
    let (one, other) = (Decoded::default(), Decoded::default());
    let mut threaded = ThreadedTranscriber::start(open(&one), language).unwrap();
    let mut inline = InlineTranscriber::new(open(&other), language).unwrap();
    let given = |heard: Vec<Heard>| {
        let text = |heard: &Heard| told(heard).map_or_else(|why| format!("{why:?}"), str::to_owned);
        heard.iter().map(|heard| (heard.span().start.as_ms() / 1000, text(heard))).collect::<Vec<_>>()
    };
    let [mut from_thread, mut from_inline] = [Vec::new(), Vec::new()];
    for utterance in utterances {
        threaded.submit(utterance.clone());
        from_thread.extend(all_of(&mut threaded, 1));
        inline.submit(utterance.clone());
        from_inline.extend(std::iter::from_fn(|| inline.poll(utterance.span.end + Samples::from_secs(1))));
    }
    from_thread.extend(threaded.close());
    from_inline.extend(inline.close());
    let decoded = |decoded: Decoded| decoded.lock().unwrap().clone();
    [(given(from_thread), decoded(one)), (given(from_inline), decoded(other))]
}

/// What is left of a call's text: later words of an utterance replace earlier ones.
fn left(given: &[(u64, String)]) -> Vec<String> {
    let last: std::collections::BTreeMap<u64, String> = given.iter().cloned().collect();
    last.into_values().collect()
}

#[test]
fn what_was_decoded_in_the_wrong_language_is_decoded_again() {
    let utterances = [
        sounding(Track::Me, 0, 1, -2.9),
        sounding(Track::Them, 2, 1, -2.5),
        sounding(Track::Me, 4, 5, 8.0),
        sounding(Track::Them, 10, 3, 6.0),
    ];
    for (given, decoded) in call(FOUND, &utterances) {
        assert_eq!(given[..2], [(0, "At 0.".to_owned()), (2, "At 2.".to_owned())]);
        assert_eq!(left(&given), ["0秒です。", "2秒です。", "4秒です。", "10秒です。"]);
        assert_eq!(given.len(), 6, "{given:?}");
        // How the third sounds is known only once it was decoded.
        assert_eq!(decoded.iter().filter(|(at, _)| *at == 4).count(), 2);
        assert_eq!(decoded.iter().filter(|(at, _)| *at == 10).count(), 1);
    }
}

#[test]
fn a_greeting_and_a_sentence_in_the_other_language_keep_theirs() {
    let utterances = [
        sounding(Track::Them, 0, 3, -8.0),
        sounding(Track::Me, 4, 3, -7.0),
        sounding(Track::Me, 8, 5, 8.0),
        sounding(Track::Them, 14, 5, 8.0),
        sounding(Track::Me, 20, 5, -9.0),
        sounding(Track::Them, 26, 5, 8.0),
    ];
    for (given, _) in call(FOUND, &utterances) {
        assert_eq!(left(&given), ["At 0.", "At 4.", "8秒です。", "14秒です。", "At 20.", "26秒です。"]);
        assert_eq!(given.len(), 6, "none is decoded again");
    }
}

#[test]
fn words_too_short_to_tell_are_in_the_language_of_the_opening() {
    // As real ones: each sounds somewhat like English, and all together like Japanese.
    let utterances: Vec<_> = (0..4).map(|at| sounding(Track::BOTH[at as usize % 2], 2 * at, 1, -3.0)).collect();
    for (given, _) in call(FOUND, &utterances) {
        assert_eq!(left(&given), ["At 0.", "At 2.", "At 4.", "At 6."], "without hearing the opening");
    }
    for (given, _) in call_with_opening(Some(LanguageOdds(2.0)), FOUND, &utterances) {
        assert_eq!(left(&given), ["0秒です。", "2秒です。", "4秒です。", "6秒です。"]);
    }
}

#[test]
fn what_was_decoded_early_in_the_wrong_language_is_decoded_in_the_right_one() {
    let decoded = Decoded::default();
    let heard = Arc::clone(&decoded);
    let open: RecognizerFactory =
        Box::new(move || Ok(Box::new(Bilingual { decoded: Arc::clone(&heard), opening: Some(LanguageOdds(2.0)) })));
    let mut desk = ThreadedTranscriber::start(open, FOUND).unwrap();
    wait_until(&mut desk, 0, |desk| desk.status() == TranscriberStatus::Ready);
    desk.submit(sounding(Track::Me, 0, 1, -3.0));
    wait_until(&mut desk, 0, Transcriber::has_time);
    desk.prepare(sounding(Track::Them, 2, 3, -3.0));
    wait_until(&mut desk, 0, Transcriber::has_time);
    // With it there is enough of the opening to tell.
    desk.submit(sounding(Track::Them, 2, 3, -3.0));
    let given = desk.close();
    assert!(given.iter().any(|heard| told(heard) == Ok("2秒です。")), "{given:?}");
    let decoded = decoded.lock().unwrap();
    assert_eq!(decoded[..3], [(0, En), (2, En), (2, Ja)]);
}

#[test]
fn a_language_that_is_named_is_never_left() {
    let utterances = [sounding(Track::Me, 0, 5, -9.0), sounding(Track::Them, 6, 5, -9.0)];
    for (_, decoded) in call(CallLanguage::Named(Ja), &utterances) {
        assert_eq!(decoded, [(0, Ja), (6, Ja)]);
    }
}

#[test]
fn the_last_call_tells_what_is_decoded_first() {
    let last_call = |language| CallLanguage::Found(LanguagePrior { interface: None, last_call: Some(language) });
    for language in [En, Ja] {
        for (_, decoded) in call(last_call(language), &[sounding(Track::Me, 0, 1, -1.5)]) {
            assert_eq!(decoded, [(0, language)]);
        }
    }
}

#[test]
fn text_in_the_wrong_language_whose_sound_is_gone_counts_as_missed() {
    // Seven minutes that could be either, and then it is clear.
    let mut utterances: Vec<_> = (0..7).map(|at| sounding(Track::Me, at * 30, 25, -2.5)).collect();
    utterances.extend((7..9).map(|at| sounding(Track::Them, at * 30, 25, 8.0)));
    for (given, _) in call(FOUND, &utterances) {
        let left = left(&given);
        assert_eq!(left[7..], ["210秒です。", "240秒です。"]);
        assert!(left.iter().all(|text| !text.starts_with("At")), "{left:?}");
        assert_eq!(left.iter().filter(|text| *text == "Failed").count(), 4, "of 120 s the sound is kept: {left:?}");
    }
}

#[test]
fn sound_that_nobody_wants_any_more_is_not_kept_to_be_decoded_again() {
    let decoded = Decoded::default();
    let open = || -> RecognizerFactory {
        let decoded = Arc::clone(&decoded);
        Box::new(move || Ok(Box::new(Bilingual { decoded: Arc::clone(&decoded), opening: None })))
    };
    let mut threaded = ThreadedTranscriber::start(open(), FOUND).unwrap();
    let mut inline = InlineTranscriber::new(open(), FOUND).unwrap();
    for desk in [&mut threaded as &mut dyn Transcriber, &mut inline] {
        desk.submit(sounding(Track::Me, 1, 1, -2.9));
        assert_eq!(all_of(desk, 1).len(), 1);
        desk.discard(Span::from_ms(0, 2_000));
        desk.submit(sounding(Track::Me, 4, 5, 8.0));
        desk.close();
    }
    let again = decoded.lock().unwrap().iter().filter(|(at, language)| *at == 1 && *language == Ja).count();
    assert_eq!(again, 0);
}
