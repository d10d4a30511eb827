//! Tags and character references within a cue.

/// A part of a cue that is one voice's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct VoiceSpan {
    /// The name; `None` if there is none.
    pub(super) name: Option<String>,
    /// The words, in the cue's own lines.
    pub(super) text: String,
}

/// The voices of a cue in their order. Each has the whole cue's time: there is no other.
pub(super) fn parse_voices(payload: &str) -> Vec<VoiceSpan> {
    let mut voices = vec![VoiceSpan::default()];
    let mut rest = payload;
    while let Some((before, inside)) = rest.split_once('<') {
        append_text(&mut voices, before);
        // A sign that another follows before it is closed begins no tag.
        let tag = inside.find(['<', '>']).and_then(|end| Some((&inside[..end], inside[end..].strip_prefix('>')?)));
        let Some((tag, after)) = tag else {
            append_text(&mut voices, "<");
            rest = inside;
            continue;
        };
        rest = after;
        if let Some(name) = voice_name(tag) {
            voices.push(VoiceSpan { name: Some(name), text: String::new() });
        } else if tag == "/v" {
            voices.push(VoiceSpan::default());
        } else if !is_tag(tag) {
            append_text(&mut voices, "<");
            rest = inside;
        }
    }
    append_text(&mut voices, rest);
    voices.retain(|voice| !voice.text.trim().is_empty());
    voices
}

fn append_text(voices: &mut [VoiceSpan], text: &str) {
    if let Some(voice) = voices.last_mut() {
        voice.text.push_str(&resolve_references(text));
    }
}

/// The name in a tag like `v Name` or `v.loud Name`.
fn voice_name(tag: &str) -> Option<String> {
    let (kind, name) = tag.split_once(char::is_whitespace)?;
    let name = resolve_references(name.trim());
    (kind == "v" || kind.starts_with("v.")).then_some(name).filter(|name| !name.is_empty())
}

/// Whether it is a tag of WebVTT or SubRip, or a time in it, and not the words of somebody who compares.
fn is_tag(tag: &str) -> bool {
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let kind = tag.split(|c: char| c == '.' || c.is_whitespace()).next().unwrap_or_default();
    ["b", "c", "font", "i", "lang", "rt", "ruby", "u", "v", ""].contains(&kind)
        || tag.starts_with(|c: char| c.is_ascii_digit()) && tag.contains(':')
}

/// `&#x10ffff;` is the longest of the names that are known.
const LONGEST_NAME: usize = 10;

/// A text with its character references (`&amp;`, `&#39;`) resolved; unknown ones stay.
fn resolve_references(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST_NAME).position(|byte| byte == b';');
        let named = end.and_then(|end| Some((parse_reference(&rest[1..end])?, &rest[end + 1..])));
        let (c, after) = named.unwrap_or(('&', &rest[1..]));
        out.push(c);
        rest = after;
    }
    out + rest
}

fn parse_reference(name: &str) -> Option<char> {
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "lrm" => '\u{200e}',
        "rlm" => '\u{200f}',
        _ => {
            let code = name.strip_prefix('#')?;
            let code = match code.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => code.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some(c)
}
