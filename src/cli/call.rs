//! One call from its first block to its summary, whatever it comes from: the threads, the overlay, the files.

use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};

use anyhow::{Context, anyhow};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use crate::asr::Standing;
use crate::cli::explain::{self, Which};
use crate::cli::own_language;
use crate::cli::stats::Stats;
use crate::cli::text::TextPlan;
use crate::server::{Feed, Server, ServerSetup};
use crate::session::{Event, Fast, Pace, Real, Session, Setup, Sink, Snapshot, Tee, drive};
use crate::source::{Notice, Source, SourceError};
use crate::store::{CallFolder, JournalFile};
use crate::summary::{CallInfo, Summary};
use crate::time::{SampleTime, Samples};
use crate::wire::{Frame, Origin};

/// What is decided before a call begins.
pub(super) struct Plan {
    pub(super) info: CallInfo,
    pub(super) setup: Setup,
    pub(super) text: TextPlan,
    pub(super) origin: Origin,
    /// The folder for the results.
    pub(super) out: PathBuf,
    pub(super) pace: PaceName,
    /// The overlay, and whether a browser is opened on it.
    pub(super) overlay: Option<(ServerSetup, bool)>,
    /// The call's length for a progress bar; `None` shows none.
    pub(super) progress: Option<Samples>,
    /// Events whose figures are wanted afterwards.
    pub(super) explain: Option<Which>,
}

/// How fast a call runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PaceName {
    /// As fast as the source gives blocks
    Fast,
    /// At the pace of life
    Real,
}

/// Opens what the call comes from, on the thread that runs it: a live source may not leave that.
pub(super) type Begin = Box<dyn FnOnce() -> Result<Box<dyn Source>, SourceError> + Send>;

/// Runs a call, and says where its summary is. Nothing is made or served before its source has opened.
#[expect(clippy::print_stdout, reason = "the command line's own voice")]
pub(super) fn run(plan: Plan, begin: Begin, stop: Arc<AtomicBool>) -> anyhow::Result<()> {
    let (opened, when_opened) = mpsc::sync_channel(1);
    let (sinks, given_sinks) = mpsc::sync_channel::<(JournalFile, Journal)>(1);
    let setup = Setup { keep_words: plan.text.keep, ..plan.setup.clone() };
    let text = plan.text.clone();
    // A live call, and one at the pace of life, never wait for their words.
    let behind = plan.info.live || plan.pace == PaceName::Real;
    let audio = std::thread::Builder::new().name("audio".to_owned()).spawn(move || {
        let mut source = begin()?;
        // Either end is gone only where the other has failed, and says so itself.
        let (Ok(()), Ok((mut file, mut journal))) = (opened.send(()), given_sinks.recv()) else { return Ok(None) };
        let mut stats = text.stats.then(Stats::default);
        let mut session = Session::new(&setup, text.desk(behind));
        let mut pace = pace(plan.pace);
        let kept = &mut Tee(&mut file, &mut journal);
        let ended = match &mut stats {
            Some(stats) => drive(&mut *source, &mut session, &mut *pace, &*stop, &mut Tee(kept, stats)),
            None => drive(&mut *source, &mut session, &mut *pace, &*stop, kept),
        };
        Ok::<_, SourceError>(Some((ended, file, journal)))
    });
    let audio = audio.context("cannot start the audio thread")?;

    let mut server = None;
    let mut kept = None;
    let feed = Feed::new(Frame { origin: plan.origin, mode: plan.setup.mode, demo_timing: plan.setup.policy.demo });
    if when_opened.recv().is_ok() {
        let folder = CallFolder::at(&plan.out)?;
        let file = folder.journal()?;
        if let Some((setup, open)) = &plan.overlay {
            server = Some(serve(setup, *open, feed.clone())?);
        }
        kept = sinks.send((file, Journal::new(feed.clone(), plan.progress))).is_ok().then_some(folder);
    }
    let ended = audio.join().map_err(|_| anyhow!("the audio thread failed; see the messages above"))??;
    let (Some((ended, file, journal)), Some(folder)) = (ended, kept) else {
        return Err(anyhow!("the call ended before it began; try again"));
    };
    let page = finish(&plan.info, &folder, file, &journal.events)?;
    feed.summary(page.display().to_string());
    println!("summary: {}", page.display());
    if let Some(which) = &plan.explain {
        print!("{}", explain::explain(which, &journal.events)?);
    }
    if let Some(server) = server {
        server.stop();
    }
    Ok(ended?)
}

fn pace(pace: PaceName) -> Box<dyn Pace> {
    match pace {
        PaceName::Fast => Box::new(Fast),
        PaceName::Real => Box::new(Real::begin()),
    }
}

/// The files of a call that is over; returns the page's path.
fn finish(
    info: &CallInfo,
    folder: &CallFolder,
    file: JournalFile,
    events: &[(SampleTime, Event)],
) -> anyhow::Result<PathBuf> {
    let language = own_language();
    let summary = Summary::of(info, events, language);
    folder.write("summary.json", summary.json()?.as_bytes())?;
    folder.write("summary.md", summary.markdown(language).as_bytes())?;
    let page = folder.write("summary.html", summary.page(language).as_bytes())?;
    file.finish()?;
    Ok(page)
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the command line's own voice")]
fn serve(setup: &ServerSetup, open: bool, feed: Feed) -> anyhow::Result<Server> {
    let server = Server::start(setup, feed)?;
    println!("overlay: {}", server.overlay());
    if open && let Err(error) = server.open_browser() {
        eprintln!("keicho: no browser could be opened ({error}); open the address above yourself");
    }
    Ok(server)
}

/// Ends the call in order at Ctrl-C, at once at the second.
pub(super) fn at_interrupt(stop: impl Fn() + Send + 'static) -> anyhow::Result<()> {
    let asked = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        stop();
    })
    .context("cannot catch Ctrl-C")
}

/// A flag for [`run`] that Ctrl-C sets.
pub(super) fn stopped_by_interrupt() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    at_interrupt(move || flag.store(true, Ordering::Relaxed))?;
    Ok(stop)
}

/// Keeps a call's events in memory, passes them to the overlay, and tells the user what matters at once.
struct Journal {
    events: Vec<(SampleTime, Event)>,
    feed: Feed,
    bar: Option<ProgressBar>,
    /// Whether the user was told that there will be no words.
    told_of_text: bool,
}

impl Journal {
    fn new(feed: Feed, length: Option<Samples>) -> Self {
        let bar = length.filter(|_| stderr().is_terminal()).map(|length| {
            let style = ProgressStyle::with_template("{bar:40} {percent:>3} % of the call, {eta} left");
            ProgressBar::new(length.as_ms()).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { events: Vec::new(), feed, bar, told_of_text: false }
    }

    #[expect(clippy::print_stderr, reason = "the command line's own voice")]
    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => eprintln!("{text}"),
        }
    }
}

impl Sink for Journal {
    fn emit(&mut self, at: SampleTime, event: Event) {
        if let Event::Notice(notice) = &event {
            self.say(&warning(notice));
        }
        self.feed.emit(at, event.clone());
        self.events.push((at, event));
    }

    fn erase(&mut self, from: SampleTime) {
        self.events.erase(from);
        self.feed.erase(from);
    }

    fn see(&mut self, snapshot: &Snapshot) {
        self.feed.see(snapshot);
        if let Standing::Broken(why) = &snapshot.text.standing
            && !std::mem::replace(&mut self.told_of_text, true)
        {
            self.say(&format!("keicho: warning: this call goes without words: {why}"));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(snapshot.now.as_ms());
            if snapshot.ended() {
                bar.finish_and_clear();
            }
        }
    }
}

fn warning(notice: &Notice) -> String {
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
