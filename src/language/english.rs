//! English utterances, word by word.

use std::ops::Range;

use crate::language::lexicon::{Lexicon, Phrases, lexicon};
use crate::language::morae::syllables;
use crate::language::text::{Places, heard, parts, sentences, spoken};
use crate::language::{Filler, Language, Question, QuestionKind, Reading, Repetition};

/// A repetition has at most so many words (ours).
const LONGEST_REPEATED: usize = 4;

/// Within so many words after how, what or which the verb is to come: how many of these do you (ours).
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

pub(super) fn read(text: &str) -> Reading {
    let chars: Vec<char> = spoken(text).replace(['’', '‘'], "'").chars().collect();
    let lexicon = lexicon(Language::En);
    let words = words(&chars);
    let weights: Vec<f64> = chars.iter().map(|c| f64::from(u8::from(c.is_alphanumeric()))).collect();
    let places = Places::new(&weights);
    let listening = lexicon.backchannels.cover(&heard(&chars));
    let found = if listening { Vec::new() } else { fillers(&chars, &words, lexicon) };
    let sure = |at: usize| found.iter().any(|filler| filler.sure && filler.words.contains(&at));
    let fluent: Vec<&Word> = words.iter().enumerate().filter(|(at, _)| !sure(*at)).map(|(_, word)| word).collect();
    let rest: Vec<char> = fluent.iter().flat_map(|word| word.text.chars()).collect();
    Reading {
        words: Some(fluent.len() as u32),
        syllables: Some(fluent.iter().map(|word| syllables(&word.text)).sum()),
        morae: None,
        repetitions: repetitions(&fluent, lexicon, &places),
        questions: questions(&chars, &words, lexicon, &places),
        backchannel: listening || lexicon.backchannels.cover(&heard(&rest)) || lexicon.hums.cover(&heard(&chars)),
        fillers: found.into_iter().map(|found| found.placed(&words, &places)).collect(),
    }
}

/// A word in lower case.
struct Word {
    text: String,
    at: Range<usize>,
    /// Whether a mark stands before it, and after it; the utterance's edges are marks.
    opens: bool,
    closes: bool,
}

/// Letters with the apostrophes and hyphens within.
fn words(chars: &[char]) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut at = 0;
    let mut opens = true;
    while at < chars.len() {
        let inner = |at: usize| {
            let joins = matches!(chars[at], '\'' | '-' | '_') && chars.get(at + 1).is_some_and(|c| c.is_alphanumeric());
            chars[at].is_alphanumeric() || joins || matches!(chars[at], '.' | ',' | '%') && !parts(chars, at)
        };
        if chars[at].is_alphanumeric() {
            let start = at;
            while at < chars.len() && inner(at) {
                at += 1;
            }
            let text = chars[start..at].iter().flat_map(|c| c.to_lowercase()).collect();
            found.push(Word { text, at: start..at, opens, closes: false });
            opens = false;
        } else {
            if !chars[at].is_whitespace() && !matches!(chars[at], '\'' | '-' | '"') {
                opens = true;
                if let Some(last) = found.last_mut() {
                    last.closes = true;
                }
            }
            at += 1;
        }
    }
    if let Some(last) = found.last_mut() {
        last.closes = true;
    }
    found
}

/// Words with a space between, and where in it each begins.
fn line(words: &[Word], spelled: impl Fn(&str) -> String) -> (Vec<char>, Vec<usize>) {
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
struct Found {
    words: Range<usize>,
    sure: bool,
}

impl Found {
    fn placed(self, words: &[Word], places: &Places) -> Filler {
        let said = &words[self.words.clone()];
        Filler {
            start: said.first().map_or(0.0, |word| places.of(word.at.start)),
            end: said.last().map_or(0.0, |word| places.of(word.at.end)),
            text: said.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "),
            sure: self.sure,
        }
    }
}

fn fillers(chars: &[char], words: &[Word], lexicon: &Lexicon) -> Vec<Found> {
    // Ummm is um.
    let (drawn, drawn_begins) = line(words, undrawn);
    let (plain, begins) = line(words, str::to_owned);
    let lists = &lexicon.fillers;
    let sentences = sentences(chars);
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let count = |len: usize, begins: &[usize], from: &[char]| {
            from[begins[at]..begins[at] + len].iter().filter(|c| **c == ' ').count() + 1
        };
        let rest = &plain[begins[at]..];
        if let Some(len) = lists.none.begin_words(rest) {
            at += count(len, &begins, &plain);
            continue;
        }
        let sure = lists.anywhere.begin_words(rest).map(|len| count(len, &begins, &plain)).or_else(|| {
            let len = lists.anywhere.begin_words(&drawn[drawn_begins[at]..])?;
            Some(count(len, &drawn_begins, &drawn))
        });
        if let Some(taken) = sure {
            found.push(Found { words: at..at + taken, sure: true });
            at += taken;
            continue;
        }
        // Well, … at the beginning answers, whatever pause follows (Schiffrin 1987); amid a sentence it hesitates.
        let sentence = sentences.iter().rev().find(|sentence| sentence.at.start <= words[at].at.start);
        let first = words.partition_point(|word| sentence.is_some_and(|sentence| word.at.start < sentence.at.start));
        let begun = (first..at).any(|before| !found.iter().any(|found| found.words.contains(&before)));
        let opens = begun && (words[at].opens || found.last().is_some_and(|found| found.words.end == at));
        let unsure = lists.unsure_alone.begin_words(rest).map(|len| count(len, &begins, &plain));
        match unsure.filter(|taken| opens && words[at + taken - 1].closes) {
            Some(taken) => {
                found.push(Found { words: at..at + taken, sure: false });
                at += taken;
            }
            None => at += 1,
        }
    }
    found
}

/// Each letter once where it is repeated, if the word has nothing else to lose by it.
fn undrawn(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    // Double m is the word itself; one alone is a letter's name.
    if letters.len() < 2 { word.to_owned() } else { letters.into_iter().collect() }
}

fn questions(chars: &[char], words: &[Word], lexicon: &Lexicon, places: &Places) -> Vec<Question> {
    let mut found = Vec::new();
    for sentence in sentences(chars) {
        let first = words.partition_point(|word| word.at.start < sentence.at.start);
        let last = words.partition_point(|word| word.at.start < sentence.at.end);
        let said = &words[first..last];
        if let Some(asked) = asked(said, sentence.marked, lexicon) {
            found.push(Question { end: places.of(sentence.at.end), kind: kind(asked, lexicon) });
        }
    }
    found
}

/// The clause of a sentence that asks something, or all of it where none shows that it does.
fn asked<'a>(said: &'a [Word], marked: bool, lexicon: &Lexicon) -> Option<&'a [Word]> {
    let lists = &lexicon.questions;
    let (text, _) = line(said, str::to_owned);
    if said.is_empty() || lexicon.backchannels.cover(&heard(&text)) {
        return None;
    }
    let clauses = clauses(said);
    let aloud = |clause: &&[Word]| !lists.to_oneself.has(&line(clause, str::to_owned).0);
    if marked {
        let asking = clauses.iter().rfind(|clause| aloud(clause) && begins_asking(clause, lexicon));
        return clauses.last().is_some_and(aloud).then(|| asking.copied().unwrap_or(said));
    }
    // Without its mark a question shows by how it begins; a clause that only adds to the one before may begin alike.
    let adds = |clause: &[Word]| RELATIVE.contains(&clause[0].text.as_str());
    let asks = |(at, clause): (usize, &[Word])| (at == 0 || !adds(clause)) && begins_asking(clause, lexicon);
    clauses
        .into_iter()
        .enumerate()
        .filter(|(_, clause)| aloud(clause))
        .find(|found| asks(*found))
        .map(|(_, clause)| clause)
}

/// Stretches between marks, without lead-ins and fillers before them; those of nothing else are left out.
fn clauses(said: &[Word]) -> Vec<&[Word]> {
    let split = said.chunk_by(|before, _| !before.closes);
    let bare =
        |clause: &[Word]| clause.iter().position(|word| !LEAD_INS.contains(&word.text.as_str()) && !is_hum(word));
    split.filter_map(|clause| bare(clause).map(|start| &clause[start..])).collect()
}

fn is_hum(word: &Word) -> bool {
    lexicon(Language::En).fillers.anywhere.has(&undrawn(&word.text).chars().collect::<Vec<_>>())
}

fn begins_asking(clause: &[Word], lexicon: &Lexicon) -> bool {
    let lists = &lexicon.questions;
    let (text, _) = line(clause, str::to_owned);
    if lists.not_asking.begin_words(&text).is_some() {
        return false;
    }
    if lists.requests.begin_words(&text).is_some() {
        return true;
    }
    let one =
        |list: &Phrases, at: usize| clause.get(at).is_some_and(|word| list.has(&word.text.chars().collect::<Vec<_>>()));
    let verb_and_subject = |at: usize| one(&lists.asking, at) && one(&lists.subjects, at + 1);
    if verb_and_subject(0) {
        return true;
    }
    // How about, why not; what's and its like hold their verb.
    if lists.asking.begin_words(&text).is_some_and(|len| text[..len].contains(&' ')) {
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

fn kind(asked: &[Word], lexicon: &Lexicon) -> QuestionKind {
    let lists = &lexicon.questions;
    let (text, begins) = line(asked, str::to_owned);
    if !lists.suggestions.within_words(&text) && lists.progress.within_words(&text) {
        return QuestionKind::Progress;
    }
    let open = begins
        .iter()
        .any(|at| lists.open.begin_words(&text[*at..]).is_some() && lists.closed.begin_words(&text[*at..]).is_none());
    if open { QuestionKind::Open } else { QuestionKind::Closed }
}

fn repetitions(fluent: &[&Word], lexicon: &Lexicon, places: &Places) -> Vec<Repetition> {
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
                let said: Vec<&str> = fluent[at..at + len].iter().map(|word| word.text.as_str()).collect();
                let said: Vec<char> = said.join(" ").chars().collect();
                if !lexicon.reduplicated.has(&said) && !lexicon.backchannels.cover(&heard(&said)) {
                    found.push(Repetition {
                        start: places.of(fluent[at].at.start),
                        end: places.of(fluent[at + 2 * len - 1].at.end),
                    });
                }
                at += len;
            }
            None => at += 1,
        }
    }
    found
}
