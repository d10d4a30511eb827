//! `keicho agent` beside a call application: it notices the call, offers itself, and ends what it began. The sound servers and
//! the session bus are real, and the application is one that records and plays.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::support::desktop::Desktop;
use crate::support::live::Page;
use crate::support::run::PROGRAM;
use crate::support::server::{SoundServer, on_each_server, until};

const APPLICATION: &str = "Zoom test";

on_each_server!(a_call_is_noticed_begun_and_ended, who_only_plays_or_listens_to_the_output_is_in_no_call,);

/// Two agents at once have been seen to fail, for a reason that is not known yet: one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// A running agent, and the folder of what it opens.
struct Agent {
    child: Child,
    said: PathBuf,
    port: u16,
    opened: PathBuf,
}

impl Agent {
    /// Starts it, with a browser that only writes down which page it was given.
    fn start(server: &SoundServer) -> Self {
        let dir = server.dir();
        let (bin, opened, said) = (dir.join("bin"), dir.join("opened"), dir.join("agent.log"));
        std::fs::create_dir(&bin).unwrap();
        let browser = bin.join("xdg-open");
        std::fs::write(&browser, format!("#!/bin/sh\ncat \"$1\" > {0}.part && mv {0}.part {0}\n", opened.display()))
            .unwrap();
        std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o700)).unwrap();
        let config = dir.join("keicho.toml");
        std::fs::write(&config, "[agent]\napplications = [\"zoom\"]\nasks_after_s = 0\nends_after_s = 1\n").unwrap();
        // A free port, which nobody else is given meanwhile.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(PROGRAM);
        server.set_env(&mut command);
        command
            .env("PATH", path)
            .env("KEICHO_CONFIG", config)
            .env("LC_ALL", "C")
            .env("KEICHO_MODELS", "none")
            .env_remove("XDG_DATA_HOME");
        command.args(["agent", "--port", &port.to_string()]).stdout(Stdio::null());
        let child = command.stderr(File::create(&said).unwrap()).spawn().unwrap();
        let agent = Self { child, said, port, opened };
        agent.waits_until_it_said("waiting for a call");
        agent
    }

    fn waits_until_it_said(&self, word: &str) {
        assert!(until(|| self.said().contains(word)), "it never said {word:?}: {}", self.said());
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.said).unwrap()
    }

    /// The address of the page that was opened.
    fn overlay(&self) -> String {
        assert!(until(|| self.opened.exists()), "no page was opened: {}", self.said());
        let page = std::fs::read_to_string(&self.opened).unwrap();
        let (_, from) = page.split_once("url=").unwrap();
        from.split_once('"').unwrap().0.to_owned()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program that records or plays, until it is dropped.
struct Application(Child);

impl Application {
    fn records(server: &SoundServer, name: &str, device: &str) -> Self {
        Self::run(server, &["--record", &format!("--device={device}")], name)
    }

    fn plays(server: &SoundServer, name: &str) -> Self {
        Self::run(server, &["--playback"], name)
    }

    fn run(server: &SoundServer, words: &[&str], name: &str) -> Self {
        let mut command = Command::new("pacat");
        server.set_env(&mut command);
        command.args(["--raw", &format!("--client-name={name}")]).args(words);
        let silence = if words.contains(&"--playback") {
            command.stdin(File::open("/dev/zero").unwrap());
            command.stdout(Stdio::null())
        } else {
            command.stdin(Stdio::null()).stdout(Stdio::null())
        };
        Self(silence.stderr(Stdio::null()).spawn().expect("no pacat: apt-get install pulseaudio-utils"))
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn a_call_is_noticed_begun_and_ended(server: SoundServer) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let desktop = Desktop::start(&server);
    let agent = Agent::start(&server);
    let far = Application::plays(&server, APPLICATION);
    let near = Application::records(&server, APPLICATION, "mic");
    let offer = desktop.shown();
    assert_eq!(offer.summary, "A 1on1?");
    assert_eq!(offer.body, "Zoom test seems to be in a call. \"Begin\" opens Keicho's start page.");
    desktop.press(&offer, "begin");
    desktop.closed(offer.id);
    let mut page = Page::open(&agent.overlay());
    let start = page.told("desk", |start| start["devices"]["them"]["chosen"].is_string());
    assert_eq!(start["devices"]["them"]["chosen"], "app:Zoom test");
    page.ask("begin", serde_json::json!({}));
    page.until(|snapshot| snapshot["state"] == "live");
    // Another microphone in the same call is no other call.
    let second = Application::records(&server, APPLICATION, "mic");
    assert!(until(|| server.lists("source-outputs", APPLICATION)));
    drop((near, second));
    let closing = desktop.shown();
    assert_eq!(closing.summary, "The call seems to be over.");
    assert!(closing.body.contains("Keicho ends in 1 s, with the summary."), "{closing:?}");
    page.until(|snapshot| snapshot["state"] == "ended");
    desktop.closed(closing.id);
    agent.waits_until_it_said("the call was ended");
    assert_eq!(desktop.rest(), []);
    drop(far);
}

fn who_only_plays_or_listens_to_the_output_is_in_no_call(server: SoundServer) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let desktop = Desktop::start(&server);
    let agent = Agent::start(&server);
    let _music = Application::plays(&server, APPLICATION);
    let _screen = Application::records(&server, APPLICATION, "call_out.monitor");
    let _stranger = (Application::plays(&server, "Recorder"), Application::records(&server, "Recorder", "mic"));
    assert!(until(|| server.lists("source-outputs", APPLICATION) && server.lists("source-outputs", "Recorder")));
    // What is noticed comes in the order of the server's news: whoever is asked about first came last.
    let _call = Application::records(&server, APPLICATION, "mic");
    let offer = desktop.shown();
    assert!(offer.body.starts_with("Zoom test "), "{offer:?}");
    agent.waits_until_it_said("seems to be in a call");
    assert_eq!(agent.said().matches("seems to be in a call").count(), 1, "{}", agent.said());
    assert!(agent.port > 0);
}
