//! Two tracks become one stream of blocks. All of the live source's logic, and no clock: what arrived, and when, is
//! told to it.
//!
//! The microphone's samples are the call's time. The far end is stretched to it, by as little as keeps the sound of
//! both that arrives at the same moment at the same place of the call. Where the microphone is absent the system's
//! monotonic clock goes on in its place, from where the microphone left it.

use super::clock::Tick;
use super::drift::Drift;
use super::jitter_buffer::{JitterBuffer, MAX_AWAY};
use super::rate_converter::ConversionError;
use crate::audio::{BLOCK_DURATION, BLOCK_SIZE, Block, Pcm, PerTrack, SILENCE, Track, vectorized};
use crate::time::{SAMPLE_RATE, SampleTime, Samples};

/// The call begins without a track that is not heard by then. A monitor's first sound may take two seconds.
const OPENING: Samples = Samples::from_secs(3);

/// Arrivals are compared this often: long enough that one piece at least was not late.
const WINDOW: Samples = Samples::from_secs(1);

/// The far end off by more is put in its place at once; less is stretched away unheard. Drift does not get there.
const MAX_STRETCHED_OFFSET: i64 = Samples::from_ms(40).count() as i64;

/// Microphone samples fewer by this much than the clock expects, for two windows in a row, were lost on the way.
const HOLE: i64 = MAX_STRETCHED_OFFSET;

/// The worker looks every few milliseconds. If it did not for longer, it was away, and so were the threads that read what
/// the system has captured: that may still hold it.
const AWAY: i64 = Samples::from_ms(100).count() as i64;

/// How long what the system still holds is waited for after an absence of the worker, or of a track's sound: what it gives
/// out at once takes milliseconds, on a busy computer a few hundred.
const CATCH_UP: i64 = Samples::from_ms(500).count() as i64;

pub(super) struct Mixer {
    me: JitterBuffer,
    them: JitterBuffer,
    drift: Drift,
    phase: MixerPhase,
    /// The next block's start.
    next: i64,
    /// Position less clock, of sound that arrives now and is not late.
    reference: i64,
    window_ends: Tick,
    /// When the worker last looked.
    looked_at: Tick,
    /// Until then, what was captured while the worker was away, or while nothing of a track came, is waited for.
    catches_up_until: Option<Tick>,
    far_end_input: Vec<f32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MixerPhase {
    /// Since then, both tracks are listened to; the call has not begun.
    Opening(Tick),
    Running,
    /// Nothing more arrives; what is held is given out. `together`: the far end is behind by what is on its way and
    /// not lost, and the call ends where its sound does.
    Ending {
        wait_for_far_end: bool,
    },
}

impl Mixer {
    /// A call whose devices were opened at `now`. `silent_when_idle`: the far end sends nothing while nothing plays.
    pub(super) fn new(now: Tick, silent_when_idle: bool) -> Result<Self, ConversionError> {
        let mut them = JitterBuffer::new(now);
        them.reopen(silent_when_idle);
        Ok(Self {
            me: JitterBuffer::new(now),
            them,
            drift: Drift::new()?,
            phase: MixerPhase::Opening(now),
            next: 0,
            reference: 0,
            window_ends: now,
            looked_at: now,
            catches_up_until: None,
            far_end_input: Vec::new(),
        })
    }

    /// A track delivered samples of 16 kHz; the last of them arrived by `now`.
    pub(super) fn push(&mut self, track: Track, samples: &[f32], now: Tick) {
        self.look(now);
        let (head, reference) = (self.read_position(track), self.expected_offset());
        let begun = self.phase == MixerPhase::Running;
        let buffer = self.buffer_mut(track);
        // A stream that was idle takes its place at once, and before the call there is none to take.
        if begun || !buffer.is_idle() {
            buffer.push(samples, now, head, reference);
        }
    }

    /// A track delivered samples that are lost, after those it was fed.
    pub(super) fn push_lost(&mut self, track: Track, lost: Samples, now: Tick) {
        self.look(now);
        let head = self.read_position(track);
        self.buffer_mut(track).push_lost(i64::try_from(lost.count()).unwrap_or(i64::MAX), now, head);
    }

    /// A track's device ended.
    pub(super) fn close_device(&mut self, track: Track, now: Tick) {
        self.update_reference();
        self.buffer_mut(track).mark_absent(now);
    }

    /// A track's device was opened again.
    pub(super) fn reopen_device(&mut self, track: Track, silent_when_idle: bool) {
        self.buffer_mut(track).reopen(silent_when_idle);
    }

    /// How long a track has had no sound of its own; `None` if it has, or the call has not begun.
    pub(super) fn absent_for(&self, track: Track, now: Tick) -> Option<Samples> {
        let buffer = match track {
            Track::Me => &self.me,
            Track::Them => &self.them,
        };
        buffer.absent_for(now).filter(|_| self.phase == MixerPhase::Running)
    }

    /// Nothing more arrives: from now on [`Mixer::next`] waits for nothing.
    pub(super) fn end(&mut self) {
        let behind = self.me.len() as i64 - self.them.len() as i64;
        self.catches_up_until = None;
        self.phase = MixerPhase::Ending { wait_for_far_end: self.them.is_flowing() && behind <= MAX_STRETCHED_OFFSET };
    }

    /// The next block, if it is complete or there is nothing to wait for.
    pub(super) fn next(&mut self, now: Tick) -> Result<Option<Block>, ConversionError> {
        if !matches!(self.phase, MixerPhase::Ending { .. }) {
            self.look(now);
            self.update_reference();
            for track in Track::BOTH {
                let head = self.read_position(track);
                self.buffer_mut(track).detect_stall(now, head);
            }
            self.await_late(now);
            self.finish_catching_up(now);
            if self.catches_up_until.is_some() {
                return Ok(None);
            }
            self.advance_clock(now)?;
        }
        let needed = self.drift.needed();
        let (mine, theirs) = match self.phase {
            MixerPhase::Opening(_) => (false, false),
            MixerPhase::Running => (
                self.me.len() >= BLOCK_SIZE
                    || !self.me.is_flowing() && self.reference + now.0 >= self.next + BLOCK_SIZE as i64,
                self.them.len() >= needed || !self.them.is_flowing(),
            ),
            MixerPhase::Ending { wait_for_far_end: together } => {
                (self.me.len() >= BLOCK_SIZE, self.them.len() >= needed || !together)
            }
        };
        if mine && theirs { self.mix_block(needed).map(Some) } else { Ok(None) }
    }

    /// Notices that the worker was away: what was captured meanwhile may come late, and in order.
    fn look(&mut self, now: Tick) {
        let away = now.0 - self.looked_at.0;
        self.looked_at = now;
        if self.phase != MixerPhase::Running || !(AWAY..=MAX_AWAY.count() as i64).contains(&away) {
            return;
        }
        self.catches_up_until = Some(Tick(now.0 + CATCH_UP));
        for track in Track::BOTH {
            let head = self.read_position(track);
            self.buffer_mut(track).begin_catching_up(head);
        }
    }

    /// Notices that nothing of a track comes, though the worker looks: the thread that reads it, or the sound server, waits
    /// for the processor, or the sound has ended.
    fn await_late(&mut self, now: Tick) {
        for track in Track::BOTH {
            let head = self.read_position(track);
            let buffer = self.buffer_mut(track);
            if buffer.is_missed(now, head) {
                buffer.begin_catching_up(head);
                self.catches_up_until = Some(Tick(now.0 + CATCH_UP));
            }
        }
    }

    /// Ends the wait for what may still be on its way, once it has come or will not come any more.
    fn finish_catching_up(&mut self, now: Tick) {
        let Some(until) = self.catches_up_until else { return };
        let has_come = Track::BOTH.into_iter().all(|track| {
            let head = self.read_position(track);
            self.buffer_mut(track).has_caught_up(now, head)
        });
        if has_come || now >= until {
            self.catches_up_until = None;
            for track in Track::BOTH {
                let head = self.read_position(track);
                self.buffer_mut(track).finish_catching_up(now, head);
            }
        }
    }

    fn mix_block(&mut self, needed: usize) -> Result<Block, ConversionError> {
        let mut mine = [0.0; BLOCK_SIZE];
        let my_loss = self.me.pop_into(&mut mine);
        self.far_end_input.resize(needed, 0.0);
        let their_loss = self.them.pop_into(&mut self.far_end_input);
        let theirs = self.drift.stretch(&self.far_end_input)?;
        let start = SampleTime::new(self.next.unsigned_abs());
        self.next += BLOCK_DURATION.count() as i64;
        Ok(Block {
            start,
            pcm: PerTrack { me: to_pcm(&mine, my_loss), them: to_pcm(&theirs, their_loss) },
            lost: PerTrack { me: my_loss, them: their_loss },
            speech: None,
        })
    }

    /// What the clock alone tells.
    fn advance_clock(&mut self, now: Tick) -> Result<(), ConversionError> {
        self.update_reference();
        if let MixerPhase::Opening(since) = self.phase {
            let heard = self.me.has_settled(now) && (self.them.has_settled(now) || self.them.absent_for(now).is_none());
            if !heard && now.since(since) < OPENING {
                return Ok(());
            }
            self.phase = MixerPhase::Running;
            // The call's first sample is the one that arrives now.
            self.reference = -now.0;
            self.window_ends = Tick(now.0 + WINDOW.count() as i64);
        }
        for track in Track::BOTH {
            let (head, reference) = (self.read_position(track), self.expected_offset());
            let buffer = self.buffer_mut(track);
            if buffer.has_settled(now) {
                buffer.align(head, reference);
            }
        }
        if now >= self.window_ends {
            self.window_ends = Tick(now.0 + WINDOW.count() as i64);
            self.correct_alignment()?;
        }
        Ok(())
    }

    /// Compares when the tracks' sound arrived in the window that ends.
    fn correct_alignment(&mut self) -> Result<(), ConversionError> {
        if let Some(mine) = self.me.close_window() {
            let fewer = self.reference - mine;
            if fewer >= HOLE {
                self.me.shift_later(fewer);
            } else {
                self.reference = mine;
            }
        }
        if let Some(theirs) = self.them.close_window() {
            match theirs - self.reference {
                late if late > MAX_STRETCHED_OFFSET => {
                    tracing::debug!(
                        "{} ms of the far end are too many and left out",
                        late * 1000 / i64::from(SAMPLE_RATE)
                    );
                    self.them.shift_earlier(late);
                }
                late if late < -MAX_STRETCHED_OFFSET => self.them.shift_later(-late),
                late => self.drift.steer(late)?,
            }
        }
        Ok(())
    }

    /// Where sound belongs that arrives at the clock's zero.
    fn expected_offset(&self) -> i64 {
        self.me.offset().unwrap_or(self.reference)
    }

    /// Remembers the microphone's place for when it is gone.
    fn update_reference(&mut self) {
        self.reference = self.expected_offset();
    }

    fn buffer_mut(&mut self, track: Track) -> &mut JitterBuffer {
        match track {
            Track::Me => &mut self.me,
            Track::Them => &mut self.them,
        }
    }

    /// The position of the first sample that a track holds.
    fn read_position(&self, track: Track) -> i64 {
        match track {
            Track::Me => self.next,
            Track::Them => self.next + self.drift.delay() as i64,
        }
    }
}

/// Samples of 16 bit. A block that lost any holds nothing that could be taken for sound.
fn to_pcm(samples: &[f32; BLOCK_SIZE], lost: bool) -> Pcm {
    if lost {
        return SILENCE;
    }
    vectorized(
        #[inline(always)]
        || samples.map(|sample| (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16),
    )
}

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
