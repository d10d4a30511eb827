use strum::VariantArray as _;

use super::*;

#[test]
fn what_was_meant_is_measured_and_stands_beside_the_call_after_which_it_was_chosen() {
    let before = Figures { share: Some(0.6), regrabs: Some(3), ..Figures::default() };
    let now = Figures { share: Some(0.41), regrabs: Some(1), ..Figures::default() };
    let said = |intention, language| measured(&MeantFor { intention, chosen_after: before.clone() }, &now, language);
    assert_eq!(
        said(Intention::Share, Language::Ja),
        "心がけ「話した割合を目標までにする」：今回は話した割合が41%でした（選んだ回は話した割合が60%）。"
    );
    assert_eq!(
        said(Intention::Wait, Language::En),
        "Your intention, “Wait 3\u{a0}s after a question”: spoke again within 3\u{a0}s of a question once this time \
         (spoke again within 3\u{a0}s of a question 3\u{a0}times when you chose it)."
    );
    assert!(said(Intention::HandOver, Language::En).ends_with("it could not be measured this time."));
}

#[test]
fn an_intention_has_a_name_that_finds_it_and_words_in_both_languages() {
    for intention in Intention::VARIANTS {
        assert_eq!(Intention::from_name(intention.name()), Some(*intention));
        assert!(!intention.words().ja.is_empty() && !intention.words().en.is_empty());
    }
    assert_eq!(Intention::from_name("be_nice"), None);
}
