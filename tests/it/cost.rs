//! What a second of a call costs does not grow unnoticed: instructions are the same however busy the computer is.

use crate::support::cost::{Costs, WrittenDown};

/// Another compiler, or another library of the system, moves the count by less.
const TOLERANCE: f64 = 0.04;

#[test]
fn a_second_of_a_call_costs_what_is_written_down() {
    let written = WrittenDown::read().tests;
    let counted = Costs::measure(10);
    println!("{counted:.1?}, written down: {written:.1?}");
    for (call, counted, written) in
        [("headset", counted.headset, written.headset), ("speakers", counted.speakers, written.speakers)]
    {
        assert!(
            (counted - written).abs() < TOLERANCE * written,
            "{call}: {counted:.1} million instructions a second, {written:.1} are written down in benches/cost.toml: make it \
             less again, or write the number down with the reason"
        );
    }
}
