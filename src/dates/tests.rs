use super::*;

fn at(now: &str) -> Zoned {
    now.parse().unwrap()
}

#[test]
fn a_call_was_when_its_own_clock_said() {
    let tokyo = "2026-04-01T23:40:00+09:00";
    assert_eq!(time_range(tokyo, 2_700_000, Language::En).unwrap(), "Wed 1 Apr 2026, 23:40–00:25 (UTC+9)");
    assert_eq!(time_range(tokyo, 2_700_000, Language::Ja).unwrap(), "2026年4月1日（水）23:40〜00:25 (UTC+9)");
    let newfoundland = "2026-01-05T08:00:00-03:30";
    assert_eq!(time_range(newfoundland, 0, Language::En).unwrap(), "Mon 5 Jan 2026, 08:00–08:00 (UTC−3:30)");
    assert_eq!(start_day_and_time(newfoundland, Language::En).unwrap(), "Mon 5 Jan 2026, 08:00");
    assert!(time_range("2026-01-05T08:00:00Z", 0, Language::En).unwrap().ends_with("08:00–08:00 (UTC)"));
    for none in ["yesterday", "", "2026-11-03"] {
        assert_eq!(time_range(none, 0, Language::En), None, "{none}");
    }
    let tuesday = date("2026-11-03T10:00:00+09:00").unwrap();
    assert_eq!(
        (day(tuesday, Language::Ja), short_day(tuesday, Language::Ja)),
        ("2026年11月3日（火）".into(), "11/3".into())
    );
    assert_eq!(
        (day(tuesday, Language::En), short_day(tuesday, Language::En)),
        ("Tue 3 Nov 2026".into(), "3 Nov".into())
    );
}

#[test]
fn a_call_over_the_change_of_clocks_is_told_by_the_clock_it_began_by() {
    // In Berlin 2:30 is there twice that night; the offset says which.
    let [first, second] = ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"];
    assert_eq!(time_range(first, 3_600_000, Language::En).unwrap(), "Sun 25 Oct 2026, 02:30–03:30 (UTC+2)");
    assert_eq!(time_range(second, 3_600_000, Language::En).unwrap(), "Sun 25 Oct 2026, 02:30–03:30 (UTC+1)");
    assert_eq!(instant(second).unwrap() - instant(first).unwrap(), jiff::Span::new().seconds(3_600).fieldwise());
}

#[test]
fn days_are_midnights_and_not_24_hours() {
    for (began, now, days) in [
        // One minute before midnight, and one after it.
        ("2026-11-03T23:59:00+09:00", "2026-11-04T00:01:00+09:00[Asia/Tokyo]", 1),
        ("2026-11-03T00:01:00+09:00", "2026-11-03T23:59:00+09:00[Asia/Tokyo]", 0),
        ("2026-11-03T10:00:00Z", "2026-11-26T09:00:00Z[UTC]", 23),
        // The night to 29 March has 23 hours in Berlin, the one to 25 October has 25.
        ("2026-03-28T23:30:00+01:00", "2026-03-29T23:00:00+02:00[Europe/Berlin]", 1),
        ("2026-03-29T00:30:00+01:00", "2026-03-30T00:10:00+02:00[Europe/Berlin]", 1),
        ("2026-03-29T01:59:00+01:00", "2026-03-29T03:00:00+02:00[Europe/Berlin]", 0),
        ("2026-10-25T00:10:00+02:00", "2026-10-25T23:50:00+01:00[Europe/Berlin]", 0),
        ("2026-10-24T23:59:00+02:00", "2026-10-26T00:01:00+01:00[Europe/Berlin]", 2),
        // New York: 8 March and 1 November.
        ("2026-03-07T23:30:00-05:00", "2026-03-08T23:00:00-04:00[America/New_York]", 1),
        ("2026-11-01T00:30:00-04:00", "2026-11-01T23:45:00-05:00[America/New_York]", 0),
    ] {
        assert_eq!(days_since(began, &at(now)), Some(days), "{began} to {now}");
    }
}

#[test]
fn a_call_in_another_zone_is_taken_at_the_date_that_it_was_here() {
    for (began, now, days) in [
        // Late in New York is the next day in Tokyo already.
        ("2026-11-03T23:00:00-05:00", "2026-11-05T09:00:00+09:00[Asia/Tokyo]", 1),
        ("2026-11-03T23:00:00-05:00", "2026-11-04T23:30:00-05:00[America/New_York]", 1),
        // A morning in Tokyo was the evening before in New York, and that is yesterday there.
        ("2026-11-03T08:00:00+09:00", "2026-11-03T09:00:00-05:00[America/New_York]", 1),
        ("2026-11-03T08:00:00+09:00", "2026-11-02T20:00:00-05:00[America/New_York]", 0),
        // A clock that was set back is no call of tomorrow.
        ("2026-11-05T08:00:00+09:00", "2026-11-03T09:00:00+09:00[Asia/Tokyo]", 0),
    ] {
        assert_eq!(days_since(began, &at(now)), Some(days), "{began} to {now}");
    }
    assert_eq!(days_since("long ago", &at("2026-11-03T09:00:00+09:00[Asia/Tokyo]")), None);
}

#[test]
fn days_as_people_say_them() {
    let said = |days| (ago(days, Language::Ja), ago(days, Language::En));
    assert_eq!(said(0), ("今日".into(), "today".into()));
    assert_eq!(said(1), ("昨日".into(), "yesterday".into()));
    assert_eq!(said(23), ("23日前".into(), "23 days ago".into()));
}
