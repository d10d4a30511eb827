//! What the pages are shown of a call: the log of its events, the newest snapshot and the newest start page.
//!
//! Clients pull: each keeps its place in the log, so a slow one delays nobody and no queue grows for it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::prepare::SoundCheckStatus;
use crate::server::event_log::EventLog;
use crate::session::{Event, Sink, Snapshot};
use crate::time::SampleTime;
use crate::wire::{self, CallSettings, SavingStatus, SettingsPage, StartPage};

/// How many events a client is given at once, so that what waits for a slow one stays small.
const MAX_EVENTS: usize = 256;

/// The call writes it, and all clients read it. Clones share one feed.
#[derive(Clone)]
pub struct Feed {
    shared: Arc<FeedShared>,
}

struct FeedShared {
    /// Contended by the call's thread (ten to some hundred times a second, to append a line) and the server's (to copy
    /// out what is new); held for microseconds by either.
    state: Mutex<FeedState>,
    /// Counts changes of the log.
    changed: watch::Sender<u64>,
    /// Counts how often all words and figures were asked to leave the pages, or to come back.
    hushed: AtomicU64,
    /// Counts clients, so that the server can wait for them at its end.
    clients: watch::Sender<usize>,
}

struct FeedState {
    settings: CallSettings,
    epoch: u64,
    /// The call's events, and when each was emitted; the first has number 1.
    events: EventLog,
    /// How many of them were left where each epoch after the first began.
    kept_per_epoch: Vec<u64>,
    last_snapshot: Option<Snapshot>,
    snapshot_message: Option<Arc<str>>,
    /// Counts snapshots.
    snapshot_version: u64,
    /// What is to be talked about, as long as the call has not begun.
    agenda: Vec<String>,
    start_page: Option<Arc<str>>,
    /// Counts start pages.
    start_page_version: u64,
    /// How the call is saved, as a message; `None` if nothing was ever wrong with that.
    saving: Option<Arc<str>>,
    /// Counts these messages.
    saving_version: u64,
    /// The user's settings, as a message, once a page has asked for them.
    settings_message: Option<Arc<str>>,
    /// Counts these messages.
    settings_version: u64,
    /// The path of the summary's page, once there is one.
    summary: Option<PathBuf>,
    closed: bool,
}

/// What a client has not received yet.
pub(super) struct FeedUpdate {
    pub(super) start_page: Option<Arc<str>>,
    pub(super) events: Vec<Arc<str>>,
    pub(super) snapshot: Option<Arc<str>>,
    pub(super) saving: Option<Arc<str>>,
    pub(super) settings: Option<Arc<str>>,
    /// There is more already.
    pub(super) has_more: bool,
    /// Asks the page to hide all words and figures, or to bring them back.
    pub(super) hush: Option<Arc<str>>,
    /// Nothing will follow.
    pub(super) closed: bool,
}

/// A client's place in the log: what it has received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FeedCursor {
    pub(super) epoch: u64,
    pub(super) seq: u64,
    snapshot_version: u64,
    start_page_version: u64,
    saving_version: u64,
    settings_version: u64,
    hushed: u64,
}

impl Feed {
    /// The feed of one call in which nothing has happened yet.
    pub fn new(frame: CallSettings) -> Self {
        let log = FeedState {
            settings: frame,
            epoch: 1,
            events: EventLog::default(),
            kept_per_epoch: Vec::new(),
            last_snapshot: None,
            snapshot_message: None,
            snapshot_version: 0,
            agenda: Vec::new(),
            start_page: None,
            start_page_version: 0,
            saving: None,
            saving_version: 0,
            settings_message: None,
            settings_version: 0,
            summary: None,
            closed: false,
        };
        let shared = FeedShared {
            state: Mutex::new(log),
            changed: watch::Sender::new(0),
            hushed: AtomicU64::new(0),
            clients: watch::Sender::new(0),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Sets what stays the same in all snapshots from here on, and the agenda as it is planned.
    pub fn set_plan(&self, frame: CallSettings, agenda: &[String]) {
        let mut log = self.lock();
        log.settings = frame;
        log.agenda = agenda.to_vec();
    }

    /// Shows the pages how both sides are heard before the call. `blank` is a snapshot of a call without an event.
    pub fn publish_preparation(&self, blank: &Snapshot, standing: &SoundCheckStatus) {
        let mut log = self.lock();
        log.snapshot_message =
            Some(wire::encode_preparation(&log.settings, log.epoch, &log.agenda, blank, standing).into());
        log.snapshot_version += 1;
        drop(log);
        self.notify_clients();
    }

    /// Shows the pages the start page.
    pub fn publish_start_page(&self, page: &StartPage) {
        let mut log = self.lock();
        log.start_page_version += 1;
        log.start_page = Some(wire::encode_start_page(log.start_page_version, page).into());
        drop(log);
        self.notify_clients();
    }

    /// Shows the pages how the call is saved.
    pub fn publish_saving(&self, status: SavingStatus) {
        let mut log = self.lock();
        log.saving_version += 1;
        log.saving = Some(wire::encode_saving(status).into());
        drop(log);
        self.notify_clients();
    }

    /// Shows the pages the user's settings.
    pub fn publish_settings(&self, page: &SettingsPage) {
        let mut log = self.lock();
        log.settings_version += 1;
        log.settings_message = Some(wire::encode_settings(page).into());
        drop(log);
        self.notify_clients();
    }

    /// Shows the pages where the summary is.
    pub fn publish_summary(&self, path: PathBuf) {
        let mut log = self.lock();
        log.summary = Some(path);
        if let Some(last) = log.last_snapshot.take() {
            log.publish_snapshot(&last);
        }
        drop(log);
        self.notify_clients();
    }

    /// The call's events up to now, and when each was emitted; what was erased is not among them. To be asked for once
    /// the call is over: it is a copy, and takes more room than the log does.
    pub fn events(&self) -> Arc<Vec<(SampleTime, Event)>> {
        Arc::new(self.lock().events.after(0).collect())
    }

    /// How the call last stood; `None` before its first snapshot, and until the next one after something was erased.
    pub fn last_snapshot(&self) -> Option<Snapshot> {
        self.lock().last_snapshot.clone()
    }

    /// Ends the feed: nothing will follow.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.notify_clients();
    }

    /// The place of a client that knows the events up to `last_seq` of `epoch`.
    pub(super) fn cursor(&self, epoch: u64, last_seq: u64) -> FeedCursor {
        let log = self.lock();
        let newest = log.events.len() as u64;
        // A client of another epoch, or of a future that never was, starts from the snapshot.
        let knows = epoch == log.epoch && last_seq <= newest;
        FeedCursor {
            epoch: log.epoch,
            seq: if knows { last_seq } else { newest },
            snapshot_version: 0,
            start_page_version: 0,
            saving_version: 0,
            settings_version: 0,
            // What was asked before it was there is not for this page.
            hushed: self.shared.hushed.load(Ordering::Relaxed),
        }
    }

    /// Asks the pages to hide all words and figures, or to bring them back. Gives whether there is a page.
    #[cfg(unix)]
    pub(super) fn hush(&self) -> bool {
        self.shared.hushed.fetch_add(1, Ordering::Relaxed);
        self.notify_clients();
        *self.shared.clients.borrow() > 0
    }

    /// How the call is, in short.
    #[cfg(unix)]
    pub(super) fn status(&self) -> wire::CallStatus {
        let log = self.lock();
        let summary = log.summary.as_ref().map(|path| path.display().to_string());
        wire::CallStatus::new(&log.settings, log.last_snapshot.as_ref(), summary)
    }

    /// The newest event's number; 0 if there is none.
    pub(super) fn newest_seq(&self) -> u64 {
        self.lock().events.len() as u64
    }

    /// What came since the client's place, [`MAX_EVENTS`] events at the most: after more than these there is nothing but
    /// events. The place moves on to what is given.
    pub(super) fn next_update(&self, place: &mut FeedCursor) -> FeedUpdate {
        let log = self.lock();
        // A client of an older epoch may know of more than is left: it has what was kept, and goes on from there.
        let since = log.kept_per_epoch.iter().skip((place.epoch as usize).saturating_sub(1));
        let known = since.fold(place.seq, |known, kept| known.min(*kept));
        let unknown: Vec<_> = log.events.after(known as usize).take(MAX_EVENTS).collect();
        let has_more = (known as usize) + unknown.len() < log.events.len();
        let page = log.start_page.clone().filter(|_| place.start_page_version < log.start_page_version);
        place.start_page_version = log.start_page_version;
        let settings = log.settings_message.clone().filter(|_| place.settings_version < log.settings_version);
        place.settings_version = log.settings_version;
        (place.epoch, place.seq) = (log.epoch, known + unknown.len() as u64);
        let (mut snapshot, mut saving) = (None, None);
        if !has_more {
            snapshot = log.snapshot_message.clone().filter(|_| place.snapshot_version < log.snapshot_version);
            saving = log.saving.clone().filter(|_| place.saving_version < log.saving_version);
            (place.snapshot_version, place.saving_version) = (log.snapshot_version, log.saving_version);
        }
        let hushed = self.shared.hushed.load(Ordering::Relaxed);
        // Twice is as if it had not been asked.
        let hush = ((hushed - place.hushed) % 2 == 1).then(|| wire::encode_hush().into());
        place.hushed = hushed;
        let (epoch, closed) = (log.epoch, log.closed && !has_more);
        drop(log);
        let message = |(number, (at, event)): (u64, &(SampleTime, Event))| {
            wire::encode_event_message(epoch, number, *at, event).into()
        };
        let events = (known + 1..).zip(&unknown).map(message).collect();
        FeedUpdate { start_page: page, events, snapshot, saving, settings, hush, has_more, closed }
    }

    /// Notifies of every change.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// Counts a client for as long as the guard lives.
    pub(super) fn register_client(&self) -> ClientGuard {
        self.shared.clients.send_modify(|count| *count += 1);
        ClientGuard { feed: self.clone() }
    }

    /// How many clients are connected.
    pub(super) fn clients(&self) -> usize {
        *self.shared.clients.borrow()
    }

    /// Returns once no client is connected.
    pub(super) async fn wait_until_empty(&self) {
        // An error means that the counter is gone, and every client with it.
        let _ = self.shared.clients.subscribe().wait_for(|count| *count == 0).await;
    }

    fn lock(&self) -> MutexGuard<'_, FeedState> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn notify_clients(&self) {
        self.shared.changed.send_modify(|count| *count += 1);
    }
}

impl FeedState {
    fn publish_snapshot(&mut self, snapshot: &Snapshot) {
        let seq = self.events.len() as u64;
        let summary = self.summary.as_ref().map(|path| path.display().to_string());
        self.snapshot_message =
            Some(wire::encode_snapshot(&self.settings, self.epoch, seq, summary.as_deref(), snapshot).into());
        self.last_snapshot = Some(snapshot.clone());
        self.snapshot_version += 1;
    }
}

impl Sink for Feed {
    fn emit(&mut self, at: SampleTime, event: Event) {
        let mut log = self.lock();
        log.events.push(at, event);
        drop(log);
        self.notify_clients();
    }

    /// A new epoch begins, whose log holds only what is left.
    fn erase(&mut self, from: SampleTime) {
        let mut log = self.lock();
        log.epoch += 1;
        log.events.erase_after(from);
        let left = log.events.len() as u64;
        log.kept_per_epoch.push(left);
        // The next one is on its way; this one shows figures that are erased.
        (log.snapshot_message, log.last_snapshot) = (None, None);
        drop(log);
        self.notify_clients();
    }

    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        self.lock().publish_snapshot(snapshot);
        self.notify_clients();
    }
}

/// A client that is connected.
pub(super) struct ClientGuard {
    feed: Feed,
}

impl Drop for ClientGuard {
    fn drop(&mut self) {
        self.feed.shared.clients.send_modify(|count| *count -= 1);
    }
}

#[cfg(test)]
mod tests;
