//! How many decimals the contracts write: what is finer would only say that it was measured finer than it is.

/// To one decimal: levels in dB, rates.
pub(super) fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// To two decimals: one pace as a part of another.
pub(super) fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// To four decimals: shares, 0 to 1.
pub(super) fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}
