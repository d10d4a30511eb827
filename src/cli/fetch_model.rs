//! `keicho fetch-model`, which is no command for people: fetches the recogniser's model, if it is asked to, for a call
//! that has given up the network, and ends with it.

use std::io::{BufRead as _, stdin};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use crate::app::{FETCHED, ModelFetcher, NOT_FETCHED};
use crate::cli::{console, helper_process};
use crate::models::{Curl, DEFAULT, ModelDir};

/// The command's name.
pub(super) const NAME: &str = "fetch-model";

/// How often it is said how much has come.
const REPORT_INTERVAL: Duration = Duration::from_millis(500);

/// Starts the helper, if it can be had.
pub(super) fn start() -> Option<ModelFetcher> {
    let (requests, answers) = helper_process::start(NAME)?;
    Some(ModelFetcher::helper(Box::new(requests), Box::new(answers)))
}

/// Fetches as often as it is asked to, until nobody can ask any more.
pub(super) fn run() -> anyhow::Result<()> {
    let dir = ModelDir::from_env()?;
    for request in stdin().lock().lines() {
        request?;
        let answer = if fetch(&dir)? { FETCHED } else { NOT_FETCHED };
        console::print(&format!("{answer}\n"))?;
    }
    Ok(())
}

/// Fetches once, and says meanwhile how much has come. Whether it is here now.
fn fetch(dir: &ModelDir) -> anyhow::Result<bool> {
    let (ended, end) = channel();
    // It is given up with the program, and goes on from where it was at the next time.
    std::thread::Builder::new().name("fetch".to_owned()).spawn(move || {
        let fetched = ModelDir::from_env().and_then(|dir| dir.fetch(DEFAULT, &Curl::of_system(), &mut |_| ()));
        // Nobody listens any more if the call has ended.
        let _ = ended.send(fetched.is_ok());
    })?;
    loop {
        match end.recv_timeout(REPORT_INTERVAL) {
            Ok(fetched) => return Ok(fetched),
            Err(RecvTimeoutError::Disconnected) => return Ok(false),
            Err(RecvTimeoutError::Timeout) => console::print(&format!("{}\n", dir.percent_fetched(DEFAULT)))?,
        }
    }
}
