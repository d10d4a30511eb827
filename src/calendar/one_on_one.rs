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

/// Kanji that end right before a name and are no part of it …
const KANJI_BEFORE: [&str; 16] = [
    "定例",
    "面談",
    "毎週",
    "毎月",
    "毎日",
    "月次",
    "週次",
    "隔週",
    "月例",
    "1対1",
    "一対一",
    "個別",
    "回",
    "部",
    "課",
    "社",
];

/// … and that begin right after one.
const KANJI_AFTER: [&str; 14] =
    ["様", "氏", "君", "殿", "先生", "社長", "専務", "常務", "部長", "課長", "係長", "主任", "定例", "面談"];

/// Japanese that follows a name.
const AFTER_NAME: [&str; 5] = ["さん", "くん", "と", "との", "の"];

/// Whom a meeting of two is with; `None` if it is none, or nobody knows. Known people are found by name in the title and among
/// the guests; anybody else by a title that says that it is a 1on1 and holds one name besides.
pub(super) fn other_person(event: &ICalendarComponent, people: &[String]) -> Option<String> {
    let title = event.property(&ICalendarProperty::Summary)?.values.first()?.as_text()?.trim();
    let lower = title.to_lowercase();
    let says_so = WORDS.iter().any(|word| says_word(&lower, word));
    let guests = guests(event);
    if !says_so && guests.len() != 2 {
        return None;
    }
    let mut texts: Vec<(Place, String)> = vec![(Place::Title, lower)];
    texts.extend(guests.into_iter().map(|(_, name)| (Place::Guest, name)));
    let mut known: Vec<&String> = people.iter().collect();
    // The longer ones first: what stands in 小田原 is not 小田 too.
    known.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
    let mut named = known.into_iter().filter(|name| take_name(&mut texts, name));
    match (named.next(), named.next()) {
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

/// Where a name stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Title,
    /// The name of somebody who was asked: a surname has a given name after it (林太郎).
    Guest,
}

/// Whether one of the texts holds a name; it is taken out of all that do.
fn take_name(texts: &mut [(Place, String)], name: &str) -> bool {
    let name = name.trim().to_lowercase();
    let mut is_held = false;
    for (place, text) in texts {
        if holds_name(*place, text, &name) {
            is_held = true;
            *text = text.replace(&name, "|");
        }
    }
    is_held
}

/// Whether a text holds a name as words of their own, both in lower case. Japanese has no spaces: there a kanji before a name
/// (小林) or, in a title, after a name of one (林田) makes it another one, but for what is said beside names.
fn holds_name(place: Place, text: &str, name: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_kanji(c) && !is_kana(c));
    let is_katakana = |c: Option<char>| c.is_some_and(|c| matches!(c, '\u{30a1}'..='\u{30fa}' | 'ー'));
    !name.is_empty()
        && text.match_indices(name).any(|(at, _)| {
            let (before, after) = (text[..at].chars().next_back(), text[at + name.len()..].chars().next());
            let (begins, ends) = (name.chars().next(), name.chars().next_back());
            let is_whole_word = !(is_word(before) && is_word(begins) || is_word(after) && is_word(ends));
            let goes_on_before = begins.is_some_and(is_kanji)
                && before.is_some_and(is_kanji)
                && !KANJI_BEFORE.iter().any(|beside| text[..at].ends_with(beside));
            let goes_on_after = place == Place::Title
                && name.chars().count() == 1
                && ends.is_some_and(is_kanji)
                && after.is_some_and(is_kanji)
                && !KANJI_AFTER.iter().any(|beside| text[at + name.len()..].starts_with(beside));
            // マリ is not in マリア.
            let parts_katakana = is_katakana(before) && is_katakana(begins) || is_katakana(after) && is_katakana(ends);
            is_whole_word && !goes_on_before && !goes_on_after && !parts_katakana
        })
}

/// Whether a title holds a word that says that it is a 1on1: 11:15 and 2026-11-13 hold none.
fn says_word(title: &str, word: &str) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    title.match_indices(word).any(|(at, _)| {
        let (before, after) = (title[..at].chars().next_back(), title[at + word.len()..].chars().next());
        let goes_on_before = is_digit(before) && is_digit(word.chars().next());
        let goes_on_after = is_digit(after) && is_digit(word.chars().next_back());
        !(goes_on_before || goes_on_after)
    })
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | 'ー')
}

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '々')
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
