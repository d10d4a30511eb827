//! A live call while other programs keep every core busy: nothing is lost, and what is shown is a little late at most.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use keicho::time::SampleTime;
use tokio::time::Instant;

use crate::support::live::{Live, Page};
use crate::support::play::{Player, sides};
use crate::support::server::{CALL_OUT, MIC_PIPE, SoundServer, on_each_server};

on_each_server!(a_live_call_beside_busy_cores_loses_nothing,);

/// How much of the sample call is played.
const PLAYED_MS: u64 = 15_000;

/// Threads that keep all cores busy, until this is dropped.
struct Busy {
    ends: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Busy {
    fn start() -> Self {
        let ends = Arc::new(AtomicBool::new(false));
        let spin = |_| {
            let ends = Arc::clone(&ends);
            std::thread::spawn(move || {
                while !ends.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            })
        };
        let cores = std::thread::available_parallelism().unwrap().get();
        let threads = (0..cores).map(spin).collect();
        Self { ends, threads }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        self.threads.drain(..).for_each(|thread| thread.join().unwrap());
    }
}

fn a_live_call_beside_busy_cores_loses_nothing(server: SoundServer) {
    let sides = sides(server.dir(), SampleTime::from_ms(PLAYED_MS));
    let mut live = Live::start(&server, &[], None);
    let mut page = Page::open(&live.line("overlay: "));
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 500);
    let (them, me) =
        (Player::start(&server, "call", CALL_OUT, &sides.them), Player::start(&server, "voice", MIC_PIPE, &sides.me));
    let busy = Busy::start();
    // When each snapshot came, less the moment of the call that it shows: the least of it is the way there without a load.
    let begin = Instant::now();
    let mut delays = Vec::new();
    loop {
        let snapshot = page.until(|_| true);
        let now_ms = snapshot["now_ms"].as_u64().unwrap();
        delays.push(i64::try_from(begin.elapsed().as_millis()).unwrap() - i64::try_from(now_ms).unwrap());
        if now_ms > PLAYED_MS + 1_000 {
            break;
        }
    }
    drop(busy);
    them.finish();
    me.finish();
    live.end(&mut page);
    delays.sort_unstable();
    let late = |part: f64| delays[((delays.len() - 1) as f64 * part) as usize] - delays[0];
    println!("late by {} ms (median), {} ms (99%), {} snapshots", late(0.5), late(0.99), delays.len());
    assert!(delays.len() > 50 && late(0.99) <= 200, "late by {} ms", late(0.99));
    let summary = live.summary();
    for track in ["me", "them"] {
        assert_eq!(summary["coverage"][track]["lost_ms"], 0, "{}", summary["coverage"]);
        assert!(summary["coverage"][track]["captured_ms"].as_u64().unwrap() >= PLAYED_MS, "{}", summary["coverage"]);
    }
}
