use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::i18n::Bilingual;

/// One thing that the manager means to do in the next call with somebody: chosen after a call, shown before the next one, and
/// measured at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Intention {
    /// To wait after a question.
    Wait,
    /// To let the other finish.
    Finish,
    /// To hand over before a turn gets long.
    HandOver,
    /// To talk no more than the target.
    Share,
    /// To ask open questions.
    Open,
    /// To let signs of listening be heard.
    Listening,
}

impl Intention {
    /// The name in the store and in forms.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The intention of that name; `None` if there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        name.parse().ok()
    }

    /// A note to oneself.
    pub fn words(self) -> Bilingual {
        match self {
            Self::Wait => Bilingual { ja: "質問のあと、3秒待つ", en: "Wait 3\u{a0}s after a question" },
            Self::Finish => {
                Bilingual { ja: "相手の話が終わってから話す", en: "Let them finish before you speak" }
            }
            Self::HandOver => {
                Bilingual { ja: "長くなる前に、相手に渡す", en: "Hand over before it gets long" }
            }
            Self::Share => {
                Bilingual { ja: "話した割合を目標までにする", en: "Talk no more than the target" }
            }
            Self::Open => {
                Bilingual { ja: "「どう」「何」で質問する", en: "Ask with “how” and “what”" }
            }
            Self::Listening => Bilingual { ja: "相づちを声にする", en: "Let signs of listening be heard" },
        }
    }
}
