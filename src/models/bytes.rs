//! Reading a file that may be damaged: every length is compared with what is left before anything is taken or allocated.

use std::borrow::Cow;
use std::ops::RangeInclusive;

/// What is wrong with a file, in words that go on after "it is damaged: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Damage(Cow<'static, str>);

impl Damage {
    pub(super) fn new(what: impl Into<Cow<'static, str>>) -> Self {
        Self(what.into())
    }
}

/// What is left of a little-endian file.
pub(super) struct ByteReader<'a> {
    rest: &'a [u8],
}

impl<'a> ByteReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next `length` bytes, which hold `what`.
    pub(super) fn take(&mut self, length: usize, what: &str) -> Result<&'a [u8], Damage> {
        let (taken, rest) =
            self.rest.split_at_checked(length).ok_or_else(|| Damage::new(format!("it ends within {what}")))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn u32(&mut self, what: &str) -> Result<u32, Damage> {
        let (taken, rest) =
            self.rest.split_first_chunk().ok_or_else(|| Damage::new(format!("it ends within {what}")))?;
        self.rest = rest;
        Ok(u32::from_le_bytes(*taken))
    }

    /// A number of things: a 32-bit integer that must lie in a range. A negative one lies in none.
    pub(super) fn count(&mut self, what: &str, sane: RangeInclusive<u32>) -> Result<usize, Damage> {
        let read = self.u32(what)?;
        let size = usize::try_from(read).ok().filter(|_| sane.contains(&read));
        size.ok_or_else(|| Damage::new(format!("{what} cannot be {}", read.cast_signed())))
    }
}
