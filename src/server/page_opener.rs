//! What opens a page in the user's browser: this process, or a helper that was started before it gave up the network,
//! as a browser that it starts itself would have none either.

use std::fmt;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Opens pages in the user's browser. Clones share one helper.
#[derive(Clone, Default)]
pub struct PageOpener {
    /// Contended by nobody in practice: a page is opened once a call.
    helper: Option<Arc<Mutex<HelperStreams>>>,
}

/// The line that asks for the demo; the path of a page is never like it.
pub const DEMO: &str = "demo";

/// A line each way: the path of a page or [`DEMO`], and then nothing or what went wrong.
struct HelperStreams {
    requests: Box<dyn Write + Send>,
    answers: Box<dyn BufRead + Send>,
}

impl PageOpener {
    /// This process opens pages itself.
    pub fn direct() -> Self {
        Self::default()
    }

    /// A helper opens them, which reads the paths of pages as lines and answers each with a line: empty, or what went
    /// wrong.
    pub fn helper(requests: Box<dyn Write + Send>, answers: Box<dyn BufRead + Send>) -> Self {
        Self { helper: Some(Arc::new(Mutex::new(HelperStreams { requests, answers }))) }
    }

    /// Opens a page.
    ///
    /// # Errors
    /// When no browser starts.
    pub fn open(&self, page: &Path) -> io::Result<()> {
        let Some(helper) = &self.helper else { return open::that_detached(page) };
        Self::ask(helper, &page.display().to_string())
    }

    /// Starts the demo, which opens a page of its own.
    ///
    /// # Errors
    /// When there is no helper, or it cannot start it.
    pub fn open_demo(&self) -> io::Result<()> {
        let helper = self.helper.as_ref().ok_or(io::ErrorKind::Unsupported)?;
        Self::ask(helper, DEMO)
    }

    fn ask(helper: &Mutex<HelperStreams>, request: &str) -> io::Result<()> {
        let mut helper = helper.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(helper.requests, "{request}")?;
        helper.requests.flush()?;
        let mut answer = String::new();
        match helper.answers.read_line(&mut answer)? {
            0 => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the helper has ended")),
            _ if answer.trim().is_empty() => Ok(()),
            _ => Err(io::Error::other(answer.trim().to_owned())),
        }
    }
}

impl fmt::Debug for PageOpener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.helper.is_some() { "PageOpener(helper)" } else { "PageOpener(direct)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_helper_is_given_a_line_and_believed() {
        let opener = |answers: &'static str| PageOpener::helper(Box::new(Vec::new()), Box::new(answers.as_bytes()));
        opener("\n").open(Path::new("/run/keicho.html")).unwrap();
        assert_eq!(opener("no browser\n").open(Path::new("page")).unwrap_err().to_string(), "no browser");
        assert_eq!(opener("").open(Path::new("page")).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
