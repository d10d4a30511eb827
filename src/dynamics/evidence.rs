//! What decided a verdict: the figures that its definition asks for, as they were in this call.

use crate::audio::Track;
use crate::dynamics::hesitation::Hesitation;
use crate::dynamics::{Dynamics, LONG_MONOLOGUE, utterances};
use crate::frontend::prosody::{FilledPause, MIN_FILLED_PAUSE};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{
    CONTINUATION_GAP, FLOOR_FREE_AFTER, Floor, MAX_BACKCHANNEL, MAX_RECOGNIZED_BACKCHANNEL, MAX_TERMINAL_OVERLAP,
    MAX_WRITTEN_BACKCHANNEL, MIN_ONSET_DELAY, MIN_OUTLAST, MIN_OVERLAP, MIN_SILENCE, MONOLOGUE_BREAK,
    OTHER_RESUMES_WITHIN, Outcome, TextHint, TextKind, TurnEvent,
};

/// A figure that a definition asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// What it is.
    pub name: &'static str,
    /// How it was.
    pub value: Value,
    /// What the definition asks of it.
    pub rule: Option<Criterion>,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A length.
    Length(Samples),
    /// A stretch of the call.
    Span(Span),
    /// There was none.
    None,
    /// Something else.
    Text(String),
}

/// A bound of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// What is asked.
    pub bound: Bound,
    /// What follows from it where it holds.
    pub consequence: &'static str,
    /// Whether it holds.
    pub is_met: bool,
}

/// What is asked of a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// So long or longer.
    AtLeast(Samples),
    /// Longer than this.
    Over(Samples),
    /// So long or shorter.
    AtMost(Samples),
    /// Shorter than this.
    Under(Samples),
}

impl Bound {
    fn is_met_by(self, length: Samples) -> bool {
        match self {
            Self::AtLeast(bound) => length >= bound,
            Self::Over(bound) => length > bound,
            Self::AtMost(bound) => length <= bound,
            Self::Under(bound) => length < bound,
        }
    }
}

/// What decided this verdict of the floor; nothing for what no definition decides.
pub fn explain_event(event: &TurnEvent, call: &Dynamics) -> Vec<Measure> {
    match *event {
        TurnEvent::Interruption { by, at, overlap, outcome } => overlapping(call, by, at, overlap, Some(outcome)),
        TurnEvent::TerminalOverlap { by, at, overlap } => overlapping(call, by, at, overlap, None),
        TurnEvent::Backchannel { by, span } => backchannel(call, by, span),
        TurnEvent::Silence { span, after, .. } => {
            let asked = utterances::follows_question(call.utterances().heard(), after, span.start);
            vec![
                judged("nobody spoke for", span.len(), Bound::AtLeast(MIN_SILENCE), "a silence"),
                text("after a question", yes_no(asked)),
            ]
        }
        TurnEvent::LongOverlap { span } => {
            vec![judged("both spoke for", span.len(), Bound::AtLeast(Samples::from_secs(1)), "a long overlap")]
        }
        TurnEvent::Monologue { track, span } => monologue(call, track, span),
        TurnEvent::Turn { track, span } | TurnEvent::FloorSpan { track, span } => around(call, track, span),
        TurnEvent::Floor { holder, at } => floor(call, holder, at),
        TurnEvent::RunStarted { .. } | TurnEvent::Run { .. } => Vec::new(),
    }
}

/// What decided that a vowel was held: the figures of its steadiest 0.4 s.
pub fn explain_filled_pause(pause: &FilledPause) -> Vec<Measure> {
    vec![
        judged("held for", pause.span.len(), Bound::AtLeast(MIN_FILLED_PAUSE), "longer than an ordinary long vowel"),
        text("pitch", format!("{:.0} Hz", pause.f0_hz)),
        text("the pitch moves by", format!("{:.2} semitones (interquartile range)", pause.f0_spread)),
        text("the timbre moves by", format!("{:.2} dB (RMS)", pause.change)),
    ]
}

/// What decided a hesitation.
pub fn explain_hesitation(one: &Hesitation) -> Vec<Measure> {
    vec![
        plain("length", one.span.len()),
        text("in the sound", if one.in_sound { "yes" } else { "no: the text alone has it" }),
        text("in the text", one.text.as_deref().unwrap_or("no, or words are not kept")),
    ]
}

fn overlapping(call: &Dynamics, by: Track, at: SampleTime, overlap: Samples, told: Option<Outcome>) -> Vec<Measure> {
    let mine = spans(call, by).find(|span| span.start == at);
    let theirs = spans(call, !by).filter(|span| span.start < at && span.end > at).last();
    let (Some(mine), Some(theirs)) = (mine, theirs) else { return Vec::new() };
    let mut measures = vec![
        stretch("the other's floor span", theirs),
        stretch("the interrupter's floor span", mine),
        judged("began after the other's own start", at - theirs.start, Bound::AtLeast(MIN_ONSET_DELAY), "inside it"),
        judged("both coexisted for", overlap, Bound::AtLeast(MIN_OVERLAP), "an overlap"),
        judged(
            "the other went on after the onset for",
            theirs.end - at,
            Bound::Over(MAX_TERMINAL_OVERLAP),
            "no smooth end",
        ),
    ];
    let after = mine.end.since(theirs.end);
    measures.extend(told.map(|_| {
        judged("the interrupter outlasted the other by", after, Bound::AtLeast(MIN_OUTLAST), "successful, else failed")
    }));
    measures.push(text("the text of the interrupter's utterance", describe_hint(hint_inside(call, by, mine))));
    measures
}

const FOLLOWS: &str = "own speech follows after";

fn backchannel(call: &Dynamics, by: Track, span: Span) -> Vec<Measure> {
    let hint = hint_inside(call, by, span);
    let longest = match hint.map(|hint| hint.kind) {
        Some(TextKind::WrittenBackchannel) => MAX_WRITTEN_BACKCHANNEL,
        Some(TextKind::RecognizedBackchannel) => MAX_RECOGNIZED_BACKCHANNEL,
        _ => MAX_BACKCHANNEL,
    };
    let next = call.runs()[by].iter().find(|run| run.start >= span.end).map(|run| run.start - span.end);
    let other = call.runs()[!by].iter().find(|run| run.end > span.end).map(|run| run.start.since(span.end));
    let beginning = match hint.is_some_and(|hint| hint.kind.is_backchannel()) {
        // Its words say that it is no beginning.
        true => Measure { rule: None, ..length(FOLLOWS, next, Bound::AtLeast(CONTINUATION_GAP), "") },
        false => length(FOLLOWS, next, Bound::AtLeast(CONTINUATION_GAP), "not its beginning"),
    };
    vec![
        judged("length", span.len(), Bound::AtMost(longest), "short enough"),
        text("the text", describe_hint(hint)),
        text("the floor was the other's", yes_no(Some(holder_at(call, span.start) == Some(!by)))),
        beginning,
        length("the other is heard after", other, Bound::Under(OTHER_RESUMES_WITHIN), "the other went on"),
    ]
}

fn monologue(call: &Dynamics, track: Track, span: Span) -> Vec<Measure> {
    let ended_by = spans(call, !track).find(|other| other.end > span.end && other.len() >= MONOLOGUE_BREAK);
    vec![
        judged("length", span.len(), Bound::AtLeast(LONG_MONOLOGUE), "told"),
        length(
            "the other's floor span after it",
            ended_by.map(Span::len),
            Bound::AtLeast(MONOLOGUE_BREAK),
            "ends a monologue, as 3.0 s of silence do",
        ),
    ]
}

fn around(call: &Dynamics, track: Track, span: Span) -> Vec<Measure> {
    let before = call.runs()[track].iter().rev().find(|run| run.end <= span.start).map(|run| span.start - run.end);
    let after = call.runs()[track].iter().find(|run| run.start >= span.end).map(|run| run.start - span.end);
    let inside = call.runs()[track].iter().filter(|run| !run.intersection(span).is_empty()).count();
    let other = |length: Option<Samples>| length.map_or(Value::None, Value::Length);
    vec![
        plain("length", span.len()),
        text("speech runs in it", inside.to_string()),
        Measure { name: "own silence before", value: other(before), rule: None },
        Measure { name: "own silence after", value: other(after), rule: None },
    ]
}

fn floor(call: &Dynamics, holder: Floor, at: SampleTime) -> Vec<Measure> {
    let last = |track: Track| call.runs()[track].iter().rev().find(|run| run.start < at).map(|run| run.end);
    match holder {
        Floor::Free => {
            let silent = Track::BOTH.iter().filter_map(|track| last(*track)).max().map(|end| at - end);
            vec![length("nobody had spoken for", silent, Bound::AtLeast(FLOOR_FREE_AFTER), "nobody holds the floor")]
        }
        Floor::Held(track) => match spans(call, track).find(|span| span.start == at) {
            Some(span) => vec![stretch("a floor span of theirs begins", span)],
            None => vec![text("the other's span ended inside theirs", "the floor goes back")],
        },
    }
}

fn hint_inside(call: &Dynamics, track: Track, span: Span) -> Option<TextHint> {
    let inside = |hint: &TextHint| hint.track == track && hint.span.intersection(span) == hint.span;
    call.utterances().heard().iter().filter_map(utterances::text_hint).find(inside)
}

fn describe_hint(hint: Option<TextHint>) -> &'static str {
    match hint {
        None => "none for this utterance alone",
        Some(TextHint { kind: TextKind::RecognizedBackchannel | TextKind::WrittenBackchannel, .. }) => {
            "nothing but words of listening"
        }
        Some(TextHint { ends_with_question: true, .. }) => "a question",
        Some(TextHint { kind: TextKind::Substantive, .. }) => "more than words of listening",
        Some(TextHint { kind: TextKind::Unsure, .. }) => "too little to be sure of",
    }
}

fn spans(call: &Dynamics, whose: Track) -> impl Iterator<Item = Span> {
    call.turn_events().iter().filter_map(move |event| match *event {
        TurnEvent::FloorSpan { track, span } if track == whose => Some(span),
        _ => None,
    })
}

fn holder_at(call: &Dynamics, at: SampleTime) -> Option<Track> {
    let changes = call.turn_events().iter().filter_map(|event| match *event {
        TurnEvent::Floor { holder, at } => Some((at, holder)),
        _ => None,
    });
    match changes.take_while(|(since, _)| *since <= at).last()? {
        (_, Floor::Held(track)) => Some(track),
        (_, Floor::Free) => None,
    }
}

fn judged(name: &'static str, length: Samples, bound: Bound, so: &'static str) -> Measure {
    Measure {
        name,
        value: Value::Length(length),
        rule: Some(Criterion { bound, consequence: so, is_met: bound.is_met_by(length) }),
    }
}

/// Like [`judged`] for what may not have been; none is longer than any bound.
fn length(name: &'static str, length: Option<Samples>, bound: Bound, so: &'static str) -> Measure {
    let holds = length.map_or(matches!(bound, Bound::AtLeast(_) | Bound::Over(_)), |length| bound.is_met_by(length));
    Measure {
        name,
        value: length.map_or(Value::None, Value::Length),
        rule: Some(Criterion { bound, consequence: so, is_met: holds }),
    }
}

fn plain(name: &'static str, length: Samples) -> Measure {
    Measure { name, value: Value::Length(length), rule: None }
}

fn stretch(name: &'static str, span: Span) -> Measure {
    Measure { name, value: Value::Span(span), rule: None }
}

fn text(name: &'static str, value: impl Into<String>) -> Measure {
    Measure { name, value: Value::Text(value.into()), rule: None }
}

fn yes_no(known: Option<bool>) -> &'static str {
    match known {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known",
    }
}
