//! A call that was cut off: what its events lack, and how it would have ended.
//!
//! Most events come late: a run's once it is over, a turn's once the other has the floor. So what goes on is kept beside
//! the events as a [`RecoveryPoint`]. If the process is killed, the floor is gone through once more, by the runs that
//! were emitted and those that went on, up to where the call was heard. The events that this brings and that were not
//! emitted are the call's ending.

use serde::{Deserialize, Serialize};

use crate::asr::Heard;
use crate::audio::{BLOCK_DURATION, PerTrack, Track, as_pair};
use crate::dynamics::utterances;
use crate::frontend::echo::Leak;
use crate::health::{HealthEvent, SoundReport, Trouble};
use crate::session::{Event, Snapshot, is_published};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Conversation, Decision, SpeechActivity, TextHint, TurnEvent};

/// What goes on in a call and has not become an event yet. Times are of the call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecoveryPoint {
    /// Up to where the call was heard.
    pub until: SampleTime,
    /// The speech run of each track that goes on, up to its newest speech.
    #[serde(with = "as_pair")]
    pub runs: PerTrack<Option<Span>>,
    /// Since when each track has had no data; `None` for a track that has some.
    #[serde(with = "as_pair")]
    pub lost: PerTrack<Option<SampleTime>>,
    /// From where on nothing is kept, if the call is off the record.
    pub off_record: Option<SampleTime>,
    /// The leak; `None` if no more is known of it than the events say.
    pub leak: Option<Leak>,
}

impl RecoveryPoint {
    /// What goes on in the call at the moment of a snapshot.
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

    /// Without what has become an event meanwhile: an event may be newer than this point.
    fn without_emitted(mut self, events: &[(SampleTime, Event)]) -> Self {
        for (_, event) in events.iter().rev() {
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

/// A decision on the floor that is older than this stays as it is: text changes nothing older either.
const REVISABLE: Samples = Samples::from_secs(30);

/// The last events of a call that was cut off, as if it had ended there: all that was going on is over, as far as it was
/// heard. `events` are the whole call's. Of its sound no more is known than the troubles that are among them.
pub fn recover_ending(events: &[(SampleTime, Event)], point: &RecoveryPoint) -> Vec<(SampleTime, Event)> {
    let point = point.without_emitted(events);
    let until = events.last().map_or(point.until, |(at, _)| point.until.max(*at));
    let mut end = Vec::new();
    end.extend(point.off_record.map(|from| Event::OffRecord { span: Span::new(from, until) }));
    for track in Track::BOTH {
        end.extend(point.lost[track].map(|since| Event::Lost { track, span: Span::new(since, until) }));
    }
    end.extend(recover_floor(events, &point, until));
    let unheard = PerTrack::from_fn(|track| spans_without_data(events, &point, track, until));
    let (over, sound) = recover_health(events, &unheard, until);
    end.extend(over.into_iter().map(Event::Health));
    let newest = events.iter().rev().find_map(|(_, event)| match event {
        Event::Leak(leak) => Some(*leak),
        _ => None,
    });
    end.push(Event::Ended { leak: point.leak.or(newest).unwrap_or_default(), sound });
    end.into_iter().map(|event| (until, event)).collect()
}

/// The decisions on the floor that were still open, by going through the call again.
fn recover_floor(events: &[(SampleTime, Event)], point: &RecoveryPoint, until: SampleTime) -> Vec<Event> {
    let stands = not_withdrawn(events);
    let mut speech = PerTrack::from_fn(|track| SpanCursor::new(runs_of(&stands, track).chain(point.runs[track])));
    let mut lost = PerTrack::from_fn(|track| SpanCursor::new(spans_without_data(events, point, track, until)));
    let mut hints = text_hints(events).into_iter().peekable();
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

    // What was taken back lately was told lately, and happened before.
    let taken_back = events.iter().filter(|(at, _)| until - *at <= REVISABLE).filter_map(|(_, event)| match event {
        Event::OthersSpeech { spans, .. } => spans.first().map(|first| first.start),
        _ => None,
    });
    let from = taken_back.chain([until.saturating_sub(REVISABLE)]).min();
    let revisable = |at: SampleTime| from.is_none_or(|from| at >= from);
    let no_longer = stands.iter().filter(|(at, event)| revisable(*at) && !again.iter().any(|(_, one)| one == *event));
    let new = again
        .iter()
        .filter(|(at, event)| revisable(*at) && is_published(event) && !stands.iter().any(|(_, one)| *one == event));
    let no_longer = no_longer.map(|(_, event)| Event::Withdrawn((*event).clone()));
    no_longer.chain(new.map(|(_, event)| Event::Turn(event.clone()))).collect()
}

/// The events of the floor that were not withdrawn, and when they were emitted.
fn not_withdrawn(events: &[(SampleTime, Event)]) -> Vec<(SampleTime, &TurnEvent)> {
    let mut standing: Vec<(SampleTime, &TurnEvent)> = Vec::new();
    for (at, event) in events {
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

fn runs_of(events: &[(SampleTime, &TurnEvent)], whose: Track) -> impl Iterator<Item = Span> {
    events.iter().filter_map(move |(_, event)| match event {
        TurnEvent::Run { track, span } if *track == whose => Some(*span),
        _ => None,
    })
}

/// Where there is no data of a track: what was lost, and what was not to be heard.
fn spans_without_data(
    events: &[(SampleTime, Event)],
    point: &RecoveryPoint,
    whose: Track,
    until: SampleTime,
) -> Vec<Span> {
    let mut lost: Vec<Span> = Vec::new();
    let mut paused = None;
    for (at, event) in events {
        match event {
            Event::Lost { track, span } if *track == whose => lost.push(*span),
            Event::OffRecord { span } => lost.push(*span),
            Event::Paused => paused = Some(*at),
            Event::Resumed => lost.extend(paused.take().map(|since| Span::new(since, *at))),
            _ => {}
        }
    }
    let unfinished = [paused, point.lost[whose], point.off_record];
    lost.extend(unfinished.into_iter().flatten().map(|since| Span::new(since, until)));
    lost
}

/// What the texts say of the floor, and when they came; but for those of what was somebody else's.
fn text_hints(events: &[(SampleTime, Event)]) -> Vec<(SampleTime, TextHint)> {
    let others = events.iter().filter_map(|(_, event)| match event {
        Event::OthersSpeech { track, spans } => Some((*track, spans)),
        _ => None,
    });
    let others: Vec<(Track, &Vec<Span>)> = others.collect();
    let is_others =
        |heard: &Heard| others.iter().any(|(track, spans)| *track == heard.track && heard.is_mostly_in(spans));
    let hint = |(at, event): &(SampleTime, Event)| match event {
        Event::Heard(heard) if !is_others(heard) => Some((*at, utterances::text_hint(heard)?)),
        _ => None,
    };
    events.iter().filter_map(hint).collect()
}

/// A trouble that stood is over with the call; how long each stood while its sound was heard is all that is known of the
/// call's sound.
fn recover_health(
    events: &[(SampleTime, Event)],
    unheard: &PerTrack<Vec<Span>>,
    until: SampleTime,
) -> (Vec<HealthEvent>, SoundReport) {
    let (mut standing, mut stood) = (Vec::new(), Vec::<(Trouble, Samples)>::new());
    let mut count = |trouble: Trouble, span: Span| {
        let gaps = trouble.tracks().iter().flat_map(|track| &unheard[*track]).copied();
        let heard = length_outside(span, gaps);
        match stood.iter_mut().find(|(one, _)| *one == trouble) {
            Some((_, sum)) => *sum += heard,
            None => stood.push((trouble, heard)),
        }
    };
    for (_, event) in events {
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

/// How much of a stretch lies in none of the gaps, which may overlap.
fn length_outside(span: Span, gaps: impl Iterator<Item = Span>) -> Samples {
    let mut gaps: Vec<Span> = gaps.collect();
    gaps.sort_by_key(|gap| gap.start);
    let (mut from, mut length) = (span.start, Samples::ZERO);
    for gap in gaps {
        length += Span::new(from, gap.start).intersection(span).len();
        from = from.max(gap.end);
    }
    length + Span::new(from, span.end).intersection(span).len()
}

/// Goes through stretches of the call from its beginning.
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
