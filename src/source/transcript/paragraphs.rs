//! Text of paragraphs, each under a line with a name and the moment of its beginning; where it ends is not stated.
//!
//! Otter writes `Name  0:01` and Notta `話者 1 00:01`, both after a blank line. Zoom's saved captions have `[Name] 10:02:33`
//! with the time of day. Meet's text has a stamp alone in its line every five minutes, and lines `Name: text` under it:
//! that is too coarse, and is refused.

use super::names::{is_capitalized, may_be_name};
use super::raw::{RawCue, TranscriptFault, one_line, parse_span};
use super::speakers;
use super::timestamp::{TimeUnit, parse_time};
use super::webvtt::prefix::split_prefix;
use crate::source::transcript::TranscriptLocation;

/// English is spoken at some 150 words a minute (National Center for Voice and Speech, 2007): milliseconds a word.
const WORD_MS: u64 = 400;

/// Japanese talk has some 360 written characters a minute: milliseconds a character.
const CHARACTER_MS: u64 = 167;

/// Even one syllable takes as long as this.
const SHORTEST_MS: u64 = 500;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// What a program writes under its paragraphs that nobody said.
const FOOTERS: [&str; 1] = ["Transcribed by https://otter.ai"];

/// Who begins to speak, and when.
struct ParagraphHeader<'a> {
    name: &'a str,
    start_ms: u64,
    /// Whether the time is one of the day, as captions of Zoom have it.
    of_day: bool,
}

/// A paragraph without its end.
struct Paragraph {
    /// The line of its header, from 1.
    line: u64,
    name: String,
    start_ms: u64,
    text: String,
}

/// Whether a text has paragraphs under names and times: two headers with text under each.
pub(super) fn is_paragraphs(text: &str) -> bool {
    let mut blank = true;
    let mut lines = text.lines().peekable();
    let mut headers = 0;
    while let Some(line) = lines.next() {
        let followed = lines.peek().is_some_and(|next| !next.trim().is_empty());
        headers += u32::from(followed && parse_header(line, blank).is_some());
        if headers == 2 {
            return true;
        }
        blank = line.trim().is_empty();
    }
    false
}

/// Whether a text has lines of names under stamps that stand alone.
pub(super) fn is_under_stamps(text: &str) -> bool {
    let lines = || text.lines().skip_while(|line| !is_stamp(line));
    lines().next().is_some() && lines().filter(|line| named_line(line).is_some()).nth(1).is_some()
}

/// What is said of stamps that are too far from each other: shares by letters are all that can be known.
pub(super) fn refuse_coarse(text: &str) -> TranscriptFault {
    let mut people = speakers::SpeakerIndex::default();
    let mut letters: Vec<usize> = Vec::new();
    for (name, said) in text.lines().skip_while(|line| !is_stamp(line)).filter_map(named_line) {
        let speaker = people.position_of(Some(name));
        letters.resize(letters.len().max(speaker + 1), 0);
        letters[speaker] += said.chars().filter(|c| c.is_alphanumeric()).count();
    }
    let all = letters.iter().sum::<usize>().max(1);
    let share = |(name, count): (String, usize)| format!("{name} {:.0}%", 100.0 * count as f64 / all as f64);
    let shares: Vec<String> = people.into_names().into_iter().zip(letters).take(speakers::LISTED).map(share).collect();
    TranscriptFault {
        place: TranscriptLocation::File,
        what: format!(
            "it states a time only every few minutes, and that does not tell who spoke when (by the letters of the text: {}). \
             Give a transcript or captions with a time for each line",
            shares.join(", ")
        ),
    }
}

pub(super) fn parse(text: &str) -> Result<Vec<RawCue>, TranscriptFault> {
    let paragraphs = split_paragraphs(text);
    let mut cues = Vec::with_capacity(paragraphs.len());
    let mut rest = &paragraphs[..];
    while let Some(first) = rest.first() {
        // Stamps are whole seconds, so several paragraphs may have one: they follow each other.
        let same = rest.iter().take_while(|one| one.start_ms == first.start_ms).count();
        let (now, later) = rest.split_at(same);
        let lengths: Vec<u64> = now.iter().map(|one| speaking_ms(&one.text)).collect();
        let wanted = lengths.iter().sum::<u64>().max(1);
        let room = later.first().map_or(wanted, |next| wanted.min(next.start_ms - first.start_ms));
        let mut before = 0;
        for (paragraph, length) in now.iter().zip(lengths) {
            let (start, end) = (before * room / wanted, (before + length) * room / wanted);
            let span = parse_span(first.start_ms + start, first.start_ms + end)
                .map_err(|what| TranscriptFault { place: TranscriptLocation::Line(paragraph.line), what })?;
            cues.push(RawCue { speaker: Some(paragraph.name.clone()), span, text: paragraph.text.clone() });
            before += length;
        }
        rest = later;
    }
    Ok(cues)
}

/// All paragraphs in the order of their beginnings; times of day are made relative to the first.
fn split_paragraphs(text: &str) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let (mut blank, mut day, mut of_day) = (true, 0, false);
    let mut lines = (1..).zip(text.lines()).peekable();
    while let Some((line, content)) = lines.next() {
        let followed = lines.peek().is_some_and(|(_, next)| !next.trim().is_empty());
        if let Some(header) = parse_header(content, blank).filter(|_| followed) {
            of_day |= header.of_day;
            // A time of day that falls by half a day and more has passed midnight.
            let before = paragraphs.last().map_or(0, |one| one.start_ms);
            day += if header.of_day && header.start_ms + day + DAY_MS / 2 < before { DAY_MS } else { 0 };
            let (name, start_ms) = (header.name.to_owned(), header.start_ms + day);
            paragraphs.push(Paragraph { line, name, start_ms, text: String::new() });
        } else if let Some(paragraph) = paragraphs.last_mut()
            && !FOOTERS.contains(&content.trim())
        {
            paragraph.text.push_str(content);
            paragraph.text.push(' ');
        }
        blank = content.trim().is_empty();
    }
    paragraphs.iter_mut().for_each(|one| one.text = one_line(&one.text));
    paragraphs.retain(|one| !one.text.is_empty());
    paragraphs.sort_by_key(|one| one.start_ms);
    let first = paragraphs.first().filter(|_| of_day).map_or(0, |one| one.start_ms);
    paragraphs.iter_mut().for_each(|one| one.start_ms -= first);
    paragraphs
}

/// A paragraph's header; without brackets it stands after a blank line.
fn parse_header(line: &str, after_blank: bool) -> Option<ParagraphHeader<'_>> {
    let line = line.trim();
    if let Some((name, time)) = line.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        let start_ms = parse_stamp(time).filter(|_| may_be_name(name))?;
        return Some(ParagraphHeader { name, start_ms, of_day: true });
    }
    let (name, time) = line.rsplit_once([' ', '\t', '\u{3000}'])?;
    let name = name.trim_end();
    let is_name = after_blank && may_be_name(name) && is_capitalized(name) && !name.ends_with([':', ',', '.']);
    let start_ms = parse_stamp(time).filter(|_| is_name)?;
    Some(ParagraphHeader { name, start_ms, of_day: false })
}

/// `0:01` or `00:00:01`, in milliseconds.
fn parse_stamp(text: &str) -> Option<u64> {
    let text = text.trim();
    let plain = text.contains(':') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    plain.then(|| parse_time(text, TimeUnit::Seconds))?
}

fn is_stamp(line: &str) -> bool {
    parse_stamp(line).is_some()
}

/// A line like `Name: text`.
fn named_line(line: &str) -> Option<(&str, &str)> {
    split_prefix(line).filter(|(name, said)| is_capitalized(name) && !said.trim().is_empty())
}

/// How long a text takes to say, in milliseconds, at the pace of usual talk.
fn speaking_ms(text: &str) -> u64 {
    let is_wide = |c: char| matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ff66}'..='\u{ff9f}');
    let wide = text.chars().filter(|c| is_wide(*c)).count() as u64;
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '\'') || is_wide(c)).filter(|word| !word.is_empty());
    (wide * CHARACTER_MS + words.count() as u64 * WORD_MS).max(SHORTEST_MS)
}
