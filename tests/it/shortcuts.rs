//! Keys of the desktop, which hold whatever window is in front: the agent asks the desktop's portal for them, and the call does
//! what is pressed.

use serde_json::json;

use crate::support::agent::{Agent, free_port};
use crate::support::desktop::Desktop;
use crate::support::live::Page;
use crate::support::portal::Portal;
use crate::support::server::{SoundServer, on_each_server, until};
use crate::support::tray_host::TrayHost;

const WANTED: &str = "shortcuts = true\n";

on_each_server!(
    a_call_is_led_by_keys_whatever_window_is_in_front,
    the_portal_may_come_later_and_come_again,
    nobody_is_asked_for_keys_unless_they_want_them,
);

fn a_call_is_led_by_keys_whatever_window_is_in_front(server: SoundServer) {
    let (_desktop, portal) = (Desktop::start(&server), Portal::start(&server));
    let agent = Agent::start_on(&server, free_port(), "C", WANTED);
    let given = portal.asked();
    let keys = given.keys.iter().map(|(name, label, key)| format!("{name}: {label} ({key})")).collect::<Vec<_>>();
    assert_eq!(
        keys,
        [
            "pause: Pause or resume (CTRL+ALT+SHIFT+p)",
            "off-record: Off the record, or back on it (CTRL+ALT+SHIFT+o)",
            "hush: Hide or show words and figures (CTRL+ALT+SHIFT+h)",
            "open: Open Keicho’s page (CTRL+ALT+SHIFT+k)",
        ]
    );
    assert!(agent.threads().iter().all(|thread| thread.contains("Seccomp:\t2")));
    assert!(listens_to_keys(&agent));

    portal.press(&given, "open");
    let mut page = Page::open(&agent.overlay());
    page.told("desk", |_| true);
    page.ask("begin", json!({}));
    page.until(|snapshot| snapshot["state"] == "live");
    portal.press(&given, "pause");
    page.until(|snapshot| snapshot["state"] == "paused");
    portal.press(&given, "pause");
    page.until(|snapshot| snapshot["state"] == "live");
    portal.press(&given, "off-record");
    page.until(|snapshot| snapshot["off_record_undo_ms"].is_u64());
    portal.press(&given, "off-record");
    page.until(|snapshot| snapshot["off_record_undo_ms"].is_null() && snapshot["state"] == "live");
    // What is pressed is done in turn: by the time that the page is told to hide, the call would have been paused.
    portal.press_of_another("pause");
    portal.press(&given, "hush");
    page.told("hush", |_| true);
    page.told("snapshot", |snapshot| {
        assert_eq!(snapshot["state"], "live");
        true
    });
    portal.press(&given, "open");
    agent.overlay();
    page.ask("stop", json!({}));
}

fn the_portal_may_come_later_and_come_again(server: SoundServer) {
    let (_desktop, tray) = (Desktop::start(&server), TrayHost::start(&server));
    let agent = Agent::start_on(&server, free_port(), "ja_JP.UTF-8", WANTED);
    let first = Portal::start(&server);
    let given = first.asked();
    assert_eq!(given.keys[0].1, "一時停止・再開");
    drop(first);
    // The user does not want the keys this time; the agent goes on.
    let second = Portal::start_for(&server, false);
    second.asked();
    assert!(!second.was_asked(), "once is enough");
    let item = tray.item();
    item.choose("常駐を終了");
    agent.ended();
}

/// Whether it has a thread for what the portal says. One that is just being started has the program's name until then.
fn listens_to_keys(agent: &Agent) -> bool {
    let names = || {
        let status = agent.threads();
        status
            .iter()
            .filter_map(|thread| Some(thread.lines().next()?.split_once('\t')?.1.to_owned()))
            .collect::<Vec<_>>()
    };
    let mut named = names();
    let all_are_named = until(|| {
        named = names();
        named.iter().filter(|name| *name == "keicho").count() == 1
    });
    assert!(all_are_named, "{named:?}");
    named.iter().any(|name| name == "shortcuts")
}

/// The agent that waits for calls has begun all that it does: who is to be asked for keys has a thread that asks by then.
fn nobody_is_asked_for_keys_unless_they_want_them(server: SoundServer) {
    let (_desktop, tray, portal) = (Desktop::start(&server), TrayHost::start(&server), Portal::start(&server));
    let agent = Agent::start_on(&server, free_port(), "C", "");
    assert!(!listens_to_keys(&agent));
    tray.item().choose("Quit");
    agent.ended();
    assert!(!portal.was_asked());
}
