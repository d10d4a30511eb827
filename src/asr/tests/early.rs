//! Words that are there sooner, because an utterance is decoded before it is known to be whole.

use super::*;

/// When something was given, in milliseconds, and what part of the call it was.
type Given = Vec<(u64, Span)>;

/// What a track gives early, and whole, that speaks in these stretches, in milliseconds.
fn given(speech: &[(u64, u64)]) -> (Given, Given) {
    let mut chunks = Chunker::new(Track::Me);
    let (mut early, mut whole) = (Vec::new(), Vec::new());
    let end = speech.last().map_or(0, |last| last.1) + 2_000;
    for now_ms in (10..end).step_by(10) {
        let now = SampleTime::from_ms(now_ms);
        // A run is told 120 ms after it began, and over 200 ms after its end.
        let run = speech.iter().find(|(start, end)| (start + 120..end + 200).contains(&now_ms));
        let run = run.map(|(start, end)| Span::new(SampleTime::from_ms(*start), now.min(SampleTime::from_ms(*end))));
        let at = |one: Utterance| (now_ms, one.span);
        whole.extend(chunks.push(&[0; BLOCK_SIZE], run).map(at));
        early.extend(chunks.take_early().map(at));
    }
    (early, whole)
}

#[test]
fn a_pause_that_is_likely_to_be_an_end_gives_what_the_end_would_give() {
    let (early, whole) = given(&[(1_000, 2_000)]);
    assert_eq!(early, [(2_500, Span::from_ms(800, 2_200))]);
    assert_eq!(whole, [(3_100, Span::from_ms(800, 2_200))]);
}

#[test]
fn each_pause_gives_once_and_a_short_one_does_not() {
    let (early, whole) = given(&[(1_000, 2_000), (2_300, 3_000), (3_600, 4_000)]);
    assert_eq!(
        early.iter().map(|one| one.1).collect::<Vec<_>>(),
        [Span::from_ms(800, 3_200), Span::from_ms(800, 4_200)]
    );
    assert_eq!(whole.iter().map(|one| one.1).collect::<Vec<_>>(), [Span::from_ms(800, 4_200)]);
}

#[test]
fn a_longer_utterance_ends_at_a_shorter_pause() {
    let (_, whole) = given(&[(1_000, 4_000), (4_500, 7_500), (8_000, 9_000)]);
    assert_eq!(
        whole.iter().map(|one| one.1).collect::<Vec<_>>(),
        [Span::from_ms(800, 7_700), Span::from_ms(7_800, 9_200)]
    );
    // The words of the first come when the third sentence has just begun.
    assert!(whole[0].0 <= 8_400, "{whole:?}");
}

/// A parrot that counts what it is asked.
struct Counting {
    parrot: Parrot,
    asked: Arc<AtomicUsize>,
}

impl Recognizer for Counting {
    fn transcribe(&mut self, utterance: &Utterance, language: Language) -> Result<RawTranscription, AsrError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.parrot.transcribe(utterance, language)
    }
}

/// A desk whose recogniser has been asked once, at the call's beginning, and how often it was asked. With `leave` it waits for
/// leave each time.
fn desk_that_was_asked(mut leave: Option<Receiver<()>>) -> (ThreadedTranscriber, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let open: RecognizerFactory =
        Box::new(move || Ok(Box::new(Counting { parrot: Parrot { leave: leave.take() }, asked: Arc::clone(&count) })));
    let mut desk = ThreadedTranscriber::start(open, ENGLISH).unwrap();
    assert!(!desk.has_time(), "how fast it is, is not known");
    // The model is loaded before the first utterance comes: only then does its time count.
    wait_until(&mut desk, 0, |desk| desk.status() == TranscriberStatus::Ready);
    desk.submit(spoken(Track::Me, 1, 1));
    (desk, asked)
}

/// The same once the recogniser has answered at once: it has time.
fn desk_with_time() -> (ThreadedTranscriber, Arc<AtomicUsize>) {
    let (mut desk, asked) = desk_that_was_asked(None);
    wait_until(&mut desk, 0, Transcriber::has_time);
    (desk, asked)
}

/// Asks the desk at this moment of the call, until something is so.
#[expect(clippy::disallowed_methods, reason = "a desk that never answers must fail the test, not hang it")]
pub(super) fn wait_until(
    desk: &mut ThreadedTranscriber,
    at_ms: u64,
    is_so: impl Fn(&ThreadedTranscriber) -> bool,
) -> Vec<Heard> {
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    let mut heard = Vec::new();
    while !is_so(desk) {
        assert!(std::time::Instant::now() < until, "it never came to that");
        heard.extend(desk.poll(SampleTime::from_ms(at_ms)));
        std::thread::yield_now();
    }
    heard
}

#[test]
fn what_was_decoded_early_is_not_decoded_again() {
    let (mut desk, asked) = desk_with_time();
    desk.prepare(spoken(Track::Them, 5, 3));
    assert_eq!(desk.backlog(), Samples::ZERO, "nothing waits for what may not be wanted");
    let early = wait_until(&mut desk, 0, Transcriber::has_time);
    assert_eq!(early, [], "nothing comes of it before it is whole");
    desk.submit(spoken(Track::Them, 5, 3));
    assert_eq!(all_of(&mut desk, 1).iter().map(told).collect::<Vec<_>>(), [Ok("At 5 seconds.")]);
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[test]
fn one_that_went_on_is_decoded_as_it_is_and_its_beginning_is_not_kept() {
    let (mut desk, asked) = desk_with_time();
    for (seconds, asked_then) in [(4, 3), (3, 4)] {
        if seconds == 4 {
            desk.prepare(spoken(Track::Them, 5, 3));
            wait_until(&mut desk, 0, Transcriber::has_time);
        }
        desk.submit(spoken(Track::Them, 5, seconds));
        assert_eq!(all_of(&mut desk, 1)[0].span(), Span::from_ms(5_000, 5_000 + 1_000 * seconds));
        assert_eq!(asked.load(Ordering::Relaxed), asked_then);
    }
}

#[test]
fn a_slow_recogniser_decodes_nothing_early() {
    let (give_leave, leave) = channel();
    let (mut desk, asked) = desk_that_was_asked(Some(leave));
    give_leave.send(()).unwrap();
    // A second of speech took it four.
    wait_until(&mut desk, 4_000, |desk| desk.backlog() == Samples::ZERO);
    assert!(!desk.has_time());
    desk.prepare(spoken(Track::Them, 5, 3));
    give_leave.send(()).unwrap();
    desk.submit(spoken(Track::Them, 5, 3));
    assert_eq!(desk.close().len(), 1);
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[test]
fn nothing_is_kept_of_what_goes_off_the_record() {
    for in_hand in [true, false] {
        let (give_leave, leave) = channel();
        let (mut desk, asked) = desk_that_was_asked(Some(leave));
        // For the first, for the early one, and for the same once it is whole.
        give_leave.send(()).unwrap();
        wait_until(&mut desk, 0, Transcriber::has_time);
        desk.prepare(spoken(Track::Them, 5, 3));
        if in_hand {
            desk.discard(Span::from_ms(7_000, 9_000));
        }
        give_leave.send(()).unwrap();
        wait_until(&mut desk, 0, Transcriber::has_time);
        if !in_hand {
            desk.discard(Span::from_ms(7_000, 9_000));
        }
        give_leave.send(()).unwrap();
        desk.submit(spoken(Track::Them, 5, 3));
        assert_eq!(desk.close().len(), 1);
        assert_eq!(asked.load(Ordering::Relaxed), 3, "its words had to be asked for again");
    }
}

#[test]
fn one_that_fails_early_is_missed_by_nobody() {
    let (mut desk, _) = desk_with_time();
    desk.prepare(spoken(Track::Them, 77, 1));
    assert_eq!(wait_until(&mut desk, 0, Transcriber::has_time), []);
    desk.submit(spoken(Track::Them, 80, 1));
    assert_eq!(all_of(&mut desk, 1).iter().map(told).collect::<Vec<_>>(), [Ok("At 80 seconds.")]);
}

/// What no thread survives that has caught it: it panics once more as it is put away.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("its thread ends without a word");
    }
}

/// A parrot that takes its thread along when it fails badly.
struct Explosive(Parrot);

impl Recognizer for Explosive {
    fn transcribe(&mut self, utterance: &Utterance, language: Language) -> Result<RawTranscription, AsrError> {
        if utterance.pcm[0] == PANICS {
            std::panic::panic_any(Bomb);
        }
        self.0.transcribe(utterance, language)
    }
}

#[test]
fn one_in_hand_early_is_missed_by_nobody_though_its_thread_vanishes() {
    let open: RecognizerFactory = Box::new(|| Ok(Box::new(Explosive(Parrot { leave: None }))));
    let mut desk = ThreadedTranscriber::start(open, ENGLISH).unwrap();
    wait_until(&mut desk, 0, |desk| desk.status() == TranscriberStatus::Ready);
    desk.submit(spoken(Track::Me, 1, 1));
    wait_until(&mut desk, 0, Transcriber::has_time);
    desk.prepare(spoken(Track::Them, 77, 1));
    let mut heard = wait_until(&mut desk, 0, |desk| matches!(desk.status(), TranscriberStatus::Broken(_)));
    assert_eq!(desk.status(), TranscriberStatus::Broken("the recogniser's thread has ended".to_owned()));
    assert_eq!(desk.backlog(), Samples::ZERO);
    // Whole, it comes, and is missed once.
    desk.submit(spoken(Track::Them, 77, 1));
    heard.extend(desk.close());
    assert_eq!(heard.iter().map(told).collect::<Vec<_>>(), [Err(Missed::Failed)]);
}
