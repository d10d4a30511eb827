//! Whether an event is a meeting of two, and with whom.

use calcard::icalendar::{ICalendarComponent, ICalendarParameterName, ICalendarProperty};

/// What people call such a meeting in its title, in lower case; the longer ones first.
const WORDS: [&str; 13] = [
    "one-on-one",
    "one on one",
    "1-on-1",
    "1 on 1",
    "1on1",
    "1-1",
    "1:1",
    "１on１",
    "１：１",
    "ワンオンワン",
    "1対1",
    "一対一",
    "1：1",
];

/// What stands beside a name in such a title, in lower case.
const BESIDE: [&str; 8] = ["with", "and", "meeting", "weekly", "biweekly", "monthly", "定例", "面談"];

/// Japanese that follows a name.
const AFTER_NAME: [&str; 5] = ["さん", "くん", "と", "との", "の"];

/// Whom a meeting of two is with; `None` if it is none, or nobody knows. Known people are found by name in the title and among
/// the guests; anybody else by a title that says that it is a 1on1 and holds one name besides.
pub(super) fn other_person(event: &ICalendarComponent, people: &[String]) -> Option<String> {
    let title = event.property(&ICalendarProperty::Summary)?.values.first()?.as_text()?.trim();
    let lower = title.to_lowercase();
    let says_so = WORDS.iter().any(|word| lower.contains(word));
    let guests = guests(event);
    if !says_so && guests.len() != 2 {
        return None;
    }
    let mut known = people.iter().filter(|person| holds_name(&lower, person) || is_guest(&guests, person));
    match (known.next(), known.next()) {
        (Some(person), None) => return Some(person.clone()),
        (Some(_), Some(_)) => return None,
        (None, _) => {}
    }
    if !says_so {
        return None;
    }
    name_in(title)
}

/// The names and addresses of those who were asked, with the one who asks.
fn guests(event: &ICalendarComponent) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for property in [ICalendarProperty::Attendee, ICalendarProperty::Organizer] {
        for entry in event.properties(&property) {
            let address = entry.calendar_address().unwrap_or_default().to_lowercase();
            let name = entry.parameter(&ICalendarParameterName::Cn).and_then(|name| name.as_text()).unwrap_or_default();
            if !found.iter().any(|(one, _)| *one == address) {
                found.push((address, name.to_lowercase()));
            }
        }
    }
    found
}

fn is_guest(guests: &[(String, String)], person: &str) -> bool {
    guests.iter().any(|(_, name)| holds_name(name, person))
}

/// Whether a text in lower case holds a name as words of their own. Japanese has no spaces: there it is enough to hold it.
fn holds_name(text: &str, name: &str) -> bool {
    let name = name.trim().to_lowercase();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !name.is_empty()
        && text.match_indices(&name).any(|(at, _)| {
            let (before, after) = (text[..at].chars().next_back(), text[at + name.len()..].chars().next());
            let ends = name.chars().next_back();
            !(is_word(before) && is_word(name.chars().next()) || is_word(after) && is_word(ends))
        })
}

/// The one name of a title that says that it is a 1on1; `None` if it has none, or more than one.
fn name_in(title: &str) -> Option<String> {
    let mut rest = title.to_owned();
    for word in WORDS {
        while let Some(at) = rest.to_lowercase().find(word) {
            // Lower case may be of another length.
            let end = at + word.len();
            if !rest.is_char_boundary(at) || !rest.is_char_boundary(end.min(rest.len())) || end > rest.len() {
                return None;
            }
            rest.replace_range(at..end, "|");
        }
    }
    let mut parts = rest
        .split(['|', '/', ':', '：', '／', '<', '>', '(', ')', '（', '）', ',', '、', '&', '＆', '・', '–', '—'])
        .flat_map(|part| part.split(" - "))
        .map(without_company)
        .filter(|part| !part.is_empty());
    let name = parts.next()?;
    (parts.next().is_none() && name.chars().count() <= 40).then_some(name)
}

/// A part of a title without what stands beside a name.
fn without_company(part: &str) -> String {
    let words = part.split_whitespace().filter(|word| !BESIDE.contains(&word.to_lowercase().as_str()));
    let mut name = words.collect::<Vec<_>>().join(" ");
    let strip =
        |name: &str| AFTER_NAME.iter().find_map(|after| name.strip_suffix(after).map(str::trim_end)).map(str::to_owned);
    while let Some(shorter) = strip(&name).filter(|shorter| !shorter.is_empty()) {
        name = shorter;
    }
    name.trim_matches(|c: char| c == '-' || c.is_whitespace()).to_owned()
}
