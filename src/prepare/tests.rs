use strum::VariantArray;

use std::collections::VecDeque;

use super::*;
use crate::audio::{BLOCK_DURATION, BLOCK_SIZE, Block, Pcm, PerTrack, SILENCE, Track};
use crate::doubles::random::Random;
use crate::frontend::FrontEnd;
use crate::frontend::vad::Detector;
use crate::health::confidence::{Confidence, FigureGroup};
use crate::people::{Preference, StatedCard};
use crate::records::{Figures, Intention};
use crate::source::file::FileSource;
use crate::source::{Notice, Source, SourceError};
use crate::time::SampleTime;

/// The bundled call's blocks.
fn sample() -> Vec<Block> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sample_call/call.flac");
    let mut source = FileSource::open(&path, None).unwrap();
    std::iter::from_fn(|| source.next().unwrap()).collect()
}

fn block(i: usize, me: Pcm, them: Pcm) -> Block {
    Block {
        start: SampleTime::new((i * BLOCK_SIZE) as u64),
        pcm: PerTrack { me, them },
        lost: PerTrack::default(),
        speech: None,
    }
}

fn play(hearing: &mut SoundCheck, blocks: std::ops::Range<usize>, me: Pcm) {
    for i in blocks {
        hearing.push(block(i, me, SILENCE));
    }
}

/// A tone of a tenth of full scale: −20 dB, and 3 dB less.
fn tone() -> Pcm {
    std::array::from_fn(|i| (3_276.8 * (i as f32 * std::f32::consts::TAU / 16.0).sin()) as i16)
}

fn close(dbfs: f32, to: f32) -> bool {
    (dbfs - to).abs() < 0.1
}

#[test]
fn a_level_is_the_mean_of_the_last_300_ms() {
    let mut hearing = SoundCheck::new(&Detector::default());
    assert_eq!(hearing.status().level.me.dbfs, -96.0, "before anything");
    play(&mut hearing, 0..30, tone());
    let level = hearing.status().level;
    assert!(close(level.me.dbfs, -23.0) && level.them.dbfs == -96.0, "{level:?}");
    play(&mut hearing, 30..45, SILENCE);
    assert!(close(hearing.status().level.me.dbfs, -26.0), "half of it is silent");
    play(&mut hearing, 45..60, SILENCE);
    assert_eq!(hearing.status().level.me.dbfs, -96.0);
}

#[test]
fn how_long_nothing_has_come_in_is_known_of_each_side_until_something_does() {
    let mut hearing = SoundCheck::new(&Detector::default());
    let mut next = 0..;
    let mut lost = |me, them| {
        let sound = block(next.next().unwrap(), tone(), tone());
        hearing.push(Block { lost: PerTrack { me, them }, ..sound });
        hearing.status().level.map(|level| level.lost.as_ms())
    };
    assert_eq!(lost(false, false), PerTrack { me: 0, them: 0 });
    assert_eq!(lost(true, false), PerTrack { me: 10, them: 0 });
    assert_eq!(lost(true, true), PerTrack { me: 20, them: 10 });
    assert_eq!(lost(false, true), PerTrack { me: 0, them: 20 });
    assert_eq!(lost(true, false), PerTrack { me: 10, them: 0 }, "what was lost before is over");
}

#[test]
fn a_sound_check_that_fails_is_built_anew_and_hears_both_sides() {
    let detector = Detector::default();
    // In my first words, so that all that is heard of me is heard by the new one.
    let front_end = FrontEnd::failing_at(&detector, SampleTime::from_ms(900));
    let mut hearing = SoundCheck::with_front_end(front_end, &detector);
    for block in sample().into_iter().take(3_000) {
        hearing.push(block);
    }
    assert_eq!(hearing.status().level.map(|level| level.heard), PerTrack { me: true, them: true });
}

#[test]
fn a_side_is_heard_once_it_spoke_and_a_headset_is_found_free_of_echo() {
    let mut hearing = SoundCheck::new(&Detector::default());
    let mut heard = PerTrack { me: None, them: None };
    let mut free = None;
    for block in sample() {
        let now = block.span().end;
        hearing.push(block);
        let standing = hearing.status();
        for track in Track::BOTH {
            if standing.level[track].heard && heard[track].is_none() {
                heard[track] = Some(now);
            }
        }
        if standing.echo != EchoCheck::Waiting && free.is_none() {
            free = Some((now, standing.echo));
        }
    }
    // By its labels the sample's first words are mine at 0.8 s, theirs at 4.23 s.
    let ms = heard.map(|at: Option<SampleTime>| at.unwrap().as_ms());
    assert!((920..1_500).contains(&ms.me) && (4_350..5_000).contains(&ms.them), "{ms:?}");
    let (at, verdict) = free.unwrap();
    assert_eq!(verdict, EchoCheck::None);
    assert!(at > SampleTime::from_ms(ms.them + 4_000), "{at}: not before they spoke for long enough");
    assert_eq!(hearing.status().echo, EchoCheck::None, "to the end");
}

#[test]
fn open_speakers_leak_and_are_nobody_who_speaks() {
    let mut hearing = SoundCheck::new(&Detector::default());
    // The far end alone, at −14 dB in the microphone and 40 ms late, over a room's hiss.
    let mut hiss = Random::new(1);
    let mut room: VecDeque<Pcm> = std::iter::repeat_n(SILENCE, 4).collect();
    let mut checks = Vec::new();
    for mut block in sample() {
        room.push_back(block.pcm.them.map(|sample| sample / 5));
        block.pcm.me = room.pop_front().unwrap().map(|sample| sample + (hiss.noise() * 12.0) as i16);
        hearing.push(block);
        let check = hearing.status().echo;
        if checks.last() != Some(&check) {
            checks.push(check);
        }
    }
    assert_eq!(checks, [EchoCheck::Waiting, EchoCheck::Leaks]);
    assert!(hearing.status().level.them.heard && !hearing.status().level.me.heard);
}

#[test]
fn the_page_is_told_ten_times_a_second_and_at_once_of_a_state() {
    let mut hearing = SoundCheck::new(&Detector::default());
    let blocks: Vec<_> = sample().into_iter().take(600).collect();
    let told: Vec<_> = blocks
        .into_iter()
        .filter_map(|block| {
            let now = block.span().end;
            hearing.push(block).map(|standing| (now, standing))
        })
        .collect();
    // Six seconds, and a few states between.
    assert!((60..=66).contains(&told.len()), "{}", told.len());
    let first = told.iter().position(|(_, standing)| standing.level.me.heard).unwrap();
    assert!(told[first].0 - told[first - 1].0 < Samples::from_ms(100), "at once");
}

/// Blocks, and a notice with the second of them.
struct Script(VecDeque<Block>, Vec<Notice>);

impl Source for Script {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        Ok(self.0.pop_front())
    }

    fn next_notice(&mut self) -> Option<Notice> {
        if self.0.len() < 9 { self.1.pop() } else { None }
    }
}

fn script() -> Script {
    let gone = Notice::DeviceGone { track: Track::Me, device: "Headset".to_owned() };
    Script((0..10).map(|i| block(i, SILENCE, SILENCE)).collect(), vec![gone])
}

#[test]
fn a_source_is_listened_to_until_the_call_begins() {
    let (mut source, mut asked, mut notices) = (script(), 0, 0);
    let mut begins = || {
        asked += 1;
        asked == 4
    };
    let mut tell = |news| notices += usize::from(matches!(news, SoundCheckUpdate::Notice(_)));
    let began =
        run_sound_check(&mut source, &mut SoundCheck::new(&Detector::default()), &mut begins, &mut tell).unwrap();
    assert_eq!(began, Some(SampleTime::ZERO + BLOCK_DURATION + BLOCK_DURATION + BLOCK_DURATION + BLOCK_DURATION));
    assert_eq!((notices, source.0.len()), (1, 6), "nothing of the call is taken");
}

#[test]
fn a_source_that_ends_before_begins_nothing() {
    let began =
        run_sound_check(&mut script(), &mut SoundCheck::new(&Detector::default()), &mut || false, &mut drop).unwrap();
    assert_eq!(began, None);
}

#[test]
fn what_is_chosen_anew_changes_and_the_rest_stays() {
    let mut choices = Choices { with: Some("Sato".to_owned()), ..Choices::default() };
    choices.apply(ChoicesUpdate { mode: Some(Mode::Feedback), target: Some(Some(0.45)), ..ChoicesUpdate::default() });
    assert_eq!((choices.with.as_deref(), choices.mode, choices.own_target), (Some("Sato"), Mode::Feedback, Some(0.45)));
    choices.apply(ChoicesUpdate { with: Some(None), target: Some(None), ..ChoicesUpdate::default() });
    assert_eq!((choices.with, choices.mode, choices.own_target), (None, Mode::Feedback, None));
}

#[test]
fn choices_have_limits() {
    let with = |name: &str| ChoicesUpdate { with: Some(Some(name.to_owned())), ..ChoicesUpdate::default() };
    assert!(with("佐藤 花").is_valid() && with(&"あ".repeat(80)).is_valid());
    for name in ["", "  ", "a\nb", "\u{1b}[2J", &"あ".repeat(81)] {
        assert!(!with(name).is_valid(), "{name:?}");
    }
    let target = |target| ChoicesUpdate { target: Some(Some(target)), ..ChoicesUpdate::default() }.is_valid();
    assert!(target(0.1) && target(0.9) && !target(0.09) && !target(0.91) && !target(f64::NAN));
    let agenda = |items: usize, length| ChoicesUpdate {
        agenda: Some(vec!["a".repeat(length); items]),
        ..ChoicesUpdate::default()
    };
    assert!(
        agenda(20, 200).is_valid()
            && !agenda(21, 1).is_valid()
            && !agenda(1, 201).is_valid()
            && !agenda(1, 0).is_valid()
    );
    let icebreaker =
        |secs| ChoicesUpdate { icebreaker: Some(Samples::from_secs(secs)), ..ChoicesUpdate::default() }.is_valid();
    assert!(icebreaker(1_800) && !icebreaker(1_801));
    let meeting =
        |secs| ChoicesUpdate { meeting: Some(Some(Samples::from_secs(secs))), ..ChoicesUpdate::default() }.is_valid();
    assert!(meeting(60) && meeting(14_400) && !meeting(14_401) && !meeting(0));
}

#[test]
fn a_card_has_limits() {
    let card = |points: &[Preference], note: &str| Card { points: points.to_vec(), note: note.to_owned() }.is_valid();
    assert!(card(Preference::VARIANTS, "一行目\n二行目") && card(&[], ""));
    assert!(
        !card(&[Preference::QuickPace, Preference::QuickPace], "")
            && !card(&[], "\u{7}")
            && !card(&[], &"n".repeat(1_001))
    );
    for point in Preference::VARIANTS.iter().copied() {
        assert_eq!(Preference::from_name(point.name()), Some(point));
    }
    assert_eq!(Preference::from_name("loud"), None);
}

/// The card is ticked on the page, and quoted as a hint's reason before the next call: in the same words.
#[test]
fn a_point_of_the_card_has_one_wording() {
    let (ja, en) = (include_str!("../../web/words_ja.js"), include_str!("../../web/words_en.js"));
    for point in Preference::VARIANTS.iter().copied() {
        let card =
            StatedCard { card: Card { points: vec![point], note: String::new() }, stated_on: "2026-11-01".to_owned() };
        let reason = preparation_hints(&HintInput { card: Some(card), last: None, ..known() }).remove(0).reason;
        for (words, reason) in [(ja, reason.ja), (en, reason.en)] {
            let label = words.split(&format!("point_{}: \"", point.name())).nth(1).unwrap().split('"').next().unwrap();
            assert!(reason.ends_with(&label.to_owned()), "“{reason}” for “{label}”");
        }
    }
}

/// What is known after a call that was mine alone.
fn known() -> HintInput {
    HintInput {
        target: 0.3,
        card: Some(StatedCard {
            card: Card { points: vec![Preference::TimeToThink, Preference::ConclusionFirst], note: String::new() },
            stated_on: "2026-11-01".to_owned(),
        }),
        intention: None,
        their_target: None,
        last: Some(Figures {
            share: Some(0.58),
            interruptions: 3,
            regrabs: Some(2),
            longest_turn_ms: Some(160_000),
            their_talk_ms: 600_000,
            backchannels_per_min: Some(0.5),
            ..Figures::default()
        }),
    }
}

fn english(known: &HintInput) -> Vec<(String, String)> {
    preparation_hints(known).into_iter().map(|hint| (hint.text.en, hint.reason.en)).collect()
}

#[test]
fn hints_have_two_grounds_in_turn() {
    let said = english(&known());
    assert_eq!(
        said,
        [
            ("After a question, leave time.", "Their card (2026-11-01): time to think"),
            ("Ask before you tell.", "Last time you did 58% of the talking (target 30%)."),
            ("Say the conclusion first.", "Their card (2026-11-01): conclusion first, please"),
        ]
        .map(|(text, because)| (text.to_owned(), because.to_owned()))
    );
    let japanese: Vec<_> = preparation_hints(&known()).into_iter().map(|hint| hint.reason.ja).collect();
    assert_eq!(japanese[1], "前回は話した割合が58%（目標30%）。");
}

#[test]
fn what_was_approximate_is_said_to_be_and_what_may_be_wrong_altogether_is_no_reason() {
    let told_of = |groups: &[FigureGroup], confidence| {
        let doubts = groups.iter().map(|group| (*group, confidence)).collect();
        let last = known().last.map(|last| Figures { doubts, ..last });
        let hints = preparation_hints(&HintInput { last, card: None, ..known() });
        hints.into_iter().map(|hint| [hint.reason.en, hint.reason.ja]).collect::<Vec<_>>()
    };
    let talk = told_of(&[FigureGroup::Talk], Confidence::Medium);
    assert_eq!(talk[0][0], "Last time you did about 58% of the talking (target 30%).");
    assert_eq!(talk[0][1], "前回は話した割合が約58%（目標30%）。");
    let leak = told_of(&[FigureGroup::Interruptions, FigureGroup::Questions], Confidence::Medium);
    assert_eq!(leak[1][0], "Last time you spoke again within 3\u{a0}s, about twice.");
    assert_eq!(leak[2][0], "Last time you interrupted and took the floor about 3 times.");
    assert_eq!(leak[2][1], "前回は、割り込みで話し手が替わったのが約3回。");
    let wrong = told_of(&[FigureGroup::Talk, FigureGroup::Interruptions, FigureGroup::Questions], Confidence::Low);
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert_eq!(wrong[0][0], "Last time you gave 0.5 signs of listening per minute of their talk.");
}

#[test]
fn a_call_of_which_it_is_not_known_who_talked_is_a_reason_for_nothing() {
    let last = known().last.map(|last| Figures { share: None, ..last });
    assert_eq!(english(&HintInput { last, card: None, ..known() }), []);
}

#[test]
fn few_signs_of_listening_are_a_reason_only_if_they_talked_for_long_enough() {
    let hints = |their_talk_ms| {
        let last = known().last.map(|last| Figures { their_talk_ms, regrabs: None, ..last });
        english(&HintInput { last, card: None, target: 0.6, ..known() }).len()
    };
    assert_eq!([hints(170_000), hints(180_000)], [2, 3]);
}

#[test]
fn what_was_meant_for_this_call_comes_first() {
    let known = HintInput { intention: Some(Intention::Open), ..known() };
    let [first, ..] = &english(&known)[..] else { panic!() };
    assert_eq!(first.0, "Ask with “how” and “what”.");
    assert_eq!(first.1, "Your intention, chosen after an earlier call.");
    assert_eq!(english(&known).len(), 3);
}

#[test]
fn where_a_ground_is_missing_another_has_more_to_say() {
    let last_alone = HintInput { card: None, ..known() };
    let texts: Vec<_> = english(&last_alone).into_iter().map(|(text, _)| text).collect();
    assert_eq!(texts, ["Ask before you tell.", "After a question, wait 3\u{a0}s.", "Let them finish."]);
    let card_alone = HintInput { last: None, ..known() };
    assert_eq!(english(&card_alone).len(), 2);
    assert_eq!(preparation_hints(&HintInput::default()), []);
}

#[test]
fn a_call_that_went_well_gives_no_hint() {
    let well = Figures {
        share: Some(0.39),
        interruptions: 1,
        regrabs: Some(1),
        longest_turn_ms: Some(149_000),
        backchannels_per_min: Some(4.0),
        ..Figures::default()
    };
    let known = HintInput { target: 0.3, last: Some(well.clone()), ..HintInput::default() };
    assert_eq!(preparation_hints(&known), []);
    let unknown = Figures { share: None, regrabs: None, backchannels_per_min: None, ..well };
    assert_eq!(
        preparation_hints(&HintInput { last: Some(unknown), ..known }),
        [],
        "what was not measured says nothing"
    );
}
