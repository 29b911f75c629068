//! What adds up: counts and sums, field by field, in any order and in any groups.

/// Counts and sums. Merging is associative and commutative; a sum stops at the largest number.
pub(crate) trait Additive {
    /// Takes another one in.
    fn merge(&mut self, other: &Self);
}

impl Additive for u64 {
    fn merge(&mut self, other: &Self) {
        *self = self.saturating_add(*other);
    }
}

impl<const N: usize> Additive for [u64; N] {
    fn merge(&mut self, other: &Self) {
        self.iter_mut().zip(other).for_each(|(sum, more)| sum.merge(more));
    }
}

/// A struct all of whose fields add up.
macro_rules! additive {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub(crate) struct $name { $($(#[$field_doc])* pub(crate) $field: $kind,)* }

        impl $crate::figures::additive::Additive for $name {
            fn merge(&mut self, other: &Self) {
                $($crate::figures::additive::Additive::merge(&mut self.$field, &other.$field);)*
            }
        }
    };
}

pub(super) use additive;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_stops_at_the_largest_number() {
        let mut sums = [1, u64::MAX];
        sums.merge(&[1, 1]);
        assert_eq!(sums, [2, u64::MAX]);
    }
}
