//! PipeWire: the graph, the session manager that links it, the server of PulseAudio's protocol, and the bus that the
//! session manager does not start without.

use std::path::Path;

use super::SoundServer;

const MISSING: &str = "make test installs it, or apt-get install pipewire pipewire-pulse wireplumber dbus-daemon; \
                       without it, cargo test -- --skip on_pipewire";

pub(super) fn start(server: &mut SoundServer) {
    let bus = server.dir().join("bus.conf");
    std::fs::write(&bus, bus_conf(&server.dir().join("bus"))).unwrap();
    leave_hardware_alone(&server.dir().join("state/wireplumber"));

    let bus = format!("--config-file={}", bus.display());
    server.run("dbus-daemon", &["--nofork", "--nopidfile", &bus], MISSING);
    server.wait_for_socket("bus");
    server.run("pipewire", &[], MISSING);
    server.wait_for_socket("pipewire-0");
    server.run("wireplumber", &[], MISSING);
    server.run("pipewire-pulse", &[], MISSING);
}

/// A bus that starts no services: the system's own list would bring up the desktop's.
fn bus_conf(socket: &Path) -> String {
    format!(
        r#"<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        socket.display()
    )
}

/// The computer's sound cards belong to its user's own server. WirePlumber 0.4 is told so in Lua, 0.5 in its own
/// format; each reads its own alone.
fn leave_hardware_alone(config: &Path) {
    let files = [
        (
            "main.lua.d/60-no-hardware.lua",
            "alsa_monitor.enabled = false\nv4l2_monitor.enabled = false\nlibcamera_monitor.enabled = false\n",
        ),
        ("bluetooth.lua.d/60-no-hardware.lua", "bluez_monitor.enabled = false\n"),
        (
            "wireplumber.conf.d/60-no-hardware.conf",
            "wireplumber.profiles = { main = { hardware.audio = disabled, hardware.bluetooth = disabled, \
             hardware.video-capture = disabled } }\n",
        ),
    ];
    for (name, text) in files {
        let path = config.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}
