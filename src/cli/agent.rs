//! `keicho agent`: waits for calls of other programs, and offers to begin.

use std::sync::mpsc::channel;

use clap::Args;
use jiff::Zoned;

use crate::agent::{self, AgentEvent, AgentNotice, AgentPlan, AutostartChange};
use crate::app::PastCalls;
use crate::calendar::next_meeting;
use crate::capture::BackendChoice;
use crate::cli::{PORT, console, give_up_network, open_pages, signals, user_language};
use crate::config::ConfigFile;
use crate::prepare::meeting_sentence;
use crate::store::DataDir;

#[derive(Debug, Args)]
pub(super) struct AgentArgs {
    /// The port of the page of the calls that it begins
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// Has it started whenever you log in, from now on
    #[arg(long, conflicts_with = "uninstall")]
    install: bool,
    /// Has it started at your logins no longer
    #[arg(long)]
    uninstall: bool,
}

pub(super) fn run(args: &AgentArgs) -> anyhow::Result<()> {
    if args.install {
        let change = agent::install(&std::env::current_exe()?, args.port)?;
        console::report(format_args!("keicho: {}", installed(&change)));
        return Ok(());
    }
    if args.uninstall {
        console::report(format_args!("keicho: {}", installed(&agent::uninstall()?)));
        return Ok(());
    }
    let config = ConfigFile::locate()?.read()?;
    let (calendar, people) = (config.calendar, people()?);
    let plan = AgentPlan {
        settings: config.agent,
        // What cannot be read is told by the start page, which reads it again.
        meeting_sentence: Box::new(move || {
            let (meeting, _) = next_meeting(calendar.as_ref()?, &Zoned::now(), &people);
            meeting.as_ref().map(meeting_sentence)
        }),
        backend: BackendChoice::from_env()?,
        port: args.port,
        language: user_language(),
        // What it starts has a network; this process gives its own up.
        opener: open_pages::start(),
    };
    give_up_network();
    let (sender, events) = channel();
    let quit = sender.clone();
    // An agent that has ended needs no signal.
    signals::on_signal(move || drop(quit.send(AgentEvent::Quit)))?;
    agent::run(plan, &events, &sender, &|notice| console::report(format_args!("keicho: {}", sentence(&notice))))?;
    Ok(())
}

fn installed(change: &AutostartChange) -> String {
    match change {
        AutostartChange::Installed(file) => {
            format!("the agent starts at your logins from now on ({}); `keicho agent` starts it now", file.display())
        }
        AutostartChange::WasInstalled(file) => {
            format!("the agent starts at your logins already ({}); nothing has changed", file.display())
        }
        AutostartChange::Removed(file) => {
            format!("the agent starts at your logins no longer ({} is removed); one that runs goes on", file.display())
        }
        AutostartChange::WasNotInstalled(file) => {
            format!("the agent does not start at your logins ({} is not there); nothing has changed", file.display())
        }
    }
}

/// Everybody with whom there was a call.
fn people() -> anyhow::Result<Vec<String>> {
    let data_dir = DataDir::locate()?;
    if !data_dir.path().exists() {
        return Ok(Vec::new());
    }
    let mut people: Vec<String> =
        PastCalls::open(&data_dir)?.list(None, usize::MAX)?.into_iter().filter_map(|call| call.record.with).collect();
    people.sort();
    people.dedup();
    Ok(people)
}

fn sentence(notice: &AgentNotice) -> String {
    match notice {
        AgentNotice::Waiting => "waiting for a call. Ctrl-C ends this".to_owned(),
        AgentNotice::SoundServerGone => "the sound server has ended; waiting for it to come back".to_owned(),
        AgentNotice::Asked { application } => format!("{application} seems to be in a call; asking whether to begin"),
        AgentNotice::NotShown(error) => {
            format!("the desktop shows no notifications ({error}); begin with `keicho live` yourself")
        }
        AgentNotice::NoTray(error) => {
            format!("the desktop's tray cannot be reached ({error}); notifications are all there is")
        }
        AgentNotice::Begun { application: Some(application) } => format!("the start page opens, beside {application}"),
        AgentNotice::Begun { application: None } => "the start page opens".to_owned(),
        AgentNotice::Closing { application, ends_in } => {
            format!("{application} no longer uses the microphone; the call ends in {} s", ends_in.as_secs())
        }
        AgentNotice::GoesOn => "nothing ends".to_owned(),
        AgentNotice::Ended => "the call was ended".to_owned(),
        AgentNotice::Failed(why) => format!("that could not be done: {why}"),
    }
}
