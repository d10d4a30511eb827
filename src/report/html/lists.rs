//! Lists of which only the first items are seen at once.

use maud::{Markup, html};

use crate::language::Language;

/// A list of which the first `shown` items are seen and the rest is folded; nothing if there is no item.
pub(crate) fn folded_list(items: &[Markup], shown: usize, language: Language) -> Markup {
    let (first, rest) = items.split_at(items.len().min(shown));
    let list = |items: &[Markup]| html! { ul { @for item in items { (item) } } };
    html! {
        @if !first.is_empty() { (list(first)) }
        @if !rest.is_empty() {
            details.more {
                summary { (language.pick(format!("ほか{}件", rest.len()), format!("{} more", rest.len()))) }
                (list(rest))
            }
        }
    }
}
