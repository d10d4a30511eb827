//! One call from its first block to its summary, whatever it comes from: the threads, the overlay, the files.

mod audio_thread;
mod controller;
mod controller_event;
mod event_notifier;
mod journal_target;
mod latency_sink;
mod plan;
mod stop;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};

use jiff::Zoned;

use crate::agenda::{Agenda, Notes};
use crate::app::explain::{EvidenceLog, explain};
use crate::app::exports::SummarizedCall;
use crate::app::{AppError, CallRecords, EventSelector, Notifier, UserNotice};
use crate::confinement::confine_process;
use crate::prepare::Choices;
use crate::records::CallRecord;
use crate::report::summary::Summary;
use crate::server::{BoundPort, Feed};
use crate::session::{CommandQueue, Event, SessionSetup};
use crate::store::{CallFolder, Journal, Saving, StoreError};
use crate::time::SampleTime;

pub use controller::{UnseenLimits, UserSettings};
pub use plan::{CallKeeping, CallPace, CallPlan, OpenSource, OverlayPlan};
pub use stop::{Interrupter, Stopper};

use audio_thread::{AudioStart, AudioThread, EndSignal};
use controller::CallController;
use controller_event::ControllerEvent;
use journal_target::JournalTarget;

/// A call that is decided on and has not begun.
pub struct Call {
    plan: CallPlan,
    open: OpenSource,
    stopper: Stopper,
    notifier: Arc<dyn Notifier>,
    interrupter: Interrupter,
    queue: (SyncSender<ControllerEvent>, Receiver<ControllerEvent>),
}

impl Call {
    /// A call of this plan. Its source is opened when it runs, and ended by the stopper.
    pub fn new(plan: CallPlan, open: OpenSource, stopper: Stopper, notifier: Arc<dyn Notifier>) -> Self {
        let queue = mpsc::sync_channel(controller_event::QUEUE);
        let interrupter = Interrupter::new(stopper.clone(), queue.0.clone());
        Self { plan, open, stopper, notifier, interrupter, queue }
    }

    /// What ends it from another thread.
    pub fn interrupter(&self) -> Interrupter {
        self.interrupter.clone()
    }

    /// Runs the call to its end, writes its files and saves it; `None` if it was ended before it began. Nothing is
    /// served before its source has opened, and nothing is written before it begins.
    ///
    /// # Errors
    /// When the source cannot be opened, the overlay cannot be served, or the call cannot be kept. A source that fails
    /// during the call ends it, and so does a part of the program; that error comes from [`FinishedCall::close`].
    pub fn run(self) -> Result<Option<FinishedCall>, AppError> {
        let Self { mut plan, open, stopper, notifier, interrupter, queue: (sender, events) } = self;
        let language = plan.language;
        plan.add_language_prior()?;
        // Bound before the network is given up, and served once the source is open.
        let port = plan.overlay.as_ref().map(|overlay| BoundPort::bind(overlay.server.port)).transpose()?;
        if plan.gives_up_network
            && let Err(error) = confine_process()
        {
            notifier.notify(UserNotice::NotConfined(error));
        }
        let feed = Feed::new(plan.settings(&plan.choices));
        let (start_sender, starts) = mpsc::sync_channel(1);
        let audio = AudioThread::new(&plan, feed.clone(), Arc::clone(&notifier));
        let end_signal = EndSignal(sender.clone());
        let thread = std::thread::Builder::new().name("audio".to_owned());
        let thread = thread.spawn(move || audio.run(open, &starts, &end_signal));
        let thread = thread.map_err(AppError::AudioThreadNotStarted)?;

        let mut controller = CallController::new(plan, port, feed.clone(), stopper.clone(), start_sender, notifier);
        if let Err(error) = controller.run(&events, &sender) {
            // The call that cannot be kept does not go on.
            stopper.stop();
            drop((controller, events));
            if thread.join().is_err() {
                tracing::error!("the audio thread failed");
            }
            return Err(error);
        }
        let ended = thread.join().map_err(|_| AppError::AudioThreadFailed)??;
        let (Some(ended), Some(started)) = (ended, controller.started.take()) else {
            return if interrupter.is_pressed() { Ok(None) } else { Err(AppError::EndedBeforeItBegan) };
        };
        let record = started.record;
        let journal = feed.events();
        let mut call = SummarizedCall {
            summary: Summary::from_journal(&record, &journal, language),
            prior_calls: controller.prior_calls(&record.id)?,
            folder: record.folder.clone(),
        };
        let page = controller.save(ended.journal_target, &mut call, &started.folder, &events, &interrupter)?;
        interrupter.reset();
        if matches!(ended.result, Err(AppError::CallFailed)) {
            controller.report_failure();
        }
        controller.set_ended(record, Arc::clone(&journal), &call.summary);
        feed.publish_summary(page.clone());
        let (evidence, result) = (ended.evidence, ended.result);
        Ok(Some(FinishedCall { controller, events, interrupter, call, page, journal, evidence, result }))
    }
}

/// A call that is over, saved and in its files. Its overlay is still served; dropping it ends that.
pub struct FinishedCall {
    controller: CallController,
    events: Receiver<ControllerEvent>,
    interrupter: Interrupter,
    call: SummarizedCall,
    page: PathBuf,
    journal: Arc<Vec<(SampleTime, Event)>>,
    evidence: EvidenceLog,
    result: Result<(), AppError>,
}

impl FinishedCall {
    /// Its summary, and what else its files are made of.
    pub fn call(&self) -> &SummarizedCall {
        &self.call
    }

    /// Where its page is.
    pub fn page(&self) -> &Path {
        &self.page
    }

    /// Its events, with the moments at which they were emitted.
    pub fn journal(&self) -> &[(SampleTime, Event)] {
        &self.journal
    }

    /// The figures that decided the events that are asked for, as text: for each event its fields, and below them what
    /// was measured and the bounds that it was compared with.
    ///
    /// # Errors
    /// [`AppError::NoSuchEvent`].
    pub fn explain(&self, which: &EventSelector) -> Result<String, AppError> {
        explain(which, &self.journal, &self.evidence)
    }

    /// Asks how the call felt, if a page is there that asks, and writes the answer into the files; then ends the
    /// overlay. The wait ends with the answer, when the page has been gone for a while, or when it is interrupted.
    ///
    /// # Errors
    /// When the source failed during the call, or a part of the program did.
    pub fn close(self) -> Result<(), AppError> {
        self.controller.finish(self.call, self.page, &self.events, &self.interrupter);
        self.result
    }
}

/// A call that has begun: what is known of it, and where it is kept.
struct StartedCall {
    record: CallRecord,
    folder: CallFolder,
    /// How saving goes, if a thread of its own does it.
    saving: Option<Saving>,
}

impl StartedCall {
    /// Begins a call as it is chosen, and makes its folder.
    fn begin(plan: &CallPlan, choices: &Choices) -> Result<Self, AppError> {
        let (id, started_at, folder) = match &plan.keeping {
            CallKeeping::Folder { id, folder } => (id.clone(), None, folder.clone()),
            CallKeeping::Records { records, folder } => {
                let now = Zoned::now();
                let id = now.strftime("%Y-%m-%dT%H-%M-%S").to_string();
                let folder = folder.clone().unwrap_or_else(|| records.call_folder(&id));
                (id, Some(now.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()), folder)
            }
        };
        let folder = CallFolder::create(&folder)?;
        let record = CallRecord {
            id,
            started_at,
            origin: plan.origin,
            mode: choices.mode,
            target: plan.settings(choices).target,
            trial: plan.trial,
            language: choices.language,
            with: choices.with.clone(),
            keep_words: plan.text.keep_words,
            folder: folder.path().to_owned(),
        };
        Ok(Self { record, folder, saving: None })
    }

    /// Begins the call in the records. If another began in the same second, its name gets a number: its folder does too,
    /// unless the user has named one.
    fn begin_in_records(&mut self, records: &mut CallRecords) -> Result<Journal, AppError> {
        let (first, has_own_folder) =
            (self.record.id.clone(), self.record.folder == records.call_folder(&self.record.id));
        let mut number = 2;
        loop {
            match records.begin_call(&self.record) {
                Err(AppError::Store(StoreError::CallExists { .. })) => {
                    self.record.id = format!("{first}-{number}");
                    number += 1;
                    if has_own_folder {
                        self.folder = CallFolder::create(&records.call_folder(&self.record.id))?;
                        self.record.folder = self.folder.path().to_owned();
                    }
                }
                begun => return begun,
            }
        }
    }

    /// What the audio thread needs.
    fn prepare_start(
        &mut self,
        plan: &mut CallPlan,
        choices: &Choices,
        has_new_model: bool,
        commands: CommandQueue,
    ) -> Result<AudioStart, AppError> {
        let text = (has_new_model || choices.language != plan.text.language)
            .then(|| plan.text.with_language(choices.language));
        let open_actions = match (plan.records(), &choices.with) {
            (Some(records), Some(with)) => records.open_actions(with)?,
            _ => Vec::new(),
        };
        let setup = SessionSetup {
            policy: plan.policy(),
            mode: choices.mode,
            own_target: choices.own_target,
            icebreaker: choices.icebreaker,
            agenda: Agenda::new(choices.agenda.iter().map(String::as_str))?,
            notes: Notes::new(open_actions),
            off_record_last: plan.off_record.last,
            keep_words: plan.text.keep_words,
            ..plan.setup.clone()
        };
        let journal_target = match plan.records_mut() {
            Some(records) => {
                let journal = self.begin_in_records(records)?;
                self.saving = Some(journal.saving());
                JournalTarget::Store(journal)
            }
            None => JournalTarget::File(self.folder.create_events_file()?),
        };
        Ok(AudioStart { setup, text, commands, journal_target })
    }
}
