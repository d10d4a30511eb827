//! A nudge with the figures that fired it.

use serde::{Deserialize, Serialize};

use crate::audio::Track;
use crate::i18n::Bilingual;
use crate::nudges::NudgeKind;
use crate::time::{SampleTime, Samples};

/// A nudge with the figures that fired it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Nudge {
    /// What it is about, and why it fired.
    pub why: NudgeReason,
    /// When it appeared.
    pub at: SampleTime,
}

impl Nudge {
    /// What it is about.
    pub fn kind(&self) -> NudgeKind {
        self.why.kind()
    }
}

/// The figures that fired a nudge.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NudgeReason {
    /// Both windows were over the target for long enough.
    Share {
        /// My share of the talk in the last minutes, 0 to 1.
        recent: f64,
        /// My share of the talk in the call so far, 0 to 1.
        call: f64,
        /// The target, 0 to 1.
        target: f64,
    },
    /// My monologue reached a tier.
    Monologue {
        /// The length of a monologue at which the nudge appears.
        tier: Samples,
        /// How long the monologue was when the nudge appeared.
        length: Samples,
    },
    /// I interrupted them, and they gave way.
    CutIn(CutIn),
    /// They talked without a sound of mine.
    Listening {
        /// How much they talked.
        talk: Samples,
    },
    /// I broke silences after my own questions.
    Regrab(Regrabs),
    /// My questions in a row that were closed or chased progress.
    ClosedRun {
        /// How many they are.
        count: u32,
    },
    /// I speak faster than I usually do.
    Pace {
        /// My pace as a part of my own usual one: 1.2 is a fifth faster.
        relative: f64,
    },
    /// Filled pauses in my newest speech.
    Fillers(Fillers),
    /// Trouble with the sound.
    Audio(ActionableTrouble),
}

impl NudgeReason {
    /// What the nudge is about.
    pub fn kind(&self) -> NudgeKind {
        match self {
            Self::Share { .. } => NudgeKind::Share,
            Self::Monologue { .. } => NudgeKind::Monologue,
            Self::CutIn(_) => NudgeKind::CutIn,
            Self::Listening { .. } => NudgeKind::Listening,
            Self::Regrab(_) => NudgeKind::Regrab,
            Self::ClosedRun { .. } => NudgeKind::ClosedRun,
            Self::Pace { .. } => NudgeKind::Pace,
            Self::Fillers(_) => NudgeKind::Fillers,
            Self::Audio(_) => NudgeKind::Audio,
        }
    }

    /// What was shown: at most 12 characters in Japanese, four words in English. Most nudges appear when the other has just
    /// begun to speak; their words are about staying there, or about the next time.
    pub fn words(&self) -> Bilingual {
        match self {
            Self::Share { .. } => Bilingual { ja: "このまま聞く", en: "Keep listening" },
            Self::Monologue { .. } => Bilingual { ja: "相手の考えを聞く", en: "Ask what they think" },
            Self::CutIn(_) => Bilingual { ja: "続きをどうぞ、と返す", en: "Hand it back" },
            Self::Listening { .. } => Bilingual { ja: "相づちを声で", en: "An “mm-hm” helps" },
            Self::Regrab(_) => Bilingual { ja: "次の質問は3秒待つ", en: "Next question: count three" },
            Self::ClosedRun { .. } => Bilingual { ja: "次は「どう？」で", en: "Next, ask “how”" },
            Self::Pace { .. } => Bilingual { ja: "次は少しゆっくり", en: "A little slower next" },
            Self::Fillers(_) => Bilingual { ja: "話す前にひと息", en: "Breathe, then speak" },
            Self::Audio(trouble) => trouble.words(),
        }
    }
}

/// A successful interruption by me.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutIn {
    /// When I began.
    pub at: SampleTime,
    /// How long both spoke, until they gave way.
    pub overlap: Samples,
}

/// Silences after my own questions that I broke too soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regrabs {
    /// How many there were in the call.
    pub count: u32,
    /// How long I waited the last time.
    pub wait: Samples,
}

/// Filled pauses in my newest speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fillers {
    /// How many there were …
    pub count: u32,
    /// … in how much of my talk.
    pub talk: Samples,
}

/// Trouble with the sound that is worth a nudge: something can be done about it in the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionableTrouble {
    /// The far end's speech has holes.
    Choppy,
    /// The far end is in the microphone, too loud for the canceller.
    Echo,
    /// A track is louder than it can be written down.
    Clipping(Track),
    /// A device is gone: a track's sound is lost.
    Lost(Track),
    /// A track is digitally silent though the call goes on.
    Dead(Track),
    /// Both tracks hold the same sound.
    Same,
}

impl ActionableTrouble {
    /// What was shown, as [`NudgeReason::words`].
    fn words(self) -> Bilingual {
        match self {
            Self::Choppy => Bilingual { ja: "声が途切れています", en: "Their voice drops out" },
            Self::Echo => Bilingual { ja: "ヘッドセットを", en: "A headset helps" },
            Self::Clipping(Track::Me) => Bilingual { ja: "マイクを下げる", en: "Lower your microphone" },
            Self::Clipping(Track::Them) => {
                Bilingual { ja: "相手の音が割れています", en: "Their sound distorts" }
            }
            Self::Lost(Track::Me) | Self::Dead(Track::Me) => {
                Bilingual { ja: "マイクを確かめる", en: "Check your microphone" }
            }
            Self::Lost(Track::Them) | Self::Dead(Track::Them) => {
                Bilingual { ja: "出力先を確かめる", en: "Check sound output" }
            }
            Self::Same => Bilingual { ja: "入力を選び直す", en: "Choose devices again" },
        }
    }
}
