//! The summary's words in Japanese and English, and numbers as people read them.

use crate::language::Language;

/// Minutes and seconds: `12:40`.
pub(super) fn clock(ms: u64) -> String {
    let seconds = (ms + 500) / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A length as it is said: `2:57`, in Japanese `2 分 57 秒`, which nobody takes for a moment.
pub(super) fn length(ms: u64, language: Language) -> String {
    let seconds = (ms + 500) / 1000;
    match (language, seconds / 60, seconds % 60) {
        (Language::En, ..) => clock(ms),
        (Language::Ja, 0, seconds) => format!("{seconds} 秒"),
        (Language::Ja, minutes, 0) => format!("{minutes} 分"),
        (Language::Ja, minutes, seconds) => format!("{minutes} 分 {seconds} 秒"),
    }
}

/// A share as whole percent: `58 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Seconds with a tenth: `4.8 s`.
pub(super) fn seconds(ms: u64, language: Language) -> String {
    let tenths = (ms + 50) / 100;
    format!("{}.{}{}", tenths / 10, tenths % 10, language.pick(" 秒", " s"))
}

/// Text for a page, inert whatever it holds.
pub(super) fn html(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
        out
    })
}
