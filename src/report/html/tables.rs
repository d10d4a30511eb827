//! Tables: what a plot shows, for those who do not see it or want to read it.

use crate::language::Language;
use crate::report::html::text::escape;

/// A figure that could not be had.
pub(crate) const UNKNOWN: &str = "–";

/// Under a plot, behind a word that opens it.
pub(crate) fn collapsible(table: &str, language: Language) -> String {
    format!("<details>\n<summary>{}</summary>\n{table}</details>\n", language.pick("表で見る", "As a table"))
}

/// For those who do not see the plot.
pub(crate) fn screen_reader_only(table: &str) -> String {
    format!("<div class=\"unseen\">\n{table}</div>\n")
}

/// A table whose first column says what a row is about.
pub(crate) fn table(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let head = |words: &&str| match *words {
        "" => "<td></td>".to_owned(),
        words => format!("<th scope=\"col\">{}</th>", escape(words)),
    };
    let heads: String = heads.iter().map(head).collect();
    let row = |cells: Vec<String>| {
        let cells = cells.iter().enumerate().map(|(place, cell)| match place {
            0 => format!("<th scope=\"row\">{}</th>", escape(cell)),
            _ => format!("<td>{}</td>", escape(cell)),
        });
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    let rows: String = rows.map(row).collect();
    format!("<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n")
}
