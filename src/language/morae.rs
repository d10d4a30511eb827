//! How long words are as they are said: morae of Japanese text, syllables of English.

use crate::language::readings::{Readings, readings};
use crate::language::text::{LONG_VOWEL_MARK, is_clause_break, is_hiragana, is_kana};

/// Morae of kana as they are written: small vowels and glides go with the kana before them.
pub(super) fn kana_morae(kana: &[char]) -> u32 {
    kana.iter().filter(|c| is_kana(**c) && !is_small(**c)).count() as u32
}

fn is_small(c: char) -> bool {
    matches!(
        c,
        'ぁ' | 'ぃ'
            | 'ぅ'
            | 'ぇ'
            | 'ぉ'
            | 'ゃ'
            | 'ゅ'
            | 'ょ'
            | 'ゎ'
            | 'ァ'
            | 'ィ'
            | 'ゥ'
            | 'ェ'
            | 'ォ'
            | 'ャ'
            | 'ュ'
            | 'ョ'
            | 'ヮ'
    )
}

/// The morae of each character of a normalised text, those of a word spread evenly over it; `None` if one cannot be
/// read. Punctuation has none.
pub(super) fn morae_per_char(chars: &[char]) -> Option<Vec<f64>> {
    let readings = readings()?;
    let mut morae = vec![0.0; chars.len()];
    let mut clause = Clause::default();
    let mut at = 0;
    while at < chars.len() {
        let digits = number_len(&chars[at..]);
        if digits > 0 {
            let numerals = number_in_kanji(&chars[at..at + digits]);
            clause.from.extend(numerals.iter().map(|_| at));
            clause.written.extend(numerals);
            at += digits;
            continue;
        }
        let c = chars[at];
        if is_clause_break(chars, at) && c != '\'' {
            clause.read_into(readings, &mut morae)?;
        } else if c == '%' {
            clause.read_into(readings, &mut morae)?;
            // パーセント
            morae[at] = 5.0;
        } else if c != '\'' && !is_extra_lengthening(chars, at) {
            clause.written.push(c);
            clause.from.push(at);
        }
        at += 1;
    }
    clause.read_into(readings, &mut morae)?;
    Some(morae)
}

/// What each character may weigh where the text cannot be read: kana by their morae, kanji two, letters one.
pub(super) fn estimated_weights(chars: &[char]) -> Vec<f64> {
    let weigh = |at: usize| match chars[at] {
        c if is_kana(c) => f64::from(kana_morae(&[c])),
        _ if is_clause_break(chars, at) => 0.0,
        c if c.is_ascii() => 1.0,
        _ => 2.0,
    };
    (0..chars.len()).map(weigh).collect()
}

/// A sign of length that no word has there: すごーい, and all but the first of ーー.
fn is_extra_lengthening(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| chars[before]);
    chars[at] == LONG_VOWEL_MARK && before.is_none_or(|before| is_hiragana(before) || before == LONG_VOWEL_MARK)
}

/// Characters to be read together, and where in the text each comes from.
#[derive(Default)]
struct Clause {
    written: Vec<char>,
    from: Vec<usize>,
}

impl Clause {
    fn read_into(&mut self, readings: &Readings, morae: &mut [f64]) -> Option<()> {
        let mut at = 0;
        for piece in readings.read(&self.written)? {
            for from in &self.from[at..at + piece.len] {
                morae[*from] += f64::from(piece.morae) / piece.len as f64;
            }
            at += piece.len;
        }
        self.written.clear();
        self.from.clear();
        Some(())
    }
}

/// How many characters a number takes, signs within it included.
fn number_len(chars: &[char]) -> usize {
    if !chars.first().is_some_and(char::is_ascii_digit) {
        return 0;
    }
    let inner =
        |at: usize| chars[at].is_ascii_digit() || (matches!(chars[at], '.' | ',') && !is_clause_break(chars, at));
    (0..chars.len()).take_while(|at| inner(*at)).count()
}

/// A number in kanji, as the dictionary knows it: 1,200 is 千二百, 0.5 is 〇点五. One of more than 16 digits, or that
/// begins with a nought, is read digit by digit.
fn number_in_kanji(number: &[char]) -> Vec<char> {
    let (whole, fraction) = match number.iter().position(|c| *c == '.') {
        Some(point) => (&number[..point], Some(&number[point + 1..])),
        None => (number, None),
    };
    let digits: Vec<u32> = whole.iter().filter_map(|c| c.to_digit(10)).collect();
    let mut out = if digits.len() > 16 || (digits.len() > 1 && digits[0] == 0) {
        digits.iter().map(|digit| numeral(*digit)).collect()
    } else {
        positional_kanji(&digits)
    };
    if let Some(fraction) = fraction {
        out.push('点');
        out.extend(fraction.iter().filter_map(|c| c.to_digit(10)).map(numeral));
    }
    out
}

fn positional_kanji(digits: &[u32]) -> Vec<char> {
    let mut out = Vec::new();
    let mut group = false;
    for (at, digit) in digits.iter().enumerate() {
        let power = digits.len() - 1 - at;
        let (place, ten_thousands) = (power % 4, power / 4);
        group |= *digit > 0;
        // One is said before 万 and its like, and alone; not before 十, 百, 千.
        if *digit > 1 || (*digit == 1 && place == 0) {
            out.push(numeral(*digit));
        }
        if *digit > 0 && place > 0 {
            out.push(['十', '百', '千'][place - 1]);
        }
        if place == 0 {
            if group && ten_thousands > 0 {
                out.push(['万', '億', '兆'][(ten_thousands - 1).min(2)]);
            }
            group = false;
        }
    }
    if out.is_empty() {
        out.push(numeral(0));
    }
    out
}

fn numeral(digit: u32) -> char {
    ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'][digit.min(9) as usize]
}

/// Morae of a word in letters when it is said in Japanese. Capitals are spelled out (KPI: ケーピーアイ); of other words
/// it is an estimate from how they are borrowed: a consonant without a vowel gets one (ours).
pub(super) fn latin_morae(word: &[char]) -> u32 {
    // Words of capitals this long are mostly said as words: NASA is not, but TEAMS is.
    const SPELLED: usize = 4;
    let lower: Vec<char> = word.iter().map(char::to_ascii_lowercase).collect();
    if word.len() <= SPELLED && word.iter().all(char::is_ascii_uppercase) {
        return lower.iter().map(|c| letter_morae(*c)).sum();
    }
    let vowel = |at: usize| lower.get(at).is_some_and(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')) || is_y(&lower, at);
    let mut morae = 0;
    let mut at = 0;
    while at < lower.len() {
        let start = at;
        if vowel(at) {
            while vowel(at) {
                at += 1;
            }
            morae += (at - start).min(2) as u32;
            // A vowel before r or before a lone consonant and a mute e is long: カー, ケース.
            let before_r = lower.get(at) == Some(&'r') && !vowel(at + 1);
            let before_mute = at + 2 == lower.len() && lower[at + 1] == 'e' && !vowel(at);
            if at - start == 1 && before_mute {
                morae += 1;
            }
            at += usize::from(before_r);
            morae += u32::from(before_r && at - start == 2);
        } else {
            at += if matches!(lower[at..], ['s' | 't' | 'c' | 'p' | 'w', 'h', ..] | ['q', 'u', ..]) { 2 } else { 1 };
            // ck, ng and doubled consonants are two: ック, ング.
            morae += u32::from(!vowel(at));
        }
    }
    morae.max(1)
}

fn is_y(lower: &[char], at: usize) -> bool {
    let plain = |at: usize| lower.get(at).is_some_and(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u'));
    lower.get(at) == Some(&'y') && at > 0 && !plain(at + 1)
}

fn letter_morae(letter: char) -> u32 {
    match letter {
        // ダブリュー, エックス, エイチ; エー, ビー, エフ.
        'w' | 'x' => 4,
        'h' => 3,
        _ => 2,
    }
}

/// Syllables of an English word, from its spelling: groups of vowels, less mute endings.
pub(super) fn syllables(word: &str) -> u32 {
    let letters: Vec<char> = word.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    let vowel = |at: usize| letters.get(at).is_some_and(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y'));
    let groups = (0..letters.len()).filter(|at| vowel(*at) && (*at == 0 || !vowel(at - 1))).count() as u32;
    let ends = |ending: &str| letters.iter().collect::<String>().ends_with(ending);
    let before = |back: usize| letters.len().checked_sub(back).is_some_and(vowel);
    let mute = if ends("e") {
        // ta-ble keeps its last syllable, whole does not.
        !before(2) && (before(3) || !ends("le"))
    } else if ends("ed") {
        !(before(3) || ends("ted") || ends("ded"))
    } else if ends("es") {
        !(before(3) || ["ses", "ces", "zes", "ges", "xes", "shes", "ches"].into_iter().any(ends))
    } else {
        false
    };
    // Two vowels that do not run together: me-di-a, vi-de-o, ex-pe-ri-ence, se-ri-ous; but not na-tion, so-cial, equal.
    let within = |pairs: &[&str]| pairs.iter().any(|pair| word.contains(pair));
    let runs_together =
        ["ion", "ions", "ial", "cious", "tious", "gious"].into_iter().any(ends) || within(&["gua", "qua"]);
    let hiatus = !runs_together && within(&["ia", "io", "iu", "ua", "rience", "crea"])
        || ["eo", "eos", "idea", "ideas", "area", "areas"].into_iter().any(ends);
    (groups + u32::from(hiatus)).saturating_sub(u32::from(mute)).max(1)
}
