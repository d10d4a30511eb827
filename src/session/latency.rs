//! How late a live call was shown: from the first sample of something to the snapshot or the text that shows it.
//!
//! Two parts make it up. What the rules need to be sure is counted in the call's own time. What the computer adds is told from
//! outside, as the time since the call began: how much later a moment of the call is come to than the promptest of the last
//! half minute or so, since the microphone's time and the computer's drift apart. What every moment takes from the microphone
//! to the call, and from there to the page, is therefore not in it; `make latency` measures that.

use serde::{Deserialize, Serialize};

use crate::audio::{PerTrack, Track};
use crate::session::{Event, Snapshot};
use crate::time::{SampleTime, Samples};
use crate::turns::Floor;

/// The steps of the histogram, in milliseconds: those of its first number took no longer than the first, and those of its last
/// took longer than all of these.
pub const LATENCY_STEPS_MS: [u64; 11] = [50, 100, 150, 200, 300, 400, 600, 1_000, 1_500, 2_500, 6_000];

/// Moments are compared with the promptest of this long, and of the same before it.
const WINDOW: Samples = Samples::from_secs(20);

/// How late each thing was shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// That a side speaks: from the first speech of a run.
    pub mark: LatencyHistogram,
    /// That the floor is another's: from the first speech of the run that took it.
    pub floor: LatencyHistogram,
    /// What was said: from an utterance's last speech.
    pub text: LatencyHistogram,
}

/// How late one thing was shown, each time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatencyHistogram {
    /// How many were within each of [`LATENCY_STEPS_MS`] and not within the one before; last, how many took longer.
    pub counts: Vec<u32>,
    /// Half took no longer; `None` if there was none.
    pub median: Option<Samples>,
    /// 95 of 100 took no longer.
    pub p95: Option<Samples>,
    /// None took longer.
    pub longest: Option<Samples>,
}

impl LatencyHistogram {
    fn of(shown: &[Shown]) -> Self {
        let mut delays: Vec<Samples> = shown.iter().map(|shown| shown.delay).collect();
        let mut counts = vec![0; LATENCY_STEPS_MS.len() + 1];
        for delay in &delays {
            counts[LATENCY_STEPS_MS.partition_point(|step| *step < delay.as_ms())] += 1;
        }
        delays.sort_unstable();
        let last = delays.len().saturating_sub(1);
        let at = |percent: usize| delays.get((delays.len() * percent / 100).min(last)).copied();
        Self { counts, median: at(50), p95: at(95), longest: delays.last().copied() }
    }

    /// How often it was shown.
    pub fn count(&self) -> u32 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }
}

/// Measures it, of one call.
#[derive(Default)]
pub struct LatencyMeter {
    lag: LagMeter,
    speaking: PerTrack<bool>,
    /// When it was shown that a side speaks whose run is not open yet: the call's time, with the lag.
    shown_at: PerTrack<Option<SampleTime>>,
    /// The beginning of the newest run that was counted.
    marked: PerTrack<Option<SampleTime>>,
    floor: Floor,
    floor_changed_at: SampleTime,
    marks: Vec<Shown>,
    floors: Vec<Shown>,
    texts: Vec<Shown>,
}

/// Something that was shown once.
struct Shown {
    /// When what was shown began, or ended if it is text.
    since: SampleTime,
    delay: Samples,
}

impl Shown {
    fn new(at: SampleTime, since: SampleTime) -> Self {
        Self { since, delay: at.since(since) }
    }
}

impl LatencyMeter {
    /// An event was emitted at `at`, `elapsed` after the call began.
    pub fn observe(&mut self, at: SampleTime, event: &Event, elapsed: Samples) {
        if let Event::Heard(heard) = event
            && heard.transcription.is_ok()
        {
            self.texts.push(Shown::new(at + self.lag.observe(at, elapsed), heard.span().end));
        }
    }

    /// A snapshot was shown, `elapsed` after the call began.
    pub fn observe_snapshot(&mut self, snapshot: &Snapshot, elapsed: Samples) {
        let shown = snapshot.now + self.lag.observe(snapshot.now, elapsed);
        for track in Track::BOTH {
            match (self.speaking[track], snapshot.speaking[track]) {
                (false, true) => self.shown_at[track] = Some(shown),
                (_, false) => self.shown_at[track] = None,
                (true, true) => {}
            }
            self.speaking[track] = snapshot.speaking[track];
            if let (Some(at), Some(run)) = (self.shown_at[track], snapshot.open_run[track]) {
                self.shown_at[track] = None;
                // A run may go on through a short pause, after which it is shown again.
                if self.marked[track].is_none_or(|start| start < run.start) {
                    self.marked[track] = Some(run.start);
                    self.marks.push(Shown::new(at, run.start));
                }
            }
        }
        if snapshot.floor != self.floor {
            // The floor may fall back to who has been speaking all along.
            if let Floor::Held(track) = snapshot.floor
                && let Some(run) = snapshot.open_run[track].filter(|run| run.start >= self.floor_changed_at)
            {
                self.floors.push(Shown::new(shown, run.start));
            }
            (self.floor, self.floor_changed_at) = (snapshot.floor, snapshot.now);
        }
    }

    /// Forgets what was shown of the call from `from` on: how often somebody spoke is a figure too.
    pub fn erase(&mut self, from: SampleTime) {
        for shown in [&mut self.marks, &mut self.floors, &mut self.texts] {
            shown.retain(|shown| shown.since < from);
        }
    }

    /// What was measured until now.
    pub fn latency(&self) -> Latency {
        Latency {
            mark: LatencyHistogram::of(&self.marks),
            floor: LatencyHistogram::of(&self.floors),
            text: LatencyHistogram::of(&self.texts),
        }
    }
}

/// How much later than the promptest a moment of the call is come to.
#[derive(Default)]
struct LagMeter {
    /// Time since the call began, less the call's own, in samples: the least of this window and of the one before.
    least: Option<i64>,
    least_before: Option<i64>,
    window_end: SampleTime,
}

impl LagMeter {
    fn observe(&mut self, now: SampleTime, elapsed: Samples) -> Samples {
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let behind = signed(elapsed.count()).saturating_sub(signed(now.count()));
        if now >= self.window_end {
            self.window_end = now + WINDOW;
            self.least_before = self.least.take();
        }
        let least = self.least.map_or(behind, |least| least.min(behind));
        self.least = Some(least);
        let promptest = self.least_before.map_or(least, |before| before.min(least));
        Samples::new(behind.saturating_sub(promptest).unsigned_abs())
    }
}

#[cfg(test)]
mod tests;
