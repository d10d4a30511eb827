//! English utterances, word by word.

use std::ops::Range;

use crate::language::lexicon::{Lexicon, Phrases, lexicon};
use crate::language::morae::syllables;
use crate::language::text::{TextPositions, comparison_form, is_clause_break, sentences, without_descriptions};
use crate::language::{Filler, Language, Question, QuestionKind, Repetition, TextAnalysis};

/// A repetition has at most this many words (ours).
const LONGEST_REPEATED: usize = 4;

/// Within this many words after how, what or which the verb is to come: how many of these do you (ours).
const VERB_WITHIN: usize = 4;

/// What people begin with before they ask.
const LEAD_INS: [&str; 24] = [
    "so", "and", "but", "well", "okay", "ok", "yeah", "yes", "no", "now", "then", "just", "right", "oh", "hey", "wait",
    "sorry", "alright", "because", "also", "actually", "hi", "or", "anyway",
];

/// The verb that tells "what would help is a plan" from a question.
const BE: [&str; 4] = ["is", "was", "are", "were"];

/// What a clause begins with that adds to the one before: …, which is fine.
const RELATIVE: [&str; 6] = ["which", "who", "whom", "whose", "where", "when"];

pub(super) fn analyze(text: &str) -> TextAnalysis {
    let chars: Vec<char> = without_descriptions(text).replace(['’', '‘'], "'").chars().collect();
    let lexicon = lexicon(Language::En);
    let words = split_words(&chars);
    let weights: Vec<f64> = chars.iter().map(|c| f64::from(u8::from(c.is_alphanumeric()))).collect();
    let places = TextPositions::new(&weights);
    let listening = lexicon.backchannels.covers(&comparison_form(&chars));
    let found = if listening { Vec::new() } else { fillers(&chars, &words, lexicon) };
    let mut is_filler = vec![false; words.len()];
    found.iter().filter(|filler| filler.sure).for_each(|filler| is_filler[filler.words.clone()].fill(true));
    let fluent: Vec<&EnglishWord> =
        words.iter().zip(&is_filler).filter(|(_, is_filler)| !**is_filler).map(|(word, _)| word).collect();
    let rest: Vec<char> = fluent.iter().flat_map(|word| word.text.chars()).collect();
    TextAnalysis {
        words: Some(fluent.len() as u32),
        syllables: Some(fluent.iter().map(|word| syllables(&word.text)).sum()),
        morae: None,
        repetitions: repetitions(&fluent, lexicon, &places),
        questions: questions(&chars, &words, lexicon, &places),
        backchannel: listening
            || lexicon.backchannels.covers(&comparison_form(&rest))
            || lexicon.hums.covers(&comparison_form(&chars)),
        fillers: found.into_iter().map(|found| found.into_filler(&words, &places)).collect(),
    }
}

/// The first word of more, of one syllable, if it holds no more than the floor once a pause cuts it off.
pub(super) fn cut_off_word(text: &str) -> Option<String> {
    let words = split_words(&text.chars().collect::<Vec<_>>());
    let (first, more) = words.split_first()?;
    let letters: Vec<char> = first.text.chars().collect();
    let counts = !more.is_empty() && lexicon(Language::En).fillers.cut_off.contains(&letters);
    counts.then(|| first.text.clone())
}

/// A word in lower case.
struct EnglishWord {
    text: String,
    range: Range<usize>,
    /// Whether a mark stands before it, and after it; the utterance's edges are marks.
    mark_before: bool,
    mark_after: bool,
}

/// Letters with the apostrophes and hyphens within.
fn split_words(chars: &[char]) -> Vec<EnglishWord> {
    let mut found: Vec<EnglishWord> = Vec::new();
    let mut at = 0;
    let mut opens = true;
    while at < chars.len() {
        let inner = |at: usize| {
            let joins = matches!(chars[at], '\'' | '-' | '_') && chars.get(at + 1).is_some_and(|c| c.is_alphanumeric());
            chars[at].is_alphanumeric() || joins || matches!(chars[at], '.' | ',' | '%') && !is_clause_break(chars, at)
        };
        if chars[at].is_alphanumeric() {
            let start = at;
            while at < chars.len() && inner(at) {
                at += 1;
            }
            let text = chars[start..at].iter().flat_map(|c| c.to_lowercase()).collect();
            found.push(EnglishWord { text, range: start..at, mark_before: opens, mark_after: false });
            opens = false;
        } else {
            if !chars[at].is_whitespace() && !matches!(chars[at], '\'' | '-' | '"') {
                opens = true;
                if let Some(last) = found.last_mut() {
                    last.mark_after = true;
                }
            }
            at += 1;
        }
    }
    if let Some(last) = found.last_mut() {
        last.mark_after = true;
    }
    found
}

/// Words with a space between, and where in it each begins.
fn line(words: &[EnglishWord], spelled: impl Fn(&str) -> String) -> (Vec<char>, Vec<usize>) {
    let mut line = Vec::new();
    let mut begins = Vec::with_capacity(words.len());
    for word in words {
        begins.push(line.len());
        line.extend(spelled(&word.text).chars());
        line.push(' ');
    }
    line.pop();
    (line, begins)
}

/// A filler and the words that it takes.
struct EnglishFillerMatch {
    words: Range<usize>,
    sure: bool,
}

impl EnglishFillerMatch {
    fn into_filler(self, words: &[EnglishWord], places: &TextPositions) -> Filler {
        let taken = &words[self.words.clone()];
        Filler {
            start: taken.first().map_or(0.0, |word| places.share_before(word.range.start)),
            end: taken.last().map_or(0.0, |word| places.share_before(word.range.end)),
            text: taken.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "),
            sure: self.sure,
        }
    }
}

fn fillers(chars: &[char], words: &[EnglishWord], lexicon: &Lexicon) -> Vec<EnglishFillerMatch> {
    // Ummm is um.
    let (drawn, drawn_begins) = line(words, collapse_repeats);
    let (plain, begins) = line(words, str::to_owned);
    let lists = &lexicon.fillers;
    let sentences = sentences(chars);
    let mut found: Vec<EnglishFillerMatch> = Vec::new();
    let mut at = 0;
    // The newest word that is none.
    let mut fluent = None;
    while at < words.len() {
        let count = |len: usize, begins: &[usize], from: &[char]| {
            from[begins[at]..begins[at] + len].iter().filter(|c| **c == ' ').count() + 1
        };
        let rest = &plain[begins[at]..];
        if let Some(len) = lists.none.longest_word_prefix(rest) {
            at += count(len, &begins, &plain);
            fluent = Some(at - 1);
            continue;
        }
        let sure = lists.anywhere.longest_word_prefix(rest).map(|len| count(len, &begins, &plain)).or_else(|| {
            let len = lists.anywhere.longest_word_prefix(&drawn[drawn_begins[at]..])?;
            Some(count(len, &drawn_begins, &drawn))
        });
        if let Some(taken) = sure {
            found.push(EnglishFillerMatch { words: at..at + taken, sure: true });
            at += taken;
            continue;
        }
        // Well, … at the beginning answers, whatever pause follows (Schiffrin 1987); amid a sentence it hesitates.
        let later = sentences.partition_point(|sentence| sentence.range.start <= words[at].range.start);
        let sentence = later.checked_sub(1).map(|newest| &sentences[newest]);
        let first =
            words.partition_point(|word| sentence.is_some_and(|sentence| word.range.start < sentence.range.start));
        let begun = fluent.is_some_and(|word| word >= first);
        let opens = begun && (words[at].mark_before || found.last().is_some_and(|found| found.words.end == at));
        let unsure = lists.unsure_alone.longest_word_prefix(rest).map(|len| count(len, &begins, &plain));
        match unsure.filter(|taken| opens && words[at + taken - 1].mark_after) {
            Some(taken) => {
                found.push(EnglishFillerMatch { words: at..at + taken, sure: false });
                at += taken;
            }
            None => {
                fluent = Some(at);
                at += 1;
            }
        }
    }
    found
}

/// Each letter once where it is repeated, if the word has nothing else to lose by it.
fn collapse_repeats(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    // Double m is the word itself; one alone is a letter's name.
    if letters.len() < 2 { word.to_owned() } else { letters.into_iter().collect() }
}

fn questions(chars: &[char], words: &[EnglishWord], lexicon: &Lexicon, places: &TextPositions) -> Vec<Question> {
    let mut found = Vec::new();
    for sentence in sentences(chars) {
        let first = words.partition_point(|word| word.range.start < sentence.range.start);
        let last = words.partition_point(|word| word.range.start < sentence.range.end);
        let sentence_words = &words[first..last];
        if let Some(asked) = asking_clause(sentence_words, sentence.has_question_mark, lexicon) {
            found.push(Question { end: places.share_before(sentence.range.end), kind: question_kind(asked, lexicon) });
        }
    }
    found
}

/// The clause of a sentence that asks something, or all of it where none shows that it does.
fn asking_clause<'a>(words: &'a [EnglishWord], marked: bool, lexicon: &Lexicon) -> Option<&'a [EnglishWord]> {
    let lists = &lexicon.questions;
    let (text, _) = line(words, str::to_owned);
    if words.is_empty() || lexicon.backchannels.covers(&comparison_form(&text)) {
        return None;
    }
    let clauses = clauses(words);
    let aloud = |clause: &&[EnglishWord]| !lists.to_oneself.contains(&line(clause, str::to_owned).0);
    if marked {
        let asking = clauses.iter().rfind(|clause| aloud(clause) && begins_asking(clause, lexicon));
        return clauses.last().is_some_and(aloud).then(|| asking.copied().unwrap_or(words));
    }
    // Without its mark a question shows by how it begins; a clause that only adds to the one before may begin alike.
    let adds = |clause: &[EnglishWord]| RELATIVE.contains(&clause[0].text.as_str());
    let asks = |(at, clause): (usize, &[EnglishWord])| (at == 0 || !adds(clause)) && begins_asking(clause, lexicon);
    clauses
        .into_iter()
        .enumerate()
        .filter(|(_, clause)| aloud(clause))
        .find(|found| asks(*found))
        .map(|(_, clause)| clause)
}

/// Stretches between marks, without lead-ins and fillers before them; those of nothing else are left out.
fn clauses(words: &[EnglishWord]) -> Vec<&[EnglishWord]> {
    let split = words.chunk_by(|before, _| !before.mark_after);
    let bare = |clause: &[EnglishWord]| {
        clause.iter().position(|word| !LEAD_INS.contains(&word.text.as_str()) && !is_hum(word))
    };
    split.filter_map(|clause| bare(clause).map(|start| &clause[start..])).collect()
}

fn is_hum(word: &EnglishWord) -> bool {
    lexicon(Language::En).fillers.anywhere.contains(&collapse_repeats(&word.text).chars().collect::<Vec<_>>())
}

fn begins_asking(clause: &[EnglishWord], lexicon: &Lexicon) -> bool {
    let lists = &lexicon.questions;
    let (text, _) = line(clause, str::to_owned);
    if lists.not_asking.longest_word_prefix(&text).is_some() {
        return false;
    }
    if lists.requests.longest_word_prefix(&text).is_some() {
        return true;
    }
    let one = |list: &Phrases, at: usize| {
        clause.get(at).is_some_and(|word| list.contains(&word.text.chars().collect::<Vec<_>>()))
    };
    let verb_and_subject = |at: usize| one(&lists.asking, at) && one(&lists.subjects, at + 1);
    if verb_and_subject(0) {
        return true;
    }
    // How about, why not; what's and its like hold their verb.
    if lists.asking.longest_word_prefix(&text).is_some_and(|len| text[..len].contains(&' ')) {
        return true;
    }
    let second = || clause.iter().skip(2).any(|word| BE.contains(&word.text.as_str()));
    if one(&lists.wh, 0) && one(&lists.asking, 0) {
        return clause.len() > 1 && !second();
    }
    // A subject before the verb makes it a clause within: what I want is.
    let verb = (1..=VERB_WITHIN).find(|at| one(&lists.asking, *at) || one(&lists.subjects, *at));
    // The question word may be the subject itself: what would help. With a second verb it is a clause again.
    let is_subject = ["what", "who"].contains(&clause[0].text.as_str()) && one(&lists.asking, 1) && clause.len() > 2;
    one(&lists.wh, 0) && (verb.is_some_and(verb_and_subject) || is_subject && !second())
}

fn question_kind(asked: &[EnglishWord], lexicon: &Lexicon) -> QuestionKind {
    let lists = &lexicon.questions;
    let (text, begins) = line(asked, str::to_owned);
    if !lists.suggestions.occurs_as_words_in(&text) && lists.progress.occurs_as_words_in(&text) {
        return QuestionKind::Progress;
    }
    let open = begins.iter().any(|at| {
        lists.open.longest_word_prefix(&text[*at..]).is_some()
            && lists.closed.longest_word_prefix(&text[*at..]).is_none()
    });
    if open { QuestionKind::Open } else { QuestionKind::Closed }
}

fn repetitions(fluent: &[&EnglishWord], lexicon: &Lexicon, places: &TextPositions) -> Vec<Repetition> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < fluent.len() {
        let same = |len: &usize| {
            let (first, second) = (&fluent[at..at + len], &fluent[at + len..at + 2 * len]);
            first.iter().zip(second).all(|(one, other)| one.text == other.text)
        };
        let longest = LONGEST_REPEATED.min((fluent.len() - at) / 2);
        match (1..=longest).rev().find(same) {
            Some(len) => {
                let repeated: Vec<&str> = fluent[at..at + len].iter().map(|word| word.text.as_str()).collect();
                let repeated: Vec<char> = repeated.join(" ").chars().collect();
                if !lexicon.reduplicated.contains(&repeated)
                    && !lexicon.backchannels.covers(&comparison_form(&repeated))
                {
                    found.push(Repetition {
                        start: places.share_before(fluent[at].range.start),
                        end: places.share_before(fluent[at + 2 * len - 1].range.end),
                    });
                }
                at += len;
            }
            None => at += 1,
        }
    }
    found
}
