//! Fetches the recogniser's model for a call that has given up the network: by a helper that was started before, and
//! does nothing until it is asked.

use std::fmt;
use std::io::{self, BufRead, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Asks the helper for the model. Clones share one helper.
#[derive(Clone)]
pub struct ModelFetcher {
    /// Contended by nobody in practice: one fetch runs at a time.
    helper: Arc<Mutex<FetchHelper>>,
}

/// A line that asks for the model; lines of whole percents, and then one that says how it ended.
struct FetchHelper {
    requests: Box<dyn Write + Send>,
    answers: Box<dyn BufRead + Send>,
}

/// The line that says that the model is here.
pub const FETCHED: &str = "done";

/// The line that says that it could not be had.
pub const NOT_FETCHED: &str = "failed";

impl ModelFetcher {
    /// A helper that reads lines, each of which asks for the model, and answers each with whole percents of it as lines,
    /// and at last [`FETCHED`] or [`NOT_FETCHED`].
    pub fn helper(requests: Box<dyn Write + Send>, answers: Box<dyn BufRead + Send>) -> Self {
        Self { helper: Arc::new(Mutex::new(FetchHelper { requests, answers })) }
    }

    /// Waits until the model is here. `progress` is called with whole percents of it. Says whether it is here.
    pub(super) fn fetch(&self, progress: &mut dyn FnMut(u8)) -> bool {
        let mut helper = self.helper.lock().unwrap_or_else(PoisonError::into_inner);
        helper.fetch(progress).unwrap_or_else(|error| {
            tracing::warn!(%error, "the helper that fetches the model does not answer");
            false
        })
    }
}

impl FetchHelper {
    fn fetch(&mut self, progress: &mut dyn FnMut(u8)) -> io::Result<bool> {
        writeln!(self.requests)?;
        self.requests.flush()?;
        loop {
            let mut line = String::new();
            if self.answers.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            match line.trim() {
                FETCHED => return Ok(true),
                NOT_FETCHED => return Ok(false),
                percent => percent.parse().map_or((), &mut *progress),
            }
        }
    }
}

impl fmt::Debug for ModelFetcher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ModelFetcher")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fetched(answers: &'static str) -> (bool, Vec<u8>) {
        let fetcher = ModelFetcher::helper(Box::new(Vec::new()), Box::new(answers.as_bytes()));
        let mut percents = Vec::new();
        (fetcher.fetch(&mut |percent| percents.push(percent)), percents)
    }

    #[test]
    fn a_helper_says_how_far_it_is_and_how_it_ended() {
        assert_eq!(fetched("0\n40\n100\ndone\n"), (true, vec![0, 40, 100]));
        assert_eq!(fetched("7\nfailed\n"), (false, vec![7]));
        assert_eq!(fetched("3\n"), (false, vec![3]), "it has ended");
    }
}
