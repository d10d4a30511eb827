//! A side from which nothing comes: the page is told within ten seconds, and of what is the matter, not of something else.

use serde_json::{Value, json};

use crate::support::live::{Live, Page};
use crate::support::server::{CALL_OUT, Kind, MIC, SoundServer, on_each_server};

on_each_server!(
    a_device_that_is_gone_is_not_connected,
    a_server_that_ends_or_stands_still_takes_both_sides,
    a_microphone_that_is_muted_is_neither_gone_nor_lost,
    before_a_call_it_is_told_too,
);

/// Whoever talks for longer talks to nobody.
const TOLD_WITHIN_MS: u64 = 10_000;

/// What the page knows of a side.
#[derive(Debug, PartialEq, Eq)]
struct Side {
    /// Whether its sound is being lost.
    lost: bool,
    /// Whether the user was told that its device sends nothing, and not yet that it is heard again.
    told_gone: bool,
    /// Whether its device is connected, as the list of devices says.
    connected: bool,
    /// Whether it is the sound server that is gone or does not answer.
    server_silent: bool,
}

const HEARD: Side = Side { lost: false, told_gone: false, connected: true, server_silent: false };
const SENDS_NOTHING: Side = Side { lost: true, told_gone: true, ..HEARD };
const GONE: Side = Side { connected: false, ..SENDS_NOTHING };
const SERVER_STANDS_STILL: Side = Side { server_silent: true, ..SENDS_NOTHING };
const SERVER_GONE: Side = Side { server_silent: true, ..GONE };

/// A call whose two devices are named, so that no other is right, and its page.
struct Call {
    live: Live,
    page: Page,
}

impl Call {
    fn begin(server: &SoundServer) -> Self {
        let mut live = Live::start(server, &["--me", MIC, "--them", CALL_OUT], None);
        let page = Page::open(&live.line("overlay: "));
        let mut call = Self { live, page };
        call.heard();
        call
    }

    /// Follows what the page is told until it is so. Gives how much of the call went by; no more than this.
    #[track_caller]
    fn until(&mut self, what: &str, within_ms: u64, mut is_so: impl FnMut(&[Value]) -> bool) -> u64 {
        let before = now_ms(self.page.messages());
        self.page.follow(|messages| {
            let so = is_so(messages);
            let passed = now_ms(messages) - before;
            assert!(
                so || passed < within_ms,
                "{what}: {:?} {:#}",
                sides(messages),
                last(messages, "snapshot").unwrap()
            );
            so
        });
        now_ms(self.page.messages()) - before
    }

    /// Waits until the page knows this of the two, and sees that it was told in time.
    #[track_caller]
    fn told_in_time(&mut self, what: &str, me: &Side, them: &Side) {
        let took = self.until(what, TOLD_WITHIN_MS, |messages| {
            sides(messages).is_some_and(|[mine, theirs]| mine == *me && theirs == *them)
        });
        println!("{what}: told after {took} ms");
        assert_eq!(last(self.page.messages(), "snapshot").unwrap()["muted_by"], json!(null), "{what}");
    }

    /// Waits until both are heard; devices that come back take a busy computer's time.
    #[track_caller]
    fn heard(&mut self) {
        self.until("both are heard", 6 * TOLD_WITHIN_MS, |messages| sides(messages) == Some([HEARD, HEARD]));
    }

    fn end(mut self) {
        self.heard();
        self.live.end(&mut self.page);
    }
}

fn last<'a>(messages: &'a [Value], kind: &str) -> Option<&'a Value> {
    messages.iter().rev().find(|message| message["type"] == kind)
}

fn now_ms(messages: &[Value]) -> u64 {
    last(messages, "snapshot").map_or(0, |snapshot| snapshot["now_ms"].as_u64().unwrap())
}

/// What the page knows of me and of them; `None` before it was told anything.
fn sides(messages: &[Value]) -> Option<[Side; 2]> {
    let (snapshot, desk) = (last(messages, "snapshot")?, last(messages, "desk")?);
    Some(["me", "them"].map(|track| {
        let mut told = messages.iter().rev().filter(|message| message["track"] == track);
        let told = told.find_map(|message| message["notice"].as_str().filter(|notice| notice.starts_with("device_")));
        Side {
            lost: snapshot["audio"][track]["lost"].as_bool().unwrap(),
            told_gone: told == Some("device_gone"),
            connected: !desk["devices"][track]["heard"].is_null(),
            server_silent: desk["devices"][track]["server_silent"].as_bool().unwrap(),
        }
    }))
}

fn a_device_that_is_gone_is_not_connected(server: SoundServer) {
    let mut call = Call::begin(&server);
    server.unplug_microphone();
    call.told_in_time("the microphone is gone", &GONE, &HEARD);
    server.plug_in_microphone("48000");
    call.heard();
    server.ctl(&["unload-module", &server.module_of("sink_name=call_out")]);
    call.told_in_time("the output is gone", &HEARD, &GONE);
    server.load(&["module-null-sink", "sink_name=call_out", "rate=48000", "channels=2"]);
    call.end();
}

/// Suspended, as a device is that another session has taken. PipeWire does not let one sleep that somebody records from.
#[test]
fn a_device_that_sends_nothing_is_still_connected() {
    let server = SoundServer::start(Kind::PulseAudio);
    let mut call = Call::begin(&server);
    for (source, sink, me, them) in
        [(MIC, "mic_pipe", &SENDS_NOTHING, &HEARD), ("call_out.monitor", CALL_OUT, &HEARD, &SENDS_NOTHING)]
    {
        server.ctl(&["suspend-sink", sink, "1"]);
        call.told_in_time(source, me, them);
        server.ctl(&["suspend-sink", sink, "0"]);
        call.heard();
    }
    call.end();
}

fn a_server_that_ends_or_stands_still_takes_both_sides(mut server: SoundServer) {
    let mut call = Call::begin(&server);
    server.signal("-STOP");
    call.told_in_time("the server stands still", &SERVER_STANDS_STILL, &SERVER_STANDS_STILL);
    server.signal("-CONT");
    call.heard();
    server.kill();
    call.told_in_time("the server is gone", &SERVER_GONE, &SERVER_GONE);
    server.start_again();
    call.end();
}

fn a_microphone_that_is_muted_is_neither_gone_nor_lost(server: SoundServer) {
    let mut call = Call::begin(&server);
    server.ctl(&["set-source-mute", MIC, "1"]);
    let muted = |messages: &[Value]| last(messages, "snapshot").unwrap()["muted_by"] == "sound_server";
    call.until("it is muted", TOLD_WITHIN_MS, muted);
    // For as long as a device may be silent until something is said of that.
    let until = now_ms(call.page.messages()) + TOLD_WITHIN_MS + 2_000;
    call.page.follow(|messages| {
        assert_eq!(sides(messages), Some([HEARD, HEARD]));
        let snapshot = last(messages, "snapshot").unwrap();
        let of_me = snapshot["audio"]["troubles"].as_array().unwrap().iter().filter(|one| one["track"] == "me");
        assert_eq!(of_me.count(), 0, "{snapshot:#}");
        assert!(muted(messages), "{snapshot:#}");
        now_ms(messages) >= until
    });
    server.ctl(&["set-source-mute", MIC, "0"]);
    call.until("it is not muted", TOLD_WITHIN_MS, |messages| last(messages, "snapshot").unwrap()["muted_by"].is_null());
    call.end();
}

/// No time passes before a call: what is counted is how long nothing has come.
fn before_a_call_it_is_told_too(mut server: SoundServer) {
    let mut live = Live::start(&server, &["--prepare", "--me", MIC, "--them", CALL_OUT], None);
    let mut page = Page::asking(&live.line("overlay: "));
    let mut told = |what: &str, is_so: &dyn Fn(&Value, [bool; 2], bool) -> bool| {
        page.follow(|messages| {
            let (Some(snapshot), Some(desk)) = (last(messages, "snapshot"), last(messages, "desk")) else {
                return false;
            };
            assert_eq!(snapshot["state"], "before", "{what}");
            let connected = ["me", "them"].map(|track| !desk["devices"][track]["heard"].is_null());
            let lost_ms = ["me", "them"].map(|track| snapshot["audio"][track]["lost_ms"].as_u64().unwrap());
            assert!(lost_ms.into_iter().all(|ms| ms < 6 * TOLD_WITHIN_MS), "{what}: {lost_ms:?}");
            is_so(&snapshot["audio"], connected, desk["devices"]["me"]["server_silent"] == true)
        });
    };
    let nothing = |audio: &Value, track: &str| audio[track]["lost_ms"].as_u64().unwrap() >= 2_000;
    let heard = |audio: &Value| audio["me"]["lost"] == false && audio["them"]["lost"] == false;
    told("both are heard", &|audio, connected, silent| heard(audio) && connected == [true; 2] && !silent);
    server.unplug_microphone();
    told("the microphone is gone", &|audio, connected, silent| {
        nothing(audio, "me") && audio["them"]["lost"] == false && connected == [false, true] && !silent
    });
    server.plug_in_microphone("48000");
    told("it is back", &|audio, connected, silent| heard(audio) && connected == [true; 2] && !silent);
    server.signal("-STOP");
    told("the server stands still", &|audio, _, silent| nothing(audio, "me") && nothing(audio, "them") && silent);
    server.signal("-CONT");
    told("it goes on", &|audio, connected, silent| heard(audio) && connected == [true; 2] && !silent);
    server.kill();
    told("the server is gone", &|audio, connected, silent| {
        nothing(audio, "me") && nothing(audio, "them") && connected == [false; 2] && silent
    });
    server.start_again();
    told("there is one again", &|audio, connected, silent| heard(audio) && connected == [true; 2] && !silent);
    live.interrupt();
    live.left();
}
