use super::*;

fn vtt(text: &str) -> Vec<String> {
    cues("call.vtt", text)
}

#[test]
fn as_zoom_writes_it() {
    assert_eq!(
        vtt(
            "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nAoki Ken: Hello.\n\n2\n00:00:02.500 --> 00:00:04.000\nHow are \
             you?\n\n3\n00:00:05.000 --> 00:00:06.000\n田中 美咲: はい。\n"
        ),
        ["Aoki Ken 1.00-2.50 Hello.", "Aoki Ken 2.50-4.00 How are you?", "田中 美咲 5.00-6.00 はい。"]
    );
}

#[test]
fn as_teams_writes_it() {
    assert_eq!(
        vtt(
            "\u{feff}WEBVTT\r\n\r\n3f2a-11/12-0\r\n00:00:01.010 --> 00:00:02.500\r\n<v Aoki Ken>Hello,\r\nR&amp;D &lt;all&gt;\
             .</v>\r\n\r\n3f2a-11/19-1\r\n00:00:03.000 --> 00:00:04.000\r\n<v 田中 美咲>10:30 ですね: はい</v>\r\n"
        ),
        ["Aoki Ken 1.01-2.50 Hello, R&D <all>.", "田中 美咲 3.00-4.00 10:30 ですね: はい"]
    );
}

#[test]
fn comments_styles_settings_and_short_times() {
    assert_eq!(
        vtt(
            "WEBVTT - a title\nKind: captions\n\nNOTE\n00:09.000 is a time, as are\n00:01.000 --> 00:09.000\n\nNOTE one \
             line\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\n\n00:01.000 --> 00:02.000 align:start position:0%\n\
             A: <c.loud>one</c> <00:01.500><i>two</i>&nbsp;&#51; &#x34; &unknown; & 5 < 6\n\n101:00.000 --> \
             1:41:01.000\nB: last"
        ),
        ["A 1.00-2.00 one two 3 4 &unknown; & 5 < 6", "B 6060.00-6061.00 last"]
    );
}

#[test]
fn without_a_blank_line_and_without_a_header() {
    assert_eq!(
        vtt("00:01.000 --> 00:02.000\nA: one\n00:03.000 --> 00:04.000\nB: two\n"),
        ["A 1.00-2.00 one", "B 3.00-4.00 two"]
    );
    let srt = "1\n00:00:01,000 --> 00:00:02,000\nA: one\n\n2\n00:00:03,000 --> 00:00:04,000\nB: two\n";
    assert_eq!(cues("call.srt", srt), ["A 1.00-2.00 one", "B 3.00-4.00 two"]);
}

#[test]
fn empty_cues_are_nothing() {
    assert_eq!(
        vtt("WEBVTT\n\n00:01.000 --> 00:02.000\n\n00:02.000 --> 00:03.000\nA: one\n\n00:03.000 --> 00:04.000\nB:\n\n\
             00:04.000 --> 00:05.000\n\n00:05.000 --> 00:06.000\nB: two\n"),
        ["A 2.00-3.00 one", "B 5.00-6.00 two"]
    );
    assert_eq!(
        vtt("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A></v>\n\n00:02.000 --> 00:03.000\n<v A>one</v>\n\n00:03.000 --> \
             00:04.000\n<v B>two"),
        ["A 2.00-3.00 one", "B 3.00-4.00 two"]
    );
}

#[test]
fn words_before_the_first_name_are_somebodys() {
    assert_eq!(
        vtt("WEBVTT\n\n00:01.000 --> 00:02.000\nwelcome\n\n00:02.000 --> 00:03.000\nA: one\n"),
        ["unknown 1.00-2.00 welcome", "A 2.00-3.00 one"]
    );
}

/// A colon within what is said makes nobody.
#[test]
fn not_everything_before_a_colon_is_a_name() {
    let said = [
        "one thing: we are late",
        "at 10:30: the call",
        "https://example.org: see there",
        "はい、そうです：それで",
        "Is that so? Well: yes",
        "I would say that it is all in all like this: good",
    ];
    let cues_of = |lines: &[&str]| {
        let cue = |(at, line): (usize, &&str)| format!("00:{at:02}.000 --> 00:{:02}.000\n{line}\n\n", at + 1);
        vtt(&format!("WEBVTT\n\n{}", lines.iter().enumerate().map(cue).collect::<String>()))
    };
    for line in said {
        let heard = cues_of(&["A: one", line, "B: two"]);
        assert_eq!(heard[1], format!("A 1.00-2.00 {line}"));
    }
    let names = ["de Vries, Jan", "Maria de la Cruz", "Sato (Tokyo)", "Dr. J. Smith", "山田　太郎"];
    for name in names {
        let heard = cues_of(&["A: one", &format!("{name}: yes: {name}")]);
        assert_eq!(heard[1], format!("{name} 1.00-2.00 yes: {name}").replace('　', " "));
    }
    let small = cues_of(&["ken: one", "B: two", "ken: three"]);
    assert_eq!(small, ["ken 0.00-1.00 one", "B 1.00-2.00 two", "ken 2.00-3.00 three"], "a name comes back");
}

#[test]
fn two_voices_of_one_cue_have_its_whole_time() {
    assert_eq!(
        vtt("WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud A>one</v> <v B>two</v>\n"),
        ["A 1.00-2.00 one", "B 1.00-2.00 two"]
    );
    assert_eq!(
        vtt("WEBVTT\n\n00:01.000 --> 00:02.000\nA: one\nmore\nB: two\n"),
        ["A 1.00-2.00 one more", "B 1.00-2.00 two"]
    );
}

#[test]
fn times_that_cannot_be_read() {
    for (line, times) in [
        (3, "00:01.000 --> 00:0x.000"),
        (3, "00:01.000 --> 00:61.000"),
        (3, "00:01.000 -->"),
        (3, "1 --> 2"),
        (3, "00:01.000 -> 00:02.000"),
        (3, "00:01.000 — 00:02.000"),
    ] {
        let said = refusal("call.vtt", format!("WEBVTT\n\n{times}\nA: one\n"));
        let wanted = format!(
            "call.vtt, line {line}: “{times}” are no times of a cue; expected is 00:00:01.000 --> 00:00:02.500"
        );
        assert_eq!(said, wanted);
    }
}

#[test]
fn an_end_before_its_start() {
    assert_eq!(
        refusal("call.vtt", "WEBVTT\n\n00:05.000 --> 00:03.000\nA: one\n"),
        "call.vtt, line 3: it ends at 0:00:03.000, before it begins at 0:00:05.000. Give the start first, both from the \
         beginning of the call"
    );
}
