//! `svi figures`: what calls add up to, by number, campaign, queue, agent, block or stretch of time, each figure by its one
//! definition (`figures/catalogue.rs`), from the sums that the store keeps.

mod period;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use self::period::Period;
use self::table::{Column, Line, Table};
use super::asked;
use super::calls::{Where, date, refuse};
use super::language::{Language, tongue};
use crate::base::diagnostic::{Text, Tongue};
use crate::base::time::Wall;
use crate::figures::callers::{self, Span};
use crate::figures::catalogue::Figure;
use crate::figures::interval::Width;
use crate::figures::outcome;
use crate::figures::report::{By, Group, Report};
use crate::figures::tally::{Callers, Tally};
use crate::figures::thresholds::Aims;
use crate::figures::value::{Unit, Value};
use crate::io::load::{self, SiteSource};
use crate::io::store::{self, Reader, StoreError};
use crate::io::terminal::{self, errln, outln};
use crate::say;

/// `svi figures`
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    report: ReportArgs,
}

#[derive(clap::Subcommand)]
enum What {
    /// Count all sums anew from the records; the result is the same.
    Recount(RecountArgs),
    /// Reckon anew what calls cost, by the tariffs that the site has now; that is noted in the store.
    Recost(RecostArgs),
}

#[derive(clap::Args)]
struct RecountArgs {
    #[command(flatten)]
    at: Where,
}

#[derive(clap::Args)]
struct RecostArgs {
    /// The site's folder or file; by default that of this folder (./site.yaml), else the built-in example.
    site: Option<PathBuf>,
    /// The first day.
    #[arg(long, value_name = "DAY")]
    from: String,
    #[command(flatten)]
    at: Where,
}

#[derive(clap::Args)]
struct ReportArgs {
    /// What each line is about.
    #[arg(long, value_enum, default_value_t = ByArg::Day)]
    by: ByArg,
    /// The first day: 2026-11-24, 7d, today, yesterday, week, month. [default: 7d]
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// The last day, which is included. [default: today]
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Beside it, as many days just before.
    #[arg(long)]
    compare: bool,
    /// Tell also what became of callers by all their calls together; this reads the records.
    #[arg(long)]
    callers: bool,
    /// Tell how each figure is reckoned, and by which threshold.
    #[arg(long)]
    explain: bool,
    /// For programs: JSON.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// For a French Excel.
    #[arg(long)]
    csv: bool,
    /// The language; by default that of the environment (LC_ALL, LC_MESSAGES, LANG).
    #[arg(long, value_enum)]
    language: Option<Language>,
    #[command(flatten)]
    at: Where,
}

#[derive(Copy, Clone, PartialEq, Eq, clap::ValueEnum)]
enum ByArg {
    Number,
    Campaign,
    Queue,
    Agent,
    Block,
    Hour,
    Day,
    Week,
    Month,
}

impl ByArg {
    /// None: blocks, of which there are no tallies.
    const fn by(self) -> Option<By> {
        Some(match self {
            Self::Number => By::Number,
            Self::Campaign => By::Campaign,
            Self::Queue => By::Queue,
            Self::Agent => By::Agent,
            Self::Block => return None,
            Self::Hour => By::Time(Width::Hour),
            Self::Day => By::Time(Width::Day),
            Self::Week => By::Time(Width::Week),
            Self::Month => By::Time(Width::Month),
        })
    }

    const fn text(self) -> Text {
        match self {
            Self::Number => Text::word("number"),
            Self::Campaign => Text::word("campaign"),
            Self::Queue => Text::word("queue"),
            Self::Agent => Text::word("agent"),
            Self::Block => Text::word("block"),
            Self::Hour => Text::word("hour"),
            Self::Day => Text::word("day"),
            Self::Week => Text::word("week"),
            Self::Month => Text::word("month"),
        }
    }
}

/// Tells it.
pub(crate) fn run(args: &Args) -> ExitCode {
    let now = crate::io::clock::Clock::start().now().wall;
    match &args.what {
        Some(What::Recount(args)) => recount(args, now),
        Some(What::Recost(args)) => recost(args, now),
        None => report(&args.report, now),
    }
}

fn wrong(why: &Text, tongue: Tongue) -> ExitCode {
    errln!("svi: {}", why.to(tongue));
    ExitCode::from(2)
}

fn report(args: &ReportArgs, now: Wall) -> ExitCode {
    let (tongue, place) = (tongue(args.language), args.at.place());
    let told = Reader::open(&place).and_then(|mut reader| {
        let zone = reader.zone()?;
        match Period::read(args.since.as_deref(), args.until.as_deref(), date(now, &zone)) {
            Ok(period) => tell(args, &mut reader, period, &zone, now, tongue).map(Ok),
            Err(why) => Ok(Err(why)),
        }
    });
    match told {
        Ok(Ok(text)) => {
            terminal::out(&text);
            ExitCode::SUCCESS
        }
        Ok(Err(why)) => wrong(&why, tongue),
        Err(why) => refuse(&place, &why),
    }
}

/// The whole answer.
fn tell(
    args: &ReportArgs,
    reader: &mut Reader,
    period: Period,
    zone: &str,
    now: Wall,
    tongue: Tongue,
) -> Result<String, StoreError> {
    let aims = reader.aims()?;
    let periods = [Some(period), args.compare.then(|| period.before())];
    let (table, figures) = match args.by.by() {
        Some(by) => {
            let mut figures = by.figures().to_vec();
            let mut reports = Vec::new();
            for period in periods.into_iter().flatten() {
                let mut report = Report::new(by, zone);
                reader.tallies(period.moments(zone), |key, tally| report.add(key, tally))?;
                if args.callers {
                    report.total.callers = of_callers(reader, period.moments(zone), now, &aims)?;
                }
                reports.push(report);
            }
            if args.callers {
                figures.extend(OF_CALLERS);
            }
            (lines(&reports, periods, by, &figures, zone, tongue), figures)
        }
        None => (blocks(reader, period.moments(zone))?, Vec::new()),
    };
    let table = Table { about: args.by.text(), ..table };
    if args.json {
        let mut json = table.to_json();
        let [from, until] = [period.first, period.last].map(|day| day.to_string());
        json["period"] = json!({ "from": from, "until": until, "zone": zone });
        return Ok(format!("{json:#}\n"));
    }
    if args.csv {
        return Ok(table.to_csv(tongue));
    }
    let mut text = format!("{}\n\n", head(period, periods[1]).to(tongue));
    text += &table.to_text(tongue);
    if table.lines.is_empty() {
        text += &format!("{}\n", Text::word("there were no calls").to(tongue));
    }
    if args.explain {
        text += &explained(&figures, &aims, tongue);
    }
    Ok(text)
}

/// Figures that only `--callers` has.
const OF_CALLERS: [Figure; 5] = [
    Figure::ServiceLevelWithCallbacks,
    Figure::FirstCallResolution,
    Figure::MissedCalledBack,
    Figure::MissedCalledAgain,
    Figure::MissedOwed,
];

fn head(period: Period, before: Option<Period>) -> Text {
    match before {
        None => say!("from {} to {}", period.first, period.last),
        Some(before) => {
            say!("from {} to {}; before: from {} to {}", period.first, period.last, before.first, before.last)
        }
    }
}

/// What became of callers; of each record only what that asks for is kept.
fn of_callers(
    reader: &mut Reader,
    (from, until): (Wall, Wall),
    now: Wall,
    aims: &Aims,
) -> Result<Callers, StoreError> {
    let mut records = Vec::new();
    reader.records((from, now), |mut call| {
        call.outcome = Some(outcome::known(&call));
        call.called_raw = Default::default();
        (call.path, call.steps, call.legs, call.tags) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        records.push(call);
    })?;
    Ok(callers::of(&records, Span { from, until, now }, aims))
}

fn lines(
    reports: &[Report],
    periods: [Option<Period>; 2],
    by: By,
    figures: &[Figure],
    zone: &str,
    tongue: Tongue,
) -> Table {
    let values = |tally: &Tally| figures.iter().map(|figure| figure.value(tally)).collect::<Vec<_>>();
    let nothing = Tally::default();
    let of = |report: Option<&Report>, group: Option<&Group>| {
        let tally = report.zip(group).and_then(|(report, group)| report.lines.get(group));
        tally.unwrap_or(&nothing).clone()
    };
    let (now, before) = (reports.first(), reports.get(1));
    let mut lines = Vec::new();
    for (label, group, other) in groups(reports, periods, by, zone, tongue) {
        let (tally, earlier) = (of(now, Some(&group)), of(before, other.as_ref()));
        if tally != nothing || earlier != nothing {
            lines.push(Line { label, now: values(&tally), before: before.map(|_| values(&earlier)) });
        }
    }
    let total =
        now.filter(|_| lines.len() != 1 || figures.contains(&Figure::MissedOwed)).map(|report| Line {
            label: Text::word("total").to(tongue),
            now: values(&report.total),
            before: before.map(|before| values(&before.total)),
        });
    let column = |figure: &Figure| Column { id: figure.id(), name: figure.name().clone() };
    Table { about: Text::raw(""), columns: figures.iter().map(column).collect(), lines, total }
}

/// Lines with their labels: the group of a period and that of the one before which it is compared with, which for stretches of time is
/// the one in the same place.
fn groups(
    reports: &[Report],
    [period, before]: [Option<Period>; 2],
    by: By,
    zone: &str,
    tongue: Tongue,
) -> Vec<(String, Group, Option<Group>)> {
    let By::Time(width) = by else {
        let mut names: Vec<&Group> = reports.iter().flat_map(|report| report.lines.keys()).collect();
        names.sort();
        names.dedup();
        let named = |group: &Group| match group {
            Group::Name(name) => name.clone(),
            Group::Time(ms) => ms.to_string(),
        };
        return names.into_iter().map(|group| (named(group), group.clone(), Some(group.clone()))).collect();
    };
    let stretches = |period: Option<Period>| {
        let (from, until) = period.map_or((Wall::default(), Wall::default()), |period| period.moments(zone));
        width.over(from, until, zone)
    };
    let mut earlier = stretches(before);
    stretches(period)
        .map(|stretch| {
            let other = earlier.next().map(|other| Group::Time(other.id()));
            (stretch.label(zone, tongue), Group::Time(stretch.id()), other)
        })
        .collect()
}

fn blocks(reader: &mut Reader, span: (Wall, Wall)) -> Result<Table, StoreError> {
    let columns = [
        ("entered", Text::word("entered")),
        ("key", Text::word("left by a key")),
        ("silence", Text::word("left by silence")),
        ("wrong-key", Text::word("left by wrong keys")),
        ("hung-up", Text::word("call ended there")),
        ("mean-time", Text::word("mean time")),
    ];
    let line = |sum: store::BlockSum| {
        let counts = sum.counts.iter().map(|count| Some(Value::count(*count)));
        let mean = Value::ratio(Unit::Seconds, sum.ms, sum.counts[0]);
        Line { label: sum.block, now: counts.chain([mean]).collect(), before: None }
    };
    Ok(Table {
        about: Text::raw(""),
        columns: columns.into_iter().map(|(id, name)| Column { id, name }).collect(),
        lines: reader.blocks(span)?.into_iter().map(line).collect(),
        total: None,
    })
}

/// Name and formula of each figure, and the queues that have thresholds of their own.
fn explained(figures: &[Figure], aims: &Aims, tongue: Tongue) -> String {
    let mut text = String::from("\n");
    for figure in figures {
        let usual = figure.formula(&aims.usual).to(tongue);
        text += &format!("{}\n", say!("{} = {}", figure.name(), usual).to(tongue));
        for (queue, own) in &aims.queues {
            let formula = figure.formula(own).to(tongue);
            if formula != usual {
                text += &format!("  {}\n", say!("in `{}`: {}", queue, formula).to(tongue));
            }
        }
    }
    text
}

fn recount(args: &RecountArgs, now: Wall) -> ExitCode {
    let place = args.at.place();
    match store::recount(&place, now) {
        Ok(()) => {
            outln!("{}", Text::word("all sums are counted anew").to(tongue(None)));
            ExitCode::SUCCESS
        }
        Err(why) => refuse(&place, &why),
    }
}

fn recost(args: &RecostArgs, now: Wall) -> ExitCode {
    let (tongue, place) = (tongue(None), args.at.place());
    let shared = match load::shared(&SiteSource::new(asked::site(args.site.clone()))) {
        Ok(shared) => shared,
        Err(error) => {
            terminal::err(&error.render(false, tongue));
            return ExitCode::FAILURE;
        }
    };
    let from = match Period::read(Some(&args.from), None, date(now, &shared.zone)) {
        Ok(period) => period.moments(&shared.zone).0,
        Err(why) => return wrong(&why, tongue),
    };
    match store::recost(&place, &shared.tariffs, from, now) {
        Ok(calls) => {
            outln!("{}", say!("{} calls cost something else now", calls).to(tongue));
            ExitCode::SUCCESS
        }
        Err(why) => refuse(&place, &why),
    }
}
