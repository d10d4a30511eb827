use super::*;

#[test]
fn levels_are_relative_to_full_scale() {
    let square = |level: i16| -> Pcm { std::array::from_fn(|i| if i % 40 < 20 { level } else { -level }) };
    assert_eq!(level_dbfs(&SILENCE), -96.0);
    assert!((level_dbfs(&square(i16::MAX))).abs() < 0.01);
    assert!((level_dbfs(&square(3277)) + 20.0).abs() < 0.01);
}

#[test]
fn every_track_has_another() {
    for track in Track::BOTH {
        assert_ne!(track, !track);
        assert_eq!(track, !!track);
    }
    let names = PerTrack::from_fn(|track| format!("{track:?}")).map(|name| name.len());
    assert_eq!((names[Track::Me], names[Track::Them]), (2, 4));
}
