//! All calls that are kept, or those with one person, for tables, programs and notes.

use serde_json::json;

use crate::language::Language;
use crate::report::summary::Summary;
use crate::wire::rounding::rounded;

/// Calls that are over, the oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Export {
    /// The only person it is about; `None` is everybody.
    pub with: Option<String>,
    /// The calls.
    pub summaries: Vec<Summary>,
    /// Names of the calls that go on or were cut off, of which nothing is said.
    pub left_out: Vec<String>,
}

/// The columns of the table. Names that end in `_ms` are milliseconds, in `_per_min` how often in a minute; shares are 0 to 1. An
/// empty field was not measured.
const COLUMNS: [&str; 25] = [
    "id",
    "started_at",
    "with",
    "mode",
    "duration_ms",
    "talk_me_ms",
    "talk_them_ms",
    "share",
    "target",
    "perceived_share",
    "unsure",
    "longest_turn_ms",
    "monologues",
    "patience_ms",
    "interruptions",
    "interruptions_failed",
    "backchannels_per_min",
    "filled_pauses_per_min",
    "open_questions",
    "closed_questions",
    "progress_questions",
    "regrabs",
    "wait_ms",
    "nudges",
    "unsure_figures",
];

impl Export {
    /// The manager's own figures, a row a call. A table program runs no formula from a name.
    ///
    /// # Errors
    /// None that a call can cause; the writer's own.
    pub fn csv(&self) -> csv::Result<String> {
        let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        table.write_record(COLUMNS)?;
        for summary in &self.summaries {
            table.write_record(row(summary))?;
        }
        let bytes = table.into_inner().map_err(|error| error.into_error())?;
        // All that was written is text.
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Every call as its `summary.json`, in `keicho.export/1`.
    ///
    /// # Errors
    /// None that a call can cause; the serialiser's own.
    pub fn json(&self) -> serde_json::Result<String> {
        let calls = self.summaries.iter().map(Summary::json_value).collect::<serde_json::Result<Vec<_>>>()?;
        let whole = json!({ "schema": "keicho.export/1", "with": self.with, "calls": calls });
        Ok(serde_json::to_string_pretty(&whole)? + "\n")
    }

    /// Every call as it stands in the notes on the person it was with; people stand in the order in which they were first
    /// talked to.
    pub fn markdown(&self, language: Language) -> String {
        let mut people: Vec<Option<&str>> = Vec::new();
        for summary in &self.summaries {
            let with = summary.call.with.as_deref();
            if !people.contains(&with) {
                people.push(with);
            }
        }
        let notes = people.into_iter().map(|person| {
            let calls = self.summaries.iter().filter(|summary| summary.call.with.as_deref() == person);
            let entries: String = calls.map(|summary| summary.note(language)).collect();
            Summary::notes_opening(person.unwrap_or(language.pick("名前なし", "Nobody named"))) + &entries
        });
        notes.collect::<Vec<_>>().join("\n")
    }
}

fn row(summary: &Summary) -> [String; COLUMNS.len()] {
    let (call, figures) = (&summary.call, &summary.figures);
    let count = |count: u32| count.to_string();
    // Where not both sides were heard, zero would say that nobody interrupted.
    let counted = |number: u32| figures.share.map_or_else(String::new, |_| number.to_string());
    let known = |count: Option<u32>| count.map_or_else(String::new, |count| count.to_string());
    let length = |ms: Option<u64>| ms.map_or_else(String::new, |ms| ms.to_string());
    let share = |share: Option<f64>| share.map_or_else(String::new, |share| rounded(share).to_string());
    [
        call.id.clone(),
        call.started_at.clone().unwrap_or_default(),
        call.with.as_deref().map_or_else(String::new, without_formula),
        call.mode.name().to_owned(),
        figures.duration_ms.to_string(),
        figures.talk_ms.to_string(),
        figures.their_talk_ms.to_string(),
        share(figures.share),
        rounded(call.target).to_string(),
        share(summary.perception.map(|perception| perception.share)),
        figures.is_share_unsure().to_string(),
        length(figures.longest_turn_ms),
        counted(figures.monologues),
        length(figures.patience_ms),
        counted(figures.interruptions),
        counted(figures.interruptions_failed),
        share(figures.backchannels_per_min),
        share(figures.filled_pauses_per_min),
        known(figures.open_questions),
        known(figures.closed_questions),
        known(figures.progress_questions),
        known(figures.regrabs),
        length(figures.wait_ms),
        count(figures.nudges),
        figures.doubts.keys().map(<&str>::from).collect::<Vec<_>>().join(" "),
    ]
}

/// A text that a table program takes for no formula.
fn without_formula(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}
