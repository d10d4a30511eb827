//! What an agent costs that waits, in the tray and beside a sound server: it is woken by what happens, and by nothing else.
//!
//! `KEICHO_IDLE_S=600 cargo test --test it -- idle:: --nocapture` measures for ten minutes.

use std::process::Command;

use crate::support::agent::{Agent, ProcessCost};
use crate::support::desktop::Desktop;
use crate::support::run::PROGRAM;
use crate::support::server::{SoundServer, on_each_server};
use crate::support::tray_host::TrayHost;

on_each_server!(who_waits_is_not_woken);

/// For how many seconds it is looked at.
fn seconds() -> u32 {
    std::env::var("KEICHO_IDLE_S").map_or(4, |seconds| seconds.parse().unwrap())
}

/// Lets so many seconds go by: a transcript of that length is replayed in real time, on no device.
fn let_seconds_go_by(server: &SoundServer, seconds: u32) {
    let transcript = server.dir().join("clock.csv");
    std::fs::write(&transcript, format!("start,end,speaker,text\n0,{seconds},A,tick\n0,1,B,tock\n")).unwrap();
    let mut replay = Command::new(PROGRAM);
    server.set_env(&mut replay);
    replay.args(["replay", "--pace", "real", "--no-text", "--speaker-me", "A", "--out"]);
    let ran = replay.arg(server.dir().join("clock")).arg(&transcript).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

/// What the agent has cost once a second has gone by without a wake-up: what is said around its start is no waiting.
fn settled(agent: &Agent, server: &SoundServer) -> ProcessCost {
    for _ in 0..10 {
        let before = agent.cost();
        let_seconds_go_by(server, 1);
        if agent.cost().wake_ups == before.wake_ups {
            return before;
        }
    }
    panic!("the agent was woken in each of ten seconds")
}

fn who_waits_is_not_woken(server: SoundServer) {
    let (desktop, tray) = (Desktop::start(&server), TrayHost::start(&server));
    let agent = Agent::start(&server);
    let item = tray.item();
    item.until_tooltip("Waiting for a call");
    let before = settled(&agent, &server);
    let seconds = seconds();
    let_seconds_go_by(&server, seconds);
    let after = agent.cost();
    let woken = after.wake_ups - before.wake_ups;
    let busy = after.busy_ticks - before.busy_ticks;
    let ProcessCost { resident_kib, .. } = after;
    println!("{:?}, {seconds} s: {woken} wake-ups, {busy} ticks busy, {resident_kib} KiB", server.kind());
    // A timer of one second would be more.
    assert!(woken < u64::from(seconds) / 2, "{woken} wake-ups in {seconds} s");
    assert!(busy <= u64::from(seconds) / 10 + 1, "{busy} ticks in {seconds} s");
    assert_eq!((item.tooltip().as_str(), desktop.rest()), ("Waiting for a call", vec![]));
}
