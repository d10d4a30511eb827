//! What the pages that open by themselves share, from a file or from the server: numbers and dates as people read them,
//! drawings, tables, and one self-contained document under a strict content-security policy.
//!
//! Owns how a page is put together and where its buttons lead. Leaves to its callers what is said and drawn.

mod document;
mod links;
mod svg;
mod tables;
pub(crate) mod text;

pub(crate) use document::{Document, policy, sentence_page};
pub(crate) use links::{PageLink, PageLocation};
pub(crate) use svg::{Svg, percent_width};
pub(crate) use tables::{UNKNOWN, collapsible, screen_reader_only, table};

/// The look that all pages share: every colour, once.
macro_rules! base_style {
    () => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/html/base.css"))
    };
}
pub(crate) use base_style;

/// Words of feelings, of grades and of comparing people, which no page says of anybody.
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
