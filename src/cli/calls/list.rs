//! `svi calls`: a table of calls, the newest first, or new ones as they end.

use std::collections::BTreeMap;
use std::process::ExitCode;

use serde::Deserialize;
use serde_json::Value;

use super::home::Home;
use super::{Where, refuse, row, span, tell};
use crate::base::diagnostic::{Text, Tongue};
use crate::base::time::{Date, Duration, Wall};
use crate::centre::outcome::Outcome;
use crate::centre::record::CallRecord;
use crate::cli::language::tongue;
use crate::io::clock::Clock;
use crate::io::store::{Filter, Reader, StoreError};
use crate::io::terminal::outln;

/// Calls of one reading.
const PAGE: usize = 200;
/// How often new calls are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// So long after its end a call is still new: its record may have waited beside the database.
const LATE_MAX: Duration = Duration::from_secs(3_600);
/// A call that lasted longer is not told as new.
const CALL_MAX: Duration = Duration::from_secs(86_400);

/// `svi calls`
#[derive(clap::Args)]
#[group(skip)]
pub(super) struct Args {
    #[command(flatten)]
    at: Where,
    /// Calls since then: a day (`2026-11-01`, `today`, `yesterday`), a moment (`2026-11-01 17h30`), or how long ago
    /// (`2h`, `7d`). Days are those of the site's clock.
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Calls until then, written likewise; a day counts whole.
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// Calls to this number of yours, written in any way: `"0 800 123 456"`.
    #[arg(long)]
    number: Option<String>,
    /// Calls from this number, written in any way: `"06 12 34 56 78"`.
    #[arg(long, value_name = "NUMBER")]
    caller: Option<String>,
    /// Calls that went so.
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(Outcome::ALL.map(|(word, _)| word)))]
    outcome: Option<String>,
    /// Calls in which this agent talked.
    #[arg(long, value_name = "NAME")]
    agent: Option<String>,
    /// Calls with this label.
    #[arg(long, value_name = "NAME")]
    tag: Option<String>,
    /// Calls of this campaign.
    #[arg(long, value_name = "NAME")]
    campaign: Option<String>,
    /// Calls that waited in this queue.
    #[arg(long, value_name = "NAME")]
    queue: Option<String>,
    /// Calls with this text in a number (as `+336…`), a reference or a label.
    #[arg(long)]
    text: Option<String>,
    /// So many calls at the most.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Print records, a line of JSON each, instead of a table.
    #[arg(long)]
    json: bool,
    /// Go on with new calls as they end, until Ctrl-C; the newest come last then.
    #[arg(long)]
    follow: bool,
}

impl Args {
    /// What is wanted, by a site's clock.
    fn filter(&self, zone: &str, now: Wall) -> Result<Filter, Text> {
        Ok(Filter {
            since_ms: self.since.as_deref().map(|text| span::since(text, zone, now)).transpose()?,
            until_ms: self.until.as_deref().map(|text| span::until(text, zone, now)).transpose()?,
            ended_ms: None,
            number: self.number.as_deref().map(span::number),
            caller: self.caller.as_deref().map(span::number),
            outcome: self.outcome.clone(),
            agent: self.agent.clone(),
            tag: self.tag.clone(),
            campaign: self.campaign.clone(),
            queue: self.queue.clone(),
            text: self.text.clone(),
        })
    }
}

/// Lists them.
pub(super) async fn run(args: &Args) -> ExitCode {
    let (place, clock) = (args.at.place(), Clock::start());
    let filter = match args.filter(&Home::of(&place).zone, clock.now().wall) {
        Ok(filter) => filter,
        Err(why) => {
            tell(&why);
            return ExitCode::from(2);
        }
    };
    let mut table = Table { tongue: tongue(None), json: args.json, day: None };
    let listed = async {
        let mut reader = Reader::open(&place)?;
        if args.follow {
            return follow(&mut reader, filter, args.limit, &clock, &mut table).await;
        }
        if newest(&mut reader, &filter, args.limit, |call| outln!("{}", table.lines(&call)))? == 0 {
            tell(&Text::word("there is no such call"));
        }
        Ok(())
    };
    match listed.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => refuse(&place, &why),
    }
}

/// Reads the newest calls, page by page; how many there were.
fn newest(
    reader: &mut Reader,
    filter: &Filter,
    limit: usize,
    mut take: impl FnMut(Value),
) -> Result<usize, StoreError> {
    let (mut from, mut count) = (None, 0);
    while count < limit {
        let (page, next) = reader.list(filter, from.as_ref(), PAGE.min(limit - count))?;
        count += page.len();
        page.into_iter().for_each(&mut take);
        let Some(next) = next else { break };
        from = Some(next);
    }
    Ok(count)
}

/// The last calls, then each that ends.
async fn follow(
    reader: &mut Reader,
    filter: Filter,
    limit: usize,
    clock: &Clock,
    table: &mut Table,
) -> Result<(), StoreError> {
    let mut calls = Vec::new();
    newest(reader, &filter, limit, |call| calls.push(call))?;
    let mut news = News { filter, told: BTreeMap::new() };
    news.read(reader, clock.now().wall)?;
    calls.iter().rev().for_each(|call| outln!("{}", table.lines(call)));
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        for call in news.read(reader, clock.now().wall)? {
            outln!("{}", table.lines(&call));
        }
    }
}

/// Which calls have been told.
struct News {
    filter: Filter,
    /// Their ids, with when they were seen.
    told: BTreeMap<String, i64>,
}

impl News {
    /// Calls that were not there before, in the order in which they began.
    fn read(&mut self, reader: &mut Reader, now: Wall) -> Result<Vec<Value>, StoreError> {
        let ago = |long: Duration| (now - long).epoch_ms();
        let begun = ago(CALL_MAX).max(self.filter.since_ms.unwrap_or(i64::MIN));
        let recent = Filter { since_ms: Some(begun), ended_ms: Some(ago(LATE_MAX)), ..self.filter.clone() };
        let mut calls = Vec::new();
        newest(reader, &recent, usize::MAX, |call| {
            let id = call["id"].as_str().unwrap_or_default().to_owned();
            if self.told.insert(id, now.epoch_ms()).is_none() {
                calls.push(call);
            }
        })?;
        // What is not seen any more ended too long ago to be seen again.
        self.told.retain(|_, seen| *seen == now.epoch_ms());
        calls.reverse();
        Ok(calls)
    }
}

/// What calls are printed as.
struct Table {
    tongue: Tongue,
    json: bool,
    /// The day that was told last.
    day: Option<Date>,
}

impl Table {
    /// A call: its line, below its day when that is another than before.
    fn lines(&mut self, call: &Value) -> String {
        let Some(record) = record(call).filter(|_| !self.json) else { return call.to_string() };
        let (date, line) = (record.started.date(), row::row(&record, self.tongue));
        match self.day.replace(date) {
            Some(day) if day == date => line,
            Some(_) => format!("\n{}\n{line}", row::day(date, self.tongue)),
            None => format!("{}\n{}\n{line}", row::head(self.tongue), row::day(date, self.tongue)),
        }
    }
}

/// A record that this version can read.
fn record(call: &Value) -> Option<CallRecord> {
    CallRecord::deserialize(call).ok()
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
