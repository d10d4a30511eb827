//! `keicho devices`: what can be captured here, and which words name it.

use std::fmt::Write as _;

use crate::capture::{self, BackendChoice, Device, DeviceKind};
use crate::cli::{console, give_up_network};

/// Prints the list.
pub(super) fn run() -> anyhow::Result<()> {
    give_up_network();
    console::print(&render(&capture::list_devices(&BackendChoice::from_env()?)?))
}

/// The list, as it is printed: each device's name, its id, and a star if it is taken when none is named.
fn render(devices: &[Device]) -> String {
    let sections = [
        (DeviceKind::Microphone, "--me DEVICE, your microphone"),
        (DeviceKind::Loopback, "--them DEVICE, all that an output plays"),
        (DeviceKind::App, "--them app:NAME, one application alone"),
    ];
    let mut page = String::new();
    for (kind, title) in sections {
        let listed: Vec<_> = devices.iter().filter(|device| device.kind == kind).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(page, "{title}");
        if listed.is_empty() {
            let none = match kind {
                DeviceKind::App => "none plays now",
                _ => "none",
            };
            let _ = writeln!(page, "    {none}");
        }
        for device in listed {
            let star = if device.default { '*' } else { ' ' };
            let rate = device.rate.map(|rate| format!(", {} kHz", f64::from(rate) / 1000.0)).unwrap_or_default();
            let _ = writeln!(page, "  {star} {} ({}{rate})", device.name, device.id);
        }
        page.push('\n');
    }
    page.push_str("* is taken where none is named. A part of a name will do.\n");
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(id: &str, name: &str, kind: DeviceKind, default: bool, rate: Option<u32>) -> Device {
        Device { id: id.into(), name: name.into(), kind, default, rate }
    }

    #[test]
    fn what_can_be_named_and_what_is_taken() {
        let devices = [
            device("alsa_input.usb", "USB Headset", DeviceKind::Microphone, true, Some(48_000)),
            device("hw:1", "Webcam", DeviceKind::Microphone, false, None),
            device("speakers.monitor", "Speakers", DeviceKind::Loopback, true, Some(44_100)),
        ];
        insta::assert_snapshot!(render(&devices), @r"
        --me DEVICE, your microphone
          * USB Headset (alsa_input.usb, 48 kHz)
            Webcam (hw:1)

        --them DEVICE, all that an output plays
          * Speakers (speakers.monitor, 44.1 kHz)

        --them app:NAME, one application alone
            none plays now

        * is taken where none is named. A part of a name will do.
        ");
    }
}
