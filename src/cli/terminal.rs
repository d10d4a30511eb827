//! The application's notices, as the terminal shows them.

use std::io::{IsTerminal as _, stderr, stdin};
use std::path::PathBuf;
use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressStyle};

use crate::app::{AppError, Interrupter, Notifier, RecognizerReport, UserNotice};
use crate::asr::TranscriberStatus;
use crate::audio::PerTrack;
use crate::cli::console;
use crate::session::{Latency, LatencyHistogram};
use crate::source::Notice;
use crate::source::file::TrackName;
use crate::time::Samples;

/// Prints the application's notices: results on stdout, everything else on stderr.
#[derive(Default)]
pub(super) struct Terminal {
    bar: Option<ProgressBar>,
    prints_stats: bool,
    /// Takes the folder that the user names for a call that cannot be saved where it should be.
    interrupter: OnceLock<Interrupter>,
}

impl Terminal {
    /// Shows how far a call of this length is, unless stderr is no terminal or the length is not known.
    pub(super) fn with_progress(self, length: Option<Samples>) -> Self {
        let bar = length.filter(|_| stderr().is_terminal()).map(|length| {
            let style = ProgressStyle::with_template("{bar:40} {percent:>3}% of the call, {eta} left");
            ProgressBar::new(length.as_ms()).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar, ..self }
    }

    /// Prints how the recogniser keeps up, if the user wants to know it.
    pub(super) fn with_stats(self, prints_stats: bool) -> Self {
        Self { prints_stats, ..self }
    }

    /// The call whose notices are printed.
    pub(super) fn set_call(&self, interrupter: Interrupter) {
        // There is one call in a process; a second would be none of this terminal's.
        let _ = self.interrupter.set(interrupter);
    }

    /// Reads the name of another folder for a call that cannot be saved, if somebody is there to type it.
    fn read_folder(&self) {
        let Some(interrupter) = self.interrupter.get().cloned() else { return };
        if !stdin().is_terminal() || !is_in_foreground() {
            return;
        }
        let reader = std::thread::Builder::new().name("terminal".to_owned()).spawn(move || {
            for line in stdin().lines().map_while(Result::ok) {
                if !line.trim().is_empty() {
                    interrupter.save_elsewhere(PathBuf::from(line.trim()));
                }
            }
        });
        if reader.is_ok() {
            self.print("keicho: or type another folder for it here, and press Enter");
        }
    }

    fn print(&self, line: &str) {
        match self.bar.as_ref().filter(|bar| !bar.is_finished()) {
            Some(bar) => bar.println(line),
            None => console::report(line),
        }
    }
}

impl Notifier for Terminal {
    fn notify(&self, notice: UserNotice) {
        match notice {
            UserNotice::OverlayServed { url } => console::announce(format_args!("overlay: {url}")),
            UserNotice::Progress { now, ended } => {
                if let Some(bar) = &self.bar {
                    bar.set_position(now.as_ms());
                    if ended {
                        bar.finish_and_clear();
                    }
                }
            }
            UserNotice::Recognizer(report) if self.prints_stats => self.print(&stats_line(&report)),
            UserNotice::Latency(latency) if self.prints_stats => self.print(&latency_line(&latency)),
            other => {
                let is_held = matches!(other, UserNotice::WaitingForRoom { .. });
                if let Some(sentence) = sentence(other) {
                    self.print(&format!("keicho: {sentence}"));
                }
                if is_held {
                    self.read_folder();
                }
            }
        }
    }
}

/// Whether the terminal is this program's to read from: one in the background would be stopped if it tried. Known on
/// Linux alone, where the process's group and that of the terminal's foreground are fields 5 and 8 of its `stat`.
fn is_in_foreground() -> bool {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name before them may hold anything.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    matches!((fields.get(2), fields.get(5)), (Some(own), Some(foreground)) if own == foreground)
}

/// The notice as one sentence; `None` if it is shown in another way.
fn sentence(notice: UserNotice) -> Option<String> {
    Some(match notice {
        UserNotice::OverlayServed { .. } | UserNotice::Progress { .. } => return None,
        UserNotice::Recognizer(_) | UserNotice::Latency(_) => return None,
        UserNotice::BrowserNotOpened => "no browser could be opened; open the address above in one yourself".to_owned(),
        UserNotice::NotConfined(error) => format!("warning: {error}"),
        UserNotice::WaitingForStart => "the call begins on the page. Ctrl-C leaves without one".to_owned(),
        UserNotice::Source(notice) => source_notice(&notice),
        UserNotice::SidesByTrack(PerTrack { me, them }) => {
            format!(
                "{} is taken for you and {} for the other side; --me-track {} turns that round",
                track_name(&me),
                track_name(&them),
                them.number
            )
        }
        UserNotice::WithoutWords { cause } => format!("warning: this call goes without words: {cause}"),
        UserNotice::NotSaved { cause } => {
            format!("warning: the call cannot be saved now ({cause}); it is still running, and saving is tried again")
        }
        UserNotice::SavedAgain => "the call is saved again".to_owned(),
        UserNotice::EventsLost { count } => format!(
            "warning: {count} events of the call could not be saved. Its summary at the end has them; what is made again later \
             lacks them"
        ),
        UserNotice::WaitingForRoom { cause } => format!(
            "the call is over and cannot be saved: {}. It is held in memory, and saving is tried again every 2 s. Ctrl-C \
             gives it up",
            with_causes(cause)
        ),
        UserNotice::SavedElsewhere { folder } => {
            format!("the call is in {}; the history holds no more of it than was saved by then", folder.display())
        }
        UserNotice::NotSavedElsewhere(error) => format!("the call is not saved there: {}", with_causes(error)),
        UserNotice::Unseen { ends_in } => format!(
            "no page is open any more. It still listens, and ends in {} min unless its page is opened again; the address above \
             leads there",
            ends_in.as_secs().div_ceil(60)
        ),
        UserNotice::EndedUnseen => "no page was open for long; the call ends".to_owned(),
        UserNotice::WaitingForAnswer => "all is saved; the page asks how the call felt. Ctrl-C ends at once".to_owned(),
        UserNotice::CalendarNotRead(error) => format!("warning: {error}"),
        UserNotice::NotesWritten { path } => format!("added to your notes: {}", path.display()),
        UserNotice::NotesNotWritten(error) => format!("warning: the call is not in your notes: {}", with_causes(error)),
        UserNotice::AnswerNotSaved(error) => {
            format!("what was given on the page could not be saved: {}", with_causes(error))
        }
        UserNotice::SettingsNotRead(error) => format!("the settings cannot be shown on the page: {error}"),
        UserNotice::SettingsNotSaved(error) => format!("a setting was not changed: {error}"),
        UserNotice::PageNotMade(error) => format!("a page could not be made: {}", with_causes(error)),
        UserNotice::CutOffCallEnded { id, folder } => {
            format!("the call {id} was cut off; its summary is in {}", folder.display())
        }
        UserNotice::CutOffCallNotEnded { id, error } => {
            format!("warning: the call {id} was cut off and cannot be ended yet: {}", with_causes(error))
        }
    })
}

/// An error, and what caused it.
fn with_causes(error: AppError) -> String {
    format!("{:#}", anyhow::Error::from(error))
}

fn track_name(track: &TrackName) -> String {
    match &track.name[..] {
        "" => format!("audio track {}", track.number),
        name => format!("audio track {} ({name})", track.number),
    }
}

/// A notice of the source, as a sentence.
fn source_notice(notice: &Notice) -> String {
    match notice {
        Notice::CutShort { path, at } => {
            format!("warning: {} is cut short and ends at {at}; what is there was analysed", path.display())
        }
        Notice::SameChannels { path } => format!(
            "warning: both channels of {} hold the same sound, so whose it is cannot be told and the figures mean nothing; \
             record each side in a channel or a file of its own",
            path.display()
        ),
        Notice::GuessedEnds => {
            "the transcript does not state when lines end, so the ends are guessed; interruptions, signs of \
             listening, silences and waits are not known"
                .to_owned()
        }
        Notice::DeviceGone { device, .. } => {
            format!("warning: {device} sends nothing; check that it is connected. Keicho goes on without it")
        }
        Notice::DeviceBack { device, .. } => format!("{device} is heard now"),
    }
}

/// `--stats`: how the recogniser keeps up, on one line.
fn stats_line(report: &RecognizerReport) -> String {
    let delay = |delay: Option<Samples>| delay.map_or_else(|| "–".to_owned(), |delay| delay.to_string());
    let coverage = report.coverage.map_or_else(|| "–".to_owned(), |part| format!("{:.1}%", part * 100.0));
    let status = match report.status {
        TranscriberStatus::Off => "off",
        TranscriberStatus::Loading => "loading",
        TranscriberStatus::Ready => "ready",
        TranscriberStatus::Broken(_) => "broken",
    };
    format!(
        "{} text {status}: {} utterances, {} missed; delay p50 {} p95 {}; queue {}, longest {}; coverage {coverage}",
        report.now,
        report.recognized,
        report.missed,
        delay(report.median_delay),
        delay(report.p95_delay),
        report.backlog,
        report.longest_backlog,
    )
}

/// `--stats`: how late a live call was shown, on one line.
fn latency_line(latency: &Latency) -> String {
    let one = |name: &str, histogram: &LatencyHistogram| {
        let time = |time: Option<Samples>| time.map_or_else(|| "–".to_owned(), |time| time.to_string());
        let (p50, p95, longest) = (time(histogram.median), time(histogram.p95), time(histogram.longest));
        format!("{name} {} times, p50 {p50} p95 {p95}, longest {longest}", histogram.count())
    };
    let kinds = [one("voices", &latency.mark), one("floor", &latency.floor), one("text", &latency.text)];
    format!("shown after: {}", kinds.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SampleTime;

    #[test]
    fn the_line_tells_delays_queue_and_coverage() {
        let report = RecognizerReport {
            now: SampleTime::from_ms(10_000),
            status: TranscriberStatus::Off,
            recognized: 2,
            missed: 1,
            median_delay: Some(Samples::from_ms(3_000)),
            p95_delay: Some(Samples::from_ms(3_000)),
            backlog: Samples::from_ms(1_500),
            longest_backlog: Samples::from_ms(1_500),
            coverage: Some(2.0 / 3.0),
        };
        insta::assert_snapshot!(
            stats_line(&report),
            @"0:10.0 text off: 2 utterances, 1 missed; delay p50 3.00 s p95 3.00 s; queue 1.50 s, longest 1.50 s; coverage 66.7%"
        );
    }

    #[test]
    fn how_late_a_call_was_shown_is_one_line() {
        let time = |ms| Some(Samples::from_ms(ms));
        let mark = LatencyHistogram { counts: vec![1, 2], median: time(90), p95: time(130), longest: time(140) };
        insta::assert_snapshot!(
            latency_line(&Latency { mark, ..Latency::default() }),
            @"shown after: voices 3 times, p50 0.09 s p95 0.13 s, longest 0.14 s; floor 0 times, p50 – p95 –, longest –; text 0 times, p50 – p95 –, longest –"
        );
    }

    #[test]
    fn an_error_is_told_with_its_cause() {
        let cause = std::io::Error::other("the file is locked");
        let error = AppError::WordsNotRemoved { path: "call/transcript.vtt".into(), cause };
        assert_eq!(
            sentence(UserNotice::AnswerNotSaved(error)).unwrap(),
            "what was given on the page could not be saved: cannot remove call/transcript.vtt, which holds words that are \
             not kept: the file is locked"
        );
    }
}
