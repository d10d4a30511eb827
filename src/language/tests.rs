use proptest::prelude::*;

use crate::language::Language::{En, Ja};
use crate::language::QuestionKind::{Closed, Open, Progress};
use crate::language::lexicon::{EN_TOML, JA_TOML, Lexicon};
use crate::language::text::normalize;
use crate::language::{
    Filler, Language, QuestionKind, TextAnalysis, analyze, count_cut_off_word, is_hallucination, listening_prompt,
    recognizer_prompt,
};

fn ja(text: &str) -> TextAnalysis {
    analyze(text, Ja)
}

fn en(text: &str) -> TextAnalysis {
    analyze(text, En)
}

fn sure(text: &str, language: Language) -> Vec<String> {
    analyze(text, language).fillers.into_iter().filter(|filler| filler.sure).map(|filler| filler.text).collect()
}

fn unsure(text: &str, language: Language) -> Vec<String> {
    analyze(text, language).fillers.into_iter().filter(|filler| !filler.sure).map(|filler| filler.text).collect()
}

fn kinds(text: &str, language: Language) -> Vec<QuestionKind> {
    analyze(text, language).questions.into_iter().map(|question| question.kind).collect()
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn the_lists_can_be_read() {
    for toml in [EN_TOML, JA_TOML] {
        let lexicon = Lexicon::parse(toml).unwrap();
        assert!(
            lexicon.hallucinations.covers(
                &super::text::letters_only(if toml == EN_TOML { "you" } else { "次回もお楽しみに" })
                    .chars()
                    .collect::<Vec<_>>()
            )
        );
        assert!(!lexicon.prompt.is_empty());
    }
    assert!(recognizer_prompt(Ja).contains("えーと") && recognizer_prompt(En).contains("Um"));
    for language in [Ja, En] {
        assert!(analyze(listening_prompt(language), language).backchannel, "{language:?}");
    }
}

#[test]
fn a_list_without_its_source_is_broken() {
    let without: String = JA_TOML.lines().filter(|line| !line.starts_with("source")).collect::<Vec<_>>().join("\n");
    assert!(Lexicon::parse(&without).is_err());
}

#[test]
fn languages_have_codes() {
    for language in [En, Ja] {
        assert_eq!(language.code().parse(), Ok(language));
    }
    assert!("fr".parse::<Language>().is_err());
}

// Fillers

#[test]
fn japanese_fillers_in_the_spellings_of_recognisers() {
    for filler in [
        "えーと",
        "えっと",
        "ええと",
        "えーっと",
        "え〜と",
        "えと",
        "あのー",
        "あの〜",
        "あのう",
        "そのー",
        "うーん",
        "んー",
        "まあー",
        "えー",
    ] {
        let text = format!("{filler}、来週から始めます。");
        assert_eq!(ja(&text).fillers.len(), 1, "{text}");
        assert!(ja(&text).fillers[0].sure, "{text}");
    }
    assert_eq!(sure("昨日はえーと三時ごろです", Ja), ["えーと"]);
    assert_eq!(sure("昨日はえー三時ごろです", Ja), ["えー"]);
    assert_eq!(sure("えーと、あのー、その件ですが", Ja), ["えーと", "あのー"]);
    assert_eq!(sure("エートですね、始めましょう", Ja), ["エートですね"]);
}

#[test]
fn ambiguous_fillers_are_left_to_the_pause() {
    assert_eq!(unsure("言いにくいのですが、その、少し", Ja), ["その"]);
    assert_eq!(unsure("心配でしたが、まあ、何とかなります", Ja), ["まあ"]);
    assert_eq!(unsure("なんか最近よく眠れなくて", Ja), ["なんか"]);
    assert_eq!(unsure("It depends, like, on the team.", En), ["like"]);
    assert_eq!(unsure("It was, you know, a bit much", En), ["you know"]);
}

#[test]
fn at_the_beginning_japanese_hesitates_with_them_and_english_answers() {
    assert_eq!(sure("まあ、何とかなります", Ja), ["まあ"]);
    assert_eq!(sure("その、少し言いにくいのですが", Ja), ["その"]);
    for answer in ["あー、眠れています", "ううん、大丈夫です", "まあ。"] {
        assert_eq!(sure(answer, Ja), none(), "{answer}");
    }
    assert_eq!(en("Well, it depends.").fillers, []);
    assert_eq!(en("Um, well, it depends.").fillers.len(), 1);
    assert_eq!(en("Is it? Well, it depends.").fillers, []);
    assert_eq!(unsure("It depends, well, on the team.", En), ["well"]);
}

#[test]
fn a_first_word_that_a_pause_cuts_off_may_be_one_and_is_no_other_word_then() {
    let cut_off = |text, language| {
        let mut reading = analyze(text, language);
        count_cut_off_word(&mut reading, text, language, 0.1);
        reading
    };
    let reading = cut_off("And and we talked.", En);
    assert_eq!(reading.fillers, [Filler { start: 0.0, end: 0.1, text: "and".to_owned(), sure: true }]);
    assert_eq!((reading.words, reading.syllables, reading.repetitions.len()), (Some(3), Some(3), 0));
    for text in ["Let me think.", "And.", "Andy is here.", "Anders, and so on", ""] {
        assert_eq!(cut_off(text, En), en(text), "{text}");
    }
    assert_eq!(cut_off("And let me think.", Ja), ja("And let me think."));
}

#[test]
fn words_that_look_like_fillers_are_none() {
    for text in [
        "あの人と話しました",
        "その件は進めます",
        "まあまあです",
        "そのまま使います",
        "そのうち慣れます",
        "私なんか無理です",
        "アーカイブを見ました",
        "ええ、そうします",
        "前よりいいねえ",
    ] {
        assert_eq!(sure(text, Ja), none(), "{text}");
        assert_eq!(unsure(text, Ja), none(), "{text}");
    }
    for text in [
        "I like it as well.",
        "You know what I want.",
        "Mm-hmm, I can do that.",
        "It works well, I hear.",
        "Uh oh, that broke.",
    ] {
        assert_eq!(en(text).fillers, [], "{text}");
    }
}

#[test]
fn english_fillers_however_long_they_are_drawn() {
    assert_eq!(sure("Um, so, uhhh, it was, hmmm, fine, er, mostly.", En), ["um", "uhhh", "hmmm", "er"]);
    assert_eq!(sure("Umm I would uh say yes", En), ["umm", "uh"]);
}

#[test]
fn places_follow_the_morae() {
    let found = &ja("はい、えーと、まず").fillers[0];
    // ha-i e-e-to ma-zu
    assert!((found.start - 2.0 / 7.0).abs() < 1e-9, "{found:?}");
    assert!((found.end - 5.0 / 7.0).abs() < 1e-9, "{found:?}");
}

// Listening

#[test]
fn words_of_listening_alone_are_backchannels() {
    for text in [
        "はい",
        "はいはい。",
        "ええ。",
        "うん、うん。",
        "へえー！",
        "へぇ〜",
        "なるほど。そうなんですね。",
        "そうですか？",
        "あー、なるほどね",
        "確かに、そうですよね",
        "ＯＫです",
    ] {
        assert!(ja(text).backchannel, "{text}");
        assert_eq!((ja(text).fillers, ja(text).questions), (vec![], vec![]), "{text}");
    }
    for text in
        ["Mm-hmm.", "Mm hmm", "Uh-huh, yeah.", "Oh, really?", "Right, right.", "I see. Got it.", "OK", "That’s true."]
    {
        assert!(en(text).backchannel, "{text}");
        assert_eq!((en(text).fillers, en(text).questions), (vec![], vec![]), "{text}");
    }
    for text in ["はい、やります。", "えーと", "そうですね、難しいです", ""] {
        assert!(!ja(text).backchannel, "{text}");
    }
    for text in ["Yeah, I will do that.", "Um", "Right now.", ""] {
        assert!(!en(text).backchannel, "{text}");
    }
    assert!(ja("そうですね（笑）").backchannel);
    for (hum, language) in [("Hmm.", En), ("うーん", Ja), ("んー", Ja), ("えー", Ja)] {
        let reading = analyze(hum, language);
        assert!(reading.backchannel && reading.fillers.len() == 1, "{hum}: one or the other, as the floor is");
    }
    let hesitant = en("Um, okay.");
    assert!(hesitant.backchannel && hesitant.fillers.len() == 1);
}

// Questions

#[test]
fn japanese_questions() {
    let cases: [(&str, QuestionKind); 29] = [
        ("最近の調子はどうですか", Open),
        ("最近どう？", Open),
        ("どんな仕事をしてみたいですか。", Open),
        ("なぜそう考えたんですか？", Open),
        ("何が一番大変だったの", Open),
        ("もう少し詳しく教えてもらえますか", Open),
        ("その時の気持ちを聞かせてください。", Open),
        ("これから何をしたいですか？", Open),
        ("一緒に見直してみませんか。", Closed),
        ("少し休みましょうか", Closed),
        ("誰かに相談しましたか", Closed),
        ("何か困っていることはありますか？", Closed),
        ("お昼は食べた？", Closed),
        ("大丈夫でしょうか", Closed),
        ("会議は何時からでしたっけ", Closed),
        ("それで合ってるかな", Closed),
        ("明日は来られるの？", Closed),
        ("プロジェクトの KPI は？", Closed),
        ("進捗を毎週共有しませんか。", Closed),
        ("大丈夫なんですか", Closed),
        ("いつまでにできますか", Progress),
        ("進捗はどうですか？", Progress),
        ("なんでまだ終わってないの？", Progress),
        ("今週中に終わりそうですか。", Progress),
        ("どうして遅れたんですか？", Progress),
        ("締め切りに間に合いますか", Progress),
        ("資料はもうできましたか?", Progress),
        ("予定より遅れていますか？", Progress),
        ("あれ、もう出した？", Progress),
    ];
    for (text, kind) in cases {
        assert_eq!(kinds(text, Ja), [kind], "{text}");
        assert!((ja(text).questions[0].end - 1.0).abs() < 1e-9, "{text}");
    }
}

#[test]
fn japanese_that_does_not_ask() {
    for text in [
        "そうですか。",
        "間に合わないかもしれません。",
        "資料とか議事録とか",
        "うまくいくかどうか、まだ分かりません。",
        "何から始めればいいのか迷っています。",
        "なんて言うか、少し違うんです。",
        "何て言えばいいか",
        "いいお天気ですね",
        "いつか行きたいです。",
        "「大丈夫ですか？」と聞かれました。",
        "誰かが困っているとか",
        "そういうことだと思います",
    ] {
        assert_eq!(kinds(text, Ja), [], "{text}");
    }
}

#[test]
fn english_questions() {
    let cases: [(&str, QuestionKind); 26] = [
        ("How are you doing?", Open),
        ("So, what would help you most", Open),
        ("Why did you choose that?", Open),
        ("Could you tell me more about it", Open),
        ("Tell me about your week.", Open),
        ("What do you think we should do", Open),
        ("How about you?", Open),
        ("Is there anything I can take off your plate?", Closed),
        ("Do you have a minute", Closed),
        ("How many people are on the team?", Closed),
        ("You spoke to them, right?", Closed),
        ("Where is the meeting", Closed),
        ("One thought, why don't we meet every week", Closed),
        ("Why don't we look at the progress together?", Closed),
        ("Can you join us on Friday", Closed),
        ("Ready?", Closed),
        ("What I mean is, do you like it?", Closed),
        ("Would you mind telling me more", Open),
        ("What happened", Open),
        ("Are you done with the slides?", Progress),
        ("When will you send it?", Progress),
        ("Is it done yet", Progress),
        ("Why didn't you say so?", Progress),
        ("What's the status of the report?", Progress),
        ("Did you finish the slides", Progress),
        ("Are we on track?", Progress),
    ];
    for (text, kind) in cases {
        assert_eq!(kinds(text, En), [kind], "{text}");
        assert!((en(text).questions[0].end - 1.0).abs() < 1e-9, "{text}");
    }
}

#[test]
fn english_that_does_not_ask() {
    for text in [
        "Let me tell you what I think.",
        "I am not sure how to decide what comes first.",
        "When I work late I get tired.",
        "What I want is a plan.",
        "What would help is a plan.",
        "How do I put this, it is hard.",
        "How do I put this?",
        "They moved the date, which is a problem.",
        "My lead, who is the owner, agreed.",
        "Have a nice day.",
        "Do the slides first.",
        "Oh, really?",
        "What a day.",
    ] {
        assert_eq!(kinds(text, En), [], "{text}");
    }
}

#[test]
fn a_question_within_an_utterance_has_its_place() {
    let found = en("How was it? I was not there.").questions;
    assert_eq!(found.len(), 1);
    assert!((found[0].end - 8.0 / 20.0).abs() < 1e-9, "{found:?}");
    assert_eq!(kinds("調子はどうですか。眠れていますか。", Ja), [Open, Closed]);
    assert_eq!(kinds("どう思いますか、この案", Ja), [Open]);
    assert_eq!(kinds("最近どうですか仕事は順調ですか", Ja), [Open, Closed]);
    assert_eq!(kinds("いいですかと聞かれました", Ja), []);
}

// Repetitions

#[test]
fn what_is_said_twice_running() {
    for text in ["I am, I am not sure.", "We, um, we should go.", "The the report"] {
        assert_eq!(en(text).repetitions.len(), 1, "{text}");
    }
    for text in ["It is very very good.", "No, no, that is fine.", "I had had enough.", "Bye bye."] {
        assert_eq!(en(text).repetitions, [], "{text}");
    }
    for text in ["これ、これは違います", "来週、えーと、来週から始めます"] {
        assert_eq!(ja(text).repetitions.len(), 1, "{text}");
    }
    for text in [
        "はい、はい、分かりました",
        "だんだん慣れました",
        "うん、うん",
        "調べて、まとめて、送ります",
        "いいです。いいですね。",
    ] {
        assert_eq!(ja(text).repetitions, [], "{text}");
    }
}

// How much is said

#[test]
fn english_words_and_syllables_without_fillers() {
    let reading = en("Um, I don't know, uh, the customer's name.");
    assert_eq!((reading.words, reading.syllables, reading.morae), (Some(6), Some(8), None));
    for (word, syllables) in [
        ("idea", 3),
        ("table", 2),
        ("whole", 1),
        ("wanted", 2),
        ("worked", 1),
        ("makes", 1),
        ("changes", 2),
        ("meeting", 2),
        ("decision", 3),
        ("really", 2),
        ("people", 2),
        ("actually", 4),
        ("quality", 3),
        ("serious", 3),
        ("the", 1),
        ("experience", 4),
    ] {
        assert_eq!(en(word).syllables, Some(syllables), "{word}");
    }
}

/// Sentences with what is heard of them, written by hand.
const HEARD: [(&str, &str); 24] = [
    ("来月の目標を一緒に考えましょう。", "ライゲツノモクヒョウヲイッショニカンガエマショウ"),
    ("新しい環境には慣れましたか？", "アタラシイカンキョウニワナレマシタカ"),
    ("最近は残業が続いていて、少し疲れています。", "サイキンワザンギョウガツヅイテイテスコシツカレテイマス"),
    ("お客様との打ち合わせは木曜日に変わりました。", "オキャクサマトノウチアワセワモクヨウビニカワリマシタ"),
    ("田中さんに相談してみたらどうでしょうか。", "タナカサンニソウダンシテミタラドウデショウカ"),
    ("東京の本社から大阪に異動になりました。", "トウキョウノホンシャカラオオサカニイドウニナリマシタ"),
    ("今日は午後三時から面談があります。", "キョウワゴゴサンジカラメンダンガアリマス"),
    ("一人で抱え込まないで、早めに言ってくださいね。", "ヒトリデカカエコマナイデハヤメニイッテクダサイネ"),
    ("この資料は百二十ページもあります。", "コノシリョウワヒャクニジュッページモアリマス"),
    ("12月までに1,200件を処理する計画です。", "ジュウニガツマデニセンニヒャッケンヲショリスルケイカクデス"),
    ("KPIは先月より5%上がりました。", "ケーピーアイワセンゲツヨリゴパーセントアガリマシタ"),
    ("えーと、まずはスケジュールを確認します。", "マズワスケジュールヲカクニンシマス"),
    ("すごーい、それは嬉しいですね〜。", "スゴイソレワウレシイデスネ"),
    ("チームの雰囲気が良くなってきたと思います。", "チームノフンイキガヨクナッテキタトオモイマス"),
    ("上司として、もっと話を聞くべきでした。", "ジョウシトシテモットハナシヲキクベキデシタ"),
    ("子供が生まれて、生活が大きく変わったんです。", "コドモガウマレテセイカツガオオキクカワッタンデス"),
    ("評価の基準がよく分からないという声があります。", "ヒョウカノキジュンガヨクワカラナイトイウコエガアリマス"),
    ("昨日の会議では、言いたいことが言えませんでした。", "キノウノカイギデワイイタイコトガイエマセンデシタ"),
    ("二つの案のうち、どちらが良いでしょうか。", "フタツノアンノウチドチラガヨイデショウカ"),
    ("急がなくていいので、できるところから始めてください。", "イソガナクテイイノデデキルトコロカラハジメテクダサイ"),
    ("OK です、来週の水曜日にしましょう。", "オーケーデスライシュウノスイヨウビニシマショウ"),
    ("鈴木さんの企画書、とても分かりやすかったです。", "スズキサンノキカクショトテモワカリヤスカッタデス"),
    ("朝早く起きて、ジョギングをするようになりました。", "アサハヤクオキテジョギングヲスルヨウニナリマシタ"),
    ("来年度の予算は3.5億円くらいです。", "ライネンドノヨサンワサンテンゴオクエンクライデス"),
];

#[test]
fn morae_are_those_that_are_heard() {
    let kana: Vec<Vec<char>> = HEARD.iter().map(|(_, heard)| heard.chars().collect()).collect();
    let off: Vec<_> = HEARD
        .iter()
        .zip(&kana)
        .map(|((text, _), heard)| (*text, ja(text).morae.unwrap(), super::morae::kana_morae(heard)))
        .filter(|(_, counted, heard)| counted != heard)
        .collect();
    assert!(off.iter().all(|(_, counted, heard)| counted.abs_diff(*heard) <= 1), "{off:?}");
    assert!(off.len() <= 3, "{off:?}");
}

#[test]
fn what_cannot_be_read_has_no_morae() {
    assert_eq!(ja("이것은").morae, None);
    assert_eq!(ja("").morae, Some(0));
    assert_eq!(ja("えーと").morae, Some(0));
    assert_eq!(ja("0120").morae, ja("ゼロイチニーゼロ").morae.map(|morae| morae - 1));
}

// Phantoms

#[test]
fn phantom_phrases_whatever_their_dress() {
    for text in [
        "ご視聴ありがとうございました",
        "ご視聴、ありがとうございました。",
        "ご視聴ありがとうございました ご視聴ありがとうございました",
        " ご視聴 ありがとうございました！",
        "(拍手)",
        "（音楽）",
        "♪",
        "♪〜",
        "[音楽]",
        "...",
        "チャンネル登録よろしくお願いします！",
    ] {
        assert!(is_hallucination(text, Ja), "{text}");
    }
    for text in [
        "Thanks for watching!",
        "THANK YOU FOR WATCHING.",
        "[Music]",
        "(applause)",
        "*laughs*",
        "[BLANK_AUDIO]",
        "you",
        "Please subscribe.",
        "♪♪",
    ] {
        assert!(is_hallucination(text, En), "{text}");
    }
    for text in ["ありがとうございました。", "音楽が好きです", "音楽です。", "(笑) そうですね", "はい。"]
    {
        assert!(!is_hallucination(text, Ja), "{text}");
    }
    for text in ["Thank you.", "Music.", "Thank you for watching the recording.", "You are right."] {
        assert!(!is_hallucination(text, En), "{text}");
    }
}

// Laws

#[test]
fn what_is_described_is_not_said() {
    use super::is_description;
    for text in ["[laughter]", "(laughs)", "<laugh>", "{vocalsound}", "（笑）", "＜笑い＞", "【拍手】"] {
        assert!(is_description(text), "{text}");
    }
    for text in ["[laughter] yeah", "はい（笑）", "<資料>", "...", "", "3 < 4"] {
        assert!(!is_description(text), "{text}");
    }
    assert_eq!(ja("<資料>は送ります").morae, ja("資料は送ります").morae);
    assert_eq!(en("Yeah <laugh> I think so.").words, Some(4));
}

#[test]
fn one_width_and_no_stray_spaces() {
    assert_eq!(normalize("え～と、　ＫＰＩ　は ｸﾞﾗﾌ です ？"), "えーと、KPIはグラフです?");
    assert_eq!(normalize("  two  words "), "two words");
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[あ-んア-ンー〜、。？?!えーとあのそ何か人日0-9a-zA-Z ,.'-]{0,60}",
        "[a-z ,.?'-]{0,80}"
    ]
}

proptest! {
    #[test]
    fn no_text_breaks_it_and_places_are_in_order(text in texts()) {
        for language in [En, Ja] {
            let reading = analyze(&text, language);
            let mut last = 0.0;
            for filler in &reading.fillers {
                prop_assert!(last <= filler.start && filler.start <= filler.end && filler.end <= 1.0, "{:?}", reading);
                last = filler.end;
            }
            prop_assert!(reading.questions.is_sorted_by(|one, next| one.end <= next.end));
            prop_assert!(reading.questions.iter().all(|question| (0.0..=1.0).contains(&question.end)));
            for found in &reading.repetitions {
                prop_assert!(0.0 <= found.start && found.start <= found.end && found.end <= 1.0, "{:?}", reading);
            }
            is_hallucination(&text, language);
        }
    }

    #[test]
    fn white_space_within_japanese_changes_nothing(text in "[ぁ-んァ-ヶー、。？ぁ-んえーとあのその何か人日本語話]{0,40}", at in 0usize..40) {
        let spaced: String = text.chars().enumerate().flat_map(|(i, c)| if i == at || i % 3 == 1 { vec![' ', c] } else { vec![c] }).collect();
        prop_assert_eq!(ja(&spaced), ja(&text));
    }
}
