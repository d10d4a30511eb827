use super::*;

/// Whether a tick is offered for `item` after these were said, each so many seconds into the call, and then for a minute
/// something else.
fn offered(item: &str, said: &[(u64, &str)]) -> bool {
    let mut agenda = Agenda::new([item]).unwrap();
    let mut offered = false;
    for (second, text) in said.iter().copied().chain([(300, "ところで well then")]) {
        offered = is_offered(&mut agenda, second, text)[0];
    }
    offered
}

/// Which items are offered to be ticked after this was said, so many seconds into the call.
fn is_offered(agenda: &mut Agenda, second: u64, text: &str) -> Vec<bool> {
    let at = SampleTime::from_ms(second * 1000);
    agenda.observe_text(text, at);
    agenda.advance(at);
    agenda.items().map(|item| item.offered).collect()
}

#[test]
fn a_tick_is_offered_when_talk_moves_on_and_never_when_it_begins() {
    let mut agenda = Agenda::new(["来月の目標", "休暇の予定"]).unwrap();
    assert_eq!(is_offered(&mut agenda, 94, "来月の目標についてなんですけど"), [false, false]);
    assert_eq!(is_offered(&mut agenda, 102, "はい、ひとつめは売上です"), [false, false]);
    assert_eq!(is_offered(&mut agenda, 150, "目標としては高いですね"), [false, false], "its words recur");
    assert_eq!(is_offered(&mut agenda, 205, "そうですね"), [false, false]);
    assert_eq!(is_offered(&mut agenda, 210, "では、天気の話ですが"), [true, false], "a minute without a word of it");
    agenda.advance(SampleTime::from_ms(239_000));
    assert!(agenda.items().next().unwrap().offered);
    agenda.advance(SampleTime::from_ms(241_000));
    assert!(!agenda.items().next().unwrap().offered, "it goes away");
    for second in [300, 400, 500] {
        assert!(!is_offered(&mut agenda, second, "来月の目標ですが、ところで")[0], "and is offered once");
    }
}

#[test]
fn another_topic_is_a_sooner_sign_and_coming_back_takes_the_offer_away() {
    let mut agenda = Agenda::new(["来月の目標", "休暇の予定"]).unwrap();
    is_offered(&mut agenda, 10, "来月の目標ですが");
    assert_eq!(is_offered(&mut agenda, 15, "休暇の予定とも関係します"), [false, false], "both at once");
    let mut agenda = Agenda::new(["来月の目標", "休暇の予定"]).unwrap();
    is_offered(&mut agenda, 10, "来月の目標ですが");
    assert_eq!(is_offered(&mut agenda, 30, "次に、休暇の予定です"), [true, false]);
    assert_eq!(is_offered(&mut agenda, 40, "目標に戻ると"), [false, false]);
    assert_eq!(is_offered(&mut agenda, 140, "なるほど"), [false, true]);
}

#[test]
fn japanese_words_come_up_in_other_sentences() {
    for (item, text) in [
        ("評価面談の日程", "それで、評価面談なんですけど、いつがいいですか"),
        ("評価面談の日程", "面談の日程、来週でどうでしょう"),
        ("来期の目標", "目標は、そうですね、来期は後輩を育てたいです"),
        ("振り返り", "先月の振り返りからいきましょうか"),
        ("キャリアプランについて", "キャリアプランって、まだ固まってなくて"),
        ("キャリアプラン", "ｷｬﾘｱﾌﾟﾗﾝを考えました"),
        ("チームの雰囲気", "最近チームの 雰囲気 が変わりましたね"),
        ("困っていること", "いま困ってるのは、資料の量ですね"),
        ("おやすみの予定", "おやすみは予定通り取れそうです"),
        ("PoCの進め方", "poc、進め方を変えたいんです"),
        ("引き継ぎ資料", "引き継ぎの資料、できました"),
    ] {
        assert!(offered(item, &[(5, text)]), "{item}: {text}");
    }
}

#[test]
fn japanese_that_only_resembles_it_does_not_count() {
    for (item, text) in [
        ("評価面談の日程", "面談室は三階です"),
        ("評価面談の日程", "日程はまだです"),
        ("来期の目標", "来期もよろしくお願いします"),
        ("キャリアの相談", "キャリアって言葉、苦手で"),
        ("リリースの振り返り", "シリーズのニュースを見ました"),
        ("今回の件", "今回の件ですけど、今回の話は"),
        ("おやすみの予定", "それで、そうですね、予定がですね"),
        ("どうすること", "どうすることもできない"),
    ] {
        assert!(!offered(item, &[(5, text)]), "{item}: {text}");
    }
}

#[test]
fn english_words_come_up_in_other_forms() {
    for (item, text) in [
        ("Promotion", "so about those promotions"),
        ("Career plan", "I have been planning my career a bit"),
        ("Review of the onboarding docs", "we're reviewing onboarding right now"),
        ("Schedule for the release", "scheduling… yes, the release is late"),
        ("Team's policies", "the team needs a policy"),
        ("Q3 goals", "My goal for Q3 is simple"),
    ] {
        assert!(offered(item, &[(5, text)]), "{item}: {text}");
    }
}

#[test]
fn english_small_words_do_not_count() {
    for (item, text) in [
        ("Career plan", "the plan is to have lunch"),
        ("What we need to talk about", "we need to talk about what you think"),
        ("Review of the onboarding docs", "a peer review"),
        ("Interesting ideas", "that is interesting"),
        ("Team and art", "start a steam engine"),
    ] {
        assert!(!offered(item, &[(5, text)]), "{item}: {text}");
    }
}

#[test]
fn words_of_both_add_up_for_half_a_minute() {
    assert!(offered("来期の目標", &[(5, "来期ですか"), (34, "目標はこれです")]));
    assert!(!offered("来期の目標", &[(5, "来期ですか"), (36, "目標はこれです")]));
    assert!(offered("career plan", &[(34, "the plan is ready"), (5, "your career, then")]), "text that comes late");
}

#[test]
fn a_tick_that_is_declined_is_not_offered_again() {
    let mut agenda = Agenda::new(["来期の目標", "Promotion"]).unwrap();
    let say = |agenda: &mut Agenda, second: u64| {
        is_offered(agenda, second, "来期の目標と promotion の話を");
        is_offered(agenda, second + 70, "ところで")
    };
    assert_eq!(say(&mut agenda, 9), [true, true]);
    agenda.decline_tick(1).unwrap();
    agenda.set(2, ItemState::Done).unwrap();
    assert!(agenda.items().all(|item| !item.offered));
    assert_eq!(say(&mut agenda, 100), [false, false], "one is declined, the other done");
    agenda.set(2, ItemState::Open).unwrap();
    assert_eq!(is_offered(&mut agenda, 300, "ところで"), [false, false], "what is opened again has not come up since");
    assert_eq!(say(&mut agenda, 310), [false, true]);
}

#[test]
fn an_agenda_is_short_and_its_items_too() {
    let mut agenda = Agenda::new(["  来期の目標 "]).unwrap();
    assert_eq!(agenda.items().next().unwrap().text, "来期の目標");
    assert_eq!(agenda.add(" "), Err(AgendaError::Text));
    assert_eq!(agenda.add(&"議".repeat(MAX_ITEM_CHARS + 1)), Err(AgendaError::Text));
    assert_eq!(agenda.add(&"議".repeat(MAX_ITEM_CHARS)).unwrap().id, 2);
    assert_eq!(agenda.set(3, ItemState::Done), Err(AgendaError::NoSuchItem));
    assert_eq!(agenda.decline_tick(0), Err(AgendaError::NoSuchItem));
    assert_eq!(agenda.set(1, ItemState::Open), Ok(None), "as it was");
    for _ in 2..MAX_ITEMS {
        agenda.add("x").unwrap();
    }
    assert_eq!(agenda.add("one more"), Err(AgendaError::Full));
}

#[test]
fn a_check_in_is_a_number_to_five_and_their_words() {
    assert_eq!(CheckIn::new(4, " まあまあです ").unwrap().words(), "まあまあです");
    assert!(CheckIn::new(0, "").is_none() && CheckIn::new(6, "").is_none());
    assert!(CheckIn::new(3, &"x".repeat(MAX_WORDS_CHARS + 1)).is_none());
}

mod stuck {
    use super::super::StuckDetector;
    use crate::audio::Track;
    use crate::time::Span;
    use crate::turns::TurnEvent;

    /// Whether it is an offer after silences and runs, in turn, of these lengths in seconds; the first is a silence.
    fn stuck(lengths: &[u64]) -> bool {
        let mut stuck = StuckDetector::default();
        talk(&mut stuck, 0, lengths, true);
        stuck.is_offered()
    }

    fn talk(stuck: &mut StuckDetector, mut second: u64, lengths: &[u64], open: bool) -> u64 {
        for (at, length) in lengths.iter().enumerate() {
            let span = Span::from_ms(second * 1000, (second + length) * 1000);
            second += length;
            let (track, by) = (Track::Me, Track::Them);
            let event = match at % 2 {
                0 => TurnEvent::Silence { span, after: track, broken_by: by },
                _ => TurnEvent::Run { track, span },
            };
            stuck.observe(&event, open);
        }
        second
    }

    #[test]
    fn three_silences_with_a_word_between_are_an_offer() {
        assert!(stuck(&[4, 2, 5, 3, 4]));
        assert!(!stuck(&[4, 2, 5]), "two are not");
        assert!(!stuck(&[4, 2, 5, 10, 4]), "an answer between them goes somewhere");
        assert!(!stuck(&[50, 2, 50, 2, 50]), "spread over minutes");
        assert!(stuck(&[4, 20, 4, 2, 4, 2, 4]), "a row may begin after talk");
    }

    #[test]
    fn talk_that_flows_again_ends_it_and_so_does_an_answer() {
        assert!(stuck(&[4, 2, 5, 3, 4, 9]));
        assert!(!stuck(&[4, 2, 5, 3, 4, 11]));
        let mut row = StuckDetector::default();
        talk(&mut row, 0, &[4, 2, 4, 2, 4], true);
        row.clear_offer();
        assert!(!row.is_offered());
    }

    #[test]
    fn it_is_offered_once_in_ten_minutes_and_only_for_something_that_is_open() {
        let row = [4, 2, 4, 2, 4, 11];
        let mut open = StuckDetector::default();
        talk(&mut open, 0, &row, false);
        assert!(!open.is_offered(), "nothing is open");
        let mut again = StuckDetector::default();
        let end = talk(&mut again, 0, &row[..5], true);
        assert!(again.is_offered());
        again.clear_offer();
        talk(&mut again, end + 500, &row[..5], true);
        assert!(!again.is_offered(), "too soon");
        talk(&mut again, end + 620, &row[..5], true);
        assert!(again.is_offered());
    }
}
