//! `keicho config`, as a user runs it.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::run::PROGRAM;

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("own/config.toml")
    }

    fn run(&self, words: &[&str], editor: Option<&str>) -> Output {
        let mut command = Command::new(PROGRAM);
        command.args(words).env("KEICHO_CONFIG", self.file()).env_remove("VISUAL").env_remove("EDITOR");
        if let Some(script) = editor {
            let path = self.0.path().join("editor");
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
            command.env("VISUAL", format!("sh {} --wait", path.display()));
        }
        command.output().unwrap()
    }
}

fn said(bytes: &[u8], path: &Path) -> String {
    String::from_utf8_lossy(bytes).replace(&path.display().to_string(), "FILE")
}

#[test]
fn an_edit_is_checked_and_kept_whatever_is_wrong_with_it() {
    let home = Home::new();
    let file = home.file();
    let good =
        home.run(&["config", "edit"], Some("[ \"$1\" = --wait ] && sed -i 's/^#apart_s = .*/apart_s = 120/' \"$2\""));
    assert_eq!(said(&good.stderr, &file), "");
    assert_eq!(said(&good.stdout, &file), "the settings are good: FILE\n");
    let shown = home.run(&["config", "show"], None);
    assert!(said(&shown.stdout, &file).lines().any(|line| line == "apart_s = 120"));

    let bad = home.run(&["config", "edit"], Some("sed -i 's/^apart_s = .*/apart_s = 1/' \"$2\"; chmod 644 \"$2\""));
    assert_eq!(bad.status.code(), Some(1));
    assert_eq!(
        said(&bad.stderr, &file),
        "keicho: FILE: [nudges] apart_s is 1, but may be a whole number of seconds from 20 to 3600. Your edit is kept; go \
         on with `keicho config edit`\n"
    );
    assert!(std::fs::read_to_string(&file).unwrap().contains("\napart_s = 1\n"));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    let call = home.run(&["replay", "none.wav"], None);
    assert!(said(&call.stderr, &file).starts_with("keicho: FILE: [nudges] apart_s is 1"), "a call does not guess");
}

#[test]
fn without_an_editor_it_says_where_the_file_is() {
    let home = Home::new();
    let none = home.run(&["config", "edit"], None);
    assert_eq!(none.status.code(), Some(1));
    assert_eq!(
        said(&none.stderr, &home.file()),
        "keicho: no editor is named in VISUAL or EDITOR; name one, or edit FILE\n"
    );
    let failed = home.run(&["config", "edit"], Some("exit 3"));
    assert!(said(&failed.stderr, &home.file()).ends_with("FILE is as it left it\n"));
    assert_eq!(said(&home.run(&["config", "path"], None).stdout, &home.file()), "FILE\n");
}
