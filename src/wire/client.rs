//! The messages of a client: a hello, then commands. They are read strictly: an unknown name or field, a text that is
//! too long or a number out of its range makes the whole message invalid.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::agenda::{CheckIn, ItemId, MAX_ITEM_CHARS, NoteId};
use crate::audio::{DeviceWish, Track};
use crate::config::SettingValue;
use crate::i18n::Bilingual;
use crate::nudges::NudgeKind;
use crate::people::{Card, Preference};
use crate::prepare::{ChoicesUpdate, StartRequest};
use crate::session::{Command, MAX_UNDO};
use crate::time::Samples;
use crate::wire::encode;

/// The largest message of a client, in bytes; only a plan of the call may be longer.
pub const MAX_MESSAGE_BYTES: usize = 4 * 1024;

/// The largest plan of a call, in bytes: an agenda of 20 items of 200 letters each fits.
pub const MAX_PLAN_BYTES: usize = 16 * 1024;

/// A refusal repeats the command's name if it is no longer than this, in characters.
const MAX_COMMAND_NAME_CHARS: usize = 40;

/// A message of a client.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientMessage {
    /// Its first message.
    Hello(ClientHello),
    /// What it asks for.
    Command(NamedCommand),
}

/// A client's first message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ClientHello {
    /// The version the client speaks.
    pub protocol: u32,
    /// The secret of this launch.
    pub token: String,
    /// The number of the newest event that the client knows; 0 for none.
    #[serde(default)]
    pub last_seq: u64,
    /// The epoch that `last_seq` belongs to; 0 for none.
    #[serde(default)]
    pub epoch: u64,
    /// Whether it asks its user how the call felt, once it is over.
    #[serde(default)]
    pub asks: bool,
}

/// A command, and the name by which it is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedCommand {
    /// Its name on the wire.
    pub name: String,
    /// What is asked for.
    pub command: ClientCommand,
}

/// What a client may ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientCommand {
    /// Something that is done before the call.
    BeforeCall(StartRequest),
    /// Another device for a track, before the call or in it.
    ChooseDevice(Track, DeviceWish),
    /// The user's settings are to be shown.
    Settings,
    /// A setting of the user's file is to have this value.
    SetSetting {
        /// The section of the file.
        section: String,
        /// Its name there.
        name: String,
        /// The value.
        value: SettingValue,
    },
    /// The recogniser's model that is missing is to be fetched.
    FetchModel,
    /// Something that is done in the call.
    Session(Command),
    /// Nothing of the last minutes and of the next is to be kept; how many they are, the settings say. It can be taken
    /// back for this long before anything is erased; at once if it is `None`.
    OffRecord(Option<Samples>),
    /// The end of the call.
    Stop,
    /// After the call: how much of the talk felt like the user's own, 0 to 1; `None` if they do not say.
    Perceived(Option<f64>),
    /// After a call that says too little: it is to be kept.
    KeepCall,
    /// After the call: it is to be deleted, with its files.
    DeleteCall,
    /// The page needs nothing more.
    Done,
}

impl ClientCommand {
    /// The setting that is to be changed, as `SECTION.NAME`, if one is.
    pub fn setting(&self) -> Option<String> {
        match self {
            Self::SetSetting { section, name, .. } => Some(format!("{section}.{name}")),
            _ => None,
        }
    }
}

/// A message that cannot be a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidMessage {
    /// The command's name; empty if it cannot be read or is too long.
    pub name: String,
    /// What is wrong, for the person who gave the command.
    pub why: Bilingual,
}

/// There is no such command.
const UNKNOWN: Bilingual = Bilingual {
    ja: "その操作はありません。ページを開き直してください。",
    en: "There is no such command. Open the page again.",
};

/// The command's fields are not what it takes.
const MALFORMED: Bilingual = Bilingual {
    ja: "長すぎるようです。短くして、もう一度どうぞ。",
    en: "That is too long. Make it shorter.",
};

impl ClientMessage {
    /// Reads a message of a client.
    ///
    /// # Errors
    /// When it cannot be a hello or a command.
    pub fn parse(text: &str) -> Result<Self, InvalidMessage> {
        let unknown = || InvalidMessage { name: String::new(), why: UNKNOWN };
        let Ok(Value::Object(mut fields)) = serde_json::from_str(text) else { return Err(unknown()) };
        match fields.remove("type").as_ref().and_then(Value::as_str) {
            Some("hello") => serde_json::from_value(Value::Object(fields)).map(Self::Hello).map_err(|_| unknown()),
            Some("command") => parse_command(fields).map(Self::Command),
            _ => Err(unknown()),
        }
    }

    /// How many bytes a message of this kind may have.
    pub fn max_bytes(&self) -> usize {
        match self {
            Self::Command(NamedCommand { command: ClientCommand::BeforeCall(StartRequest::Prepare(_)), .. }) => {
                MAX_PLAN_BYTES
            }
            _ => MAX_MESSAGE_BYTES,
        }
    }
}

/// The refusal of the command `name` as a message.
pub fn encode_refusal(name: &str, why: Bilingual) -> String {
    encode_setting_refusal(name, None, why)
}

/// The same; with the setting, `SECTION.NAME`, that was to be changed if one was.
pub fn encode_setting_refusal<Text: Serialize>(name: &str, setting: Option<&str>, why: Bilingual<Text>) -> String {
    encode(&Refused { command: name, setting, why })
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "refused")]
struct Refused<'a, Text> {
    command: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    setting: Option<&'a str>,
    why: Bilingual<Text>,
}

pub(super) fn parse_command(fields: Map<String, Value>) -> Result<NamedCommand, InvalidMessage> {
    let given = fields.get("command").and_then(Value::as_str).unwrap_or_default();
    let name = if given.chars().count() <= MAX_COMMAND_NAME_CHARS { given.to_owned() } else { String::new() };
    let unfit = |why| InvalidMessage { name: name.clone(), why };
    if !COMMAND_NAMES.contains(&given) {
        return Err(unfit(UNKNOWN));
    }
    let form: RawCommand = serde_json::from_value(Value::Object(fields)).map_err(|_| unfit(MALFORMED))?;
    let what = form.into_command().ok_or_else(|| unfit(MALFORMED))?;
    Ok(NamedCommand { name, command: what })
}

const COMMAND_NAMES: [&str; 30] = [
    "prepare",
    "settings",
    "set",
    "card",
    "choose_device",
    "fetch_model",
    "demo",
    "begin",
    "pause",
    "resume",
    "mute",
    "unmute",
    "stop",
    "off_record",
    "on_record",
    "dismiss",
    "mute_kind",
    "unmute_kind",
    "snooze",
    "agenda_add",
    "agenda_set",
    "agenda_decline",
    "note_add",
    "action_set",
    "check_in",
    "look_together",
    "perceived",
    "keep_call",
    "delete_call",
    "done",
];

/// A command as it is written. Those without fields have braces: serde lets any field pass with a unit variant.
#[derive(Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
enum RawCommand {
    Prepare {
        #[serde(default, deserialize_with = "nullable")]
        with: Option<Option<String>>,
        mode: Option<String>,
        #[serde(default, deserialize_with = "nullable")]
        target: Option<Option<f64>>,
        icebreaker_min: Option<u8>,
        agenda: Option<Vec<String>>,
        #[serde(default, deserialize_with = "nullable")]
        meeting_min: Option<Option<u8>>,
        #[serde(default, deserialize_with = "nullable")]
        lang: Option<Option<String>>,
    },
    ChooseDevice {
        track: Track,
        #[serde(deserialize_with = "Option::deserialize")]
        device: Option<String>,
    },
    Card {
        points: Vec<String>,
        note: String,
    },
    Settings {},
    Set {
        section: String,
        key: String,
        value: SettingValue,
    },
    FetchModel {},
    Demo {},
    Begin {},
    Pause {},
    Resume {},
    Mute {},
    Unmute {},
    Stop {},
    OffRecord {
        undo_s: Option<u8>,
    },
    OnRecord {},
    Dismiss {},
    MuteKind {
        kind: String,
    },
    UnmuteKind {
        kind: String,
    },
    Snooze {
        minutes: u8,
    },
    AgendaAdd {
        text: String,
    },
    AgendaSet {
        id: ItemId,
        state: String,
    },
    AgendaDecline {
        id: ItemId,
    },
    NoteAdd {
        text: String,
        #[serde(deserialize_with = "Option::deserialize")]
        owner: Option<Track>,
    },
    ActionSet {
        id: NoteId,
        state: String,
    },
    CheckIn {
        score: u8,
        words: String,
    },
    LookTogether {
        answer: String,
    },
    Perceived {
        share: Value,
    },
    KeepCall {},
    DeleteCall {},
    Done {},
}

/// A field that may be null: a field that is null differs from one that is not there.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(field: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(field).map(Some)
}

/// A device's id has at most this many characters.
const MAX_DEVICE_CHARS: usize = 500;

/// The longest snooze that can be asked for, in minutes.
const LONGEST_SNOOZE: u8 = 60;

impl RawCommand {
    /// The command; `None` if a value lies outside its limits.
    fn into_command(self) -> Option<ClientCommand> {
        let of_session = |command| Some(ClientCommand::Session(command));
        match self {
            Self::Prepare { with, mode, target, icebreaker_min, agenda, meeting_min, lang } => {
                let mode = match mode {
                    Some(name) => Some(name.parse().ok()?),
                    None => None,
                };
                let language = match lang {
                    Some(Some(code)) => Some(Some(code.parse().ok()?)),
                    Some(None) => Some(None),
                    None => None,
                };
                let minutes = |count: u8| Samples::from_secs(u64::from(count) * 60);
                let change = ChoicesUpdate {
                    with: with.map(|with| with.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())),
                    mode,
                    target,
                    icebreaker: icebreaker_min.map(minutes),
                    agenda: agenda.map(|items| items.iter().map(|item| item.trim().to_owned()).collect()),
                    meeting: meeting_min.map(|given| given.map(minutes)),
                    language,
                };
                change.is_valid().then_some(ClientCommand::BeforeCall(StartRequest::Prepare(change)))
            }
            Self::Card { points, note } => {
                let points: Option<Vec<_>> = points.iter().map(|name| Preference::from_name(name)).collect();
                let card = Card { points: points?, note: note.trim().to_owned() };
                card.is_valid().then_some(ClientCommand::BeforeCall(StartRequest::Card(card)))
            }
            Self::ChooseDevice { track, device } => {
                let fits = device.as_ref().is_none_or(|id| id.chars().count() <= MAX_DEVICE_CHARS);
                fits.then_some(ClientCommand::ChooseDevice(track, DeviceWish(device)))
            }
            Self::Settings {} => Some(ClientCommand::Settings),
            Self::Set { section, key, value } => Some(ClientCommand::SetSetting { section, name: key, value }),
            Self::FetchModel {} => Some(ClientCommand::FetchModel),
            Self::Demo {} => Some(ClientCommand::BeforeCall(StartRequest::Demo)),
            Self::Begin {} => Some(ClientCommand::BeforeCall(StartRequest::Begin)),
            Self::Pause {} => of_session(Command::Pause),
            Self::Resume {} => of_session(Command::Resume),
            Self::Mute {} => of_session(Command::Mute),
            Self::Unmute {} => of_session(Command::Unmute),
            Self::Stop {} => Some(ClientCommand::Stop),
            Self::OffRecord { undo_s: None } => Some(ClientCommand::OffRecord(None)),
            Self::OffRecord { undo_s: Some(secs) } => {
                let undo = Samples::from_secs(u64::from(secs));
                (undo <= MAX_UNDO).then_some(ClientCommand::OffRecord(Some(undo)))
            }
            Self::OnRecord {} => of_session(Command::OnRecord),
            Self::Dismiss {} => of_session(Command::Dismiss),
            Self::MuteKind { kind } => of_session(Command::MuteKind(NudgeKind::from_name(&kind)?)),
            Self::UnmuteKind { kind } => of_session(Command::UnmuteKind(NudgeKind::from_name(&kind)?)),
            Self::Snooze { minutes } if minutes <= LONGEST_SNOOZE => {
                of_session(Command::Snooze(Samples::from_secs(u64::from(minutes) * 60)))
            }
            Self::Snooze { .. } => None,
            Self::AgendaAdd { text } => fitting_line(&text).map(|text| ClientCommand::Session(Command::AddItem(text))),
            Self::AgendaSet { id, state } => of_session(Command::SetItem { id, state: state.parse().ok()? }),
            Self::AgendaDecline { id } => of_session(Command::DeclineItem(id)),
            Self::NoteAdd { text, owner } => {
                fitting_line(&text).map(|text| ClientCommand::Session(Command::AddNote { text, owner }))
            }
            Self::ActionSet { id, state } => of_session(Command::SetAction { id, state: state.parse().ok()? }),
            // Checked only here: what the journal holds from before is read as it is.
            Self::CheckIn { score, words } => {
                let given = CheckIn::new(score, &words)?;
                let fits = !given.words().chars().any(char::is_control);
                fits.then_some(ClientCommand::Session(Command::CheckIn(given)))
            }
            Self::LookTogether { answer } => of_session(Command::LookTogether(answer.parse().ok()?)),
            Self::Perceived { share } => match share {
                Value::Null => Some(ClientCommand::Perceived(None)),
                share => {
                    let share = share.as_f64().filter(|share| (0.0..=1.0).contains(share))?;
                    Some(ClientCommand::Perceived(Some(share)))
                }
            },
            Self::KeepCall {} => Some(ClientCommand::KeepCall),
            Self::DeleteCall {} => Some(ClientCommand::DeleteCall),
            Self::Done {} => Some(ClientCommand::Done),
        }
    }
}

/// What was typed into a field of one line, if it is no longer than an item may be.
fn fitting_line(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = text.chars().count() <= MAX_ITEM_CHARS && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
