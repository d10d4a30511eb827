//! The figures that decided an event, as lines: what its rule compared, and how what was still open then turned out.

use crate::audio::Track;
use crate::dynamics::hesitation::Hesitation;
use crate::dynamics::{Dynamics, LONG_MONOLOGUE, utterances};
use crate::time::{Samples, Span};
use crate::turns::{
    BackchannelEvidence, Bound, BoundCheck, Decision, Evidence, Floor, MonologueEvidence, OverlapEvidence, TextHint,
    TextKind, TurnEvent,
};

/// A figure that a definition asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Measure {
    /// What it is.
    pub(super) name: &'static str,
    /// What was measured.
    pub(super) value: Value,
    /// What the definition asks of it; `None` if it only helps to understand the event.
    pub(super) criterion: Option<Criterion>,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A length.
    Length(Samples),
    /// A stretch of the call.
    Span(Span),
    /// Nothing was measured, because it never came.
    None,
    /// Something else.
    Text(String),
}

/// What a definition asks of a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Criterion {
    pub(super) bound: Bound,
    /// What follows if the bound is met.
    pub(super) consequence: &'static str,
    pub(super) is_met: bool,
}

/// The figures of an event of the floor, from what its rule had in hand. Empty if no definition decides it.
pub(super) fn of_decision(Decision { event, evidence }: &Decision, call: &Dynamics) -> Vec<Measure> {
    match (event, *evidence) {
        (TurnEvent::Silence { span, after, .. }, Evidence::Length(length)) => {
            let asked = call.utterances().follows_question(*after, span.start);
            vec![checked("nobody spoke for", length, "a silence"), text("after a question", yes_no(asked))]
        }
        (TurnEvent::LongOverlap { .. }, Evidence::Length(length)) => {
            vec![checked("both spoke for", length, "a long overlap")]
        }
        (TurnEvent::Floor { .. }, Evidence::Length(silence)) => {
            vec![checked("nobody had spoken for", silence, "nobody holds the floor")]
        }
        (TurnEvent::Floor { holder: Floor::Held(track), .. }, Evidence::FloorSpanBegan(begun)) => {
            vec![stretch("a floor span of theirs begins", finished(call, *track, begun))]
        }
        (_, Evidence::FloorReturned) => vec![text("the other's span ended inside theirs", "the floor goes back")],
        (TurnEvent::Backchannel { by, span }, Evidence::Backchannel(compared)) => {
            backchannel(call, *by, *span, compared)
        }
        (TurnEvent::Interruption { by, .. } | TurnEvent::TerminalOverlap { by, .. }, Evidence::Overlap(compared)) => {
            overlap(call, *by, compared, matches!(event, TurnEvent::Interruption { .. }))
        }
        (TurnEvent::Monologue { track, span }, Evidence::Monologue(compared)) => {
            monologue(call, *track, *span, compared)
        }
        (TurnEvent::Turn { track, span } | TurnEvent::FloorSpan { track, span }, _) => around(call, *track, *span),
        _ => Vec::new(),
    }
}

/// What decided a hesitation.
pub(super) fn of_hesitation(one: &Hesitation) -> Vec<Measure> {
    vec![
        plain("length", Some(one.span.len())),
        text("in the sound", if one.in_sound { "yes" } else { "no: the text alone has it" }),
        text("in the text", one.text.as_deref().unwrap_or("no, or words are not kept")),
    ]
}

fn overlap(call: &Dynamics, by: Track, compared: OverlapEvidence, is_interruption: bool) -> Vec<Measure> {
    let spans = OverlapEvidence {
        interrupter: finished(call, by, compared.interrupter),
        interrupted: finished(call, !by, compared.interrupted),
    };
    let mut measures = vec![
        stretch("the other's floor span", spans.interrupted),
        stretch("the interrupter's floor span", spans.interrupter),
        checked("began after the other's own start", spans.onset_delay(), "inside it"),
        checked("both coexisted for", compared.coexistence(), "an overlap"),
        checked("the other went on after the onset for", spans.interrupted_went_on(), "no smooth end"),
    ];
    let outlasted = checked("the interrupter outlasted the other by", spans.outlasted(), "successful, else failed");
    measures.extend(is_interruption.then_some(outlasted));
    measures
        .push(text("the text of the interrupter's utterance", describe_text(text_inside(call, by, spans.interrupter))));
    measures
}

fn backchannel(call: &Dynamics, by: Track, span: Span, compared: BackchannelEvidence) -> Vec<Measure> {
    const CONTINUATION: &str = "own speech follows after";
    let next = call.runs()[by].iter().find(|run| run.start >= span.end).map(|run| run.start - span.end);
    vec![
        checked("length", compared.length, "short enough"),
        text("the text", describe_text(compared.text)),
        text("the floor was the other's", yes_no(Some(true))),
        match compared.continuation {
            Some(bound) => measured_or_never(CONTINUATION, next, bound, "not its beginning"),
            // Its words say that it is no beginning.
            None => plain(CONTINUATION, next),
        },
        checked("the other is heard after", compared.other_resumed, "the other went on"),
    ]
}

fn monologue(call: &Dynamics, track: Track, span: Span, compared: MonologueEvidence) -> Vec<Measure> {
    let ended_by = compared.ended_by.map(|other| finished(call, !track, other).len());
    vec![
        measured("length", span.len(), Bound::AtLeast(LONG_MONOLOGUE), "told"),
        measured_or_never(
            "the other's floor span after it",
            ended_by,
            compared.bound,
            "ends a monologue, as 3.0 s of silence do",
        ),
    ]
}

/// What surrounds a floor span or a turn: no figure of it was compared by itself.
fn around(call: &Dynamics, track: Track, span: Span) -> Vec<Measure> {
    let runs = &call.runs()[track];
    let before = runs.iter().rev().find(|run| run.end <= span.start).map(|run| span.start - run.end);
    let after = runs.iter().find(|run| run.start >= span.end).map(|run| run.start - span.end);
    let inside = runs.iter().filter(|run| !run.intersection(span).is_empty()).count();
    vec![
        plain("length", Some(span.len())),
        text("speech runs in it", inside.to_string()),
        plain("own silence before", before),
        plain("own silence after", after),
    ]
}

/// A floor span that was still growing when a rule looked at it, as it was in the end.
fn finished(call: &Dynamics, track: Track, known: Span) -> Span {
    let same = |event: &TurnEvent| match *event {
        TurnEvent::FloorSpan { track: whose, span } if whose == track && span.start == known.start => Some(span),
        _ => None,
    };
    call.turn_events().iter().find_map(same).unwrap_or(known)
}

/// The first text of the track that lies inside a stretch.
fn text_inside(call: &Dynamics, track: Track, stretch: Span) -> Option<TextHint> {
    let inside = |hint: &TextHint| hint.track == track && hint.span.intersection(stretch) == hint.span;
    call.utterances().heard().iter().filter_map(|heard| utterances::text_hint(heard)).find(inside)
}

fn describe_text(text: Option<TextHint>) -> &'static str {
    match text {
        None => "none for this utterance alone",
        Some(TextHint { kind: TextKind::RecognizedBackchannel | TextKind::WrittenBackchannel, .. }) => {
            "nothing but words of listening"
        }
        Some(TextHint { ends_with_question: true, .. }) => "a question",
        Some(TextHint { kind: TextKind::Substantive, .. }) => "more than words of listening",
        Some(TextHint { kind: TextKind::Unsure, .. }) => "too little to be sure of",
    }
}

fn checked(name: &'static str, check: BoundCheck, consequence: &'static str) -> Measure {
    measured(name, check.length, check.bound, consequence)
}

fn measured(name: &'static str, length: Samples, bound: Bound, consequence: &'static str) -> Measure {
    measured_or_never(name, Some(length), bound, consequence)
}

/// Like [`measured`], for what may never have come: that is later than any bound.
fn measured_or_never(name: &'static str, length: Option<Samples>, bound: Bound, consequence: &'static str) -> Measure {
    let never = matches!(bound, Bound::AtLeast(_) | Bound::Over(_));
    let is_met = length.map_or(never, |length| bound.is_met_by(length));
    Measure { criterion: Some(Criterion { bound, consequence, is_met }), ..plain(name, length) }
}

fn plain(name: &'static str, length: Option<Samples>) -> Measure {
    Measure { name, value: length.map_or(Value::None, Value::Length), criterion: None }
}

fn stretch(name: &'static str, span: Span) -> Measure {
    Measure { name, value: Value::Span(span), criterion: None }
}

fn text(name: &'static str, value: impl Into<String>) -> Measure {
    Measure { name, value: Value::Text(value.into()), criterion: None }
}

fn yes_no(known: Option<bool>) -> &'static str {
    match known {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known",
    }
}
