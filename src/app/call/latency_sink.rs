//! The one clock beside a live call's own time: how late the call is shown.

use std::time::Instant;

use crate::session::{Event, LatencyMeter, Sink, Snapshot};
use crate::time::{SampleTime, Samples};
use crate::turns::Decision;

/// Passes everything on, and before a call's end how late the call was shown.
pub(super) struct LatencySink<'a> {
    inner: &'a mut dyn Sink,
    meter: LatencyMeter,
    began: Instant,
}

impl<'a> LatencySink<'a> {
    /// For a call that begins now.
    #[expect(clippy::disallowed_methods, reason = "a latency is metered")]
    pub(super) fn new(inner: &'a mut dyn Sink) -> Self {
        Self { inner, meter: LatencyMeter::default(), began: Instant::now() }
    }

    fn elapsed(&self) -> Samples {
        Samples::from_ms(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

impl Sink for LatencySink<'_> {
    fn emit(&mut self, at: SampleTime, event: Event) {
        let elapsed = self.elapsed();
        self.meter.observe(at, &event, elapsed);
        if matches!(event, Event::Ended { .. }) {
            self.inner.emit(at, Event::Latency(self.meter.latency()));
        }
        self.inner.emit(at, event);
    }

    fn erase(&mut self, from: SampleTime) {
        self.meter.erase(from);
        self.inner.erase(from);
    }

    fn emit_evidence(&mut self, at: SampleTime, decision: &Decision) {
        self.inner.emit_evidence(at, decision);
    }

    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        let elapsed = self.elapsed();
        self.meter.observe_snapshot(snapshot, elapsed);
        self.inner.emit_snapshot(snapshot);
    }
}
