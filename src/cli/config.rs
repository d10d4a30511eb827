//! `keicho config`: the user's own settings.

use std::process::{Command, ExitCode};

use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};

use crate::cli::console;
use crate::config::ConfigFile;

#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    action: Option<ConfigAction>,
}

#[derive(Debug, Subcommand)]
enum ConfigAction {
    /// Prints the settings in force, as is done where nothing is said
    Show,
    /// Prints where the file of the settings is, or would be
    Path,
    /// Opens the file in the editor that VISUAL or EDITOR names, and checks it afterwards
    Edit,
}

pub(super) fn run(args: &ConfigArgs) -> anyhow::Result<ExitCode> {
    let file = ConfigFile::locate()?;
    match args.action {
        None | Some(ConfigAction::Show) => console::print(&file.read()?.to_toml())?,
        Some(ConfigAction::Path) => console::print(&format!("{}\n", file.path().display()))?,
        Some(ConfigAction::Edit) => edit(&file)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn edit(file: &ConfigFile) -> anyhow::Result<()> {
    let path = file.path().display();
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(|name| std::env::var(name).ok().filter(|it| !it.is_empty()));
    let editor = editor.ok_or_else(|| anyhow!("no editor is named in VISUAL or EDITOR; name one, or edit {path}"))?;
    file.create()?;
    // An editor may be named with words of its own: `code --wait`.
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let ended = Command::new(program).args(words).arg(file.path()).status();
    let ended = ended.with_context(|| format!("cannot start the editor {program}; name another in VISUAL"))?;
    file.restrict_permissions()?;
    if !ended.success() {
        bail!("the editor {program} failed ({ended}); {path} is as it left it");
    }
    match file.read() {
        Ok(_) => console::announce(format_args!("the settings are good: {path}")),
        Err(wrong) => bail!("{wrong}. Your edit is kept; go on with `keicho config edit`"),
    }
    Ok(())
}
