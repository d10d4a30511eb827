//! One track on its way into the blocks: what has arrived and is not given out yet, and whether more is coming.

use std::collections::VecDeque;
use std::iter::repeat_n;

use super::arrivals::Arrivals;
use super::clock::Tick;
use crate::time::Samples;

/// Sound that is this late is awaited; then the track is lost until it has settled again. Long against what a busy
/// computer delays, short against what a listener would call a hole.
pub(super) const PATIENCE: Samples = Samples::from_ms(300);

/// A stream that is silent when idle is taken for idle after this: two of its pieces and some.
const IDLE_AFTER: Samples = Samples::from_ms(40);

/// A track that begins is listened to for this long before it is used, so that it is known when its sound arrives
/// and not only when the first, possibly late, piece did.
const SETTLE: Samples = Samples::from_ms(300);

/// Whether a track's sound is coming.
#[derive(Clone, Copy, Debug)]
enum Flow {
    /// Nothing comes.
    Absent,
    /// Something comes since then; so much of it so far.
    Settling { since: Tick, count: i64 },
    /// Its sound has a place in the call.
    Flowing,
    /// Nothing is played, so nothing comes.
    Idle,
}

/// A sample, and whether it stands for one that was lost.
#[derive(Clone, Copy, Debug)]
struct Sample {
    value: f32,
    lost: bool,
}

const SILENT: Sample = Sample { value: 0.0, lost: false };
const LOST: Sample = Sample { value: 0.0, lost: true };

/// One track. Positions are samples of the call; `head` is the position of the first sample held.
#[derive(Debug)]
pub(super) struct Strand {
    flow: Flow,
    silent_when_idle: bool,
    held: VecDeque<Sample>,
    /// So many of the samples to come are too late: their place has been given out.
    skip: usize,
    arrivals: Arrivals,
    /// Since when the track has no sound of its own, and no leave to have none.
    absent: Option<Tick>,
}

impl Strand {
    pub(super) fn new(now: Tick) -> Self {
        Self {
            flow: Flow::Absent,
            silent_when_idle: false,
            held: VecDeque::new(),
            skip: 0,
            arrivals: Arrivals::default(),
            absent: Some(now),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether its sound is coming, so that it is worth waiting for.
    pub(super) fn flows(&self) -> bool {
        matches!(self.flow, Flow::Flowing)
    }

    /// Whether it is silent because nothing is played.
    pub(super) fn is_idle(&self) -> bool {
        matches!(self.flow, Flow::Idle)
    }

    pub(super) fn absent_for(&self, now: Tick) -> Option<Samples> {
        self.absent.map(|since| now.since(since))
    }

    /// Position less clock of sound that is not late, where its place in the call is known.
    pub(super) fn offset(&self) -> Option<i64> {
        self.arrivals.offset().filter(|_| self.flows())
    }

    /// Sound has arrived. `reference` is the position, less the clock, where sound belongs that is not late.
    pub(super) fn feed(&mut self, samples: &[f32], now: Tick, head: i64, reference: i64) {
        if samples.is_empty() {
            return;
        }
        let count = samples.len() as i64;
        match self.flow {
            Flow::Absent => {
                self.flow = Flow::Settling { since: now, count };
                self.arrivals = Arrivals::default();
                self.arrivals.note(count, now);
                return;
            }
            Flow::Settling { since, count: before } => {
                self.flow = Flow::Settling { since, count: before + count };
                self.arrivals.note(before + count, now);
                return;
            }
            Flow::Idle => {
                // Where it was idle is silence; there is no time to settle, or each word's beginning would be lost.
                self.put_at(reference + now.0 - count, head, SILENT);
                self.arrivals = Arrivals::default();
                self.flow = Flow::Flowing;
            }
            Flow::Flowing => {}
        }
        let late = self.skip.min(samples.len());
        self.skip -= late;
        self.held.extend(samples[late..].iter().map(|&value| Sample { value, lost: false }));
        self.arrivals.note(self.newest(head), now);
    }

    /// So many samples are known to be lost after what has arrived.
    pub(super) fn gap(&mut self, lost: i64, now: Tick, head: i64) {
        match &mut self.flow {
            Flow::Settling { count, .. } => {
                *count += lost;
                self.arrivals.note(*count, now);
            }
            Flow::Flowing => {
                self.held.extend(repeat_n(LOST, usize::try_from(lost).unwrap_or(0)));
                self.arrivals.note(self.newest(head), now);
            }
            Flow::Absent | Flow::Idle => {}
        }
    }

    /// The device ended.
    pub(super) fn gone(&mut self, now: Tick) {
        self.flow = Flow::Absent;
        self.skip = 0;
        self.absent = self.absent.or(Some(now));
    }

    /// A new stream of the device was opened, or the call begins with one that has sent nothing yet.
    pub(super) fn back(&mut self, silent_when_idle: bool) {
        self.silent_when_idle = silent_when_idle;
        if silent_when_idle {
            self.flow = Flow::Idle;
            self.absent = None;
        }
    }

    /// Notices where the sound that should have arrived has not.
    pub(super) fn check(&mut self, now: Tick, head: i64) {
        let newest = match self.flow {
            Flow::Flowing => self.newest(head),
            Flow::Settling { count, .. } => count,
            Flow::Absent | Flow::Idle => return,
        };
        let late = Samples::new(self.arrivals.late(newest, now).max(0).unsigned_abs());
        if self.flows() && self.silent_when_idle && late > IDLE_AFTER {
            self.flow = Flow::Idle;
            self.skip = 0;
        } else if late > PATIENCE {
            self.gone(Tick(now.0 - late.count() as i64));
        }
    }

    /// Whether it has come for long enough to be given a place in the call.
    pub(super) fn has_settled(&self, now: Tick) -> bool {
        matches!(self.flow, Flow::Settling { since, .. } if now.since(since) >= SETTLE)
    }

    /// Gives its sound a place in the call: what is not late arrives at `reference` from the clock.
    pub(super) fn place(&mut self, head: i64, reference: i64) {
        let (Flow::Settling { count, .. }, Some(offset)) = (self.flow, self.arrivals.offset()) else { return };
        let shift = reference - offset;
        self.put_at(count + shift, head, LOST);
        self.arrivals.shift(shift);
        self.flow = Flow::Flowing;
        self.absent = None;
    }

    /// Ends a window of arrivals; gives the position, less the clock, at which its sound arrived in it.
    pub(super) fn close_window(&mut self) -> Option<i64> {
        self.arrivals.close().filter(|_| self.flows())
    }

    /// So many samples did not come, though nothing said so: their place is marked lost.
    pub(super) fn shift_later(&mut self, samples: i64) {
        self.held.extend(repeat_n(LOST, usize::try_from(samples).unwrap_or(0)));
        self.arrivals.shift(samples);
    }

    /// So many samples are too many: the oldest ones are left out.
    pub(super) fn shift_earlier(&mut self, samples: i64) {
        let surplus = usize::try_from(samples).unwrap_or(0);
        let here = surplus.min(self.held.len());
        self.held.drain(..here);
        self.skip += surplus - here;
        self.arrivals.shift(-samples);
    }

    /// Takes samples out, with silence for those that are missing. Says whether any of them was lost.
    pub(super) fn take(&mut self, into: &mut [f32]) -> bool {
        let missing = if self.is_idle() { SILENT } else { LOST };
        let mut lost = false;
        for place in into {
            let sample = self.held.pop_front().unwrap_or(missing);
            *place = sample.value;
            lost |= sample.lost;
        }
        lost
    }

    /// The position after the last sample that has arrived.
    fn newest(&self, head: i64) -> i64 {
        head + self.held.len() as i64 - self.skip as i64
    }

    /// Makes `position` that of the next sample to arrive: fills up to it, or skips what lies before what was given
    /// out already.
    fn put_at(&mut self, position: i64, head: i64, filling: Sample) {
        let end = head + self.held.len() as i64;
        self.held.extend(repeat_n(filling, usize::try_from(position - end).unwrap_or(0)));
        self.skip = usize::try_from(end - position).unwrap_or(0);
    }
}
