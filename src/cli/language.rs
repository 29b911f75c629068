//! In which language a command speaks: as asked, else as the environment says, else English.

use crate::base::diagnostic::Tongue;

/// `--language`
#[derive(Copy, Clone, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// English.
    En,
    /// French.
    Fr,
}

/// The language of a command.
pub(crate) fn tongue(asked: Option<Language>) -> Tongue {
    match asked {
        Some(Language::En) => Tongue::English,
        Some(Language::Fr) => Tongue::French,
        None => of_environment(|name| std::env::var(name).ok()),
    }
}

/// POSIX, Environment Variables §8.2: the first of these that is set and not empty counts.
fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Tongue {
    let mut locales = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable);
    let locale = locales.find(|locale| !locale.is_empty()).unwrap_or_default();
    let language = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
    if language.eq_ignore_ascii_case("fr") { Tongue::French } else { Tongue::English }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_the_language() {
        let of = |set: &[(&str, &str)]| {
            of_environment(|name| {
                set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(of(&[]), Tongue::English);
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8")]), Tongue::French);
        assert_eq!(of(&[("LANG", "fr")]), Tongue::French);
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "C")]), Tongue::English);
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "")]), Tongue::French);
        assert_eq!(of(&[("LC_MESSAGES", "fr_CA"), ("LANG", "de_DE")]), Tongue::French);
        assert_eq!(of(&[("LANG", "frr_DE.UTF-8")]), Tongue::English, "North Frisian is not French");
    }
}
