//! The call's controller: it passes what pages ask for on to where it can be done, and refuses what cannot be done now.
//!
//! It runs on the thread that runs the call. It owns the choices and the start page; the call itself is the audio
//! thread's.

mod question;
mod saving;
mod settings;
mod unseen;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::time::Duration;

use jiff::Zoned;

use crate::agenda::MAX_ITEMS;
use crate::app::call::audio_thread::AudioStart;
use crate::app::call::controller_event::ControllerEvent;
use crate::app::call::{CallPlan, OverlayPlan, StartedCall, Stopper};
use crate::app::page_provider::PageProvider;
use crate::app::{AppError, Notifier, UserNotice};
use crate::calendar::{Meeting, next_meeting};
use crate::config::OffRecordLengths;
use crate::i18n::Bilingual;
use crate::prepare::{Choices, ChoicesUpdate, StartRequest, hint_from_meeting, is_name};
use crate::records::CallRecord;
use crate::report::summary::PriorCalls;
use crate::server::{self, BoundPort, ClientRequest, Feed, PageOpener, Responder, Server};
use crate::session::{Command, CommandError, CommandRequest, MAX_OFF_RECORD_LAST, command_queue};
use crate::time::Samples;
use crate::wire::{ClientCommand, ModelStatus, SavingStatus, StartPage};

pub use settings::UserSettings;
pub use unseen::UnseenLimits;

use unseen::UnseenWatch;

/// How often the controller looks whether the call is being saved.
const SAVING_CHECK_INTERVAL: Duration = Duration::from_secs(2);

const NOT_BEGUN: Bilingual =
    Bilingual { ja: "通話はまだ始まっていません。", en: "The call has not begun yet." };
const BEGUN: Bilingual = Bilingual { ja: "通話はもう始まっています。", en: "The call has begun already." };
const WITH_NOBODY: Bilingual =
    Bilingual { ja: "先に、誰と話すかを入れてください。", en: "Say first who you are meeting." };
const NO_MODEL_TO_FETCH: Bilingual =
    Bilingual { ja: "いま取り寄せるものはありません。", en: "There is nothing to download now." };
const NO_DEMO: Bilingual =
    Bilingual { ja: "デモを開けませんでした。", en: "The demo could not be opened." };
const NO_DEVICES: Bilingual = Bilingual {
    ja: "この通話に、選べる機器はありません。",
    en: "This call has no devices to choose from.",
};
const NOT_OVER: Bilingual =
    Bilingual { ja: "通話が終わってから、どうぞ。", en: "The call is not over yet." };

/// How far the call is.
enum CallPhase {
    Before,
    During { commands: SyncSender<CommandRequest> },
    Over,
}

/// Runs a call: see the module.
pub(super) struct CallController {
    plan: CallPlan,
    start_page: StartPage,
    feed: Feed,
    stopper: Stopper,
    phase: CallPhase,
    /// Where the overlay will be served.
    port: Option<BoundPort>,
    server: Option<Server>,
    page_provider: Arc<PageProvider>,
    start_sender: SyncSender<AudioStart>,
    /// What the user has been notified of how the call is saved.
    saving_status: SavingStatus,
    /// How many events the user knows to be given up.
    lost_events: u64,
    /// Whether a model came since the transcriber was opened.
    text_changed: bool,
    /// What the call was told of the user's being muted in the sound server.
    followed_mute: bool,
    /// The meeting that the user's calendar has now, if the choices came from it.
    meeting: Option<Meeting>,
    /// Whether somebody looks at it.
    unseen: UnseenWatch,
    notifier: Arc<dyn Notifier>,
    /// What is known once the call has begun.
    pub(super) started: Option<StartedCall>,
}

impl CallController {
    pub(super) fn new(
        plan: CallPlan,
        port: Option<BoundPort>,
        feed: Feed,
        stopper: Stopper,
        start_sender: SyncSender<AudioStart>,
        notifier: Arc<dyn Notifier>,
    ) -> Self {
        let start_page = StartPage {
            choices: Choices { language: plan.text.language, ..plan.choices.clone() },
            targets: plan.setup.policy.targets,
            off_record: plan.off_record,
            trial: plan.trial,
            keeping: plan.keeping_told(),
            has_settings: plan.settings.is_some(),
            opens_demo: plan.overlay.as_ref().is_some_and(|overlay| overlay.opener.is_some()),
            model: match plan.text.missing_bytes {
                Some(bytes) if plan.model_fetcher.is_some() => ModelStatus::Missing { bytes },
                _ => ModelStatus::NotMissing,
            },
            ..StartPage::default()
        };
        let page_provider = Arc::new(PageProvider::new(plan.language, Arc::clone(&notifier)));
        let unseen = UnseenWatch::new(plan.unseen);
        Self {
            plan,
            start_page,
            feed,
            stopper,
            phase: CallPhase::Before,
            port,
            server: None,
            page_provider,
            start_sender,
            saving_status: SavingStatus::Saved,
            lost_events: 0,
            text_changed: false,
            followed_mute: false,
            meeting: None,
            unseen,
            notifier,
            started: None,
        }
    }

    /// Runs the controller until the audio thread is through.
    pub(super) fn run(
        &mut self,
        events: &Receiver<ControllerEvent>,
        sender: &SyncSender<ControllerEvent>,
    ) -> Result<(), AppError> {
        if let Some(devices) = &self.plan.devices {
            let sender = sender.clone();
            // What does not fit is told with the next change.
            let wake = sender.clone();
            devices.subscribe(Box::new(move |now| drop(sender.try_send(ControllerEvent::DevicesChanged(now)))));
            // What does not fit is not needed: whoever empties the queue looks by itself.
            devices.subscribe_mute(Box::new(move || drop(wake.try_send(ControllerEvent::Wake))));
        }
        loop {
            match events.recv_timeout(SAVING_CHECK_INTERVAL) {
                Ok(ControllerEvent::SourceOpened) => self.start_serving(sender)?,
                Ok(ControllerEvent::Request(request)) => self.handle_request(request, sender)?,
                Ok(ControllerEvent::OpenPage) => self.reopen_page(),
                Ok(ControllerEvent::End) => self.stopper.stop(),
                Ok(ControllerEvent::ModelProgress(percent)) => self.show_model(ModelStatus::Fetching { percent }),
                Ok(ControllerEvent::ModelFetched(here)) => {
                    let found = here && self.plan.text.find_missing_model();
                    self.text_changed |= found;
                    self.show_model(if found { ModelStatus::Ready } else { ModelStatus::Failed });
                }
                Ok(ControllerEvent::DevicesChanged(devices)) => {
                    self.start_page.devices = Some(devices);
                    self.feed.publish_start_page(&self.start_page);
                }
                Ok(ControllerEvent::Wake | ControllerEvent::SaveElsewhere(_)) | Err(RecvTimeoutError::Timeout) => {}
                Ok(ControllerEvent::AudioEnded) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            self.follow_mute();
            self.report_saving();
            self.watch_unseen(sender);
        }
    }

    /// Tells the call whether the sound server says that the user is muted, if that has changed.
    fn follow_mute(&mut self) {
        let (Some(devices), CallPhase::During { commands }) = (&self.plan.devices, &self.phase) else { return };
        let is_muted = devices.is_muted();
        if is_muted != self.followed_mute {
            let request = CommandRequest::new(Command::FollowMute(is_muted), |refused| {
                if let Err(why) = refused {
                    tracing::debug!(%why, "the call does not take that the user is muted");
                }
            });
            // A queue that is full is tried again with the next event.
            if commands.try_send(request).is_ok() {
                self.followed_mute = is_muted;
            }
        }
    }

    /// The source is open: now the overlay may be seen, and the call begin.
    fn start_serving(&mut self, sender: &SyncSender<ControllerEvent>) -> Result<(), AppError> {
        if self.plan.begins_on_page {
            self.choose_from_calendar()?;
        } else {
            self.carry_over_open_items()?;
        }
        // A page that comes at once is not to show a start page of nobody first.
        self.publish_start_page()?;
        if let (Some(OverlayPlan { server, opener }), Some(port)) = (&self.plan.overlay, self.port.take()) {
            if let Some(records) = self.plan.records() {
                self.page_provider.set_store(records.another_connection()?);
            }
            let pages = Arc::clone(&self.page_provider);
            let server = Server::start_on(port, server, self.feed.clone(), request_forwarder(sender.clone()), pages)?;
            self.notifier.notify(UserNotice::OverlayServed { url: server.overlay_url() });
            if let Some(error) = opener.as_ref().and_then(|opener| server.open_browser(opener).err()) {
                tracing::debug!(%error, "no browser opens");
                self.notifier.notify(UserNotice::BrowserNotOpened);
            }
            self.server = Some(server);
            if self.plan.begins_on_page {
                self.notifier.notify(UserNotice::WaitingForStart);
            }
        }
        if self.plan.begins_on_page { Ok(()) } else { self.begin_call() }
    }

    /// Chooses the person and the length of the meeting that the user's calendar has now, unless somebody is chosen already.
    pub(super) fn choose_from_calendar(&mut self) -> Result<(), AppError> {
        let (Some(path), Some(records), None) =
            (&self.plan.calendar, self.plan.records(), &self.start_page.choices.with)
        else {
            return Ok(());
        };
        let (meeting, errors) = next_meeting(path, &Zoned::now(), &records.people()?);
        errors.into_iter().for_each(|error| self.notifier.notify(UserNotice::CalendarNotRead(error)));
        self.meeting = meeting.filter(|meeting| is_name(&meeting.with));
        if let Some(Meeting { with, length, .. }) = &self.meeting {
            self.start_page.choices.with = Some(with.clone());
            self.start_page.choices.meeting = Some(Samples::from_secs(length.as_secs().unsigned_abs()));
        }
        Ok(())
    }

    /// Nobody chooses on the page: what was left open with this person is to be talked about again.
    fn carry_over_open_items(&mut self) -> Result<(), AppError> {
        if let (Some(records), Some(with)) = (self.plan.records(), &self.start_page.choices.with) {
            self.start_page.choices.agenda = records.open_items(with)?.into_iter().take(MAX_ITEMS).collect();
        }
        Ok(())
    }

    /// Shows the pages what is chosen, and what is known of it.
    fn publish_start_page(&mut self) -> Result<(), AppError> {
        let settings = self.plan.settings(&self.start_page.choices);
        self.start_page.target = settings.target;
        if let Some(records) = self.plan.records() {
            records.fill_start_page(&mut self.start_page, &self.plan.setup.policy)?;
        }
        let chosen = self.start_page.choices.with.as_deref();
        if let Some(meeting) = self.meeting.as_ref().filter(|meeting| chosen == Some(&meeting.with)) {
            self.start_page.hints.insert(0, hint_from_meeting(meeting));
        }
        self.feed.set_plan(settings, &self.start_page.choices.agenda);
        self.feed.publish_start_page(&self.start_page);
        Ok(())
    }

    fn begin_call(&mut self) -> Result<(), AppError> {
        let choices = &self.start_page.choices;
        let mut started = StartedCall::begin(&self.plan, choices)?;
        let (commands, command_queue) = command_queue(self.stopper.flag());
        let start = started.prepare_start(&mut self.plan, choices, self.text_changed, command_queue)?;
        self.start_sender.send(start).map_err(|_| AppError::AudioThreadEnded)?;
        self.phase = CallPhase::During { commands };
        self.started = Some(started);
        Ok(())
    }

    /// Does what a page asks for, or says why not.
    fn handle_request(&mut self, request: ClientRequest, sender: &SyncSender<ControllerEvent>) -> Result<(), AppError> {
        let ClientRequest { named, responder } = request;
        match (&self.phase, named.command) {
            (CallPhase::Before | CallPhase::During { .. }, ClientCommand::ChooseDevice(track, wish)) => {
                match &self.plan.devices {
                    Some(devices) => {
                        devices.choose(track, wish);
                        responder.done();
                    }
                    None => responder.refuse(NO_DEVICES),
                }
            }
            (CallPhase::Before | CallPhase::During { .. }, ClientCommand::FetchModel) => {
                self.fetch_model(sender, responder);
            }
            (CallPhase::Before, ClientCommand::BeforeCall(asked)) => self.handle_start_request(asked, responder)?,
            (CallPhase::Before, ClientCommand::Settings) => self.show_settings(responder)?,
            (CallPhase::Before, ClientCommand::SetSetting { section, name, value }) => {
                self.change_setting((&section, &name), &value, responder)?;
            }
            (CallPhase::Before, _) => responder.refuse(NOT_BEGUN),
            (CallPhase::During { commands }, ClientCommand::BeforeCall(StartRequest::Prepare(change)))
                if change.fits_during_call() =>
            {
                let commands = commands.clone();
                self.change_aim(change, &commands, responder);
            }
            (
                CallPhase::During { .. },
                ClientCommand::BeforeCall(_) | ClientCommand::Settings | ClientCommand::SetSetting { .. },
            ) => responder.refuse(BEGUN),
            (CallPhase::During { commands }, ClientCommand::Session(command)) => {
                forward_command(commands, command, responder)
            }
            (CallPhase::During { commands }, ClientCommand::OffRecord(undo)) => {
                forward_command(commands, self.off_record(undo), responder)
            }
            (CallPhase::During { .. }, ClientCommand::Stop) => {
                self.stopper.stop();
                responder.done();
            }
            (
                CallPhase::During { .. },
                ClientCommand::Perceived(_) | ClientCommand::KeepCall | ClientCommand::DeleteCall | ClientCommand::Done,
            ) => responder.refuse(NOT_OVER),
            (CallPhase::Over, _) => responder.refuse(CommandError::CallEnded.words()),
        }
        Ok(())
    }

    /// Asks the helper for the model that is missing.
    fn fetch_model(&mut self, sender: &SyncSender<ControllerEvent>, responder: Responder) {
        let is_wanted = matches!(self.start_page.model, ModelStatus::Missing { .. } | ModelStatus::Failed);
        let Some(fetcher) = self.plan.model_fetcher.clone().filter(|_| is_wanted) else {
            return responder.refuse(NO_MODEL_TO_FETCH);
        };
        let sender = sender.clone();
        let fetch = move || {
            // A percent that does not fit is told with the next one; the end waits for its place.
            let fetch = || fetcher.fetch(&mut |percent| drop(sender.try_send(ControllerEvent::ModelProgress(percent))));
            // What failed here is told like what the helper could not do: the page offers it again.
            let here = catch_unwind(AssertUnwindSafe(fetch)).unwrap_or(false);
            let _ = sender.send(ControllerEvent::ModelFetched(here));
        };
        let thread = std::thread::Builder::new().name("fetch".to_owned());
        match thread.spawn(fetch) {
            Ok(_) => self.show_model(ModelStatus::Fetching { percent: 0 }),
            Err(error) => {
                tracing::warn!(%error, "no thread can wait for the model");
                self.show_model(ModelStatus::Failed);
            }
        }
        responder.done();
    }

    /// Another purpose, target or length of a call that goes on. The summary goes by the last.
    fn change_aim(&mut self, change: ChoicesUpdate, commands: &SyncSender<CommandRequest>, responder: Responder) {
        let mut choices = self.start_page.choices.clone();
        choices.apply(change);
        let settings = self.plan.settings(&choices);
        if let Some(started) = &mut self.started {
            let record = CallRecord { mode: settings.mode, target: settings.target, ..started.record.clone() };
            if let Some(records) = self.plan.records_mut()
                && let Err(error) = records.set_aim(&record)
            {
                return self.refuse_unsaved(error, responder);
            }
            started.record = record;
        }
        let aim = Command::SetAim { mode: choices.mode, own_target: choices.own_target };
        self.start_page.target = settings.target;
        self.feed.set_plan(settings, &choices.agenda);
        self.start_page.choices = choices;
        self.feed.publish_start_page(&self.start_page);
        forward_command(commands, aim, responder);
    }

    fn show_model(&mut self, status: ModelStatus) {
        self.start_page.model = status;
        self.feed.publish_start_page(&self.start_page);
    }

    fn off_record(&self, undo: Option<Samples>) -> Command {
        let OffRecordLengths { last, next } = self.start_page.off_record;
        // The settings allow more.
        let last = last.min(MAX_OFF_RECORD_LAST);
        match undo {
            Some(undo) => Command::OffRecordAfter { undo, last, next },
            None => Command::OffRecord { last, next },
        }
    }

    fn handle_start_request(&mut self, request: StartRequest, responder: Responder) -> Result<(), AppError> {
        match request {
            StartRequest::Prepare(change) => self.start_page.choices.apply(change),
            StartRequest::Card(card) => {
                let (Some(records), Some(with)) = (self.plan.records_mut(), &self.start_page.choices.with) else {
                    responder.refuse(WITH_NOBODY);
                    return Ok(());
                };
                if let Err(error) = records.set_card(with, card) {
                    self.refuse_unsaved(error, responder);
                    return Ok(());
                }
            }
            StartRequest::Demo => {
                let opener = self.plan.overlay.as_ref().and_then(|overlay| overlay.opener.as_ref());
                match opener.map(PageOpener::open_demo) {
                    Some(Ok(())) => responder.done(),
                    Some(Err(_)) | None => responder.refuse(NO_DEMO),
                }
                return Ok(());
            }
            StartRequest::Begin => {
                self.begin_call()?;
                responder.done();
                return Ok(());
            }
        }
        responder.done();
        self.publish_start_page()
    }

    /// The user's own calls before this one; none if the call is not in the records.
    pub(super) fn prior_calls(&self, id: &str) -> Result<PriorCalls, AppError> {
        self.plan.records().map_or_else(|| Ok(PriorCalls::default()), |records| records.prior_calls(id))
    }
}

/// Sends a command to the call's thread, which answers.
fn forward_command(commands: &SyncSender<CommandRequest>, command: Command, responder: Responder) {
    let request = CommandRequest::new(command, move |done| match done {
        Ok(()) => responder.done(),
        Err(refused) => responder.refuse(refused.words()),
    });
    // A request that is dropped refuses by itself.
    if let Err(TrySendError::Full(_)) = commands.try_send(request) {
        tracing::warn!("commands come faster than the call can take them");
    }
}

/// Passes what clients ask for to the controller; if that is behind, nobody waits.
fn request_forwarder(sender: SyncSender<ControllerEvent>) -> server::OnClientEvent {
    Arc::new(move |event| match event {
        server::ClientEvent::Command(request) => {
            if let Err(TrySendError::Full(ControllerEvent::Request(request))) =
                sender.try_send(ControllerEvent::Request(request))
            {
                request.responder.refuse(server::BUSY);
            }
        }
        // What does not fit is not needed: whoever empties the queue looks by itself.
        server::ClientEvent::AskingPagesChanged => drop(sender.try_send(ControllerEvent::Wake)),
    })
}
