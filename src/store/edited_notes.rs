//! What was written down in a call, as it was changed after it.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::agenda::{Action, KeptNote};
use crate::store::StoreError;
use crate::store::action_items::write_actions;
use crate::store::database::Store;
use crate::store::forget::remove_history_page;
use crate::wire::track_name;

impl Store {
    /// The notes of the call of this name as they were changed after it; `None` as long as they are what its events say.
    ///
    /// # Errors
    /// When there is no such call, or it cannot be read.
    pub fn edited_notes(&self, id: &str) -> Result<Option<Vec<KeptNote>>, StoreError> {
        let call = self.call_row_id(id)?;
        let read = || {
            let edited = "SELECT notes_edited FROM call WHERE id = ?1";
            if !self.db.query_row(edited, [call], |row| row.get(0))? {
                return Ok(None);
            }
            let notes = "SELECT number, text, owner, state, written, at_ms FROM note WHERE call = ?1 ORDER BY number";
            let notes = self.query_all(notes, [call], kept_note)?;
            Ok(Some(notes.into_iter().flatten().collect()))
        };
        read().map_err(|cause| self.store_error(cause))
    }

    /// From now on these are the notes of the call of this name: all that it had, but for one that was `before` and is `after`.
    /// What the person has to do goes along.
    ///
    /// # Errors
    /// When there is no such call, or it cannot be written down.
    pub fn set_edited_notes(
        &mut self,
        id: &str,
        notes: &[KeptNote],
        (before, after): (Option<&KeptNote>, Option<&KeptNote>),
    ) -> Result<(), StoreError> {
        let call = self.call_row_id(id)?;
        remove_history_page(&self.data_dir)?;
        let action = |note: Option<&KeptNote>| note.and_then(|note| Some((note.text.clone(), note.action?)));
        let (before, after) = (action(before), action(after));
        let write = || {
            let tx = self.db.unchecked_transaction()?;
            tx.execute("UPDATE call SET notes_edited = 1 WHERE id = ?1", [call])?;
            tx.execute("DELETE FROM note WHERE call = ?1", [call])?;
            for note in notes {
                write_note(&tx, call, note)?;
            }
            change_action(&tx, call, before, after)?;
            tx.commit()
        };
        write().map_err(|cause| self.store_error(cause))
    }
}

fn write_note(db: &Connection, call: i64, note: &KeptNote) -> rusqlite::Result<()> {
    let insert =
        "INSERT INTO note (call, number, text, owner, state, written, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let (owner, state) =
        (note.action.map(|to_do| track_name(to_do.owner)), note.action.map(|to_do| to_do.state.name()));
    let at_ms = i64::try_from(note.at_ms).unwrap_or(i64::MAX);
    db.prepare_cached(insert)?.execute(params![call, note.id, note.text, owner, state, note.written.name(), at_ms])?;
    Ok(())
}

/// A note as it was written; `None` if it is of a kind that only a later release knows.
fn kept_note(row: &Row<'_>) -> rusqlite::Result<Option<KeptNote>> {
    let text = |column| row.get::<_, Option<String>>(column);
    let (owner, state, written) = (text("owner")?, text("state")?, text("written")?);
    let action = match (owner, state) {
        (Some(owner), Some(state)) => match (owner.parse(), state.parse()) {
            (Ok(owner), Ok(state)) => Some(Action { owner, state }),
            _ => return Ok(None),
        },
        _ => None,
    };
    let Some(written) = written.and_then(|name| name.parse().ok()) else { return Ok(None) };
    let at_ms: i64 = row.get("at_ms")?;
    let at_ms = u64::try_from(at_ms).unwrap_or_default();
    Ok(Some(KeptNote { id: row.get("number")?, text: row.get("text")?, action, written, at_ms }))
}

/// The item on the call's list that was so is now otherwise, also where another call has it on its list.
fn change_action(
    db: &Connection,
    call: i64,
    before: Option<(String, Action)>,
    after: Option<(String, Action)>,
) -> rusqlite::Result<()> {
    let listed = match &before {
        Some((text, action)) => {
            let find =
                "SELECT item.id FROM action_item AS item JOIN action_item_call AS listed ON listed.item = item.id
                        WHERE listed.call = ?1 AND item.text = ?2 AND item.owner = ?3 ORDER BY item.id DESC LIMIT 1";
            db.query_row(find, params![call, text, track_name(action.owner)], |row| row.get::<_, i64>(0)).optional()?
        }
        None => None,
    };
    match (listed, before, after) {
        // What was not changed here may have been changed in a later call.
        (Some(item), Some((old_text, old)), Some((text, action))) => {
            let set = |column: &str, value: &str| {
                db.execute(&format!("UPDATE action_item SET {column} = ?2 WHERE id = ?1"), params![item, value])
            };
            if old_text != text {
                set("text", &text)?;
            }
            if old.owner != action.owner {
                set("owner", track_name(action.owner))?;
            }
            if old.state != action.state {
                set("state", action.state.name())?;
            }
        }
        (Some(item), ..) => {
            db.execute("DELETE FROM action_item WHERE id = ?1", [item])?;
        }
        (None, _, Some(action)) => write_actions(db, call, &[action])?,
        (None, _, None) => {}
    }
    Ok(())
}
