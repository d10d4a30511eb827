//! The overlay in headless Chromium, through the sample call: the bar moves, nudges appear, and the page comes back
//! when the server fails in mid-call.
//!
//! `tests/page/overlay.mjs` drives the browser and says what it sees, a line each; this side runs the call and the
//! server. Needs node, `npm ci` in `tests/page`, and Chromium: `make test` sees to them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this is a test")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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

#[test]
fn a_call_is_seen_to_its_end_though_the_server_fails_in_the_middle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pictures = root.join("target/page");
    assert!(
        root.join("tests/page/node_modules").is_dir(),
        "the browser's driver is missing: run npm ci --prefix tests/page, or make test"
    );
    let feed = Feed::new(Frame { origin: Origin::Demo, mode: Mode::Listening, demo_timing: true });
    let server = Server::start(&ServerSetup::default(), feed.clone()).unwrap();
    let mut child = Command::new("node")
        .arg(root.join("tests/page/overlay.mjs"))
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
        drive(&mut sample.unwrap(), &mut session, &mut Twice(Real::begin()), &*stopped, &mut seen).unwrap();
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
    assert!(["続きを聞く", "Let them finish"].contains(&nudge), "{nudge}");
    let order = ["ready", "bar moved", "nudge shown", "please stop", "please start", "recovered", "ended"];
    assert!(said.iter().zip(order).all(|(line, step)| line.starts_with(step)), "{said:?}");
    assert_eq!(said.len(), order.len());
}
