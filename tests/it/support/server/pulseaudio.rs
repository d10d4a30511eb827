//! PulseAudio: one program.

use super::SoundServer;

const MISSING: &str = "make test installs it, or apt-get install pulseaudio pulseaudio-utils";

pub(super) fn start(server: &mut SoundServer) {
    let protocol = format!("module-native-protocol-unix auth-anonymous=1 socket={}", server.socket().display());
    let args = [
        "-n",
        "--daemonize=no",
        "--exit-idle-time=-1",
        "--use-pid-file=no",
        "--disable-shm=yes",
        "--realtime=no",
        "--high-priority=no",
        "--log-level=error",
        "-L",
        &protocol,
    ];
    server.run("pulseaudio", &args, MISSING);
}
