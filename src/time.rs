//! Time inside a call: counted in samples of the call's own 16 kHz clock.
//!
//! Nothing here reads a clock. A moment is how many samples of the call came before it, so a recorded call and a
//! live one have the same times. Milliseconds exist only at the edges (the wire, files, tables of constants); the
//! journal keeps counts of samples, so serde writes lengths and moments as plain counts, and a stretch as the pair of
//! its ends.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// Samples per second of the call's clock, on both tracks.
pub const SAMPLE_RATE: u32 = 16_000;

const SAMPLES_PER_MS: u64 = SAMPLE_RATE as u64 / 1000;

/// No call is longer than a week: what a damaged file says beyond is refused when it is read.
const LONGEST_CALL: u64 = 7 * 24 * 3_600 * SAMPLE_RATE as u64;

/// A count of samples that no call has. The file that it comes from is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} samples are longer than any call")]
pub struct TooLong(u64);

/// A length of time, in samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub struct Samples(u64);

impl TryFrom<u64> for Samples {
    type Error = TooLong;

    fn try_from(count: u64) -> Result<Self, TooLong> {
        if count <= LONGEST_CALL { Ok(Self(count)) } else { Err(TooLong(count)) }
    }
}

impl Samples {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A length given as a count of 16 kHz samples.
    pub const fn new(count: u64) -> Self {
        Self(count)
    }

    /// A length given in milliseconds.
    pub const fn from_ms(ms: u64) -> Self {
        Self(ms * SAMPLES_PER_MS)
    }

    /// A length given in seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self::from_ms(secs * 1000)
    }

    /// The count of samples.
    pub const fn count(self) -> u64 {
        self.0
    }

    /// Whole milliseconds, rounded down.
    pub const fn as_ms(self) -> u64 {
        self.0 / SAMPLES_PER_MS
    }

    /// This length less another, zero if the other is longer.
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// This length as a fraction of another; `None` if the other is zero.
    pub fn fraction_of(self, whole: Self) -> Option<f64> {
        (whole.0 > 0).then(|| self.0 as f64 / whole.0 as f64)
    }
}

impl fmt::Display for Samples {
    /// Seconds with two decimal places: `4.83 s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} s", self.as_ms() as f64 / 1000.0)
    }
}

impl Add for Samples {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Samples {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for Samples {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::ZERO, Add::add)
    }
}

/// A moment of the call: the samples that came before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub struct SampleTime(u64);

impl TryFrom<u64> for SampleTime {
    type Error = TooLong;

    fn try_from(count: u64) -> Result<Self, TooLong> {
        Samples::try_from(count).map(|before| Self(before.0))
    }
}

impl SampleTime {
    /// The call's first sample.
    pub const ZERO: Self = Self(0);

    /// The moment before which `count` samples passed.
    pub const fn new(count: u64) -> Self {
        Self(count)
    }

    /// The moment `ms` milliseconds into the call.
    pub const fn from_ms(ms: u64) -> Self {
        Self(ms * SAMPLES_PER_MS)
    }

    /// The samples since the call began.
    pub const fn count(self) -> u64 {
        self.0
    }

    /// Whole milliseconds since the call began, rounded down.
    pub const fn as_ms(self) -> u64 {
        self.0 / SAMPLES_PER_MS
    }

    /// How long after `earlier` this moment is; zero if it is not after it.
    pub const fn since(self, earlier: Self) -> Samples {
        Samples(self.0.saturating_sub(earlier.0))
    }

    /// The moment `length` before this one; the call's first sample if that lies before it.
    pub const fn saturating_sub(self, length: Samples) -> Self {
        Self(self.0.saturating_sub(length.0))
    }
}

impl Add<Samples> for SampleTime {
    type Output = Self;
    fn add(self, length: Samples) -> Self {
        Self(self.0 + length.0)
    }
}

impl AddAssign<Samples> for SampleTime {
    fn add_assign(&mut self, length: Samples) {
        self.0 += length.0;
    }
}

impl Sub for SampleTime {
    type Output = Samples;
    /// Like [`SampleTime::since`].
    fn sub(self, earlier: Self) -> Samples {
        self.since(earlier)
    }
}

/// A length of time with a direction, in samples: negative is before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(i64);

impl Offset {
    /// From one moment to another; negative if `to` comes first.
    pub const fn between(from: SampleTime, to: SampleTime) -> Self {
        Self(to.0.cast_signed() - from.0.cast_signed())
    }

    /// Whole milliseconds, rounded towards zero.
    pub const fn as_ms(self) -> i64 {
        self.0 / SAMPLES_PER_MS.cast_signed()
    }

    /// The length, if it is not negative; `None` otherwise.
    pub const fn non_negative(self) -> Option<Samples> {
        if self.0 < 0 { None } else { Some(Samples(self.0.cast_unsigned())) }
    }
}

impl fmt::Display for SampleTime {
    /// Minutes, seconds and tenths: `2:07.4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.as_ms() / 100;
        write!(f, "{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
    }
}

/// A stretch of the call: from `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(SampleTime, SampleTime)", into = "(SampleTime, SampleTime)")]
pub struct Span {
    /// The first moment inside.
    pub start: SampleTime,
    /// The first moment after.
    pub end: SampleTime,
}

impl From<(SampleTime, SampleTime)> for Span {
    fn from((start, end): (SampleTime, SampleTime)) -> Self {
        Self::new(start, end)
    }
}

impl From<Span> for (SampleTime, SampleTime) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}

impl Span {
    /// The stretch between two moments; empty if `end` is not after `start`.
    pub fn new(start: SampleTime, end: SampleTime) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The stretch between two moments given in milliseconds.
    pub fn from_ms(start: u64, end: u64) -> Self {
        Self::new(SampleTime::from_ms(start), SampleTime::from_ms(end))
    }

    /// How long it is.
    pub fn len(self) -> Samples {
        self.end - self.start
    }

    /// Whether it holds no sample.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the moment lies inside.
    pub fn contains(self, at: SampleTime) -> bool {
        self.start <= at && at < self.end
    }

    /// What both have in common; empty if they do not touch.
    pub fn intersection(self, other: Self) -> Self {
        let start = self.start.max(other.start);
        Self::new(start, self.end.min(other.end))
    }
}

#[cfg(test)]
mod tests;
