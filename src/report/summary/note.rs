//! What is added to the notes on a person after a call: the figures that are known, the agenda, what was written down and the
//! check-in. No words of the call, whether they are kept or not.

use std::fmt::Write;

use crate::agenda::ItemState;
use crate::report::summary::markdown::{escape, write_figures};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{Language, Summary, confidence_notes, sentences, written};

/// The beginning of the notes on a person: front matter, as programs for notes read it, and a heading.
pub(super) fn opening(name: &str) -> String {
    // A string of JSON is one of YAML.
    let quoted = serde_json::Value::from(name);
    format!("---\nperson: {quoted}\ntags: [1on1]\n---\n\n# {}\n", escape(name))
}

/// The mark by which a call is found again in the notes.
pub(super) fn mark(id: &str) -> String {
    format!("<!-- keicho: {id} -->")
}

/// A call's part of the notes.
pub(super) fn entry(summary: &Summary, language: Language) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&SummaryView::for_manager(summary, language), &mut out);
    out
}

fn write(view: &SummaryView<'_>, out: &mut String) -> std::fmt::Result {
    let (summary, language) = (view.summary, view.language);
    writeln!(out, "\n## {}\n{}\n", escape(&sentences::about(view)), mark(&summary.call.id))?;
    writeln!(out, "**{}**\n", sentences::headline(view))?;
    if let Some(theirs) = sentences::their_answer(view) {
        writeln!(out, "{theirs}\n")?;
    }
    if let Some(perception) = sentences::perception(view) {
        writeln!(out, "{perception}\n")?;
    }
    for note in confidence_notes::notes(view) {
        writeln!(out, "> {}\n", note.words)?;
    }
    write_figures(view, out)?;
    if !summary.agenda.is_empty() {
        writeln!(out, "\n### {}\n", language.pick("話題", "Agenda"))?;
        for item in &summary.agenda {
            let tick = if item.state == ItemState::Done { 'x' } else { ' ' };
            let left = match item.state {
                ItemState::Dropped => language.pick("（今回は見送り）", " (not this time)"),
                ItemState::Open | ItemState::Done => "",
            };
            writeln!(out, "- [{tick}] {}{left}", escape(&item.text))?;
        }
    }
    written::write_markdown(view, "###", out)?;
    if let Some(given) = &summary.check_in {
        let (asked, words) = (language.pick("調子（本人の答え）", "How they said they were"), escape(&given.words));
        writeln!(out, "\n{asked}: {} / 5 {words}", given.score)?;
    }
    Ok(())
}
