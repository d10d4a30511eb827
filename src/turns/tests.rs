use proptest::prelude::*;

use super::*;

/// A conversation as it is told: `me 0.0-3.0 / them 2.0-5.0`, seconds of clean speech of either track.
fn conversation(script: &str) -> Vec<(Track, Span)> {
    let run = |line: &str| {
        let (who, when) = line.trim().split_once(' ').unwrap();
        let (start, end) = when.split_once('-').unwrap();
        let ms = |seconds: &str| (seconds.parse::<f64>().unwrap() * 1000.0).round() as u64;
        let track = if who == "me" { Track::Me } else { Track::Them };
        (track, Span::from_ms(ms(start), ms(end)))
    };
    script.split('/').map(run).collect()
}

/// Every event of a conversation, and the end of all speech.
fn hear(runs: &[(Track, Span)]) -> Vec<TurnEvent> {
    hear_with_lost(runs, &[])
}

fn hear_with_lost(runs: &[(Track, Span)], lost: &[(Track, Span)]) -> Vec<TurnEvent> {
    let end = runs.iter().map(|(_, span)| span.end).max().unwrap_or_default();
    let (mut turns, mut events, mut now) = (Turns::default(), Vec::new(), SampleTime::ZERO);
    let at = |of: &[(Track, Span)], now, track| of.iter().any(|(whose, span)| *whose == track && span.contains(now));
    while now < end {
        let speech = PerTrack::from_fn(|track| at(runs, now, track));
        let lost = PerTrack::from_fn(|track| at(lost, now, track));
        turns.step(&SpeechActivity { start: now, speech, lost }, &mut events);
        now += BLOCK_DURATION;
    }
    turns.finish(&mut events);
    events.into_iter().map(|decision: Decision| decision.event).collect()
}

fn told<T>(script: &str, pick: impl Fn(&TurnEvent) -> Option<T>) -> Vec<T> {
    hear(&conversation(script)).iter().filter_map(pick).collect()
}

/// `me 1.00-2.50`, as in the scripts.
fn shown(track: Track, span: Span) -> String {
    let who = if track == Track::Me { "me" } else { "them" };
    format!("{who} {:.2}-{:.2}", span.start.as_ms() as f64 / 1000.0, span.end.as_ms() as f64 / 1000.0)
}

fn runs(script: &str) -> Vec<String> {
    told(script, |event| match *event {
        TurnEvent::Run { track, span } => Some(shown(track, span)),
        _ => None,
    })
}

fn backchannels(script: &str) -> Vec<String> {
    told(script, |event| match *event {
        TurnEvent::Backchannel { by, span } => Some(shown(by, span)),
        _ => None,
    })
}

fn turns(script: &str) -> Vec<String> {
    told(script, |event| match *event {
        TurnEvent::Turn { track, span } => Some(shown(track, span)),
        _ => None,
    })
}

fn overlaps(script: &str) -> Vec<String> {
    told(script, |event| match *event {
        TurnEvent::Interruption { by, at, outcome, .. } => Some(format!("{by:?} {outcome:?} {}", at.as_ms())),
        TurnEvent::TerminalOverlap { by, at, .. } => Some(format!("{by:?} smooth {}", at.as_ms())),
        _ => None,
    })
}

fn monologues(script: &str) -> Vec<String> {
    told(script, |event| match *event {
        TurnEvent::Monologue { track, span } => Some(shown(track, span)),
        _ => None,
    })
}

fn silences(script: &str) -> Vec<String> {
    told(script, |event| match *event {
        TurnEvent::Silence { span, after, broken_by } => {
            Some(format!("{after:?} {}-{} {broken_by:?}", span.start.as_ms(), span.end.as_ms()))
        }
        _ => None,
    })
}

/// Who holds the floor from when on, up to the last speech.
fn floor(script: &str) -> Vec<String> {
    let end = conversation(script).iter().map(|(_, span)| span.end).max().unwrap();
    told(script, |event| match *event {
        TurnEvent::Floor { at, .. } if at > end => None,
        TurnEvent::Floor { holder: Floor::Free, at } => Some(format!("free {}", at.as_ms())),
        TurnEvent::Floor { holder: Floor::Held(track), at } => Some(format!("{track:?} {}", at.as_ms())),
        _ => None,
    })
}

#[test]
fn a_short_gap_is_bridged_and_then_a_short_run_dropped() {
    assert_eq!(runs("me 1.00-2.00 / me 2.19-3.00"), ["me 1.00-3.00"]);
    assert_eq!(runs("me 1.00-2.00 / me 2.20-3.00"), ["me 1.00-2.00", "me 2.20-3.00"]);
    assert!(runs("me 1.00-1.11").is_empty());
    assert_eq!(runs("me 1.00-1.05 / me 1.15-1.20"), ["me 1.00-1.20"], "bridged first");
}

#[test]
fn a_nod_while_the_other_goes_on_is_a_backchannel() {
    assert_eq!(backchannels("them 0.0-4.0 / me 2.0-2.5"), ["me 2.00-2.50"]);
}

#[test]
fn a_nod_in_the_others_pause_is_a_backchannel() {
    assert_eq!(backchannels("them 0.0-3.0 / me 3.2-3.7 / them 4.0-6.0"), ["me 3.20-3.70"]);
}

#[test]
fn a_nod_after_which_the_other_is_not_heard_takes_the_floor() {
    assert!(backchannels("them 0.0-3.0 / me 3.2-3.7 / them 5.0-6.0").is_empty());
    assert_eq!(floor("them 0.0-3.0 / me 3.2-3.7 / them 5.0-6.0"), ["Them 0", "Me 3200", "Them 5000"]);
}

#[test]
fn a_nod_that_own_speech_follows_is_that_speechs_beginning() {
    assert!(backchannels("them 0.0-4.0 / me 2.0-2.5 / me 3.3-6.0").is_empty());
}

#[test]
fn a_long_sign_of_listening_is_none() {
    assert_eq!(backchannels("them 0.0-5.0 / me 2.0-3.0"), ["me 2.00-3.00"]);
    assert!(backchannels("them 0.0-5.0 / me 2.0-3.01").is_empty());
}

#[test]
fn of_two_who_end_at_once_the_one_who_began_later_spoke_last() {
    assert_eq!(silences("me 1.0-4.0 / them 2.0-4.0 / me 8.0-9.0"), ["Them 4000-8000 Me"]);
    assert_eq!(silences("them 1.0-4.0 / me 2.0-4.0 / me 8.0-9.0"), ["Me 4000-8000 Me"]);
}

#[test]
fn of_two_who_begin_at_once_neither_listens() {
    assert_eq!(backchannels("me 1.0-4.0 / them 1.0-1.5"), [""; 0]);
    assert_eq!(backchannels("me 1.0-1.5 / them 1.0-4.0"), [""; 0]);
}

#[test]
fn nobody_gives_a_backchannel_to_a_free_floor() {
    assert!(backchannels("them 0.0-2.0 / me 5.5-6.0 / them 6.2-8.0").is_empty());
    assert_eq!(floor("them 0.0-2.0 / me 5.5-6.0 / them 6.2-8.0"), ["Them 0", "free 5000", "Me 5500", "Them 6200"]);
}

#[test]
fn breathing_does_not_end_a_turn_and_silence_does() {
    assert_eq!(turns("me 0.0-2.0 / me 4.5-6.0"), ["me 0.00-6.00"]);
    assert_eq!(turns("me 0.0-2.0 / me 5.5-6.0"), ["me 0.00-2.00", "me 5.50-6.00"]);
}

#[test]
fn a_backchannel_does_not_end_a_turn() {
    assert_eq!(turns("me 0.0-3.0 / them 3.1-3.6 / me 3.8-6.0 / them 6.2-8.0"), ["me 0.00-6.00", "them 6.20-8.00"]);
}

#[test]
fn who_cuts_in_and_goes_on_has_interrupted() {
    assert_eq!(overlaps("them 0.0-4.0 / me 3.0-7.0"), ["Me Successful 3000"]);
}

#[test]
fn who_cuts_in_and_gives_up_has_failed() {
    assert_eq!(overlaps("them 0.0-8.0 / me 3.0-4.5"), ["Me Failed 3000"]);
    assert_eq!(overlaps("them 0.0-5.0 / me 3.0-5.1"), ["Me Failed 3000"], "both end within 200 ms");
}

#[test]
fn an_onset_in_the_others_last_half_second_is_smooth() {
    assert_eq!(overlaps("them 0.0-4.0 / me 3.6-7.0"), ["Me smooth 3600"]);
    assert!(overlaps("them 0.0-4.0 / me 3.9-7.0").is_empty(), "both for less than 200 ms");
}

#[test]
fn two_who_begin_together_interrupt_nobody() {
    assert!(overlaps("them 0.0-4.0 / me 0.4-7.0").is_empty());
}

/// The floor spans in the order of their ends.
fn floor_spans(script: &str) -> Vec<String> {
    told(script, |event| match *event {
        TurnEvent::FloorSpan { track, span } => Some(shown(track, span)),
        _ => None,
    })
}

#[test]
fn a_breath_is_no_gap_between_floor_spans() {
    assert_eq!(floor_spans("me 0.0-2.0 / me 2.99-4.0"), ["me 0.00-4.00"]);
    assert_eq!(floor_spans("me 0.0-2.0 / me 3.0-4.0"), ["me 0.00-2.00", "me 3.00-4.00"]);
}

/// A click of theirs holds my run back until it is known to be a click: my breath is no longer for it.
#[test]
fn a_click_of_the_others_does_not_part_a_floor_span() {
    assert_eq!(floor_spans("me 0.00-1.00 / them 1.82-1.89 / me 1.96-3.00"), ["me 0.00-3.00"]);
}

#[test]
fn a_click_of_the_others_hides_no_speech_that_goes_on() {
    assert!(backchannels("me 0.00-2.80 / them 2.00-2.50 / me 3.35-3.42 / them 3.42-6.00").is_empty());
}

#[test]
fn floor_spans_never_join_across_the_beginning_of_the_others() {
    // They cut in, I stop, and 0.9 s later I cut in on them: not one span of mine that began before theirs.
    let script = "me 0.0-4.0 / them 3.0-8.0 / me 4.9-7.0";
    assert_eq!(floor_spans(script), ["me 0.00-4.00", "me 4.90-7.00", "them 3.00-8.00"]);
    assert_eq!(overlaps(script), ["Them Successful 3000", "Me Failed 4900"]);
    assert_eq!(floor(script), ["Me 0", "Them 3000", "Me 4900", "Them 7000"]);
    // A sign of listening is no floor span, and a beginning before mine is not crossed.
    assert_eq!(floor_spans("me 0.0-4.0 / them 3.9-4.3 / me 4.8-9.0"), ["me 0.00-9.00"]);
    assert_eq!(floor_spans("them 0.0-9.0 / me 3.0-4.0 / me 4.9-7.0"), ["me 3.00-7.00", "them 0.00-9.00"]);
}

#[test]
fn who_comes_back_into_the_others_span_after_a_short_pause_never_stopped() {
    // 0.5 s is a pause inside an utterance.
    assert_eq!(overlaps("me 0.0-4.0 / them 3.0-6.0 / me 4.5-7.0"), ["Them Failed 3000"]);
}

#[test]
fn after_a_failed_interruption_the_floor_is_the_others_again() {
    assert_eq!(floor("them 0.0-12.0 / me 3.0-4.5"), ["Them 0", "Me 3000", "Them 4500"]);
    assert_eq!(backchannels("them 0.0-12.0 / me 3.0-4.5 / me 8.0-8.4"), ["me 8.00-8.40"]);
}

#[test]
fn a_monologue_goes_through_pauses_and_nods() {
    let script = "me 0.0-20.0 / them 9.0-9.4 / me 22.5-40.0 / them 40.5-45.0";
    assert_eq!(monologues(script), ["me 0.00-40.00", "them 40.50-45.00"]);
}

#[test]
fn a_second_of_the_other_ends_a_monologue() {
    let script = "me 0.0-20.0 / them 20.2-21.4 / me 21.6-40.0";
    assert_eq!(monologues(script), ["me 0.00-20.00", "them 20.20-21.40", "me 21.60-40.00"]);
}

#[test]
fn what_is_said_inside_the_others_speech_is_no_monologue() {
    // They hold the floor for a minute; I put in a word now and then, and then I talk.
    let script = "them 0.0-60.0 / me 10.0-12.0 / me 20.0-23.0 / me 30.0-33.0 / me 61.0-80.0";
    assert_eq!(
        monologues(script),
        ["them 0.00-10.00", "them 12.00-20.00", "them 23.00-30.00", "them 33.00-60.00", "me 61.00-80.00"]
    );
    // I cut in, and go on where they have given way.
    assert_eq!(monologues("them 0.0-14.0 / me 12.0-40.0"), ["them 0.00-12.00", "me 14.00-40.00"]);
    // A smooth change is no more than that.
    assert_eq!(monologues("them 0.0-12.5 / me 12.0-40.0"), ["them 0.00-12.00", "me 12.00-40.00"]);
}

#[test]
fn who_talks_through_an_interruption_begins_a_new_monologue_after_it() {
    assert_eq!(monologues("me 0.0-30.0 / them 10.0-12.0"), ["me 0.00-10.00", "me 12.00-30.00"]);
}

#[test]
fn a_silence_has_somebody_before_and_after_it() {
    assert_eq!(silences("me 1.0-2.0 / them 6.0-7.0"), ["Me 2000-6000 Them"]);
    assert!(silences("me 1.0-2.0 / them 4.99-7.0").is_empty());
    assert!(silences("me 4.0-5.0").is_empty(), "before the first speech");
}

#[test]
fn a_lost_stretch_is_no_silence() {
    let runs = conversation("me 1.0-2.0 / them 6.0-7.0");
    let lost = [(Track::Them, Span::from_ms(3_000, 3_500))];
    let silences = |event: &&TurnEvent| matches!(event, TurnEvent::Silence { .. });
    assert_eq!(hear(&runs).iter().filter(silences).count(), 1);
    assert_eq!(hear_with_lost(&runs, &lost).iter().filter(silences).count(), 0);
}

#[test]
fn what_is_going_on_is_known_before_it_is_over() {
    let mut turns = Turns::default();
    let mut now = SampleTime::ZERO;
    let mut say = |turns: &mut Turns, me: bool, ms: u64| {
        let until = now + Samples::from_ms(ms);
        while now < until {
            let speech = PerTrack { me, them: false };
            turns.step(&SpeechActivity { start: now, speech, lost: PerTrack::default() }, &mut Vec::new());
            now += BLOCK_DURATION;
        }
    };
    say(&mut turns, true, 10);
    assert!(turns.voiced(Track::Me) && !turns.speaking(Track::Me), "heard at once, a run only later");
    say(&mut turns, true, 290);
    assert!(turns.speaking(Track::Me));
    assert_eq!(turns.floor(), Floor::Held(Track::Me));
    assert_eq!(turns.monologue(Track::Me).map(|monologue| monologue.len()), Some(Samples::from_ms(300)));
    say(&mut turns, false, 500);
    assert_eq!(turns.silent_since(), Some(SampleTime::from_ms(300)));
    assert_eq!(turns.last_speaker(), Some(Track::Me));
}

/// Speech of both tracks on a 10 ms grid, some overlapping, some short.
fn any_conversation() -> impl Strategy<Value = Vec<(Track, Span)>> {
    let run = (any::<bool>(), 1_u64..400, 1_u64..300);
    proptest::collection::vec(run, 1..30).prop_map(|lines| {
        let mut ends = PerTrack { me: 0_u64, them: 0_u64 };
        let place = |(me, gap, length): (bool, u64, u64)| {
            let track = if me { Track::Me } else { Track::Them };
            let start = ends[track] + gap;
            ends[track] = start + length;
            (track, Span::from_ms(start * 10, ends[track] * 10))
        };
        lines.into_iter().map(place).collect()
    })
}

fn shifted(runs: &[(Track, Span)], by: Samples) -> Vec<(Track, Span)> {
    runs.iter().map(|(track, span)| (*track, Span::new(span.start + by, span.end + by))).collect()
}

fn lengths_sorted(events: &[TurnEvent], pick: impl Fn(&TurnEvent) -> Option<(Track, Span)>) -> Vec<(Track, Samples)> {
    let mut all: Vec<_> = events.iter().filter_map(pick).map(|(track, span)| (track, span.len())).collect();
    all.sort();
    all
}

fn of_turns(event: &TurnEvent) -> Option<(Track, Span)> {
    match *event {
        TurnEvent::Turn { track, span } => Some((track, span)),
        _ => None,
    }
}

fn of_backchannels(event: &TurnEvent) -> Option<(Track, Span)> {
    match *event {
        TurnEvent::Backchannel { by, span } => Some((by, span)),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn swapping_the_tracks_swaps_the_verdicts(runs in any_conversation()) {
        let swapped: Vec<_> = runs.iter().map(|(track, span)| (!*track, *span)).collect();
        for pick in [of_turns, of_backchannels] {
            // Two that begin in the same step have an order all the same, so this law needs distinct beginnings.
            let mut starts: Vec<_> = runs.iter().map(|(_, span)| span.start).collect();
            starts.sort();
            starts.dedup();
            prop_assume!(starts.len() == runs.len());
            let mut mirrored = lengths_sorted(&hear(&swapped), pick);
            mirrored.iter_mut().for_each(|(track, _)| *track = !*track);
            mirrored.sort();
            prop_assert_eq!(lengths_sorted(&hear(&runs), pick), mirrored);
        }
    }

    #[test]
    fn a_later_conversation_is_the_same_conversation(runs in any_conversation(), later in 1_u64..500) {
        let later = Samples::from_ms(later * 10);
        for pick in [of_turns, of_backchannels] {
            prop_assert_eq!(lengths_sorted(&hear(&runs), pick), lengths_sorted(&hear(&shifted(&runs, later)), pick));
        }
    }

    #[test]
    fn a_click_changes_nothing(runs in any_conversation(), track in 0..2_usize, at in 0_u64..2_000, length in 1_u64..12) {
        let click = Span::from_ms(at * 10, (at + length) * 10);
        let near = |(of, span): &(Track, Span)| {
            *of == Track::BOTH[track] && span.start < click.end + runs::BRIDGE && click.start < span.end + runs::BRIDGE
        };
        prop_assume!(!runs.iter().any(near));
        let clicked: Vec<_> = runs.iter().copied().chain([(Track::BOTH[track], click)]).collect();
        // Where a monologue begins inside the other's last words depends on which of two spans is known to be over first.
        let matters = |event: &&TurnEvent| !matches!(event, TurnEvent::Monologue { .. });
        let sorted = |runs: &[(Track, Span)]| {
            let mut events: Vec<_> = hear(runs).iter().filter(matters).map(|event| format!("{event:?}")).collect();
            events.sort();
            events
        };
        let (clicked, runs) = (sorted(&clicked), sorted(&runs));
        let more: Vec<_> = clicked.iter().filter(|event| !runs.contains(event)).collect();
        let less: Vec<_> = runs.iter().filter(|event| !clicked.contains(event)).collect();
        prop_assert!(clicked == runs, "with the click {more:?}, without it {less:?}");
    }

    #[test]
    fn turns_of_one_track_follow_each_other(runs in any_conversation()) {
        let events = hear(&runs);
        for track in Track::BOTH {
            let turns: Vec<_> = events.iter().filter_map(of_turns).filter(|turn| turn.0 == track).collect();
            for pair in turns.windows(2) {
                prop_assert!(pair[0].1.end <= pair[1].1.start, "{:?} {:?}", pair[0], pair[1]);
            }
        }
    }

    #[test]
    fn every_run_is_in_a_turn_or_a_backchannel_and_never_in_both(runs in any_conversation()) {
        let events = hear(&runs);
        for event in &events {
            if let TurnEvent::Run { track, span } = *event {
                let holds = |(whose, outer): &(Track, Span)| *whose == track && outer.start <= span.start && span.end <= outer.end;
                let turns = events.iter().filter_map(of_turns).filter(&holds).count();
                let nods = events.iter().filter_map(of_backchannels).filter(&holds).count();
                // A nod of the holder's lies inside no turn of its own unless the turn goes on around it.
                prop_assert!(turns + nods >= 1, "{track:?} {span:?} is nowhere in {events:?}");
                prop_assert!(turns <= 1 && nods <= 1);
            }
        }
    }

    #[test]
    fn the_floor_changes_in_order_and_never_to_itself(runs in any_conversation()) {
        let mut before = (SampleTime::ZERO, Floor::Free);
        for event in hear(&runs) {
            if let TurnEvent::Floor { holder, at } = event {
                prop_assert!(at >= before.0 && holder != before.1);
                before = (at, holder);
            }
        }
    }
}

#[test]
fn a_second_of_both_is_a_long_overlap_whoever_began() {
    let long = |script: &str| {
        told(script, |event| match *event {
            TurnEvent::LongOverlap { span } => Some((span.start.as_ms(), span.end.as_ms())),
            _ => None,
        })
    };
    assert_eq!(long("them 0.0-4.0 / me 3.0-6.0"), [(3_000, 4_000)]);
    assert_eq!(long("me 0.0-4.0 / them 1.0-2.5"), [(1_000, 2_500)]);
    assert!(long("them 0.0-4.0 / me 3.01-6.0").is_empty());
    assert_eq!(long("them 0.0-4.0 / me 1.0-2.0 / me 2.2-3.2"), [(1_000, 2_000), (2_200, 3_200)]);
}

/// The provisional onset in the step that ends at `ms`.
fn onset(script: &str, ms: u64) -> Option<(Track, u64)> {
    let runs = conversation(script);
    let (mut turns, mut events, mut now) = (Turns::default(), Vec::new(), SampleTime::ZERO);
    while now < SampleTime::from_ms(ms) {
        let speech = PerTrack::from_fn(|track| runs.iter().any(|(whose, span)| *whose == track && span.contains(now)));
        turns.step(&SpeechActivity { start: now, speech, lost: PerTrack::default() }, &mut events);
        now += BLOCK_DURATION;
    }
    turns.onset().map(|onset| (onset.by, onset.at.as_ms()))
}

#[test]
fn an_onset_inside_the_others_span_is_provisional_from_two_tenths_of_a_second_until_it_is_settled() {
    let nod = "them 0.0-6.0 / me 2.0-2.5";
    assert_eq!(onset(nod, 2_190), None);
    assert_eq!(onset(nod, 2_200), Some((Track::Me, 2_000)));
    assert_eq!(onset(nod, 3_490), Some((Track::Me, 2_000)));
    assert_eq!(onset(nod, 3_500), None, "a backchannel, settled");
    let cut_in = "them 0.0-3.0 / me 2.0-6.0";
    assert_eq!(onset(cut_in, 3_500), Some((Track::Me, 2_000)));
    assert_eq!(onset(cut_in, 4_100), None, "an interruption, settled");
    assert_eq!(onset("them 0.0-3.0 / me 0.3-6.0", 1_000), None, "both began at once");
}
