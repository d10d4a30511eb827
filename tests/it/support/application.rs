//! An application of another's: `pacat` under a name of the test's choice, which records or plays.

use std::fs::File;
use std::process::{Child, Command, Stdio};

use super::server::{SoundServer, until};

/// A program that records or plays, until it is dropped.
pub struct Application(Child);

impl Application {
    /// Records from a device.
    pub fn records(server: &SoundServer, name: &str, device: &str) -> Self {
        Self::run(server, &["--record", &format!("--device={device}")], name)
    }

    /// Plays silence.
    pub fn plays(server: &SoundServer, name: &str) -> Self {
        Self::run(server, &["--playback"], name)
    }

    /// The number of its stream from a microphone, once the server has that.
    pub fn recording_stream(server: &SoundServer, name: &str) -> String {
        let mut found = None;
        let has_it = until(|| {
            let list = server.ctl(&["list", "source-outputs"]);
            let stream = list.split("Source Output #").find(|stream| stream.contains(&format!("\"{name}\"")));
            found = stream.and_then(|stream| stream.lines().next()).map(ToOwned::to_owned);
            found.is_some()
        });
        assert!(has_it, "{name} does not record");
        found.unwrap()
    }

    fn run(server: &SoundServer, words: &[&str], name: &str) -> Self {
        let mut command = Command::new("pacat");
        server.set_env(&mut command);
        command.args(["--raw", &format!("--client-name={name}")]).args(words);
        let silence = if words.contains(&"--playback") {
            command.stdin(File::open("/dev/zero").unwrap());
            command.stdout(Stdio::null())
        } else {
            command.stdin(Stdio::null()).stdout(Stdio::null())
        };
        Self(silence.stderr(Stdio::null()).spawn().expect("no pacat: apt-get install pulseaudio-utils"))
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
