//! How many decimal places the contracts write: more would only look as if it had been measured more finely.

/// To one decimal place: levels in dB, rates, frequencies in Hz.
pub(crate) fn tenths(value: impl Into<f64>) -> f64 {
    (value.into() * 10.0).round() / 10.0
}

/// To two decimal places: rates per minute, one pace as a part of another.
pub(crate) fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// To four decimal places: shares, 0 to 1.
pub(crate) fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}
