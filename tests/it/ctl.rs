//! `keicho ctl`: whoever may open the socket of a call that goes on gives it a page's commands, and a live call takes them
//! though it has given up the network.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::live::{Live, Page};
use crate::support::run::PROGRAM;
use crate::support::sample;
use crate::support::server::until;

/// How `keicho ctl` ended, and what it said on its output and as a complaint.
struct Told(Option<i32>, String, String);

fn ctl(runtime_dir: &Path, port: &str, words: &[&str]) -> Told {
    let mut command = Command::new(PROGRAM);
    command.env("XDG_RUNTIME_DIR", runtime_dir).env("LC_ALL", "C").arg("ctl").args(words).args(["--port", port]);
    let ran = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Told(ran.status.code(), text(ran.stdout), text(ran.stderr))
}

/// Has a command carried out, in silence.
fn done(runtime_dir: &Path, port: &str, word: &str) {
    let Told(status, said, complaint) = ctl(runtime_dir, port, &[word]);
    assert_eq!((status, said.as_str(), complaint.as_str()), (Some(0), "", ""), "{word}");
}

fn status(runtime_dir: &Path, port: &str) -> Value {
    let Told(status, said, complaint) = ctl(runtime_dir, port, &["status", "--format", "json"]);
    assert_eq!((status, complaint.as_str()), (Some(0), ""));
    assert_eq!(said.lines().count(), 1, "{said}");
    serde_json::from_str(&said).unwrap()
}

fn port(overlay: &str) -> String {
    let site = overlay.split("/#").next().unwrap();
    site.rsplit(':').next().unwrap().to_owned()
}

#[test]
fn a_call_is_led_from_a_key() {
    let dir = tempfile::Builder::new().prefix("keicho-ctl").tempdir().unwrap();
    let mut replay = Live::replay(dir.path(), Path::new(sample::CALL), &[]);
    let overlay = replay.line("overlay: ");
    let port = port(&overlay);
    let mut page = Page::open(&overlay);
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 500);
    let socket = dir.path().join(format!("keicho-{port}.sock"));
    assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);

    let said = status(dir.path(), &port);
    assert_eq!((&said["type"], &said["state"], &said["source"]), (&json!("status"), &json!("live"), &json!("replay")));
    done(dir.path(), &port, "pause");
    page.until(|snapshot| snapshot["state"] == "paused");
    let Told(_, words, _) = ctl(dir.path(), &port, &["status"]);
    assert!(words.starts_with("Paused"), "{words}");
    done(dir.path(), &port, "resume");
    page.until(|snapshot| snapshot["state"] == "live");
    done(dir.path(), &port, "mute");
    page.until(|snapshot| snapshot["muted"] == true);
    assert_eq!(status(dir.path(), &port)["muted"], true);
    done(dir.path(), &port, "unmute");
    page.until(|snapshot| snapshot["muted"] == false);
    done(dir.path(), &port, "off-record");
    page.until(|snapshot| snapshot["off_record_undo_ms"].is_u64());
    done(dir.path(), &port, "on-record");
    page.until(|snapshot| snapshot["off_record_undo_ms"].is_null() && snapshot["state"] == "live");
    done(dir.path(), &port, "hush");
    page.told("hush", |_| true);

    let Told(code, _, complaint) = ctl(dir.path(), &port, &["begin"]);
    assert_eq!((code, complaint.as_str()), (Some(1), "keicho: The call has begun already.\n"));
    done(dir.path(), &port, "stop");
    replay.ended();
    assert!(!socket.exists());
    let Told(code, _, complaint) = ctl(dir.path(), &port, &["pause"]);
    assert_eq!(code, Some(1));
    assert!(complaint.starts_with("keicho: no Keicho runs whose page is on port"), "{complaint}");
}

#[test]
fn what_is_no_command_is_refused_and_harms_nobody() {
    let dir = tempfile::Builder::new().prefix("keicho-ctl").tempdir().unwrap();
    let mut replay = Live::replay(dir.path(), Path::new(sample::CALL), &[]);
    let port = port(&replay.line("overlay: "));
    let socket = dir.path().join(format!("keicho-{port}.sock"));
    let connect = || UnixStream::connect(&socket).unwrap();
    let mut talk = BufReader::new(connect());
    let mut answer = |line: &str| {
        talk.get_mut().write_all(line.as_bytes()).unwrap();
        let mut answer = String::new();
        talk.read_line(&mut answer).unwrap();
        serde_json::from_str::<Value>(&answer).unwrap()
    };
    for line in ["\n", "pause\n", "{\"type\":\"command\",\"command\":\"sing\"}\n", "{\"type\":\"hush\",\"more\":1}\n"] {
        assert_eq!(answer(line)["type"], "refused", "{line}");
    }
    // Nobody has the page open.
    assert_eq!(answer("{\"type\":\"hush\"}\n")["why"]["en"], "No page is open.");
    assert_eq!(answer("{\"type\":\"command\",\"command\":\"pause\"}\n")["type"], "done");
    // A command is done with the call's next block.
    assert!(until(|| answer("{\"type\":\"status\"}\n")["state"] == "paused"));
    // A line without an end is given up at a page's limit, and many who only sit there keep nobody out: the one who has sat
    // there the longest goes.
    let mut flood = connect();
    let _ = flood.write_all(&vec![b'x'; 64 * 1024]);
    let mut sitting: Vec<_> = (0..20).map(|_| connect()).collect();
    assert_eq!(status(dir.path(), &port)["state"], "paused", "who asks waits ten seconds at the most");
    assert_eq!(sitting[0].read(&mut [0]).unwrap(), 0, "it was sent away");
    drop((flood, sitting));
    done(dir.path(), &port, "stop");
    replay.ended();
}

#[cfg(all(feature = "capture", target_os = "linux"))]
mod on_a_sound_server {
    use super::*;
    use crate::support::server::{SoundServer, on_each_server};

    on_each_server!(a_live_call_without_a_network_still_takes_commands,);

    fn a_live_call_without_a_network_still_takes_commands(server: SoundServer) {
        let mut live = Live::start(&server, &[], None);
        let overlay = live.line("overlay: ");
        let port = port(&overlay);
        let mut page = Page::open(&overlay);
        page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 500);
        assert!(live.threads().iter().all(|thread| thread.contains("Seccomp:\t2")));
        done(server.dir(), &port, "pause");
        page.until(|snapshot| snapshot["state"] == "paused");
        assert_eq!(status(server.dir(), &port)["source"], "live");
        done(server.dir(), &port, "stop");
        live.ended();
    }
}
