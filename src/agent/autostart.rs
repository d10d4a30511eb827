//! Whether the agent starts when its user logs in: a desktop entry in the user's autostart folder (Desktop Application
//! Autostart Specification 0.5), which is written and removed if asked for and at no other time.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::private_fs;

const FILE: &str = "keicho-agent.desktop";

/// The line by which a file is known to be of our making.
const OURS: &str = "X-Keicho-Agent=true";

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AutostartError {
    /// The system names no folder for the settings of its user.
    #[error("this system names no folder for your settings; set XDG_CONFIG_HOME or HOME")]
    NoFolder,
    /// A file of that name is there, and it was not made by `keicho agent --install`.
    #[error("{} was not made by `keicho agent --install`, and is left as it is. Move it away first", .0.display())]
    NotOurs(PathBuf),
    /// This program cannot be started by its name.
    #[error("{} has characters that a desktop entry cannot name; install Keicho elsewhere", .0.display())]
    Unnameable(PathBuf),
    /// A file cannot be read, written or removed.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
}

/// What came of it, with the file that it is about.
#[derive(Debug, PartialEq, Eq)]
pub enum AutostartChange {
    /// It starts from the next login on.
    Installed(PathBuf),
    /// It does so already, by the very same file.
    WasInstalled(PathBuf),
    /// It starts no longer.
    Removed(PathBuf),
    /// There was nothing to remove.
    WasNotInstalled(PathBuf),
}

/// Has `program agent --port PORT` started at the user's logins.
///
/// # Errors
/// See [`AutostartError`]. Nothing has changed then.
pub fn install(program: &Path, port: u16) -> Result<AutostartChange, AutostartError> {
    install_at(autostart_file()?, program, port)
}

/// Has it started no longer.
///
/// # Errors
/// See [`AutostartError`]. Nothing has changed then.
pub fn uninstall() -> Result<AutostartChange, AutostartError> {
    uninstall_at(autostart_file()?)
}

fn autostart_file() -> Result<PathBuf, AutostartError> {
    let dirs = directories::BaseDirs::new().ok_or(AutostartError::NoFolder)?;
    Ok(dirs.config_dir().join("autostart").join(FILE))
}

fn install_at(file: PathBuf, program: &Path, port: u16) -> Result<AutostartChange, AutostartError> {
    let entry = desktop_entry(program, port).ok_or_else(|| AutostartError::Unnameable(program.to_owned()))?;
    if read_ours(&file)?.is_some_and(|text| text == entry) {
        return Ok(AutostartChange::WasInstalled(file));
    }
    let folder = file.parent().unwrap_or(Path::new("."));
    // Other programs' entries are in it as well: it is made as they would make it, and not closed to others if it is there.
    let written = fs::create_dir_all(folder).and_then(|()| private_fs::write_atomically(&file, entry.as_bytes()));
    match written {
        Ok(()) => Ok(AutostartChange::Installed(file)),
        Err(error) => Err(AutostartError::File { path: file, error }),
    }
}

fn uninstall_at(file: PathBuf) -> Result<AutostartChange, AutostartError> {
    if read_ours(&file)?.is_none() {
        return Ok(AutostartChange::WasNotInstalled(file));
    }
    match fs::remove_file(&file) {
        Ok(()) => Ok(AutostartChange::Removed(file)),
        Err(error) => Err(AutostartError::File { path: file, error }),
    }
}

/// The text of a file that is there and of our making; `None` if there is none.
fn read_ours(file: &Path) -> Result<Option<String>, AutostartError> {
    let failed = |error| AutostartError::File { path: file.to_owned(), error };
    match fs::symlink_metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
        // A link leads to a file that somebody keeps elsewhere.
        Ok(found) if !found.is_file() => return Err(AutostartError::NotOurs(file.to_owned())),
        Ok(_) => {}
    }
    let text = String::from_utf8_lossy(&fs::read(file).map_err(failed)?).into_owned();
    if text.lines().any(|line| line == OURS) { Ok(Some(text)) } else { Err(AutostartError::NotOurs(file.to_owned())) }
}

/// The entry; `None` if the program's path has characters that it cannot hold.
fn desktop_entry(program: &Path, port: u16) -> Option<String> {
    let program = program.to_str().filter(|path| !path.chars().any(char::is_control))?;
    let (exec, try_exec) = (escape_value(&quote_argument(program)), escape_value(program));
    Some(format!(
        "[Desktop Entry]\n\
         Type=Application\n\
         Version=1.4\n\
         Name=Keicho agent\n\
         Name[ja]=Keicho 傾聴（常駐）\n\
         Comment=Waits for a call and offers to sit beside it\n\
         Comment[ja]=通話が始まるのを待ち、1on1をはじめるかたずねます\n\
         Exec={exec} agent --port {port}\n\
         TryExec={try_exec}\n\
         Icon=keicho\n\
         Terminal=false\n\
         NoDisplay=true\n\
         {OURS}\n"
    ))
}

/// An argument of `Exec` (Desktop Entry Specification 1.5, "The Exec key"): in quotes, in which four characters are
/// escaped; a percent sign begins a field code, unless it is doubled.
fn quote_argument(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '`' | '$' | '\\' => quoted.extend(['\\', c]),
            '%' => quoted.push_str("%%"),
            _ => quoted.push(c),
        }
    }
    quoted + "\""
}

/// A value of type string: a backslash begins an escape.
fn escape_value(text: &str) -> String {
    text.replace('\\', "\\\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: &str = "/opt/my $tools/100% \"new\"/keicho";

    #[test]
    fn it_is_written_once_and_removed_once() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("autostart").join(FILE);
        let install = |port| install_at(file.clone(), Path::new(PROGRAM), port).unwrap();
        assert_eq!(uninstall_at(file.clone()).unwrap(), AutostartChange::WasNotInstalled(file.clone()));
        assert_eq!(install(4649), AutostartChange::Installed(file.clone()));
        let entry = fs::read_to_string(&file).unwrap();
        assert!(
            entry.contains("\nExec=\"/opt/my \\\\$tools/100%% \\\\\"new\\\\\"/keicho\" agent --port 4649\n"),
            "{entry}"
        );
        assert!(entry.contains("\nTryExec=/opt/my $tools/100% \"new\"/keicho\n"), "{entry}");
        assert_eq!(install(4649), AutostartChange::WasInstalled(file.clone()));
        assert_eq!(install(4650), AutostartChange::Installed(file.clone()), "another port is another entry");
        assert_eq!(uninstall_at(file.clone()).unwrap(), AutostartChange::Removed(file.clone()));
        assert!(!file.exists());
    }

    #[test]
    fn what_somebody_else_has_put_there_stays() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(FILE);
        let both_refuse = || {
            let refused = |change: Result<AutostartChange, _>| matches!(change, Err(AutostartError::NotOurs(_)));
            refused(install_at(file.clone(), Path::new(PROGRAM), 4649)) && refused(uninstall_at(file.clone()))
        };
        fs::write(&file, "[Desktop Entry]\nExec=keicho agent\n").unwrap();
        assert!(both_refuse());
        assert_eq!(fs::read_to_string(&file).unwrap(), "[Desktop Entry]\nExec=keicho agent\n");
        // A link is somebody's way of keeping the file elsewhere, even if that one is ours.
        fs::remove_file(&file).unwrap();
        let elsewhere = dir.path().join("mine.desktop");
        install_at(elsewhere.clone(), Path::new(PROGRAM), 4649).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
        assert!(both_refuse());
        assert!(file.is_symlink() && elsewhere.is_file());
    }

    #[test]
    fn a_path_that_no_entry_can_hold_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(FILE);
        let refused = install_at(file.clone(), Path::new("/opt/a\nb/keicho"), 4649);
        assert!(matches!(refused, Err(AutostartError::Unnameable(_))));
        assert!(!file.exists());
    }
}
