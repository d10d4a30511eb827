//! `keicho history`: my own figures over the calls, and what one person gave me to know. Nobody is ranked.

use std::io::{Write as _, stdout};

use anyhow::{Context, bail};
use clap::Args;

use crate::cli::own_language;
use crate::store::{Home, PastCall, Perceived, Store};
use crate::summary::Language;

/// More calls would not be read in a terminal.
const MOST: usize = 50;

#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    /// Only calls with this person, and their check-ins and open items
    #[arg(long, value_name = "NAME")]
    with: Option<String>,
}

pub(super) fn run(args: &HistoryArgs) -> anyhow::Result<()> {
    let store = Store::open(&Home::own()?)?;
    let language = own_language();
    let calls = store.calls(args.with.as_deref(), MOST)?;
    let mut page = table(&calls, language);
    if let Some(name) = &args.with {
        if calls.is_empty() {
            bail!("there is no call with {name} yet. `keicho history` lists all calls");
        }
        let items = store.open_items(name)?.into_iter().map(|item| item.text);
        page += &list(language.pick("まだ話していないこと", "Still to talk about"), items);
        let given = store.check_ins(name)?.into_iter().map(|given| {
            let date = given.started_at.chars().take(10).collect::<String>();
            format!("{date} {} {}", given.check_in.score(), given.check_in.words()).trim_end().to_owned()
        });
        page += &list(language.pick("チェックイン（本人の言葉）", "Check-ins, as given"), given);
    }
    stdout().write_all(page.as_bytes()).context("cannot print the history")
}

fn list(name: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: String = lines.map(|line| format!("- {line}\n")).collect();
    if lines.is_empty() { lines } else { format!("\n{name}\n{lines}") }
}

/// A line a call, the newest first; what was not measured is a dash.
fn table(calls: &[PastCall], language: Language) -> String {
    if calls.is_empty() {
        return language
            .pick("まだ通話がありません。\n", "There is no call yet. `keicho live` runs beside one.\n")
            .to_owned();
    }
    let head = match language {
        Language::Ja => ["通話", "相手", "割合", "思った割合", "目標", "最長", "待つ間", "割り込み"],
        Language::En => ["call", "with", "share", "thought", "target", "longest", "patience", "cut in"],
    };
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(calls.iter().map(row));
    let width = |column: usize| rows.iter().map(|row| columns(&row[column])).max().unwrap_or_default();
    let widths: [usize; 8] = std::array::from_fn(width);
    let line = |row: &[String; 8]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| cell.clone() + &" ".repeat(width - columns(cell)));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

fn row(call: &PastCall) -> [String; 8] {
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    let minutes = |ms: u64| format!("{}:{:02}", ms / 60_000, ms / 1_000 % 60);
    let dash = |cell: Option<String>| cell.unwrap_or_else(|| "–".to_owned());
    let figures = call.figures.as_ref();
    let share = figures.and_then(|figures| figures.share.map(|share| (share, figures.unsure)));
    let thought = match call.perceived {
        Perceived::Share(share) => Some(percent(share)),
        Perceived::NotAsked | Perceived::Skipped => None,
    };
    [
        call.start.id.clone(),
        dash(call.start.with.clone()),
        dash(share.map(|(share, unsure)| format!("{}{}", if unsure { "≈ " } else { "" }, percent(share)))),
        dash(thought),
        percent(call.start.target),
        dash(figures.and_then(|figures| figures.longest_turn_ms).map(minutes)),
        dash(figures.and_then(|figures| figures.patience_ms).map(|ms| format!("{:.1} s", ms as f64 / 1_000.0))),
        dash(figures.map(|figures| figures.interruptions.to_string())),
    ]
}

/// How wide a terminal shows it: Japanese takes two places a letter.
fn columns(cell: &str) -> usize {
    cell.chars()
        .map(|c| if ('\u{1100}'..='\u{ffdc}').contains(&c) && !('\u{2000}'..='\u{2e7f}').contains(&c) { 2 } else { 1 })
        .sum()
}

#[cfg(test)]
mod tests;
