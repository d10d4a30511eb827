use super::*;
use proptest::prelude::*;

#[test]
fn a_moment_prints_as_minutes_and_seconds() {
    assert_eq!(SampleTime::from_ms(127_450).to_string(), "2:07.4");
}

#[test]
fn a_length_before_the_call_is_cut_at_its_start() {
    assert_eq!(SampleTime::from_ms(100).saturating_sub(Samples::from_ms(200)), SampleTime::ZERO);
    assert_eq!(SampleTime::from_ms(100) - SampleTime::from_ms(200), Samples::ZERO);
}

#[test]
fn a_share_of_nothing_is_unknown() {
    assert_eq!(Samples::from_ms(5).fraction_of(Samples::ZERO), None);
    assert_eq!(Samples::from_ms(5).fraction_of(Samples::from_ms(10)), Some(0.5));
}

fn span() -> impl Strategy<Value = Span> {
    (0u64..10_000, 0u64..10_000).prop_map(|(start, len)| Span::from_ms(start, start + len))
}

proptest! {
    #[test]
    fn overlap_is_symmetric_and_inside_both(a in span(), b in span()) {
        let both = a.intersection(b);
        prop_assert_eq!(both.len(), b.intersection(a).len());
        prop_assert!(both.len() <= a.len() && both.len() <= b.len());
        if !both.is_empty() {
            prop_assert!(a.contains(both.start) && b.contains(both.start));
        }
    }

    #[test]
    fn going_forth_and_back_ends_where_it_began(at in 0u64..1 << 40, length in 0u64..1 << 40) {
        let (at, length) = (SampleTime::new(at), Samples::new(length));
        prop_assert_eq!((at + length).saturating_sub(length), at);
        prop_assert_eq!((at + length) - at, length);
    }
}
