//! What the manager means to do in the next call with somebody, as it was chosen after a call.

use rusqlite::{OptionalExtension as _, params};

use crate::records::Intention;
use crate::store::database::Store;
use crate::store::{PastCall, StoreError};

impl Store {
    /// Saves what the manager means to do from the call of this name on; `None` is nothing, whatever was meant before.
    ///
    /// # Errors
    /// When there is no such call, or it cannot be written down.
    pub fn set_intention(&mut self, id: &str, intention: Option<Intention>) -> Result<(), StoreError> {
        let call = self.call_row_id(id)?;
        let set = "INSERT INTO intention (call, what) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET what = ?2";
        let name = intention.map_or("", Intention::name);
        self.db.execute(set, params![call, name]).map(drop).map_err(|cause| self.store_error(cause))
    }

    /// What is meant after the call of this name: chosen after it, or else after the last one before it with the same person.
    ///
    /// # Errors
    /// When there is no such call, or it cannot be read.
    pub fn intention_after(&self, id: &str) -> Result<Option<Intention>, StoreError> {
        let query = "SELECT intention.what FROM intention JOIN call AS earlier ON earlier.id = intention.call
                     JOIN call AS this ON this.id = ?1 AND earlier.person IS this.person
                     WHERE (earlier.started, earlier.id) <= (this.started, this.id)
                     ORDER BY earlier.started DESC, earlier.id DESC LIMIT 1";
        let found = self.db.query_row(query, [self.call_row_id(id)?], |row| row.get::<_, String>(0)).optional();
        let name = found.map_err(|cause| self.store_error(cause))?;
        // What only a later release knows is nothing here.
        Ok(name.as_deref().and_then(Intention::from_name))
    }

    /// What was meant for the call of this name: chosen after the last call before it with the same person after which
    /// anything was, with that call.
    ///
    /// # Errors
    /// When there is no such call, or it cannot be read.
    pub fn intention_for(&self, id: &str) -> Result<Option<(Intention, PastCall)>, StoreError> {
        let query = "SELECT earlier.name FROM intention JOIN call AS earlier ON earlier.id = intention.call
                     JOIN call AS this ON this.id = ?1 AND earlier.person IS this.person
                     WHERE (earlier.started, earlier.id) < (this.started, this.id)
                     ORDER BY earlier.started DESC, earlier.id DESC LIMIT 1";
        let found = self.db.query_row(query, [self.call_row_id(id)?], |row| row.get::<_, String>(0)).optional();
        let Some(earlier) = found.map_err(|cause| self.store_error(cause))? else { return Ok(None) };
        let intention = self.intention_after(&earlier)?;
        Ok(intention.zip(Some(self.call(Some(&earlier))?)))
    }

    /// What is meant for the next call with somebody.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn next_intention(&self, with: &str) -> Result<Option<Intention>, StoreError> {
        let query = "SELECT intention.what FROM intention JOIN call ON call.id = intention.call
                     JOIN person ON person.id = call.person
                     WHERE person.name = ?1 ORDER BY call.started DESC, call.id DESC LIMIT 1";
        let found = self.db.query_row(query, [with], |row| row.get::<_, String>(0)).optional();
        let name = found.map_err(|cause| self.store_error(cause))?;
        Ok(name.as_deref().and_then(Intention::from_name))
    }
}
