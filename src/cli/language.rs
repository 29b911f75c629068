//! In which language a command speaks: as asked, else as the environment says, else English.

use crate::base::diagnostic::{Tongue, Words};
use crate::{base, centre, cli, config, figures, flow, io, sim, switchboard};

/// French, with what every room says.
pub const FRENCH: Tongue = Tongue::French(Words(&[
    ("base", base::french::FRENCH),
    ("flow", flow::french::FRENCH),
    ("centre", centre::french::FRENCH),
    ("figures", figures::french::FRENCH),
    ("config", config::french::FRENCH),
    ("switchboard", switchboard::french::FRENCH),
    ("sim", sim::french::FRENCH),
    ("io", io::french::FRENCH),
    ("cli", cli::french::FRENCH),
]));

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
        Some(Language::Fr) => FRENCH,
        None => of_environment(|name| std::env::var(name).ok()),
    }
}

/// POSIX, Environment Variables §8.2: the first of these that is set and not empty counts.
fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Tongue {
    let mut locales = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable);
    let locale = locales.find(|locale| !locale.is_empty()).unwrap_or_default();
    let language = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
    if language.eq_ignore_ascii_case("fr") { FRENCH } else { Tongue::English }
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
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8")]), FRENCH);
        assert_eq!(of(&[("LANG", "fr")]), FRENCH);
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "C")]), Tongue::English);
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "")]), FRENCH);
        assert_eq!(of(&[("LC_MESSAGES", "fr_CA"), ("LANG", "de_DE")]), FRENCH);
        assert_eq!(of(&[("LANG", "frr_DE.UTF-8")]), Tongue::English, "North Frisian is not French");
    }
}
