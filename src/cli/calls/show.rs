//! `svi calls show`: one call in plain words, with its times.

use std::process::ExitCode;

use serde::Deserialize;

use super::{Where, refuse, tale, tell};
use crate::centre::record::CallRecord;
use crate::cli::language::tongue;
use crate::io::store::Reader;
use crate::io::terminal::{self, outln};
use crate::say;

/// `svi calls show`
#[derive(clap::Args)]
pub(super) struct Args {
    /// The call: the id of its record, or its reference of six digits (the newest call that has it).
    call: String,
    #[command(flatten)]
    at: Where,
    /// Print the whole record as JSON.
    #[arg(long)]
    json: bool,
}

/// Tells it.
pub(super) fn run(args: &Args) -> ExitCode {
    let place = args.at.place();
    let found = match Reader::open(&place).and_then(|mut reader| reader.get(args.call.trim())) {
        Ok(found) => found,
        Err(why) => return refuse(&place, &why),
    };
    let Some(json) = found else {
        tell(&say!("there is no record of a call {} in {}", args.call, place));
        return ExitCode::FAILURE;
    };
    match CallRecord::deserialize(&json) {
        Ok(call) if !args.json => terminal::out(&tale::told(&call, tongue(None))),
        _ => outln!("{json:#}"),
    }
    ExitCode::SUCCESS
}
