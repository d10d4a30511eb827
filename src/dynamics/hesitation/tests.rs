use super::*;
use crate::asr::Transcription;
use crate::language::{self, Language};

use Track::{Me, Them};

fn heard(runs: &[(u64, u64)], text: &str) -> Heard {
    let runs = runs.iter().map(|(start, end)| Span::from_ms(*start, *end)).collect();
    let said = Transcription {
        text: text.to_owned(),
        language: Language::Ja,
        reading: language::analyze(text, Language::Ja),
        written: false,
        doubtful: false,
    };
    Heard { track: Me, runs, transcription: Ok(Some(said)) }
}

/// Each filled pause as its start, its word, and whether the sound has it.
fn filled(steady: &[(u64, u64)], heard: &[Heard]) -> Vec<(u64, Option<String>, bool)> {
    let steady: Vec<Span> = steady.iter().map(|(start, end)| Span::from_ms(*start, *end)).collect();
    let found = filled_pauses(Me, &steady, heard);
    found.into_iter().map(|one| (one.span.start.as_ms(), one.text, one.in_sound)).collect()
}

const WITH_A_FILLER: &str = "えーと、来週の火曜日までに終わらせます。";

#[test]
fn a_sound_that_the_text_names_counts_once() {
    let text = heard(&[(1_000, 5_000)], WITH_A_FILLER);
    assert_eq!(filled(&[(1_050, 1_600)], &[text]), [(1_050, Some("えーと".to_owned()), true)]);
}

#[test]
fn either_alone_counts() {
    let text = heard(&[(1_000, 5_000)], WITH_A_FILLER);
    assert_eq!(filled(&[], std::slice::from_ref(&text)).len(), 1);
    assert_eq!(filled(&[(1_050, 1_600)], &[]), [(1_050, None, true)]);
    let far = filled(&[(4_300, 4_900)], &[text]);
    assert_eq!(far.len(), 2, "the word at the beginning is not the sound at the end: {far:?}");
}

#[test]
fn two_sounds_and_one_word_are_two() {
    let text = heard(&[(1_000, 5_000)], WITH_A_FILLER);
    let found = filled(&[(1_050, 1_600), (2_300, 2_800)], &[text]);
    assert_eq!(found, [(1_050, Some("えーと".to_owned()), true), (2_300, None, true)]);
}

#[test]
fn a_word_that_may_be_something_else_counts_where_it_is_lengthened() {
    let text = "来週の火曜日までに終わらせたいと思います、まあ、難しいかもしれませんが、やってみます。";
    let one = heard(&[(0, 8_000)], text);
    assert_eq!(filled(&[], std::slice::from_ref(&one)), []);
    let lengthened = filled(&[(4_000, 4_600)], &[one]);
    assert_eq!(lengthened, [(4_000, Some("まあ".to_owned()), true)]);
}

#[test]
fn a_sound_of_the_other_is_the_others() {
    let text = heard(&[(1_000, 5_000)], WITH_A_FILLER);
    assert_eq!(filled_pauses(Them, &[], &[text]), []);
}

#[test]
fn a_pause_of_a_second_inside_a_turn_counts_unless_the_other_speaks_in_it() {
    let run = |start, end| Span::from_ms(start, end);
    let mine = vec![run(0, 2_000), run(3_000, 4_000), run(4_900, 6_000), run(7_500, 9_000)];
    let runs = PerTrack { me: mine, them: vec![run(6_400, 6_800), run(10_000, 12_000)] };
    let turn = run(0, 9_000);
    let found: Vec<_> = pauses(Me, [turn].into_iter(), &runs).iter().map(|one| one.span).collect();
    assert_eq!(found, [run(2_000, 3_000)]);
}
