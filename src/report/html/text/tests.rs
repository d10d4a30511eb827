use super::*;

#[test]
fn lengths_and_moments_as_people_say_them() {
    assert_eq!((clock(59_499), clock(59_500), clock(3_725_000)), ("0:59".into(), "1:00".into(), "1:02:05".into()));
    let both = |ms| [length(ms, Language::En), length(ms, Language::Ja)];
    assert_eq!(both(3_725_000), ["1\u{a0}h\u{a0}2\u{a0}min", "1時間2分"]);
    assert_eq!(both(160_000), ["2\u{a0}min\u{a0}40\u{a0}s", "2分40秒"]);
    assert_eq!(both(300_000), ["5\u{a0}min", "5分"]);
    assert_eq!(both(46_000), ["46\u{a0}s", "46秒"]);
    assert_eq!((percent(0.576), seconds(4_840, Language::En)), ("58%".into(), "4.8\u{a0}s".into()));
    assert_eq!(seconds(4_840, Language::Ja), "4.8秒");
    assert_eq!([percent(0.405), percent(0.595)], ["40%", "60%"], "both sides add up");
}

#[test]
fn a_name_in_a_japanese_sentence_has_one_form_of_address() {
    let said = ["佐藤", "佐藤さん", "田中様", "山田先生"].map(|name| addressed(name, Language::Ja));
    assert_eq!(said, ["佐藤さん", "佐藤さん", "田中様", "山田先生"]);
    assert_eq!(addressed("Sato", Language::En), "Sato");
}

#[test]
fn thousands_are_set_apart() {
    let said: Vec<_> = [0, 999, 1_000, 12_345, 1_234_567].map(count).to_vec();
    assert_eq!(said, ["0", "999", "1,000", "12,345", "1,234,567"]);
}

#[test]
fn a_clause_and_a_count_are_not_parted_and_marks_stay_with_the_last_word() {
    let mark = html! { a { "1" } };
    let set = "<span class=\"clause\">You &lt;talked&gt; 58\u{a0}s;</span> <span class=\"clause\">once<a>1</a></span>";
    assert_eq!(typeset("You <talked> 58 s; once", &mark).into_string(), set);
    let set = "<span class=\"clause\">You did 1.5.</span> <span class=\"clause\">Well.</span>";
    assert_eq!(typeset("You did 1.5. Well.", "").into_string(), set);
    let set = "<span class=\"clause\">38% (target\u{a0}30%) of\u{a0}b (as long as it is).</span>";
    assert_eq!(
        typeset("38% (target 30%) of\u{a0}b (as long as it is).", "").into_string(),
        set.replace("as long as", "as\u{a0}long\u{a0}as").replace("as it is", "as\u{a0}it\u{a0}is")
    );
    let set = "<span class=\"clause\">割合は58%、</span><span class=\"clause\">でした</span>";
    assert_eq!(typeset("割合は58%、でした", "").into_string(), set);
    let set = "<span class=\"clause\">2分\u{2060}39秒と1時間\u{2060}20分の3回</span>";
    assert_eq!(typeset("2分39秒と1時間20分の3回", "").into_string(), set, "a length is one word");
}
