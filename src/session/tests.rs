mod agenda;
mod commands;
mod failures;
mod hindsight;
mod notes;
mod off_record;
mod recovery;
mod script;

use std::cell::{Cell, RefCell};
use std::io::Cursor;
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::asr::{Heard, NoText, TranscriberStatus, Transcription, Utterance};
use crate::audio::BLOCK_SIZE;
use crate::language::{Language, TextAnalysis};
use crate::source::file::FileSource;
use crate::source::{Source, SourceError};
use crate::time::Span;

const SAMPLE: &[u8] = include_bytes!("../../tests/sample_call/call.flac");

fn sample() -> FileSource {
    FileSource::two_channels(Path::new("sample.flac"), Box::new(Cursor::new(SAMPLE))).unwrap()
}

fn run(source: &mut dyn Source, setup: &SessionSetup, desk: Box<dyn Transcriber>) -> Vec<(SampleTime, Event)> {
    let mut events = Vec::new();
    let never = AtomicBool::new(false);
    drive(source, &mut Session::new(setup, desk), &mut Unpaced, &never, &mut events).unwrap();
    events
}

/// The first seconds of a source.
struct First<S> {
    source: S,
    until: SampleTime,
}

impl<S: Source> Source for First<S> {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        Ok(self.source.next()?.filter(|block| block.start < self.until))
    }
}

/// A source whose tracks hold one sound at first.
struct OneSound<S> {
    source: S,
    until: SampleTime,
}

impl<S: Source> Source for OneSound<S> {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        Ok(self.source.next()?.map(|mut block| {
            if block.start < self.until {
                block.pcm.them = block.pcm.me;
            }
            block
        }))
    }
}

#[test]
fn the_share_of_a_call_of_which_most_was_one_sound_is_not_known_after_it_either() {
    let share_after = |seconds| {
        let until = SampleTime::ZERO + Samples::from_secs(seconds);
        let mut session = Session::new(
            &SessionSetup { policy: Policy::demo(), ..SessionSetup::default() },
            Box::new(NoText::default()),
        );
        let (never, mut events) = (AtomicBool::new(false), Vec::new());
        drive(&mut OneSound { source: sample(), until }, &mut session, &mut Unpaced, &never, &mut events).unwrap();
        let snapshot = session.snapshot();
        assert!(snapshot.troubles.is_empty(), "{:?}", snapshot.troubles);
        assert!(events.iter().any(|(_, event)| matches!(event, Event::Health(HealthEvent::Ended { .. }))));
        (snapshot.call_share.is_some(), nudged(&events).contains(&"share"))
    };
    assert_eq!(share_after(30), (true, true));
    assert_eq!(share_after(100), (false, false));
}

/// The kinds of the nudges of a call, in order.
fn nudged(events: &[(SampleTime, Event)]) -> Vec<&'static str> {
    let kind = |(_, event): &(SampleTime, Event)| match event {
        Event::Nudge(nudge) => Some(nudge.kind().name()),
        _ => None,
    };
    events.iter().filter_map(kind).collect()
}

#[test]
fn the_demo_fires_what_its_sound_can() {
    let setup = SessionSetup { policy: Policy::demo(), ..SessionSetup::default() };
    let events = run(&mut sample(), &setup, Box::new(NoText::default()));
    assert_eq!(nudged(&events), ["cut_in", "monologue", "monologue", "monologue", "share"]);
}

#[test]
fn the_default_times_leave_a_call_of_two_minutes_in_peace_but_for_a_cut_in() {
    let events = run(&mut sample(), &SessionSetup::default(), Box::new(NoText::default()));
    assert_eq!(nudged(&events), ["cut_in"]);
}

/// A desk that hears everything and answers nonsense, late and never.
#[derive(Default, Clone)]
struct Slow {
    utterances: Rc<RefCell<Vec<Utterance>>>,
    answered: Rc<Cell<usize>>,
}

impl Transcriber for Slow {
    fn submit(&mut self, utterance: Utterance) {
        self.utterances.borrow_mut().push(utterance);
    }

    fn poll(&mut self, now: SampleTime) -> Option<Heard> {
        let utterances = self.utterances.borrow();
        let due = utterances.get(self.answered.get()).filter(|one| now - one.span.end > Samples::from_secs(10))?;
        self.answered.set(self.answered.get() + 1);
        let said = Transcription {
            text: "…".to_owned(),
            language: Language::Ja,
            reading: TextAnalysis::default(),
            written: false,
            doubtful: false,
        };
        Some(Heard { track: due.track, runs: due.runs.clone(), transcription: Ok(Some(said)) })
    }

    fn close(&mut self) -> Vec<Heard> {
        Vec::new()
    }

    fn status(&self) -> TranscriberStatus {
        TranscriberStatus::Ready
    }

    fn backlog(&self) -> Samples {
        Samples::ZERO
    }
}

#[test]
fn the_dynamics_never_wait_for_the_desk() {
    let without = run(&mut sample(), &SessionSetup::default(), Box::new(NoText::default()));
    let desk = Slow::default();
    let mut with = run(&mut sample(), &SessionSetup::default(), Box::new(desk.clone()));
    with.retain(|(_, event)| !matches!(event, Event::Heard(_)));
    assert_eq!(without, with);
    let utterances = desk.utterances.borrow();
    assert!(utterances.len() > 30, "{} utterances", utterances.len());
    assert!(desk.answered.get() > 0);
    for one in utterances.iter() {
        assert_eq!(one.pcm.len() as u64, one.span.len().count());
        assert!(one.span.len() <= Samples::from_ms(25_400), "{:?}", one.span);
    }
}

#[test]
fn a_call_that_is_stopped_is_settled_where_it_stands() {
    let stop = AtomicBool::new(false);
    let mut events = Vec::new();
    let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
    struct StopAfter<'a>(&'a AtomicBool);
    impl Pacer for StopAfter<'_> {
        fn wait_until(&mut self, at: SampleTime) {
            if at >= SampleTime::from_ms(30_000) {
                self.0.store(true, Ordering::Relaxed);
            }
        }
    }
    drive(&mut sample(), &mut session, &mut StopAfter(&stop), &stop, &mut events).unwrap();
    assert!(matches!(events.last(), Some((at, Event::Ended { .. })) if *at == SampleTime::from_ms(30_000)));
    assert!(session.snapshot().ended());
    let spoken = events.iter().filter(|(_, event)| matches!(event, Event::Turn(TurnEvent::Run { .. })));
    assert!(spoken.count() > 10);
}

#[test]
fn what_was_told_of_the_beginning_is_not_taken_back() {
    let whole = run(&mut sample(), &SessionSetup::default(), Box::new(NoText::default()));
    let until = SampleTime::from_ms(60_000);
    let part = run(&mut First { source: sample(), until }, &SessionSetup::default(), Box::new(NoText::default()));
    let told =
        |events: &[(SampleTime, Event)]| -> Vec<_> { events.iter().filter(|(at, _)| *at < until).cloned().collect() };
    assert_eq!(told(&whole), told(&part));
}

#[test]
fn a_session_ends_with_its_call_and_all_speech_told() {
    let events = run(&mut sample(), &SessionSetup::default(), Box::new(NoText::default()));
    let end = events.last().map(|(at, _)| *at).unwrap();
    assert!(events.iter().all(|(at, _)| *at <= end));
    assert!(events.windows(2).all(|pair| pair[0].0 <= pair[1].0), "told in order");
}

/// Blocks of silence, of which some are lost.
struct Losing {
    now: SampleTime,
}

impl Source for Losing {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let lost = Span::from_ms(1_000, 1_500).contains(self.now);
        let block = Block {
            start: self.now,
            pcm: PerTrack { me: SILENCE, them: SILENCE },
            lost: PerTrack { me: lost, them: false },
            speech: None,
        };
        self.now += BLOCK_DURATION;
        Ok((self.now < SampleTime::from_ms(3_000)).then_some(block))
    }

    fn next_notice(&mut self) -> Option<Notice> {
        let gone = Notice::DeviceGone { track: Track::Me, device: "Headset".to_owned() };
        (self.now == SampleTime::from_ms(1_010)).then_some(gone).filter(|_| {
            self.now += BLOCK_DURATION;
            true
        })
    }
}

#[test]
fn a_lost_stretch_is_told_once_it_is_over() {
    let events = run(&mut Losing { now: SampleTime::ZERO }, &SessionSetup::default(), Box::new(NoText::default()));
    let lost: Vec<_> = events.iter().filter(|(_, event)| matches!(event, Event::Lost { .. })).collect();
    assert_eq!(lost.len(), 1);
    let notices = events.iter().filter(|(_, event)| matches!(event, Event::Notice(_))).count();
    assert_eq!(notices, 1);
}

/// Counts what is shown.
#[derive(Default)]
struct SnapshotRecorder {
    shown: Vec<Snapshot>,
}

impl Sink for SnapshotRecorder {
    fn emit(&mut self, _: SampleTime, _: Event) {}

    fn erase(&mut self, _: SampleTime) {}

    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        self.shown.push(snapshot.clone());
    }
}

#[test]
fn a_page_is_shown_levels_ten_times_a_second_and_states_at_once() {
    let mut page = SnapshotRecorder::default();
    let never = AtomicBool::new(false);
    let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
    drive(&mut sample(), &mut session, &mut Unpaced, &never, &mut page).unwrap();
    let same = |a: &Snapshot, b: &Snapshot| {
        (a.speaking, a.floor, a.good_wait, a.losing_since, &a.nudge)
            == (b.speaking, b.floor, b.good_wait, b.losing_since, &b.nudge)
    };
    for pair in page.shown.windows(2) {
        let apart = pair[1].now - pair[0].now;
        assert!(apart <= Samples::from_ms(100), "a gap of {} ms", apart.as_ms());
        assert!(apart == Samples::from_ms(100) || !same(&pair[0], &pair[1]) || pair[1].ended(), "twice the same");
    }
    assert!(page.shown.last().unwrap().ended());
}

/// A burst of noise-free voice is what a detector wants; the sample's own first words serve.
#[test]
fn speech_is_seen_within_a_quarter_of_a_second() {
    let mut page = SnapshotRecorder::default();
    let never = AtomicBool::new(false);
    let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
    drive(&mut sample(), &mut session, &mut Unpaced, &never, &mut page).unwrap();
    let first_speech = SampleTime::from_ms(800);
    let heard = page.shown.iter().find(|snapshot| snapshot.speaking.me || snapshot.speaking.them).unwrap();
    let taken = page.shown.iter().find(|snapshot| snapshot.floor != Floor::Free).unwrap();
    assert!(heard.now - first_speech <= Samples::from_ms(150), "{}", heard.now);
    assert!(taken.now - first_speech <= Samples::from_ms(300), "{}", taken.now);
    assert_eq!(BLOCK_SIZE, 160);
}
