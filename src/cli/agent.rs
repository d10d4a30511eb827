//! `keicho agent`: waits for calls of other programs, and offers to begin.

use std::sync::mpsc::channel;

use clap::Args;

use crate::agent::{self, AgentEvent, AgentNotice, AgentPlan};
use crate::capture::BackendChoice;
use crate::cli::{PORT, console, give_up_network, open_pages, signals, user_language};
use crate::config::ConfigFile;

#[derive(Debug, Args)]
pub(super) struct AgentArgs {
    /// The port of the page of the calls that it begins
    #[arg(long, default_value_t = PORT)]
    port: u16,
}

pub(super) fn run(args: &AgentArgs) -> anyhow::Result<()> {
    let config = ConfigFile::locate()?.read()?;
    let plan = AgentPlan {
        settings: config.agent,
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

fn sentence(notice: &AgentNotice) -> String {
    match notice {
        AgentNotice::Waiting => "waiting for a call. Ctrl-C ends this".to_owned(),
        AgentNotice::SoundServerGone => "the sound server has ended; waiting for it to come back".to_owned(),
        AgentNotice::Asked { application } => format!("{application} seems to be in a call; asking whether to begin"),
        AgentNotice::NotShown(error) => {
            format!("the desktop shows no notifications ({error}); begin with `keicho live` yourself")
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
