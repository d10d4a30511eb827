//! What the manager wrote down in the call, on their own page.

use maud::{Markup, html};

use crate::agenda::{Action, ItemState};
use crate::report::html::folded_list;
use crate::report::summary::page::sections::{SHOWN, moment};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{NoteEntry, written};

/// What either is to do, and the notes with their moments.
pub(super) fn written_down(view: &SummaryView<'_>) -> Markup {
    let notes = &view.summary.notes;
    let actions: Vec<Markup> = notes.iter().filter_map(|note| Some(item(view, note, note.action()?))).collect();
    let lines = notes.iter().filter(|note| note.action().is_none());
    let lines: Vec<Markup> = lines.map(|note| moment(note.at_ms.unwrap_or_default(), &note.text)).collect();
    html! {
        @if let Some(heading) = written::actions_heading(view) {
            section { h2 { (heading) } div.agenda { (folded_list(&actions, SHOWN, view.language)) } }
        }
        @if !lines.is_empty() {
            section { h2 { (written::notes_heading(view)) } (folded_list(&lines, SHOWN, view.language)) }
        }
    }
}

fn item(view: &SummaryView<'_>, note: &NoteEntry, action: Action) -> Markup {
    let sign = match action.state {
        ItemState::Done => "✓",
        ItemState::Dropped => "–",
        ItemState::Open => "○",
    };
    html! {
        li class=(action.state.name()) {
            span.sign aria-hidden="true" { (sign) } " "
            span { (note.text) " " span.source { (written::says(view, note, action)) } }
        }
    }
}
