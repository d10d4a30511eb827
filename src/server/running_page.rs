//! The page of a Keicho that runs, for a second start on the same port: a file that only its owner can read leads there,
//! for as long as the server runs.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Seek as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::private_fs;
use crate::server::PageOpener;
use crate::server::redirect::redirect_to;

/// The page of another Keicho that serves the port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningPage {
    file: PathBuf,
    url: String,
}

impl RunningPage {
    /// Looks whether another process of the user's serves its page on the port.
    pub fn find(port: u16) -> Option<Self> {
        Self::find_at(place(port)?)
    }

    fn find_at(file: PathBuf) -> Option<Self> {
        // A process that ended without removing it holds no lock any more.
        match File::open(&file).ok()?.try_lock_shared() {
            Err(TryLockError::WouldBlock) => {}
            _ => return None,
        }
        let page = fs::read_to_string(&file).ok()?;
        let (_, from) = page.split_once("url=")?;
        let (url, _) = from.split_once('"')?;
        Some(Self { url: url.to_owned(), file })
    }

    /// Its address, token included: it is for the user alone.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its address without the token.
    pub fn site(&self) -> &str {
        self.url.split("/#").next().unwrap_or_default()
    }

    /// Opens it in the user's browser.
    ///
    /// # Errors
    /// When no browser starts.
    pub fn open_browser(&self) -> io::Result<()> {
        self.open_with(&PageOpener::direct())
    }

    /// The same, by what opens pages.
    ///
    /// # Errors
    /// When no browser starts.
    pub fn open_with(&self, opener: &PageOpener) -> io::Result<()> {
        opener.open(&self.file)
    }
}

/// The file for this process's own page. Removed when dropped.
pub(super) struct RunningFile {
    path: PathBuf,
    _locked: File,
}

impl RunningFile {
    /// Writes it, for an address that holds nothing but digits, letters and `:/#=.`.
    ///
    /// # Errors
    /// When the system has no folder that belongs to the user's session alone, or the file cannot be written.
    pub(super) fn write(addr: SocketAddr, url: &str) -> io::Result<Self> {
        let place = place(addr.port()).ok_or_else(|| io::Error::new(ErrorKind::Unsupported, "no runtime folder"))?;
        Self::write_at(place, url)
    }

    fn write_at(path: PathBuf, url: &str) -> io::Result<Self> {
        // A link that somebody put there would take the token elsewhere.
        if fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
            fs::remove_file(&path)?;
        }
        let mut file = private_fs::open_or_create(&path)?;
        file.try_lock()?;
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(redirect_to(url).as_bytes())?;
        Ok(Self { path, _locked: file })
    }
}

impl Drop for RunningFile {
    fn drop(&mut self) {
        // One that stays is known to be old by its lock.
        let _ = fs::remove_file(&self.path);
    }
}

/// Where the file is: in the folder that the system keeps for the user's session and closes to all others.
fn place(port: u16) -> Option<PathBuf> {
    let dirs = directories::BaseDirs::new()?;
    let folder: &Path = dirs.runtime_dir()?;
    Some(folder.join(format!("keicho-{port}.html")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_while_its_server_runs_and_no_longer() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keicho-4649.html");
        assert_eq!(RunningPage::find_at(path.clone()), None);
        let url = "http://127.0.0.1:4649/#token=00ff";
        let running = RunningFile::write_at(path.clone(), url).unwrap();
        let found = RunningPage::find_at(path.clone()).unwrap();
        assert_eq!((found.url(), found.site()), (url, "http://127.0.0.1:4649"));
        assert!(!private_fs::is_open_to_others(&path).unwrap());
        drop(running);
        assert_eq!(RunningPage::find_at(path.clone()), None);
        // A process that was killed leaves it behind, unlocked.
        fs::write(&path, redirect_to(url)).unwrap();
        assert_eq!(RunningPage::find_at(path.clone()), None);
        drop(RunningFile::write_at(path.clone(), url).unwrap());
        assert!(!path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn the_token_goes_through_no_link_that_lies_in_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let [elsewhere, path] = ["elsewhere", "keicho-4649.html"].map(|name| dir.path().join(name));
        fs::write(&elsewhere, "somebody's own").unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        let _running = RunningFile::write_at(path.clone(), "http://127.0.0.1:4649/#token=00ff").unwrap();
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "somebody's own");
        assert!(fs::read_to_string(&path).unwrap().contains("#token=00ff"));
    }
}
