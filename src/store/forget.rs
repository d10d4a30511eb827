//! What is forgotten leaves no trace in what Keicho keeps of live calls: not in the file, not in its log, and not in
//! the folders of calls, in which pages of later calls may show its figures too. Four things are not looked for: the
//! folders of replays, what was copied or handed over, what other calls' words and agenda say of a person, and the
//! place on the disk of a file that was removed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rusqlite::OptionalExtension;

use crate::store::call_lock::CallLock;
use crate::store::calls::MAX_EARLIER_CALLS;
use crate::store::data_dir::DataDir;
use crate::store::database::{self, MIGRATIONS, Store, truncate_wal};
use crate::store::dir_lock::DirLock;
use crate::store::topics::reopen_items;
use crate::store::{CallFolder, StoreError};

/// What is to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forget {
    /// A person, and every call with them.
    Person(String),
    /// One call.
    Call(String),
}

/// What was forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// How many people.
    pub people: usize,
    /// How many calls.
    pub calls: usize,
    /// How many summary pages of later calls went too, as they showed figures of what is forgotten.
    pub pages: usize,
    /// Folders that somebody named for a call, and that hold other files too: those are left.
    pub folders_left: Vec<PathBuf>,
}

/// The page of a call's summary, which shows the last calls before it too.
const SUMMARY_PAGE: &str = "summary.html";

/// Notes that the file is to be written anew: see [`Store::vacuum`].
pub(super) const SCHEDULE_VACUUM: &str = "INSERT OR IGNORE INTO chore (what) VALUES ('sweep')";

impl Store {
    /// Forgets a person or a call.
    ///
    /// # Errors
    /// When there is no such person or call, a call goes on, or something cannot be removed: then it can be tried
    /// again.
    pub fn forget(&mut self, what: &Forget) -> Result<Forgotten, StoreError> {
        match what {
            Forget::Call(id) => {
                let call = self.call_row_id(id)?;
                self.delete(&[call], &[])
            }
            Forget::Person(name) => {
                let found = self.db.query_row("SELECT id FROM person WHERE name = ?1", [name], |row| row.get(0));
                let person: Option<i64> = found.optional().map_err(|cause| self.store_error(cause))?;
                let person = person.ok_or_else(|| StoreError::NoPerson { name: name.clone() })?;
                let calls = self.select_row_ids("SELECT id FROM call WHERE person = ?1", person)?;
                self.delete(&calls, &[person])
            }
        }
    }

    /// Forgets all calls and all people: the file itself goes, damaged or not.
    ///
    /// # Errors
    /// When another has it open, a call goes on, a newer Keicho wrote the file, or something cannot be removed.
    pub fn forget_all(home: &DataDir) -> Result<Forgotten, StoreError> {
        let path = home.database();
        let mut forgotten = Forgotten::default();
        if !exists(home.path())? {
            return Ok(forgotten);
        }
        // A process that waits on its start page would go on with a file that is gone, and lose the call that it
        // begins.
        let alone = Arc::new(DirLock::try_acquire_exclusive(home)?);
        if exists(&path)? {
            match Self::open_with_lock(home, MIGRATIONS, Arc::clone(&alone)) {
                Ok(store) => forgotten = store.remove_call_folders()?,
                Err(StoreError::Damaged { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        for ending in ["", "-wal", "-shm"] {
            let mut name = path.clone().into_os_string();
            name.push(ending);
            let file = PathBuf::from(name);
            ignore_missing(&file, fs::remove_file(&file))?;
        }
        for folder in [home.calls(), home.call_locks_folder()] {
            ignore_missing(&folder, fs::remove_dir_all(&folder))?;
        }
        remove_history_page(home)?;
        alone.remove()?;
        Ok(forgotten)
    }

    /// Forgets calls that began `days` days before `now` or earlier, and people of whom nothing else is left. A call
    /// that goes on stays.
    ///
    /// # Errors
    /// When something cannot be removed: then it can be tried again.
    pub fn forget_older(&mut self, days: u32, now: Timestamp) -> Result<Forgotten, StoreError> {
        let before = now - SignedDuration::from_hours(24 * i64::from(days));
        let mut calls = Vec::new();
        for call in self.select_row_ids("SELECT id FROM call WHERE started <= ?1", before.as_second())? {
            if !CallLock::is_held(&self.data_dir, call)? {
                calls.push(call);
            }
        }
        // What people stated of themselves is as old as its date.
        let date = before.strftime("%Y-%m-%d").to_string();
        let alone = "SELECT id FROM person WHERE stated_on IS NULL OR stated_on <= ?1";
        let read =
            || -> rusqlite::Result<Vec<i64>> { self.db.prepare(alone)?.query_map([date], |row| row.get(0))?.collect() };
        let mut people = Vec::new();
        for person in read().map_err(|cause| self.store_error(cause))? {
            let theirs = self.select_row_ids("SELECT id FROM call WHERE person = ?1", person)?;
            people.extend(theirs.iter().all(|call| calls.contains(call)).then_some(person));
        }
        if calls.is_empty() && people.is_empty() {
            return Ok(Forgotten::default());
        }
        self.delete(&calls, &people)
    }

    fn delete(&mut self, calls: &[i64], people: &[i64]) -> Result<Forgotten, StoreError> {
        for call in calls {
            self.check_not_running(*call)?;
        }
        remove_history_page(&self.data_dir)?;
        let mut pages = 0;
        for folder in self.folders_showing(calls)? {
            pages += usize::from(remove_summary_page(&folder)?);
        }
        // The folders go first: if one cannot be removed, its call stays and can be forgotten again.
        let left = self.remove_all_exports(calls)?;
        let home = self.data_dir.clone();
        let failed = |cause| database::store_error(&home, cause);
        let tx = self.db.transaction().map_err(failed)?;
        for (query, ids) in [("DELETE FROM call WHERE id = ?1", calls), ("DELETE FROM person WHERE id = ?1", people)] {
            for id in ids {
                tx.execute(query, [id]).map_err(failed)?;
            }
        }
        reopen_items(&tx).map_err(failed)?;
        tx.execute(SCHEDULE_VACUUM, []).map_err(failed)?;
        tx.commit().map_err(failed)?;
        for call in calls {
            CallLock::remove(&self.data_dir, *call)?;
        }
        self.vacuum()?;
        Ok(Forgotten { people: people.len(), calls: calls.len(), pages, folders_left: left })
    }

    /// Writes the file anew and empties its log: SQLite overwrites what is deleted, but not every copy that it made
    /// when it moved rows between pages. If this fails, it is done when the file is next opened.
    pub(super) fn vacuum(&self) -> Result<(), StoreError> {
        let swept = self.db.execute_batch("VACUUM").and_then(|()| truncate_wal(&self.db));
        if !swept.map_err(|cause| self.store_error(cause))? {
            return Err(StoreError::LogInUse { path: self.data_dir.database() });
        }
        self.db.execute("DELETE FROM chore", []).map(drop).map_err(|cause| self.store_error(cause))
    }

    /// Writes the file anew if that is still to be done.
    pub(super) fn vacuum_if_due(&self) -> Result<(), StoreError> {
        let due = self.db.query_row("SELECT count(*) FROM chore", [], |row| row.get::<_, i64>(0));
        if due.map_err(|cause| self.store_error(cause))? > 0 { self.vacuum() } else { Ok(()) }
    }

    fn check_not_running(&self, call: i64) -> Result<(), StoreError> {
        if !CallLock::is_held(&self.data_dir, call)? {
            return Ok(());
        }
        let name = self.db.query_row("SELECT name FROM call WHERE id = ?1", [call], |row| row.get(0));
        Err(StoreError::CallRunning { id: name.map_err(|cause| self.store_error(cause))? })
    }

    /// Removes every call's folder, and counts the calls and people that are there.
    fn remove_call_folders(&self) -> Result<Forgotten, StoreError> {
        let calls = self.select_row_ids("SELECT id FROM call WHERE id > ?1", i64::MIN)?;
        calls.iter().try_for_each(|call| self.check_not_running(*call))?;
        let left = self.remove_all_exports(&calls)?;
        let people = self.select_row_ids("SELECT id FROM person WHERE id > ?1", i64::MIN)?;
        Ok(Forgotten { people: people.len(), calls: calls.len(), folders_left: left, ..Forgotten::default() })
    }

    /// Removes what was exported of calls; gives the folders that are left.
    fn remove_all_exports(&self, calls: &[i64]) -> Result<Vec<PathBuf>, StoreError> {
        let mut left = Vec::new();
        for call in calls {
            left.extend(self.remove_exports(*call)?);
        }
        left.sort_unstable();
        left.dedup();
        Ok(left)
    }

    /// Removes what was exported of a call. A folder that somebody named may hold other things, which stay: then the
    /// folder is given.
    fn remove_exports(&self, call: i64) -> Result<Option<PathBuf>, StoreError> {
        let folder = self.db.query_row("SELECT folder FROM call WHERE id = ?1", [call], |row| row.get::<_, String>(0));
        let folder = PathBuf::from(folder.map_err(|cause| self.store_error(cause))?);
        if folder.parent() == Some(&self.data_dir.calls()) {
            return ignore_missing(&folder, fs::remove_dir_all(&folder)).map(|()| None);
        }
        for name in CallFolder::FILE_NAMES {
            for file in [folder.join(name), folder.join(format!("{name}.part"))] {
                ignore_missing(&file, fs::remove_file(&file))?;
            }
        }
        match fs::remove_dir(&folder) {
            Err(cause) if cause.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(Some(folder)),
            other => ignore_missing(&folder, other).map(|()| None),
        }
    }

    /// The folders of later calls whose summary page may show one of these beside its own: it shows the last few before
    /// it that had ended when it was written, whoever they were with, and what the call came to after which its intention was
    /// chosen.
    fn folders_showing(&self, gone: &[i64]) -> Result<Vec<PathBuf>, StoreError> {
        let query =
            "SELECT call.id, call.started, call.ended = 1, call.started + figures.duration_ms / 1000, call.folder
                     FROM call LEFT JOIN figures ON figures.call = call.id ORDER BY call.started, call.id";
        let read = || -> rusqlite::Result<Vec<CallRow>> {
            let mut statement = self.db.prepare(query)?;
            let rows = statement.query_map([], |row| {
                Ok(CallRow {
                    call: row.get(0)?,
                    started: row.get(1)?,
                    ended_at: if row.get(2)? { row.get(3)? } else { None },
                    folder: row.get::<_, String>(4)?.into(),
                })
            })?;
            rows.collect()
        };
        let held = read().map_err(|cause| self.store_error(cause))?;
        // Only a call in between that certainly stood on the page leaves no room for an older one: not one that was cut
        // off and ended late, nor one that went on beside a later one.
        let mut settled = vec![false; held.len()];
        let (mut first, mut next) = (i64::MAX, i64::MAX);
        for (one, settled) in held.iter().zip(&mut settled).rev() {
            *settled = one.call < first && one.ended_at.is_some_and(|at| at <= next);
            (first, next) = (first.min(one.call), one.started);
        }
        let mut beside = BTreeSet::new();
        for (at, _) in held.iter().enumerate().filter(|(_, one)| gone.contains(&one.call)) {
            let mut between = 0;
            for (place, settled) in settled.iter().enumerate().skip(at + 1) {
                if between == MAX_EARLIER_CALLS {
                    break;
                }
                beside.insert(place);
                between += usize::from(*settled);
            }
        }
        let meant: BTreeSet<i64> = self.measured_by_intention(gone)?;
        let shows = |(place, one): &(usize, &CallRow)| beside.contains(place) || meant.contains(&one.call);
        let stay = held.iter().enumerate().filter(shows).filter(|(_, one)| !gone.contains(&one.call));
        Ok(stay.map(|(_, one)| one.folder.clone()).collect())
    }

    /// The calls whose page may have a figure of one of these, as that after which their intention was chosen: all later ones
    /// with the same person, however many there were with others in between.
    fn measured_by_intention(&self, gone: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
        let query = "SELECT later.id FROM intention JOIN call AS gone ON gone.id = intention.call
                     JOIN call AS later ON later.person IS gone.person
                     WHERE gone.id = ?1 AND (later.started, later.id) > (gone.started, gone.id)";
        let mut later = BTreeSet::new();
        for call in gone {
            later.extend(self.select_row_ids(query, *call)?);
        }
        Ok(later)
    }

    fn select_row_ids(&self, query: &str, of: i64) -> Result<Vec<i64>, StoreError> {
        let read = || -> rusqlite::Result<_> { self.db.prepare(query)?.query_map([of], |row| row.get(0))?.collect() };
        read().map_err(|cause| self.store_error(cause))
    }
}

/// A call as others stand before and after it.
struct CallRow {
    call: i64,
    started: i64,
    /// `None` if it goes on or was cut off: then it may have ended long after.
    ended_at: Option<i64>,
    folder: PathBuf,
}

/// Removes a call's summary page, which can be made again; gives whether there was one.
fn remove_summary_page(folder: &Path) -> Result<bool, StoreError> {
    let page = folder.join(SUMMARY_PAGE);
    let was_there = exists(&page)?;
    for file in [page.with_extension("html.part"), page] {
        ignore_missing(&file, fs::remove_file(&file))?;
    }
    Ok(was_there)
}

/// Removes the page of all calls: what is forgotten may stand in it, and it can be written again.
pub(super) fn remove_history_page(home: &DataDir) -> Result<(), StoreError> {
    let page = home.history_page();
    for file in [page.with_extension("html.part"), page] {
        ignore_missing(&file, fs::remove_file(&file))?;
    }
    Ok(())
}

/// The result of removing a file, which may be gone already.
fn ignore_missing(path: &Path, removed: io::Result<()>) -> Result<(), StoreError> {
    match removed {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::DataDir { path: path.to_owned(), cause })
        }
        _ => Ok(()),
    }
}

fn exists(path: &Path) -> Result<bool, StoreError> {
    path.try_exists().map_err(|cause| StoreError::DataDir { path: path.to_owned(), cause })
}
