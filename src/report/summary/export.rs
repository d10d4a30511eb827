//! What other programs read besides `summary.json`: the turns as CSV, the transcript as WebVTT. Both can be replayed
//! (`--speaker-me me`), and neither holds a name: a table program runs no formula from them.

use std::fmt::Write;

use crate::report::summary::Summary;
use crate::wire::track_name;

/// `turns.csv`: whose, from, to, how long.
pub(super) fn turns(summary: &Summary) -> String {
    let mut out = "speaker,start_ms,end_ms,length_ms\r\n".to_owned();
    for turn in &summary.turns {
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "{},{},{},{}\r\n",
            track_name(turn.track),
            turn.start_ms,
            turn.end_ms,
            turn.end_ms - turn.start_ms
        );
    }
    out
}

/// `transcript.vtt`; `None` if no words are kept.
pub(super) fn transcript(summary: &Summary) -> Option<String> {
    let mut out = "WEBVTT\n".to_owned();
    for line in summary.utterances.as_ref()? {
        let (from, to) = (stamp(line.start_ms), stamp(line.end_ms));
        let _ = write!(out, "\n{from} --> {to}\n<v {}>{}\n", track_name(line.track), cue(&line.text));
    }
    Some(out)
}

/// `00:12:40.250`
fn stamp(ms: u64) -> String {
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

/// Words as a cue: on one line, with nothing that a player reads as markup.
fn cue(text: &str) -> String {
    let parts = text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|part| !part.is_empty());
    html_escape::encode_text(&parts.collect::<Vec<_>>().join(" ")).into_owned()
}

#[cfg(test)]
mod tests;
