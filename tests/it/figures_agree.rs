//! No two figures of one thing disagree: a call's share, lengths and counts in its summary, its Markdown, its shared summary and
//! its file are the same wherever they are said.

use serde_json::Value;

use crate::support::run::WorkingDir;
use crate::support::sample;

const TRANSCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/transcripts/zoom.vtt");
const DEMO_EN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sample_call/demo_en.flac");
const DEMO_JA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sample_call/demo_ja.flac");

/// A figure of others, which is on every page beside the call's own.
const STUDY: &str = "managers do 63% of the talking";

/// What a page says, without its tags, its style and its script.
fn words(page: &str) -> String {
    let body = &page[page.find("<body").unwrap()..page.find("<script>").unwrap()];
    let mut text = String::new();
    for (place, part) in body.split('<').enumerate() {
        // What stands before the first tag is none; a tag's own text ends with it.
        let (_, said) = part.split_once('>').unwrap_or(("", if place == 0 { part } else { "" }));
        text.push_str(said);
        text.push(' ');
    }
    text.replace(['\u{a0}', '\u{2060}'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The numbers that stand right before these words, wherever they are said.
fn before(text: &str, words: &str) -> Vec<u64> {
    let ends = text.match_indices(words).map(|(at, _)| &text[..at]);
    let number = |before: &str| {
        let digits = before.len() - before.chars().rev().take_while(char::is_ascii_digit).count();
        before[digits..].parse().ok()
    };
    ends.filter_map(number).collect()
}

/// A row of the table of both sides in Markdown: its two cells.
fn row(markdown: &str, name: &str) -> [String; 2] {
    let line = markdown.lines().find(|line| line.starts_with(&format!("| {name}"))).expect(name);
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    [cells[2].to_owned(), cells[3].to_owned()]
}

fn percent(share: &Value) -> u64 {
    // A half goes to the even number, so that both shares are a whole.
    (share.as_f64().unwrap() * 100.0).round_ties_even() as u64
}

fn entries<'a>(json: &'a Value, list: &str) -> &'a [Value] {
    json[list].as_array().map(Vec::as_slice).unwrap_or_default()
}

#[test]
fn no_two_figures_of_one_thing_disagree() {
    let transcript = ["replay", TRANSCRIPT, "--speaker-me", "Aoki"];
    let calls: [(&[&str], bool); 4] = [
        (&["replay", sample::CALL], false),
        (&["replay", DEMO_EN], false),
        (&["replay", DEMO_JA], false),
        (&transcript, true),
    ];
    for (call, with_words) in calls {
        let dir = WorkingDir::new();
        dir.keicho(&[call, &["--out", "call", "--mirror"]].concat()).done();
        let text = |name: &str| String::from_utf8(dir.read(&format!("call/{name}"))).unwrap();
        let (json, markdown) = (dir.json("call/summary.json"), text("summary.md").replace('\u{a0}', " "));
        let (page, mirror) = (words(&text("summary.html")), words(&text("mirror.html")));

        // The share: the headline, what stood out, the advice, the table; and the two of both sides are a whole.
        let [mine, theirs] = ["me", "them"].map(|track| percent(&json["talk"][track]["share"]));
        assert_eq!(mine + theirs, 100, "{call:?}");
        for said in [&page, &markdown] {
            let shares = before(&said.replace(STUDY, ""), "% of the talking");
            assert!(!shares.is_empty() && shares.iter().all(|share| *share == mine), "{call:?}: {shares:?}");
        }
        assert_eq!(row(&markdown, "Talk share"), [format!("{mine}%"), format!("{theirs}%")]);
        let shared = before(&mirror.replace(STUDY, ""), "% of the talking");
        assert!(!shared.is_empty() && shared.iter().all(|share| *share == mine), "{call:?}: {shared:?}");

        // What happened so many times happened so many times in the list, in the table and in the heading.
        let by = |list: &str, field: &str, track: &str| {
            entries(&json, list).iter().filter(|one| one[field] == track).count() as u64
        };
        for (place, track) in ["me", "them"].into_iter().enumerate() {
            let count = |cell: String| cell.split(' ').next().unwrap().parse::<u64>().unwrap();
            assert_eq!(
                count(row(&markdown, "Interruptions")[place].clone()),
                by("interruptions", "by", track),
                "{call:?}"
            );
            assert_eq!(
                count(row(&markdown, "Signs of listening |")[place].clone()),
                by("backchannels", "by", track),
                "{call:?}"
            );
        }
        let silences = entries(&json, "silences").len() as u64;
        for said in [&page, &mirror] {
            assert!(before(said, " silences of 3 s").iter().all(|count| *count == silences), "{call:?}");
        }
        let questions = by("questions", "track", "me");
        let asked = before(&page, " questions");
        assert!(asked.iter().all(|count| *count == questions), "{call:?}: {asked:?} of {questions}");
        assert_eq!(with_words, !entries(&json, "questions").is_empty());

        // The longest turn in seconds is the longest in minutes.
        let cell = row(&markdown, "Longest turn")[0].clone();
        let (minutes, seconds) = cell.split_once(':').unwrap();
        let (minutes, seconds): (u64, u64) = (minutes.parse().unwrap(), seconds.parse().unwrap());
        let length = match (minutes, seconds) {
            (0, seconds) => format!("{seconds} s"),
            (minutes, 0) => format!("{minutes} min"),
            (minutes, seconds) => format!("{minutes} min {seconds} s"),
        };
        for said in [&page, &markdown] {
            assert!(said.contains(&format!("Your longest turn took {length}")), "{call:?}: {length}");
        }
    }
}
