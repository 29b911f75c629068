//! `svi bill compare`: an operator's bill, as its customer's page gives it out (CSV), against our records.

mod file;

use std::path::PathBuf;
use std::process::ExitCode;

use super::calls::{Where, refuse};
use super::language::tongue;
use crate::base::diagnostic::{Text, Tongue};
use crate::base::time::{Duration, Wall};
use crate::figures::bill::{self, Comparison, Line};
use crate::figures::money::Money;
use crate::io::store::{Reader, StoreError};
use crate::io::terminal::{self, errln};
use crate::say;

/// Calls that began so long before the first of a bill may still be on it: theirs count from the answer.
const MARGIN: Duration = Duration::from_secs(3_600);
/// Calls of one side that are listed.
const LISTED_MAX: usize = 50;

/// `svi bill`
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Match each call of a bill (CSV) with a record, and list what only one side has.
    Compare(CompareArgs),
}

#[derive(clap::Args)]
struct CompareArgs {
    /// The operator's file: columns of caller, moment, length and, if there is one, price.
    file: PathBuf,
    #[command(flatten)]
    at: Where,
}

/// Compares them.
pub(crate) fn run(args: &Args) -> ExitCode {
    let What::Compare(args) = &args.what;
    let (tongue, place) = (tongue(None), args.at.place());
    let bytes = match std::fs::read(&args.file) {
        Ok(bytes) => bytes,
        Err(error) => return wrong(&say!("{} cannot be read: {}", args.file.display(), error), tongue),
    };
    let told = Reader::open(&place).and_then(|mut reader| {
        let zone = reader.zone()?;
        match file::read(&file::decoded(&bytes), &zone) {
            Ok(theirs) => {
                let ours = ours(&mut reader, &theirs)?;
                Ok(Ok(told(&ours, &theirs, &bill::compare(&ours, &theirs), &zone, tongue)))
            }
            Err(why) => Ok(Err(why)),
        }
    });
    match told {
        Ok(Ok(text)) => {
            terminal::out(&text);
            ExitCode::SUCCESS
        }
        Ok(Err(why)) => wrong(&say!("{}: {}", args.file.display(), why), tongue),
        Err(why) => refuse(&place, &why),
    }
}

fn wrong(why: &Text, tongue: Tongue) -> ExitCode {
    errln!("svi: {}", why.to(tongue));
    ExitCode::from(2)
}

/// What we have of the time of a bill.
fn ours(reader: &mut Reader, theirs: &[Line]) -> Result<Vec<Line>, StoreError> {
    let began = || theirs.iter().map(|line| line.began.epoch_ms());
    let margin = i64::try_from(MARGIN.as_millis()).unwrap_or(i64::MAX);
    let (Some(first), Some(last)) = (began().min(), began().max()) else { return Ok(Vec::new()) };
    let span = [first - margin, last + margin].map(Wall::from_epoch_ms);
    let mut ours = Vec::new();
    reader.records(span.into(), |call| ours.extend(bill::lines(&call)))?;
    // Whole days of ours are no business of a bill of an hour.
    ours.retain(|line| (first - 60_000..=last + 60_000).contains(&line.began.epoch_ms()));
    Ok(ours)
}

fn told(ours: &[Line], theirs: &[Line], found: &Comparison, zone: &str, tongue: Tongue) -> String {
    let cost = |lines: &[Line]| lines.iter().map(|line| line.cost).sum::<Money>().text(tongue);
    let more = u64::try_from(found.difference_micros.unsigned_abs()).unwrap_or(u64::MAX);
    let sign = if found.difference_micros < 0 { "−" } else { "+" };
    let mut lines = vec![
        say!("bill: {} calls, {}; records: {} calls, {}", theirs.len(), cost(theirs), ours.len(), cost(ours)),
        say!(
            "both have {} calls, for which the bill asks {} more",
            found.matched.len(),
            Text::raw(format!("{sign}{}", Money::micros(more).text(tongue)))
        ),
    ];
    let sides = [
        (say!("only on the bill: {}", found.only_theirs.len()), theirs, &found.only_theirs),
        (say!("only in the records: {}", found.only_ours.len()), ours, &found.only_ours),
    ];
    for (head, side, places) in sides {
        lines.push(head);
        for line in places.iter().take(LISTED_MAX).filter_map(|place| side.get(*place)) {
            let number = if line.number.is_empty() { "—" } else { &line.number };
            let began = line.began.rfc3339(zone);
            lines.push(Text::raw(format!(
                "  {began}  {number:<14}  {:>6} s  {}",
                line.ms / 1_000,
                line.cost.text(tongue)
            )));
        }
        if places.len() > LISTED_MAX {
            lines.push(say!("  and {} more", places.len() - LISTED_MAX));
        }
    }
    lines.iter().map(|line| line.to(tongue) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_is_told_what_the_other_lacks() {
        let line =
            |number, ms, cost| Line::billed(number, Wall::from_epoch_ms(ms), 60_000, Money::micros(cost));
        let ours = [line("0612345678", 0, 10_000), line("0612345679", 0, 0)];
        let theirs = [line("0612345678", 1_000, 40_000), line("0144123456", 0, 20_000)];
        let text = told(&ours, &theirs, &bill::compare(&ours, &theirs), "UTC", Tongue::English);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "both have 1 calls, for which the bill asks +0.03\u{a0}€ more");
        assert_eq!((lines[2], lines[4]), ("only on the bill: 1", "only in the records: 1"));
        assert!(lines[3].contains("+33144123456") && lines[5].contains("+33612345679"), "{text}");
    }
}
