//! The one module that writes messages and events as JSON: for the web socket, and lines of `events.jsonl`.
//!
//! The serialisation of the core types is the journal's; messages and lines have their own, in milliseconds, here.

mod client;
mod event;
mod journal_format;
mod names;
mod start_page;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::agenda::{CheckIn, Item, ItemState};
use crate::asr::TranscriberStatus;
use crate::audio::PerTrack;
use crate::dynamics::waits::WaitStats;
use crate::frontend::echo::Leak;
use crate::health::Trouble;
use crate::nudges::{Bilingual, Mode, Nudge, NudgeKind, NudgeReason, StopReason};
use crate::prepare::{self, EchoCheck, TrackLevel};
use crate::records::Origin;
use crate::session::{Event, Snapshot, TranscriberSnapshot};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::Floor;

pub use client::{
    ClientCommand, ClientHello, ClientMessage, InvalidMessage, MAX_MESSAGE_BYTES, NamedCommand, encode_refusal,
};
pub use journal_format::{EncodedEvent, decode_event, decode_recovery_point, encode_event, encode_recovery_point};
pub use names::{outcome_name, question_kind_name, shape_name, track_name, trouble_name};
pub use start_page::{PerceptionAnswer, PerceptionQuestion, StartPage, StartPagePerson, encode_start_page};

use event::{event_body, nudge_reason_json};

/// The version of the messages.
pub const PROTOCOL: u32 = 1;

/// The answer to a client's first message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "hello")]
pub struct ServerHello {
    /// The version the server speaks.
    pub protocol: u32,
    /// Which log of events the numbers count; a new one begins when something is erased.
    pub epoch: u64,
    /// The newest event's number.
    pub seq: u64,
}

/// What stays the same in all snapshots of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallSettings {
    /// Where the call comes from.
    pub origin: Origin,
    /// What the call is for.
    pub mode: Mode,
    /// The share of the talk that it aims at: the mode's, or the user's own.
    pub target: f64,
    /// Whether nudges run on the demo's shortened times.
    pub demo_timing: bool,
}

/// The band under the target in which a share is good: the other side then talks 70 to 80 % in a listening call.
const BAND: f64 = 0.10;

/// A snapshot as a message.
pub fn encode_snapshot(frame: &CallSettings, epoch: u64, seq: u64, summary: Option<&str>, call: &Snapshot) -> String {
    let target = frame.target;
    json!({
        "type": "snapshot",
        "epoch": epoch,
        "seq": seq,
        "now_ms": call.now.as_ms(),
        "state": call.phase.name(),
        "source": frame.origin.name(),
        "mode": frame.mode.name(),
        "demo_timing": frame.demo_timing,
        "speaking": { "me": call.speaking.me, "them": call.speaking.them },
        "floor": floor_name(call.floor),
        "silence_ms": call.silence.as_ms(),
        "waiting": call.good_wait,
        "share": {
            "call": call.call_share.map(rounded),
            "recent": call.recent_share.map(rounded),
            "recent_ms": call.recent.as_ms(),
        },
        "band": { "low": rounded(target - BAND), "high": rounded(target) },
        "talk_ms": per_track_ms_json(call.talk),
        "monologue_ms": call.monologue.as_ms(),
        "longest_turn_ms": call.longest_turn.as_ms(),
        "waits": waits_json(call.tally.waits.me),
        "onset": call.onset.map(|onset| json!({ "by": track_name(onset.by), "at_ms": onset.at.as_ms() })),
        "counts": counts_json(call),
        "pace": { "me": call.tally.pace.me.map(rounded), "them": call.tally.pace.them.map(rounded) },
        "patience_ms": call.patience.map(|patience| patience.median.as_ms()),
        "switches_per_min": per_minute(call.counts.switches, (call.now - SampleTime::ZERO).saturating_sub(call.not_heard)),
        "shape": call.shape.map(shape_name),
        "nudge": call.nudge.as_ref().map(nudge_json),
        "muted": call.muted,
        "off_record": call.off_record.map(|kept| json!({ "from_ms": kept.start.as_ms(), "until_ms": kept.end.as_ms() })),
        "icebreaker_ms": call.icebreaker.as_ms(),
        "quiet": {
            "snoozed_until_ms": call.nudge_preferences.snoozed_until.map(SampleTime::as_ms),
            "muted_kinds": call.nudge_preferences.muted_kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        },
        "nudges_stopped": call.stopped.map(StopReason::name),
        "agenda": call.agenda.iter().map(agenda_item_json).collect::<Vec<_>>(),
        "check_in": call.check_in.as_ref().map(check_in_json),
        "stuck": call.stuck,
        "audio": {
            "me": { "lost": call.losing_since.me.is_some(), "lost_ms": call.lost.me.as_ms() },
            "them": { "lost": call.losing_since.them.is_some(), "lost_ms": call.lost.them.as_ms() },
            "troubles": call.troubles.iter().map(|what| trouble_json(*what)).collect::<Vec<_>>(),
        },
        "echo": leak_json(&call.leak),
        "text": text_state_json(&call.transcriber),
        "summary": summary,
        "levels": null,
        "echo_check": null,
    })
    .to_string()
}

/// How it stands before the call, as a snapshot of one in which nothing has happened yet, with the agenda as it is planned.
pub fn encode_preparation(
    frame: &CallSettings,
    epoch: u64,
    agenda: &[String],
    blank: &Snapshot,
    standing: &prepare::SoundCheckStatus,
) -> String {
    // What this module has written is JSON.
    let mut fields: Map<String, Value> =
        serde_json::from_str(&encode_snapshot(frame, epoch, 0, None, blank)).unwrap_or_default();
    let level = |of: TrackLevel| json!({ "dbfs": (f64::from(of.dbfs) * 10.0).round() / 10.0, "heard": of.heard });
    let items = agenda.iter().zip(1..).map(|(text, id)| {
        let (text, state) = (text.clone(), ItemState::Open);
        agenda_item_json(&Item { id, text, state, offered: false })
    });
    fields.insert("state".into(), "before".into());
    fields.insert("agenda".into(), items.collect());
    fields.insert("levels".into(), json!({ "me": level(standing.level.me), "them": level(standing.level.them) }));
    let check = match standing.echo {
        EchoCheck::Waiting => "waiting",
        EchoCheck::None => "none",
        EchoCheck::Leaks => "leaks",
    };
    fields.insert("echo_check".into(), check.into());
    Value::Object(fields).to_string()
}

fn waits_json(of: Option<WaitStats>) -> Value {
    json!({
        "count": of.map_or(0, |waits| waits.count),
        "median_ms": of.map(|waits| waits.median.as_ms()),
        "last_ms": of.map(|waits| waits.last.as_ms()),
    })
}

fn agenda_item_json(of: &Item) -> Value {
    json!({ "id": of.id, "text": of.text, "state": of.state.name(), "offered": of.offered })
}

fn check_in_json(of: &CheckIn) -> Value {
    json!({ "score": of.score(), "words": of.words() })
}

fn counts_json(call: &Snapshot) -> Value {
    let (counts, tally) = (&call.counts, &call.tally);
    json!({
        "interruptions": per_track_json(counts.interruptions()),
        "successful": per_track_json(counts.successful),
        "terminal_overlaps": per_track_json(counts.terminal_overlaps),
        "long_overlaps": counts.long_overlaps,
        "backchannels": per_track_json(counts.backchannels),
        "silences": counts.silences,
        "filled_pauses": per_track_json(tally.filled_pauses),
        "repetitions": per_track_json(tally.repetitions),
        "pauses": per_track_json(tally.pauses),
        "questions": per_track_json(tally.questions),
        "progress": per_track_json(tally.progress_questions),
        "regrabs": per_track_json(tally.regrabs),
    })
}

fn per_track_json(of: PerTrack<u32>) -> Value {
    json!({ "me": of.me, "them": of.them })
}

/// So many in so long, a minute, to a hundredth; `None` where there was no time.
pub fn per_minute(count: u32, time: Samples) -> Option<f64> {
    let minutes = time.as_ms() as f64 / 60_000.0;
    (minutes > 0.0).then(|| (f64::from(count) / minutes * 100.0).round() / 100.0)
}

/// An event as a message.
pub fn encode_event_message(epoch: u64, seq: u64, at: SampleTime, event: &Event) -> String {
    let mut fields = event_record(seq, at, event);
    fields.insert("type".into(), "event".into());
    fields.insert("epoch".into(), epoch.into());
    Value::Object(fields).to_string()
}

/// An event's message in another epoch.
pub fn replace_epoch(message: &str, epoch: u64) -> String {
    // What this module has written is JSON.
    let mut fields: Map<String, Value> = serde_json::from_str(message).unwrap_or_default();
    fields.insert("epoch".into(), epoch.into());
    Value::Object(fields).to_string()
}

/// An event as a line of `events.jsonl`, without the line's end.
pub fn encode_event_line(seq: u64, at: SampleTime, event: &Event) -> String {
    Value::Object(event_record(seq, at, event)).to_string()
}

/// An event's kind, as messages and lines name it.
pub fn event_kind(event: &Event) -> &'static str {
    event_body(event).0
}

/// What an event holds besides its kind, as JSON.
pub fn encode_event_fields(event: &Event) -> String {
    event_body(event).1.to_string()
}

fn event_record(seq: u64, at: SampleTime, event: &Event) -> Map<String, Value> {
    let (kind, fields) = event_body(event);
    let mut record = Map::new();
    record.insert("seq".into(), seq.into());
    record.insert("at_ms".into(), at.as_ms().into());
    record.insert("kind".into(), kind.into());
    if let Value::Object(fields) = fields {
        record.extend(fields);
    }
    record
}

/// So much sound that waits is more than an idle machine ever lets wait.
const BEHIND_AFTER: Samples = Samples::from_secs(20);

fn text_state_json(text: &TranscriberSnapshot) -> Value {
    let state = match text.status {
        TranscriberStatus::Off => "off",
        TranscriberStatus::Loading => "loading",
        TranscriberStatus::Ready if text.backlog > BEHIND_AFTER => "behind",
        TranscriberStatus::Ready => "ready",
        TranscriberStatus::Broken(_) => "broken",
    };
    json!({ "state": state, "waiting_ms": text.backlog.as_ms(), "coverage": text.coverage.map(rounded) })
}

fn nudge_json(nudge: &Nudge) -> Value {
    json!({
        "kind": nudge.kind().name(),
        "tier_ms": monologue_tier(nudge).map(Samples::as_ms),
        "at_ms": nudge.at.as_ms(),
        "text": nudge_text_json(nudge.kind()),
        "why": nudge_reason_json(&nudge.why),
    })
}

fn monologue_tier(nudge: &Nudge) -> Option<Samples> {
    match nudge.why {
        NudgeReason::Monologue { tier, .. } => Some(tier),
        _ => None,
    }
}

fn nudge_text_json(kind: NudgeKind) -> Value {
    let Bilingual { ja, en } = kind.text();
    json!({ "ja": ja, "en": en })
}

fn trouble_json(what: Trouble) -> Value {
    let (name, whose) = trouble_name(what);
    json!({ "trouble": name, "track": whose.map(track_name) })
}

fn leak_json(leak: &Leak) -> Value {
    json!({
        "detected": leak.detected,
        "level_db": leak.level_db.map(|level| (f64::from(level) * 10.0).round() / 10.0),
        "delay_ms": leak.delay_ms,
        "rejected_ms": leak.rejected.as_ms(),
    })
}

fn with_span(mut fields: Value, span: Span) -> Value {
    fields["start_ms"] = span.start.as_ms().into();
    fields["end_ms"] = span.end.as_ms().into();
    fields
}

fn per_track_ms_json(of: PerTrack<Samples>) -> Value {
    json!({ "me": of.me.as_ms(), "them": of.them.as_ms() })
}

fn floor_name(floor: Floor) -> &'static str {
    match floor {
        Floor::Free => "free",
        Floor::Held(whose) => track_name(whose),
    }
}

/// A share to four places: more would be noise in every diff.
fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
pub(crate) mod tests;
