//! `svi calls`: the records of calls, as the store has them.

mod export;
mod facts;
mod home;
mod import;
#[cfg(test)]
pub(super) mod kept;
mod list;
mod row;
mod show;
mod span;
mod tale;

use std::path::PathBuf;
use std::process::ExitCode;

pub(super) use self::home::Home;
pub(super) use self::span::{date, named_day, number};
use super::language::tongue;
use super::state_found;
use crate::base::diagnostic::Text;
use crate::io::store::{Place, StoreError};
use crate::io::terminal::errln;
use crate::say;

/// `svi calls`
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(flatten)]
    list: list::Args,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(clap::Subcommand)]
enum What {
    /// Tell one call in plain words, from its beginning to its end.
    Show(show::Args),
    /// Print every record with its journal, a line of JSON each, in the order in which calls began.
    Export(export::Args),
    /// Take records in from such a file; those that are there already stay as they are.
    Import(import::Args),
}

/// Where the store is.
#[derive(clap::Args)]
pub(super) struct Where {
    /// The server's state folder, or the file of the store. [default: $STATE_DIRECTORY, ./svi-state, or /var/lib/svi]
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
}

impl Where {
    /// The store that there is, or is to be.
    pub(super) fn place(&self) -> Place {
        let state = self.state.clone().unwrap_or_else(state_found);
        Place::there(&state).unwrap_or_else(|| Place::of(&state, None))
    }
}

/// Tells that a store cannot be had.
pub(super) fn refuse(place: &Place, why: &StoreError) -> ExitCode {
    errln!("svi: {}", say!("{}: {}", place, why.to_text()).to(tongue(None)));
    ExitCode::from(2)
}

/// Tells something else that stands in the way.
pub(super) fn tell(what: &Text) {
    errln!("svi: {}", what.to(tongue(None)));
}

/// Does what is asked.
pub(crate) async fn run(args: &Args) -> ExitCode {
    match &args.what {
        None => list::run(&args.list).await,
        Some(What::Show(args)) => show::run(args),
        Some(What::Export(args)) => export::run(args),
        Some(What::Import(args)) => import::run(args),
    }
}
