//! The thread `store`: commits twice a second, and holds what the disk does not take until it does.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior, params};

use crate::session::{Event, Untold};
use crate::store::calls::{Running, write_end};
use crate::store::database::{self, empty_log};
use crate::store::journal::{Saving, SavingState};
use crate::store::own::Home;
use crate::store::{CallEnd, StoreError};
use crate::time::SampleTime;
use crate::wire;

/// A killed process loses what was told since the last commit: at most this, and the time of a commit.
const COMMIT_EVERY: Duration = Duration::from_millis(500);

/// So many events are held while the disk takes none: hours of a call, and a few megabytes.
const HELD: usize = 20_000;

/// What the thread is told.
pub(super) enum Message {
    /// Something happened.
    Event(SampleTime, Event),
    /// What goes on and is not told yet.
    Untold(Untold),
    /// What was told after this moment is taken back.
    Erase(SampleTime),
    /// The call is over.
    Finish(Box<CallEnd>),
    /// A test does something to the connection; a commit follows.
    #[cfg(test)]
    Meddle(Box<dyn FnOnce(&Connection) + Send>),
}

/// One call's events on their way to the disk.
pub(super) struct Writer {
    home: Home,
    db: Connection,
    call: i64,
    keep_words: bool,
    running: Running,
    saving: Saving,
    /// What was not told yet, as the audio thread last said …
    untold: Untold,
    /// … and as it is on the disk.
    written: Untold,
    /// Whether the audio thread may say it again.
    taken: Arc<AtomicBool>,
    /// Not on the disk yet, oldest first.
    pending: VecDeque<(SampleTime, Event)>,
    /// What is on the disk after this moment has to go, before anything pending is written.
    erase: Option<SampleTime>,
    /// Something was erased, and the log still has it.
    log_has_it: bool,
    state: SavingState,
}

impl Writer {
    pub(super) fn new(
        home: Home,
        db: Connection,
        call: i64,
        keep_words: bool,
        running: Running,
        saving: Saving,
        taken: Arc<AtomicBool>,
    ) -> Self {
        Self {
            home,
            db,
            call,
            keep_words,
            running,
            saving,
            untold: Untold::default(),
            written: Untold::default(),
            taken,
            pending: VecDeque::new(),
            erase: None,
            log_has_it: false,
            state: SavingState::default(),
        }
    }

    /// Until the call is over, or its journal is dropped.
    #[expect(clippy::disallowed_methods, reason = "what is lost to a kill is bounded by the time of day alone")]
    pub(super) fn run(mut self, from: &Receiver<Message>) -> Result<(), StoreError> {
        let mut due = Instant::now() + COMMIT_EVERY;
        loop {
            let (message, ended) = match from.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(message) => (Some(message), false),
                Err(RecvTimeoutError::Timeout) => (None, false),
                Err(RecvTimeoutError::Disconnected) => (None, true),
            };
            match message {
                Some(Message::Event(at, event)) => self.hold(at, event),
                Some(Message::Untold(untold)) => {
                    self.untold = untold;
                    self.taken.store(true, Ordering::Relaxed);
                }
                Some(Message::Erase(after)) => {
                    self.take_back(after);
                    due = Instant::now();
                }
                Some(Message::Finish(end)) => return self.finish(&end),
                #[cfg(test)]
                Some(Message::Meddle(with)) => {
                    with(&self.db);
                    due = Instant::now();
                }
                None => {}
            }
            if ended || Instant::now() >= due {
                let saved = self.save();
                if ended {
                    return saved.map_err(|cause| self.unsaved(cause));
                }
                due = Instant::now() + COMMIT_EVERY;
            }
        }
    }

    fn hold(&mut self, at: SampleTime, event: Event) {
        let event = match event {
            Event::Heard(heard) if !self.keep_words => Event::Heard(heard.without_words()),
            other => other,
        };
        // The beginning of a call with a hole is worth more than its end.
        if self.pending.len() < HELD {
            self.pending.push_back((at, event));
        } else {
            self.state.lost += 1;
        }
    }

    fn take_back(&mut self, after: SampleTime) {
        self.pending.retain(|(at, _)| *at <= after);
        self.untold = self.untold.erased(after);
        self.erase = Some(self.erase.map_or(after, |earlier| earlier.min(after)));
    }

    /// Brings everything to the disk, or says once why not.
    fn save(&mut self) -> rusqlite::Result<()> {
        let saved = self.commit(None);
        self.tell(saved.as_ref().err());
        saved
    }

    fn commit(&mut self, end: Option<&CallEnd>) -> rusqlite::Result<()> {
        let untold = self.untold;
        if end.is_some() || self.erase.is_some() || !self.pending.is_empty() || untold != self.written {
            let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if let Some(after) = self.erase {
                erase(&tx, self.call, after)?;
            }
            for (at, event) in &self.pending {
                write(&tx, self.call, *at, event)?;
            }
            write_untold(&tx, self.call, &untold)?;
            if let Some(end) = end {
                write_end(&tx, self.call, 1, end)?;
            }
            tx.commit()?;
            self.log_has_it |= self.erase.take().is_some();
            self.state.saved += self.pending.len() as u64;
            self.pending.clear();
            self.written = untold;
        }
        if self.log_has_it {
            self.log_has_it = !empty_log(&self.db)?;
        }
        Ok(())
    }

    /// Shows how it goes; of a change the log has a line.
    fn tell(&mut self, trouble: Option<&rusqlite::Error>) {
        let before = self.state.trouble.is_some();
        self.state.held = self.pending.len();
        self.state.trouble = trouble.map(ToString::to_string);
        match trouble {
            Some(cause) if !before => {
                tracing::warn!(path = %self.home.database().display(), %cause, "the call is not saved for now; it goes on");
            }
            None if before => tracing::warn!(path = %self.home.database().display(), "the call is saved again"),
            _ => {}
        }
        self.saving.set(self.state.clone());
    }

    fn finish(mut self, end: &CallEnd) -> Result<(), StoreError> {
        let saved = self.commit(Some(end));
        self.tell(saved.as_ref().err());
        saved.map_err(|cause| self.unsaved(cause))?;
        Running::remove(&self.home, self.call)?;
        drop(self.running);
        // All of it in the file itself, and on the disk.
        let emptied = empty_log(&self.db).map_err(|cause| database::error(&self.home, cause))?;
        if emptied || !self.log_has_it { Ok(()) } else { Err(StoreError::Read { path: self.home.database() }) }
    }

    fn unsaved(&self, cause: rusqlite::Error) -> StoreError {
        let cause = Box::new(database::error(&self.home, cause));
        StoreError::Unsaved { held: self.pending.len(), cause }
    }
}

/// Writes down what was not told yet.
fn write_untold(db: &Connection, call: i64, untold: &Untold) -> rusqlite::Result<()> {
    let kept = wire::keep_untold(untold).map_err(|cause| rusqlite::Error::ToSqlConversionFailure(Box::new(cause)))?;
    let mut set = db.prepare_cached("UPDATE call SET heard_until = ?2, untold = ?3 WHERE id = ?1")?;
    set.execute(params![call, untold.until.count(), kept]).map(drop)
}

/// Writes down one event.
pub(super) fn write(db: &Connection, call: i64, at: SampleTime, event: &Event) -> rusqlite::Result<()> {
    let kept = wire::keep(event.clone()).map_err(|cause| rusqlite::Error::ToSqlConversionFailure(Box::new(cause)))?;
    let mut event = db.prepare_cached("INSERT INTO event (call, at, body) VALUES (?1, ?2, ?3)")?;
    let number = event.insert(params![call, at.count(), kept.figures])?;
    if let Some(words) = kept.words {
        db.prepare_cached("INSERT INTO words (event, body) VALUES (?1, ?2)")?.execute(params![number, words])?;
    }
    Ok(())
}

/// Deletes what was told after a moment. SQLite overwrites what is deleted, but where it moves rows between pages it
/// may leave a copy: so each row is first overwritten in its place.
fn erase(db: &Connection, call: i64, after: SampleTime) -> rusqlite::Result<()> {
    let params = params![call, after.count()];
    db.execute(
        "UPDATE words SET body = printf('%.*c', octet_length(body), ' ')
         WHERE event IN (SELECT id FROM event WHERE call = ?1 AND at > ?2)",
        params,
    )?;
    db.execute("UPDATE event SET body = printf('%.*c', octet_length(body), ' ') WHERE call = ?1 AND at > ?2", params)?;
    db.execute("DELETE FROM event WHERE call = ?1 AND at > ?2", params).map(drop)
}
