//! One track on its way into the blocks: what has arrived and is not given out yet, and whether more is coming.

use std::collections::VecDeque;
use std::iter::repeat_n;

use super::arrivals::Arrivals;
use super::clock::Tick;
use crate::time::Samples;

/// Sound that is later than this is missed: both tracks wait for a while for it to catch up, and what has not come by then
/// is lost. Long against what a computer delays that is not overloaded.
const MAX_LATENESS: Samples = Samples::from_ms(300);

/// Sound that is later than this is on its way no more: the computer slept, and captured nothing.
pub(super) const MAX_AWAY: Samples = Samples::from_secs(5);

/// A stream that is silent when idle is taken for idle after this: two of its pieces and some.
const IDLE_AFTER: Samples = Samples::from_ms(40);

/// A track that begins is listened to for this long before it is used, so that it is known when its sound arrives
/// and not only when the first, possibly late, piece did.
const SETTLE: Samples = Samples::from_ms(300);

/// Whether a track's sound is coming.
#[derive(Clone, Copy, Debug)]
enum ArrivalState {
    /// Nothing comes.
    Absent,
    /// Sound comes since then; `count` samples of it so far.
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
pub(super) struct JitterBuffer {
    state: ArrivalState,
    silent_when_idle: bool,
    samples: VecDeque<Sample>,
    /// So many of the samples to come are too late: their place has been given out.
    skip: usize,
    arrivals: Arrivals,
    /// Where the sound ended when the worker was away or nothing came, while what was captured meanwhile is waited for.
    broke_off_at: Option<i64>,
    /// Since when the track has no sound of its own, and no leave to have none.
    absent_since: Option<Tick>,
}

impl JitterBuffer {
    pub(super) fn new(now: Tick) -> Self {
        Self {
            state: ArrivalState::Absent,
            silent_when_idle: false,
            samples: VecDeque::new(),
            skip: 0,
            arrivals: Arrivals::default(),
            broke_off_at: None,
            absent_since: Some(now),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.samples.len()
    }

    /// For how many samples it has taken room so far.
    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.samples.capacity()
    }

    /// Whether its sound is coming, so that it is worth waiting for.
    pub(super) fn is_flowing(&self) -> bool {
        matches!(self.state, ArrivalState::Flowing)
    }

    /// Whether it is silent because nothing is played.
    pub(super) fn is_idle(&self) -> bool {
        matches!(self.state, ArrivalState::Idle)
    }

    pub(super) fn absent_for(&self, now: Tick) -> Option<Samples> {
        self.absent_since.map(|since| now.since(since))
    }

    /// Position less clock of sound that is not late, where its place in the call is known.
    pub(super) fn offset(&self) -> Option<i64> {
        self.arrivals.offset().filter(|_| self.is_flowing())
    }

    /// Sound has arrived. `reference` is the position, less the clock, where sound belongs that is not late.
    pub(super) fn push(&mut self, samples: &[f32], now: Tick, head: i64, reference: i64) {
        if samples.is_empty() {
            return;
        }
        let count = samples.len() as i64;
        match self.state {
            ArrivalState::Absent => {
                self.state = ArrivalState::Settling { since: now, count };
                self.arrivals = Arrivals::default();
                self.arrivals.observe(count, now);
                return;
            }
            ArrivalState::Settling { since, count: before } => {
                self.state = ArrivalState::Settling { since, count: before + count };
                self.arrivals.observe(before + count, now);
                return;
            }
            ArrivalState::Idle => {
                // Where it was idle is silence; there is no time to settle, or each word's beginning would be lost.
                self.move_write_position(reference + now.0 - count, head, SILENT);
                self.arrivals = Arrivals::default();
                self.state = ArrivalState::Flowing;
            }
            ArrivalState::Flowing => {}
        }
        let late = self.skip.min(samples.len());
        self.skip -= late;
        self.samples.extend(samples[late..].iter().map(|&value| Sample { value, lost: false }));
        self.arrivals.observe(self.write_position(head), now);
    }

    /// So many samples are known to be lost after what has arrived.
    pub(super) fn push_lost(&mut self, lost: i64, now: Tick, head: i64) {
        match &mut self.state {
            ArrivalState::Settling { count, .. } => {
                *count += lost;
                self.arrivals.observe(*count, now);
            }
            ArrivalState::Flowing => {
                self.samples.extend(repeat_n(LOST, usize::try_from(lost).unwrap_or(0)));
                self.arrivals.observe(self.write_position(head), now);
            }
            ArrivalState::Absent | ArrivalState::Idle => {}
        }
    }

    /// Whether so much of it is late that it is to be waited for; that it is waited for already is no news.
    pub(super) fn is_missed(&self, now: Tick, head: i64) -> bool {
        self.is_flowing()
            && !self.silent_when_idle
            && self.broke_off_at.is_none()
            && self.lateness(now, head) > MAX_LATENESS
            && self.lateness(now, head) <= MAX_AWAY
    }

    /// The worker was away, or nothing came: what was captured meanwhile may come now.
    pub(super) fn begin_catching_up(&mut self, head: i64) {
        self.broke_off_at = self.broke_off_at.or(Some(self.write_position(head))).filter(|_| self.is_flowing());
    }

    /// Whether as much has come as should have by now.
    pub(super) fn has_caught_up(&self, now: Tick, head: i64) -> bool {
        !self.is_flowing() || self.broke_off_at.is_none() || self.lateness(now, head) <= MAX_LATENESS
    }

    /// What has not come by now is lost, and its place is where the sound broke off: what came since then is in its own. If
    /// nothing came, the track is lost until it has settled again.
    pub(super) fn finish_catching_up(&mut self, now: Tick, head: i64) {
        let has_caught_up = self.has_caught_up(now, head);
        let Some(broke_off_at) = self.broke_off_at.take() else { return };
        if has_caught_up || self.silent_when_idle {
            return;
        }
        let late = self.lateness(now, head);
        if self.write_position(head) == broke_off_at || late > MAX_AWAY {
            self.mark_absent(Tick(now.0 - late.count() as i64));
            return;
        }
        let missing = usize::try_from(late.count()).unwrap_or(0);
        let place = usize::try_from(broke_off_at - head).unwrap_or(0).min(self.samples.len());
        let since = self.samples.split_off(place);
        self.samples.extend(repeat_n(LOST, missing));
        self.samples.extend(since);
    }

    fn lateness(&self, now: Tick, head: i64) -> Samples {
        Samples::new(self.arrivals.lateness(self.write_position(head), now).max(0).unsigned_abs())
    }

    /// The device ended.
    pub(super) fn mark_absent(&mut self, now: Tick) {
        self.state = ArrivalState::Absent;
        self.skip = 0;
        self.absent_since = self.absent_since.or(Some(now));
    }

    /// A new stream of the device was opened, or the call begins with one that has sent nothing yet.
    pub(super) fn reopen(&mut self, silent_when_idle: bool) {
        self.silent_when_idle = silent_when_idle;
        if silent_when_idle {
            self.state = ArrivalState::Idle;
            self.absent_since = None;
        }
    }

    /// Notices where a stream has become idle, has ended before it settled, or was silent for so long that the computer slept.
    pub(super) fn detect_stall(&mut self, now: Tick, head: i64) {
        match self.state {
            // While it is waited for it may be late.
            ArrivalState::Flowing if self.broke_off_at.is_some() => {}
            ArrivalState::Flowing if self.silent_when_idle && self.lateness(now, head) > IDLE_AFTER => {
                self.state = ArrivalState::Idle;
                self.skip = 0;
            }
            ArrivalState::Flowing if self.lateness(now, head) > MAX_AWAY => {
                self.mark_absent(Tick(now.0 - self.lateness(now, head).count() as i64));
            }
            ArrivalState::Settling { count, .. } => {
                let late = self.arrivals.lateness(count, now);
                if late > MAX_LATENESS.count() as i64 {
                    self.mark_absent(Tick(now.0 - late));
                }
            }
            ArrivalState::Flowing | ArrivalState::Absent | ArrivalState::Idle => {}
        }
    }

    /// Whether it has come for long enough to be given a place in the call.
    pub(super) fn has_settled(&self, now: Tick) -> bool {
        matches!(self.state, ArrivalState::Settling { since, .. } if now.since(since) >= SETTLE)
    }

    /// Gives its sound a place in the call: what is not late arrives at `reference` from the clock.
    pub(super) fn align(&mut self, head: i64, reference: i64) {
        let (ArrivalState::Settling { count, .. }, Some(offset)) = (self.state, self.arrivals.offset()) else { return };
        let shift = reference - offset;
        self.move_write_position(count + shift, head, LOST);
        self.arrivals.shift(shift);
        self.state = ArrivalState::Flowing;
        self.absent_since = None;
    }

    /// Ends a window of arrivals; gives the position, less the clock, at which its sound arrived in it and the one before.
    pub(super) fn close_window(&mut self) -> Option<i64> {
        self.arrivals.close_window().filter(|_| self.is_flowing())
    }

    /// So many samples did not come, though nothing said so: their place is marked lost.
    pub(super) fn shift_later(&mut self, samples: i64) {
        self.samples.extend(repeat_n(LOST, usize::try_from(samples).unwrap_or(0)));
        self.arrivals.shift(samples);
    }

    /// So many samples are too many: the oldest ones are left out.
    pub(super) fn shift_earlier(&mut self, samples: i64) {
        let surplus = usize::try_from(samples).unwrap_or(0);
        let here = surplus.min(self.samples.len());
        self.samples.drain(..here);
        self.skip += surplus - here;
        self.arrivals.shift(-samples);
    }

    /// Takes samples out, with silence for those that are missing. Says whether any of them was lost.
    pub(super) fn pop_into(&mut self, into: &mut [f32]) -> bool {
        let missing = if self.is_idle() { SILENT } else { LOST };
        let mut lost = false;
        for place in into {
            let sample = self.samples.pop_front().unwrap_or(missing);
            *place = sample.value;
            lost |= sample.lost;
        }
        lost
    }

    /// The position after the last sample that has arrived.
    fn write_position(&self, head: i64) -> i64 {
        head + self.samples.len() as i64 - self.skip as i64
    }

    /// Makes `position` that of the next sample to arrive: fills up to it, or skips what lies before what was given
    /// out already.
    fn move_write_position(&mut self, position: i64, head: i64, filling: Sample) {
        let end = head + self.samples.len() as i64;
        self.samples.extend(repeat_n(filling, usize::try_from(position - end).unwrap_or(0)));
        self.skip = usize::try_from(end - position).unwrap_or(0);
    }
}
