//! Chromium, driven by scripts of `tests/page`. Needs node, `npm ci` in `tests/page`, and Chromium: `make test` sees to them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex, PoisonError};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// So many browsers at a time: the scripts wait for what a page does, and a crowd of browsers would make it late.
const AT_ONCE: usize = 2;

static FREE: (Mutex<usize>, Condvar) = (Mutex::new(AT_ONCE), Condvar::new());

/// The leave to run a browser, for as long as it is held.
pub struct Turn(());

/// Waits until there is room for one more browser.
pub fn turn() -> Turn {
    let (free, left) = &FREE;
    let free = free.lock().unwrap_or_else(PoisonError::into_inner);
    let mut free = left.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
    *free -= 1;
    Turn(())
}

impl Drop for Turn {
    fn drop(&mut self) {
        let (free, left) = &FREE;
        *free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        left.notify_one();
    }
}

/// A script that is about to run.
pub fn script(name: &str) -> Command {
    let folder = Path::new(ROOT).join("tests/page");
    assert!(
        folder.join("node_modules/axe-core").is_dir(),
        "the browser's driver is missing: run npm ci --prefix tests/page, or make test"
    );
    let mut command = Command::new("node");
    command.arg(folder.join(name));
    command
}

/// Runs a script that is its own judge, once it is its turn, and gives what it says; its faults are seen beside the test's.
pub fn run(name: &str, arguments: &[&Path]) -> String {
    let _turn = turn();
    let child =
        script(name).args(arguments).stdout(Stdio::piped()).spawn().expect("node is missing: make test installs it");
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{name} says above what is wrong, after this:\n{said}");
    said
}

/// Where pictures and pages are left to be looked at.
pub fn pictures(name: &str) -> PathBuf {
    Path::new(ROOT).join("target").join(name)
}

/// The same, with nothing in it.
pub fn emptied(name: &str) -> PathBuf {
    let folder = pictures(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
