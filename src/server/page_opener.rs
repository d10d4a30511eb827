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

/// The line that asks for the summary of the last call.
pub const LAST_SUMMARY: &str = "summary";

/// What a line begins with that asks for a call: then come the port of its page and, after a space, the application that
/// is the other side, if one is chosen.
pub const CALL: &str = "call ";

/// A line each way: the path of a page or one of the above, and then nothing or what went wrong.
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

    /// Starts a call, which opens its start page. `them` is the name of the application that is the other side.
    ///
    /// # Errors
    /// When there is no helper, or it cannot start it.
    pub fn start_call(&self, port: u16, them: Option<&str>) -> io::Result<()> {
        let helper = self.helper.as_ref().ok_or(io::ErrorKind::Unsupported)?;
        // Another program chose the name: it is not to be a second line.
        let them: String = them.unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
        Self::ask(helper, format!("{CALL}{port} {them}").trim_end())
    }

    /// Opens the summary of the last call.
    ///
    /// # Errors
    /// When there is no helper, or it cannot start what opens it.
    pub fn open_last_summary(&self) -> io::Result<()> {
        let helper = self.helper.as_ref().ok_or(io::ErrorKind::Unsupported)?;
        Self::ask(helper, LAST_SUMMARY)
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
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// Passes on what is written.
    struct Passing(Sender<Vec<u8>>);

    impl Write for Passing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_name_of_an_application_is_one_line_whatever_it_is() {
        let (written, lines) = channel();
        let opener = PageOpener::helper(Box::new(Passing(written)), Box::new("\n\n".as_bytes()));
        opener.start_call(4649, Some("Zoom\n/etc/passwd")).unwrap();
        opener.start_call(4649, None).unwrap();
        drop(opener);
        assert_eq!(lines.iter().flatten().collect::<Vec<_>>(), b"call 4649 Zoom/etc/passwd\ncall 4649\n");
    }

    #[test]
    fn a_helper_is_given_a_line_and_believed() {
        let opener = |answers: &'static str| PageOpener::helper(Box::new(Vec::new()), Box::new(answers.as_bytes()));
        opener("\n").open(Path::new("/run/keicho.html")).unwrap();
        assert_eq!(opener("no browser\n").open(Path::new("page")).unwrap_err().to_string(), "no browser");
        assert_eq!(opener("no device\n").start_call(1, None).unwrap_err().to_string(), "no device");
        assert_eq!(opener("").open(Path::new("page")).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
