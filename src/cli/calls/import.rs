//! `svi calls import`: records that were exported, or that an earlier version wrote.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Where, refuse, tell};
use crate::io::store;
use crate::io::terminal::outln;
use crate::say;

/// `svi calls import`
#[derive(clap::Args)]
pub(super) struct Args {
    /// The file of records, a line of JSON each.
    file: PathBuf,
    #[command(flatten)]
    at: Where,
}

/// Takes them in, beside the running server perhaps.
pub(super) fn run(args: &Args) -> ExitCode {
    if let Err(error) = std::fs::File::open(&args.file) {
        tell(&say!("{}: {}", args.file.display(), error));
        return ExitCode::from(2);
    }
    let place = args.at.place();
    match store::take(&place, &args.file) {
        Ok(came) => {
            let told = say!(
                "{} records taken in, {} were there, {} lines are no record",
                came.taken,
                came.known,
                came.strange
            );
            outln!("{}", told.to(super::tongue(None)));
            if came.strange == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(why) => refuse(&place, &why),
    }
}
