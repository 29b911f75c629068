//! What a flow must know of telephone numbers, and does not know by itself: the plan, and what the site allows.

use std::fmt;

use crate::base::diagnostic::Text;

/// See the module.
pub(crate) trait Numbers: fmt::Debug + Send + Sync {
    /// The normal form of a telephone number; none when it is not one.
    fn normal(&self, text: &str) -> Option<String>;

    /// Whether a number is free for who calls it.
    fn is_free(&self, text: &str) -> bool;

    /// Why nothing may go to a number in normal form, and what to do about it; none when it may be called.
    fn barred(&self, number: &str) -> Option<(Text, Text)>;

    /// The normal form of a number that may be called.
    fn callable(&self, text: &str) -> Option<String> {
        self.normal(text).filter(|number| self.barred(number).is_none())
    }
}
