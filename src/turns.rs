//! From speaking blocks to the floor of a conversation: runs, utterances, backchannels, floor spans, turns, overlaps,
//! silences, monologues. Every definition stands beside its constant, with where it comes from.
//!
//! Needs no sound and no text. What depends on the future is settled when it is known and told once; until then
//! [`Turns::floor`], [`Turns::onset`] and [`Turns::speaking`] say what it looks like. Text may come later and say what
//! an utterance was: [`Conversation`] then judges the last seconds again, and tells what changed.

mod activity_log;
mod conversation;
mod evidence;
mod floor;
mod long_overlap;
mod monologue;
mod overlap;
mod runs;
mod silence;
mod text_hints;

use serde::{Deserialize, Serialize};

use crate::audio::{BLOCK_DURATION, PerTrack, Track};
use crate::time::{SampleTime, Samples, Span};

pub use conversation::{Conversation, FROZEN_AFTER, Revision, difference};
pub use evidence::{BackchannelEvidence, Bound, BoundCheck, Decision, Evidence, MonologueEvidence, OverlapEvidence};
pub use floor::{Floor, UTTERANCE_PAUSE};
pub use monologue::Monologue;
pub use overlap::{MAX_TERMINAL_OVERLAP, Outcome};
pub use silence::MIN_SILENCE;
pub use text_hints::{TextHint, TextKind};

use floor::{FloorSpans, MAX_WRITTEN_BACKCHANNEL};
use long_overlap::LongOverlaps;
use monologue::Monologues;
use overlap::{MIN_ONSET_DELAY, MIN_OVERLAP, Overlaps};
use runs::{RunEvent, Runs};
use silence::Silences;

/// 10 ms of who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpeechActivity {
    /// When it began; each step follows the one before.
    pub start: SampleTime,
    /// Whether each track speaks.
    pub speech: PerTrack<bool>,
    /// Whether a track's sound was lost: neither speech nor silence.
    pub lost: PerTrack<bool>,
}

/// What became certain of the floor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnEvent {
    /// A speech run began, 120 ms ago at the least.
    RunStarted {
        /// Who speaks.
        track: Track,
        /// When the run began.
        at: SampleTime,
    },
    /// A speech run is over.
    Run {
        /// Who spoke.
        track: Track,
        /// From when to when.
        span: Span,
    },
    /// Somebody took the floor, or nobody holds it.
    Floor {
        /// Who holds it from `at` on.
        holder: Floor,
        /// Since when.
        at: SampleTime,
    },
    /// A floor span is over.
    FloorSpan {
        /// The track that it was of.
        track: Track,
        /// From its first to its last speech.
        span: Span,
    },
    /// A short sign of listening.
    Backchannel {
        /// Who gave it.
        by: Track,
        /// From its first to its last speech.
        span: Span,
    },
    /// A turn is over.
    Turn {
        /// The track that it was of.
        track: Track,
        /// From its first to its last floor span.
        span: Span,
    },
    /// One began to speak inside the other's floor span.
    Interruption {
        /// Who began.
        by: Track,
        /// When.
        at: SampleTime,
        /// How long both floor spans coexisted.
        overlap: Samples,
        /// Who kept the floor.
        outcome: Outcome,
    },
    /// One began while the other was finishing: smooth.
    TerminalOverlap {
        /// Who began.
        by: Track,
        /// When.
        at: SampleTime,
        /// How long both floor spans coexisted.
        overlap: Samples,
    },
    /// Both spoke at once for a second or longer.
    LongOverlap {
        /// From when to when.
        span: Span,
    },
    /// Both were silent for 3 s or longer, and somebody broke it.
    Silence {
        /// From the last speech before to the first after.
        span: Span,
        /// Who spoke last before.
        after: Track,
        /// Who spoke first after.
        broken_by: Track,
    },
    /// A monologue of any length is over.
    Monologue {
        /// The track that it was of.
        track: Track,
        /// From its first to its last speech.
        span: Span,
    },
}

impl TurnEvent {
    /// Where what it is about begins.
    pub fn start(&self) -> SampleTime {
        match *self {
            Self::RunStarted { at, .. }
            | Self::Floor { at, .. }
            | Self::Interruption { at, .. }
            | Self::TerminalOverlap { at, .. } => at,
            Self::Run { span, .. }
            | Self::FloorSpan { span, .. }
            | Self::Backchannel { span, .. }
            | Self::Turn { span, .. }
            | Self::LongOverlap { span }
            | Self::Silence { span, .. }
            | Self::Monologue { span, .. } => span.start,
        }
    }
}

/// Somebody who began inside the other's floor span; what it is, is not settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Onset {
    /// Who began.
    pub by: Track,
    /// When.
    pub at: SampleTime,
}

/// The conversation's floor, step by step.
#[derive(Clone, Default)]
pub struct Turns {
    now: SampleTime,
    runs: PerTrack<Runs>,
    /// Runs that began, in the order of their beginnings.
    run_order: RunReorderBuffer,
    floor: FloorSpans,
    overlaps: Overlaps,
    monologues: Monologues,
    silences: Silences,
    long_overlaps: LongOverlaps,
}

/// Mutual silence after which every verdict is settled.
const SETTLED: Samples = Samples::from_ms(4_000);

impl Turns {
    /// Takes the next 10 ms; appends to `out` what became certain.
    pub fn step(&mut self, step: &SpeechActivity, out: &mut Vec<Decision>) {
        let first = out.len();
        self.now = step.start + BLOCK_DURATION;
        for track in Track::BOTH {
            let speech = step.speech[track] && !step.lost[track];
            if let Some(event) = self.runs[track].step(step.start, speech) {
                self.run_order.push(track, event);
            }
        }
        let known = PerTrack::from_fn(|track| self.runs[track].known_until(self.now));
        self.run_order.drain_ready(known, out);
        if step.lost.me || step.lost.them {
            self.silences.mark_lost();
        }
        let (mut settled, mut floor_events) = (Vec::new(), Vec::new());
        for Decision { event, .. } in &out[first..] {
            self.silences.observe(event, &mut settled);
            self.long_overlaps.observe(event, &mut settled);
            self.floor.observe(event, &mut floor_events);
        }
        out.append(&mut settled);
        let known = PerTrack::from_fn(|track| self.run_order.told_until(track, known[track]));
        let open = PerTrack::from_fn(|track| self.runs[track].open_run());
        self.floor.settle(known, open, &mut floor_events);
        self.overlaps.update(&self.floor, &floor_events, &mut settled);
        self.monologues.update(&self.floor, &floor_events, &mut settled);
        out.append(&mut floor_events);
        out.append(&mut settled);
    }

    /// A text says what an utterance was: those that are judged from here on are judged by it.
    pub fn push_hint(&mut self, hint: TextHint) {
        self.floor.push_hint(hint);
    }

    /// The call is over: settles all that is open, as mutual silence would.
    pub fn finish(&mut self, out: &mut Vec<Decision>) {
        let end = self.now;
        while self.now < end + SETTLED {
            let step = SpeechActivity { start: self.now, speech: PerTrack::default(), lost: PerTrack::default() };
            self.step(&step, out);
        }
    }

    /// Who holds the floor, as far as is known.
    pub fn floor(&self) -> Floor {
        self.floor.holder()
    }

    /// The newest onset inside the other's floor span that is not settled: provisional, from the moment at which both
    /// have coexisted for 0.2 s.
    pub fn onset(&self) -> Option<Onset> {
        let open = self.floor.unjudged_onset().or_else(|| self.overlaps.newest_pending());
        let provisional = open.filter(|(by, span)| {
            let theirs = self.floor.open_span(!*by).map(|open| open.span);
            theirs.is_some_and(|theirs| {
                span.start >= theirs.start + MIN_ONSET_DELAY && self.now - span.start >= MIN_OVERLAP
            })
        });
        provisional.map(|(by, span)| Onset { by, at: span.start })
    }

    /// Whether a run of the track is going on.
    pub fn speaking(&self, track: Track) -> bool {
        self.runs[track].speaking()
    }

    /// Whether the track is heard right now, be it long enough for a run or not.
    pub fn voiced(&self, track: Track) -> bool {
        self.runs[track].voiced()
    }

    /// The track's run that is going on, from its beginning to its newest speech.
    pub fn open_run(&self, track: Track) -> Option<Span> {
        self.runs[track].open_run()
    }

    /// The track's turn that is going on, up to its newest speech.
    pub fn open_turn(&self, track: Track) -> Option<Span> {
        self.floor.open_turn(track)
    }

    /// The end of the last speech of either track, while neither speaks.
    pub fn silent_since(&self) -> Option<SampleTime> {
        if Track::BOTH.iter().any(|track| self.runs[*track].open_run().is_some()) {
            return None;
        }
        Some(self.silences.last_speech()?.1)
    }

    /// Who spoke last, once somebody did.
    pub fn last_speaker(&self) -> Option<Track> {
        Some(self.silences.last_speech()?.0)
    }

    /// The track's monologue that is going on, of whatever length.
    pub fn monologue(&self, track: Track) -> Option<Monologue> {
        self.monologues.running(track)
    }
}

/// Brings both tracks' runs into the order of their beginnings: a run is confirmed late, and the other track may hold
/// one that began before and is not confirmed yet.
#[derive(Clone, Default)]
struct RunReorderBuffer {
    pending: Vec<(Track, RunEvent)>,
}

impl RunReorderBuffer {
    fn push(&mut self, track: Track, event: RunEvent) {
        let at = |event: &RunEvent| match event {
            RunEvent::Started(at) => *at,
            RunEvent::Ended(span) => span.end,
        };
        let place = self.pending.partition_point(|(_, earlier)| at(earlier) <= at(&event));
        self.pending.insert(place, (track, event));
    }

    /// The moment up to which every beginning of the track has been passed on, if every one up to `known_until` has been
    /// heard: one that waits here for the other track is not passed on yet.
    fn told_until(&self, track: Track, known_until: SampleTime) -> SampleTime {
        let waiting = self.pending.iter().find_map(|(of, event)| match event {
            RunEvent::Started(at) if *of == track => Some(*at),
            _ => None,
        });
        waiting.map_or(known_until, |at| at.min(known_until))
    }

    /// Passes on what no earlier beginning can still precede.
    fn drain_ready(&mut self, known_until: PerTrack<SampleTime>, out: &mut Vec<Decision>) {
        let ready = self.pending.iter().take_while(|(track, event)| match event {
            RunEvent::Started(at) => known_until[!*track] >= *at,
            RunEvent::Ended(_) => true,
        });
        let ready = ready.count();
        let turn_event = |(track, event)| match event {
            RunEvent::Started(at) => TurnEvent::RunStarted { track, at },
            RunEvent::Ended(span) => TurnEvent::Run { track, span },
        };
        out.extend(self.pending.drain(..ready).map(turn_event).map(Decision::uncompared));
    }
}

#[cfg(test)]
mod tests;
