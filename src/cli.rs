//! The command line: it reads words into what the application does, and prints what comes of it. An error is one
//! sentence on stderr that says what to do.
//!
//! The exit status is 0 if the work is done, 1 if it failed, and 2 for wrong words on the command line.

#[cfg(all(feature = "capture", target_os = "linux"))]
mod agent;
mod call;
mod config;
mod console;
#[cfg(unix)]
mod ctl;
mod demo;
mod detector;
#[cfg(feature = "capture")]
mod devices;
#[cfg(feature = "capture")]
mod doctor;
mod export;
#[cfg(feature = "capture")]
mod fetch_model;
mod forget;
#[cfg(feature = "capture")]
mod helper_process;
mod history;
#[cfg(feature = "capture")]
mod live;
mod models;
#[cfg(feature = "capture")]
mod open_pages;
mod other_person;
mod pace;
mod package_files;
mod replay;
#[cfg(unix)]
mod retire;
mod signals;
mod summary;
mod terminal;
mod text;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Parser, Subcommand, ValueEnum};
use tracing_subscriber::EnvFilter;

use crate::app::OverlayPlan;
use crate::cli::console::LogWriter;
use crate::nudges::Mode;
use crate::prepare::{Choices, LONGEST_NAME, is_name};
use crate::report::summary::Language;
use crate::server::{PageOpener, ServerSetup};

/// Attentive listening for the person who holds the 1on1: who talks how much, live and afterwards. Nothing leaves this
/// machine.
#[derive(Debug, Parser)]
#[command(name = "keicho", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: CliCommand,
}

#[derive(Debug, Subcommand)]
enum CliCommand {
    /// Runs beside a call: your microphone and what the computer plays
    #[cfg(feature = "capture")]
    Live(live::LiveArgs),
    /// Waits until another program is in a call, and offers to begin
    #[cfg(all(feature = "capture", target_os = "linux"))]
    Agent(agent::AgentArgs),
    /// Analyses a recorded call (one two-channel file, left is you, or two files) or a transcript
    Replay(replay::ReplayArgs),
    /// Plays a bundled call at the pace of life, with the overlay: in your language, or the one that `--lang` names
    Demo(demo::DemoArgs),
    /// Gives the Keicho that runs a command, for the keys of a window manager
    #[cfg(unix)]
    Ctl(ctl::CtlArgs),
    /// Shows what a call came to
    Summary(summary::SummaryArgs),
    /// My own figures over the calls
    History(history::HistoryArgs),
    /// Prints what is kept of your calls, for tables, programs and notes
    Export(export::ExportArgs),
    /// Forgets a person, a call or all, without a trace
    Forget(forget::ForgetArgs),
    /// Lists what can be captured here
    #[cfg(feature = "capture")]
    Devices,
    /// Checks that everything a call needs is in place, and says what to do if not
    #[cfg(feature = "capture")]
    Doctor(doctor::DoctorArgs),
    /// Shows and changes your settings
    Config(config::ConfigArgs),
    /// Lists, fetches and checks the models: of words, and of a detector of speech
    Models(models::ModelsArgs),
    /// Opens pages for a call that has given up the network
    #[cfg(feature = "capture")]
    #[command(name = open_pages::NAME, hide = true)]
    OpenPages,
    /// Fetches the recogniser's model for a call that has given up the network
    #[cfg(feature = "capture")]
    #[command(name = fetch_model::NAME, hide = true)]
    FetchModel,
    /// Writes the manual pages and the shell completions into a folder, for packages
    #[command(hide = true)]
    PackageFiles(package_files::PackageFilesArgs),
}

/// The words that every kind of call takes.
#[derive(Debug, Args)]
struct CallArgs {
    /// What the call is for: sets how much of the talk should be yours
    #[arg(long, value_enum, default_value = "listening")]
    mode: ModeName,
    /// The other person's name, for the summary; `-` takes it from KEICHO_WITH, or else from the first line of the input
    #[arg(long, value_name = "NAME")]
    with: Option<String>,
    /// What tells speech from noise
    #[arg(long, value_enum, default_value = "firered")]
    vad: detector::DetectorName,
    #[command(flatten)]
    text: text::TextArgs,
}

impl CallArgs {
    /// The choices for the call that the words make.
    fn choices(&self) -> anyhow::Result<Choices> {
        let with = other_person::read(self.with.as_deref())?;
        if let Some(name) = with.as_deref().filter(|name| !is_name(name)) {
            bail!("{name:?} cannot be a name. Give --with one of at most {LONGEST_NAME} characters on one line");
        }
        Ok(Choices { with, mode: self.mode.into(), ..Choices::default() })
    }
}

/// The overlay.
#[derive(Debug, Args)]
struct OverlayArgs {
    /// The overlay's port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// Does not open the overlay in a browser
    #[arg(long)]
    no_open: bool,
    /// Serves the pages from a folder as they are, unpacked, to work on them
    #[arg(long, value_name = "DIR")]
    web_dir: Option<PathBuf>,
}

/// The port on which the overlay is served unless the user names another.
const PORT: u16 = 4649;

impl OverlayArgs {
    fn plan(&self) -> OverlayPlan {
        let server = ServerSetup { port: self.port, web_dir: self.web_dir.clone() };
        OverlayPlan { server, opener: (!self.no_open).then(PageOpener::direct) }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeName {
    /// The other side's time: 30% is yours
    Listening,
    /// Questions that help the other think: 30%
    Coaching,
    /// Both have something to say: 50%
    Feedback,
    /// You explain: 60%
    Teaching,
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Listening => Self::Listening,
            ModeName::Coaching => Self::Coaching,
            ModeName::Feedback => Self::Feedback,
            ModeName::Teaching => Self::Teaching,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LanguageName {
    /// Japanese
    Ja,
    /// English
    En,
    /// Not said
    Auto,
}

impl LanguageName {
    /// The language that is spoken, if the user names it.
    fn language(self) -> Option<Language> {
        match self {
            Self::Ja => Some(Language::Ja),
            Self::En => Some(Language::En),
            Self::Auto => None,
        }
    }
}

/// The user's own language, for summaries and pages: what `LC_ALL`, `LC_MESSAGES` or `LANG` says.
fn user_language() -> Language {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let locale = names.into_iter().find_map(|name| std::env::var(name).ok().filter(|locale| !locale.is_empty()));
    Language::from_locale(&locale.unwrap_or_default())
}

/// Gives up the network before devices are opened: what leads to them may be another program's library and settings.
#[cfg(feature = "capture")]
fn give_up_network() {
    if let Err(error) = crate::confinement::confine_process() {
        console::report(format_args!("keicho: warning: {error}"));
    }
}

/// What is logged unless `RUST_LOG` says otherwise. The user reads of a recording's damage in our words, not in the
/// decoder's.
const LOGGED: &str = "warn,symphonia=off";

/// What is never logged: a message of a page holds the token or people's words.
const UNLOGGED: &str = "tungstenite=info";

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    start_log();
    // A wrong word ends here, with status 2 and clap's own message.
    let status = run(Cli::parse().command).unwrap_or_else(|error| {
        console::report(format_args!("keicho: {error:#}"));
        ExitCode::FAILURE
    });
    console::flush();
    status
}

/// From here on what goes wrong is logged, and so is a panic. What that says may hold words of the call, and the usual way to
/// say it waits for the terminal: only where it happened is logged.
fn start_log() {
    let log = tracing_subscriber::fmt().with_env_filter(log_filter()).with_writer(LogWriter).with_target(false);
    // In a file or the system's journal colours are rubbish.
    log.with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()).init();
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let (thread, place) = (thread.name().unwrap_or("unnamed"), panic.location().map(ToString::to_string));
        tracing::error!(thread, place = place.as_deref().unwrap_or("unknown"), "a part of Keicho failed");
    }));
}

/// What is logged: as `RUST_LOG` says, without what comes over the socket.
fn log_filter() -> EnvFilter {
    let asked = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_else(|_| LOGGED.to_owned());
    let filter = |asked: &str| format!("{asked},{UNLOGGED}");
    EnvFilter::try_new(filter(&asked)).unwrap_or_else(|_| EnvFilter::new(filter(LOGGED)))
}

fn run(command: CliCommand) -> anyhow::Result<ExitCode> {
    match &command {
        #[cfg(feature = "capture")]
        CliCommand::Live(args) => other_person::hide(args.call_args.with.as_deref()),
        CliCommand::Replay(args) => other_person::hide(args.call_args.with.as_deref()),
        _ => {}
    }
    match command {
        #[cfg(feature = "capture")]
        CliCommand::Live(args) => live::run(&args)?,
        #[cfg(all(feature = "capture", target_os = "linux"))]
        CliCommand::Agent(args) => agent::run(&args)?,
        CliCommand::Replay(args) => replay::run(&args)?,
        CliCommand::Demo(args) => demo::run(&args)?,
        #[cfg(unix)]
        CliCommand::Ctl(args) => ctl::run(&args)?,
        CliCommand::Summary(args) => summary::run(&args)?,
        CliCommand::History(args) => history::run(&args)?,
        CliCommand::Export(args) => export::run(&args)?,
        CliCommand::Forget(args) => forget::run(args)?,
        #[cfg(feature = "capture")]
        CliCommand::Devices => devices::run()?,
        #[cfg(feature = "capture")]
        CliCommand::Doctor(args) => return doctor::run(&args),
        CliCommand::Config(args) => return config::run(&args),
        CliCommand::Models(args) => return models::run(&args),
        #[cfg(feature = "capture")]
        CliCommand::OpenPages => open_pages::run()?,
        #[cfg(feature = "capture")]
        CliCommand::FetchModel => fetch_model::run()?,
        CliCommand::PackageFiles(args) => package_files::run(&args)?,
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests;
