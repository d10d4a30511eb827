//! A PulseAudio server of the test's own: two null sinks, one of which stands for the microphone.

use std::io::Read as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where the call application plays; the default output.
pub const CALL_OUT: &str = "call_out";
/// What is played here is what the microphone hears.
pub const MIC_PIPE: &str = "mic_pipe";
/// The microphone; the default source.
pub const MIC: &str = "mic";

/// How long anything may take that a busy computer does at last.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// A running server. It ends with the value, and with it all that it played.
pub struct Pulse {
    dir: tempfile::TempDir,
    server: Child,
}

impl Pulse {
    /// Starts it, and waits until it answers.
    pub fn start() -> Self {
        let dir = tempfile::Builder::new().prefix("keicho-pulse").tempdir().unwrap();
        for sub in ["state", "pulse"] {
            std::fs::create_dir(dir.path().join(sub)).unwrap();
        }
        let socket = dir.path().join("pulse/native");
        let protocol = format!("module-native-protocol-unix auth-anonymous=1 socket={}", socket.display());
        let modules = [
            protocol.as_str(),
            "module-null-sink sink_name=call_out rate=48000 channels=2",
            "module-null-sink sink_name=mic_pipe rate=48000 channels=1",
            "module-remap-source source_name=mic master=mic_pipe.monitor",
        ];
        let mut command = Command::new("pulseaudio");
        command
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"])
            .args(["--realtime=no", "--high-priority=no", "--log-level=error"])
            .args(modules.iter().flat_map(|module| ["-L", module]))
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        set_env(&mut command, dir.path());
        let missing =
            "no sound server to test with: make test installs it, or apt-get install pulseaudio pulseaudio-utils";
        let server = command.spawn().expect(missing);
        let mut pulse = Self { dir, server };
        let started = until(|| match pulse.server.try_wait().unwrap() {
            Some(status) => panic!("the sound server ended with {status}: {}", pulse.said()),
            None => UnixStream::connect(pulse.socket()).is_ok() && pulse.lists("sources", MIC),
        });
        assert!(started, "the sound server does not answer");
        pulse.ctl(&["set-default-sink", CALL_OUT]);
        pulse.ctl(&["set-default-source", MIC]);
        pulse
    }

    /// Where it listens.
    pub fn socket(&self) -> PathBuf {
        self.dir.path().join("pulse/native")
    }

    /// A directory of the test's own, removed with the server.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Points a child process at this server and at no other.
    pub fn set_env(&self, command: &mut Command) {
        set_env(command, self.dir.path());
    }

    /// What pactl says.
    pub fn ctl(&self, words: &[&str]) -> String {
        let mut command = Command::new("pactl");
        self.set_env(&mut command);
        let output = command.args(words).output().unwrap();
        assert!(output.status.success(), "pactl {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Whether a list of the server's (`sinks`, `sources`, `sink-inputs`) holds a word.
    pub fn lists(&self, list: &str, word: &str) -> bool {
        let mut command = Command::new("pactl");
        self.set_env(&mut command);
        let output = command.args(["list", list]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).contains(word)
    }

    /// Loads a module, and gives its number.
    pub fn load(&self, words: &[&str]) -> String {
        self.ctl(&[&["load-module"], words].concat()).trim().to_owned()
    }

    /// The number of the module that made the sink.
    pub fn module_of(&self, sink: &str) -> String {
        let list = self.ctl(&["list", "short", "modules"]);
        let line = list.lines().find(|line| line.contains(&format!("sink_name={sink}"))).unwrap();
        line.split_whitespace().next().unwrap().to_owned()
    }

    fn said(&mut self) -> String {
        let mut said = String::new();
        self.server.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn set_env(command: &mut Command, dir: &Path) {
    let runtime = dir.join("pulse");
    command
        .env("XDG_RUNTIME_DIR", dir)
        .env("XDG_CONFIG_HOME", dir.join("state"))
        .env("HOME", dir)
        .env("PULSE_STATE_PATH", dir.join("state"))
        .env("PULSE_RUNTIME_PATH", &runtime)
        .env("PULSE_SERVER", format!("unix:{}", runtime.join("native").display()))
        .env_remove("PULSE_COOKIE");
}

/// Asks again and again until it is so; false where it is not by the deadline.
pub fn until(mut is_so: impl FnMut() -> bool) -> bool {
    #[expect(clippy::disallowed_methods, reason = "a deadline for another process")]
    let now = Instant::now;
    let start = now();
    while now() - start < DEADLINE {
        if is_so() {
            return true;
        }
        std::thread::yield_now();
    }
    false
}
