//! `keicho replay`: a recorded call through the chain that runs live.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::cli::call::{self, Plan};
use crate::cli::{CallArgs, OverlayArgs};
use crate::nudges::Policy;
use crate::session::{Fast, Pace, Real, Setup};
use crate::source::Source;
use crate::source::file::FileSource;
use crate::store::CallFolder;
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
    call_args: CallArgs,
    #[command(flatten)]
    overlay: OverlayArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PaceName {
    Fast,
    Real,
}

pub(super) fn run(args: &ReplayArgs) -> anyhow::Result<()> {
    let source = FileSource::open(&args.call, args.them.as_deref())?;
    let name = name(&args.call);
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.keicho")));
    let stop = call::stopped_by_interrupt()?;
    let plan = Plan {
        info: CallInfo {
            id: name,
            started_at: None,
            live: false,
            mode: args.call_args.mode.into(),
            language: args.call_args.lang.spoken(),
            with: args.call_args.with.clone(),
        },
        setup: Setup { mode: args.call_args.mode.into(), policy: Policy::default(), detector: args.call_args.vad },
        origin: Origin::Replay,
        folder: CallFolder::at(&out)?,
        overlay: args.serve.then(|| (args.overlay.setup(), !args.overlay.no_open)),
        progress: source.length().filter(|_| args.pace == PaceName::Fast),
    };
    let pace = args.pace;
    let begin = Box::new(move || Ok((Box::new(source) as Box<dyn Source>, pace.begin())));
    call::run(plan, begin, stop)
}

impl PaceName {
    fn begin(self) -> Box<dyn Pace> {
        match self {
            Self::Fast => Box::new(Fast),
            Self::Real => Box::new(Real::begin()),
        }
    }
}

/// The file's name without its ending.
fn name(path: &Path) -> String {
    path.file_stem().map_or_else(|| "call".to_owned(), |stem| stem.to_string_lossy().into_owned())
}
