use super::*;
use crate::audio::{BLOCK_DURATION, PerTrack, Track};
use crate::frontend::echo::Leak;
use crate::health::SoundReport;
use crate::time::Samples;
use crate::turns::{Floor, Outcome, SpeechActivity, TurnEvent, Turns};

fn at(ms: u64) -> SampleTime {
    SampleTime::from_ms(ms)
}

/// They talk for 5 s; I nod, and cut in at 4.0 s.
fn journal() -> Vec<(SampleTime, Event)> {
    let (me, them) = (Track::Me, Track::Them);
    let span = Span::from_ms;
    let events = [
        TurnEvent::Floor { holder: Floor::Held(them), at: at(0) },
        TurnEvent::Run { track: me, span: span(1_000, 1_400) },
        TurnEvent::Backchannel { by: me, span: span(1_000, 1_400) },
        TurnEvent::Run { track: them, span: span(0, 5_000) },
        TurnEvent::FloorSpan { track: them, span: span(0, 5_000) },
        TurnEvent::Interruption { by: me, at: at(4_000), overlap: Samples::from_secs(1), outcome: Outcome::Successful },
        TurnEvent::Run { track: me, span: span(4_000, 9_000) },
        TurnEvent::FloorSpan { track: me, span: span(4_000, 9_000) },
    ];
    let mut journal: Vec<_> = events.map(|event| (at(9_000), Event::Turn(event))).into();
    journal.push((at(9_000), Event::Ended { leak: Leak::default(), sound: SoundReport::default() }));
    journal
}

/// What the rules had in hand in that call.
fn evidence() -> EvidenceLog {
    let runs = journal().into_iter().filter_map(|(_, event)| match event {
        Event::Turn(TurnEvent::Run { track, span }) => Some((track, span)),
        _ => None,
    });
    let runs: Vec<_> = runs.collect();
    let (mut turns, mut decisions, mut now) = (Turns::default(), Vec::new(), SampleTime::ZERO);
    while now < at(9_000) {
        let speech = PerTrack::from_fn(|track| runs.iter().any(|(whose, span)| *whose == track && span.contains(now)));
        turns.step(&SpeechActivity { start: now, speech, lost: PerTrack::default() }, &mut decisions);
        now += BLOCK_DURATION;
    }
    turns.finish(&mut decisions);
    let mut evidence = EvidenceLog::default();
    decisions.iter().for_each(|decision| evidence.emit_evidence(at(9_000), decision));
    evidence
}

fn explained(which: &str) -> String {
    explain(&which.parse().unwrap(), &journal(), &evidence()).unwrap()
}

#[test]
fn an_interruption_by_its_kind_its_number_or_its_time() {
    let text = explained("interruption");
    assert_eq!(text, explained("6"));
    assert_eq!(text, explained("interruption@0:03.5"));
    insta::assert_snapshot!(text);
}

#[test]
fn a_backchannel() {
    insta::assert_snapshot!(explained("backchannel@1"));
}

#[test]
fn an_event_that_is_not_there() {
    let error = explain(&"silence".parse().unwrap(), &journal(), &evidence()).unwrap_err().to_string();
    assert_eq!(
        error,
        "the call has no such event; its events are 1 to 9, of the kinds backchannel, call_ended, floor, floor_span, \
         interruption, speech"
    );
    assert!(explain(&EventSelector::Number(10), &journal(), &evidence()).is_err());
}

#[test]
fn words_that_name_no_event() {
    let wrong = |word: &str| word.parse::<EventSelector>().unwrap_err().to_string();
    assert_eq!(wrong("interruption@noon"), "noon is no time; write 83.2 or 1:23.2");
    assert!(wrong("Silence!").contains("give an event's number"));
    assert_eq!("silence@1:23.2".parse(), Ok(EventSelector::Kind("silence".to_owned(), Some(at(83_200)))));
    assert_eq!("17".parse(), Ok(EventSelector::Number(17)));
}
