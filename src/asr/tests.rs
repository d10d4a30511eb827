use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};

use super::*;
use crate::audio::{BLOCK_DURATION, BLOCK_SIZE, Pcm};
use crate::language;

mod early;
mod languages;

const ENGLISH: CallLanguage = CallLanguage::Named(Language::En);

/// Utterances of a track that speaks in these stretches, in milliseconds. Every sample says which block it is of.
fn utterances(speech: &[(u64, u64)]) -> Vec<Utterance> {
    let mut chunks = Chunker::new(Track::Me);
    let mut found = Vec::new();
    let end = speech.last().map_or(0, |last| last.1) + 1_000;
    for block in 0..end / 10 {
        let now = SampleTime::from_ms(block * 10) + BLOCK_DURATION;
        let run = speech
            .iter()
            .find(|(start, end)| SampleTime::from_ms(*start) < now && now <= SampleTime::from_ms(*end + 200));
        // A run is told 120 ms after it began, and over 200 ms after its end.
        let run = run.filter(|(start, _)| now >= SampleTime::from_ms(start + 120));
        let run = run.map(|(start, end)| Span::new(SampleTime::from_ms(*start), now.min(SampleTime::from_ms(*end))));
        let pcm: Pcm = [(block % 30_000) as i16; BLOCK_SIZE];
        found.extend(chunks.push(&pcm, run));
    }
    found.extend(chunks.finish());
    found
}

fn spans(speech: &[(u64, u64)]) -> Vec<(u64, u64)> {
    utterances(speech).iter().map(|one| (one.span.start.as_ms(), one.span.end.as_ms())).collect()
}

#[test]
fn an_utterance_has_a_margin_and_its_own_sound() {
    let found = utterances(&[(1_000, 2_000)]);
    assert_eq!(found.len(), 1);
    let one = &found[0];
    assert_eq!(one.span, Span::from_ms(800, 2_200));
    assert_eq!(one.pcm.len() as u64, one.span.len().count());
    assert_eq!((one.pcm[0], *one.pcm.last().unwrap()), (80, 219));
}

#[test]
fn short_pauses_join_and_long_ones_part() {
    assert_eq!(spans(&[(1_000, 2_000), (2_600, 3_000)]), [(800, 3_200)]);
    assert_eq!(spans(&[(1_000, 2_000), (2_800, 3_000)]), [(800, 2_200), (2_600, 3_200)]);
}

#[test]
fn a_long_one_is_cut_at_its_deepest_pause() {
    let found = spans(&[(0, 5_000), (5_300, 9_000), (9_600, 11_000), (11_250, 16_000)]);
    assert_eq!(found, [(0, 9_200), (9_400, 16_200)]);
}

#[test]
fn one_without_a_pause_is_cut_at_25_seconds() {
    let found = spans(&[(0, 60_000)]);
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|(start, end)| end - start <= 25_400), "{found:?}");
    assert_eq!(found.last().unwrap().1, 60_200);
}

#[test]
fn the_call_without_text_says_nothing() {
    let mut desk = NoText::default();
    utterances(&[(0, 1_000)]).into_iter().for_each(|one| desk.submit(one));
    assert_eq!(desk.poll(SampleTime::from_ms(60_000)), None);
}

/// An utterance of a track that says which second of the call it is.
fn spoken(track: Track, at_s: u64, seconds: u64) -> Utterance {
    let span = Span::from_ms(at_s * 1000, (at_s + seconds) * 1000);
    Utterance { track, span, runs: vec![span], pcm: vec![at_s as i16; span.len().count() as usize] }
}

/// A recogniser that says when it hears something, fails and panics on demand, and waits for leave where a test wants.
struct Parrot {
    leave: Option<Receiver<()>>,
}

const FAILS: i16 = 66;
const PANICS: i16 = 77;

impl Recognizer for Parrot {
    fn transcribe(&mut self, utterance: &Utterance, _: Language) -> Result<RawTranscription, AsrError> {
        if let Some(leave) = &self.leave {
            leave.recv().map_err(|gone| AsrError::Decode(gone.to_string()))?;
        }
        match utterance.pcm[0] {
            FAILS => Err(AsrError::Decode("it fails".to_owned())),
            PANICS => panic!("it panics"),
            second => Ok(RawTranscription {
                words: format!(" At {second} seconds."),
                language: Language::En,
                mean_log_prob: None,
                odds: None,
            }),
        }
    }
}

fn parrot() -> RecognizerFactory {
    Box::new(|| Ok(Box::new(Parrot { leave: None })))
}

/// What the parrot said, or why nothing.
fn told(heard: &Heard) -> Result<&str, Missed> {
    heard.transcription.as_ref().map(|said| said.as_ref().map_or("", |said| said.text.as_str())).map_err(|why| *why)
}

/// Asks the desk until everything came back.
#[expect(clippy::disallowed_methods, reason = "a desk that never answers must fail the test, not hang it")]
fn all_of(desk: &mut dyn Transcriber, count: usize) -> Vec<Heard> {
    let mut heard = Vec::new();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while heard.len() < count {
        assert!(std::time::Instant::now() < until, "{} of {count} came back", heard.len());
        heard.extend(desk.poll(SampleTime::from_ms(3_600_000)));
        std::thread::yield_now();
    }
    heard
}

#[test]
fn both_desks_give_back_every_utterance_once_and_the_same() {
    let all =
        [spoken(Track::Me, 1, 2), spoken(Track::Them, 2, 3), spoken(Track::Me, 66, 1), spoken(Track::Them, 70, 1)];
    let mut threaded = ThreadedTranscriber::start(parrot(), ENGLISH).unwrap();
    let mut inline = InlineTranscriber::new(parrot(), ENGLISH).unwrap();
    for one in &all {
        threaded.submit(one.clone());
        inline.submit(one.clone());
    }
    let (mut behind, mut at_once) = (all_of(&mut threaded, all.len()), all_of(&mut inline, all.len()));
    behind.sort_by_key(|one| one.span().start);
    at_once.sort_by_key(|one| one.span().start);
    assert_eq!(behind, at_once);
    let said: Vec<_> = behind.iter().map(told).collect();
    assert_eq!(said, [Ok("At 1 seconds."), Ok("At 2 seconds."), Err(Missed::Failed), Ok("At 70 seconds.")]);
    assert_eq!(threaded.status(), TranscriberStatus::Ready);
    assert_eq!(threaded.backlog(), Samples::ZERO);
}

#[test]
fn inline_text_arrives_a_second_after_its_utterance() {
    let mut desk = InlineTranscriber::new(parrot(), ENGLISH).unwrap();
    desk.submit(spoken(Track::Me, 1, 3));
    desk.submit(spoken(Track::Them, 1, 2));
    assert_eq!(desk.poll(SampleTime::from_ms(3_990)), None);
    assert_eq!(desk.poll(SampleTime::from_ms(4_000)).map(|heard| heard.track), Some(Track::Them));
    assert_eq!(desk.poll(SampleTime::from_ms(4_990)), None);
    assert_eq!(desk.close().len(), 1);
}

#[test]
fn a_recogniser_that_panics_is_started_again() {
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let open: RecognizerFactory = Box::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(Parrot { leave: None }))
    });
    let mut desk = ThreadedTranscriber::start(open, ENGLISH).unwrap();
    desk.submit(spoken(Track::Me, 77, 1));
    desk.submit(spoken(Track::Me, 80, 1));
    let heard = all_of(&mut desk, 2);
    assert_eq!(heard.iter().map(told).collect::<Vec<_>>(), [Err(Missed::Failed), Ok("At 80 seconds.")]);
    assert_eq!(opened.load(Ordering::Relaxed), 2);
}

/// A recogniser that fails once more while it is taken apart.
struct Stubborn(Parrot);

impl Recognizer for Stubborn {
    fn transcribe(&mut self, utterance: &Utterance, language: Language) -> Result<RawTranscription, AsrError> {
        self.0.transcribe(utterance, language)
    }
}

impl Drop for Stubborn {
    fn drop(&mut self) {
        assert!(std::thread::current().name() != Some("asr"), "it panics");
    }
}

/// A factory whose second recogniser cannot be had.
fn only_one(second: fn() -> Result<Box<dyn Recognizer>, AsrError>) -> RecognizerFactory {
    let mut opened = false;
    Box::new(move || match std::mem::replace(&mut opened, true) {
        false => Ok(Box::new(Parrot { leave: None })),
        true => second(),
    })
}

#[test]
fn a_recogniser_that_cannot_be_started_again_is_told_and_the_call_goes_on() {
    let gone = only_one(|| Err(AsrError::Load("take another".to_owned())));
    let panics = only_one(|| panic!("it panics"));
    for (open, why) in [(gone, "take another"), (panics, "failed again")] {
        let mut desk = ThreadedTranscriber::start(open, ENGLISH).unwrap();
        [1, 77, 80].into_iter().for_each(|at| desk.submit(spoken(Track::Me, at, 1)));
        let heard = all_of(&mut desk, 3);
        let failed = Err(Missed::Failed);
        assert_eq!(
            heard.iter().map(told).collect::<Vec<_>>(),
            [Ok("At 1 seconds."), failed, failed],
            "each comes back"
        );
        let TranscriberStatus::Broken(said) = desk.status() else { panic!("{why}: nobody is told") };
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn a_recogniser_that_fails_once_more_as_it_is_taken_apart_is_started_again() {
    let mut desk =
        ThreadedTranscriber::start(Box::new(|| Ok(Box::new(Stubborn(Parrot { leave: None })))), ENGLISH).unwrap();
    [77, 80].into_iter().for_each(|at| desk.submit(spoken(Track::Me, at, 1)));
    assert_eq!(all_of(&mut desk, 2).iter().map(told).collect::<Vec<_>>(), [Err(Missed::Failed), Ok("At 80 seconds.")]);
    assert_eq!(desk.status(), TranscriberStatus::Ready);
}

#[test]
fn words_that_cannot_be_read_cost_their_utterance_alone() {
    let mut desk = ThreadedTranscriber::start(parrot(), ENGLISH).unwrap();
    // Whatever is summed up of it overflows.
    let endless = Span::new(SampleTime::ZERO, SampleTime::new(u64::MAX));
    desk.submit(Utterance { runs: vec![endless; 2], ..spoken(Track::Me, 70, 1) });
    desk.submit(spoken(Track::Me, 80, 1));
    let heard = all_of(&mut desk, 2);
    assert_eq!(heard.iter().map(told).collect::<Vec<_>>(), [Err(Missed::Failed), Ok("At 80 seconds.")]);
    assert_eq!(desk.status(), TranscriberStatus::Ready);
}

#[test]
fn a_full_desk_gives_the_oldest_back_and_never_waits() {
    let (give_leave, leave) = channel();
    let mut leave = Some(leave);
    let mut desk =
        ThreadedTranscriber::start(Box::new(move || Ok(Box::new(Parrot { leave: leave.take() }))), ENGLISH).unwrap();
    for at in (0..200).step_by(20) {
        desk.submit(spoken(Track::Me, at, 20));
        // What it has in hand comes on top.
        assert!(desk.backlog() <= Samples::from_secs(120 + 20));
    }
    let mut gone = Vec::new();
    gone.extend(std::iter::from_fn(|| desk.poll(SampleTime::ZERO)));
    assert!(!gone.is_empty() && gone.iter().all(|one| told(one) == Err(Missed::Behind)), "{gone:?}");
    (0..10).for_each(|_| give_leave.send(()).unwrap());
    let rest = desk.close();
    assert_eq!(gone.len() + rest.len(), 10);
    assert!(rest.iter().all(|one| told(one).is_ok()));
    assert!(
        gone.iter().chain(&rest).any(|one| one.span().start == SampleTime::from_ms(180_000)),
        "the newest is heard"
    );
}

#[test]
fn a_recogniser_at_a_third_of_the_pace_leaves_little_waiting_and_says_what_it_missed() {
    let (give_leave, leave) = channel();
    let mut leave = Some(leave);
    let mut desk =
        ThreadedTranscriber::start(Box::new(move || Ok(Box::new(Parrot { leave: leave.take() }))), ENGLISH).unwrap();
    let understood = |heard: &[Heard]| heard.iter().filter(|one| told(one).is_ok()).count();
    let (mut handed_over, mut heard) = (0, Vec::new());
    for second in (0..600).step_by(2) {
        if second % 4 == 0 {
            desk.submit(spoken(if second % 8 == 0 { Track::Me } else { Track::Them }, second, 3));
            handed_over += 1;
        }
        // Of 3 s it takes 10.
        if second % 10 == 0 {
            give_leave.send(()).unwrap();
            let before = understood(&heard);
            while understood(&heard) == before {
                heard.extend(all_of(&mut desk, 1));
            }
        }
        assert!(desk.backlog() <= Samples::from_secs(33), "{} ms at {second} s", desk.backlog().as_ms());
    }
    (0..20).for_each(|_| give_leave.send(()).unwrap());
    heard.extend(desk.close());
    assert_eq!(heard.len(), handed_over, "each comes back once");
    assert!(heard.iter().all(|one| matches!(told(one), Ok(_) | Err(Missed::Behind))));
    let understood = understood(&heard);
    assert!((60..=72).contains(&understood), "{understood} of {handed_over}");
}

#[test]
fn what_is_not_wanted_any_more_is_dropped_while_it_waits() {
    let (give_leave, leave) = channel();
    let mut leave = Some(leave);
    let mut threaded =
        ThreadedTranscriber::start(Box::new(move || Ok(Box::new(Parrot { leave: leave.take() }))), ENGLISH).unwrap();
    let mut inline = InlineTranscriber::new(parrot(), ENGLISH).unwrap();
    for desk in [&mut threaded as &mut dyn Transcriber, &mut inline] {
        [10, 20, 30].into_iter().for_each(|at| desk.submit(spoken(Track::Me, at, 5)));
        desk.discard(Span::from_ms(24_000, 40_000));
    }
    (0..3).for_each(|_| give_leave.send(()).unwrap());
    for heard in [threaded.close(), inline.close()] {
        assert_eq!(heard.iter().map(told).collect::<Vec<_>>(), [Ok("At 10 seconds.")]);
    }
}

#[test]
fn a_recogniser_that_cannot_be_loaded_says_why_and_the_call_goes_on() {
    let refused = || -> RecognizerFactory { Box::new(|| Err(AsrError::Load("take another".to_owned()))) };
    let mut desk = ThreadedTranscriber::start(refused(), ENGLISH).unwrap();
    desk.submit(spoken(Track::Me, 1, 1));
    assert_eq!(told(&all_of(&mut desk, 1)[0]), Err(Missed::Failed));
    assert_eq!(desk.status(), TranscriberStatus::Broken("take another".to_owned()));
    desk.submit(spoken(Track::Me, 5, 1));
    assert_eq!(all_of(&mut desk, 1).len(), 1);
    assert!(InlineTranscriber::new(refused(), ENGLISH).is_err());
}

#[test]
fn places_in_a_text_are_moments_of_speech() {
    let runs = vec![Span::from_ms(1_000, 2_000), Span::from_ms(4_000, 5_000)];
    let heard = Heard { track: Track::Me, runs, transcription: Ok(None) };
    let at = |place| heard.time_at(place).as_ms();
    assert_eq!(
        [at(-1.0), at(0.25), at(0.5), at(0.75), at(1.0), at(f64::NAN)],
        [1_000, 1_500, 2_000, 4_500, 5_000, 1_000]
    );
    assert_eq!((heard.speech(), heard.span()), (Samples::from_secs(2), Span::from_ms(1_000, 5_000)));
}

/// What passes of these words for an utterance of so much speech.
fn passes(words: &str, language: Language, speech_ms: u64) -> Result<Option<String>, Missed> {
    let span = Span::from_ms(0, speech_ms);
    let utterance = Utterance { track: Track::Me, span, runs: vec![span], pcm: vec![0; span.len().count() as usize] };
    hallucination_filter::filter(
        RawTranscription { words: words.to_owned(), language, mean_log_prob: None, odds: None },
        &utterance,
    )
}

#[test]
fn what_cannot_have_been_said_is_missed() {
    let said = |words: &str| Ok(Some(words.to_owned()));
    assert_eq!(passes(" そうですね。 ", Language::Ja, 1_000), said("そうですね。"));
    assert_eq!(passes(&"ありがとう、".repeat(20), Language::Ja, 20_000), Err(Missed::Failed), "a loop");
    assert_eq!(passes(&"I think so. ".repeat(12), Language::En, 20_000), Err(Missed::Failed), "a loop");
    let long = "I will talk to the customer tomorrow, so you can leave that with me and go home early.";
    assert_eq!(passes(long, Language::En, 6_000), said(long));
    assert_eq!(passes(long, Language::En, 1_000), Err(Missed::Failed), "faster than anyone speaks");
}

#[test]
fn speech_without_words_is_missed_and_a_cough_is_nothing() {
    for (words, language) in
        [("ご視聴ありがとうございました", Language::Ja), ("Thanks for watching!", Language::En), ("", Language::En)]
    {
        assert_eq!(passes(words, language, 3_000), Err(Missed::Failed), "{words}");
        assert_eq!(passes(words, language, 400), Ok(None), "{words}");
    }
}

#[test]
fn a_short_phrase_passes_as_often_as_it_can_be_said() {
    for (words, language, speech_ms) in [
        ("はいはいはい、うんうん", Language::Ja, 2_000),
        ("はいはいはい", Language::Ja, 600),
        ("No, no, no.", Language::En, 600),
        ("はああああああ", Language::Ja, 500),
        ("Uh-huh. Yep. Uh-huh. Yep.", Language::En, 1_200),
        ("Okay. Okay.", Language::En, 630),
        ("I don't know, I don't know, I don't know.", Language::En, 1_800),
        ("ちょっと待って、ちょっと待って、ちょっと待って。", Language::Ja, 2_400),
        ("I had had enough, and that is that, that is it.", Language::En, 2_000),
        ("I sure talk once a week about where RER would help me a lot.", Language::En, 2_270),
    ] {
        assert_eq!(passes(words, language, speech_ms), Ok(Some(words.to_owned())));
    }
    for (words, language, speech_ms) in [
        (&*"Uh-huh, yep. ".repeat(8), Language::En, 1_500),
        ("Right, okay, okay, okay, okay, okay.", Language::En, 1_100),
        ("なるほどなるほどなるほど", Language::Ja, 850),
    ] {
        assert_eq!(passes(words, language, speech_ms), Err(Missed::Failed), "{words}");
    }
}

#[test]
fn a_sentence_does_not_pass_three_times_running_however_long_it_took() {
    for (words, language) in [
        ("来週までに資料を送ります。来週までに資料を送ります。来週までに資料を送ります。", Language::Ja),
        ("So, we could ask the other team, we could ask the other team, we could ask the other team.", Language::En),
    ] {
        assert_eq!(passes(words, language, 9_000), Err(Missed::Failed), "{words}");
    }
}

#[test]
fn the_one_phrase_of_an_utterance_that_loops_was_said_once_if_it_fills_it() {
    for (words, language, speech_ms, said) in [
        ("うん。うん。うん。うん。うん。うん", Language::Ja, 420, "うん。"),
        ("はい、はい、はい、はい、はい", Language::Ja, 400, "はい"),
        ("Okay. Okay. Okay. Okay. Okay. Ok", Language::En, 630, "Okay."),
        ("Uh-huh, yep. Uh-huh, yep. Uh-huh, yep. Uh-huh,", Language::En, 700, "Uh-huh, yep."),
        ("Uh-huh. Yep. Uh-huh. Yep.", Language::En, 630, "Uh-huh. Yep."),
        ("Okay. So. Okay. So. Okay. So. Okay. So.", Language::En, 600, "Okay. So."),
        ("うん、そう、うん、そう、うん、そ", Language::Ja, 500, "うん、そう"),
        ("Oh, really? Oh, really? Oh, really? Oh, really?", Language::En, 600, "Oh, really?"),
        (
            &*"Nobody has called me back since then. ".repeat(5),
            Language::En,
            2_200,
            "Nobody has called me back since then.",
        ),
        (&*"先週の会議で決まりました。".repeat(6), Language::Ja, 2_000, "先週の会議で決まりました。"),
    ] {
        assert_eq!(passes(words, language, speech_ms), Ok(Some(said.to_owned())), "{words}");
    }
    for (words, language, speech_ms) in [
        (&*"うん。".repeat(20), Language::Ja, 1_200),
        (&*"Nobody has called me back since then. ".repeat(5), Language::En, 6_000),
        (&*"なるほど。".repeat(9), Language::Ja, 200),
        ("うんがんがんがんがんがんがん", Language::Ja, 700),
    ] {
        assert_eq!(passes(words, language, speech_ms), Err(Missed::Failed), "{words}");
    }
}

/// A recogniser that loops over sound longer than this many samples, and over all that holds a [`FAILS`].
struct Looping {
    longest: usize,
}

impl Recognizer for Looping {
    fn transcribe(&mut self, utterance: &Utterance, _: Language) -> Result<RawTranscription, AsrError> {
        let loops = utterance.pcm.len() > self.longest || utterance.pcm.contains(&FAILS);
        let words = if loops {
            "And then, ".to_owned() + &"I know you guys handle a lot, ".repeat(5)
        } else {
            format!("From {} ms.", utterance.span.start.as_ms())
        };
        Ok(RawTranscription { words, language: Language::En, mean_log_prob: None, odds: None })
    }
}

/// Both transcribers' answers to an utterance, which are the same, as their spans in milliseconds and words.
fn parts_of(utterance: &Utterance, longest: usize) -> Vec<(u64, u64, Result<String, Missed>)> {
    let open = || -> RecognizerFactory { Box::new(move || Ok(Box::new(Looping { longest }))) };
    let mut threaded = ThreadedTranscriber::start(open(), ENGLISH).unwrap();
    let mut inline = InlineTranscriber::new(open(), ENGLISH).unwrap();
    threaded.submit(utterance.clone());
    inline.submit(utterance.clone());
    let heard = inline.close();
    assert_eq!(threaded.close(), heard);
    heard
        .iter()
        .map(|part| (part.span().start.as_ms(), part.span().end.as_ms(), told(part).map(str::to_owned)))
        .collect()
}

#[test]
fn what_the_filter_blanks_comes_back_as_missed() {
    assert_eq!(parts_of(&spoken(Track::Them, 1, 1), 0), [(1_000, 2_000, Err(Missed::Failed))]);
}

#[test]
fn an_utterance_that_loops_is_tried_again_in_halves_cut_at_their_pause() {
    let mut utterance = spoken(Track::Them, 0, 8);
    utterance.runs = vec![Span::from_ms(200, 3_000), Span::from_ms(3_400, 7_800)];
    let said = |at: u64| Ok(format!("From {at} ms."));
    assert_eq!(parts_of(&utterance, 5 * 16_000), [(200, 3_000, said(0)), (3_400, 7_800, said(3_200))]);
}

#[test]
fn what_loops_in_every_part_is_missed_and_the_rest_is_kept() {
    let mut utterance = spoken(Track::Them, 0, 8);
    utterance.pcm.iter_mut().for_each(|sample| *sample = 1_000);
    // No pause: the quietest 100 ms decide.
    utterance.pcm[16_000 * 3..16_000 * 3 + 3_200].fill(1);
    utterance.pcm[16_000 * 7] = FAILS;
    let heard = parts_of(&utterance, 8 * 16_000);
    assert!(heard.len() > 1 && heard.windows(2).all(|pair| pair[0].1 == pair[1].0), "{heard:?}");
    assert_eq!((heard[0].0, heard.last().unwrap().1), (0, 8_000));
    assert_eq!(heard[0].2, Ok("From 0 ms.".to_owned()));
    assert!((3_000..=3_200).contains(&heard[0].1), "{heard:?}");
    let missed: Vec<_> = heard.iter().filter(|part| part.2.is_err()).collect();
    assert!(missed.len() == 1 && missed[0].0 <= 7_000 && missed[0].1 > 7_000, "{heard:?}");
    assert!(missed[0].1 - missed[0].0 < 4_000, "{heard:?}");
}

#[test]
fn without_words_nothing_is_left_of_them() {
    let said = Transcription {
        text: "えーと 針".to_owned(),
        language: Language::Ja,
        reading: language::analyze("えーと 針", Language::Ja),
        written: false,
        doubtful: false,
    };
    assert!(!said.reading.fillers.is_empty());
    let heard = Heard { track: Track::Me, runs: vec![Span::from_ms(0, 900)], transcription: Ok(Some(said)) };
    let told = format!("{:?}", heard.without_words());
    assert!(!told.contains('針') && !told.contains("えー"), "{told}");
}

/// Hears the same words in everything.
struct Saying(&'static str);

impl Recognizer for Saying {
    fn transcribe(&mut self, _: &Utterance, language: Language) -> Result<RawTranscription, AsrError> {
        Ok(RawTranscription { words: self.0.to_owned(), language, odds: None, mean_log_prob: None })
    }
}

#[test]
fn a_first_word_that_a_pause_cuts_off_holds_the_floor() {
    let fillers = |words: &'static str, runs: &[(u64, u64)]| {
        let open: RecognizerFactory = Box::new(move || Ok(Box::new(Saying(words))));
        let mut transcriber = InlineTranscriber::new(open, CallLanguage::Named(Language::En)).unwrap();
        let runs: Vec<Span> = runs.iter().map(|(from, to)| Span::from_ms(*from, *to)).collect();
        let span = Span::new(SampleTime::ZERO, runs.last().unwrap().end);
        let pcm = vec![0; span.len().count() as usize];
        transcriber.submit(Utterance { track: Track::Me, span, runs, pcm });
        let heard = transcriber.close().remove(0);
        let said = heard.trusted().unwrap();
        assert_eq!(said.text, words, "the words stay");
        let ends = |filler: &language::Filler| heard.time_at(filler.end).as_ms();
        said.reading.fillers.iter().map(|filler| (filler.text.clone(), ends(filler))).collect::<Vec<_>>()
    };
    let cut_off = [(0, 160), (420, 1_700)];
    assert_eq!(fillers("And let me think about that.", &cut_off), [("and".to_owned(), 160)]);
    assert_eq!(fillers("And let me think about that.", &[(0, 1_700)]), [], "at one go it only goes on");
    assert_eq!(fillers("And let me think about that.", &[(0, 160), (300, 1_700)]), [], "every word has such a gap");
    assert_eq!(fillers("And let me think about that.", &[(0, 600), (900, 1_700)]), [], "more words than one");
    assert_eq!(fillers("Let me think about that.", &cut_off), []);
}
