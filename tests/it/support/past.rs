//! Calls that were held: a store of few or of many, with all that a history has to show.

use std::collections::BTreeMap;

use super::doubles::record::live_call;
use keicho::agenda::{CheckIn, ItemState};
use keicho::health::confidence::{Confidence, FigureGroup};
use keicho::language::Language;
use keicho::records::{CallRecord, Figures};
use keicho::store::{CallEnd, DataDir, Store};

/// A number that looks drawn and is the same each time: 0 to 1.
fn drawn(n: u32, salt: u32) -> f64 {
    let mixed = (n + 1).wrapping_mul(2_654_435_761).wrapping_add(salt.wrapping_mul(40_503)).rotate_left(13);
    f64::from(mixed.wrapping_mul(2_246_822_519) >> 8) / f64::from(1_u32 << 24)
}

/// Fills a store with so many calls, one every few days up to the last, with these people in turn.
pub fn fill(home: &DataDir, calls: u32, last: jiff::civil::Date, people: &[&str], language: Language) {
    let mut store = Store::open(home).unwrap();
    for n in 0..calls {
        let back = i64::from(calls - 1 - n) * if calls > 100 { 1 } else { 4 };
        let day = last.saturating_sub(jiff::Span::new().days(back));
        let winter = !(4..=10).contains(&day.month());
        let hour = 9 + n % 8;
        let id = format!("{day}T{hour:02}-00-00");
        let record = CallRecord {
            started_at: Some(format!("{day}T{hour:02}:00:00{}", if winter { "+01:00" } else { "+02:00" })),
            with: (n % 11 != 10).then(|| people[n as usize % people.len()].to_owned()),
            target: if n * 3 < calls * 2 { 0.5 } else { 0.4 },
            folder: home.path().join("calls").join(&id),
            ..live_call(&id)
        };
        let journal = store.begin_call(&record).unwrap();
        // Every ninth was too short to measure.
        let measured = n % 9 != 4;
        let share = 0.62 - 0.2 * f64::from(n) / f64::from(calls) + 0.24 * (drawn(n, 1) - 0.5);
        // Every seventh was held over loudspeakers.
        let doubted = [(FigureGroup::Talk, Confidence::Medium), (FigureGroup::Interruptions, Confidence::Low)];
        let doubts = BTreeMap::from_iter(doubted.into_iter().filter(|_| n % 7 == 3));
        let figures = Figures {
            duration_ms: (25 * 60_000) + (drawn(n, 2) * 2_400_000.0) as u64,
            talk_ms: 600_000,
            their_talk_ms: 900_000,
            share: measured.then_some(share),
            patience_ms: measured.then_some(300 + (drawn(n, 3) * 900.0) as u64),
            longest_turn_ms: measured.then_some(60_000 + (drawn(n, 4) * 180_000.0) as u64),
            interruptions: (drawn(n, 5) * 6.0) as u32,
            interruptions_failed: (drawn(n, 6) * 3.0) as u32,
            doubts,
            ..Figures::default()
        };
        let item =
            language.pick(format!("来期の目標について、その {n}"), format!("Goals for the next quarter, part {n}"));
        let open = n + 4 >= calls;
        let agenda = vec![(item, if open { ItemState::Open } else { ItemState::Done })];
        let words =
            language.pick("まあまあ。<b>引っ越し</b>で少し寝不足", "all right, “short of <b>sleep</b>” after the move");
        let check_in =
            (n % 5 < 2).then(|| CheckIn::new(1 + (n % 5) as u8 * 2, if n % 2 == 0 { words } else { "" })).flatten();
        journal.finish(CallEnd { figures, agenda, check_in, ..CallEnd::default() }).unwrap();
        match n % 4 {
            0 | 1 => store.set_perceived(&id, Some((share - 0.1 + 0.1 * drawn(n, 7)).clamp(0.0, 1.0))).unwrap(),
            2 => store.set_perceived(&id, None).unwrap(),
            _ => {}
        }
    }
}
