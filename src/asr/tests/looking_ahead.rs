//! Decoding what may be over before it is known to be.

use std::sync::Mutex;

use super::*;

/// The seconds at which what was decoded began.
type Decoded = Arc<Mutex<Vec<u64>>>;

/// A parrot that keeps count.
struct Counting(Decoded);

impl Recognizer for Counting {
    fn transcribe(&mut self, utterance: &Utterance, language: Language) -> Result<RawTranscription, AsrError> {
        self.0.lock().unwrap().push(utterance.span.start.as_ms() / 1000);
        Parrot { leave: None }.transcribe(utterance, language)
    }
}

/// A transcriber that is ready, and what it decodes.
fn ready() -> (ThreadedTranscriber, Decoded) {
    let decoded = Decoded::default();
    let open = Arc::clone(&decoded);
    let mut desk =
        ThreadedTranscriber::start(Box::new(move || Ok(Box::new(Counting(Arc::clone(&open))))), ENGLISH).unwrap();
    desk.submit(spoken(Track::Them, 0, 1));
    assert_eq!(all_of(&mut desk, 1).len(), 1);
    decoded.lock().unwrap().clear();
    (desk, decoded)
}

/// What came back, and what was decoded for it.
fn outcome(mut desk: ThreadedTranscriber, decoded: &Decoded) -> (Vec<String>, Vec<u64>) {
    let heard = desk.close();
    (heard.iter().map(|one| told(one).unwrap().to_owned()).collect(), decoded.lock().unwrap().clone())
}

#[test]
fn a_pause_shows_the_utterance_as_it_will_be_once_and_long_before_it_is_over() {
    let mut chunks = Chunker::new(Track::Me);
    let (mut shown, mut given) = (Vec::new(), Vec::new());
    for block in 0..600_u64 {
        let now = SampleTime::from_ms(block * 10) + BLOCK_DURATION;
        // Speech from 1 to 2 s and from 2.5 to 3 s; a run is told over 200 ms after its end.
        let mut runs = [(1_000, 2_000), (2_500, 3_000)].map(|(start, end)| Span::from_ms(start, end)).into_iter();
        let run = runs.rfind(|run| run.start < now && now <= run.end + Samples::from_ms(200));
        let run = run.map(|run| Span::new(run.start, now.min(run.end)));
        given.extend(chunks.push(&[block as i16; BLOCK_SIZE], run).map(|one| (now.as_ms(), one)));
        shown.extend(chunks.look_ahead().map(|one| (now.as_ms(), one)));
    }
    assert_eq!(shown.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [2_210, 3_210]);
    assert_eq!(given.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [4_100]);
    assert_eq!(shown[1].1, given[0].1);
}

#[test]
fn what_was_decoded_ahead_is_not_decoded_again() {
    let (mut desk, decoded) = ready();
    desk.look_ahead(&spoken(Track::Me, 5, 1));
    assert_eq!(desk.backlog(), Samples::ZERO, "nothing was handed over yet");
    desk.submit(spoken(Track::Me, 5, 1));
    assert_eq!(outcome(desk, &decoded), (vec!["At 5 seconds.".to_owned()], vec![5]));
}

#[test]
fn what_goes_on_is_decoded_whole_and_nothing_comes_of_its_part() {
    let (mut desk, decoded) = ready();
    desk.look_ahead(&spoken(Track::Me, 5, 1));
    desk.submit(spoken(Track::Me, 5, 4));
    let (heard, times) = outcome(desk, &decoded);
    assert_eq!((heard.len(), times), (1, vec![5, 5]));
}

#[test]
fn what_was_handed_over_does_not_wait_for_what_may_be_thrown_away() {
    let (mut desk, decoded) = ready();
    desk.submit(spoken(Track::Them, 4, 2));
    desk.look_ahead(&spoken(Track::Me, 5, 1));
    desk.submit(spoken(Track::Me, 9, 1));
    let (heard, times) = outcome(desk, &decoded);
    assert_eq!((heard.len(), times), (2, vec![4, 9]));
}

#[test]
fn what_is_off_the_record_is_not_kept_for_later() {
    let (mut desk, decoded) = ready();
    desk.look_ahead(&spoken(Track::Me, 5, 1));
    desk.discard(Span::from_ms(5_000, 5_500));
    desk.submit(spoken(Track::Me, 5, 1));
    assert_eq!(outcome(desk, &decoded).1, [5, 5], "it is decoded anew");
}

#[test]
fn a_recogniser_that_panics_ahead_is_asked_again() {
    let (mut desk, decoded) = ready();
    desk.look_ahead(&spoken(Track::Me, PANICS as u64, 1));
    desk.submit(spoken(Track::Me, PANICS as u64, 1));
    let heard = desk.close();
    assert_eq!(heard.iter().map(told).collect::<Vec<_>>(), [Err(Missed::Failed)]);
    assert_eq!(*decoded.lock().unwrap(), [PANICS as u64; 2]);
}
