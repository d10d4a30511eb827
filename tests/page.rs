//! The page in Chromium. Through the sample call: the bar moves, nudges appear, and the page comes back when the server
//! fails in mid-call; `tests/page/overlay.mjs` drives the browser and says what it sees, a line each, and this side runs
//! the call and the server. And the walks of `tests/page` that bring a small server of their own.
//!
//! Needs node, `npm ci` in `tests/page`, Chromium, and Xvfb for the one that needs a screen: `make test` sees to them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this is a test")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use keicho::asr::NoText;
use keicho::nudges::{Mode, Policy};
use keicho::server::{Feed, Server, ServerSetup};
use keicho::session::{Pace, Real, Session, Setup, drive};
use keicho::source::file::FileSource;
use keicho::time::SampleTime;
use keicho::wire::{Frame, Origin};

/// Twice the pace of life: the browser has time to see what happens, and the test does not last as long as the call.
struct Twice(Real);

impl Pace for Twice {
    fn wait(&mut self, at: SampleTime) {
        self.0.wait(SampleTime::new(at.count() / 2));
    }
}

/// One browser at a time: the walks wait for what the page does, and a crowd would make it late.
static BROWSER: Mutex<()> = Mutex::new(());

/// Where the browser's scripts are, their libraries too.
fn scripts() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page");
    assert!(
        folder.join("node_modules/axe-core").is_dir(),
        "the browser's driver is missing: run npm ci --prefix tests/page, or make test"
    );
    folder
}

/// Runs a script that is its own judge.
fn walk(script: &str, args: &[&str]) {
    let _alone = BROWSER.lock().unwrap_or_else(PoisonError::into_inner);
    let status = Command::new("node").arg(scripts().join(script)).args(args).status();
    assert!(status.expect("node is missing: make test installs it").success(), "{script} says above what is wrong");
}

#[test]
fn somebody_uses_the_page_from_before_a_call_to_after_it() {
    walk("use.mjs", &[]);
}

#[test]
fn the_overlay_has_a_window_of_its_own_and_comes_home() {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/page");
    walk("window.mjs", &[&pictures.display().to_string()]);
}

#[test]
fn every_look_fits_its_window_and_breaks_no_rule_of_accessibility() {
    walk("shots.mjs", &[]);
}

#[test]
fn an_hour_of_messages_leaves_nothing_behind() {
    walk("memory.mjs", &[]);
}

#[test]
fn a_call_is_seen_to_its_end_though_the_server_fails_in_the_middle() {
    let _alone = BROWSER.lock().unwrap_or_else(PoisonError::into_inner);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pictures = root.join("target/page");
    let feed = Feed::new(Frame { origin: Origin::Demo, mode: Mode::Listening, demo_timing: true });
    let server = Server::start(&ServerSetup::default(), feed.clone()).unwrap();
    let mut child = Command::new("node")
        .arg(scripts().join("overlay.mjs"))
        .args([server.overlay().as_str(), &pictures.display().to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is missing: make test installs it");

    let stop = Arc::new(AtomicBool::new(false));
    let (stopped, mut seen) = (Arc::clone(&stop), feed);
    let call = std::thread::spawn(move || {
        let sample = FileSource::open(&root.join("tests/sample_call/call.flac"), None);
        let setup = Setup { policy: Policy::demo(), ..Setup::default() };
        let mut session = Session::new(&setup, Box::new(NoText::default()));
        drive(&mut sample.unwrap(), &mut session, &mut Twice(Real::begin()), &stopped, &mut seen).unwrap();
    });

    let mut said = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        match line.as_str() {
            "please stop" => server.suspend(),
            "please start" => server.resume(),
            _ => {}
        }
        said.push(line);
    }
    let status = child.wait().unwrap();
    // A fault of the page ends the call early; the verdict comes below.
    stop.store(!status.success(), Ordering::Relaxed);
    call.join().unwrap();
    server.stop();
    assert!(status.success(), "the page's check failed after {said:?}; its sentence is above");
    let nudge = said.iter().find_map(|line| line.strip_prefix("nudge shown: ")).unwrap();
    assert!(["相手に渡す？", "Over to them"].contains(&nudge), "{nudge}");
    let order = ["ready", "bar moved", "nudge shown", "please stop", "please start", "recovered", "ended"];
    assert!(said.iter().zip(order).all(|(line, step)| line.starts_with(step)), "{said:?}");
    assert_eq!(said.len(), order.len());
}
