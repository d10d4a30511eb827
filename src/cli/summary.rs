//! `keicho summary`: what a call came to, made again from its events. This ends a call that was cut off.

use anyhow::Context;
use clap::{Args, ValueEnum};

use crate::app::PastCalls;
use crate::cli::{console, user_language};
use crate::config::ConfigFile;
use crate::store::{CallState, DataDir};

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
    /// Writes the shared summary, mirror.html, instead: the same call for both of you, without advice, to show or to
    /// hand over; nothing is sent
    #[arg(long, conflicts_with_all = ["format", "open"])]
    mirror: bool,
    /// Adds what the other person answered on the shared summary: the line that they sent back
    #[arg(long, value_name = "LINE", conflicts_with_all = ["call", "mirror"])]
    answer: Option<String>,
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

pub(super) fn run(args: &SummaryArgs) -> anyhow::Result<()> {
    let days = ConfigFile::locate()?.read()?.retention.days;
    let (mut calls, language) = (PastCalls::open_within(&DataDir::locate()?, days)?, user_language());
    let call = match &args.answer {
        Some(line) => calls.add_answer(line)?,
        None => calls.find(args.call.as_deref())?,
    };
    if call.state == CallState::CutOff {
        let (id, until) = (&call.record.id, call.heard_until);
        console::report(format_args!("keicho: {id} was cut off at {until}; this is what was heard by then"));
    }
    let call = calls.summarize(&call, language)?;
    if args.mirror {
        console::announce(format_args!("mirror: {}", call.write_mirror(language)?.display()));
        return Ok(());
    }
    if args.open {
        let page = call.write_page(language)?;
        open::that_detached(&page).with_context(|| format!("no browser could be opened; open {}", page.display()))?;
        console::announce(format_args!("summary: {}", page.display()));
        return Ok(());
    }
    let text = match args.format {
        SummaryFormat::Html => call.page(language),
        SummaryFormat::Md => call.summary.markdown(language),
        SummaryFormat::Json => call.summary.json()?,
    };
    console::print(&text)
}
