//! The start page: what is chosen before a call, who it is with and what is known of them, hints, and the question
//! after the call. On the wire it is called `desk`.

use serde::Serialize;
use strum::VariantArray;

use crate::agenda::OpenAction;
use crate::audio::{AvailableDevice, PerTrack, Track, TrackDevices};
use crate::config::OffRecordLengths;
use crate::i18n::Bilingual;
use crate::language::Language;
use crate::nudges::{Mode, TargetProposal, Targets};
use crate::people::{Person, Preference, StatedCard};
use crate::prepare::{Choices, PreparationHint};
use crate::records::{TooLittle, TrialArm};
use crate::session::MAX_OFF_RECORD_LAST;
use crate::time::Samples;
use crate::wire::encode;
use crate::wire::rounding::rounded;

/// What the start page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StartPage {
    /// What is chosen for the call.
    pub choices: Choices,
    /// The share of the talk that it aims at, 0 to 1: the mode's, or the user's own.
    pub target: f64,
    /// What each mode aims at by the user's settings.
    pub targets: Targets,
    /// A step from the user's own baseline, if one is proposed.
    pub proposal: Option<TargetProposal>,
    /// How much is off the record at once.
    pub off_record: OffRecordLengths,
    /// What is kept of the call, and for how long.
    pub keeping: Keeping,
    /// Everybody with whom there was a call or who has a card, the newest first.
    pub people: Vec<Person>,
    /// What the call is in the trial of nudges, if there is one.
    pub trial: Option<TrialArm>,
    /// What may help in a call with the person who is chosen.
    pub hints: Vec<PreparationHint>,
    /// What the tracks can be taken from; `None` if the call has no devices, or before they are known.
    pub devices: Option<PerTrack<TrackDevices>>,
    /// Whether words are recognised, as far as that depends on the model's file.
    pub model: ModelStatus,
    /// Whether there are calls to look back on.
    pub has_history: bool,
    /// Whether the user's settings can be changed from here.
    pub has_settings: bool,
    /// Whether the demo can be opened from here.
    pub opens_demo: bool,
    /// The name of the newest call that is over.
    pub last_call: Option<String>,
    /// The question after the call; `None` before its end.
    pub perception_question: Option<PerceptionQuestion>,
}

/// The question after the call: how much of the talk felt like the user's own?
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PerceptionQuestion {
    /// Whether an answer is waited for.
    pub asked: bool,
    /// The answer.
    pub answer: PerceptionAnswer,
    /// The true share, 0 to 1; `None` as long as the answer is waited for, and if nobody spoke.
    pub share: Option<f64>,
    /// Whether that share is approximate.
    pub unsure: bool,
    /// The path of the summary's page.
    pub summary: String,
    /// Why the call says too little to ask, if it does: its share is none.
    pub too_little: Option<TooLittle>,
    /// How long the call was.
    pub length: Samples,
    /// What becomes of the call; `None` if it is not among those that are remembered.
    pub fate: Option<CallFate>,
}

/// What becomes of a call that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallFate {
    /// It says too little, and the user is asked whether to keep it.
    Undecided,
    /// It is kept.
    Kept,
    /// It is deleted.
    Deleted,
}

/// What became of the question.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum PerceptionAnswer {
    /// Nothing yet.
    #[default]
    Unanswered,
    /// How much felt like the user's own, 0 to 1.
    Perceived(f64),
    /// The user does not want to say.
    Skipped,
}

/// How the file of the recogniser's model stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ModelStatus {
    /// It is here, or not wanted, or cannot be fetched from the page.
    #[default]
    NotMissing,
    /// It is not here.
    Missing {
        /// How large it is, in bytes.
        bytes: u64,
    },
    /// It is being fetched.
    Fetching {
        /// How much has come, in whole percents.
        percent: u8,
    },
    /// It was fetched, and is used from the next beginning of a call on.
    Ready,
    /// It could not be fetched.
    Failed,
}

/// What is kept of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    /// Whether what was said is kept as text.
    pub words: bool,
    /// After how many days the next start deletes the call; `None` if only the user does.
    pub days: Option<u32>,
    /// Whether figures and what is written down are added to the user's own notes, which nothing deletes.
    pub notes: bool,
}

/// What the user can paste into the call's chat: nobody is to be listened to without knowing. It says what this call
/// does.
fn disclosure(Keeping { words, days, notes }: Keeping) -> Bilingual<String> {
    let [ja_until, en_until] = match days {
        Some(days) => [
            format!("{days}日間このパソコンに残り、その後の起動時に消えます"),
            format!("on my computer for {days} days, and go at the next start after that"),
        ],
        None => ["消すまでこのパソコンに残ります".to_owned(), "on my computer until I delete them".to_owned()],
    };
    let [ja_notes, en_notes] = match notes {
        true => [
            "数字とメモは、私のノートにも書き足し、私が消すまで残ります。",
            " I also add figures and notes to my own notes, where they stay until I delete them.",
        ],
        false => ["", ""],
    };
    match words {
        false => Bilingual {
            ja: format!(
                "この1on1では、私が話しすぎないようにKeichoという道具を使います。二人の声をこのパソコンの中だけで解析し、音声も\
                 言葉も残さず、どこにも送りません。話した割合などの数字と私のメモは、{ja_until}。{ja_notes}\
                 気になるときは、いつでも止めます。"
            ),
            en: format!(
                "I’m using Keicho in this 1on1 so that I talk less and listen more. It analyses both our voices on my \
                 computer only; no sound and no words are kept, and nothing is sent. Figures such as talk share, and my \
                 notes, stay {en_until}.{en_notes} Tell me if you’d rather not, and I’ll stop it."
            ),
        },
        true => Bilingual {
            ja: format!(
                "この1on1では、私が話しすぎないようにKeichoという道具を使います。二人の声をこのパソコンの中だけで解析します。\
                 音声は残しませんが、話した言葉は文字にして残します。言葉と、話した割合などの数字、私のメモは、{ja_until}。\
                 {ja_notes}どこにも送りません。文字に残してよいか、先に教えてください。いつでも止めます。"
            ),
            en: format!(
                "I’m using Keicho in this 1on1 so that I talk less and listen more. It analyses both our voices on my \
                 computer only. No sound is kept, but what we say is written down: the words, figures such as talk \
                 share, and my notes stay {en_until}.{en_notes} Nothing is sent. Is that all right? I can leave the words out, \
                 and stop at any time."
            ),
        },
    }
}

/// The start page as a message, the `version`th of this server.
pub fn encode_start_page(version: u64, page: &StartPage) -> String {
    let Choices { with, mode, own_target, icebreaker, agenda, meeting, language } = &page.choices;
    encode(&StartPageMessage {
        version,
        with: with.as_deref(),
        mode: *mode,
        target: rounded(page.target),
        modes: Mode::VARIANTS
            .iter()
            .map(|mode| ModeMessage { mode: *mode, target: rounded(page.targets.get(*mode)) })
            .collect(),
        own_target: own_target.map(rounded),
        proposal: page.proposal.map(ProposalMessage::from),
        icebreaker_min: whole_minutes(*icebreaker),
        agenda,
        meeting_min: meeting.map(whole_minutes),
        lang: *language,
        devices: page.devices.as_ref().map(|PerTrack { me, them }| PerTrack { me: me.into(), them: them.into() }),
        model: page.model.into(),
        off_record_min: OffRecordMinutes {
            last: whole_minutes(page.off_record.last.min(MAX_OFF_RECORD_LAST)),
            next: whole_minutes(page.off_record.next),
        },
        people: page.people.iter().map(PersonMessage::from).collect(),
        trial: page.trial.map(TrialArm::name),
        hints: page.hints.iter().map(HintMessage::from).collect(),
        tell: disclosure(page.keeping),
        keep: page.keeping.into(),
        history: page.has_history,
        last_call: page.last_call.as_deref(),
        settings: page.has_settings,
        demo: page.opens_demo,
        after: page.perception_question.as_ref().map(PerceptionMessage::from),
    })
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "desk")]
struct StartPageMessage<'a> {
    version: u64,
    with: Option<&'a str>,
    mode: Mode,
    target: f64,
    modes: Vec<ModeMessage>,
    own_target: Option<f64>,
    proposal: Option<ProposalMessage>,
    icebreaker_min: u64,
    agenda: &'a [String],
    meeting_min: Option<u64>,
    lang: Option<Language>,
    devices: Option<PerTrack<DevicesMessage<'a>>>,
    model: Option<ModelMessage>,
    off_record_min: OffRecordMinutes,
    people: Vec<PersonMessage<'a>>,
    trial: Option<&'static str>,
    hints: Vec<HintMessage<'a>>,
    tell: Bilingual<String>,
    keep: KeepingMessage,
    history: bool,
    last_call: Option<&'a str>,
    settings: bool,
    demo: bool,
    after: Option<PerceptionMessage<'a>>,
}

#[derive(Serialize)]
struct DevicesMessage<'a> {
    chosen: Option<&'a str>,
    heard: Option<&'a str>,
    available: Vec<DeviceMessage<'a>>,
    server_silent: bool,
}

impl<'a> From<&'a TrackDevices> for DevicesMessage<'a> {
    fn from(of: &'a TrackDevices) -> Self {
        let device = |device: &'a AvailableDevice| DeviceMessage {
            id: &device.id,
            name: &device.name,
            default: device.is_default,
        };
        Self {
            chosen: of.chosen.as_deref(),
            heard: of.heard.as_deref(),
            available: of.available.iter().map(device).collect(),
            server_silent: of.is_server_silent,
        }
    }
}

#[derive(Serialize)]
struct DeviceMessage<'a> {
    id: &'a str,
    name: &'a str,
    default: bool,
}

#[derive(Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum ModelMessage {
    Missing { bytes: u64 },
    Fetching { percent: u8 },
    Ready,
    Failed,
}

impl From<ModelStatus> for Option<ModelMessage> {
    fn from(status: ModelStatus) -> Self {
        Some(match status {
            ModelStatus::NotMissing => return None,
            ModelStatus::Missing { bytes } => ModelMessage::Missing { bytes },
            ModelStatus::Fetching { percent } => ModelMessage::Fetching { percent },
            ModelStatus::Ready => ModelMessage::Ready,
            ModelStatus::Failed => ModelMessage::Failed,
        })
    }
}

#[derive(Serialize)]
struct KeepingMessage {
    words: bool,
    days: Option<u32>,
}

impl From<Keeping> for KeepingMessage {
    fn from(Keeping { words, days, .. }: Keeping) -> Self {
        Self { words, days }
    }
}

#[derive(Serialize)]
struct ModeMessage {
    mode: Mode,
    target: f64,
}

#[derive(Serialize)]
struct ProposalMessage {
    target: f64,
    baseline: f64,
    calls: usize,
}

impl From<TargetProposal> for ProposalMessage {
    fn from(step: TargetProposal) -> Self {
        Self { target: rounded(step.target), baseline: rounded(step.baseline), calls: step.calls }
    }
}

#[derive(Serialize)]
struct OffRecordMinutes {
    last: u64,
    next: u64,
}

/// A length in whole minutes.
fn whole_minutes(of: Samples) -> u64 {
    of.as_ms() / 60_000
}

#[derive(Serialize)]
struct PersonMessage<'a> {
    name: &'a str,
    last_at: Option<&'a str>,
    days: Option<u32>,
    calls: u32,
    open_items: &'a [String],
    open_actions: Vec<OpenActionMessage<'a>>,
    card: Option<CardMessage<'a>>,
}

impl<'a> From<&'a Person> for PersonMessage<'a> {
    fn from(person: &'a Person) -> Self {
        Self {
            name: &person.name,
            // The page shows the day alone.
            last_at: person.last_at.as_deref().and_then(|at| at.split('T').next()),
            days: person.days,
            calls: person.calls,
            open_items: &person.open_items,
            open_actions: person.open_actions.iter().map(OpenActionMessage::from).collect(),
            card: person.card.as_ref().map(|StatedCard { card, stated_on }| CardMessage {
                points: &card.points,
                note: &card.note,
                stated_on,
            }),
        }
    }
}

#[derive(Serialize)]
struct OpenActionMessage<'a> {
    text: &'a str,
    owner: Track,
}

impl<'a> From<&'a OpenAction> for OpenActionMessage<'a> {
    fn from(OpenAction { text, owner }: &'a OpenAction) -> Self {
        Self { text, owner: *owner }
    }
}

#[derive(Serialize)]
struct CardMessage<'a> {
    points: &'a [Preference],
    note: &'a str,
    stated_on: &'a str,
}

#[derive(Serialize)]
struct HintMessage<'a> {
    text: &'a Bilingual<String>,
    because: &'a Bilingual<String>,
}

impl<'a> From<&'a PreparationHint> for HintMessage<'a> {
    fn from(hint: &'a PreparationHint) -> Self {
        Self { text: &hint.text, because: &hint.reason }
    }
}

#[derive(Serialize)]
struct PerceptionMessage<'a> {
    asked: bool,
    perceived: Option<f64>,
    skipped: bool,
    share: Option<f64>,
    unsure: bool,
    summary: &'a str,
    too_little: Option<TooLittle>,
    length_ms: u64,
    fate: Option<CallFate>,
}

impl<'a> From<&'a PerceptionQuestion> for PerceptionMessage<'a> {
    fn from(after: &'a PerceptionQuestion) -> Self {
        let (perceived, skipped) = match after.answer {
            PerceptionAnswer::Unanswered => (None, false),
            PerceptionAnswer::Perceived(share) => (Some(rounded(share)), false),
            PerceptionAnswer::Skipped => (None, true),
        };
        Self {
            asked: after.asked,
            perceived,
            skipped,
            share: after.share.map(rounded),
            unsure: after.unsure,
            summary: &after.summary,
            too_little: after.too_little,
            length_ms: after.length.as_ms(),
            fate: after.fate,
        }
    }
}

#[cfg(test)]
mod tests;
