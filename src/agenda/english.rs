//! The content words of an English text, by their stems.

/// Words that say nothing of what something is about. What is said of an agenda itself is among them.
const STOP_WORDS: &str = "a about above after again all also always am an and any anything are as at be because been before \
                    being but by can cannot could did discuss discussion do does doing done down each else etc even \
                    every everything for from get go going good got had has have he her here hers him his how i if in \
                    into is it item its just let lets like made make many may me mention might more most much must my \
                    need no nor not now of off ok okay on one only or other our out over per re really said same say \
                    see she should so some something still such take talk than that the their them then there these \
                    they thing things think this those to too topic up us very via vs want was we well were what when \
                    where whether which while who why will with would yes you your";

/// Shorter stems are left as they are: what would be cut off is most of the word.
const SHORTEST: usize = 3;

/// The stems of all content words, in the order of the text.
pub(super) fn stems(text: &[char]) -> Vec<Vec<char>> {
    let words = text.split(|c| !(c.is_ascii_alphanumeric() || *c == '\'' || *c == '’'));
    let bare = |word: &[char]| {
        let end = word.iter().position(|c| matches!(c, '\'' | '’')).unwrap_or(word.len());
        word[..end].iter().collect::<String>()
    };
    let content = |word: &String| {
        let numbers = word.chars().all(|c| c.is_ascii_digit());
        word.len() > 1 && !numbers && !STOP_WORDS.split_whitespace().any(|stop| stop == word)
    };
    words.map(bare).filter(content).map(|word| stem(&word).chars().collect()).collect()
}

/// The word without the endings that a sentence gives it: reviews, reviewed and reviewing are review.
fn stem(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() >= SHORTEST) {
        return format!("{stem}y");
    }
    let plural = word.strip_suffix('s').filter(|stem| !stem.ends_with(['s', 'u', 'i']));
    let word = plural.unwrap_or(word);
    let ended = ["ing", "ed"].iter().find_map(|ending| word.strip_suffix(ending)).filter(|stem| stem.len() >= SHORTEST);
    let word = ended.unwrap_or(word);
    // planning, plan; schedule, scheduling; boxes, box.
    let mut letters = word.chars().rev();
    let doubled = ended.is_some() && letters.next() == letters.next() && !word.ends_with(['l', 's', 'z']);
    let word = if doubled { &word[..word.len() - 1] } else { word };
    word.strip_suffix('e').filter(|stem| stem.len() >= SHORTEST).unwrap_or(word).to_owned()
}
