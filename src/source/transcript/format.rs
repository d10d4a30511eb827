//! What a transcript is written in: by its content, for endings lie.

use std::path::Path;

use super::{paragraphs, rttm, table};

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TranscriptFormat {
    /// WebVTT; SubRip too, which is the same for what is needed here.
    WebVtt,
    /// NIST's Rich Transcription Time Marked.
    Rttm,
    /// A table with a header: commas, semicolons or tabs.
    Table,
    /// JSON, or a line of JSON a cue.
    Json,
    /// Paragraphs under a name and a beginning.
    Paragraphs,
    /// Lines of names under stamps that are minutes apart.
    CoarseStamps,
}

/// Lines that are looked at: a comment or a title may stand before what tells.
const LOOKED_AT: usize = 50;

impl TranscriptFormat {
    /// The format that a text's beginning shows.
    pub(super) fn detect(text: &str) -> Option<Self> {
        let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT);
        let first = lines().next()?.trim_start();
        if first.starts_with("WEBVTT") {
            Some(Self::WebVtt)
        } else if first.starts_with('[') && paragraphs::is_paragraphs(text) {
            Some(Self::Paragraphs)
        } else if first.starts_with(['{', '[']) {
            Some(Self::Json)
        } else if lines().any(rttm::is_speaker_line) {
            Some(Self::Rttm)
        } else if table::find_header(text).is_some() {
            Some(Self::Table)
        } else if lines().any(|line| line.contains("-->")) {
            Some(Self::WebVtt)
        } else if paragraphs::is_paragraphs(text) {
            Some(Self::Paragraphs)
        } else {
            paragraphs::is_under_stamps(text).then_some(Self::CoarseStamps)
        }
    }

    /// The format that a file's ending promises.
    pub(super) fn from_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "vtt" | "srt" => Some(Self::WebVtt),
            "rttm" => Some(Self::Rttm),
            "csv" | "tsv" => Some(Self::Table),
            "json" | "jsonl" => Some(Self::Json),
            _ => None,
        }
    }
}
