//! The one file: how it is opened, checked and brought up to date.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use crate::private_fs;
use crate::store::StoreError;
use crate::store::data_dir::DataDir;
use crate::store::dir_lock::DirLock;

/// What brings a file from each version to the next; an empty file has version 0.
///
/// [`Store::migrate`] runs these itself, and the crate rusqlite_migration does not, for two reasons: that crate needs
/// rusqlite 0.40, which bundles an older SQLite than the one here, and it reads the file's version outside the
/// transaction that changes it, so that two programs that start at once could both migrate.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
    include_str!("schema/7.sql"),
];

/// Stands in the header of every file, so that another program's database is not taken for one of ours: "keic".
const APPLICATION: u32 = u32::from_be_bytes(*b"keic");

/// How long a writer waits for another one.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// All that is kept. It belongs to one thread; the [`crate::store::Journal`] of a call has a thread of its own.
#[derive(Debug)]
pub struct Store {
    pub(super) data_dir: DataDir,
    pub(super) db: Connection,
    /// Held for as long as this store exists, so that nobody takes the file away from under it.
    dir_lock: Arc<DirLock>,
}

impl Store {
    /// Opens the file, makes it if it is not there, and brings it up to date.
    ///
    /// # Errors
    /// When the file cannot be made or read, is damaged, or was written by a newer Keicho: then it is left as it is.
    pub fn open(home: &DataDir) -> Result<Self, StoreError> {
        Self::open_with_migrations(home, MIGRATIONS)
    }

    pub(super) fn open_with_migrations(home: &DataDir, steps: &[&str]) -> Result<Self, StoreError> {
        home.create()?;
        Self::open_with_lock(home, steps, Arc::new(DirLock::acquire_shared(home)?))
    }

    /// The same if the caller already holds the lock on the data folder; `steps` are the migrations.
    pub(super) fn open_with_lock(home: &DataDir, steps: &[&str], opened: Arc<DirLock>) -> Result<Self, StoreError> {
        home.create()?;
        let path = home.database();
        let mut file =
            private_fs::open_or_create(&path).map_err(|cause| StoreError::DataDir { path: path.clone(), cause })?;
        let begun = check_header(&path, &mut file, steps.len())?;
        drop(file);
        let checked = Self { data_dir: home.clone(), db: open_untouched(&path)?, dir_lock: opened };
        if begun {
            checked.check_integrity(steps.len())?;
        }
        let mut store = checked;
        store.migrate(steps).map_err(|cause| store.store_error(cause))?;
        if let Err(error) = store.vacuum_if_due() {
            tracing::warn!(%error, "what was forgotten may still have copies in the file; the next start tries again");
        }
        Ok(store)
    }

    /// The same file for another thread; it was checked when this one was opened.
    ///
    /// # Errors
    /// When it cannot be opened again.
    pub fn reopen(&self) -> Result<Self, StoreError> {
        Ok(Self {
            data_dir: self.data_dir.clone(),
            db: Self::connect(&self.data_dir)?,
            dir_lock: Arc::clone(&self.dir_lock),
        })
    }

    /// The folder in which the file is.
    pub fn data_dir(&self) -> &DataDir {
        &self.data_dir
    }

    /// Another connection to the same file.
    pub(super) fn connect(home: &DataDir) -> Result<Connection, StoreError> {
        let path = home.database();
        let opened = open_untouched(&path)?;
        configure(&opened).map_err(|cause| StoreError::Database { path, cause })?;
        Ok(opened)
    }

    pub(super) fn store_error(&self, cause: rusqlite::Error) -> StoreError {
        store_error(&self.data_dir, cause)
    }

    /// Checks that the file is whole and of a version that is known. Nothing is written before this has passed.
    fn check_integrity(&self, known: usize) -> Result<(), StoreError> {
        let damaged = |cause: String| StoreError::Damaged { path: self.data_dir.database(), cause };
        // If a file's newest pages are still in its log, its header may be out of date.
        let found: u32 =
            self.db.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(|e| self.store_error(e))?;
        if found as usize > known {
            return Err(StoreError::Newer { path: self.data_dir.database(), found, known: known as u32 });
        }
        let verdict: String =
            self.db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(|e| self.store_error(e))?;
        // A heading may come before the one line that says what it is.
        if verdict == "ok" { Ok(()) } else { Err(damaged(verdict.lines().last().unwrap_or_default().to_owned())) }
    }

    fn migrate(&mut self, steps: &[&str]) -> rusqlite::Result<()> {
        configure(&self.db)?;
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version: u32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let missing = steps.get(version as usize..).unwrap_or_default();
        for step in missing {
            tx.execute_batch(step)?;
        }
        if !missing.is_empty() {
            tx.pragma_update(None, "application_id", APPLICATION)?;
            tx.pragma_update(None, "user_version", steps.len() as u32)?;
        }
        tx.commit()?;
        // The version belongs in the header, where any Keicho looks first, and what a killed process was erasing may
        // still stand in the log. If another process reads the file, that one empties the log.
        if let Err(cause) = truncate_wal(&self.db) {
            tracing::warn!(%cause, "the log of the calls could not be emptied; what can be read is whole");
        }
        Ok(())
    }
}

/// The error for what SQLite reports of the file.
pub(super) fn store_error(home: &DataDir, cause: rusqlite::Error) -> StoreError {
    let path = home.database();
    match cause.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Damaged { path, cause: cause.to_string() }
        }
        _ => StoreError::Database { path, cause },
    }
}

/// Empties the log, so that nothing that was deleted is left there. `false` if a reader holds it.
pub(super) fn truncate_wal(db: &Connection) -> rusqlite::Result<bool> {
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

/// A connection that has changed nothing in the file, and changes nothing when it is closed unused.
fn open_untouched(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let failed = |cause| StoreError::Database { path: path.to_owned(), cause };
    let db = Connection::open_with_flags(path, flags).map_err(failed)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(failed)?;
    db.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    Ok(db)
}

/// Makes a connection fit to write.
fn configure(db: &Connection) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    // What is deleted is overwritten; nothing spills into files that are not ours.
    db.pragma_update(None, "secure_delete", true)?;
    db.pragma_update(None, "temp_store", "memory")?;
    db.pragma_update(None, "foreign_keys", true)?;
    // A killed process loses nothing that was committed, and commits twice a second do not wait for the disk.
    db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    db.pragma_update(None, "synchronous", "normal")
}

/// Checks a file's header before SQLite opens it. Gives whether there is anything in the file.
fn check_header(path: &Path, file: &mut File, known: usize) -> Result<bool, StoreError> {
    let mut header = Vec::new();
    let read = file.take(100).read_to_end(&mut header);
    read.map_err(|cause: io::Error| StoreError::DataDir { path: path.to_owned(), cause })?;
    if header.is_empty() {
        return Ok(false);
    }
    let damaged = |cause: &str| StoreError::Damaged { path: PathBuf::from(path), cause: cause.to_owned() };
    if header.len() < 100 || !header.starts_with(b"SQLite format 3\0") {
        return Err(damaged("it is not a database"));
    }
    let number = |at: usize| header[at..at + 4].iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
    let (found, application) = (number(60), number(68));
    if application != APPLICATION && (application, found) != (0, 0) {
        return Err(damaged("it is another program's"));
    }
    if found as usize > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: known as u32 });
    }
    Ok(true)
}
