use std::cell::RefCell;
use std::rc::Rc;

use super::*;
use crate::capture::{Device, SoundServer, StreamInfo, ring};

/// A system of two devices that a test can unplug.
#[derive(Default)]
struct System {
    default_output: &'static str,
    /// The rate of the microphone, if it is not 48 kHz: a headset's profile for calls has 16.
    microphone_rate: Option<u32>,
    unplugged: Vec<&'static str>,
    silent: bool,
    /// Whether it answers from memory alone, as a server does that stands still and had no news before.
    hangs: bool,
    /// How often it panics when it is asked where a track is.
    panics: u32,
}

struct Fake(Rc<RefCell<System>>);
struct FakeStream(Rc<RefCell<System>>, String);

impl Stream for FakeStream {
    fn is_running(&self) -> bool {
        !self.0.borrow().unplugged.contains(&self.1.as_str())
    }
}

impl Backend for Fake {
    fn server(&mut self) -> Result<SoundServer, CaptureError> {
        unreachable!("the watch does not ask")
    }

    fn ping(&mut self) -> Result<(), CaptureError> {
        let System { silent, hangs, .. } = *self.0.borrow();
        if silent || hangs { Err(CaptureError::ServerSilent { cause: "gone".into() }) } else { Ok(()) }
    }

    fn devices(&mut self) -> Result<Vec<Device>, CaptureError> {
        let device = |id: &str, kind| Device {
            id: id.into(),
            name: id.to_uppercase(),
            kind,
            default: id == self.0.borrow().default_output,
            rate: None,
        };
        Ok(vec![
            device("mic", DeviceKind::Microphone),
            device("speakers", DeviceKind::Loopback),
            device("headset", DeviceKind::Loopback),
        ])
    }

    fn find_target(
        &mut self,
        track: Track,
        choice: &DeviceChoice,
        _: Option<&CaptureTarget>,
    ) -> Result<CaptureTarget, CaptureError> {
        let left = self.0.borrow().panics;
        if left > 0 {
            self.0.borrow_mut().panics = left - 1;
            panic!("a backend that fails on purpose");
        }
        let system = self.0.borrow();
        if system.silent {
            return Err(CaptureError::ServerSilent { cause: "gone".into() });
        }
        let id = match (track, choice) {
            (Track::Me, _) => "mic",
            (Track::Them, DeviceChoice::Named(name)) if name == "headset" => "headset",
            (Track::Them, DeviceChoice::Named(_)) => "speakers",
            (Track::Them, _) => system.default_output,
        };
        if system.unplugged.contains(&id) {
            return Err(CaptureError::NoOutput);
        }
        Ok(CaptureTarget { id: id.into(), name: id.to_uppercase(), sink_input: None })
    }

    fn open(&mut self, track: Track, place: &CaptureTarget) -> Result<OpenStream, CaptureError> {
        let rate = self.0.borrow().microphone_rate.filter(|_| track == Track::Me).unwrap_or(48_000);
        let (_, tap) = ring(StreamInfo { rate, silent_when_idle: false });
        Ok(OpenStream { stream: Box::new(FakeStream(self.0.clone(), place.id.clone())), reader: tap })
    }

    fn can_poll(&self) -> bool {
        true
    }
}

fn watch(them: DeviceChoice) -> (Rc<RefCell<System>>, Supervisor) {
    let system = Rc::new(RefCell::new(System { default_output: "speakers", ..System::default() }));
    let choice = PerTrack { me: DeviceChoice::Default, them };
    let devices = system.clone();
    let connect: Connect = Box::new(move || Ok(Box::new(Fake(devices.clone()))));
    let (watch, started) = Supervisor::open(connect, choice).unwrap();
    assert_eq!((started.me.0.as_str(), started.them.0.as_str()), ("MIC", "SPEAKERS"));
    (system, watch)
}

fn told(news: Vec<DeviceEvent>) -> Vec<String> {
    let tell = |news| match news {
        DeviceEvent::Gone { track, device } => format!("{track:?} gone {device}"),
        DeviceEvent::Back { track, device, .. } => format!("{track:?} back {device}"),
        DeviceEvent::Switched { track, device, .. } => format!("{track:?} switched {device}"),
    };
    news.into_iter().map(tell).collect()
}

#[test]
fn a_device_vanishes_once_and_comes_back_once() {
    let (system, mut watch) = watch(DeviceChoice::Default);
    assert!(watch.poll().is_empty());
    system.borrow_mut().unplugged.push("mic");
    assert_eq!(told(watch.poll()), ["Me gone MIC"]);
    assert!(watch.poll().is_empty());
    system.borrow_mut().unplugged.clear();
    assert_eq!(told(watch.poll()), ["Me back MIC"]);
    assert!(watch.poll().is_empty());
}

#[test]
fn another_default_is_followed_at_once() {
    let (system, mut watch) = watch(DeviceChoice::Default);
    system.borrow_mut().default_output = "headset";
    assert_eq!(told(watch.poll()), ["Them switched HEADSET"]);
}

#[test]
fn a_named_device_stays_whatever_the_default_is() {
    let (system, mut watch) = watch(DeviceChoice::Named("speakers".into()));
    system.borrow_mut().default_output = "headset";
    assert!(watch.poll().is_empty());
}

#[test]
fn a_silent_server_does_not_end_a_stream_that_runs() {
    let (system, mut watch) = watch(DeviceChoice::Default);
    assert!(!watch.devices().me.is_server_silent);
    system.borrow_mut().silent = true;
    assert!(watch.poll().is_empty());
    assert!(watch.devices().me.is_server_silent, "known at once, not when the devices are listed again");
}

#[test]
fn a_server_that_does_not_answer_is_told_apart_from_devices_that_are_gone() {
    let (system, mut watch) = watch(DeviceChoice::Default);
    let silent = |watch: &mut Supervisor| watch.devices().map(|of| (of.is_server_silent, of.heard.is_some()));
    system.borrow_mut().unplugged = vec!["mic", "speakers"];
    watch.look(PerTrack::default());
    assert_eq!(silent(&mut watch), PerTrack { me: (false, false), them: (false, false) }, "both are unplugged");
    system.borrow_mut().silent = true;
    watch.look(PerTrack::default());
    assert_eq!(silent(&mut watch), PerTrack { me: (true, false), them: (true, false) });
    *system.borrow_mut() = System { default_output: "speakers", ..System::default() };
    assert_eq!(told(watch.look(PerTrack::default())), ["Me back MIC", "Them back SPEAKERS"]);
    assert_eq!(silent(&mut watch), PerTrack { me: (false, true), them: (false, true) });
}

#[test]
fn a_server_that_stands_still_is_noticed_though_it_has_no_news() {
    let (system, mut watch) = watch(DeviceChoice::Default);
    assert!(!watch.devices().me.is_server_silent);
    system.borrow_mut().hangs = true;
    let looks = (1..=LIST_EVERY).find(|_| {
        assert!(watch.look(PerTrack::default()).is_empty(), "what runs goes on");
        watch.devices().me.is_server_silent
    });
    assert_eq!(looks, Some(LIST_EVERY));
    system.borrow_mut().hangs = false;
    watch.look(PerTrack::default());
    assert!(!watch.devices().me.is_server_silent);
}

#[test]
fn devices_that_come_and_go_fifty_times_are_followed_each_time() {
    let (system, mut watch) = watch(DeviceChoice::Default);
    for time in 0..50 {
        // A headset changes its profile: its microphone goes, and comes with another rate.
        system.borrow_mut().unplugged.push("mic");
        assert_eq!(told(watch.poll()), ["Me gone MIC"], "{time}");
        assert!(watch.poll().is_empty());
        let rate = if time % 2 == 0 { 16_000 } else { 48_000 };
        system.borrow_mut().microphone_rate = Some(rate);
        system.borrow_mut().unplugged.clear();
        let back = watch.poll();
        let [DeviceEvent::Back { track: Track::Me, reader, .. }] = &back[..] else { panic!("{:?}", told(back)) };
        assert_eq!(reader.info().rate, rate);
        // The default output changes, and the new one is unplugged before anybody looks.
        let (old, new) = if time % 2 == 0 { ("speakers", "headset") } else { ("headset", "speakers") };
        system.borrow_mut().default_output = new;
        system.borrow_mut().unplugged.push(new);
        assert_eq!(told(watch.poll()), [format!("Them gone {}", old.to_uppercase())]);
        // The server says nothing for a while.
        system.borrow_mut().silent = true;
        assert!(watch.poll().is_empty());
        system.borrow_mut().silent = false;
        system.borrow_mut().unplugged.clear();
        assert_eq!(told(watch.poll()), [format!("Them back {}", new.to_uppercase())]);
        assert!(watch.poll().is_empty());
    }
}

#[test]
fn a_way_to_the_devices_that_fails_badly_is_taken_anew() {
    let (system, mut watch) = watch(DeviceChoice::Default);
    system.borrow_mut().panics = 2;
    assert_eq!(told(watch.look(PerTrack::default())), ["Me gone MIC", "Them gone SPEAKERS"]);
    assert_eq!(told(watch.look(wish("headset"))), ["Me gone MIC", "Them gone SPEAKERS"], "it fails again");
    assert_eq!(told(watch.look(PerTrack::default())), ["Me back MIC", "Them back SPEAKERS"]);
    assert!(watch.look(PerTrack::default()).is_empty());
}

fn wish(id: &str) -> PerTrack<Option<DeviceWish>> {
    PerTrack { me: None, them: Some(DeviceWish(Some(id.to_owned()))) }
}

#[test]
fn the_devices_of_each_track_are_shown_with_the_one_that_is_heard() {
    let (system, mut watch) = watch(DeviceChoice::Default);
    let them = watch.devices().them;
    assert_eq!((them.chosen, them.heard.as_deref()), (None, Some("SPEAKERS")));
    let names: Vec<_> = them.available.iter().map(|device| (device.name.as_str(), device.is_default)).collect();
    assert_eq!(names, [("SPEAKERS", true), ("HEADSET", false)]);
    assert_eq!(watch.devices().me.available.len(), 1);
    system.borrow_mut().unplugged.push("mic");
    watch.poll();
    assert_eq!(watch.devices().me.heard, None);
}

#[test]
fn a_device_that_is_chosen_takes_the_place_of_the_one_before() {
    let (system, mut watch) = watch(DeviceChoice::Default);
    assert_eq!(told(watch.grant(wish("headset"))), ["Them switched HEADSET"]);
    assert_eq!(watch.devices().them.chosen.as_deref(), Some("headset"));
    assert!(watch.grant(wish("headset")).is_empty(), "it is heard already");
    system.borrow_mut().unplugged.push("headset");
    assert_eq!(told(watch.poll()), ["Them gone HEADSET"]);
    assert_eq!(told(watch.grant(wish("speakers"))), ["Them back SPEAKERS"]);
}

#[test]
fn a_device_that_cannot_be_had_leaves_the_one_before() {
    let (system, mut watch) = watch(DeviceChoice::Default);
    system.borrow_mut().unplugged.push("headset");
    assert!(watch.grant(wish("headset")).is_empty());
    assert!(watch.poll().is_empty());
    assert_eq!(watch.devices().them.heard.as_deref(), Some("SPEAKERS"));
}
