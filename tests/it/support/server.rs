//! A sound server of the test's own, PulseAudio or PipeWire: two null sinks, one of which stands for the microphone.

mod pipewire;
mod pulseaudio;

use std::fs::File;
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

/// What a test can run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    PulseAudio,
    PipeWire,
}

/// Runs each of the tests, functions that are given a [`SoundServer`], on PulseAudio and on PipeWire. Where a system
/// has only one of them: `cargo test -- --skip on_pipewire`.
macro_rules! on_each_server {
    ($($test:ident),+ $(,)?) => {
        mod on_pulseaudio {
            use crate::support::server::{Kind, SoundServer};
            $(#[test] fn $test() { super::$test(SoundServer::start(Kind::PulseAudio)); })+
        }
        mod on_pipewire {
            use crate::support::server::{Kind, SoundServer};
            $(#[test] fn $test() { super::$test(SoundServer::start(Kind::PipeWire)); })+
        }
    };
}
pub(crate) use on_each_server;

/// A running server. It ends with the value, and with it all that it played.
pub struct SoundServer {
    kind: Kind,
    /// In the order in which they were started.
    programs: Vec<Program>,
    /// Removed after the programs have ended.
    dir: tempfile::TempDir,
}

struct Program {
    name: &'static str,
    child: Child,
}

impl SoundServer {
    /// Starts it, and waits until it answers and has its devices.
    pub fn start(kind: Kind) -> Self {
        let dir = tempfile::Builder::new().prefix("keicho-sound").tempdir().unwrap();
        for sub in ["state", "pulse"] {
            std::fs::create_dir(dir.path().join(sub)).unwrap();
        }
        let mut server = Self { kind, programs: Vec::new(), dir };
        server.begin();
        server
    }

    fn begin(&mut self) {
        match self.kind {
            Kind::PulseAudio => pulseaudio::start(self),
            Kind::PipeWire => pipewire::start(self),
        }
        self.wait("answers", |server| server.try_ctl(&["info"]).is_some());
        self.load(&["module-null-sink", "sink_name=call_out", "rate=48000", "channels=2"]);
        self.plug_in_microphone("48000");
        self.wait("has its devices", Self::is_furnished);
    }

    /// Kills it, and what it played with it.
    pub fn kill(&mut self) {
        for mut program in self.programs.drain(..).rev() {
            let _ = program.child.kill();
            let _ = program.child.wait();
        }
    }

    /// Sends a signal to all of its programs: `-STOP` makes them stand still until `-CONT`.
    pub fn signal(&self, name: &str) {
        let ids = self.programs.iter().map(|program| program.child.id().to_string());
        assert!(Command::new("kill").arg(name).args(ids).status().unwrap().success());
    }

    /// Starts it again where it was, after it was killed.
    pub fn start_again(&mut self) {
        self.begin();
    }

    /// A microphone at this rate, as a headset has another one with each of its profiles.
    pub fn plug_in_microphone(&self, rate: &str) {
        self.load(&["module-null-sink", "sink_name=mic_pipe", &format!("rate={rate}"), "channels=1"]);
        self.load(&["module-remap-source", "source_name=mic", "master=mic_pipe.monitor"]);
    }

    /// Takes the microphone away.
    pub fn unplug_microphone(&self) {
        self.ctl(&["unload-module", &self.module_of("source_name=mic")]);
        self.ctl(&["unload-module", &self.module_of("sink_name=mic_pipe")]);
    }

    /// Which one it is.
    pub fn kind(&self) -> Kind {
        self.kind
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
        let dir = self.dir.path();
        command
            .env("XDG_RUNTIME_DIR", dir)
            .env("XDG_CONFIG_HOME", dir.join("state"))
            .env("XDG_STATE_HOME", dir.join("state"))
            .env("HOME", dir)
            .env("PULSE_STATE_PATH", dir.join("state"))
            .env("PULSE_RUNTIME_PATH", dir.join("pulse"))
            .env("PULSE_SERVER", format!("unix:{}", self.socket().display()))
            .env("PIPEWIRE_RUNTIME_DIR", dir)
            .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", dir.join("bus").display()))
            .env_remove("PIPEWIRE_REMOTE")
            .env_remove("PULSE_COOKIE");
    }

    /// What pactl says.
    pub fn ctl(&self, words: &[&str]) -> String {
        let output = self.pactl(words);
        assert!(output.status.success(), "pactl {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Whether a list of the server's (`sinks`, `sources`, `sink-inputs`) holds a word.
    pub fn lists(&self, list: &str, word: &str) -> bool {
        self.try_ctl(&["list", list]).is_some_and(|said| said.contains(word))
    }

    /// Loads a module, and gives its number.
    pub fn load(&self, words: &[&str]) -> String {
        self.ctl(&[&["load-module"], words].concat()).trim().to_owned()
    }

    /// The number of the module that was loaded with this word.
    pub fn module_of(&self, word: &str) -> String {
        let list = self.ctl(&["list", "short", "modules"]);
        let has_word = |line: &&str| line.split_whitespace().any(|one| one.trim_matches(['"', '\'']) == word);
        let line = list.lines().find(has_word).unwrap_or_else(|| panic!("{word}: {list}"));
        line.split_whitespace().next().unwrap().to_owned()
    }

    /// Asks for the default devices until they are so: PipeWire's session manager takes its time to know a new one.
    fn is_furnished(&self) -> bool {
        let wished = ["set-default-sink", "set-default-source"].into_iter().zip([CALL_OUT, MIC]);
        for (wish, device) in wished {
            if self.try_ctl(&[wish, device]).is_none() {
                return false;
            }
        }
        let info = self.ctl(&["info"]);
        let default = |what: &str, device: &str| info.contains(&format!("Default {what}: {device}\n"));
        default("Sink", CALL_OUT) && default("Source", MIC) && self.microphone_hears_its_pipe()
            // What PipeWire shows while it has no output at all.
            && !self.lists("sinks", "auto_null")
    }

    fn microphone_hears_its_pipe(&self) -> bool {
        let sources = self.ctl(&["list", "short", "sources"]);
        let monitor = sources.lines().find(|line| line.contains("mic_pipe.monitor")).and_then(|l| l.split('\t').next());
        let taps = self.ctl(&["list", "short", "source-outputs"]);
        monitor.is_some_and(|monitor| taps.lines().any(|tap| tap.split('\t').nth(1) == Some(monitor)))
    }

    /// The same; `None` if the server refuses.
    pub fn try_ctl(&self, words: &[&str]) -> Option<String> {
        let output = self.pactl(words);
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn pactl(&self, words: &[&str]) -> std::process::Output {
        let mut command = Command::new("pactl");
        self.set_env(&mut command);
        command.env("LC_ALL", "C").args(words).output().expect("no pactl: apt-get install pulseaudio-utils")
    }

    /// Starts one of the server's programs.
    fn run(&mut self, name: &'static str, args: &[&str], missing: &str) {
        let mut command = Command::new(name);
        self.set_env(&mut command);
        let said = File::create(self.said(name)).unwrap();
        let child = command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(said).spawn();
        let child = child.unwrap_or_else(|e| panic!("no {name} to test with ({e}): {missing}"));
        self.programs.push(Program { name, child });
    }

    /// Waits for a socket in the server's directory.
    fn wait_for_socket(&mut self, name: &str) {
        self.wait(name, |server| UnixStream::connect(server.dir.path().join(name)).is_ok());
    }

    fn wait(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let so = until(|| {
            for i in 0..self.programs.len() {
                if let Some(status) = self.programs[i].child.try_wait().unwrap() {
                    let name = self.programs[i].name;
                    let said = std::fs::read_to_string(self.said(name)).unwrap();
                    panic!("{name} ended with {status}: {said}");
                }
            }
            is_so(self)
        });
        assert!(so, "{:?}: it never came to be that it {what}", self.kind);
    }

    /// What a program writes of its troubles.
    fn said(&self, name: &str) -> PathBuf {
        self.dir.path().join(format!("{name}.log"))
    }
}

impl Drop for SoundServer {
    fn drop(&mut self) {
        self.kill();
    }
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
