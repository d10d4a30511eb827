//! Files and folders that only their owner can read, whatever the umask: settings, calls, models. On Unix by their mode
//! (0600 and 0700); elsewhere the system closes a user's own folders to others by itself.
//!
//! Knows nothing of what is in them. Every function gives the system's error as it is; whoever calls says which file it
//! was and what to do.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// Makes a folder and those above it, or takes the one that is there as it is.
///
/// # Errors
/// When one of them cannot be made.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A new file.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if there is one, or that it cannot be made.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    options().write(true).create_new(true).open(path)
}

/// A new, empty file in the place of what is there: a link that somebody put there is removed, not followed.
///
/// # Errors
/// When what is there cannot be removed, or the file cannot be made.
pub(crate) fn create_empty(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => create_new(path),
    }
}

/// Nothing that is written by hand, or beside it, is larger, in bytes: a year of notes has a hundredth of it. What is, a device
/// without an end perhaps, would fill the memory.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What is in a file that is there: settings, notes, keys.
///
/// # Errors
/// When it cannot be read, is a pipe, which would be waited for without end, or has more than 16 MiB.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    refuse_pipe(path)?;
    let mut content = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut content)?;
    match content.len() as u64 > LARGEST {
        true => Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large for that")),
        false => Ok(content),
    }
}

/// The same of a text in UTF-8.
///
/// # Errors
/// The same, or when it is no such text.
pub(crate) fn read_to_string(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is no text in UTF-8"))
}

/// What is not there is no pipe.
fn refuse_pipe(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if fs::metadata(path).is_ok_and(|found| std::os::unix::fs::FileTypeExt::is_fifo(&found.file_type())) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a pipe"));
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// The file that is there, closed to others, or else a new, empty one.
///
/// # Errors
/// When it cannot be opened, made or closed to others, or is a pipe.
pub(crate) fn open_or_create(path: &Path) -> io::Result<File> {
    refuse_pipe(path)?;
    let file = options().read(true).write(true).create(true).truncate(false).open(path)?;
    if is_open_to_others(path)? {
        restrict_file(path)?;
    }
    Ok(file)
}

/// Writes a file whole, or leaves the one that was there. Until then the content is in `NAME.part` beside it.
///
/// # Errors
/// When it cannot be written; `NAME.part` may be left.
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> io::Result<()> {
    let unfinished = path.with_added_extension("part");
    let mut file = create_empty(&unfinished)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

/// Closes a file to others.
///
/// # Errors
/// When its mode cannot be changed.
pub(crate) fn restrict_file(path: &Path) -> io::Result<()> {
    set_mode(path, 0o600)
}

/// Closes a folder to others.
///
/// # Errors
/// When its mode cannot be changed.
pub(crate) fn restrict_folder(path: &Path) -> io::Result<()> {
    set_mode(path, 0o700)
}

/// Whether others than the owner can get at it.
///
/// # Errors
/// When it cannot be looked at.
#[cfg(unix)]
pub(crate) fn is_open_to_others(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
pub(crate) fn is_open_to_others(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

fn options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "the mode is a thing of Unix"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_others_could_read_is_closed_and_keeps_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings");
        fs::write(&path, "ours").unwrap();
        #[cfg(unix)]
        set_mode(&path, 0o644).unwrap();

        drop(open_or_create(&path).unwrap());

        assert!(!is_open_to_others(&path).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "ours");
    }

    #[test]
    fn a_file_that_could_not_be_written_whole_leaves_the_one_that_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary.json");
        write_atomically(&path, b"first").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"first");

        // A folder in the place of the unfinished file: it cannot be written.
        create_folder(&path.with_added_extension("part")).unwrap();

        write_atomically(&path, b"second").unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"first");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_what_is_written_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let [elsewhere, path] = ["elsewhere", "summary.json"].map(|name| folder.path().join(name));
        fs::write(&elsewhere, "somebody's own").unwrap();
        for planted in [&path, &path.with_added_extension("part")] {
            std::os::unix::fs::symlink(&elsewhere, planted).unwrap();
        }
        write_atomically(&path, b"ours").unwrap();
        assert!(fs::symlink_metadata(&path).unwrap().is_file());
        std::os::unix::fs::symlink(&elsewhere, path.with_added_extension("part")).unwrap();
        drop(create_empty(&path.with_added_extension("part")).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "ours");
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "somebody's own");
    }

    #[test]
    fn what_is_too_large_is_refused_before_it_fills_the_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings");
        let file = File::create(&path).unwrap();
        file.set_len(LARGEST).unwrap();
        assert_eq!(read_to_string(&path).unwrap().len() as u64, LARGEST);
        // It takes no place on the disk.
        file.set_len(8 << 30).unwrap();
        assert_eq!(read(&path).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read_to_string(&path).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn what_is_new_is_its_owners_alone_and_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        create_folder(&inner).unwrap();
        let path = inner.join("new");
        drop(create_new(&path).unwrap());

        assert!(!is_open_to_others(&inner).unwrap());
        assert!(!is_open_to_others(&path).unwrap());
        assert_eq!(create_new(&path).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }
}
