//! The user's own calendar.

use jiff::tz::TimeZone;
use jiff::{Span, Zoned};

/// A calendar with a 1on1 of 25 minutes in so many minutes, and when that begins.
pub fn with_1on1_in(minutes: i64, with: &str) -> (Zoned, String) {
    let begins = Zoned::now().with_time_zone(TimeZone::UTC) + Span::new().minutes(minutes);
    let start = begins.strftime("%Y%m%dT%H%M00Z");
    let event = format!("UID:a\r\nSUMMARY:1on1 {with}\r\nDTSTART:{start}\r\nDURATION:PT25M");
    (begins, format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
}
