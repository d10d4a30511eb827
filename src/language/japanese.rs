//! Japanese utterances. Where words end is not written, so lists are compared with characters, at the edges of clauses.

use std::ops::Range;

use crate::language::lexicon::{Lexicon, lexicon};
use crate::language::morae::{kana_morae, morae_of, weights};
use crate::language::text::{
    LENGTH, Places, Sentence, heard, hiragana, is_kana, is_katakana, parts, sentences, spoken, vowel,
};
use crate::language::{Filler, Language, Question, QuestionKind, Reading, Repetition};

/// A repeated string has at most so many characters (ours): longer ones are said twice for emphasis, or are a list.
const LONGEST_REPEATED: usize = 8;

/// Particles after which a drawn vowel is a filler even where no comma is written (ours).
const PARTICLES: [char; 9] = ['は', 'が', 'を', 'に', 'も', 'と', 'の', 'か', 'で'];

pub(super) fn read(text: &str) -> Reading {
    let chars: Vec<char> = spoken(text).chars().collect();
    let lexicon = lexicon(Language::Ja);
    let mut found = fillers(&chars, lexicon);
    let hums = heard(&fluent(&chars, &found)).is_empty();
    // A drawn vowel before words of listening is one of them (えー、そうなんですか); alone it is a filler.
    if !hums && lexicon.backchannels.cover(&heard(&chars)) {
        found.clear();
    }
    let rest = fluent(&chars, &found);
    let morae = morae_of(&rest);
    let mut weights = morae.clone().unwrap_or_else(|| weights(&rest));
    for at in found.iter().filter(|found| found.sure).flat_map(|found| found.at.clone()) {
        weights[at] = f64::from(kana_morae(&chars[at..=at]));
    }
    let places = Places::new(&weights);
    Reading {
        morae: morae.map(|morae| morae.iter().sum::<f64>().round() as u32),
        repetitions: repetitions(&chars, &rest, lexicon, &places),
        questions: questions(&chars, lexicon, &places),
        backchannel: lexicon.backchannels.cover(&heard(&rest)) || lexicon.hums.cover(&heard(&chars)),
        fillers: found.into_iter().map(|found| found.placed(&chars, &places)).collect(),
        ..Reading::default()
    }
}

/// The text with a comma for each character of its sure fillers, so that places stay.
fn fluent(chars: &[char], found: &[Found]) -> Vec<char> {
    let filled = |at: usize| found.iter().any(|found| found.sure && found.at.contains(&at));
    chars.iter().enumerate().map(|(at, c)| if filled(at) { '、' } else { *c }).collect()
}

/// A filler and where it stands.
struct Found {
    at: Range<usize>,
    sure: bool,
}

impl Found {
    fn placed(self, chars: &[char], places: &Places) -> Filler {
        Filler {
            start: places.of(self.at.start),
            end: places.of(self.at.end),
            text: chars[self.at.clone()].iter().collect(),
            sure: self.sure,
        }
    }
}

fn fillers(chars: &[char], lexicon: &Lexicon) -> Vec<Found> {
    let kana: Vec<char> = chars.iter().map(|c| hiragana(*c)).collect();
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let opens = at == 0 || parts(chars, at - 1) || found.last().is_some_and(|found| found.at.end == at);
        if let Some(len) = lexicon.fillers.none.begin(&kana[at..]).filter(|_| opens) {
            at += len;
        } else if let Some((len, sure)) = filler(chars, &kana, at, opens, lexicon) {
            found.push(Found { at: at..at + len, sure });
            at += len;
        } else {
            at += 1;
        }
    }
    found
}

/// The filler that begins here: its length, and whether it is sure.
fn filler(chars: &[char], kana: &[char], at: usize, opens: bool, lexicon: &Lexicon) -> Option<(usize, bool)> {
    let words = &lexicon.fillers;
    // What is drawn on belongs to it; small vowels do too.
    let drawn = |len: usize| {
        let more = kana[at + len..].iter().take_while(|c| matches!(**c, LENGTH | 'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ'));
        len + more.count()
    };
    let closes = |len: usize| {
        let end = at + len;
        parts(chars, end) || words.anywhere.begin(&kana[end..]).is_some() || words.opening.begin(&kana[end..]).is_some()
    };
    // エート is a filler as the recogniser may write it, and アーカイブ begins with none.
    let in_katakana = |len: usize| chars[at..at + len].iter().any(|c| is_katakana(*c) && *c != LENGTH);
    let clear = |len: usize| (!in_katakana(len) || opens && closes(len)).then_some(len);

    let anywhere = words.anywhere.begin(&kana[at..]).map(drawn).and_then(clear);
    // After the same vowel it would draw that one out: すごいなあー.
    let after = at.checked_sub(1).map(|before| kana[before]);
    let particle = after.is_some_and(|before| PARTICLES.contains(&before) && vowel(before) != vowel(kana[at]));
    let opening = || words.opening.begin(&kana[at..]).filter(|_| opens || particle).map(drawn).and_then(clear);
    let alone = || words.alone.begin(&kana[at..]).map(drawn).filter(|len| opens && closes(*len));
    let begins = !chars[..at].iter().any(|c| c.is_alphanumeric());
    let more = |len: usize| chars[at + len..].iter().any(|c| c.is_alphanumeric());
    let beginning = || words.beginning.begin(&kana[at..]).filter(|len| begins && closes(*len) && more(*len));
    if let Some(len) = anywhere.or_else(opening).or_else(alone).or_else(beginning) {
        return Some((len, true));
    }
    let opening = || words.unsure_opening.begin(&kana[at..]).filter(|_| opens).and_then(clear);
    let alone = words.unsure_alone.begin(&kana[at..]).filter(|len| opens && closes(*len));
    alone.or_else(opening).map(|len| (len, false))
}

fn questions(chars: &[char], lexicon: &Lexicon, places: &Places) -> Vec<Question> {
    let mut found = Vec::new();
    for sentence in sentences(chars) {
        // What follows 「…？」と only reports the question.
        let quoted = matches!(chars.get(sentence.at.end + 1..), Some(['」' | '』' | 'と', ..]));
        for part in asked_parts(chars, &sentence, lexicon) {
            let body = trimmed(&chars[part.at.clone()]);
            if !quoted && asks(body, part.marked, lexicon) {
                found.push(Question { end: places.of(part.at.end), kind: kind(body, lexicon) });
            }
        }
    }
    found
}

/// A sentence, cut after the polite questions within it: どうですか、最近. Where no mark is written a new sentence shows by
/// its first character, as no particle does: 元気ですか最近は.
fn asked_parts(chars: &[char], sentence: &Sentence, lexicon: &Lexicon) -> Vec<Sentence> {
    const POLITE: [&str; 5] = ["ですか", "ますか", "ましたか", "ませんか", "でしょうか"];
    let mut found = Vec::new();
    let mut start = sentence.at.start;
    for at in sentence.at.clone().filter(|at| chars[*at] == '、' || !is_kana(chars[*at]) && !parts(chars, *at)) {
        let part: String = chars[start..at].iter().collect();
        if POLITE.iter().any(|ending| part.ends_with(ending)) && asks(trimmed(&chars[start..at]), false, lexicon) {
            found.push(Sentence { at: start..at, marked: false });
            start = at;
        }
    }
    found.push(Sentence { at: start..sentence.at.end, marked: sentence.marked });
    found
}

/// Without the marks around it.
fn trimmed(chars: &[char]) -> &[char] {
    let letter = |c: &char| c.is_alphanumeric() || *c == LENGTH;
    let start = chars.iter().position(letter).unwrap_or(chars.len());
    let end = chars.iter().rposition(letter).map_or(start, |last| last + 1);
    &chars[start..end]
}

fn asks(body: &[char], marked: bool, lexicon: &Lexicon) -> bool {
    let words = &lexicon.questions;
    let hums = lexicon.fillers.anywhere.cover(body);
    if body.is_empty() || hums || lexicon.backchannels.cover(&heard(body)) || words.to_oneself.end(body).is_some() {
        return false;
    }
    if marked {
        return true;
    }
    if words.requests.end(body).is_some() {
        return true;
    }
    // The longer ending says it: んですか asks, とか does not.
    let asking = words.asking.end(body).unwrap_or(0);
    let not = words.not_asking.end(body).unwrap_or(0);
    if asking > not {
        return true;
    }
    let wh = words.wh.within(&words.not_wh.without(body));
    not == 0 && wh && matches!(body, [.., 'の'] | [.., 'で', 'し', 'ょ', 'う'])
}

fn kind(body: &[char], lexicon: &Lexicon) -> QuestionKind {
    let words = &lexicon.questions;
    let said = words.not_wh.without(body);
    let open = words.open.within(&words.closed.without(&said));
    if words.suggestions.end(body).is_none() && words.progress.within(&said) {
        QuestionKind::Progress
    } else if open {
        QuestionKind::Open
    } else {
        QuestionKind::Closed
    }
}

/// What stands before a comma or a filler and begins what stands after it: これ、これは.
fn repetitions(chars: &[char], rest: &[char], lexicon: &Lexicon, places: &Places) -> Vec<Repetition> {
    let mut clauses: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for at in 0..=rest.len() {
        if parts(rest, at) {
            clauses.extend((at > start).then_some(start..at));
            start = at + 1;
        }
    }
    let repeated = |pair: &[Range<usize>]| {
        let [first, second] = pair else { return None };
        let said = &rest[first.clone()];
        // The end of a longer clause may be taken up again too: 私はこれ、これは.
        let longest = said.len().min(second.len()).min(LONGEST_REPEATED);
        let len = (2..=longest).rev().find(|len| said.ends_with(&rest[second.start..second.start + len]))?;
        let word = &said[said.len() - len..];
        let ended = chars[first.end..second.start].iter().any(|c| matches!(c, '。' | '!' | '?'));
        let plain = !ended && !lexicon.reduplicated.has(word) && !lexicon.backchannels.cover(&heard(word));
        // One kana more is a word's ending that two clauses share: して、して…, です、です….
        (plain && (len == said.len() || len > 2))
            .then(|| Repetition { start: places.of(first.end - len), end: places.of(second.start + len) })
    };
    clauses.windows(2).filter_map(repeated).collect()
}
