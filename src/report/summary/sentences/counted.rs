//! So many of so many, as people say it: neither "3 of 3" nor "1 of 1". In English; in Japanese each sentence has a way
//! of its own.

/// So many of the manager's own questions, within a sentence; none is a singular, as one is.
pub(in crate::report::summary) fn your_questions(count: usize, asked: usize) -> String {
    match (count, asked) {
        (0, 1) => "no question of yours".to_owned(),
        (0, 2) => "neither of your questions".to_owned(),
        (0, asked) => format!("none of your {asked} questions"),
        (1, 1) => "your one question".to_owned(),
        (2, 2) => "both of your questions".to_owned(),
        (count, asked) if count == asked => format!("all {asked} of your questions"),
        (count, asked) => format!("{count} of your {asked} questions"),
    }
}

/// All of several things, within a sentence.
pub(in crate::report::summary) fn all(things: usize) -> String {
    if things == 2 { "both".to_owned() } else { format!("all {things}") }
}

/// The verb that goes with so many.
pub(in crate::report::summary) fn was_or_were(count: usize) -> &'static str {
    if count < 2 { "was" } else { "were" }
}

/// Words as a sentence begins.
pub(in crate::report::summary) fn begin(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::Track;
    use crate::language::Language;
    use crate::report::summary::InterruptionEntry;
    use crate::report::summary::sentences::{followed, interruptions, open_questions, prior_calls, waits};
    use crate::report::summary::tests::{summary, with_words};
    use crate::report::summary::view::SummaryView;
    use crate::turns::Outcome;

    #[test]
    fn interruptions_that_all_took_the_floor_are_not_counted_twice() {
        let mut call = summary();
        let mut said = |outcomes: &[Outcome], language| {
            let begun = outcomes.iter().map(|outcome| (Track::Me, *outcome));
            let begun = begun.map(|(by, outcome)| InterruptionEntry { by, at_ms: 0, overlap_ms: 500, outcome });
            call.interruptions = begun.collect();
            interruptions(&SummaryView::for_manager(&call, language))
        };
        let (took, gave) = (Outcome::Successful, Outcome::Failed);
        assert_eq!(said(&[took], Language::En), "You interrupted once and took the floor");
        assert_eq!(said(&[took, took], Language::En), "You interrupted twice and took the floor both times");
        assert_eq!(said(&[took; 3], Language::En), "You interrupted 3\u{a0}times and took the floor each time");
        assert_eq!(said(&[took, gave], Language::En), "You interrupted twice and took the floor once");
        assert_eq!(said(&[gave], Language::En), "You interrupted once without taking the floor");
        assert_eq!(said(&[took], Language::Ja), "1回割り込み、話し手が替わりました");
        assert_eq!(said(&[took, took], Language::Ja), "2回割り込み、2回とも話し手が替わりました");
        assert_eq!(said(&[took, gave], Language::Ja), "2回割り込み、うち1回で話し手が替わりました");
    }

    #[test]
    fn a_wait_is_told_without_statistics() {
        let call = with_words();
        let said = waits(&SummaryView::for_manager(&call, Language::En));
        assert!(said.starts_with("After ") && said.contains(" there was a wait") && !said.contains("median"), "{said}");
    }

    #[test]
    fn open_questions_are_told_as_people_tell_them() {
        let ja = |open, asked| open_questions(open, asked, Language::Ja);
        assert_eq!(ja(0, 0), "質問はありませんでした");
        assert_eq!(ja(0, 3), "質問は3回で、自由に答えられるものはありませんでした");
        assert_eq!(ja(1, 1), "質問は1回で、自由に答えられるものでした");
        assert_eq!(ja(2, 3), "質問3回のうち2回は、自由に答えられるものでした");
        assert_eq!(ja(3, 3), "質問は3回とも、自由に答えられるものでした");
        assert_eq!(open_questions(5, 5, Language::En), "All 5 of your questions were open");
        assert_eq!(open_questions(0, 0, Language::En), "You asked no questions");
    }

    #[test]
    fn one_earlier_call_is_the_last_one_and_nothing_followed_is_no_news() {
        assert_eq!(prior_calls(1, Language::Ja), "自分の前回と比べて");
        assert_eq!(prior_calls(3, Language::Ja), "自分の直近3回と比べて");
        assert_eq!(followed(&SummaryView::for_manager(&summary(), Language::En)), None);
    }

    #[test]
    fn so_many_of_so_many_are_said_as_people_say_it() {
        let said = |count, asked| format!("{} {}", begin(&your_questions(count, asked)), was_or_were(count));
        assert_eq!(said(0, 1), "No question of yours was");
        assert_eq!(said(1, 1), "Your one question was");
        assert_eq!(said(0, 2), "Neither of your questions was");
        assert_eq!(said(1, 2), "1 of your 2 questions was");
        assert_eq!(said(2, 2), "Both of your questions were");
        assert_eq!(said(0, 5), "None of your 5 questions was");
        assert_eq!(said(3, 5), "3 of your 5 questions were");
        assert_eq!(said(5, 5), "All 5 of your questions were");
        assert_eq!([all(2), all(3)], ["both", "all 3"]);
    }
}
