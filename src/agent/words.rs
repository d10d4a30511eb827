//! What the agent says on the desktop.

use std::time::Duration;

use crate::i18n::Bilingual;

pub(super) const IS_IT_A_CALL: Bilingual = Bilingual { ja: "1on1ですか。", en: "A 1on1?" };
pub(super) const BEGIN: Bilingual = Bilingual { ja: "始める", en: "Begin" };
pub(super) const SEEMS_OVER: Bilingual =
    Bilingual { ja: "通話は終わったようです。", en: "The call seems to be over." };
pub(super) const GO_ON: Bilingual = Bilingual { ja: "続ける", en: "Go on" };

pub(super) fn noticed(application: &str) -> Bilingual<String> {
    Bilingual::owned(
        format!("{application}で通話が始まったようです。「始める」を押すと、Keichoの準備のページが開きます。"),
        format!("{application} seems to be in a call. \"Begin\" opens Keicho's start page."),
    )
}

pub(super) fn closing(application: &str, ends_in: Duration) -> Bilingual<String> {
    let seconds = ends_in.as_secs();
    Bilingual::owned(
        format!("{application}がマイクを使わなくなりました。Keichoは{seconds}秒後に、まとめを作って終了します。"),
        format!("{application} no longer uses the microphone. Keicho ends in {seconds} s, with the summary."),
    )
}
