//! What the pages that open by themselves share, from a file or from the server: numbers and dates as people read them,
//! drawings, lists, tables, and one self-contained document under a strict content-security policy.
//!
//! A part of a page is `Markup`, in which all text is escaped: the type says that it may stand in a page. Owns how a page
//! is put together and where its buttons lead. Leaves to its callers what is said and drawn.

mod document;
mod links;
mod lists;
pub(crate) mod svg;
mod tables;
pub(crate) mod text;

pub(crate) use document::{Document, policy, question_page, sentence_page};
pub(crate) use links::{PageLink, PageLocation};
pub(crate) use lists::folded_list;
pub(crate) use tables::{UNKNOWN, collapsible, or_unknown, screen_reader_only, table};

/// The style sheet that all pages share, as a literal: it names every colour once.
macro_rules! base_style {
    () => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/html/base.css"))
    };
}
pub(crate) use base_style;

/// Words for feelings, for grades and for comparing people. No page says them of anybody.
#[cfg(test)]
pub(crate) const FORBIDDEN_WORDS: &[&str] = &[
    "emotion",
    "stress",
    "engage",
    "confident",
    "hesitant",
    "score",
    "failed",
    "bad ",
    "mood",
    "sincer",
    "nervous",
    "anxious",
    "sentiment",
    "personality",
    "ranking",
    "感情",
    "気分",
    "緊張",
    "誠実",
    "本音",
    "性格",
    "ストレス",
    "エンゲージ",
    "順位",
    "自信",
    "評価",
    "失敗",
];
