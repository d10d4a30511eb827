use strum::VariantArray as _;

use super::*;

#[test]
fn what_was_meant_is_measured_and_stands_beside_the_call_after_which_it_was_chosen() {
    let before = Figures { share: Some(0.6), regrabs: Some(3), ..Figures::default() };
    let now = Figures { share: Some(0.41), regrabs: Some(1), ..Figures::default() };
    let said = |intention, language| measured(&MeantFor { intention, chosen_after: before.clone() }, &now, language);
    assert_eq!(
        said(Intention::Share, Language::Ja),
        "心がけ「話した割合を目標までにする」：今回は話した割合が41%でした（選んだ回は60%）。"
    );
    assert_eq!(
        said(Intention::Wait, Language::En),
        "Your intention, “Wait 3\u{a0}s after a question”: you spoke again within 3\u{a0}s of a question once this time \
         (3\u{a0}times when you chose it)."
    );
    assert!(said(Intention::HandOver, Language::En).ends_with("it could not be measured this time."));
}

#[test]
fn open_questions_are_told_as_people_tell_them() {
    let asked = |open, closed| Figures {
        open_questions: Some(open),
        closed_questions: Some(closed),
        progress_questions: Some(0),
        ..Figures::default()
    };
    let said = |before: (u32, u32), now: (u32, u32), language| {
        let meant = MeantFor { intention: Intention::Open, chosen_after: asked(before.0, before.1) };
        let said = measured(&meant, &asked(now.0, now.1), language);
        said.split_once('：').or(said.split_once(": ")).unwrap().1.to_owned()
    };
    assert_eq!(
        said((1, 4), (3, 0), Language::En),
        "all 3 of your questions were open this time (1 of 5 when you chose it)."
    );
    assert_eq!(said((2, 0), (1, 0), Language::En), "your one question was open this time (both when you chose it).");
    assert_eq!(said((0, 0), (0, 0), Language::En), "you asked no questions this time.");
    assert_eq!(
        said((1, 4), (3, 0), Language::Ja),
        "今回は自由に答えられる質問が3回ともでした（選んだ回は5回のうち1回）。"
    );
    assert_eq!(said((0, 0), (0, 0), Language::Ja), "今回は質問が0回でした。");
}

#[test]
fn an_intention_has_a_name_that_finds_it_and_words_in_both_languages() {
    for intention in Intention::VARIANTS {
        assert_eq!(Intention::from_name(intention.name()), Some(*intention));
        assert!(!intention.words().ja.is_empty() && !intention.words().en.is_empty());
    }
    assert_eq!(Intention::from_name("be_nice"), None);
}
