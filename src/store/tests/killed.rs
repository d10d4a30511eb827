//! A process that is killed loses what it was told in the last second at the most, and leaves nothing broken.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::*;
use crate::session::{Pace as _, Real};

/// Set for the process that is to be killed: where its data is.
const VICTIM: &str = "KEICHO_TEST_VICTIM";

/// Set where it also takes back what it told, which is saved at once.
const ERASES: &str = "KEICHO_TEST_VICTIM_ERASES";

const ID: &str = "2026-11-03T10-00-00";

/// What the victim said, and when it was heard.
enum Said {
    Told(u64),
    /// From after the first up to the second.
    Erased(u64, u64),
}

/// Tells an event every 10 ms, says so, and takes some back now and then.
#[expect(clippy::print_stdout, reason = "this is how the other process hears of it")]
fn be_the_victim(home: &Home) -> ! {
    let mut journal = Store::open(home).unwrap().begin(&start(home, ID, Some("Sato"))).unwrap();
    let erases = std::env::var_os(ERASES).is_some();
    let mut pace = Real::begin();
    for at_ms in (10..).step_by(10) {
        let (at, event) = run(at_ms);
        pace.wait(at);
        journal.emit(at, event);
        println!("\ntold {at_ms}");
        if at_ms % 700 == 0 && erases {
            journal.erase(SampleTime::from_ms(at_ms - 150));
            println!("erased {} {at_ms}", at_ms - 150);
        }
    }
    unreachable!("a call has no end")
}

fn parse(line: &str) -> Option<Said> {
    let mut words = line.split(' ');
    match (words.next()?, words.next()?.parse().ok()?, words.next().and_then(|word| word.parse().ok())) {
        ("told", at, None) => Some(Said::Told(at)),
        ("erased", from, Some(to)) => Some(Said::Erased(from, to)),
        _ => None,
    }
}

/// Kills a victim at a moment of chance; gives how much was lost.
#[expect(clippy::disallowed_methods, reason = "what a kill may cost is a matter of the time of day")]
fn kill_one(dir: &Path) -> Duration {
    let mut chance = [0_u8; 1];
    getrandom::fill(&mut chance).unwrap();
    let enough = 40 + u64::from(chance[0]);
    let mut victim = Command::new(std::env::current_exe().unwrap());
    if chance[0].is_multiple_of(2) {
        victim.env(ERASES, "1");
    }
    let mut victim = victim
        .args(["--exact", "store::tests::killed::a_killed_process_loses_a_second_at_the_most", "--nocapture"])
        .env(VICTIM, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = Vec::new();
    for line in BufReader::new(victim.stdout.take().unwrap()).lines() {
        said.extend(parse(&line.unwrap()).map(|said| (Instant::now(), said)));
        if said.len() as u64 > enough {
            break;
        }
    }
    let killed = Instant::now();
    victim.kill().unwrap();
    victim.wait().unwrap();
    assert!(said.len() as u64 > enough, "the victim ended by itself");

    let home = Home::at(dir);
    let mut store = Store::open(&home).unwrap();
    assert_eq!(store.db.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
    let unfinished = store.unfinished().unwrap();
    assert_eq!((unfinished.len(), unfinished[0].start.id.as_str()), (1, ID));
    let events = store.events(ID).unwrap();
    assert!(events.is_sorted_by_key(|(at, _)| *at));
    assert!(events.iter().all(|(at, event)| *event == run(at.as_ms()).1));
    let there: BTreeSet<u64> = events.iter().map(|(at, _)| at.as_ms()).collect();

    let erased = said.iter().filter_map(|(when, said)| match said {
        Said::Erased(from, to) => Some((*when, *from, *to)),
        Said::Told(_) => None,
    });
    let erased: Vec<_> = erased.collect();
    let within = |at: u64| erased.iter().any(|(_, from, to)| *from < at && at <= *to);
    for (when, from, to) in &erased {
        let back = there.range(from + 1..=*to).next();
        assert!(back.is_none() || killed - *when < Duration::from_secs(1), "{back:?} is there again");
    }
    let lost = said.iter().filter_map(|(when, said)| match said {
        Said::Told(at) if !there.contains(at) && !within(*at) => Some(killed - *when),
        _ => None,
    });
    let lost = lost.max().unwrap_or_default();
    let last = run(said.len() as u64 * 1_000);
    store.finish_cut_off(ID, &last, &CallEnd::default()).unwrap();
    lost
}

#[test]
#[expect(clippy::print_stdout, reason = "a figure to be read")]
fn a_killed_process_loses_a_second_at_the_most() {
    if let Some(dir) = std::env::var_os(VICTIM) {
        be_the_victim(&Home::at(dir));
    }
    let kills: usize = std::env::var("KEICHO_KILLS").map_or(20, |kills| kills.parse().unwrap());
    let worst = std::thread::scope(|scope| {
        let worker = |share: usize| {
            move || {
                let one = |_| kill_one(&tempfile::tempdir().unwrap().path().join("data"));
                (0..share).map(one).max().unwrap_or_default()
            }
        };
        let workers = [kills / 4, kills / 4, kills / 4, kills - kills / 4 * 3].map(|share| scope.spawn(worker(share)));
        workers.into_iter().map(|worker| worker.join().unwrap()).max().unwrap()
    });
    println!("{kills} kills; at worst the last {} ms were lost", worst.as_millis());
    assert!(worst <= Duration::from_secs(1), "{worst:?}");
}
