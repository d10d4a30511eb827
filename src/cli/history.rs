//! `keicho history`: the manager's own figures over the calls, and what one person said of themselves. Nobody is
//! ranked.

use std::path::{Component, Path};

use anyhow::Context;
use clap::{Args, ValueEnum};
use jiff::Zoned;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::app::PastCalls;
use crate::cli::{console, user_language};
use crate::config::ConfigFile;
use crate::store::{DataDir, PastCall};

/// The characters that are escaped in a part of an address.
const UNSAFE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// How many calls a terminal shows at most.
const MOST: usize = 50;

#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    /// Only calls with this person, and their check-ins and open items
    #[arg(long, value_name = "NAME")]
    with: Option<String>,
    /// What is printed
    #[arg(long, value_enum, default_value = "table")]
    format: HistoryFormat,
    /// Writes history.html into the data folder and opens it in a browser instead; it goes when anything is forgotten
    #[arg(long, conflicts_with = "format")]
    open: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum HistoryFormat {
    /// A line a call, the last 50
    Table,
    /// A page with pictures
    Html,
    /// For other programs
    Json,
}

pub(super) fn run(args: &HistoryArgs) -> anyhow::Result<()> {
    let (data_dir, language) = (DataDir::locate()?, user_language());
    // The store stays open until the page is written, so that `forget --all` cannot forget anything of it in between.
    let calls = PastCalls::open_within(&data_dir, ConfigFile::locate()?.read()?.retention.days)?;
    let history = calls.history(args.with.as_deref(), &Zoned::now())?;
    let page = || history.page(language, &|call| summary_link(data_dir.path(), call));
    if args.open {
        let path = data_dir.write_history(&page())?;
        open::that_detached(&path).with_context(|| format!("no browser could be opened; open {}", path.display()))?;
        console::announce(format_args!("history: {}", path.display()));
        return Ok(());
    }
    let text = match args.format {
        HistoryFormat::Table => history.text(language, MOST),
        HistoryFormat::Html => page(),
        HistoryFormat::Json => history.json()?,
    };
    console::print(&text)
}

/// Where the page of a call is, as seen from a page in the data folder; `None` if there is none in that folder.
fn summary_link(data_dir: &Path, call: &PastCall) -> Option<String> {
    let page = call.record.folder.join("summary.html");
    let inside = page.strip_prefix(data_dir).ok().filter(|_| page.is_file())?;
    let part = |part: Component<'_>| match part {
        Component::Normal(name) => Some(utf8_percent_encode(name.to_str()?, UNSAFE).to_string()),
        _ => None,
    };
    let parts: Option<Vec<String>> = inside.components().map(part).collect();
    Some(parts?.join("/"))
}
