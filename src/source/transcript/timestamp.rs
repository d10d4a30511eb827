//! Times as people and programs write them, in whole milliseconds from the beginning of the call.

/// What a bare number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeUnit {
    Seconds,
    Milliseconds,
}

/// A time: `12.34`, `1:02.5`, `00:01:02.500`, with a comma as well, or `12.34s`; a number without a colon counts in
/// `unit`. `None` if it is none of them, or before the call.
pub(super) fn parse_time(text: &str, unit: TimeUnit) -> Option<u64> {
    let text = text.trim();
    let parts: Vec<&str> = text.split(':').collect();
    let (last, before) = parts.split_last()?;
    let thousandths = parse_thousandths(last.strip_suffix('s').filter(|_| before.is_empty()).unwrap_or(last))?;
    match before {
        [] if unit == TimeUnit::Milliseconds => Some((thousandths + 500) / 1_000),
        [] => Some(thousandths),
        _ if thousandths >= 60_000 => None,
        [minutes] => parse_integer(minutes)?.checked_mul(60_000)?.checked_add(thousandths),
        [hours, minutes] => {
            let minutes = parse_integer(minutes).filter(|minutes| *minutes < 60)?;
            parse_integer(hours)?.checked_mul(60)?.checked_add(minutes)?.checked_mul(60_000)?.checked_add(thousandths)
        }
        _ => None,
    }
}

/// A number of a file that has numbers.
pub(super) fn number_to_ms(value: f64, unit: TimeUnit) -> Option<u64> {
    let ms = match unit {
        TimeUnit::Seconds => value * 1_000.0,
        TimeUnit::Milliseconds => value,
    };
    // Far beyond any call, and still exact.
    (ms > -0.5 && ms < 1e15).then(|| ms.round().max(0.0) as u64)
}

/// Thousandths of a decimal number, rounded.
fn parse_thousandths(text: &str) -> Option<u64> {
    let (integer, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    if !fraction.bytes().all(|digit| digit.is_ascii_digit()) || integer.is_empty() && fraction.is_empty() {
        return None;
    }
    let integer = if integer.is_empty() { 0 } else { parse_integer(integer)? };
    let digit = |at| fraction.as_bytes().get(at).map_or(0, |digit| u64::from(digit - b'0'));
    let thousandths = digit(0) * 100 + digit(1) * 10 + digit(2) + u64::from(digit(3) >= 5);
    integer.checked_mul(1_000)?.checked_add(thousandths)
}

fn parse_integer(text: &str) -> Option<u64> {
    // So many digits always fit.
    let digits = (1..=15).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}
