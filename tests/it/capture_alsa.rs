//! The same through cpal: ALSA devices that lead to a server of the test's own.
//!
//! ALSA reads its configuration once a process, from the environment, so each check runs in a child: this program
//! again, asked for one test.

use std::process::Command;

use keicho::audio::{PerTrack, Track};
use keicho::capture::{self, BackendChoice, CaptureSetup, DeviceChoice, DeviceKind};
use keicho::source::Source as _;
use keicho::source::live::{LiveSource, StopFlag};

use crate::support::play::Player;
use crate::support::server::{CALL_OUT, DEADLINE, Kind, MIC_PIPE, SoundServer};
use crate::support::tone::{strength, tone, wav};

/// Set in the child.
const CHILD: &str = "KEICHO_TEST_CHILD";

/// Two devices, as a sound card and its loopback would be.
const ASOUND_CONF: &str = r#"
pcm.near { type pulse device "mic" hint { show on description "Near microphone" } }
pcm.far { type pulse device "call_out.monitor" hint { show on description "Far monitor" } }
pcm.!default { type pulse device "mic" }
ctl.!default { type pulse }
"#;

fn in_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// Runs a test of this file in a child whose ALSA leads to the server.
fn run(server: &SoundServer, test: &str) {
    let conf = server.dir().join("asound.conf");
    std::fs::write(&conf, ASOUND_CONF).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap());
    server.set_env(&mut child);
    let system = "/usr/share/alsa/alsa.conf";
    child.args([&format!("capture_alsa::{test}"), "--exact", "--nocapture"]).env(CHILD, "1");
    child.env("ALSA_CONFIG_PATH", format!("{system}:{}", conf.display()));
    let output = child.output().unwrap();
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    assert!(output.status.success(), "{said}");
}

fn setup(me: &str, them: &str) -> CaptureSetup {
    CaptureSetup {
        device: PerTrack { me: me.parse().unwrap(), them: them.parse().unwrap() },
        backend: BackendChoice::Cpal,
        ..CaptureSetup::default()
    }
}

#[test]
fn each_tone_is_heard_on_its_own_track_alone() {
    if !in_child() {
        let server = SoundServer::start(Kind::PulseAudio);
        let near = wav(server.dir(), "near", 48_000, &tone(440.0, 48_000, 120));
        let far = wav(server.dir(), "far", 48_000, &tone(1_000.0, 48_000, 120));
        let _me = Player::start(&server, "near", MIC_PIPE, &near);
        let _them = Player::start(&server, "far", CALL_OUT, &far);
        return run(&server, "each_tone_is_heard_on_its_own_track_alone");
    }
    let mut source = LiveSource::open(setup("near", "far"), StopFlag::new()).unwrap();
    let mut tracks = PerTrack::from_fn(|_| Vec::new());
    for _ in 0..DEADLINE.as_secs() * 2 {
        for _ in 0..50 {
            let block = source.next().unwrap().unwrap();
            Track::BOTH.iter().for_each(|&track| tracks[track].extend(block.pcm[track]));
        }
        let last = |track: Track| &tracks[track][tracks[track].len() - 8_000..];
        let heard = |track, hz| strength(last(track), hz);
        let alone = |track, hz, other| heard(track, hz) > 0.1 && heard(track, other) < 0.01;
        if alone(Track::Me, 440.0, 1_000.0) && alone(Track::Them, 1_000.0, 440.0) {
            return;
        }
    }
    panic!("not heard");
}

#[test]
fn devices_and_errors_say_what_there_is() {
    if !in_child() {
        return run(&SoundServer::start(Kind::PulseAudio), "devices_and_errors_say_what_there_is");
    }
    let devices = capture::list_devices(&BackendChoice::Cpal).unwrap();
    let named = |name: &str| devices.iter().any(|d| d.id == name && d.kind == DeviceKind::Microphone);
    assert!(named("near") && named("far"), "{devices:?}");
    let refused = |them: &str| LiveSource::open(setup("default", them), StopFlag::new()).err().unwrap().to_string();
    assert!(refused("default").contains("Start PipeWire or PulseAudio"), "{}", refused("default"));
    assert!(refused("app:zoom").contains("with PulseAudio or PipeWire alone"), "{}", refused("app:zoom"));
    assert!(refused("nothing").contains("Near microphone, Far monitor"), "{}", refused("nothing"));
    assert_eq!("default".parse(), Ok(DeviceChoice::Default));
}
