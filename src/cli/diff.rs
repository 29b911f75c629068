//! `svi diff`: yesterday's calls on tomorrow's flow. How many would go elsewhere, and where?

use super::language::tongue;
use crate::base::diagnostic::Text;
use crate::say;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use super::asked;
use super::replay::{parting, walk};
use super::state_found;
use crate::base::name::Name;
use crate::flow::journal::{Replay, ReplayError};
use crate::io::kept_calls;
use crate::io::load::{self, SiteSource};
use crate::io::terminal::{self, errln, outln};
use crate::switchboard::Edition;

/// `svi diff`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The changed site; with another behind it, the site before the change.
    site: Option<PathBuf>,
    /// The changed site, when the one before it is named: `svi diff BEFORE AFTER`. Without it calls are compared with what they
    /// were.
    after: Option<PathBuf>,
    /// The calls: a server's state folder, or a file of records. [default: $STATE_DIRECTORY, ./svi-state, or /var/lib/svi]
    #[arg(long, value_name = "FOLDER")]
    replay: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Examples that are named of each change.
const EXAMPLES: usize = 3;

/// What has come of all calls.
#[derive(Default)]
struct Tally {
    calls: u64,
    as_before: u64,
    elsewhere: u64,
    /// Calls that ask for something of which their journal knows nothing.
    strayed: u64,
    /// By the last common block, the block of then and that of now.
    partings: BTreeMap<Parting, (u64, Vec<String>)>,
    /// Why calls could not be walked again.
    left_out: BTreeMap<String, u64>,
}

/// Where calls part: the flow, the last block in common, the next one then and now (none: the call ended).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Parting {
    flow: Name,
    after: Option<Name>,
    then: Option<Name>,
    now: Option<Name>,
}

/// Walks all kept calls through the site.
pub(crate) fn run(args: &Args) -> ExitCode {
    let tongue = tongue(None);
    let (before, after) = match &args.after {
        Some(after) => (args.site.clone(), Some(after.clone())),
        None => (None, args.site.clone()),
    };
    let read = |site| load::words_only(&SiteSource::new(site));
    let editions = before.map(|before| read(Some(before))).transpose();
    let editions = editions.and_then(|before| Ok((before, read(asked::site(after))?)));
    let (before, edition) = match editions {
        Ok(editions) => editions,
        Err(report) => {
            terminal::err(&report.render(false, tongue));
            return ExitCode::FAILURE;
        }
    };
    let calls = args.replay.clone().unwrap_or_else(state_found);
    let mut tally = Tally::default();
    let walked = kept_calls::each(&calls, |record| {
        tally.take(Replay::of_record(record), before.as_ref(), &edition);
    });
    if let Err(error) = walked {
        errln!("svi: {}", say!("{}: {}", calls.display(), error.to_text()).to(tongue));
        return ExitCode::from(2);
    }
    if args.json {
        outln!("{}", tally.to_json())
    } else {
        tally.lines().iter().for_each(|line| outln!("{}", line.to(tongue)));
    }
    if tally.elsewhere == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Tally {
    /// One call: as it was, or as the site before the change would have it, beside what the changed one makes of it.
    fn take(&mut self, replay: Result<Replay, ReplayError>, before: Option<&Edition>, edition: &Edition) {
        let mut replay = match replay {
            Ok(replay) => replay,
            Err(why) => return *self.left_out.entry(why.to_string()).or_default() += 1,
        };
        if let Some(before) = before {
            let Some(walked) = walk(&replay, before) else {
                let why = format!("the site before has no flow `{}`", replay.flow);
                return *self.left_out.entry(why).or_default() += 1;
            };
            replay.path = walked.path;
        }
        let Some(walked) = walk(&replay, edition) else {
            let why = format!("the site has no flow `{}`", replay.flow);
            return *self.left_out.entry(why).or_default() += 1;
        };
        self.calls += 1;
        self.strayed += u64::from(walked.strayed);
        let Some(place) = parting(&replay.path, &walked.path) else { return self.as_before += 1 };
        self.elsewhere += 1;
        let parting = Parting {
            flow: replay.flow.clone(),
            after: place.checked_sub(1).and_then(|place| replay.path.get(place)).cloned(),
            then: replay.path.get(place).cloned(),
            now: walked.path.get(place).cloned(),
        };
        let (count, examples) = self.partings.entry(parting).or_default();
        *count += 1;
        if examples.len() < EXAMPLES {
            examples.push(replay.id);
        }
    }

    /// The changes, those of most calls first.
    fn sorted(&self) -> Vec<(&Parting, &(u64, Vec<String>))> {
        let mut partings: Vec<_> = self.partings.iter().collect();
        partings.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        partings
    }

    fn lines(&self) -> Vec<Text> {
        let mut lines = vec![say!(
            "{} calls walked again: {} as before, {} elsewhere",
            self.calls,
            self.as_before,
            self.elsewhere
        )];
        let word = |block: &Option<Name>| match block {
            None => Text::word("the end of the call"),
            Some(block) => Text::raw(format!("`{block}`")),
        };
        for (parting, (count, examples)) in self.sorted() {
            let (flow, now, then) = (&parting.flow, word(&parting.now), word(&parting.then));
            lines.push(match &parting.after {
                None => say!("  {} in {} at the start: to {}, not {}", count, flow, now, then),
                Some(block) => say!("  {} in {} after `{}`: to {}, not {}", count, flow, block, now, then),
            });
            lines.push(say!("    for example {}", examples.join(", ")));
        }
        if self.strayed > 0 {
            lines.push(say!("  {} calls ask for something that did not come up in them then", self.strayed));
        }
        for (why, count) in &self.left_out {
            lines.push(say!("  {} left out: {}", count, why));
        }
        lines
    }

    fn to_json(&self) -> serde_json::Value {
        let changes = self.sorted().into_iter().map(|(parting, (count, examples))| {
            serde_json::json!({
                "calls": count,
                "flow": parting.flow,
                "after": parting.after,
                "then": parting.then,
                "now": parting.now,
                "examples": examples,
            })
        });
        serde_json::json!({
            "calls": self.calls,
            "as_before": self.as_before,
            "elsewhere": self.elsewhere,
            "strayed": self.strayed,
            "changes": changes.collect::<Vec<_>>(),
            "left_out": self.left_out,
        })
    }
}
