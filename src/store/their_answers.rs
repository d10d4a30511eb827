//! What the other person answered on the shared summary of a call.

use rusqlite::{OptionalExtension as _, Row, params};

use crate::records::TheirAnswer;
use crate::store::StoreError;
use crate::store::database::Store;

impl Store {
    /// Saves what the other person answered for the call of this name; a later answer takes the place of an earlier one.
    ///
    /// # Errors
    /// When there is no such call, or it cannot be written down.
    pub fn set_their_answer(&mut self, id: &str, answer: TheirAnswer) -> Result<(), StoreError> {
        let call = self.call_row_id(id)?;
        let set = "INSERT INTO their_answer (call, guess, target) VALUES (?1, ?2, ?3)
                   ON CONFLICT DO UPDATE SET guess = ?2, target = ?3";
        let done = self.db.execute(set, params![call, answer.guess, answer.target]);
        done.map(drop).map_err(|cause| self.store_error(cause))
    }

    /// What the other person answered for the call of this name; `None` as long as nothing came.
    ///
    /// # Errors
    /// When there is no such call, or it cannot be read.
    pub fn their_answer(&self, id: &str) -> Result<Option<TheirAnswer>, StoreError> {
        let query = "SELECT guess, target FROM their_answer WHERE call = ?1";
        let found = self.db.query_row(query, [self.call_row_id(id)?], answer).optional();
        found.map_err(|cause| self.store_error(cause))
    }

    /// The newest target that somebody asked the manager to keep to, 0 to 1.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn their_target(&self, with: &str) -> Result<Option<f64>, StoreError> {
        let query = "SELECT their_answer.target FROM their_answer JOIN call ON call.id = their_answer.call
                     JOIN person ON person.id = call.person
                     WHERE person.name = ?1 AND their_answer.target IS NOT NULL
                     ORDER BY call.started DESC, call.id DESC LIMIT 1";
        let found = self.db.query_row(query, [with], |row| row.get(0)).optional();
        found.map_err(|cause| self.store_error(cause))
    }
}

fn answer(row: &Row<'_>) -> rusqlite::Result<TheirAnswer> {
    Ok(TheirAnswer { guess: row.get("guess")?, target: row.get("target")? })
}
