//! `keicho agent` beside a call application: it notices the call, offers itself, and ends what it began. The sound servers and
//! the session bus are real, and the application is one that records and plays.

use std::process::Command;

use crate::support::agent::{Agent, free_port};
use crate::support::application::Application;
use crate::support::calendar::with_1on1_in;
use crate::support::desktop::Desktop;
use crate::support::live::Page;
use crate::support::run::PROGRAM;
use crate::support::server::{SoundServer, on_each_server, until};

const APPLICATION: &str = "Zoom test";

on_each_server!(
    a_call_is_noticed_begun_and_ended,
    the_next_call_begins_though_the_page_of_the_last_is_open,
    an_offer_says_with_whom_the_calendar_has_a_1on1_now,
    who_only_plays_or_listens_to_the_output_is_in_no_call,
);

fn a_call_is_noticed_begun_and_ended(server: SoundServer) {
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
    let second = Application::records(&server, "Zoom test 2", "mic");
    assert!(until(|| server.lists("source-outputs", "Zoom test 2")));
    drop((near, second));
    let closing = desktop.shown();
    assert_eq!(closing.summary, "The call seems to be over.");
    assert!(closing.body.contains("Keicho ends in 1 s, with the summary."), "{closing:?}");
    page.until(|snapshot| snapshot["state"] == "ended");
    desktop.closed(closing.id);
    agent.waits_until_it_said("the call was ended");
    assert_eq!(desktop.rest(), []);
    assert!(!agent.said().contains("nothing ends"), "{}", agent.said());
    drop(far);
}

/// One 1on1 after another: the page of the first is still there, and asks.
fn the_next_call_begins_though_the_page_of_the_last_is_open(server: SoundServer) {
    let desktop = Desktop::start(&server);
    let agent = Agent::start(&server);
    let begin = || {
        let call = (Application::plays(&server, APPLICATION), Application::records(&server, APPLICATION, "mic"));
        let offer = desktop.shown();
        assert_eq!(offer.summary, "A 1on1?");
        desktop.press(&offer, "begin");
        desktop.closed(offer.id);
        let overlay = agent.overlay();
        let mut page = Page::open(&overlay);
        let start = page.told("desk", |start| start["devices"]["them"]["chosen"].is_string());
        assert_eq!(start["devices"]["them"]["chosen"], "app:Zoom test");
        page.ask("begin", serde_json::json!({}));
        page.until(|snapshot| snapshot["state"] == "live");
        (call, page, overlay)
    };
    let (first, mut page, overlay) = begin();
    drop(first);
    let closing = desktop.shown();
    page.until(|snapshot| snapshot["state"] == "ended");
    desktop.closed(closing.id);
    let (second, mut page, next) = begin();
    assert_ne!(overlay, next);
    // Ended by hand, before the meeting is: nothing is left to end with it, and the one after is another.
    page.ask("stop", serde_json::json!({}));
    page.until(|snapshot| snapshot["state"] == "ended");
    drop(second);
    let (_third, _page, _) = begin();
    assert_eq!(desktop.rest(), []);
    assert_eq!(agent.said().matches("ends in").count(), 1, "{}", agent.said());
}

fn an_offer_says_with_whom_the_calendar_has_a_1on1_now(server: SoundServer) {
    let desktop = Desktop::start(&server);
    let (soon, calendar) = with_1on1_in(10, "Sato");
    let file = server.dir().join("work.ics");
    std::fs::write(&file, calendar).unwrap();
    let setting = format!("[calendar]\npath = \"{}\"\n", file.display());
    let _agent = Agent::start_on(&server, free_port(), "C", &setting);
    let _call = (Application::plays(&server, APPLICATION), Application::records(&server, APPLICATION, "mic"));
    let offer = desktop.shown();
    let (meeting, noticed) = offer.body.split_once(" Zoom test seems to be in a call.").unwrap();
    let at = soon.with_time_zone(jiff::tz::TimeZone::system()).strftime("%H:%M");
    assert_eq!(meeting, format!("Your calendar has a 1on1 with Sato at {at}, for 25\u{a0}min."));
    assert_eq!(noticed, " \"Begin\" opens Keicho's start page.");
}

fn who_only_plays_or_listens_to_the_output_is_in_no_call(server: SoundServer) {
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
    // An offer that its user closes is let go of.
    desktop.dismiss(&offer);
    desktop.closed(offer.id);
}

#[test]
fn it_is_started_at_logins_once_and_no_longer_if_asked() {
    let dir = tempfile::Builder::new().prefix("keicho-autostart").tempdir().unwrap();
    let agent = |word: &str| {
        let mut command = Command::new(PROGRAM);
        command.env("XDG_CONFIG_HOME", dir.path()).env("HOME", dir.path()).args(["agent", word]);
        let ran = command.output().unwrap();
        (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
    };
    let file = dir.path().join("autostart/keicho-agent.desktop");
    let said = |word: &str, what: &str| {
        let (code, said) = agent(word);
        assert!(code == Some(0) && said.contains(what) && said.contains(file.to_str().unwrap()), "{word}: {said}");
    };
    said("--uninstall", "does not start at your logins");
    said("--install", "starts at your logins from now on");
    let entry = std::fs::read_to_string(&file).unwrap();
    let exec = entry.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap();
    let program = std::fs::canonicalize(PROGRAM).unwrap();
    assert_eq!(exec, format!("\"{}\" agent --port 4649", program.display()));
    said("--install", "already");
    said("--uninstall", "no longer");
    assert!(!file.exists());
    std::fs::write(&file, "[Desktop Entry]\n").unwrap();
    for word in ["--install", "--uninstall"] {
        let (code, said) = agent(word);
        assert!(code == Some(1) && said.contains("is left as it is"), "{said}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "[Desktop Entry]\n");
}
