//! The topics of calls: each call has its own; one that is carried over is open in the newest call with the person alone.
//!
//! In a call that it was carried on from it stands as `carried`, and is open there again if the later call goes.

use rusqlite::{Connection, params};

use crate::agenda::ItemState;

/// Of the same topic in other calls with the person: how the one right before `item` stands, and whether one came after it.
const EARLIER: &str = "SELECT earlier.state FROM item AS earlier WHERE earlier.person = item.person
    AND earlier.text = item.text AND earlier.id < item.id AND earlier.call <> item.call ORDER BY earlier.id DESC LIMIT 1";
const LATER: &str = "SELECT 1 FROM item AS later WHERE later.person = item.person
    AND later.text = item.text AND later.id > item.id AND later.call <> item.call";

/// Writes down what a call had on its agenda. What was open with this person is the same topic: it is not open twice.
pub(super) fn write_items(db: &Connection, call: i64, agenda: &[(String, ItemState)]) -> rusqlite::Result<()> {
    for (text, state) in agenda {
        let carry = "UPDATE item SET state = 'carried' WHERE text = ?2 AND state = 'open' AND call <> ?1
                     AND person = (SELECT person FROM call WHERE id = ?1)";
        db.execute(carry, params![call, text])?;
        let insert = "INSERT INTO item (call, person, text, state)
                      VALUES (?1, (SELECT person FROM call WHERE id = ?1), ?2, ?3)";
        db.execute(insert, params![call, text, state.name()])?;
    }
    Ok(())
}

/// What was carried to a call that is gone is open again in the one that it came from.
pub(super) fn reopen_items(db: &Connection) -> rusqlite::Result<()> {
    let reopen = format!("UPDATE item SET state = 'open' WHERE state = 'carried' AND NOT EXISTS ({LATER})");
    db.execute(&reopen, []).map(drop)
}

/// Gives the topics of a call to the person it is now with. What was carried over to it stays with those it was open with.
pub(super) fn assign_items(db: &Connection, call: i64, person: Option<i64>) -> rusqlite::Result<()> {
    db.execute(&format!("DELETE FROM item WHERE call = ?1 AND 'carried' = ({EARLIER})"), [call])?;
    db.execute("UPDATE item SET person = ?2 WHERE call = ?1", params![call, person])?;
    reopen_items(db)?;
    // Who it is with now may have it in a later call.
    let carry = format!("UPDATE item SET state = 'carried' WHERE call = ?1 AND state = 'open' AND EXISTS ({LATER})");
    db.execute(&carry, [call]).map(drop)
}
