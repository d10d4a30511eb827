//! The agent in the desktop's tray: what it shows is how the call stands, and its menu leads the call.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};

use serde_json::json;

use crate::support::agent::{Agent, free_port};
use crate::support::desktop::Desktop;
use crate::support::live::Page;
use crate::support::server::{MIC, SoundServer, on_each_server};
use crate::support::tray_host::TrayHost;

on_each_server!(
    a_call_is_led_from_the_tray,
    the_tray_may_come_later_and_speaks_japanese,
    a_nudge_is_shown_by_the_desktop_if_the_user_wants_that_alone,
);

fn a_call_is_led_from_the_tray(server: SoundServer) {
    let _desktop = Desktop::start(&server);
    let tray = TrayHost::start(&server);
    let agent = Agent::start(&server);
    let item = tray.item();
    assert_eq!((item.id().as_str(), item.text("Status").as_str()), ("keicho", "Active"));
    item.until_tooltip("Waiting for a call");
    let idle = item.icon();
    assert!(idle.iter().all(|(width, height, bytes)| bytes.len() == (width * height * 4) as usize), "{idle:?}");
    assert_eq!(item.choices(), ["Begin a 1on1", "Last summary", "Quit"]);

    item.choose("Begin a 1on1");
    let mut page = Page::open(&agent.overlay());
    page.told("desk", |_| true);
    item.until_tooltip("Not begun yet");
    page.ask("begin", json!({}));
    item.until_tooltip("Listening");
    assert_ne!(item.icon(), idle);
    item.choose("Pause");
    page.until(|snapshot| snapshot["state"] == "paused");
    item.until_tooltip("Paused");
    item.choose("Resume");
    page.until(|snapshot| snapshot["state"] == "live");
    server.ctl(&["set-source-mute", MIC, "1"]);
    item.until_tooltip("Listening, you’re muted");
    server.ctl(&["set-source-mute", MIC, "0"]);
    item.until_tooltip("Listening");
    item.choose("Open the page");
    agent.overlay();
    item.press();
    agent.overlay();
    // It can be undone for some seconds, as on the page, and ends with the menu.
    item.choose("Off the record");
    page.until(|snapshot| snapshot["off_record_undo_ms"].is_u64());
    item.until_tooltip("Off the record");
    item.choose("Back on the record");
    page.until(|snapshot| snapshot["state"] == "live");

    page.ask("stop", json!({}));
    item.until_tooltip("Waiting for a call");
    assert_eq!(item.icon(), idle);
    item.choose("Last summary");
    assert!(agent.opened().contains("</html>"));
    item.choose("Quit");
    agent.ended();
}

fn the_tray_may_come_later_and_speaks_japanese(server: SoundServer) {
    let _desktop = Desktop::start(&server);
    let agent = Agent::start_in(&server, "ja_JP.UTF-8");
    let first = TrayHost::start(&server);
    assert_eq!(first.item().choices(), ["1on1をはじめる", "前回のまとめ", "常駐を終了"]);
    drop(first);
    let second = TrayHost::start(&server);
    let item = second.item();
    item.until_tooltip("通話を待っています");
    item.choose("常駐を終了");
    agent.ended();
}

/// A call on a port that the test leads: what follows it is told what the test says.
struct Call(UnixStream);

impl Call {
    /// Waits until somebody follows it.
    fn accept(listener: &UnixListener) -> Self {
        let (stream, _) = listener.accept().unwrap();
        let mut line = String::new();
        BufReader::new(&stream).read_line(&mut line).unwrap();
        assert_eq!(line, "{\"type\":\"follow\"}\n");
        Self(stream)
    }

    fn tell(&self, nudge: Option<(&str, &str)>) {
        let nudge = nudge.map(|(ja, en)| json!({ "ja": ja, "en": en }));
        let status = json!({
            "type": "status", "state": "live", "source": "live", "now_ms": 0, "muted": false, "share": null,
            "target": 0.3, "troubles": [], "losing": false, "summary": null, "nudge": nudge,
        });
        writeln!(&self.0, "{status}").unwrap();
    }
}

fn a_nudge_is_shown_by_the_desktop_if_the_user_wants_that_alone(server: SoundServer) {
    let (desktop, tray, port) = (Desktop::start(&server), TrayHost::start(&server), free_port());
    let listener = UnixListener::bind(server.dir().join(format!("keicho-{port}.sock"))).unwrap();
    let nudge = Some(("相手に渡す？", "Over to them"));
    {
        let _agent = Agent::start_on(&server, port, "C", "shows_nudges = true\n");
        let (item, call) = (tray.item(), Call::accept(&listener));
        call.tell(None);
        item.until_tooltip("Listening");
        call.tell(nudge);
        item.until_tooltip("Over to them\nListening");
        assert_eq!(item.text("Status"), "NeedsAttention");
        let shown = desktop.shown();
        assert_eq!((shown.summary.as_str(), shown.actions.len()), ("Over to them", 0));
        call.tell(None);
        item.until_tooltip("Listening");
        desktop.closed(shown.id);
    }
    let _agent = Agent::start_on(&server, port, "C", "");
    let (item, call) = (tray.item(), Call::accept(&listener));
    call.tell(nudge);
    item.until_tooltip("Listening");
    assert_eq!(desktop.rest(), []);
}
