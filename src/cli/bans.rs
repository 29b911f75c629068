//! `svi bans`: addresses that the running server does not hear for their wrong passwords, and how to hear them again.

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use super::{language, status};
use crate::base::diagnostic::Text;
use crate::io::terminal;
use crate::say;

/// `svi bans`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Hear this address again, or `all`.
    #[arg(long, value_name = "ADDRESS")]
    lift: Option<Whom>,
    /// The server's control socket.
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,
    /// Print the JSON as it comes.
    #[arg(long)]
    json: bool,
}

/// Whose ban is lifted.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Whom {
    All,
    One(IpAddr),
}

impl std::str::FromStr for Whom {
    type Err = std::net::AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" { Ok(Self::All) } else { text.parse().map(Self::One) }
    }
}

/// Lists the bans, or lifts one or all.
pub(crate) async fn run(args: &Args) -> ExitCode {
    let tongue = language::tongue(None);
    let word = match args.lift {
        None => "bans".to_owned(),
        Some(Whom::All) => "lift all".to_owned(),
        Some(Whom::One(address)) => format!("lift {address}"),
    };
    let Some(text) = status::ask(args.control.clone(), &word, tongue).await else {
        return ExitCode::FAILURE;
    };
    if args.json {
        terminal::out(&text);
        return ExitCode::SUCCESS;
    }
    let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let lines: Vec<Text> = match value.as_array().map(Vec::as_slice) {
        Some([]) => vec![Text::word("no address is banned")],
        Some(bans) => bans.iter().map(line).collect(),
        None => vec![say!("{} bans lifted", value.as_u64().unwrap_or(0))],
    };
    for line in lines {
        terminal::out(&format!("{}\n", line.to(tongue)));
    }
    // A ban that was not there is a slip of the pen.
    if args.lift.is_some() && value == 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn line(ban: &serde_json::Value) -> Text {
    let (address, tries) = (ban["address"].as_str().unwrap_or("?"), ban["tries"].as_u64().unwrap_or(0));
    let minutes = ban["seconds"].as_u64().unwrap_or(0).div_ceil(60);
    say!("{}: {} wrong passwords; heard again in {} minutes", address, tries, minutes)
}
