//! Opens a browser without the token on a command line, where every user of the machine could read it.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// A page that leads to an address, which holds nothing but digits, letters and `:/#=.`.
pub(super) fn redirect_to(address: &str) -> String {
    format!("<!doctype html><meta http-equiv=\"refresh\" content=\"0;url={address}\"><title>Keicho</title>\n")
}

/// A file that only its owner can read and that leads to the overlay. Removed when dropped.
pub(super) struct RedirectFile(NamedTempFile);

impl RedirectFile {
    /// Writes the file for an address that holds nothing but digits, letters and `:/#=.`.
    ///
    /// # Errors
    /// When there is no folder for temporary files, or none that can be written.
    pub(super) fn write(address: &str) -> io::Result<Self> {
        let folder = directories::BaseDirs::new()
            .and_then(|dirs| dirs.runtime_dir().map(Path::to_path_buf))
            .unwrap_or_else(std::env::temp_dir);
        let mut file = tempfile::Builder::new().prefix("keicho-").suffix(".html").tempfile_in(folder)?;
        file.write_all(redirect_to(address).as_bytes())?;
        Ok(Self(file))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }
}
