//! RTTM, as NIST's speaker diarization evaluations have it: a line a stretch, without words.
//!
//! `SPEAKER file channel start duration <NA> <NA> name <NA> <NA>`, times in seconds (Rich Transcription 2009
//! evaluation plan, appendix A).

use super::raw::{RawCue, TranscriptFault, parse_span, quoted};
use super::timestamp::{TimeUnit, parse_time};
use crate::source::transcript::TranscriptLocation;

/// The types of lines besides SPEAKER.
const OTHERS: [&str; 14] = [
    "SEGMENT",
    "NOSCORE",
    "NO_RT_METADATA",
    "LEXEME",
    "NON-LEX",
    "NON-SPEECH",
    "FILLER",
    "EDIT",
    "IP",
    "SU",
    "CB",
    "A/P",
    "SPKR-INFO",
    "LANGUAGE",
];

/// What stands in the place of a value that there is none of.
const NONE: &str = "<NA>";

/// Whether a line is a speaker's stretch.
pub(super) fn is_speaker_line(line: &str) -> bool {
    let mut fields = line.split_whitespace();
    fields.next() == Some("SPEAKER") && fields.count() >= 7
}

pub(super) fn parse(text: &str) -> Result<Vec<RawCue>, TranscriptFault> {
    let (mut cues, mut recording) = (Vec::new(), None);
    for (number, line) in (1..).zip(text.lines()) {
        let fault = |what| TranscriptFault { place: TranscriptLocation::Line(number), what };
        let fields: Vec<&str> = line.split_whitespace().collect();
        match fields[..] {
            [] => {}
            [first, ..] if first.starts_with(";;") || OTHERS.contains(&first) => {}
            ["SPEAKER", file, _, start, duration, _, _, name, ..] => {
                let one = *recording.get_or_insert(file);
                if one != file {
                    return Err(fault(format!(
                        "this is of {}, and the lines before are of {}. Give a file of one call alone",
                        quoted(file),
                        quoted(one)
                    )));
                }
                let seconds = |text: &str| {
                    let what = || format!("{} is no time; seconds are expected, as 12.34", quoted(text));
                    parse_time(text, TimeUnit::Seconds).ok_or_else(|| fault(what()))
                };
                let start = seconds(start)?;
                let end = start.saturating_add(seconds(duration)?);
                let speaker = (name != NONE).then(|| name.to_owned());
                cues.push(RawCue { speaker, span: parse_span(start, end).map_err(fault)?, text: String::new() });
            }
            _ => {
                return Err(fault(format!(
                    "{} is no line of RTTM; expected is SPEAKER file channel start duration <NA> <NA> name <NA> <NA>",
                    quoted(line)
                )));
            }
        }
    }
    Ok(cues)
}
