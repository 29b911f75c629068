//! The French of what svi says, by its English pattern.

mod scene;

/// The French pattern of an English one.
pub(super) fn of(english: &str) -> Option<&'static str> {
    let place = TABLE.iter().chain(scene::TABLE).find(|(known, _)| *known == english)?;
    Some(place.1)
}

/// English, French. `{}` stands for the next value; `{0}`, `{1}` where French wants another order.
const TABLE: &[(&str, &str)] = &[("calendar", "calendrier")];
