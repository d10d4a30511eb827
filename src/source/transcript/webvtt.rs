//! WebVTT as call applications write it, and SubRip, which differs in nothing that matters here.
//!
//! Teams marks who speaks as the standard has it: `<v Name>text</v>`. Zoom writes `Name: text`, and leaves the name out
//! where the speaker before goes on.

mod markup;
mod prefix;

use super::clock::{Unit, time};
use super::raw::{Fault, RawCue, one_line, quoted, stretch};
use crate::source::transcript::Place;
use crate::time::Span;

use markup::Voice;
use prefix::Prefixes;

const ARROW: &str = "-->";

pub(super) fn read(text: &str) -> Result<Vec<RawCue>, Fault> {
    let cues = cues(text)?;
    let voices: Vec<(Span, Vec<Voice>)> = cues.iter().map(|(span, payload)| (*span, markup::voices(payload))).collect();
    let marked = voices.iter().flat_map(|(_, voices)| voices).any(|voice| voice.name.is_some());
    let said: Vec<(Span, Voice)> = if marked {
        voices.into_iter().flat_map(|(span, voices)| voices.into_iter().map(move |voice| (span, voice))).collect()
    } else {
        let prefixes = Prefixes::of(voices.iter().flat_map(|(_, voices)| voices).map(|voice| voice.text.as_str()));
        let part = |(span, voices): &(Span, Vec<Voice>)| {
            let all: Vec<&str> = voices.iter().map(|voice| voice.text.as_str()).collect();
            prefixes.part(&all.concat()).into_iter().map(|voice| (*span, voice)).collect::<Vec<_>>()
        };
        voices.iter().flat_map(part).collect()
    };
    let mut before = None;
    let cue = |(span, voice): (Span, Voice)| {
        let text = one_line(&voice.text);
        if voice.name.is_some() {
            before = voice.name;
        }
        // What is said by nobody in no words is nothing.
        (!text.is_empty()).then(|| RawCue { speaker: before.clone(), span, text })
    };
    Ok(said.into_iter().filter_map(cue).collect())
}

/// What stands between blank lines.
#[derive(PartialEq, Eq)]
enum Block {
    /// Nothing yet.
    Begun,
    /// The file's header, a comment, a style or a region, or what belongs to no cue.
    Other,
    /// A cue, after its times.
    Cue,
}

/// Every cue's stretch, and what stands under its times.
fn cues(text: &str) -> Result<Vec<(Span, String)>, Fault> {
    let mut cues: Vec<(Span, String)> = Vec::new();
    let mut block = Block::Begun;
    for (number, line) in (1..).zip(text.lines()) {
        let fault = |what| Fault { place: Place::Line(number), what };
        if line.trim().is_empty() {
            block = Block::Begun;
        } else if line.contains(ARROW) && block != Block::Other {
            cues.push((times(line).map_err(fault)?, String::new()));
            block = Block::Cue;
        } else if block == Block::Cue {
            if let Some((_, payload)) = cues.last_mut() {
                payload.push_str(line);
                payload.push('\n');
            }
        } else if block == Block::Begun {
            let word = line.split_whitespace().next().unwrap_or_default();
            if ["NOTE", "STYLE", "REGION"].contains(&word) || number == 1 && word == "WEBVTT" {
                block = Block::Other;
            } else if is_broken_times(line) {
                return Err(fault(expected(line)));
            }
            // Else it is the name of the cue that follows.
        }
    }
    Ok(cues)
}

/// The stretch of a line like `00:00:01.000 --> 00:00:02.500 align:start`.
fn times(line: &str) -> Result<Span, String> {
    let (start, rest) = line.split_once(ARROW).ok_or_else(|| expected(line))?;
    let end = rest.split_whitespace().next().unwrap_or_default();
    let ms = |text: &str| if text.contains(':') { time(text, Unit::Seconds) } else { None };
    match (ms(start), ms(end)) {
        (Some(start), Some(end)) => stretch(start, end),
        _ => Err(expected(line)),
    }
}

/// Whether a line was meant to hold a cue's times.
fn is_broken_times(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next().is_some_and(|first| first.contains(':') && time(first, Unit::Seconds).is_some())
        && words.any(|word| time(word, Unit::Seconds).is_some())
}

fn expected(line: &str) -> String {
    format!("{} are no times of a cue; expected is 00:00:01.000 --> 00:00:02.500", quoted(line))
}
