//! One file per command. Exit codes: 0 all well, 1 mistakes found or the thing failed, 2 wrong use.

mod asked;
mod backup;
mod bans;
mod bench;
mod bill;
mod calls;
mod check;
mod demo;
mod dial;
mod diff;
mod explain;
mod export_caller;
mod figures;
mod forget;
pub(crate) mod french;
mod graph;
mod help;
mod help_french;
mod hours;
mod language;
mod logging;
mod new;
mod prompts;
pub mod reference;
mod reference_french;
mod replay;
mod schema;
mod serve;
mod simulate;
mod speech;
mod status;
mod test;
mod verbs;

use std::process::ExitCode;

pub use language::FRENCH;

use crate::io::terminal::{self, errln};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// A SIP voice server for French free numbers: answers, announces that the
/// call is free, walks your menus, brings the caller to an agent or voicemail.
///
/// Start here:
///   svi demo                       see and hear a whole call, without any telephone
///   svi serve                      run the built-in example site on 127.0.0.1:5060
///   svi dial sip:0800123456@127.0.0.1 --keys 1
///   svi new my-site                write a first site of your own
///   svi check my-site/             find every mistake of a site before a caller does
#[derive(Parser)]
#[command(
    name = "svi",
    version,
    verbatim_doc_comment,
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer calls: the server itself.
    Serve(serve::Args),
    /// Read a site and its flows, and report every mistake at its line.
    Check(check::Args),
    /// Write a first site and flow by asking a few questions.
    New(new::Args),
    /// Tell what a code of `svi check` means, with an example.
    Explain(explain::Args),
    /// Tell whether a calendar is open at a moment, and why.
    Hours(hours::Args),
    /// Walk a flow in this terminal, as a caller would hear it. No network.
    Simulate(simulate::Args),
    /// Walk a call of the past again: does it take the same path?
    Replay(replay::Args),
    /// Walk kept calls through a changed site: how many would go elsewhere, and where?
    Diff(diff::Args),
    /// Draw a flow as a picture (SVG), or as text for Mermaid or Graphviz.
    Graph(graph::Args),
    /// Say values in words: lines `kind<TAB>input`, as a caller would hear them.
    Speech(speech::Args),
    /// The prompts of a site: list, render, measure them, find stale ones, print the sheet for a studio.
    Prompts(prompts::Args),
    /// Explain the verbs of the flow language.
    Verbs(verbs::Args),
    /// Print the JSON Schema of flows, sites or scenarios, for editors.
    Schema(schema::Args),
    /// Play the scenarios of a site (`*.test.yaml`), and tell what they do not visit.
    Test(test::Args),
    /// Place a real SIP call, or answer as an agent: the built-in softphone.
    Dial(dial::Args),
    /// Ask the running server how it is.
    Status(status::StatusArgs),
    /// Addresses that the running server does not hear for their wrong passwords.
    Bans(bans::Args),
    /// The calls that were: list, filter, follow them, tell one in words; write records out, take them in.
    Calls(calls::Args),
    /// Erase one caller: number, name and journals in all records, messages; and say what was not touched.
    Forget(forget::Args),
    /// Print all that is kept of one caller, as one JSON document.
    ExportCaller(export_caller::Args),
    /// An operator's bill against the records of calls.
    Bill(bill::Args),
    /// What calls add up to: figures by day, number, campaign, queue, agent or block.
    Figures(figures::Args),
    /// Copy the store of call records into a file, while the server runs.
    Backup(backup::Args),
    /// Tell the running server to read its site again, all or nothing.
    Reload(status::ReloadArgs),
    /// Play the whole story on loopback: a server, an agent's phone, a caller; leaves the recordings.
    Demo(demo::Args),
    /// Measure the server on loopback with many callers of the built-in phone.
    Bench(bench::Args),
}

/// The folder of what the server writes: the one that systemd made for us, or one here.
fn state_folder() -> std::path::PathBuf {
    std::env::var("STATE_DIRECTORY").map_or_else(|_| "svi-state".into(), Into::into)
}

/// The same for who looks for what a server wrote: here, or where the service of this machine keeps it.
fn state_found() -> std::path::PathBuf {
    let here = state_folder();
    let service = std::path::Path::new("/var/lib/svi");
    if !here.exists() && service.is_dir() { service.to_owned() } else { here }
}

/// The phrases of the built-in site, so that `svi dial` can name what it hears.
fn shipped_phrases() -> Vec<(String, Vec<i16>)> {
    let builtin = crate::io::load::SiteSource::new(None);
    crate::io::load::edition(&builtin).map(|edition| edition.phrases()).unwrap_or_default()
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let tongue = language::tongue(None);
    let matches = help::in_tongue(Cli::command(), tongue).try_get_matches();
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            let told = help::told(&error, tongue);
            if error.use_stderr() {
                terminal::err(&told)
            } else {
                terminal::out(&told)
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            errln!("svi: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(async {
        match cli.command {
            Command::Serve(args) => serve::run(args).await,
            Command::Check(args) => check::run(&args),
            Command::New(args) => new::run(&args),
            Command::Explain(args) => explain::run(&args),
            Command::Hours(args) => hours::run(&args),
            Command::Replay(args) => replay::run(&args),
            Command::Diff(args) => diff::run(&args),
            Command::Graph(args) => graph::run(&args),
            Command::Speech(args) => speech::run(&args),
            Command::Prompts(args) => prompts::run(&args),
            Command::Verbs(args) => verbs::run(&args),
            Command::Schema(args) => schema::run(&args),
            Command::Simulate(args) => simulate::run(args).await,
            Command::Test(args) => test::run(args).await,
            Command::Dial(args) => dial::run_knowing(args, shipped_phrases).await,
            Command::Status(args) => status::run(&args).await,
            Command::Bans(args) => bans::run(&args).await,
            Command::Calls(args) => calls::run(&args).await,
            Command::Forget(args) => forget::run(&args),
            Command::ExportCaller(args) => export_caller::run(&args),
            Command::Bill(args) => bill::run(&args),
            Command::Figures(args) => figures::run(&args),
            Command::Backup(args) => backup::run(&args),
            Command::Reload(args) => status::reload(&args).await,
            Command::Demo(args) => demo::run(args).await,
            Command::Bench(args) => bench::run(args).await,
        }
    })
}
