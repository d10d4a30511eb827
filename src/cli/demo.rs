//! `keicho demo`: the bundled sample call in real time, with the overlay.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::app::{CallKeeping, CallPace, CallPlan, Stopper};
use crate::cli::call::{self, CallExtras};
use crate::cli::terminal::Terminal;
use crate::cli::text::TextArgs;
use crate::cli::{OverlayArgs, user_language};
use crate::config::OffRecordLengths;
use crate::nudges::Policy;
use crate::prepare::Choices;
use crate::records::Origin;
use crate::session::SessionSetup;
use crate::source::Source;
use crate::source::file::FileSource;

/// Two minutes of an invented 1on1; `tests/sample_call` says what is in it.
const SAMPLE: &[u8] = include_bytes!("../../tests/sample_call/call.flac");

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Where the results go
    #[arg(long, value_name = "DIR", default_value = "demo.keicho")]
    out: PathBuf,
    #[command(flatten)]
    text: TextArgs,
    #[command(flatten)]
    overlay: OverlayArgs,
}

pub(super) fn run(args: &DemoArgs) -> anyhow::Result<()> {
    let source = FileSource::two_channels(Path::new("sample.flac"), Box::new(Cursor::new(SAMPLE)))?;
    let text = args.text.choices().plan()?;
    let plan = CallPlan {
        keeping: CallKeeping::Folder { id: "demo".to_owned(), folder: args.out.clone() },
        begins_on_page: false,
        choices: Choices::default(),
        off_record: OffRecordLengths::default(),
        setup: SessionSetup { policy: Policy::demo(), ..SessionSetup::default() },
        text,
        origin: Origin::Demo,
        devices: None,
        model_fetcher: None,
        unseen: None,
        pace: CallPace::Real,
        overlay: Some(args.overlay.plan()),
        gives_up_network: false,
        language: user_language(),
    };
    let open = Box::new(|| Ok(Box::new(source) as Box<dyn Source>));
    let terminal = Terminal::default().with_stats(args.text.stats);
    call::run(plan, open, Stopper::between_blocks(), terminal, &CallExtras::default())
}
