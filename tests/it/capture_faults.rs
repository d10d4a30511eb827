//! What goes wrong with audio devices in the field, on a real sound server: each fault costs its own time, is told, and
//! leaves the call hearing the right side on the right track.

use keicho::audio::Track;
use keicho::source::Notice;

use crate::support::capture::{Call, setup};
use crate::support::play::Player;
use crate::support::server::{CALL_OUT, Kind, MIC_PIPE, SoundServer, on_each_server, until};
use crate::support::tone::{tone, wav};

on_each_server!(
    a_headset_that_changes_its_profile_is_heard_each_time,
    a_stream_that_is_moved_elsewhere_never_becomes_another,
    a_server_that_is_killed_and_started_again_is_heard_again,
);

/// How often the headset changes; `make soak` has it change fifty times.
const CHANGES: &str = "KEICHO_TEST_CHANGES";

/// A Bluetooth headset's microphone goes and comes back with 16 kHz when a call begins, and with another rate when its
/// profile changes again.
fn a_headset_that_changes_its_profile_is_heard_each_time(server: SoundServer) {
    let near = wav(server.dir(), "near", 48_000, &tone(440.0, 48_000, 120));
    let changes: usize = std::env::var(CHANGES).map_or(3, |changes| changes.parse().unwrap());
    let mut call = Call::open(setup(&server, CALL_OUT));
    let me = Player::start(&server, "near", MIC_PIPE, &near);
    call.hear_until("the microphone", |call| call.has_only(Track::Me, 440.0, 1_000.0));
    drop(me);
    let device = call.source.device(Track::Me).to_owned();
    for change in 0..changes {
        call.notices.clear();
        call.blocks.clear();
        server.unplug_microphone();
        call.hear_until("its end", |call| call.notices.iter().any(|notice| is_gone(notice, &device)));
        let at = call.blocks.len();
        call.hear(50);
        assert!(call.blocks[at + 30..].iter().all(|block| block.lost.me), "{change}: nothing else is taken for it");
        server.plug_in_microphone(["16000", "44100", "48000"][change % 3]);
        assert!(until(|| server.lists("sources", "mic_pipe.monitor")), "{change}: it is not back");
        server.ctl(&["set-default-source", "mic"]);
        let _me = Player::start(&server, "near", MIC_PIPE, &near);
        call.hear_until("the microphone again", |call| call.has_only(Track::Me, 440.0, 1_000.0));
        call.hear_until("a whole second", |call| call.whole(100));
        let backs = call.notices.iter().filter(|notice| matches!(notice, Notice::DeviceBack { track: Track::Me, .. }));
        assert!(backs.count() >= 1, "{change}: {:?}", call.notices);
        assert!(call.notices.iter().all(|notice| is_of(notice, Track::Me)), "{change}: {:?}", call.notices);
    }
}

fn is_gone(notice: &Notice, name: &str) -> bool {
    matches!(notice, Notice::DeviceGone { track: Track::Me, device } if device == name)
}

fn is_of(notice: &Notice, whose: Track) -> bool {
    matches!(notice, Notice::DeviceGone { track, .. } | Notice::DeviceBack { track, .. } if *track == whose)
}

/// A mixer moves what records from one device to another, as desktops do by themselves: the far end never becomes what is
/// played elsewhere.
fn a_stream_that_is_moved_elsewhere_never_becomes_another(server: SoundServer) {
    let far = wav(server.dir(), "far", 48_000, &tone(1_000.0, 48_000, 120));
    let music = wav(server.dir(), "music", 48_000, &tone(300.0, 48_000, 120));
    server.load(&["module-null-sink", "sink_name=headset", "rate=48000", "channels=2"]);
    let mut call = Call::open(setup(&server, CALL_OUT));
    let _them = Player::start(&server, "far", CALL_OUT, &far);
    let _music = Player::start(&server, "music", "headset", &music);
    call.hear_until("the far end", |call| call.has_only(Track::Them, 1_000.0, 300.0));
    for stream in recorders_of(&server, "call_out.monitor") {
        let moved = server.try_ctl(&["move-source-output", &stream, "headset.monitor"]);
        // PulseAudio heeds that the stream asks to stay where it is. PipeWire moves it, and says so.
        assert!(moved.is_none() || server.kind() == Kind::PipeWire, "{stream}");
    }
    let moved = call.blocks.len();
    call.hear(300);
    call.hear_until("the far end", |call| call.has_only(Track::Them, 1_000.0, 300.0));
    for end in (moved + 50..call.blocks.len()).step_by(10) {
        let heard = call.strength_at(Track::Them, 300.0, end);
        assert!(heard < 0.01, "{heard} of what is played elsewhere, {} blocks after the move", end - moved);
    }
}

/// The numbers of what records from a device.
fn recorders_of(server: &SoundServer, device: &str) -> Vec<String> {
    let sources = server.ctl(&["list", "short", "sources"]);
    let column = |line: &str, place: usize| line.split('\t').nth(place).unwrap_or_default().to_owned();
    let source = sources.lines().find(|line| column(line, 1) == device).map(|line| column(line, 0)).unwrap();
    let outputs = server.ctl(&["list", "short", "source-outputs"]);
    let found: Vec<_> = outputs.lines().filter(|line| column(line, 1) == source).map(|line| column(line, 0)).collect();
    assert!(!found.is_empty(), "{outputs}");
    found
}

fn a_server_that_is_killed_and_started_again_is_heard_again(mut server: SoundServer) {
    let near = wav(server.dir(), "near", 48_000, &tone(440.0, 48_000, 120));
    let far = wav(server.dir(), "far", 48_000, &tone(1_000.0, 48_000, 120));
    let mut call = Call::open(setup(&server, CALL_OUT));
    call.hear(50);
    server.kill();
    call.hear_until("the end of both", |call| call.notices.len() == 2);
    let killed = call.blocks.len();
    server.start_again();
    let _me = Player::start(&server, "near", MIC_PIPE, &near);
    let _them = Player::start(&server, "far", CALL_OUT, &far);
    call.hear_until("both tones", |call| {
        call.has_only(Track::Me, 440.0, 1_000.0) && call.has_only(Track::Them, 1_000.0, 440.0)
    });
    call.hear_until("a whole second of both", |call| call.whole(100));
    for track in Track::BOTH {
        let back = |notice: &Notice| matches!(notice, Notice::DeviceBack { track: of, .. } if *of == track);
        assert!(call.notices.iter().any(back), "{:?}", call.notices);
        assert!(call.blocks[killed..].iter().any(|block| block.lost[track]), "what was not heard is lost");
    }
    let starts = call.blocks.windows(2).all(|pair| pair[0].span().end == pair[1].start);
    assert!(starts, "no time is lost");
}
