use super::*;
use crate::audio::{PerTrack, Track};
use crate::time::Span;
use crate::turns::{Evidence, Outcome, TextKind, TurnEvent};

use Track::{Me, Them};

/// A call of these runs, in milliseconds, as far as `until`; what was told.
fn call(runs: &[(Track, u64, u64)], until: u64) -> (Conversation, Vec<TurnEvent>) {
    let (mut conversation, mut told) = (Conversation::default(), Vec::new());
    go_on(&mut conversation, runs, until, &mut told);
    (conversation, told)
}

fn go_on(conversation: &mut Conversation, runs: &[(Track, u64, u64)], until: u64, told: &mut Vec<TurnEvent>) {
    while conversation.heard_until < SampleTime::from_ms(until) {
        let now = conversation.heard_until;
        let speaks =
            |track| runs.iter().any(|(whose, start, end)| *whose == track && Span::from_ms(*start, *end).contains(now));
        let step = SpeechActivity { start: now, speech: PerTrack::from_fn(speaks), lost: PerTrack::default() };
        let mut decided = Vec::new();
        conversation.step(&step, &mut decided);
        told.extend(events(&decided));
    }
}

fn events(decisions: &[Decision]) -> Vec<TurnEvent> {
    decisions.iter().map(|decision| decision.event.clone()).collect()
}

/// What a text changes of the events: what is withdrawn, and what is added.
fn revise(conversation: &mut Conversation, hint: TextHint) -> (Vec<TurnEvent>, Vec<TurnEvent>) {
    let Revision { withdrawn, added, .. } = conversation.revise(hint);
    (events(&withdrawn), events(&added))
}

const UNCHANGED: (Vec<TurnEvent>, Vec<TurnEvent>) = (Vec::new(), Vec::new());

fn said(track: Track, start: u64, end: u64, said: TextKind) -> TextHint {
    TextHint { track, span: Span::from_ms(start, end), kind: said, ends_with_question: false }
}

fn asked(track: Track, start: u64, end: u64) -> TextHint {
    TextHint { ends_with_question: true, ..said(track, start, end, TextKind::Substantive) }
}

fn backchannels(events: &[TurnEvent]) -> Vec<(Track, u64)> {
    let of = |event: &TurnEvent| match *event {
        TurnEvent::Backchannel { by, span } => Some((by, span.start.as_ms())),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

fn interruptions(events: &[TurnEvent]) -> Vec<(Track, u64, Outcome)> {
    let of = |event: &TurnEvent| match *event {
        TurnEvent::Interruption { by, at, outcome, .. } => Some((by, at.as_ms(), outcome)),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

/// They talk; I say something for a second and a half in the middle.
const LONG_NOD: [(Track, u64, u64); 2] = [(Them, 0, 12_000), (Me, 4_000, 5_500)];

#[test]
fn a_long_nod_counts_as_a_failed_interruption_until_its_text_comes() {
    let (mut conversation, told) = call(&LONG_NOD, 7_000);
    assert_eq!(interruptions(&told), [(Me, 4_000, Outcome::Failed)]);
    let (withdrawn, added) = revise(&mut conversation, said(Me, 4_000, 5_500, TextKind::RecognizedBackchannel));
    assert_eq!(interruptions(&withdrawn), [(Me, 4_000, Outcome::Failed)]);
    assert_eq!(backchannels(&added), [(Me, 4_000)]);
    let mut later = Vec::new();
    go_on(&mut conversation, &LONG_NOD, 15_000, &mut later);
    assert!(interruptions(&later).is_empty() && backchannels(&later).is_empty(), "told once");
}

#[test]
fn a_short_word_of_substance_is_no_nod() {
    let runs = [(Them, 0, 12_000), (Me, 4_000, 4_900)];
    let (mut conversation, told) = call(&runs, 7_000);
    assert_eq!(backchannels(&told), [(Me, 4_000)]);
    let (withdrawn, added) = revise(&mut conversation, said(Me, 4_000, 4_900, TextKind::Substantive));
    assert_eq!(backchannels(&withdrawn), [(Me, 4_000)]);
    assert_eq!(interruptions(&added), [(Me, 4_000, Outcome::Failed)]);
}

#[test]
fn a_short_answer_to_a_question_takes_the_floor() {
    let runs = [(Them, 0, 4_000), (Me, 4_300, 4_700), (Them, 5_200, 9_000)];
    let (mut conversation, told) = call(&runs, 6_500);
    assert_eq!(backchannels(&told), [(Me, 4_300)]);
    let (withdrawn, added) = revise(&mut conversation, asked(Them, 0, 4_000));
    assert_eq!(backchannels(&withdrawn), [(Me, 4_300)]);
    assert!(added.iter().any(|event| matches!(event, TurnEvent::Floor { at, .. } if at.as_ms() == 4_300)));
}

#[test]
fn a_nod_after_the_asker_has_gone_on_answers_nothing() {
    let runs = [(Them, 0, 4_000), (Them, 4_800, 9_000), (Me, 6_000, 6_400)];
    let (mut conversation, told) = call(&runs, 8_000);
    assert_eq!(backchannels(&told), [(Me, 6_000)]);
    assert_eq!(revise(&mut conversation, asked(Them, 0, 4_000)), UNCHANGED);
}

#[test]
fn one_nod_after_another_is_no_beginning_of_a_speech() {
    let runs = [(Them, 0, 12_000), (Me, 4_000, 4_500), (Me, 5_300, 5_800)];
    let (mut conversation, told) = call(&runs, 8_000);
    assert!(backchannels(&told).is_empty(), "by its sound the first is followed by own speech");
    let (_, added) = revise(&mut conversation, said(Me, 4_000, 4_500, TextKind::RecognizedBackchannel));
    assert_eq!(backchannels(&added), [(Me, 4_000), (Me, 5_300)]);
    assert_eq!(revise(&mut conversation, said(Me, 5_300, 5_800, TextKind::RecognizedBackchannel)), UNCHANGED);
}

#[test]
fn who_nods_and_then_speaks_has_nodded_and_spoken() {
    let runs = [(Them, 0, 6_000), (Me, 4_000, 4_500), (Me, 5_300, 9_000)];
    let (mut conversation, told) = call(&runs, 7_500);
    assert_eq!((backchannels(&told), interruptions(&told)), (vec![], vec![(Me, 4_000, Outcome::Successful)]));
    let (withdrawn, added) = revise(&mut conversation, said(Me, 4_000, 4_500, TextKind::RecognizedBackchannel));
    assert_eq!(backchannels(&added), [(Me, 4_000)]);
    assert_eq!(interruptions(&withdrawn), [(Me, 4_000, Outcome::Successful)]);
    let mut later = Vec::new();
    go_on(&mut conversation, &runs, 12_000, &mut later);
    assert_eq!(interruptions(&[added, later].concat()), [(Me, 5_300, Outcome::Successful)]);
}

/// Told at last, by these runs and texts of which each comes a second after its end.
fn standing(runs: &[(Track, u64, u64)], hints: &[TextHint], until: u64) -> Vec<TurnEvent> {
    let (mut conversation, mut told) = (Conversation::default(), Vec::new());
    for hint in hints {
        go_on(&mut conversation, runs, hint.span.end.as_ms() + 1_000, &mut told);
        let (withdrawn, added) = revise(&mut conversation, *hint);
        told.retain(|event| !withdrawn.contains(event));
        told.extend(added);
    }
    go_on(&mut conversation, runs, until, &mut told);
    told
}

#[test]
fn a_known_nod_stands_by_itself_however_soon_own_words_follow() {
    // "Hm." 0.6 s "Across, yeah." while they go on.
    let runs = [(Them, 0, 9_400), (Me, 5_800, 6_500), (Me, 7_100, 8_600)];
    let nod = said(Me, 5_800, 6_500, TextKind::WrittenBackchannel);
    let words = said(Me, 7_100, 8_600, TextKind::Substantive);
    let untold = call(&runs, 13_000).1;
    assert_eq!((backchannels(&untold), interruptions(&untold)), (vec![], vec![(Me, 5_800, Outcome::Failed)]));
    let told = standing(&runs, &[nod, words], 13_000);
    assert_eq!((backchannels(&told), interruptions(&told)), (vec![(Me, 5_800)], vec![(Me, 7_100, Outcome::Failed)]));
}

#[test]
fn a_known_nod_soon_after_own_words_is_no_end_of_them() {
    // I ask, they answer before I have finished, and I nod 0.5 s after my last word.
    let runs = [(Me, 0, 4_000), (Them, 3_200, 9_000), (Me, 4_500, 4_900)];
    assert_eq!(backchannels(&call(&runs, 13_000).1), []);
    let told = standing(&runs, &[said(Me, 4_500, 4_900, TextKind::RecognizedBackchannel)], 13_000);
    assert_eq!(backchannels(&told), [(Me, 4_500)]);
    assert_eq!(interruptions(&told), [(Them, 3_200, Outcome::Successful)]);
}

#[test]
fn nods_of_one_text_are_one_and_of_two_texts_two() {
    let runs = [(Them, 0, 9_000), (Me, 4_000, 4_300), (Me, 4_700, 5_000)];
    let kind = TextKind::RecognizedBackchannel;
    assert_eq!(backchannels(&standing(&runs, &[said(Me, 4_000, 5_000, kind)], 9_000)), [(Me, 4_000)]);
    let both = [said(Me, 4_000, 4_300, kind), said(Me, 4_700, 5_000, kind)];
    assert_eq!(backchannels(&standing(&runs, &both, 9_000)), [(Me, 4_000), (Me, 4_700)]);
}

#[test]
fn a_nod_and_words_without_a_pause_between_them_are_one_run() {
    let runs = [(Them, 0, 12_000), (Me, 4_000, 6_500)];
    let hints = [
        said(Me, 4_000, 4_400, TextKind::WrittenBackchannel),
        said(Me, 4_500, 4_900, TextKind::WrittenBackchannel),
        said(Me, 5_000, 6_500, TextKind::Substantive),
    ];
    let told = standing(&runs, &hints, 12_000);
    assert_eq!((backchannels(&told), interruptions(&told)), (vec![], vec![(Me, 4_000, Outcome::Failed)]));
}

#[test]
fn after_a_known_nod_the_other_may_think_for_a_while() {
    let runs = [(Them, 0, 4_000), (Me, 4_100, 4_500), (Them, 6_400, 9_000)];
    let (mut conversation, told) = call(&runs, 6_000);
    assert_eq!(backchannels(&told), []);
    conversation.revise(said(Me, 4_100, 4_500, TextKind::RecognizedBackchannel));
    let mut later = Vec::new();
    go_on(&mut conversation, &runs, 12_000, &mut later);
    assert_eq!(backchannels(&later), [(Me, 4_100)]);
    let taken = [(Them, 0, 4_000), (Me, 4_100, 4_500), (Me, 5_400, 8_000), (Them, 6_000, 9_000)];
    let (mut conversation, mut told) = call(&taken, 5_800);
    told.extend(revise(&mut conversation, said(Me, 4_100, 4_500, TextKind::RecognizedBackchannel)).1);
    go_on(&mut conversation, &taken, 12_000, &mut told);
    assert_eq!(backchannels(&told), [], "who says yes and goes on first has taken the floor");
}

/// Two lines of a transcript without a pause between them: the first ends with a question, the second does not.
#[test]
fn a_nod_while_the_asker_goes_on_without_a_pause_answers_nothing() {
    let runs = [(Them, 0, 20_000), (Me, 10_000, 10_400)];
    let (mut conversation, told) = call(&runs, 12_000);
    assert_eq!(backchannels(&told), [(Me, 10_000)]);
    assert_eq!(revise(&mut conversation, asked(Them, 0, 4_000)), UNCHANGED);
}

#[test]
fn a_line_of_nods_is_as_long_as_its_pauses_make_it() {
    let runs = [(Them, 0, 20_000), (Me, 4_000, 8_500)];
    let (mut conversation, told) = call(&runs, 9_400);
    assert_eq!(interruptions(&told), [], "not settled yet");
    let misheard = revise(&mut call(&runs, 9_400).0, said(Me, 4_000, 8_500, TextKind::RecognizedBackchannel));
    assert_eq!(misheard, UNCHANGED, "a recogniser's utterance has no such pauses");
    conversation.revise(said(Me, 4_000, 8_500, TextKind::WrittenBackchannel));
    let mut later = Vec::new();
    go_on(&mut conversation, &runs, 12_000, &mut later);
    assert_eq!((backchannels(&later), interruptions(&later)), (vec![(Me, 4_000)], vec![]));
}

#[test]
fn who_talks_on_after_a_failed_interruption_and_a_breath_has_the_floor() {
    let runs = [(Them, 0, 4_000), (Me, 2_500, 4_500), (Them, 4_800, 14_000), (Me, 9_000, 9_400)];
    let (_, told) = call(&runs, 16_000);
    assert_eq!(backchannels(&told), [(Me, 9_000)]);
}

#[test]
fn text_that_says_nothing_new_changes_nothing() {
    let (mut conversation, _) = call(&LONG_NOD, 7_000);
    assert_eq!(revise(&mut conversation, said(Me, 4_000, 5_500, TextKind::Unsure)), UNCHANGED);
    assert_eq!(revise(&mut conversation, said(Me, 4_000, 5_500, TextKind::Substantive)), UNCHANGED);
    assert_eq!(revise(&mut conversation, said(Them, 0, 3_000, TextKind::RecognizedBackchannel)), UNCHANGED);
}

#[test]
fn a_text_that_changes_no_verdict_is_part_of_its_evidence() {
    let text_of = |decisions: &[Decision]| {
        let compared = decisions.iter().find_map(|decision| match decision.evidence {
            Evidence::Backchannel(compared) => Some(compared),
            _ => None,
        });
        compared.and_then(|compared| compared.text).map(|text| text.kind)
    };
    let runs = [(Them, 0, 12_000), (Me, 4_000, 4_900)];
    let revised = |kind| call(&runs, 7_000).0.revise(said(Me, 4_000, 4_900, kind));
    let confirmed = revised(TextKind::RecognizedBackchannel).confirmed;
    assert_eq!(text_of(&confirmed), Some(TextKind::RecognizedBackchannel));
    assert_eq!(text_of(&revised(TextKind::Substantive).withdrawn), Some(TextKind::Substantive), "what withdrew it");
}

#[test]
fn a_verdict_is_frozen_eleven_seconds_after_its_utterance() {
    let runs = [(Them, 0, 30_000), (Me, 4_000, 5_500)];
    let revised =
        |until| revise(&mut call(&runs, until).0, said(Me, 4_000, 5_500, TextKind::RecognizedBackchannel)) != UNCHANGED;
    assert!(revised(16_500));
    assert!(!revised(16_510));
}

#[test]
fn text_that_comes_first_gives_the_verdict_that_text_that_comes_late_gives() {
    let runs = [
        (Them, 0, 6_000),
        (Me, 2_000, 3_400),
        (Me, 6_300, 6_600),
        (Them, 7_300, 12_000),
        (Me, 9_000, 9_900),
        (Them, 13_000, 15_000),
    ];
    let hints = [
        said(Me, 2_000, 3_400, TextKind::RecognizedBackchannel),
        asked(Them, 0, 6_000),
        said(Me, 9_000, 9_900, TextKind::Substantive),
    ];
    let standing = |delay: u64| {
        let (mut conversation, mut told) = (Conversation::default(), Vec::new());
        let mut due: Vec<_> = hints.iter().map(|hint| (hint.span.end.as_ms() + delay, *hint)).collect();
        due.sort_by_key(|(at, _)| *at);
        for (at, hint) in due {
            go_on(&mut conversation, &runs, at, &mut told);
            let (withdrawn, added) = revise(&mut conversation, hint);
            told.retain(|event| !withdrawn.contains(event));
            told.extend(added);
        }
        go_on(&mut conversation, &runs, 30_000, &mut told);
        let mut told: Vec<String> = told.iter().map(|event| format!("{event:?}")).collect();
        told.sort();
        told
    };
    assert_eq!(standing(300), standing(2_000));
    assert_eq!(standing(300), standing(9_000));
}
