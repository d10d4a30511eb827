//! `keicho agent`: waits beside the user's other programs until one of them is in a call, and offers itself.
//!
//! It hears nothing: it reads from the sound server which applications record and play ([`crate::capture`]), judges by that
//! alone (`call_watch`), asks by the desktop's notifications, and has the call itself run by a process of its own, which it
//! reaches over the control socket as `keicho ctl` does. Where the desktop has a tray, it shows there how the call stands, as
//! that Keicho tells it, and the desktop's shortcuts lead the call as the tray's menu does. It waits for what it is told, and for the end of a time that runs; otherwise nothing ticks.

mod autostart;
mod call_watch;
mod follower;
mod shortcuts;
mod tray;
mod tray_icon;
mod words;

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use crate::capture::{BackendChoice, CaptureError, SoundState, watch_sound};
use crate::config::AgentSettings;
use crate::desktop::{self, Notification, Shortcuts, ShownNotification, Tray, TrayContent};
use crate::i18n::Bilingual;
use crate::language::Language;
use crate::server::{PageOpener, RunningPage, ask_running};
use crate::wire::{self, CallStatus, ControlReply};

pub use autostart::{AutostartChange, AutostartError, install, uninstall};

use call_watch::{CallRules, CallStep, CallWatch};
use follower::CallFollower;
use shortcuts::ShortcutAction;
use tray::TrayStage;

/// The names of what can be pressed: on a notification's body, and on its buttons.
const DEFAULT: &str = "default";
const BEGIN: &str = "begin";
const GO_ON: &str = "go-on";

/// How long going off the record can be taken back, in seconds: as long as on the page.
const UNDO_S: u8 = 5;

/// What an agent works with.
pub struct AgentPlan {
    /// What it takes for a call.
    pub settings: AgentSettings,
    /// Which sound server it follows.
    pub backend: BackendChoice,
    /// The port of the page of the calls that it begins and ends.
    pub port: u16,
    /// The language of what it says on the desktop.
    pub language: Language,
    /// What the user's calendar says of the meeting that they have now, if it is to be asked and has one.
    pub meeting_sentence: Box<dyn Fn() -> Option<Bilingual<String>>>,
    /// Starts calls and opens pages. It has a network, which the agent itself gives up.
    pub opener: PageOpener,
}

/// What an agent is told from outside, or by what it started.
#[derive(Debug)]
pub enum AgentEvent {
    /// It is to end. A call that it has begun goes on.
    Quit,
    /// The sound server has this now; `None` if it has ended.
    Sound(Option<SoundState>),
    /// A notification's action was pressed.
    Pressed {
        /// The application that it was about.
        application: String,
        /// The action.
        action: String,
    },
    /// A line of the tray's menu was chosen.
    Chosen {
        /// Its name.
        name: String,
    },
    /// A key of the desktop was pressed.
    Key {
        /// The name of its shortcut.
        name: String,
    },
    /// The call on our port stands so now; `None` once nobody tells any more.
    Call(Option<CallStatus>),
}

/// What the user may read in the terminal or the log.
#[derive(Debug)]
pub enum AgentNotice {
    /// The sound server is followed, and the agent waits for a call.
    Waiting,
    /// The sound server ended; it is waited for.
    SoundServerGone,
    /// An application is in a call, and the user is asked.
    Asked {
        /// The application.
        application: String,
    },
    /// The desktop shows no notification of it.
    NotShown(std::io::Error),
    /// There is no bus by which a tray could show anything.
    NoTray(std::io::Error),
    /// A call was begun, or its page opened.
    Begun {
        /// The application that is its other side, if one is chosen.
        application: Option<String>,
    },
    /// The application records no more: the call of ours ends in this time.
    Closing {
        /// The application.
        application: String,
        /// The time.
        ends_in: Duration,
    },
    /// It records again, or the user goes on without it.
    GoesOn,
    /// The call of ours was ended.
    Ended,
    /// Something that was asked for could not be done.
    Failed(String),
}

/// Waits for calls until it is told to end. `events` is read, and `sender` is its other end, for what the agent starts.
///
/// # Errors
/// When there is no sound server of the kind that tells what applications do.
pub fn run(
    plan: AgentPlan,
    events: &Receiver<AgentEvent>,
    sender: &Sender<AgentEvent>,
    on_notice: &dyn Fn(AgentNotice),
) -> Result<(), CaptureError> {
    let sound = sender.clone();
    // Whoever hears no more of it has ended.
    let _watch = watch_sound(&plan.backend, Box::new(move |state| drop(sound.send(AgentEvent::Sound(state)))))?;
    let mut agent = Agent::new(plan, sender.clone(), on_notice);
    agent.show_tray();
    // Until the agent ends.
    let _shortcuts = agent.start_shortcuts();
    loop {
        let event = match agent.next_look() {
            Some(wait) => events.recv_timeout(wait),
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match event {
            Ok(AgentEvent::Quit) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Ok(AgentEvent::Sound(state)) => agent.observe(state),
            Ok(AgentEvent::Pressed { application, action }) => agent.press(&application, &action),
            Ok(AgentEvent::Chosen { name }) if name == tray::QUIT => return Ok(()),
            Ok(AgentEvent::Chosen { name }) => agent.choose(&name),
            Ok(AgentEvent::Key { name }) => agent.press_key(&name),
            Ok(AgentEvent::Call(status)) => agent.follower.observe(status, agent.now()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        agent.look();
        agent.update_nudge();
        agent.update_tray();
    }
}

/// What the agent knows.
struct Agent<'a> {
    plan: AgentPlan,
    watch: CallWatch,
    /// The moment from which times are counted.
    origin: Instant,
    sender: Sender<AgentEvent>,
    on_notice: &'a dyn Fn(AgentNotice),
    /// What the desktop shows, and about which application.
    shown: Option<(String, ShownNotification)>,
    /// Whether the sound server answers; `None` before it was first heard of.
    has_server: Option<bool>,
    /// Whether a program of ours records: a call, or its start page.
    own_records: bool,
    /// How the call on our port stands.
    follower: CallFollower,
    /// What the tray shows, if the desktop has a bus.
    tray: Option<(Tray, TrayContent)>,
    /// The nudge that the desktop shows.
    nudge: Option<(String, ShownNotification)>,
}

impl<'a> Agent<'a> {
    #[expect(clippy::disallowed_methods, reason = "people and other programs are waited for")]
    fn new(plan: AgentPlan, sender: Sender<AgentEvent>, on_notice: &'a dyn Fn(AgentNotice)) -> Self {
        let settings = &plan.settings;
        let duration = |length: crate::time::Samples| Duration::from_millis(length.as_ms());
        let rules = CallRules {
            applications: settings.applications.clone(),
            asks_after: duration(settings.asks_after),
            ends_after: duration(settings.ends_after),
        };
        let watch = CallWatch::new(rules);
        let follower = CallFollower::new(plan.port, sender.clone());
        let (shown, has_server, own_records, tray, nudge) = (None, None, false, None, None);
        Self {
            plan,
            watch,
            origin: Instant::now(),
            sender,
            on_notice,
            shown,
            has_server,
            own_records,
            follower,
            tray,
            nudge,
        }
    }

    fn now(&self) -> Duration {
        self.origin.elapsed()
    }

    /// After how long something is to be looked at though nothing is told; `None` if nothing is.
    fn next_look(&self) -> Option<Duration> {
        let due = [self.watch.deadline(), self.follower.deadline()].into_iter().flatten().min();
        due.map(|due| due.saturating_sub(self.now()))
    }

    fn observe(&mut self, state: Option<SoundState>) {
        if self.has_server != Some(state.is_some()) {
            (self.on_notice)(if state.is_some() { AgentNotice::Waiting } else { AgentNotice::SoundServerGone });
        }
        self.has_server = Some(state.is_some());
        // What played on a server that ended has ended, too.
        let state = state.unwrap_or_default();
        let own_records = state.streams.iter().any(|stream| stream.is_own());
        if own_records != self.own_records {
            self.own_records = own_records;
            self.follower.set_expected(own_records, self.now());
        }
        self.watch.observe(&state, self.now());
    }

    /// Does what is due.
    fn look(&mut self) {
        self.follower.advance(self.now());
        self.watch.advance(self.now());
        for step in self.watch.take_steps() {
            match step {
                CallStep::Ask { application } => self.offer(application),
                CallStep::Withdraw { application } => self.take_away(&application),
                CallStep::Reopened { application } => {
                    self.take_away(&application);
                    (self.on_notice)(AgentNotice::GoesOn);
                }
                CallStep::Closing { application, ends_in } => self.warn_of_end(application, ends_in),
                CallStep::End { application } => self.end_call(&application),
            }
        }
    }

    /// Asks whether a call is to be begun, unless one goes on.
    fn offer(&mut self, application: String) {
        if self.own_records && self.status().is_none_or(|status| status.state != "before") {
            return self.watch.pass(&application);
        }
        let language = self.plan.language;
        let begin = words::BEGIN.pick(language).to_owned();
        let notification = Notification {
            summary: words::IS_IT_A_CALL.pick(language).to_owned(),
            body: match (self.plan.meeting_sentence)() {
                Some(meeting) => format!("{} {}", meeting.pick(language), words::noticed(&application).pick(language)),
                None => words::noticed(&application).pick(language),
            },
            actions: vec![(DEFAULT, begin.clone()), (BEGIN, begin)],
            is_urgent: true,
        };
        (self.on_notice)(AgentNotice::Asked { application: application.clone() });
        self.show(application, &notification);
    }

    fn warn_of_end(&mut self, application: String, ends_in: Duration) {
        // Ours may have ended before the application's, or never have begun: its next call is another one.
        if !self.status().is_some_and(|status| is_call(&status)) {
            return self.watch.forget(&application);
        }
        let language = self.plan.language;
        let notification = Notification {
            summary: words::SEEMS_OVER.pick(language).to_owned(),
            body: words::closing(&application, ends_in).pick(language),
            actions: vec![(GO_ON, words::GO_ON.pick(language).to_owned())],
            is_urgent: true,
        };
        (self.on_notice)(AgentNotice::Closing { application: application.clone(), ends_in });
        self.show(application, &notification);
    }

    fn show(&mut self, application: String, notification: &Notification) {
        let (sender, about) = (self.sender.clone(), application.clone());
        let on_action = move |action: &str| {
            // Whoever hears no more of it has ended.
            let _ = sender.send(AgentEvent::Pressed { application: about.clone(), action: action.to_owned() });
        };
        // One at a time: the one before is taken away.
        self.shown = None;
        match desktop::notify(notification, Box::new(on_action)) {
            Ok(shown) => self.shown = Some((application, shown)),
            Err(error) => (self.on_notice)(AgentNotice::NotShown(error)),
        }
    }

    fn take_away(&mut self, application: &str) {
        self.shown.take_if(|(about, _)| about == application);
    }

    fn press(&mut self, application: &str, action: &str) {
        match action {
            DEFAULT | BEGIN => match self.begin(Some(application)) {
                true => self.watch.set_begun(application),
                false => self.watch.pass(application),
            },
            desktop::DISMISSED => self.watch.dismiss(application),
            GO_ON => {
                self.watch.pass(application);
                (self.on_notice)(AgentNotice::GoesOn);
            }
            _ => return,
        }
        self.shown = None;
    }

    /// Does what a line of the tray's menu says.
    fn choose(&mut self, name: &str) {
        match name {
            tray::BEGIN => drop(self.begin(None)),
            tray::OPEN => self.open_page(),
            tray::PAUSE => drop(self.command(&wire::encode_plain_command("pause"))),
            tray::RESUME => drop(self.command(&wire::encode_plain_command("resume"))),
            tray::OFF_RECORD => drop(self.command(&wire::encode_off_record(UNDO_S))),
            tray::ON_RECORD => drop(self.command(&wire::encode_plain_command("on_record"))),
            tray::LAST_SUMMARY => {
                if let Err(error) = self.plan.opener.open_last_summary() {
                    (self.on_notice)(AgentNotice::Failed(error.to_string()));
                }
            }
            _ => {}
        }
    }

    /// Asks the desktop for keys, if the user wants that. One that has none is no trouble: `keicho doctor` says so.
    fn start_shortcuts(&self) -> Option<Shortcuts> {
        if !self.plan.settings.shortcuts {
            return None;
        }
        let sender = self.sender.clone();
        let on_action = move |name: &str| {
            // Whoever hears no more of it has ended.
            let _ = sender.send(AgentEvent::Key { name: name.to_owned() });
        };
        let started = Shortcuts::start(shortcuts::wanted(self.plan.language), Box::new(on_action));
        started.inspect_err(|error| tracing::info!(%error, "there is no bus for shortcuts")).ok()
    }

    /// Does what a key of the desktop is for. The call itself says how it stands: what the tray shows may be a moment old.
    fn press_key(&mut self, name: &str) {
        match shortcuts::action(name, TrayStage::of(self.status().as_ref())) {
            Some(ShortcutAction::AsInTray(line)) => self.choose(line),
            Some(ShortcutAction::Hush) => drop(self.command(&wire::encode_hush())),
            Some(ShortcutAction::Open) => drop(self.begin(None)),
            None => {}
        }
    }

    /// Opens the page of the Keicho that runs.
    fn open_page(&self) {
        let opened = match RunningPage::find(self.plan.port) {
            Some(page) => page.open_with(&self.plan.opener),
            None => Err(std::io::ErrorKind::NotFound.into()),
        };
        if let Err(error) = opened {
            (self.on_notice)(AgentNotice::Failed(error.to_string()));
        }
    }

    /// The call's nudge, if the desktop is to show it.
    fn wanted_nudge(&self) -> Option<String> {
        let status = self.follower.status().filter(|_| self.plan.settings.shows_nudges)?;
        let nudge = status.nudge.as_ref()?;
        Some(self.plan.language.pick(nudge.ja.clone(), nudge.en.clone()))
    }

    /// Shows the call's nudge as a notification for as long as the page shows it.
    fn update_nudge(&mut self) {
        let wanted = self.wanted_nudge();
        if self.nudge.as_ref().map(|(nudge, _)| nudge) == wanted.as_ref() {
            return;
        }
        self.nudge = None;
        let Some(summary) = wanted else { return };
        let notification =
            Notification { summary: summary.clone(), body: String::new(), actions: Vec::new(), is_urgent: false };
        // What is closed by hand is no wish that the agent could take to the call.
        match desktop::notify(&notification, Box::new(|_| {})) {
            Ok(shown) => self.nudge = Some((summary, shown)),
            Err(error) => tracing::debug!(%error, "the desktop does not show a nudge"),
        }
    }

    fn tray_content(&self) -> TrayContent {
        tray::content(self.follower.status(), self.has_server != Some(false), self.wanted_nudge(), self.plan.language)
    }

    /// Puts the icon into the tray; without a bus there is none.
    fn show_tray(&mut self) {
        let (content, sender) = (self.tray_content(), self.sender.clone());
        let on_action = move |name: &str| {
            // Whoever hears no more of it has ended.
            let _ = sender.send(AgentEvent::Chosen { name: name.to_owned() });
        };
        match Tray::start(content.clone(), Box::new(on_action)) {
            Ok(tray) => self.tray = Some((tray, content)),
            Err(error) => (self.on_notice)(AgentNotice::NoTray(error)),
        }
    }

    /// Shows in the tray how things stand, if that is not what it shows.
    fn update_tray(&mut self) {
        let content = self.tray_content();
        let Some((tray, shown)) = self.tray.as_mut().filter(|(_, shown)| *shown != content) else { return };
        match tray.show(content.clone()) {
            Ok(()) => *shown = content,
            Err(error) => {
                self.tray = None;
                (self.on_notice)(AgentNotice::NoTray(error));
            }
        }
    }

    /// Opens the start page with this application as the other side, that of the Keicho that runs or of a new one; or the page
    /// of the call that goes on, whose devices stay. Whether it did.
    fn begin(&mut self, application: Option<&str>) -> bool {
        let status = self.status();
        let is_in = |state: &str| status.as_ref().is_some_and(|status| status.state == state);
        // One that is over makes room for the next.
        let begun = match RunningPage::find(self.plan.port).filter(|_| !is_in("ended")) {
            Some(page) => {
                if let Some(application) = application.filter(|_| is_in("before")) {
                    self.command(&wire::encode_choose_them(&format!("app:{application}")));
                }
                page.open_with(&self.plan.opener)
            }
            None => self.plan.opener.start_call(self.plan.port, application),
        };
        let has_begun = begun.is_ok();
        (self.on_notice)(match begun {
            Ok(()) => AgentNotice::Begun { application: application.map(ToOwned::to_owned) },
            Err(error) => AgentNotice::Failed(error.to_string()),
        });
        has_begun
    }

    fn end_call(&mut self, application: &str) {
        self.take_away(application);
        if self.status().is_some_and(|status| is_call(&status)) && self.command(&wire::encode_plain_command("stop")) {
            (self.on_notice)(AgentNotice::Ended);
        }
    }

    /// How the call on our port is; `None` if there is none.
    fn status(&self) -> Option<CallStatus> {
        match ask_running(self.plan.port, &wire::encode_status_request()) {
            Ok(ControlReply::Status(status)) => Some(status),
            _ => None,
        }
    }

    /// Gives a command to the call on our port; whether it was carried out.
    fn command(&self, line: &str) -> bool {
        let why = match ask_running(self.plan.port, line) {
            Ok(ControlReply::Refused { why, .. }) => why.en,
            Ok(_) => return true,
            Err(error) => error.to_string(),
        };
        (self.on_notice)(AgentNotice::Failed(why));
        false
    }
}

/// Whether a call goes on.
fn is_call(status: &CallStatus) -> bool {
    TrayStage::of(Some(status)).is_call()
}
