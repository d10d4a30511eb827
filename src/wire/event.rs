//! Events as JSON: a kind, and what it holds.

use serde_json::{Value, json};

use crate::asr::{Heard, Missed};
use crate::audio::Track;
use crate::dynamics::utterances;
use crate::frontend::prosody::FilledPause;
use crate::health::{HealthEvent, Trouble};
use crate::nudges::{ActionableTrouble, CutIn, Fillers, Nudge, NudgeReason, Regrabs};
use crate::session::Event;
use crate::source::Notice;
use crate::time::{Samples, Span};
use crate::turns::TurnEvent;
use crate::wire::{
    check_in_json, floor_name, leak_json, monologue_tier, nudge_text_json as spoken, outcome_name, question_kind_name,
    rounded, track_name, trouble_json, with_span,
};

pub(super) fn event_body(event: &Event) -> (&'static str, Value) {
    match event {
        Event::Turn(turn) => turn_body(turn),
        Event::Withdrawn(turn) => {
            let (kind, fields) = turn_body(turn);
            ("withdrawn", json!({ "what": kind, "was": fields }))
        }
        Event::Nudge(nudge) => ("nudge", nudge_body(nudge)),
        Event::NudgeWithdrawn(kind) => ("nudge_withdrawn", json!({ "nudge": kind.name() })),
        Event::Heard(heard) => heard_body(heard),
        Event::FilledPause { track: whose, pause } => ("filled_pause", filled_pause_body(*whose, pause)),
        Event::Leak(state) => ("echo", leak_json(state)),
        Event::Lost { track: whose, span } => ("lost", with_span(json!({ "track": track_name(*whose) }), *span)),
        Event::Health(HealthEvent::Began { trouble: what, at }) => {
            let mut fields = trouble_json(*what);
            fields["start_ms"] = at.as_ms().into();
            ("trouble_began", fields)
        }
        Event::Health(HealthEvent::Ended { trouble: what, span }) => {
            ("trouble_ended", with_span(trouble_json(*what), *span))
        }
        Event::Notice(notice) => ("notice", notice_body(notice)),
        Event::Paused => ("paused", json!({})),
        Event::Resumed => ("resumed", json!({})),
        Event::Muted => ("muted", json!({})),
        Event::Unmuted => ("unmuted", json!({})),
        Event::OffRecord { span } => ("off_record", with_span(json!({}), *span)),
        Event::NudgeDismissed(kind) => ("nudge_dismissed", json!({ "nudge": kind.name() })),
        Event::KindMuted(kind) => ("nudges_muted", json!({ "nudge": kind.name() })),
        Event::KindUnmuted(kind) => ("nudges_unmuted", json!({ "nudge": kind.name() })),
        Event::Snoozed { until } => ("snoozed", json!({ "until_ms": until.as_ms() })),
        Event::Agenda { id, text, state } => ("agenda", json!({ "id": id, "text": text, "state": state.name() })),
        Event::CheckIn(given) => ("check_in", check_in_json(given)),
        Event::Stuck => ("stuck", json!({})),
        Event::LookTogether(look) => ("look_together", json!({ "answer": look.name() })),
        Event::Ended { leak: state, .. } => ("call_ended", json!({ "echo": leak_json(state) })),
    }
}

fn turn_body(event: &TurnEvent) -> (&'static str, Value) {
    let tracked = |whose: Track, span: Span| with_span(json!({ "track": track_name(whose) }), span);
    match *event {
        TurnEvent::RunStarted { track: whose, at } => {
            ("speech_started", json!({ "track": track_name(whose), "start_ms": at.as_ms() }))
        }
        TurnEvent::Run { track, span } => ("speech", tracked(track, span)),
        TurnEvent::Floor { holder, at } => ("floor", json!({ "holder": floor_name(holder), "since_ms": at.as_ms() })),
        TurnEvent::FloorSpan { track, span } => ("floor_span", tracked(track, span)),
        TurnEvent::Backchannel { by, span } => ("backchannel", with_span(json!({ "by": track_name(by) }), span)),
        TurnEvent::Turn { track, span } => ("turn", tracked(track, span)),
        TurnEvent::Interruption { by, at, overlap, outcome } => (
            "interruption",
            json!({
                "by": track_name(by),
                "start_ms": at.as_ms(),
                "overlap_ms": overlap.as_ms(),
                "outcome": outcome_name(outcome),
            }),
        ),
        TurnEvent::TerminalOverlap { by, at, overlap } => {
            ("terminal_overlap", json!({ "by": track_name(by), "start_ms": at.as_ms(), "overlap_ms": overlap.as_ms() }))
        }
        TurnEvent::LongOverlap { span } => ("long_overlap", with_span(json!({}), span)),
        TurnEvent::Silence { span, after, broken_by } => {
            ("silence", with_span(json!({ "after": track_name(after), "broken_by": track_name(broken_by) }), span))
        }
        TurnEvent::Monologue { track, span } => ("monologue", tracked(track, span)),
    }
}

fn heard_body(heard: &Heard) -> (&'static str, Value) {
    let mut fields =
        with_span(json!({ "track": track_name(heard.track), "speech_ms": heard.speech().as_ms() }), heard.span());
    let said = match &heard.said {
        Ok(said) => said.as_ref(),
        Err(why) => {
            fields["why"] = missed_name(*why).into();
            return ("not_recognized", fields);
        }
    };
    if let Some(said) = said {
        fields["language"] = said.language.code().into();
        fields["backchannel"] = said.reading.backchannel.into();
        fields["words"] = said.reading.words.into();
        fields["morae"] = said.reading.morae.into();
        fields["fillers"] = utterances::filled_pauses(heard).iter().map(filler_json).collect();
        fields["questions"] = utterances::questions(heard).iter().map(question_json).collect();
        if !said.text.is_empty() {
            fields["text"] = said.text.as_str().into();
        }
    }
    ("heard", fields)
}

fn filled_pause_body(whose: Track, pause: &FilledPause) -> Value {
    let tenths = |value: f32| (f64::from(value) * 10.0).round() / 10.0;
    let fields = json!({
        "track": track_name(whose),
        "f0_hz": tenths(pause.f0_hz),
        "f0_spread_semitones": tenths(pause.f0_spread),
        "change_db": tenths(pause.change),
    });
    with_span(fields, pause.span)
}

fn filler_json(filler: &utterances::TextFilledPause) -> Value {
    let fields = if filler.text.is_empty() { json!({}) } else { json!({ "text": filler.text }) };
    with_span(fields, filler.span)
}

fn question_json(question: &utterances::AskedQuestion) -> Value {
    json!({ "at_ms": question.at.as_ms(), "kind": question_kind_name(question.kind), "ends": question.ends_utterance })
}

fn missed_name(why: Missed) -> &'static str {
    match why {
        Missed::Behind => "behind",
        Missed::Failed => "failed",
    }
}

fn nudge_body(nudge: &Nudge) -> Value {
    json!({
        "nudge": nudge.kind().name(),
        "tier_ms": monologue_tier(nudge).map(Samples::as_ms),
        "text": spoken(nudge.kind()),
        "why": nudge_reason_json(&nudge.why),
    })
}

/// The figures that fired a nudge.
pub(super) fn nudge_reason_json(why: &NudgeReason) -> Value {
    match *why {
        NudgeReason::Share { recent, call, target } => {
            json!({ "recent_share": rounded(recent), "call_share": rounded(call), "target": rounded(target) })
        }
        NudgeReason::Monologue { tier, length } => json!({ "tier_ms": tier.as_ms(), "length_ms": length.as_ms() }),
        NudgeReason::CutIn(CutIn { at, overlap }) => json!({ "start_ms": at.as_ms(), "overlap_ms": overlap.as_ms() }),
        NudgeReason::Listening { talk } => json!({ "talk_ms": talk.as_ms() }),
        NudgeReason::Regrab(Regrabs { count, wait }) => json!({ "count": count, "wait_ms": wait.as_ms() }),
        NudgeReason::ClosedRun { count } => json!({ "count": count }),
        NudgeReason::Pace { relative } => json!({ "pace": rounded(relative) }),
        NudgeReason::Fillers(Fillers { count, talk }) => json!({ "count": count, "talk_ms": talk.as_ms() }),
        NudgeReason::Audio(sound) => sound_json(sound),
    }
}

/// Named as the standing trouble is, where that has a name.
fn sound_json(sound: ActionableTrouble) -> Value {
    match sound {
        ActionableTrouble::Choppy => trouble_json(Trouble::Choppy),
        ActionableTrouble::Clipping(whose) => trouble_json(Trouble::Clipping(whose)),
        ActionableTrouble::Dead(whose) => trouble_json(Trouble::Dead(whose)),
        ActionableTrouble::Same => trouble_json(Trouble::SameSound),
        ActionableTrouble::Echo => json!({ "trouble": "echo", "track": "me" }),
        ActionableTrouble::Lost(whose) => json!({ "trouble": "lost", "track": track_name(whose) }),
    }
}

fn notice_body(notice: &Notice) -> Value {
    match notice {
        Notice::CutShort { path, at } => {
            json!({ "notice": "cut_short", "path": path.display().to_string(), "end_ms": at.as_ms() })
        }
        Notice::SameChannels { path } => json!({ "notice": "same_channels", "path": path.display().to_string() }),
        Notice::DeviceGone { track: whose, device } => {
            json!({ "notice": "device_gone", "track": track_name(*whose), "device": device })
        }
        Notice::DeviceBack { track: whose, device } => {
            json!({ "notice": "device_back", "track": track_name(*whose), "device": device })
        }
    }
}
