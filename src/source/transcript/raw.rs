//! What every format comes down to: cues as the file has them.

use crate::audio::BLOCK_DURATION;
use crate::source::transcript::TranscriptLocation;
use crate::time::{SampleTime, Samples, Span};

/// A cue as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawCue {
    /// The name; `None` if the file has none.
    pub(super) speaker: Option<String>,
    /// In whole blocks; may be empty.
    pub(super) span: Span,
    /// What was said, in one line; may be empty.
    pub(super) text: String,
}

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TranscriptFault {
    pub(super) place: TranscriptLocation,
    pub(super) what: String,
}

/// No call is longer; times beyond it are something else than times of a call.
const LONGEST: Samples = Samples::from_secs(24 * 60 * 60);

/// The stretch from `start` to `end`, in milliseconds, its edges rounded to blocks; else what is wrong with it.
pub(super) fn parse_span(start_ms: u64, end_ms: u64) -> Result<Span, String> {
    if end_ms < start_ms {
        return Err(format!(
            "it ends at {}, before it begins at {}. Give the start first, both from the beginning of the call",
            format_time(end_ms),
            format_time(start_ms)
        ));
    }
    if end_ms > LONGEST.as_ms() {
        return Err(format!(
            "{} is more than a day into the call. Give seconds from the beginning of the call, or milliseconds as \
             start_ms and end_ms",
            format_time(end_ms)
        ));
    }
    Ok(Span::new(round_to_block(start_ms), round_to_block(end_ms)))
}

/// A text in one line, without control characters.
pub(super) fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a message quotes of a file: not all of it.
pub(super) fn quoted(text: &str) -> String {
    let line = one_line(text);
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("“{}…”", &line[..end]),
        None => format!("“{line}”"),
    }
}

/// Characters of a file that a message quotes at the most.
const QUOTED: usize = 40;

fn round_to_block(ms: u64) -> SampleTime {
    let step = BLOCK_DURATION.as_ms();
    SampleTime::from_ms((ms + step / 2) / step * step)
}

fn format_time(ms: u64) -> String {
    format!("{}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000)
}
