use std::collections::BTreeMap;

use super::*;
use crate::doubles::record::live_call;
use crate::health::confidence::{Confidence, FigureGroup};
use crate::records::{CallRecord, Figures};
use crate::store::{CallState, Perceived};
use crate::time::SampleTime;

fn call(id: &str, with: Option<&str>, figures: Option<Figures>, perceived: Perceived) -> PastCall {
    PastCall {
        record: CallRecord { id: id.to_owned(), with: with.map(str::to_owned), ..live_call("2026-11-03") },
        heard_until: SampleTime::ZERO,
        state: CallState::CutOff,
        figures,
        perceived,
    }
}

#[test]
fn a_line_a_call_and_what_was_not_measured_is_no_zero() {
    let measured = Figures {
        share: Some(0.58),
        longest_turn_ms: Some(160_000),
        interruptions: 2,
        doubts: BTreeMap::from([(FigureGroup::Talk, Confidence::Medium)]),
        ..Figures::default()
    };
    let calls =
        [call("b", Some("佐藤"), Some(measured), Perceived::Share(0.4)), call("a", None, None, Perceived::Skipped)];
    let expected = [
        "call  with  share  thought  target  longest  pause  interrupted",
        "b     佐藤  ≈ 58%  40%      30%     ≈ 2:40   –      2",
        "a     –     –      –        30%     –        –      –",
    ];
    assert_eq!(table(&calls, Language::En).lines().collect::<Vec<_>>(), expected);
}

#[test]
fn without_calls_it_says_how_one_is_made() {
    assert_eq!(table(&[], Language::En), "No calls yet. Start one with `keicho live`.\n");
}
