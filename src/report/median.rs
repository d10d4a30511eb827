//! The median, as all figures of the pages take it.

use std::cmp::Ordering;

/// The value in the middle, in this order; of two middle ones the lower, so that it is always one that was measured.
/// `None` if there are no values.
pub(super) fn median_by<T>(values: impl IntoIterator<Item = T>, order: impl FnMut(&T, &T) -> Ordering) -> Option<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    let middle = values.len().saturating_sub(1) / 2;
    values.sort_by(order);
    values.into_iter().nth(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_lower_of_two_in_the_middle() {
        assert_eq!(median_by([3, 1, 2], u64::cmp), Some(2));
        assert_eq!((median_by([4.0, 1.0], f64::total_cmp), median_by([], u64::cmp)), (Some(1.0), None));
    }
}
