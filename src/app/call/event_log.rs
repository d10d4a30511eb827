//! A call's events in memory, on their way to the overlay; what matters at once is told to the user.

use std::sync::Arc;

use crate::app::recognizer_report::RecognizerMeter;
use crate::app::{Notifier, UserNotice};
use crate::asr::TranscriberStatus;
use crate::server::Feed;
use crate::session::{Event, Sink, Snapshot};
use crate::time::SampleTime;

/// Keeps a call's events in memory, passes them to the overlay, and tells the user what matters at once.
pub(super) struct CallEventLog {
    pub(super) events: Vec<(SampleTime, Event)>,
    feed: Feed,
    notifier: Arc<dyn Notifier>,
    recognizer: RecognizerMeter,
    /// Whether the user was told that there will be no words.
    is_text_missing_told: bool,
}

impl CallEventLog {
    /// For a call in which nothing has happened yet.
    pub(super) fn new(feed: Feed, notifier: Arc<dyn Notifier>) -> Self {
        let recognizer = RecognizerMeter::default();
        Self { events: Vec::new(), feed, notifier, recognizer, is_text_missing_told: false }
    }
}

impl Sink for CallEventLog {
    fn emit(&mut self, at: SampleTime, event: Event) {
        if let Event::Notice(notice) = &event {
            self.notifier.notify(UserNotice::Source(notice.clone()));
        }
        self.recognizer.observe(at, &event);
        self.feed.emit(at, event.clone());
        self.events.push((at, event));
    }

    fn erase(&mut self, from: SampleTime) {
        self.events.erase(from);
        self.feed.erase(from);
    }

    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        self.feed.emit_snapshot(snapshot);
        if let TranscriberStatus::Broken(cause) = &snapshot.transcriber.status
            && !std::mem::replace(&mut self.is_text_missing_told, true)
        {
            self.notifier.notify(UserNotice::WithoutWords { cause: cause.clone() });
        }
        self.notifier.notify(UserNotice::Progress { now: snapshot.now, ended: snapshot.ended() });
        if let Some(report) = self.recognizer.observe_snapshot(snapshot) {
            self.notifier.notify(UserNotice::Recognizer(report));
        }
    }
}
