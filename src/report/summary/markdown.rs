//! `summary.md`: the call's figures for somebody's notes.

use std::fmt::Write;

use crate::agenda::ItemState;
use crate::audio::Track;
use crate::health::confidence::Confidence;
use crate::report::html::UNKNOWN;
use crate::report::html::text::{clock, seconds};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{Advice, Language, Summary, confidence_notes, derived, figure_table, sentences};

pub(super) fn render(summary: &Summary, language: Language) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&SummaryView::for_manager(summary, language), &mut out);
    out
}

fn write(view: &SummaryView<'_>, out: &mut String) -> std::fmt::Result {
    let (summary, language) = (view.summary, view.language);
    writeln!(out, "# {}\n", escape(&sentences::title(view)))?;
    writeln!(out, "{}\n", escape(&sentences::about(view)))?;
    writeln!(out, "**{}**\n", sentences::headline(view))?;
    if let Some(perception) = sentences::perception(view) {
        writeln!(out, "{perception}\n")?;
    }
    if let Some(advice) = Advice::for_summary(summary) {
        let (what, because) = (language.pick(advice.what.ja, advice.what.en), advice.because(language));
        writeln!(out, "{}: {what} {because}\n", language.pick("次に試すこと", "To try next time"))?;
    }
    for note in confidence_notes::notes(view) {
        writeln!(out, "> {}\n", note.words)?;
    }
    writeln!(out, "| | {} | {} |\n| --- | ---: | ---: |", view.track_name(Track::Me), view.track_name(Track::Them))?;
    for row in figure_table::groups(view).into_iter().flat_map(|group| group.rows) {
        let sure = |value: &str| match derived::lowest_confidence(summary, row.figure) {
            // What is not known is not in doubt.
            Some(_) if value.is_empty() || value == UNKNOWN => value.to_owned(),
            None => value.to_owned(),
            Some(Confidence::Low) => format!("{value} (?)"),
            Some(Confidence::Medium) => format!("≈ {value}"),
        };
        writeln!(out, "| {} | {} | {} |", row.name, sure(&row.me), sure(&row.them))?;
    }
    for sentence in sentences::conversation_notes(view) {
        write!(out, "\n{sentence}\n")?;
    }
    if !summary.agenda.is_empty() {
        writeln!(out, "\n## {}\n", language.pick("話すこと", "Agenda"))?;
        for item in &summary.agenda {
            let tick = if item.state == ItemState::Open { ' ' } else { 'x' };
            let dropped =
                if item.state == ItemState::Dropped { language.pick("（見送り）", " (dropped)") } else { "" };
            writeln!(out, "- [{tick}] {}{dropped}", escape(&item.text))?;
        }
    }
    if let Some(given) = &summary.check_in {
        let (asked, words) = (language.pick("調子（本人の答え）", "How they said they were"), escape(&given.words));
        writeln!(out, "\n{asked}: {} / 5 {words}", given.score)?;
    }
    if !summary.interruptions.is_empty() {
        writeln!(out, "\n## {}\n", language.pick("割り込み", "Interruptions"))?;
        for one in &summary.interruptions {
            let outcome = sentences::outcome(one.outcome, language);
            writeln!(out, "- {} {} · {outcome}", clock(one.at_ms), view.track_name(one.by))?;
        }
    }
    if !summary.silences.is_empty() {
        writeln!(out, "\n## {}\n", language.pick("沈黙（3 秒以上）", "Silences (3 s and longer)"))?;
        for one in &summary.silences {
            let (at, length) = (clock(one.start_ms), seconds(one.end_ms - one.start_ms, language));
            let broken_by = view.track_name(one.broken_by);
            match language {
                Language::Ja => writeln!(out, "- {at} から {length} · 破ったのは{broken_by}")?,
                Language::En => writeln!(out, "- {at}, {length} · broken by {broken_by}")?,
            }
        }
    }
    if !summary.nudges.is_empty() {
        writeln!(out, "\n## {}\n", language.pick("通話中のささやき", "Nudges in the call"))?;
        for one in &summary.nudges {
            writeln!(out, "- {} {}", clock(one.at_ms), one.text)?;
        }
    }
    if let Some(lines) = &summary.utterances {
        writeln!(out, "\n## {}\n", sentences::transcript(language))?;
        for line in lines {
            writeln!(out, "- {} {}: {}", clock(line.start_ms), view.track_name(line.track), escape(&line.text))?;
        }
    }
    Ok(())
}

/// Names are inert whatever they hold.
fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | ':' | '-' | '/' | '(' | ')' | '+') {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
        out
    })
}
