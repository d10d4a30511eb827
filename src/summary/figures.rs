//! Sums over a call's journal.

use std::collections::BTreeMap;

use crate::agenda::{CheckIn, ItemId, ItemState};
use crate::audio::{PerTrack, Track};
use crate::dynamics::{self, Dynamics};
use crate::echo::Leak;
use crate::health::confidence::{self, Doubt, Grounds};
use crate::health::{HealthEvent, Report, Trouble};
use crate::session::Event;
use crate::summary::Rates;
use crate::time::{SampleTime, Samples, Span};
use crate::wire;

/// What the events of a call add up to.
#[derive(Default)]
pub(super) struct Figures {
    pub(super) duration: SampleTime,
    pub(super) dynamics: Dynamics,
    pub(super) lost: PerTrack<Samples>,
    /// The lost stretches themselves.
    pub(super) holes: Vec<(Track, Span)>,
    pub(super) leak: Leak,
    pub(super) sound: Report,
    /// What was wrong with the sound, and when.
    pub(super) troubles: Vec<(Trouble, Span)>,
    pub(super) not_heard: NotHeard,
    /// What was to be talked about, by its number.
    pub(super) agenda: BTreeMap<ItemId, (String, ItemState)>,
    pub(super) check_in: Option<CheckIn>,
}

/// Stretches of which nothing was to be heard.
#[derive(Default)]
pub(super) struct NotHeard {
    /// What is off the record is none of these.
    pub(super) paused: Vec<Span>,
    pub(super) off_record: Vec<Span>,
    /// Of the microphone alone.
    pub(super) muted: Vec<Span>,
    /// What goes on.
    paused_since: Option<SampleTime>,
    muted_since: Option<SampleTime>,
}

impl NotHeard {
    fn hear(&mut self, at: SampleTime, event: &Event) {
        match event {
            Event::Paused => self.paused_since = Some(at),
            Event::Resumed => self.paused.extend(self.paused_since.take().map(|since| Span::new(since, at))),
            Event::Muted => self.muted_since = Some(at),
            Event::Unmuted => self.muted.extend(self.muted_since.take().map(|since| Span::new(since, at))),
            Event::OffRecord { span } => self.off_record.push(*span),
            Event::Ended { .. } => {
                self.hear(at, &Event::Resumed);
                self.hear(at, &Event::Unmuted);
                self.paused = without(&self.paused, &self.off_record);
                self.muted = without(&self.muted, &self.off_record);
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
fn without(stretches: &[Span], others: &[Span]) -> Vec<Span> {
    others.iter().fold(stretches.to_vec(), |left, other| {
        let parts = left.iter().flat_map(|span| {
            [Span::new(span.start, span.end.min(other.start)), Span::new(span.start.max(other.end), span.end)]
        });
        parts.filter(|part| !part.is_empty()).collect()
    })
}

impl Figures {
    pub(super) fn of(journal: &[(SampleTime, Event)]) -> Self {
        let mut figures = Self::default();
        for (at, event) in journal {
            match event {
                Event::Turn(turn) => figures.dynamics.hear(turn),
                Event::Withdrawn(turn) => figures.dynamics.withdraw(turn),
                Event::Heard(heard) => figures.dynamics.hear_words(heard.clone()),
                Event::FilledPause { track, pause } => figures.dynamics.hear_steady(*track, pause.span),
                Event::Lost { track, span } => {
                    figures.lost[*track] += span.len();
                    figures.holes.push((*track, *span));
                }
                Event::Health(HealthEvent::Ended { trouble, span }) => figures.troubles.push((*trouble, *span)),
                Event::Ended { leak, sound } => {
                    (figures.duration, figures.leak, figures.sound) = (*at, *leak, sound.clone());
                }
                Event::Agenda { id, text, state } => {
                    figures.agenda.insert(*id, (text.clone(), *state));
                }
                Event::CheckIn(given) => figures.check_in = Some(given.clone()),
                Event::Paused | Event::Resumed | Event::Muted | Event::Unmuted | Event::OffRecord { .. } => {}
                Event::NudgeDismissed(_) | Event::KindMuted(_) | Event::KindUnmuted(_) | Event::Snoozed { .. } => {}
                Event::Stuck | Event::LookTogether(_) => {}
                Event::Health(HealthEvent::Began { .. }) => {}
                Event::Nudge(_) | Event::NudgeWithdrawn(_) | Event::Leak(_) | Event::Notice(_) => {}
            }
            figures.not_heard.hear(*at, event);
        }
        let not_heard = figures.not_heard.paused.iter().chain(&figures.not_heard.off_record);
        figures.dynamics.hear_nothing(not_heard.chain(figures.holes.iter().map(|(_, span)| span)).copied());
        figures
    }

    /// How much of the call was to be heard.
    pub(super) fn heard(&self) -> Samples {
        (self.duration - SampleTime::ZERO).saturating_sub(self.not_heard.length())
    }

    /// My share of both talk times.
    pub(super) fn share(&self) -> Option<f64> {
        dynamics::share(self.talk())
    }

    fn talk(&self) -> PerTrack<Samples> {
        PerTrack::from_fn(|track| self.dynamics.settled_talk(track))
    }

    /// How often, against how long somebody talked. Without sound and without text nothing is known of filled pauses.
    pub(super) fn rates(&self, track: Track, sound: bool) -> Rates {
        let (tally, talk) = (self.dynamics.tally(), self.talk());
        let with_text = self.dynamics.words().recognised().is_some();
        let own = |count: u32| wire::per_minute(count, talk[track]);
        let questions = f64::from(tally.questions[track]);
        Rates {
            filled_pauses_per_min: own(tally.filled_pauses[track]).filter(|_| sound || with_text),
            repetitions_per_min: own(tally.repetitions[track]).filter(|_| with_text),
            pauses_per_min: own(tally.pauses[track]),
            backchannels_per_min: wire::per_minute(self.dynamics.counts().backchannels[track], talk[!track]),
            progress_share: (questions > 0.0).then(|| f64::from(tally.progress[track]) / questions),
            regrabs: with_text.then_some(tally.regrabs[track]),
        }
    }

    /// What makes figures unsure.
    pub(super) fn doubts(&self) -> Vec<Doubt> {
        confidence::doubts(&Grounds {
            duration: self.heard(),
            lost: self.lost,
            leak: self.leak,
            sound: self.sound.clone(),
            text_coverage: self.dynamics.words().coverage(),
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
                sum += mine.overlap(**run).len();
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
        self.heard().saturating_sub(spoken)
    }
}
