//! The summary's words in Japanese and English, and numbers as people read them.

use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;

use crate::language::Language;

/// A moment of the call, or a length: `12:40`, from an hour on `1:02:40`.
pub(super) fn clock(ms: u64) -> String {
    let seconds = (ms + 500) / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, minutes, seconds) => format!("{minutes}:{seconds:02}"),
        (hours, minutes, seconds) => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A length as it is said: `2:57`, in Japanese `2 分 57 秒`, which nobody takes for a moment.
pub(super) fn length(ms: u64, language: Language) -> String {
    let seconds = (ms + 500) / 1000;
    match (language, seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (Language::En, ..) => clock(ms),
        (Language::Ja, 0, 0, seconds) => format!("{seconds} 秒"),
        (Language::Ja, 0, minutes, 0) => format!("{minutes} 分"),
        (Language::Ja, 0, minutes, seconds) => format!("{minutes} 分 {seconds} 秒"),
        (Language::Ja, hours, minutes, _) => format!("{hours} 時間 {minutes} 分"),
    }
}

/// A share as whole percent: `58 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Seconds with a tenth: `4.8 s`.
pub(super) fn seconds(ms: u64, language: Language) -> String {
    let tenths = (ms + 50) / 100;
    format!("{}.{}{}", tenths / 10, tenths % 10, language.pick(" 秒", " s"))
}

/// When a call was, by its own clock and zone: `Wednesday, 1 April 2026, 10:00–10:45 (UTC+9)`. `None` where the moment
/// is not RFC 3339.
pub(super) fn when(started_at: &str, duration_ms: u64, language: Language) -> Option<String> {
    let pieces = Pieces::parse(started_at).ok()?;
    let began = DateTime::from_parts(pieces.date(), pieces.time()?);
    let length = jiff::SignedDuration::from_millis(i64::try_from(duration_ms).ok()?);
    let ended = began.checked_add(length).ok()?;
    let zone = pieces.to_numeric_offset().map(zone).unwrap_or_default();
    Some(match language {
        Language::Ja => {
            let day = ["日", "月", "火", "水", "木", "金", "土"]
                [usize::try_from(began.weekday().to_sunday_zero_offset()).ok()?];
            let (from, to) = (began.strftime("%H:%M"), ended.strftime("%H:%M"));
            format!("{} 年 {} 月 {} 日（{day}）{from}〜{to}{zone}", began.year(), began.month(), began.day())
        }
        Language::En => format!("{}–{}{zone}", began.strftime("%A, %-d %B %Y, %H:%M"), ended.strftime("%H:%M")),
    })
}

/// A day, short, for a place where room is: `4/1`, in English `1 Apr`.
pub(super) fn day(started_at: &str, language: Language) -> Option<String> {
    let date = Pieces::parse(started_at).ok()?.date();
    Some(language.pick(date.strftime("%-m/%-d"), date.strftime("%-d %b")).to_string())
}

/// ` (UTC+9)`, ` (UTC−3:30)`.
fn zone(offset: Offset) -> String {
    let (sign, minutes) = (if offset.is_negative() { '−' } else { '+' }, offset.seconds().unsigned_abs() / 60);
    match (minutes / 60, minutes % 60) {
        (0, 0) => " (UTC)".to_owned(),
        (hours, 0) => format!(" (UTC{sign}{hours})"),
        (hours, minutes) => format!(" (UTC{sign}{hours}:{minutes:02})"),
    }
}

/// Text for a page, inert whatever it holds.
pub(super) fn html(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // A name does not turn the direction of what stands around it, and no control character reaches a page.
            c if turns(c) || (c.is_control() && c != '\n') => out.push('\u{fffd}'),
            c => out.push(c),
        }
        out
    })
}

/// Marks that turn the direction of writing.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

#[cfg(test)]
mod tests;
