//! The older part of a call, whose figures are kept, so that a change costs what is new and not the whole call.
//!
//! Text changes verdicts of the last seconds alone. What lies further back is folded once, in the order of its beginnings;
//! a change that reaches into it after all has it folded again. What is derived is the same as from the whole call at once.

use crate::audio::{PerTrack, Track};
use crate::dynamics::Counts;
use crate::dynamics::pace::{Articulation, PaceRates};
use crate::dynamics::sorted::Sorted;
use crate::dynamics::transfer::{Transfer, TransferFold};
use crate::dynamics::waits::QuestionFollowUp;
use crate::language::QuestionKind;
use crate::time::{SampleTime, Samples};

/// This much of a call's end is never taken for settled …
pub(super) const UNSETTLED: Samples = Samples::from_secs(120);

/// … and it is looked at again once there is this much of it.
pub(super) const SETTLE_EVERY: Samples = Samples::from_secs(240);

/// A change changes nothing that began more than this much before it: no sign of listening is longer.
pub(super) const REACH: Samples = Samples::from_secs(60);

/// How often each thing of the speech happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SpeechCounts {
    pub(super) filled_pauses: PerTrack<u32>,
    pub(super) repetitions: PerTrack<u32>,
    pub(super) pauses: PerTrack<u32>,
    pub(super) questions: PerTrack<u32>,
    pub(super) progress_questions: PerTrack<u32>,
    pub(super) regrabs: PerTrack<u32>,
}

/// What is listed of the speech of a call, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct SpeechLists {
    /// How long it was waited after the questions of each.
    pub(super) waits: PerTrack<Vec<Samples>>,
    /// Of these, the silences that the asker broke.
    pub(super) broken_waits: PerTrack<Vec<Samples>>,
    /// The articulation of each one's utterances.
    pub(super) articulation: PerTrack<Vec<Articulation>>,
}

impl SpeechLists {
    fn lengths(&self) -> ListLengths {
        ListLengths {
            waits: PerTrack::from_fn(|track| self.waits[track].len()),
            broken_waits: PerTrack::from_fn(|track| self.broken_waits[track].len()),
            articulation: PerTrack::from_fn(|track| self.articulation[track].len()),
        }
    }

    /// Leaves only what was there at these lengths.
    pub(super) fn truncate(&mut self, lengths: ListLengths) {
        for track in Track::BOTH {
            self.waits[track].truncate(lengths.waits[track]);
            self.broken_waits[track].truncate(lengths.broken_waits[track]);
            self.articulation[track].truncate(lengths.articulation[track]);
        }
    }
}

/// How long the lists were at a moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ListLengths {
    pub(super) waits: PerTrack<usize>,
    broken_waits: PerTrack<usize>,
    pub(super) articulation: PerTrack<usize>,
}

/// The figures of all that began before a moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Settled {
    pub(super) until: SampleTime,
    pub(super) counts: CountFold,
    pub(super) transfers: TransferFold,
    pub(super) transfer_count: usize,
    pub(super) offsets: PerTrack<Sorted<Samples>>,
    pub(super) speech: SpeechCounts,
    pub(super) lengths: ListLengths,
    pub(super) waits: PerTrack<Sorted<Samples>>,
    pub(super) rates: PerTrack<PaceRates>,
}

impl Settled {
    /// Takes the transfers that begin before the next moment, the last of all.
    pub(super) fn push_transfers(&mut self, new: &[Transfer]) {
        self.transfer_count += new.len();
        for transfer in new {
            if let Some(offset) = transfer.offset.non_negative() {
                self.offsets[transfer.to].insert(offset);
            }
        }
    }

    /// Takes what was added to the lists since they had the lengths that are kept here.
    pub(super) fn push_lists(&mut self, lists: &SpeechLists) {
        for track in Track::BOTH {
            for wait in &lists.waits[track][self.lengths.waits[track]..] {
                self.waits[track].insert(*wait);
            }
            for one in &lists.articulation[track][self.lengths.articulation[track]..] {
                self.rates[track].push(one);
            }
        }
        self.lengths = lists.lengths();
    }
}

/// Counts of verdicts, taken in the order of their beginnings.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CountFold {
    pub(super) counts: Counts,
    pub(super) holder: Option<Track>,
}

/// Takes a question into counts and lists.
pub(super) fn push_question(one: &QuestionFollowUp, counts: &mut SpeechCounts, lists: &mut SpeechLists) {
    let asker = one.question.track;
    counts.questions[asker] += 1;
    counts.progress_questions[asker] += u32::from(one.question.kind == QuestionKind::Progress);
    counts.regrabs[asker] += u32::from(one.regrabbed());
    lists.waits[asker].extend(one.wait);
    if one.broken_by == Some(asker) {
        lists.broken_waits[asker].extend(one.wait);
    }
}
