use super::*;

fn talk() -> Transcript {
    let rows = "start,end,speaker\n0,6.2,Aoki Ken\n6.2,9,田中 美咲\n9,10,ＢＡＢＡ\n10,10.5,Bando\n";
    parse("call.csv", rows.as_bytes()).unwrap()
}

/// The name of who is meant, or what is said against it.
fn meant(name: &str) -> String {
    let talk = talk();
    talk.find_speaker(Some(name)).map_or_else(|error| error.to_string(), |at| talk.speakers()[at].name.clone())
}

#[test]
fn the_whole_name_or_its_beginning_in_any_case_and_width() {
    for name in ["Aoki Ken", "aoki ken", "ＡＯＫＩ　ＫＥＮ", "A", " aoki"] {
        assert_eq!(meant(name), "Aoki Ken", "{name}");
    }
    assert_eq!((meant("田中"), meant("baba"), meant("ban")), ("田中 美咲".into(), "ＢＡＢＡ".into(), "Bando".into()));
}

#[test]
fn a_whole_name_comes_before_the_beginning_of_another() {
    let talk = parse("call.csv", b"start,end,speaker\n0,1,Anna\n1,2,Ann\n").unwrap();
    assert_eq!(talk.find_speaker(Some("ann")), Ok(1));
}

#[test]
fn a_name_that_nobody_several_or_none_has() {
    let names = "the transcript names Aoki Ken (59% of the talk), 田中 美咲 (27%), ＢＡＢＡ (10%), Bando (5%)";
    assert_eq!(meant("Carl"), format!("there is no “Carl”; say who you are with --speaker-me NAME; {names}"));
    assert_eq!(meant(""), format!("there is no “”; say who you are with --speaker-me NAME; {names}"));
    assert_eq!(meant("ba"), "ba may be ＢＡＢＡ or Bando; say more of your name with --speaker-me NAME");
    let error = talk().find_speaker(None).unwrap_err();
    assert_eq!(error.to_string(), format!("say who you are with --speaker-me NAME; {names}"));
}

#[test]
fn a_crowd_is_not_listed_whole() {
    let rows: String = (0..30).map(|at| format!("{at},{},P{at}\n", at + 1)).collect();
    let talk = parse("call.csv", format!("start,end,speaker\n{rows}").as_bytes()).unwrap();
    assert!(talk.find_speaker(None).unwrap_err().to_string().ends_with("P11 (3%) and 18 more"));
}

#[test]
fn everybody_else_is_them() {
    let lines = talk().into_track_cues(2);
    let tracks: Vec<_> = lines.iter().map(|line| line.track).collect();
    assert_eq!(tracks, [Track::Them, Track::Them, Track::Me, Track::Them]);
}
