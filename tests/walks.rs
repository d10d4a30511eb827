//! The page in Chromium, walked through by scripts of `tests/page` that are their own judges. All but one bring a small
//! server of their own; what a failing server does to the page is in `page.rs`.
//!
//! Needs node, `npm ci` in `tests/page`, Chromium, and Xvfb for the walk that needs a screen: `make test` sees to them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this is a test")]

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// One browser at a time: the walks wait for what the page does, and a crowd would make it late.
static BROWSER: Mutex<()> = Mutex::new(());

fn walk(script: &str, args: &[&str]) {
    let _alone = BROWSER.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page");
    assert!(
        folder.join("node_modules/axe-core").is_dir(),
        "the browser's driver is missing: run npm ci --prefix tests/page, or make test"
    );
    let status = Command::new("node").arg(folder.join(script)).args(args).status();
    assert!(status.expect("node is missing: make test installs it").success(), "{script} says above what is wrong");
}

#[test]
fn somebody_uses_the_page_from_before_a_call_to_after_it() {
    walk("use.mjs", &[]);
}

#[test]
fn what_is_done_on_the_page_is_done_in_the_call() {
    walk("program.mjs", &[env!("CARGO_BIN_EXE_keicho")]);
}

#[test]
fn the_overlay_has_a_window_of_its_own_and_comes_home() {
    walk("window.mjs", &[concat!(env!("CARGO_MANIFEST_DIR"), "/target/page")]);
}

#[test]
fn every_look_fits_its_window_and_breaks_no_rule_of_accessibility() {
    walk("shots.mjs", &[]);
}

#[test]
fn an_hour_of_messages_leaves_nothing_behind() {
    walk("memory.mjs", &[]);
}
