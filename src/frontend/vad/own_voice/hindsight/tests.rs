use super::*;

/// Others are 16 dB under the own voice, and loud begins half-way.
const KNOWN: VoiceLevels = VoiceLevels { loud_dbfs: -28.0, others_dbfs: -36.0 };

const OWN: Option<f32> = Some(-20.0);
const OTHER: Option<f32> = Some(-36.0);
const PAUSE: Option<f32> = None;

/// So many milliseconds of each, one after the other.
fn said(parts: &[(u64, Option<f32>)]) -> PastBlocks {
    let mut past = PastBlocks::default();
    for (ms, dbfs) in parts {
        (0..ms / 10).for_each(|_| past.push(*dbfs));
    }
    past
}

/// From when to when in milliseconds.
fn judged(mut past: PastBlocks) -> Vec<(u64, u64)> {
    past.judge_again(KNOWN).into_iter().map(|others| (10 * others.start, 10 * others.end)).collect()
}

#[test]
fn what_is_as_soft_as_others_was_theirs_and_the_own_voice_was_not() {
    let past = said(&[(1_000, OTHER), (500, PAUSE), (2_000, OWN), (500, PAUSE), (700, OTHER)]);
    assert_eq!(judged(past), [(0, 1_000), (4_000, 4_700)]);
}

#[test]
fn it_is_told_once() {
    let mut past = said(&[(1_000, OTHER), (500, PAUSE), (2_000, OWN)]);
    assert_eq!(past.judge_again(KNOWN).len(), 1);
    assert!(past.judge_again(KNOWN).is_empty());
}

#[test]
fn a_word_that_begins_softly_or_trails_off_stays() {
    let past = said(&[(300, OTHER), (1_000, OWN), (800, OTHER)]);
    assert!(judged(past).is_empty());
    // Who goes on long after it is somebody else; so is who spoke long before.
    let past = said(&[(2_000, OTHER), (1_000, OWN), (3_000, OTHER)]);
    assert_eq!(judged(past), [(0, 1_510), (3_990, 6_000)]);
}

#[test]
fn a_short_pause_does_not_part_a_voice_from_its_end_and_a_longer_one_does() {
    assert!(judged(said(&[(1_000, OWN), (150, PAUSE), (400, OTHER)])).is_empty());
    assert_eq!(judged(said(&[(1_000, OWN), (200, PAUSE), (400, OTHER)])), [(1_200, 1_600)]);
}

#[test]
fn a_click_makes_nobody_of_others() {
    let past = said(&[(500, OTHER), (10, OWN), (500, OTHER)]);
    assert_eq!(judged(past), [(0, 1_010)]);
}

#[test]
fn before_a_nearer_voice_only_what_is_as_soft_as_others_was_theirs() {
    // The manager at first sits further away, between both levels.
    let further = Some(-31.0);
    let parts = [(1_000, further), (500, PAUSE), (1_000, OTHER), (500, PAUSE)];
    let mut past = said(&parts);
    past.mark_nearer();
    (0..100).for_each(|_| past.push(OWN));
    assert_eq!(judged(past), [(1_500, 2_500)]);
    assert_eq!(judged(said(&parts)), [(0, 1_000), (1_500, 2_500)], "through a gain that never changed");
}

#[test]
fn no_more_is_remembered_than_two_minutes() {
    let past = said(&[(1_000, OTHER), (119_500, PAUSE), (1_000, OTHER)]);
    assert_eq!(judged(past), [(120_500, 121_500)]);
    let past = said(&[(1_000, OTHER), (119_500, PAUSE)]);
    assert_eq!(judged(past), [(500, 1_000)]);
}

#[test]
fn a_level_is_kept_to_half_a_decibel() {
    for tenths in -1_260..=0 {
        let dbfs = tenths as f32 / 10.0;
        let kept = PastBlock::own(dbfs).own_dbfs().unwrap();
        assert!((kept - dbfs).abs() <= 0.26, "{dbfs} {kept}");
    }
    assert_eq!(PastBlock::own(-200.0).own_dbfs(), Some(-127.0));
}
