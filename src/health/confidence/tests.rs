use super::*;

const HOUR: Samples = Samples::from_secs(3_600);

fn hour() -> Grounds {
    Grounds { duration: HOUR, ..Grounds::default() }
}

/// A part of the hour.
fn part(share: f64) -> Samples {
    Samples::new((HOUR.count() as f64 * share) as u64)
}

fn with(trouble: Trouble, share: f64) -> Grounds {
    let sound = Report { stood: vec![(trouble, part(share))], ..Report::default() };
    Grounds { sound, ..hour() }
}

/// How sure a figure is at the most: `None` is sure.
fn confidence(grounds: &Grounds, figure: Figure) -> Option<Confidence> {
    gravest(&doubts(grounds), figure).map(|doubt| doubt.confidence)
}

const LOW: Option<Confidence> = Some(Confidence::Low);
const MEDIUM: Option<Confidence> = Some(Confidence::Medium);

#[test]
fn a_call_with_sound_in_order_is_sure() {
    assert!(doubts(&hour()).is_empty());
    assert!(doubts(&Grounds::default()).is_empty(), "a call that has not begun");
    assert!(doubts(&Grounds { text_coverage: Some(0.97), ..hour() }).is_empty());
}

#[test]
fn lost_audio_makes_the_floor_doubtful_by_its_share() {
    let lost = |share: f64| Grounds { lost: PerTrack { me: Samples::ZERO, them: part(share) }, ..hour() };
    for figure in [Figure::Talk, Figure::Interruptions, Figure::Silences] {
        let by_share = [0.01, 0.021, 0.05, 0.11].map(|share| confidence(&lost(share), figure));
        assert_eq!(by_share, [None, MEDIUM, MEDIUM, LOW], "{figure:?}");
    }
    assert_eq!(confidence(&lost(0.5), Figure::Pace), None, "a rate of what was heard");
    let found = doubts(&lost(0.25));
    assert!(found.iter().all(|doubt| doubt.reason == Reason::LostAudio { track: Track::Them, share: 0.25 }));
}

#[test]
fn a_leak_makes_what_i_say_while_they_speak_doubtful() {
    let leak = |level| Grounds { leak: Leak { detected: true, level_db: Some(level), ..Leak::default() }, ..hour() };
    assert_eq!(confidence(&leak(-20.0), Figure::Interruptions), MEDIUM);
    assert_eq!(confidence(&leak(-20.0), Figure::Talk), None);
    assert_eq!(confidence(&leak(-5.0), Figure::Hesitations), LOW);
    assert_eq!(confidence(&leak(-5.0), Figure::Talk), MEDIUM);
    let headset = Leak { detected: false, level_db: Some(-5.0), ..Leak::default() };
    assert!(doubts(&Grounds { leak: headset, ..hour() }).is_empty());
}

#[test]
fn the_same_sound_on_both_tracks_makes_everything_doubtful() {
    let grounds = with(Trouble::SameSound, 0.5);
    for figure in [FLOOR, SPEECH].concat() {
        assert_eq!(confidence(&grounds, figure), LOW, "{figure:?}");
    }
    assert!(doubts(&with(Trouble::SameSound, 0.01)).is_empty(), "a minute of it in an hour");
}

#[test]
fn a_dead_track_is_like_a_lost_one() {
    let dead = |share| confidence(&with(Trouble::Dead(Track::Me), share), Figure::Talk);
    assert_eq!([0.01, 0.03, 0.2].map(dead), [None, MEDIUM, LOW]);
    assert!(doubts(&with(Trouble::CallOver, 0.3)).is_empty(), "after the call nothing is missed");
}

#[test]
fn clipping_blurs_how_it_is_said_and_not_who_speaks() {
    let grounds = with(Trouble::Clipping(Track::Me), 0.2);
    assert_eq!(confidence(&grounds, Figure::Hesitations), MEDIUM);
    assert_eq!(confidence(&grounds, Figure::Talk), None);
    for trouble in [Trouble::Quiet(Track::Me), Trouble::Noisy(Track::Them)] {
        assert_eq!(confidence(&with(trouble, 0.2), Figure::Talk), MEDIUM);
        assert_eq!(confidence(&with(trouble, 0.2), Figure::Questions), MEDIUM);
    }
}

#[test]
fn holes_make_edges_doubtful_and_many_holes_very() {
    let choppy = |holes| {
        let mut grounds = with(Trouble::Choppy, 0.3);
        grounds.sound.holes = holes;
        grounds.sound.sound.them.speech = Samples::from_secs(600);
        grounds
    };
    assert_eq!(confidence(&choppy(50), Figure::Interruptions), MEDIUM);
    assert_eq!(confidence(&choppy(150), Figure::Interruptions), LOW);
    assert_eq!(confidence(&choppy(150), Figure::Talk), None);
}

#[test]
fn missing_text_makes_what_is_said_doubtful() {
    let text = |coverage| Grounds { text_coverage: Some(coverage), ..hour() };
    let questions = [0.95, 0.8, 0.3].map(|coverage| confidence(&text(coverage), Figure::Questions));
    assert_eq!(questions, [None, MEDIUM, LOW]);
    assert_eq!(confidence(&text(0.3), Figure::Talk), None);
}

#[test]
fn of_several_reasons_the_gravest_is_told() {
    let mut grounds = with(Trouble::Dead(Track::Them), 0.3);
    grounds.lost.me = part(0.05);
    let gravest = gravest(&doubts(&grounds), Figure::Talk).unwrap();
    assert_eq!((gravest.confidence, gravest.reason), (Confidence::Low, Reason::Dead(Track::Them)));
}
