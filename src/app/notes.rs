//! Notes on people, in a folder of the user's own: a Markdown file a person, to which each call adds its part. Nothing in a file
//! is ever changed, so it can be written in beside.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::app::AppError;
use crate::language::Language;
use crate::private_fs;
use crate::report::summary::Summary;

/// The folder of the notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotesFolder {
    path: PathBuf,
}

impl NotesFolder {
    /// A folder that is there; the user names it.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a call to the notes on the person it was with, in `language`, and gives the file. It is `None` if nobody was named, or
    /// if the call is in the notes already.
    ///
    /// # Errors
    /// When the folder is not there, or the file cannot be read or written.
    pub fn append(&self, summary: &Summary, language: Language) -> Result<Option<PathBuf>, AppError> {
        let Some(name) = &summary.call.with else { return Ok(None) };
        let path = self.path.join(file_name(name));
        let written = append_once(&path, name, summary, language);
        match written {
            Ok(added) => Ok(added.then_some(path)),
            Err(cause) => Err(AppError::NotesNotWritten { path, cause }),
        }
    }
}

fn append_once(path: &Path, name: &str, summary: &Summary, language: Language) -> io::Result<bool> {
    let mut text = match private_fs::read(path) {
        Ok(there) if String::from_utf8_lossy(&there).contains(&Summary::note_mark(&summary.call.id)) => {
            return Ok(false);
        }
        // An editor may have left the last line open.
        Ok(there) if there.ends_with(b"\n") || there.is_empty() => String::new(),
        Ok(_) => "\n".to_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Summary::notes_opening(name),
        Err(error) => return Err(error),
    };
    text.push_str(&summary.note(language));
    let mut file = open_to_append(path)?;
    // In one piece: another program may have the file open.
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(true)
}

/// A file that is there keeps the mode that its owner gave it; a new one is the owner's alone.
fn open_to_append(path: &Path) -> io::Result<File> {
    match private_fs::create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => OpenOptions::new().append(true).open(path),
        created => created,
    }
}

/// The name of a person's file. What a system does not allow in a name stands as `%` and its bytes, so no two people share a file.
fn file_name(name: &str) -> String {
    let mut file = String::new();
    for (at, c) in name.char_indices() {
        let is_odd = c.is_control() || "/\\:*?\"<>|%".contains(c) || (at == 0 && c == '.');
        if is_odd {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                file.push_str(&format!("%{byte:02X}"));
            }
        } else {
            file.push(c);
        }
    }
    file + ".md"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_name_of_a_file_everywhere() {
        assert_eq!(file_name("佐藤 Ken"), "佐藤 Ken.md");
        assert_eq!(file_name("../A/B"), "%2E.%2FA%2FB.md");
        assert_eq!(file_name("50%"), "50%25.md");
    }
}
