//! Words, off the critical path: what is said goes to a desk, and comes back as text when it can.
//!
//! Nothing waits for the desk, and no figure of the floor depends on it: [`NoText`] is a full mode of the product.

mod chunks;

use crate::audio::Track;
use crate::time::{SampleTime, Span};

pub use chunks::Chunks;

/// A stretch of one speaker for the recogniser: at most 25 s, a little of the quiet around it included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    /// Who speaks.
    pub track: Track,
    /// What part of the call it is.
    pub span: Span,
    /// Its sound: 16 kHz, mono, 16 bit; as long as `span`.
    pub pcm: Vec<i16>,
}

/// Text that was recognised. When it arrives says nothing of when it was spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Who spoke.
    pub track: Track,
    /// When it was spoken.
    pub span: Span,
    /// What was understood.
    pub text: String,
}

/// The only place where text comes in. Neither call may wait.
pub trait Desk {
    /// Hands an utterance over; a full desk drops and counts.
    fn submit(&mut self, utterance: Utterance);

    /// Text that has arrived by `now`, if any.
    fn poll(&mut self, now: SampleTime) -> Option<Heard>;
}

/// The desk of a call without text.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoText;

impl Desk for NoText {
    fn submit(&mut self, _: Utterance) {}

    fn poll(&mut self, _: SampleTime) -> Option<Heard> {
        None
    }
}

#[cfg(test)]
mod tests;
