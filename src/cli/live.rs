//! `keicho live`: beside a call that goes on now.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;
use jiff::Zoned;

use crate::audio::PerTrack;
use crate::capture::{DeviceChoice, Setup as Devices, Through};
use crate::cli::call::{self, PaceName, Plan};
use crate::cli::{CallArgs, OverlayArgs};
use crate::config::ConfigFile;
use crate::session::Setup;
use crate::source::Source;
use crate::source::live::{LiveSource, Stop};
use crate::store::CallFolder;
use crate::summary::CallInfo;
use crate::wire::Origin;

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
    #[command(flatten)]
    call_args: CallArgs,
    #[command(flatten)]
    overlay: OverlayArgs,
}

pub(super) fn run(args: &LiveArgs) -> anyhow::Result<()> {
    let devices =
        Devices { device: PerTrack { me: args.me.clone(), them: args.them.clone() }, through: Through::from_env()? };
    let began = now();
    let id = began.strftime("%Y-%m-%dT%H-%M-%S").to_string();
    let mode = args.call_args.mode.into();
    let config = ConfigFile::own()?.read()?;
    let mut text = args.call_args.text.plan()?;
    text.keep |= config.keep.transcript;
    let detector = args.call_args.vad.detector()?;
    let stop = Stop::new();
    let source_stop = stop.clone();
    call::at_interrupt(move || stop.stop())?;
    let plan = Plan {
        info: CallInfo {
            id: id.clone(),
            started_at: Some(began.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
            live: true,
            sound: true,
            mode,
            language: text.language,
            with: args.call_args.with.clone(),
        },
        setup: Setup { mode, policy: config.policy, detector, ..Setup::default() },
        text,
        origin: Origin::Live,
        out: match &args.out {
            Some(path) => path.clone(),
            None => CallFolder::of_call(&id)?,
        },
        // The devices set the pace.
        pace: PaceName::Fast,
        overlay: Some((args.overlay.setup(), !args.overlay.no_open)),
        progress: None,
        explain: None,
    };
    let begin = move || Ok(Box::new(LiveSource::open(devices, source_stop)?) as Box<dyn Source>);
    // The source ends the call, once it has handed on all that was captured.
    call::run(plan, Box::new(begin), Arc::new(AtomicBool::new(false)))
}

/// The date and time at which the call began, for its summary.
fn now() -> Zoned {
    Zoned::now()
}
