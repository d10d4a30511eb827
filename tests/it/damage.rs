//! A journal that was damaged on the disk: what of it can still be read is a call that has an end and a summary. And of all
//! tests of damage: what once failed is tried again.

use std::cell::Cell;

use keicho::language::Language;
use keicho::report::summary::Summary;
use keicho::session::{RecoveryPoint, recover_ending};
use keicho::time::SampleTime;
use keicho::wire;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::support::doubles::damage::{cases, cases_after_those_of, damaged};
use crate::support::long_call;

/// So much of a call of most of an hour is read: what was cut off is lived through again, 10 ms at a time, so that all of it is a
/// fifth of a second for each case, and a quarter of an hour for a hundred times as many.
const READ: SampleTime = SampleTime::from_ms(6 * 60_000);

/// The events of a call as a database holds them.
fn whole_records() -> Vec<(SampleTime, String)> {
    let journal = long_call::journal(Language::Ja);
    journal.into_iter().map(|(at, event)| (at, wire::encode_event(event).unwrap().figures)).collect()
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn what_can_be_read_of_a_damaged_journal_has_an_end_and_a_summary(
        records in Just(whole_records().into_iter().take_while(|(at, _)| *at < READ).collect::<Vec<_>>()),
        places in prop::collection::vec(any::<prop::sample::Index>(), 1..20),
        // Of all that a call can hold.
        seed in damaged(whole_records().into_iter().map(|(_, record)| record.into_bytes()).collect()),
    ) {
        let mut records = records;
        for (number, place) in places.into_iter().enumerate() {
            let place = place.index(records.len());
            let bytes = match number {
                0 => seed.clone(),
                // One digit becomes another.
                _ => records[place].1.bytes().map(|byte| if byte == b'1' { b'9' } else { byte }).collect(),
            };
            records[place].1 = String::from_utf8_lossy(&bytes).into_owned();
        }
        let read = |(at, record): &(SampleTime, String)| Some((*at, wire::decode_event(record, None).ok()?));
        let mut journal: Vec<_> = records.iter().filter_map(read).collect();
        Summary::from_journal(&long_call::info(), &journal, Language::Ja);
        journal.pop();
        let until = journal.last().map_or(SampleTime::ZERO, |(at, _)| *at);
        journal.extend(recover_ending(&journal, &RecoveryPoint { until, ..RecoveryPoint::default() }));
        Summary::from_journal(&long_call::info(), &journal, Language::Ja);
    }
}

#[test]
fn what_once_failed_is_tried_first_from_then_on() {
    let dir = tempfile::tempdir().unwrap();
    // As long as the tests run: a few bytes.
    let failed: &'static str = dir.path().join("failed_cases.txt").to_str().unwrap().to_owned().leak();
    let first_tried = || {
        let first = Cell::new(None);
        let ran = TestRunner::new(cases_after_those_of(failed, 4)).run(&any::<u64>(), |number| {
            first.set(first.get().or(Some(number)));
            prop_assert!(number == 0);
            Ok(())
        });
        assert!(ran.is_err());
        first.get()
    };
    let found = first_tried();
    assert!(found.is_some());
    assert_eq!([first_tried(), first_tried()], [found; 2]);
}
