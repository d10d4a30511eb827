//! What a rule of the floor had in hand when it decided: the lengths that it measured, and the bounds that it compared
//! them with.
//!
//! The rules decide by these types, so what `--explain` prints is what was compared, and no rule is written twice.
//! Evidence is not part of an event: no journal holds it, and two equal events may have been decided by different evidence.

use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;
use crate::turns::overlap::{MAX_TERMINAL_OVERLAP, MIN_ONSET_DELAY, MIN_OUTLAST, MIN_OVERLAP};
use crate::turns::text_hints::TextHint;

/// An event of the floor, and what the rule that decided it had in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub event: TurnEvent,
    /// What was compared for it.
    pub evidence: Evidence,
}

impl Decision {
    pub(super) fn new(event: TurnEvent, evidence: Evidence) -> Self {
        Self { event, evidence }
    }

    /// An event for which nothing was compared.
    pub fn uncompared(event: TurnEvent) -> Self {
        Self::new(event, Evidence::None)
    }

    /// The decision as a text withdraws it: if the text is of the words that were judged, it is part of the evidence.
    pub(super) fn withdrawn_by(mut self, hint: TextHint) -> Self {
        if let (TurnEvent::Backchannel { by, span }, Evidence::Backchannel(compared)) =
            (&self.event, &mut self.evidence)
            && *by == hint.track
            && !span.intersection(hint.span).is_empty()
        {
            compared.text = Some(hint);
        }
        self
    }
}

/// What a rule had in hand when it decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Nothing was compared: the event is what was heard, or follows from other events.
    None,
    /// One length decided: that of a silence, of a long overlap, or of the silence that freed the floor.
    Length(BoundCheck),
    /// An utterance was judged to be a backchannel.
    Backchannel(BackchannelEvidence),
    /// Two floor spans overlap.
    Overlap(OverlapEvidence),
    /// A monologue is over.
    Monologue(MonologueEvidence),
    /// Somebody holds the floor because this floor span of theirs began.
    FloorSpanBegan(Span),
    /// Somebody holds the floor again because the other's floor span ended inside theirs.
    FloorReturned,
}

/// A bound that a rule asks of a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// This length or longer.
    AtLeast(Samples),
    /// Longer than this.
    Over(Samples),
    /// This length or shorter.
    AtMost(Samples),
    /// Shorter than this.
    Under(Samples),
}

impl Bound {
    /// Whether a length is within the bound.
    pub fn is_met_by(self, length: Samples) -> bool {
        match self {
            Self::AtLeast(bound) => length >= bound,
            Self::Over(bound) => length > bound,
            Self::AtMost(bound) => length <= bound,
            Self::Under(bound) => length < bound,
        }
    }
}

/// A length that was measured, and the bound that it was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundCheck {
    /// What was measured.
    pub length: Samples,
    /// What the rule asks of it.
    pub bound: Bound,
}

impl BoundCheck {
    pub(super) fn new(length: Samples, bound: Bound) -> Self {
        Self { length, bound }
    }

    /// Whether the length is within the bound.
    pub fn is_met(self) -> bool {
        self.bound.is_met_by(self.length)
    }
}

/// Why an utterance is a backchannel; besides this the other held the floor when it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackchannelEvidence {
    /// What was known of its text; `None` if nothing was.
    pub text: Option<TextHint>,
    /// Its length.
    pub length: BoundCheck,
    /// How late own speech has to follow so that the utterance is not that speech's beginning; `None` if the text shows
    /// that it is none.
    pub continuation: Option<Bound>,
    /// From its end until the other was heard.
    pub other_resumed: BoundCheck,
}

/// Two floor spans, of which one begins inside the other: what an interruption and a terminal overlap are judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverlapEvidence {
    /// The floor span that began inside the other, as far as it was known.
    pub interrupter: Span,
    /// The floor span that it began in, as far as it was known.
    pub interrupted: Span,
}

impl OverlapEvidence {
    /// From the beginning of the interrupted span to the onset.
    pub fn onset_delay(&self) -> BoundCheck {
        BoundCheck::new(self.onset() - self.interrupted.start, Bound::AtLeast(MIN_ONSET_DELAY))
    }

    /// How long both spans coexist.
    pub fn coexistence(&self) -> BoundCheck {
        BoundCheck::new(self.interrupter.intersection(self.interrupted).len(), Bound::AtLeast(MIN_OVERLAP))
    }

    /// How long the interrupted span goes on after the onset; within [`MAX_TERMINAL_OVERLAP`] it was about to end.
    pub fn interrupted_went_on(&self) -> BoundCheck {
        BoundCheck::new(self.interrupted.end - self.onset(), Bound::Over(MAX_TERMINAL_OVERLAP))
    }

    /// By how much the interrupter outlasts the other; zero if the interrupter ends first.
    pub fn outlasted(&self) -> BoundCheck {
        BoundCheck::new(self.interrupter.end - self.interrupted.end, Bound::AtLeast(MIN_OUTLAST))
    }

    /// When the interrupter began.
    pub fn onset(&self) -> SampleTime {
        self.interrupter.start
    }
}

/// Why a monologue is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonologueEvidence {
    /// The other's floor span that ended it, as far as it was known; `None` if mutual silence or the call's end did.
    pub ended_by: Option<Span>,
    /// How long such a span has to be.
    pub bound: Bound,
}
