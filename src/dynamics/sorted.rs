//! Values in order, of which many were sorted before and few are new: quantiles without sorting all of them again.

/// Values in their order.
#[derive(Clone, Debug)]
pub(super) struct Sorted<T>(Vec<T>);

impl<T> Default for Sorted<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy + PartialOrd> Sorted<T> {
    /// Takes one more value, which compares with all others.
    pub(super) fn insert(&mut self, value: T) {
        let place = self.0.partition_point(|one| *one <= value);
        self.0.insert(place, value);
    }

    /// These values and some more, in any order.
    pub(super) fn and(&self, more: &[T]) -> SortedPair<'_, T> {
        let mut few = Self::default();
        more.iter().for_each(|value| few.insert(*value));
        SortedPair { many: &self.0, few: few.0 }
    }
}

/// The values of two lists in one order.
pub(super) struct SortedPair<'a, T> {
    many: &'a [T],
    few: Vec<T>,
}

impl<T: Copy + PartialOrd> SortedPair<'_, T> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.many.len() + self.few.len()
    }

    /// The value before which so many others lie.
    pub(super) fn nth(&self, rank: usize) -> Option<T> {
        // So many of the few lie before it, and the rest of the many.
        (0..=self.few.len().min(rank)).find_map(|before| {
            let (few, many) = (self.few.get(before), self.many.get(rank - before));
            let above = |below: Option<&T>, above: Option<&T>| match (below, above) {
                (Some(below), Some(above)) => below <= above,
                _ => true,
            };
            let many_before = (rank - before).checked_sub(1).map(|last| self.many.get(last));
            if many_before == Some(None) || !above(many_before.flatten(), few) {
                return None;
            }
            let few_before = before.checked_sub(1).and_then(|last| self.few.get(last));
            if !above(few_before, many) {
                return None;
            }
            match (few, many) {
                (Some(few), Some(many)) => Some(if few <= many { *few } else { *many }),
                (one, other) => one.or(other).copied(),
            }
        })
    }

    /// The value that `tenths` tenths of all do not exceed (nearest rank); `None` if there is none.
    pub(super) fn quantile(&self, tenths: usize) -> Option<T> {
        self.nth((self.len() * tenths).div_ceil(10).max(1) - 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn two_lists_are_as_one(many in prop::collection::vec(0_u8..20, 0..30), few in prop::collection::vec(0_u8..20, 0..8)) {
            let mut sorted = Sorted::default();
            many.iter().for_each(|value| sorted.insert(*value));
            let mut all = [many, few.clone()].concat();
            all.sort_unstable();
            let pair = sorted.and(&few);
            prop_assert_eq!(pair.len(), all.len());
            for rank in 0..all.len() + 2 {
                prop_assert_eq!(pair.nth(rank), all.get(rank).copied());
            }
            prop_assert_eq!(pair.quantile(5), all.get((all.len() * 5).div_ceil(10).max(1) - 1).copied());
        }
    }
}
