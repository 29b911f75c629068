//! `svi backup`: a copy of the store, whole, while the server writes.

use std::path::PathBuf;
use std::process::ExitCode;

use super::calls::{Where, refuse};
use super::language::tongue;
use crate::io::store;
use crate::io::terminal::outln;
use crate::say;

/// `svi backup`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The copy; one that is there is replaced when the new one is whole.
    file: PathBuf,
    #[command(flatten)]
    at: Where,
}

/// Copies it.
pub(crate) fn run(args: &Args) -> ExitCode {
    let place = args.at.place();
    match store::save(&place, &args.file) {
        Ok(()) => {
            outln!("{}", say!("{} is copied to {}", place, args.file.display()).to(tongue(None)));
            ExitCode::SUCCESS
        }
        Err(why) => refuse(&place, &why),
    }
}
