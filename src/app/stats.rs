//! `--stats`: how the recogniser keeps up with the call.

use crate::asr::TranscriberStatus;
use crate::session::{Event, Sink, Snapshot};
use crate::time::{SampleTime, Samples};

/// How often it is told.
const EVERY: Samples = Samples::from_secs(10);

/// Hears when text arrives.
#[derive(Default)]
pub(super) struct RecognizerStats {
    /// From an utterance's last speech to the arrival of its text, by the call's own clock.
    delays: Vec<Samples>,
    missed: usize,
    longest_queue: Samples,
    last_printed: SampleTime,
}

impl RecognizerStats {
    /// One line of it.
    fn line(&self, snapshot: &Snapshot) -> String {
        let mut delays = self.delays.clone();
        delays.sort();
        let delay = |part: usize| match delays.get((delays.len() * part / 100).min(delays.len().saturating_sub(1))) {
            Some(delay) => seconds(*delay),
            None => "–".to_owned(),
        };
        let coverage =
            snapshot.transcriber.coverage.map_or_else(|| "–".to_owned(), |part| format!("{:.1} %", part * 100.0));
        let standing = match &snapshot.transcriber.status {
            TranscriberStatus::Off => "off",
            TranscriberStatus::Loading => "loading",
            TranscriberStatus::Ready => "ready",
            TranscriberStatus::Broken(_) => "broken",
        };
        format!(
            "{} text {standing}: {} utterances, {} missed; delay p50 {} p95 {}; queue {}, longest {}; coverage {coverage}",
            snapshot.now,
            self.delays.len(),
            self.missed,
            delay(50),
            delay(95),
            seconds(snapshot.transcriber.backlog),
            seconds(self.longest_queue),
        )
    }
}

fn seconds(length: Samples) -> String {
    format!("{:.2} s", length.as_ms() as f64 / 1000.0)
}

impl Sink for RecognizerStats {
    /// Delays hold nothing of what was said.
    fn erase(&mut self, _: SampleTime) {}

    fn emit(&mut self, at: SampleTime, event: Event) {
        if let Event::Heard(heard) = event {
            match heard.said {
                Ok(_) => self.delays.push(at - heard.span().end),
                Err(_) => self.missed += 1,
            }
        }
    }

    #[expect(clippy::print_stderr, reason = "the command line's own voice")]
    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        self.longest_queue = self.longest_queue.max(snapshot.transcriber.backlog);
        if snapshot.ended() || snapshot.now - self.last_printed >= EVERY {
            self.last_printed = snapshot.now;
            eprintln!("{}", self.line(snapshot));
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
    fn the_line_tells_delays_queue_and_coverage() {
        let mut stats = RecognizerStats::default();
        for (end, arrives, said) in
            [(2_000, 3_000, Ok(None)), (5_000, 8_000, Ok(None)), (9_000, 9_500, Err(Missed::Behind))]
        {
            let heard = Heard { track: Track::Me, runs: vec![Span::from_ms(end - 1_000, end)], said };
            stats.emit(SampleTime::from_ms(arrives), Event::Heard(heard));
        }
        let mut snapshot = Session::new(&SessionSetup::default(), Box::new(NoText::default())).snapshot();
        snapshot.now = SampleTime::from_ms(10_000);
        snapshot.transcriber.backlog = Samples::from_ms(1_500);
        snapshot.transcriber.coverage = Some(2.0 / 3.0);
        stats.emit_snapshot(&snapshot);
        insta::assert_snapshot!(
            stats.line(&snapshot),
            @"0:10.0 text off: 2 utterances, 1 missed; delay p50 3.00 s p95 3.00 s; queue 1.50 s, longest 1.50 s; coverage 66.7 %"
        );
    }
}
