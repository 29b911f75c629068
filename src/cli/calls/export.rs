//! `svi calls export`: the form of `records.jsonl`, which every version of svi and every other program can read.

use std::process::ExitCode;

use super::{Where, refuse};
use crate::io::store::Reader;
use crate::io::terminal;

/// `svi calls export`
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    at: Where,
}

/// Prints all records.
pub(super) fn run(args: &Args) -> ExitCode {
    let place = args.at.place();
    let mut text = String::new();
    let read = Reader::open(&place).and_then(|mut reader| {
        reader.each(|line| {
            text.push_str(line);
            text.push('\n');
            if text.len() >= CHUNK {
                terminal::out(&text);
                text.clear();
            }
        })
    });
    terminal::out(&text);
    match read {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => refuse(&place, &why),
    }
}

/// Octets that are printed at once.
const CHUNK: usize = 64 * 1_024;
