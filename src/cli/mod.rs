//! One file per command. Exit codes: 0 all well, 1 mistakes found or the thing failed, 2 wrong use.

mod bench;
mod check;
mod demo;
mod dial;
mod language;
mod logging;
mod serve;
mod simulate;
mod status;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A SIP voice server for French free numbers: answers, announces that the
/// call is free, walks your menus, brings the caller to an agent or voicemail.
///
/// Start here:
///   svi demo                       see and hear a whole call, without any telephone
///   svi serve                      run the built-in example site on 127.0.0.1:5060
///   svi dial sip:0800123456@127.0.0.1 --keys 1
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
    /// Walk a flow in this terminal, as a caller would hear it. No network.
    Simulate(simulate::Args),
    /// Play the scenarios of a site (`*.test.yaml`), and tell what they do not visit.
    Test(test::Args),
    /// Place a real SIP call, or answer as an agent: the built-in softphone.
    Dial(dial::Args),
    /// Ask the running server how it is.
    Status(status::StatusArgs),
    /// Tell the running server to read its site again, all or nothing.
    Reload(status::ReloadArgs),
    /// Play the whole story on loopback: a server, an agent's phone, a caller; leaves the recordings.
    Demo(demo::Args),
    /// Measure the server on loopback with many callers of the built-in phone.
    Bench(bench::Args),
}

/// The phrases of the built-in site, so that `svi dial` can name what it hears.
fn shipped_phrases() -> Vec<(String, Vec<i16>)> {
    let builtin = crate::io::load::SiteSource::new(None);
    crate::io::load::edition(&builtin).map(|edition| edition.phrases()).unwrap_or_default()
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("svi: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(async {
        match cli.command {
            Command::Serve(args) => serve::run(args).await,
            Command::Check(args) => check::run(&args),
            Command::Simulate(args) => simulate::run(args).await,
            Command::Test(args) => test::run(args).await,
            Command::Dial(args) => dial::run_knowing(args, shipped_phrases).await,
            Command::Status(args) => status::run(&args).await,
            Command::Reload(args) => status::reload(&args).await,
            Command::Demo(args) => demo::run(args).await,
            Command::Bench(args) => bench::run(args).await,
        }
    })
}
