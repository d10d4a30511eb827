//! `keicho replay`: a recorded call through the chain that runs live.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::call::{self, PaceName, Plan};
use crate::cli::{CallArgs, OverlayArgs};
use crate::session::Setup;
use crate::source::Source;
use crate::source::file::FileSource;
use crate::summary::CallInfo;
use crate::wire::Origin;

#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// The recording: two channels (left is you), or your side alone where THEM is given
    call: PathBuf,
    /// A recording of the other side
    them: Option<PathBuf>,
    /// Where the results go [default: ./<name of the call>.keicho]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// As fast as the processor allows, or at the pace of life
    #[arg(long, value_enum, default_value = "fast")]
    pace: PaceName,
    /// Serves the overlay meanwhile
    #[arg(long)]
    serve: bool,
    #[command(flatten)]
    pub(super) call_args: CallArgs,
    #[command(flatten)]
    overlay: OverlayArgs,
}

pub(super) fn run(args: &ReplayArgs) -> anyhow::Result<()> {
    let source = FileSource::open(&args.call, args.them.as_deref())?;
    let text = args.call_args.text.plan()?;
    let detector = args.call_args.vad.detector()?;
    let name = name(&args.call);
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.keicho")));
    let stop = call::stopped_by_interrupt()?;
    let plan = Plan {
        info: CallInfo {
            id: name,
            started_at: None,
            live: false,
            mode: args.call_args.mode.into(),
            language: text.language,
            with: args.call_args.with.clone(),
        },
        setup: Setup { mode: args.call_args.mode.into(), detector, ..Setup::default() },
        text,
        origin: Origin::Replay,
        out,
        pace: args.pace,
        overlay: args.serve.then(|| (args.overlay.setup(), !args.overlay.no_open)),
        progress: source.length().filter(|_| args.pace == PaceName::Fast),
    };
    call::run(plan, Box::new(|| Ok(Box::new(source) as Box<dyn Source>)), stop)
}

/// The file's name without its ending.
fn name(path: &Path) -> String {
    path.file_stem().map_or_else(|| "call".to_owned(), |stem| stem.to_string_lossy().into_owned())
}
