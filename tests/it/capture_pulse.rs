//! Both tracks of a call, from a real sound server that speaks PulseAudio's protocol.

use std::process::Command;
use std::sync::{Arc, Mutex};

use keicho::audio::{BLOCK_SIZE, DeviceControl, DeviceWish, PerTrack, Track, TrackDevices};
use keicho::capture::{self, BackendChoice, DeviceKind};
use keicho::source::live::{LiveSource, StopFlag};
use keicho::source::{Notice, Source as _};

use crate::support::capture::{Call, setup};
use crate::support::play::Player;
use crate::support::run::PROGRAM;
use crate::support::server::{CALL_OUT, Kind, MIC_PIPE, SoundServer, on_each_server};
use crate::support::tone::{noise, tone, wav};

on_each_server!(
    each_tone_is_heard_on_its_own_track_alone,
    what_was_captured_is_heard_after_the_stop_and_then_the_call_ends,
    both_tracks_hear_one_click_at_one_moment,
    one_application_is_heard_without_the_others,
    an_output_that_vanishes_is_lost_until_it_is_back_and_never_becomes_another,
    the_default_output_is_followed_when_the_user_changes_it,
    another_output_is_heard_as_soon_as_it_is_chosen,
    a_server_that_ends_is_survived,
    doctor_hears_how_loud_each_track_is,
    doctor_advises_in_a_noisy_room_alone,
    two_channels_become_one_without_getting_louder,
);

fn each_tone_is_heard_on_its_own_track_alone(server: SoundServer) {
    let near = wav(server.dir(), "near", 48_000, &tone(440.0, 48_000, 120));
    let far = wav(server.dir(), "far", 44_100, &tone(1_000.0, 44_100, 120));
    let mut call = Call::open(setup(&server, "default"));
    let _me = Player::start(&server, "near", MIC_PIPE, &near);
    let _them = Player::start(&server, "far", CALL_OUT, &far);
    call.hear_until("both tones", |call| {
        call.has_only(Track::Me, 440.0, 1_000.0) && call.has_only(Track::Them, 1_000.0, 440.0)
    });
    // A busy machine may lose a moment, which is marked; a capture that is right keeps three seconds whole before long.
    call.hear_until("three whole seconds of them", |call| {
        call.whole(300) && call.has_only(Track::Me, 440.0, 1_000.0) && call.has_only(Track::Them, 1_000.0, 440.0)
    });
    assert_eq!(call.notices, []);
    for (i, block) in call.blocks.iter().enumerate() {
        assert_eq!(block.start.count(), (i * BLOCK_SIZE) as u64);
    }
}

fn what_was_captured_is_heard_after_the_stop_and_then_the_call_ends(server: SoundServer) {
    let mut call = Call::open(setup(&server, "default"));
    call.hear(20);
    call.stop.stop();
    while let Some(block) = call.source.next().unwrap() {
        assert_eq!(block.start, call.blocks.last().unwrap().span().end);
        call.blocks.push(block);
    }
    assert_eq!(call.source.next().unwrap(), None);
    assert!(server.ctl(&["list", "short", "source-outputs"]).lines().all(|line| !line.contains("Keicho")));
}

fn both_tracks_hear_one_click_at_one_moment(server: SoundServer) {
    server.load(&["module-combine-sink", "sink_name=both", "slaves=call_out,mic_pipe", "adjust_time=0"]);
    // A click every 0.7 s: a burst of 2 ms.
    let click = |i: u32| if i % 33_600 < 96 { if i % 24 < 12 { 20_000 } else { -20_000 } } else { 0 };
    let clicks: Vec<i16> = (0..48_000 * 60).map(click).collect();
    let clicks = wav(server.dir(), "clicks", 48_000, &clicks);
    let mut call = Call::open(setup(&server, "default"));
    let _player = Player::start(&server, "clicks", "both", &clicks);
    let onsets = |call: &Call, track: Track| -> Vec<usize> {
        let sound: Vec<i16> = call.blocks.iter().flat_map(|block| block.pcm[track]).collect();
        let loud: Vec<usize> = (0..sound.len()).filter(|&i| sound[i].unsigned_abs() > 3_000).collect();
        let begins = |i: &usize| *i == 0 || loud[*i] - loud[*i - 1] > 1_600;
        (0..loud.len()).filter(begins).map(|i| loud[i]).collect()
    };
    call.hear_until("clicks", |call| onsets(call, Track::Me).len() >= 6 && onsets(call, Track::Them).len() >= 6);
    // The first ones while the combined sink still settles are not about this program.
    let (me, them) = (onsets(&call, Track::Me), onsets(&call, Track::Them));
    let apart = |at: &usize| them.iter().map(|t| t.abs_diff(*at)).min().unwrap();
    let mut apart: Vec<_> = me.iter().map(apart).collect();
    apart.sort_unstable();
    let median = apart[apart.len() / 2];
    assert!(median <= 40 * 16, "{} ms apart: {me:?} {them:?}", median / 16);
}

fn one_application_is_heard_without_the_others(server: SoundServer) {
    let call_tone = wav(server.dir(), "call", 48_000, &tone(1_000.0, 48_000, 120));
    let music_tone = wav(server.dir(), "music", 48_000, &tone(300.0, 48_000, 120));
    let _music = Player::start(&server, "Music Player", CALL_OUT, &music_tone);
    let zoom = Player::start(&server, "Zoomlike Voice", CALL_OUT, &call_tone);

    let devices = capture::list_devices(&BackendChoice::Pulse(Some(server.socket()))).unwrap();
    let apps: Vec<_> = devices.iter().filter(|d| d.kind == DeviceKind::App).map(|d| d.name.as_str()).collect();
    assert_eq!(apps, ["Music Player", "Zoomlike Voice"]);
    let missing = LiveSource::open(setup(&server, "app:teams"), StopFlag::new()).err().unwrap().to_string();
    assert!(missing.contains("Music Player, Zoomlike Voice"), "{missing}");

    let mut call = Call::open(setup(&server, "app:zoomlike"));
    assert_eq!(call.source.device(Track::Them), "Zoomlike Voice");
    call.hear_until("the application alone", |call| call.has_only(Track::Them, 1_000.0, 300.0));
    call.hear(100);
    assert!(call.has_only(Track::Them, 1_000.0, 300.0));

    // It ends, and is lost; what else plays is never taken for it.
    drop(zoom);
    call.hear_until("the application's end", |call| call.notices.len() == 1);
    let gone = Notice::DeviceGone { track: Track::Them, device: "Zoomlike Voice".into() };
    assert_eq!(call.notices, [gone]);
    call.hear(100);
    assert!(call.blocks.iter().rev().take(50).all(|block| block.lost.them && !block.lost.me));
    let _zoom = Player::start(&server, "Zoomlike Voice", CALL_OUT, &call_tone);
    call.hear_until("the application again", |call| call.has_only(Track::Them, 1_000.0, 300.0));
    assert_eq!(call.notices[1..], [Notice::DeviceBack { track: Track::Them, device: "Zoomlike Voice".into() }]);
}

fn an_output_that_vanishes_is_lost_until_it_is_back_and_never_becomes_another(server: SoundServer) {
    let near = wav(server.dir(), "near", 48_000, &tone(440.0, 48_000, 120));
    let far = wav(server.dir(), "far", 48_000, &tone(1_000.0, 48_000, 120));
    // The server moves streams of a lost device to whatever is left, as desktops do; PipeWire does so by itself.
    if server.kind() == Kind::PulseAudio {
        server.load(&["module-rescue-streams"]);
    }
    let _me = Player::start(&server, "near", MIC_PIPE, &near);
    let mut call = Call::open(setup(&server, CALL_OUT));
    let them = Player::start(&server, "far", CALL_OUT, &far);
    call.hear_until("the far end", |call| call.has_only(Track::Them, 1_000.0, 440.0));
    drop(them);

    let name = call.source.device(Track::Them).to_owned();
    server.ctl(&["unload-module", &server.module_of("sink_name=call_out")]);
    call.hear_until("the output's end", |call| call.notices.len() == 1);
    assert_eq!(call.notices, [Notice::DeviceGone { track: Track::Them, device: name.clone() }]);
    let gone = call.blocks.len();
    call.hear(150);
    call.hear_until("the microphone alone", |call| call.has_only(Track::Me, 440.0, 1_000.0));
    assert!(call.blocks[gone..].iter().all(|block| block.lost.them));

    server.load(&["module-null-sink", "sink_name=call_out", "rate=48000", "channels=2"]);
    let _them = Player::start(&server, "far", CALL_OUT, &far);
    // The server now plays the microphone's tone there too: it moves streams back to a default that returns.
    call.hear_until("the far end again", |call| call.strength(Track::Them, 1_000.0) > 0.1);
    assert_eq!(call.notices[1..], [Notice::DeviceBack { track: Track::Them, device: name }]);
    assert!(call.lost(Track::Me) < 50, "{} blocks", call.lost(Track::Me));
}

fn the_default_output_is_followed_when_the_user_changes_it(server: SoundServer) {
    let far = wav(server.dir(), "far", 48_000, &tone(1_000.0, 48_000, 120));
    server.load(&["module-null-sink", "sink_name=headset", "rate=48000", "channels=2"]);
    let mut call = Call::open(setup(&server, "default"));
    let _them = Player::start(&server, "far", "headset", &far);
    call.hear(50);
    assert!(call.strength(Track::Them, 1_000.0) < 0.01);
    server.ctl(&["set-default-sink", "headset"]);
    call.hear_until("the headset", |call| call.strength(Track::Them, 1_000.0) > 0.1);
    assert!(call.lost(Track::Me) < 50, "{} blocks", call.lost(Track::Me));
    // Nothing is wrong with the one before, so that nobody looks for a plug.
    let [Notice::DeviceBack { track: Track::Them, .. }] = &call.notices[..] else { panic!("{:?}", call.notices) };
}

fn another_output_is_heard_as_soon_as_it_is_chosen(server: SoundServer) {
    let far = wav(server.dir(), "far", 48_000, &tone(1_000.0, 48_000, 120));
    server.load(&["module-null-sink", "sink_name=headset", "rate=48000", "channels=2"]);
    let (control, devices) = (DeviceControl::default(), Arc::new(Mutex::new(PerTrack::<TrackDevices>::default())));
    let shown = Arc::clone(&devices);
    control.subscribe(Box::new(move |now| *shown.lock().unwrap() = now));
    let mut call = Call::open_with(setup(&server, "default"), control.clone());
    let _them = Player::start(&server, "far", "headset", &far);
    call.hear(50);
    assert!(call.strength(Track::Them, 1_000.0) < 0.01);
    let listed = devices.lock().unwrap().them.clone();
    assert_eq!(listed.chosen, None);
    let headset = listed.available.iter().find(|device| device.id == "headset.monitor").unwrap();
    control.choose(Track::Them, DeviceWish(Some(headset.id.clone())));
    call.hear_until("the headset", |call| call.strength(Track::Them, 1_000.0) > 0.1);
    assert!(call.lost(Track::Me) < 50, "{} blocks", call.lost(Track::Me));
    let [Notice::DeviceBack { track: Track::Them, .. }] = &call.notices[..] else { panic!("{:?}", call.notices) };
    call.hear_until("its name", |_| devices.lock().unwrap().them.chosen.as_deref() == Some("headset.monitor"));
}

fn a_server_that_ends_is_survived(server: SoundServer) {
    let mut call = Call::open(setup(&server, "default"));
    call.hear(50);
    drop(server);
    call.hear_until("the end of both", |call| call.notices.len() == 2);
    call.hear(100);
    let last = call.blocks.last().unwrap();
    assert!(last.lost.me && last.lost.them);
}

fn doctor_hears_how_loud_each_track_is(server: SoundServer) {
    let near = wav(server.dir(), "near", 48_000, &tone(440.0, 48_000, 120));
    let _me = Player::start(&server, "near", MIC_PIPE, &near);
    let probe = capture::probe(&setup(&server, "default"));
    assert_eq!(probe.server.unwrap().kind, format!("{:?}", server.kind()));
    let (me, them) = (probe.tracks.me.unwrap(), probe.tracks.them.unwrap());
    let level = me.level.unwrap();
    assert!((-13.0..-11.0).contains(&level.peak_dbfs.unwrap()), "{level:?}");
    assert_eq!(them.level.unwrap().peak_dbfs, None);

    let devices = capture::list_devices(&BackendChoice::Pulse(Some(server.socket()))).unwrap();
    let defaults: Vec<_> = devices.iter().filter(|d| d.default).map(|d| (d.kind, d.id.as_str())).collect();
    assert_eq!(defaults, [(DeviceKind::Microphone, "mic"), (DeviceKind::Loopback, "call_out.monitor")]);
    assert!(devices.iter().all(|d| d.rate == Some(48_000)));
}

/// What `keicho doctor` says of the room while the microphone hears noise of a level.
fn room(server: &SoundServer, application: &str, dbfs: f64) -> String {
    let noise = wav(server.dir(), application, 48_000, &noise(dbfs, 48_000, 120));
    let _me = Player::start(server, application, MIC_PIPE, &noise);
    let mut doctor = Command::new(PROGRAM);
    server.set_env(&mut doctor);
    let output = doctor.args(["doctor", "--port", "0"]).output().unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    let room = page.lines().find(|line| line.contains("  room  "));
    room.unwrap_or_else(|| panic!("{page}{}", String::from_utf8_lossy(&output.stderr))).to_owned()
}

fn doctor_advises_in_a_noisy_room_alone(server: SoundServer) {
    let fan = room(&server, "fan", -35.0);
    assert!(fan.starts_with("advice ") && fan.contains("Find a quieter one"), "{fan}");
    let quiet = room(&server, "quiet", -65.0);
    assert!(quiet.starts_with("ok "), "{quiet}");
}

/// A talker in the middle of two channels is as loud in one: what is near full scale is not clipped.
fn two_channels_become_one_without_getting_louder(server: SoundServer) {
    let far = wav(server.dir(), "far", 48_000, &tone(1_000.0, 48_000, 120));
    let mut call = Call::open(setup(&server, "default"));
    let _me = Player::start(&server, "near", MIC_PIPE, &far);
    let _them = Player::start(&server, "far", CALL_OUT, &far);
    call.hear_until("both as loud as they are", |call| {
        Track::BOTH.into_iter().all(|track| call.strength(track, 1_000.0) > 0.24)
    });
    call.hear(100);
    let peak = |track: Track| call.blocks.iter().flat_map(|block| block.pcm[track]).map(i16::unsigned_abs).max();
    let peaks = Track::BOTH.map(|track| f64::from(peak(track).unwrap()) / 32_768.0);
    assert!(peaks.iter().all(|peak| (0.24..0.3).contains(peak)), "{peaks:?}");
}

#[test]
fn without_a_server_the_error_says_what_to_do() {
    let nowhere = BackendChoice::Pulse(Some("/nonexistent/pulse/native".into()));
    let error = capture::list_devices(&nowhere).unwrap_err().to_string();
    assert!(error.contains("Log in to a desktop session or start one"), "{error}");
}
