use super::*;

#[test]
fn lengths_and_moments_as_people_say_them() {
    assert_eq!((clock(59_499), clock(59_500), clock(3_725_000)), ("0:59".into(), "1:00".into(), "1:02:05".into()));
    assert_eq!(length(3_725_000, Language::En), "1:02:05");
    assert_eq!(length(3_725_000, Language::Ja), "1 時間 2 分");
    assert_eq!(length(46_000, Language::Ja), "46 秒");
    assert_eq!((percent(0.576), seconds(4_840, Language::En)), ("58 %".into(), "4.8 s".into()));
}

#[test]
fn thousands_are_set_apart() {
    let said: Vec<_> = [0, 999, 1_000, 12_345, 1_234_567].map(count).to_vec();
    assert_eq!(said, ["0", "999", "1,000", "12,345", "1,234,567"]);
}

#[test]
fn a_clause_and_a_count_are_not_parted_and_marks_stay_with_the_last_word() {
    let mark = html! { a { "1" } };
    let set = "<span class=\"clause\">You &lt;talked&gt; 58\u{a0}%;</span> <span class=\"clause\">once<a>1</a></span>";
    assert_eq!(typeset("You <talked> 58 %; once", &mark).into_string(), set);
    let set = "<span class=\"clause\">割合は 58\u{a0}%、</span><span class=\"clause\">でした</span>";
    assert_eq!(typeset("割合は 58 %、でした", "").into_string(), set);
}
