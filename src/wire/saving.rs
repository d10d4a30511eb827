//! How the call is saved, as a message. Nothing is sent as long as nothing was wrong with that.

use serde::Serialize;

use crate::i18n::Bilingual;
use crate::wire::encode;

/// How the call is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavingStatus {
    /// All of it is saved, as far as it goes.
    Saved,
    /// The call goes on. What happens in it is held in memory, and saving is tried again.
    Retrying,
    /// The call is over and held in memory until it can be saved.
    Waiting,
    /// The call is over and could not be saved, and the user did not wait for it.
    GivenUp,
    /// The call is over because a part of the program failed. What was heard until then is saved.
    CutOff,
}

/// How the call is saved, as a message.
pub fn encode_saving(status: SavingStatus) -> String {
    let (state, text) = match status {
        SavingStatus::Saved => ("saved", None),
        SavingStatus::Retrying => ("retrying", Some(RETRYING)),
        SavingStatus::Waiting => ("waiting", Some(WAITING)),
        SavingStatus::GivenUp => ("given_up", Some(GIVEN_UP)),
        SavingStatus::CutOff => ("cut_off", Some(CUT_OFF)),
    };
    encode(&SavingMessage { state, text })
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "saving")]
struct SavingMessage {
    state: &'static str,
    /// What the page says; null if all is well.
    text: Option<Bilingual>,
}

const RETRYING: Bilingual = Bilingual {
    ja: "通話を保存できていません。端末を見てください。",
    en: "The call is not being saved. See the terminal.",
};

const WAITING: Bilingual = Bilingual {
    ja: "まだ保存できていません。終了せず、端末を見てください。",
    en: "Not saved yet: see the terminal. Keep Keicho running.",
};

const GIVEN_UP: Bilingual = Bilingual {
    ja: "通話の終わりは保存されませんでした。端末を見てください。",
    en: "The end of the call was not saved. See the terminal.",
};

const CUT_OFF: Bilingual = Bilingual {
    ja: "不具合のため、通話の記録はここまでです。ここまでは保存しました。",
    en: "Keicho failed here. What was heard until now is saved.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_message() {
        use SavingStatus::{CutOff, GivenUp, Retrying, Saved, Waiting};
        let all = [Saved, Retrying, Waiting, GivenUp, CutOff].map(encode_saving);
        insta::assert_snapshot!(all.join("\n"), @r#"
        {"type":"saving","state":"saved","text":null}
        {"type":"saving","state":"retrying","text":{"ja":"通話を保存できていません。端末を見てください。","en":"The call is not being saved. See the terminal."}}
        {"type":"saving","state":"waiting","text":{"ja":"まだ保存できていません。終了せず、端末を見てください。","en":"Not saved yet: see the terminal. Keep Keicho running."}}
        {"type":"saving","state":"given_up","text":{"ja":"通話の終わりは保存されませんでした。端末を見てください。","en":"The end of the call was not saved. See the terminal."}}
        {"type":"saving","state":"cut_off","text":{"ja":"不具合のため、通話の記録はここまでです。ここまでは保存しました。","en":"Keicho failed here. What was heard until now is saved."}}
        "#);
    }
}
