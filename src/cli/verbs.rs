//! `svi verbs`: the verbs of the language in the terminal.

use super::language::tongue;
use crate::base::diagnostic::Text;
use crate::say;
use std::process::ExitCode;

use crate::base::diagnostic::nearest;
use crate::flow::reference;
use crate::flow::verb::VERBS;
use crate::io::terminal::{self, errln};

/// `svi verbs`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A verb, to be explained whole; all of them in a line each when none is given.
    verb: Option<String>,
}

/// Prints the table, or one of its verbs.
pub(crate) fn run(args: &Args) -> ExitCode {
    let language = tongue(None);
    let say = |english: &str| super::reference::say(english, language);
    let Some(name) = &args.verb else {
        terminal::out(&reference::verb_names(&say));
        return ExitCode::SUCCESS;
    };
    match reference::verb(name, &say) {
        Some(page) => {
            terminal::out(&page);
            ExitCode::SUCCESS
        }
        None => {
            let meant = nearest(name, VERBS.iter().map(|verb| verb.name));
            let help = meant.map_or_else(
                || Text::word("`svi verbs` lists them"),
                |meant| say!("did you mean `{}`?", meant),
            );
            errln!("svi: {}", say!("there is no verb `{}`: {}", name, help).to(tongue(None)));
            ExitCode::from(2)
        }
    }
}
