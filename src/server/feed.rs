//! What the call tells its pages: a log of events, the newest snapshot and the newest desk.
//!
//! Clients pull: each keeps its place in the log, so a slow one delays nobody and no queue grows for it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::prepare::Standing;
use crate::session::{Event, Sink, Snapshot};
use crate::time::SampleTime;
use crate::wire::{self, Desk, Frame};

/// The end that the call writes and all clients read. Clones share it.
#[derive(Clone)]
pub struct Feed {
    shared: Arc<Shared>,
}

struct Shared {
    /// Contended by the call's thread (ten to some hundred times a second, to append a line) and the server's (to copy
    /// pointers out); held for microseconds by either.
    log: Mutex<Log>,
    /// Counts changes of the log.
    changed: watch::Sender<u64>,
    /// Counts clients, for the farewell.
    clients: watch::Sender<usize>,
}

struct Log {
    frame: Frame,
    epoch: u64,
    /// Event messages and when each was told; the first has number 1.
    events: Vec<(SampleTime, Arc<str>)>,
    /// How many of them were left where each epoch after the first began.
    kept: Vec<u64>,
    last: Option<Snapshot>,
    snapshot: Option<Arc<str>>,
    /// Counts snapshots.
    version: u64,
    /// What is to be talked about, as long as the call has not begun.
    agenda: Vec<String>,
    desk: Option<Arc<str>>,
    /// Counts desks.
    desks: u64,
    /// Where the summary is.
    summary: Option<PathBuf>,
    closed: bool,
}

/// What a client has not received yet.
pub(super) struct News {
    pub(super) desk: Option<Arc<str>>,
    pub(super) events: Vec<Arc<str>>,
    pub(super) snapshot: Option<Arc<str>>,
    /// Nothing will follow.
    pub(super) closed: bool,
}

/// A client's place in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) epoch: u64,
    pub(super) seq: u64,
    version: u64,
    desks: u64,
}

impl Feed {
    /// A feed for one call.
    pub fn new(frame: Frame) -> Self {
        let log = Log {
            frame,
            epoch: 1,
            events: Vec::new(),
            kept: Vec::new(),
            last: None,
            snapshot: None,
            version: 0,
            agenda: Vec::new(),
            desk: None,
            desks: 0,
            summary: None,
            closed: false,
        };
        let shared = Shared { log: Mutex::new(log), changed: watch::Sender::new(0), clients: watch::Sender::new(0) };
        Self { shared: Arc::new(shared) }
    }

    /// What stays the same in all snapshots from here on, and what is to be talked about.
    pub fn plan(&self, frame: Frame, agenda: &[String]) {
        let mut log = self.log();
        log.frame = frame;
        log.agenda = agenda.to_vec();
    }

    /// Tells the pages how both sides are heard before the call, which is as it is in `blank`.
    pub fn prepare(&self, blank: &Snapshot, standing: &Standing) {
        let mut log = self.log();
        log.snapshot = Some(wire::before(&log.frame, log.epoch, &log.agenda, blank, standing).into());
        log.version += 1;
        drop(log);
        self.wake();
    }

    /// Tells the pages what is around the call.
    pub fn desk(&self, desk: &Desk) {
        let mut log = self.log();
        log.desks += 1;
        log.desk = Some(wire::desk(log.desks, desk).into());
        drop(log);
        self.wake();
    }

    /// Tells the pages where the summary is.
    pub fn summary(&self, path: PathBuf) {
        let mut log = self.log();
        log.summary = Some(path);
        if let Some(last) = log.last.take() {
            log.see(&last);
        }
        drop(log);
        self.wake();
    }

    /// Nothing will follow.
    pub(super) fn close(&self) {
        self.log().closed = true;
        self.wake();
    }

    /// Where a client stands that knows the events up to `last_seq` of `epoch`.
    pub(super) fn place(&self, epoch: u64, last_seq: u64) -> Place {
        let log = self.log();
        let newest = log.events.len() as u64;
        // A client of another epoch, or of a future that never was, starts from the snapshot.
        let knows = epoch == log.epoch && last_seq <= newest;
        Place { epoch: log.epoch, seq: if knows { last_seq } else { newest }, version: 0, desks: 0 }
    }

    /// The newest event's number.
    pub(super) fn newest(&self) -> u64 {
        self.log().events.len() as u64
    }

    /// What came since the client's place, which moves to the newest.
    pub(super) fn since(&self, place: &mut Place) -> News {
        let log = self.log();
        // A client of an older epoch may know of more than is left: it has what was kept, and goes on from there.
        let since = log.kept.iter().skip((place.epoch as usize).saturating_sub(1));
        let known = since.fold(place.seq, |known, kept| known.min(*kept));
        let unknown = log.events.get(known as usize..).unwrap_or_default();
        let events = unknown.iter().map(|(_, message)| Arc::clone(message)).collect();
        let snapshot = log.snapshot.clone().filter(|_| place.version < log.version);
        let desk = log.desk.clone().filter(|_| place.desks < log.desks);
        let seq = log.events.len() as u64;
        *place = Place { epoch: log.epoch, seq, version: log.version, desks: log.desks };
        News { desk, events, snapshot, closed: log.closed }
    }

    /// Tells of every change.
    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// Counts a client for as long as the guard lives.
    pub(super) fn enter(&self) -> Guest {
        self.shared.clients.send_modify(|count| *count += 1);
        Guest { feed: self.clone() }
    }

    /// Returns once no client is connected.
    pub(super) async fn all_gone(&self) {
        // An error means that the counter is gone, and every client with it.
        let _ = self.shared.clients.subscribe().wait_for(|count| *count == 0).await;
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.shared.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        self.shared.changed.send_modify(|count| *count += 1);
    }
}

impl Log {
    fn see(&mut self, snapshot: &Snapshot) {
        let seq = self.events.len() as u64;
        let summary = self.summary.as_ref().map(|path| path.display().to_string());
        self.snapshot = Some(wire::snapshot(&self.frame, self.epoch, seq, summary.as_deref(), snapshot).into());
        self.last = Some(snapshot.clone());
        self.version += 1;
    }
}

impl Sink for Feed {
    fn emit(&mut self, at: SampleTime, event: Event) {
        let mut log = self.log();
        let seq = log.events.len() as u64 + 1;
        let message = wire::message(log.epoch, seq, at, &event).into();
        log.events.push((at, message));
        drop(log);
        self.wake();
    }

    /// A new epoch begins, whose log holds only what is left.
    fn erase(&mut self, from: SampleTime) {
        let mut log = self.log();
        log.epoch += 1;
        log.events.retain(|(at, _)| *at <= from);
        let left = log.events.len() as u64;
        log.kept.push(left);
        let epoch = log.epoch;
        log.events.iter_mut().for_each(|(_, message)| *message = wire::in_epoch(message, epoch).into());
        // The next one is on its way; this one shows figures that are erased.
        (log.snapshot, log.last) = (None, None);
        drop(log);
        self.wake();
    }

    fn see(&mut self, snapshot: &Snapshot) {
        self.log().see(snapshot);
        self.wake();
    }
}

/// A client that is connected.
pub(super) struct Guest {
    feed: Feed,
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.feed.shared.clients.send_modify(|count| *count -= 1);
    }
}

#[cfg(test)]
mod tests;
