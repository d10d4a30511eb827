//! Where the settings are: a file that only its owner can read.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::config::{Config, ConfigError};
use crate::private_fs;

/// The variable that may name another file.
pub const ENV: &str = "KEICHO_CONFIG";

/// The file of the settings, whether it exists or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    path: PathBuf,
    /// Whether the user names it: then it must exist.
    named: bool,
}

impl ConfigFile {
    /// The user's own: the one that [`ENV`] names, or the one in the platform's place.
    ///
    /// # Errors
    /// When there is no such place.
    pub fn locate() -> Result<Self, ConfigError> {
        Self::locate_with(std::env::var_os(ENV))
    }

    /// The file that is named, or the one in the platform's place.
    pub(super) fn locate_with(named: Option<OsString>) -> Result<Self, ConfigError> {
        if let Some(path) = named.filter(|path| !path.is_empty()) {
            return Ok(Self { path: path.into(), named: true });
        }
        let dirs = directories::ProjectDirs::from("", "", "keicho").ok_or(ConfigError::NoHome)?;
        Ok(Self { path: dirs.config_dir().join("config.toml"), named: false })
    }

    /// The file's path, whether it exists or not.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file exists.
    pub fn exists(&self) -> bool {
        self.path.exists()
    }

    /// The settings; the defaults if there is no file.
    ///
    /// # Errors
    /// When the file cannot be read, is wrong, or is named and not there.
    pub fn read(&self) -> Result<Config, ConfigError> {
        match private_fs::read_to_string(&self.path) {
            Ok(text) => Config::parse(&self.path, &text),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound && !self.named => Ok(Config::default()),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                Err(ConfigError::Missing { path: self.path.clone() })
            }
            Err(cause) => Err(ConfigError::Unreadable { path: self.path.clone(), cause }),
        }
    }

    /// Makes the file from the template, unless it is there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(&self) -> Result<(), ConfigError> {
        match self.write_template() {
            Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => {
                Err(ConfigError::Unwritable { path: self.path.clone(), cause })
            }
            _ => Ok(()),
        }
    }

    /// Lets only the owner read the file, whatever an editor made of that.
    ///
    /// # Errors
    /// When that cannot be set.
    pub fn restrict_permissions(&self) -> Result<(), ConfigError> {
        private_fs::restrict_file(&self.path)
            .map_err(|cause| ConfigError::Unwritable { path: self.path.clone(), cause })
    }

    fn write_template(&self) -> io::Result<()> {
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            private_fs::create_folder(folder)?;
        }
        private_fs::create_new(&self.path)?.write_all(Config::template().as_bytes())
    }
}
