//! What the agent says on the desktop.

use std::time::Duration;

use crate::i18n::Bilingual;

pub(super) const IS_IT_A_CALL: Bilingual = Bilingual { ja: "1on1ですか。", en: "A 1on1?" };
pub(super) const BEGIN: Bilingual = Bilingual { ja: "はじめる", en: "Begin" };
pub(super) const SEEMS_OVER: Bilingual =
    Bilingual { ja: "通話は終わったようです。", en: "The call seems to be over." };
pub(super) const GO_ON: Bilingual = Bilingual { ja: "続ける", en: "Keep going" };

pub(super) fn noticed(application: &str) -> Bilingual<String> {
    Bilingual::owned(
        format!("{application}で通話が始まったようです。「はじめる」を押すと、Keichoの準備のページが開きます。"),
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

pub(super) const WAITING: Bilingual = Bilingual { ja: "通話を待っています", en: "Waiting for a call" };
pub(super) const BEFORE: Bilingual = Bilingual { ja: "まだ始まっていません", en: "Not begun yet" };
pub(super) const LISTENING: Bilingual = Bilingual { ja: "聞いています", en: "Listening" };
pub(super) const MUTED: Bilingual =
    Bilingual { ja: "聞いています（ミュート中）", en: "Listening, you’re muted" };
pub(super) const PAUSED: Bilingual = Bilingual { ja: "一時停止中", en: "Paused" };
pub(super) const OFF_THE_RECORD: Bilingual = Bilingual { ja: "オフレコ中", en: "Off the record" };
pub(super) const OVER: Bilingual = Bilingual { ja: "通話は終わりました", en: "The call is over" };
pub(super) const TROUBLE: Bilingual = Bilingual {
    ja: "音に問題があります。ページをご確認ください。",
    en: "Trouble with the sound. See the page.",
};
pub(super) const NO_SOUND_SERVER: Bilingual =
    Bilingual { ja: "サウンドサーバーを待っています", en: "Waiting for the sound server" };

pub(super) const BEGIN_CALL: Bilingual = Bilingual { ja: "1on1をはじめる", en: "Begin a 1on1" };
pub(super) const PAUSE: Bilingual = Bilingual { ja: "一時停止", en: "Pause" };
pub(super) const RESUME: Bilingual = Bilingual { ja: "再開", en: "Resume" };
pub(super) const GO_OFF_THE_RECORD: Bilingual = Bilingual { ja: "オフレコ", en: "Off the record" };
pub(super) const ON_THE_RECORD: Bilingual = Bilingual { ja: "オフレコを終了", en: "Back on the record" };
pub(super) const OPEN: Bilingual = Bilingual { ja: "ページを開く", en: "Open the page" };
pub(super) const LAST_SUMMARY: Bilingual = Bilingual { ja: "前回のまとめ", en: "Last summary" };
pub(super) const QUIT: Bilingual = Bilingual { ja: "常駐を終了", en: "Quit" };

pub(super) const PAUSE_OR_RESUME: Bilingual = Bilingual { ja: "一時停止・再開", en: "Pause or resume" };
pub(super) const OFF_OR_ON_THE_RECORD: Bilingual =
    Bilingual { ja: "オフレコ・オフレコを終了", en: "Off the record, or back on it" };
pub(super) const HIDE_OR_SHOW: Bilingual =
    Bilingual { ja: "文字と数字を隠す・表示", en: "Hide or show words and figures" };
pub(super) const OPEN_THE_PAGE: Bilingual = Bilingual { ja: "Keichoのページを開く", en: "Open Keicho’s page" };
