//! How the recogniser keeps up with the call.

use crate::asr::TranscriberStatus;
use crate::session::{Event, Snapshot};
use crate::time::{SampleTime, Samples};

/// How the recogniser keeps up with the call, at one moment of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RecognizerReport {
    /// The moment.
    pub now: SampleTime,
    /// Whether there is a recogniser, and how it is.
    pub status: TranscriberStatus,
    /// How many utterances came back as text.
    pub recognized: usize,
    /// How many were given up.
    pub missed: usize,
    /// From an utterance's last speech to the arrival of its text, by the call's own clock: half are no longer than
    /// this. `None` before the first.
    pub median_delay: Option<Samples>,
    /// The same for 95 of 100 utterances.
    pub p95_delay: Option<Samples>,
    /// How much speech waits for the recogniser.
    pub backlog: Samples,
    /// The most that ever waited.
    pub longest_backlog: Samples,
    /// The part of the speech that was recognised, 0 to 1; `None` before anybody spoke, and without a recogniser.
    pub coverage: Option<f64>,
}

/// How often it is reported.
const EVERY: Samples = Samples::from_secs(10);

/// Measures when text arrives.
#[derive(Default)]
pub(super) struct RecognizerMeter {
    delays: Vec<Samples>,
    missed: usize,
    longest_backlog: Samples,
    last_reported: SampleTime,
}

impl RecognizerMeter {
    /// Observes an event that was emitted at `at`. An erased event needs no taking back: a delay holds nothing of what
    /// was said.
    pub(super) fn observe(&mut self, at: SampleTime, event: &Event) {
        if let Event::Heard(heard) = event {
            match heard.transcription {
                Ok(_) => self.delays.push(at - heard.span().end),
                Err(_) => self.missed += 1,
            }
        }
    }

    /// The report, if one is due.
    pub(super) fn observe_snapshot(&mut self, snapshot: &Snapshot) -> Option<RecognizerReport> {
        self.longest_backlog = self.longest_backlog.max(snapshot.transcriber.backlog);
        if !snapshot.ended() && snapshot.now - self.last_reported < EVERY {
            return None;
        }
        self.last_reported = snapshot.now;
        Some(self.report(snapshot))
    }

    fn report(&self, snapshot: &Snapshot) -> RecognizerReport {
        let mut delays = self.delays.clone();
        delays.sort();
        let delay = |percent: usize| delays.get((delays.len() * percent / 100).min(delays.len().saturating_sub(1)));
        RecognizerReport {
            now: snapshot.now,
            status: snapshot.transcriber.status.clone(),
            recognized: self.delays.len(),
            missed: self.missed,
            median_delay: delay(50).copied(),
            p95_delay: delay(95).copied(),
            backlog: snapshot.transcriber.backlog,
            longest_backlog: self.longest_backlog,
            coverage: snapshot.transcriber.coverage,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asr::{Heard, Missed, NoText};
    use crate::audio::Track;
    use crate::session::{Session, SessionSetup};
    use crate::time::Span;

    #[test]
    fn it_tells_delays_queue_and_coverage_every_ten_seconds() {
        let mut meter = RecognizerMeter::default();
        for (end, arrives, transcription) in
            [(2_000, 3_000, Ok(None)), (5_000, 8_000, Ok(None)), (9_000, 9_500, Err(Missed::Behind))]
        {
            let heard = Heard { track: Track::Me, runs: vec![Span::from_ms(end - 1_000, end)], transcription };
            meter.observe(SampleTime::from_ms(arrives), &Event::Heard(heard));
        }
        let mut snapshot = Session::new(&SessionSetup::default(), Box::new(NoText::default())).snapshot();
        snapshot.now = SampleTime::from_ms(9_990);
        snapshot.transcriber.backlog = Samples::from_ms(2_500);
        assert_eq!(meter.observe_snapshot(&snapshot), None);
        snapshot.now = SampleTime::from_ms(10_000);
        snapshot.transcriber.backlog = Samples::from_ms(1_500);
        snapshot.transcriber.coverage = Some(2.0 / 3.0);
        let expected = RecognizerReport {
            now: SampleTime::from_ms(10_000),
            status: TranscriberStatus::Off,
            recognized: 2,
            missed: 1,
            median_delay: Some(Samples::from_ms(3_000)),
            p95_delay: Some(Samples::from_ms(3_000)),
            backlog: Samples::from_ms(1_500),
            longest_backlog: Samples::from_ms(2_500),
            coverage: Some(2.0 / 3.0),
        };
        assert_eq!(meter.observe_snapshot(&snapshot), Some(expected));
        snapshot.now = SampleTime::from_ms(19_990);
        assert_eq!(meter.observe_snapshot(&snapshot), None);
    }
}
