//! When a sample was in the microphone: a second listener beside the live source, with pieces as short.
//!
//! The server hands sound over in pieces, and late when the computer is busy, but never early. So the earliest arrivals
//! tell when a piece's last sample was taken, and by the rate when each other sample was.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::bursts::Onsets;
use crate::call::now;
use crate::support::server::{MIC, SoundServer};

/// Samples to either side of a moment over which arrivals are compared: many pieces, and no drift to speak of.
const AROUND: usize = 5 * RATE;

const RATE: usize = 16_000;

/// A listener.
pub struct Microphone {
    child: Child,
    thread: JoinHandle<Heard>,
}

#[derive(Default)]
struct Heard {
    /// When a piece came, and how many samples had come with it.
    arrivals: Vec<(Instant, usize)>,
    onsets: Vec<usize>,
}

impl Microphone {
    /// Listens until the end.
    pub fn listen(server: &SoundServer) -> Self {
        let mut command = Command::new("parec");
        server.set_env(&mut command);
        let mut child = command
            .args(["--raw", "--format=s16le", "--rate=16000", "--channels=1", "--latency-msec=10"])
            .arg(format!("--device={MIC}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut sound = child.stdout.take().unwrap();
        let thread = std::thread::spawn(move || {
            let (mut heard, mut onsets) = (Heard::default(), Onsets::default());
            let (mut bytes, mut kept) = ([0; 4096], 0);
            while let Ok(read @ 1..) = sound.read(&mut bytes[kept..]) {
                let at = now();
                let (samples, rest) = bytes[..kept + read].as_chunks::<2>();
                let samples: Vec<i16> = samples.iter().map(|sample| i16::from_le_bytes(*sample)).collect();
                kept = rest.len();
                bytes[0] = rest.first().copied().unwrap_or(0);
                heard.onsets.extend(onsets.hear(&samples));
                heard.arrivals.push((at, onsets.heard()));
            }
            heard
        });
        Self { child, thread }
    }

    /// Ends it: when each burst's first sample was taken.
    pub fn moments(mut self) -> Vec<Instant> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.thread.join().unwrap().moments()
    }
}

impl Heard {
    fn moments(&self) -> Vec<Instant> {
        let Some((first, _)) = self.arrivals.first() else { return Vec::new() };
        let length = |samples: usize| samples as f64 / RATE as f64;
        let moment = |onset: usize| {
            let near = self.arrivals.iter().filter(|(_, heard)| heard.abs_diff(onset) < AROUND);
            let earliest =
                near.map(|(at, heard)| (*at - *first).as_secs_f64() - length(*heard)).fold(f64::MAX, f64::min);
            *first + Duration::from_secs_f64((earliest + length(onset)).max(0.0))
        };
        self.onsets.iter().map(|onset| moment(*onset)).collect()
    }
}
