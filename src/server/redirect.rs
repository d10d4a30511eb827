//! Opens a browser without the token on a command line, where every user of the machine could read it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that only its owner can read and that leads to the overlay. Removed when dropped.
pub(super) struct RedirectFile {
    path: PathBuf,
}

impl RedirectFile {
    /// Writes the file for an address that holds nothing but digits, letters and `:/#=.`.
    pub(super) fn write(address: &str) -> io::Result<Self> {
        let folder = directories::BaseDirs::new()
            .and_then(|dirs| dirs.runtime_dir().map(Path::to_path_buf))
            .unwrap_or_else(std::env::temp_dir);
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let path = folder.join(format!("keicho-{:016x}.html", u64::from_le_bytes(random)));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        let written = Self { path };
        writeln!(
            file,
            "<!doctype html><meta http-equiv=\"refresh\" content=\"0;url={address}\"><title>Keicho</title>"
        )?;
        Ok(written)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for RedirectFile {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::debug!(%error, "the file that opened the browser is gone already");
        }
    }
}
