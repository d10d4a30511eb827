//! What fails inside the program does not end the call, and is told as what it cost.

use super::*;
use crate::frontend::FrontEnd;

/// When the front end fails: in the middle of the sample call, while somebody speaks.
const FAILS_AT: SampleTime = SampleTime::from_ms(30_000);

fn lost(events: &[(SampleTime, Event)]) -> Vec<(Track, Span)> {
    let lost = |(_, event): &(SampleTime, Event)| match event {
        Event::Lost { track, span } => Some((*track, *span)),
        _ => None,
    };
    events.iter().filter_map(lost).collect()
}

fn runs(events: &[(SampleTime, Event)], within: Span) -> Vec<(Track, Span)> {
    let run = |(_, event): &(SampleTime, Event)| match event {
        Event::Turn(TurnEvent::Run { track, span }) if within.contains(span.start) => Some((*track, *span)),
        _ => None,
    };
    events.iter().filter_map(run).collect()
}

#[test]
fn a_canceller_or_detector_that_fails_costs_what_was_in_it_and_is_told() {
    let setup = SessionSetup { detector: Detector::Earshot, ..SessionSetup::default() };
    let plain = run(&mut sample(), &setup, Box::new(NoText::default()));
    let front_end = FrontEnd::failing_at(&setup.detector, FAILS_AT);
    let desk = Slow::default();
    let mut session = Session::with_front_end(&setup, Box::new(desk.clone()), front_end);
    let mut events = Vec::new();
    drive(&mut sample(), &mut session, &mut Unpaced, &AtomicBool::new(false), &mut events).unwrap();

    let spans = lost(&events);
    let [(Track::Me, mine), (Track::Them, theirs)] = spans[..] else { panic!("{spans:?}") };
    assert_eq!(mine, theirs);
    assert!(mine.contains(FAILS_AT), "{mine:?}");
    assert!(mine.len() <= Samples::from_ms(2_600), "no more than the echo stage may hold: {mine:?}");
    assert_eq!(session.snapshot().lost, PerTrack { me: mine.len(), them: mine.len() });
    let Some((end, Event::Ended { leak, .. })) = events.last() else { panic!("it did not end in order") };
    assert_eq!((*end, leak.rebuilt), (plain.last().unwrap().0, 1));

    let before = Span::new(SampleTime::ZERO, SampleTime::from_ms(25_000));
    assert_eq!(runs(&events, before), runs(&plain, before));
    let after = Span::new(SampleTime::from_ms(40_000), *end);
    let (heard, expected) = (runs(&events, after).len(), runs(&plain, after).len());
    assert!(heard.abs_diff(expected) * 10 <= expected, "{heard} runs after it, and {expected} without it");
    assert!(desk.utterances.borrow().iter().any(|utterance| utterance.span.start > after.start), "words go on");
}
