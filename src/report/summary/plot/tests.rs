use super::timeline::Mark;
use super::*;
use crate::audio::Track;
use crate::nudges::Mode;
use crate::report::summary::tests::{aimed, summary, with_words};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{ExcludedSpan, Language, Summary};

fn own(call: &Summary) -> SummaryView<'_> {
    SummaryView::for_manager(call, Language::En)
}

fn count(drawing: &str, shape: &str) -> usize {
    drawing.matches(shape).count()
}

#[test]
fn every_run_silence_and_loss_stands_in_its_own_milliseconds() {
    let call = summary();
    let drawing = timeline(&own(&call)).into_string();
    assert!(drawing.contains(r#"viewBox="0 0 600000 72""#), "{drawing}");
    assert!(drawing.contains(r#"<rect class="me" x="10000" y="1" width="300000" height="22">"#), "{drawing}");
    assert!(drawing.contains(r#"<rect class="them listening" x="100000" y="51" width="400" height="10">"#));
    assert!(drawing.contains(r#"<rect class="silence" x="310000" y="0" width="6000" height="72">"#));
    assert!(drawing.contains(r#"<rect class="lost" x="390000" y="44" width="2500" height="24">"#));
    assert!(drawing.contains("<title>them 5:16–7:46 (150.0\u{a0}s)</title>"));
    assert_eq!(count(&drawing, "<rect"), 5);
    assert_eq!(count(&drawing, "class=\"took\""), 1, "the interruption");
    assert!(drawing.contains(r#"data-at="120000" x="20%" y="100""#), "the nudge");
    assert_eq!(count(&drawing, "class=\"question\""), 0, "without words no question is known");
    assert_eq!(count(&timeline(&own(&with_words())).0, "class=\"question\""), 1);
}

#[test]
fn many_questions_are_ticks_on_the_lanes_and_in_the_legend() {
    let mut call = with_words();
    let one = call.questions.as_ref().unwrap()[0];
    let mut marks = |questions: usize| {
        call.questions = Some(vec![one; questions]);
        let view = own(&call);
        let drawn = timeline(&view).0 + &swatch(&view, Mark::Question).0;
        (count(&drawn, "<text class=\"question\""), count(&drawn, "<path class=\"question\""))
    };
    assert_eq!(marks(39), (40, 0));
    assert_eq!(marks(40), (0, 41));
}

#[test]
fn what_was_not_to_be_heard_is_seen_as_such() {
    let mut call = summary();
    let stretch = |start_ms, end_ms| vec![ExcludedSpan { start_ms, end_ms }];
    (call.paused, call.off_record, call.muted) = (stretch(1, 2), stretch(3, 5), stretch(6, 9));
    let drawing = timeline(&own(&call)).into_string();
    assert!(drawing.contains(r#"<rect class="paused" x="1" y="0" width="1" height="72">"#), "{drawing}");
    assert!(drawing.contains(r#"<rect class="off-record" x="3" y="0" width="2" height="72">"#));
    assert!(drawing.contains(r#"<rect class="muted" x="6" y="0" width="3" height="24">"#), "of the microphone alone");
}

#[test]
fn the_mirror_shows_no_nudge_and_no_target() {
    let call = summary();
    let view = SummaryView::for_both(&call, Language::En);
    assert!(
        !timeline(&view).0.contains("nudge") && !legend_marks(&view).iter().any(|mark| mark.name(&view) == "nudge")
    );
    assert!(!share_over_time(&view).0.contains("band") && share_over_time(&own(&call)).0.contains("class=\"band\""));
}

#[test]
fn no_line_goes_through_what_is_not_known() {
    let mut call = summary();
    // Nobody speaks between 1:40 and 8:20; the window is 2:30.
    call.lost.clear();
    call.speech.me = vec![(0, 100_000), (500_000, 600_000)];
    call.speech.them = Vec::new();
    let drawing = share_over_time(&own(&call)).into_string();
    let path = |class: &str| {
        let from = drawing.find(&format!("class=\"{class}\" d=\"")).unwrap();
        drawing[from..].split('"').nth(3).unwrap().to_owned()
    };
    assert_eq!(count(&path("recent"), "M"), 2, "{}", path("recent"));
    assert_eq!(count(&path("whole"), "M"), 1);
    assert!(path("whole").ends_with("L600000 0.0"), "all of it mine: at the top");
}

#[test]
fn no_line_goes_through_what_was_not_heard_in_the_mirror_neither() {
    let mut call = summary();
    call.off_record = vec![ExcludedSpan { start_ms: 202_000, end_ms: 203_000 }];
    for view in [own(&call), SummaryView::for_both(&call, Language::En)] {
        let drawing = share_over_time(&view).into_string();
        for class in ["recent", "whole"] {
            let from = drawing.find(&format!("class=\"{class}\" d=\"")).unwrap();
            let path = drawing[from..].split('"').nth(3).unwrap();
            assert!(path.contains("L202000 0.0M203000 0.0"), "{path}");
        }
        assert!(drawing.contains(r#"<rect class="gap" x="202000" y="0" width="1000" height="100">"#), "{drawing}");
        let timeline = timeline(&view).into_string();
        assert!(timeline.contains("M10000 27H202000M203000 27H310000"), "{timeline}");
    }
}

#[test]
fn the_band_is_the_target_s() {
    let mut call = summary();
    call.call.target = 0.5;
    // 100 px high: the band is 40 % to 50 %.
    let drawing = share_over_time(&own(&call)).into_string();
    assert!(drawing.contains(r#"<rect class="band" x="0" y="50.0" width="600000" height="10.0">"#), "{drawing}");
    assert!(drawing.contains(r#"<path class="target" d="M0 50.0H600000">"#), "{drawing}");
}

#[test]
fn the_target_steps_where_it_was_changed() {
    let mut call = summary();
    call.call.target = 0.6;
    call.aim_changes = vec![aimed(240_000, (Mode::Listening, 0.3), (Mode::Teaching, 0.6))];
    let drawing = share_over_time(&own(&call)).into_string();
    for part in [
        r#"<rect class="band" x="0" y="70.0" width="240000" height="10.0">"#,
        r#"<rect class="band" x="240000" y="40.0" width="360000" height="10.0">"#,
        r#"<path class="target" d="M0 70.0H240000L240000 40.0H600000">"#,
    ] {
        assert!(drawing.contains(part), "{part} is not in {drawing}");
    }
    assert!(!share_over_time(&SummaryView::for_both(&call, Language::En)).0.contains("target"), "the mirror has none");
}

#[test]
fn a_bar_is_as_long_as_its_turn() {
    let mut call = summary();
    call.turns.push(crate::report::summary::TrackSpan { track: Track::Them, start_ms: 316_000, end_ms: 466_000 });
    let drawing = longest(&own(&call)).into_string();
    assert!(drawing.contains(r#"class="me" x="0" y="4" width="34%""#), "{drawing}");
    assert!(drawing.contains(r#"class="them" x="0" y="30" width="17%""#), "{drawing}");
    assert!(drawing.contains("5\u{a0}min from 0:10") && drawing.contains("2\u{a0}min\u{a0}30\u{a0}s from 5:16"));
}

#[test]
fn a_question_after_which_i_spoke_first_is_hollow() {
    let call = with_words();
    let mut questions = derived::questions_with_wait(&call, Track::Me).unwrap();
    (questions[0].answer_ms, questions[0].broken_by) = (None, Some(Track::Me));
    let drawing = waits(&own(&call), &questions).into_string();
    assert_eq!((count(&drawing, "class=\"no-answer\""), count(&drawing, "class=\"answer\"")), (1, 0));
    (questions[0].wait_ms, questions[0].answer_ms) = (Some(3_000), Some(5_000));
    questions[0].broken_by = Some(Track::Them);
    let drawing = waits(&own(&call), &questions).into_string();
    // The widest is 4 s, the highest 5 s.
    assert!(drawing.contains(r#"<circle class="answer" cx="75%" cy="14.0""#), "{drawing}");
}

#[test]
fn a_stretch_without_their_talk_has_a_dash_and_no_bar() {
    let call = summary();
    let drawing = backchannels(&own(&call), Track::Me).into_string();
    // They talk from 5:16 to 7:46, and nobody nods: three stretches of none, seven of nothing known.
    assert_eq!((count(&drawing, ">0.0</text>"), count(&drawing, ">–</text>")), (3, 7), "{drawing}");
}

#[test]
fn a_call_without_the_figure_has_no_dot() {
    let days: Vec<String> = ["1 Apr", "2 Apr", "this call"].map(str::to_owned).to_vec();
    let series = |values| Series {
        description: "share",
        values,
        unsure: vec![false, false, true],
        days: &days,
        format_value: &|value| format!("{value:.1}"),
        target: None,
    };
    let drawing = small_multiple(&series(vec![Some(0.5), None, Some(1.0)])).into_string();
    assert_eq!((count(&drawing, "<circle"), count(&drawing, "class=\"thread\"")), (2, 0), "{drawing}");
    assert!(drawing.contains(">≈\u{a0}1.0</text>") && drawing.contains("class=\"now unsure\""), "{drawing}");
    let drawing = small_multiple(&series(vec![Some(0.5), Some(0.4), None])).into_string();
    assert_eq!((count(&drawing, "class=\"past\""), count(&drawing, "class=\"now\"")), (2, 0));
}

#[test]
fn an_empty_call_draws_nothing_that_is_not_there() {
    let call = Summary::from_journal(&crate::report::summary::tests::info(), &[], Language::En);
    for drawing in [
        timeline(&own(&call)),
        share_over_time(&own(&call)),
        longest(&own(&call)),
        backchannels(&own(&call), Track::Me),
    ]
    .map(Markup::into_string)
    {
        assert!(!drawing.contains("NaN") && !drawing.contains("inf"), "{drawing}");
        assert_eq!(count(&drawing, "class=\"me\""), 0, "{drawing}");
    }
}

#[test]
fn the_lines_of_the_share_are_named_beside_the_drawing() {
    let call = summary();
    for view in [own(&call), SummaryView::for_both(&call, Language::En)] {
        let drawing = share_over_time(&view).into_string();
        assert!(!drawing.contains("call so far"), "a name in the drawing lies over a line: {drawing}");
        let legend = share_legend(&view).into_string();
        assert!(legend.contains("last 2\u{a0}min\u{a0}30\u{a0}s") && legend.contains("call so far"), "{legend}");
    }
}

#[test]
fn a_question_is_hollow_if_i_spoke_first_and_not_if_the_length_of_the_answer_is_unknown() {
    let call = with_words();
    let one = call.questions.as_ref().unwrap()[0];
    let drawing = |broken_by, answer_ms| {
        waits(&own(&call), &[crate::report::summary::QuestionEntry { wait_ms: Some(800), broken_by, answer_ms, ..one }])
            .0
    };
    let mine = drawing(Some(Track::Me), None);
    assert!(mine.contains("class=\"no-answer\"") && mine.contains("you spoke first"), "{mine}");
    let theirs = drawing(Some(Track::Them), Some(4_000));
    assert!(theirs.contains("class=\"answer\"") && theirs.contains("answer 4"), "{theirs}");
    let cut = drawing(Some(Track::Them), None);
    assert!(cut.contains("class=\"answer\"") && cut.contains("answer of unknown length"), "{cut}");
}
