//! `curl`, which reaches the network as a child of this program and ends with it at Ctrl-C.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::manifest::Url;

/// How curl is started.
#[derive(Clone, Debug)]
pub struct Curl {
    /// The program, and words that come before all others.
    command: Vec<OsString>,
    /// Whether it may show how far it is.
    progress: bool,
}

impl Curl {
    /// The system's. It shows how far it is if someone is there to see it.
    pub fn of_system() -> Self {
        Self { command: vec!["curl".into()], progress: io::stdout().is_terminal() && io::stderr().is_terminal() }
    }

    /// Another program in its place.
    #[cfg(test)]
    pub(super) fn replaced_by(command: Vec<OsString>) -> Self {
        Self { command, progress: false }
    }

    /// Downloads a file of at most `longest` bytes, from where what is there of it ends.
    pub(super) fn download(&self, url: &Url, into: &Path, longest: u64) -> Result<(), CurlError> {
        let (program, words) = self.command.split_first().map_or((OsStr::new(""), &[][..]), |(p, w)| (p, w));
        let mut command = Command::new(program);
        command.args(words).args(["--fail", "--location", "--proto", "=https", "--continue-at", "-"]);
        // Gives up if nothing answers, and if nothing comes for a minute.
        command.args(["--connect-timeout", "20", "--speed-limit", "1000", "--speed-time", "60"]);
        command.arg("--max-filesize").arg(longest.to_string());
        if self.progress {
            command.arg("--progress-bar").stderr(Stdio::inherit());
        } else {
            command.args(["--silent", "--show-error"]).stderr(Stdio::piped());
        }
        command.arg("--output").arg(into).args(["--url", url.as_str()]).stdin(Stdio::null()).stdout(Stdio::null());
        match command.spawn().and_then(|child| child.wait_with_output()) {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) if output.status.code().is_some_and(|code| NO_RESUMPTION.contains(&code)) => {
                Err(CurlError::CannotResume)
            }
            Ok(output) => Err(CurlError::Failed(reason(&output))),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                Err(CurlError::Failed("curl is not installed".to_owned()))
            }
            Err(cause) => Err(CurlError::Failed(format!("curl does not start ({cause})"))),
        }
    }
}

/// Why curl gave no file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum CurlError {
    /// The other side cannot go on where a file was cut off.
    CannotResume,
    /// Another reason.
    Failed(String),
}

/// How curl ends if the other side knows no ranges: errors 33 and 36 of its manual.
const NO_RESUMPTION: [i32; 2] = [33, 36];

/// The last thing that curl said was wrong, in one short line.
fn reason(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lines = || stderr.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines().rev().find_map(|line| line.strip_prefix("curl: ")).or_else(|| lines().next_back());
    match line {
        Some(line) => line.trim_end_matches('.').chars().filter(|c| !c.is_control()).take(LONGEST_REASON).collect(),
        None => format!("curl ended with {}", output.status),
    }
}

/// Of a longer line only the beginning is told.
const LONGEST_REASON: usize = 200;
