//! `svi schema`: the JSON Schema of a kind of file, so that editors complete and underline.

use std::process::ExitCode;

use super::language::{Language, tongue};
use super::reference;
use crate::config::schema;
use crate::io::terminal::outln;
use crate::sim::scenario;

/// `svi schema`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The kind of file: a flow, `site.yaml`, or scenarios (`*.test.yaml`).
    #[arg(value_enum, default_value_t = Kind::Flow)]
    of: Kind,
    /// The language of the messages; by default that of the environment (LC_ALL, LC_MESSAGES, LANG).
    #[arg(long, value_enum)]
    language: Option<Language>,
}

/// The kinds of file.
#[derive(Copy, Clone, clap::ValueEnum)]
enum Kind {
    Flow,
    Site,
    Test,
}

/// Prints it.
pub(crate) fn run(args: &Args) -> ExitCode {
    let schema = match args.of {
        Kind::Flow => schema::flow(),
        Kind::Site => schema::site(),
        Kind::Test => scenario::form::schema(),
    };
    outln!("{:#}", reference::schema(schema, tongue(args.language)));
    ExitCode::SUCCESS
}
