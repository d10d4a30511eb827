//! How late a live call was shown, in milliseconds.

use serde::Serialize;

use crate::session::{LATENCY_STEPS_MS, Latency, LatencyHistogram};
use crate::time::Samples;

/// How late each thing was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LatencyMessage {
    /// That a side speaks: from the first speech.
    pub mark: HistogramMessage,
    /// That the floor is another's: from the first speech of the run that took it.
    pub floor: HistogramMessage,
    /// What was said: from the last speech.
    pub text: HistogramMessage,
}

/// How late one thing was shown, each time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistogramMessage {
    /// How often it was shown.
    pub count: u32,
    /// Half took no longer; null if there was none.
    pub median_ms: Option<u64>,
    /// 95 of 100 took no longer.
    pub p95_ms: Option<u64>,
    /// None took longer.
    pub longest_ms: Option<u64>,
    /// How many were within each step and not within the one before.
    pub steps: Vec<StepCount>,
}

/// A step of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StepCount {
    /// Up to here; null for the last step, which has no end.
    pub up_to_ms: Option<u64>,
    /// How many.
    pub count: u32,
}

impl From<&Latency> for LatencyMessage {
    fn from(latency: &Latency) -> Self {
        Self { mark: (&latency.mark).into(), floor: (&latency.floor).into(), text: (&latency.text).into() }
    }
}

impl From<&LatencyHistogram> for HistogramMessage {
    fn from(histogram: &LatencyHistogram) -> Self {
        let ends = LATENCY_STEPS_MS.into_iter().map(Some).chain([None]);
        let steps = ends.zip(&histogram.counts).map(|(up_to_ms, count)| StepCount { up_to_ms, count: *count });
        Self {
            count: histogram.count(),
            median_ms: histogram.median.map(Samples::as_ms),
            p95_ms: histogram.p95.map(Samples::as_ms),
            longest_ms: histogram.longest.map(Samples::as_ms),
            steps: steps.collect(),
        }
    }
}
