use std::cell::RefCell;
use std::rc::Rc;

use super::*;
use crate::capture::{Device, SoundServer, StreamInfo, ring};

/// A system of two devices that a test can unplug.
#[derive(Default)]
struct System {
    default_output: &'static str,
    unplugged: Vec<&'static str>,
    silent: bool,
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

    fn devices(&mut self) -> Result<Vec<Device>, CaptureError> {
        unreachable!("the watch does not ask")
    }

    fn find_target(
        &mut self,
        track: Track,
        choice: &DeviceChoice,
        _: Option<&CaptureTarget>,
    ) -> Result<CaptureTarget, CaptureError> {
        let system = self.0.borrow();
        if system.silent {
            return Err(CaptureError::ServerSilent { cause: "gone".into() });
        }
        let id = match (track, choice) {
            (Track::Me, _) => "mic",
            (Track::Them, DeviceChoice::Named(_)) => "speakers",
            (Track::Them, _) => system.default_output,
        };
        if system.unplugged.contains(&id) {
            return Err(CaptureError::NoOutput);
        }
        Ok(CaptureTarget { id: id.into(), name: id.to_uppercase(), sink_input: None })
    }

    fn open(&mut self, _: Track, place: &CaptureTarget) -> Result<OpenStream, CaptureError> {
        let (_, tap) = ring(StreamInfo { rate: 16_000, silent_when_idle: false });
        Ok(OpenStream { stream: Box::new(FakeStream(self.0.clone(), place.id.clone())), reader: tap })
    }

    fn can_poll(&self) -> bool {
        true
    }
}

fn watch(them: DeviceChoice) -> (Rc<RefCell<System>>, Supervisor) {
    let system = Rc::new(RefCell::new(System { default_output: "speakers", ..System::default() }));
    let choice = PerTrack { me: DeviceChoice::Default, them };
    let (watch, started) = Supervisor::open(Box::new(Fake(system.clone())), choice).unwrap();
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
    system.borrow_mut().silent = true;
    assert!(watch.poll().is_empty());
}
