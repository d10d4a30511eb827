//! A call's events in memory, on their way to the overlay; what matters at once is told on the terminal.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressStyle};

use crate::asr::TranscriberStatus;
use crate::server::Feed;
use crate::session::{Event, Sink, Snapshot};
use crate::source::Notice;
use crate::time::{SampleTime, Samples};

/// Keeps a call's events in memory, passes them to the overlay, and tells the user what matters at once.
pub(super) struct CallEventLog {
    pub(super) events: Vec<(SampleTime, Event)>,
    feed: Feed,
    bar: Option<ProgressBar>,
    /// Whether the user was told that there will be no words.
    text_warning_shown: bool,
}

impl CallEventLog {
    /// A journal for a call, of this length where a progress bar is wanted.
    pub(super) fn new(feed: Feed, length: Option<Samples>) -> Self {
        let bar = length.filter(|_| stderr().is_terminal()).map(|length| {
            let style = ProgressStyle::with_template("{bar:40} {percent:>3} % of the call, {eta} left");
            ProgressBar::new(length.as_ms()).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { events: Vec::new(), feed, bar, text_warning_shown: false }
    }

    #[expect(clippy::print_stderr, reason = "the command line's own voice")]
    fn print(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => eprintln!("{text}"),
        }
    }
}

impl Sink for CallEventLog {
    fn emit(&mut self, at: SampleTime, event: Event) {
        if let Event::Notice(notice) = &event {
            self.print(&warning(notice));
        }
        self.feed.emit(at, event.clone());
        self.events.push((at, event));
    }

    fn erase(&mut self, from: SampleTime) {
        self.events.erase(from);
        self.feed.erase(from);
    }

    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        self.feed.emit_snapshot(snapshot);
        if let TranscriberStatus::Broken(why) = &snapshot.transcriber.status
            && !std::mem::replace(&mut self.text_warning_shown, true)
        {
            self.print(&format!("keicho: warning: this call goes without words: {why}"));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(snapshot.now.as_ms());
            if snapshot.ended() {
                bar.finish_and_clear();
            }
        }
    }
}

/// What a source says of itself, for the terminal.
pub(super) fn warning(notice: &Notice) -> String {
    match notice {
        Notice::CutShort { path, at } => {
            format!("keicho: warning: {} is cut short and ends at {at}; what is there was analysed", path.display())
        }
        Notice::SameChannels { path } => format!(
            "keicho: warning: both channels of {} hold the same sound, so whose it is cannot be told and the figures mean \
             nothing; record each side in a channel or a file of its own",
            path.display()
        ),
        Notice::DeviceGone { device, .. } => {
            format!("keicho: warning: {device} sends nothing; check that it is connected. The call goes on without it")
        }
        Notice::DeviceBack { device, .. } => format!("keicho: {device} is heard again"),
    }
}
