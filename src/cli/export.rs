//! `keicho export`: what is kept of all calls, or of those with one person, for tables, programs and notes.

use clap::{Args, ValueEnum};

use crate::app::PastCalls;
use crate::cli::{console, user_language};
use crate::config::ConfigFile;
use crate::store::DataDir;

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// Only calls with this person
    #[arg(long, value_name = "NAME")]
    with: Option<String>,
    /// What is printed
    #[arg(long, value_enum)]
    format: ExportFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// A row a call: your figures, for a table
    Csv,
    /// Every call as its summary.json
    Json,
    /// Every call as it would stand in your notes
    Md,
}

pub(super) fn run(args: &ExportArgs) -> anyhow::Result<()> {
    let days = ConfigFile::locate()?.read()?.retention.days;
    let (calls, language) = (PastCalls::open_within(&DataDir::locate()?, days)?, user_language());
    let export = calls.export(args.with.as_deref(), language)?;
    if !export.left_out.is_empty() {
        let ids = export.left_out.join(", ");
        console::report(format_args!("keicho: left out, as they go on or were cut off: {ids}"));
    }
    console::print(&match args.format {
        ExportFormat::Csv => export.csv()?,
        ExportFormat::Json => export.json()?,
        ExportFormat::Md => export.markdown(language),
    })
}
