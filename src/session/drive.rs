//! The one driver: a source's blocks through a session, at a pace.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crate::audio::{BLOCK_DURATION, PerTrack};
use crate::nudges::{NudgeKind, StopReason};
use crate::session::{Command, CommandError, Session, SessionPhase, Sink, Snapshot};
use crate::source::{Source, SourceError};
use crate::time::{SampleTime, Samples};
use crate::turns::Floor;

/// Level-like figures are shown at most this often.
const SNAPSHOT_INTERVAL: Samples = Samples::from_ms(100);

/// How many commands may wait; a person gives one a second at the most.
const QUEUE_CAPACITY: usize = 16;

/// Runs the call to its end, or until it is stopped; then settles it. Commands are carried out between two blocks, and those
/// that wait when the call ends before it is settled.
///
/// # Errors
/// When the source cannot go on. The call up to there is settled all the same.
pub fn drive(
    source: &mut dyn Source,
    session: &mut Session,
    pace: &mut dyn Pacer,
    controls: &dyn Controls,
    sink: &mut dyn Sink,
) -> Result<(), SourceError> {
    let mut window = SnapshotThrottle::default();
    let ended = loop {
        if controls.stopped() {
            break Ok(());
        }
        let block = match source.next() {
            Ok(Some(block)) => block,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        };
        pace.wait_until(block.start + BLOCK_DURATION);
        while let Some(notice) = source.next_notice() {
            session.push_notice(notice, sink);
        }
        while let Some(order) = controls.next_request() {
            order.execute(session, sink);
            sink.emit_snapshot(&session.snapshot());
        }
        session.step(block, sink);
        window.emit_if_due(session, sink);
    };
    while let Some(notice) = source.next_notice() {
        session.push_notice(notice, sink);
    }
    // What was asked for in the last block was asked for in the call.
    while let Some(order) = controls.next_request() {
        order.execute(session, sink);
    }
    session.finish(sink);
    sink.emit_snapshot(&session.snapshot());
    ended
}

/// What people want of a call while it runs.
pub trait Controls {
    /// Whether it is to end now.
    fn stopped(&self) -> bool;

    /// What is asked for next, if anything. Does not wait.
    fn next_request(&self) -> Option<CommandRequest> {
        None
    }
}

/// A flag that ends the call; nothing else is asked for.
impl Controls for AtomicBool {
    fn stopped(&self) -> bool {
        self.load(Ordering::Relaxed)
    }
}

/// A command, and the reply to whoever gave it.
pub struct CommandRequest {
    command: Command,
    reply: Box<dyn FnOnce(Result<(), CommandError>) + Send>,
}

impl CommandRequest {
    /// A command; `reply` is called on the call's thread once it was carried out or refused, and may not wait.
    pub fn new(command: Command, reply: impl FnOnce(Result<(), CommandError>) + Send + 'static) -> Self {
        Self { command, reply: Box::new(reply) }
    }

    fn execute(self, session: &mut Session, sink: &mut dyn Sink) {
        (self.reply)(session.execute(self.command, sink));
    }
}

/// Commands that come from another thread.
pub struct CommandQueue {
    stop: Arc<AtomicBool>,
    requests: Receiver<CommandRequest>,
}

/// The end that gives commands, and the one that [`drive`] takes them from; `stop` ends the call. A full queue refuses:
/// see [`SyncSender::try_send`]. Commands that nobody takes any more are dropped with their replies.
pub fn command_queue(stop: Arc<AtomicBool>) -> (SyncSender<CommandRequest>, CommandQueue) {
    let (give, waiting) = sync_channel(QUEUE_CAPACITY);
    (give, CommandQueue { stop, requests: waiting })
}

impl Controls for CommandQueue {
    fn stopped(&self) -> bool {
        self.stop.stopped()
    }

    fn next_request(&self) -> Option<CommandRequest> {
        // Nobody who could ask is as good as nobody who asks.
        self.requests.try_recv().ok()
    }
}

/// How fast a call runs.
pub trait Pacer {
    /// Returns when the call may have come to `at`.
    fn wait_until(&mut self, at: SampleTime);
}

/// As fast as the processor allows; for a live source too, which waits by itself.
pub struct Unpaced;

impl Pacer for Unpaced {
    fn wait_until(&mut self, _: SampleTime) {}
}

/// In real time.
pub struct RealTime {
    began: Instant,
}

impl RealTime {
    /// A call that begins now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the pace of life needs a clock; the call's times do not come from it"
    )]
    pub fn start() -> Self {
        Self { began: Instant::now() }
    }
}

impl Pacer for RealTime {
    #[expect(clippy::disallowed_methods, reason = "waiting for the time of day is what this is for")]
    fn wait_until(&mut self, at: SampleTime) {
        let due = self.began + Duration::from_millis(at.as_ms());
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
}

/// What is shown at once when it changes.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct DisplayState {
    phase: SessionPhase,
    speaking: PerTrack<bool>,
    floor: Floor,
    waiting: bool,
    nudge: Option<(NudgeKind, SampleTime)>,
    losing: PerTrack<bool>,
    stopped: Option<StopReason>,
    /// What was offered.
    offers: (usize, bool),
}

/// Decides when a snapshot is due.
#[derive(Default)]
struct SnapshotThrottle {
    last_state: DisplayState,
    last_emitted: SampleTime,
}

impl SnapshotThrottle {
    fn emit_if_due(&mut self, session: &Session, sink: &mut dyn Sink) {
        let snapshot = session.snapshot();
        let states = DisplayState::from_snapshot(&snapshot);
        if states != self.last_state || snapshot.now - self.last_emitted >= SNAPSHOT_INTERVAL {
            self.last_state = states;
            self.last_emitted = snapshot.now;
            sink.emit_snapshot(&snapshot);
        }
    }
}

impl DisplayState {
    fn from_snapshot(snapshot: &Snapshot) -> Self {
        Self {
            phase: snapshot.phase,
            speaking: snapshot.speaking,
            floor: snapshot.floor,
            waiting: snapshot.good_wait,
            nudge: snapshot.nudge.as_ref().map(|nudge| (nudge.kind(), nudge.at)),
            losing: snapshot.losing_since.map(|since| since.is_some()),
            stopped: snapshot.stopped,
            offers: (snapshot.agenda.iter().filter(|item| item.offered).count(), snapshot.stuck),
        }
    }
}
