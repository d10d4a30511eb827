//! The thread `store`: commits twice a second, and holds what the disk does not take until it does.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior, params};

use crate::session::{Event, RecoveryPoint};
use crate::store::call_lock::CallLock;
use crate::store::calls::write_end;
use crate::store::data_dir::DataDir;
use crate::store::database::{self, truncate_wal};
use crate::store::journal::{Saving, SavingState};
use crate::store::{CallEnd, StoreError};
use crate::time::SampleTime;
use crate::wire;

/// A killed process loses what was emitted since the last commit: at most this much time, and the time of a commit.
const COMMIT_EVERY: Duration = Duration::from_millis(500);

/// How many events are held as long as the disk takes none: hours of a call, and a few megabytes.
const MAX_PENDING: usize = 20_000;

/// What the thread is sent.
pub(super) enum WriterMessage {
    /// Something happened.
    Event(SampleTime, Event),
    /// What goes on and has not become an event yet.
    RecoveryPoint(RecoveryPoint),
    /// What was emitted after this moment is taken back.
    Erase(SampleTime),
    /// The call is over. The answer says whether all of it is saved; if it is not, it is held, and this may come again.
    Finish(Box<CallEnd>, SyncSender<Result<(), StoreError>>),
    /// A test does something before each event is written.
    #[cfg(test)]
    BeforeEach(Box<dyn FnMut(SampleTime) + Send>),
    /// A test does something to the connection; a commit follows.
    #[cfg(test)]
    RunOnConnection(Box<dyn FnOnce(&Connection) + Send>),
}

/// One call's events on their way to the disk.
pub(super) struct JournalWriter {
    home: DataDir,
    db: Connection,
    call: i64,
    keep_words: bool,
    /// Held until the call is over.
    call_lock: Option<CallLock>,
    saving: Saving,
    /// What had not become an event yet, as the audio thread last sent it …
    recovery_point: RecoveryPoint,
    /// … and as it is on the disk.
    written_recovery_point: RecoveryPoint,
    /// Whether the audio thread may send it again.
    recovery_taken: Arc<AtomicBool>,
    /// The events that are not on the disk yet, the oldest first.
    pending: VecDeque<(SampleTime, Event)>,
    /// Events on the disk that were emitted after this moment have to go before anything pending is written.
    erase_after: Option<SampleTime>,
    /// Whether something was erased that the log still holds.
    wal_has_erased: bool,
    /// Which of the pending events is being written.
    writing: Option<usize>,
    /// Whether writing failed badly since anything was last written.
    has_failed: bool,
    state: SavingState,
    #[cfg(test)]
    before_each: Box<dyn FnMut(SampleTime) + Send>,
}

impl JournalWriter {
    pub(super) fn new(
        home: DataDir,
        db: Connection,
        call: i64,
        keep_words: bool,
        call_lock: CallLock,
        saving: Saving,
        recovery_taken: Arc<AtomicBool>,
    ) -> Self {
        Self {
            home,
            db,
            call,
            keep_words,
            call_lock: Some(call_lock),
            saving,
            recovery_point: RecoveryPoint::default(),
            written_recovery_point: RecoveryPoint::default(),
            recovery_taken,
            pending: VecDeque::new(),
            erase_after: None,
            wal_has_erased: false,
            writing: None,
            has_failed: false,
            state: SavingState::default(),
            #[cfg(test)]
            before_each: Box::new(|_| {}),
        }
    }

    /// Runs until the call is over, or its journal is dropped. What fails badly is begun anew: a transaction is rolled back
    /// as it is dropped, and what was not on the disk is still held. An event at which it fails twice is given up, for the
    /// others' sake.
    pub(super) fn run(mut self, from: &Receiver<WriterMessage>) -> Result<(), StoreError> {
        loop {
            match catch_unwind(AssertUnwindSafe(|| self.take_messages(from))) {
                Ok(ended) => return ended,
                Err(_) => {
                    tracing::error!("the thread that saves the call failed and goes on");
                    let in_hand = self.writing.take();
                    let is_given_up = self.has_failed && in_hand.and_then(|at| self.pending.remove(at)).is_some();
                    if is_given_up {
                        self.state.lost += 1;
                        self.saving.set(self.state.clone());
                    }
                    self.has_failed = in_hand.is_some() && !is_given_up;
                }
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "what is lost to a kill is bounded by the time of day alone")]
    fn take_messages(&mut self, from: &Receiver<WriterMessage>) -> Result<(), StoreError> {
        let mut due = Instant::now() + COMMIT_EVERY;
        loop {
            let (message, ended) = match from.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(message) => (Some(message), false),
                Err(RecvTimeoutError::Timeout) => (None, false),
                Err(RecvTimeoutError::Disconnected) => (None, true),
            };
            match message {
                Some(WriterMessage::Event(at, event)) => self.enqueue(at, event),
                Some(WriterMessage::RecoveryPoint(point)) => {
                    self.recovery_point = point;
                    self.recovery_taken.store(true, Ordering::Relaxed);
                }
                Some(WriterMessage::Erase(after)) => {
                    self.discard_after(after);
                    due = Instant::now();
                }
                Some(WriterMessage::Finish(end, answer)) => {
                    let finished = self.finish(&end);
                    let is_held = matches!(finished, Err(StoreError::Unsaved { .. }));
                    // Whoever asked is gone only if the program ends.
                    let _ = answer.send(finished);
                    if !is_held {
                        return Ok(());
                    }
                }
                #[cfg(test)]
                Some(WriterMessage::BeforeEach(with)) => self.before_each = with,
                #[cfg(test)]
                Some(WriterMessage::RunOnConnection(with)) => {
                    with(&self.db);
                    due = Instant::now();
                }
                None => {}
            }
            if ended || Instant::now() >= due {
                let saved = self.save();
                if ended {
                    return saved.map_err(|cause| self.unsaved_error(cause));
                }
                due = Instant::now() + COMMIT_EVERY;
            }
        }
    }

    fn enqueue(&mut self, at: SampleTime, event: Event) {
        let event = match event {
            Event::Heard(heard) if !self.keep_words => Event::Heard(heard.without_words()),
            other => other,
        };
        // The beginning of a call with a hole is worth more than its end.
        if self.pending.len() < MAX_PENDING {
            self.pending.push_back((at, event));
        } else {
            self.state.lost += 1;
        }
    }

    fn discard_after(&mut self, after: SampleTime) {
        // First of all, so that nothing that fails meanwhile can forget it.
        self.erase_after = Some(self.erase_after.map_or(after, |earlier| earlier.min(after)));
        self.pending.retain(|(at, _)| *at <= after);
        self.recovery_point = self.recovery_point.erased_after(after);
    }

    /// Brings everything to the disk; if that fails, the reason is logged once.
    fn save(&mut self) -> rusqlite::Result<()> {
        let saved = self.commit(None);
        self.report_state(saved.as_ref().err());
        saved
    }

    fn commit(&mut self, end: Option<&CallEnd>) -> rusqlite::Result<()> {
        let written = self.write(end);
        self.writing = None;
        self.has_failed &= written.is_err();
        written
    }

    fn write(&mut self, end: Option<&CallEnd>) -> rusqlite::Result<()> {
        let point = self.recovery_point;
        if end.is_some()
            || self.erase_after.is_some()
            || !self.pending.is_empty()
            || point != self.written_recovery_point
        {
            let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if let Some(after) = self.erase_after {
                delete_events_after(&tx, self.call, after)?;
            }
            for (index, (at, event)) in self.pending.iter().enumerate() {
                self.writing = Some(index);
                #[cfg(test)]
                (self.before_each)(*at);
                insert_event(&tx, self.call, *at, event)?;
            }
            self.writing = None;
            write_recovery_point(&tx, self.call, &point)?;
            if let Some(end) = end {
                write_end(&tx, self.call, 1, end)?;
            }
            tx.commit()?;
            self.wal_has_erased |= self.erase_after.take().is_some();
            self.state.saved += self.pending.len() as u64;
            self.pending.clear();
            self.written_recovery_point = point;
        }
        if self.wal_has_erased {
            self.wal_has_erased = !truncate_wal(&self.db)?;
        }
        Ok(())
    }

    /// Publishes how saving goes; a change is logged.
    fn report_state(&mut self, trouble: Option<&rusqlite::Error>) {
        let before = self.state.trouble.is_some();
        self.state.pending = self.pending.len();
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

    fn finish(&mut self, end: &CallEnd) -> Result<(), StoreError> {
        let saved = self.commit(Some(end));
        self.report_state(saved.as_ref().err());
        saved.map_err(|cause| self.unsaved_error(cause))?;
        CallLock::remove(&self.home, self.call)?;
        self.call_lock = None;
        // All of it in the file itself, and on the disk.
        let emptied = truncate_wal(&self.db).map_err(|cause| database::store_error(&self.home, cause))?;
        if emptied || !self.wal_has_erased { Ok(()) } else { Err(StoreError::LogInUse { path: self.home.database() }) }
    }

    fn unsaved_error(&self, cause: rusqlite::Error) -> StoreError {
        let cause = Box::new(database::store_error(&self.home, cause));
        StoreError::Unsaved { held: self.pending.len(), cause }
    }
}

/// Writes down what has not become an event yet. The column keeps the name that version 2 of the file gave it.
fn write_recovery_point(db: &Connection, call: i64, point: &RecoveryPoint) -> rusqlite::Result<()> {
    let kept =
        wire::encode_recovery_point(point).map_err(|cause| rusqlite::Error::ToSqlConversionFailure(Box::new(cause)))?;
    let mut set = db.prepare_cached("UPDATE call SET heard_until = ?2, untold = ?3 WHERE id = ?1")?;
    set.execute(params![call, point.until.count(), kept]).map(drop)
}

/// Writes down one event.
pub(super) fn insert_event(db: &Connection, call: i64, at: SampleTime, event: &Event) -> rusqlite::Result<()> {
    let kept =
        wire::encode_event(event.clone()).map_err(|cause| rusqlite::Error::ToSqlConversionFailure(Box::new(cause)))?;
    let mut event = db.prepare_cached("INSERT INTO event (call, at, body) VALUES (?1, ?2, ?3)")?;
    let number = event.insert(params![call, at.count(), kept.figures])?;
    if let Some(words) = kept.words {
        db.prepare_cached("INSERT INTO words (event, body) VALUES (?1, ?2)")?.execute(params![number, words])?;
    }
    Ok(())
}

/// Deletes the events that were emitted after a moment. SQLite overwrites what is deleted, but it may leave a copy if
/// it moves rows between pages: so each row is first overwritten in its place.
fn delete_events_after(db: &Connection, call: i64, after: SampleTime) -> rusqlite::Result<()> {
    let params = params![call, after.count()];
    db.execute(
        "UPDATE words SET body = printf('%.*c', octet_length(body), ' ')
         WHERE event IN (SELECT id FROM event WHERE call = ?1 AND at > ?2)",
        params,
    )?;
    db.execute("UPDATE event SET body = printf('%.*c', octet_length(body), ' ') WHERE call = ?1 AND at > ?2", params)?;
    db.execute("DELETE FROM event WHERE call = ?1 AND at > ?2", params).map(drop)
}
