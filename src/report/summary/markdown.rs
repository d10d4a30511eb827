//! `summary.md`: the call's figures for somebody's notes.

use std::fmt::Write;

use crate::agenda::ItemState;
use crate::audio::Track;
use crate::health::confidence::Confidence;
use crate::report::html::UNKNOWN;
use crate::report::html::text::{clock, seconds};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{
    Advice, CheckInEntry, Language, Summary, confidence_notes, derived, figure_table, sentences, written,
};

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
    if let Some(theirs) = sentences::their_answer(view) {
        writeln!(out, "{theirs}\n")?;
    }
    if let Some(perception) = sentences::perception(view) {
        writeln!(out, "{perception}\n")?;
    }
    if let Some(advice) = Advice::for_summary(summary) {
        let (what, because) = (language.pick(advice.what.ja, advice.what.en), advice.because(language));
        match language {
            Language::Ja => writeln!(out, "次にひとつ試すなら：{what}{because}\n")?,
            Language::En => writeln!(out, "One thing to try next time: {what} {because}\n")?,
        }
    }
    for note in confidence_notes::notes(view) {
        writeln!(out, "> {}\n", note.words)?;
    }
    write_figures(view, out)?;
    if !summary.aim_changes.is_empty() {
        writeln!(out)?;
        for one in &summary.aim_changes {
            writeln!(out, "- {} {}", clock(one.at_ms), sentences::aim_change(view, one))?;
        }
        writeln!(out, "\n{}", sentences::aim_changed(language))?;
    }
    for note in sentences::conversation_notes(view) {
        let about = derived::lowest_confidence(summary, note.groups).map_or("", |_| "≈ ");
        write!(out, "\n{about}{}\n", note.words)?;
    }
    if !summary.agenda.is_empty() {
        writeln!(out, "\n## {}\n", language.pick("話題", "Agenda"))?;
        for item in &summary.agenda {
            let tick = if item.state == ItemState::Done { 'x' } else { ' ' };
            let dropped = if item.state == ItemState::Dropped {
                language.pick("（見送り）", " (not this time)")
            } else {
                ""
            };
            writeln!(out, "- [{tick}] {}{dropped}", escape(&item.text))?;
        }
    }
    written::write_markdown(view, "##", out)?;
    if let Some(given) = &summary.check_in {
        let given = CheckInEntry { words: escape(&given.words), ..given.clone() };
        writeln!(out, "\n{}", sentences::check_in(&given, language))?;
    }
    if !summary.interruptions.is_empty() {
        writeln!(out, "\n## {}\n", language.pick("割り込み", "Interruptions"))?;
        for one in &summary.interruptions {
            writeln!(out, "- {} {}", clock(one.at_ms), sentences::interruption(view, one.by, one.outcome))?;
        }
    }
    if !summary.silences.is_empty() {
        writeln!(out, "\n## {}\n", language.pick("沈黙（3秒以上）", "Silences (3\u{a0}s or longer)"))?;
        for one in &summary.silences {
            let (at, length) = (clock(one.start_ms), seconds(one.end_ms - one.start_ms, language));
            let next = view.track_subject(one.broken_by);
            match language {
                Language::Ja => writeln!(out, "- {at} {length}。次に話したのは{next}")?,
                Language::En => writeln!(out, "- {at} {length}; then {next} spoke")?,
            }
        }
    }
    if !summary.nudges.is_empty() {
        writeln!(out, "\n## {}\n", language.pick("ひとこと", "Nudges"))?;
        if let Some(words) = sentences::followed(view) {
            writeln!(out, "{words}\n")?;
        }
        for one in &summary.nudges {
            writeln!(out, "- {} {}", clock(one.at_ms), one.words.pick(language))?;
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

/// The figures of both sides as a table.
pub(super) fn write_figures(view: &SummaryView<'_>, out: &mut String) -> std::fmt::Result {
    writeln!(out, "| | {} | {} |\n| --- | ---: | ---: |", view.track_name(Track::Me), view.track_name(Track::Them))?;
    for row in figure_table::groups(view).into_iter().flat_map(|group| group.rows) {
        let sure = |value: &str| match derived::lowest_confidence(view.summary, row.groups) {
            // What is not known is not in doubt.
            Some(_) if value.is_empty() || value == UNKNOWN => value.to_owned(),
            None => value.to_owned(),
            Some(Confidence::Low) => format!("{value} (?)"),
            Some(Confidence::Medium) => format!("≈ {value}"),
        };
        writeln!(out, "| {} | {} | {} |", row.name, sure(&row.me), sure(&row.them))?;
    }
    Ok(())
}

/// Names are inert whatever they hold.
pub(super) fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | ':' | '-' | '/' | '(' | ')' | '+') {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
        out
    })
}
