//! `keicho live`: beside a call that goes on now.

use std::path::PathBuf;

use clap::Args;

use crate::app::{
    CallKeeping, CallPace, CallPlan, CallRecords, NotesFolder, OverlayPlan, Stopper, UnseenLimits, UserSettings,
};
use crate::audio::{DeviceControl, PerTrack};
use crate::capture::{BackendChoice, CaptureSetup as Devices, DeviceChoice};
use crate::cli::call::{self, CallExtras};
use crate::cli::terminal::Terminal;
use crate::cli::{CallArgs, OverlayArgs, fetch_model, open_pages, user_language};
use crate::config::ConfigFile;
use crate::prepare::Choices;
use crate::records::Origin;
use crate::session::SessionSetup;
use crate::source::Source;
use crate::source::live::{LiveSource, StopFlag};
use crate::store::DataDir;

#[derive(Debug, Args)]
pub(super) struct LiveArgs {
    /// Your microphone: an id or a part of a name that `keicho devices` shows
    #[arg(long, value_name = "DEVICE", default_value = "default")]
    me: DeviceChoice,
    /// What plays the other side: a device, or app:NAME for one application's own sound
    #[arg(long, value_name = "DEVICE|app:NAME", default_value = "default")]
    them: DeviceChoice,
    /// Where the results go [default: a folder of the call's own in your data folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Begins on the page, though no browser is opened on it
    #[arg(long, conflicts_with = "at_once")]
    prepare: bool,
    /// Begins at once, without the page on which a call is prepared
    #[arg(long)]
    at_once: bool,
    #[command(flatten)]
    pub(super) call_args: CallArgs,
    #[command(flatten)]
    overlay: OverlayArgs,
}

pub(super) fn run(args: &LiveArgs) -> anyhow::Result<()> {
    let file = ConfigFile::locate()?;
    let config = file.read()?;
    let devices = Devices {
        device: PerTrack { me: args.me.clone(), them: args.them.clone() },
        backend: BackendChoice::from_env()?,
        call_applications: config.agent.applications.clone(),
    };
    let mut text = args.call_args.text.choices().plan()?;
    let settings = UserSettings { file, config: config.clone(), keeps_words: text.keep_words };
    text.keep_words |= config.retention.transcript;
    let detector = args.call_args.vad.detector()?;
    let choices = Choices { icebreaker: config.start_defaults.icebreaker, ..args.call_args.choices()? };
    let (terminal, language) = (Terminal::default().with_stats(args.call_args.text.stats), user_language());
    let notes = config.notes_folder.map(NotesFolder::new);
    let records = CallRecords::open(DataDir::locate()?, config.retention.days, notes, language, &terminal)?;
    let trial = config.nudge_trial.then(|| records.next_trial_arm()).transpose()?;
    let stop = StopFlag::new();
    let source_stop = stop.clone();
    let control = DeviceControl::default();
    let plan = CallPlan {
        keeping: CallKeeping::Records { records, folder: args.out.clone() },
        begins_on_page: !args.at_once && (args.prepare || !args.overlay.no_open),
        choices,
        calendar: config.calendar,
        off_record: config.off_record,
        setup: SessionSetup { policy: config.policy, detector, ..SessionSetup::default() },
        trial,
        // What it starts has a network; this process gives its own up.
        settings: Some(settings),
        model_fetcher: text.misses_model().then(fetch_model::start).flatten(),
        text,
        origin: Origin::Live,
        unseen: Some(UnseenLimits::default()),
        devices: Some(control.clone()),
        // The devices set the pace.
        pace: CallPace::Fast,
        overlay: Some(OverlayPlan {
            // A browser that a process without a network starts has none either.
            opener: (!args.overlay.no_open).then(open_pages::start),
            ..args.overlay.plan()
        }),
        gives_up_network: true,
        language,
    };
    let open = move || Ok(Box::new(LiveSource::open_with(devices, source_stop, control)?) as Box<dyn Source>);
    // The source ends the call once it has handed on all that was captured.
    let stopper = Stopper::for_source(move || stop.stop());
    call::run(plan, Box::new(open), stopper, terminal, &CallExtras::default())
}
