//! What a person may ask of a call that goes on, and why it may be refused.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::agenda::{AgendaError, CheckIn, ItemId, ItemState, NoteId};
use crate::audio::Track;
use crate::i18n::Bilingual;
use crate::nudges::{Mode, NudgeKind};
use crate::time::Samples;

/// Off the record reaches back so far at the most, whatever the settings say: what is remembered for it takes memory.
pub const MAX_OFF_RECORD_LAST: Samples = Samples::from_secs(5 * 60);

/// … and goes on for at most this long, unless it is asked for again.
pub const MAX_OFF_RECORD_NEXT: Samples = Samples::from_secs(60 * 60);

/// Off the record can be undone for at most this long before anything is erased.
pub const MAX_UNDO: Samples = Samples::from_secs(10);

/// A snooze lasts at most this long.
pub const MAX_SNOOZE: Samples = Samples::from_secs(60 * 60);

/// Something that a person asks of a call. What is so already is no refusal: it changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// From here on nothing is heard.
    Pause,
    /// Ends a pause.
    Resume,
    /// I am muted in the call: what the microphone hears is not for the other side.
    Mute,
    /// I am heard again, whatever the sound server says: until that changes, I know better.
    Unmute,
    /// Whether the sound server says that I am muted, if that has changed. What I said myself stays.
    FollowMute(bool),
    /// Erases the last stretch, and keeps nothing of the next.
    OffRecord {
        /// How far back; up to 5 s more may go. At most [`crate::session::SessionSetup::off_record_last`].
        last: Samples,
        /// How long from now on, if nothing ends it sooner. At most [`MAX_OFF_RECORD_NEXT`].
        next: Samples,
    },
    /// The same once this long has gone by, unless [`Command::OnRecord`] takes it back: until then all is heard and
    /// kept as before. The end of the call does not take it back.
    OffRecordAfter {
        /// How long it can be taken back. At most [`MAX_UNDO`].
        undo: Samples,
        /// How far back from now, as above.
        last: Samples,
        /// How long from the moment on at which it can no longer be taken back, as above.
        next: Samples,
    },
    /// Ends what is off the record, or takes back what was asked for and is not final yet.
    OnRecord,
    /// The nudge that is shown is not wanted.
    Dismiss,
    /// Nudges of this kind are not wanted in this call.
    MuteKind(NudgeKind),
    /// … and are again.
    UnmuteKind(NudgeKind),
    /// No nudge for this long, at most [`MAX_SNOOZE`]; zero ends a snooze.
    Snooze(Samples),
    /// Another purpose of the call, or another target share, 0 to 1, in place of the purpose's.
    SetAim {
        /// What the call is for.
        mode: Mode,
        /// The user's own target; the purpose's if it is `None`.
        own_target: Option<f64>,
    },
    /// Another thing to talk about.
    AddItem(String),
    /// An item is ticked, dropped or open again.
    SetItem {
        /// Which.
        id: ItemId,
        /// How it stands from here on.
        state: ItemState,
    },
    /// The tick that is offered is not wanted, and not to be offered again.
    DeclineItem(ItemId),
    /// A line is written down.
    AddNote {
        /// The manager's own words.
        text: String,
        /// Who is to do it; `None` if it is nothing to do.
        owner: Option<Track>,
    },
    /// An action item is ticked, dropped or open again.
    SetAction {
        /// Which.
        id: NoteId,
        /// How it stands from here on.
        state: ItemState,
    },
    /// How the other person is, as they say.
    CheckIn(CheckIn),
    /// The answer to the offer to look at something together.
    LookTogether(LookAnswer),
}

/// What becomes of the offer to look at something together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LookAnswer {
    /// We look at it.
    Shown,
    /// Not now.
    Later,
}

impl LookAnswer {
    /// The name on the wire and in files.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Why a command changes nothing. The message is the English sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// The call has ended.
    #[error("{}", self.words().en)]
    CallEnded,
    /// Nothing is kept now, so nothing can be written down.
    #[error("{}", self.words().en)]
    OffRecord,
    /// A length is longer than it may be.
    #[error("{}", self.words().en)]
    TooLong,
    /// The agenda does not take it.
    #[error("{}", self.words().en)]
    Agenda(#[from] AgendaError),
    /// Nothing was offered to look at.
    #[error("{}", self.words().en)]
    NothingOffered,
}

impl CommandError {
    /// What is said to the person who asked.
    pub fn words(self) -> Bilingual {
        match self {
            Self::CallEnded => Bilingual { ja: "通話は終わっています。", en: "The call has ended." },
            Self::OffRecord => Bilingual {
                ja: "オフレコ中は残せません。先にオフレコを終了してください。",
                en: "Nothing is kept off the record. Go back on the record.",
            },
            Self::TooLong => Bilingual {
                ja: "時間が長すぎます。短くしてもう一度どうぞ。",
                en: "That is too long. Ask for less.",
            },
            Self::Agenda(AgendaError::NoSuchItem) => {
                Bilingual { ja: "その話題はありません。", en: "The agenda has no such topic." }
            }
            Self::Agenda(AgendaError::Text) => Bilingual {
                ja: "話題は1〜200字で書いてください。",
                en: "A topic has 1 to 200 characters.",
            },
            Self::Agenda(AgendaError::Full) => Bilingual {
                ja: "話題は20件までです。新しいものは次回に。",
                en: "The agenda is full (20). Keep it for the next call.",
            },
            Self::Agenda(AgendaError::NoSuchAction) => {
                Bilingual { ja: "そのやることはありません。", en: "There is no such action item." }
            }
            Self::Agenda(AgendaError::NoSuchNote) => {
                Bilingual { ja: "そのメモはもうありません。", en: "That note is not there any more." }
            }
            Self::Agenda(AgendaError::NoteText) => Bilingual {
                ja: "メモは1〜200字で書いてください。",
                en: "A note has 1 to 200 characters.",
            },
            Self::Agenda(AgendaError::NotesFull) => {
                Bilingual { ja: "メモは50件までです。", en: "There is room for 50 notes." }
            }
            Self::NothingOffered => Bilingual {
                ja: "いまは何も提案していません。",
                en: "There is no offer to look at something now.",
            },
        }
    }
}
