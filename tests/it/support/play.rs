//! Applications that play: `paplay` children under names of the test's choice; and what they play.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use keicho::audio::{PerTrack, Track};
use keicho::source::Source as _;
use keicho::time::SampleTime;

use super::sample;
use super::server::{SoundServer, until};
use super::tone::wav;

/// The two sides of the sample call up to a moment, as files of their own.
pub fn sides(dir: &Path, until: SampleTime) -> PerTrack<PathBuf> {
    let mut source = sample::source();
    let mut pcm = PerTrack { me: Vec::new(), them: Vec::new() };
    while let Some(block) = source.next().unwrap().filter(|block| block.start < until) {
        Track::BOTH.into_iter().for_each(|track| pcm[track].extend(block.pcm[track]));
    }
    PerTrack { me: wav(dir, "me", 16_000, &pcm.me), them: wav(dir, "them", 16_000, &pcm.them) }
}

/// A player. It ends with the value.
pub struct Player(Child);

impl Player {
    /// Plays a file into a sink, as the application of that name; comes back once the server has its stream.
    pub fn start(server: &SoundServer, application: &str, sink: &str, wav: &Path) -> Self {
        let mut command = Command::new("paplay");
        server.set_env(&mut command);
        let child = command
            .args(["--latency-msec=20", &format!("--device={sink}"), &format!("--client-name={application}")])
            .arg(wav)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let player = Self(child);
        assert!(until(|| server.lists("sink-inputs", application)), "{application} does not play");
        player
    }
}

impl Player {
    /// Waits until all has been played.
    pub fn finish(mut self) {
        assert!(self.0.wait().unwrap().success(), "the player failed");
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
