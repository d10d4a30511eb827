//! A figure that is in doubt says so wherever it stands, and what may be wrong altogether is a reason for nothing.

use super::*;
use crate::dynamics::shape::Shape;

#[test]
fn what_was_thought_stands_beside_a_figure_that_says_how_sure_it_is() {
    let (mut call, _) = beside();
    let felt = |call: &Summary| {
        let page = plain(&call.page(Language::Ja));
        page.split("通話直後に感じた割合は").nth(1).unwrap().split('。').next().unwrap().to_owned()
    };
    call.confidence.clear();
    assert!(!felt(&call).contains('約'), "{}", felt(&call));
    let (figure, confidence) = (FigureGroup::Talk, Confidence::Medium);
    call.confidence = vec![DoubtfulFigure { figure, confidence, reason: DoubtReason::Leak { level_db: None } }];
    assert!(felt(&call).contains("実際は約"), "{}", felt(&call));
}

#[test]
fn what_may_be_wrong_altogether_is_compared_with_nothing() {
    let (call, mut before) = beside();
    let share_on = |before: &PriorCalls, language| {
        let page = call.page_with_prior_calls(language, before);
        let share = page.split("class=\"multiples\"").nth(1).unwrap().split("</section>").next().unwrap().to_owned();
        (share.matches("<td>58%</td>").count(), share.matches("<td>≈\u{a0}58%</td>").count())
    };
    assert_eq!(share_on(&before, Language::Ja), (5, 0));
    before.calls[5].figures.doubts = BTreeMap::from([(FigureGroup::Talk, Confidence::Medium)]);
    before.calls[6].figures.doubts = BTreeMap::from([(FigureGroup::Talk, Confidence::Low)]);
    assert_eq!(share_on(&before, Language::Ja), (3, 1));
}

#[test]
fn doubt_stands_where_the_figure_stands() {
    let mut call = summary();
    let marked = |call: &Summary, head: &str| {
        let page = plain(&call.page(Language::En));
        let after = page.split(head).nth(1).unwrap_or_else(|| panic!("{head}"));
        after.split("</").next().unwrap().contains("href=\"#note-1\"")
    };
    assert!(marked(&call, "and took the floor") && marked(&call, "Interruptions (that took the floor)"));
    assert!(!marked(&call, "Talk time"));
    assert!(
        call.page(Language::En).contains("<li id=\"note-1\">Your speakers leaked into the microphone for 3\u{a0}min")
    );
    call.confidence.push(DoubtfulFigure {
        figure: FigureGroup::Talk,
        confidence: Confidence::Medium,
        reason: DoubtReason::Leak { level_db: None },
    });
    assert!(marked(&call, "Talk time") && plain(&call.page(Language::En)).contains("You did about 67% of the talking"));
}

#[test]
fn an_intention_has_the_doubts_of_its_figure_and_is_not_measured_by_one_that_may_be_wrong_altogether() {
    let (mut call, figure) = (summary(), FigureGroup::Talk);
    let mut said = |confidence: Option<Confidence>| {
        let reason = DoubtReason::Leak { level_db: None };
        call.confidence =
            confidence.into_iter().map(|confidence| DoubtfulFigure { figure, confidence, reason }).collect();
        let meant = MeantFor { intention: Intention::HandOver, chosen_after: Figures::default() };
        let page =
            call.page_with_prior_calls(Language::En, &PriorCalls { meant: Some(meant), ..PriorCalls::default() });
        let (_, rest) = page.split_once("Your intention").unwrap();
        let (sentence, _) = rest.split_once("</p>").unwrap();
        (sentence.contains("could not be measured"), sentence.contains("class=\"unsure\""))
    };
    assert_eq!(said(None), (false, false));
    assert_eq!(said(Some(Confidence::Medium)), (false, true));
    assert_eq!(said(Some(Confidence::Low)), (true, false));
}

#[test]
fn what_followed_questions_is_as_unsure_as_the_questions() {
    let mut call = with_words();
    let question = QuestionEntry { broken_by: Some(Track::Me), regrabbed: true, ..call.questions.as_ref().unwrap()[0] };
    call.questions = Some(vec![question; 3]);
    call.figures = Figures { regrabs: Some(3), ..call.figures };
    let mut said = |confidence: Option<Confidence>| {
        let reason = DoubtReason::TextMissing { track: None, coverage: 0.5 };
        let doubt = |confidence| DoubtfulFigure { figure: FigureGroup::Questions, confidence, reason };
        call.confidence = confidence.into_iter().map(doubt).collect();
        call.figures.doubts = confidence.into_iter().map(|confidence| (FigureGroup::Questions, confidence)).collect();
        let meant = MeantFor { intention: Intention::Wait, chosen_after: Figures::default() };
        let page =
            call.page_with_prior_calls(Language::En, &PriorCalls { meant: Some(meant), ..PriorCalls::default() });
        let sentence = page.split_once("Your intention").unwrap().1.split_once("</p>").unwrap().0.to_owned();
        (sentence.contains("could not be measured"), sentence.contains("class=\"unsure\""))
    };
    assert_eq!(said(None), (false, false));
    assert_eq!(said(Some(Confidence::Medium)), (false, true));
    assert_eq!(said(Some(Confidence::Low)), (true, false));
}

#[test]
fn a_share_that_nobody_knows_says_why_and_not_that_nobody_spoke() {
    let mut call = summary();
    (call.talk.me.share, call.talk.them.share, call.figures.share) = (None, None, None);
    let mut said = |reason| {
        let doubt = DoubtfulFigure { figure: FigureGroup::Talk, confidence: Confidence::Low, reason };
        call.confidence = vec![doubt];
        [call.page(Language::En), call.mirror(Language::En), call.markdown(Language::Ja)].map(|text| plain(&text))
    };
    let [page, mirror, markdown] = said(DoubtReason::SameSound);
    assert!(page.contains("Both sides held the same sound, so the share is not known."));
    assert!(mirror.contains("Both sides held the same sound") && markdown.contains("両側に同じ音が入っていたため"));
    let [page, mirror, markdown] = said(DoubtReason::NoVoice);
    assert!(
        page.contains("Your microphone gave noise alone") && mirror.contains("The manager’s microphone gave noise")
    );
    assert!(markdown.contains("雑音だけが届いたため"));
    for text in [page, mirror, markdown] {
        assert!(!text.contains("No voices were heard") && !text.contains("声が聞こえませんでした"));
    }
}

#[test]
fn sentences_on_both_have_the_doubts_of_their_figures() {
    let mut call = with_words();
    call.confidence.clear();
    call.shape = Some(Shape::Dominating);
    let words = "One side did most of the talking.";
    let told = |call: &Summary| (plain(&call.page(Language::En)).contains(words), call.markdown(Language::En));
    assert!(told(&call).0 && told(&call).1.contains(&format!("\n{words}")));
    let doubt = |confidence| {
        let reason = DoubtReason::Noisy(Track::Me);
        vec![DoubtfulFigure { figure: FigureGroup::Talk, confidence, reason }]
    };
    call.confidence = doubt(Confidence::Medium);
    assert!(told(&call).1.contains(&format!("\n≈ {words}")), "{}", told(&call).1);
    let page = call.page(Language::En);
    let marked = page.split_once("One side did most of the talking").unwrap().1.split_once("</p>").unwrap().0;
    assert!(marked.contains("class=\"unsure\""), "{marked}");
    call.confidence = doubt(Confidence::Low);
    assert!(!told(&call).0 && !told(&call).1.contains(words));
    call.confidence.clear();
    call.talk.me.share = None;
    assert!(!told(&call).0, "of a share that nobody knows");
}

#[test]
fn where_a_side_was_not_heard_nobody_is_said_not_to_have_interrupted() {
    let mut call = with_words();
    call.interruptions.clear();
    assert!(plain(&call.page(Language::En)).contains("Nobody interrupted"));
    (call.talk.me.share, call.talk.them.share, call.figures.share) = (None, None, None);
    for page in [call.page(Language::En), call.mirror(Language::En)].map(|page| plain(&page)) {
        assert!(!page.contains("Nobody interrupted") && page.contains("Who interrupted is not known"), "{page}");
    }
    assert!(call.markdown(Language::Ja).contains("| 割り込み（話し手が替わったもの） | – | – |"));
}

#[test]
fn whether_i_spoke_again_is_as_unsure_as_who_spoke_when() {
    let mut call = with_words();
    let reason = DoubtReason::VoiceReturns;
    call.confidence = vec![DoubtfulFigure { figure: FigureGroup::Transfers, confidence: Confidence::Medium, reason }];
    let markdown = call.markdown(Language::En);
    let row = |name: &str| markdown.lines().find(|line| line.starts_with(&format!("| {name}"))).unwrap().to_owned();
    assert!(row("Spoke again within").contains("≈ 0"), "{}", row("Spoke again within"));
    assert!(!row("Questions").contains('≈'), "{}", row("Questions"));
}
