//! A history in a terminal: a line for each call.

use crate::dates;
use crate::language::Language;
use crate::report::history::trends::{self, HistoryFigure};
use crate::report::history::{History, sentences};
use crate::report::html::or_unknown;
use crate::report::html::text::{clock, percent, seconds};
use crate::store::PastCall;

/// The table; for one person also what is still open and what they said of how they were.
pub(super) fn render(history: &History, language: Language, most: usize) -> String {
    let (history, left_out) = &history.counted();
    let shown = &history.calls[..history.calls.len().min(most)];
    let mut text = table(shown, language);
    if let Some(note) = sentences::left_out(*left_out, language) {
        text += &format!("\n{note}\n");
    }
    let all: Vec<&PastCall> = history.calls.iter().collect();
    if history.with.is_none()
        && let Some(trial) = sentences::trial(&all, language)
    {
        let note = sentences::trial_note(&all, language).map(|note| format!("\n{note}")).unwrap_or_default();
        text += &format!("\n{trial}{note}\n");
    }
    let Some(other) = history.people.first().filter(|_| history.with.is_some()) else { return text };
    text.insert_str(0, &format!("{}\n\n", sentences::last_call(&other.person, language)));
    let items = other.items.iter().map(|item| item.text.clone());
    text += &list(language.pick("持ち越しの話題", "Carried over"), items);
    let actions = other.person.open_actions.iter().map(|action| {
        let owner = sentences::owner(action.owner, language);
        language.pick(format!("{}（{owner}）", action.text), format!("{} ({owner})", action.text))
    });
    text += &list(language.pick("やること", "Action items"), actions);
    let given = other.check_ins.iter().map(|given| {
        let day = dates::date(&given.started_at).map(|day| dates::day(day, language)).unwrap_or_default();
        format!("{day} {} {}", given.check_in.score(), given.check_in.words()).trim_end().to_owned()
    });
    text += &list(sentences::check_ins(language), given);
    text
}

fn list(name: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: String = lines.map(|line| format!("- {line}\n")).collect();
    if lines.is_empty() { lines } else { format!("\n{name}\n{lines}") }
}

/// A line for each call, the newest first; what was not measured is a dash.
fn table(calls: &[PastCall], language: Language) -> String {
    if calls.is_empty() {
        return format!("{}\n", sentences::nothing_in_terminal(language));
    }
    let head = match language {
        Language::Ja => ["通話", "相手", "割合", "体感", "目標", "最長", "間", "割り込み"],
        Language::En => ["call", "with", "share", "thought", "target", "longest", "pause", "interrupted"],
    };
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(calls.iter().map(|call| row(call, language)));
    let width = |column: usize| rows.iter().map(|row| columns(&row[column])).max().unwrap_or_default();
    let widths: [usize; 8] = std::array::from_fn(width);
    let line = |row: &[String; 8]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| cell.clone() + &" ".repeat(width - columns(cell)));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

fn row(call: &PastCall, language: Language) -> [String; 8] {
    let measured = |figure: HistoryFigure, write: &dyn Fn(f64) -> String| {
        let about = if figure.is_unsure_in(call) { "≈ " } else { "" };
        or_unknown(figure.value_in(call), |value| format!("{about}{}", write(value)))
    };
    [
        call.record.id.clone(),
        or_unknown(call.record.with.clone(), |name| name),
        measured(HistoryFigure::Share, &percent),
        or_unknown(trends::perceived_share(call), percent),
        percent(call.record.target),
        measured(HistoryFigure::Longest, &|ms| clock(ms as u64)),
        measured(HistoryFigure::Patience, &|ms| seconds(ms as u64, language)),
        measured(HistoryFigure::CutIns, &|times| format!("{times:.0}")),
    ]
}

/// How many columns of a terminal a cell takes: a Japanese character takes two.
fn columns(cell: &str) -> usize {
    cell.chars()
        .map(|c| if ('\u{1100}'..='\u{ffdc}').contains(&c) && !('\u{2000}'..='\u{2e7f}').contains(&c) { 2 } else { 1 })
        .sum()
}

#[cfg(test)]
mod tests;
