//! Tables: what a plot shows, for those who do not see it or want to read it.

use maud::{Markup, Render, html};

use crate::language::Language;

/// What stands for a figure that is not known.
pub(crate) const UNKNOWN: &str = "–";

/// A figure as `format` writes it; a dash if it could not be had.
pub(crate) fn or_unknown<T>(figure: Option<T>, format: impl FnOnce(T) -> String) -> String {
    figure.map_or_else(|| UNKNOWN.to_owned(), format)
}

/// A table under a plot, folded behind a word that opens it.
pub(crate) fn collapsible(table: &Markup, language: Language) -> Markup {
    html! { details { summary { (language.pick("表で見る", "As a table")) } (table) } }
}

/// A table for those who do not see the plot; it takes no room on the page.
pub(crate) fn screen_reader_only(table: &Markup) -> Markup {
    html! { div.unseen { (table) } }
}

/// A table whose first column says what a row is about. A column without a name has an empty head.
pub(crate) fn table<C: Render, const COLUMNS: usize>(
    heads: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [C; COLUMNS]>,
) -> Markup {
    html! {
        table {
            thead { tr { @for head in heads { @if head.is_empty() { td {} } @else { th scope="col" { (head) } } } } }
            tbody {
                @for row in rows {
                    tr {
                        @for (column, cell) in row.iter().enumerate() {
                            @if column == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                        }
                    }
                }
            }
        }
    }
}
