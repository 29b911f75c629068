//! `svi prompts`: what callers hear, where it comes from, how it measures, what is out of use, and the list for a studio.

use super::language::tongue;
use crate::base::diagnostic::Text;
use crate::say;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::asked;
use crate::flow::speech::Language;
use crate::io::load::SiteSource;
use crate::io::prompts::{Measured, Prompt, Prompts, Unused};
use crate::io::terminal::{self, errln};

/// `svi prompts`
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Every text and file that callers can hear: where its recording comes from, which flows say it.
    List {
        #[command(flatten)]
        site: Site,
        /// With the words of spoken numbers, dates and so on.
        #[arg(long)]
        bank: bool,
        #[arg(long, value_enum, default_value = "tsv")]
        format: Form,
    },
    /// Render every text that has no recording, by the text-to-speech command of the site.
    Render {
        #[command(flatten)]
        site: Site,
        /// What was rendered before, too.
        #[arg(long)]
        all: bool,
    },
    /// Measure every recording: loudness, peak, clipping, silences.
    Levels {
        #[command(flatten)]
        site: Site,
        /// Exit 1 when something must be mended.
        #[arg(long)]
        strict: bool,
        #[arg(long, value_enum, default_value = "tsv")]
        format: Form,
    },
    /// Recordings that no text uses any more.
    Stale {
        #[command(flatten)]
        site: Site,
        /// Delete those of the cache. What was recorded by hand is never deleted.
        #[arg(long)]
        remove: bool,
    },
    /// The list for a studio: files to deliver, and what to say in each.
    Sheet {
        #[command(flatten)]
        site: Site,
        /// With the words of spoken numbers, dates and so on.
        #[arg(long)]
        bank: bool,
        /// Write each text into the site's `prompts/`, beside where its recording will lie.
        #[arg(long)]
        write: bool,
    },
}

#[derive(clap::Args)]
struct Site {
    /// The site's folder or file; by default that of this folder (./site.yaml), else the built-in example.
    site: Option<PathBuf>,
    /// The folder in which `svi serve` keeps what it writes.
    /// [default: $STATE_DIRECTORY under systemd, else ./svi-state]
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
}

#[derive(Copy, Clone, PartialEq, Eq, ValueEnum)]
enum Form {
    Tsv,
    Json,
}

impl Site {
    fn read(&self) -> Result<Prompts, ExitCode> {
        let state = self.state.clone().unwrap_or_else(super::state_folder);
        let source = SiteSource::new(asked::site(self.site.clone())).with_cache(state.join("voice"));
        Prompts::read(source).map_err(|report| {
            terminal::err(&report.render(false, tongue(None)));
            ExitCode::FAILURE
        })
    }
}

/// Runs a subcommand.
pub(crate) fn run(args: &Args) -> ExitCode {
    let done = match &args.command {
        Command::List { site, bank, format } => site.read().map(|prompts| list(&prompts, *bank, *format)),
        Command::Render { site, all } => site.read().map(|prompts| render(prompts, *all)),
        Command::Levels { site, strict, format } => {
            site.read().map(|prompts| levels(&prompts, *strict, *format))
        }
        Command::Stale { site, remove } => site.read().map(|prompts| stale(&prompts, *remove)),
        Command::Sheet { site, bank, write } => site.read().map(|prompts| sheet(&prompts, *bank, *write)),
    };
    done.unwrap_or_else(|code| code)
}

fn list(prompts: &Prompts, bank: bool, format: Form) -> ExitCode {
    let all = prompts.list(bank);
    let language = |prompt: &Prompt| prompt.language.map_or("", Language::as_str);
    let flows = |prompt: &Prompt| prompt.flows.iter().map(ToString::to_string).collect::<Vec<String>>();
    if format == Form::Json {
        let row = |prompt: &Prompt| {
            json!({
                "key": prompt.key.as_str(), "state": prompt.state.as_str(), "path": prompt.path,
                "language": language(prompt), "flows": flows(prompt), "text": prompt.text,
            })
        };
        terminal::out(&format!("{}\n", serde_json::Value::Array(all.iter().map(row).collect())));
        return ExitCode::SUCCESS;
    }
    let mut table = "state\tlanguage\tkey\tflows\ttext\n".to_owned();
    for prompt in &all {
        let (state, flows) = (prompt.state.as_str(), flows(prompt).join(","));
        let _ = writeln!(table, "{state}\t{}\t{}\t{flows}\t{}", language(prompt), prompt.key, prompt.text);
    }
    terminal::out(&table);
    ExitCode::SUCCESS
}

fn render(mut prompts: Prompts, all: bool) -> ExitCode {
    match prompts.render(all) {
        Ok(0) => tell(&Text::word("nothing to render: every text has its recording")),
        Ok(many) => tell(&say!("{} rendered", many)),
        Err(error) => {
            terminal::err(&format!("svi: {error}"));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn tell(told: &Text) {
    terminal::out(&format!("{}\n", told.to(tongue(None))));
}

fn levels(prompts: &Prompts, strict: bool, format: Form) -> ExitCode {
    let all = prompts.levels();
    let bad = all.iter().filter(|measured| !verdict(measured).is_empty()).count();
    match format {
        Form::Json => {
            terminal::out(&format!("{}\n", serde_json::Value::Array(all.iter().map(level_json).collect())))
        }
        Form::Tsv => terminal::out(&level_table(&all)),
    }
    errln!("{}", say!("{} measured, {} to mend", all.len(), bad).to(tongue(None)));
    if strict && bad > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn level_table(all: &[Measured]) -> String {
    let mut table = String::from(
        "key\tseconds\tLUFS\tdBTP\tclipped\tsilence_before_ms\tsilence_inside_ms\tsilence_behind_ms\tto_mend\n",
    );
    for measured in all {
        let Ok(found) = &measured.found else {
            let _ = writeln!(table, "{}\t\t\t\t\t\t\t\t{}", measured.key, verdict(measured));
            continue;
        };
        let level = |level: Option<f64>| level.map_or(String::new(), |level| format!("{level:.1}"));
        let _ = writeln!(
            table,
            "{}\t{:.1}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            measured.key,
            found.duration.as_millis() as f64 / 1_000.0,
            level(found.loudness.integrated_lufs),
            level(found.loudness.true_peak_dbtp),
            found.cut_peaks,
            found.before.as_millis(),
            found.inside.as_millis(),
            found.behind.as_millis(),
            verdict(measured)
        );
    }
    table
}

fn level_json(measured: &Measured) -> serde_json::Value {
    let mut row =
        json!({ "key": measured.key.as_str(), "path": measured.path, "to_mend": verdict(measured) });
    if let Ok(found) = &measured.found {
        row["duration_ms"] = json!(found.duration.as_millis());
        row["lufs"] = json!(found.loudness.integrated_lufs);
        row["dbtp"] = json!(found.loudness.true_peak_dbtp);
        row["clipped"] = json!(found.cut_peaks);
        row["silence_before_ms"] = json!(found.before.as_millis());
        row["silence_inside_ms"] = json!(found.inside.as_millis());
        row["silence_behind_ms"] = json!(found.behind.as_millis());
    }
    row
}

fn verdict(measured: &Measured) -> String {
    match &measured.found {
        Ok(_) => measured.faults.iter().map(|fault| fault.as_str()).collect::<Vec<_>>().join(", "),
        Err(why) => why.clone(),
    }
}

fn stale(prompts: &Prompts, remove: bool) -> ExitCode {
    let mut table = String::new();
    let mut failed = false;
    for unused in prompts.unused() {
        let (what, file, nearest) = match unused {
            Unused::Cached(file) if remove => match std::fs::remove_file(&file) {
                Ok(()) => ("removed", file.display().to_string(), String::new()),
                Err(error) => {
                    failed = true;
                    errln!("svi: {}: {error}", file.display());
                    continue;
                }
            },
            Unused::Cached(file) => ("cached", file.display().to_string(), String::new()),
            Unused::Stale(file, nearest) => ("stale", file, nearest.unwrap_or_default()),
            Unused::File(file) => ("unused", file, String::new()),
        };
        let _ = writeln!(table, "{what}\t{file}\t{nearest}");
    }
    terminal::out(&table);
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn sheet(prompts: &Prompts, bank: bool, write: bool) -> ExitCode {
    let folder = prompts.folder().filter(|_| write);
    if write && folder.is_none() {
        let told = Text::word("the built-in site has no folder to write into: name a site");
        errln!("svi: {}", told.to(tongue(None)));
        return ExitCode::from(2);
    }
    let mut table = "file\tlanguage\tdelivery\ttext\tsaid\n".to_owned();
    for order in prompts.orders(bank) {
        let language = order.language.as_str();
        let hint = order.hint.as_deref().unwrap_or_default();
        let _ = writeln!(table, "{}\t{language}\t{}\t{}\t{hint}", order.file, order.delivery, order.text);
        let Some((folder, file)) = folder.as_ref().zip(order.text_file) else { continue };
        let path = folder.join(file);
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        if let Err(error) = made.and_then(|()| std::fs::write(&path, format!("{}\n", order.text))) {
            errln!("svi: {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    terminal::out(&table);
    ExitCode::SUCCESS
}
