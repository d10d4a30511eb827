//! A process that is killed loses what it was told in the last second at the most, and leaves nothing broken.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::*;
use crate::session::{Pacer as _, RealTime};

/// Set for the process that is to be killed: where its data is, …
const VICTIM: &str = "KEICHO_TEST_VICTIM";

/// … and what decides what it does.
const SEED: &str = "KEICHO_TEST_VICTIM_SEED";

/// So many are killed, unless `KEICHO_KILLS` says otherwise. `KEICHO_KILLS_SEED` kills one again.
const KILLS: u64 = 200;

/// They wait for the time of day more than for the processor.
const AT_ONCE: usize = 12;

/// What was told in the last second may be lost.
const MOST_LOST_MS: u64 = 1_000;

const ID: &str = "2026-11-03T10-00-00";

/// What the victim said; times of its call.
enum VictimReport {
    Told(u64),
    /// From after the first up to the second.
    Erased(u64, u64),
}

/// Tells an event every 10 ms, says so, and takes some back now and then, which is saved at once.
#[expect(clippy::print_stdout, reason = "this is how the other process hears of it")]
fn be_the_victim(home: &DataDir, seed: u64) -> ! {
    let mut random = Random::new(seed);
    let erases = random.below(2) == 0;
    let mut journal = Store::open(home).unwrap().begin_call(&record(home, ID, Some("Sato"))).unwrap();
    let mut pace = RealTime::start();
    for at_ms in (10..).step_by(10) {
        let (at, event) = run(at_ms);
        pace.wait_until(at);
        journal.emit(at, event);
        println!("\ntold {at_ms}");
        if erases && at_ms > 150 && random.below(20) == 0 {
            let from = at_ms - 10 * (1 + random.below(15));
            journal.erase(SampleTime::from_ms(from));
            println!("\nerased {from} {at_ms}");
        }
    }
    unreachable!("a call has no end")
}

fn parse(line: &str) -> Option<VictimReport> {
    let mut words = line.split(' ');
    match (words.next()?, words.next()?.parse().ok()?, words.next().and_then(|word| word.parse().ok())) {
        ("told", at, None) => Some(VictimReport::Told(at)),
        ("erased", from, Some(to)) => Some(VictimReport::Erased(from, to)),
        _ => None,
    }
}

/// Says how to see it again, where a kill breaks something.
struct Again(u64);

impl Drop for Again {
    #[expect(clippy::print_stderr, reason = "beside what the test says of its failure")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("to see it again: KEICHO_KILLS=1 KEICHO_KILLS_SEED={}", self.0);
        }
    }
}

/// Kills a victim at a moment of chance, and gives all that it said.
#[expect(clippy::disallowed_methods, reason = "a moment of chance is one of the time of day")]
fn kill(dir: &Path, seed: u64) -> Vec<VictimReport> {
    let mut random = Random::new(seed.rotate_left(32));
    let (lines, then) = (1 + random.below(110), Duration::from_micros(random.below(15_000)));
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::tests::killed::a_killed_process_loses_a_second_at_the_most", "--nocapture"])
        .env(VICTIM, dir)
        .env(SEED, seed.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(victim.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut heard: Vec<VictimReport> = said.by_ref().filter_map(|line| parse(&line)).take(lines as usize).collect();
    assert_eq!(heard.len() as u64, lines, "the victim ended by itself");
    let until = Instant::now() + then;
    while Instant::now() < until {
        std::thread::yield_now();
    }
    victim.kill().unwrap();
    victim.wait().unwrap();
    // What it came to say before it was dead; its last line may be half there.
    heard.extend(said.filter_map(|line| parse(&line)));
    heard
}

/// What a kill cost, in milliseconds of the call.
fn lost_by_one(seed: u64) -> u64 {
    let _again = Again(seed);
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("data");
    let said = kill(&dir, seed);

    let home = DataDir::new(&dir);
    let mut store = Store::open(&home).unwrap();
    assert_eq!(store.db.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
    let unfinished = store.cut_off_calls().unwrap();
    assert_eq!((unfinished.len(), unfinished[0].record.id.as_str()), (1, ID));
    let events = store.events(ID).unwrap();
    assert!(events.is_sorted_by_key(|(at, _)| *at));
    assert!(events.iter().all(|(at, event)| *event == run(at.as_ms()).1));
    let there: BTreeSet<u64> = events.iter().map(|(at, _)| at.as_ms()).collect();
    assert_eq!(there.len(), events.len(), "nothing is there twice");

    let told = said.iter().filter_map(|said| match said {
        VictimReport::Told(at) => Some(*at),
        VictimReport::Erased(..) => None,
    });
    let told: Vec<u64> = told.collect();
    let last = told.last().copied().unwrap();
    let erased = said.iter().filter_map(|said| match said {
        VictimReport::Erased(from, to) => Some((*from, *to)),
        VictimReport::Told(_) => None,
    });
    let erased: Vec<_> = erased.collect();
    let within = |at: u64| erased.iter().any(|(from, to)| *from < at && at <= *to);
    for (from, to) in &erased {
        let back = there.range(from + 1..=*to).next();
        assert!(back.is_none() || last - to <= MOST_LOST_MS, "{back:?} is there again");
    }
    let first_lost = told.iter().filter(|at| !there.contains(at) && !within(**at)).min();
    store.finish_cut_off(ID, &[run(last + 1_000)], &CallEnd::default()).unwrap();
    let lost = first_lost.map_or(0, |first| last + 10 - first);
    assert!(lost <= MOST_LOST_MS, "the last {lost} ms are lost");
    lost
}

#[test]
#[expect(clippy::print_stdout, reason = "a figure to be read")]
fn a_killed_process_loses_a_second_at_the_most() {
    if let (Some(dir), Ok(seed)) = (std::env::var_os(VICTIM), std::env::var(SEED)) {
        be_the_victim(&DataDir::new(dir), seed.parse().unwrap());
    }
    let number = |name: &str| std::env::var(name).ok().map(|given| given.parse::<u64>().unwrap());
    let kills = number("KEICHO_KILLS").unwrap_or(KILLS);
    let first = number("KEICHO_KILLS_SEED").unwrap_or_else(|| {
        let mut chance = [0_u8; 4];
        getrandom::fill(&mut chance).unwrap();
        u64::from(u32::from_le_bytes(chance))
    });
    let next = AtomicU64::new(0);
    let worst = std::thread::scope(|scope| {
        let worker = || {
            let seeds = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|one| *one < kills));
            seeds.map(|one| lost_by_one(first + one)).max().unwrap_or_default()
        };
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).max().unwrap()
    });
    println!("{kills} kills; at worst the last {worst} ms were lost");
}
