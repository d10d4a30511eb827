use super::*;

const HOUR: Samples = Samples::from_secs(3_600);

fn hour() -> ConfidenceInput {
    ConfidenceInput { duration: HOUR, ..ConfidenceInput::default() }
}

/// A part of the hour.
fn part(share: f64) -> Samples {
    Samples::new((HOUR.count() as f64 * share) as u64)
}

fn with(trouble: Trouble, share: f64) -> ConfidenceInput {
    let sound = SoundReport { stood: vec![(trouble, part(share))], ..SoundReport::default() };
    ConfidenceInput { sound, ..hour() }
}

/// How sure a figure is at the most: `None` is sure.
fn confidence(grounds: &ConfidenceInput, figure: FigureGroup) -> Option<Confidence> {
    lowest_confidence(&doubtful_figures(grounds), figure).map(|doubt| doubt.confidence)
}

const LOW: Option<Confidence> = Some(Confidence::Low);
const MEDIUM: Option<Confidence> = Some(Confidence::Medium);

#[test]
fn a_call_with_sound_in_order_is_sure() {
    assert!(doubtful_figures(&hour()).is_empty());
    assert!(doubtful_figures(&ConfidenceInput::default()).is_empty(), "a call that has not begun");
    assert!(doubtful_figures(&ConfidenceInput { text_coverage: Some(0.97), ..hour() }).is_empty());
}

#[test]
fn lost_audio_makes_the_floor_doubtful_by_its_share() {
    let lost = |share: f64| ConfidenceInput { lost: PerTrack { me: Samples::ZERO, them: part(share) }, ..hour() };
    for figure in [FigureGroup::Talk, FigureGroup::Interruptions, FigureGroup::Silences] {
        let by_share = [0.01, 0.021, 0.05, 0.11].map(|share| confidence(&lost(share), figure));
        assert_eq!(by_share, [None, MEDIUM, MEDIUM, LOW], "{figure:?}");
    }
    assert_eq!(confidence(&lost(0.5), FigureGroup::Pace), None, "a rate of what was heard");
    let found = doubtful_figures(&lost(0.25));
    assert!(found.iter().all(|doubt| doubt.reason == DoubtReason::LostAudio { track: Track::Them, share: 0.25 }));
}

#[test]
fn a_leak_makes_what_i_say_while_they_speak_doubtful() {
    let leak =
        |level| ConfidenceInput { leak: Leak { detected: true, level_db: Some(level), ..Leak::default() }, ..hour() };
    assert_eq!(confidence(&leak(-20.0), FigureGroup::Interruptions), MEDIUM);
    assert_eq!(confidence(&leak(-20.0), FigureGroup::Talk), None);
    assert_eq!(confidence(&leak(-5.0), FigureGroup::Hesitations), LOW);
    assert_eq!(confidence(&leak(-5.0), FigureGroup::Talk), MEDIUM);
    let headset = Leak { detected: false, level_db: Some(-5.0), ..Leak::default() };
    assert!(doubtful_figures(&ConfidenceInput { leak: headset, ..hour() }).is_empty());
}

#[test]
fn the_same_sound_on_both_tracks_makes_everything_doubtful() {
    let grounds = with(Trouble::SameSound, 0.5);
    for figure in [FLOOR, SPEECH].concat() {
        assert_eq!(confidence(&grounds, figure), LOW, "{figure:?}");
    }
    assert!(doubtful_figures(&with(Trouble::SameSound, 0.01)).is_empty(), "a minute of it in an hour");
}

#[test]
fn a_dead_track_is_like_a_lost_one() {
    let dead = |share| confidence(&with(Trouble::Dead(Track::Me), share), FigureGroup::Talk);
    assert_eq!([0.01, 0.03, 0.2].map(dead), [None, MEDIUM, LOW]);
    assert!(doubtful_figures(&with(Trouble::CallOver, 0.3)).is_empty(), "after the call nothing is missed");
}

#[test]
fn clipping_blurs_how_it_is_said_and_not_who_speaks() {
    let grounds = with(Trouble::Clipping(Track::Me), 0.2);
    assert_eq!(confidence(&grounds, FigureGroup::Hesitations), MEDIUM);
    assert_eq!(confidence(&grounds, FigureGroup::Talk), None);
    for trouble in [Trouble::Quiet(Track::Me), Trouble::Noisy(Track::Them)] {
        assert_eq!(confidence(&with(trouble, 0.2), FigureGroup::Talk), MEDIUM);
        assert_eq!(confidence(&with(trouble, 0.2), FigureGroup::Questions), MEDIUM);
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
    assert_eq!(confidence(&choppy(50), FigureGroup::Interruptions), MEDIUM);
    assert_eq!(confidence(&choppy(150), FigureGroup::Interruptions), LOW);
    assert_eq!(confidence(&choppy(150), FigureGroup::Talk), None);
}

#[test]
fn missing_text_makes_what_is_said_doubtful() {
    let text = |coverage| ConfidenceInput { text_coverage: Some(coverage), ..hour() };
    let questions = [0.95, 0.8, 0.3].map(|coverage| confidence(&text(coverage), FigureGroup::Questions));
    assert_eq!(questions, [None, MEDIUM, LOW]);
    assert_eq!(confidence(&text(0.3), FigureGroup::Talk), None);
}

#[test]
fn text_that_is_missing_of_one_side_alone_makes_questions_doubtful() {
    let by =
        |me, them| ConfidenceInput { text_coverage: Some(0.92), text_coverage_by: PerTrack { me, them }, ..hour() };
    assert_eq!(confidence(&by(None, Some(1.0)), FigureGroup::Questions), None, "too little of mine to say");
    assert_eq!(confidence(&by(Some(0.91), Some(0.93)), FigureGroup::Questions), None);
    let mine = doubtful_figures(&by(Some(0.5), Some(1.0)));
    let gravest = lowest_confidence(&mine, FigureGroup::Questions).unwrap();
    let reason = DoubtReason::TextMissing { track: Some(Track::Me), coverage: 0.5 };
    assert_eq!((gravest.confidence, gravest.reason), (Confidence::Low, reason));
    let theirs = by(Some(1.0), Some(0.5));
    assert_eq!(confidence(&theirs, FigureGroup::Questions), MEDIUM, "mine are all there");
}

#[test]
fn of_several_reasons_the_gravest_is_told() {
    let mut grounds = with(Trouble::Dead(Track::Them), 0.3);
    grounds.lost.me = part(0.05);
    let gravest = lowest_confidence(&doubtful_figures(&grounds), FigureGroup::Talk).unwrap();
    assert_eq!((gravest.confidence, gravest.reason), (Confidence::Low, DoubtReason::Dead(Track::Them)));
}
