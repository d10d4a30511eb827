use std::collections::BTreeMap;

use strum::VariantArray as _;

use super::*;

#[test]
fn what_was_meant_is_measured_and_stands_beside_the_call_after_which_it_was_chosen() {
    let before = Figures { share: Some(0.6), regrabs: Some(3), ..Figures::default() };
    let now = Figures { share: Some(0.41), regrabs: Some(1), ..Figures::default() };
    let said =
        |intention, language| measured(&MeantFor { intention, chosen_after: before.clone() }, Some(&now), language);
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
        let said = measured(&meant, Some(&asked(now.0, now.1)), language);
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
fn what_is_not_sure_is_said_to_be_about_so_and_where_nothing_was_asked_nothing_was_waited_for() {
    let meant = |intention, chosen_after| MeantFor { intention, chosen_after };
    let doubtful = |group, confidence| BTreeMap::from([(group, confidence)]);
    let share = |share, unsure| {
        let doubts = if unsure { doubtful(FigureGroup::Talk, Confidence::Medium) } else { BTreeMap::new() };
        Figures { share: Some(share), doubts, ..Figures::default() }
    };
    let said = measured(&meant(Intention::Share, share(0.6, true)), Some(&share(0.5, true)), Language::En);
    assert!(said.ends_with("you did about 50% of the talking this time (about 60% when you chose it)."), "{said}");
    let said = measured(&meant(Intention::Share, share(0.6, false)), Some(&share(0.5, true)), Language::Ja);
    assert!(said.ends_with("今回は話した割合が約50%でした（選んだ回は60%）。"), "{said}");
    assert!(
        measured(&meant(Intention::Share, share(0.6, false)), None, Language::En).contains("could not be measured")
    );

    let taken = |doubts| Figures { share: Some(0.5), interruptions: 3, doubts, ..Figures::default() };
    let said = |before, now| measured(&meant(Intention::Finish, taken(before)), Some(&taken(now)), Language::En);
    let (sure, about) = (BTreeMap::new, || doubtful(FigureGroup::Interruptions, Confidence::Medium));
    assert!(said(about(), sure()).ends_with("3\u{a0}times this time (about 3\u{a0}times when you chose it)."));
    assert!(said(sure(), about()).ends_with("about 3\u{a0}times this time (3\u{a0}times when you chose it)."));
    let wrong = || doubtful(FigureGroup::Interruptions, Confidence::Low);
    assert!(said(wrong(), sure()).ends_with("3\u{a0}times this time."), "{}", said(wrong(), sure()));
    assert!(said(sure(), wrong()).ends_with("could not be measured this time."));

    let never = |doubts| Figures { share: Some(0.5), doubts, ..Figures::default() };
    let said = |doubts| measured(&meant(Intention::Finish, taken(sure())), Some(&never(doubts)), Language::En);
    assert!(said(sure()).contains("you never interrupted"), "{}", said(sure()));
    assert!(said(about()).contains("you probably never interrupted"), "{}", said(about()));

    let questions = |doubts| Figures {
        open_questions: Some(1),
        closed_questions: Some(4),
        progress_questions: Some(0),
        doubts,
        ..Figures::default()
    };
    let chosen_after = questions(doubtful(FigureGroup::Questions, Confidence::Medium));
    let said = measured(&meant(Intention::Open, chosen_after), Some(&questions(sure())), Language::En);
    assert!(said.ends_with("(about 1 of 5 when you chose it)."), "{said}");

    let asked = |questions, regrabs| Figures {
        open_questions: Some(questions),
        closed_questions: Some(0),
        progress_questions: Some(0),
        regrabs: Some(regrabs),
        ..Figures::default()
    };
    let said = |before, now| measured(&meant(Intention::Wait, before), Some(&now), Language::En);
    assert!(
        said(asked(4, 3), asked(0, 0)).ends_with("you asked no questions this time (3\u{a0}times when you chose it).")
    );
    assert!(said(asked(0, 0), asked(2, 0)).ends_with("you never spoke again within 3\u{a0}s of a question this time."));
}

#[test]
fn an_intention_has_a_name_that_finds_it_and_words_in_both_languages() {
    for intention in Intention::VARIANTS {
        assert_eq!(Intention::from_name(intention.name()), Some(*intention));
        assert!(!intention.words().ja.is_empty() && !intention.words().en.is_empty());
    }
    assert_eq!(Intention::from_name("be_nice"), None);
}
