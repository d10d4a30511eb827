//! Texts made uniform, and where in them something is.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// One width, one lengthening mark, and no white space beside Japanese characters.
pub(super) fn normalize(text: &str) -> String {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    let mut space = false;
    for c in text.nfkc().filter(|c| *c != '\u{feff}') {
        if c.is_whitespace() {
            space = true;
            continue;
        }
        let before = out.last().copied();
        if space && !is_cjk(c) && before.is_some_and(|before| !is_cjk(before)) {
            out.push(' ');
        }
        space = false;
        let lengthens = matches!(c, '~' | '〜' | '―' | '—' | '–' | '-') && before.is_some_and(is_kana);
        out.push(if lengthens { LONG_VOWEL_MARK } else { c });
    }
    // Half-width kana come apart from their voicing marks where white space stood between.
    out.into_iter().nfc().collect()
}

/// What stands between them is described, not said.
const BRACKETS: [(char, char); 6] = [('(', ')'), ('[', ']'), ('【', '】'), ('〔', '〕'), ('♪', '♪'), ('*', '*')];

/// What stands between these may also be quoted: a description in them is a tag, `<laugh>`, or says 笑.
const TAGS: [(char, char); 2] = [('<', '>'), ('{', '}')];

/// The normal text without what a recogniser only describes: (笑), \[Music\], ♪…♪. A bracket without its other is kept.
pub(super) fn without_descriptions(text: &str) -> String {
    let mut rest = normalize(text);
    for brackets in BRACKETS {
        rest = strip_enclosed(&rest, brackets, |_| true);
    }
    for tags in TAGS {
        rest = strip_enclosed(&rest, tags, |within| within.is_ascii() || within.contains('笑'));
    }
    normalize(&rest)
}

/// The text without what is described between the brackets, they included.
fn strip_enclosed(text: &str, (open, close): (char, char), described: impl Fn(&str) -> bool) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, inner)) = rest.split_once(open)
        && let Some((within, after)) = inner.split_once(close)
    {
        out.push_str(before);
        if described(within) {
            out.push(' ');
        } else {
            out.extend([open]);
            out.push_str(within);
            out.extend([close]);
        }
        rest = after;
    }
    out + rest
}

/// Letters and digits alone, in lower case: two texts that sound alike mostly are alike so.
pub(super) fn letters_only(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A text as it is compared with words of listening: how long a vowel is drawn, and what parts the words, is all one.
/// へー, へぇ and へえ are one word; うーん is not うん. A letter that is written three times is drawn: yeahhh.
pub(super) fn comparison_form(text: &[char]) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    let mut last = None;
    let mut letters = 0;
    for (at, c) in text.iter().copied().enumerate() {
        let c = if is_katakana(c) && c != LONG_VOWEL_MARK { to_hiragana(c) } else { c };
        if !c.is_alphanumeric() && c != LONG_VOWEL_MARK {
            // A pause parts うん、うん and あ、ああ alike: no vowel is drawn over it.
            last = None;
            continue;
        }
        let drawn =
            c == LONG_VOWEL_MARK || matches!(c, 'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ') || last == vowel_of(c) && is_vowel(c);
        if drawn && last.is_some() && text.get(at + 1) != Some(&'ん') {
            continue;
        }
        last = vowel_of(c);
        let before = at.checked_sub(1).map(|before| text[before].to_ascii_lowercase());
        letters = if c.is_ascii_alphabetic() && before == Some(c.to_ascii_lowercase()) { letters + 1 } else { 1 };
        match letters {
            1 | 2 => out.extend(c.to_lowercase()),
            3 => drop(out.pop()),
            _ => {}
        }
    }
    out
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'あ' | 'い' | 'う' | 'え' | 'お')
}

/// The vowel that a kana ends in.
pub(super) fn vowel_of(c: char) -> Option<char> {
    const ROWS: [(char, &str); 5] = [
        ('あ', "あかさたなはまやらわがざだばぱゃぁゎ"),
        ('い', "いきしちにひみりぎじぢびぴぃ"),
        ('う', "うくすつぬふむゆるぐずづぶぷゅぅっ"),
        ('え', "えけせてねへめれげぜでべぺぇ"),
        ('お', "おこそとのほもよろをごぞどぼぽょぉ"),
    ];
    ROWS.iter().find(|(_, row)| row.contains(c)).map(|(vowel, _)| *vowel)
}

/// The same kana in hiragana.
pub(super) fn to_hiragana(c: char) -> char {
    if matches!(c, 'ァ'..='ヶ') { char::from_u32(u32::from(c) - 0x60).unwrap_or(c) } else { c }
}

/// The sign that makes the vowel before it longer.
pub(super) const LONG_VOWEL_MARK: char = 'ー';

pub(super) fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | LONG_VOWEL_MARK)
}

pub(super) fn is_hiragana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ')
}

pub(super) fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | LONG_VOWEL_MARK)
}

/// Kana, kanji, and Japanese punctuation.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a character parts clauses. A point or comma within a number does not.
pub(super) fn is_clause_break(chars: &[char], at: usize) -> bool {
    let digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    chars.get(at).is_none_or(|c| match c {
        '.' | ',' => !(digit(at.checked_sub(1)) && digit(Some(at + 1))),
        '%' => false,
        c => !c.is_alphanumeric() && *c != LONG_VOWEL_MARK,
    })
}

/// A stretch between the marks that end sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sentence {
    /// Of characters, the mark left out.
    pub(super) range: Range<usize>,
    /// Whether a question mark ends it.
    pub(super) has_question_mark: bool,
}

/// The sentences of a text, those without a letter left out.
pub(super) fn sentences(chars: &[char]) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut start = 0;
    for at in 0..=chars.len() {
        let ends = at == chars.len()
            || matches!(chars[at], '。' | '!' | '?')
            || chars[at] == '.' && is_clause_break(chars, at);
        if !ends {
            continue;
        }
        if chars[start..at].iter().any(|c| c.is_alphanumeric()) {
            // "?!" and "!?" both ask.
            let marks = chars[at..].iter().take_while(|c| matches!(c, '?' | '!'));
            found.push(Sentence { range: start..at, has_question_mark: marks.into_iter().any(|c| *c == '?') });
        }
        start = at + 1;
    }
    found
}

/// Where each character begins, as a share of the whole, from what each weighs.
pub(super) struct TextPositions {
    begins: Vec<f64>,
}

impl TextPositions {
    pub(super) fn new(weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let mut begins = vec![0.0];
        for weight in weights {
            sum += weight;
            begins.push(if total > 0.0 { (sum / total).clamp(0.0, 1.0) } else { 0.0 });
        }
        Self { begins }
    }

    /// The place before a character; past the last one, the end.
    pub(super) fn share_before(&self, at: usize) -> f64 {
        self.begins.get(at).or(self.begins.last()).copied().unwrap_or_default()
    }
}
