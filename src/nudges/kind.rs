//! What a nudge is about, and in what words.

use serde::{Deserialize, Serialize};
use strum::{EnumCount, EnumString, IntoStaticStr, VariantArray};

use crate::i18n::Bilingual;

/// What a nudge is about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumCount, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NudgeKind {
    /// I talk more than the mode aims at.
    Share,
    /// I have been talking for long.
    Monologue,
    /// I took the floor from them before they had finished.
    CutIn,
    /// They have been talking for long without a sound of mine.
    Listening,
    /// I broke silences after my own questions too soon.
    Regrab,
    /// My last questions leave them little to say.
    ClosedRun,
    /// I speak faster than I usually do.
    Pace,
    /// Filled pauses, one close upon another.
    Fillers,
    /// The sound of the call is in trouble.
    Audio,
}

impl NudgeKind {
    /// The name on the wire and in files.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        name.parse().ok()
    }

    /// Whether it rests on when somebody stops to speak, which some transcripts do not state.
    pub fn needs_ends(self) -> bool {
        matches!(self, Self::CutIn | Self::Listening | Self::Regrab | Self::Pace)
    }

    /// What a nudge of this kind is called on the wire and in files, which keep these words. What people read is
    /// [`NudgeReason::words`](crate::nudges::NudgeReason::words).
    pub fn text(self) -> Bilingual {
        match self {
            Self::Share => Bilingual { ja: "問いかけてみる？", en: "Ask, then wait" },
            Self::Monologue => Bilingual { ja: "相手に渡す？", en: "Over to them" },
            Self::CutIn => Bilingual { ja: "続きを聞く", en: "Let them finish" },
            Self::Listening => Bilingual { ja: "あいづちを", en: "A nod helps" },
            Self::Regrab => Bilingual { ja: "少し待つ", en: "Give it a moment" },
            Self::ClosedRun => Bilingual { ja: "「どう？」と聞く", en: "Try asking how" },
            Self::Pace => Bilingual { ja: "ゆっくりでも", en: "Take your time" },
            Self::Fillers => Bilingual { ja: "ひと息おいても", en: "Room to breathe" },
            Self::Audio => Bilingual { ja: "音を確かめる？", en: "Check the sound?" },
        }
    }

    /// Whether it is no advice but a trouble that stands. Such a kind neither waits for other nudges nor makes them wait
    /// (rule 4).
    pub(super) fn ignores_spacing(self) -> bool {
        self == Self::Audio
    }
}

/// One value for each kind of nudge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PerNudgeKind<T>([T; NudgeKind::COUNT]);

impl<T> PerNudgeKind<T> {
    /// The values that the function gives for each kind.
    pub fn from_fn(mut of: impl FnMut(NudgeKind) -> T) -> Self {
        Self(std::array::from_fn(|place| of(NudgeKind::VARIANTS[place])))
    }
}

impl<T> std::ops::Index<NudgeKind> for PerNudgeKind<T> {
    type Output = T;
    fn index(&self, kind: NudgeKind) -> &T {
        &self.0[kind as usize]
    }
}

impl<T> std::ops::IndexMut<NudgeKind> for PerNudgeKind<T> {
    fn index_mut(&mut self, kind: NudgeKind) -> &mut T {
        &mut self.0[kind as usize]
    }
}
