//! How the conversation goes, as figures: talk time and share, counts, patience, shape; hesitations, questions, pace.
//!
//! Every figure is derived from the verdicts that stand and the runs that are going on, so a verdict that text changes
//! shows everywhere. Knows no clock; what text adds is in [`utterances`], [`pace`] and [`hesitation`].

mod derived;
mod edits;
pub mod hesitation;
pub mod pace;
mod settled;
pub mod shape;
mod sorted;
pub mod transfer;
pub mod utterances;
pub mod waits;

use std::sync::Arc;

use crate::asr::Heard;
use crate::audio::{PerTrack, Track};
use crate::language::Language;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Floor, Outcome, TurnEvent, Turns};

use edits::{Edit, remove_where};
use hesitation::Hesitation;
use pace::Articulation;
use settled::{CountFold, Settled, SpeechLists};
use shape::Shape;
use transfer::{Patience, Transfer};
use utterances::HeardUtterances;
use waits::{QuestionFollowUp, WaitStats};

pub use edits::Edits;

/// A shorter monologue is no event: this is the first tier of the nudges.
pub const LONG_MONOLOGUE: Samples = Samples::from_secs(60);

/// For how many more things lists keep room: some minutes of a call.
const ROOM: usize = 512;

/// How often each thing happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Interruptions by each track that got the floor.
    pub successful: PerTrack<u32>,
    /// Interruptions by each track that gave up.
    pub failed: PerTrack<u32>,
    /// Smooth beginnings while the other was finishing.
    pub terminal_overlaps: PerTrack<u32>,
    /// Signs of listening by each track.
    pub backchannels: PerTrack<u32>,
    /// Times that both spoke for a second or longer.
    pub long_overlaps: u32,
    /// Mutual silences.
    pub silences: u32,
    /// Changes of the one who holds the floor (rally).
    pub switches: u32,
}

impl CountFold {
    fn push(&mut self, event: &TurnEvent) {
        let counts = &mut self.counts;
        match *event {
            TurnEvent::Interruption { by, outcome: Outcome::Successful, .. } => counts.successful[by] += 1,
            TurnEvent::Interruption { by, outcome: Outcome::Failed, .. } => counts.failed[by] += 1,
            TurnEvent::TerminalOverlap { by, .. } => counts.terminal_overlaps[by] += 1,
            TurnEvent::Backchannel { by, .. } => counts.backchannels[by] += 1,
            TurnEvent::LongOverlap { .. } => counts.long_overlaps += 1,
            TurnEvent::Silence { .. } => counts.silences += 1,
            TurnEvent::Floor { holder: Floor::Held(track), .. } => {
                counts.switches += u32::from(self.holder.replace(track).is_some_and(|before| before != track));
            }
            _ => {}
        }
    }
}

impl Counts {
    /// Interruptions by each track, whatever came of them.
    pub fn interruptions(&self) -> PerTrack<u32> {
        PerTrack::from_fn(|track| self.successful[track] + self.failed[track])
    }
}

/// How each track spoke, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SpeechFigures {
    /// Filled pauses of each track, as its text names them.
    pub filled_pauses: PerTrack<u32>,
    /// Words that each said twice running.
    pub repetitions: PerTrack<u32>,
    /// Pauses inside the turns of each.
    pub pauses: PerTrack<u32>,
    /// Questions of each …
    pub questions: PerTrack<u32>,
    /// … and of these, the ones that chase progress.
    pub progress_questions: PerTrack<u32>,
    /// Silences after an own question that each broke too soon.
    pub regrabs: PerTrack<u32>,
    /// The pace of each against their own usual one.
    pub pace: PerTrack<Option<f64>>,
    /// How long it was waited after the questions of each.
    pub waits: PerTrack<Option<WaitStats>>,
}

/// The figures of a call, and the events that they are derived from.
#[derive(Clone, Default)]
pub struct Dynamics {
    /// Every verdict that stands, in the order of its moment.
    turn_events: Vec<TurnEvent>,
    /// Every speech run that is over.
    runs: PerTrack<Vec<Span>>,
    /// Steady vowels, as earlier versions heard them in the sound of their calls.
    steady_vowels: PerTrack<Vec<Span>>,
    /// What came back from the recogniser.
    utterances: HeardUtterances,
    /// The gaps in which nothing was heard of one track or of both, in the order in which they became known.
    gaps: Vec<Span>,
    // Derived from these whenever they change.
    talk_runs: PerTrack<Vec<Span>>,
    talk_time: PerTrack<Samples>,
    longest_turn: PerTrack<Samples>,
    counts: Counts,
    speech_lists: SpeechLists,
    speech_figures: SpeechFigures,
    transfers: Vec<Transfer>,
    patience: PerTrack<Option<Patience>>,
    shape: Option<Shape>,
    shape_windows: u64,
    settled: Settled,
    /// What the change that is being made has done, if somebody may want to undo it.
    edits: Option<Edits>,
}

impl Dynamics {
    /// Takes an event that became certain.
    pub fn push(&mut self, event: &TurnEvent) {
        match *event {
            TurnEvent::RunStarted { .. } => {}
            TurnEvent::Run { track, span } => {
                if self.runs[track].last().is_some_and(|last| span.start < last.start) {
                    return self.exchange(&[], std::slice::from_ref(event));
                }
                self.note(Edit::RunAdded { track, place: self.runs[track].len() });
                self.runs[track].push(span);
                self.talk_runs[track].push(span);
                self.talk_time[track] += span.len();
                self.update_shape(span.end);
                self.settle();
            }
            _ => {
                self.insert_event(event);
                self.update_derived(event);
            }
        }
    }

    /// A verdict no longer stands, or a run was none.
    pub fn withdraw(&mut self, event: &TurnEvent) {
        if let TurnEvent::Run { .. } = event {
            self.exchange(std::slice::from_ref(event), &[]);
        } else if self.remove_event(event) {
            self.update_derived(event);
        }
    }

    /// Verdicts and runs no longer stand, and others do in their place, as [`Dynamics::withdraw`] and [`Dynamics::push`] of each
    /// would have it.
    pub fn exchange(&mut self, withdrawn: &[TurnEvent], added: &[TurnEvent]) {
        let Some(from) = withdrawn.iter().chain(added).map(TurnEvent::start).min() else { return };
        for event in withdrawn {
            match *event {
                TurnEvent::Run { track, span } => {
                    for (place, run) in remove_where(&mut self.runs[track], |run| *run == span) {
                        self.note(Edit::RunRemoved { track, place, run });
                    }
                }
                _ => drop(self.remove_event(event)),
            }
        }
        for event in added {
            match *event {
                TurnEvent::RunStarted { .. } => {}
                TurnEvent::Run { track, span } => {
                    let place = self.runs[track].partition_point(|run| run.start <= span.start);
                    self.runs[track].insert(place, span);
                    self.note(Edit::RunAdded { track, place });
                }
                _ => self.insert_event(event),
            }
        }
        self.unsettle(from);
        self.derive_from(from);
    }

    fn insert_event(&mut self, event: &TurnEvent) {
        let place = self.turn_events.partition_point(|earlier| earlier.start() <= event.start());
        self.turn_events.insert(place, event.clone());
        self.note(Edit::EventAdded { place });
    }

    /// Whether it was there.
    fn remove_event(&mut self, event: &TurnEvent) -> bool {
        let Some(place) = self.turn_events.iter().rposition(|one| one == event) else { return false };
        let event = self.turn_events.remove(place);
        self.note(Edit::EventRemoved { place, event });
        true
    }

    /// Takes what the recogniser made of an utterance.
    pub fn push_heard(&mut self, heard: impl Into<Arc<Heard>>) {
        let heard = heard.into();
        self.unsettle(heard.span().start);
        let edits = self.utterances.push(heard);
        edits.into_iter().for_each(|edit| self.note(edit));
        self.derive_speech_figures();
    }

    /// What was taken for the track's speech in these stretches was somebody else's: what was recognised in it counts for
    /// nothing. Its runs are withdrawn one by one.
    pub fn forget_heard(&mut self, track: Track, spans: &[Span]) {
        let edits = self.utterances.forget(track, spans);
        edits.into_iter().for_each(|edit| self.note(edit));
        spans.iter().for_each(|span| self.unsettle(span.start));
        self.derive_speech_figures();
    }

    /// Takes a steady vowel of a track of an earlier version's call, in the order of their ends.
    pub fn push_steady_vowel(&mut self, track: Track, span: Span) {
        self.steady_vowels[track].push(span);
        self.unsettle(SampleTime::ZERO);
        self.derive_speech_figures();
    }

    /// Nothing is known of these stretches: lost, paused or off the record. What was waited through one is no wait.
    pub fn push_gaps(&mut self, spans: impl IntoIterator<Item = Span>) {
        let end = Track::BOTH.iter().filter_map(|track| self.runs[*track].last()).map(|run| run.end).max();
        let mut is_past = false;
        for span in spans {
            self.unsettle(span.start);
            match self.gaps.last_mut() {
                Some(last) if last.start <= span.start && span.start <= last.end => {
                    let end_before = last.end;
                    last.end = end_before.max(span.end);
                    self.note(Edit::GapGrown { end_before });
                }
                _ => {
                    self.gaps.push(span);
                    self.note(Edit::GapAdded);
                }
            }
            is_past |= end.is_some_and(|end| end > span.start);
        }
        // While a gap lasts nothing can lie beyond it; if it becomes known afterwards, something does.
        if is_past {
            self.derive_transfers();
            self.derive_speech_figures();
        }
    }

    #[cfg(test)]
    pub(crate) fn gaps(&self) -> &[Span] {
        &self.gaps
    }

    /// What came back from the recogniser.
    pub fn utterances(&self) -> &HeardUtterances {
        &self.utterances
    }

    /// Every verdict that stands, in the order of their beginnings; runs are in [`Dynamics::runs`].
    pub fn turn_events(&self) -> &[TurnEvent] {
        &self.turn_events
    }

    /// Every speech run that is over, in order.
    pub fn runs(&self) -> &PerTrack<Vec<Span>> {
        &self.runs
    }

    /// Talk time of a track: its runs, backchannels left out, and the run that is going on.
    pub fn talk_time(&self, track: Track, turns: &Turns) -> Samples {
        self.settled_talk_time(track) + turns.open_run(track).map_or(Samples::ZERO, Span::len)
    }

    /// Talk time of a track's finished runs, backchannels left out.
    pub fn settled_talk_time(&self, track: Track) -> Samples {
        self.talk_time[track]
    }

    /// The track's longest turn so far, the one that is going on included; see [`talk_stretches`].
    pub fn longest_turn(&self, track: Track, turns: &Turns) -> Samples {
        let monologue = turns.monologue(track).map(|monologue| monologue.len()).filter(|long| *long >= LONG_MONOLOGUE);
        let turn = || {
            let outside = |turn: &Span| !self.monologues(track).any(|one| !one.intersection(*turn).is_empty());
            turns.open_turn(track).filter(outside).map(Span::len)
        };
        self.longest_turn[track].max(monologue.or_else(turn).unwrap_or_default())
    }

    /// My share of the talk of the call so far, 0 to 1; `None` before anybody spoke.
    pub fn share(&self, turns: &Turns) -> Option<f64> {
        share(PerTrack::from_fn(|track| self.talk_time(track, turns)))
    }

    /// My share of the talk inside a window that ends now, 0 to 1; `None` if nobody spoke in it.
    pub fn share_in(&self, turns: &Turns, window: Span) -> Option<f64> {
        share(PerTrack::from_fn(|track| {
            let runs = self.talk_runs[track].iter().rev().take_while(|run| run.end > window.start).copied();
            runs.chain(turns.open_run(track)).map(|run| run.intersection(window).len()).sum()
        }))
    }

    /// How often each thing happened.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How each track spoke, and how often.
    pub fn speech_figures(&self) -> SpeechFigures {
        self.speech_figures
    }

    /// Every time the floor went over.
    pub fn transfers(&self) -> &[Transfer] {
        &self.transfers
    }

    /// How long the track lets the other finish; `None` under 5 offsets.
    pub fn patience(&self, track: Track) -> Option<Patience> {
        self.patience[track]
    }

    /// The shape of the call so far; `None` under 5 windows.
    pub fn shape(&self) -> Option<Shape> {
        self.shape
    }

    /// The shape of the call up to its end.
    pub fn shape_until(&self, end: SampleTime) -> Option<Shape> {
        Shape::from_talk(PerTrack { me: &self.talk_runs.me, them: &self.talk_runs.them }, end)
    }

    /// Whether anything of what was said is known: some text came. A recogniser that fails gives none.
    pub fn knows_text(&self) -> bool {
        self.utterances.recognized_speech().is_some_and(|speech| speech > Samples::ZERO)
    }

    /// Whether filled pauses are known: some text came, or an earlier version heard some in the sound.
    pub fn knows_filled_pauses(&self) -> bool {
        let by_sound = Track::BOTH.iter().any(|track| !self.steady_vowels[*track].is_empty());
        by_sound || self.knows_text()
    }

    /// Every hesitation, in the order of their beginnings.
    pub fn hesitations(&self) -> Vec<Hesitation> {
        self.hesitations_in(0..self.utterances.heard().len(), 0..self.turn_events.len())
    }

    /// The hesitations of the utterances that end after this, in the order of their beginnings.
    pub fn hesitations_after(&self, from: SampleTime) -> Vec<Hesitation> {
        let first = self.utterances.first_after(from);
        self.hesitations_in(first..self.utterances.heard().len(), 0..0)
    }

    /// Every question, and what followed.
    pub fn questions(&self) -> impl Iterator<Item = QuestionFollowUp> {
        let asked = self.questions_of(self.utterances.heard());
        asked.map(|asked| QuestionFollowUp::measure(asked, &self.runs, &self.turn_events, &self.gaps))
    }

    /// How long the silences after own questions were that the track broke, in the order of the questions.
    pub fn broken_waits(&self, asker: Track) -> &[Samples] {
        &self.speech_lists.broken_waits[asker]
    }

    /// The articulation of the track's utterances, in order.
    pub fn articulation(&self, track: Track) -> &[Articulation] {
        &self.speech_lists.articulation[track]
    }

    /// The usual pace of a speaker: the median of the utterances in this language; `None` under 10.
    pub fn usual_pace(&self, track: Track, language: Language) -> Option<f64> {
        let newer = &self.articulation(track)[self.settled.lengths.articulation[track]..];
        pace::usual_pace(&self.settled.rates[track], newer, language)
    }

    fn turns(&self, whose: Track) -> impl Iterator<Item = Span> {
        turns_of(&self.turn_events, whose)
    }

    fn monologues(&self, whose: Track) -> impl Iterator<Item = Span> {
        self.turn_events.iter().filter_map(move |event| match *event {
            TurnEvent::Monologue { track, span } if track == whose && span.len() >= LONG_MONOLOGUE => Some(span),
            _ => None,
        })
    }
}

/// The stretches for which a track talked, of its turns and its long monologues, in no order: each monologue, which is one
/// turn though the other said a word in it, and the turns that have no part in one.
pub fn talk_stretches(turns: impl Iterator<Item = Span>, monologues: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut stretches: Vec<Span> = monologues.collect();
    let monologues = stretches.clone();
    stretches.extend(turns.filter(|turn| monologues.iter().all(|one| one.intersection(*turn).is_empty())));
    stretches
}

/// Whether some of a stretch, or the moment at which it ends, lies where nothing was heard.
fn touches_gap(gaps: &[Span], stretch: Span) -> bool {
    gaps.iter().any(|one| one.start <= stretch.end && stretch.start < one.end)
}

fn turns_of(events: &[TurnEvent], whose: Track) -> impl Iterator<Item = Span> {
    events.iter().filter_map(move |event| match *event {
        TurnEvent::Turn { track, span } if track == whose => Some(span),
        _ => None,
    })
}

fn floor_spans(events: &[TurnEvent]) -> impl Iterator<Item = (Track, Span)> {
    events.iter().filter_map(|event| match *event {
        TurnEvent::FloorSpan { track, span } => Some((track, span)),
        _ => None,
    })
}

fn backchannel_span(track: Track, event: &TurnEvent) -> Option<Span> {
    match *event {
        TurnEvent::Backchannel { by, span } if by == track => Some(span),
        _ => None,
    }
}

/// My part of both talk times, 0 to 1. Overlap counts for both, silence for none.
pub fn share(talk: PerTrack<Samples>) -> Option<f64> {
    talk.me.fraction_of(talk.me + talk.them)
}

#[cfg(test)]
mod tests;
