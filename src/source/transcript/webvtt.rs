//! WebVTT as call applications write it, and SubRip, which differs in nothing that matters here.
//!
//! Teams marks who speaks as the standard has it: `<v Name>text</v>`. Zoom writes `Name: text`, and leaves the name out
//! where the speaker before goes on. Webex names the speaker in the cue's identifier: `1 "Name" (3388262400)`.

mod markup;
pub(super) mod prefix;

use super::raw::{RawCue, TranscriptFault, one_line, parse_span, quoted};
use super::timestamp::{TimeUnit, parse_time};
use crate::source::transcript::TranscriptLocation;
use crate::time::Span;

use markup::VoiceSpan;
use prefix::SpeakerPrefixes;

const ARROW: &str = "-->";

pub(super) fn parse(text: &str) -> Result<Vec<RawCue>, TranscriptFault> {
    let cues = parse_cues(text)?;
    let identified = cues.iter().any(|cue| cue.speaker.is_some());
    let mut voices: Vec<(Span, Vec<VoiceSpan>)> = Vec::with_capacity(cues.len());
    for VttCue { span, speaker, payload } in cues {
        let mut spoken = markup::parse_voices(&payload);
        if speaker.is_some() {
            // Of a voice that the payload itself names, that name holds.
            spoken.iter_mut().for_each(|voice| voice.name = voice.name.take().or_else(|| speaker.clone()));
        }
        voices.push((span, spoken));
    }
    let marked = identified || voices.iter().flat_map(|(_, voices)| voices).any(|voice| voice.name.is_some());
    let voice_spans: Vec<(Span, VoiceSpan)> = if marked {
        voices.into_iter().flat_map(|(span, voices)| voices.into_iter().map(move |voice| (span, voice))).collect()
    } else {
        let prefixes =
            SpeakerPrefixes::count(voices.iter().flat_map(|(_, voices)| voices).map(|voice| voice.text.as_str()));
        let part = |(span, voices): &(Span, Vec<VoiceSpan>)| {
            let all: Vec<&str> = voices.iter().map(|voice| voice.text.as_str()).collect();
            prefixes.split_voices(&all.concat()).into_iter().map(|voice| (*span, voice)).collect::<Vec<_>>()
        };
        voices.iter().flat_map(part).collect()
    };
    let mut before = None;
    let cue = |(span, voice): (Span, VoiceSpan)| {
        let text = one_line(&voice.text);
        if voice.name.is_some() {
            before = voice.name;
        }
        // What is said by nobody in no words is nothing.
        (!text.is_empty()).then(|| RawCue { speaker: before.clone(), span, text })
    };
    Ok(voice_spans.into_iter().filter_map(cue).collect())
}

/// What stands between blank lines.
#[derive(PartialEq, Eq)]
enum VttBlock {
    /// Nothing yet.
    Empty,
    /// The file's header, a comment, a style or a region, or what belongs to no cue.
    Other,
    /// A cue, after its times.
    Cue,
}

/// A cue before its payload is looked into.
struct VttCue {
    span: Span,
    /// Who speaks, if the cue's identifier says so.
    speaker: Option<String>,
    /// What stands under its times.
    payload: String,
}

/// All cues of the file.
fn parse_cues(text: &str) -> Result<Vec<VttCue>, TranscriptFault> {
    let mut cues: Vec<VttCue> = Vec::new();
    let mut block = VttBlock::Empty;
    let mut identified = None;
    for (number, line) in (1..).zip(text.lines()) {
        let fault = |what| TranscriptFault { place: TranscriptLocation::Line(number), what };
        if line.trim().is_empty() {
            (block, identified) = (VttBlock::Empty, None);
        } else if line.contains(ARROW) && block != VttBlock::Other {
            let span = parse_times(line).map_err(fault)?;
            cues.push(VttCue { span, speaker: identified.take(), payload: String::new() });
            block = VttBlock::Cue;
        } else if block == VttBlock::Cue {
            if let Some(cue) = cues.last_mut() {
                cue.payload.push_str(line);
                cue.payload.push('\n');
            }
        } else if block == VttBlock::Empty {
            let word = line.split_whitespace().next().unwrap_or_default();
            if ["NOTE", "STYLE", "REGION"].contains(&word) || number == 1 && word == "WEBVTT" {
                block = VttBlock::Other;
            } else if is_broken_times(line) {
                return Err(fault(expected_times(line)));
            }
            // Else it is the identifier of the cue that follows.
            identified = identified_speaker(line);
        }
    }
    Ok(cues)
}

/// Who speaks by an identifier like `1 "Hanako Aoki" (3388262400)`.
fn identified_speaker(line: &str) -> Option<String> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, rest) = line.trim().split_once(' ')?;
    let (name, id) = rest.strip_prefix('"')?.rsplit_once("\" (")?;
    let named = is_number(number) && id.strip_suffix(')').is_some_and(is_number) && !name.trim().is_empty();
    named.then(|| name.to_owned())
}

/// The stretch of a line like `00:00:01.000 --> 00:00:02.500 align:start`.
fn parse_times(line: &str) -> Result<Span, String> {
    let (start, rest) = line.split_once(ARROW).ok_or_else(|| expected_times(line))?;
    let end = rest.split_whitespace().next().unwrap_or_default();
    let ms = |text: &str| if text.contains(':') { parse_time(text, TimeUnit::Seconds) } else { None };
    match (ms(start), ms(end)) {
        (Some(start), Some(end)) => parse_span(start, end),
        _ => Err(expected_times(line)),
    }
}

/// Whether a line was meant to hold a cue's times.
fn is_broken_times(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next().is_some_and(|first| first.contains(':') && parse_time(first, TimeUnit::Seconds).is_some())
        && words.any(|word| parse_time(word, TimeUnit::Seconds).is_some())
}

fn expected_times(line: &str) -> String {
    format!("{} are no times of a cue; expected is 00:00:01.000 --> 00:00:02.500", quoted(line))
}
