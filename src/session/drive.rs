//! The one driver: a source's blocks through a session, at a pace.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crate::audio::{PerTrack, STEP};
use crate::nudges::{Kind, Stopped};
use crate::session::{Command, Refused, Session, Sink, Snapshot, State};
use crate::source::{Source, SourceError};
use crate::time::{SampleTime, Samples};
use crate::turns::Floor;

/// Level-like figures are shown at most this often.
const SHOWN_EVERY: Samples = Samples::from_ms(100);

/// So many commands may wait; a person gives one a second at the most.
const ORDERS: usize = 16;

/// Runs the call to its end, or until it is stopped; then settles it. Commands are carried out between two blocks.
///
/// # Errors
/// When the source cannot go on. The call up to there is settled all the same.
pub fn drive(
    source: &mut dyn Source,
    session: &mut Session,
    pace: &mut dyn Pace,
    controls: &dyn Controls,
    sink: &mut dyn Sink,
) -> Result<(), SourceError> {
    let mut window = Window::default();
    let ended = loop {
        if controls.stopped() {
            break Ok(());
        }
        let block = match source.next() {
            Ok(Some(block)) => block,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        };
        pace.wait(block.start + STEP);
        while let Some(notice) = source.notice() {
            session.notice(notice, sink);
        }
        while let Some(order) = controls.order() {
            order.carry_out(session, sink);
            sink.see(&session.snapshot());
        }
        session.step(block, sink);
        window.show(session, sink);
    };
    while let Some(notice) = source.notice() {
        session.notice(notice, sink);
    }
    session.finish(sink);
    sink.see(&session.snapshot());
    ended
}

/// What people want of a call while it runs.
pub trait Controls {
    /// Whether it is to end now.
    fn stopped(&self) -> bool;

    /// What is asked for next, if anything. Does not wait.
    fn order(&self) -> Option<Order> {
        None
    }
}

/// A flag that ends the call; nothing else is asked for.
impl Controls for AtomicBool {
    fn stopped(&self) -> bool {
        self.load(Ordering::Relaxed)
    }
}

/// A command, and who is told what became of it.
pub struct Order {
    command: Command,
    answer: Box<dyn FnOnce(Result<(), Refused>) + Send>,
}

impl Order {
    /// A command; `answer` is called on the call's thread once it was carried out or refused, and may not wait.
    pub fn new(command: Command, answer: impl FnOnce(Result<(), Refused>) + Send + 'static) -> Self {
        Self { command, answer: Box::new(answer) }
    }

    fn carry_out(self, session: &mut Session, sink: &mut dyn Sink) {
        (self.answer)(session.command(self.command, sink));
    }
}

/// Orders that come from another thread.
pub struct Orders {
    stop: Arc<AtomicBool>,
    waiting: Receiver<Order>,
}

/// The end that gives orders, and the one that [`drive`] takes them from; `stop` ends the call. A full queue refuses: see
/// [`SyncSender::try_send`]. Orders that nobody takes any more are dropped with their answers.
pub fn orders(stop: Arc<AtomicBool>) -> (SyncSender<Order>, Orders) {
    let (give, waiting) = sync_channel(ORDERS);
    (give, Orders { stop, waiting })
}

impl Controls for Orders {
    fn stopped(&self) -> bool {
        self.stop.stopped()
    }

    fn order(&self) -> Option<Order> {
        // Nobody who could ask is as good as nobody who asks.
        self.waiting.try_recv().ok()
    }
}

/// How fast a call runs.
pub trait Pace {
    /// Returns when the call may have come to `at`.
    fn wait(&mut self, at: SampleTime);
}

/// As fast as the processor allows; for a live source too, which waits by itself.
pub struct Fast;

impl Pace for Fast {
    fn wait(&mut self, _: SampleTime) {}
}

/// The pace of life.
pub struct Real {
    began: Instant,
}

impl Real {
    /// A call that begins now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the pace of life needs a clock; the call's times do not come from it"
    )]
    pub fn begin() -> Self {
        Self { began: Instant::now() }
    }
}

impl Pace for Real {
    #[expect(clippy::disallowed_methods, reason = "waiting for the time of day is what this is for")]
    fn wait(&mut self, at: SampleTime) {
        let due = self.began + Duration::from_millis(at.as_ms());
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
}

/// What changes at once where it is shown.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct States {
    state: State,
    speaking: PerTrack<bool>,
    floor: Floor,
    waiting: bool,
    nudge: Option<(Kind, SampleTime)>,
    losing: PerTrack<bool>,
    stopped: Option<Stopped>,
    /// What was offered.
    offers: (usize, bool),
}

/// Decides when a snapshot is due.
#[derive(Default)]
struct Window {
    states: States,
    shown: SampleTime,
}

impl Window {
    fn show(&mut self, session: &Session, sink: &mut dyn Sink) {
        let snapshot = session.snapshot();
        let states = States::of(&snapshot);
        if states != self.states || snapshot.now - self.shown >= SHOWN_EVERY {
            self.states = states;
            self.shown = snapshot.now;
            sink.see(&snapshot);
        }
    }
}

impl States {
    fn of(snapshot: &Snapshot) -> Self {
        Self {
            state: snapshot.state,
            speaking: snapshot.speaking,
            floor: snapshot.floor,
            waiting: snapshot.waiting,
            nudge: snapshot.nudge.as_ref().map(|nudge| (nudge.kind(), nudge.at)),
            losing: snapshot.losing.map(|since| since.is_some()),
            stopped: snapshot.stopped,
            offers: (snapshot.agenda.iter().filter(|item| item.offered).count(), snapshot.stuck),
        }
    }
}
