use super::*;
use crate::asr::{
    AsrError, CallLanguage, InlineTranscriber, RawTranscription, Recognizer, RecognizerFactory, Transcriber as _,
};
use crate::audio::Track;
use crate::language;
use crate::time::Span;
use Language::{En, Ja};

/// Whether these words are doubtful for an utterance of so much speech.
fn doubtful(words: &str, language: Language, mean_log_prob: Option<f64>, speech_ms: u64) -> bool {
    let reading = language::analyze(words, language);
    is_doubtful(&reading, words, language, mean_log_prob.map(MeanLogProb), &utterance(speech_ms))
}

fn utterance(speech_ms: u64) -> Utterance {
    let span = Span::from_ms(0, speech_ms);
    Utterance { track: Track::Me, span, runs: vec![span], pcm: vec![0; span.len().count() as usize] }
}

#[test]
fn words_of_which_the_recogniser_was_unsure_are_doubtful() {
    for (words, language, mean_log_prob, speech_ms) in [
        ("The ear, the normal comment.", En, -0.67, 1_490),
        ("いや、いや、いや、農村がある。", Ja, -1.31, 1_490),
        ("I'm", En, -1.06, 480),
        ("いあ。", Ja, -0.91, 410),
    ] {
        assert!(doubtful(words, language, Some(mean_log_prob), speech_ms), "{words}");
        assert!(!doubtful(words, language, Some(-0.3), speech_ms), "{words}");
        assert!(!doubtful(words, language, None, speech_ms), "a recogniser that gives no number: {words}");
    }
}

#[test]
fn signs_of_listening_are_taken_however_unsure() {
    for (words, language) in [("ええ。", Ja), ("うん。", Ja), ("Mm-hmm.", En), ("Yeah, yeah.", En)] {
        assert!(!doubtful(words, language, Some(-1.4), 750), "{words}");
    }
}

#[test]
fn a_word_or_two_for_much_speech_is_doubtful_but_what_is_drawn() {
    assert!(doubtful("And die.", En, Some(-0.2), 1_120));
    assert!(doubtful("資料を。", Ja, Some(-0.2), 2_000));
    assert!(!doubtful("And then I left.", En, Some(-0.2), 1_120));
    assert!(!doubtful("And die.", En, Some(-0.2), 800));
    assert!(!doubtful("うーん。", Ja, Some(-0.2), 2_000));
    assert!(!doubtful("Um.", En, Some(-0.2), 1_500));
}

/// A recogniser that asks something, and is this sure of it.
struct Asking(Option<MeanLogProb>);

impl Recognizer for Asking {
    fn transcribe(&mut self, _: &Utterance, language: Language) -> Result<RawTranscription, AsrError> {
        Ok(RawTranscription { words: "Um, what do you think?".to_owned(), language, mean_log_prob: self.0, odds: None })
    }
}

#[test]
fn doubtful_words_come_back_marked() {
    for (mean_log_prob, expected) in [(-0.1, false), (-2.0, true)] {
        let open: RecognizerFactory = Box::new(move || Ok(Box::new(Asking(Some(MeanLogProb(mean_log_prob))))));
        let mut transcriber = InlineTranscriber::new(open, CallLanguage::Named(En)).unwrap();
        transcriber.submit(utterance(1_500));
        let heard = transcriber.close();
        assert_eq!(heard[0].understood().map(|said| said.text.as_str()), Some("Um, what do you think?"));
        assert_eq!((heard[0].trusted().is_none(), !heard[0].is_recognized()), (expected, expected));
    }
}
