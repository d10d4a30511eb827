use super::*;

const SATO: &str = "Sato";

fn now() -> Zoned {
    // A Monday.
    "2026-11-30T09:50:00+09:00[Asia/Tokyo]".parse().unwrap()
}

fn known() -> Vec<String> {
    [SATO, "Kim", "林", "小田", "小田原", "Ren", "マリ"].map(str::to_owned).to_vec()
}

/// A calendar with these events, each a few lines.
fn calendar(events: &[&str]) -> String {
    let events: String =
        events.iter().map(|event| format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n", event.trim())).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

/// What comes next in a file, as its person, its start and its minutes.
fn next(text: &str) -> Option<(String, String, i64)> {
    next_at(text, &now())
}

fn next_at(text: &str, now: &Zoned) -> Option<(String, String, i64)> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("work.ics");
    fs::write(&path, text).unwrap();
    let (meeting, errors) = next_meeting(&path, now, &known());
    assert!(errors.is_empty(), "{errors:?}");
    meeting.map(|meeting| (meeting.with, meeting.start.strftime("%d %H:%M").to_string(), meeting.length.as_mins()))
}

fn is(with: &str, start: &str, minutes: i64) -> Option<(String, String, i64)> {
    Some((with.to_owned(), start.to_owned(), minutes))
}

#[test]
fn the_next_meeting_of_two_within_the_hour_is_found_with_its_length() {
    let event = |start: &str, title: &str| {
        format!("UID:{start}\nSUMMARY:{title}\nDTSTART;TZID=Asia/Tokyo:20261130T{start}00\nDURATION:PT30M")
    };
    let (soon, later) = (event("1000", "1on1 Sato"), event("1045", "1on1: Kim"));
    assert_eq!(next(&calendar(&[&later, &soon])), is("Sato", "30 10:00", 30));
    assert_eq!(next(&calendar(&[&later])), is("Kim", "30 10:45", 30));
    assert_eq!(next(&calendar(&[&event("1100", "1on1 Sato")])), None, "in more than an hour");
    assert_eq!(next(&calendar(&[&event("0915", "1on1 Sato"), &later])), is("Kim", "30 10:45", 30), "it is over");
    assert_eq!(next(&calendar(&[&event("0940", "1on1 Kim"), &soon])), is("Kim", "30 09:40", 30), "it goes on");
}

#[test]
fn whom_a_meeting_is_with() {
    let titled = |title: &str, more: &str| {
        let event = format!("UID:a\nSUMMARY:{title}\n{more}\nDTSTART:20261130T010000Z\nDTEND:20261130T012500Z");
        next(&calendar(&[&event])).map(|found| found.0)
    };
    let name = |name: &str| Some(name.to_owned());
    for title in
        ["1on1 Sato", "Sato 1:1", "[1-on-1] with SATO", "Weekly one-on-one / Sato", "Sato / Aoki 1on1", "Sato's 1:1"]
    {
        assert_eq!(titled(title, ""), name("Sato"), "{title}");
    }
    for (title, who) in [
        ("1on1 山田さん", "山田"),
        ("山田さんとの1on1", "山田"),
        ("ワンオンワン：山田 太郎", "山田 太郎"),
        ("1:1 Minami Takahashi", "Minami Takahashi"),
        ("Weekly 1on1 with Minami", "Minami"),
        ("１on１（山田）", "山田"),
    ] {
        assert_eq!(titled(title, ""), name(who), "{title}");
    }
    for (title, who) in [
        ("小林さんとの1on1", "小林"),
        ("林田さん 1on1", "林田"),
        ("1on1 林さん", "林"),
        ("林部長と1on1", "林"),
        ("定例林さん1on1", "林"),
        ("1on1 小田原さん", "小田原"),
        ("1on1 小田さん", "小田"),
        ("毎週小田さん1on1", "小田"),
        ("第3回小田さん1on1", "小田"),
        ("営業部小田さん1on1", "小田"),
        ("1on1 Ren", "Ren"),
        ("1on1 René", "René"),
        ("マリさん1on1", "マリ"),
        ("マリアさん1on1", "マリア"),
        ("Renさんとの1on1", "Ren"),
    ] {
        assert_eq!(titled(title, ""), name(who), "{title}");
    }
    assert_eq!(titled("1on1 小田・小田原", ""), None, "two are named");
    for title in [
        "Satou 1on1 Aoki/Mori",
        "1on1",
        "Planning with Sato",
        "1on1 Sato & Kim",
        "Retrospective",
        "Satoko",
        "Sato 11:15",
        "Sato 2026-11-13",
    ] {
        assert_eq!(titled(title, ""), None, "{title}");
    }
    let guests = |names: &[&str]| {
        let guest = |name: &&str| {
            format!("ATTENDEE;CN=\"{name}\":mailto:{}@example.com\n", name.to_lowercase().replace(' ', "."))
        };
        names.iter().map(guest).collect::<String>().trim().to_owned()
    };
    assert_eq!(titled("Catch up", &guests(&["Aoki", "Sato"])), name("Sato"));
    assert_eq!(titled("1on1", &guests(&["Aoki", "林太郎"])), name("林"));
    assert_eq!(titled("1on1", &guests(&["Aoki", "小林太郎"])), None);
    assert_eq!(titled("Catch up", &guests(&["Aoki", "Sato", "Mori"])), None, "three");
    assert_eq!(titled("Catch up", &guests(&["Aoki", "Mori"])), None, "nobody knows which of them the user is");
    let organized = format!("ORGANIZER;CN=Aoki:mailto:aoki@example.com\n{}", guests(&["Aoki", "Sato"]));
    assert_eq!(titled("Catch up", &organized), name("Sato"));
}

#[test]
fn what_recurs_is_found_with_its_exceptions_in_its_time_zone() {
    let weekly = "UID:a\nSUMMARY:1on1 Sato\nDTSTART;TZID=Asia/Tokyo:20240108T100000\nDTEND;TZID=Asia/Tokyo:20240108T103000\nRRULE:FREQ=WEEKLY";
    assert_eq!(next(&calendar(&[weekly])), is("Sato", "30 10:00", 30));
    assert_eq!(next(&calendar(&[&format!("{weekly}\nEXDATE;TZID=Asia/Tokyo:20261130T100000")])), None, "not this time");
    assert_eq!(next(&calendar(&[&format!("{weekly};UNTIL=20261129T000000Z")])), None, "no longer");
    let moved = "UID:a\nSUMMARY:1on1 Sato\nRECURRENCE-ID;TZID=Asia/Tokyo:20261130T100000\nDTSTART;TZID=Asia/Tokyo:20261130T103000\nDURATION:PT45M";
    assert_eq!(next(&calendar(&[weekly, moved])), is("Sato", "30 10:30", 45), "moved, and longer");
    let cancelled = "UID:a\nSUMMARY:1on1 Sato\nSTATUS:CANCELLED\nRECURRENCE-ID;TZID=Asia/Tokyo:20261130T100000\nDTSTART;TZID=Asia/Tokyo:20261130T100000\nDURATION:PT30M";
    assert_eq!(next(&calendar(&[weekly, cancelled])), None, "cancelled");
    // Another series at the same time, one of which is moved.
    let other = weekly.replace("UID:a", "UID:b").replace("Sato", "Kim");
    let other_moved = moved.replace("UID:a", "UID:b").replace("Sato", "Kim").replace("T103000", "T180000");
    for events in [[weekly, &other, &other_moved], [&other_moved, &other, weekly]] {
        assert_eq!(next(&calendar(&events)), is("Sato", "30 10:00", 30));
    }
}

#[test]
fn a_time_zone_is_followed_through_its_changes() {
    // 10:00 in Berlin is 18:00 in Tokyo in winter, and 17:00 in summer.
    let weekly =
        "UID:a\nSUMMARY:1on1 Sato\nDTSTART;TZID=Europe/Berlin:20260302T100000\nDURATION:PT30M\nRRULE:FREQ=WEEKLY";
    let at = |time: &str| next_at(&calendar(&[weekly]), &format!("{time}[Asia/Tokyo]").parse().unwrap());
    assert_eq!(at("2026-11-30T17:30:00+09:00"), is("Sato", "30 18:00", 30));
    assert_eq!(at("2026-06-29T16:30:00+09:00"), is("Sato", "29 17:00", 30));
    assert_eq!(at("2026-06-29T17:45:00+09:00"), None);
    // By the name that Outlook gives it, and by none: the user's own.
    let outlook = weekly.replace("Europe/Berlin", "W. Europe Standard Time");
    let now = "2026-11-30T17:30:00+09:00[Asia/Tokyo]".parse().unwrap();
    assert_eq!(next_at(&calendar(&[&outlook]), &now), is("Sato", "30 18:00", 30));
    let floating = weekly.replace(";TZID=Europe/Berlin", "");
    assert_eq!(next(&calendar(&[&floating])), is("Sato", "30 10:00", 30));
}

#[test]
fn what_is_no_meeting_is_none() {
    for event in [
        "UID:a\nSUMMARY:1on1 Sato\nDTSTART;VALUE=DATE:20261130",
        "UID:a\nSUMMARY:1on1 Sato\nDTSTART:20261130T010000Z\nDTEND:20261130T100000Z",
        "UID:a\nSUMMARY:1on1 Sato\nDTSTART:20261130T010000Z\nDTEND:20261130T010000Z",
        "UID:a\nSUMMARY:1on1 Sato\nSTATUS:CANCELLED\nDTSTART:20261130T010000Z\nDTEND:20261130T013000Z",
        "UID:a\nDTSTART:20261130T010000Z\nDTEND:20261130T013000Z",
        "UID:a\nSUMMARY:1on1 Sato",
    ] {
        assert_eq!(next(&calendar(&[event])), None, "{event}");
    }
    // No date is ever one of these, and very many are the other.
    for rule in ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY"] {
        let endless = format!("UID:a\nSUMMARY:1on1 Sato\nDTSTART:20200101T010000Z\nDURATION:PT30M\nRRULE:{rule}");
        assert_eq!(next(&calendar(&[&endless])), None, "{rule}");
    }
}

#[test]
fn a_folder_is_read_and_what_is_broken_is_told_in_one_sentence_and_left_out() {
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let event = "UID:a\nSUMMARY:1on1 Sato\nDTSTART:20261130T010000Z\nDTEND:20261130T013000Z";
    put("work/sato.ics", calendar(&[event]).as_bytes());
    put("work/cut.ics", &calendar(&[event]).as_bytes()[..80]);
    put("work/none.ics", b"<html>sign in</html>");
    put("work/image.ics", &[0xff; 4_096]);
    put("work/notes.txt", b"not a calendar, and not meant to be one");
    put(".git/object.ics", b"hidden");
    let (meeting, errors) = next_meeting(dir.path(), &now(), &known());
    assert_eq!(meeting.unwrap().with, "Sato");
    let mut told: Vec<_> =
        errors.iter().map(|error| error.to_string().rsplit_once('/').unwrap().1.to_owned()).collect();
    told.sort();
    assert_eq!(
        told,
        [
            "cut.ics is left out: it is damaged",
            "image.ics is left out: it is no calendar (.ics)",
            "none.ics is left out: it is no calendar (.ics)",
        ]
    );
    let (meeting, errors) = next_meeting(&dir.path().join("gone"), &now(), &known());
    assert!(
        meeting.is_none() && errors[0].to_string().ends_with("name a file or folder as [calendar] path"),
        "{errors:?}"
    );
}
