//! `keicho package-files`, which is for packages alone: writes the manual pages and the shell completions, as the program
//! describes its own commands.

use std::fs::create_dir_all;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::Cli;

#[derive(Debug, Args)]
pub(super) struct PackageFilesArgs {
    /// Gets the folders `man` (one page a command) and `completions` (bash, zsh, fish)
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// The shells for which there are completions.
const SHELLS: [Shell; 3] = [Shell::Bash, Shell::Zsh, Shell::Fish];

pub(super) fn run(args: &PackageFilesArgs) -> anyhow::Result<()> {
    let (man, completions) = (args.dir.join("man"), args.dir.join("completions"));
    for folder in [&man, &completions] {
        create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let unwritten = || format!("the files cannot be written into {}", args.dir.display());
    // The date of a page would be the day of the build, and the same sources would make other packages each day.
    clap_mangen::generate_to(Cli::command().disable_help_subcommand(true), &man).with_context(unwritten)?;
    for shell in SHELLS {
        clap_complete::generate_to(shell, &mut Cli::command(), "keicho", &completions).with_context(unwritten)?;
    }
    Ok(())
}
