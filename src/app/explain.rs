//! The figures that decided an event, from what its rule had in hand while the call ran.

mod measures;

use std::fmt::Write;
use std::str::FromStr;

use crate::app::AppError;
use crate::dynamics::hesitation::{Hesitation, HesitationKind};
use crate::report::summary;
use crate::session::{Event, Sink};
use crate::time::{SampleTime, Span};
use crate::turns::{Bound, Decision, TurnEvent};
use crate::wire;

use measures::{Measure, Value};

/// Which events are asked for. It is written as `17`, `interruption` or `interruption@1:23.2` (minutes and seconds).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventSelector {
    /// The one with this number in `events.jsonl`, from 1.
    Number(u64),
    /// All events of a kind, or the one whose beginning is nearest to a time of the call.
    Kind(String, Option<SampleTime>),
}

/// Why a word names no event. Each message says how to write one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventSelectorError {
    /// What stands behind the `@` is no time.
    #[error("{0} is no time; write 83.2 or 1:23.2")]
    NoTime(String),
    /// It is neither a number nor a kind.
    #[error("give an event's number in events.jsonl, a kind, or a kind and a time: interruption@1:23")]
    NoKind,
}

impl FromStr for EventSelector {
    type Err = EventSelectorError;

    fn from_str(word: &str) -> Result<Self, EventSelectorError> {
        if let Ok(number) = word.parse() {
            return Ok(Self::Number(number));
        }
        let (kind, at) = match word.split_once('@') {
            Some((kind, at)) => (kind, Some(time(at).ok_or_else(|| EventSelectorError::NoTime(at.to_owned()))?)),
            None => (word, None),
        };
        if kind.is_empty() || !kind.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            return Err(EventSelectorError::NoKind);
        }
        Ok(Self::Kind(kind.to_owned(), at))
    }
}

/// A time of the call, in seconds as `83.2` or in minutes and seconds as `1:23.2`.
fn time(text: &str) -> Option<SampleTime> {
    let (minutes, seconds) = text.split_once(':').unwrap_or(("0", text));
    let (minutes, seconds) = (minutes.parse::<u32>().ok()?, seconds.parse::<f64>().ok()?);
    let fits = seconds.is_finite() && (0.0..1_000_000.0).contains(&seconds);
    fits.then(|| SampleTime::from_ms(u64::from(minutes) * 60_000 + (seconds * 1000.0).round() as u64))
}

/// What decided the events that are asked for, as lines of text: each event, and under it what was measured and the
/// rule that it was held against. `journal` holds the whole call's events, with the moment at which each was emitted.
///
/// # Errors
/// [`AppError::NoSuchEvent`].
pub(super) fn explain(
    which: &EventSelector,
    journal: &[(SampleTime, Event)],
    evidence: &EvidenceLog,
) -> Result<String, AppError> {
    let call = summary::dynamics(journal);
    let named = || (1..).zip(journal).map(|(number, (_, event))| (number, wire::event_kind(event), event));
    let mut out = String::new();
    let found: Vec<_> = match which {
        EventSelector::Number(wanted) => named().filter(|(number, ..)| number == wanted).collect(),
        EventSelector::Kind(kind, None) => named().filter(|(_, name, _)| name == kind).collect(),
        EventSelector::Kind(kind, Some(at)) => {
            let distance = |event: &Event| event_start(event).map(|begins| begins.max(*at) - begins.min(*at));
            let all = named().filter(|(_, name, event)| name == kind && event_start(event).is_some());
            all.min_by_key(|(_, _, event)| distance(event)).into_iter().collect()
        }
    };
    for (number, kind, event) in &found {
        let measures = match event {
            Event::Turn(turn) | Event::Withdrawn(turn) => {
                evidence.decision(turn).map_or_else(Vec::new, |decision| measures::of_decision(decision, &call))
            }
            _ => Vec::new(),
        };
        // Writing to a string cannot fail.
        let _ = write_event(&mut out, *number, kind, event, &measures);
    }
    if let EventSelector::Kind(kind, _) = which
        && matches!(kind.as_str(), "hesitation" | "filled_pause")
    {
        let is_wanted = |one: &Hesitation| kind == "hesitation" || one.kind == HesitationKind::FilledPause;
        for one in call.hesitations().into_iter().filter(is_wanted) {
            let _ = writeln!(out, "{:?} of {:?} at {}", one.kind, one.track, one.span.start);
            let _ = lines(&mut out, &measures::of_hesitation(&one));
        }
        let unknown =
            if call.knows_filled_pauses() { "" } else { "; no words came, so how many there were is not known" };
        let _ = writeln!(out, "filled pauses are counted from the text{unknown}");
    }
    if out.is_empty() {
        let mut kinds: Vec<_> = named().map(|(_, kind, _)| kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        return Err(AppError::NoSuchEvent { events: journal.len(), kinds: kinds.join(", ") });
    }
    Ok(out)
}

/// Collects what the rules of the floor had in hand while a call runs. It grows with the call's events, a few a second.
#[derive(Default)]
pub(super) struct EvidenceLog {
    /// The decisions, and when each became certain; the newest evidence of an event holds.
    decisions: Vec<(SampleTime, Decision)>,
}

impl EvidenceLog {
    fn decision(&self, event: &TurnEvent) -> Option<&Decision> {
        self.decisions.iter().rev().map(|(_, decision)| decision).find(|decision| decision.event == *event)
    }
}

impl Sink for EvidenceLog {
    fn emit(&mut self, _: SampleTime, _: Event) {}

    fn erase(&mut self, from: SampleTime) {
        self.decisions.retain(|(at, _)| *at <= from);
    }

    fn emit_evidence(&mut self, at: SampleTime, decision: &Decision) {
        self.decisions.push((at, decision.clone()));
    }
}

fn event_start(event: &Event) -> Option<SampleTime> {
    match event {
        Event::Turn(turn) | Event::Withdrawn(turn) => Some(turn.start()),
        Event::Nudge(nudge) => Some(nudge.at),
        Event::Heard(heard) => Some(heard.span().start),
        Event::Lost { span, .. } => Some(span.start),
        Event::OthersSpeech { spans, .. } => spans.first().map(|first| first.start),
        _ => None,
    }
}

fn write_event(out: &mut String, number: u64, kind: &str, event: &Event, measures: &[Measure]) -> std::fmt::Result {
    writeln!(out, "{kind} {number}: {}", wire::encode_event_fields(event))?;
    if measures.is_empty() && !matches!(event, Event::Nudge(_)) {
        writeln!(out, "  nothing was weighed: it is told as it was heard")?;
    }
    lines(out, measures)
}

fn lines(out: &mut String, measures: &[Measure]) -> std::fmt::Result {
    let width = measures.iter().map(|measure| measure.name.chars().count()).max().unwrap_or_default();
    for measure in measures {
        write!(out, "  {:width$}  {}", measure.name, value(&measure.value))?;
        if let Some(rule) = measure.criterion {
            let holds = if rule.is_met { rule.consequence.to_owned() } else { format!("not so: {}", rule.consequence) };
            write!(out, "  ({}: {holds})", bound(rule.bound))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn value(value: &Value) -> String {
    match value {
        Value::Length(length) => length.to_string(),
        Value::Span(Span { start, end }) => format!("{start} to {end}, {}", *end - *start),
        Value::None => "never".to_owned(),
        Value::Text(text) => text.clone(),
    }
}

fn bound(bound: Bound) -> String {
    match bound {
        Bound::AtLeast(length) => format!("≥ {length}"),
        Bound::Over(length) => format!("> {length}"),
        Bound::AtMost(length) => format!("≤ {length}"),
        Bound::Under(length) => format!("< {length}"),
    }
}

#[cfg(test)]
mod tests;
