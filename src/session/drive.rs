//! The one driver: a source's blocks through a session, at a pace.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::audio::{PerTrack, STEP};
use crate::nudges::Kind;
use crate::session::{Session, Sink, Snapshot};
use crate::source::{Source, SourceError};
use crate::time::{SampleTime, Samples};
use crate::turns::Floor;

/// Level-like figures are shown at most this often.
const SHOWN_EVERY: Samples = Samples::from_ms(100);

/// Runs the call to its end, or until `stop` is set; then settles it.
///
/// # Errors
/// When the source cannot go on. The call up to there is settled all the same.
pub fn drive(
    source: &mut dyn Source,
    session: &mut Session,
    pace: &mut dyn Pace,
    stop: &AtomicBool,
    sink: &mut dyn Sink,
) -> Result<(), SourceError> {
    let mut window = Window::default();
    let ended = loop {
        if stop.load(Ordering::Relaxed) {
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
    speaking: PerTrack<bool>,
    floor: Floor,
    waiting: bool,
    nudge: Option<(Kind, SampleTime)>,
    losing: PerTrack<bool>,
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
            speaking: snapshot.speaking,
            floor: snapshot.floor,
            waiting: snapshot.waiting,
            nudge: snapshot.nudge.as_ref().map(|nudge| (nudge.kind(), nudge.at)),
            losing: snapshot.losing,
        }
    }
}
