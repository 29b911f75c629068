//! `svi replay`: walks a call of the past again, as it was told then.

use super::language::tongue;
use crate::base::diagnostic::{Text, Tongue};
use crate::say;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::asked;
use super::state_found;
use crate::base::name::Name;
use crate::flow::context::Context;
use crate::flow::journal::{Replay, Walked};
use crate::io::load::{self, SiteSource};
use crate::io::terminal::{self, errln, outln};
use crate::io::{kept_calls, versions};
use crate::sim::conversation::Others;
use crate::switchboard::{Edition, Known};

/// `svi replay`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The call: the id of its record, or its reference of six digits (the newest call that has it).
    call: String,
    /// The site to walk it through; the version that the call walked when none is given. It may also stand first, as with
    /// other commands.
    site: Option<String>,
    /// The server's state folder, or a file of records. [default: $STATE_DIRECTORY, ./svi-state, or /var/lib/svi]
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
}

/// Walks it, and says whether it took the same path.
pub(crate) fn run(args: &Args) -> ExitCode {
    let tongue = tongue(None);
    let state = args.state.clone().unwrap_or_else(state_found);
    let (call, site) = in_order(&args.call, args.site.as_deref(), |path| Path::new(path).exists());
    let replay = match find(&state, call) {
        Ok(replay) => replay,
        Err(why) => {
            errln!("svi: {}", why.to(tongue));
            return ExitCode::from(2);
        }
    };
    let folder = if state.is_file() { state.parent().unwrap_or(Path::new("")) } else { &state };
    let kept = replay.site_version.as_deref().and_then(|version| versions::folder(folder, version));
    let as_it_was = site.is_none() && kept.is_some();
    let edition = match load::words_only(&SiteSource::new(asked::site(site.map(PathBuf::from).or(kept)))) {
        Ok(edition) => edition,
        Err(report) => {
            terminal::err(&report.render(false, tongue));
            return ExitCode::FAILURE;
        }
    };
    let Some(walked) = walk(&replay, &edition) else {
        errln!("svi: {}", say!("the site has no flow `{}`", replay.flow).to(tongue));
        return ExitCode::FAILURE;
    };
    let version = if as_it_was { Text::word("the version that it walked") } else { Text::word("this site") };
    let tell = |told: Text| outln!("{}", told.to(tongue));
    tell(say!("call {} ({}), flow {}, through {}", replay.reference, replay.id, replay.flow, version));
    match parting(&replay.path, &walked.path) {
        None => {
            tell(say!("the same path: {}", arrows(&walked.path)));
            ExitCode::SUCCESS
        }
        Some(place) => {
            let marked = |path| marked(path, place, tongue);
            tell(say!("then: {}", marked(&replay.path)));
            tell(say!("now:  {}", marked(&walked.path)));
            if walked.strayed {
                tell(Text::word("it asks for something that did not come up in that call"));
            }
            ExitCode::FAILURE
        }
    }
}

/// The call and the site, whichever was written first: a site is a path that there is, and a call is none.
fn in_order<'a>(
    first: &'a str,
    second: Option<&'a str>,
    exists: impl Fn(&str) -> bool,
) -> (&'a str, Option<&'a str>) {
    match second {
        Some(second) if exists(first) && !exists(second) => (second, Some(first)),
        second => (first, second),
    }
}

/// Walks a kept call through a site; none when the site has not its flow.
pub(crate) fn walk(replay: &Replay, edition: &Edition) -> Option<Walked> {
    let flow = edition.site.flows.get(&replay.flow)?;
    let others = Others::all_agents(edition);
    let world = |now| -> Box<dyn Context + '_> {
        Box::new(Known { now, facts: &replay.facts, edition, crowd: &others })
    };
    Some(replay.walk(std::sync::Arc::clone(flow), world))
}

/// Where two paths part; none when they are one.
pub(crate) fn parting(then: &[Name], now: &[Name]) -> Option<usize> {
    (0..then.len().max(now.len())).find(|place| then.get(*place) != now.get(*place))
}

fn find(state: &Path, call: &str) -> Result<Replay, Text> {
    let found =
        kept_calls::find(state, call).map_err(|error| say!("{}: {}", state.display(), error.to_text()))?;
    match found {
        Some(record) => Replay::of_record(&record)
            .map_err(|why| say!("the call {} cannot be walked again: {}", call, why)),
        None => Err(say!("there is no record of a call {} in {}", call, state.display())),
    }
}

fn arrows(path: &[Name]) -> String {
    path.iter().map(Name::as_str).collect::<Vec<_>>().join(" → ")
}

/// A path with the block where it parts in brackets.
fn marked(path: &[Name], place: usize, tongue: Tongue) -> String {
    let mut words: Vec<String> = path.iter().map(Name::to_string).collect();
    match words.get_mut(place) {
        Some(word) => *word = format!("[{word}]"),
        None => words.push(Text::word("[ends]").to(tongue)),
    }
    words.join(" → ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_stands_before_the_call_or_behind_it() {
        let exists = |path: &str| path == "mon-site";
        assert_eq!(in_order("042137", Some("mon-site"), exists), ("042137", Some("mon-site")));
        assert_eq!(in_order("mon-site", Some("042137"), exists), ("042137", Some("mon-site")));
        assert_eq!(in_order("042137", None, exists), ("042137", None));
        assert_eq!(
            in_order("042137", Some("autre"), exists),
            ("042137", Some("autre")),
            "which is told to be none"
        );
    }
}
