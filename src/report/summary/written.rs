//! What the manager wrote down in the call, in words: notes, and what either is to do.

use std::fmt::Write;

use crate::agenda::{Action, ItemState};
use crate::report::html::text::clock;
use crate::report::summary::NoteEntry;
use crate::report::summary::markdown::escape;
use crate::report::summary::sentences;
use crate::report::summary::view::SummaryView;

/// The heading over the action items; `None` if there is none.
pub(super) fn actions_heading(view: &SummaryView<'_>) -> Option<String> {
    let states = || view.summary.notes.iter().filter_map(NoteEntry::action).map(|action| action.state);
    let count = |is: ItemState| states().filter(|state| *state == is).count();
    let (open, done) = (count(ItemState::Open), count(ItemState::Done));
    states().next()?;
    Some(match (open, done) {
        (0, 0) => view.pick("やることはすべて取りやめました", "All action items were dropped").to_owned(),
        (0, 1) => view.pick("やること1件は済みました", "The action item is done").to_owned(),
        (0, done) => view.pick(
            format!("やることは{done}件とも済みました"),
            format!("{} action items are done", sentences::begin(&sentences::all(done))),
        ),
        (1, _) => view.pick("やることが1件あります", "One action item is open").to_owned(),
        (open, _) => view.pick(format!("やることが{open}件あります"), format!("{open} action items are open")),
    })
}

/// The heading over the rest.
pub(super) fn notes_heading(view: &SummaryView<'_>) -> &'static str {
    view.pick("メモ", "Notes")
}

/// Who does it, how it stands unless it is open, and whether it is from an earlier call.
pub(super) fn says(view: &SummaryView<'_>, note: &NoteEntry, action: Action) -> String {
    let state = match action.state {
        ItemState::Open => None,
        ItemState::Done => Some(view.pick("済み", "done")),
        ItemState::Dropped => Some(view.pick("取りやめ", "dropped")),
    };
    let owner = view.track_name(action.owner);
    let parts: Vec<&str> = [Some(owner.as_str()), state, origin(view, note)].into_iter().flatten().collect();
    parts.join(view.pick("・", " · "))
}

/// Where a note is from that was not written in the call.
pub(super) fn origin(view: &SummaryView<'_>, note: &NoteEntry) -> Option<&'static str> {
    match (note.at_ms, note.after_call) {
        (_, true) => Some(view.pick("通話のあとに追加", "added after the call")),
        (None, false) => Some(view.pick("前回から", "from last time")),
        (Some(_), false) => None,
    }
}

/// All of it in Markdown; headings stand at `level`, as many `#`.
pub(super) fn write_markdown(view: &SummaryView<'_>, level: &str, out: &mut String) -> std::fmt::Result {
    if let Some(heading) = actions_heading(view) {
        writeln!(out, "\n{level} {heading}\n")?;
    }
    for (note, action) in view.summary.notes.iter().filter_map(|note| Some((note, note.action()?))) {
        let tick = if action.state == ItemState::Done { 'x' } else { ' ' };
        let says = says(view, note, action);
        writeln!(out, "- [{tick}] {}{}", escape(&note.text), view.pick(format!("（{says}）"), format!(" ({says})")))?;
    }
    let mut lines = view.summary.notes.iter().filter(|note| note.action().is_none()).peekable();
    if lines.peek().is_some() {
        writeln!(out, "\n{level} {}\n", notes_heading(view))?;
    }
    for note in lines {
        let at = note.at_ms.map(|at_ms| clock(at_ms) + " ").unwrap_or_default();
        let origin = origin(view, note).map(|from| view.pick(format!("（{from}）"), format!(" ({from})")));
        writeln!(out, "- {at}{}{}", escape(&note.text), origin.unwrap_or_default())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
