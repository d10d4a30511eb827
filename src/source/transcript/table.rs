//! Tables with a header: start, end or duration, speaker, and perhaps text, in any order. Commas, semicolons or tabs
//! part the columns.

use csv::{ReaderBuilder, StringRecord};

use super::fields::Field;
use super::raw::{RawCue, TranscriptFault, one_line, parse_span, quoted};
use super::timestamp::{TimeUnit, parse_time};
use crate::source::transcript::TranscriptLocation;

const SEPARATORS: [u8; 3] = *b",;\t";

/// What each column holds.
pub(super) struct TableHeader {
    separator: u8,
    /// The line that it stands in, from 1.
    line: u64,
    fields: Vec<Option<Field>>,
}

/// The header of a table that says who speaks when; it is the first line, or follows Excel's `sep=;`.
pub(super) fn find_header(text: &str) -> Option<TableHeader> {
    SEPARATORS.into_iter().find_map(|separator| {
        let mut rows = rows(text, separator);
        let first = rows.next()?.ok()?;
        let first = if is_separator_line(&first) { rows.next()?.ok()? } else { first };
        let line = line_number(text, &first);
        let header = TableHeader { separator, line, fields: first.iter().map(Field::from_name).collect() };
        let whole = header.has(|field| field.start_unit().is_some())
            && header.has(Field::is_end)
            && header.has(Field::is_speaker);
        whole.then_some(header)
    })
}

pub(super) fn parse(text: &str) -> Result<Vec<RawCue>, TranscriptFault> {
    let header = find_header(text).ok_or_else(|| TranscriptFault {
        place: TranscriptLocation::Line(1),
        what: format!(
            "{} is no header of a transcript; expected are columns called start, end (or duration), speaker and text",
            quoted(text.lines().next().unwrap_or_default())
        ),
    })?;
    let mut cues = Vec::new();
    for row in rows(text, header.separator) {
        let broken = |cause: csv::Error| TranscriptFault {
            place: cause.position().map_or(TranscriptLocation::File, |at| TranscriptLocation::Line(at.line())),
            what: "this row cannot be read. Save the table again as CSV".to_owned(),
        };
        let row = row.map_err(broken)?;
        let line = line_number(text, &row);
        if line > header.line && !row.iter().all(|value| value.trim().is_empty()) {
            cues.push(
                header
                    .parse_cue(&row)
                    .map_err(|what| TranscriptFault { place: TranscriptLocation::Line(line), what })?,
            );
        }
    }
    Ok(cues)
}

fn rows(text: &str, separator: u8) -> impl Iterator<Item = csv::Result<StringRecord>> {
    ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
        .into_records()
}

fn is_separator_line(row: &StringRecord) -> bool {
    row.get(0).is_some_and(|value| value.trim().starts_with("sep="))
}

/// The line that a row begins in, from 1: the blank ones before it are counted to it.
fn line_number(text: &str, row: &StringRecord) -> u64 {
    let Some(at) = row.position() else { return 0 };
    let rest = text.get(at.byte() as usize..).unwrap_or_default();
    at.line() + rest.bytes().take_while(|byte| *byte == b'\n').count() as u64
}

impl TableHeader {
    fn has(&self, is: impl Fn(Field) -> bool) -> bool {
        self.fields.iter().flatten().any(|field| is(*field))
    }

    /// The first column of the kind, as the row has it; what is missing is empty.
    fn value<'a, T>(&self, row: &'a StringRecord, pick: impl Fn(Field) -> Option<T>) -> Option<(&'a str, T)> {
        let mut columns = self.fields.iter().enumerate();
        let (at, found) = columns.find_map(|(at, field)| Some((at, pick((*field)?)?)))?;
        Some((row.get(at).unwrap_or_default().trim(), found))
    }

    /// A time of the row; `None` if the table has no such column.
    fn parse_time(&self, row: &StringRecord, pick: impl Fn(Field) -> Option<TimeUnit>) -> Result<Option<u64>, String> {
        let Some((value, unit)) = self.value(row, pick) else { return Ok(None) };
        let what = || format!("{} is no time; expected is 12.34 or 00:00:12.340", quoted(value));
        parse_time(value, unit).map(Some).ok_or_else(what)
    }

    fn parse_cue(&self, row: &StringRecord) -> Result<RawCue, String> {
        let start = self.parse_time(row, Field::start_unit)?.unwrap_or_default();
        let end = match self.parse_time(row, Field::end_unit)? {
            Some(end) => end,
            None => start.saturating_add(self.parse_time(row, Field::duration_unit)?.unwrap_or_default()),
        };
        let is = |wanted| move |field| (field == wanted).then_some(());
        let speaker =
            self.value(row, is(Field::Speaker)).or_else(|| self.value(row, is(Field::Name))).map(|(name, ())| name);
        let text = self.value(row, is(Field::Text)).or_else(|| self.value(row, is(Field::Word)));
        Ok(RawCue {
            speaker: speaker.filter(|name| !name.is_empty()).map(str::to_owned),
            span: parse_span(start, end)?,
            text: text.map(|(text, ())| one_line(text)).unwrap_or_default(),
        })
    }
}
