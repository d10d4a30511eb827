//! Dates as people read them: the day and the time of a call by the clock of the place at which it was held, and days
//! since then by the calendar of the place at which the reader is. Moments come as RFC 3339 with an offset.

use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use jiff::{Timestamp, Zoned};

use crate::language::Language;

/// The day of a call, on the calendar of its own place. `None` if the moment is not RFC 3339.
pub(crate) fn date(started_at: &str) -> Option<Date> {
    Some(Pieces::parse(started_at).ok()?.date())
}

/// The instant at which a call began; `None` if the moment is not RFC 3339.
pub(crate) fn instant(started_at: &str) -> Option<Timestamp> {
    started_at.parse().ok()
}

/// How many midnights have passed from the beginning of a call to `now`, in the time zone of `now`: 0 is today. A call
/// that began in another zone is taken at the date that it was in this one. Never negative, whatever a clock was set to.
/// `None` if the moment is not RFC 3339.
pub(crate) fn days_since(started_at: &str, now: &Zoned) -> Option<u32> {
    let began = instant(started_at)?.to_zoned(now.time_zone().clone()).date();
    Some(u32::try_from((now.date() - began).get_days()).unwrap_or(0))
}

/// `today`, `yesterday`, `23 days ago`.
pub(crate) fn ago(days: u32, language: Language) -> String {
    match (days, language) {
        (0, Language::Ja) => "今日".to_owned(),
        (0, Language::En) => "today".to_owned(),
        (1, Language::Ja) => "昨日".to_owned(),
        (1, Language::En) => "yesterday".to_owned(),
        (days, Language::Ja) => format!("{days}日前"),
        (days, Language::En) => format!("{days} days ago"),
    }
}

/// A day: `Tue 3 Nov 2026`, in Japanese `2026年11月3日（火）`.
pub(crate) fn day(date: Date, language: Language) -> String {
    match language {
        Language::Ja => {
            let days = ["日", "月", "火", "水", "木", "金", "土"];
            let day = usize::try_from(date.weekday().to_sunday_zero_offset()).ok().and_then(|place| days.get(place));
            format!("{}年{}月{}日（{}）", date.year(), date.month(), date.day(), day.unwrap_or(&""))
        }
        Language::En => date.strftime("%a %-d %b %Y").to_string(),
    }
}

/// A day if there is little room: `3 Nov`, in Japanese `11/3`.
pub(crate) fn short_day(date: Date, language: Language) -> String {
    language.pick(date.strftime("%-m/%-d"), date.strftime("%-d %b")).to_string()
}

/// When a call was, by its own clock and zone: `Wed 1 Apr 2026, 10:00–10:45 (UTC+9)`. Its end is given by the clock
/// that it began by, whose offset is shown: if clocks were changed meanwhile, that is still true. `None` if the moment is
/// not RFC 3339. `duration_ms` is in milliseconds.
pub(crate) fn time_range(started_at: &str, duration_ms: u64, language: Language) -> Option<String> {
    let pieces = Pieces::parse(started_at).ok()?;
    let began = DateTime::from_parts(pieces.date(), pieces.time()?);
    let length = jiff::SignedDuration::from_millis(i64::try_from(duration_ms).ok()?);
    let ended = began.checked_add(length).ok()?;
    let zone = pieces.to_numeric_offset().map(zone).unwrap_or_default();
    let (day, from, to) = (day(began.date(), language), began.strftime("%H:%M"), ended.strftime("%H:%M"));
    Some(match language {
        Language::Ja => format!("{day}{from}〜{to} {zone}").trim_end().to_owned(),
        Language::En => format!("{day}, {from}–{to} {zone}").trim_end().to_owned(),
    })
}

/// When a call began, by its own clock: `Wed 1 Apr 2026, 10:00`. `None` if the moment is not RFC 3339.
pub(crate) fn start_day_and_time(started_at: &str, language: Language) -> Option<String> {
    let pieces = Pieces::parse(started_at).ok()?;
    let (day, time) = (day(pieces.date(), language), pieces.time()?.strftime("%H:%M"));
    Some(language.pick(format!("{day}{time}"), format!("{day}, {time}")))
}

/// The time of day at which a call began, by its own clock: `10:00`. `None` if the moment is not RFC 3339.
pub(crate) fn time(started_at: &str) -> Option<String> {
    Some(Pieces::parse(started_at).ok()?.time()?.strftime("%H:%M").to_string())
}

/// An offset as it stands after a time: `(UTC+9)`, `(UTC−3:30)`.
fn zone(offset: Offset) -> String {
    let (sign, minutes) = (if offset.is_negative() { '−' } else { '+' }, offset.seconds().unsigned_abs() / 60);
    match (minutes / 60, minutes % 60) {
        (0, 0) => "(UTC)".to_owned(),
        (hours, 0) => format!("(UTC{sign}{hours})"),
        (hours, minutes) => format!("(UTC{sign}{hours}:{minutes:02})"),
    }
}

#[cfg(test)]
mod tests;
