use super::*;

use Track::{Me, Them};

fn offsets(spans: &[(Track, u64, u64)]) -> Vec<(Track, i64)> {
    without(&[], spans)
}

/// The same where nothing was heard for a while.
fn without(nothing: &[(u64, u64)], spans: &[(Track, u64, u64)]) -> Vec<(Track, i64)> {
    let nothing: Vec<Span> = nothing.iter().map(|(start, end)| Span::from_ms(*start, *end)).collect();
    let spans = spans.iter().map(|(track, start, end)| (*track, Span::from_ms(*start, *end)));
    let mut fold = TransferFold::default();
    let found = spans.filter_map(|(track, span)| fold.push(track, span, &nothing));
    found.map(|transfer| (transfer.to, transfer.offset.as_ms())).collect()
}

#[test]
fn an_offset_is_from_the_end_of_one_to_the_start_of_the_other() {
    assert_eq!(offsets(&[(Them, 0, 3_000), (Me, 3_400, 5_000), (Them, 4_800, 9_000)]), [(Me, 400), (Them, -200)]);
}

#[test]
fn consecutive_spans_of_one_are_no_transfer() {
    assert_eq!(offsets(&[(Them, 0, 3_000), (Them, 4_500, 6_000), (Me, 6_700, 8_000)]), [(Me, 700)]);
}

#[test]
fn who_gave_up_inside_the_others_span_did_not_get_the_floor() {
    assert_eq!(offsets(&[(Them, 0, 9_000), (Me, 3_000, 4_500), (Me, 9_500, 12_000)]), [(Me, 500)]);
}

#[test]
fn patience_needs_five_waits() {
    let waits = [100, 900, 300, 500, 2_000].map(Samples::from_ms);
    for older in 0..5 {
        let mut sorted = Sorted::default();
        waits[..older].iter().for_each(|wait| sorted.insert(*wait));
        assert_eq!(Patience::from_offsets(&sorted, &waits[older..4]), None);
        let patience = Patience::from_offsets(&sorted, &waits[older..]).unwrap();
        assert_eq!((patience.median.as_ms(), patience.p90.as_ms(), patience.count), (500, 2_000, 5));
    }
}

#[test]
fn an_offset_over_a_pause_is_none() {
    let spans = [(Them, 0, 3_000), (Me, 6_000, 9_000), (Them, 9_300, 12_000), (Me, 11_900, 15_000)];
    assert_eq!(offsets(&spans), [(Me, 3_000), (Them, 300), (Me, -100)]);
    for nothing in [(3_000, 4_000), (4_000, 5_000), (2_000, 6_000), (5_990, 6_000)] {
        assert_eq!(without(&[nothing], &spans), [(Them, 300), (Me, -100)], "{nothing:?}");
    }
    // A span that was cut short ended nobody knows when.
    assert_eq!(without(&[(12_000, 12_500)], &spans), [(Me, 3_000), (Them, 300)]);
    assert_eq!(without(&[(1_000, 2_000), (15_000, 20_000)], &spans), offsets(&spans));
}
