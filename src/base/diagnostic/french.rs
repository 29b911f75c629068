//! The French of what svi says, by its English pattern.
//!
//! Short and exact, as a compiler would speak to a shopkeeper: *vous*, French typography (a no-break space before `:`, `;`,
//! `!`, `?`), names and what is written in a file between backticks as they are. `{}` stands for the next value; `{0}`,
//! `{1}` where French wants another order. `tests/house/messages.rs` finds every pattern of the source and wants its French.

mod calendar;
mod command;
mod config;
mod flow;
mod outside;
mod read;
mod scene;
mod verbs;
mod yaml;

/// All tables, each sorted by its English.
const TABLES: [&[(&str, &str)]; 9] = [
    calendar::TABLE,
    command::TABLE,
    config::TABLE,
    flow::TABLE,
    outside::TABLE,
    read::TABLE,
    scene::TABLE,
    verbs::TABLE,
    yaml::TABLE,
];

/// The French pattern of an English one.
pub fn of(english: &str) -> Option<&'static str> {
    TABLES.iter().find_map(|table| {
        let place = table.binary_search_by(|(known, _)| (*known).cmp(english)).ok()?;
        Some(table[place].1)
    })
}

/// Every English pattern that has French, with it.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLES.iter().flat_map(|table| table.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_found() {
        for table in TABLES {
            assert!(table.is_sorted_by(|(one, _), (other, _)| one < other), "{table:?}");
        }
        for (english, french) in all() {
            assert_eq!(of(english), Some(french), "{english} stands in two tables");
        }
        assert_eq!(of("what svi never says"), None);
    }

    #[test]
    fn french_keeps_its_typography() {
        for (english, french) in all() {
            // What stands between backticks is not French.
            for prose in french.split('`').step_by(2) {
                let wrong = prose.char_indices().any(|(at, sign)| {
                    matches!(sign, ';' | '!' | '?' | '»') && !prose[..at].ends_with('\u{a0}')
                        || prose[at..].starts_with(" :")
                        || prose[at..].starts_with("« ")
                        || sign == '\''
                });
                assert!(!wrong, "{english}: {french}");
            }
        }
    }
}
