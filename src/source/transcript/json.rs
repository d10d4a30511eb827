//! JSON: a list of entries with start, end or duration, speaker, and perhaps text. The list may lie within objects, as
//! services of speech recognition have it; a line of JSON an entry will do as well.

use serde_json::{Deserializer, Map, Value};

use super::fields::Field;
use super::raw::{RawCue, TranscriptFault, one_line, parse_span, quoted};
use super::timestamp::{TimeUnit, number_to_ms, parse_time};
use crate::source::transcript::TranscriptLocation;
use crate::time::Samples;

/// Words of one speaker with less between them are one stretch, as runs of speech are.
const SAME_BREATH: Samples = Samples::from_ms(200);

pub(super) fn parse(text: &str) -> Result<Vec<RawCue>, TranscriptFault> {
    let mut values = Vec::new();
    for value in Deserializer::from_str(text).into_iter::<Value>() {
        values.push(value.map_err(|cause| TranscriptFault {
            place: TranscriptLocation::Line(cause.line() as u64),
            what: "this is no JSON. Export the transcript again, whole".to_owned(),
        })?);
    }
    let root = match values.len() {
        1 => values.swap_remove(0),
        _ => Value::Array(values),
    };
    let entries = find_entries(&root).ok_or_else(|| TranscriptFault {
        place: TranscriptLocation::File,
        what: "there is no list of entries with start, end and speaker in it. Export the transcript with its times"
            .to_owned(),
    })?;
    let mut cues: Vec<RawCue> = Vec::new();
    for (number, entry) in (1..).zip(entries) {
        let fault = |what| TranscriptFault { place: TranscriptLocation::Entry(number), what };
        let object = entry.as_object().ok_or_else(|| fault(format!("{} is no object", quoted(&entry.to_string()))))?;
        let entry = JsonEntry(object);
        let cue = entry.parse_cue().map_err(fault)?;
        match cues.last_mut() {
            Some(last) if entry.is_word() && last.speaker == cue.speaker && follows(last, &cue) => {
                last.span.end = last.span.end.max(cue.span.end);
                last.text.push(' ');
                last.text.push_str(&cue.text);
            }
            _ => cues.push(cue),
        }
    }
    Ok(cues)
}

/// The list that is the transcript: the one that lies least deep, of those the one that names speakers, and has
/// sentences rather than words.
fn find_entries(root: &Value) -> Option<&Vec<Value>> {
    let mut level = vec![root];
    while !level.is_empty() {
        let lists = level.iter().filter_map(|value| value.as_array().filter(|list| !list.is_empty()));
        let rank = |list: &&Vec<Value>| {
            let first = JsonEntry(list.first()?.as_object()?);
            let length = first.has(Field::is_end);
            let dated = first.has(|field| field.start_unit().is_some()) && length;
            dated.then(|| (!first.has(Field::is_speaker), first.is_word()))
        };
        let found = lists.filter_map(|list| Some((rank(&list)?, list))).min_by_key(|(rank, _)| *rank);
        if let Some((_, list)) = found {
            return Some(list);
        }
        level = level.into_iter().flat_map(children).collect();
    }
    None
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(fields) => fields.values().collect(),
        Value::Array(values) => values.iter().collect(),
        _ => Vec::new(),
    }
}

fn follows(before: &RawCue, after: &RawCue) -> bool {
    before.span.start <= after.span.start && after.span.start - before.span.end < SAME_BREATH
}

/// An entry of the list.
struct JsonEntry<'a>(&'a Map<String, Value>);

impl<'a> JsonEntry<'a> {
    fn has(&self, is: impl Fn(Field) -> bool) -> bool {
        self.0.keys().filter_map(|key| Field::from_name(key)).any(is)
    }

    /// Whether it is a word of a longer text.
    fn is_word(&self) -> bool {
        self.has(|field| field == Field::Word)
            && !self.0.values().any(Value::is_array)
            && !self.has(|field| field == Field::Text)
    }

    /// The first value of a kind that is not null.
    fn value<T>(&self, pick: impl Fn(Field) -> Option<T>) -> Option<(&'a Value, T)> {
        let fields = self.0.iter().filter(|(_, value)| !value.is_null());
        fields.filter_map(|(key, value)| Some((value, pick(Field::from_name(key)?)?))).next()
    }

    fn parse_time(&self, pick: impl Fn(Field) -> Option<TimeUnit>) -> Result<Option<u64>, String> {
        let Some((value, unit)) = self.value(pick) else { return Ok(None) };
        let read = match value {
            Value::Number(count) => count.as_f64().and_then(|count| number_to_ms(count, unit)),
            Value::String(text) => parse_time(text, unit),
            _ => None,
        };
        let what = || format!("{} is no time; expected is 12.34 or \"00:00:12.340\"", quoted(&value.to_string()));
        read.map(Some).ok_or_else(what)
    }

    fn parse_cue(&self) -> Result<RawCue, String> {
        let missing = |what: &str| format!("it has no {what}; expected are start, end (or duration) and speaker");
        let start = self.parse_time(Field::start_unit)?.ok_or_else(|| missing("start"))?;
        let end = match self.parse_time(Field::end_unit)? {
            Some(end) => end,
            None => start.saturating_add(self.parse_time(Field::duration_unit)?.ok_or_else(|| missing("end"))?),
        };
        let field_value =
            |wanted: Field| self.value(move |field| (field == wanted).then_some(())).map(|(value, ())| value);
        let speaker = field_value(Field::Speaker)
            .and_then(speaker_name)
            .or_else(|| field_value(Field::Name).and_then(speaker_name));
        let text = field_value(Field::Text).or_else(|| field_value(Field::Word)).map(words).unwrap_or_default();
        Ok(RawCue { speaker, span: parse_span(start, end)?, text: one_line(&text) })
    }
}

/// A speaker: a text, a number, or an object with a name.
fn speaker_name(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(name.clone()).filter(|name| !name.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(fields) => {
            let keys = ["displayName", "display_name", "name", "id"];
            keys.into_iter().find_map(|key| fields.get(key)).filter(|inner| !inner.is_object()).and_then(speaker_name)
        }
        _ => None,
    }
}

/// What was said: a text, or a list of words.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(words).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => {
            let keys = ["punctuated_word", "word", "text", "content"];
            keys.into_iter().find_map(|key| fields.get(key)).and_then(Value::as_str).unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}
