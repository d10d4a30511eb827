//! What is said where a record is deleted.

use std::path::PathBuf;

use crate::dates;
use crate::i18n::Bilingual;
use crate::language::Language;
use crate::report::html::text::addressed;
use crate::server::RecordName;

pub(super) const DELETE: Bilingual = Bilingual { ja: "削除", en: "Delete" };
pub(super) const CANCEL: Bilingual = Bilingual { ja: "やめる", en: "Cancel" };
pub(super) const DELETED: Bilingual = Bilingual { ja: "削除しました", en: "Deleted" };
pub(super) const TO_HISTORY: Bilingual = Bilingual { ja: "これまでの1on1", en: "Your past 1on1s" };

/// The question for a person with this many calls.
pub(super) fn delete_person(name: &str, calls: usize, language: Language) -> String {
    match (calls, language) {
        (calls, Language::Ja) => format!("{}と{calls}回分の記録を削除しますか？", addressed(name, language)),
        (1, Language::En) => format!("Delete {name} and 1 call?"),
        (calls, Language::En) => format!("Delete {name} and {calls} calls?"),
    }
}

/// The question for a call that began then (RFC 3339).
pub(super) fn delete_call(started_at: Option<&str>, language: Language) -> String {
    let day = started_at.and_then(dates::date).map(|day| dates::day(day, language)).unwrap_or_default();
    language.pick(format!("{day}の通話の記録を削除しますか？"), format!("Delete the call of {day}?"))
}

/// What goes with it.
pub(super) fn what_goes(record: &RecordName, language: Language) -> &'static str {
    match record {
        RecordName::Person(_) => language.pick(
            "まとめ、数字、話題、チェックイン、カードが消えます。元に戻せません。",
            "Summaries, figures, topics, check-ins and the card go. This cannot be undone.",
        ),
        RecordName::Call(_) => language.pick(
            "まとめ、数字、話題、チェックインが消えます。元に戻せません。",
            "Its summary, figures, topics and check-in go. This cannot be undone.",
        ),
    }
}

/// What is not looked for.
pub(super) fn what_stays(folders_left: &[PathBuf], language: Language) -> String {
    let copies = language.pick(
        "ほかの場所に保存した共有用のまとめなどの写しと、設定の[notes]で自分のノートに書き足したものは、そのまま残ります。",
        "Copies that you saved elsewhere, such as a shared summary, and what [notes] of your settings added to your own notes \
         stay where they are.",
    );
    match folders_left.len() {
        0 => copies.to_owned(),
        _ => {
            copies.to_owned()
                + language.pick(
                    "ほかのファイルも入っているフォルダーは残しました。",
                    " Folders that hold other files too were left.",
                )
        }
    }
}
