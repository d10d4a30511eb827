//! The user's own calls over time: their share beside the target and beside what they took it to be, how long they let
//! the other finish, how often they cut in, their longest turns. For one person also what is still open, and what that
//! person said of how they were: listed as it was given, with no line and no average.
//!
//! A call is compared with the user's own five before it, never with other people; people stand in the order in which
//! they were last talked to. Owns what is read of the store and how it is shown, as a page, in a terminal, and as
//! `keicho.history/1` for other programs. Leaves to its callers where the page goes and what its calls lead to.

mod json;
mod page;
mod plot;
mod sentences;
mod terminal;
mod trends;
mod trial;

use jiff::Zoned;

use crate::dates::days_since;
use crate::language::Language;
use crate::people::{OpenItem, PastCheckIn, Person};
use crate::report::html::PageLocation;
use crate::store::{PastCall, Store, StoreError};

/// The user's own calls, and the people they were held with.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// When and in which time zone it is looked at.
    now: Zoned,
    /// The only person it is about; `None` is everybody.
    with: Option<String>,
    /// The newest first.
    calls: Vec<PastCall>,
    /// Who was talked to last first.
    people: Vec<Counterpart>,
}

/// A person with whom calls were held, and what they gave to know.
#[derive(Clone, Debug, PartialEq)]
struct Counterpart {
    person: Person,
    items: Vec<OpenItem>,
    check_ins: Vec<PastCheckIn>,
}

impl History {
    /// Reads all calls, or those with one person; `now` is what days are counted back from.
    ///
    /// # Errors
    /// If nobody has that name, or if the store cannot be read.
    pub fn read(store: &Store, with: Option<&str>, now: &Zoned) -> Result<Self, StoreError> {
        let mut people = store.people(now)?;
        people.retain(|person| with.is_none_or(|name| person.name == name));
        if let Some(name) = with.filter(|_| people.is_empty()) {
            return Err(StoreError::NoPerson { name: name.to_owned() });
        }
        let counterpart = |person: Person| {
            let (items, check_ins) = (store.open_items(&person.name)?, store.check_ins(&person.name)?);
            Ok(Counterpart { person, items, check_ins })
        };
        Ok(Self {
            now: now.clone(),
            with: with.map(str::to_owned),
            calls: store.calls(with, usize::MAX)?,
            people: people.into_iter().map(counterpart).collect::<Result<_, StoreError>>()?,
        })
    }

    /// Without the calls that are tests of the sound, as people see it: those do not make a last call either. Also how many
    /// these were.
    pub(super) fn counted(&self) -> (Self, usize) {
        let calls: Vec<PastCall> = self.calls.iter().filter(|call| call.counts()).cloned().collect();
        let left_out = self.calls.len() - calls.len();
        let recounted =
            |other: &Counterpart| Counterpart { person: recount(&other.person, &calls, &self.now), ..other.clone() };
        let people = self.people.iter().map(recounted).collect();
        (Self { now: self.now.clone(), with: self.with.clone(), calls, people }, left_out)
    }

    /// As one self-contained page; a call leads to the address that `link` gives for it.
    pub fn page(&self, language: Language, link: &dyn Fn(&PastCall) -> Option<String>) -> String {
        page::render(self, language, PageLocation::File, link)
    }

    /// The content-security policy of that page.
    pub fn policy() -> String {
        page::policy(PageLocation::File)
    }

    /// The same as the running server shows it, with its policy: a call leads to its summary by a form.
    pub(crate) fn served_page(&self, language: Language, place: PageLocation<'_>) -> (String, String) {
        (page::render(self, language, place, &|_| None), page::policy(place))
    }

    /// For a terminal: a line for each call, `most` of them at most, the newest first.
    pub fn text(&self, language: Language, most: usize) -> String {
        terminal::render(self, language, most)
    }

    /// For other programs: `keicho.history/1`.
    ///
    /// # Errors
    /// None that a history can cause; the serialiser's own.
    pub fn json(&self) -> serde_json::Result<String> {
        json::render(self)
    }
}

/// A person with the calls of theirs among `calls`, which has the newest first; days are counted back from `now`.
pub(crate) fn recount(person: &Person, calls: &[PastCall], now: &Zoned) -> Person {
    let theirs = || calls.iter().filter(|call| call.record.with.as_deref() == Some(&person.name));
    let last_at = theirs().next().and_then(|call| call.record.started_at.clone());
    Person {
        days: last_at.as_deref().and_then(|last| days_since(last, now)),
        last_at,
        calls: u32::try_from(theirs().count()).unwrap_or(u32::MAX),
        ..person.clone()
    }
}

#[cfg(test)]
mod tests;
