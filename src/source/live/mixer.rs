//! Two tracks become one stream of blocks. All of the live source's logic, and no clock: what arrived, and when, is
//! told to it.
//!
//! The microphone's samples are the call's time. The far end is stretched to it, by as little as keeps the sound of
//! both that arrives at the same moment at the same place of the call. Where the microphone is absent the system's
//! monotonic clock goes on in its place, from where the microphone left it.

use super::clock::Tick;
use super::drift::Drift;
use super::rate::Unconvertible;
use super::strand::Strand;
use crate::audio::{BLOCK, Block, Pcm, PerTrack, SILENCE, STEP, Track};
use crate::time::{SAMPLE_RATE, SampleTime, Samples};

/// The call begins without a track that is not heard by then. A monitor's first sound may take two seconds.
const OPENING: Samples = Samples::from_secs(3);

/// Arrivals are compared this often: long enough that one piece at least was not late.
const WINDOW: Samples = Samples::from_secs(1);

/// The far end off by more is put in its place at once; less is stretched away unheard. Drift does not get there.
const JUMP: i64 = Samples::from_ms(40).count() as i64;

/// Microphone samples fewer by this much than the clock expects, for a whole window, were lost on the way.
const HOLE: i64 = JUMP;

pub(super) struct Mixer {
    me: Strand,
    them: Strand,
    drift: Drift,
    phase: Phase,
    /// The next block's start.
    next: i64,
    /// Position less clock, of sound that arrives now and is not late.
    reference: i64,
    window_ends: Tick,
    taken: Vec<f32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Since then, both tracks are listened to; the call has not begun.
    Opening(Tick),
    Running,
    /// Nothing more arrives; what is held is given out. `together`: the far end is behind by what is on its way and
    /// not lost, and the call ends where its sound does.
    Ending {
        together: bool,
    },
}

impl Mixer {
    /// A call whose devices were opened at `now`. `silent_when_idle`: the far end sends nothing while nothing plays.
    pub(super) fn new(now: Tick, silent_when_idle: bool) -> Result<Self, Unconvertible> {
        let mut them = Strand::new(now);
        them.back(silent_when_idle);
        Ok(Self {
            me: Strand::new(now),
            them,
            drift: Drift::new()?,
            phase: Phase::Opening(now),
            next: 0,
            reference: 0,
            window_ends: now,
            taken: Vec::new(),
        })
    }

    /// A track delivered samples of 16 kHz; the last of them arrived by `now`.
    pub(super) fn feed(&mut self, track: Track, samples: &[f32], now: Tick) {
        let (head, reference) = (self.head(track), self.expected());
        let begun = self.phase == Phase::Running;
        let strand = self.strand(track);
        // A stream that was idle takes its place at once, and before the call there is none to take.
        if begun || !strand.is_idle() {
            strand.feed(samples, now, head, reference);
        }
    }

    /// A track delivered samples that are lost, after those it was fed.
    pub(super) fn gap(&mut self, track: Track, lost: Samples, now: Tick) {
        let head = self.head(track);
        self.strand(track).gap(i64::try_from(lost.count()).unwrap_or(i64::MAX), now, head);
    }

    /// A track's device ended.
    pub(super) fn gone(&mut self, track: Track, now: Tick) {
        self.keep_reference();
        self.strand(track).gone(now);
    }

    /// A track's device was opened again.
    pub(super) fn back(&mut self, track: Track, silent_when_idle: bool) {
        self.strand(track).back(silent_when_idle);
    }

    /// How long a track has had no sound of its own; `None` where it has, or the call has not begun.
    pub(super) fn absent_for(&self, track: Track, now: Tick) -> Option<Samples> {
        let strand = match track {
            Track::Me => &self.me,
            Track::Them => &self.them,
        };
        strand.absent_for(now).filter(|_| self.phase == Phase::Running)
    }

    /// Nothing more arrives: from now on [`Mixer::next`] waits for nothing.
    pub(super) fn end(&mut self) {
        let behind = self.me.len() as i64 - self.them.len() as i64;
        self.phase = Phase::Ending { together: self.them.flows() && behind <= JUMP };
    }

    /// The next block, where it is complete or there is nothing to wait for.
    pub(super) fn next(&mut self, now: Tick) -> Result<Option<Block>, Unconvertible> {
        if !matches!(self.phase, Phase::Ending { .. }) {
            self.look(now)?;
        }
        let needed = self.drift.needed();
        let (mine, theirs) = match self.phase {
            Phase::Opening(_) => (false, false),
            Phase::Running => (
                self.me.len() >= BLOCK || !self.me.flows() && self.reference + now.0 >= self.next + BLOCK as i64,
                self.them.len() >= needed || !self.them.flows(),
            ),
            Phase::Ending { together } => (self.me.len() >= BLOCK, self.them.len() >= needed || !together),
        };
        if mine && theirs { self.block(needed).map(Some) } else { Ok(None) }
    }

    fn block(&mut self, needed: usize) -> Result<Block, Unconvertible> {
        let mut mine = [0.0; BLOCK];
        let my_loss = self.me.take(&mut mine);
        self.taken.resize(needed, 0.0);
        let their_loss = self.them.take(&mut self.taken);
        let theirs = self.drift.stretch(&self.taken)?;
        let start = SampleTime::new(self.next.unsigned_abs());
        self.next += STEP.count() as i64;
        Ok(Block {
            start,
            pcm: PerTrack { me: pcm(&mine, my_loss), them: pcm(&theirs, their_loss) },
            lost: PerTrack { me: my_loss, them: their_loss },
            speech: None,
        })
    }

    /// What the clock alone tells.
    fn look(&mut self, now: Tick) -> Result<(), Unconvertible> {
        self.keep_reference();
        for track in Track::BOTH {
            let head = self.head(track);
            self.strand(track).check(now, head);
        }
        if let Phase::Opening(since) = self.phase {
            let heard = self.me.has_settled(now) && (self.them.has_settled(now) || self.them.absent_for(now).is_none());
            if !heard && now.since(since) < OPENING {
                return Ok(());
            }
            self.phase = Phase::Running;
            // The call's first sample is the one that arrives now.
            self.reference = -now.0;
            self.window_ends = Tick(now.0 + WINDOW.count() as i64);
        }
        for track in Track::BOTH {
            let (head, reference) = (self.head(track), self.expected());
            let strand = self.strand(track);
            if strand.has_settled(now) {
                strand.place(head, reference);
            }
        }
        if now >= self.window_ends {
            self.window_ends = Tick(now.0 + WINDOW.count() as i64);
            self.compare()?;
        }
        Ok(())
    }

    /// Compares when the tracks' sound arrived in the window that ends.
    fn compare(&mut self) -> Result<(), Unconvertible> {
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
                late if late > JUMP => {
                    tracing::debug!(
                        "{} ms of the far end are too many and left out",
                        late * 1000 / i64::from(SAMPLE_RATE)
                    );
                    self.them.shift_earlier(late);
                }
                late if late < -JUMP => self.them.shift_later(-late),
                late => self.drift.steer(late)?,
            }
        }
        Ok(())
    }

    /// Where sound belongs that arrives at the clock's zero.
    fn expected(&self) -> i64 {
        self.me.offset().unwrap_or(self.reference)
    }

    /// Remembers the microphone's place for when it is gone.
    fn keep_reference(&mut self) {
        self.reference = self.expected();
    }

    fn strand(&mut self, track: Track) -> &mut Strand {
        match track {
            Track::Me => &mut self.me,
            Track::Them => &mut self.them,
        }
    }

    /// The position of the first sample that a track holds.
    fn head(&self, track: Track) -> i64 {
        match track {
            Track::Me => self.next,
            Track::Them => self.next + self.drift.delay() as i64,
        }
    }
}

/// Samples of 16 bit. A block that lost any holds nothing that could be taken for sound.
fn pcm(samples: &[f32; BLOCK], lost: bool) -> Pcm {
    if lost {
        return SILENCE;
    }
    samples.map(|sample| (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;
