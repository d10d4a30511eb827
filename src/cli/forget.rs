//! `keicho forget`: forgets a person, a call or everything, without a trace in what Keicho keeps, and says where it
//! does not look.

use std::path::PathBuf;

use clap::Args;

use crate::app::PastCalls;
use crate::cli::console;
use crate::config::ConfigFile;
use crate::store::{DataDir, Forget, Forgotten};

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct ForgetArgs {
    /// Forgets this person and every call with them
    name: Option<String>,
    /// Forgets one call
    #[arg(long, value_name = "ID")]
    call: Option<String>,
    /// Forgets all people and all calls
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: ForgetArgs) -> anyhow::Result<()> {
    let data_dir = DataDir::locate()?;
    let what = args.name.map(Forget::Person).or(args.call.map(Forget::Call));
    let forgotten = match &what {
        Some(what) => PastCalls::open(&data_dir)?.forget(what)?,
        None => PastCalls::forget_all(&data_dir)?,
    };
    console::announce(format_args!("forgotten: {}", describe(&forgotten)));
    if forgotten.pages > 0 {
        console::announce(format_args!(
            "removed: {}, which may have shown figures of what is forgotten; `keicho summary ID --open` makes one again",
            count(forgotten.pages, "summary.html of a later call", "summary.html of later calls")
        ));
    }
    for folder in &forgotten.folders_left {
        console::announce(format_args!(
            "left: {}, which holds other files; Keicho's are gone from it",
            folder.display()
        ));
    }
    if let Some(Forget::Person(name)) = &what {
        console::announce(format_args!(
            "not searched: what is kept of calls with others, whose words, agenda, notes and check-ins may name {name} too; \
             `keicho forget --call ID` forgets one"
        ));
    }
    if let Some(notes) = notes_folder() {
        console::announce(format_args!("not searched: your own notes in {}", notes.display()));
    }
    console::announce("not searched: copies and shared summaries that you put elsewhere, and the folders of replays");
    Ok(())
}

/// Where the user's notes on people are; `None` too if the settings cannot be read, which is no reason not to forget.
fn notes_folder() -> Option<PathBuf> {
    ConfigFile::locate().ok()?.read().ok()?.notes_folder
}

fn count(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

fn describe(forgotten: &Forgotten) -> String {
    let calls = count(forgotten.calls, "call", "calls");
    match forgotten.people {
        0 => calls,
        people => format!("{}, {calls}", count(people, "person", "people")),
    }
}
