//! `--help` in the operator's language: clap holds the English, `help_french.rs` the rest.

use clap::error::ErrorKind;
use clap::{Arg, Command};

use super::help_french::FRENCH;
use crate::base::diagnostic::Tongue;

/// What clap itself says in a help text.
const WORDS: &[(&str, &str)] = &[
    ("Usage:", "Utilisation :"),
    ("Commands:", "Commandes :"),
    ("Arguments:", "Arguments :"),
    ("Options:", "Options :"),
    ("[default: ", "[par défaut : "),
    ("[possible values: ", "[valeurs possibles : "),
    ("Possible values:", "Valeurs possibles :"),
    ("Print help (see more with '--help')", "Affiche l’aide (plus avec `--help`)"),
    ("Print help (see a summary with '-h')", "Affiche l’aide (en résumé avec `-h`)"),
    (
        "Print this message or the help of the given subcommand(s)",
        "Affiche cette aide, ou celle d’une commande",
    ),
    ("Print help", "Affiche l’aide"),
    ("Print version", "Affiche la version"),
];

/// What clap says of wrong use: around what was typed, which stays as it is.
const WRONG: &[(&str, &str)] = &[
    ("error: ", "erreur : "),
    ("unexpected argument '", "argument inattendu : '"),
    ("' found\n", "'\n"),
    ("unrecognized subcommand '", "commande inconnue : '"),
    ("invalid value '", "valeur incorrecte : '"),
    ("' for '", "' pour '"),
    ("the following required arguments were not provided:", "il manque :"),
    ("a value is required for '", "il faut une valeur à '"),
    ("' but none was supplied", "'"),
    ("the argument '", "l’argument '"),
    ("' cannot be used multiple times", "' ne se répète pas"),
    ("' cannot be used with:", "' ne va pas avec :"),
    ("' cannot be used with '", "' ne va pas avec '"),
    ("tip: a similar argument exists: ", "conseil : un argument proche existe : "),
    ("tip: some similar arguments exist: ", "conseil : des arguments proches existent : "),
    ("tip: a similar subcommand exists: ", "conseil : une commande proche existe : "),
    ("tip: some similar subcommands exist: ", "conseil : des commandes proches existent : "),
    ("tip: a similar value exists: ", "conseil : une valeur proche existe : "),
    ("tip: some similar values exist: ", "conseil : des valeurs proches existent : "),
    ("tip: to pass '", "conseil : pour donner '"),
    ("' as a value, use '", "' comme valeur, écrivez '"),
    ("For more information, try '", "Pour en savoir plus : '"),
];

/// The command line in a language.
pub(super) fn in_tongue(command: Command, tongue: Tongue) -> Command {
    match tongue {
        Tongue::English => command,
        Tongue::French(_) => french(command),
    }
}

/// What clap has to say, as it is said in a language.
pub(super) fn told(error: &clap::Error, tongue: Tongue) -> String {
    let text = error.render().to_string();
    let help =
        matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
    let wrong = if help { &[] } else { WRONG };
    match tongue {
        Tongue::French(_) => {
            let words = WORDS.iter().chain(wrong);
            words.fold(text, |text, (english, french)| text.replace(english, french))
        }
        Tongue::English => text,
    }
}

fn word(english: &str) -> Option<&'static str> {
    let place = FRENCH.binary_search_by(|(known, _)| (*known).cmp(english)).ok()?;
    Some(FRENCH[place].1)
}

fn french(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    let mut command = names.into_iter().fold(command, |command, name| command.mut_subcommand(name, french));
    if let Some(about) = command.get_about().and_then(|about| word(&about.to_string())) {
        command = command.about(about);
    }
    if let Some(about) = command.get_long_about().and_then(|about| word(&about.to_string())) {
        command = command.long_about(about);
    }
    command.mut_args(french_argument)
}

fn french_argument(mut argument: Arg) -> Arg {
    if let Some(help) = argument.get_help().and_then(|help| word(&help.to_string())) {
        argument = argument.help(help);
    }
    if let Some(help) = argument.get_long_help().and_then(|help| word(&help.to_string())) {
        argument = argument.long_help(help);
    }
    argument
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    /// Every text that clap holds, of a command and of those below it.
    fn texts(command: &Command, found: &mut Vec<String>) {
        found.extend(command.get_about().map(ToString::to_string));
        found.extend(command.get_long_about().map(ToString::to_string));
        for argument in command.get_arguments() {
            found.extend(argument.get_help().map(ToString::to_string));
            found.extend(argument.get_long_help().map(ToString::to_string));
        }
        command.get_subcommands().for_each(|below| texts(below, found));
    }

    #[test]
    fn every_help_text_has_french_and_nothing_else_has() {
        let mut found = Vec::new();
        texts(&super::super::Cli::command(), &mut found);
        found.sort();
        found.dedup();
        let missing: Vec<&String> = found.iter().filter(|text| word(text).is_none()).collect();
        assert!(missing.is_empty(), "{missing:#?}");
        let idle: Vec<_> = FRENCH.iter().filter(|(text, _)| !found.iter().any(|it| it == text)).collect();
        assert!(idle.is_empty(), "nobody says {idle:#?}");
        assert!(FRENCH.is_sorted_by(|(one, _), (other, _)| one < other));
    }

    #[test]
    fn commands_are_sound_and_calls_are_listed_with_and_without_a_word() {
        super::super::Cli::command().debug_assert();
        for words in
            ["calls --limit 3 --state x", "calls show 042137 --state x", "calls export --state x", "calls"]
        {
            let words = ["svi"].into_iter().chain(words.split(' '));
            assert!(super::super::Cli::command().try_get_matches_from(words.clone()).is_ok(), "{words:?}");
        }
    }

    #[test]
    fn wrong_use_is_told_in_french() {
        let tongue = super::super::FRENCH;
        for (words, wanted) in [
            (&["svi", "statut"][..], "commande inconnue : 'statut'"),
            (&["svi", "status", "--frobnicate"], "argument inattendu : '--frobnicate'\n"),
            (&["svi", "status", "--contrl", "a"], "conseil : un argument proche existe : '--control'"),
            (&["svi", "check", "--language", "de"], "valeur incorrecte : 'de' pour '--language"),
            (&["svi", "check", "--language"], "il faut une valeur à '--language"),
            (&["svi", "dial"], "il manque :\n  <ADDRESS>"),
            (&["svi", "dial", "a", "--tcp", "--tcp"], "l’argument '--tcp' ne se répète pas"),
        ] {
            let command = in_tongue(super::super::Cli::command(), tongue);
            let error = command.try_get_matches_from(words).unwrap_err();
            let text = told(&error, tongue);
            assert!(text.contains(wanted), "{wanted}\n{text}");
            for english in
                ["error", "tip:", "For more", "Usage", "found", "required", " the ", "possible values"]
            {
                assert!(!text.contains(english), "{english}\n{text}");
            }
        }
    }

    #[test]
    fn help_speaks_french() {
        let tongue = super::super::FRENCH;
        let command = in_tongue(super::super::Cli::command(), tongue);
        let error = command.try_get_matches_from(["svi", "status", "--help"]).unwrap_err();
        let text = told(&error, tongue);
        for word in ["Utilisation :", "Options :", "prise de commande", "Affiche l’aide"] {
            assert!(text.contains(word), "{word}\n{text}");
        }
        for word in ["Usage", "Print", "socket"] {
            assert!(!text.contains(word), "{word}\n{text}");
        }
    }
}
