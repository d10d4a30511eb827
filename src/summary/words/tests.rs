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
fn a_call_was_when_its_own_clock_said() {
    let tokyo = "2026-04-01T23:40:00+09:00";
    assert_eq!(when(tokyo, 2_700_000, Language::En).unwrap(), "Wednesday, 1 April 2026, 23:40–00:25 (UTC+9)");
    assert_eq!(when(tokyo, 2_700_000, Language::Ja).unwrap(), "2026 年 4 月 1 日（水）23:40〜00:25 (UTC+9)");
    assert_eq!(
        when("2026-01-05T08:00:00-03:30", 0, Language::En).unwrap(),
        "Monday, 5 January 2026, 08:00–08:00 (UTC−3:30)"
    );
    assert!(when("2026-01-05T08:00:00Z", 0, Language::En).unwrap().ends_with("08:00–08:00 (UTC)"));
    assert_eq!(when("yesterday", 0, Language::En), None);
    assert_eq!((day(tokyo, Language::Ja).unwrap(), day(tokyo, Language::En).unwrap()), ("4/1".into(), "1 Apr".into()));
}

#[test]
fn text_is_inert() {
    assert_eq!(html("<b a=\"1\" b='2'>&"), "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;");
    assert_eq!(html("a\u{202e}b\0"), "a\u{fffd}b\u{fffd}");
}
