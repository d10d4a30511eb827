//! A floor span that begins inside the other's: an interruption and its outcome, or a smooth terminal overlap.

use crate::audio::Track;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;
use crate::turns::floor::{Floor, FloorSpans};

/// An onset sooner after the other's own is a simultaneous start.
pub const INSIDE: Samples = Samples::from_ms(500);

/// Both coexist so long at the least.
pub const COEXIST: Samples = Samples::from_ms(200);

/// The other goes on longer than this after the onset, else it was about to end (Schegloff 2000).
pub const GOES_ON: Samples = Samples::from_ms(500);

/// The interrupter goes on so long after the other gave way, or it is no success.
pub const KEEPS: Samples = Samples::from_ms(500);

/// How an interruption ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The interrupted one's floor span ended first, and the interrupter went on for 0.5 s or longer.
    Successful,
    /// The interrupter ended first, or hardly outlasted the other.
    Failed,
}

/// A floor span that began inside the other's, until both ends are known well enough.
#[derive(Clone, Copy, Debug)]
struct Onset {
    by: Track,
    /// The interrupter's span; its end is known once `mine_over`.
    mine: Span,
    mine_over: bool,
    /// The interrupted one's.
    theirs: Span,
    theirs_over: bool,
}

/// Watches floor spans for overlapping onsets.
#[derive(Clone, Default)]
pub(super) struct Overlaps {
    onsets: Vec<Onset>,
}

impl Overlaps {
    /// The newest onset whose outcome is open.
    pub(super) fn open(&self) -> Option<(Track, Span)> {
        self.onsets.last().map(|onset| (onset.by, onset.mine))
    }

    /// Hears what became of the floor in this step; appends what is settled.
    pub(super) fn settle(&mut self, floor: &FloorSpans, news: &[TurnEvent], out: &mut Vec<TurnEvent>) {
        for event in news {
            if let TurnEvent::Floor { holder: Floor::Held(track), at } = *event {
                self.onsets.extend(begun_inside(floor, track, at));
            }
        }
        for onset in &mut self.onsets {
            onset.follow(floor, news);
        }
        self.onsets.retain(|onset| match onset.verdict() {
            Verdict::Open => true,
            Verdict::Nothing => false,
            Verdict::Is(event) => {
                out.push(event);
                false
            }
        });
    }
}

/// The onset, where the track's span began at `at` well inside the other's.
fn begun_inside(floor: &FloorSpans, by: Track, at: SampleTime) -> Option<Onset> {
    let mine = floor.open(by)?.span;
    let theirs = floor.open(!by)?.span;
    let inside = mine.start == at && at >= theirs.start + INSIDE && at < theirs.end;
    inside.then_some(Onset { by, mine, mine_over: false, theirs, theirs_over: false })
}

enum Verdict {
    /// It depends on what comes.
    Open,
    /// Too short to be anything.
    Nothing,
    Is(TurnEvent),
}

impl Onset {
    fn follow(&mut self, floor: &FloorSpans, news: &[TurnEvent]) {
        for event in news {
            if let TurnEvent::FloorSpan { track, span } = *event {
                if track == self.by && span.start == self.mine.start {
                    (self.mine, self.mine_over) = (span, true);
                } else if track != self.by && span.start == self.theirs.start {
                    (self.theirs, self.theirs_over) = (span, true);
                }
            }
        }
        let open =
            |track, begun: SampleTime| floor.open(track).map(|open| open.span).filter(|span| span.start == begun);
        if !self.mine_over {
            self.mine = open(self.by, self.mine.start).unwrap_or(self.mine);
        }
        if !self.theirs_over {
            self.theirs = open(!self.by, self.theirs.start).unwrap_or(self.theirs);
        }
    }

    fn verdict(&self) -> Verdict {
        let at = self.mine.start;
        if self.theirs_over {
            if self.theirs.end - at <= GOES_ON {
                return self.short(TurnEvent::TerminalOverlap { by: self.by, at, overlap: self.overlap() });
            }
            if self.mine.end >= self.theirs.end + KEEPS {
                return self.short(self.interruption(Outcome::Successful));
            }
        }
        // A span that ended while the other's newest speech is later is the first to end.
        if self.mine_over && (self.theirs_over || self.theirs.end >= self.mine.end) && self.theirs.end - at > GOES_ON {
            return self.short(self.interruption(Outcome::Failed));
        }
        Verdict::Open
    }

    fn short(&self, event: TurnEvent) -> Verdict {
        if self.overlap() >= COEXIST { Verdict::Is(event) } else { Verdict::Nothing }
    }

    fn interruption(&self, outcome: Outcome) -> TurnEvent {
        TurnEvent::Interruption { by: self.by, at: self.mine.start, overlap: self.overlap(), outcome }
    }

    fn overlap(&self) -> Samples {
        self.mine.overlap(self.theirs).len()
    }
}
