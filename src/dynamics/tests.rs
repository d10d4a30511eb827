use super::*;
use crate::asr::Transcription;
use crate::audio::BLOCK_DURATION;
use crate::language::{self, Language};
use crate::turns::{Decision, SpeechActivity};

mod long_calls;
mod undone;

/// Both tracks by the second, `m`, `t`, `b` for both or `-` for neither.
fn hear(seconds: &str) -> (Dynamics, Turns, SampleTime) {
    hear_steps(seconds, 100)
}

/// The same by steps of so many blocks.
fn hear_steps(steps: &str, blocks: usize) -> (Dynamics, Turns, SampleTime) {
    let (mut dynamics, mut turns, mut events) = (Dynamics::default(), Turns::default(), Vec::new());
    let mut now = SampleTime::ZERO;
    for step in steps.chars() {
        let speech = PerTrack { me: "mb".contains(step), them: "tb".contains(step) };
        for _ in 0..blocks {
            turns.step(&SpeechActivity { start: now, speech, lost: PerTrack::default() }, &mut events);
            now += BLOCK_DURATION;
        }
    }
    events.iter().for_each(|decision: &Decision| dynamics.push(&decision.event));
    (dynamics, turns, now)
}

fn near(share: Option<f64>, wanted: f64) -> bool {
    share.is_some_and(|share| (share - wanted).abs() < 0.002)
}

#[test]
fn overlap_counts_for_both_and_silence_for_none() {
    let (dynamics, turns, _) = hear("mmmmmmbbbtttttt---");
    assert!(near(dynamics.share(&turns), 9.0 / 18.0));
}

#[test]
fn a_share_of_no_speech_is_unknown() {
    let (dynamics, turns, now) = hear("------");
    assert_eq!(dynamics.share(&turns), None);
    assert_eq!(dynamics.share_in(&turns, Span::new(SampleTime::ZERO, now)), None);
}

#[test]
fn the_run_that_goes_on_counts() {
    let (dynamics, turns, _) = hear("ttttt-mmmmm");
    assert!(near(dynamics.share(&turns), 0.5), "{:?}", dynamics.share(&turns));
    assert_eq!(dynamics.settled_talk_time(Track::Me), Samples::ZERO);
}

#[test]
fn the_share_in_a_window_forgets_what_is_older() {
    let call = "m".repeat(300) + "-" + &"t".repeat(150) + "-" + &"m".repeat(149);
    let (dynamics, turns, now) = hear(&call);
    assert!(near(dynamics.share(&turns), 449.0 / 599.0));
    let recent = |secs| dynamics.share_in(&turns, Span::new(now.saturating_sub(Samples::from_secs(secs)), now));
    assert!(near(recent(300), 149.0 / 299.0), "{:?}", recent(300));
    assert!(near(recent(60), 1.0), "{:?}", recent(60));
}

/// What the summary says afterwards: no word of the other's parts what is one monologue, and what they say over it does.
#[test]
fn the_longest_turn_is_a_monologue_though_the_other_said_a_word_in_it() {
    let longest = |call: &str| {
        let (dynamics, turns, _) = hear(call);
        let stretches = talk_stretches(dynamics.turns(Track::Me), dynamics.monologues(Track::Me));
        let settled = stretches.into_iter().map(Span::len).max().map_or(0, Samples::as_ms);
        (dynamics.longest_turn(Track::Me, &turns).as_ms() / 1_000, settled / 1_000)
    };
    let talk = "m".repeat(70);
    // While it goes on, and once it is over.
    let with_a_word = format!("{talk}-t-{talk}");
    assert_eq!(longest(&with_a_word).0, 70, "a floor span of 1 s ends it");
    assert_eq!(longest(&format!("{with_a_word}-----")), (70, 70));
    let talked_over = format!("{talk}bb{talk}");
    assert_eq!(longest(&talked_over).0, 70);
    assert_eq!(longest(&format!("{talked_over}-----")), (70, 70));
    assert_eq!(longest(&format!("{talk}-----")), (70, 70));
    assert_eq!(longest("mmmmm-t-mmm"), (5, 5));
    // 0.8 s of theirs in a pause take the floor and end no monologue, neither while it goes on nor afterwards.
    let tenths = "m".repeat(700) + &"-".repeat(8) + &"t".repeat(8) + &"-".repeat(8) + &"m".repeat(700);
    let (dynamics, turns, _) = hear_steps(&tenths, 10);
    assert!(dynamics.longest_turn(Track::Me, &turns) > Samples::from_secs(140));
    let (dynamics, turns, _) = hear_steps(&(tenths + &"-".repeat(50)), 10);
    assert!(dynamics.longest_turn(Track::Me, &turns) > Samples::from_secs(140));
}

#[test]
fn an_hour_adds_up() {
    let (dynamics, turns, _) = hear(&"mm-tttttt-".repeat(360));
    assert!(near(dynamics.share(&turns), 0.25));
}

#[test]
fn an_overlap_is_no_patience() {
    let mut dynamics = Dynamics::default();
    // After each of their spans I begin, four times late and once before they end.
    for (turn, after) in (0..).zip([300, 300, -400, 300, 300_i64]) {
        let start = turn * 10_000;
        let mine = (start + 4_000_u64).saturating_add_signed(after);
        for (track, span) in [(Track::Them, (start, start + 4_000)), (Track::Me, (mine, start + 9_000))] {
            dynamics.push(&TurnEvent::FloorSpan { track, span: Span::from_ms(span.0, span.1) });
        }
    }
    assert_eq!((dynamics.transfers().len(), dynamics.patience(Track::Me)), (9, None));
    assert_eq!(dynamics.patience(Track::Them), None, "four of theirs");
}

#[test]
fn a_backchannel_is_not_talk() {
    let run = |track, start, end| TurnEvent::Run { track, span: Span::from_ms(start, end) };
    let mut dynamics = Dynamics::default();
    for event in [run(Track::Me, 2_000, 2_400), run(Track::Them, 0, 5_000)] {
        dynamics.push(&event);
    }
    assert_eq!(dynamics.settled_talk_time(Track::Me), Samples::from_ms(400));
    dynamics.push(&TurnEvent::Backchannel { by: Track::Me, span: Span::from_ms(2_000, 2_400) });
    assert_eq!(dynamics.settled_talk_time(Track::Me), Samples::ZERO);
    assert_eq!(dynamics.counts().backchannels.me, 1);
}

#[test]
fn what_sounds_like_a_filler_in_a_sign_of_listening_is_none() {
    let reading = language::analyze("うーんだ", Language::Ja);
    let said =
        Transcription {
            text: "うーんだ".to_owned(), language: Language::Ja, reading, written: false, doubtful: false
        };
    let span = Span::from_ms(4_000, 4_600);
    let mut dynamics = Dynamics::default();
    dynamics.push_heard(Heard { track: Track::Me, runs: vec![span], transcription: Ok(Some(said)) });
    dynamics.push_steady_vowel(Track::Me, Span::from_ms(4_050, 4_500));
    assert_eq!(dynamics.speech_figures().filled_pauses.me, 1, "not settled yet");
    let sign = TurnEvent::Backchannel { by: Track::Me, span };
    dynamics.push(&sign);
    assert_eq!((dynamics.speech_figures().filled_pauses.me, dynamics.hesitations()), (0, vec![]));
    dynamics.withdraw(&sign);
    assert_eq!(dynamics.speech_figures().filled_pauses.me, 1, "a text took the verdict back");
}

#[test]
fn a_sign_of_listening_asks_nothing() {
    let asked = |at: u64, text: &str| {
        let reading = language::analyze(text, Language::Ja);
        let said =
            Transcription { text: text.to_owned(), language: Language::Ja, reading, written: false, doubtful: false };
        Heard { track: Track::Me, runs: vec![Span::from_ms(at, at + 600)], transcription: Ok(Some(said)) }
    };
    let mut dynamics = Dynamics::default();
    dynamics.push_heard(asked(2_000, "何ですか？"));
    dynamics.push_heard(asked(6_000, "何ですか？"));
    assert_eq!(dynamics.speech_figures().questions.me, 2);
    dynamics.push(&TurnEvent::Backchannel { by: Track::Me, span: Span::from_ms(2_000, 2_700) });
    assert_eq!(dynamics.speech_figures().questions.me, 1);
    assert_eq!(dynamics.questions().map(|one| one.question.at.as_ms()).collect::<Vec<_>>(), [6_600]);
}
