//! `svi test`: the scenarios of a site, played without a telephone; what they do not visit; JUnit for CI.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::asked;
use super::language::{Language, tongue};
use crate::base::diagnostic::{Report, Text, Tongue};
use crate::base::name::Name;
use crate::io::load;
use crate::io::scenes::Scenes;
use crate::io::terminal::{self, errln};
use crate::say;
use crate::sim::scenario::coverage::Coverage;
use crate::sim::scenario::junit::{self, Played};
use crate::sim::scenario::{self, Scenario};
use crate::switchboard::Edition;

/// `svi test`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The site's folder, a flow, or a file of scenarios; by default this folder's (./site.yaml), else the built-in example's.
    site: Option<PathBuf>,
    /// Only scenarios whose name has this text.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// For people, or for a CI server.
    #[arg(long, value_enum, default_value_t = Format::Plain)]
    format: Format,
    /// Write the report into this file, not to the terminal.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Run again whenever a file of the site changes, until Ctrl-C.
    #[arg(long)]
    watch: bool,
    /// Tell how long each scenario took.
    #[arg(long)]
    time: bool,
    /// The language of the messages; by default that of the environment (LC_ALL, LC_MESSAGES, LANG).
    #[arg(long, value_enum)]
    language: Option<Language>,
}

/// What is written.
#[derive(Copy, Clone, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Plain,
    Junit,
}

/// How often the files of a site are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// Plays the scenarios. 0: all passed; 1: some failed, or the site or a file has mistakes; 2: there is none to play.
pub(crate) async fn run(args: Args) -> ExitCode {
    let scenes = Scenes::of(asked::site(args.site.clone()));
    if !args.watch {
        return once(&args, &scenes);
    }
    loop {
        let stamp = scenes.stamp();
        if std::io::stdout().is_terminal() {
            // ECMA-48 §8.3.39 (ED) and §8.3.21 (CUP): an empty screen, and its first place.
            terminal::out("\x1b[2J\x1b[H");
        }
        once(&args, &scenes);
        let _ = std::io::stdout().flush();
        while scenes.stamp() == stamp {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

fn once(args: &Args, scenes: &Scenes) -> ExitCode {
    let tongue = tongue(args.language);
    let color =
        std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() && args.output.is_none();
    let edition = match load::words_only(&scenes.site) {
        Ok(edition) => Arc::new(edition),
        Err(report) => {
            terminal::err(&report.to_string());
            return ExitCode::FAILURE;
        }
    };
    let mut report = Report::default();
    let texts = match scenes.texts() {
        Ok(texts) => texts,
        Err(wrong) => {
            wrong.into_iter().for_each(|diagnostic| report.push(diagnostic));
            terminal::err(&report.render(color, tongue));
            return ExitCode::FAILURE;
        }
    };
    let mut scenarios = Vec::new();
    for text in &texts {
        scenarios.extend(scenario::read(text, &edition, &mut report));
    }
    if !report.is_empty() {
        terminal::err(&report.sorted().render(color, tongue));
        return ExitCode::FAILURE;
    }
    let all = scenarios.len();
    scenarios
        .retain(|scenario| args.filter.as_ref().is_none_or(|text| scenario.name.contains(text.as_str())));
    if scenarios.is_empty() {
        let why = match (&args.filter, all) {
            (Some(text), 1..) => say!("no scenario has `{}` in its name", text),
            _ => Text::word("there are no scenarios: write `*.test.yaml` beside the flows"),
        };
        errln!("svi: {}", why.to(tongue));
        return ExitCode::from(2);
    }
    let whole = scenarios.len() == all;
    let (played, coverage) = play(scenarios, &edition, scenes.is_one_file());
    let text = match args.format {
        Format::Plain => plain(&played, whole.then_some(&coverage), args.time, color, tongue),
        Format::Junit => junit::xml(&played, whole.then_some(&coverage), tongue),
    };
    let written = match &args.output {
        None => {
            terminal::out(&text);
            Ok(())
        }
        Some(file) => std::fs::write(file, text).map_err(|error| (file, error)),
    };
    if let Err((file, error)) = written {
        errln!("svi: {}", say!("{} cannot be written: {}", file.display(), error).to(tongue));
        return ExitCode::FAILURE;
    }
    if played.iter().all(|played| played.outcome.passed()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn play(scenarios: Vec<Scenario>, edition: &Arc<Edition>, one_file: bool) -> (Vec<Played>, Coverage) {
    let mut coverage = match one_file {
        true => {
            let names: Vec<Name> = scenarios.iter().map(|scenario| scenario.flow.name.clone()).collect();
            Coverage::of_flows(edition, names)
        }
        false => Coverage::of_site(edition),
    };
    let mut played = Vec::new();
    for scenario in scenarios {
        let begun = Instant::now();
        let outcome = scenario::play(&scenario, edition);
        let took = begun.elapsed();
        coverage.add(&scenario.flow, &outcome.story);
        played.push(Played { scenario, outcome, took });
    }
    (played, coverage)
}

/// A line a scenario, its failures drawn, the coverage, and a last line that says how many passed.
fn plain(played: &[Played], coverage: Option<&Coverage>, time: bool, color: bool, tongue: Tongue) -> String {
    let paint = |code: &str, text: String| if color { format!("\x1b[{code}m{text}\x1b[0m") } else { text };
    let mut text = String::new();
    for suite in played.chunk_by(|one, other| one.scenario.source.path == other.scenario.source.path) {
        text += &format!("{}\n", suite[0].scenario.source.path);
        for Played { scenario, outcome, took } in suite {
            let mark = match outcome.passed() {
                true => paint("32", Text::word("ok    ").to(tongue)),
                false => paint("31", Text::word("failed").to(tongue)),
            };
            let took = if time { format!("  {:.3} ms", took.as_secs_f64() * 1_000.0) } else { String::new() };
            text += &format!("  {mark}  {}{took}\n", scenario.name);
            for failure in &outcome.failures {
                text += &format!("\n{}\n\n", failure.render(color, tongue));
            }
        }
        text.push('\n');
    }
    if let Some(coverage) = coverage {
        text += &coverage.describe(tongue);
        text.push('\n');
    }
    let failed = played.iter().filter(|played| !played.outcome.passed()).count();
    text += &say!("{} passed, {} failed", played.len() - failed, failed).to(tongue);
    text.push('\n');
    text
}
