//! Error rates of text. Japanese is compared by characters with numerals folded, English by words; marks are left out.
//! Only turns that were not cut off count, and text where nobody speaks counts as phantom.

use serde_json::Value;

/// A line of a transcript.
pub(crate) struct Line {
    pub(crate) track: String,
    pub(crate) start_ms: u64,
    pub(crate) end_ms: u64,
    pub(crate) text: String,
}

/// What was right and wrong of a text.
#[derive(Default)]
pub(crate) struct Text {
    errors: usize,
    wanted: usize,
    /// Characters where nobody spoke.
    pub(crate) phantom: usize,
}

impl Text {
    /// The lines of a call against its labels.
    pub(crate) fn of(lines: &[Line], labels: &Value) -> Self {
        let japanese = labels["language"] == "ja";
        let mut all = Self::default();
        for track in ["me", "them"] {
            let spoken: Vec<&Value> =
                labels["utterances"].as_array().unwrap().iter().filter(|one| one["track"] == track).collect();
            let whole = |one: &Value| one["kind"] == "turn" && one["cut"] == false;
            let mut lines: Vec<&Line> = lines.iter().filter(|line| line.track == track).collect();
            lines.sort_by_key(|line| line.start_ms);
            let mut found = String::new();
            for line in lines {
                let nearest =
                    spoken.iter().max_by_key(|one| (common(line, one), std::cmp::Reverse(ms(one, "start_ms"))));
                match nearest.filter(|one| common(line, one) > 0) {
                    None => all.phantom += units(&line.text, true).len(),
                    Some(one) if whole(one) => found = found + " " + &line.text,
                    Some(_) => {}
                }
            }
            let mut wanted: Vec<&Value> = spoken.into_iter().filter(|one| whole(one)).collect();
            wanted.sort_by_key(|one| ms(one, "start_ms"));
            let wanted: Vec<&str> = wanted.iter().filter_map(|one| one["text"].as_str()).collect();
            all.add(&found, &wanted.join(" "), japanese);
        }
        all
    }

    /// Adds one text.
    pub(crate) fn add(&mut self, found: &str, wanted: &str, japanese: bool) {
        let (found, wanted) = (units(found, japanese), units(wanted, japanese));
        self.errors += strsim::generic_levenshtein(&found, &wanted);
        self.wanted += wanted.len();
    }

    /// Insertions, deletions and substitutions for each unit that was wanted.
    pub(crate) fn error_rate(&self) -> f64 {
        self.errors as f64 / self.wanted.max(1) as f64
    }
}

fn common(line: &Line, one: &Value) -> u64 {
    line.end_ms.min(ms(one, "end_ms")).saturating_sub(line.start_ms.max(ms(one, "start_ms")))
}

fn ms(of: &Value, name: &str) -> u64 {
    of[name].as_u64().unwrap()
}

/// Characters of a Japanese text, words of another.
fn units(text: &str, japanese: bool) -> Vec<String> {
    let text = text.to_lowercase();
    let digit = |c: char| "〇一二三四五六七八九".chars().position(|kanji| japanese && kanji == c);
    let folded = text.chars().map(|c| digit(c).map_or(c, |digit| char::from(b'0' + digit as u8)));
    let kept: String = folded.filter(|c| c.is_alphanumeric() || *c == ' ').collect();
    match japanese {
        true => kept.chars().filter(|c| *c != ' ').map(String::from).collect(),
        false => kept.split_whitespace().map(str::to_owned).collect(),
    }
}
