//! Action items: kept with the calls that had them on their list, and given to the next call with the same person.

use rusqlite::{Connection, params};

use crate::agenda::{Action, OpenAction};
use crate::store::StoreError;
use crate::store::database::Store;
use crate::wire::track_name;

impl Store {
    /// The action items that are still open with somebody, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open_actions(&self, name: &str) -> Result<Vec<OpenAction>, StoreError> {
        let query = "SELECT action_item.text, action_item.owner FROM action_item
                     JOIN person ON person.id = action_item.person
                     WHERE person.name = ?1 AND action_item.state = 'open' ORDER BY action_item.id";
        let open = self.query_all(query, [name], |row| {
            let owner: String = row.get(1)?;
            // An owner that only a later release knows is left out.
            Ok(owner.parse().ok().map(|owner| Ok(OpenAction { text: row.get(0)?, owner })))
        });
        let open = open.and_then(|all| all.into_iter().flatten().collect());
        open.map_err(|cause| self.store_error(cause))
    }
}

/// Writes down what was on a call's list of action items when it ended.
pub(super) fn write_actions(db: &Connection, call: i64, actions: &[(String, Action)]) -> rusqlite::Result<()> {
    for (text, Action { owner, state }) in actions {
        // What was open with this person is the same item: it is not open twice.
        let open = "SELECT item.id FROM action_item AS item JOIN call ON call.person = item.person
                    WHERE call.id = ?1 AND item.text = ?2 AND item.owner = ?3 AND item.state = 'open' LIMIT 1";
        let mut found = db.prepare_cached(open)?;
        let mut found = found.query_map(params![call, text, track_name(*owner)], |row| row.get::<_, i64>(0))?;
        let item = match found.next().transpose()? {
            Some(item) => {
                db.execute("UPDATE action_item SET state = ?2 WHERE id = ?1", params![item, state.name()])?;
                item
            }
            None => {
                db.execute(
                    "INSERT INTO action_item (person, text, owner, state)
                     VALUES ((SELECT person FROM call WHERE id = ?1), ?2, ?3, ?4)",
                    params![call, text, track_name(*owner), state.name()],
                )?;
                db.last_insert_rowid()
            }
        };
        db.execute("INSERT OR IGNORE INTO action_item_call (call, item) VALUES (?1, ?2)", [call, item])?;
    }
    Ok(())
}

/// Gives what was written down in a call to the person it is now with; what calls with others had on their lists too
/// stays theirs.
pub(super) fn assign_actions(db: &Connection, call: i64, person: Option<i64>) -> rusqlite::Result<()> {
    let shared = "SELECT 1 FROM action_item_call AS other WHERE other.item = action_item.id AND other.call <> ?1";
    let own = "SELECT item FROM action_item_call WHERE call = ?1";
    db.execute(
        &format!("DELETE FROM action_item_call WHERE call = ?1 AND item IN (SELECT id FROM action_item WHERE EXISTS ({shared}))"),
        [call],
    )?;
    db.execute(&format!("UPDATE action_item SET person = ?2 WHERE id IN ({own})"), params![call, person])?;
    Ok(())
}
