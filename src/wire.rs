//! Messages and events as JSON: for the web socket, for the lines of `events.jsonl`, and for the journal.
//!
//! What serde derives on the core types is the journal's form, in samples. Messages and lines have types of their own
//! here, with times in milliseconds from the start of the call, shares of 0 to 1 and levels in dB.

mod client;
mod control;
mod event;
mod journal_format;
mod latency;
mod names;
pub(crate) mod rounding;
mod saving;
mod settings;
mod snapshot;
mod start_page;

use serde::{Deserialize, Serialize};

use crate::agenda::{CheckIn, ItemState, Note, NoteId};
use crate::audio::Track;
use crate::frontend::echo::Leak;
use crate::health::Trouble;
use crate::nudges::Mode;
use crate::records::Origin;
use crate::session::Event;
use crate::time::{SampleTime, Samples};
use crate::turns::Floor;

pub use client::{
    ClientCommand, ClientHello, ClientMessage, InvalidMessage, MAX_MESSAGE_BYTES, MAX_PLAN_BYTES, NamedCommand,
    encode_refusal, encode_setting_refusal,
};
pub use control::{
    CallStatus, ControlReply, ControlRequest, ReplyText, encode_choose_them, encode_follow_request, encode_hush,
    encode_off_record, encode_plain_command, encode_status_request,
};
pub use journal_format::{EncodedEvent, decode_event, decode_recovery_point, encode_event, encode_recovery_point};
pub use latency::{HistogramMessage, LatencyMessage, StepCount};
pub use names::{track_name, trouble_name};
pub use saving::{SavingStatus, encode_saving};
pub use settings::{SettingsPage, encode_settings};
pub use snapshot::{encode_preparation, encode_snapshot};
pub use start_page::{
    CallFate, Keeping, ModelStatus, PerceptionAnswer, PerceptionQuestion, StartPage, encode_start_page,
};

use event::{EventFields, EventMessage, EventRecord};
use rounding::{hundredths, tenths};

/// The version of the messages.
pub const PROTOCOL: u32 = 1;

/// The answer to a client's first message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "hello")]
pub struct ServerHello {
    /// The version the server speaks.
    pub protocol: u32,
    /// Which log of events the numbers count, from 1; a new one begins when something is erased.
    pub epoch: u64,
    /// The newest event's number; 0 if there is none.
    pub seq: u64,
}

/// What stays the same in all snapshots of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallSettings {
    /// Where the call comes from.
    pub origin: Origin,
    /// What the call is for.
    pub mode: Mode,
    /// The share of the talk that it aims at, 0 to 1: the mode's, or the user's own.
    pub target: f64,
    /// Whether nudges run on the demo's shortened times.
    pub demo_timing: bool,
}

/// How many of something there are in a minute of `time`, rounded to a hundredth; `None` if the time is zero.
pub fn per_minute(count: u32, time: Samples) -> Option<f64> {
    let minutes = time.as_ms() as f64 / 60_000.0;
    (minutes > 0.0).then(|| hundredths(f64::from(count) / minutes))
}

/// An event as a message: `seq` is its number in the log of `epoch`, and `at` the moment at which it was emitted.
pub fn encode_event_message(epoch: u64, seq: u64, at: SampleTime, event: &Event) -> String {
    encode(&EventMessage { record: EventRecord::new(seq, at, event), message: "event", epoch })
}

/// An event as a line of `events.jsonl`, without the line's end. Arguments are as for [`encode_event_message`].
pub fn encode_event_line(seq: u64, at: SampleTime, event: &Event) -> String {
    encode(&EventRecord::new(seq, at, event))
}

/// An event's kind, as messages and lines name it.
pub fn event_kind(event: &Event) -> &'static str {
    EventFields::from(event).kind()
}

/// What an event holds besides its kind, as one JSON object.
pub fn encode_event_fields(event: &Event) -> String {
    encode(&EventFields::from(event))
}

/// A message as JSON. Writing cannot fail: a message is a struct of plain values.
fn encode(message: &impl Serialize) -> String {
    serde_json::to_string(message).unwrap_or_default()
}

/// A check-in, in messages and in lines.
#[derive(Serialize)]
struct CheckInMessage<'a> {
    score: u8,
    words: &'a str,
}

impl<'a> From<&'a CheckIn> for CheckInMessage<'a> {
    fn from(given: &'a CheckIn) -> Self {
        Self { score: given.score(), words: given.words() }
    }
}

/// A note, in messages and in lines. One that is nothing to do has no owner and no state.
#[derive(Serialize)]
struct NoteMessage<'a> {
    id: NoteId,
    text: &'a str,
    written_ms: u64,
    owner: Option<Track>,
    state: Option<ItemState>,
    carried: bool,
}

impl<'a> From<&'a Note> for NoteMessage<'a> {
    fn from(note: &'a Note) -> Self {
        Self {
            id: note.id,
            text: &note.text,
            written_ms: note.at.as_ms(),
            owner: note.action.map(|action| action.owner),
            state: note.action.map(|action| action.state),
            carried: note.carried,
        }
    }
}

/// A trouble by its name, and the track that it is on, if it is on one.
#[derive(Serialize)]
struct TroubleMessage {
    trouble: &'static str,
    track: Option<Track>,
}

impl From<Trouble> for TroubleMessage {
    fn from(what: Trouble) -> Self {
        let (trouble, track) = trouble_name(what);
        Self { trouble, track }
    }
}

/// The leak from the far end into the microphone: times in milliseconds, the level in dB to a tenth.
#[derive(Serialize)]
struct LeakMessage {
    detected: bool,
    level_db: Option<f64>,
    delay_ms: Option<i32>,
    rejected_ms: u64,
}

impl From<&Leak> for LeakMessage {
    fn from(leak: &Leak) -> Self {
        Self {
            detected: leak.detected,
            level_db: leak.level_db.map(tenths),
            delay_ms: leak.delay_ms,
            rejected_ms: leak.rejected.as_ms(),
        }
    }
}

fn floor_name(floor: Floor) -> &'static str {
    match floor {
        Floor::Free => "free",
        Floor::Held(whose) => track_name(whose),
    }
}

#[cfg(test)]
pub(crate) mod tests;
