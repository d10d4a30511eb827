use super::*;

/// Every cue and where its end comes from.
fn read(name: &str, text: &str) -> (Vec<String>, CueEnds) {
    (cues(name, text), parse(name, text.as_bytes()).unwrap().ends())
}

#[test]
fn as_otter_writes_it() {
    let otter = include_str!("../../../../tests/transcripts/otter.txt");
    let wanted = [
        "Aoki Ken 1.00-3.40 Good morning, how was your week?",
        "Misaki Tanaka 5.00-11.40 It was fine, we shipped the release at 10:30 and nobody had to stay late.",
        "Aoki Ken 13.00-15.00 Great. What helped you most?",
        "Misaki Tanaka 20.00-20.80 The checklist.",
    ];
    assert_eq!(read("call.txt", otter), (wanted.map(str::to_owned).to_vec(), CueEnds::Guessed));
}

#[test]
fn as_notta_writes_it() {
    let notta = include_str!("../../../../tests/transcripts/notta.txt");
    let wanted = [
        "話者 1 1.00-4.01 おはようございます。今週はどうでしたか？",
        "話者 2 5.00-7.00 無事にリリースできました。",
        "話者 1 13.00-15.84 良かったです。何が助けになりましたか？",
    ];
    assert_eq!(read("call.txt", notta), (wanted.map(str::to_owned).to_vec(), CueEnds::Guessed));
}

/// Times of the day are made relative to the first, across midnight too.
#[test]
fn as_zoom_saves_captions() {
    let zoom = include_str!("../../../../tests/transcripts/zoom_captions.txt");
    let wanted = [
        "Aoki Ken 0.00-2.40 Good morning, how was your week?",
        "Misaki Tanaka 7.00-8.20 It was fine.",
        "Aoki Ken 12.00-14.00 Great. What helped you most?",
        "Misaki Tanaka 14.00-14.80 The checklist.",
    ];
    assert_eq!(read("call.txt", zoom), (wanted.map(str::to_owned).to_vec(), CueEnds::Guessed));
}

/// Whoever begins ends the one before; what has one stamp shares the time until the next.
#[test]
fn an_end_is_never_after_the_next_beginning() {
    let text = "A  0:00\none two three four five six seven eight\n\nB  0:01\none two three four\n\nA  0:01\nfive six \
                seven eight\n\nB  0:02\nyes\n";
    let wanted = [
        "A 0.00-1.00 one two three four five six seven eight",
        "B 1.00-1.50 one two three four",
        "A 1.50-2.00 five six seven eight",
        "B 2.00-2.50 yes",
    ];
    assert_eq!(cues("call.txt", text), wanted);
}

#[test]
fn a_line_that_ends_in_a_time_is_no_header() {
    let text = "A  0:00\nlet us meet\nTomorrow at 10:30\nas ever\n\nwe said at 11:00\nor later\n\nB  0:09\nyes\n\nSee \
                you: 12:00\n";
    let wanted = [
        "A 0.00-6.40 let us meet Tomorrow at 10:30 as ever we said at 11:00 or later",
        "B 9.00-11.00 yes See you: 12:00",
    ];
    assert_eq!(cues("call.txt", text), wanted);
}

#[test]
fn ends_that_are_stated_are_not_guessed() {
    let webex = include_str!("../../../../tests/transcripts/webex.vtt");
    let wanted = [
        "Aoki Ken 1.00-4.00 おはようございます。今週はどうでしたか？",
        "田中 美咲 5.00-12.00 無事に終わりました: 三つともです。",
        "Aoki Ken 13.00-15.00 良かったです。",
    ];
    assert_eq!(read("call.vtt", webex), (wanted.map(str::to_owned).to_vec(), CueEnds::Stated));
}

#[test]
fn stamps_that_are_minutes_apart_are_refused_with_the_shares_of_letters() {
    let meet = include_bytes!("../../../../tests/transcripts/meet.txt");
    assert_eq!(
        refusal("meet.txt", meet),
        "meet.txt: it states a time only every few minutes, and that does not tell who spoke when (by the letters of the text: \
         Aoki Ken 77%, Misaki Tanaka 23%). Give a transcript or captions with a time for each line"
    );
}

#[test]
fn json_that_begins_with_a_bracket_stays_json() {
    assert_eq!(
        cues("a.txt", "[{\"start\":1,\"end\":2,\"speaker\":\"A\"},{\"start\":2,\"end\":3,\"speaker\":\"B\"}]").len(),
        2
    );
}
