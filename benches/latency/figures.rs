//! From moments to a table.

use std::time::{Duration, Instant};

use keicho::audio::BLOCK_DURATION;
use keicho::time::{SampleTime, Samples};

use crate::call::{Measured, Seen};

/// A burst that is not shown by then was missed.
const MISSED: Samples = Samples::from_ms(2_000);

/// The same moment on either track's way is told apart by no more than this.
const SAME: Duration = Duration::from_millis(1_000);

/// Where one burst's time went, in milliseconds.
struct Way {
    total: f64,
    source: f64,
    call: f64,
    step: f64,
    page: f64,
}

/// A row's name, and what it shows of a burst's way.
type Row = (&'static str, fn(&Way) -> f64);

/// What a page shows of a burst, and how to see it.
type Mark = (&'static str, fn(&Seen) -> bool);

const ROWS: [Row; 5] = [
    ("total: first sample in the microphone to the page", |way| way.total),
    ("(a) sample in the microphone to its block", |way| way.source),
    ("(b) call time: first sample to the snapshot", |way| way.call),
    ("    block to snapshot", |way| way.step),
    ("(c) snapshot to the page", |way| way.page),
];

/// Prints what there is to know. (b) counts samples: it is the same on every machine.
#[expect(clippy::print_stdout, reason = "the bench's own voice")]
pub fn print(bursts: usize, measured: &Measured) {
    let lost = measured.lost as u64 * BLOCK_DURATION.as_ms();
    println!("{bursts} bursts of 300 ms, {} heard; {lost} ms lost; times in ms", measured.onsets.len());
    let marks: [Mark; 2] = [("speaking.me", |seen| seen.speaking), ("floor: me", |seen| seen.floor)];
    for (mark, shows) in marks {
        let ways: Vec<Way> = measured.onsets.iter().filter_map(|onset| way(measured, *onset, shows)).collect();
        println!("\n{:<52} {:>7} {:>7} {:>7}", format!("{mark}, shown {} times", ways.len()), "p50", "p95", "max");
        for (name, part) in ROWS {
            let mut figures: Vec<f64> = ways.iter().map(part).collect();
            figures.sort_by(f64::total_cmp);
            let at = |percent: usize| figures.get((figures.len() * percent).div_ceil(100).max(1) - 1).copied();
            let [p50, p95, max] = [50, 95, 100].map(|percent| at(percent).unwrap_or(f64::NAN));
            println!("{name:<52} {p50:>7.1} {p95:>7.1} {max:>7.1}");
        }
    }
}

/// The way of the burst that begins at `onset` to the first snapshot that shows it.
fn way(measured: &Measured, onset: SampleTime, shows: fn(&Seen) -> bool) -> Option<Way> {
    let first = |seen: &[Seen]| {
        let after = |seen: &&Seen| seen.now > onset && seen.now - onset < MISSED && shows(seen);
        seen.iter().find(after).copied()
    };
    let (shown, page) = (first(&measured.shown)?, first(&measured.page)?);
    let block = |at: SampleTime| measured.blocks[(at.count() / BLOCK_DURATION.count()) as usize];
    let spoken = *measured.spoken.iter().find(|spoken| apart(**spoken, block(onset)) < SAME)?;
    // The snapshot's *now* is the end of the newest block.
    let newest = block(shown.now.saturating_sub(BLOCK_DURATION));
    let call = (shown.now - onset).count() as f64 / Samples::from_ms(1).count() as f64;
    Some(Way {
        total: ms(spoken, page.at),
        source: ms(spoken, newest) - call,
        call,
        step: ms(newest, shown.at),
        page: ms(shown.at, page.at),
    })
}

fn apart(one: Instant, other: Instant) -> Duration {
    one.max(other) - one.min(other)
}

fn ms(from: Instant, to: Instant) -> f64 {
    (to - from).as_secs_f64() * 1000.0
}
