//! `summary.md`: the call's figures for somebody's notes.

use std::fmt::Write;

use crate::summary::words::{clock, seconds};
use crate::summary::{Language, Summary, sentences};

pub(super) fn render(summary: &Summary, language: Language) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(summary, language, &mut out);
    out
}

fn write(summary: &Summary, language: Language, out: &mut String) -> std::fmt::Result {
    writeln!(out, "# {}\n", escape(&sentences::title(summary, language)))?;
    writeln!(out, "{}\n", escape(&sentences::about(summary, language)))?;
    writeln!(out, "**{}**\n", sentences::headline(summary, language))?;
    if let Some(perception) = sentences::perception(summary, language) {
        writeln!(out, "{perception}\n")?;
    }
    for doubt in sentences::doubts(summary, language) {
        writeln!(out, "> {doubt}\n")?;
    }
    writeln!(out, "| | {} | {} |\n| --- | ---: | ---: |", language.pick("自分", "me"), language.pick("相手", "them"))?;
    for row in sentences::rows(summary, language) {
        writeln!(out, "| {} | {} | {} |", row.name, row.me, row.them)?;
    }
    for sentence in sentences::together(summary, language) {
        write!(out, "\n{sentence}\n")?;
    }
    let who = |track: &str| if track == "me" { language.pick("自分", "me") } else { language.pick("相手", "them") };
    if !summary.interruptions.is_empty() {
        writeln!(out, "\n## {}\n", language.pick("割り込み", "Interruptions"))?;
        for one in &summary.interruptions {
            let outcome = match one.outcome {
                "successful" => language.pick("話し手が替わった", "took the floor"),
                _ => language.pick("譲った", "gave way"),
            };
            writeln!(out, "- {} {} · {outcome}", clock(one.at_ms), who(one.by))?;
        }
    }
    if !summary.silences.is_empty() {
        writeln!(out, "\n## {}\n", language.pick("沈黙（3 秒以上）", "Silences (3 s and longer)"))?;
        for one in &summary.silences {
            let (at, length) = (clock(one.start_ms), seconds(one.end_ms - one.start_ms, language));
            let broken_by = who(one.broken_by);
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
            writeln!(out, "- {} {}: {}", clock(line.start_ms), who(line.track), escape(&line.text))?;
        }
    }
    Ok(())
}

/// Names are inert whatever they hold.
fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | ':' | '-' | '/') {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
        out
    })
}
