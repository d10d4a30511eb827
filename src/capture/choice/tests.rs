use super::*;
use crate::capture::DeviceKind;

fn microphone(id: &str, name: &str) -> Device {
    Device { id: id.into(), name: name.into(), kind: DeviceKind::Microphone, default: false, rate: Some(48_000) }
}

fn pick(name: &str) -> Result<String, CaptureError> {
    let devices = [
        microphone("alsa_input.usb-1", "USB Headset"),
        microphone("alsa_input.pci-2", "Built-in Audio"),
        microphone("alsa_input.usb-3", "USB Webcam"),
    ];
    find_by_name(&devices.iter().collect::<Vec<_>>(), Track::Me, name).map(|d| d.id.clone())
}

#[test]
fn words_of_the_command_line() {
    let parsed = |word: &str| word.parse::<DeviceChoice>().unwrap();
    assert_eq!(parsed("default"), DeviceChoice::Default);
    assert_eq!(parsed("app:zoom"), DeviceChoice::App("zoom".into()));
    assert_eq!(parsed("hw:CARD=0,DEV=0"), DeviceChoice::Named("hw:CARD=0,DEV=0".into()));
}

#[test]
fn a_device_goes_by_its_id_its_name_or_a_part_of_it() {
    assert_eq!(pick("alsa_input.usb-3").unwrap(), "alsa_input.usb-3");
    assert_eq!(pick("usb headset").unwrap(), "alsa_input.usb-1");
    assert_eq!(pick("built").unwrap(), "alsa_input.pci-2");
}

#[test]
fn an_unknown_name_lists_what_there_is() {
    insta::assert_snapshot!(
        pick("Yeti").unwrap_err(),
        @r#"no microphone is called "Yeti". Give --me one of: USB Headset, Built-in Audio, USB Webcam"#
    );
}

#[test]
fn a_name_of_two_is_refused() {
    insta::assert_snapshot!(
        pick("usb").unwrap_err(),
        @r#""usb" could be any of: USB Headset, USB Webcam. Give --me more of the name"#
    );
}

#[test]
fn devices_of_one_name_are_told_apart_by_their_ids() {
    let twins = [microphone("hw:0", "Card"), microphone("plughw:0", "Card")];
    insta::assert_snapshot!(
        find_by_name(&twins.iter().collect::<Vec<_>>(), Track::Me, "car").unwrap_err(),
        @r#""car" could be any of: Card (hw:0), Card (plughw:0). Give --me more of the name"#
    );
}
