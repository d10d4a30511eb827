//! Japanese utterances. Where words end is not written, so lists are compared with characters, at the edges of clauses.

use std::ops::Range;

use crate::language::lexicon::{Lexicon, lexicon};
use crate::language::morae::{estimated_weights, kana_morae, morae_per_char};
use crate::language::text::{
    LONG_VOWEL_MARK, Sentence, TextPositions, comparison_form, is_clause_break, is_kana, is_katakana, sentences,
    to_hiragana, vowel_of, without_descriptions,
};
use crate::language::{Filler, Language, Question, QuestionKind, Repetition, TextAnalysis};

/// A repeated string has at most this many characters (ours): longer ones are said twice for emphasis, or are a list.
const LONGEST_REPEATED: usize = 8;

/// Particles after which a drawn vowel is a filler even where no comma is written (ours).
const PARTICLES: [char; 9] = ['は', 'が', 'を', 'に', 'も', 'と', 'の', 'か', 'で'];

pub(super) fn analyze(text: &str) -> TextAnalysis {
    let chars: Vec<char> = without_descriptions(text).chars().collect();
    let lexicon = lexicon(Language::Ja);
    let mut found = fillers(&chars, lexicon);
    let hums = comparison_form(&without_fillers(&chars, &found)).is_empty();
    // A drawn vowel before words of listening is one of them (えー、そうなんですか); alone it is a filler.
    if !hums && lexicon.backchannels.covers(&comparison_form(&chars)) {
        found.clear();
    }
    let rest = without_fillers(&chars, &found);
    let morae = morae_per_char(&rest);
    let mut weights = morae.clone().unwrap_or_else(|| estimated_weights(&rest));
    for at in found.iter().filter(|found| found.sure).flat_map(|found| found.range.clone()) {
        weights[at] = f64::from(kana_morae(&chars[at..=at]));
    }
    let places = TextPositions::new(&weights);
    TextAnalysis {
        morae: morae.map(|morae| morae.iter().sum::<f64>().round() as u32),
        repetitions: repetitions(&chars, &rest, lexicon, &places),
        questions: questions(&chars, lexicon, &places),
        backchannel: lexicon.backchannels.covers(&comparison_form(&rest))
            || lexicon.hums.covers(&comparison_form(&chars)),
        fillers: found.into_iter().map(|found| found.into_filler(&chars, &places)).collect(),
        ..TextAnalysis::default()
    }
}

/// The text with a comma for each character of its sure fillers, so that places stay.
fn without_fillers(chars: &[char], found: &[JapaneseFillerMatch]) -> Vec<char> {
    let mut rest = chars.to_vec();
    found.iter().filter(|found| found.sure).for_each(|found| rest[found.range.clone()].fill('、'));
    rest
}

/// A filler and where it stands.
struct JapaneseFillerMatch {
    range: Range<usize>,
    sure: bool,
}

impl JapaneseFillerMatch {
    fn into_filler(self, chars: &[char], places: &TextPositions) -> Filler {
        Filler {
            start: places.share_before(self.range.start),
            end: places.share_before(self.range.end),
            text: chars[self.range.clone()].iter().collect(),
            sure: self.sure,
        }
    }
}

fn fillers(chars: &[char], lexicon: &Lexicon) -> Vec<JapaneseFillerMatch> {
    let kana: Vec<char> = chars.iter().map(|c| to_hiragana(*c)).collect();
    let mut found: Vec<JapaneseFillerMatch> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let opens =
            at == 0 || is_clause_break(chars, at - 1) || found.last().is_some_and(|found| found.range.end == at);
        if let Some(len) = lexicon.fillers.none.longest_prefix(&kana[at..]).filter(|_| opens) {
            at += len;
        } else if let Some((len, sure)) = filler_at(chars, &kana, at, opens, lexicon) {
            found.push(JapaneseFillerMatch { range: at..at + len, sure });
            at += len;
        } else {
            at += 1;
        }
    }
    found
}

/// The filler that begins here: its length, and whether it is sure.
fn filler_at(chars: &[char], kana: &[char], at: usize, opens: bool, lexicon: &Lexicon) -> Option<(usize, bool)> {
    let words = &lexicon.fillers;
    // What is drawn on belongs to it; small vowels do too.
    let drawn = |len: usize| {
        let more =
            kana[at + len..].iter().take_while(|c| matches!(**c, LONG_VOWEL_MARK | 'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ'));
        len + more.count()
    };
    let closes = |len: usize| {
        let end = at + len;
        is_clause_break(chars, end)
            || words.anywhere.longest_prefix(&kana[end..]).is_some()
            || words.opening.longest_prefix(&kana[end..]).is_some()
    };
    // エート is a filler as the recogniser may write it, and アーカイブ begins with none.
    let in_katakana = |len: usize| chars[at..at + len].iter().any(|c| is_katakana(*c) && *c != LONG_VOWEL_MARK);
    let clear = |len: usize| (!in_katakana(len) || opens && closes(len)).then_some(len);

    let anywhere = words.anywhere.longest_prefix(&kana[at..]).map(drawn).and_then(clear);
    // After the same vowel it would draw that one out: すごいなあー.
    let after = at.checked_sub(1).map(|before| kana[before]);
    let particle = after.is_some_and(|before| PARTICLES.contains(&before) && vowel_of(before) != vowel_of(kana[at]));
    let opening = || words.opening.longest_prefix(&kana[at..]).filter(|_| opens || particle).map(drawn).and_then(clear);
    let alone = || words.alone.longest_prefix(&kana[at..]).map(drawn).filter(|len| opens && closes(*len));
    let begins = !chars[..at].iter().any(|c| c.is_alphanumeric());
    let more = |len: usize| chars[at + len..].iter().any(|c| c.is_alphanumeric());
    let beginning = || words.beginning.longest_prefix(&kana[at..]).filter(|len| begins && closes(*len) && more(*len));
    if let Some(len) = anywhere.or_else(opening).or_else(alone).or_else(beginning) {
        return Some((len, true));
    }
    let opening = || words.unsure_opening.longest_prefix(&kana[at..]).filter(|_| opens).and_then(clear);
    let alone = words.unsure_alone.longest_prefix(&kana[at..]).filter(|len| opens && closes(*len));
    alone.or_else(opening).map(|len| (len, false))
}

fn questions(chars: &[char], lexicon: &Lexicon, places: &TextPositions) -> Vec<Question> {
    let mut found = Vec::new();
    for sentence in sentences(chars) {
        // What follows 「…？」と only reports the question.
        let quoted = matches!(chars.get(sentence.range.end + 1..), Some(['」' | '』' | 'と', ..]));
        for part in question_parts(chars, &sentence, lexicon) {
            let body = trimmed(&chars[part.range.clone()]);
            if !quoted && is_question(body, part.has_question_mark, lexicon) {
                found.push(Question { end: places.share_before(part.range.end), kind: question_kind(body, lexicon) });
            }
        }
    }
    found
}

/// A sentence, cut after the polite questions within it: どうですか、最近. Where no mark is written a new sentence shows by
/// its first character, as no particle does: 元気ですか最近は.
fn question_parts(chars: &[char], sentence: &Sentence, lexicon: &Lexicon) -> Vec<Sentence> {
    const LONGEST_POLITE: usize = 5;
    const POLITE: [&str; 5] = ["ですか", "ますか", "ましたか", "ませんか", "でしょうか"];
    let mut found = Vec::new();
    let mut start = sentence.range.start;
    for at in
        sentence.range.clone().filter(|at| chars[*at] == '、' || !is_kana(chars[*at]) && !is_clause_break(chars, *at))
    {
        // No ending is longer.
        let part: String = chars[start.max(at.saturating_sub(LONGEST_POLITE))..at].iter().collect();
        if POLITE.iter().any(|ending| part.ends_with(ending)) && is_question(trimmed(&chars[start..at]), false, lexicon)
        {
            found.push(Sentence { range: start..at, has_question_mark: false });
            start = at;
        }
    }
    found.push(Sentence { range: start..sentence.range.end, has_question_mark: sentence.has_question_mark });
    found
}

/// Without the marks around it.
fn trimmed(chars: &[char]) -> &[char] {
    let letter = |c: &char| c.is_alphanumeric() || *c == LONG_VOWEL_MARK;
    let start = chars.iter().position(letter).unwrap_or(chars.len());
    let end = chars.iter().rposition(letter).map_or(start, |last| last + 1);
    &chars[start..end]
}

fn is_question(body: &[char], marked: bool, lexicon: &Lexicon) -> bool {
    let words = &lexicon.questions;
    let hums = lexicon.fillers.anywhere.covers(body);
    if body.is_empty()
        || hums
        || lexicon.backchannels.covers(&comparison_form(body))
        || words.to_oneself.longest_suffix(body).is_some()
    {
        return false;
    }
    if marked {
        return true;
    }
    if words.requests.longest_suffix(body).is_some() {
        return true;
    }
    // The longer ending says it: んですか asks, とか does not.
    let asking = words.asking.longest_suffix(body).unwrap_or(0);
    let not = words.not_asking.longest_suffix(body).unwrap_or(0);
    if asking > not {
        return true;
    }
    let wh = words.wh.occurs_in(&words.not_wh.remove_from(body));
    not == 0 && wh && matches!(body, [.., 'の'] | [.., 'で', 'し', 'ょ', 'う'])
}

fn question_kind(body: &[char], lexicon: &Lexicon) -> QuestionKind {
    let words = &lexicon.questions;
    let rest = words.not_wh.remove_from(body);
    let open = words.open.occurs_in(&words.closed.remove_from(&rest));
    if words.suggestions.longest_suffix(body).is_none() && words.progress.occurs_in(&rest) {
        QuestionKind::Progress
    } else if open {
        QuestionKind::Open
    } else {
        QuestionKind::Closed
    }
}

/// What stands before a comma or a filler and begins what stands after it: これ、これは.
fn repetitions(chars: &[char], rest: &[char], lexicon: &Lexicon, places: &TextPositions) -> Vec<Repetition> {
    let mut clauses: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for at in 0..=rest.len() {
        if is_clause_break(rest, at) {
            clauses.extend((at > start).then_some(start..at));
            start = at + 1;
        }
    }
    let repeated = |pair: &[Range<usize>]| {
        let [first, second] = pair else { return None };
        let clause = &rest[first.clone()];
        // The end of a longer clause may be taken up again too: 私はこれ、これは.
        let longest = clause.len().min(second.len()).min(LONGEST_REPEATED);
        let len = (2..=longest).rev().find(|len| clause.ends_with(&rest[second.start..second.start + len]))?;
        let word = &clause[clause.len() - len..];
        let ended = chars[first.end..second.start].iter().any(|c| matches!(c, '。' | '!' | '?'));
        let plain =
            !ended && !lexicon.reduplicated.contains(word) && !lexicon.backchannels.covers(&comparison_form(word));
        // One kana more is a word's ending that two clauses share: して、して…, です、です….
        (plain && (len == clause.len() || len > 2)).then(|| Repetition {
            start: places.share_before(first.end - len),
            end: places.share_before(second.start + len),
        })
    };
    clauses.windows(2).filter_map(repeated).collect()
}
