//! One call from its first block to its summary, whatever it comes from: the threads, the overlay, the files.

mod book;
mod ending;
mod host;
mod journal;
mod library;
mod results;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};

use anyhow::{Context, anyhow};
use clap::ValueEnum;

use crate::agenda::Agenda;
use crate::asr::{Desk, NoText};
use crate::cli::explain::{self, Which};
use crate::cli::stats::Stats;
use crate::cli::text::TextPlan;
use crate::config::OffRecord;
use crate::prepare::{self, Choices, Hearing, listen};
use crate::server::{Feed, ServerSetup};
use crate::session::{Fast, Orders, Pace, Real, Session, Setup, Tee, drive};
use crate::source::{Rebased, Source, SourceError};
use crate::store::{CallFolder, Saving};
use crate::summary::CallInfo;
use crate::time::Samples;
use crate::wire::{Frame, Origin};

pub(super) use book::Book;
pub(super) use ending::Stopper;

use ending::Interrupts;
use host::{Host, News};
use journal::Journal;
use results::{Keeping, Results};

/// What is decided before a call begins.
pub(super) struct Plan {
    /// What it is called and where its results go: asked for once it begins.
    pub(super) name: Box<dyn FnMut() -> anyhow::Result<Name>>,
    /// Whether it is captured from devices.
    pub(super) live: bool,
    /// Whether it has sound.
    pub(super) sound: bool,
    /// Whether it begins on the page rather than at once.
    pub(super) on_page: bool,
    /// What is chosen unless the page chooses otherwise.
    pub(super) choices: Choices,
    /// How much is off the record at once.
    pub(super) off_record: OffRecord,
    /// What is remembered between calls; a recorded call leaves nothing in it.
    pub(super) book: Option<Book>,
    /// Everything else that is chosen.
    pub(super) setup: Setup,
    pub(super) text: TextPlan,
    pub(super) origin: Origin,
    pub(super) pace: PaceName,
    /// The overlay, and whether a browser is opened on it.
    pub(super) overlay: Option<(ServerSetup, bool)>,
    /// The call's length for a progress bar; `None` shows none.
    pub(super) progress: Option<Samples>,
    /// Events whose figures are wanted afterwards.
    pub(super) explain: Option<Which>,
    /// Whether the shared mirror is written as well.
    pub(super) mirror: bool,
}

/// What a call is called.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// A name that no other call has.
    pub(super) id: String,
    /// When it began, as RFC 3339; unknown for a recording.
    pub(super) started_at: Option<String>,
    /// The folder for the results.
    pub(super) out: PathBuf,
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
pub(super) type Open = Box<dyn FnOnce() -> Result<Box<dyn Source>, SourceError> + Send>;

/// Runs a call, and says where its summary is. Nothing is served before its source has opened, and nothing is made before
/// it begins.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the command line's own voice")]
pub(super) fn run(plan: Plan, open: Open, stopper: Stopper) -> anyhow::Result<()> {
    let (tell, news) = mpsc::sync_channel(host::QUEUE);
    let interrupts = Interrupts::catch({
        let (stopper, tell) = (stopper.clone(), tell.clone());
        move || {
            stopper.stop();
            // What does not fit is not needed: whoever empties the queue looks by itself.
            let _ = tell.try_send(News::Look);
        }
    })?;
    let (explain, mirror) = (plan.explain.clone(), plan.mirror);
    let feed = Feed::new(frame(&plan, &plan.choices));
    let (starts, start) = mpsc::sync_channel(1);
    let hearing = Audio::of(&plan, feed.clone());
    let bell = Bell(tell.clone());
    let audio = std::thread::Builder::new().name("audio".to_owned()).spawn(move || hearing.run(open, &start, &bell));
    let audio = audio.context("cannot start the audio thread")?;

    let mut host = Host::new(plan, feed.clone(), stopper.clone(), starts);
    if let Err(error) = host.run(&news, &tell) {
        // The call that cannot be kept does not go on.
        stopper.stop();
        drop((host, news));
        if audio.join().is_err() {
            tracing::error!("the audio thread failed");
        }
        return Err(error);
    }
    let ended = audio.join().map_err(|_| anyhow!("the audio thread failed; see the messages above"))??;
    let (Some(ended), Some(begun)) = (ended, host.begun.take()) else {
        if !interrupts.pressed() {
            return Err(anyhow!("the call ended before it began; try again"));
        }
        eprintln!("keicho: no call was begun, and nothing was kept");
        return Ok(());
    };
    let before = host.before(&begun.info.id)?;
    let results = Results::write(begun.folder, &begun.info, &ended.journal.events, before)?;
    host.keep(ended.keeping, &results)?;
    interrupts.forget();
    let events = Arc::new(ended.journal.events);
    host.shelve(begun.info, Arc::clone(&events), &results);
    feed.summary(results.page().to_owned());
    println!("summary: {}", results.page().display());
    if mirror {
        println!("mirror: {}", results.mirror()?.display());
    }
    if let Some(which) = &explain {
        print!("{}", explain::explain(which, &events)?);
    }
    host.leave(results, &news, &interrupts)?;
    Ok(ended.how?)
}

/// What stays the same in all snapshots of the call.
fn frame(plan: &Plan, choices: &Choices) -> Frame {
    let target = choices.own_target.unwrap_or_else(|| plan.setup.policy.target(choices.mode));
    Frame { origin: plan.origin, mode: choices.mode, target, demo_timing: plan.setup.policy.demo }
}

/// A call that has begun: what is known of it, and where it is kept.
struct Begun {
    info: CallInfo,
    folder: CallFolder,
    /// How saving goes, where it is not the driver's own doing.
    saving: Option<Saving>,
}

impl Begun {
    /// Begins a call as it is chosen, and makes its folder.
    fn now(plan: &mut Plan, choices: &Choices) -> anyhow::Result<Self> {
        let Name { id, started_at, out } = (plan.name)()?;
        let info = CallInfo {
            id,
            started_at,
            live: plan.live,
            sound: plan.sound,
            mode: choices.mode,
            target: frame(plan, choices).target,
            language: plan.text.language,
            with: choices.with.clone(),
        };
        Ok(Self { info, folder: CallFolder::at(&out)?, saving: None })
    }

    /// What the audio thread needs.
    fn start(&mut self, plan: &mut Plan, choices: &Choices, controls: Orders, feed: Feed) -> anyhow::Result<Start> {
        let setup = Setup {
            mode: choices.mode,
            own_target: choices.own_target,
            icebreaker: choices.icebreaker,
            agenda: Agenda::new(choices.agenda.iter().map(String::as_str))?,
            off_record_last: plan.off_record.last,
            keep_words: plan.text.keep,
            ..plan.setup.clone()
        };
        let keeping = match &mut plan.book {
            Some(book) => {
                let journal = book.begin(&self.info, plan.text.keep, self.folder.path())?;
                self.saving = Some(journal.saving());
                Keeping::Book(journal)
            }
            None => Keeping::File(self.folder.journal()?),
        };
        Ok(Start { setup, controls, keeping, journal: Journal::new(feed, plan.progress) })
    }
}

/// A call that is to begin now.
struct Start {
    setup: Setup,
    controls: Orders,
    keeping: Keeping,
    journal: Journal,
}

/// A call that has ended.
struct Ended {
    how: Result<(), SourceError>,
    keeping: Keeping,
    journal: Journal,
}

/// Tells the main thread that the audio thread is through, however that came about.
struct Bell(SyncSender<News>);

impl Drop for Bell {
    fn drop(&mut self) {
        // Nobody listens any more where the main thread has failed.
        let _ = self.0.send(News::Ended);
    }
}

/// The audio thread: the source, before the call and in it.
struct Audio {
    on_page: bool,
    behind: bool,
    pace: PaceName,
    text: TextPlan,
    /// How a call of this plan begins.
    setup: Setup,
    feed: Feed,
}

impl Audio {
    fn of(plan: &Plan, feed: Feed) -> Self {
        Self {
            on_page: plan.on_page,
            // A live call, and one at the pace of life, never wait for their words.
            behind: plan.live || plan.pace == PaceName::Real,
            pace: plan.pace,
            text: plan.text.clone(),
            setup: plan.setup.clone(),
            feed,
        }
    }

    /// Opens the source, and runs the call once it is to begin; `None` where it never does.
    fn run(self, open: Open, starts: &Receiver<Start>, bell: &Bell) -> Result<Option<Ended>, SourceError> {
        let mut source = open()?;
        // The main thread is gone only where it has failed, and says so itself.
        if bell.0.send(News::Opened).is_err() {
            return Ok(None);
        }
        let mut stats = self.text.stats.then(Stats::default);
        let desk = self.text.desk(self.behind);
        let start = match self.on_page {
            false => starts.recv().ok(),
            true => {
                let (begun, start) = before(source, &self.setup, &self.feed, &*desk, starts)?;
                source = begun;
                start
            }
        };
        let Some(Start { setup, controls, mut keeping, mut journal }) = start else { return Ok(None) };
        let mut session = Session::new(&setup, desk);
        let mut pace = pace(self.pace);
        let kept = &mut Tee(keeping.sink(), &mut journal);
        let how = match &mut stats {
            Some(stats) => drive(&mut *source, &mut session, &mut *pace, &controls, &mut Tee(kept, stats)),
            None => drive(&mut *source, &mut session, &mut *pace, &controls, kept),
        };
        Ok(Some(Ended { how, keeping, journal }))
    }
}

/// Listens to the source until the call begins; gives the source as the call's own, and what begins. The desk is open
/// already, so that its model is loaded by then.
#[expect(clippy::print_stderr, reason = "the command line's own voice")]
fn before(
    mut source: Box<dyn Source>,
    setup: &Setup,
    feed: &Feed,
    desk: &dyn Desk,
    starts: &Receiver<Start>,
) -> Result<(Box<dyn Source>, Option<Start>), SourceError> {
    let mut blank = Session::new(setup, Box::new(NoText::default())).snapshot();
    let (mut said, mut start) = (Vec::new(), None);
    let mut begins = || match starts.try_recv() {
        Ok(given) => {
            start = Some(given);
            true
        }
        // Where the main thread is gone nothing will begin.
        Err(error) => error == mpsc::TryRecvError::Disconnected,
    };
    let mut tell = |news| match news {
        prepare::News::Standing(standing) => {
            blank.text.standing = desk.standing();
            feed.prepare(&blank, &standing);
        }
        prepare::News::Notice(notice) => {
            eprintln!("{}", journal::warning(&notice));
            said.push(notice);
        }
    };
    let from = listen(&mut *source, &mut Hearing::new(&setup.detector), &mut begins, &mut tell)?;
    match from {
        Some(from) => Ok((Box::new(Rebased::new(source, from, said)), start)),
        None => Ok((source, None)),
    }
}

fn pace(pace: PaceName) -> Box<dyn Pace> {
    match pace {
        PaceName::Fast => Box::new(Fast),
        PaceName::Real => Box::new(Real::begin()),
    }
}
