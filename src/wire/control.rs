//! The messages of the control socket: a line of JSON asks, and a line answers. Commands are those of a page.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::audio::PerTrack;
use crate::session::Snapshot;
use crate::time::Samples;
use crate::wire::client::parse_command;
use crate::wire::rounding::rounded;
use crate::wire::{CallSettings, InvalidMessage, NamedCommand, encode, names::trouble_name};

/// What a line asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum ControlRequest {
    /// What a page may ask for, too.
    Command(NamedCommand),
    /// All words and figures are to leave the pages, or to come back.
    Hush,
    /// How the call is.
    Status,
    /// The same, and again whenever [`CallStatus::differs_in_state`], for as long as the connection stands.
    Follow,
}

impl ControlRequest {
    /// Reads a line.
    ///
    /// # Errors
    /// When it asks for nothing that there is.
    pub fn parse(line: &str) -> Result<Self, InvalidMessage> {
        let Ok(Value::Object(mut fields)) = serde_json::from_str(line) else {
            return parse_command(Map::new()).map(Self::Command);
        };
        match fields.remove("type").as_ref().and_then(Value::as_str) {
            Some("hush") if fields.is_empty() => Ok(Self::Hush),
            Some("status") if fields.is_empty() => Ok(Self::Status),
            Some("follow") if fields.is_empty() => Ok(Self::Follow),
            Some("command") => parse_command(fields).map(Self::Command),
            _ => parse_command(Map::new()).map(Self::Command),
        }
    }
}

/// The line that asks for a command that has no fields, by its name on the wire.
pub fn encode_plain_command(name: &str) -> String {
    encode(&json!({ "type": "command", "command": name }))
}

/// The line that asks to go off the record. For this many seconds it can be taken back.
pub fn encode_off_record(undo_s: u8) -> String {
    encode(&json!({ "type": "command", "command": "off_record", "undo_s": undo_s }))
}

/// The line that asks for another device of the other side, by its id.
pub fn encode_choose_them(id: &str) -> String {
    encode(&json!({ "type": "command", "command": "choose_device", "track": "them", "device": id }))
}

/// The line that asks how the call is.
pub fn encode_status_request() -> String {
    encode(&json!({ "type": "status" }))
}

/// The line that asks how the call is, now and whenever that changes.
pub fn encode_follow_request() -> String {
    encode(&json!({ "type": "follow" }))
}

/// The message that hides all words and figures of a page, or brings them back; also the line that asks for it.
pub fn encode_hush() -> String {
    encode(&json!({ "type": "hush" }))
}

/// The line that answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ControlReply {
    /// It is done.
    Done {},
    /// It was not done.
    Refused {
        /// The name of the command.
        command: String,
        /// Why.
        why: ReplyText,
    },
    /// How the call is.
    Status(CallStatus),
}

/// A text of an answer, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyText {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

impl ControlReply {
    /// Reads an answer; `None` if it is of another version.
    pub fn parse(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }

    /// The answer as a line, without its end.
    pub fn encode(&self) -> String {
        encode(self)
    }
}

/// How a call is, in short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallStatus {
    /// `before`, or the state of a snapshot: `live`, `paused`, `off_record`, `ended`.
    pub state: String,
    /// Where the call comes from: `live`, `replay`, `demo`.
    pub source: String,
    /// How long the call is so far.
    pub now_ms: u64,
    /// Whether I am muted in the call.
    pub muted: bool,
    /// Whether going off the record was asked for and can still be taken back; the state is as before.
    #[serde(default)]
    pub off_record_pending: bool,
    /// My share of the talk, 0 to 1; null if too little was said.
    pub share: Option<f64>,
    /// Whether that share is approximate.
    #[serde(default)]
    pub unsure: bool,
    /// The share that is aimed at, 0 to 1.
    pub target: f64,
    /// What is wrong with the sound, by its names on the wire.
    pub troubles: Vec<String>,
    /// Whether sound of either side is being lost right now.
    pub losing: bool,
    /// Where the summary is, once the call is over.
    pub summary: Option<String>,
    /// The nudge that is shown.
    #[serde(default)]
    pub nudge: Option<ReplyText>,
}

/// A share of less talk than this, or of one side's alone, says nothing: it would be 100 % after three seconds. As on the page.
const SHARE_FROM: Samples = Samples::from_secs(10);

fn says_something(talk: PerTrack<Samples>) -> bool {
    talk.me > Samples::ZERO && talk.them > Samples::ZERO && talk.me + talk.them >= SHARE_FROM
}

impl CallStatus {
    /// The status of a call; of one that has not begun without a snapshot.
    pub fn new(settings: &CallSettings, call: Option<&Snapshot>, summary: Option<String>) -> Self {
        Self {
            state: call.map_or("before", |call| call.phase.name()).to_owned(),
            source: settings.origin.name().to_owned(),
            now_ms: call.map_or(0, |call| call.now.as_ms()),
            muted: call.is_some_and(|call| call.muted),
            off_record_pending: call.is_some_and(|call| call.off_record_undo.is_some()),
            share: call.filter(|call| says_something(call.talk)).and_then(|call| call.call_share).map(rounded),
            unsure: call.is_some_and(|call| call.leak.detected),
            target: rounded(settings.target),
            troubles: call.map_or_else(Vec::new, |call| {
                call.troubles.iter().map(|trouble| trouble_name(*trouble).0.to_owned()).collect()
            }),
            losing: call.is_some_and(|call| call.losing_since.me.or(call.losing_since.them).is_some()),
            summary,
            nudge: call.and_then(|call| call.nudge.as_ref()).map(|nudge| {
                let words = nudge.why.words();
                ReplyText { ja: words.ja.to_owned(), en: words.en.to_owned() }
            }),
        }
    }

    /// Whether anything but its length and the share has changed since.
    pub fn differs_in_state(&self, before: &Self) -> bool {
        let state = |status: &Self| Self { now_ms: 0, share: None, unsure: false, ..status.clone() };
        state(self) != state(before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asr::NoText;
    use crate::audio::{DeviceWish, Track};
    use crate::frontend::echo::Leak;
    use crate::i18n::Bilingual;
    use crate::nudges::Mode;
    use crate::records::Origin;
    use crate::session::{Command, Session, SessionSetup};
    use crate::wire::ClientCommand;

    #[test]
    fn a_line_asks_for_what_a_page_may_ask_for_and_for_what_only_it_can() {
        let parse = |line: &str| ControlRequest::parse(line);
        assert_eq!(parse(&encode_status_request()), Ok(ControlRequest::Status));
        assert_eq!(parse(&encode_hush()), Ok(ControlRequest::Hush));
        assert_eq!(parse(&encode_follow_request()), Ok(ControlRequest::Follow));
        let Ok(ControlRequest::Command(pause)) = parse(&encode_plain_command("pause")) else { panic!() };
        assert_eq!(pause.command, ClientCommand::Session(Command::Pause));
        let Ok(ControlRequest::Command(off)) = parse(&encode_off_record(5)) else { panic!() };
        assert!(matches!(off.command, ClientCommand::OffRecord(Some(_))));
        let Ok(ControlRequest::Command(choose)) = parse(&encode_choose_them("app:Zoom")) else { panic!() };
        let wish = DeviceWish(Some("app:Zoom".to_owned()));
        assert_eq!(choose.command, ClientCommand::ChooseDevice(Track::Them, wish));
        for line in ["", "pause", "[]", "{}", r#"{"type":"hush","for":3}"#, r#"{"type":"command","command":"sing"}"#] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn an_answer_is_read_as_it_was_written() {
        let settings = CallSettings { origin: Origin::Live, mode: Mode::Listening, target: 0.3, demo_timing: false };
        let blank = Session::new(&SessionSetup::default(), Box::new(NoText::default())).snapshot();
        let before = ControlReply::Status(CallStatus::new(&settings, None, None));
        let during = ControlReply::Status(CallStatus::new(&settings, Some(&blank), None));
        insta::assert_snapshot!([&before, &during, &ControlReply::Done {}].map(ControlReply::encode).join("\n"), @r#"
        {"type":"status","state":"before","source":"live","now_ms":0,"muted":false,"off_record_pending":false,"share":null,"unsure":false,"target":0.3,"troubles":[],"losing":false,"summary":null,"nudge":null}
        {"type":"status","state":"live","source":"live","now_ms":0,"muted":false,"off_record_pending":false,"share":null,"unsure":false,"target":0.3,"troubles":[],"losing":false,"summary":null,"nudge":null}
        {"type":"done"}
        "#);
        let said = |me, them, detected| {
            let talk = PerTrack { me: Samples::from_secs(me), them: Samples::from_secs(them) };
            let leak = Leak { detected, ..blank.leak };
            let call = Snapshot { call_share: Some(0.4), talk, leak, ..blank.clone() };
            let status = CallStatus::new(&settings, Some(&call), None);
            (status.share, status.unsure)
        };
        assert_eq!([said(30, 0, false), said(4, 5, false)], [(None, false); 2], "too little to say anything");
        assert_eq!([said(4, 6, false), said(4, 6, true)], [(Some(0.4), false), (Some(0.4), true)]);
        for reply in [before, during, ControlReply::Done {}] {
            assert_eq!(ControlReply::parse(&reply.encode()), Some(reply));
        }
        let refusal = crate::wire::encode_refusal("pause", Bilingual { ja: "いまは", en: "Not now." });
        assert!(matches!(ControlReply::parse(&refusal), Some(ControlReply::Refused { .. })));
    }
}
