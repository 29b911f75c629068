//! `svi check`: every mistake of a site, before a caller finds it.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::io::load::{self, SiteSource};

/// `svi check`
#[derive(clap::Args)]
pub struct Args {
    /// The site's folder or file; the built-in example site when none is given.
    site: Option<PathBuf>,
    /// Warnings count as mistakes.
    #[arg(long)]
    deny_warnings: bool,
}

/// Reports all mistakes at once.
pub fn run(args: &Args) -> ExitCode {
    let source = SiteSource::new(args.site.clone());
    let checked = load::check(&source);
    print!("{}", checked.report);
    let failed = checked.errors > 0 || (args.deny_warnings && checked.warnings > 0);
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
