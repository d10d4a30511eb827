//! `keicho live`: beside a call that goes on now.

use std::path::PathBuf;

use clap::Args;
use jiff::Zoned;

use crate::app::call::{self, CallName, CallPace, CallPlan, Stopper};
use crate::app::call_records::CallRecords;
use crate::audio::PerTrack;
use crate::capture::{BackendChoice, CaptureSetup as Devices, DeviceChoice};
use crate::cli::{CallArgs, OverlayArgs};
use crate::config::ConfigFile;
use crate::prepare::Choices;
use crate::records::Origin;
use crate::session::SessionSetup;
use crate::source::Source;
use crate::source::live::{LiveSource, StopFlag};
use crate::store::CallFolder;

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
    call_args: CallArgs,
    #[command(flatten)]
    overlay: OverlayArgs,
}

pub(super) fn run(args: &LiveArgs) -> anyhow::Result<()> {
    let devices = Devices {
        device: PerTrack { me: args.me.clone(), them: args.them.clone() },
        backend: BackendChoice::from_env()?,
    };
    let config = ConfigFile::locate()?.read()?;
    let mut text = args.call_args.text.choices().plan()?;
    text.keep_words |= config.retention.transcript;
    let detector = args.call_args.vad.detector()?;
    let out = args.out.clone();
    let stop = StopFlag::new();
    let source_stop = stop.clone();
    let plan = CallPlan {
        name_call: Box::new(move || name(out.clone())),
        begins_on_page: !args.at_once && (args.prepare || !args.overlay.no_open),
        choices: Choices { icebreaker: config.start_defaults.icebreaker, ..args.call_args.choices()? },
        off_record: config.off_record,
        records: Some(CallRecords::open(config.retention.days)?),
        setup: SessionSetup { policy: config.policy, detector, ..SessionSetup::default() },
        text,
        origin: Origin::Live,
        // The devices set the pace.
        pace: CallPace::Fast,
        overlay: Some((args.overlay.setup(), !args.overlay.no_open)),
        progress: None,
        explain: None,
        mirror: false,
    };
    let open = move || Ok(Box::new(LiveSource::open(devices, source_stop)?) as Box<dyn Source>);
    // The source ends the call, once it has handed on all that was captured.
    call::run(plan, Box::new(open), Stopper::for_source(move || stop.stop()))
}

/// The name of a call that begins now.
fn name(out: Option<PathBuf>) -> anyhow::Result<CallName> {
    let began = Zoned::now();
    let id = began.strftime("%Y-%m-%dT%H-%M-%S").to_string();
    let out = match out {
        Some(path) => path,
        None => CallFolder::default_path(&id)?,
    };
    Ok(CallName { id, started_at: Some(began.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()), out })
}
