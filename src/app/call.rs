//! One call from its first block to its summary, whatever it comes from: the threads, the overlay, the files.

mod controller;
mod event_log;
mod results;
mod stop;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};

use anyhow::{Context, anyhow};

use crate::agenda::Agenda;
use crate::app::call_records::CallRecords;
use crate::app::explain::{self, EventSelector};
use crate::app::stats::RecognizerStats;
use crate::app::text::TextPlan;
use crate::asr::{NoText, Transcriber};
use crate::config::OffRecordLengths;
use crate::frontend::FrontEnd;
use crate::prepare::{self, Choices, SoundCheck, run_sound_check};
use crate::records::{CallRecord, Origin};
use crate::server::{Feed, ServerSetup};
use crate::session::{CommandQueue, Pacer, RealTime, Session, SessionSetup, Tee, Unpaced, drive};
use crate::source::{RebasedSource, Source, SourceError};
use crate::store::{CallFolder, Saving};
use crate::time::Samples;
use crate::wire::CallSettings;

pub(crate) use stop::Stopper;

use controller::{CallController, ControllerEvent};
use event_log::CallEventLog;
use results::{CallResults, JournalTarget};
use stop::Interrupts;

/// What is decided before a call begins.
pub(crate) struct CallPlan {
    /// What it is called and where its results go: asked for once it begins.
    pub(crate) name_call: Box<dyn FnMut() -> anyhow::Result<CallName>>,
    /// Whether it begins on the page rather than at once.
    pub(crate) begins_on_page: bool,
    /// What is chosen unless the page chooses otherwise.
    pub(crate) choices: Choices,
    /// How much is off the record at once.
    pub(crate) off_record: OffRecordLengths,
    /// What is remembered between calls; a recorded call leaves nothing in it.
    pub(crate) records: Option<CallRecords>,
    /// Everything else that is chosen.
    pub(crate) setup: SessionSetup,
    pub(crate) text: TextPlan,
    /// Where it comes from.
    pub(crate) origin: Origin,
    pub(crate) pace: CallPace,
    /// The overlay, and whether a browser is opened on it.
    pub(crate) overlay: Option<(ServerSetup, bool)>,
    /// The call's length for a progress bar; `None` shows none.
    pub(crate) progress: Option<Samples>,
    /// Events whose figures are wanted afterwards.
    pub(crate) explain: Option<EventSelector>,
    /// Whether the shared mirror is written as well.
    pub(crate) mirror: bool,
}

/// What a call is called.
#[derive(Clone, Debug)]
pub(crate) struct CallName {
    /// A name that no other call has.
    pub(crate) id: String,
    /// When it began, as RFC 3339; unknown for a recording.
    pub(crate) started_at: Option<String>,
    /// The folder for the results.
    pub(crate) out: PathBuf,
}

/// How fast a call runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallPace {
    /// As fast as the source gives blocks.
    Fast,
    /// At the pace of life.
    Real,
}

/// Opens what the call comes from, on the thread that runs it: a live source may not leave that.
pub(crate) type OpenSource = Box<dyn FnOnce() -> Result<Box<dyn Source>, SourceError> + Send>;

/// Runs a call, and says where its summary is. Nothing is served before its source has opened, and nothing is made before
/// it begins.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the command line's own voice")]
pub(crate) fn run(plan: CallPlan, open: OpenSource, stopper: Stopper) -> anyhow::Result<()> {
    let (tell, news) = mpsc::sync_channel(controller::QUEUE);
    let interrupts = Interrupts::catch({
        let (stopper, tell) = (stopper.clone(), tell.clone());
        move || {
            stopper.stop();
            // What does not fit is not needed: whoever empties the queue looks by itself.
            let _ = tell.try_send(ControllerEvent::Wake);
        }
    })?;
    let (explain, mirror) = (plan.explain.clone(), plan.mirror);
    let feed = Feed::new(frame(&plan, &plan.choices));
    let (starts, start) = mpsc::sync_channel(1);
    let hearing = AudioThread::new(&plan, feed.clone());
    let bell = EndSignal(tell.clone());
    let audio = std::thread::Builder::new().name("audio".to_owned()).spawn(move || hearing.run(open, &start, &bell));
    let audio = audio.context("cannot start the audio thread")?;

    let mut host = CallController::new(plan, feed.clone(), stopper.clone(), starts);
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
    let (Some(ended), Some(begun)) = (ended, host.started.take()) else {
        if !interrupts.pressed() {
            return Err(anyhow!("the call ended before it began; try again"));
        }
        eprintln!("keicho: no call was begun, and nothing was kept");
        return Ok(());
    };
    let before = host.prior_calls(&begun.record.id)?;
    let results = CallResults::write(begun.folder, &begun.record, &ended.journal.events, before)?;
    host.save(ended.journal_target, &results)?;
    interrupts.reset();
    let events = Arc::new(ended.journal.events);
    host.publish_summary(begun.record, Arc::clone(&events), &results);
    feed.publish_summary(results.page().to_owned());
    println!("summary: {}", results.page().display());
    if mirror {
        println!("mirror: {}", results.mirror()?.display());
    }
    if let Some(which) = &explain {
        print!("{}", explain::explain(which, &events)?);
    }
    host.finish(results, &news, &interrupts)?;
    Ok(ended.result?)
}

/// What stays the same in all snapshots of the call.
fn frame(plan: &CallPlan, choices: &Choices) -> CallSettings {
    let target = choices.own_target.unwrap_or_else(|| plan.setup.policy.target(choices.mode));
    CallSettings { origin: plan.origin, mode: choices.mode, target, demo_timing: plan.setup.policy.demo }
}

/// A call that has begun: what is known of it, and where it is kept.
struct StartedCall {
    record: CallRecord,
    folder: CallFolder,
    /// How saving goes, where it is not the driver's own doing.
    saving: Option<Saving>,
}

impl StartedCall {
    /// Begins a call as it is chosen, and makes its folder.
    fn begin(plan: &mut CallPlan, choices: &Choices) -> anyhow::Result<Self> {
        let CallName { id, started_at, out } = (plan.name_call)()?;
        let folder = CallFolder::create(&out)?;
        let record = CallRecord {
            id,
            started_at,
            origin: plan.origin,
            mode: choices.mode,
            target: frame(plan, choices).target,
            language: plan.text.language,
            with: choices.with.clone(),
            keep_words: plan.text.keep_words,
            folder: folder.path().to_owned(),
        };
        Ok(Self { record, folder, saving: None })
    }

    /// What the audio thread needs.
    fn prepare_start(
        &mut self,
        plan: &mut CallPlan,
        choices: &Choices,
        controls: CommandQueue,
        feed: Feed,
    ) -> anyhow::Result<AudioStart> {
        let setup = SessionSetup {
            mode: choices.mode,
            own_target: choices.own_target,
            icebreaker: choices.icebreaker,
            agenda: Agenda::new(choices.agenda.iter().map(String::as_str))?,
            off_record_last: plan.off_record.last,
            keep_words: plan.text.keep_words,
            ..plan.setup.clone()
        };
        let keeping = match &mut plan.records {
            Some(book) => {
                let journal = book.begin_call(&self.record)?;
                self.saving = Some(journal.saving());
                JournalTarget::Store(journal)
            }
            None => JournalTarget::File(self.folder.create_events_file()?),
        };
        Ok(AudioStart { setup, controls, journal_target: keeping, journal: CallEventLog::new(feed, plan.progress) })
    }
}

/// A call that is to begin now.
struct AudioStart {
    setup: SessionSetup,
    controls: CommandQueue,
    journal_target: JournalTarget,
    journal: CallEventLog,
}

/// A call that has ended.
struct AudioResult {
    result: Result<(), SourceError>,
    journal_target: JournalTarget,
    journal: CallEventLog,
}

/// Tells the main thread that the audio thread is through, however that came about.
struct EndSignal(SyncSender<ControllerEvent>);

impl Drop for EndSignal {
    fn drop(&mut self) {
        // Nobody listens any more where the main thread has failed.
        let _ = self.0.send(ControllerEvent::AudioEnded);
    }
}

/// The audio thread: the source, before the call and in it.
struct AudioThread {
    begins_on_page: bool,
    text_in_background: bool,
    pace: CallPace,
    text: TextPlan,
    /// How a call of this plan begins.
    setup: SessionSetup,
    feed: Feed,
}

impl AudioThread {
    fn new(plan: &CallPlan, feed: Feed) -> Self {
        Self {
            begins_on_page: plan.begins_on_page,
            // A live call, and one at the pace of life, never wait for their words.
            text_in_background: plan.origin == Origin::Live || plan.pace == CallPace::Real,
            pace: plan.pace,
            text: plan.text.clone(),
            setup: plan.setup.clone(),
            feed,
        }
    }

    /// Opens the source, and runs the call once it is to begin; `None` where it never does.
    fn run(
        self,
        open: OpenSource,
        starts: &Receiver<AudioStart>,
        bell: &EndSignal,
    ) -> Result<Option<AudioResult>, SourceError> {
        let source = open()?;
        // The main thread is gone only where it has failed, and says so itself.
        if bell.0.send(ControllerEvent::SourceOpened).is_err() {
            return Ok(None);
        }
        let mut stats = self.text.stats.then(RecognizerStats::default);
        let desk = self.text.transcriber(self.text_in_background);
        let Listened { mut source, start, front_end } = match self.begins_on_page {
            false => Listened { source, start: starts.recv().ok(), front_end: FrontEnd::new(&self.setup.detector) },
            true => listen_until_start(source, &self.setup, &self.feed, &*desk, starts)?,
        };
        let Some(AudioStart { setup, controls, journal_target: mut keeping, mut journal }) = start else {
            return Ok(None);
        };
        let mut session = Session::with_front_end(&setup, desk, front_end);
        let mut pace = pace(self.pace);
        let kept = &mut Tee(keeping.sink(), &mut journal);
        let how = match &mut stats {
            Some(stats) => drive(&mut *source, &mut session, &mut *pace, &controls, &mut Tee(kept, stats)),
            None => drive(&mut *source, &mut session, &mut *pace, &controls, kept),
        };
        Ok(Some(AudioResult { result: how, journal_target: keeping, journal }))
    }
}

/// A source that was listened to before its call.
struct Listened {
    /// The source; what it gives is the call's own, from zero on, if one begins.
    source: Box<dyn Source>,
    /// What begins; `None` if nothing does.
    start: Option<AudioStart>,
    /// What has learned of the two sides by then.
    front_end: FrontEnd,
}

/// Listens to the source until the call begins. The transcriber is open already, so that its model is loaded by then.
#[expect(clippy::print_stderr, reason = "the command line's own voice")]
fn listen_until_start(
    mut source: Box<dyn Source>,
    setup: &SessionSetup,
    feed: &Feed,
    desk: &dyn Transcriber,
    starts: &Receiver<AudioStart>,
) -> Result<Listened, SourceError> {
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
        prepare::SoundCheckUpdate::Status(standing) => {
            blank.transcriber.status = desk.status();
            feed.publish_preparation(&blank, &standing);
        }
        prepare::SoundCheckUpdate::Notice(notice) => {
            eprintln!("{}", event_log::warning(&notice));
            said.push(notice);
        }
    };
    let mut sound_check = SoundCheck::new(&setup.detector);
    let from = run_sound_check(&mut *source, &mut sound_check, &mut begins, &mut tell)?;
    let front_end = sound_check.into_front_end();
    match from {
        Some(from) => Ok(Listened { source: Box::new(RebasedSource::new(source, from, said)), start, front_end }),
        None => Ok(Listened { source, start: None, front_end }),
    }
}

fn pace(pace: CallPace) -> Box<dyn Pacer> {
    match pace {
        CallPace::Fast => Box::new(Unpaced),
        CallPace::Real => Box::new(RealTime::start()),
    }
}
