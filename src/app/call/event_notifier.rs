//! What a call's events mean that the user must know at once.

use std::sync::Arc;

use crate::app::recognizer_report::RecognizerMeter;
use crate::app::{Notifier, UserNotice};
use crate::asr::TranscriberStatus;
use crate::session::{Event, Sink, Snapshot};
use crate::time::SampleTime;

/// Tells the user at once what the source says of itself, that there will be no words, and how the call and its
/// recogniser get on.
pub(super) struct EventNotifier {
    notifier: Arc<dyn Notifier>,
    recognizer: RecognizerMeter,
    /// Whether the user has been notified that there will be no words.
    has_notified_missing_text: bool,
}

impl EventNotifier {
    /// For a call in which nothing has happened yet.
    pub(super) fn new(notifier: Arc<dyn Notifier>) -> Self {
        Self { notifier, recognizer: RecognizerMeter::default(), has_notified_missing_text: false }
    }
}

impl Sink for EventNotifier {
    fn emit(&mut self, at: SampleTime, event: Event) {
        if let Event::Notice(notice) = &event {
            self.notifier.notify(UserNotice::Source(notice.clone()));
        }
        if let Event::Latency(latency) = &event {
            self.notifier.notify(UserNotice::Latency(latency.clone()));
        }
        self.recognizer.observe(at, &event);
    }

    /// A notice that was given stays given, and a delay holds nothing of what was said.
    fn erase(&mut self, _: SampleTime) {}

    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        if let TranscriberStatus::Broken(cause) = &snapshot.transcriber.status
            && !std::mem::replace(&mut self.has_notified_missing_text, true)
        {
            self.notifier.notify(UserNotice::WithoutWords { cause: cause.clone() });
        }
        self.notifier.notify(UserNotice::Progress { now: snapshot.now, ended: snapshot.ended() });
        if let Some(report) = self.recognizer.observe_snapshot(snapshot) {
            self.notifier.notify(UserNotice::Recognizer(report));
        }
    }
}
