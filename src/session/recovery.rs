//! A call that was cut off: what its events lack, and the end that it would have told.
//!
//! Most of what is heard is told late: a run once it is over, a turn once the other has the floor. So what goes on is
//! kept beside the events, and where the process is killed the floor is gone through once more, by the runs that were
//! told and those that went on, up to where the call was heard. What that brings and nobody was told is told then.

use serde::{Deserialize, Serialize};

use crate::audio::{BLOCK_DURATION, PerTrack, Track, as_pair};
use crate::dynamics::utterances;
use crate::frontend::echo::Leak;
use crate::health::{HealthEvent, SoundReport, Trouble};
use crate::session::{Event, Snapshot, is_published};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Conversation, Decision, SpeechActivity, TextHint, TurnEvent};

/// What of a call that goes on was not told yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecoveryPoint {
    /// Up to where the call was heard.
    pub until: SampleTime,
    /// The speech run of each track that goes on, up to its newest speech.
    #[serde(with = "as_pair")]
    pub runs: PerTrack<Option<Span>>,
    /// Since when each track is being lost, if it is.
    #[serde(with = "as_pair")]
    pub lost: PerTrack<Option<SampleTime>>,
    /// From where on nothing is kept, if the call is off the record.
    pub off_record: Option<SampleTime>,
    /// The leak; `None` if no more is known of it than was told.
    pub leak: Option<Leak>,
}

impl RecoveryPoint {
    /// Of a call that stands so.
    pub fn from_snapshot(snapshot: &Snapshot) -> Self {
        Self {
            until: snapshot.now,
            runs: snapshot.open_run,
            lost: snapshot.losing_since,
            off_record: snapshot.off_record.map(|span| span.start),
            leak: Some(snapshot.leak),
        }
    }

    /// The same once all that was heard after `from` is erased: from there on the call is off the record.
    pub fn erased_after(self, from: SampleTime) -> Self {
        let (runs, lost) = (PerTrack::default(), PerTrack::default());
        Self { runs, lost, off_record: Some(self.off_record.map_or(from, |before| before.min(from))), ..self }
    }

    /// Without what was told meanwhile: an event may be newer than this.
    fn without_emitted(mut self, told: &[(SampleTime, Event)]) -> Self {
        for (_, event) in told.iter().rev() {
            match event {
                Event::Turn(TurnEvent::Run { track, span }) => {
                    self.runs[*track] = self.runs[*track].filter(|run| run.start > span.start);
                }
                Event::Lost { track, span } => {
                    self.lost[*track] = self.lost[*track].filter(|since| *since > span.start);
                }
                Event::OffRecord { span } => {
                    self.off_record = self.off_record.filter(|from| *from >= span.end);
                }
                _ => {}
            }
        }
        self
    }
}

/// A verdict that is older than this is not touched any more: text changes nothing older either.
const REVISABLE: Samples = Samples::from_secs(30);

/// The end that a call would have told had it ended where it was cut off: all that was going on is over, as far as it
/// was heard. How its sound was is not known, but for the troubles that were told.
pub fn recover_ending(told: &[(SampleTime, Event)], untold: &RecoveryPoint) -> Vec<(SampleTime, Event)> {
    let untold = untold.without_emitted(told);
    let until = told.last().map_or(untold.until, |(at, _)| untold.until.max(*at));
    let mut end = Vec::new();
    end.extend(untold.off_record.map(|from| Event::OffRecord { span: Span::new(from, until) }));
    for track in Track::BOTH {
        end.extend(untold.lost[track].map(|since| Event::Lost { track, span: Span::new(since, until) }));
    }
    end.extend(recover_floor(told, &untold, until));
    let (over, sound) = recover_health(told, until);
    end.extend(over.into_iter().map(Event::Health));
    let newest = told.iter().rev().find_map(|(_, event)| match event {
        Event::Leak(leak) => Some(*leak),
        _ => None,
    });
    end.push(Event::Ended { leak: untold.leak.or(newest).unwrap_or_default(), sound });
    end.into_iter().map(|event| (until, event)).collect()
}

/// The verdicts that were open, by going through the call again.
fn recover_floor(told: &[(SampleTime, Event)], untold: &RecoveryPoint, until: SampleTime) -> Vec<Event> {
    let mut speech = PerTrack::from_fn(|track| SpanCursor::new(emitted_runs(told, track).chain(untold.runs[track])));
    let mut lost = PerTrack::from_fn(|track| SpanCursor::new(spans_without_data(told, untold, track, until)));
    let mut hints = text_hints(told).into_iter().peekable();
    let (mut conversation, mut again) = (Conversation::default(), Vec::new());
    let mut now = SampleTime::ZERO;
    while now < until {
        let step = SpeechActivity {
            start: now,
            speech: PerTrack::from_fn(|track| speech[track].covers_at(now)),
            lost: PerTrack::from_fn(|track| lost[track].covers_at(now)),
        };
        let mut settled = Vec::new();
        conversation.step(&step, &mut settled);
        now += BLOCK_DURATION;
        while let Some((_, hint)) = hints.next_if(|(at, _)| *at <= now) {
            let revision = conversation.revise(hint);
            let is_withdrawn = |event: &TurnEvent| revision.withdrawn.iter().any(|withdrawn| withdrawn.event == *event);
            again.retain(|(_, event)| !is_withdrawn(event));
            settled.retain(|decision: &Decision| !is_withdrawn(&decision.event));
            settled.extend(revision.added);
        }
        again.extend(settled.into_iter().map(|decision| (now, decision.event)));
    }
    let mut settled = Vec::new();
    conversation.finish(&mut settled);
    let settled = settled.into_iter().map(|decision| decision.event);
    let settled = settled.filter(|event| !matches!(event, TurnEvent::Floor { at, .. } if *at > until));
    again.extend(settled.map(|event| (until, event)));

    let stands = not_withdrawn(told);
    let open = |at: SampleTime| until - at <= REVISABLE;
    let no_longer = stands.iter().filter(|(at, event)| open(*at) && !again.iter().any(|(_, one)| one == *event));
    let new = again
        .iter()
        .filter(|(at, event)| open(*at) && is_published(event) && !stands.iter().any(|(_, one)| *one == event));
    let no_longer = no_longer.map(|(_, event)| Event::Withdrawn((*event).clone()));
    no_longer.chain(new.map(|(_, event)| Event::Turn(event.clone()))).collect()
}

/// The verdicts that were told and not withdrawn, and when.
fn not_withdrawn(told: &[(SampleTime, Event)]) -> Vec<(SampleTime, &TurnEvent)> {
    let mut standing: Vec<(SampleTime, &TurnEvent)> = Vec::new();
    for (at, event) in told {
        match event {
            Event::Turn(turn) => standing.push((*at, turn)),
            Event::Withdrawn(turn) => {
                if let Some(place) = standing.iter().rposition(|(_, one)| *one == turn) {
                    standing.remove(place);
                }
            }
            _ => {}
        }
    }
    standing
}

fn emitted_runs(told: &[(SampleTime, Event)], whose: Track) -> impl Iterator<Item = Span> {
    told.iter().filter_map(move |(_, event)| match event {
        Event::Turn(TurnEvent::Run { track, span }) if *track == whose => Some(*span),
        _ => None,
    })
}

/// Where there is no data of a track: what was lost, and what was not to be heard.
fn spans_without_data(
    told: &[(SampleTime, Event)],
    untold: &RecoveryPoint,
    whose: Track,
    until: SampleTime,
) -> Vec<Span> {
    let mut lost: Vec<Span> = Vec::new();
    let mut paused = None;
    for (at, event) in told {
        match event {
            Event::Lost { track, span } if *track == whose => lost.push(*span),
            Event::OffRecord { span } => lost.push(*span),
            Event::Paused => paused = Some(*at),
            Event::Resumed => lost.extend(paused.take().map(|since| Span::new(since, *at))),
            _ => {}
        }
    }
    let open = [paused, untold.lost[whose], untold.off_record];
    lost.extend(open.into_iter().flatten().map(|since| Span::new(since, until)));
    lost
}

/// What texts said of the floor, and when they came.
fn text_hints(told: &[(SampleTime, Event)]) -> Vec<(SampleTime, TextHint)> {
    let hint = |(at, event): &(SampleTime, Event)| match event {
        Event::Heard(heard) => Some((*at, utterances::text_hint(heard)?)),
        _ => None,
    };
    told.iter().filter_map(hint).collect()
}

/// Troubles that stood are over with the call; how long each stood is all that is known of its sound.
fn recover_health(told: &[(SampleTime, Event)], until: SampleTime) -> (Vec<HealthEvent>, SoundReport) {
    let (mut standing, mut stood) = (Vec::new(), Vec::<(Trouble, Samples)>::new());
    let mut count = |trouble: Trouble, span: Span| match stood.iter_mut().find(|(one, _)| *one == trouble) {
        Some((_, sum)) => *sum += span.len(),
        None => stood.push((trouble, span.len())),
    };
    for (_, event) in told {
        match event {
            Event::Health(HealthEvent::Began { trouble, at }) => standing.push((*trouble, *at)),
            Event::Health(HealthEvent::Ended { trouble, span }) => {
                standing.retain(|(one, _)| one != trouble);
                count(*trouble, *span);
            }
            _ => {}
        }
    }
    let over = standing.into_iter().map(|(trouble, at)| HealthEvent::Ended { trouble, span: Span::new(at, until) });
    let over: Vec<HealthEvent> = over.collect();
    for event in &over {
        if let HealthEvent::Ended { trouble, span } = event {
            count(*trouble, *span);
        }
    }
    (over, SoundReport { stood, ..SoundReport::default() })
}

/// Stretches of the call, gone through from its beginning.
struct SpanCursor {
    /// In the order of their beginnings.
    remaining: std::iter::Peekable<std::vec::IntoIter<Span>>,
}

impl SpanCursor {
    fn new(stretches: impl IntoIterator<Item = Span>) -> Self {
        let mut left: Vec<Span> = stretches.into_iter().collect();
        left.sort_by_key(|span| span.start);
        Self { remaining: left.into_iter().peekable() }
    }

    /// Whether one reaches over a moment, which is later at every call.
    fn covers_at(&mut self, at: SampleTime) -> bool {
        while self.remaining.next_if(|span| span.end <= at).is_some() {}
        self.remaining.peek().is_some_and(|span| span.contains(at))
    }
}
