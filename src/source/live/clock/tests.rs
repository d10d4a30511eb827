use super::*;

/// How many ticks of the system's own a second has, on every processor that Linux runs on today.
#[cfg(target_os = "linux")]
const TICKS: u64 = 100;

/// The clock on the wall counts from 1970, one that stops in suspend lags behind the age of this process.
#[cfg(target_os = "linux")]
#[test]
fn the_clock_counts_from_the_start_of_the_computer_and_through_suspend() {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The name of a program may hold spaces, and ends with the last parenthesis. Of what follows, the twentieth is when it started.
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let ticks: u64 = fields.split(' ').nth(19).unwrap().parse().unwrap();
    let (start, now) = (std::time::Duration::from_millis(ticks * 1_000 / TICKS), read());
    assert!((start..start + std::time::Duration::from_hours(24)).contains(&now), "{now:?} for {start:?}");
}

#[test]
fn a_moment_is_counted_in_samples_since_the_start_and_never_before_it() {
    let clock = Clock::start();
    let (first, second) = (clock.now(), clock.now());
    assert!(first.0 >= 0 && second >= first, "{first:?} {second:?}");
    assert_eq!(Tick(48_000).since(Tick(16_000)), Samples::new(32_000));
    assert_eq!(Tick(16_000).since(Tick(48_000)), Samples::ZERO);
}
