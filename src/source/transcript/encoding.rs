//! From a file's bytes to its characters.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};

/// The whole text, without a byte order mark and with `\n` alone as the line's end; `None` if the bytes are no text.
///
/// A byte order mark decides (UTF-8, UTF-16); without one it is UTF-8, or where that cannot be Shift_JIS.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]),
        None => [UTF_8, SHIFT_JIS]
            .into_iter()
            .find_map(|encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes)),
    };
    text.filter(|text| is_plain(text)).map(|text| text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// As much of a text as a file's first bytes surely hold.
pub(super) fn decode_prefix(head: &[u8]) -> Option<String> {
    let end = match Encoding::for_bom(head) {
        // A character of UTF-16 may take four bytes, of which the last are cut off.
        Some((encoding, _)) if encoding != UTF_8 => {
            let even = head.len() / 2 * 2;
            return decode(&head[..even]).or_else(|| decode(&head[..even.saturating_sub(2)]));
        }
        // Neither in UTF-8 nor in Shift_JIS does a byte like these belong to a longer character.
        _ => head.iter().rposition(|byte| *byte < 0x40)?,
    };
    decode(&head[..=end])
}

/// Whether there is nothing in it that only machines write.
fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}'))
}
