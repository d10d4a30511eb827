//! The content words of a Japanese text, by their letters: kanji and katakana carry them, hiragana mostly does not.

use crate::agenda::topic_word::{TopicWord, WordForm};

/// Kanji words that say nothing of what something is about.
const STOP_WORDS: &str =
    "事 件 話 方 時 等 為 今 何 物 者 点 中 次 前 後 一 関 旨 様 達 今日 今回 本日 議題 話題 相談事 共有事項 一点 二点";

/// What stands between two words, and so is no part of one: a single kanji goes on over other hiragana (振り返り).
const PARTICLES: &str =
    "の は が を に と も へ で や か な から まで より など とは する した して との への での には";

/// Hiragana words are names of things where they are this long, …
const LONG_KANA: usize = 4;

/// … and hold none of the pieces that sentences are made of.
const GRAMMAR: &str = "について として する した して ます です こと ため よう から まで ところ たい ない ください もらう という なって どう";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CharScript {
    Kanji,
    Katakana,
    Hiragana,
    Other,
}

/// The content words, in the order of the text; what is written in Latin letters is left out.
pub(super) fn content_words(text: &[char]) -> Vec<TopicWord> {
    let runs: Vec<(CharScript, &[char])> =
        text.chunk_by(|a, b| script(*a) == script(*b)).map(|run| (script(run[0]), run)).collect();
    let mut words = Vec::new();
    let mut at = 0;
    while let Some((script, run)) = runs.get(at) {
        at += 1;
        match script {
            CharScript::Kanji => {
                let mut letters = run.to_vec();
                while let [(CharScript::Hiragana, ending), (CharScript::Kanji, next), ..] = &runs[at..]
                    && ending.len() <= 2
                    && !is_one_of(PARTICLES, ending)
                {
                    letters.extend(ending.iter().chain(*next));
                    at += 2;
                }
                if !is_one_of(STOP_WORDS, &letters) {
                    words.push(TopicWord::new(WordForm::Kanji, letters));
                }
            }
            CharScript::Katakana if run.len() > 1 => words.push(TopicWord::new(WordForm::Kana, run.to_vec())),
            CharScript::Hiragana => {
                words.extend(hiragana_name(run).map(|letters| TopicWord::new(WordForm::Kana, letters)))
            }
            CharScript::Katakana | CharScript::Other => {}
        }
    }
    words
}

/// A thing that is written in hiragana, without the particles around it.
fn hiragana_name(run: &[char]) -> Option<Vec<char>> {
    let particle = |c: &char| matches!(c, 'の' | 'は' | 'が' | 'を' | 'に' | 'と' | 'も' | 'へ' | 'で' | 'や');
    let start = run.iter().position(|c| !particle(c))?;
    let end = run.iter().rposition(|c| !particle(c))? + 1;
    let word = &run[start..end];
    let text: String = run.iter().collect();
    (word.len() >= LONG_KANA && !GRAMMAR.split_whitespace().any(|piece| text.contains(piece))).then(|| word.to_vec())
}

fn is_one_of(words: &str, letters: &[char]) -> bool {
    words.split_whitespace().any(|word| word.chars().eq(letters.iter().copied()))
}

fn script(c: char) -> CharScript {
    match c {
        '々' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => CharScript::Kanji,
        'ァ'..='ヺ' | 'ー' => CharScript::Katakana,
        'ぁ'..='ゖ' => CharScript::Hiragana,
        _ => CharScript::Other,
    }
}
