//! One voice in two languages: whatever a user can read says one thing in one way. Every literal of the program and every
//! word of its pages is read, and none has a term that the house does not use, or a space that it does not set.

use std::fs;
use std::path::{Path, PathBuf};

/// What Japanese texts do not say, and what they say for it.
const JAPANESE: &[(&str, &str)] = &[
    ("さえぎ", "割り込み"),
    ("割込", "割り込み"),
    ("鏡", "共有用のまとめ"),
    ("あいづち", "相づち"),
    ("相槌", "相づち"),
    ("ささやき", "ひとこと"),
    ("ふりかえり", "まとめ"),
    ("開かれた", "自由に答えられる質問"),
    ("閉じた質問", "はい・いいえの質問"),
    ("問い", "質問"),
    ("言いよどみ", "フィラー"),
    ("つなぎの言葉", "フィラー"),
    ("ご自分", "自分"),
    ("あなた", "自分"),
    ("上司", "マネージャー"),
    ("部下", "相手"),
    ("お休み", "休止"),
    ("議題", "話題"),
    ("話すこと", "話題"),
    ("話し残", "持ち越し"),
    ("モーラ", "拍"),
    ("独話", "長い話"),
    ("演説", "長い話"),
    ("エコー", "回り込み"),
    ("ハウリング", "自分の声の戻り"),
    ("だれ", "誰"),
    ("ぜんぶ", "すべて"),
    ("割合は 約", "約"),
    ("を始める", "はじめる"),
    ("から始める", "はじめる"),
    ("「始める", "はじめる"),
    ("端末に出ています", "もう一度お試しください"),
    ("！", "。"),
];

/// The same for English; each stands as whole words.
const ENGLISH: &[(&str, &str)] = &[
    ("backchannel", "sign of listening"),
    ("backchannels", "signs of listening"),
    ("mirror", "shared summary"),
    ("nod", "sign of listening: a nod cannot be heard"),
    ("nods", "signs of listening: a nod cannot be heard"),
    ("patience", "pause before you speak"),
    ("cut in", "interrupted"),
    ("cutting in", "interruptions"),
    ("held the floor", "longest turn"),
    ("monologue", "long turn"),
    ("monologues", "long turns"),
    ("stretch", "longest turn"),
    ("about right", "approximate"),
    ("in doubt", "approximate"),
    ("felt like", "thought"),
    ("chase progress", "progress questions"),
    ("broken by", "then they spoke"),
    ("took a question back", "spoke again within 3 s of a question"),
    ("words said twice", "repeated words"),
    ("digitally silent", "sends no signal"),
    ("the terminal says", "try again"),
    ("ice-breaker", "small talk"),
    ("whisper", "nudge"),
    ("snooze", "pause nudges"),
    ("keep it up", "carry on like this"),
    ("grades", "marks"),
    ("listening a minute", "per minute"),
    ("so many", "this many"),
    ("target is the purpose’s", "the target comes with the purpose"),
    ("followed by a wait", "there was a wait"),
    ("held against", "compared with"),
];

/// What speaks to people; elsewhere words are names of the wire and of files, or sentences for a terminal.
const SPEAKING: &[&str] = &[
    "web/words_en.js",
    "src/report/",
    "src/prepare/hints.rs",
    "src/config/settings.rs",
    "src/agent/words.rs",
    "src/nudges/reason.rs",
    "src/session/command.rs",
    "src/app/page_provider",
    "src/app/call/controller.rs",
    "src/server/generated_pages.rs",
    "src/server/requests.rs",
    "src/wire/client.rs",
];

/// What is not read: rooms whose literals are words that people say or write, and what the wire and files call nudges.
const NOT_READ: &[&str] = &["src/language/", "src/agenda/", "src/asr/", "src/source/transcript/", "src/nudges/kind.rs"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files below a folder of the repository that end like this, without tests.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        let is_test = name.ends_with("/tests.rs") || name.ends_with("/tests") || name.ends_with("/doubles");
        match path.is_dir() {
            _ if is_test => {}
            true => found.extend(files(&name, ending)),
            false if name.ends_with(ending) => found.push(PathBuf::from(name)),
            false => {}
        }
    }
    found
}

/// The string literals of Rust or JavaScript, without those of tests.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let letters: Vec<char> = source.chars().collect();
    let (mut found, mut at) = (Vec::new(), 0);
    let is = |at: usize, text: &str| text.chars().enumerate().all(|(place, c)| letters.get(at + place) == Some(&c));
    while at < letters.len() {
        if is(at, "//") {
            while at < letters.len() && letters[at] != '\n' {
                at += 1;
            }
        } else if is(at, "/*") {
            while at < letters.len() && !is(at, "*/") {
                at += 1;
            }
        } else if is(at, "'\\") || (letters[at] == '\'' && letters.get(at + 2) == Some(&'\'')) {
            // A character, such as a quotation mark.
            at += 2;
        } else if matches!(letters[at], '"' | '`') {
            let (mark, mut text) = (letters[at], String::new());
            at += 1;
            while at < letters.len() && letters[at] != mark {
                if letters[at] == '\\' {
                    at += 1;
                }
                text.push(letters[at]);
                at += 1;
            }
            found.push(text);
        }
        at += 1;
    }
    found
}

fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '々')
}

/// Whether the text has a number, or the place of one, and then a space and `then`.
fn is_spaced(text: &str, before: impl Fn(char) -> bool, after: impl Fn(char) -> bool) -> bool {
    let letters: Vec<char> = text.chars().collect();
    letters.windows(3).any(|three| before(three[0]) && three[1] == ' ' && after(three[2]))
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || c == '}'
}

fn has_words(text: &str, words: &str) -> bool {
    let text = text.to_lowercase();
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(words).any(|(at, _)| {
        !is_letter(text[..at].chars().next_back()) && !is_letter(text[at + words.len()..].chars().next())
    })
}

/// What is wrong with a text, if anything is.
fn fault(text: &str, speaks: bool) -> Option<String> {
    let said = |(word, better): &(&str, &str)| format!("“{word}” (better: {better})");
    if is_spaced(text, is_number, |c| c == '%') {
        return Some("a space before %".to_owned());
    }
    if text.chars().any(is_japanese) {
        let spaced = is_spaced(text, is_number, is_japanese)
            || is_spaced(text, is_japanese, |c| c.is_ascii_alphanumeric() || c == '{');
        let meant = text.replace("目安で", "").contains("目安");
        let word = JAPANESE.iter().find(|(word, _)| text.contains(word)).map(said);
        let meant = meant.then(|| "“目安” for a target (better: 目標)".to_owned());
        return word.or(meant).or(spaced.then(|| "a space between Japanese and a number".to_owned()));
    }
    // A name of the wire or of a class has no space in it.
    let prose = text.contains(' ') || text.chars().next().is_some_and(char::is_uppercase);
    ENGLISH.iter().find(|(word, _)| speaks && prose && has_words(text, word)).map(said)
}

#[test]
fn no_text_has_a_word_that_the_house_does_not_use() {
    let sources = files("src", ".rs").into_iter().chain(files("web", ".js")).chain(files("web", ".html"));
    let (mut read, mut faults) = (0, Vec::new());
    for path in sources {
        let name = path.to_str().unwrap();
        if NOT_READ.iter().any(|room| name.starts_with(room)) {
            continue;
        }
        let speaks = SPEAKING.iter().any(|room| name.starts_with(room));
        for text in literals(&fs::read_to_string(root().join(&path)).unwrap()) {
            read += 1;
            faults.extend(fault(&text, speaks).map(|fault| format!("{name}: {fault} in {text:?}")));
        }
    }
    assert!(read > 2_000, "{read} texts");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_reader_tells_good_texts_from_bad_ones() {
    let source = "// \"鏡\"\nlet a = '\"'; f(\"話した割合は {x} %\", \"a \\\" b\"); let b: &'static str = \"x\";";
    assert_eq!(literals(source), ["話した割合は {x} %", "a \" b", "x"]);
    for good in ["話した割合は{x}%", "数字は目安です", "2.3 words", "backchannels", "A mirrored list", "× 100 x"]
    {
        assert_eq!(fault(good, true), None, "{good}");
    }
    for bad in ["{x} %", "3 秒", "合わせて 9回", "共有用の鏡", "目安は30%", "A nod helps", "Backchannels a minute"]
    {
        assert!(fault(bad, true).is_some(), "{bad}");
    }
    assert_eq!(fault("a mirror of it", false), None);
}

#[test]
fn the_readme_and_the_help_set_percent_as_the_pages_do() {
    for name in ["README.md", "src/cli.rs"] {
        let text = fs::read_to_string(root().join(name)).unwrap();
        let lines = text.lines().filter(|line| is_spaced(line, |c| c.is_ascii_digit(), |c| c == '%'));
        assert_eq!(lines.collect::<Vec<_>>(), [""; 0], "{name}");
    }
}
