//! The people with whom calls are held, and what is known before the next call.

use jiff::Zoned;
use rusqlite::params;

use crate::agenda::CheckIn;
use crate::dates::days_since;
use crate::people::{Card, OpenItem, PastCheckIn, Person, Preference, StatedCard};
use crate::store::StoreError;
use crate::store::action_items::assign_actions;
use crate::store::calls::find_or_insert_person;
use crate::store::database::Store;
use crate::store::forget::remove_history_page;
use crate::store::topics::assign_items;

impl Store {
    /// Everybody, those who were talked to last first.
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
                    // A point that only a later release knows is left out.
                    let points = points.split_whitespace().filter_map(Preference::from_name).collect();
                    let card = Card { points, note };
                    Ok(Person {
                        name: row.get(0)?,
                        days: last_at.as_deref().and_then(|last| days_since(last, now)),
                        last_at,
                        calls: row.get(4)?,
                        open_items: Vec::new(),
                        open_actions: Vec::new(),
                        card: stated_on.map(|stated_on| StatedCard { card, stated_on }),
                    })
                },
            )
            .map_err(|cause| self.store_error(cause))?;
        for person in &mut people {
            person.open_items = self.open_items(&person.name)?.into_iter().map(|item| item.text).collect();
            person.open_actions = self.open_actions(&person.name)?;
        }
        Ok(people)
    }

    /// The agenda items that are still open with somebody, the oldest first.
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

    /// The check-ins of somebody as they gave them, the newest first.
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

    /// Saves how somebody likes to talk; they may be new.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn set_card(&mut self, name: &str, stated: &StatedCard) -> Result<(), StoreError> {
        let set = || {
            let tx = self.db.unchecked_transaction()?;
            let StatedCard { card, stated_on } = stated;
            let points: Vec<_> = card.points.iter().map(|point| point.name()).collect();
            let params = params![find_or_insert_person(&tx, name)?, points.join(" "), card.note, stated_on];
            tx.execute("UPDATE person SET points = ?2, note = ?3, stated_on = ?4 WHERE id = ?1", params)?;
            tx.commit()
        };
        set().map_err(|cause| self.store_error(cause))
    }

    /// Gives somebody another name. The page of the history, which has the old one, goes.
    ///
    /// # Errors
    /// When there is nobody of the old name, somebody of the new one, or it cannot be written down.
    pub fn rename_person(&mut self, name: &str, to: &str) -> Result<(), StoreError> {
        if name != to && self.people_named(to)? > 0 {
            return Err(StoreError::NameTaken { name: to.to_owned() });
        }
        remove_history_page(&self.data_dir)?;
        let renamed = self.db.execute("UPDATE person SET name = ?2 WHERE name = ?1", [name, to]);
        match renamed.map_err(|cause| self.store_error(cause))? {
            0 => Err(StoreError::NoPerson { name: name.to_owned() }),
            _ => Ok(()),
        }
    }

    /// Makes a call one with somebody else, who may be new, or with nobody; what was open in it goes along. The page of the
    /// history, which has it under the other name, goes.
    ///
    /// # Errors
    /// When there is no such call, or it cannot be written down.
    pub fn assign_call(&mut self, id: &str, with: Option<&str>) -> Result<(), StoreError> {
        let call = self.call_row_id(id)?;
        remove_history_page(&self.data_dir)?;
        let assign = || {
            let tx = self.db.unchecked_transaction()?;
            let person = with.map(|name| find_or_insert_person(&tx, name)).transpose()?;
            let before: Option<i64> =
                tx.query_row("SELECT person FROM call WHERE id = ?1", [call], |row| row.get(0))?;
            if person == before {
                return Ok(());
            }
            tx.execute("UPDATE call SET person = ?2 WHERE id = ?1", params![call, person])?;
            assign_items(&tx, call, person)?;
            assign_actions(&tx, call, person)?;
            tx.commit()
        };
        assign().map_err(|cause| self.store_error(cause))
    }

    fn people_named(&self, name: &str) -> Result<u32, StoreError> {
        let count = self.db.query_row("SELECT count(*) FROM person WHERE name = ?1", [name], |row| row.get(0));
        count.map_err(|cause| self.store_error(cause))
    }

    pub(super) fn query_all<T>(
        &self,
        query: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        self.db.prepare_cached(query)?.query_map(params, read)?.collect()
    }
}
