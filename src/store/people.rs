//! The people calls are held with, and what is known before the next one.

use jiff::Zoned;
use rusqlite::params;

use crate::agenda::CheckIn;
use crate::dates::days_since;
use crate::store::StoreError;
use crate::store::calls::find_or_insert_person;
use crate::store::database::Store;

/// How a person likes to talk, as they stated it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredCard {
    /// Names of points, such as `time_to_think`.
    pub points: Vec<String>,
    /// Their own words.
    pub note: String,
    /// When they stated it: a date such as 2026-11-01.
    pub stated_on: String,
}

/// Somebody calls are held with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// When the last call began: RFC 3339 with the offset of its place.
    pub last_at: Option<String>,
    /// Midnights since the last call, where and when one is now.
    pub days: Option<u32>,
    /// How many calls there were.
    pub calls: u32,
    /// What is still to be talked about, the oldest first.
    pub open_items: Vec<String>,
    /// How they like to talk, where they stated it.
    pub card: Option<StoredCard>,
}

/// An item of the agenda that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItem {
    /// The manager's words.
    pub text: String,
    /// The last call on whose agenda it was.
    pub call: String,
}

/// A check-in as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastCheckIn {
    /// The call in which it was given.
    pub call: String,
    /// When that began: RFC 3339.
    pub started_at: String,
    /// What was said.
    pub check_in: CheckIn,
}

impl Store {
    /// Everybody, who was talked to last first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn people(&self, now: &Zoned) -> Result<Vec<Person>, StoreError> {
        let mut people = self
            .query_all(
                "SELECT person.name, person.points, person.note, person.stated_on, count(call.id),
                        (SELECT started_at FROM call WHERE call.person = person.id ORDER BY started DESC LIMIT 1)
                 FROM person LEFT JOIN call ON call.person = person.id
                 GROUP BY person.id ORDER BY max(call.started) DESC NULLS LAST, person.name",
                [],
                |row| {
                    let last_at: Option<String> = row.get(5)?;
                    let stated_on: Option<String> = row.get(3)?;
                    let (points, note): (String, String) = (row.get(1)?, row.get(2)?);
                    let points = points.split_whitespace().map(str::to_owned).collect();
                    Ok(Person {
                        name: row.get(0)?,
                        days: last_at.as_deref().and_then(|last| days_since(last, now)),
                        last_at,
                        calls: row.get(4)?,
                        open_items: Vec::new(),
                        card: stated_on.map(|stated_on| StoredCard { points, note, stated_on }),
                    })
                },
            )
            .map_err(|cause| self.store_error(cause))?;
        for person in &mut people {
            person.open_items = self.open_items(&person.name)?.into_iter().map(|item| item.text).collect();
        }
        Ok(people)
    }

    /// What is still to be talked about with somebody, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open_items(&self, name: &str) -> Result<Vec<OpenItem>, StoreError> {
        let query = "SELECT item.text, call.name FROM item JOIN call ON call.id = item.call
                     JOIN person ON person.id = item.person
                     WHERE person.name = ?1 AND item.state = 'open' ORDER BY item.id";
        let items = self.query_all(query, [name], |row| Ok(OpenItem { text: row.get(0)?, call: row.get(1)? }));
        items.map_err(|cause| self.store_error(cause))
    }

    /// What somebody said of how they were, as given, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn check_ins(&self, name: &str) -> Result<Vec<PastCheckIn>, StoreError> {
        let query = "SELECT call.name, call.started_at, check_in.score, check_in.words
                     FROM check_in JOIN call ON call.id = check_in.call JOIN person ON person.id = call.person
                     WHERE person.name = ?1 ORDER BY call.started DESC, call.id DESC";
        let given = self.query_all(query, [name], |row| {
            let (score, words): (u8, String) = (row.get(2)?, row.get(3)?);
            let check_in = CheckIn::new(score, &words);
            Ok(check_in.map(|check_in| Ok(PastCheckIn { call: row.get(0)?, started_at: row.get(1)?, check_in })))
        });
        let given = given.and_then(|all| all.into_iter().flatten().collect());
        given.map_err(|cause| self.store_error(cause))
    }

    /// Writes down how somebody likes to talk, who may be new.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn set_card(&mut self, name: &str, card: &StoredCard) -> Result<(), StoreError> {
        let set = || {
            let tx = self.db.unchecked_transaction()?;
            let params = params![find_or_insert_person(&tx, name)?, card.points.join(" "), card.note, card.stated_on];
            tx.execute("UPDATE person SET points = ?2, note = ?3, stated_on = ?4 WHERE id = ?1", params)?;
            tx.commit()
        };
        set().map_err(|cause| self.store_error(cause))
    }

    fn query_all<T>(
        &self,
        query: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        self.db.prepare_cached(query)?.query_map(params, read)?.collect()
    }
}
