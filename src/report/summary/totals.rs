//! What a call's events add up to: the one place where they are folded, for the summary and for the manager's figures.

use std::collections::BTreeMap;

use crate::agenda::{CheckIn, ItemId, ItemState, Note, NoteId};
use crate::audio::{PerTrack, Track};
use crate::dynamics::{self, Dynamics};
use crate::frontend::echo::Leak;
use crate::health::confidence::{self, ConfidenceInput, DoubtfulFigure};
use crate::health::{HealthEvent, SoundReport, Trouble};
use crate::language::QuestionKind;
use crate::nudges::Nudge;
use crate::records::Figures;
use crate::report::median::median_by;
use crate::report::summary::{Rates, derived, floor};
use crate::session::{Aim, Event, Latency};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;
use crate::wire;
use crate::wire::rounding::rounded;

/// What the events of a call add up to.
#[derive(Default)]
pub(super) struct CallTotals {
    pub(super) duration: SampleTime,
    pub(super) dynamics: Dynamics,
    pub(super) lost: PerTrack<Samples>,
    /// The lost stretches themselves.
    pub(super) lost_spans: Vec<(Track, Span)>,
    pub(super) leak: Leak,
    pub(super) sound: SoundReport,
    /// What was wrong with the sound, and when.
    pub(super) troubles: Vec<(Trouble, Span)>,
    pub(super) excluded: ExcludedSpans,
    /// What was to be talked about, by its number.
    pub(super) agenda: BTreeMap<ItemId, (String, ItemState)>,
    /// What was written down, by its number.
    pub(super) notes: BTreeMap<NoteId, Note>,
    /// When the call's purpose or target changed.
    pub(super) aim_changes: Vec<(SampleTime, Aim, Aim)>,
    pub(super) check_in: Option<CheckIn>,
    /// How late the call was shown, if it was live.
    pub(super) latency: Option<Latency>,
    /// What was shown to the manager.
    pub(super) nudges: Vec<Nudge>,
}

/// Stretches of which nothing was to be heard.
#[derive(Default)]
pub(super) struct ExcludedSpans {
    /// What is off the record is none of these.
    pub(super) paused: Vec<Span>,
    pub(super) off_record: Vec<Span>,
    /// Of the microphone alone.
    pub(super) muted: Vec<Span>,
    /// What goes on.
    paused_since: Option<SampleTime>,
    muted_since: Option<SampleTime>,
}

impl ExcludedSpans {
    fn observe(&mut self, at: SampleTime, event: &Event) {
        match event {
            Event::Paused => self.paused_since = Some(at),
            Event::Resumed => self.paused.extend(self.paused_since.take().map(|since| Span::new(since, at))),
            Event::Muted => self.muted_since = Some(at),
            Event::Unmuted => self.muted.extend(self.muted_since.take().map(|since| Span::new(since, at))),
            Event::OffRecord { span } => self.off_record.push(*span),
            Event::Ended { .. } => {
                self.observe(at, &Event::Resumed);
                self.observe(at, &Event::Unmuted);
                self.paused = subtract(&self.paused, &self.off_record);
                self.muted = subtract(&self.muted, &self.off_record);
            }
            _ => {}
        }
    }

    /// How long neither track was heard.
    pub(super) fn length(&self) -> Samples {
        self.paused.iter().chain(&self.off_record).map(|span| span.len()).sum()
    }
}

/// What is left of stretches without others.
fn subtract(stretches: &[Span], others: &[Span]) -> Vec<Span> {
    others.iter().fold(stretches.to_vec(), |left, other| {
        let parts = left.iter().flat_map(|span| {
            [Span::new(span.start, span.end.min(other.start)), Span::new(span.start.max(other.end), span.end)]
        });
        parts.filter(|part| !part.is_empty()).collect()
    })
}

impl CallTotals {
    pub(super) fn from_journal(journal: &[(SampleTime, Event)]) -> Self {
        let mut figures = Self::default();
        let mut events = journal.iter().peekable();
        while let Some((at, event)) = events.next() {
            match event {
                Event::Turn(turn) => figures.dynamics.push(turn),
                Event::Withdrawn(turn) => figures.dynamics.withdraw(turn),
                Event::Heard(heard) => figures.dynamics.push_heard(heard.clone()),
                Event::OthersSpeech { track, spans } => {
                    figures.dynamics.forget_heard(*track, spans);
                    // Many events may come of it, what no longer stands first: they are taken at once.
                    let (mut withdrawn, mut added) = (Vec::new(), Vec::new());
                    while let Some((_, Event::Withdrawn(turn))) =
                        events.next_if(|(then, event)| then == at && matches!(event, Event::Withdrawn(_)))
                    {
                        withdrawn.push(turn.clone());
                    }
                    while let Some((_, Event::Turn(turn))) =
                        events.next_if(|(then, event)| then == at && matches!(event, Event::Turn(_)))
                    {
                        added.push(turn.clone());
                    }
                    figures.dynamics.exchange(&withdrawn, &added);
                }
                Event::FilledPause { track, pause } => figures.dynamics.push_steady_vowel(*track, pause.span),
                Event::Lost { track, span } => {
                    figures.lost[*track] += span.len();
                    figures.lost_spans.push((*track, *span));
                }
                Event::Health(HealthEvent::Ended { trouble, span }) => figures.troubles.push((*trouble, *span)),
                Event::Ended { leak, sound } => {
                    (figures.duration, figures.leak, figures.sound) = (*at, *leak, sound.clone());
                }
                Event::Agenda { id, text, state } => {
                    figures.agenda.insert(*id, (text.clone(), *state));
                }
                Event::Latency(latency) => figures.latency = Some(latency.clone()),
                Event::Note(note) => {
                    figures.notes.insert(note.id, note.clone());
                }
                Event::Aim { from, to } => figures.aim_changes.push((*at, *from, *to)),
                Event::CheckIn(given) => figures.check_in = Some(given.clone()),
                Event::Paused | Event::Resumed | Event::Muted | Event::Unmuted | Event::OffRecord { .. } => {}
                Event::NudgeDismissed(_) | Event::KindMuted(_) | Event::KindUnmuted(_) | Event::Snoozed { .. } => {}
                Event::Stuck | Event::LookTogether(_) => {}
                Event::Health(HealthEvent::Began { .. }) => {}
                Event::Nudge(nudge) => figures.nudges.push(nudge.clone()),
                Event::NudgeWithdrawn(_) | Event::Leak(_) | Event::Notice(_) => {}
            }
            figures.excluded.observe(*at, event);
        }
        let not_heard = figures.excluded.paused.iter().chain(&figures.excluded.off_record);
        figures.dynamics.push_gaps(not_heard.chain(figures.lost_spans.iter().map(|(_, span)| span)).copied());
        figures
    }

    /// The manager's own side, rounded as the summary writes it.
    pub(super) fn figures(&self) -> Figures {
        let me = Track::Me;
        let (dynamics, counts, rates) = (&self.dynamics, self.dynamics.counts(), self.rates(me));
        let monologues = floor::monologues(dynamics);
        let longest = derived::longest_of(&floor::turns(dynamics), &monologues, me);
        let with_text = dynamics.knows_text();
        let questions: Vec<_> = dynamics.questions().filter(|one| one.question.track == me).collect();
        let of_kind = |kind| with_text.then(|| count(questions.iter().filter(|one| one.question.kind == kind).count()));
        let silences = |event: &&TurnEvent| matches!(event, TurnEvent::Silence { after, .. } if *after == me);
        let mut doubts = BTreeMap::new();
        for doubt in self.doubts() {
            let worst = doubts.entry(doubt.figure).or_insert(doubt.confidence);
            *worst = doubt.confidence.min(*worst);
        }
        Figures {
            duration_ms: self.duration.as_ms(),
            talk_ms: dynamics.settled_talk_time(me).as_ms(),
            their_talk_ms: dynamics.settled_talk_time(!me).as_ms(),
            share: self.share().map(rounded),
            longest_turn_ms: longest.first().map(|turn| turn.end_ms - turn.start_ms),
            monologues: count(monologues.iter().filter(|one| one.track == me).count()),
            patience_ms: dynamics.patience(me).map(|patience| patience.median.as_ms()),
            interruptions: counts.successful[me],
            interruptions_failed: counts.failed[me],
            backchannels_per_min: rates.backchannels_per_min,
            silences: count(dynamics.turn_events().iter().filter(silences).count()),
            filled_pauses_per_min: rates.filled_pauses_per_min,
            open_questions: of_kind(QuestionKind::Open),
            closed_questions: of_kind(QuestionKind::Closed),
            progress_questions: of_kind(QuestionKind::Progress),
            regrabs: rates.regrabs,
            wait_ms: median_by(questions.iter().filter_map(|one| one.wait).map(Samples::as_ms), u64::cmp),
            switches_per_min: self.switches_per_min(),
            nudges: count(self.nudges.len()),
            doubts,
        }
        .with_known_share()
    }

    /// Changes of the floor's holder a minute; `None` if nothing was to be heard.
    pub(super) fn switches_per_min(&self) -> Option<f64> {
        wire::per_minute(self.dynamics.counts().switches, self.measured_duration())
    }

    /// How much of the call was to be heard.
    pub(super) fn measured_duration(&self) -> Samples {
        (self.duration - SampleTime::ZERO).saturating_sub(self.excluded.length())
    }

    /// My share of both talk times; `None` if it is not known who talked.
    fn share(&self) -> Option<f64> {
        dynamics::share(self.talk()).filter(|_| !self.sound.hides_who_talked(self.measured_duration()))
    }

    fn talk(&self) -> PerTrack<Samples> {
        PerTrack::from_fn(|track| self.dynamics.settled_talk_time(track))
    }

    /// How often, against how long somebody talked. Without text nothing is known of filled pauses.
    pub(super) fn rates(&self, track: Track) -> Rates {
        let (tally, talk) = (self.dynamics.speech_figures(), self.talk());
        let with_text = self.dynamics.knows_text();
        let own = |count: u32| wire::per_minute(count, talk[track]);
        let questions = f64::from(tally.questions[track]);
        Rates {
            filled_pauses_per_min: own(tally.filled_pauses[track]).filter(|_| self.dynamics.knows_filled_pauses()),
            repetitions_per_min: own(tally.repetitions[track]).filter(|_| with_text),
            pauses_per_min: own(tally.pauses[track]),
            backchannels_per_min: wire::per_minute(self.dynamics.counts().backchannels[track], talk[!track]),
            progress_share: (questions > 0.0).then(|| f64::from(tally.progress_questions[track]) / questions),
            regrabs: with_text.then_some(tally.regrabs[track]),
        }
    }

    /// What makes figures unsure.
    pub(super) fn doubts(&self) -> Vec<DoubtfulFigure> {
        confidence::doubtful_figures(&ConfidenceInput {
            duration: self.measured_duration(),
            lost: self.lost,
            leak: self.leak,
            sound: self.sound.clone(),
            text_coverage: self.dynamics.utterances().coverage(),
            text_coverage_by: PerTrack::from_fn(|track| self.dynamics.utterances().coverage_of(track)),
        })
    }

    /// All speech of each track.
    pub(super) fn speech_time(&self) -> PerTrack<Samples> {
        PerTrack::from_fn(|track: Track| self.dynamics.runs()[track].iter().map(|run| run.len()).sum())
    }

    /// How long both spoke.
    pub(super) fn overlap(&self) -> Samples {
        let mut sum = Samples::ZERO;
        let mut theirs = self.dynamics.runs().them.iter().peekable();
        for mine in &self.dynamics.runs().me {
            while let Some(run) = theirs.peek() {
                sum += mine.intersection(**run).len();
                if run.end > mine.end {
                    break;
                }
                theirs.next();
            }
        }
        sum
    }

    /// How long neither spoke, of what was to be heard.
    pub(super) fn silence(&self) -> Samples {
        let speech = self.speech_time();
        let spoken = (speech.me + speech.them).saturating_sub(self.overlap());
        self.measured_duration().saturating_sub(spoken)
    }
}

/// A count, as it is saved.
fn count(counted: usize) -> u32 {
    u32::try_from(counted).unwrap_or(u32::MAX)
}
