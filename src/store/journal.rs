//! The journal of a call that goes on: a sink that hands all events to the thread `store`, and never waits for it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::session::{Event, RecoveryPoint, Sink, Snapshot};
use crate::store::call_lock::CallLock;
use crate::store::data_dir::DataDir;
use crate::store::database::Store;
use crate::store::writer::{JournalWriter, WriterMessage};
use crate::store::{CallEnd, StoreError};
use crate::time::SampleTime;

/// How many events may wait for the thread: an hour of the liveliest talk has a few thousand.
const QUEUE_CAPACITY: usize = 4_096;

const FAILED: &str = "it failed";

/// How saving goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavingState {
    /// How many events are on the disk.
    pub saved: u64,
    /// How many events wait until the disk takes them again.
    pub pending: usize,
    /// How many events did not fit anywhere, and are gone.
    pub lost: u64,
    /// Why the disk takes nothing now; `None` if it does.
    pub trouble: Option<String>,
}

/// How saving goes, to be asked from any thread.
#[derive(Clone, Debug, Default)]
pub struct Saving {
    /// The writer and a reader each hold it only while they copy a few numbers. The audio thread never takes it.
    state: Arc<Mutex<SavingState>>,
    /// How many events the audio thread could not hand over.
    not_queued: Arc<AtomicU64>,
}

impl Saving {
    /// How it goes now.
    pub fn state(&self) -> SavingState {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner).clone();
        SavingState { lost: state.lost + self.not_queued.load(Ordering::Relaxed), ..state }
    }

    pub(super) fn set(&self, state: SavingState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// The journal of a call that goes on. If it is dropped without [`Journal::finish`], what was emitted is saved, and the
/// call counts as cut off.
#[derive(Debug)]
pub struct Journal {
    /// `None` once nothing follows.
    sender: Option<SyncSender<WriterMessage>>,
    thread: Option<JoinHandle<Result<(), StoreError>>>,
    saving: Saving,
    /// Whether the thread has taken the last recovery point: one at a time waits, so that events keep their room.
    recovery_taken: Arc<AtomicBool>,
    /// An erasing that could not be handed over yet, and may not be lost.
    pending_erase: Option<SampleTime>,
}

impl Journal {
    pub(super) fn start(home: &DataDir, call: i64, keep_words: bool, running: CallLock) -> Result<Self, StoreError> {
        let (to, from) = sync_channel(QUEUE_CAPACITY);
        let saving = Saving::default();
        let taken = Arc::new(AtomicBool::new(true));
        let db = Store::connect(home)?;
        let writer =
            JournalWriter::new(home.clone(), db, call, keep_words, running, saving.clone(), Arc::clone(&taken));
        let thread = std::thread::Builder::new().name("store".to_owned()).spawn(move || writer.run(&from));
        let thread = thread.map_err(|cause| StoreError::Thread { cause: cause.to_string() })?;
        Ok(Self { sender: Some(to), thread: Some(thread), saving, recovery_taken: taken, pending_erase: None })
    }

    /// How saving goes.
    pub fn saving(&self) -> Saving {
        self.saving.clone()
    }

    /// Saves what is left and what the call came to. After this all of it is in the store.
    ///
    /// # Errors
    /// When something could not be saved; what could be is.
    pub fn finish(mut self, end: CallEnd) -> Result<(), StoreError> {
        self.try_finish(&end)
    }

    /// The same, to be tried again after [`StoreError::Unsaved`]: until then everything that is not on the disk is held
    /// in memory. Once it is saved, this does nothing.
    ///
    /// # Errors
    /// When something could not be saved; what could be is.
    pub fn try_finish(&mut self, end: &CallEnd) -> Result<(), StoreError> {
        let Some(sender) = &self.sender else { return Ok(()) };
        let (answer, answered) = sync_channel(1);
        let erase = self.pending_erase.take().map(WriterMessage::Erase);
        for message in erase.into_iter().chain([WriterMessage::Finish(Box::new(end.clone()), answer)]) {
            // The thread is gone only if it has failed, and says so itself.
            if sender.send(message).is_err() {
                break;
            }
        }
        match answered.recv() {
            Ok(Err(unsaved @ StoreError::Unsaved { .. })) => Err(unsaved),
            Ok(finished) => finished.and(self.join()),
            // It failed at it, and goes on: the end may be asked for again.
            Err(_) if self.thread.as_ref().is_some_and(|thread| !thread.is_finished()) => Err(StoreError::Unsaved {
                held: self.saving.state().pending,
                cause: Box::new(StoreError::Thread { cause: FAILED.to_owned() }),
            }),
            Err(_) => self.join(),
        }
    }

    fn join(&mut self) -> Result<(), StoreError> {
        self.sender = None;
        let Some(thread) = self.thread.take() else { return Ok(()) };
        thread.join().unwrap_or_else(|_| Err(StoreError::Thread { cause: "it panicked".to_owned() }))
    }

    /// Hands something over; gives whether the queue had room for it.
    fn try_send(&self, message: WriterMessage) -> bool {
        self.sender.as_ref().is_some_and(|to| to.try_send(message).is_ok())
    }

    #[cfg(test)]
    pub(super) fn before_each(&self, with: impl FnMut(SampleTime) + Send + 'static) {
        assert!(self.sender.as_ref().unwrap().send(WriterMessage::BeforeEach(Box::new(with))).is_ok());
    }

    #[cfg(test)]
    pub(super) fn run_on_connection(&self, with: impl FnOnce(&rusqlite::Connection) + Send + 'static) {
        let sent = self.sender.as_ref().unwrap().send(WriterMessage::RunOnConnection(Box::new(with)));
        assert!(sent.is_ok());
    }
}

impl Sink for Journal {
    fn emit(&mut self, at: SampleTime, event: Event) {
        if let Some(from) = self.pending_erase.take() {
            self.erase(from);
        }
        // What follows an erasing may not come before it.
        if self.pending_erase.is_some() || !self.try_send(WriterMessage::Event(at, event)) {
            self.saving.not_queued.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn erase(&mut self, from: SampleTime) {
        let from = self.pending_erase.take().map_or(from, |earlier| earlier.min(from));
        if !self.try_send(WriterMessage::Erase(from)) {
            self.pending_erase = Some(from);
        }
    }

    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        if let Some(from) = self.pending_erase.take() {
            self.erase(from);
        }
        // What goes on now may not be taken for what is to be erased.
        if self.pending_erase.is_none() && self.recovery_taken.swap(false, Ordering::Relaxed) {
            let sent = self.try_send(WriterMessage::RecoveryPoint(RecoveryPoint::from_snapshot(snapshot)));
            self.recovery_taken.fetch_or(!sent, Ordering::Relaxed);
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        if let Err(error) = self.join() {
            tracing::warn!(%error, "the call could not be saved whole");
        }
    }
}
