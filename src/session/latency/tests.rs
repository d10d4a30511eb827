use super::*;
use crate::asr::{Heard, Missed, NoText};
use crate::session::{Session, SessionSetup};
use crate::time::Span;

/// What is shown at a moment of the call, and how long after its beginning.
struct Call {
    meter: LatencyMeter,
    snapshot: Snapshot,
}

impl Call {
    fn new() -> Self {
        let snapshot = Session::new(&SessionSetup::default(), Box::new(NoText::default())).snapshot();
        Self { meter: LatencyMeter::default(), snapshot }
    }

    fn show(&mut self, now: u64, elapsed: u64, change: impl FnOnce(&mut Snapshot)) {
        self.snapshot.now = SampleTime::from_ms(now);
        change(&mut self.snapshot);
        self.meter.observe_snapshot(&self.snapshot, Samples::from_ms(elapsed));
    }

    fn longest(&self) -> [Option<u64>; 3] {
        let Latency { mark, floor, text } = self.meter.latency();
        [mark, floor, text].map(|histogram| histogram.longest.map(Samples::as_ms))
    }
}

#[test]
fn a_voice_is_late_by_what_the_rule_needs_and_what_the_computer_adds() {
    let mut call = Call::new();
    // Each moment of this call comes 500 ms after it by the computer's clock: that is how the two began.
    call.show(1_000, 1_500, |_| ());
    call.show(2_070, 2_600, |now| now.speaking.me = true);
    assert_eq!(call.longest(), [None; 3], "whether it is a run is not known yet");
    call.show(2_170, 2_670, |now| now.open_run.me = Some(Span::from_ms(2_000, 2_170)));
    assert_eq!(call.longest(), [Some(100), None, None], "70 ms of the call, and 30 ms more than other moments");
    // A pause within the run, and its voice again.
    call.show(2_400, 2_900, |now| now.speaking.me = false);
    call.show(2_600, 3_900, |now| now.speaking.me = true);
    assert_eq!(call.meter.latency().mark.count(), 1);
}

#[test]
fn a_sound_that_comes_to_no_run_is_not_counted() {
    let mut call = Call::new();
    call.show(1_000, 1_000, |now| now.speaking.them = true);
    call.show(1_050, 1_050, |now| now.speaking.them = false);
    call.show(4_000, 4_000, |now| now.open_run.them = Some(Span::from_ms(3_900, 4_000)));
    assert_eq!(call.longest(), [None; 3]);
}

#[test]
fn a_floor_that_falls_back_is_not_counted() {
    let mut call = Call::new();
    call.show(1_160, 1_160, |now| {
        now.open_run.them = Some(Span::from_ms(1_000, 1_160));
        now.floor = Floor::Held(Track::Them);
    });
    call.show(31_040, 31_040, |now| {
        now.open_run.me = Some(Span::from_ms(30_000, 31_040));
        now.floor = Floor::Held(Track::Me);
    });
    call.show(32_000, 32_000, |now| now.floor = Floor::Held(Track::Them));
    call.show(36_000, 36_000, |now| now.floor = Floor::Free);
    let floor = call.meter.latency().floor;
    assert_eq!((floor.count(), floor.longest), (2, Some(Samples::from_ms(1_040))));
}

#[test]
fn text_is_late_from_the_last_speech_and_a_miss_is_no_text() {
    let mut meter = LatencyMeter::default();
    for (end, arrives, transcription) in
        [(2_000, 3_000, Ok(None)), (5_000, 8_000, Ok(None)), (9_000, 9_500, Err(Missed::Behind))]
    {
        let heard = Heard { track: Track::Me, runs: vec![Span::from_ms(end - 1_000, end)], transcription };
        meter.observe(SampleTime::from_ms(arrives), &Event::Heard(heard), Samples::from_ms(arrives));
    }
    let text = meter.latency().text;
    assert_eq!((text.count(), text.longest), (2, Some(Samples::from_ms(3_000))));
}

#[test]
fn what_is_off_the_record_is_counted_in_no_histogram() {
    let mut call = Call::new();
    for start in [1_000, 5_000, 9_000] {
        call.show(start + 50, start + 50, |now| now.speaking.me = true);
        call.show(start + 160, start + 160, |now| {
            now.open_run.me = Some(Span::from_ms(start, start + 160));
            now.floor = Floor::Held(Track::Me);
        });
        call.show(start + 2_000, start + 2_000, |now| {
            (now.speaking.me, now.open_run.me, now.floor) = (false, None, Floor::Free);
        });
        let runs = vec![Span::from_ms(start, start + 900)];
        let heard = Event::Heard(Heard { track: Track::Me, runs, transcription: Ok(None) });
        call.meter.observe(SampleTime::from_ms(start + 2_000), &heard, Samples::from_ms(start + 2_000));
    }
    let counts = |call: &Call| {
        let Latency { mark, floor, text } = call.meter.latency();
        [mark, floor, text].map(|histogram| histogram.count())
    };
    assert_eq!(counts(&call), [3; 3]);
    call.meter.erase(SampleTime::from_ms(5_000));
    assert_eq!(counts(&call), [1; 3]);
}

#[test]
fn clocks_that_drift_apart_are_no_lag() {
    let mut lag = LagMeter::default();
    // The computer's clock is faster by 0.1%: three and a half seconds in an hour.
    for second in 0..3_600 {
        let lag = lag.observe(SampleTime::from_ms(1_000 * second), Samples::from_ms(1_001 * second));
        assert!(lag <= Samples::from_ms(40), "{lag} after {second} s");
    }
    assert_eq!(lag.observe(SampleTime::from_ms(3_600_000), Samples::from_ms(3_603_900)), Samples::from_ms(320));
}

#[test]
fn the_histogram_has_each_delay_in_its_step() {
    let shown = |delay| Shown { since: SampleTime::ZERO, delay: Samples::from_ms(delay) };
    let histogram = LatencyHistogram::of(&[40, 50, 51, 160, 6_000, 6_001].map(shown));
    assert_eq!(histogram.counts, [2, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1]);
    assert_eq!(histogram.count(), 6);
    assert_eq!([histogram.median, histogram.p95].map(|delay| delay.map(Samples::as_ms)), [Some(160), Some(6_001)]);
    assert_eq!(LatencyHistogram::of(&[]).longest, None);
}
