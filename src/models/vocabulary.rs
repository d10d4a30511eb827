//! The list of tokens beside CTranslate2's weights. Its lines are GPT-2's byte-level text: each character stands for a
//! byte, and a token may hold a part of a character of Japanese.

use super::bytes::Damage;

/// The tokens that are text, of English-only and multilingual models alike; marks of Whisper's own follow.
const TEXT_TOKENS: usize = 50_257;

/// The bytes of each text token of a list with a line for each.
pub(super) fn of_lines(list: &[u8]) -> Result<Vec<Vec<u8>>, Damage> {
    let list = str::from_utf8(list).map_err(|_| Damage::new("its vocabulary is no text"))?;
    tokens(list.lines())
}

/// The bytes of each text token of a JSON array of strings.
pub(super) fn of_json(list: &[u8]) -> Result<Vec<Vec<u8>>, Damage> {
    let list: Vec<String> =
        serde_json::from_slice(list).map_err(|_| Damage::new("its vocabulary is no list in JSON"))?;
    tokens(list.iter().map(String::as_str))
}

fn tokens<'a>(list: impl Iterator<Item = &'a str>) -> Result<Vec<Vec<u8>>, Damage> {
    let tokens: Vec<_> = list.take(TEXT_TOKENS).map(bytes).collect::<Result<_, _>>()?;
    let found = tokens.len();
    if found == TEXT_TOKENS {
        Ok(tokens)
    } else {
        Err(Damage::new(format!("its vocabulary ends after {found} tokens")))
    }
}

fn bytes(token: &str) -> Result<Vec<u8>, Damage> {
    let byte =
        |stands: char| byte(stands).ok_or_else(|| Damage::new(format!("{stands:?} in its vocabulary is no byte")));
    token.chars().map(byte).collect()
}

/// The byte that a character stands for: itself where it can be printed, and else by its place among those that cannot.
fn byte(stands: char) -> Option<u8> {
    let printed = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    match u32::from(stands) {
        own @ 0..=0xff => u8::try_from(own).ok().filter(|&byte| printed(byte)),
        other => (0..=u8::MAX).filter(|&byte| !printed(byte)).nth(usize::try_from(other - 0x100).ok()?),
    }
}
