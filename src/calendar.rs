//! The user's own calendar, if they name one: with whom the next 1on1 is, when, and for how long.
//!
//! An `.ics` file, or a folder of them (a vdir, as vdirsyncer keeps one), is read where it lies; nothing is fetched and nothing
//! written. Of what it holds no more is used than meetings of two that lie at hand. What recurs, its exceptions and its time
//! zones are `calcard`'s.

mod one_on_one;

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use calcard::common::timezone::Tz;
use calcard::icalendar::dates::TimeOrDelta;
use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarStatus};
use calcard::{Entry, Parser};
use jiff::{SignedDuration, Timestamp, Zoned};

use one_on_one::other_person;

/// A meeting that begins later is not the one that the user sits down for.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// A longer meeting is no 1on1: a day out of the office, or an offsite.
const LONGEST: SignedDuration = SignedDuration::from_hours(4);

/// A larger file is not read: a calendar of ten years with all its invitations has some ten megabytes.
const MAX_FILE_BYTES: u64 = 50 << 20;

/// More files than this are not read: a folder has one for each event.
const MAX_FILES: usize = 20_000;

/// How often a meeting may have recurred since its first time: every day for a hundred years.
const MAX_RECURRENCES: usize = 36_525;

/// A meeting of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Whom it is with, as the calendar says, or as the user has called them before.
    pub with: String,
    /// When it begins, in the user's own time zone.
    pub start: Zoned,
    /// How long it is to be.
    pub length: SignedDuration,
}

/// What of a calendar could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The file or folder is not there, or may not be read. Name another as `[calendar] path`.
    #[error("cannot read the calendar {path}: {cause}; name a file or folder as [calendar] path", path = .path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The system's own error.
        cause: io::Error,
    },
    /// A file is no calendar, or too large for one. The others are read.
    #[error("{path} is left out: {why}", path = .path.display())]
    LeftOut {
        /// The file.
        path: PathBuf,
        /// Why, as the end of a sentence.
        why: &'static str,
    },
}

const NO_CALENDAR: &str = "it is no calendar (.ics)";
const DAMAGED: &str = "it is damaged";
const TOO_LARGE: &str = "it is too large";
const TOO_MANY: &str = "the folder has too many files";

/// The meeting of two that goes on at `now`, or else the next one within the hour; what could not be read is told beside it.
/// `people` are those whom the user has talked to: a meeting that names one of them is with them.
pub fn next_meeting(path: &Path, now: &Zoned, people: &[String]) -> (Option<Meeting>, Vec<CalendarError>) {
    let (files, mut errors) = match list_files(path) {
        Ok(listed) => listed,
        Err(cause) => return (None, vec![CalendarError::Unreadable { path: path.to_owned(), cause }]),
    };
    let mut found: Option<Meeting> = None;
    for file in files {
        // A library that fails at a file fails at no other.
        let meetings = catch_unwind(AssertUnwindSafe(|| meetings_in(&file, now, people)));
        match meetings.unwrap_or_else(|_| Err(CalendarError::LeftOut { path: file, why: DAMAGED })) {
            // Of two at one time the one that began later is the one that was put over the other.
            Ok(meetings) => found = meetings.into_iter().chain(found).min_by_key(|meeting| nearness(meeting, now)),
            Err(error) => errors.push(error),
        }
    }
    (found, errors)
}

/// What goes on comes before what lies ahead, and of what goes on the newest.
fn nearness(meeting: &Meeting, now: &Zoned) -> (bool, SignedDuration, String) {
    let until = meeting.start.timestamp().duration_since(now.timestamp());
    (until > SignedDuration::ZERO, until.abs(), meeting.with.clone())
}

/// The file itself, or those of the folder and of the folders in it, in the order of their names.
fn list_files(path: &Path) -> io::Result<(Vec<PathBuf>, Vec<CalendarError>)> {
    if !fs::metadata(path)?.is_dir() {
        return Ok((vec![path.to_owned()], Vec::new()));
    }
    let (mut files, mut errors) = (Vec::new(), Vec::new());
    let mut folders = vec![(path.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            // A vdir has a folder for each calendar, and no more below. A link leads to where the user has not said.
            if kind.is_dir() && depth < 2 && !entry.file_name().to_string_lossy().starts_with('.') {
                folders.push((path, depth + 1));
            } else if kind.is_file() && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("ics")) {
                files.push(path);
            }
        }
    }
    files.sort();
    if files.len() > MAX_FILES {
        errors.push(CalendarError::LeftOut { path: files[MAX_FILES].clone(), why: TOO_MANY });
        files.truncate(MAX_FILES);
    }
    Ok((files, errors))
}

/// The meetings of two in a file that go on or begin within the hour.
fn meetings_in(path: &Path, now: &Zoned, people: &[String]) -> Result<Vec<Meeting>, CalendarError> {
    let left_out = |why| CalendarError::LeftOut { path: path.to_owned(), why };
    let unreadable = |cause| CalendarError::Unreadable { path: path.to_owned(), cause };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(left_out(NO_CALENDAR));
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(left_out(TOO_LARGE));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8_lossy(&bytes);
    // A download that broke off: nobody knows what is missing.
    if is_cut_off(&text) {
        return Err(left_out(DAMAGED));
    }
    let mut parser = Parser::new(&text);
    let (mut meetings, mut is_calendar) = (Vec::new(), false);
    loop {
        match parser.entry() {
            Entry::ICalendar(calendar) => {
                is_calendar = true;
                meetings.extend(meetings_of(&calendar, now, people));
            }
            Entry::Eof if is_calendar => return Ok(meetings),
            Entry::Eof => return Err(left_out(NO_CALENDAR)),
            Entry::UnterminatedComponent(_) | Entry::UnexpectedComponentEnd { .. } | Entry::TooManyComponents => {
                return Err(left_out(DAMAGED));
            }
            // Lines that nobody can read, and what is no calendar, stand beside what is one.
            _ => {}
        }
    }
}

/// Whether a calendar begins and does not end.
fn is_cut_off(text: &str) -> bool {
    let lines = |word: &str| text.lines().filter(|line| line.trim().eq_ignore_ascii_case(word)).count();
    lines("BEGIN:VCALENDAR") > lines("END:VCALENDAR")
}

fn meetings_of(calendar: &ICalendar, now: &Zoned, people: &[String]) -> Vec<Meeting> {
    let mut uids: Vec<Option<&str>> = Vec::new();
    for event in calendar.components.iter().filter(|one| one.component_type == ICalendarComponentType::VEvent) {
        let uid = event.uid();
        if other_person(event, people).is_some() && !uids.contains(&uid) {
            uids.push(uid);
        }
    }
    uids.into_iter().flat_map(|uid| meetings_of_series(&only(calendar, uid), now, people)).collect()
}

/// A calendar with the events of one name alone: an exception is of its own series, though another has one at that time.
fn only(calendar: &ICalendar, uid: Option<&str>) -> ICalendar {
    let keep = |component: &ICalendarComponent| match component.component_type {
        ICalendarComponentType::VEvent => component.uid() == uid,
        ICalendarComponentType::VTodo | ICalendarComponentType::VJournal | ICalendarComponentType::VFreebusy => false,
        _ => true,
    };
    let emptied = || ICalendarComponent {
        component_type: ICalendarComponentType::Other(String::new()),
        entries: Vec::new(),
        component_ids: Vec::new(),
    };
    // Their places are their names: what is left out leaves its place.
    let kept = calendar.components.iter().map(|one| if keep(one) { one.clone() } else { emptied() });
    ICalendar { components: kept.collect() }
}

fn meetings_of_series(series: &ICalendar, now: &Zoned, people: &[String]) -> Vec<Meeting> {
    let home = now.time_zone().iana_name().and_then(|name| name.parse().ok()).unwrap_or(Tz::Floating);
    let expanded = series.expand_dates(home, MAX_RECURRENCES);
    let meetings = expanded.events.into_iter().filter_map(|event| {
        let component = series.component_by_id(event.comp_id)?;
        let start = moment(event.start.timestamp(), event.start.timezone().is_floating(), now)?;
        let length = match event.end {
            TimeOrDelta::Time(end) => moment(end.timestamp(), end.timezone().is_floating(), now)?.duration_since(start),
            TimeOrDelta::Delta(length) => SignedDuration::from_secs(length.num_seconds()),
        };
        let is_meeting = length > SignedDuration::ZERO && length <= LONGEST && has_time(component);
        let is_near = is_meeting && start <= now.timestamp() + AHEAD && start + length > now.timestamp();
        if !is_near || component.status() == Some(&ICalendarStatus::Cancelled) {
            return None;
        }
        let with = other_person(component, people)?;
        Some(Meeting { with, start: start.to_zoned(now.time_zone().clone()), length })
    });
    meetings.collect()
}

/// A time without a zone is the user's own.
fn moment(seconds: i64, is_floating: bool, now: &Zoned) -> Option<Timestamp> {
    let utc = Timestamp::from_second(seconds).ok()?;
    if !is_floating {
        return Some(utc);
    }
    let civil = utc.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    Some(civil.to_zoned(now.time_zone().clone()).ok()?.timestamp())
}

/// A day has none: it is no meeting.
fn has_time(event: &ICalendarComponent) -> bool {
    let begins = event.property(&ICalendarProperty::Dtstart).and_then(|start| start.values.first());
    begins.and_then(|value| value.as_partial_date_time()).is_some_and(|start| start.hour.is_some())
}

#[cfg(test)]
mod tests;
