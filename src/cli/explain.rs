//! `svi explain`: what a code of `svi check` means.

use std::process::ExitCode;

use super::language::{Language, tongue};
use crate::base::diagnostic::{Text, Tongue, codes, nearest};
use crate::flow::verb::VERBS;
use crate::io::terminal::{self, errln};
use crate::say;

/// `svi explain`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The code, as it stands between brackets in a message: `unknown-key`. All codes are listed when none is given.
    code: Option<String>,
    /// The language; by default that of the environment (LC_ALL, LC_MESSAGES, LANG).
    #[arg(long, value_enum)]
    language: Option<Language>,
}

/// Prints a page, or the list of all.
pub(crate) fn run(args: &Args) -> ExitCode {
    let tongue = tongue(args.language);
    let Some(asked) = &args.code else {
        terminal::out(&list(tongue));
        return ExitCode::SUCCESS;
    };
    // As it stands in a message, brackets and all.
    let code = asked.trim_matches(['[', ']', '`', ' ']).to_lowercase();
    match codes::page(&code, tongue) {
        Some(page) => {
            terminal::out(&format!("{}\n\n{}", page.code, plain(page.body)));
            ExitCode::SUCCESS
        }
        None => {
            errln!("svi: {}", unknown(&code).to(tongue));
            ExitCode::from(2)
        }
    }
}

fn unknown(code: &str) -> Text {
    let verbs = || VERBS.iter().map(|verb| verb.name);
    match nearest(code, codes::pages(Tongue::English).map(|page| page.code)) {
        // `svi explain dire`: who asks for a verb, in whatever tongue, is told where verbs are explained.
        None if nearest(code, verbs()).is_some() => {
            let verb = nearest(code, verbs()).unwrap_or_default();
            say!("`{}` is no code but a verb: `svi verbs {}` explains it", code, verb)
        }
        Some(meant) => say!("there is no code `{}`; did you mean `{}`?", code, meant),
        None => say!("there is no code `{}`; `svi explain` lists all", code),
    }
}

fn list(tongue: Tongue) -> String {
    let pages = codes::pages(Tongue::English).filter_map(|page| codes::page(page.code, tongue));
    let width = codes::pages(Tongue::English).map(|page| page.code.len()).max().unwrap_or_default();
    pages.map(|page| format!("{:width$}  {}\n", page.code, page.summary())).collect()
}

/// A page as a terminal shows it: examples are indented instead of fenced.
fn plain(body: &str) -> String {
    let (mut text, mut within) = (String::new(), false);
    for line in body.trim().lines() {
        if line.starts_with("```") {
            within = !within;
            continue;
        }
        if within && !line.is_empty() {
            text.push_str("    ");
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_shown_without_its_fences() {
        assert_eq!(
            plain("\nWhat.\n\n```yaml\na:\n\n  b: 1\n```\n\nWhy.\n"),
            "What.\n\n    a:\n\n      b: 1\n\nWhy.\n"
        );
    }

    #[test]
    fn a_code_that_is_mistyped_is_guessed() {
        assert_eq!(
            unknown("unknown-kye").english(),
            "there is no code `unknown-kye`; did you mean `unknown-key`?"
        );
        assert_eq!(unknown("dire").english(), "`dire` is no code but a verb: `svi verbs say` explains it");
        assert_eq!(
            unknown("hangup").english(),
            "`hangup` is no code but a verb: `svi verbs hangup` explains it"
        );
        assert_eq!(unknown("x").english(), "there is no code `x`; `svi explain` lists all");
        let list = list(crate::cli::FRENCH);
        assert_eq!(list.lines().count(), codes::pages(Tongue::English).count());
        assert!(list.lines().all(|line| line.ends_with(['.', '»', '`', ')'])), "{list}");
    }
}
