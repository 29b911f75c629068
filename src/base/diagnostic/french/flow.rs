//! French: what is wrong with a flow. Sorted by the English.

/// English pattern, French pattern.
pub(super) const TABLE: &[(&str, &str)] = &[];
