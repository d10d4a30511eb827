use super::*;

mod csv {
    use super::*;

    const WANTED: [&str; 2] = ["A 1.50-2.25 one, two", "B 62.00-63.00 \"yes\""];

    #[test]
    fn columns_in_any_order_case_and_separator() {
        for text in [
            "start,end,speaker,text\n1.5,2.25,A,\"one, two\"\n62,63,B,\"\"\"yes\"\"\"\n",
            "Text;SPEAKER;End;Start\none, two;A;0:02,25;0:01,5\n\"\"\"yes\"\"\";B;1:03;1:02\n",
            "Speaker Name\tStart Time\tDuration\tTranscript\r\nA\t00:00:01.500\t0.75\tone, two\r\nB\t0:01:02\t1s\t\"\"\"yes\"\"\"\r\n",
            "sep=;\nid;start_ms;end_ms;name;text\n1;1500;2250;A;one, two\n2;62000;63000;B;\"\"\"yes\"\"\"\n",
            "話者,開始 (ミリ秒),終了 (ミリ秒),発言内容\nA,1500,2250.4,\"one,\n two\"\nB,62000,63000,\"\"\"yes\"\"\"\n",
            "startTime,endTime,name,speaker,text\n1.5,2.25,left,A,\"one, two\"\n\n,,,,\n62,63,right,B,\"\"\"yes\"\"\"\n",
        ] {
            assert_eq!(cues("call.csv", text), WANTED, "{text}");
            assert_eq!(cues("call", text), WANTED, "{text}");
        }
    }

    #[test]
    fn a_table_without_words() {
        assert_eq!(cues("call.csv", "from,to,who\n0,1,A\n1,2,B\n"), ["A 0.00-1.00", "B 1.00-2.00"]);
    }

    #[test]
    fn a_row_without_a_name_is_somebodys() {
        assert_eq!(cues("call.csv", "start,end,speaker\n0,1,A\n1,2,\n"), ["A 0.00-1.00", "unknown 1.00-2.00"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let said = |rows: &str| refusal("call.csv", format!("start,end,speaker,text\n0,1,A,\"two\nlines\"\n{rows}"));
        assert_eq!(said("x,2,B,\n"), "call.csv, line 4: “x” is no time; expected is 12.34 or 00:00:12.340");
        assert_eq!(said("\n-1,2,B,\n"), "call.csv, line 5: “-1” is no time; expected is 12.34 or 00:00:12.340");
        assert_eq!(said("1\n"), "call.csv, line 4: “” is no time; expected is 12.34 or 00:00:12.340");
        assert!(
            said("3,2,B,\n").starts_with("call.csv, line 4: it ends at 0:00:02.000, before it begins at 0:00:03.000")
        );
        assert_eq!(
            said("1500000,1510000,B,\n"),
            "call.csv, line 4: 419:26:40.000 is more than a day into the call. Give seconds from the beginning of the \
             call, or milliseconds as start_ms and end_ms"
        );
    }

    #[test]
    fn a_table_that_does_not_say_who_speaks_when() {
        assert_eq!(
            refusal("call.csv", "start,speaker,text\n1,A,one\n"),
            "call.csv, line 1: “start,speaker,text” is no header of a transcript; expected are columns called start, \
             end (or duration), speaker and text"
        );
    }
}

mod rttm {
    use super::*;

    const LINE: &str = "SPEAKER call 1 0.500 1.255 <NA> <NA> MEE009 <NA> <NA>\n";

    #[test]
    fn as_nist_has_it() {
        let text = format!(
            ";; a comment\nSPKR-INFO call 1 <NA> <NA> <NA> unknown MEE009 <NA> <NA>\n{LINE}\nLEXEME call 1 0.5 0.2 hm \
             lex MEE009 0.9 <NA>\nSPEAKER call 1 1 2 <NA> <NA> MÉO069 <NA>\nSPEAKER call 1 9.0 0.000 <NA> <NA> X <NA> <NA>\n"
        );
        for name in ["call.rttm", "call.txt", "call.csv"] {
            assert_eq!(cues(name, &text), ["MEE009 0.50-1.76", "MÉO069 1.00-3.00"], "{name}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let said = |line: &str| refusal("call.rttm", format!("{LINE}{line}\n"));
        assert_eq!(
            said("SPEAKER call 1 one 2 <NA> <NA> B <NA> <NA>"),
            "call.rttm, line 2: “one” is no time; seconds are expected, as 12.34"
        );
        assert_eq!(
            said("SPEAKER call 1 2.5"),
            "call.rttm, line 2: “SPEAKER call 1 2.5” is no line of RTTM; expected is SPEAKER file channel start duration \
             <NA> <NA> name <NA> <NA>"
        );
        assert_eq!(
            said("SPEAKER other 1 3 2 <NA> <NA> B <NA> <NA>"),
            "call.rttm, line 2: this is of “other”, and the lines before are of “call”. Give a file of one call alone"
        );
        assert!(refusal("call.rttm", "start,end\n").starts_with("call.rttm, line 1: “start,end” is no line of RTTM"));
    }
}

mod json {
    use super::*;

    const WANTED: [&str; 2] = ["A 1.50-2.25 one", "B 62.00-63.00 two"];

    #[test]
    fn lists_of_many_kinds() {
        for text in [
            r#"[{"start": 1.5, "end": 2.25, "speaker": "A", "text": "one"},
                {"start": 62, "end": 63.0, "speaker": "B", "text": "two"}]"#,
            r#"{"language": "en", "segments": [{"id": 0, "start_ms": 1500, "end_ms": 2250, "speaker": "A", "text": " one"},
                {"id": 1, "start_ms": 62000, "end_ms": 63000, "speaker": "B", "text": " two"}]}"#,
            r#"{"results": {"utterances": [{"startTime": "1.5s", "endTime": "00:00:02.250", "speaker": {"id": 1, "name": "A"},
                "words": [{"word": "one"}]}, {"startTime": "1:02", "duration": 1, "name": "B", "words": ["two"]}]}}"#,
            r#"{"word_segments": [{"start": 1.5, "end": 2.25, "word": "no", "speaker": "A"}], "empty": [], "odd": [1, [2]],
                "transcript": [{"from": 1.5, "to": 2.25, "speaker_label": "A", "transcript": "one"},
                {"begin": 62, "end": 63, "who": "B", "content": "two", "extra": null}]}"#,
            "{\"start\":1.5,\"end\":2.25,\"speaker\":\"A\",\"text\":\"one\"}\n{\"start\":62,\"end\":63,\"speaker\":\"B\",\"text\":\"two\"}\n",
        ] {
            assert_eq!(cues("call.json", text), WANTED, "{text}");
            assert_eq!(cues("call.txt", text), WANTED, "{text}");
        }
    }

    #[test]
    fn speakers_may_be_numbers_and_words_may_miss() {
        let text = r#"[{"start": 0, "end": 1, "speaker": 0}, {"start": 1, "end": 2, "speaker": null, "text": null}]"#;
        assert_eq!(cues("call.json", text), ["0 0.00-1.00", "unknown 1.00-2.00"]);
    }

    #[test]
    fn single_words_of_one_breath_are_one_cue() {
        let word = |start: f64, end: f64, who: &str, word: &str| {
            format!("{{\"word\": \"{word}\", \"start\": {start}, \"end\": {end}, \"speaker\": \"{who}\"}}")
        };
        let words = [
            word(0.0, 0.3, "A", "how"),
            word(0.4, 0.6, "A", "are"),
            word(0.6, 0.9, "A", "you?"),
            word(1.0, 1.4, "B", "fine"),
            word(1.6, 2.0, "B", "thanks"),
        ];
        assert_eq!(
            cues("call.json", format!("{{\"words\": [{}]}}", words.join(","))),
            ["A 0.00-0.90 how are you?", "B 1.00-1.40 fine", "B 1.60-2.00 thanks"]
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let said =
            |entry: &str| refusal("call.json", format!("[{{\"start\": 0, \"end\": 1, \"speaker\": \"A\"}},\n{entry}]"));
        assert_eq!(said("{"), "call.json, line 2: this is no JSON. Export the transcript again, whole");
        assert_eq!(said("7"), "call.json, entry 2: “7” is no object");
        assert_eq!(
            said(r#"{"start": "soon", "end": 2, "speaker": "B"}"#),
            "call.json, entry 2: “\"soon\"” is no time; expected is 12.34 or \"00:00:12.340\""
        );
        assert_eq!(
            said(r#"{"start": 1, "speaker": "B"}"#),
            "call.json, entry 2: it has no end; expected are start, end (or duration) and speaker"
        );
        assert!(said(r#"{"start": 1e300, "end": 2e300, "speaker": "B"}"#).contains("is no time"));
        assert!(said(r#"{"start": 9, "end": 2, "speaker": "B"}"#).contains("before it begins"));
        assert_eq!(
            refusal("call.json", r#"{"title": "weekly", "notes": ["a", {"b": 1}]}"#),
            "call.json: there is no list of entries with start, end and speaker in it. Export the transcript with its \
             times"
        );
    }
}
