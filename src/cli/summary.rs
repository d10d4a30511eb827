//! `keicho summary`: what a call came to, made again from its events. A call that was cut off is ended by it.

use std::io::{Write as _, stdout};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use crate::app::past_calls::{finish_cut_off, rebuild_summary};
use crate::app::{exports, user_language};
use crate::store::{CallFolder, CallState, DataDir, Store};

#[derive(Debug, Args)]
pub(super) struct SummaryArgs {
    /// Which call [default: the last one]
    call: Option<String>,
    /// What is printed
    #[arg(long, value_enum, default_value = "md")]
    format: SummaryFormat,
    /// Opens the page in a browser instead
    #[arg(long, conflicts_with = "format")]
    open: bool,
    /// Writes mirror.html instead: the same call for both of you, without advice, to show or to hand over; nothing is sent
    #[arg(long, conflicts_with_all = ["format", "open"])]
    mirror: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SummaryFormat {
    /// A page with pictures
    Html,
    /// Markdown, for notes
    Md,
    /// For other programs
    Json,
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the command line's own voice")]
pub(super) fn run(args: &SummaryArgs) -> anyhow::Result<()> {
    let mut store = Store::open(&DataDir::locate()?)?;
    let call = store.call(args.call.as_deref())?;
    let summary = match call.state {
        CallState::Running => bail!("the call {} goes on; its summary is there once it ends", call.start.id),
        CallState::CutOff => {
            eprintln!("keicho: {} was cut off at {}; this is what was heard by then", call.start.id, call.heard_until);
            finish_cut_off(&mut store, &call)?
        }
        CallState::Ended { .. } => rebuild_summary(&store, &call, user_language())?,
    };
    let (language, before) = (user_language(), exports::prior_calls(&store, &call.start.id)?);
    if args.mirror {
        let mirror = exports::mirror(&summary, &CallFolder::create(&call.start.folder)?, language)?;
        println!("mirror: {}", mirror.display());
        return Ok(());
    }
    if args.open {
        let page = exports::page(&summary, &before, &CallFolder::create(&call.start.folder)?)?;
        open::that_detached(&page).with_context(|| format!("no browser could be opened; open {}", page.display()))?;
        println!("summary: {}", page.display());
        return Ok(());
    }
    let text = match args.format {
        SummaryFormat::Html => summary.page_with_prior_calls(language, &before),
        SummaryFormat::Md => summary.markdown(language),
        SummaryFormat::Json => summary.json()?,
    };
    stdout().write_all(text.as_bytes()).context("cannot print the summary")
}
