//! Numbers as people read them in Japanese and English, and sentences as they are set.

use maud::{Markup, Render, html};

use crate::language::Language;

/// A moment of the call or a length, from milliseconds: `12:40`; with hours `1:02:40`.
pub(crate) fn clock(ms: u64) -> String {
    let seconds = (ms + 500) / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, minutes, seconds) => format!("{minutes}:{seconds:02}"),
        (hours, minutes, seconds) => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A length as it is said, from milliseconds: `2 min 57 s`, in Japanese `2分57秒`, which nobody takes for a moment. The
/// spaces are ones at which no line ends.
pub(crate) fn length(ms: u64, language: Language) -> String {
    let seconds = (ms + 500) / 1000;
    match (language, seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (Language::En, 0, 0, seconds) => format!("{seconds}\u{a0}s"),
        (Language::En, 0, minutes, 0) => format!("{minutes}\u{a0}min"),
        (Language::En, 0, minutes, seconds) => format!("{minutes}\u{a0}min\u{a0}{seconds}\u{a0}s"),
        (Language::En, hours, 0, _) => format!("{hours}\u{a0}h"),
        (Language::En, hours, minutes, _) => format!("{hours}\u{a0}h\u{a0}{minutes}\u{a0}min"),
        (Language::Ja, 0, 0, seconds) => format!("{seconds}秒"),
        (Language::Ja, 0, minutes, 0) => format!("{minutes}分"),
        (Language::Ja, 0, minutes, seconds) => format!("{minutes}分{seconds}秒"),
        (Language::Ja, hours, 0, _) => format!("{hours}時間"),
        (Language::Ja, hours, minutes, _) => format!("{hours}時間{minutes}分"),
    }
}

/// A share, 0 to 1, as whole percent: `58%`. A half goes to the even one, as everywhere: the shares of both sides add up to 100.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// Milliseconds as seconds with one decimal: `4.8 s`, in Japanese `4.8秒`.
pub(crate) fn seconds(ms: u64, language: Language) -> String {
    let tenths = (ms + 50) / 100;
    format!("{}.{}{}", tenths / 10, tenths % 10, language.pick("秒", "\u{a0}s"))
}

/// A whole number: `1,000`.
pub(crate) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Somebody's own words after a number, in the marks of quotation; nothing if there are none.
pub(crate) fn quoted(words: &str, language: Language) -> String {
    match (words, language) {
        ("", _) => String::new(),
        (words, Language::Ja) => format!("「{words}」"),
        (words, Language::En) => format!(" “{words}”"),
    }
}

/// A name within a sentence: in Japanese with さん, unless it ends in a form of address already.
pub(crate) fn addressed(name: &str, language: Language) -> String {
    let has_one = ["さん", "様", "先生"].iter().any(|form| name.ends_with(form));
    match language {
        Language::Ja if !has_one => format!("{name}さん"),
        _ => name.to_owned(),
    }
}

/// `never`, `once`, `twice`, `5 times`.
pub(crate) fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        many => format!("{many}\u{a0}times"),
    }
}

/// What stands in parentheses is kept in one line if it has no more characters than this.
const LONGEST_ASIDE: usize = 20;

/// A sentence as it is set: no line ends within a clause, a short aside in parentheses, a length of time, or between a
/// number and what it counts, if there is room; and `marks` stay with the last word.
pub(crate) fn typeset(words: &str, marks: impl Render) -> Markup {
    let mut clauses = vec![String::new()];
    let mut before = None;
    // How many characters of an aside are still to come.
    let mut aside = 0_usize;
    for (at, letter) in words.char_indices() {
        if letter == '(' {
            aside =
                words[at..].chars().position(|letter| letter == ')').filter(|long| *long <= LONGEST_ASIDE).unwrap_or(0);
        }
        let kept = aside > 0 || before.is_some_and(|before: char| before.is_ascii_digit());
        aside = aside.saturating_sub(1);
        let ends =
            matches!(before, Some('、' | '。' | '：')) || (letter == ' ' && matches!(before, Some(';' | ',' | '.')));
        if ends {
            clauses.push(String::new());
        }
        if let Some(clause) = clauses.last_mut().filter(|_| !(ends && letter == ' ')) {
            // 2分39秒 is one word.
            if letter.is_ascii_digit() && matches!(before, Some('分' | '間')) {
                clause.push('\u{2060}');
            }
            clause.push(if kept && letter == ' ' { '\u{a0}' } else { letter });
        }
        before = Some(letter);
    }
    let spaced = !words.contains(['、', '。', '：']);
    let last = clauses.len() - 1;
    html! {
        @for (place, clause) in clauses.iter().enumerate() {
            @if place > 0 && spaced { " " }
            span.clause { (clause) @if place == last { (marks) } }
        }
    }
}

#[cfg(test)]
mod tests;
