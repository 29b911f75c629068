//! `svi check`: every mistake of a site, before a caller finds it.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::asked;
use super::language::{Language, tongue};
use crate::base::diagnostic::{Diagnostic, Severity, Text, Tongue, codes};
use crate::io::load::{self, Checked, SiteSource};
use crate::io::terminal::{self, outln};
use crate::say;

/// `svi check`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The site's folder or file; by default that of this folder (./site.yaml), else the built-in example.
    site: Option<PathBuf>,
    /// Warnings count as mistakes.
    #[arg(long)]
    deny_warnings: bool,
    /// How mistakes are told: for people, for editors, for the checks of GitHub.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The language of the messages; by default that of the environment (LC_ALL, LC_MESSAGES, LANG).
    #[arg(long, value_enum)]
    language: Option<Language>,
}

/// How mistakes are told.
#[derive(Copy, Clone, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Github,
}

/// Reports all mistakes at once.
pub(crate) fn run(args: &Args) -> ExitCode {
    let site = asked::site(args.site.clone());
    let is_example = site.is_none();
    let checked = load::check(&SiteSource::new(site));
    let tongue = tongue(args.language);
    match args.format {
        Format::Text => {
            terminal::out(&text(&checked, std::io::stdout().is_terminal(), tongue));
            if is_example {
                outln!("{}", Text::word("this was the built-in example, not a site of yours").to(tongue));
            }
        }
        Format::Json => outln!("{:#}", json(&checked, tongue)),
        Format::Github => terminal::out(&github(&checked, tongue)),
    }
    let report = &checked.report;
    let failed = report.has_errors() || (args.deny_warnings && report.warnings() > 0);
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Each mistake drawn, and a closing line.
pub(crate) fn text(checked: &Checked, color: bool, tongue: Tongue) -> String {
    let mut text = checked.report.render(color, tongue) + &verdict(checked).to(tongue) + "\n";
    if let Some(first) = checked.report.iter().find(|told| codes::page(told.code, tongue).is_some()) {
        text += &say!("what a code means: `svi explain {}`", first.code).to(tongue);
        text.push('\n');
    }
    text
}

fn verdict(checked: &Checked) -> Text {
    let report = &checked.report;
    let warnings = counted(report.warnings(), [Text::default(), Text::word("1 warning")], |count| {
        say!("{} warnings", count)
    });
    let errors =
        counted(report.errors(), [Text::default(), Text::word("1 error")], |count| say!("{} errors", count));
    match (report.errors(), report.warnings()) {
        (0, 0) => {
            let flows = counted(checked.flows, [Text::word("no flow"), Text::word("1 flow")], |count| {
                say!("{} flows", count)
            });
            let blocks = counted(checked.blocks, [Text::word("no block"), Text::word("1 block")], |count| {
                say!("{} blocks", count)
            });
            let numbers =
                counted(checked.numbers, [Text::word("no number"), Text::word("1 number")], |count| {
                    say!("{} numbers", count)
                });
            say!("all well: {}, {}, {}", flows, blocks, numbers)
        }
        (0, _) => warnings,
        (_, 0) => errors,
        (_, _) => say!("{}, {}", errors, warnings),
    }
}

/// No, one, or many of a thing.
fn counted(count: usize, [none, one]: [Text; 2], many: impl Fn(usize) -> Text) -> Text {
    match count {
        0 => none,
        1 => one,
        count => many(count),
    }
}

/// What editors read; `docs/check.md` says what each field is.
fn json(checked: &Checked, tongue: Tongue) -> serde_json::Value {
    let report = &checked.report;
    let diagnostics: Vec<serde_json::Value> = report.iter().map(|told| one(told, tongue)).collect();
    json!({ "diagnostics": diagnostics, "errors": report.errors(), "warnings": report.warnings() })
}

fn one(told: &Diagnostic, tongue: Tongue) -> serde_json::Value {
    let (line, column) = told.source.position(told.range.start);
    let (end_line, end_column) = told.source.position(told.range.end);
    json!({
        "severity": word(told.severity),
        "code": told.code,
        "message": told.message.to(tongue),
        "help": told.help.as_ref().map(|help| help.to(tongue)),
        "file": told.source.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "reference": format!("docs/codes.md#{}", told.code),
    })
}

/// The same in all languages: programs read it.
const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Workflow commands of GitHub, one a line: `::error file=…,line=…,col=…,title=code::message`.
fn github(checked: &Checked, tongue: Tongue) -> String {
    /// What ends a command or a property is written in percent, as GitHub's own toolkit does.
    fn escaped(text: &str, also: &[(char, &str)]) -> String {
        let mut escaped = String::with_capacity(text.len());
        for sign in text.chars() {
            match [('%', "%25"), ('\r', "%0D"), ('\n', "%0A")].iter().chain(also).find(|(of, _)| *of == sign)
            {
                Some((_, percent)) => escaped.push_str(percent),
                None => escaped.push(sign),
            }
        }
        escaped
    }
    let property = |text: &str| escaped(text, &[(':', "%3A"), (',', "%2C")]);
    let line = |told: &Diagnostic| {
        let (line, column) = told.source.position(told.range.start);
        let help = told.help.as_ref().map(|help| format!("\n{}", help.to(tongue))).unwrap_or_default();
        format!(
            "::{} file={},line={line},col={column},title={}::{}\n",
            word(told.severity),
            property(&told.source.path),
            property(told.code),
            escaped(&(told.message.to(tongue) + &help), &[])
        )
    };
    checked.report.iter().map(line).collect()
}

#[cfg(test)]
mod tests;
