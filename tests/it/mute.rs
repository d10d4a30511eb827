//! A live call follows the mute that others set in the sound server: of the microphone, and of what the call's application
//! records from it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::support::application::Application;
use crate::support::live::{Live, Page};
use crate::support::server::{MIC, SoundServer, on_each_server};

const APPLICATION: &str = "Zoom test";

on_each_server!(
    the_microphone_s_mute_in_the_server_is_followed_both_ways,
    a_mute_is_on_the_page_in_less_than_300_ms,
    the_application_s_mute_is_followed_both_ways,
    who_is_muted_when_the_call_begins_begins_muted,
);

fn is_muted_by(snapshot: &Value, who: &Value) -> bool {
    snapshot["state"] == "live" && snapshot["muted"] == !who.is_null() && snapshot["muted_by"] == *who
}

/// Waits until the page says that these say that the user is muted.
fn until_muted_by(page: &mut Page, who: &Value) {
    page.until(|snapshot| is_muted_by(snapshot, who));
}

/// The events of mute so far, in order.
fn mutes(page: &Page) -> Vec<&str> {
    let kinds = page.messages().iter().filter_map(|message| message["kind"].as_str());
    kinds.filter(|kind| ["muted", "unmuted"].contains(kind)).collect()
}

fn the_microphone_s_mute_in_the_server_is_followed_both_ways(server: SoundServer) {
    let mut live = Live::start(&server, &[], None);
    let mut page = Page::open(&live.line("overlay: "));
    let (nobody, server_says, i_say) = (json!(null), json!("sound_server"), json!("hand"));
    until_muted_by(&mut page, &nobody);
    server.ctl(&["set-source-mute", MIC, "1"]);
    until_muted_by(&mut page, &server_says);
    server.ctl(&["set-source-mute", MIC, "0"]);
    until_muted_by(&mut page, &nobody);
    // What is said by hand stands beside it, and goes before it.
    server.ctl(&["set-source-mute", MIC, "1"]);
    until_muted_by(&mut page, &server_says);
    page.ask("mute", json!({}));
    until_muted_by(&mut page, &i_say);
    page.ask("unmute", json!({}));
    until_muted_by(&mut page, &nobody);
    assert_eq!(mutes(&page), ["muted", "unmuted", "muted", "unmuted"]);
    live.end(&mut page);
    assert!(!live.summary()["muted"].as_array().unwrap().is_empty(), "{:#}", live.summary());
}

/// Of several, the one in the middle: another program may hold up some of them.
fn a_mute_is_on_the_page_in_less_than_300_ms(server: SoundServer) {
    let mut live = Live::start(&server, &[], None);
    let mut page = Page::open(&live.line("overlay: "));
    let (nobody, server_says) = (json!(null), json!("sound_server"));
    until_muted_by(&mut page, &nobody);
    let mut took: Vec<Duration> = Vec::new();
    for (mute, who) in [("1", &server_says), ("0", &nobody)].repeat(5) {
        let asked = Instant::now();
        server.ctl(&["set-source-mute", MIC, mute]);
        until_muted_by(&mut page, who);
        took.push(asked.elapsed());
    }
    took.sort_unstable();
    println!("{took:?}");
    assert!(took[took.len() / 2] < Duration::from_millis(300), "{took:?}");
    live.end(&mut page);
}

fn the_application_s_mute_is_followed_both_ways(server: SoundServer) {
    let _far = Application::plays(&server, APPLICATION);
    let _near = Application::records(&server, APPLICATION, MIC);
    let stream = Application::recording_stream(&server, APPLICATION);
    let mut live = Live::start(&server, &["--them", &format!("app:{APPLICATION}")], None);
    let mut page = Page::open(&live.line("overlay: "));
    let (nobody, server_says) = (json!(null), json!("sound_server"));
    until_muted_by(&mut page, &nobody);
    for _ in 0..2 {
        server.ctl(&["set-source-output-mute", &stream, "1"]);
        until_muted_by(&mut page, &server_says);
        server.ctl(&["set-source-output-mute", &stream, "0"]);
        until_muted_by(&mut page, &nobody);
    }
    // Of what plays on the default output, only an application for calls is asked.
    page.ask("choose_device", json!({ "track": "them", "device": null }));
    page.told("desk", |start| start["devices"]["them"]["chosen"].is_null());
    server.ctl(&["set-source-output-mute", &stream, "1"]);
    until_muted_by(&mut page, &server_says);
    live.end(&mut page);
}

fn who_is_muted_when_the_call_begins_begins_muted(server: SoundServer) {
    server.ctl(&["set-source-mute", MIC, "1"]);
    let mut live = Live::start(&server, &["--prepare"], None);
    let mut page = Page::open(&live.line("overlay: "));
    page.told("desk", |_| true);
    page.ask("begin", json!({}));
    until_muted_by(&mut page, &json!("sound_server"));
    server.ctl(&["set-source-mute", MIC, "0"]);
    until_muted_by(&mut page, &json!(null));
    live.end(&mut page);
}
