//! How the conversation goes, as figures: talk time and share, counts, patience, shape; hesitations, questions, pace.
//!
//! Every figure is derived from the verdicts that stand and the runs that are going on, so a verdict that text changes
//! shows everywhere. Knows no clock; what text adds is in [`utterances`], [`pace`] and [`hesitation`].

pub mod hesitation;
pub mod pace;
pub mod shape;
pub mod transfer;
pub mod utterances;
pub mod waits;

use crate::asr::Heard;
use crate::audio::{PerTrack, Track};
use crate::language::QuestionKind;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Floor, Outcome, TurnEvent, Turns};

use hesitation::Hesitation;
use pace::Articulation;
use shape::Shape;
use transfer::{Patience, Transfer};
use utterances::HeardUtterances;
use waits::{QuestionFollowUp, WaitStats};

/// A shorter monologue is no event: this is the first tier of the nudges.
pub const LONG_MONOLOGUE: Samples = Samples::from_secs(60);

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

impl Counts {
    fn from_events(settled: &[TurnEvent]) -> Self {
        let mut counts = Self::default();
        let mut holder = None;
        for event in settled {
            match *event {
                TurnEvent::Interruption { by, outcome: Outcome::Successful, .. } => counts.successful[by] += 1,
                TurnEvent::Interruption { by, outcome: Outcome::Failed, .. } => counts.failed[by] += 1,
                TurnEvent::TerminalOverlap { by, .. } => counts.terminal_overlaps[by] += 1,
                TurnEvent::Backchannel { by, .. } => counts.backchannels[by] += 1,
                TurnEvent::LongOverlap { .. } => counts.long_overlaps += 1,
                TurnEvent::Silence { .. } => counts.silences += 1,
                TurnEvent::Floor { holder: Floor::Held(track), .. } => {
                    counts.switches += u32::from(holder.replace(track).is_some_and(|before| before != track));
                }
                _ => {}
            }
        }
        counts
    }

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
    speech_figures: SpeechFigures,
    transfers: Vec<Transfer>,
    patience: PerTrack<Option<Patience>>,
    shape: Option<Shape>,
    shape_windows: u64,
}

impl Dynamics {
    /// Takes an event that became certain.
    pub fn push(&mut self, event: &TurnEvent) {
        match *event {
            TurnEvent::RunStarted { .. } => {}
            TurnEvent::Run { track, span } => {
                self.runs[track].push(span);
                self.talk_runs[track].push(span);
                self.talk_time[track] += span.len();
                self.update_shape(span.end);
            }
            _ => {
                let place = self.turn_events.partition_point(|earlier| earlier.start() <= event.start());
                self.turn_events.insert(place, event.clone());
                self.update_derived(event);
            }
        }
    }

    /// A verdict no longer stands.
    pub fn withdraw(&mut self, event: &TurnEvent) {
        if let Some(place) = self.turn_events.iter().rposition(|one| one == event) {
            self.turn_events.remove(place);
            self.update_derived(event);
        }
    }

    /// Takes what the recogniser made of an utterance.
    pub fn push_heard(&mut self, heard: Heard) {
        self.utterances.push(heard);
        self.speech_figures = self.derive_speech_figures();
    }

    /// Takes a steady vowel of a track of an earlier version's call, in the order of their ends.
    pub fn push_steady_vowel(&mut self, track: Track, span: Span) {
        self.steady_vowels[track].push(span);
        self.speech_figures = self.derive_speech_figures();
    }

    /// Nothing is known of these stretches: lost, paused or off the record. What was waited through one is no wait.
    pub fn push_gaps(&mut self, spans: impl IntoIterator<Item = Span>) {
        let end = Track::BOTH.iter().filter_map(|track| self.runs[*track].last()).map(|run| run.end).max();
        let mut is_past = false;
        for span in spans {
            match self.gaps.last_mut() {
                Some(last) if last.start <= span.start && span.start <= last.end => last.end = last.end.max(span.end),
                _ => self.gaps.push(span),
            }
            is_past |= end.is_some_and(|end| end > span.start);
        }
        // While a gap lasts nothing can lie beyond it; if it becomes known afterwards, something does.
        if is_past {
            self.derive_transfers();
            self.speech_figures = self.derive_speech_figures();
        }
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

    /// The track's longest turn so far, the one that is going on included.
    pub fn longest_turn(&self, track: Track, turns: &Turns) -> Samples {
        self.longest_turn[track].max(turns.open_turn(track).map_or(Samples::ZERO, Span::len))
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

    /// Whether filled pauses are known: some text came, or an earlier version heard some in the sound.
    pub fn knows_filled_pauses(&self) -> bool {
        let by_sound = Track::BOTH.iter().any(|track| !self.steady_vowels[*track].is_empty());
        by_sound || self.utterances.recognized_speech().is_some_and(|speech| speech > Samples::ZERO)
    }

    /// Every hesitation, in the order of their beginnings.
    pub fn hesitations(&self) -> Vec<Hesitation> {
        let mut found: Vec<Hesitation> = hesitation::repetitions(self.utterances.heard()).collect();
        for track in Track::BOTH {
            found.extend(hesitation::filled_pauses(track, &self.steady_vowels[track], self.utterances.heard()));
            found.extend(hesitation::pauses(track, self.turns(track), &self.runs));
        }
        // うーん while the other talks is no hesitation, and short signs are misheard as such words.
        let signs = PerTrack::from_fn(|track| self.backchannels(track));
        let filled = |one: &Hesitation| one.kind == hesitation::HesitationKind::FilledPause;
        let heard =
            |one: &Hesitation| one.kind != hesitation::HesitationKind::Pause || !touches_gap(&self.gaps, one.span);
        found.retain(heard);
        found.retain(|one| !filled(one) || !signs[one.track].iter().any(|span| lies_mostly_inside(one, *span)));
        found.sort_by_key(|one| (one.span.start, one.track, one.kind));
        found
    }

    /// Every question, and what followed.
    pub fn questions(&self) -> impl Iterator<Item = QuestionFollowUp> {
        let asked = self.utterances.heard().iter().flat_map(utterances::questions);
        asked.map(|asked| QuestionFollowUp::measure(asked, &self.runs, &self.turn_events, &self.gaps))
    }

    /// The articulation of the track's utterances, in order.
    pub fn articulation(&self, track: Track) -> Vec<Articulation> {
        let filled = hesitation::filled_pauses(track, &self.steady_vowels[track], self.utterances.heard());
        let own = self.utterances.heard().iter().filter(|one| one.track == track);
        let articulation = |one: &Heard| {
            let inside = filled.iter().map(|pause| pause.span.intersection(one.span()).len()).sum();
            Articulation::from_heard(one, inside)
        };
        own.filter_map(articulation).collect()
    }

    fn turns(&self, whose: Track) -> impl Iterator<Item = Span> {
        self.turn_events.iter().filter_map(move |event| match *event {
            TurnEvent::Turn { track, span } if track == whose => Some(span),
            _ => None,
        })
    }

    /// What depends on the verdicts that `event` is one of.
    fn update_derived(&mut self, event: &TurnEvent) {
        self.counts = Counts::from_events(&self.turn_events);
        match *event {
            TurnEvent::Backchannel { by, .. } => {
                self.talk_runs[by] = self.derive_talk_runs(by);
                self.talk_time[by] = self.talk_runs[by].iter().map(|run| run.len()).sum();
                self.speech_figures = self.derive_speech_figures();
            }
            TurnEvent::FloorSpan { .. } => self.derive_transfers(),
            TurnEvent::Turn { track, .. } => {
                self.longest_turn[track] = self.turns(track).map(Span::len).max().unwrap_or_default();
                self.speech_figures = self.derive_speech_figures();
            }
            _ => {}
        }
    }

    fn derive_transfers(&mut self) {
        let spans = self.turn_events.iter().filter_map(|event| match *event {
            TurnEvent::FloorSpan { track, span } => Some((track, span)),
            _ => None,
        });
        self.transfers = transfer::find_transfers(spans, &self.gaps);
        self.patience = PerTrack::from_fn(|track| Patience::from_transfers(track, &self.transfers));
    }

    fn derive_speech_figures(&self) -> SpeechFigures {
        let mut tally = SpeechFigures::default();
        for one in self.hesitations() {
            let of = match one.kind {
                hesitation::HesitationKind::FilledPause => &mut tally.filled_pauses,
                hesitation::HesitationKind::Repetition => &mut tally.repetitions,
                hesitation::HesitationKind::Pause => &mut tally.pauses,
            };
            of[one.track] += 1;
        }
        let questions: Vec<QuestionFollowUp> = self.questions().collect();
        for wait in &questions {
            let asker = wait.question.track;
            tally.questions[asker] += 1;
            tally.progress_questions[asker] += u32::from(wait.question.kind == QuestionKind::Progress);
            tally.regrabs[asker] += u32::from(wait.regrabbed());
        }
        tally.waits = PerTrack::from_fn(|track| WaitStats::from_questions(track, &questions));
        let now = Track::BOTH.iter().filter_map(|track| self.runs[*track].last()).map(|run| run.end).max();
        tally.pace = PerTrack::from_fn(|track| pace::relative_pace(&self.articulation(track), now?));
        tally
    }

    fn backchannels(&self, track: Track) -> Vec<Span> {
        self.turn_events.iter().filter_map(|event| backchannel_span(track, event)).collect()
    }

    /// The track's runs that are no part of a backchannel.
    fn derive_talk_runs(&self, track: Track) -> Vec<Span> {
        let backchannels = self.backchannels(track);
        let mut next = backchannels.iter().peekable();
        let mut talk = Vec::with_capacity(self.runs[track].len());
        for run in &self.runs[track] {
            while next.next_if(|span| span.end <= run.start).is_some() {}
            if next.peek().is_none_or(|span| span.intersection(*run).is_empty()) {
                talk.push(*run);
            }
        }
        talk
    }

    fn update_shape(&mut self, until: SampleTime) {
        let windows = Shape::window_count(until);
        if windows != self.shape_windows {
            self.shape_windows = windows;
            self.shape = self.shape_until(until);
        }
    }
}

/// Whether some of a stretch, or the moment at which it ends, lies where nothing was heard.
fn touches_gap(gaps: &[Span], stretch: Span) -> bool {
    gaps.iter().any(|one| one.start <= stretch.end && stretch.start < one.end)
}

/// Whether the most of a hesitation lies in the stretch.
fn lies_mostly_inside(one: &Hesitation, stretch: Span) -> bool {
    2 * one.span.intersection(stretch).len().count() > one.span.len().count()
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
