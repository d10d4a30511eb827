//! The application: calls from their first block to their summary, past calls, and what is made of them. It parses no
//! words of the command line.

pub(crate) mod call;
pub(crate) mod call_records;
pub(crate) mod explain;
pub(crate) mod exports;
mod page_provider;
pub(crate) mod past_calls;
mod stats;
pub(crate) mod text;

use crate::language::Language;

/// The user's own language, for the summary: what `LC_ALL`, `LC_MESSAGES` or `LANG` says.
pub(crate) fn user_language() -> Language {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let locale = names.into_iter().find_map(|name| std::env::var(name).ok().filter(|locale| !locale.is_empty()));
    Language::from_locale(&locale.unwrap_or_default())
}
