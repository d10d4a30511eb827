//! What is kept of the older part of a call adds up to what the whole call at once does.

use proptest::prelude::*;

use super::*;

/// Who talks for how many fifths of a second, and what they say.
type Line = (u8, u64, usize);

const TEXTS: [&str; 6] = [
    "so um we should move the release to next week",
    "what do you think about it?",
    "えーと、来週の予定はどうですか？",
    "わ、わたしは大丈夫です",
    "is it done yet? and when do you start?",
    "mm-hmm",
];

/// The same events, taken as if all of the call were new.
fn at_once(dynamics: &Dynamics) -> Dynamics {
    let mut all = dynamics.clone();
    all.settled = Settled::default();
    all.derive_from(SampleTime::ZERO);
    all
}

#[track_caller]
fn adds_up(dynamics: &Dynamics) {
    let all = at_once(dynamics);
    // The pace is of the last change, before somebody may have gone on talking.
    let mut dynamics = dynamics.clone();
    dynamics.derive_speech_figures();
    assert_eq!(dynamics.counts, all.counts);
    assert_eq!(dynamics.speech_figures, all.speech_figures);
    assert_eq!(dynamics.transfers, all.transfers);
    assert_eq!(dynamics.patience, all.patience);
    assert_eq!(dynamics.talk_runs, all.talk_runs);
    assert_eq!(dynamics.talk_time, all.talk_time);
    assert_eq!(dynamics.longest_turn, all.longest_turn);
    for track in Track::BOTH {
        assert_eq!(dynamics.articulation(track), all.articulation(track));
        assert_eq!(dynamics.broken_waits(track), all.broken_waits(track));
        for language in [Language::Ja, Language::En] {
            assert_eq!(dynamics.usual_pace(track, language), all.usual_pace(track, language));
        }
    }
}

fn heard(track: Track, span: Span, text: &str) -> Heard {
    let language = if text.is_ascii() { Language::En } else { Language::Ja };
    let reading = language::analyze(text, language);
    let said = Transcription { text: text.to_owned(), language, reading, written: false, doubtful: false };
    Heard { track, runs: vec![span], transcription: Ok(Some(said)) }
}

/// Plays a call through the turns; text comes `delay` seconds after its line, and every seventh sign of listening is
/// taken back when text comes. Stretches of which nothing is known are given with the lines after which they begin.
fn play(lines: &[Line], delay: u64, gaps: &[usize]) -> Dynamics {
    let (mut dynamics, mut turns) = (Dynamics::default(), Turns::default());
    let (mut now, mut late) = (SampleTime::ZERO, Vec::new());
    for (index, (who, fifths, text)) in lines.iter().enumerate() {
        let speech = PerTrack { me: who & 1 == 1, them: who & 2 == 2 };
        let start = now;
        for _ in 0..fifths * 20 {
            let mut events = Vec::new();
            turns.step(&SpeechActivity { start: now, speech, lost: PerTrack::default() }, &mut events);
            now += BLOCK_DURATION;
            events.iter().for_each(|decision| dynamics.push(&decision.event));
        }
        for track in Track::BOTH.into_iter().filter(|track| speech[*track]) {
            late.push((now + Samples::from_secs(delay), heard(track, Span::new(start, now), TEXTS[*text])));
        }
        if gaps.contains(&index) {
            dynamics.push_gaps([Span::new(start, now)]);
        }
        while let Some(place) = late.iter().position(|(due, _)| *due <= now) {
            dynamics.push_heard(late.remove(place).1);
            let sign = |event: &&TurnEvent| matches!(event, TurnEvent::Backchannel { .. });
            let newest = dynamics.turn_events.iter().rev().find(sign).filter(|_| index % 7 == 0).cloned();
            newest.iter().for_each(|sign| dynamics.withdraw(sign));
        }
        if index % 50 == 0 {
            adds_up(&dynamics);
        }
    }
    dynamics
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn what_is_kept_adds_up(
        lines in prop::collection::vec((0_u8..4, 1_u64..60, 0..TEXTS.len()), 150..300),
        delay in prop::sample::select(vec![0, 3, 20, 90, 200]),
        gaps in prop::collection::vec(0_usize..300, 0..3),
    ) {
        let dynamics = play(&lines, delay, &gaps);
        // Text that is late has what it reaches into folded again.
        prop_assert!(delay >= 20 || dynamics.settled.until > SampleTime::ZERO, "some of the call is settled");
        adds_up(&dynamics);
    }
}

#[test]
fn a_run_that_was_none_and_one_that_was_shorter_change_all_that_comes_of_them() {
    let lines: Vec<Line> = (0..200).map(|line| (1 + line % 2, 40, 0)).collect();
    let mut dynamics = play(&lines, 0, &[]);
    for place in [3, 70, 95] {
        let (before, whole) = (dynamics.talk_time.me, dynamics.runs().me[place]);
        let shorter = Span::new(whole.start + Samples::from_ms(900), whole.end);
        dynamics.withdraw(&TurnEvent::Run { track: Track::Me, span: whole });
        adds_up(&dynamics);
        dynamics.push(&TurnEvent::Run { track: Track::Me, span: shorter });
        assert_eq!(dynamics.runs().me[place], shorter);
        assert_eq!(dynamics.talk_time.me, before.saturating_sub(Samples::from_ms(900)));
        adds_up(&dynamics);
    }
    // The same at once.
    let runs: Vec<TurnEvent> =
        dynamics.runs().them[60..90].iter().map(|run| TurnEvent::Run { track: Track::Them, span: *run }).collect();
    let turns: Vec<TurnEvent> = dynamics.turn_events()[60..90].to_vec();
    let mut one_by_one = dynamics.clone();
    runs.iter().chain(&turns).for_each(|event| one_by_one.withdraw(event));
    runs.iter().skip(10).chain(turns.iter().skip(10)).for_each(|event| one_by_one.push(event));
    let added: Vec<TurnEvent> = runs.iter().skip(10).chain(turns.iter().skip(10)).cloned().collect();
    dynamics.exchange(&[runs, turns].concat(), &added);
    adds_up(&dynamics);
    assert_eq!(dynamics.talk_time, one_by_one.talk_time);
    assert_eq!(dynamics.turn_events, one_by_one.turn_events);
    let (filled, spoken) = (dynamics.speech_figures().filled_pauses.me, dynamics.utterances().recognized_speech());
    let heard = dynamics.utterances().heard().iter().find(|one| one.track == Track::Me).unwrap().runs[0];
    dynamics.forget_heard(Track::Me, &[heard]);
    assert_eq!(dynamics.speech_figures().filled_pauses.me, filled - 1);
    assert_eq!(dynamics.utterances().recognized_speech().unwrap(), spoken.unwrap().saturating_sub(heard.len()));
    adds_up(&dynamics);
}

#[test]
fn a_change_that_reaches_far_back_is_taken() {
    let lines: Vec<Line> = (0..200).map(|line| (1 + line % 2, 40, 0)).collect();
    let mut dynamics = play(&lines, 0, &[]);
    let settled = dynamics.settled.until;
    assert!(settled > SampleTime::from_ms(600_000), "{settled}");
    let run = dynamics.runs().me[3];
    let filled = dynamics.speech_figures().filled_pauses.me;
    dynamics.push(&TurnEvent::Backchannel { by: Track::Me, span: run });
    assert_eq!(dynamics.speech_figures().filled_pauses.me, filled - 1);
    adds_up(&dynamics);
}
