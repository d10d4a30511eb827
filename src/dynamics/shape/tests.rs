use super::*;

/// Who talks in each half minute of a call: `m`, `t`, `b` for half and half, `-` for nobody.
fn shape(halves: &str) -> Option<Shape> {
    let mut talk = PerTrack::<Vec<Span>>::default();
    for (half, who) in (0..).zip(halves.chars()) {
        let start = half * 30_000;
        let mut add = |track, from: u64, to: u64| talk[track].push(Span::from_ms(start + from, start + to));
        match who {
            'm' => add(Track::Me, 0, 20_000),
            't' => add(Track::Them, 0, 20_000),
            'b' => {
                add(Track::Me, 0, 10_000);
                add(Track::Them, 12_000, 22_000);
            }
            _ => {}
        }
    }
    let end = SampleTime::from_ms(halves.len() as u64 * 30_000);
    Shape::from_talk(PerTrack { me: &talk.me, them: &talk.them }, end)
}

#[test]
fn four_minutes_have_no_shape() {
    assert_eq!(shape("mmmmmmmm"), None);
    assert_eq!(shape("mmmmmmmmm"), Some(Shape::Dominating));
    assert_eq!(Shape::window_count(SampleTime::from_ms(149_000)), 0);
    assert_eq!(Shape::window_count(SampleTime::from_ms(150_000)), 1);
}

#[test]
fn one_side_leads_throughout() {
    assert_eq!(shape("ttttttttttttttttttmm"), Some(Shape::Dominating));
}

#[test]
fn first_one_leads_and_then_the_other() {
    assert_eq!(shape("mmmmmmmmmmtttttttttt"), Some(Shape::Alternating));
}

#[test]
fn neither_leads() {
    assert_eq!(shape("bbbbbbbbbbbbbbb"), Some(Shape::BackAndForth));
}

#[test]
fn a_lecture_in_half_of_a_balanced_talk_is_mixed() {
    assert_eq!(shape("bbbbbbbbbbmmmmmmmm"), Some(Shape::Mixed));
}

#[test]
fn minutes_in_which_nobody_talks_count_for_none() {
    assert_eq!(shape("ttttttttt----------"), Some(Shape::Dominating));
    assert_eq!(shape("----------------------"), None);
}
